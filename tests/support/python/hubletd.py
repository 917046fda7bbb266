# SPDX-License-Identifier: Apache-2.0
"""`hubletd serve` in a data folder of its own, from its first start to a clean end."""

import json
import re
import signal
import subprocess
import time
from pathlib import Path

START_TIMEOUT_SECONDS = 30
STOP_TIMEOUT_SECONDS = 15
COMMAND_TIMEOUT_SECONDS = 300
POLL_SECONDS = 0.05
# What a server that serves well-behaved clients never has a reason to say.
SUSPICIOUS = re.compile(r"corrupt|assert|fatal|critical|panic|inconsisten|leak|sanitizer|runtime error|database is locked"
                        r"|cannot roll|internal error|QSqlDatabasePrivate|QObject::|QSocketNotifier", re.IGNORECASE)


class ServerProblem(Exception):
    pass


class Server:
    """The first start in a folder makes the administrator, whose token the clients use; later ones keep the data."""

    def __init__(self, program: Path, folder: Path):
        self.program = program
        self.folder = folder
        self.data = folder / "data"
        self.output = folder / "hubletd.out"
        self.errors = folder / "hubletd.err"

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(self, failure, *_) -> None:
        self.kill() if failure else self.stop()

    def start(self) -> None:
        is_first = not self.data.exists()
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.output.open("wb") as output, self.errors.open("wb") as errors:
            self.process = subprocess.Popen(
                [self.program, "--data", self.data, "serve", "--port", "0", "--address", "127.0.0.1"],
                stdin=subprocess.DEVNULL, stdout=output, stderr=errors,
            )
        self.address = self._wait_for(r"Hublet serves at (http://127\.0\.0\.1:\d+)")
        if is_first:
            self.token = self._wait_for(r"^\s*token\s+(hf_\w+)")
            self.user = self._wait_for(r"^\s*user\s+(\S+)")

    def _wait_for(self, pattern: str) -> str:
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while True:
            ended = self.process.poll() is not None
            found = re.search(pattern, self.output.read_text(), re.MULTILINE)
            if found:
                return found.group(1).rstrip("/")
            if ended or time.monotonic() > deadline:
                raise ServerProblem(f"hubletd did not say {pattern!r}\n{self.output.read_text()}{self.errors.read_text()}")
            time.sleep(POLL_SECONDS)

    def stop(self) -> None:
        """Ends it as a service manager would; whatever is wrong with its end or with what it said is raised."""
        died = self.process.poll()
        if died is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_TIMEOUT_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()
                raise ServerProblem(f"hubletd was still running {STOP_TIMEOUT_SECONDS} s after SIGTERM") from None
        said = [line for line in self.errors.read_text(errors="replace").splitlines() if SUSPICIOUS.search(line)]
        problems = []
        if died is not None:
            problems.append(f"hubletd ended by itself with {died}")
        elif self.process.returncode != 0:
            problems.append(f"hubletd ended with {self.process.returncode} after SIGTERM")
        if said:
            problems.append("hubletd said:\n" + "\n".join(said))
        if problems:
            raise ServerProblem("\n".join(problems))

    def command(self, *words: str) -> dict:
        """What `hubletd <words>` answers, beside the running server or without one."""
        result = subprocess.run(
            [self.program, "--data", self.data, "--json", *words], stdin=subprocess.DEVNULL, capture_output=True,
            text=True, timeout=COMMAND_TIMEOUT_SECONDS,
        )
        if result.returncode != 0:
            raise ServerProblem(f"hubletd {words[0]} ended with {result.returncode}\n{result.stdout}{result.stderr}")
        return json.loads(result.stdout)

    def make_writer(self) -> str:
        """The token of a user who may read and write everything, but neither delete nor overwrite releases."""
        self.command("user", "create", "writer")
        self.command("permission", "create", "writing", "--repositories", "ANY", "--users", "writer=READ+WRITE")
        return self.command("token", "create", "writer")["token"]

    def verify(self) -> None:
        """Re-hashes everything that the clients left behind."""
        self.command("verify")

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
