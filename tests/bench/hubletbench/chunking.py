# SPDX-License-Identifier: Apache-2.0
"""Cutting a file into chunks and naming it, in bytes per second of CPU time, beside hf_xet doing the same."""

import json
import os
import subprocess
import sys
from pathlib import Path

CLIENTS = Path(__file__).resolve().parents[2] / "clients"
sys.path.insert(0, str(CLIENTS))

from harness.environments import CannotMake, Python  # noqa: E402

CLIENT = "huggingface_hub-2.4.0"  # brings hf_xet
PIECE = 1 << 20

# The library is loaded before the clock starts. Its threads count as well.
HF_XET = """
import json, sys, time, hf_xet
started = time.process_time()
[info] = hf_xet.hash_files([sys.argv[1]])
print(json.dumps({"file": info.hash, "cpuSeconds": time.process_time() - started}))
"""


def write_random(path: Path, size: int) -> None:
    with path.open("wb") as file:
        for _ in range(size // PIECE):
            file.write(os.urandom(PIECE))


def measure(results, work: Path) -> None:
    build = results.hubletd.parents[1]
    probe = results.hubletd.with_name("xet_probe")
    if not probe.exists():
        print(f"  chunking is not measured: {probe} has not been built", file=sys.stderr)
        return
    try:
        client = Python(CLIENT).prepare(build / "clients")
    except CannotMake as reason:
        print(f"  chunking is not measured: hf_xet cannot be installed: {reason}", file=sys.stderr)
        return
    size = results.size(1 << 30, 16 << 20)
    path = work / "content"
    write_random(path, size)
    hashes = set()

    def rate(command: list[str]) -> float:
        output = subprocess.run([*command, path], env={**os.environ, **client.variables}, check=True,
                                stdout=subprocess.PIPE, preexec_fn=lambda: os.sched_setaffinity(0, {0})).stdout
        answer = json.loads(output)
        hashes.add(answer["file"])
        return size / answer["cpuSeconds"] / 1e9

    ours, theirs = results.pairs("chunking", lambda: rate([probe]),
                                 lambda: rate([*client.command, "-c", HF_XET]))
    if len(hashes) != 1:
        raise RuntimeError(f"two names for one file: {hashes}")
    results.ratio("Xet chunks and hashes of 1 GiB, one core", "GB per CPU second", ours, "hf_xet", theirs, 1.0)
