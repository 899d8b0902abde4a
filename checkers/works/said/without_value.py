r"""Formulas that have no value anywhere as they stand: ``\frac{x}{y - y}``, ``\log 0``."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from truestep.checkers.comparing.verdicts import Verdict
from truestep.checkers.documents.plain_words import says_plainly
from truestep.checkers.documents.words import first_clause, last_sentence
from truestep.checkers.works.asides import UNCLEAR, quiet
from truestep.checkers.works.claim import Claim
from truestep.derivations.language.expression import number
from truestep.derivations.language.faults import Fault
from truestep.derivations.language.finding import Finding
from truestep.derivations.language.liberties import Reading
from truestep.derivations.meaning.calculus import strip_groups
from truestep.derivations.meaning.entries import exact_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from truestep.checkers.documents.work import Row
    from truestep.checkers.works.chain_steps import LineVerdict
    from truestep.checkers.works.lines import Lines
    from truestep.derivations.language.expression import Expression

NOWHERE = Verdict(
    "wrong", reason="this has no value anywhere: it divides by what is zero, or takes the logarithm of it"
)
_SUPPOSING = ("cases", "limit", "at", "value", "indicator", "series")  # within which it may be zero somewhere alone
_OPEN = ("right", "undecided", "not_checked")
_LOGARITHMS = ("log", "log2", "log10")


def with_values(verdicts: Sequence[LineVerdict], rows: Sequence[Row], lines: Lines) -> list[LineVerdict]:
    """The verdicts, wrong where a side divides by what is zero for all values, under no condition.

    In a sentence whose words are not understood it may say just that.
    """
    out = [*verdicts]
    for place, (verdict, row) in enumerate(zip(verdicts, rows, strict=True)):
        is_said = verdict.verdict.outcome in _OPEN and not (row.under or row.perhaps or row.example)
        if not is_said or row.told in ("condition", "question", "denied", "point"):
            continue
        span = next(_nowhere(verdict, lines), None)
        if span is not None:
            is_plain = says_plainly(f"{last_sentence(row.before)} {first_clause(row.after)}")
            wrong = replace(quiet(verdict, NOWHERE), findings=(Finding("value", span),))
            out[place] = replace(wrong if is_plain else quiet(verdict, UNCLEAR), role="claim")
    return out


def _nowhere(verdict: LineVerdict, lines: Lines) -> Iterator[tuple[int, int]]:
    """Where the sides of equations under no condition stand that have no value anywhere."""
    for statement in verdict.statements:
        is_claim = len(statement.parts) > 1 or bool(statement.parts[0].relation)
        if is_claim and statement.condition is None and not statement.remark:
            for part in statement.parts:
                if any(_is_zero(node, lines) for node in _below(part.expression)):
                    yield part.expression.span


@lru_cache(maxsize=1024)
def _below(side: Expression) -> tuple[Expression, ...]:
    """What must not be zero so that a side has a value, if it is a difference, or zero itself."""
    todo = [side] if side.has("quotient", "power", "apply") else []
    out: list[Expression] = []
    while todo:
        node = todo.pop()
        todo += () if node.head in _SUPPOSING else node.args
        exponent = exact_number(node.args[1]) if node.head == "power" else None
        is_inverse = node.head == "quotient" or (exponent is not None and exponent < 0)
        if is_inverse:
            found = node.args[node.head == "quotient"]
        elif node.head == "apply" and node.data[0] in _LOGARITHMS:
            found = node.args[-1]
        else:
            continue
        if found.has("negative") or exact_number(strip_groups(found)) == 0:
            out.append(found)
    return tuple(out)


def _is_zero(node: Expression, lines: Lines) -> bool:
    with suppress(Fault, RecursionError):
        return (
            lines.bench.value(node, Reading())[0].is_scalar
            and lines.bench.judge(Claim(node, number(0))).verdict.is_right
        )
    return False
