# SPDX-License-Identifier: Apache-2.0
"""What the commands of `hubletd` do, print and exit with.

    commands.py <hubletd> alone|beside

`alone`: each command opens the data folder itself. `beside`: a server holds the folder and does the work."""

import fcntl
import hashlib
import json
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import termios
import time
import unittest
import urllib.error
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "support" / "python"))
from hubletd import Server  # noqa: E402

PROGRAM = Path(sys.argv[1])
BESIDE = sys.argv[2] == "beside"
TIMEOUT_SECONDS = 60
WEIGHTS = b"w" * 1000
FEW_FILES = 256
DONE, FAILED, USAGE, NOT_FOUND, EXISTS, DAMAGED, BUSY, REFUSED = range(8)
NOBODY = 65534


def publish(server: Server, repository: str, package: str, path: str, content: bytes) -> None:
    """One commit with one inline file, as the Hub's clients send it."""
    import base64

    lines = [
        {"key": "header", "value": {"summary": "from a test"}},
        {"key": "file", "value": {"path": path, "content": base64.b64encode(content).decode(), "encoding": "base64"}},
    ]
    request = urllib.request.Request(
        f"{server.address}/artifactory/api/huggingfaceml/{repository}/api/models/{package}/commit/main",
        data="\n".join(json.dumps(line) for line in lines).encode(),
        headers={"Authorization": f"Bearer {server.token}", "Content-Type": "application/x-ndjson"},
    )
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
        assert answer.status == 200


class Commands(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="hubletd-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.server = Server(PROGRAM, self.folder)
        # Few open files at first, so that it shows whether the server asks for more.
        resource.setrlimit(resource.RLIMIT_NOFILE, (FEW_FILES, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
        self.server.start()
        self.addCleanup(self.server.kill)
        publish(self.server, "hf-local", "acme/tiny", "weights.bin", WEIGHTS)
        if not BESIDE:
            self.server.stop()

    def run_command(self, *words, expect=DONE, data=None, typed=""):
        result = subprocess.run(
            [PROGRAM, "--data", self.server.data if data is None else data, *words], input=typed, capture_output=True, text=True,
            timeout=TIMEOUT_SECONDS, cwd=self.folder)
        self.assertEqual(result.returncode, expect, f"{words}: {result.stdout}{result.stderr}")
        return result

    def json_of(self, *words, **options):
        return json.loads(self.run_command("--json", *words, **options).stdout)

    def status_with(self, token):
        request = urllib.request.Request(f"{self.server.address}/api/whoami-v2", headers={"Authorization": f"Bearer {token}"})
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
                return answer.status
        except urllib.error.HTTPError as refusal:
            return refusal.code

    def test_repositories(self):
        created = self.json_of("repository", "create", "hf-team", "--description", "Team", "--quota", "1000000")
        self.assertEqual((created["key"], created["description"], created["quotaBytes"]), ("hf-team", "Team", 1000000))
        self.json_of("repository", "create", "hf-team", expect=EXISTS)
        self.json_of("repository", "create", "no/slash", expect=USAGE)
        wrong = self.json_of("repository", "create", "x", "--layout", "imaginary", expect=USAGE)
        self.assertIn("not 'imaginary'", wrong["error"]["message"])
        for rclass in ("imaginary", "remote", "virtual"):
            wrong = self.json_of("repository", "create", "x", "--class", rclass, expect=USAGE)
            self.assertEqual(wrong["error"], {"code": "InvalidArgument", "message": f"--class is 'local', not '{rclass}'."})
        self.json_of("repository", "create", "x", "--description", "two\nlines", expect=USAGE)
        self.assertEqual([r["key"] for r in self.json_of("repository", "list")], ["hf-local", "hf-team"])
        changed = self.json_of("repository", "change", "hf-team", "--create-on-deploy", "off")
        self.assertEqual((changed["createOnDeploy"], changed["description"]), (False, "Team"))
        self.json_of("repository", "change", "hf-team", "--xet", "perhaps", expect=USAGE)
        shown = self.json_of("repository", "show", "hf-local")
        self.assertEqual(shown["packages"], 1)
        self.assertGreaterEqual(shown["logicalBytes"], 1000)
        self.assertIn("1 package, ", self.run_command("repository", "show", "hf-local").stdout)
        self.assertIn("Xet on", self.run_command("repository", "show", "hf-team").stdout)
        self.assertEqual((shown["toConvert"]["contents"], shown["toConvert"]["bytes"]), (0, 0))
        self.assertEqual(self.json_of("repository", "stop-conversion", "hf-local")["stopped"], "hf-local")
        self.assertEqual(self.json_of("repository", "resume-conversion", "hf-local")["resumed"], "hf-local")
        self.json_of("repository", "resume-conversion", "hf-nowhere", expect=NOT_FOUND)
        refused = self.json_of("repository", "delete", "hf-local", expect=EXISTS)
        self.assertIn("--confirm hf-local", refused["error"]["message"])
        self.assertEqual(self.json_of("repository", "show", "hf-local")["packages"], 1)
        self.json_of("repository", "delete", "hf-local", "--confirm", "hf-local")
        self.json_of("repository", "delete", "hf-team", "--confirm", "wrong", expect=EXISTS)
        self.json_of("repository", "delete", "hf-team")
        self.json_of("repository", "show", "hf-team", expect=NOT_FOUND)
        self.assertEqual(self.json_of("repository", "list"), [])

    def test_conversions(self):
        key = "hf-local"
        turned = self.run_command("repository", "change", key, "--xet", "off").stdout
        quotas = self.run_command("repository", "change", key, "--quota", "1000000").stdout
        self.assertNotIn("convert", quotas)
        if BESIDE:
            self.assertIn("is being converted", turned)
            self.assertIn("is being converted", self.run_command("repository", "resume-conversion", key).stdout)
            self.assertIn("Nothing of", self.run_command("repository", "stop-conversion", key).stdout)
        else:
            self.assertIn("will be converted when Hublet serves", turned)
            resumed = self.run_command("repository", "resume-conversion", key).stdout
            self.assertIn("will be converted when Hublet serves", resumed)
            self.assertEqual(self.json_of("repository", "show", key)["toConvert"]["contents"], 1)
        self.assertFalse(self.json_of("repository", "show", key)["toConvert"]["underWay"])

    def test_accounts(self):
        kim = self.json_of("user", "create", "kim", "--email", "kim@example.org", "--password-stdin", typed="correct horse\n")
        self.assertTrue(kim["hasPassword"])
        self.assertFalse(kim["admin"])
        self.json_of("user", "create", "kim", expect=EXISTS)
        self.json_of("user", "create", "lee", "--password-stdin", expect=USAGE)
        self.json_of("user", "change", "kim", "--password-stdin", typed="without a line feed")
        self.json_of("user", "change", "kim", "--password-stdin", typed="\n", expect=USAGE)
        self.json_of("user", "change", "kim", "--admin", "--no-admin", expect=USAGE)
        self.json_of("user", "change", "kim", expect=USAGE)
        self.json_of("user", "change", self.server.user, "--no-admin", expect=EXISTS)
        self.json_of("user", "delete", self.server.user, expect=EXISTS)
        self.assertTrue(next(u for u in self.json_of("user", "list") if u["name"] == "kim")["hasPassword"])
        self.json_of("group", "create", "vision")
        self.json_of("group", "add", "vision", "kim")
        self.json_of("group", "add", "vision", "nobody", expect=NOT_FOUND)
        members = {g["name"]: g["members"] for g in self.json_of("group", "list")}
        self.assertEqual(members["vision"], ["kim"])
        self.json_of("group", "remove", "vision", "kim")
        self.json_of("group", "delete", "vision")
        self.assertTrue(self.json_of("user", "change", "kim", "--admin")["admin"])
        self.json_of("user", "delete", "kim")
        self.assertEqual([u["name"] for u in self.json_of("user", "list")], [self.server.user])

    def test_permissions(self):
        self.json_of("user", "create", "ci")
        made = self.json_of("permission", "create", "publish", "--repositories", "hf-local", "--include", "models/acme/**",
                            "--users", "ci=READ+WRITE")
        self.assertEqual(sorted(made["users"]["ci"]), ["READ", "WRITE"])
        self.json_of("permission", "change", "publish", "--users", "ci=FLY", expect=USAGE)
        self.json_of("permission", "change", "publish", "--anonymous-read", "perhaps", expect=USAGE)
        changed = self.json_of("permission", "change", "publish", "--anonymous-read", "on")
        self.assertEqual((changed["anonymousRead"], changed["include"]), (True, ["models/acme/**"]))
        self.json_of("permission", "change", "unknown", "--include", "**", expect=NOT_FOUND)
        self.json_of("permission", "change", "publish", expect=USAGE)
        self.json_of("permission", "create", "typo", "--repositories", "hf-lokal", expect=NOT_FOUND)
        self.json_of("permission", "create", "typo", "--repositories", "ANYTHING", expect=NOT_FOUND)
        self.json_of("permission", "create", "typo", "--repositories", "ANY WHERE", expect=USAGE)
        self.json_of("permission", "change", "publish", "--repositories", "hf-local,hf-*", expect=USAGE)
        for option, grants in (("--users", "ci=READ,CI=WRITE"), ("--groups", "readers=READ,readers=READ")):
            twice = self.json_of("permission", "change", "publish", option, grants, expect=USAGE)
            self.assertIn("named twice", twice["error"]["message"])
        for words in ("ANY", "ANY REMOTE,hf-local"):
            self.json_of("permission", "change", "publish", "--repositories", words)
        self.json_of("permission", "create", "all", "--repositories", "ANY LOCAL")
        self.json_of("permission", "delete", "all")
        self.json_of("permission", "delete", "publish")
        self.assertNotIn("publish", [p["name"] for p in self.json_of("permission", "list")])

    def test_anonymous(self):
        here, everywhere = {"anonymous": True, "from": "machine"}, {"anonymous": True, "from": "everywhere"}
        self.assertEqual(self.json_of("anonymous", "show"), here)
        self.assertEqual(self.json_of("anonymous", "off"), {"anonymous": False, "from": "off"})
        self.assertEqual(self.json_of("anonymous", "everywhere"), everywhere)
        self.assertEqual(self.json_of("anonymous", "show"), everywhere)
        self.assertEqual(self.json_of("anonymous", "on"), here)
        self.assertEqual(self.json_of("anonymous", "machine"), here)
        self.json_of("anonymous", "nowhere", expect=USAGE)

    def test_tokens(self):
        made = self.json_of("token", "create", self.server.user, "--name", "laptop", "--role", "read", "--days", "1")
        self.assertRegex(made["token"], r"^hf_[0-9A-Za-z]{34}$")
        self.json_of("token", "create", "nobody", expect=NOT_FOUND)
        self.json_of("token", "create", self.server.user, "--role", "boss", expect=USAGE)
        self.json_of("token", "create", self.server.user, "--repository", "nope", expect=NOT_FOUND)
        self.json_of("token", "list", "--user", "nope", expect=NOT_FOUND)
        listed = self.run_command("--json", "token", "list").stdout
        self.assertIn('"laptop"', listed)
        self.assertNotIn(made["token"], listed)
        if BESIDE:
            self.assertEqual(self.status_with(made["token"]), 200)
        self.json_of("token", "revoke", str(made["id"]))
        if BESIDE:
            self.assertEqual(self.status_with(made["token"]), 401)
        self.json_of("token", "revoke", str(made["id"]), expect=NOT_FOUND)

    @unittest.skipUnless(BESIDE, "no server runs")
    def test_may_open_as_many_files_as_the_system_allows(self):
        limits = Path(f"/proc/{self.server.process.pid}/limits").read_text()
        soft, hard = re.search(r"Max open files\s+(\S+)\s+(\S+)", limits).groups()
        self.assertEqual(soft, hard)
        self.assertNotEqual(soft, str(FEW_FILES))

    def test_verify_names_what_is_damaged(self):
        self.assertEqual(self.json_of("verify")["damaged"], [])
        stored = next(file for file in (self.server.data / "store").rglob("*")
                      if file.is_file() and WEIGHTS in file.read_bytes())
        content = bytearray(stored.read_bytes())
        content[content.index(WEIGHTS)] ^= 1
        stored.chmod(0o640)
        stored.write_bytes(content)
        report = self.json_of("verify", expect=DAMAGED)
        self.assertEqual([d["sha256"] for d in report["damaged"]], [hashlib.sha256(WEIGHTS).hexdigest()])
        self.assertIn("weights.bin", " ".join(report["damaged"][0]["files"]))
        self.assertIn("1 of the stored contents is damaged", self.run_command("status").stdout)

    def test_sweep_and_status(self):
        self.assertTrue(self.json_of("sweep", "--dry-run")["dryRun"])
        self.assertEqual(self.json_of("sweep")["contents"], 0)
        status = self.json_of("status")
        self.assertEqual((status["store"]["readOnly"], status["store"]["readOnlyReason"]), (False, ""))
        self.assertEqual((status["repositories"], status["packages"], status["serving"]), (1, 1, BESIDE))
        self.assertEqual(status["address"].rstrip("/") if BESIDE else "", self.server.address if BESIDE else "")

    def test_backup_and_restore(self):
        self.json_of("backup", "today.hublet")  # relative to where the command runs
        self.assertTrue((self.folder / "today.hublet").is_file())
        self.json_of("backup", "today.hublet", expect=EXISTS)
        self.json_of("backup", "--", "other.hublet")
        self.assertTrue((self.folder / "other.hublet").is_file())
        self.json_of("backup", "", expect=USAGE)
        self.run_command("restore", "today.hublet", data="", expect=USAGE)
        (self.folder / "text.hublet").write_text("no bundle")
        wrong = self.json_of("restore", "text.hublet", data=self.folder / "never", expect=DAMAGED)
        self.assertIn("not a Hublet bundle", wrong["error"]["message"])
        restored = self.json_of("restore", "today.hublet", data="./restored")
        self.assertEqual(restored["dataFolder"], str(self.folder.resolve() / "restored"))
        self.assertEqual(self.json_of("verify", data=self.folder / "restored")["damaged"], [])
        self.assertEqual(self.json_of("repository", "show", "hf-local", data=self.folder / "restored")["packages"], 1)
        wrong = self.json_of("restore", "today.hublet", data=self.folder / "restored", expect=EXISTS)
        self.assertIn(str(self.folder / "restored"), wrong["error"]["message"])
        bundle = bytearray((self.folder / "today.hublet").read_bytes())
        (self.folder / "cut.hublet").write_bytes(bundle[: len(bundle) // 2])
        self.assertNotEqual(subprocess.run([PROGRAM, "--data", self.folder / "broken", "restore", "cut.hublet"],
                                           cwd=self.folder, capture_output=True).returncode, DONE)

    def test_backup_of_damage(self):
        self.json_of("backup", "sound.hublet")
        self.json_of("restore", "sound.hublet", data=self.folder / "hurt")
        for stored in (self.folder / "hurt/store").glob("*/**/*"):
            if stored.is_file():
                stored.chmod(0o600)
                content = bytearray(stored.read_bytes())
                content[8] ^= 1  # behind the header, where there is one
                stored.write_bytes(content)
        written = self.json_of("backup", "hurt.hublet", data=self.folder / "hurt", expect=DAMAGED)
        self.assertTrue(written["damaged"])
        self.assertTrue(any(damage["files"] for damage in written["damaged"]))
        self.assertTrue((self.folder / "hurt.hublet").is_file())
        restored = self.json_of("restore", "hurt.hublet", data=self.folder / "restored-hurt")
        self.assertEqual(restored["damaged"], len(written["damaged"]))
        self.json_of("verify", data=self.folder / "restored-hurt", expect=DAMAGED)

    def test_help_and_wrong_command_lines(self):
        self.assertIn("repository create", self.run_command("--help").stdout)
        self.assertIn("--quota", self.run_command("repository", "create", "--help").stdout)
        self.assertIn("user delete", self.run_command("user", "--help").stdout)
        self.assertRegex(self.run_command("--version").stdout, r"^hubletd \d+\.\d+\.\d+$")
        self.run_command(expect=USAGE)
        self.assertIn("repository create", self.run_command("help").stdout)
        self.assertIn("--quota", self.run_command("help", "repository", "create").stdout)
        self.assertIn("repository show", self.run_command("repository", expect=USAGE).stderr)
        self.assertIn("option -x", self.run_command("status", "-x", expect=USAGE).stderr)
        self.run_command("serve", "--address", "bogus", expect=USAGE)
        for words in (["fly", "--help"], ["--help", "fly"], [""], ["", "--help"]):
            said = self.run_command(*words, expect=USAGE)
            named = "fly" if "fly" in words else ""
            self.assertEqual(said.stdout + said.stderr,
                             f"There is no command '{named}'. 'hubletd --help' lists all of them.\n")
        for words in ([], ["--data"], ["--data="], ["fly"], ["user", "fly"], ["user", "create"], ["user", "create", "a", "b"],
                      ["verify", "--fast"]):
            answer = self.json_of(*words, expect=USAGE)
            self.assertTrue(answer["error"]["message"], words)

    def test_hints_name_the_data_folder(self):
        hubletd = f"hubletd --data '{self.server.data}'"
        self.assertIn(f"{hubletd} token create kim", self.run_command("user", "create", "kim").stdout)
        self.assertIn(f"{hubletd} token list", self.run_command("token", "revoke", "x", expect=USAGE).stderr)
        said = self.run_command("status", data=self.folder / "it's", expect=NOT_FOUND).stderr
        self.assertIn(f"'hubletd --data '{self.folder}/it'\\''s' serve'", said)
        answer = subprocess.run([PROGRAM, "status"], capture_output=True, text=True, timeout=TIMEOUT_SECONDS,
                                env=os.environ | {"HUBLET_DATA": "", "XDG_DATA_HOME": str(self.folder / "home")})
        self.assertIn("'hubletd serve'", answer.stderr)

    def test_a_password_is_one_line(self):
        asking = subprocess.Popen([PROGRAM, "--data", self.server.data, "user", "create", "kim", "--password-stdin"],
                                  stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        self.addCleanup(asking.stdin.close)
        asking.stdin.write(b"correct horse\n")
        asking.stdin.flush()  # and it stays open
        self.assertEqual(asking.wait(TIMEOUT_SECONDS), DONE)

    def ask_at_a_terminal(self):
        """The program that waits for a password, and the user's end of the terminal that it waits at."""
        user, terminal = os.openpty()
        self.addCleanup(os.close, user)
        self.addCleanup(os.close, terminal)
        asking = subprocess.Popen([PROGRAM, "--data", self.server.data, "user", "create", "kim", "--password-stdin"],
                                  stdin=terminal, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                  preexec_fn=lambda: (os.setsid(), fcntl.ioctl(0, termios.TIOCSCTTY, 0)))
        self.addCleanup(asking.wait)
        self.addCleanup(asking.kill)
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while self.echoes(terminal):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)
        return asking, user, terminal

    @staticmethod
    def echoes(terminal):
        return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)

    def test_a_terminal_does_not_show_passwords(self):
        asking, user, terminal = self.ask_at_a_terminal()
        os.write(user, b"correct horse\n")
        self.assertEqual(asking.wait(TIMEOUT_SECONDS), DONE)
        self.assertTrue(self.echoes(terminal))
        self.assertTrue(next(u for u in self.json_of("user", "list") if u["name"] == "kim")["hasPassword"])

    def test_a_terminal_is_left_as_it_was(self):
        asking, user, terminal = self.ask_at_a_terminal()
        os.write(user, b"correct \x03")
        self.assertEqual(asking.wait(TIMEOUT_SECONDS), -signal.SIGINT)
        self.assertTrue(self.echoes(terminal))

    def test_only_serve_makes_a_data_folder(self):
        typo = self.folder / "typo"
        for words in (["status"], ["verify"], ["token", "list"], ["user", "create", "kim"]):
            self.json_of(*words, data=typo, expect=NOT_FOUND)
            self.assertFalse(typo.exists(), words)
        with socket.create_server(("127.0.0.1", 0)) as taken:
            answer = self.run_command("serve", "--address", "127.0.0.1", "--port", str(taken.getsockname()[1]), data=typo,
                                      expect=BUSY)
        self.assertRegex(answer.stdout, r"token     hf_\w+")  # made, and so shown
        self.assertEqual(self.run_command("status", data=typo).stderr, "")

    def test_damaged_settings_are_damage(self):
        broken = self.folder / "broken"
        shutil.copytree(self.server.data, broken, ignore=shutil.ignore_patterns("*.sock"))
        (broken / "settings.json").write_text("{")
        answer = self.json_of("status", data=broken, expect=DAMAGED)
        self.assertIn(str(broken / "settings.json"), answer["error"]["message"])

    def test_output_that_cannot_be_written_is_a_failure(self):
        fresh = self.folder / "fresh"
        for words in (["token", "create", self.server.user], ["--json", "token", "create", self.server.user], ["--help"]):
            with open("/dev/full", "w") as full:
                result = subprocess.run([PROGRAM, "--data", self.server.data, *words], stdout=full, stderr=subprocess.PIPE,
                                        text=True, timeout=TIMEOUT_SECONDS)
            self.assertEqual(result.returncode, FAILED, words)
            self.assertIn("cannot be written", result.stderr)
        closed = subprocess.run(["sh", "-c", 'exec "$0" "$@" >&-', PROGRAM, "--data", self.server.data, "token", "create",
                                 self.server.user], stderr=subprocess.PIPE, text=True, timeout=TIMEOUT_SECONDS)
        self.assertEqual(closed.returncode, FAILED)
        self.assertIn("cannot be written", closed.stderr)
        with open("/dev/full", "w") as full:
            result = subprocess.run([PROGRAM, "--data", fresh, "serve", "--port", "0"], stdout=full, stderr=subprocess.PIPE,
                                    text=True, timeout=TIMEOUT_SECONDS)
        self.assertEqual(result.returncode, FAILED)
        self.assertIn("the next start makes new ones", result.stderr)
        self.assertRegex(self.run_command("status", data=fresh).stderr, r"token     hf_\w+")

    @unittest.skipIf(BESIDE, "the folder's server runs")
    def test_serve_says_why_it_cannot_start(self):
        answer = self.run_command("serve", "--port", "0", "--address", "203.0.113.77", expect=FAILED)
        self.assertIn("Cannot listen on 203.0.113.77", answer.stderr)
        foreign = self.folder / "foreign"
        foreign.mkdir(0o755)
        (foreign / "thesis.odt").touch()
        answer = self.run_command("serve", "--port", "0", data=foreign, expect=EXISTS)
        self.assertIn(str(foreign), answer.stderr)
        self.assertEqual((os.listdir(foreign), foreign.stat().st_mode & 0o777), (["thesis.odt"], 0o755))

    def test_a_folder_out_of_reach_is_not_called_empty(self):
        closed = self.folder / "closed"
        closed.mkdir(0o000)
        if os.geteuid() == 0:
            os.chown(closed, NOBODY, -1)
        self.json_of("status", data=closed, expect=REFUSED)
        self.json_of("restore", "today.hublet", data=closed, expect=REFUSED)

    @unittest.skipIf(BESIDE, "the folder's server runs")
    def test_serves_at_every_address(self):
        serving = subprocess.Popen([PROGRAM, "--data", self.server.data, "--json", "serve", "--port", "0",
                                    "--address", "0.0.0.0,127.0.0.1,0.0.0.0"], stdout=subprocess.PIPE, text=True)
        self.addCleanup(serving.stdout.close)
        self.addCleanup(serving.wait, TIMEOUT_SECONDS)
        self.addCleanup(serving.terminate)
        told = json.loads(serving.stdout.readline())["address"]
        port = told.rsplit(":", 1)[1]
        self.assertNotIn("0.0.0.0", told)

        def status_at(address, host):
            request = urllib.request.Request(f"{address}/api/whoami-v2", headers={
                "Authorization": f"Bearer {self.server.token}", "Host": host})
            try:
                with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
                    return answer.status
            except urllib.error.HTTPError as error:
                return error.code

        self.assertEqual(status_at(told, told.removeprefix("http://")), 200)
        self.assertEqual(status_at(f"http://127.0.0.1:{port}", f"127.0.0.1:{port}"), 200)
        self.assertEqual(status_at(f"http://127.0.0.1:{port}", f"0.0.0.0:{port}"), 421)

    @unittest.skipUnless(BESIDE, "no server runs")
    def test_finds_the_server_whatever_the_environment(self):
        link = self.folder / "link"
        link.symlink_to(self.server.data)
        with tempfile.TemporaryDirectory() as runtime:
            answer = subprocess.run([PROGRAM, "--data", link, "--json", "status"], capture_output=True, text=True,
                                    timeout=TIMEOUT_SECONDS, env={**os.environ, "XDG_RUNTIME_DIR": runtime})
        self.assertEqual(answer.returncode, DONE, answer.stdout + answer.stderr)
        self.assertTrue(json.loads(answer.stdout)["serving"])

    @unittest.skipUnless(BESIDE, "no server runs")
    def test_does_not_wait_for_a_server_that_hangs(self):
        self.server.process.send_signal(signal.SIGSTOP)
        try:
            answer = self.json_of("status", expect=BUSY)
        finally:
            self.server.process.send_signal(signal.SIGCONT)
        self.assertIn(f"process {self.server.process.pid}", answer["error"]["message"])

    @unittest.skipUnless(BESIDE, "no server runs")
    def test_a_signal_cancels(self):
        self.server.process.send_signal(signal.SIGSTOP)
        try:
            waiting = subprocess.Popen([PROGRAM, "--data", self.server.data, "--json", "verify"], stdout=subprocess.PIPE)
            time.sleep(1)  # until it waits; sooner would only end it sooner
            began = time.monotonic()
            waiting.terminate()
            said = waiting.communicate(timeout=TIMEOUT_SECONDS)[0]
        finally:
            self.server.process.send_signal(signal.SIGCONT)
        self.assertEqual((waiting.returncode, json.loads(said)["error"]["code"]), (FAILED, "Cancelled"))
        self.assertLess(time.monotonic() - began, 5)

    @unittest.skipIf(BESIDE, "a server takes the command")
    def test_names_the_command_that_has_the_folder(self):
        with (self.server.data / "hublet.lock").open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            answer = self.json_of("status", expect=BUSY)
        self.assertIn("Another Hublet (process ", answer["error"]["message"])

    def test_long_folder_names(self):
        if BESIDE:
            return
        server = Server(PROGRAM, self.folder / ("long" * 30))
        server.start()
        self.addCleanup(server.kill)
        self.assertTrue(self.json_of("status", data=server.data)["serving"])
        server.stop()

    @unittest.skipIf(BESIDE, "the server greets in text")
    def test_serve_speaks_json(self):
        serving = subprocess.Popen([PROGRAM, "--data", self.folder / "new", "--json", "serve", "--port", "0"],
                                   stdout=subprocess.PIPE, text=True)
        self.addCleanup(serving.stdout.close)
        self.assertRegex(json.loads(serving.stdout.readline())["firstRun"]["token"], "^hf_")
        self.assertRegex(json.loads(serving.stdout.readline())["address"], "^http://")
        serving.terminate()
        self.assertEqual(serving.wait(TIMEOUT_SECONDS), DONE)

    def test_second_server_is_refused(self):
        if BESIDE:
            answer = self.run_command("serve", "--port", "0", expect=BUSY)
            self.assertIn(str(self.server.data), answer.stderr)
        else:
            with socket.create_server(("127.0.0.1", 0)) as taken:
                port = str(taken.getsockname()[1])
                answer = self.run_command("serve", "--address", "127.0.0.1", "--port", port, expect=BUSY)
                self.assertIn(port, answer.stderr)

    def test_serve_ends_within_five_seconds(self):
        if not BESIDE:
            self.server.start()
        began = time.monotonic()
        self.server.process.send_signal(signal.SIGTERM)
        self.assertEqual(self.server.process.wait(TIMEOUT_SECONDS), 0)
        self.assertLess(time.monotonic() - began, 5)
        self.assertIsNone(re.search("error|warning", self.server.errors.read_text(), re.IGNORECASE))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
