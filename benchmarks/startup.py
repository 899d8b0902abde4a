"""How long a whole process takes, from nothing to its last line."""

from __future__ import annotations

import importlib.util
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
SUBMISSION, PROBLEM = HERE / "data" / "submission.tex", HERE / "data" / "problem.toml"

CHECK = "truestep check"
IMPORTS = "import numpy, sympy"
FLOOR = "python -c pass"
LIMIT = 60.0


def commands() -> dict[str, list[str] | None]:
    """What is started, all with this interpreter; None where truestep is not there."""
    python = sys.executable
    script = Path(python).with_name("truestep")
    tool: list[str] | None = None
    if script.exists():
        tool = [str(script)]
    elif importlib.util.find_spec("truestep") and importlib.util.find_spec("truestep.__main__"):
        tool = [python, "-m", "truestep"]
    return {
        CHECK: tool and [*tool, "check", str(SUBMISSION), "--problem", str(PROBLEM)],
        IMPORTS: [python, "-c", IMPORTS],
        FLOOR: [python, "-c", "pass"],
    }


def measure(runs: int) -> dict[str, dict[str, Any]]:
    """Seconds of each command: one run that is not counted, then `runs` runs in turn with the others."""
    results: dict[str, dict[str, Any]] = {}
    for name, command in commands().items():
        results[name] = {"command": command, "error": _complaint(command), "seconds": []}
    sound = [result for result in results.values() if result["error"] is None]
    for _ in range(runs):
        for result in sound:
            result["seconds"].append(timed(result["command"])[0])
    for result in sound:
        result["median"], result["min"] = statistics.median(result["seconds"]), min(result["seconds"])
    return results


def timed(command: list[str]) -> tuple[float, int, str]:
    """Seconds of processor time, exit status and what went to standard error."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}  # as if installed
    before = _spent()
    done = subprocess.run(command, cwd=ROOT, env=kept, capture_output=True, text=True, timeout=LIMIT, check=False)
    return _spent() - before, done.returncode, done.stderr


def _spent() -> float:
    """The processor time of the processes that were started and have ended."""
    times = os.times()
    return times.children_user + times.children_system


def _complaint(command: list[str] | None) -> str | None:
    """Why the command cannot be measured; the submission is right, so its exit status should be 0."""
    if command is None:
        return "not installed"
    try:
        _, status, errors = timed(command)
    except subprocess.TimeoutExpired:
        return f"took more than {LIMIT:.0f} s"
    if status == 0:
        return None
    return f"exit status {status}: {(errors.strip().splitlines() or ['nothing on standard error'])[-1][:120]}"
