# SPDX-License-Identifier: Apache-2.0
"""Tree pages of 1,000 entries out of a million files: a flat folder, nested folders, and recursively."""

import hashlib
import re
import statistics
import sys
import time
from pathlib import Path

from hubletd import Server

from .hub import Hub, lfs_line

PAGE = 1000
PER_COMMIT = 100_000


def fill(hub: Hub, name: str, count: int, path_of) -> None:
    content = b"the same bytes in every file"
    oid = hashlib.sha256(content).hexdigest()
    hub.create(name)
    for start in range(0, count, PER_COMMIT):
        lines = [lfs_line(path_of(i), oid, len(content)) for i in range(start, min(start + PER_COMMIT, count))]
        print(f"  {name}: commit of {len(lines)} files in {hub.commit(name, lines):.1f} s", file=sys.stderr)


def page_times(hub: Hub, path: str) -> list[float]:
    """Milliseconds of every page from the first to the last, over one connection."""
    connection = hub.connection()
    times = []
    while path:
        started = time.monotonic()
        connection.request("GET", path, headers=hub.authorization)
        response = connection.getresponse()
        response.read()
        times.append(1000 * (time.monotonic() - started))
        if response.status != 200:
            raise RuntimeError(f"{path}: {response.status}")
        following = re.search(r'<https?://[^/]+([^>]+)>;\s*rel="next"', response.headers.get("Link", ""))
        path = following.group(1) if following else None
    return times


def measure(results, work: Path) -> None:
    count = results.size(1_000_000, 5_000)
    with Server(results.hubletd, work / "server") as server:
        hub = Hub(server.address, server.token)
        content = work / "content"
        content.write_bytes(b"the same bytes in every file")
        hub.create("seed")
        hub.publish("seed", "seed.bin", content)
        fill(hub, "flat", count, lambda i: f"files/{i:07}.bin")
        fill(hub, "nested", count, lambda i: f"{i // 10_000:03}/{i // 100 % 100:02}/{i:07}.bin")
        for label, path in [("flat folder", f"flat/tree/main/files?limit={PAGE}"),
                            ("nested, recursive", f"nested/tree/main?recursive=true&limit={PAGE}")]:
            times = page_times(hub, f"{hub.prefix}/api/models/bench/{path}")
            print(f"  {label}: {len(times)} pages, slowest {max(times):.1f} ms", file=sys.stderr)
            results.limit(f"tree page of 1,000 out of 1,000,000 files, {label}, median", "ms",
                          statistics.median(times), 20)
            results.limit(f"tree page of 1,000 out of 1,000,000 files, {label}, 99th percentile", "ms",
                          sorted(times)[int(0.99 * (len(times) - 1))], 20)
