# SPDX-License-Identifier: Apache-2.0
"""The CAS server that xet-core keeps for its own tests, as yardstick. It is built once, with cargo."""

import socket
import subprocess
import time
from pathlib import Path

from harness.environments import Environment, Prepared, digest_of, run_logged, tool_version

from .casclient import Cas

CRATE = "xet-client"
VERSION = "1.8.0"
PROGRAM = "local_cas_server"
START_TIMEOUT_SECONDS = 20


class Program(Environment):
    """`local_cas_server` of the crate."""

    def __init__(self):
        super().__init__(f"{PROGRAM}-{VERSION}")

    def fingerprint(self) -> str:
        return digest_of([], CRATE, VERSION, tool_version(["cargo", "--version"]))

    def make(self, folder: Path, log: Path) -> None:
        run_logged(["cargo", "install", CRATE, "--version", VERSION, "--features", "simulation", "--bin", PROGRAM,
                    "--root", str(folder)], log)

    def describe(self, folder: Path) -> Prepared:
        return Prepared([str(folder / "bin" / PROGRAM)], {CRATE: VERSION})


class LocalCas:
    """A running one; keeps what it gets in `folder`."""

    def __init__(self, command: list[str], folder: Path):
        folder.mkdir()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.cas = Cas(f"http://127.0.0.1:{port}", "anything")
        with (folder / "output").open("wb") as output:
            self.process = subprocess.Popen([*command, "--data-directory", folder / "data", "--port", str(port)],
                                            stdout=output, stderr=output)
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.05)
        self.process.kill()
        raise RuntimeError(f"{PROGRAM} did not start: " + (folder / "output").read_text())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
