"""`python -m benchmarks COMMAND`, one of `COMMANDS`; without one, `check`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from benchmarks import check, code, derive, grading, growth, salts, serving, sheets, workers
from benchmarks.fuzz import command as fuzz
from benchmarks.slips import command as slips
from benchmarks.styles import command as styles
from benchmarks.truth import command as truth

COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "check": check.main,
    "class": grading.main,
    "code": code.main,
    "derive": derive.main,
    "fuzz": fuzz.main,
    "growth": growth.main,
    "page": serving.main,
    "salts": salts.main,
    "sheets": sheets.main,
    "slips": slips.main,
    "styles": styles.main,
    "truth": truth.main,
    "workers": workers.main,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Hand the arguments to the command that they begin with."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given and given[0] in COMMANDS:
        return COMMANDS[given[0]](given[1:])
    return check.main(given)


if __name__ == "__main__":
    sys.exit(main())
