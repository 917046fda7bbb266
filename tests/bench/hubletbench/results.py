# SPDX-License-Identifier: Apache-2.0
"""Collects what was measured and turns it into a table."""

import statistics
import sys
from dataclasses import dataclass, field
from pathlib import Path

from harness.environments import CannotMake


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

    def pairs(self, name: str, ours, yardstick) -> tuple[float, float]:
        """Runs both in turn, A B B A ..., and returns the medians of their values."""
        mine, theirs = [], []
        for round_ in range(self.rounds):
            order = [(ours, mine), (yardstick, theirs)]
            for run, values in order if round_ % 2 == 0 else reversed(order):
                values.append(run())
            print(f"  {name}: {mine[-1]:.4g} beside {theirs[-1]:.4g}", file=sys.stderr)
        return statistics.median(mine), statistics.median(theirs)

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
