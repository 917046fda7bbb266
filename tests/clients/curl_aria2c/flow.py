# SPDX-License-Identifier: Apache-2.0
"""curl and aria2c: publish with nothing but curl, then resume, ranges and parallel connections on what came of it."""

import base64
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from checks import run_checks, same, true
from contents import AWKWARD_NAMES, LARGE_BINARY_BYTES, random_bytes

ENDPOINT = os.environ["HF_ENDPOINT"]
AUTHORIZATION = f"Authorization: Bearer {os.environ['HF_TOKEN']}"
CONNECTIONS = 8
CUT_BYTES = 12_345_678


class Context:
    def __init__(self, repo_type: str):
        self.repo_type = repo_type
        self.name = f"curl-{repo_type}"
        self.repo_id = f"{os.environ['CLIENT_ORGANISATION']}/{self.name}"
        self.api = f"{ENDPOINT}/api/{repo_type}s/{self.repo_id}"
        self.pages = f"{ENDPOINT}/{'' if repo_type == 'model' else 'datasets/'}{self.repo_id}"
        self.work = Path(os.environ["CLIENT_WORK_FOLDER"], repo_type)
        self.work.mkdir()
        self.large = random_bytes(LARGE_BINARY_BYTES, self.repo_id)
        self.large_file = self.work / "large.bin"
        self.large_file.write_bytes(self.large)

    def resolve(self, path: str, revision: str = "main") -> str:
        return f"{self.pages}/resolve/{revision}/{quote(path)}"


def run(*words: object) -> bytes:
    return subprocess.run([str(word) for word in words], check=True, capture_output=True).stdout


def curl(*words: object) -> bytes:
    return run("curl", "--silent", "--show-error", "--fail-with-body", "--header", AUTHORIZATION, *words)


def curl_json(method: str, url: str, body: bytes, content_type: str = "application/json"):
    answer = subprocess.run(
        ["curl", "--silent", "--show-error", "--fail-with-body", "--request", method, "--header", AUTHORIZATION, "--header",
         f"Content-Type: {content_type}", "--data-binary", "@-", url],
        input=body, check=True, capture_output=True,
    ).stdout
    return json.loads(answer)


def status_of(*words: object) -> str:
    return run("curl", "--silent", "--output", "/dev/null", "--write-out", "%{http_code}", *words).decode()


def commit_lines(*lines: dict) -> bytes:
    return "".join(json.dumps(line) + "\n" for line in lines).encode()


def publish(context: Context) -> None:
    organisation = context.repo_id.split("/")[0]
    curl_json("POST", f"{ENDPOINT}/api/repos/create", json.dumps(
        {"name": context.name, "organization": organisation, "type": context.repo_type}).encode())
    oid = hashlib.sha256(context.large).hexdigest()
    batch = {"operation": "upload", "transfers": ["basic"], "objects": [{"oid": oid, "size": len(context.large)}]}
    answer = curl_json("POST", f"{context.pages}.git/info/lfs/objects/batch", json.dumps(batch).encode(),
                       "application/vnd.git-lfs+json")
    # The address is a ticket of its own: no Authorization goes with it.
    run("curl", "--silent", "--show-error", "--fail", "--upload-file", context.large_file,
        answer["objects"][0]["actions"]["upload"]["href"])
    files = [{"key": "file", "value": {"path": name, "encoding": "base64",
                                       "content": base64.b64encode(f"content of {name}".encode()).decode()}}
             for name in [*AWKWARD_NAMES, "chunked.txt"]]
    committed = curl_json("POST", f"{context.api}/commit/main", commit_lines(
        {"key": "header", "value": {"summary": "By curl"}}, *files,
        {"key": "lfsFile", "value": {"path": "large.bin", "algo": "sha256", "oid": oid}}), "application/x-ndjson")
    true(committed["success"], f"success in {committed}")
    context.commit = committed["commitOid"]


def commit_chunked(context: Context) -> None:
    """A body of unknown length, with Expect: 100-continue."""
    line = {"key": "file", "value": {"path": "chunked.txt", "content": "again\n", "encoding": "utf-8"}}
    curl("--request", "POST", "--header", "Content-Type: application/x-ndjson", "--header", "Transfer-Encoding: chunked",
         "--header", "Expect: 100-continue", "--data-binary",
         commit_lines({"key": "header", "value": {"summary": "Chunked"}}, line).decode(), f"{context.api}/commit/main")
    same(curl(context.resolve("chunked.txt")), b"again\n", "file")


def get_awkward_names(context: Context) -> None:
    for name in AWKWARD_NAMES:
        same(curl(context.resolve(name)).decode(), f"content of {name}", name)


def head_tells_what_get_sends(context: Context) -> None:
    head = run("curl", "--silent", "--head", context.resolve("large.bin", context.commit)).decode().lower()
    for line in (f"content-length: {LARGE_BINARY_BYTES}", "accept-ranges: bytes", f"x-repo-commit: {context.commit}",
                 f'etag: "{hashlib.sha256(context.large).hexdigest()}"'):
        true(line in head, f"{line!r} in {head}")


def ranges(context: Context) -> None:
    url = context.resolve("large.bin", context.commit)
    size = LARGE_BINARY_BYTES
    for words, expected in {
        "0-0": context.large[:1], "100-199": context.large[100:200], f"{size - 5}-": context.large[-5:],
        "-7": context.large[-7:], f"{size - 1}-{size + 100}": context.large[-1:],
    }.items():
        same(curl("--range", words, url), expected, f"range {words}")
    same(status_of("--range", "0-9", url), "206", "status of a range")
    same(status_of("--range", f"{size}-", url), "416", "status beyond the end")
    same(status_of("--range", "0-1,5-9", url), "200", "status of several ranges")
    etag = f'"{hashlib.sha256(context.large).hexdigest()}"'
    same(status_of("--range", "0-9", "--header", f"If-Range: {etag}", url), "206", "status with the right If-Range")
    same(status_of("--range", "0-9", "--header", 'If-Range: "other"', url), "200", "status with another If-Range")


def curl_resumes(context: Context) -> None:
    target = context.work / "resumed.bin"
    target.write_bytes(context.large[:CUT_BYTES])
    curl("--continue-at", "-", "--output", target, context.resolve("large.bin"))
    same(target.read_bytes() == context.large, True, "resumed file is the same")


def curl_in_parallel_parts(context: Context) -> None:
    size = len(context.large)
    bounds = [size * part // CONNECTIONS for part in range(CONNECTIONS + 1)]
    parts = [context.work / f"part-{part}" for part in range(CONNECTIONS)]
    words = ["curl", "--silent", "--show-error", "--fail", "--parallel", "--parallel-immediate"]
    for part, file in enumerate(parts):
        if part:
            words.append("--next")
            words += ["--silent", "--show-error", "--fail"]
        words += ["--range", f"{bounds[part]}-{bounds[part + 1] - 1}", "--output", str(file), context.resolve("large.bin")]
    run(*words)
    same(b"".join(file.read_bytes() for file in parts) == context.large, True, "joined parts are the same")


def aria2c(context: Context, target: str, *words: str) -> bytes:
    run("aria2c", "--quiet", "--dir", context.work, "--out", target, "--allow-overwrite=true", "--auto-file-renaming=false",
        "--header", AUTHORIZATION, *words, context.resolve("large.bin"))
    return (context.work / target).read_bytes()


def aria2c_in_parallel(context: Context) -> None:
    got = aria2c(context, "aria.bin", f"--max-connection-per-server={CONNECTIONS}", f"--split={CONNECTIONS}",
                 "--min-split-size=1M", "--file-allocation=none",
                 f"--checksum=sha-256={hashlib.sha256(context.large).hexdigest()}")
    same(got == context.large, True, "file is the same")


def aria2c_resumes(context: Context) -> None:
    (context.work / "aria-resumed.bin").write_bytes(context.large[:CUT_BYTES])
    same(aria2c(context, "aria-resumed.bin", "--continue=true", "--max-connection-per-server=1") == context.large, True,
         "resumed file is the same")


def statuses(context: Context) -> None:
    same(status_of(context.resolve("not there")), "404", "missing file")
    same(status_of(f"{ENDPOINT}/api/{context.repo_type}s/{context.repo_id}-missing"), "401", "missing without a token")
    same(status_of("--header", AUTHORIZATION, f"{ENDPOINT}/api/{context.repo_type}s/{context.repo_id}-missing"), "404",
         "missing with a token")
    same(status_of("--request", "DELETE", "--data", json.dumps({"name": context.name}), f"{ENDPOINT}/api/repos/delete"),
         "401", "deleting without a token")
    same(status_of("--header", "Authorization: Bearer hf_" + "x" * 34, f"{ENDPOINT}/api/whoami-v2"), "401", "wrong token")
    same(status_of(f"{ENDPOINT}/api/no-such-route"), "404", "unknown route")


CHECKS = [
    publish, commit_chunked, get_awkward_names, head_tells_what_get_sends, ranges, curl_resumes, curl_in_parallel_parts,
    aria2c_in_parallel, aria2c_resumes, statuses,
]

if __name__ == "__main__":
    outcomes = [run_checks(CHECKS, Context(repo_type), repo_type) for repo_type in ("model", "dataset")]
    sys.exit(0 if all(outcomes) else 1)
