# SPDX-License-Identifier: Apache-2.0
"""What the server under test keeps for what was published. Standard library only."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

MIB = 1 << 20
TIMEOUT_SECONDS = 120


@dataclass(frozen=True)
class Storage:
    """Bytes of all commits of all packages: as clients see them, and on disk."""

    logical: int
    stored: int

    def __sub__(self, earlier: "Storage") -> "Storage":
        return Storage(self.logical - earlier.logical, self.stored - earlier.stored)

    def __str__(self) -> str:
        return (f"{self.stored / MIB:.1f} MiB stored for {self.logical / MIB:.1f} MiB logical: "
                f"{100 * self.stored / self.logical:.1f} %")


def storage() -> Storage:
    data = Path(os.environ["CLIENT_SHARED_FOLDER"]) / "data"
    output = subprocess.run([os.environ["CLIENT_HUBLETD"], "--data", data, "--json", "repository", "show", "hf-local"],
                            check=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=TIMEOUT_SECONDS).stdout
    known = json.loads(output)["storage"]
    return Storage(known["logicalBytes"], known["storedBytes"])
