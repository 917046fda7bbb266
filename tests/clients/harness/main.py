# SPDX-License-Identifier: Apache-2.0
"""The command line of the matrix, and one run of one client."""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from harness.clients import CLIENTS, Client, Run
from harness.environments import CLIENTS_FOLDER, CannotMake, Prepared
from harness.results import Check, ClientResult, print_check, print_summary, read_checks, write_report
from hubletd import Server, ServerProblem

RUN_TIMEOUT_SECONDS = 600
OUTPUT_TAIL_LINES = 40
REPOSITORY_PATH = "/artifactory/api/huggingfaceml/hf-local"
# What would send a client elsewhere or through something else than loopback.
FOREIGN_VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "ssl_cert_file", "requests_ca_bundle")
SKIPPED_EXIT_CODE = 77


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hubletd", type=Path, help="the server under test; needed unless --list or --prepare")
    parser.add_argument("--environments", type=Path, help="where environments are kept (default: build/clients)")
    parser.add_argument("--report", type=Path, help="JSON report (default: <environments>/report-<clients>.json)")
    parser.add_argument("--list", action="store_true", help="name the clients and end")
    parser.add_argument("--prepare", action="store_true", help="make the environments and end")
    parser.add_argument("--keep", action="store_true", help="keep the temporary folders and say where they are")
    parser.add_argument("--only", metavar="TEXT", help="run only what has TEXT in its label")
    parser.add_argument("clients", nargs="*", metavar="CLIENT", help="default: all")
    arguments = parser.parse_args()
    known = [client.name for client in CLIENTS]
    unknown = [name for name in arguments.clients if name not in known]
    if unknown:
        parser.error(f"no such client: {', '.join(unknown)}; there are {', '.join(known)}")
    if not arguments.hubletd and not arguments.list and not arguments.prepare:
        parser.error("--hubletd is needed")
    if arguments.hubletd:
        arguments.hubletd = arguments.hubletd.resolve()
    arguments.environments = (arguments.environments or CLIENTS_FOLDER.parents[1] / "build/clients").resolve()
    return arguments


def main() -> int:
    arguments = parse_arguments()
    chosen = [client for client in CLIENTS if not arguments.clients or client.name in arguments.clients]
    if arguments.list:
        print("\n".join(client.name for client in chosen))
        return 0
    results = [run_client(client, arguments) for client in chosen]
    print_summary(results)
    name = f"report-{arguments.clients[0]}.json" if len(arguments.clients) == 1 else "report.json"
    write_report(arguments.report or arguments.environments / name, results)
    if any(result.outcome == "failed" for result in results):
        return 1
    return SKIPPED_EXIT_CODE if all(result.outcome == "skipped" for result in results) else 0


def run_client(client: Client, arguments: argparse.Namespace) -> ClientResult:
    result = ClientResult(client.name)
    started = time.monotonic()
    print(f"== {client.name}", flush=True)
    try:
        prepared = {run.environment.name: run.environment.prepare(arguments.environments) for run in client.runs}
        for environment in prepared.values():
            result.add_versions(environment.versions)
        print("   " + ", ".join(f"{name} {version}" for name, version in result.versions.items()), flush=True)
        if not arguments.prepare:
            run_against_server(client, prepared, arguments, result)
    except CannotMake as problem:
        result.outcome = "failed" if os.environ.get("CI") == "true" else "skipped"
        result.reason = str(problem)
        print(f"!!! {result.outcome.upper()}: {client.name}: {problem}", file=sys.stderr, flush=True)
    result.seconds = round(time.monotonic() - started, 1)
    return result


def run_against_server(client: Client, prepared: dict[str, Prepared], arguments: argparse.Namespace,
                       result: ClientResult) -> None:
    folder = Path(tempfile.mkdtemp(prefix=f"hublet-{client.name}-"))
    server = Server(arguments.hubletd, folder)

    def start() -> None:
        server.start()
        server.writer_token = server.make_writer()

    def server_check(name: str, action) -> None:
        started = time.monotonic()
        outcome, detail = "passed", ""
        try:
            action()
        except (ServerProblem, OSError, subprocess.SubprocessError) as problem:
            outcome, detail = "failed", str(problem)
        check = Check("server", name, outcome, round(time.monotonic() - started, 3), detail)
        result.add(check)
        print_check(check)

    try:
        server_check("start", start)
        if result.outcome == "passed":
            for number, run in enumerate(client.runs, start=1):
                if (arguments.only or "") in run.label:
                    run_script(run, prepared[run.environment.name], server, folder / f"run-{number}", result)
            server_check("clean end", server.stop)
            server_check("verify", server.verify)
    finally:
        if hasattr(server, "process"):
            server.kill()
        if result.outcome == "failed" and server.errors.exists():
            print_tail("hubletd", server.errors)
        if arguments.keep:
            print(f"   kept: {folder}", flush=True)
        else:
            shutil.rmtree(folder, ignore_errors=True)


def run_script(run: Run, prepared: Prepared, server: Server, folder: Path, result: ClientResult) -> None:
    folder.mkdir()
    checks = folder / "checks.jsonl"
    output = folder / "output.txt"
    environment = client_variables(prepared, server, folder) | run.variables
    words = [*prepared.command, str(prepared.scripts / run.script)]
    with output.open("wb") as sink:
        try:
            code = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.STDOUT, cwd=folder,
                                  env=environment, timeout=RUN_TIMEOUT_SECONDS).returncode
        except subprocess.TimeoutExpired:
            code = f"nothing within {RUN_TIMEOUT_SECONDS} s"
    found = read_checks(checks, run.label)
    expected_failure = code != 0 and any(check.outcome == "failed" for check in found)
    if not found or (code != 0 and not expected_failure):
        reason = f"the script ended with {code} after {len(found)} checks"
        found.append(Check(run.label, "ends by itself", "failed", 0.0, reason))
    for check in found:
        result.add(check)
        print_check(check)
    if any(check.outcome == "failed" for check in found):
        print_tail("the client", output)


def client_variables(prepared: Prepared, server: Server, folder: Path) -> dict[str, str]:
    """The machine's own environment less what is about other servers, with homes and caches in the client's folder."""
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith(("HF_", "HUGGING")) and name.lower() not in FOREIGN_VARIABLES}
    return kept | {
        "HF_ENDPOINT": server.address + REPOSITORY_PATH,
        "HF_TOKEN": server.token,
        "CLIENT_WRITER_TOKEN": server.writer_token,
        "HF_HOME": str(folder / "hf-home"),
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_UPDATE_CHECK": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "HF_DATASETS_CACHE": str(folder / "hf-home/datasets"),
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "PYTHONPATH": os.pathsep.join(str(path) for path in (CLIENTS_FOLDER / "support", CLIENTS_FOLDER.parent / "support/python")),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
        "CLIENT_RESULTS": str(folder / "checks.jsonl"),
        "CLIENT_WORK_FOLDER": str(folder),
        "CLIENT_SHARED_FOLDER": str(folder.parent),
        "CLIENT_ORGANISATION": "matrix-" + folder.name,
        "CLIENT_USER": server.user,
        "CLIENT_HUBLETD": str(server.program),
    } | prepared.variables


def print_tail(whose: str, file: Path) -> None:
    lines = file.read_text(errors="replace").splitlines()[-OUTPUT_TAIL_LINES:]
    print(f"   last lines of {whose}:\n" + "\n".join("      | " + line for line in lines), flush=True)
