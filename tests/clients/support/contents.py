# SPDX-License-Identifier: Apache-2.0
"""Folders of files to publish, and the comparison of a folder with what it should hold, byte for byte.

Files are a dictionary from path to content. Random content depends on the seed alone.
"""

import hashlib
import os
import random
from pathlib import Path

LARGE_BINARY_BYTES = 50_000_000
LARGE_TEXT_BYTES = 12_000_000
EDIT_BYTES = 1000

# Names that break one decoding too many or too few, a normalisation, or a shell (hub-api 15).
AWKWARD_NAMES = [
    "with space.txt",
    "deep/er/and deeper/still/a file.json",
    "to?.txt",
    "tags#1/number #2.txt",
    "100% sure.txt",
    "already%20encoded%2F.txt",
    "a+b=c&d.txt",
    "it's.txt",
    "quoted \"twice\".txt",
    "semi;colon,comma.txt",
    "trailing dots...",
    "[brackets] {braces}.txt",
    "tilde~ at@ dollar$ star* pipe|.txt",
    "<angle>:colon.txt",
    "caf\u00e9 composed.txt",
    "cafe\u0301 decomposed.txt",
    "\u65e5\u672c\u8a9e/\u6a21\u578b.txt",
    "emoji \U0001f917.txt",
    "UPPER.TXT",
    "upper.txt",
    ".hidden",
    "resolve/main/confusing.txt",
    "refs/pr/1/confusing.txt",
]


def random_bytes(size: int, seed: str) -> bytes:
    return random.Random(seed).randbytes(size)


def text_bytes(size: int, seed: str) -> bytes:
    words = random.Random(seed).choices("ein Wort nach dem anderen, bis die Datei voll ist\n".split(" "), k=1000)
    paragraph = (" ".join(words) + "\n").encode()
    return (paragraph * (size // len(paragraph) + 1))[:size]


def card(title: str) -> bytes:
    return f"---\nlicense: apache-2.0\ntags:\n- matrix\nlanguage: en\n---\n\n# {title}\n".encode()


def full_folder(seed: str) -> dict[str, bytes]:
    files = {name: f"content of {name} for {seed}\n".encode() for name in AWKWARD_NAMES}
    files |= {
        "README.md": card(seed),
        "empty.txt": b"",
        "nested/empty.bin": b"",
        "config.json": b'{"hidden_size": 4}\n',
        "crlf.txt": b"one\r\ntwo\r\n",
        "small.bin": random_bytes(1000, seed + " small"),
        "weights/large.bin": random_bytes(LARGE_BINARY_BYTES, seed + " large"),
        "data/large.txt": text_bytes(LARGE_TEXT_BYTES, seed),
        "data/part-1.txt": b"part one\n",
        "data/part-2.txt": b"part two\n",
        "twins/one.bin": random_bytes(200_000, seed + " twin"),
        "twins/two.bin": random_bytes(200_000, seed + " twin"),
    }
    return files


def write_folder(folder: Path, files: dict[str, bytes]) -> Path:
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return folder


def read_folder(folder: Path, ignored: tuple[str, ...] = (".cache",)) -> dict[str, bytes]:
    files = {}
    for base, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in ignored]
        for name in names:
            path = Path(base, name)
            files[path.relative_to(folder).as_posix()] = path.read_bytes()
    return files


def compare(actual: dict[str, bytes], expected: dict[str, bytes]) -> None:
    """Raises with the paths that are missing, unexpected or different, and the hashes of what differs."""
    problems = [f"missing {path!r}" for path in expected.keys() - actual.keys()]
    problems += [f"unexpected {path!r}" for path in actual.keys() - expected.keys()]
    for path in expected.keys() & actual.keys():
        if actual[path] != expected[path]:
            problems.append(f"{path!r}: {describe(actual[path])} instead of {describe(expected[path])}")
    if problems:
        raise AssertionError("\n".join(sorted(problems)))


def describe(content: bytes) -> str:
    return f"{len(content)} bytes, sha256 {hashlib.sha256(content).hexdigest()[:16]}"


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def edited(content: bytes, seed: str) -> bytes:
    """A piece inserted near the front, one overwritten in the middle, one cut out near the end."""
    quarter = len(content) // 4
    return (content[:quarter] + random_bytes(EDIT_BYTES, seed + " inserted")
            + content[quarter:2 * quarter] + random_bytes(EDIT_BYTES, seed + " overwritten")
            + content[2 * quarter + EDIT_BYTES:3 * quarter] + content[3 * quarter + EDIT_BYTES:])
