# SPDX-License-Identifier: Apache-2.0
"""What the checks of one repository type share, and the few differences between versions of huggingface_hub."""

import importlib
import os
import shutil
import tempfile
from pathlib import Path

import huggingface_hub
from huggingface_hub import HfApi

from checks import NotOffered
from contents import compare, full_folder, read_folder

VERSION = tuple(int(part) for part in huggingface_hub.__version__.split(".")[:2])

_errors = importlib.import_module("huggingface_hub.errors" if VERSION >= (0, 24) else "huggingface_hub.utils")
HfHubHTTPError = _errors.HfHubHTTPError
RepositoryNotFoundError = _errors.RepositoryNotFoundError
RevisionNotFoundError = _errors.RevisionNotFoundError
EntryNotFoundError = _errors.EntryNotFoundError


def http_errors() -> tuple[type[Exception], ...]:
    """Below 1.0, whoami raises the HTTP library's own error."""
    if VERSION < (1, 0):
        import requests

        return HfHubHTTPError, requests.HTTPError
    return (HfHubHTTPError,)


class Context:
    """One repository and what it should hold. Checks run in order and keep `files` up to date with main."""

    def __init__(self, repo_type: str):
        self.repo_type = repo_type
        self.organisation = os.environ["CLIENT_ORGANISATION"]
        self.user = os.environ["CLIENT_USER"]
        self.repo_id = f"{self.organisation}/first-{repo_type}"
        self.endpoint = os.environ["HF_ENDPOINT"]
        self.token = os.environ["HF_TOKEN"]
        self.work = Path(tempfile.mkdtemp(dir=os.environ["CLIENT_WORK_FOLDER"], prefix=repo_type))
        self.api = HfApi()
        self.repo = {"repo_id": self.repo_id, "repo_type": repo_type}
        self.seed = self.repo_id
        self.files = full_folder(self.seed)
        self.expected: dict[str, bytes] = {}  # what main holds, .gitattributes included
        self.first_files: dict[str, bytes] = {}  # what main held at first_commit
        self.first_commit = ""

    def offered(self, name: str):
        """The method of HfApi, or NotOffered where this version has none."""
        method = getattr(self.api, name, None)
        if method is None:
            raise NotOffered(f"HfApi.{name}")
        return method

    def named(self, name: str) -> dict[str, str]:
        """Arguments that name another repository of the same type."""
        return {"repo_id": f"{self.organisation}/{name}-{self.repo_type}", "repo_type": self.repo_type}

    def head(self, revision: str | None = None, **repo) -> str:
        return self.api.repo_info(revision=revision, **(repo or self.repo)).sha

    def snapshot(self, revision: str | None = None, repo: dict | None = None, **options) -> dict[str, bytes]:
        """The files of a revision through an empty cache, so that every byte crosses the wire."""
        cache = tempfile.mkdtemp(dir=self.work, prefix="cache")
        try:
            folder = huggingface_hub.snapshot_download(
                revision=revision, cache_dir=cache, **(repo or self.repo), **options
            )
            return read_folder(Path(folder))
        finally:
            shutil.rmtree(cache, ignore_errors=True)

    def download(self, path: str, revision: str | None = None, repo: dict | None = None, **options) -> bytes:
        cache = tempfile.mkdtemp(dir=self.work, prefix="cache")
        try:
            file = huggingface_hub.hf_hub_download(
                filename=path, revision=revision, cache_dir=cache, **(repo or self.repo), **options
            )
            return Path(file).read_bytes()
        finally:
            shutil.rmtree(cache, ignore_errors=True)

    def compare_main(self) -> None:
        compare(self.snapshot("main"), self.expected)
