# SPDX-License-Identifier: Apache-2.0
"""What the scripts of packaging/ ask of the system: tools that only note how they were called stand in for the real ones.

    scripts.py <packaging>"""

import os
import pwd
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PACKAGING = Path(sys.argv.pop(1)).resolve()
TIMEOUT_SECONDS = 60
TOOLS = ("c++", "cmake", "ctest", "ninja", "ccache", "pkg-config", "make", "qmake6", "node", "npm", "cargo")
NOTE = """#!/bin/sh
echo "$(basename "$0") PKG_CONFIG_PATH=$PKG_CONFIG_PATH $*" >>"$NOTES"
"""


class Scripts(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="hublet-packaging-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name).resolve()
        self.notes = self.folder / "notes"
        self.notes.touch()
        (self.folder / "bin").mkdir()
        for tool in TOOLS:
            (self.folder / "bin" / tool).write_text(NOTE)
            (self.folder / "bin" / tool).chmod(0o755)
        self.environment = {name: value for name, value in os.environ.items()
                            if name not in ("CI", "HUBLET_DEPS", "PKG_CONFIG_PATH")}
        self.environment |= {"PATH": f"{self.folder}/bin:/usr/bin:/bin", "NOTES": str(self.notes),
                             "HUBLET_OS_RELEASE": str(self.folder / "os-release")}
        (self.folder / "os-release").write_text("ID=unheardof\nVERSION_ID=1\n")

    def run_command(self, *command: str) -> str:
        answer = subprocess.run(command, env=self.environment, cwd=self.folder, capture_output=True, text=True,
                                stdin=subprocess.DEVNULL, timeout=TIMEOUT_SECONDS)
        self.assertEqual(answer.returncode, 0, answer.stdout + answer.stderr)
        return answer.stdout

    def run_script(self, script: str) -> str:
        """A bash script that may use what the libraries of packaging/ define."""
        libraries = "".join(f"source {PACKAGING}/lib/{name}.sh\n" for name in ("common", "apt", "packages", "setup"))
        return self.run_command("bash", "-euo", "pipefail", "-c", libraries + script)

    def calls(self, tool: str) -> list[str]:
        return [line for line in self.notes.read_text().splitlines() if line.startswith(f"{tool} ")]

    def test_only_the_first_preset_must_have_tests_to_run(self):
        self.run_command(str(PACKAGING / "test"), "--long", "-L", "long")
        wanted = {call.split("--preset ")[1].split()[0]: "--no-tests=error" in call for call in self.calls("ctest")}
        self.assertEqual(wanted, {"dev": True, "asan": False, "tsan": False})

    def test_own_libraries_are_found_on_a_system_it_does_not_know(self):
        self.environment |= {"HUBLET_DEPS": "/opt/deps", "PKG_CONFIG_PATH": "/opt/more"}
        self.run_script("install_needs")
        self.assertIn("PKG_CONFIG_PATH=/opt/deps/lib/pkgconfig:/opt/more --exists libblake3", "\n".join(self.calls("pkg-config")))

    def test_a_relative_prefix_is_where_it_was_named(self):
        self.environment["HUBLET_DEPS"] = "deps"
        self.run_script("build_preset dev")
        self.assertIn(f"-DHUBLET_DEPS={self.folder}/deps ", self.calls("cmake")[0] + " ")

    def test_needs_no_home(self):
        self.environment.pop("HOME", None)
        home = pwd.getpwuid(os.getuid()).pw_dir
        self.assertEqual(self.run_script('echo "$HUBLET_DEPS"').strip(), f"{home}/.cache/hublet/deps")

    def install_beside(self, units: str) -> list[str]:
        """What is disabled when nginx and PostgreSQL come to a system that has these units."""
        return self.run_script(f"""
            units=({units})
            has_systemd() {{ true; }}
            as_root() {{ "$@"; }}
            dpkg-query() {{ true; }}
            refresh_package_lists() {{ true; }}
            is_offered() {{ true; }}
            install_without_starting() {{ units=(nginx.service postgresql.service); }}
            systemctl() {{
                case $* in
                    *disable*) echo "${{@: -1}}" ;;
                    list-unit-files*) [[ " ${{units[*]}} " != *" ${{@: -1}} "* ]] || echo "${{@: -1}} enabled" ;;
                esac
            }}
            install_packages nginx postgresql
        """).split()

    def test_servers_that_come_with_packages_are_not_enabled(self):
        self.assertEqual(self.install_beside(""), ["nginx", "postgresql"])

    def test_servers_of_the_user_stay_as_they_are(self):
        self.assertEqual(self.install_beside("postgresql.service"), ["nginx"])
        self.assertEqual(self.install_beside("nginx.service postgresql.service"), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
