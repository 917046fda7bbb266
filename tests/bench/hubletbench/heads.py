# SPDX-License-Identifier: Apache-2.0
"""HEAD of a resolve address with a token over 16 connections, beside nginx returning fixed JSON."""

import re
import subprocess
from pathlib import Path

from hubletd import Server

from .hub import Hub
from .nginx import Nginx

UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


def wrk(address: str, seconds: int, script: Path) -> tuple[float, float]:
    """Requests per second and the 99th percentile in milliseconds."""
    output = subprocess.run(["wrk", "-t1", "-c16", f"-d{seconds}s", "--latency", "-s", script, address], check=True,
                            capture_output=True, text=True).stdout
    if "Non-2xx" in output or "Socket errors" in output:
        raise RuntimeError(output)
    slow = re.search(r"99%\s+([\d.]+)(us|ms|s)", output)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", output).group(1)), float(slow.group(1)) * UNITS[slow.group(2)]


def measure(results, work: Path) -> None:
    seconds = results.size(4, 1)
    with Server(results.hubletd, work / "server") as server, Nginx(work / "nginx", work) as nginx:
        hub = Hub(server.address, server.token)
        hub.create("small")
        hub.commit("small", [{"key": "file", "value": {"path": "config.json", "encoding": "base64", "content": "e30="}}])
        script = work / "head.lua"
        script.write_text(f'wrk.method = "HEAD"\nwrk.headers["Authorization"] = "Bearer {server.token}"\n')
        slowest = []

        def ours() -> float:
            rate, p99 = wrk(hub.resolve("small", "config.json"), seconds, script)
            slowest.append(p99)
            return rate

        mine, theirs = results.pairs("HEAD", ours, lambda: wrk(f"{nginx.address}/fixed", seconds, script)[0])
        results.ratio("HEAD resolve with a token, 16 connections", "/s", mine, "nginx fixed JSON", theirs, 0.5)
        results.limit("HEAD resolve, 99th percentile", "ms", sorted(slowest)[len(slowest) // 2], 2.0)
