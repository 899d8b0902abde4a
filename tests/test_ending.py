"""Exit statuses where something fails that no command speaks of: never that of a wrong answer."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

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
