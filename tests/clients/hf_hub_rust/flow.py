# SPDX-License-Identifier: Apache-2.0
"""Publishes a model and a dataset, then lets the Rust program that CLIENT_PROGRAM names check them."""

import os
import subprocess
import sys
from pathlib import Path

from contents import full_folder, write_folder
from publish import call, create_repository, publish, read


def check(repo_type: str) -> int:
    repo_id = f"{os.environ['CLIENT_ORGANISATION']}/rust-{repo_type}"
    create_repository(repo_type, repo_id)
    files = full_folder(repo_id)
    # Two files of the same content: hf-hub 1.0 waits for its own lock when it fetches both over Xet.
    del files["twins/two.bin"]
    commit = publish(repo_type, repo_id, files)
    files[".gitattributes"] = read(repo_type, repo_id, ".gitattributes")
    call("POST", f"{os.environ['HF_ENDPOINT']}/api/{repo_type}s/{repo_id}/discussions",
         b'{"title": "Later", "description": "", "pullRequest": true}')
    folder = write_folder(Path(os.environ["CLIENT_WORK_FOLDER"], repo_type), files)
    return subprocess.run([os.environ["CLIENT_PROGRAM"], repo_type, repo_id, commit, folder]).returncode


if __name__ == "__main__":
    sys.exit(max(abs(check(repo_type)) for repo_type in ("model", "dataset")))
