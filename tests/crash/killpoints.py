#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Kills a working store at its file system calls, or lets them fail, one after another, and looks what is left
(reliability T4, T5, T6). With --mutants: stores with a seeded fault are killed at their commits until it shows."""
import concurrent.futures
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

import harness
import tracelog

CALLS = ("openat", "write", "pwrite64", "fsync", "fdatasync", "linkat", "unlinkat", "mkdirat", "ftruncate", "fallocate",
         "fchmod", "renameat2")
# Named in the code (core/base/faultpoint.h); they need no strace.
FAULT_POINTS = ("store.after-stage", "store.after-sync", "store.after-link", "store.after-folder-sync",
                "store.after-shard-commit", "store.before-removal", "store.compacting", "db.before-commit", "db.after-commit")
FAULT_PASSES = (1, 2, 4)  # of a sample; otherwise all there are
MOST_PASSES = 80  # of one fault point in CYCLES
MUTANTS = {"blob removed before the commit": "mutant.blob-before-commit",
           "xorb removed before its row": "mutant.xorb-before-row"}
ERRORS = ("EIO", "ENOSPC", "EDQUOT", "EINTR")
# What a store says that takes something in.
ACCEPTED = tuple(f"ack {step} " for step in ("upload", "xorbs", "shard", "commit", "segments", "whole", "segmented"))
CYCLES = 2  # cycles 0 and 1 hold every kind of step
RUN_TIMEOUT_S = 30


def trace_command(log, *inject):
    return ["strace", "-f", "-y", "-o", log, "-e", "trace=" + ",".join(CALLS), *inject]


def worker_command(options, folder, leak_check):
    return [options.worker, "run", folder, "--seed", str(options.seed), "--cycles", str(CYCLES),
            *(["--leak-check"] if leak_check else [])]


def points(options, template, temporary):
    """Every (call, n) at which some thread touches the data folder or answers. n counts per thread, as strace does."""
    folder, log = temporary / "first", temporary / "first.log"
    shutil.copytree(template, folder)
    subprocess.run([*trace_command(log), *worker_command(options, folder, False)], check=True, timeout=RUN_TIMEOUT_S,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    calls = tracelog.parse(log.read_text(errors="replace").splitlines())
    return sorted({(call.name, call.ordinal) for call in calls if str(folder) in call.text or '"ack ' in call.text})


def run_at(options, template, temporary, name, ordinal, action, leak_check, mutant=""):
    """Runs the worker on a copy of the template: (exit code or -signal, lines, folder)."""
    kind, what = action.split("=")
    folder = temporary / f"{name}-{ordinal}-{what}"
    shutil.copytree(template, folder)
    environment = dict(os.environ, QT_LOGGING_RULES="hublet.*=false")
    command = worker_command(options, folder, leak_check)
    if kind == "fault":
        environment["HUBLET_FAULT"] = f"{name}={what}:{ordinal}" + (f",{mutant}=error" if mutant else "")
    else:
        command = trace_command("/dev/null", "-e", f"inject={name}:{action}:when={ordinal}") + command
    try:
        run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=RUN_TIMEOUT_S, check=False,
                             env=environment)
    except subprocess.TimeoutExpired:
        return None, [], folder
    return run.returncode, harness.whole_lines(run.stdout.decode()), folder


def batches(passes):
    """So many at once as there are cores."""
    return (passes[start:start + os.cpu_count()] for start in range(0, len(passes), os.cpu_count()))


def check(options, folder, lines):
    """What the checker finds broken in the folder, which is removed then."""
    checked, text = harness.check(options, folder, [line for line in lines if line.startswith("ack ")])
    shutil.rmtree(folder)
    return None if checked == harness.DONE else text


def judge_error(name, error, code, lines):
    """A failed call may fail a step, never the program; after a failed sync nothing is accepted any more."""
    if code is None:
        return "it hangs"
    if code == harness.LEAK:
        return "a descriptor or a staging file was left"
    if code not in (harness.DONE, harness.STEPS_FAILED, harness.CANNOT_RUN):
        return f"it crashed with {code}"
    errors = [number for number, line in enumerate(lines) if line.startswith("error ")]
    # The store goes on with a sync that was interrupted; SQLite, whose is fdatasync, gives up.
    if name == "fdatasync" or (name == "fsync" and error != "EINTR"):
        accepted = [line for line in lines[errors[0]:] if line.startswith(ACCEPTED)] if errors else []
        return f"accepted after a failed sync: {accepted[0]}" if accepted else None
    # What a failed commit did not bring cannot be dropped later.
    failed_commits = {line.split()[2] for line in lines if line.startswith("error commit ")}
    steps = [line for line in lines if not (line.startswith("error drop ") and line.split()[2] in failed_commits)]
    if steps and not steps[-1].startswith("ack "):
        return f"it does not recover: {steps[-1]}"
    return None


def catch_mutants(options, template, temporary):
    """Whether each mutant is caught by a kill at one of its commits."""
    all_caught = True
    for name, mutant in MUTANTS.items():

        def kill(ordinal):
            _, lines, folder = run_at(options, template, temporary, "db.before-commit", ordinal, "fault=kill", False, mutant)
            return ordinal, check(options, folder, lines)

        found = None
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for batch in batches(range(1, MOST_PASSES)):
                found = next((f"at commit {ordinal}: {text}" for ordinal, text in pool.map(kill, batch) if text), None)
                if found:
                    break
        print(f"mutant, {name}: {f'caught {found}' if found else 'NOT CAUGHT'}", flush=True)
        all_caught = all_caught and found
    return all_caught


def main():
    options = harness.arguments(__doc__, errors=(False, "let calls fail instead of killing"),
                                sample=(0, "only so many points, chosen by the seed; 0 = all"),
                                mutants=(False, "check that seeded faults are caught"))
    if not options.mutants:
        harness.need_tool("strace")
    random.seed(options.seed)
    with tempfile.TemporaryDirectory(prefix="hublet-killpoints-") as temporary:
        temporary = pathlib.Path(temporary)
        template = temporary / "template"
        harness.setup(options, template)
        if options.mutants:
            return 0 if catch_mutants(options, template, temporary) else 1
        all_points = points(options, template, temporary)
        actions = [f"error={error}" for error in ERRORS] if options.errors else ["signal=KILL"]
        cases = [(call, ordinal, action) for call, ordinal in all_points for action in actions]
        chosen = random.sample(cases, options.sample) if 0 < options.sample < len(cases) else cases
        fault = "fault=error" if options.errors else "fault=kill"
        passes = FAULT_PASSES if options.sample else range(1, MOST_PASSES)

        def run(case):
            call, ordinal, action = case
            code, lines, folder = run_at(options, template, temporary, call, ordinal, action, options.errors)
            problem = judge_error(call, action.split("=")[1], code, lines) if options.errors else None
            return case, problem or check(options, folder, lines), code

        def is_felt(result):
            _, _, code = result
            return code != harness.DONE

        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            results = list(pool.map(run, chosen))
            for name in FAULT_POINTS:
                # It is passed only so many times: what is behind the last pass is no case.
                for batch in batches(passes):
                    felt = list(filter(is_felt, pool.map(run, [(name, ordinal, fault) for ordinal in batch])))
                    results += felt
                    if not felt:
                        break
    broken = [(case, problem) for case, problem, _ in results if problem]
    hit = sum(map(is_felt, results))
    print(f"{len(all_points)} points, {len(results)} cases run, {hit} of them felt it, {len(broken)} broken")
    for (call, ordinal, action), problem in broken[:20]:
        print(f"{call} number {ordinal}, {action}: {problem}")
    # A case that nothing felt proves nothing: most kills must have killed.
    return 1 if broken or (not options.errors and hit < len(results) * 0.8) else 0


if __name__ == "__main__":
    sys.exit(main())
