# SPDX-License-Identifier: Apache-2.0
"""GET of one large file over 1, 4 and 16 connections, stored whole and as segments, beside nginx with sendfile on the same
bytes."""

import os
import subprocess
import time
from pathlib import Path

from hubletd import Server

from .hub import GIB, MIB, Hub, random_file, whole_repository
from .nginx import Nginx


def fetch(address: str, streams: int, headers: list[str]) -> float:
    """Seconds until `streams` curls have thrown the file away."""
    started = time.monotonic()
    curls = [subprocess.Popen(["curl", "-sSf", "-o", os.devnull, *headers, address]) for _ in range(streams)]
    if any(curl.wait() != 0 for curl in curls):
        raise RuntimeError(f"curl failed on {address}")
    return time.monotonic() - started


def measure(results, work: Path) -> None:
    with Server(results.hubletd, work / "server") as server, Nginx(work / "nginx", work) as nginx:
        hub = Hub(server.address, server.token)
        measure_form(results, work, whole_repository(server), nginx, "", 1.0)
        measure_form(results, work, hub, nginx, " stored as segments", 0.95)


def measure_form(results, work: Path, hub: Hub, nginx: Nginx, form: str, at_least: float) -> None:
    size = results.size(GIB, 64 * MIB)
    file = random_file(work / "large.bin", size)
    hub.create("large")
    hub.publish("large", file.name, file)
    addresses = {hub.resolve("large", file.name): ["-H", f"Authorization: Bearer {hub.token}"],
                 f"{nginx.address}/files/{file.name}": []}

    def rate(address: str, streams: int) -> float:
        return streams * size / GIB / fetch(address, streams, addresses[address])

    ours, theirs = addresses
    rate(ours, 1), rate(theirs, 1)  # the file comes into memory
    for streams in (1, 4, 16):
        mine, yardstick = results.pairs(f"GET{form} x{streams}", lambda: rate(ours, streams), lambda: rate(theirs, streams))
        results.ratio(f"GET of a 1 GiB file{form}, {streams} streams", "GiB/s", mine, "nginx sendfile", yardstick, at_least)
