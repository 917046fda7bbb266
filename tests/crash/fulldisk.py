#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fills a small file system and checks that the store on it can still be read and emptied (reliability T15)."""
import pathlib
import subprocess
import sys
import tempfile

import harness


def main():
    options = harness.arguments(__doc__)
    harness.enter_private_mounts()
    with tempfile.TemporaryDirectory(prefix="hublet-fulldisk-") as temporary:
        with harness.LoopFileSystem(pathlib.Path(temporary)) as disk:
            folder = disk.mount()
            harness.setup(options, folder)
            run = subprocess.run([options.worker, "full-disk", folder], capture_output=True, text=True, check=False,
                                 timeout=harness.TIMEOUT_S)
            (folder / "filler").unlink(missing_ok=True)
            code, text = harness.check(options, folder, [])
            disk.unmount()
    print(run.stdout + run.stderr if run.returncode else "a full disk can be read and emptied", text, sep="\n")
    return 1 if run.returncode or code else 0


if __name__ == "__main__":
    sys.exit(main())
