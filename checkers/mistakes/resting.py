r"""A wrong line that rests on a name that the work introduced, such as ``\delta_1``: the mistake may lie in that name.

What the name was introduced as is put in for it, with spans that tell its line; a mistake whose undoing there makes the
wrong line right is named.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.checkers.mistakes.search import diagnose
from truestep.checkers.works.chain_steps import Answered
from truestep.checkers.works.substitution import put_in
from truestep.derivations.language.expression import Expression
from truestep.derivations.language.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from truestep.checkers.mistakes.card import Card
    from truestep.checkers.works.bench import Bench
    from truestep.checkers.works.claim import Result
    from truestep.problems.statements.prepared import Setting

LINE = 1_000_000  # added to the spans of each line before; no line is as long


def resting(
    setting: Setting,
    bench: Bench,
    left: Expression,
    answer: Answered,
    introduced: Sequence[Result],
    told: list[Finding],
) -> list[Finding]:
    """The findings on a wrong side, with the names that it rests on.

    Where nothing else is found, the mistake is named whose undoing in what introduces a name makes the side right.
    """
    before = [result for result in introduced if result.row < answer.row]
    used = [result for result in before if result.left in list(answer.right.walk())]
    if not used or any(finding.code != "value" for finding in told):
        return told
    whole = answer.right
    for result in reversed(before):
        whole = put_in(whole, result.left, _moved(result.right, result.row))
    found = diagnose(setting, bench, left, whole, answer.reading, answer.condition)
    rows = {one.candidate.span[0] // LINE - 1 for one in found}
    if not found or -1 in rows:
        return [*told, *(_rests(result, answer) for result in used)]
    there = [result for result in before if result.row in rows]
    named = (Finding(one.card.code, told[0].span, said_by(one.card)) for one in found)
    return [*named, *(_rests(result, answer, {"case": "found"}) for result in there)]


def _moved(node: Expression, row: int) -> Expression:
    by = LINE * (row + 1)
    args = tuple(_moved(arg, row) for arg in node.args)
    return replace(node, args=args, span=(node.span[0] + by, node.span[1] + by))


def said_by(card: Card) -> dict[str, str]:
    """What the finding of a mistake says of it."""
    return {"name": card.name, "ask": card.question[0].lower() + card.question[1:]}


def _rests(result: Result, answer: Answered, how: Mapping[str, str] | None = None) -> Finding:
    args = {"name": str(result.left.data), "line": str(result.row + 1), **(how or {})}
    span = next((node.span for node in answer.right.walk() if node == result.left), answer.right.span)
    return Finding("rests-on", span, args)
