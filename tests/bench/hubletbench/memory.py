# SPDX-License-Identifier: Apache-2.0
"""Resident memory: idle, and the peak while 16 downloads and 4 uploads of large files run."""

import os
import subprocess
import time
from pathlib import Path

from hubletd import Server

from .hub import GIB, MIB, Hub, random_file, sha256

IDLE_SECONDS = 2


def status_bytes(pid: int, field: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) * 1024
    raise RuntimeError(f"no {field}")


def measure(results, work: Path) -> None:
    size = results.size(GIB, 32 * MIB)
    uploads = [random_file(work / f"up{i}.bin", size) for i in range(4)]
    with Server(results.hubletd, work / "server") as server:
        hub = Hub(server.address, server.token)
        time.sleep(IDLE_SECONDS)
        results.limit("memory, idle", "MiB", status_bytes(server.process.pid, "VmRSS") / MIB, 60)
        hub.create("memory")
        hub.publish("memory", "large.bin", random_file(work / "large.bin", size))
        addresses = [hub.upload_address(sha256(file), size, "memory") for file in uploads]
        curls = [subprocess.Popen(["curl", "-sSf", "-o", os.devnull, "-H", f"Authorization: Bearer {server.token}",
                                   hub.resolve("memory", "large.bin")]) for _ in range(16)]
        curls += [subprocess.Popen(["curl", "-sSf", "-o", os.devnull, "-T", file, address])
                  for file, address in zip(uploads, addresses)]
        if any(curl.wait() != 0 for curl in curls):
            raise RuntimeError("curl failed")
        results.limit("memory, peak during 16 downloads and 4 uploads of 1 GiB", "MiB",
                      status_bytes(server.process.pid, "VmHWM") / MIB, 150)
