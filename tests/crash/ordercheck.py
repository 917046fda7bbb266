#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the order of the system calls behind every acknowledgement (reliability T3):

    last write of the file < sync of the file < its name < sync of the folder < write and sync of the database's log < answer

and for deletions: sync of the log < removal of the name. A power cut alone cannot prove the sync of the folder: the sync of
the log commits the file system's journal, and with it the folder.
"""
import copy
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import harness
import tracelog

CALLS = "openat,write,pwrite64,fsync,fdatasync,linkat,unlinkat,mkdirat"
PLACE = re.compile(r'([0-9a-f]{64})@([^\s"\\]+)')


def is_log(path):
    return path.endswith("db.sqlite-wal")


def last(calls, before, wanted):
    """The last call that satisfies `wanted` and ended before position `before`."""
    return next((call for call in reversed(calls) if call.end < before and wanted(call)), None)


def syncs(calls, path, after, before):
    return any(call.name in ("fsync", "fdatasync") and call.path == path and call.result == 0 and call.begin > after
               and call.end < before for call in calls)


def check_file(calls, path, answer):
    """What is wrong with the way of one file to its name, and the position from which on it is durable."""
    folder, name = os.path.split(path)
    link = last(calls, answer.begin, lambda call: call.name == "linkat" and call.result == 0 and name in call.strings)
    if not link:
        return "it was never named", 0
    source = link.strings[0]
    if source.startswith("/proc/self/fd/"):
        number = source.rsplit("/", 1)[1]
        opened = last(calls, link.begin, lambda call: call.name == "fsync" and call.descriptors
                      and call.descriptors[0][0] == number)
        staged = opened.path if opened else None
    else:
        staged = link.path + "/" + source
    written = staged and last(calls, link.begin, lambda call: call.name == "pwrite64" and call.path == staged)
    if not written or not syncs(calls, staged, written.end, link.begin):
        return "it was named before it was synced", 0
    later = next((call for call in calls if call.begin > written.end and call.name in ("pwrite64", "write")
                  and call.path in (staged, path)), None)
    if later:
        return "it was written after it was synced", 0
    synced = next((call for call in calls if call.name == "fsync" and call.path == folder and call.result == 0
                   and call.begin > link.end and call.end < answer.begin), None)
    if not synced:
        return "its folder was not synced between its name and the answer", 0
    for made in calls:
        if made.name == "mkdirat" and made.result == 0 and made.end < answer.begin and folder.endswith(made.strings[0]):
            parent = os.path.dirname(folder[: len(folder) - len(made.strings[0])] + made.strings[0])
            if not syncs(calls, parent, made.end, answer.begin):
                return "the folder of its folder was not synced", 0
    return None, synced.end


def check(calls):
    """(acknowledgements checked, sentences about broken order)."""
    problems, answers = [], 0
    durable = {}
    previous = -1
    for call in calls:
        if call.name == "unlinkat" and call.result == 0 and re.search(r'"(blobs|packs)/', call.text):
            committed = last(calls, call.begin, lambda c: c.name == "fdatasync" and is_log(c.path) and c.result == 0)
            if not committed or committed.begin < previous:
                problems.append(f"{call.strings[-1]} was removed before its row")
        if call.name != "write" or '"ack ' not in call.text:
            continue
        answers += 1
        for _, path in PLACE.findall(call.text):
            if path not in durable:
                problem, position = check_file(calls, path, call)
                if problem:
                    problems.append(f"{os.path.basename(path)[:12]}: {problem}")
                    continue
                durable[path] = position
            row = next((c for c in calls if c.name == "pwrite64" and is_log(c.path) and c.begin > durable[path]
                        and c.begin > previous and c.end < call.begin), None)
            if not row:
                problems.append(f"{os.path.basename(path)[:12]}: no row was written between its folder and the answer")
        unsynced = last(calls, call.begin, lambda c: c.name == "pwrite64" and is_log(c.path))
        if unsynced and not any(c.name == "fdatasync" and is_log(c.path) and c.result == 0 and c.begin > unsynced.end
                                and c.end < call.begin for c in calls):
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

    staged = lambda call: call.name == "fsync" and "/staging/" in call.path
    folder = lambda call: call.name == "fsync" and re.search(r"/(blobs/../..|packs/..)$", call.path)
    linked = lambda call: call.name == "linkat" and call.result == 0
    log = lambda call: call.name == "fdatasync" and is_log(call.path)
    answer = lambda call: call.name == "write" and '"ack upload' in call.text
    removal = lambda call: call.name == "unlinkat" and '"blobs/' in call.text

    yield "no sync of files", without(staged)
    yield "no sync of folders", without(folder)
    yield "no sync of the log", without(log)
    yield "failed sync of files", failing(staged)
    yield "failed sync of folders", failing(folder)
    yield "name before the sync of the file", moved(linked, lambda t, c: last(t, c.begin, staged).begin - 0.5)
    yield "sync of the folder before the name", moved(folder, lambda t, c: last(t, c.begin, linked).begin - 0.5)
    yield "answer before the sync of the log", moved(answer, lambda t, c: last(t, c.begin, log).begin - 0.5)
    yield "removal before the row", moved(removal, lambda t, c: last(t, c.begin, answer).end + 0.5)


def main():
    options = harness.arguments(__doc__, cycles=(12, "cycles to record"))
    harness.need_tool("strace")
    with tempfile.TemporaryDirectory(prefix="hublet-order-") as temporary:
        folder = pathlib.Path(temporary) / "data"
        harness.setup(options, folder)
        log = pathlib.Path(temporary) / "log"
        subprocess.run(["strace", "-f", "-y", "-s", "8192", "-e", f"trace={CALLS}", "-o", log, options.worker, "run", folder,
                        "--seed", str(options.seed), "--cycles", str(options.cycles)],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        # Only what concerns the store: the loader opens hundreds of files.
        calls = [call for call in tracelog.parse(log.read_text(errors="replace").splitlines())
                 if str(folder) in call.text or call.name == "linkat" or '"ack ' in call.text]
    answers, problems = check(calls)
    print(f"{answers} acknowledgements", *problems[:10], sep="\n")
    failed = bool(problems) or answers < 2 * options.cycles
    for name, trace in doctored(calls):
        _, found = check(trace)
        print(f"doctored, {name}: {'rejected: ' + found[0] if found else 'ACCEPTED'}")
        failed = failed or not found
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
