# SPDX-License-Identifier: Apache-2.0
"""hf_xet as a client of any CAS: uploads and downloads in a process of its own that remembers nothing, timed around the call."""

import json
import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from harness.environments import Python

ENVIRONMENT = "huggingface_hub-2.4.0"  # brings hf_xet

CALL = """
import json, sys, time, hf_xet
what, path, endpoint, token, file, size = sys.argv[1:]
access = (token, 1 << 40)
started = time.monotonic()
if what == "upload":
    [info] = hf_xet.upload_files([path], endpoint, access, None, None, "model")
    file = info.hash
else:
    hf_xet.download_files([hf_xet.PyXetDownloadInfo(path, file, int(size))], endpoint, access, None, None)
print(json.dumps({"file": file, "seconds": time.monotonic() - started}))
"""


@dataclass(frozen=True)
class Cas:
    """A server, and what it lets this client in with."""

    address: str
    token: str


class CasClient:
    """Raises harness.environments.CannotMake where hf_xet cannot be installed."""

    def __init__(self, environments: Path):
        self.python = Python(ENVIRONMENT).prepare(environments)

    def upload(self, cas: Cas, path: Path) -> dict:
        """`file` (its Xet hash) and `seconds`."""
        return self._call("upload", path, cas, "", 0)

    def download(self, cas: Cas, file: str, size: int, path: Path) -> float:
        """Seconds until `path` holds the file."""
        path.unlink(missing_ok=True)
        return self._call("download", path, cas, file, size)["seconds"]

    def _call(self, what: str, path: Path, cas: Cas, file: str, size: int) -> dict:
        with tempfile.TemporaryDirectory(prefix="hf-", dir=path.parent) as home:
            output = subprocess.run(
                [*self.python.command, "-c", CALL, what, path, cas.address, cas.token, file, str(size)],
                env={**os.environ, **self.python.variables, "HF_HOME": home}, check=True, stdout=subprocess.PIPE).stdout
        return json.loads(output)
