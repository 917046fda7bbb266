# SPDX-License-Identifier: Apache-2.0
"""PUT of a large LFS object until it is durable, beside the speed of SHA-256 alone on one core and of the disk alone."""

import re
import subprocess
import time
from pathlib import Path

from hubletd import Server

from .hub import GIB, MIB, Hub, random_file, sha256, whole_repository


def openssl_sha256(seconds: int) -> float:
    """GiB per second of `openssl speed`, 1 MiB blocks."""
    output = subprocess.run(["openssl", "speed", "-mr", "-seconds", str(seconds), "-bytes", str(1 << 20), "-evp",
                             "sha256"], check=True, capture_output=True, text=True).stdout
    return float(re.search(r"\+F:\d+:[^:]+:([\d.]+)", output).group(1)) / GIB


def disk(file: Path, size: int, *how: str) -> float:
    """GiB per second that dd brings to the disk below `file`, which is removed afterwards."""
    started = time.monotonic()
    subprocess.run(["dd", "if=/dev/zero", f"of={file}", "bs=1M", f"count={size >> 20}", "status=none", *how], check=True)
    rate = size / GIB / (time.monotonic() - started)
    file.unlink()
    return rate


def measure(results, work: Path) -> None:
    size = results.size(GIB, 64 * MIB)
    with Server(results.hubletd, work / "server") as server:
        whole = whole_repository(server)
        segmented = Hub(server.address, server.token)
        for hub in (whole, segmented):
            hub.create("uploads")

        def put(hub: Hub) -> float:
            # New bytes each time: what is stored already is not sent.
            file = random_file(work / "object.bin", size)
            return size / GIB / hub.put(hub.upload_address(sha256(file), size, "uploads"), file)

        def put_beside_disk() -> tuple[float, float, float]:
            buffered = disk(work / "disk.bin", size, "conv=fdatasync")
            direct = disk(work / "disk.bin", size, "oflag=direct", "conv=fdatasync")
            return put(whole), buffered, direct

        (mine, buffered, direct), theirs = results.pairs("PUT", put_beside_disk, lambda: openssl_sha256(results.size(3, 1)))
        results.ratio("PUT of 1 GiB by LFS until durable", "GiB/s", mine, "openssl speed sha256", theirs, 0.5,
                      f"; dd to the same disk: {buffered:.3g} with fdatasync, {direct:.3g} past the page cache")
        mine, theirs = results.pairs("PUT as segments", lambda: put(segmented), lambda: put(whole))
        results.ratio("PUT of 1 GiB by LFS until durable, stored as segments", "GiB/s", mine, "stored whole", theirs, 0.5)
