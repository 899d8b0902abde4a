"""An answer compared with the one that is wanted: ``truestep.verify``."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from truestep.checkers.answers.comparing import Names, Outcomes, compared
from truestep.checkers.answers.finding import found
from truestep.library.given import is_sympy
from truestep.library.in_time import asked

JUDGED = "truestep.library.verifying:judged"
NO_ANSWER = "no answer is found in this text"


@dataclass(frozen=True)
class Verdict:
    """Whether an answer is the one that is wanted; true only where it is ``right``.

    ``answer`` is what was compared, as it stands in the text; ``evidence`` is ``proved`` or ``agreed``.
    """

    verdict: Literal["right", "wrong", "undecided", "unreadable"]
    answer: str
    evidence: str = ""
    reason: str = ""
    witness: Mapping[str, Any] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.verdict == "right"


def verify(
    gold: Any,
    answer: Any,
    symbols: Mapping[str, str] | None = None,
    assume: Sequence[str] = (),
    *,
    tolerance: float | None = None,
    timeout: float | None = 2.0,
) -> Verdict:
    r"""Whether ``answer`` is ``gold``: formulas, vectors, matrices, sets, tuples, intervals, equations, numbers, words.

    Both are LaTeX, plain text or SymPy; of a text the answer is taken that stands in its last box, behind "the answer
    is", or in its last formula.  ``gold`` may be a list: any of them will do.  Without ``symbols`` the formulas declare
    their names: scalars, or arrays where ``^T``, norms, traces, bold letters or sums over indices say so.  ``assume``
    are facts, such as ``x > 0``; ``tolerance`` is relative.  Safe from threads and processes; what takes longer than
    ``timeout`` seconds is undecided (None: no limit, in this process).  Never raises for what an answer holds.

    >>> bool(verify("x^2 - 1", "The answer is $(x-1)(x+1)$."))
    True
    >>> verify(r"X^T(Xw - y)", r"\boxed{X(Xw - y)}").verdict, verify("[0, 1)", "0 <= x < 1").verdict
    ('wrong', 'right')
    """
    golds = list(gold) if isinstance(gold, list | tuple | frozenset | set) else [gold]
    texts, shapes = _texts([*golds, answer], symbols)
    told = {"symbols": shapes, "assume": list(assume), "tolerance": tolerance}
    text = json.dumps({"golds": texts[:-1], "answer": texts[-1], **told})
    try:
        made = judged(text) if timeout is None else asked(JUDGED, timeout, text)
    except (TimeoutError, MemoryError) as fault:
        return Verdict("undecided", found(texts[-1]), reason=str(fault))
    return Verdict(**json.loads(made))


def judged(given: str) -> str:
    """The verdict on what was packed as JSON, as JSON; asked of workers."""
    table = json.loads(given)
    names = Names(table["symbols"], tuple(table["assume"]), table["tolerance"])
    answer = found(table["answer"])
    verdicts = [_one(found(gold), answer, names) for gold in table["golds"]]
    order = ("right", "undecided", "unreadable", "wrong")
    best = min(verdicts, key=lambda one: order.index(one.outcome))
    made = asdict(best)
    return json.dumps({"verdict": made.pop("outcome"), "answer": answer, **made})


def _one(gold: str, answer: str, names: Names) -> Outcomes:
    return compared(gold, answer, names) if answer and gold else Outcomes("unreadable", reason=NO_ANSWER)


def _texts(values: list[Any], symbols: Mapping[str, str] | None) -> tuple[list[str], dict[str, str] | None]:
    """The texts of what was given, and the names that SymPy declares."""
    known = None if symbols is None else dict(symbols)
    made = [value for value in values if is_sympy(value)]
    if not made:
        return [str(value) for value in values], known
    from truestep.problems.statements.stated_in_sympy import stated

    whole = [value.as_immutable() if hasattr(value, "as_immutable") else value for value in made]
    problem = stated("verify", find=(), answer=whole)
    written = iter(problem.answer)
    texts = [next(written) if is_sympy(value) else str(value) for value in values]
    return texts, {**problem.symbols, **(known or {})} if known or len(made) == len(values) else None
