# SPDX-License-Identifier: Apache-2.0
"""What the commands of `hubletd` do to repositories, accounts and the store. commandtest.py says how to run it."""

import hashlib
import json
import subprocess

from commandtest import BESIDE, DAMAGED, DONE, EXISTS, NOT_FOUND, PROGRAM, USAGE, WEIGHTS, CommandTest, main, publish


class Commands(CommandTest):
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


if __name__ == "__main__":
    main()
