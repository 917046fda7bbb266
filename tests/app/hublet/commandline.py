# SPDX-License-Identifier: Apache-2.0
"""What `hublet`, the window, makes of its command line where there is no display.

    commandline.py <hublet>"""

import os
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

PROGRAM = sys.argv.pop(1)
DONE, FAILED, USAGE = 0, 1, 2
DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess:
    environment = {name: value for name, value in os.environ.items() if name not in DISPLAYS} | variables
    return subprocess.run([PROGRAM, *arguments], env=environment, capture_output=True, text=True, timeout=60)


class CommandLine(unittest.TestCase):
    def test_help_and_version_need_no_display(self):
        for option, text in (("--help", "--data"), ("-h", "--port"), ("--version", "hublet "), ("-v", "hublet ")):
            answer = run(option)
            self.assertEqual(answer.returncode, DONE, answer.stderr)
            self.assertIn(text, answer.stdout)

    def test_help_names_the_data_folder(self):
        self.assertIn("/data-home/", run("--help", XDG_DATA_HOME="/data-home").stdout)

    def test_refuses_what_it_does_not_understand(self):
        for arguments, text in (
            (["--port", "abc"], "--port is a number"),
            (["--port=70000"], "--port is a number"),
            (["--port"], "--port needs a value"),
            (["--data="], "--data needs a value"),
            (["--data", ""], "--data needs a value"),
            (["--bogus"], "There is no option --bogus"),
            (["stray"], "There is no option stray"),
        ):
            answer = run(*arguments)
            self.assertEqual(answer.returncode, USAGE, arguments)
            self.assertIn(text, answer.stderr)

    def test_knows_the_options_of_qt(self):
        answer = run("-platform", "offscreen", "-bogus")
        self.assertEqual(answer.returncode, USAGE)
        self.assertIn("There is no option -bogus", answer.stderr)

    def test_says_what_to_do_without_a_display(self):
        answer = run("--stopped", HUBLET_DATA="/nowhere")
        self.assertEqual(answer.returncode, FAILED, answer.stderr)
        self.assertIn("hubletd serve", answer.stderr)

    def test_an_empty_variable_names_no_folder(self):
        self.assertIn("/data-home/hublet", run("--help", HUBLET_DATA="", XDG_DATA_HOME="/data-home").stdout)
        with tempfile.TemporaryDirectory() as home:
            serving = subprocess.Popen([PROGRAM, "-platform", "offscreen", "--stopped"], env=os.environ | {
                "HUBLET_DATA": "", "XDG_DATA_HOME": home}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                deadline = time.monotonic() + 30
                while not (Path(home) / "hublet" / "hublet.db").exists():
                    self.assertLess(time.monotonic(), deadline)
                    self.assertIsNone(serving.poll())
                    time.sleep(0.05)
            finally:
                serving.kill()
                serving.wait()


unittest.main()
