"""Whole processes: exit statuses where something fails that no command speaks of, never that of a wrong answer."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from truestep import __version__

HERE = Path(__file__).parent.parent
COMMAND = f"{sys.executable} -m truestep"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (f"{COMMAND} schema > /dev/full", 2),
        (f"{COMMAND} schema >&-", 2),
        (f"{COMMAND} check --nothing", 2),
        (f"{COMMAND} --help > /dev/null", 0),
        (f"PYTHONIOENCODING=cp1252 {COMMAND} derive softmax-jacobian > /dev/null", 0),
        (f"PYTHONIOENCODING=ascii {COMMAND} derive softmax-jacobian > /dev/null", 0),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="a shell is needed")
def test_exit_status(line: str, code: int) -> None:
    done = subprocess.run(["sh", "-c", line], cwd=HERE, capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr


def run(*arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "truestep", *arguments]
    return subprocess.run(command, cwd=HERE, input=text, capture_output=True, text=True, check=False, timeout=100)


def test_a_checkout_says_its_version() -> None:
    assert run("--version").stdout == f"truestep, version {__version__}\n"


@pytest.mark.slow
def test_verdicts_without_a_diagnosis() -> None:
    asked = {"symbols": {"x": "scalar"}, "find": "\\frac{d}{dx} x^2", "answer": "2 x"}
    raw = json.dumps({"problem": asked, "lines": ["-2 x"]}) + "\n"
    records = [json.loads(run("check", "--records", "-", *more, text=raw).stdout) for more in ([], ["--no-diagnosis"])]
    assert [[one["code"] for one in record["findings"]] for record in records] == [["sign"], ["value"]]
    assert records[0]["lines"] == records[1]["lines"]
