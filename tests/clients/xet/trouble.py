# SPDX-License-Identifier: Apache-2.0
"""huggingface_hub with hf_xet when things go wrong in the middle of a transfer: tokens and addresses run out or are revoked,
the client or the server is killed, the store is another one than the client remembers. Each check has a server of its own,
behind a slow line."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import huggingface_hub

from checks import run_checks, same, true
from contents import digest, edited, random_bytes
from hubletd import Server
from slowproxy import SlowProxy

FILE_BYTES = 24_000_000
TOKEN_LIFE_SECONDS = 2
ADDRESS_LIFE_SECONDS = 2
RATE = 6_000_000  # bytes per second of the line: some four seconds for a file
MIDDLE_BYTES = FILE_BYTES // 3  # when so many have passed, a transfer is in full swing
CLIENT_TIMEOUT_SECONDS = 180
HUB_ID = "xet/trouble"
REPOSITORY_PATH = "/artifactory/api/huggingfaceml/hf-local"

UPLOAD = """
import sys, huggingface_hub
api = huggingface_hub.HfApi()
api.create_repo(sys.argv[1], exist_ok=True)
api.upload_file(path_or_fileobj=sys.argv[2], path_in_repo="large.bin", repo_id=sys.argv[1])
"""
DOWNLOAD = """
import shutil, sys, tempfile, huggingface_hub
with tempfile.TemporaryDirectory() as cache:
    shutil.copy(huggingface_hub.hf_hub_download(sys.argv[1], "large.bin", cache_dir=cache), sys.argv[2])
"""


class Line:
    """A server behind a slow line, and clients in front of it that share one home."""

    def __init__(self, folder: Path, settings: dict | None = None):
        self.folder = folder
        self.file = folder / "large.bin"
        self.fetched = folder / "fetched.bin"
        self.proxy = SlowProxy(RATE)
        self.server = Server(Path(os.environ["CLIENT_HUBLETD"]), folder / "server")
        self.settings = settings or {}
        self.clients = []
        self.start()

    def start(self) -> None:
        if not self.server.data.exists():
            self.server.start()
            self.server.stop()
        settings = {"allowedHosts": [f"127.0.0.1:{self.proxy.port}"], **self.settings}
        (self.server.data / "settings.json").write_text(json.dumps(settings))
        self.server.start()
        self.proxy.target = int(self.server.address.rsplit(":", 1)[1])

    def write(self, content: bytes) -> None:
        self.file.write_bytes(content)

    def client(self, script: str, path: Path) -> subprocess.Popen:
        environment = os.environ | {"HF_ENDPOINT": f"http://127.0.0.1:{self.proxy.port}{REPOSITORY_PATH}",
                                    "HF_TOKEN": self.server.token, "HF_HOME": str(self.folder / "home")}
        self.clients.append(subprocess.Popen([sys.executable, "-c", script, HUB_ID, str(path)], env=environment))
        return self.clients[-1]

    def upload(self) -> int:
        return self.client(UPLOAD, self.file).wait(CLIENT_TIMEOUT_SECONDS)

    def download(self) -> int:
        return self.client(DOWNLOAD, self.fetched).wait(CLIENT_TIMEOUT_SECONDS)

    def publish(self, content: bytes) -> None:
        self.write(content)
        same(self.upload(), 0, "end of the upload")

    def check_stored(self, content: bytes) -> None:
        """What a client gets, and what the server finds when it looks at all it has."""
        same(self.download(), 0, "end of the download")
        same(digest(self.fetched.read_bytes()), digest(content), "what was fetched")
        self.server.stop()
        self.server.verify()

    def run_into(self, client: subprocess.Popen, trouble, after_bytes: int = MIDDLE_BYTES) -> None:
        """Lets the transfer get going, then makes the trouble."""
        started = self.proxy.carried
        while self.proxy.carried - started < after_bytes:
            true(client.poll() is None, "the client ended before the trouble began")
            time.sleep(0.02)
        trouble()

    def kill_client(self, script: str, path: Path) -> None:
        client = self.client(script, path)
        self.run_into(client, lambda: client.send_signal(signal.SIGKILL))
        client.wait()

    def restart_killed(self) -> None:
        self.server.process.kill()
        self.server.process.wait()
        self.start()


@contextlib.contextmanager
def line(settings: dict | None = None):
    folder = Path(tempfile.mkdtemp(dir=os.environ["CLIENT_WORK_FOLDER"]))
    there = None
    try:
        there = Line(folder, settings)
        yield there
    finally:
        if there:
            for client in there.clients:
                client.kill()
            there.server.kill()
            there.proxy.close()
        shutil.rmtree(folder, ignore_errors=True)


def token_runs_out_in_mid_upload(content: bytes) -> None:
    """The client sees it coming and asks for another."""
    with line({"xetTokenSeconds": TOKEN_LIFE_SECONDS}) as there:
        there.publish(content)
        tokens = [target for target in there.proxy.targets if "/xet-write-token/" in target]
        true(len(tokens) > 1, "the client used one token to the end")
        there.check_stored(content)


def address_runs_out_in_mid_download(content: bytes) -> None:
    """The server ends, and the client finds that the addresses it has are too old: it must ask for new ones. It waits some
    seconds before it uses these, longer each time, so those of the new server live as long as they usually do."""
    with line({"xetUrlSeconds": ADDRESS_LIFE_SECONDS}) as there:
        there.publish(content)
        there.proxy.rate = FILE_BYTES / (3 * ADDRESS_LIFE_SECONDS)
        client = there.client(DOWNLOAD, there.fetched)
        there.settings = {}
        there.run_into(client, there.restart_killed, FILE_BYTES * 4 // 5)
        same(client.wait(CLIENT_TIMEOUT_SECONDS), 0, "end of the download")
        same(digest(there.fetched.read_bytes()), digest(content), "what was fetched")
        true(there.proxy.statuses[403] > 0, "no address was too old")


def token_is_revoked_in_mid_upload(content: bytes) -> None:
    """The client must end with an error, and nothing may be published."""
    with line() as there:
        there.write(content)
        client = there.client(UPLOAD, there.file)
        there.run_into(client, lambda: revoke(there.server))
        true(client.wait(CLIENT_TIMEOUT_SECONDS) != 0, "the upload went on without a right to")
        there.server.token = new_token(there.server)
        true(there.download() != 0, "something was published")
        there.publish(content)
        there.check_stored(content)


def client_is_killed_in_mid_upload(content: bytes) -> None:
    with line() as there:
        there.write(content)
        there.kill_client(UPLOAD, there.file)
        there.publish(content)
        there.check_stored(content)


def client_is_killed_in_mid_download(content: bytes) -> None:
    with line() as there:
        there.publish(content)
        there.kill_client(DOWNLOAD, there.fetched)
        there.check_stored(content)


def server_is_killed_in_mid_upload(content: bytes) -> None:
    """Whether the client tries again by itself or not: the next upload brings everything."""
    with line() as there:
        there.write(content)
        client = there.client(UPLOAD, there.file)
        there.run_into(client, there.restart_killed)
        if client.wait(CLIENT_TIMEOUT_SECONDS) != 0:
            same(there.upload(), 0, "end of the second upload")
        there.check_stored(content)


def server_is_killed_in_mid_download(content: bytes) -> None:
    with line() as there:
        there.publish(content)
        client = there.client(DOWNLOAD, there.fetched)
        there.run_into(client, there.restart_killed)
        client.wait(CLIENT_TIMEOUT_SECONDS)
        there.check_stored(content)


def store_is_another_one(content: bytes) -> None:
    """The client remembers that the server has all chunks of the first file. The server behind the address does not."""
    with line() as there:
        there.publish(content)
        there.server.stop()
        shutil.rmtree(there.server.folder)
        there.start()
        changed = edited(content, "another store")
        there.publish(changed)
        there.check_stored(changed)


def store_was_put_back(content: bytes) -> None:
    """The client remembers chunks that came after the backup from which the store was restored."""
    with line() as there:
        there.publish(random_bytes(1_000_000, "before the backup"))
        there.server.command("backup", str(there.folder / "backup"))
        there.publish(content)
        there.server.stop()
        shutil.rmtree(there.server.data)
        there.server.command("restore", str(there.folder / "backup"))
        there.start()
        changed = edited(content, "put back")
        there.publish(changed)
        there.check_stored(changed)


def revoke(server: Server) -> None:
    for token in server.command("token", "list"):
        server.command("token", "revoke", str(token["id"]))


def new_token(server: Server) -> str:
    return server.command("token", "create", server.user)["token"]


CHECKS = [token_runs_out_in_mid_upload, address_runs_out_in_mid_download, token_is_revoked_in_mid_upload,
          client_is_killed_in_mid_upload, client_is_killed_in_mid_download, server_is_killed_in_mid_upload,
          server_is_killed_in_mid_download, store_is_another_one, store_was_put_back]


if __name__ == "__main__":
    print(huggingface_hub.__version__)
    sys.exit(0 if run_checks(CHECKS, random_bytes(FILE_BYTES, "trouble")) else 1)
