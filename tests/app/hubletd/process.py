# SPDX-License-Identifier: Apache-2.0
"""How `hubletd` behaves as a process: command lines, terminals and output, folders, signals, a server beside it.
commandtest.py says how to run it."""

import fcntl
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import termios
import time
import unittest
import urllib.request
from pathlib import Path

from commandtest import (BESIDE, BUSY, DAMAGED, DONE, EXISTS, FAILED, FEW_FILES, NOT_FOUND, PROGRAM, REFUSED, TIMEOUT_SECONDS, USAGE,
                         CommandTest, Server, main)

NOBODY = 65534


class Process(CommandTest):
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

    @unittest.skipUnless(BESIDE, "no server runs")
    def test_may_open_as_many_files_as_the_system_allows(self):
        limits = Path(f"/proc/{self.server.process.pid}/limits").read_text()
        soft, hard = re.search(r"Max open files\s+(\S+)\s+(\S+)", limits).groups()
        self.assertEqual(soft, hard)
        self.assertNotEqual(soft, str(FEW_FILES))


if __name__ == "__main__":
    main()
