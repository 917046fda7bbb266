# SPDX-License-Identifier: Apache-2.0
"""GET of one large file over 1, 4 and 16 connections, beside nginx with sendfile on the same bytes."""

import os
import subprocess
import time
from pathlib import Path

from hubletd import Server

from .hub import Hub, random_file
from .nginx import Nginx

GIB = 1 << 30


def fetch(address: str, streams: int, headers: list[str]) -> float:
    """Seconds until `streams` curls have thrown the file away."""
    started = time.monotonic()
    curls = [subprocess.Popen(["curl", "-sSf", "-o", os.devnull, *headers, address]) for _ in range(streams)]
    if any(curl.wait() != 0 for curl in curls):
        raise RuntimeError(f"curl failed on {address}")
    return time.monotonic() - started


def measure(results, work: Path) -> None:
    size = results.size(GIB, 64 << 20)
    file = random_file(work / "large.bin", size)
    with Server(results.hubletd, work / "server") as server, Nginx(work / "nginx", work) as nginx:
        hub = Hub(server.address, server.token)
        hub.create("large")
        hub.publish("large", "large.bin", file)
        ours = hub.resolve("large", "large.bin")
        authorization = ["-H", f"Authorization: Bearer {server.token}"]
        fetch(ours, 1, authorization)
        fetch(f"{nginx.address}/files/large.bin", 1, [])
        for streams in (1, 4, 16):
            rate = lambda address, headers: streams * size / GIB / fetch(address, streams, headers)  # noqa: E731
            mine, theirs = results.pairs(f"GET x{streams}", lambda: rate(ours, authorization),
                                         lambda: rate(f"{nginx.address}/files/large.bin", []))
            results.ratio(f"GET of a 1 GiB file, {streams} streams", "GiB/s", mine, "nginx sendfile", theirs, 1.0)
