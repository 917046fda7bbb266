# SPDX-License-Identifier: Apache-2.0
"""huggingface_hub with hf_xet, one generation of many: what it publishes over Xet, and what it gets of what the others
published. CLIENT_PHASE says which of the two; CLIENT_SHARED_FOLDER holds what every member has published."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import huggingface_hub
from huggingface_hub import HfApi, HfFileSystem, hf_hub_download

from checks import run_checks, same, true
from contents import digest, edited, random_bytes

LARGE_BYTES = 200_000_000
MEDIUM_BYTES = 12_000_000
SMALL_BYTES = 40_000
FILES_AT_ONCE = 8
HUB_ID = f"xet/{''.join(c if c.isalnum() else '-' for c in os.environ['CLIENT_MEMBER'])}"
PUBLISHED = Path(os.environ["CLIENT_SHARED_FOLDER"]) / "published.jsonl"


class Publishing:
    def __init__(self):
        self.api = HfApi()
        self.content = {
            "small.bin": random_bytes(SMALL_BYTES, HUB_ID),
            "medium.bin": random_bytes(MEDIUM_BYTES, HUB_ID + " medium"),
            "large.bin": random_bytes(LARGE_BYTES, HUB_ID + " large"),
            "empty.bin": b"",
        }
        self.revisions: dict[str, dict[str, str]] = {}  # commit -> path -> digest

    def upload(self, path: str, content: bytes) -> None:
        self.content[path] = content
        self.api.upload_file(path_or_fileobj=write(content), path_in_repo=path, repo_id=HUB_ID)

    def remember(self) -> None:
        commit = self.api.model_info(HUB_ID).sha
        self.revisions[commit] = {path: digest(content) for path, content in self.content.items()}

    def check(self, path: str) -> None:
        same(digest(fetch(HUB_ID, path)), digest(self.content[path]), path)


def write(content: bytes) -> str:
    """A file: bytes and open files are sent over plain HTTP by older versions."""
    handle, name = tempfile.mkstemp(dir=os.environ["CLIENT_WORK_FOLDER"])
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    return name


def fetch(repo_id: str, path: str, revision: str | None = None) -> bytes:
    with tempfile.TemporaryDirectory(dir=os.environ["CLIENT_WORK_FOLDER"]) as cache:
        return Path(hf_hub_download(repo_id, path, revision=revision, cache_dir=cache)).read_bytes()


def xet_hash(path: str) -> str | None:
    request = urllib.request.Request(
        f"{os.environ['HF_ENDPOINT']}/{HUB_ID}/resolve/main/{path}", method="HEAD",
        headers={"Authorization": f"Bearer {os.environ['HF_TOKEN']}"})
    with urllib.request.urlopen(request) as answer:
        return answer.headers.get("X-Xet-Hash")


def upload_folder(state: Publishing) -> None:
    state.api.create_repo(HUB_ID)
    with tempfile.TemporaryDirectory(dir=os.environ["CLIENT_WORK_FOLDER"]) as folder:
        for path, content in state.content.items():
            (Path(folder) / path).write_bytes(content)
        state.api.upload_folder(repo_id=HUB_ID, folder_path=folder)
    state.remember()


def went_over_xet(_: Publishing) -> None:
    """The client keeps a record of every xorb that it has uploaded."""
    true(list(Path(os.environ["HF_HOME"]).rglob("*.mdb")), "no shard in the client's cache: the upload was plain")


def names_xet_hash(_: Publishing) -> None:
    for path in ("medium.bin", "large.bin"):
        same(len(xet_hash(path) or ""), 64, f"length of the Xet hash of {path}")


def download_whole(state: Publishing) -> None:
    for path in state.content:
        state.check(path)


def upload_edited(state: Publishing) -> None:
    for path in ("medium.bin", "large.bin"):
        state.upload(path, edited(state.content[path], HUB_ID))
        state.check(path)
    state.remember()


def upload_from_elsewhere(state: Publishing) -> None:
    """A client that remembers nothing asks the server which chunks it has."""
    shutil.rmtree(Path(os.environ["HF_HOME"]) / "xet", ignore_errors=True)
    state.upload("medium again.bin", edited(state.content["medium.bin"], HUB_ID + " again"))
    state.check("medium again.bin")


def read_ranges(state: Publishing) -> None:
    content = state.content["medium.bin"]
    with HfFileSystem().open(f"{HUB_ID}/medium.bin", "rb", block_size=1 << 20) as file:
        for start, size in ((0, 1), (65_535, 3), (MEDIUM_BYTES // 2, 300_000), (len(content) - 10, 10)):
            file.seek(start)
            same(file.read(size), content[start:start + size], f"bytes {start} to {start + size}")


def eight_at_once(state: Publishing) -> None:
    names = [f"at-once/{number}.bin" for number in range(FILES_AT_ONCE)]
    with tempfile.TemporaryDirectory(dir=os.environ["CLIENT_WORK_FOLDER"]) as folder:
        (Path(folder) / "at-once").mkdir()
        for name in names:
            state.content[name] = random_bytes(MEDIUM_BYTES // 2, HUB_ID + name)
            (Path(folder) / name).write_bytes(state.content[name])
        state.api.upload_folder(repo_id=HUB_ID, folder_path=folder)
    with ThreadPoolExecutor(FILES_AT_ONCE) as pool:
        list(pool.map(state.check, names))
    state.remember()


def tell_the_others(state: Publishing) -> None:
    true(len(state.revisions) == 3, "not everything was published")
    with PUBLISHED.open("a", encoding="utf-8") as lines:
        for commit, files in state.revisions.items():
            lines.write(json.dumps({"repo": HUB_ID, "commit": commit, "files": files}) + "\n")


PUBLISH = [upload_folder, went_over_xet, names_xet_hash, download_whole, upload_edited, upload_from_elsewhere, read_ranges,
           eight_at_once, tell_the_others]


def fetch_check(publication: dict):
    """Everything of one revision but the large file, which its own client has fetched."""

    def check(_):
        for path, expected in publication["files"].items():
            if path != "large.bin":
                same(digest(fetch(publication["repo"], path, publication["commit"])), expected, path)

    check.__name__ = f"{publication['repo']} at {publication['commit'][:7]}"
    return check


def run_without_xet() -> int:
    """The same in a process of its own: the variable is read once, at import."""
    return subprocess.run([sys.executable, __file__], env=os.environ | {"HF_HUB_DISABLE_XET": "1"}, check=False).returncode


def main() -> int:
    if os.environ["CLIENT_PHASE"] == "publish":
        return 0 if run_checks(PUBLISH, Publishing()) else 1
    publications = [json.loads(line) for line in PUBLISHED.read_text(encoding="utf-8").splitlines()]
    plain = os.environ.get("HF_HUB_DISABLE_XET") == "1"
    passed = run_checks([fetch_check(publication) for publication in publications], None, "plain" if plain else "Xet")
    if not plain:
        passed = run_without_xet() == 0 and passed
    return 0 if passed else 1


if __name__ == "__main__":
    print(huggingface_hub.__version__)
    sys.exit(main())
