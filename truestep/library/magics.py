"""The magics of a notebook: ``%load_ext truestep``, then ``%%truestep PROBLEM`` above a work."""

from __future__ import annotations

import getopt
import shlex
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from truestep.reports.levels import LEVELS

if TYPE_CHECKING:
    from truestep.library.reporting import Report

USAGE = "%%truestep [PROBLEM] [--hint] [--reveal none|hint|answer|steps] [--no-diagnosis] [--timeout SECONDS]"
OPTIONS = ["hint", "reveal=", "no-diagnosis", "timeout="]


def register(shell: Any) -> None:
    """Gives a shell of IPython the magic ``%%truestep``."""

    def truestep(line: str, cell: str) -> Report:
        """Check the work in a cell; PROBLEM is an id, a file, or a variable that holds a statement."""
        from IPython.core.error import UsageError  # type: ignore[import-not-found, unused-ignore]

        from truestep.checkers.documents import DocumentFault
        from truestep.derivations.language.faults import StatementFault

        try:
            return checked(line, cell, shell.user_ns)
        except (StatementFault, DocumentFault, ValueError, getopt.GetoptError) as fault:
            raise UsageError(str(fault)) from None

    shell.register_magic_function(truestep, "cell", "truestep")


def checked(line: str, cell: str, known: Mapping[str, Any]) -> Report:
    """The report on the work in a cell under a line of options; ``known`` are the variables of the notebook.

    Raises what ``check`` does, GetoptError and ValueError.

    >>> checked("mine --hint", "s - s", {"mine": {"symbols": {"s": "scalar"}, "answer": "s"}}).verdict
    'wrong'
    """
    from truestep.library.checking import check

    chosen, named = getopt.gnu_getopt(shlex.split(line), "", OPTIONS)
    options = dict(chosen)
    reveal = "hint" if "--hint" in options else options.get("--reveal", "none")
    if len(named) > 1 or reveal not in LEVELS:
        raise ValueError(USAGE)
    problem = known.get(named[0], named[0]) if named else None
    timeout = float(options["--timeout"]) if "--timeout" in options else None
    is_diagnosed = "--no-diagnosis" not in options
    return check(cell, problem, timeout=timeout, diagnosis=is_diagnosed, reveal=reveal)
