#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the order of the system calls behind every acknowledgement (reliability T3):

    last write of the file < sync of the file < its name < sync of the folder < write and sync of the database's log < answer

and for deletions: sync of the log < removal of the name. That holds for blobs, packs and xorbs. A power cut alone cannot prove
the sync of the folder: the sync of the log commits the file system's journal, and with it the folder.
"""
import bisect
import collections
import copy
import math
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import harness
import tracelog

CALLS = "openat,write,pwrite64,fsync,fdatasync,linkat,unlinkat,mkdirat"
# Seeded faults that must be rejected.
MUTANTS = {"no sync of xorbs": "mutant.no-xorb-fsync=error",
           "blob removed before the commit": "mutant.blob-before-commit=error"}
MUTANT_CYCLES = 2  # hold every kind of step
STEPS_PER_CYCLE = 9  # at least
PLACE = re.compile(r'([0-9a-f]{64})@([^\s"\\]+)')


def is_log(path):
    return path.endswith("db.sqlite-wal")


class Trace:
    """The calls of one run, found by what they were about. All positions are those of the log."""

    def __init__(self, calls):
        self.calls = calls
        self.by_path = collections.defaultdict(list)  # (name of the call, path of its descriptor)
        self.links = collections.defaultdict(list)  # name given
        self.syncs_of_number = collections.defaultdict(list)  # number of the descriptor
        self.opened = collections.defaultdict(list)  # path opened
        self.made = {}  # path of a folder
        self.log_path = None
        for call in calls:
            if call.name == "linkat" and call.result == 0:
                self.links[call.strings[-1]].append(call)
            elif call.name == "mkdirat" and call.result == 0:
                self.made[os.path.join(call.path, call.strings[0])] = call
            elif call.name == "openat" and call.opened:
                self.opened[call.opened].append(call)
            elif call.path:
                self.by_path[call.name, call.path].append(call)
                if call.name == "fsync":
                    self.syncs_of_number[call.descriptors[0][0]].append(call)
                if is_log(call.path):
                    self.log_path = call.path

    def first(self, name, path, after, before):
        """The first successful call that began behind `after` and ended before `before`."""
        calls = self.by_path[name, path]
        start = bisect.bisect_right(calls, after, key=lambda call: call.begin)
        return next((call for call in calls[start:] if call.end < before and (call.result or 0) >= 0), None)

    def last(self, name, path, before):
        return last_before(self.by_path[name, path], before)

    def log_write(self, after, before):
        return self.first("pwrite64", self.log_path, after, before)

    def log_sync(self, after, before):
        return self.first("fdatasync", self.log_path, after, before)


def last_before(calls, before):
    """The last of `calls` that ended before the position."""
    stop = bisect.bisect_left(calls, before, key=lambda call: call.begin)
    return next((call for call in reversed(calls[:stop]) if call.end < before), None)


def check_file(trace, path, answer):
    """What is wrong with the way of one file to its name, and the position from which on it is durable."""
    folder, name = os.path.split(path)
    link = last_before(trace.links[name], answer.begin)
    if not link:
        return "it was never named", 0
    source = link.strings[0]
    if source.startswith("/proc/self/fd/"):
        sealed = last_before(trace.syncs_of_number[source.rsplit("/", 1)[1]], link.begin)
        staged = sealed.path if sealed else None
    else:
        staged = link.path + "/" + source
    written = staged and trace.last("pwrite64", staged, link.begin)
    if not written or not trace.first("fsync", staged, written.end, link.begin):
        return "it was named before it was synced", 0
    # A nameless file is called after its inode, and inodes of removed files are used again.
    reused = next((call.begin for call in trace.opened[staged] if call.begin > link.begin), math.inf)
    if trace.first("pwrite64", staged, link.begin, reused) or trace.first("pwrite64", path, link.begin, math.inf):
        return "it was written after it was named", 0
    synced = trace.first("fsync", folder, link.end, answer.begin)
    if not synced:
        return "its folder was not synced between its name and the answer", 0
    while folder in trace.made:
        made, folder = trace.made[folder], os.path.dirname(folder)
        if made.end < answer.begin and not trace.first("fsync", folder, made.end, answer.begin):
            return "the folder of its folder was not synced", 0
    return None, synced.end


def check(calls):
    """(acknowledgements checked, sentences about broken order)."""
    trace = Trace(calls)
    problems, answers, durable, previous = [], 0, {}, -1
    for call in calls:
        if call.name == "unlinkat" and call.result == 0 and re.search(r'"(blobs|packs|xorbs)/', call.text):
            durable.pop(os.path.join(call.path, call.strings[-1]), None)  # it may be made again
            if not trace.log_sync(previous, call.begin):
                problems.append(f"{call.strings[-1]} was removed before its row")
        if call.name != "write" or '"ack ' not in call.text:
            continue
        answers += 1
        for _, path in PLACE.findall(call.text):
            if path not in durable:
                problem, position = check_file(trace, path, call)
                if problem:
                    problems.append(f"{os.path.basename(path)[:12]}: {problem}")
                    continue
                durable[path] = position
            if not trace.log_write(max(durable[path], previous), call.begin):
                problems.append(f"{os.path.basename(path)[:12]}: no row was written between its folder and the answer")
        unsynced = trace.last("pwrite64", trace.log_path, call.begin)
        if unsynced and not trace.log_sync(unsynced.end, call.begin):
            problems.append("an answer was given before the log was synced")
        previous = call.end
    return answers, problems


def doctored(calls):
    """Traces of programs with one fault each, made from a good one."""

    def without(unwanted):
        return [call for call in calls if not unwanted(call)]

    def moved(wanted, to):
        """The first call that satisfies `wanted` is made at the position of the call `to` finds."""
        trace = [copy.copy(call) for call in calls]
        source = next(call for call in trace if wanted(call))
        position = to(trace, source)
        source.begin = source.end = position
        return sorted(trace, key=lambda call: call.begin)

    def failing(wanted):
        trace = [copy.copy(call) for call in calls]
        for call in trace:
            if wanted(call):
                call.result = -1
        return trace

    def previous(trace, source, wanted):
        return next(call for call in reversed(trace) if call.end < source.begin and wanted(call))

    def before(wanted):
        return lambda trace, source: previous(trace, source, wanted).begin - 0.5

    def after(wanted):
        return lambda trace, source: previous(trace, source, wanted).end + 0.5

    def staged(call):
        return call.name == "fsync" and "/staging/" in call.path

    def folder(call):
        return call.name == "fsync" and re.search(r"/(blobs/../..|packs/..|xorbs/..)$", call.path)

    def xorb_folder(call):
        return call.name == "fsync" and re.search(r"/xorbs/..$", call.path)

    def parent(call):
        return call.name == "fsync" and re.search(r"/blobs/..$", call.path)

    def linked(call):
        return call.name == "linkat" and call.result == 0

    def log(call):
        return call.name == "fdatasync" and is_log(call.path)

    def answer(call):
        return call.name == "write" and '"ack upload' in call.text

    def removal(call):
        return call.name == "unlinkat" and '"blobs/' in call.text

    def xorb_removal(call):
        return call.name == "unlinkat" and '"xorbs/' in call.text

    yield "no sync of files", without(staged)
    yield "no sync of folders", without(folder)
    yield "no sync of the folders of xorbs", without(xorb_folder)
    yield "no sync of the folders of folders", without(parent)
    yield "no sync of the log", without(log)
    yield "failed sync of files", failing(staged)
    yield "failed sync of folders", failing(folder)
    yield "name before the sync of the file", moved(linked, before(staged))
    yield "sync of the folder before the name", moved(folder, before(linked))
    yield "answer before the sync of the log", moved(answer, before(log))
    yield "removal before the row", moved(removal, after(answer))
    yield "removal of a xorb before the row", moved(xorb_removal, after(answer))


def record(options, cycles, faults=""):
    """The calls of a run that concern the store: the loader opens hundreds of other files."""
    with tempfile.TemporaryDirectory(prefix="hublet-order-") as temporary:
        folder = pathlib.Path(temporary) / "data"
        harness.setup(options, folder)
        log = pathlib.Path(temporary) / "log"
        subprocess.run(["strace", "-f", "-y", "--seccomp-bpf", "-s", "8192", "-e", f"trace={CALLS}", "-o", log,
                        options.worker, "run", folder, "--seed", str(options.seed), "--cycles", str(cycles)],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       env=dict(os.environ, HUBLET_FAULT=faults))
        return [call for call in tracelog.parse(log.read_text(errors="replace").splitlines())
                if str(folder) in call.text or call.name == "linkat" or '"ack ' in call.text]


def main():
    options = harness.arguments(__doc__, cycles=(12, "cycles to record"))
    harness.need_tool("strace")
    calls = record(options, options.cycles)
    answers, problems = check(calls)
    print(f"{answers} acknowledgements", *problems[:10], sep="\n")
    failed = bool(problems) or answers < STEPS_PER_CYCLE * options.cycles

    def must_be_rejected(name, trace):
        nonlocal failed
        _, found = check(trace)
        print(f"{name}: {'rejected: ' + found[0] if found else 'ACCEPTED'}")
        failed = failed or not found

    for name, trace in doctored(calls):
        must_be_rejected(f"doctored, {name}", trace)
    for name, faults in MUTANTS.items():
        must_be_rejected(f"mutant, {name}", record(options, MUTANT_CYCLES, faults))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
