# SPDX-License-Identifier: Apache-2.0
"""How each kind of client is installed: made once, kept while its pins stay the same, and locked while it is made."""

import contextlib
import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

CLIENTS_FOLDER = Path(__file__).resolve().parent.parent
MAKE_TIMEOUT_SECONDS = 1500
LOG_TAIL_LINES = 25
RUST_PACKAGES_TO_NAME = ("hf-hub", "hf-xet", "reqwest", "ureq")


class CannotMake(Exception):
    """The environment cannot be had on this machine; the text says why."""


@dataclass(frozen=True)
class Prepared:
    """An environment ready to run: the words before the script, and the exact versions in it."""

    command: list[str]
    versions: dict[str, str]
    variables: dict[str, str] = field(default_factory=dict)
    scripts: Path = CLIENTS_FOLDER  # the folder that scripts are relative to


def digest_of(files: list[Path], *words: str) -> str:
    digest = hashlib.sha256("\0".join(words).encode())
    for file in sorted(files):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def run_logged(command: list[str], log: Path, **options) -> None:
    """Runs an installing command; its output goes to `log`, whose end becomes the error."""
    with log.open("ab") as output:
        output.write((" ".join(command) + "\n").encode())
        output.flush()
        try:
            subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=True,
                timeout=MAKE_TIMEOUT_SECONDS, **options,
            )
        except (OSError, subprocess.SubprocessError) as error:
            tail = "\n".join(log.read_text(errors="replace").splitlines()[-LOG_TAIL_LINES:])
            raise CannotMake(f"{error}\n{tail}") from error


@contextlib.contextmanager
def locked(path: Path):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


class Environment:
    """A folder `<root>/<name>` with a stamp of what it was made from. Two processes never make it at once."""

    def __init__(self, name: str):
        self.name = name

    def prepare(self, root: Path) -> Prepared:
        folder = root / self.name
        stamp = folder / ".made-from"
        with locked(root / f"{self.name}.lock"):
            wanted = self.fingerprint()
            if not stamp.exists() or stamp.read_text() != wanted:
                stamp.unlink(missing_ok=True)
                self.clear(folder)
                folder.mkdir(parents=True, exist_ok=True)
                log = root / f"{self.name}.log"
                log.unlink(missing_ok=True)
                self.make(folder, log)
                stamp.write_text(wanted)
        return self.describe(folder)

    def clear(self, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)

    def fingerprint(self) -> str:
        raise NotImplementedError

    def make(self, folder: Path, log: Path) -> None:
        raise NotImplementedError

    def describe(self, folder: Path) -> Prepared:
        raise NotImplementedError


class Python(Environment):
    """A virtual environment from environments/<name>.txt, which pins every package with ==."""

    def __init__(self, name: str):
        super().__init__(name)
        self.pins = CLIENTS_FOLDER / "environments" / f"{name}.txt"

    def fingerprint(self) -> str:
        return digest_of([self.pins], f"{sys.version_info.major}.{sys.version_info.minor}")

    def make(self, folder: Path, log: Path) -> None:
        run_logged([sys.executable, "-m", "venv", str(folder)], log)
        run_logged(
            [str(folder / "bin/python"), "-m", "pip", "install", "--disable-pip-version-check", "--no-deps",
             "--only-binary", ":all:", "--requirement", str(self.pins)],
            log,
        )

    def describe(self, folder: Path) -> Prepared:
        lines = (line.split("#")[0].strip() for line in self.pins.read_text().splitlines())
        versions = dict(line.split("==") for line in lines if line)
        path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
        return Prepared([str(folder / "bin/python")], versions, {"PATH": path})


class Node(Environment):
    """node_modules beside a copy of <source>/package.json and its lock, so that imports resolve from the copy."""

    def __init__(self, name: str, source: str):
        super().__init__(name)
        self.source = CLIENTS_FOLDER / source

    def fingerprint(self) -> str:
        return digest_of(list(self.source.iterdir()), self._node_version())

    def make(self, folder: Path, log: Path) -> None:
        for file in self.source.iterdir():
            shutil.copy(file, folder)
        run_logged(["npm", "ci", "--no-audit", "--no-fund"], log, cwd=folder)

    def describe(self, folder: Path) -> Prepared:
        lock = json.loads((folder / "package-lock.json").read_text())
        packages = {name.removeprefix("node_modules/"): entry["version"]
                    for name, entry in lock["packages"].items() if name}
        return Prepared(["node"], {"node": self._node_version(), **packages}, scripts=folder)

    @staticmethod
    def _node_version() -> str:
        return tool_version(["node", "--version"])


class Rust(Environment):
    """A workspace of ours whose programs use the client crates. One environment serves all of its programs."""

    def __init__(self, name: str, source: str, program: str):
        super().__init__(name)
        self.source = CLIENTS_FOLDER / source
        self.program = program

    def fingerprint(self) -> str:
        sources = [file for file in self.source.rglob("*") if file.suffix in (".rs", ".toml")]
        return digest_of(sources, tool_version(["cargo", "--version"]))

    def clear(self, folder: Path) -> None:
        """Keeps the target folder: cargo builds again only what has changed, and the client crates take minutes."""
        shutil.rmtree(folder / "workspace", ignore_errors=True)

    def make(self, folder: Path, log: Path) -> None:
        shutil.copytree(self.source, folder / "workspace")
        variables = {**os.environ, "CARGO_TARGET_DIR": str(folder / "target")}
        run_logged(["cargo", "build"], log, cwd=folder / "workspace", env=variables)

    def describe(self, folder: Path) -> Prepared:
        tree = subprocess.run(
            ["cargo", "tree", "--offline", "--prefix", "none", "--edges", "normal", "--package", self.program],
            cwd=folder / "workspace", stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True,
        ).stdout
        versions = {"rustc": tool_version(["rustc", "--version"])}
        for line in tree.splitlines():
            name, version, *_ = line.split()
            if name in RUST_PACKAGES_TO_NAME:
                versions[name] = version.removeprefix("v")
        return Prepared([sys.executable], versions, {"CLIENT_PROGRAM": str(folder / "target/debug" / self.program)})


class SystemTools(Environment):
    """Programs that the distribution has; the checks drive them from Python's standard library."""

    def __init__(self, name: str, tools: list[str]):
        super().__init__(name)
        self.tools = tools

    def prepare(self, root: Path) -> Prepared:
        missing = [tool for tool in self.tools if not shutil.which(tool)]
        if missing:
            raise CannotMake(f"not installed: {', '.join(missing)}")
        return Prepared([sys.executable], {tool: tool_version([tool, "--version"]) for tool in self.tools})


def tool_version(command: list[str]) -> str:
    """The first number with a dot in what the tool says of itself."""
    try:
        output = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise CannotMake(f"{command[0]} does not run: {error}") from error
    found = re.search(r"\d+(\.\d+)+", output)
    return found.group() if found else output.strip()
