# SPDX-License-Identifier: Apache-2.0
"""Collects what was measured and turns it into a table."""

import statistics
import sys
from dataclasses import dataclass, field
from pathlib import Path

from harness.environments import CannotMake

MOST_TIME_TAKEN = 0.03  # of a round's processor time, by the host of a virtual machine


def processor_time() -> tuple[int, int]:
    """Ticks of all processors since the start: all of them, and those the host of this virtual machine gave to others."""
    fields = [int(text) for text in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    return sum(fields), fields[7]


def medians(rows: list[tuple]):
    """One number for rows of one number, else a tuple with the median of each column."""
    columns = tuple(statistics.median(column) for column in zip(*rows))
    return columns[0] if len(columns) == 1 else columns


@dataclass
class Results:
    rounds: int
    quick: bool
    hubletd: Path
    rows: list = field(default_factory=list)

    @property
    def environments(self) -> Path:
        """Where the clients of tests/clients are installed."""
        return self.hubletd.parents[1] / "clients"

    def program(self, name: str) -> Path:
        """One that is built beside hubletd."""
        path = self.hubletd.with_name(name)
        if not path.exists():
            raise CannotMake(f"{path} has not been built")
        return path

    def size(self, full: int, quick: int) -> int:
        return quick if self.quick else full

    def pairs(self, name: str, ours, yardstick):
        """Runs both in turn, A B B A ..., and returns the medians of what each measures: a number or a tuple of numbers.

        A round in which the host gave processor time of this virtual machine to others is measured again, up to as
        often as there are rounds: such time costs a program the more, the more cores it uses at once.
        """
        mine, theirs = [], []
        again = self.rounds
        while len(mine) < self.rounds:
            values = []
            order = [ours, yardstick] if len(mine) % 2 == 0 else [yardstick, ours]
            before = processor_time()
            for run in order:
                value = run()
                values.append(value if isinstance(value, tuple) else (value,))
            total, stolen = (after - earlier for after, earlier in zip(processor_time(), before))
            taken = stolen / max(total, 1)
            if order[0] is not ours:
                values.reverse()
            kept = taken <= MOST_TIME_TAKEN or again == 0
            print(f"  {name}: {values[0][0]:.4g} beside {values[1][0]:.4g}; the host took {taken:.0%} of the processors"
                  + ("" if kept else ": measured again"), file=sys.stderr)
            if kept:
                mine.append(values[0])
                theirs.append(values[1])
            else:
                again -= 1
        return medians(mine), medians(theirs)

    def ratio(self, what: str, unit: str, ours: float, yardstick_name: str, yardstick: float, at_least: float,
              beside: str = "") -> None:
        """`ours` and `yardstick` are rates: more is better. `beside`: what else the same rounds showed."""
        self._add(what, f"{ours:.3g} {unit}", f"{yardstick_name}: {yardstick:.3g} {unit}" + beside,
                  f"{ours / yardstick:.2f} ×", f"{at_least:g} ×", ours / yardstick >= at_least)

    def limit(self, what: str, unit: str, ours: float, at_most: float, beside: str = "–") -> None:
        self._add(what, f"{ours:.3g} {unit}", beside, "–", f"at most {at_most:g} {unit}", ours <= at_most)

    def _add(self, what: str, ours: str, yardstick: str, ratio: str, target: str, met: bool) -> None:
        self.rows.append({"what": what, "ours": ours, "yardstick": yardstick, "ratio": ratio, "target": target,
                          "met": met})
        print(f"{what}: {ours} ({yardstick}) {ratio}, target {target}: {'met' if met else 'MISSED'}", file=sys.stderr)

    def table(self) -> str:
        lines = ["| what | Hublet | yardstick | ratio | target | met |", "| --- | --- | --- | --- | --- | --- |"]
        for row in self.rows:
            lines.append("| {what} | {ours} | {yardstick} | {ratio} | {target} | {met} |".format(
                **{**row, "met": "yes" if row["met"] else "no"}))
        return "\n".join(lines)
