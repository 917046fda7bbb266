# SPDX-License-Identifier: Apache-2.0
"""The `hf` command line: the life of a model and of a dataset in commands only."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from checks import run_checks, same, true
from contents import compare, full_folder, read_folder, write_folder

COMMAND_TIMEOUT_SECONDS = 120


class Context:
    def __init__(self, repo_type: str):
        self.repo_type = repo_type
        self.repo_id = f"{os.environ['CLIENT_ORGANISATION']}/cli-{repo_type}"
        self.type = ["--type", repo_type]
        self.listing = f"{repo_type}s"
        self.work = Path(tempfile.mkdtemp(dir=os.environ["CLIENT_WORK_FOLDER"]))
        self.files = full_folder(self.repo_id)
        self.expected: dict[str, bytes] = {}

    def download(self, *words: str) -> dict[str, bytes]:
        folder = tempfile.mkdtemp(dir=self.work)
        hf("download", self.repo_id, *self.type, *words, "--local-dir", folder)
        return read_folder(Path(folder))


def hf(*words: object, fails: bool = False, **variables: str) -> str:
    """What the command prints. With `fails`, it must fail, and its errors are returned."""
    result = subprocess.run(["hf", *(str(word) for word in words)], stdin=subprocess.DEVNULL, capture_output=True,
                            text=True, timeout=COMMAND_TIMEOUT_SECONDS, env=os.environ | variables)
    if fails != (result.returncode != 0):
        raise AssertionError(f"hf {words} ended with {result.returncode}\n{result.stdout}{result.stderr}")
    return result.stdout + result.stderr if fails else result.stdout


def whoami(context: Context) -> None:
    same(json.loads(hf("auth", "whoami", "--json"))["user"], os.environ["CLIENT_USER"], "user")
    hf("auth", "whoami", fails=True, HF_TOKEN="hf_" + "x" * 34)


def create(context: Context) -> None:
    hf("repos", "create", context.repo_id, *context.type)
    hf("repos", "create", context.repo_id, *context.type, "--exist-ok")
    true("409" in hf("repos", "create", context.repo_id, *context.type, fails=True), "409 among the errors")
    context.expected |= context.download(".gitattributes")


def upload_folder(context: Context) -> None:
    folder = write_folder(context.work / "folder", context.files)
    hf("upload", context.repo_id, folder, ".", *context.type, "--commit-message", "Publish")
    context.expected |= context.files
    # The server names in it what is LFS for its size alone.
    context.expected |= context.download(".gitattributes")
    compare(context.download(), context.expected)


def upload_single_file(context: Context) -> None:
    file = context.work / "single.txt"
    file.write_bytes(b"a single one\n")
    hf("upload", context.repo_id, file, "some where/single.txt", *context.type)
    context.expected["some where/single.txt"] = b"a single one\n"
    compare(context.download("some where/single.txt"), {"some where/single.txt": b"a single one\n"})


def upload_to_a_new_branch(context: Context) -> None:
    folder = write_folder(context.work / "branch", {"branch.txt": b"only here\n"})
    hf("repos", "branch", "create", context.repo_id, "made", *context.type)
    hf("upload", context.repo_id, folder, ".", *context.type, "--revision", "made")
    compare(context.download("--revision", "made"), context.expected | {"branch.txt": b"only here\n"})
    hf("repos", "branch", "delete", context.repo_id, "made", *context.type)


def tag(context: Context) -> None:
    hf("repos", "tag", "create", context.repo_id, "v1", "-m", "the first", *context.type)
    true("v1" in hf("repos", "tag", "list", context.repo_id, *context.type), "v1 is listed")


def delete_files(context: Context) -> None:
    hf("repos", "delete-files", context.repo_id, "data/*", "to?.txt", *context.type)
    before = dict(context.expected)
    for path in [path for path in context.expected if path.startswith("data/") or path == "to?.txt"]:
        del context.expected[path]
    compare(context.download(), context.expected)
    compare(context.download("--revision", "v1"), before)


def propose_and_merge(context: Context) -> None:
    file = context.work / "proposed.txt"
    file.write_bytes(b"please\n")
    hf("upload", context.repo_id, file, "proposed.txt", *context.type, "--create-pr", "--commit-message", "Propose")
    same(context.download("proposed.txt", "--revision", "refs/pr/1"), {"proposed.txt": b"please\n"}, "proposed file")
    true("Propose" in hf("discussions", "list", context.repo_id, *context.type), "it is listed")
    hf("discussions", "comment", context.repo_id, "1", "--body", "Fine.", *context.type)
    true("+please" in hf("discussions", "diff", context.repo_id, "1", *context.type), "its diff")
    hf("discussions", "merge", context.repo_id, "1", "--yes", *context.type)
    context.expected["proposed.txt"] = b"please\n"
    compare(context.download(), context.expected)


def list_and_show(context: Context) -> None:
    listed = json.loads(hf(context.listing, "ls", "--author", context.repo_id.split("/")[0], "--json"))
    true(any(entry["id"] == context.repo_id for entry in listed), f"{context.repo_id} in {listed}")
    same(json.loads(hf(context.listing, "info", context.repo_id, "--json"))["id"], context.repo_id, "id")
    true("weights" in hf(context.listing, "ls", context.repo_id), "a folder of the repository is listed")


def download_into_the_cache(context: Context) -> None:
    cache = context.work / "cache"
    for _ in range(2):  # the second time everything is there already
        printed = hf("download", context.repo_id, *context.type, "--cache-dir", cache, "--quiet").strip()
        compare(read_folder(Path(printed.splitlines()[-1])), context.expected)


def change_settings_and_move(context: Context) -> None:
    hf("repos", "settings", context.repo_id, "--private", *context.type)
    hf("download", context.repo_id, "config.json", *context.type, fails=True, HF_TOKEN="",
       HF_HUB_DISABLE_IMPLICIT_TOKEN="1", HF_HUB_CACHE=str(context.work / "other-cache"))
    hf("repos", "settings", context.repo_id, "--public", *context.type)
    moved = f"{context.repo_id}-moved"
    hf("repos", "move", context.repo_id, moved, *context.type)
    compare(context.download("config.json"), {"config.json": context.expected["config.json"]})
    context.repo_id = moved


def delete(context: Context) -> None:
    hf("repos", "delete", context.repo_id, *context.type, "--yes")
    hf("download", context.repo_id, *context.type, fails=True)


CHECKS = [whoami, create, upload_folder, upload_single_file, upload_to_a_new_branch, tag, delete_files, propose_and_merge,
          list_and_show, download_into_the_cache, change_settings_and_move, delete]

if __name__ == "__main__":
    outcomes = [run_checks(CHECKS, Context(repo_type), repo_type) for repo_type in ("model", "dataset")]
    sys.exit(0 if all(outcomes) else 1)
