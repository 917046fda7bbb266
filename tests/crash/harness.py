# SPDX-License-Identifier: Apache-2.0
"""What the crash tests share: the worker, its acknowledgements, loop-mounted file systems."""
import argparse
import ctypes
import fcntl
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile

SKIPPED = 77  # ctest: SKIP_RETURN_CODE
TIMEOUT_S = 60
IMAGE_BYTES = {"ext4": 192 << 20, "xfs": 320 << 20}  # a xorb is taken in only where a full one has room

# linux/fs.h: _IOR('X', 125, __u32); the flag drops everything that no sync has written, the journal too.
FS_IOC_SHUTDOWN = 0x8004587D
SHUTDOWN_NO_LOG_FLUSH = 2

# Exit codes of crash_worker.
DONE, BROKEN_PROMISE, CANNOT_RUN, STEPS_FAILED, LEAK = 0, 1, 2, 4, 5


def arguments(description, **options):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("worker", type=pathlib.Path, help="the program crash_worker")
    parser.add_argument("--seed", type=int, default=1)
    for name, (default, text) in options.items():
        name = "--" + name.replace("_", "-")
        if default is False:
            parser.add_argument(name, action="store_true", help=text)
        else:
            parser.add_argument(name, type=type(default), default=default, help=f"{text} (default {default})")
    options = parser.parse_args()
    options.worker = options.worker.resolve()
    return options


def skip(reason):
    print(f"SKIPPED: {reason}", flush=True)
    sys.exit(SKIPPED)


def need_tool(name):
    if not shutil.which(name):
        if os.environ.get("CI") == "true":
            sys.exit(f"{name} is not installed")
        skip(f"{name} is not installed")


def enter_private_mounts():
    """Goes on in a mount namespace of its own, so that nothing stays mounted whatever happens. Skips without root or loops."""
    if os.geteuid() != 0:
        skip("power cuts need root")
    if not os.path.exists("/dev/loop-control"):
        skip("power cuts need loop devices")
    need_tool("unshare")
    if os.environ.get("HUBLET_PRIVATE_MOUNTS") != "1":
        os.environ["HUBLET_PRIVATE_MOUNTS"] = "1"
        os.execvp("unshare", ["unshare", "--mount", "--propagation", "private", sys.executable, *sys.argv])


class LoopFileSystem:
    """A file system in an image file, mounted where nobody else sees it."""

    def __init__(self, folder, kind="ext4", size=None):
        self.kind = kind
        self.image = folder / "disk.img"
        self.mount_point = folder / "mnt"
        self.mount_point.mkdir()
        if not shutil.which(f"mkfs.{kind}"):
            skip(f"mkfs.{kind} is not installed")
        with open(self.image, "wb") as image:
            image.truncate(size or IMAGE_BYTES[kind])
        quiet = ["-q", "-E", "lazy_itable_init=0", "-m", "0"] if kind == "ext4" else ["-q"]
        subprocess.run([f"mkfs.{kind}", *quiet, self.image], check=True)
        self.mounted = False

    def mount(self):
        subprocess.run(["mount", "-o", "loop", self.image, self.mount_point], check=True)
        self.mounted = True
        # Without this a failed mount would cut the power of the real disk.
        assert os.stat(self.mount_point).st_dev != os.stat(self.image.parent).st_dev
        return self.mount_point / "data"

    def cut_power(self):
        folder = os.open(self.mount_point, os.O_RDONLY)
        try:
            fcntl.ioctl(folder, FS_IOC_SHUTDOWN, struct.pack("I", SHUTDOWN_NO_LOG_FLUSH))
        finally:
            os.close(folder)

    def unmount(self):
        if self.mounted:
            subprocess.run(["umount", self.mount_point], check=True)
            self.mounted = False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.mounted:
            subprocess.run(["umount", "-l", self.mount_point], check=False)


def die_with_parent():
    ctypes.CDLL("libc.so.6").prctl(1, 9)  # PR_SET_PDEATHSIG, SIGKILL


def start_worker(options, folder, *arguments, faults="", **popen):
    environment = dict(os.environ, HUBLET_FAULT=faults, QT_LOGGING_RULES="hublet.*=false")
    return subprocess.Popen([options.worker, "run", folder, "--seed", str(options.seed), *map(str, arguments)],
                            env=environment, preexec_fn=die_with_parent, **popen)


def setup(options, folder):
    subprocess.run([options.worker, "setup", folder], check=True, stderr=subprocess.DEVNULL, timeout=TIMEOUT_S)


def check(options, folder, acknowledged):
    """What crash_worker says about the folder: (exit code, text)."""
    with tempfile.NamedTemporaryFile("w", suffix=".ack") as lines:
        lines.write("".join(line + "\n" for line in acknowledged))
        lines.flush()
        done = subprocess.run([options.worker, "check", folder, "--seed", str(options.seed), "--acknowledged", lines.name],
                              capture_output=True, text=True, timeout=TIMEOUT_S, check=False,
                              env=dict(os.environ, QT_LOGGING_RULES="hublet.*=false"))
    return done.returncode, (done.stdout + done.stderr).strip()


def whole_lines(text):
    return text.split("\n")[:-1]
