# SPDX-License-Identifier: Apache-2.0
"""The few Hub calls that the measurements make, with nothing but the standard library."""

import hashlib
import http.client
import json
import os
import subprocess
import time
import urllib.parse
from pathlib import Path

from hubletd import Server

MIB = 1 << 20
GIB = 1 << 30


class Hub:
    def __init__(self, address: str, token: str, repository: str = "hf-local"):
        self.address = address
        self.token = token
        self.prefix = f"/artifactory/api/huggingfaceml/{repository}"
        self.authorization = {"Authorization": f"Bearer {token}"}

    def connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(urllib.parse.urlsplit(self.address).netloc, timeout=600)

    def call(self, method: str, path: str, body=None, content_type: str = "application/json") -> dict:
        if isinstance(body, dict):
            body = json.dumps(body).encode()
        connection = self.connection()
        connection.request(method, self.prefix + path, body, {**self.authorization, "Content-Type": content_type})
        response = connection.getresponse()
        text = response.read()
        connection.close()
        if response.status >= 300:
            raise RuntimeError(f"{method} {path}: {response.status} {text[:500]!r}")
        return json.loads(text) if text[:1] in (b"{", b"[") else {}

    def create(self, name: str) -> None:
        self.call("POST", "/api/repos/create", {"name": name, "organization": "bench", "type": "model"})

    def upload_address(self, oid: str, size: int, name: str) -> str | None:
        """Where to PUT an LFS object; None when it is stored already."""
        answer = self.call("POST", f"/bench/{name}.git/info/lfs/objects/batch",
                           {"operation": "upload", "transfers": ["basic"], "hash_algo": "sha256",
                            "objects": [{"oid": oid, "size": size}]})
        actions = answer["objects"][0].get("actions")
        return actions["upload"]["href"] if actions else None

    def put(self, address: str, file: Path) -> float:
        """Seconds until the server said that it is durable."""
        started = time.monotonic()
        subprocess.run(["curl", "-sSf", "-o", os.devnull, "-T", file, address], check=True)
        return time.monotonic() - started

    def commit(self, name: str, lines: list[dict], title: str = "bench") -> float:
        body = b"".join(json.dumps(line).encode() + b"\n"
                        for line in [{"key": "header", "value": {"summary": title}}, *lines])
        started = time.monotonic()
        self.call("POST", f"/api/models/bench/{name}/commit/main", body, "application/x-ndjson")
        return time.monotonic() - started

    def publish(self, name: str, path: str, file: Path) -> None:
        """One LFS file into a package that exists."""
        oid, size = sha256(file), file.stat().st_size
        address = self.upload_address(oid, size, name)
        if address:
            self.put(address, file)
        self.commit(name, [lfs_line(path, oid, size)])

    def resolve(self, name: str, path: str) -> str:
        return f"{self.address}{self.prefix}/bench/{name}/resolve/main/{path}"


def whole_repository(server: Server) -> Hub:
    """A new repository without Xet, where every content is a file of its own."""
    server.command("repository", "create", "whole", "--xet", "off")
    return Hub(server.address, server.token, "whole")


def lfs_line(path: str, oid: str, size: int) -> dict:
    return {"key": "lfsFile", "value": {"path": path, "algo": "sha256", "oid": oid, "size": size}}


def random_file(path: Path, size: int) -> Path:
    """On the disk already, so that nobody writes it while something is measured."""
    with path.open("wb") as out:
        for start in range(0, size, MIB):
            out.write(os.urandom(min(MIB, size - start)))
        out.flush()
        os.fsync(out.fileno())
    return path


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
