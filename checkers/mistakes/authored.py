"""The slips that the author of a problem knows of: a card for each, which is tried before all others."""

from __future__ import annotations

import json
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from truestep.checkers.mistakes.card import Card, Example
from truestep.checkers.mistakes.patterns import Row, row
from truestep.checkers.mistakes.slipping import made, undone
from truestep.checkers.mistakes.table import card
from truestep.problems.statements.statement import problem_from, statement_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truestep.checkers.mistakes.candidate import Candidate
    from truestep.checkers.mistakes.case import Case
    from truestep.problems.statements.problem import Problem, Slip

CODE = "slip"
SAYS = "This is a slip that is often made here"
ASKS = "Which rule was used here, and does it hold?"
NOWHERE = Example({}, ())


def authored(problem: Problem) -> tuple[Card, ...]:
    r"""The cards of a problem's own slips, in their order.

    Raises StatementFault where a slip cannot be read.

    >>> from truestep.problems.statements.problem import Problem, Slip
    >>> authored(Problem(slips=(Slip(pattern=r"f(A + B) ~ f(A) + f(B)", says="f is no sum"),)))[0].name
    'f is no sum'
    """
    return _cards(json.dumps(statement_of(problem))) if problem.slips else ()


@lru_cache(maxsize=64)
def _cards(stated: str) -> tuple[Card, ...]:
    problem = problem_from(json.loads(stated))
    return tuple(_card(row(slip.pattern, problem), slip) for slip in problem.slips)


def _card(read: Row, slip: Slip) -> Card:
    """The card of a slip; what the author does not say is taken from the card that has the code."""
    code = slip.code or CODE
    known = card(code)
    name, question = (SAYS, ASKS) if known is None else (known.name, known.question)
    return Card(
        code,
        slip.says.rstrip(". ") or name,
        slip.pattern,
        "",
        slip.ask or question,
        NOWHERE,
        NOWHERE,
        partial(_ways, read),
    )


def _ways(slip: Row, case: Case) -> Iterator[Candidate]:
    yield from undone(case, slip)
    yield from made(case, slip)  # what is multiplied out afterwards shows no trace of the slip
