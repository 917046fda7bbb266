# SPDX-License-Identifier: Apache-2.0
"""Cutting a file into chunks and naming it, in bytes per second of CPU time, beside hf_xet doing the same."""

import json
import os
import subprocess
from pathlib import Path

from .casclient import CasClient
from .hub import GIB, MIB, random_file

# The library is loaded before the clock starts. Its threads count as well.
HF_XET = """
import json, sys, time, hf_xet
started = time.process_time()
[info] = hf_xet.hash_files([sys.argv[1]])
print(json.dumps({"file": info.hash, "cpuSeconds": time.process_time() - started}))
"""


def measure(results, work: Path) -> None:
    probe = results.program("xet_probe")
    client = CasClient(results.environments).python
    size = results.size(GIB, 16 * MIB)
    path = random_file(work / "content", size)
    hashes = set()

    def rate(command: list[str]) -> float:
        output = subprocess.run([*command, path], env={**os.environ, **client.variables}, check=True,
                                stdout=subprocess.PIPE, preexec_fn=lambda: os.sched_setaffinity(0, {0})).stdout
        answer = json.loads(output)
        hashes.add(answer["file"])
        return size / GIB / answer["cpuSeconds"]

    ours, theirs = results.pairs("chunking", lambda: rate([probe]),
                                 lambda: rate([*client.command, "-c", HF_XET]))
    if len(hashes) != 1:
        raise RuntimeError(f"two names for one file: {hashes}")
    results.ratio("Xet chunks and hashes of 1 GiB, one core", "GiB per CPU second", ours, "hf_xet", theirs, 1.0)
