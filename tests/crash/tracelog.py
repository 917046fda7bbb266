# SPDX-License-Identifier: Apache-2.0
"""Reads what `strace -f -y` writes into a list of calls."""
import dataclasses
import functools
import re

CALL = re.compile(r"^(\d+)\s+(\w+)\((.*)$")
RESUMED = re.compile(r"^(\d+)\s+<\.\.\. (\w+) resumed>(.*)$")
RESULT = re.compile(r"\)\s+= (-?\d+|\?)(?:<([^>]*)>)?(.*)$")
DESCRIPTOR = re.compile(r"(-?\d+|AT_FDCWD)<([^>]*)>")


@dataclasses.dataclass
class Call:
    thread: int
    name: str
    text: str  # arguments, without the result
    begin: int  # position in the log
    end: int  # position of the result; the same unless other threads were in between
    result: int | None  # None: the call did not return
    opened: str  # path of the descriptor it returned
    ordinal: int  # the how-many-th call of this name in this thread, from 1: what strace's `when=` counts

    @functools.cached_property
    def descriptors(self):
        """(number, path) of every descriptor among the arguments."""
        return DESCRIPTOR.findall(self.text)

    @functools.cached_property
    def path(self):
        """Path of the first descriptor."""
        return self.descriptors[0][1] if self.descriptors else ""

    @functools.cached_property
    def strings(self):
        return re.findall(r'"((?:[^"\\]|\\.)*)"', self.text)


def parse(lines):
    calls, open_calls, counts = [], {}, {}
    for position, line in enumerate(lines):
        started = CALL.match(line)
        if started:
            thread, name, rest = int(started[1]), started[2], started[3]
            ordinal = counts[thread, name] = counts.get((thread, name), 0) + 1
            call = Call(thread, name, rest, position, position, None, "", ordinal)
            calls.append(call)
            if rest.rstrip().endswith("<unfinished ...>"):
                call.text = rest.replace("<unfinished ...>", "")
                open_calls[thread] = call
                continue
        else:
            resumed = RESUMED.match(line)
            if not resumed or int(resumed[1]) not in open_calls:
                continue
            call = open_calls.pop(int(resumed[1]))
            call.text += resumed[3]
            call.end = position
        result = RESULT.search(call.text)
        if result and result[1] != "?":
            call.result = int(result[1])
            call.opened = result[2] or ""
            call.text = call.text[: result.start()]
    return calls
