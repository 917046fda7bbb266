# SPDX-License-Identifier: Apache-2.0
"""Runs check functions in order and writes one JSON line for each to the file that CLIENT_RESULTS names.

A check is a function of one argument. It passes by returning (what it measured, if it measured something), fails by
raising, and is not offered by this version of the client when it raises NotOffered. Standard library only: every environment can import it.
"""

import json
import os
import time
import traceback

TRACEBACK_LIMIT_CHARACTERS = 6000


class NotOffered(Exception):
    """This version of the client has no such function; the text names it."""


def run_checks(checks, context, group: str = "") -> bool:
    """Runs all of them, also after a failure. Returns whether none failed."""
    passed = True
    for check in checks:
        name = f"{group}: {check.__name__}" if group else check.__name__
        started = time.monotonic()
        outcome, detail = "passed", ""
        try:
            detail = check(context) or ""
        except NotOffered as reason:
            outcome, detail = "not offered", str(reason)
        except Exception:
            outcome, detail = "failed", traceback.format_exc()[-TRACEBACK_LIMIT_CHARACTERS:]
            passed = False
        _record(name, outcome, time.monotonic() - started, detail)
    return passed


def _record(name: str, outcome: str, seconds: float, detail: str) -> None:
    line = json.dumps({"check": name, "outcome": outcome, "seconds": round(seconds, 3), "detail": detail})
    with open(os.environ["CLIENT_RESULTS"], "a", encoding="utf-8") as results:
        results.write(line + "\n")


def same(actual, expected, what: str = "value") -> None:
    if actual != expected:
        raise AssertionError(f"{what}: expected {expected!r}, got {actual!r}")


def true(condition, what: str) -> None:
    if not condition:
        raise AssertionError(what)


def raises(errors, action, status: int | None = None):
    """Calls `action`, which must raise one of `errors`, with that HTTP status where one is given. Returns the error."""
    try:
        result = action()
    except errors as error:
        if status is not None:
            same(getattr(getattr(error, "response", None), "status_code", None), status, f"status of {error!r}")
        return error
    raise AssertionError(f"expected {errors}, but the call returned {result!r}")
