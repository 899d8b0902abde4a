"""truestep checks derivations: ``check``, ``verify``, ``derive``, ``read`` and ``grade`` are for Python programs.

>>> import truestep
>>> truestep.verify("x^2 - 1", "(x - 1)(x + 1)").verdict
'right'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from truestep.version import __version__

if TYPE_CHECKING:
    from truestep.checkers.documents import DocumentFault as DocumentFault
    from truestep.classes.store import StoreFault as StoreFault
    from truestep.derivations.deriving.steps import Stuck as Stuck
    from truestep.derivations.language.faults import Fault as Fault
    from truestep.derivations.language.faults import StatementFault as StatementFault
    from truestep.library.checking import check as check
    from truestep.library.deriving import Derivation as Derivation
    from truestep.library.deriving import derive as derive
    from truestep.library.grading import Class as Class
    from truestep.library.grading import grade as grade
    from truestep.library.reading import Expression as Expression
    from truestep.library.reading import read as read
    from truestep.library.reporting import Report as Report
    from truestep.library.verifying import Verdict as Verdict
    from truestep.library.verifying import verify as verify
    from truestep.problems.statements.problem import Problem as Problem


# the names that are offered, and the modules that they are taken from when they are first asked for
_OFFERED = {
    "Class": "truestep.library.grading",
    "Derivation": "truestep.library.deriving",
    "DocumentFault": "truestep.checkers.documents",
    "Expression": "truestep.library.reading",
    "Fault": "truestep.derivations.language.faults",
    "Problem": "truestep.problems.statements.problem",
    "Report": "truestep.library.reporting",
    "StatementFault": "truestep.derivations.language.faults",
    "StoreFault": "truestep.classes.store",
    "Stuck": "truestep.derivations.deriving.steps",
    "Verdict": "truestep.library.verifying",
    "check": "truestep.library.checking",
    "derive": "truestep.library.deriving",
    "grade": "truestep.library.grading",
    "read": "truestep.library.reading",
    "verify": "truestep.library.verifying",
}
__all__ = ["__version__", *_OFFERED]


def __getattr__(name: str) -> Any:
    """A name that is offered, with the module that it needs."""
    if name not in _OFFERED:
        raise AttributeError(f"module 'truestep' has no attribute {name!r}")
    from importlib import import_module

    found = globals()[name] = getattr(import_module(_OFFERED[name]), name)
    return found


def load_ipython_extension(shell: Any) -> None:
    """What ``%load_ext truestep`` does in a notebook: the magic ``%%truestep``."""
    from truestep.library.magics import register

    register(shell)


def __dir__() -> list[str]:
    return sorted({*globals(), *_OFFERED})
