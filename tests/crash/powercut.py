#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Cuts the power under a working store, again and again, and checks that nothing acknowledged is lost (reliability T1, T2, T8)."""
import os
import pathlib
import random
import select
import shutil
import subprocess
import sys
import tempfile
import time

import harness

ACKNOWLEDGED = "ack "
# Faults of the store, further arguments, and behind which acknowledgements to cut.
MUTANTS = {
    "no sync of the file": ("mutant.no-file-fsync=error", [], ACKNOWLEDGED),
    "no sync of the xorb": ("mutant.no-xorb-fsync=error", [], "ack xorbs"),
    "synchronous=NORMAL": ("mutant.normal-sync=error", [], ACKNOWLEDGED),
    "row before the file": ("", ["--row-first"], "ack upload"),
    "name before the digest": ("mutant.publish-unhashed=error", ["--wrong-bytes"], "ack upload"),
}
MUTANT_CUTS = 20
STEPS_TO_CUT = 14  # a little more than the steps of a cycle
RECOVERY_DEPTH = 3  # cuts during the recovery from a cut


def run_until_cut(options, disk, folder, first, acknowledged, faults, extra, aim):
    """Lets the worker go on from cycle `first` until a random number of lines that begin with `aim`, then cuts."""
    worker = harness.start_worker(options, folder, "--first", first, "--cycles", 1000, *extra, faults=faults,
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    wanted = random.randint(1, STEPS_TO_CUT if aim == ACKNOWLEDGED else 2)
    text = b""
    deadline = time.monotonic() + harness.TIMEOUT_S

    def reached():
        return sum(line.startswith(aim) for line in harness.whole_lines(text.decode())) >= wanted

    while not reached():
        if time.monotonic() >= deadline:
            worker.kill()
            raise RuntimeError(f"the worker did not say {aim!r} {wanted} times within {harness.TIMEOUT_S} s")
        if not select.select([worker.stdout], [], [], 1)[0]:
            continue
        piece = os.read(worker.stdout.fileno(), 65536)
        if not piece:
            break
        text += piece
    if reached():
        time.sleep(random.uniform(0, 0.02))  # into the middle of the step after the acknowledgement
    # What is in the pipe now was said before the cut; what comes later was not kept by anybody.
    while select.select([worker.stdout], [], [], 0)[0]:
        piece = os.read(worker.stdout.fileno(), 65536)
        if not piece:
            break
        text += piece
    disk.cut_power()
    worker.kill()
    worker.wait()
    worker.stdout.close()
    disk.unmount()
    lines = harness.whole_lines(text.decode())
    if not lines:
        raise RuntimeError("the worker did nothing before the cut")
    acknowledged += [line for line in lines if line.startswith("ack ")]


def cut_during_recovery(options, disk):
    """Opens the folder as after an unclean stop, which also sweeps, and cuts again in the middle."""
    folder = disk.mount()
    recovery = subprocess.Popen([options.worker, "recover", folder], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                preexec_fn=harness.die_with_parent)
    time.sleep(random.uniform(0.005, 0.15))
    disk.cut_power()
    recovery.kill()
    recovery.wait()
    disk.unmount()


def cut_and_check(options, disk, cuts, recovery_depth, faults, extra, aim):
    """Gives the first broken promise, or nothing after `cuts` cuts. The store lives on from cut to cut."""
    folder = disk.mount()
    harness.setup(options, folder)
    disk.unmount()
    acknowledged = []
    for cut in range(cuts):
        run_until_cut(options, disk, disk.mount(), cut * 1000, acknowledged, faults, extra, aim)
        for _ in range(random.randint(0, recovery_depth)):
            cut_during_recovery(options, disk)
        code, text = harness.check(options, disk.mount(), acknowledged)
        disk.unmount()
        if code != harness.DONE:
            return f"cut {cut + 1}: {text}", cut + 1, len(acknowledged)
    return None, cuts, len(acknowledged)


def main():
    options = harness.arguments(__doc__, cuts=(100, "power cuts"), fs=("ext4", "file system: ext4 or xfs"),
                                recovery=(0, "of so many cuts, each is followed by cuts during its recovery"),
                                mutants=(False, "check that seeded faults are caught"))
    harness.enter_private_mounts()
    random.seed(options.seed)
    failed = False

    def trial(name, cuts, recovery_depth, expect_broken, faults="", extra=(), aim=ACKNOWLEDGED):
        nonlocal failed
        started = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="hublet-powercut-") as temporary:
            with harness.LoopFileSystem(pathlib.Path(temporary), options.fs) as disk:
                broken, cut, acknowledged = cut_and_check(options, disk, cuts, recovery_depth, faults, extra, aim)
        seconds = time.monotonic() - started
        print(f"{name}: {cut} cuts, {acknowledged} acknowledged, {seconds:.1f} s: {broken or 'nothing lost'}", flush=True)
        failed = failed or bool(broken) != expect_broken

    if options.mutants:
        for name, (faults, extra, aim) in MUTANTS.items():
            trial(f"mutant '{name}'", MUTANT_CUTS, 0, True, faults, extra, aim)
    else:
        # A fresh file system now and then: an image that fills up would stop the worker.
        rest = options.cuts
        while rest > 0:
            trial(options.fs, min(rest, 50), 0, False)
            rest -= 50
        if options.recovery:
            trial(f"{options.fs}, cuts in recovery", options.recovery, RECOVERY_DEPTH, False)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
