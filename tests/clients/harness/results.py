# SPDX-License-Identifier: Apache-2.0
"""What the matrix found: on the terminal while it runs, and as one JSON file at the end."""

import json
import platform
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass
class Check:
    variation: str
    name: str
    outcome: str  # passed, failed or not offered
    seconds: float
    detail: str = ""


@dataclass
class ClientResult:
    client: str
    outcome: str = "passed"  # passed, failed or skipped
    reason: str = ""
    seconds: float = 0.0
    versions: dict[str, str] = field(default_factory=dict)
    checks: list[Check] = field(default_factory=list)

    def add_versions(self, versions: dict[str, str]) -> None:
        """Of one environment; where several have the same package its versions are listed."""
        for name, version in versions.items():
            known = self.versions.get(name, "").split(", ") if name in self.versions else []
            self.versions[name] = ", ".join(sorted({*known, version}))

    def add(self, check: Check) -> None:
        self.checks.append(check)
        if check.outcome == "failed":
            self.outcome = "failed"

    def count(self, outcome: str) -> int:
        return sum(check.outcome == outcome for check in self.checks)


def read_checks(file: Path, variation: str) -> list[Check]:
    if not file.exists():
        return []
    lines = (json.loads(line) for line in file.read_text(encoding="utf-8").splitlines())
    return [Check(variation, line["check"], line["outcome"], line["seconds"], line.get("detail", "")) for line in lines]


def print_check(check: Check) -> None:
    label = f"[{check.variation}] " if check.variation else ""
    measured = f": {check.detail}" if check.outcome == "passed" and check.detail else ""
    print(f"  {check.outcome:<11} {check.seconds:7.2f} s  {label}{check.name}{measured}", flush=True)
    if check.outcome == "failed":
        print("\n".join("      " + line for line in check.detail.splitlines()), flush=True)


def print_summary(results: list[ClientResult]) -> None:
    print("\nclient                         outcome  passed  failed  not offered  seconds")
    for result in results:
        print(f"{result.client:<30} {result.outcome:<8} {result.count('passed'):6}  {result.count('failed'):6}  "
              f"{result.count('not offered'):11}  {result.seconds:7.1f}")
        if result.outcome == "skipped":
            print(f"!!! SKIPPED: {result.client}: {result.reason}")


def write_report(file: Path, results: list[ClientResult]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    report = {
        "made": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "system": platform.platform(),
        "clients": [asdict(result) for result in results],
    }
    file.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
