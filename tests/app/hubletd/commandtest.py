# SPDX-License-Identifier: Apache-2.0
"""What the tests of `hubletd` share: a server of their own, and commands given to it.

    <tests>.py <hubletd> alone|beside

`alone`: each command opens the data folder itself. `beside`: a server holds the folder and does the work."""

import base64
import json
import resource
import subprocess
import sys
import tempfile
import unittest
import urllib.error
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "support" / "python"))
from hubletd import Server  # noqa: E402

PROGRAM = Path(sys.argv[1])
BESIDE = sys.argv[2] == "beside"
TIMEOUT_SECONDS = 60
WEIGHTS = b"w" * 1000
FEW_FILES = 256
DONE, FAILED, USAGE, NOT_FOUND, EXISTS, DAMAGED, BUSY, REFUSED = range(8)


def publish(server: Server, repository: str, package: str, path: str, content: bytes) -> None:
    """One commit with one inline file, as the Hub's clients send it."""
    lines = [
        {"key": "header", "value": {"summary": "from a test"}},
        {"key": "file", "value": {"path": path, "content": base64.b64encode(content).decode(), "encoding": "base64"}},
    ]
    request = urllib.request.Request(
        f"{server.address}/artifactory/api/huggingfaceml/{repository}/api/models/{package}/commit/main",
        data="\n".join(json.dumps(line) for line in lines).encode(),
        headers={"Authorization": f"Bearer {server.token}", "Content-Type": "application/x-ndjson"},
    )
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
        assert answer.status == 200


class CommandTest(unittest.TestCase):
    """Each test has a server with one package, which serves, or has served, from its data folder."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="hubletd-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.server = Server(PROGRAM, self.folder)
        # Few open files at first, so that it shows whether the server asks for more.
        resource.setrlimit(resource.RLIMIT_NOFILE, (FEW_FILES, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
        self.server.start()
        self.addCleanup(self.server.kill)
        publish(self.server, "hf-local", "acme/tiny", "weights.bin", WEIGHTS)
        if not BESIDE:
            self.server.stop()

    def run_command(self, *words, expect=DONE, data=None, typed=""):
        result = subprocess.run(
            [PROGRAM, "--data", self.server.data if data is None else data, *words], input=typed, capture_output=True, text=True,
            timeout=TIMEOUT_SECONDS, cwd=self.folder)
        self.assertEqual(result.returncode, expect, f"{words}: {result.stdout}{result.stderr}")
        return result

    def json_of(self, *words, **options):
        return json.loads(self.run_command("--json", *words, **options).stdout)

    def status_with(self, token):
        request = urllib.request.Request(f"{self.server.address}/api/whoami-v2", headers={"Authorization": f"Bearer {token}"})
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
                return answer.status
        except urllib.error.HTTPError as refusal:
            return refusal.code


def main() -> None:
    unittest.main(argv=sys.argv[:1], verbosity=2)
