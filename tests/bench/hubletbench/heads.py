# SPDX-License-Identifier: Apache-2.0
"""HEAD of a resolve address with a token over 16 connections, beside nginx returning fixed JSON."""

import csv
import re
import subprocess
from pathlib import Path

from hubletd import Server

from .hub import Hub
from .nginx import Nginx

CONNECTIONS = 16


def load(address: str, requests: int, token: str, percentiles: Path) -> tuple[float, float]:
    """HEAD requests per second and the 99th percentile in milliseconds. ab, because wrk waits for bodies of HEAD."""
    output = subprocess.run(["ab", "-q", "-i", "-k", "-c", str(CONNECTIONS), "-n", str(requests), "-e", str(percentiles),
                             "-H", f"Authorization: Bearer {token}", address],
                            check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in output or not re.search(r"Failed requests:\s+0\b", output):
        raise RuntimeError(output)
    with percentiles.open(newline="") as rows:  # what ab prints is rounded to whole milliseconds
        milliseconds = dict(csv.reader(rows))
    return float(re.search(r"Requests per second:\s+([\d.]+)", output).group(1)), float(milliseconds["99"])


def measure(results, work: Path) -> None:
    requests = results.size(200_000, 5_000)
    with Server(results.hubletd, work / "server") as server, Nginx(work / "nginx", work) as nginx:
        hub = Hub(server.address, server.token)
        hub.create("small")
        hub.commit("small", [{"key": "file", "value": {"path": "config.json", "encoding": "base64", "content": "e30="}}])

        def rate(address: str) -> tuple[float, float]:
            return load(address, requests, server.token, work / "percentiles.csv")

        mine, theirs = results.pairs("HEAD", lambda: rate(hub.resolve("small", "config.json")),
                                     lambda: rate(f"{nginx.address}/fixed"))
        results.ratio("HEAD resolve with a token, 16 connections", "/s", mine[0], "nginx fixed JSON", theirs[0], 0.5)
        results.limit("HEAD resolve, 99th percentile", "ms", mine[1], 2.0, f"nginx fixed JSON: {theirs[1]:.3g} ms")
