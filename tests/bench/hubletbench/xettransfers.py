# SPDX-License-Identifier: Apache-2.0
"""hf_xet's upload and download of one file beside the same client with xet-core's own CAS server, what a slightly changed file
adds to the store, and what receiving many xorbs at once costs in memory."""

import contextlib
import json
import os
import random
import subprocess
import time
from pathlib import Path

from hubletd import Server

from .casclient import Cas, CasClient
from .hub import GIB, MIB, Hub, random_file
from .localcas import LocalCas, Program
from .memory import status_bytes

PACKAGE = "xet"
CHANGED_PLACES = 10
XORBS_AT_ONCE = 64
UNCOMPRESSED = 0  # scheme of a chunk record


def cas_of(hub: Hub) -> Cas:
    access = hub.call("GET", f"/api/models/bench/{PACKAGE}/xet-write-token/main")
    return Cas(access["casUrl"], access["accessToken"])


def stored_bytes(server: Server) -> int:
    return sum(file.stat().st_size for file in (server.data / "store").rglob("*") if file.is_file())


def change(path: Path, share: float) -> None:
    """Overwrites this share of the file, in ten places far from each other."""
    size = path.stat().st_size
    piece = int(size * share / CHANGED_PLACES)
    with path.open("r+b") as file:
        for place in range(CHANGED_PLACES):
            file.seek(size // CHANGED_PLACES * place + random.randrange(size // CHANGED_PLACES - piece))
            file.write(os.urandom(piece))


def xorb(probe: Path, path: Path, body: Path) -> str:
    """Writes the body of a xorb with the content of `path`; returns its name."""
    known = json.loads(subprocess.run([probe, path], check=True, stdout=subprocess.PIPE).stdout)
    with path.open("rb") as content, body.open("wb") as records:
        for _, size in known["chunks"]:
            length = size.to_bytes(3, "little")
            records.write(bytes([0]) + length + bytes([UNCOMPRESSED]) + length + content.read(size))
    return known["xorb"]


def measure_client(results, work: Path, server: Server, hub: Hub, client: CasClient, yardstick: Cas, name: str) -> None:
    size = results.size(GIB, 32 * MIB)
    file = work / "object.bin"
    known = {}  # server -> hash of what it got last

    def upload(cas: Cas) -> float:
        sent = client.upload(cas, random_file(file, size))
        known[cas.address] = sent["file"]
        return size / GIB / sent["seconds"]

    def download(cas: Cas) -> float:
        return size / GIB / client.download(cas, known[cas.address], size, work / "fetched.bin")

    for what, call in (("upload of a fresh 1 GiB file", upload), ("download of 1 GiB", download)):
        mine, theirs = results.pairs(f"hf_xet {what}", lambda: call(cas_of(hub)), lambda: call(yardstick))
        results.ratio(f"hf_xet {what}", "GiB/s", mine, name, theirs, 0.9)

    client.upload(cas_of(hub), random_file(file, size))
    before = stored_bytes(server)
    change(file, 0.01)
    client.upload(cas_of(hub), file)
    results.limit("stored anew when 1 % of 1 GiB has changed", "%", 100 * (stored_bytes(server) - before) / size, 2)


def measure_memory(results, work: Path, probe: Path) -> None:
    size = results.size(60 * MIB, MIB)
    with Server(results.hubletd, work / "receiving") as server:
        hub = Hub(server.address, server.token)
        hub.create(PACKAGE)
        cas = cas_of(hub)
        source = work / "source.bin"
        addresses = []
        for number in range(XORBS_AT_ONCE):
            body = work / f"xorb{number}"
            name = xorb(probe, random_file(source, size), body)
            addresses.append((body, f"{cas.address}/v1/xorbs/default/{name}"))
        started = time.monotonic()
        curls = [subprocess.Popen(["curl", "-sSf", "-o", os.devnull, "-X", "POST", "-H", f"Authorization: Bearer {cas.token}",
                                   "-T", body, address]) for body, address in addresses]
        if any([curl.wait() != 0 for curl in curls]):
            raise RuntimeError("a xorb was not taken")
        rate = XORBS_AT_ONCE * size / GIB / (time.monotonic() - started)
        results.limit(f"memory while {XORBS_AT_ONCE} xorbs are received", "MiB",
                      status_bytes(server.process.pid, "VmHWM") / MIB, 250, f"{rate:.3g} GiB/s")
        for body, _ in addresses:
            body.unlink()


def measure(results, work: Path) -> None:
    client = CasClient(results.environments)
    with contextlib.ExitStack() as running:
        server = running.enter_context(Server(results.hubletd, work / "server"))
        hub = Hub(server.address, server.token)
        hub.create(PACKAGE)
        if results.quick:  # the yardstick takes minutes to build
            measure_client(results, work, server, hub, client, cas_of(hub), "itself")
        else:
            program = Program().prepare(results.environments)
            yardstick = running.enter_context(LocalCas(program.command, work / "yardstick"))
            measure_client(results, work, server, hub, client, yardstick.cas, "xet-core's local_cas_server")
    measure_memory(results, work, results.program("xet_probe"))
