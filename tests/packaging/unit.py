# SPDX-License-Identifier: Apache-2.0
"""The systemd unit as `cmake --install` leaves it, wherever that installs to.

    unit.py <cmake> <build folder> <hubletd>"""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

CMAKE, BUILD, PROGRAM = sys.argv[1:4]
del sys.argv[1:]
TIMEOUT_SECONDS = 60
UNIT = Path("share/systemd/user/hubletd.service")  # below a prefix: where systemd looks for user units


class Unit(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="hublet-install-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def install(self, prefix: Path, **variables: str) -> None:
        subprocess.run([CMAKE, "--install", BUILD, "--prefix", prefix, "--component", "unit"], check=True,
                       env=os.environ | variables, cwd=self.folder, capture_output=True, timeout=TIMEOUT_SECONDS)

    def files(self) -> list[Path]:
        return sorted(file for file in self.folder.rglob("*") if file.is_file())

    def test_starts_what_was_installed_beside_it(self):
        for name in ("plain", "with blank and 100%"):
            prefix = self.folder / name
            self.install(prefix)
            escaped = str(prefix).replace("%", "%%")
            unit = (prefix / UNIT).read_text()
            self.assertIn(f'\nExecStart="{escaped}/bin/hubletd" serve\n', unit)
            self.assertNotIn("@", unit)

    def test_takes_a_relative_prefix(self):
        self.install(Path("here"))
        self.assertIn(f'\nExecStart="{self.folder.resolve()}/here/bin/hubletd" serve\n', (self.folder / "here" / UNIT).read_text())

    def test_a_staged_tree_names_where_it_will_be(self):
        self.install(Path("/opt/hublet"), DESTDIR=str(self.folder / "stage"))
        staged = self.folder / "stage" / "opt/hublet" / UNIT
        self.assertEqual(self.files(), [staged])
        self.assertIn('\nExecStart="/opt/hublet/bin/hubletd" serve\n', staged.read_text())

    @unittest.skipUnless(shutil.which("systemd-analyze"), "there is no systemd here")
    def test_systemd_understands_it(self):
        for name in ("plain", "with blank and 100%"):
            prefix = self.folder / name
            self.install(prefix)
            (prefix / "bin").mkdir()
            (prefix / "bin" / "hubletd").symlink_to(PROGRAM)
            answer = subprocess.run(["systemd-analyze", "--user", "verify", prefix / UNIT], capture_output=True, text=True,
                                    env=os.environ | {"XDG_RUNTIME_DIR": str(self.folder)}, timeout=TIMEOUT_SECONDS)
            # What else it says is about this machine, which may run no systemd.
            complaints = [line for line in answer.stderr.splitlines() if "hubletd" in line]
            self.assertEqual((complaints, answer.returncode), ([], 0), answer.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
