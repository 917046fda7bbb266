# SPDX-License-Identifier: Apache-2.0
"""From starting the program to its first answer, on a store with 100,000 contents."""

import statistics
import time
from pathlib import Path

from hubletd import Server

from .commits import small_files
from .hub import Hub

PER_COMMIT = 10_000


def measure(results, work: Path) -> None:
    count = results.size(100_000, 1_000)
    with Server(results.hubletd, work / "server") as server:
        hub = Hub(server.address, server.token)
        hub.create("many")
        for start in range(0, count, PER_COMMIT):
            hub.commit("many", small_files(min(PER_COMMIT, count - start), f"part{start}"))
        token = server.token
    times = []
    for _ in range(results.rounds):
        started = time.monotonic()
        with Server(results.hubletd, work / "server") as server:
            Hub(server.address, token).call("GET", "/api/whoami-v2")
            times.append(time.monotonic() - started)
    results.limit("cold start to the first answer, 100,000 contents", "s", statistics.median(times), 0.5)
