r"""What a work says twice of a name of its own: ``\Delta w = -\eta g``, and behind it ``\Delta w = \eta g``.

The problem says nothing of such a name, nor of the letters in it that nobody declares: these are any of their shape.
"""

from __future__ import annotations

import itertools
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.checkers.documents.plain_words import says_plainly
from truestep.checkers.works.asides import quiet
from truestep.checkers.works.claim import Claim
from truestep.checkers.works.names.arbitrary import as_before
from truestep.checkers.works.said.settled import is_value
from truestep.derivations.language.expression import Expression, grouped, product
from truestep.derivations.language.faults import Fault
from truestep.derivations.language.finding import Finding
from truestep.derivations.language.shapes import SCALAR
from truestep.derivations.meaning import entries
from truestep.derivations.meaning.calculus import normal, strip_groups

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.checkers.comparing.verdicts import Verdict
    from truestep.checkers.documents.work import Row
    from truestep.checkers.works.chain_steps import LineVerdict
    from truestep.checkers.works.lines import Lines
    from truestep.derivations.language.reading.chains import Part

MOST_LETTERS = 4
_SUPPOSED = frozenset(("condition", "question"))
_EQUAL = frozenset(("=", ":=", "=:"))


def with_repeated(verdicts: Sequence[LineVerdict], rows: Sequence[Row], lines: Lines) -> list[LineVerdict]:
    """The verdicts, wrong where two sides of a row that nothing else decides differ, or those of rows that follow."""
    out = [*verdicts]
    last: dict[Expression, Part] = {}  # what a name was last said to be
    alone = {row.text.strip() for row in rows}
    for place, (verdict, row) in enumerate(zip(verdicts, rows, strict=True)):
        last = last if says_plainly(row.before) and not (row.under or row.example) else {}
        statement = verdict.statements[0] if len(verdict.statements) == 1 else None
        parts = statement.parts if statement is not None else ()
        is_open = verdict.verdict.outcome == "not_checked" and verdict.role in (
            "",
            "claim",
            "mention",
            "assignment",
            "definition",
        )
        is_plain = statement is not None and statement.condition is None and row.told not in ("denied", "condition")
        if len(parts) < 2 or parts[0].relation or any(one.relation not in _EQUAL for one in parts[1:]):
            continue
        if not (is_open and is_plain):
            continue
        left = normal(strip_groups(parts[0].expression))
        before = last.get(left) if parts[1].relation == "=" else None
        for one, other in itertools.pairwise([*([before] if before is not None else []), *parts[1:]]):
            with suppress(Fault, RecursionError):
                found = _differ(*_factored((one.expression, other.expression), alone), lines)
                if found is not None:
                    fault = Finding("value", other.expression.span)
                    out[place] = _wrong(verdict, found, fault)
                    break
        last[left] = parts[-1]
    return out


def _factored(sides: tuple[Expression, Expression], alone: set[str]) -> tuple[Expression, Expression]:
    r"""``\eta (a - b)`` as a product in both sides, where the letter also stands alone."""
    letters = alone | {str(node.data) for side in sides for node in side.walk() if node.head == "unknown"}

    def factored(node: Expression) -> Expression:
        if node.head != "call" or len(node.args) != 1 or str(node.data) not in letters:
            return node
        return product(Expression("unknown", (), node.data, node.span), grouped(node.args[0]))

    return sides[0].map(factored), sides[1].map(factored)


def _wrong(verdict: LineVerdict, found: Verdict, fault: Finding) -> LineVerdict:
    return replace(quiet(verdict, found), findings=(fault,), role="claim")


def _differ(one: Expression, other: Expression, lines: Lines) -> Verdict | None:
    """The verdict that two sides differ whatever the open letters in them are; None where they need not."""
    if is_value(one) or is_value(other):
        return None
    bench = lines.bench
    nodes = [node for side in (one, other) for node in side.walk()]
    if any(node.head in ("call", "unread", "words") or (node.head == "unknown" and node.args) for node in nodes):
        return None
    letters = dict.fromkeys(
        str(node.data) for node in nodes if node.head == "unknown" and node.data not in bench.introduced
    )
    if len(letters) > MOST_LETTERS:
        return None
    with as_before(bench.introduced):
        for name in letters:
            base = lines.setting.notation.declared(name.partition("_")[0].partition("^")[0])
            dims = SCALAR if base is None or base.dims is None else base.dims
            bench.introduced[name] = entries.anything(name, dims, lines.bench.scope)
        judgement = bench.judge(Claim(one, other))
    found = judgement.verdict
    return found if found.is_wrong and found.witness is not None and judgement.code == "value" else None
