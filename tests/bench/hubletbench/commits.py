# SPDX-License-Identifier: Apache-2.0
"""One commit request with 10,000 files of 1 KiB until it is durable."""

import base64
import os
import statistics
from pathlib import Path

from hubletd import Server

from .hub import Hub


def small_files(count: int, folder: str) -> list[dict]:
    return [{"key": "file", "value": {"path": f"{folder}/{i // 1000}/{i}.txt", "encoding": "base64",
                                      "content": base64.b64encode(os.urandom(1024)).decode()}} for i in range(count)]


def measure(results, work: Path) -> None:
    count = results.size(10_000, 500)
    with Server(results.hubletd, work / "server") as server:
        hub = Hub(server.address, server.token)
        hub.create("many")
        times = [hub.commit("many", small_files(count, f"round{round_}")) for round_ in range(results.rounds)]
        results.limit("one commit of 10,000 files of 1 KiB until durable", "s", statistics.median(times), 2.0)
