# SPDX-License-Identifier: Apache-2.0
"""Publishes files over plain HTTP, for clients that can only read. Standard library only."""

import base64
import hashlib
import json
import os
import urllib.parse
import urllib.request

TIMEOUT_SECONDS = 60


def call(method: str, url: str, body: bytes | None = None, content_type: str = "application/json", authorize: bool = True):
    """The decoded JSON answer, or None where there is no body. Errors are urllib's."""
    headers = {"Content-Type": content_type}
    if authorize:
        headers["Authorization"] = f"Bearer {os.environ['HF_TOKEN']}"
    request = urllib.request.Request(url, data=body, method=method, headers=headers)
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def create_repository(repo_type: str, repo_id: str) -> None:
    organisation, name = repo_id.split("/")
    body = {"name": name, "organization": organisation, "type": repo_type}
    call("POST", f"{os.environ['HF_ENDPOINT']}/api/repos/create", json.dumps(body).encode())


def publish(repo_type: str, repo_id: str, files: dict[str, bytes], summary: str = "Publish") -> str:
    """Commits the files to main, as the server wants each: inline or by LFS. Returns the commit id."""
    endpoint = os.environ["HF_ENDPOINT"]
    api = f"{endpoint}/api/{repo_type}s/{repo_id}"
    wanted = [{"path": path, "size": len(content), "sample": base64.b64encode(content[:512]).decode()}
              for path, content in files.items()]
    modes = call("POST", f"{api}/preupload/main", json.dumps({"files": wanted}).encode())["files"]
    lines = [{"key": "header", "value": {"summary": summary, "description": ""}}]
    for mode in modes:
        content = files[mode["path"]]
        if mode["uploadMode"] == "lfs":
            oid = upload_lfs(endpoint, repo_type, repo_id, content)
            value = {"path": mode["path"], "algo": "sha256", "oid": oid, "size": len(content)}
            lines.append({"key": "lfsFile", "value": value})
        else:
            encoded = base64.b64encode(content).decode()
            lines.append({"key": "file", "value": {"path": mode["path"], "content": encoded, "encoding": "base64"}})
    body = "".join(json.dumps(line) + "\n" for line in lines).encode()
    return call("POST", f"{api}/commit/main", body, "application/x-ndjson")["commitOid"]


def read(repo_type: str, repo_id: str, path: str, revision: str = "main") -> bytes:
    prefix = "" if repo_type == "model" else f"{repo_type}s/"
    where = f"{urllib.parse.quote(revision, safe='')}/{urllib.parse.quote(path)}"
    url = f"{os.environ['HF_ENDPOINT']}/{prefix}{repo_id}/resolve/{where}"
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {os.environ['HF_TOKEN']}"})
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
        return answer.read()


def upload_lfs(endpoint: str, repo_type: str, repo_id: str, content: bytes) -> str:
    oid = hashlib.sha256(content).hexdigest()
    prefix = "" if repo_type == "model" else f"{repo_type}s/"
    batch = {"operation": "upload", "transfers": ["basic"], "hash_algo": "sha256",
             "objects": [{"oid": oid, "size": len(content)}]}
    answer = call("POST", f"{endpoint}/{prefix}{repo_id}.git/info/lfs/objects/batch", json.dumps(batch).encode(),
                  "application/vnd.git-lfs+json")
    actions = answer["objects"][0].get("actions")
    if actions:
        call("PUT", actions["upload"]["href"], content, "application/octet-stream", authorize=False)
    return oid
