r"""What a chain is about: what is asked within it, ``\nabla_a f = \nabla_b f = 0``, and what a case goes on from."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import TYPE_CHECKING

from truestep.checkers.works.chain_steps import Answered
from truestep.checkers.works.conditions import merged
from truestep.derivations.meaning.calculus import normal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.checkers.works.chain_steps import LineVerdict, Steps
    from truestep.checkers.works.claim import Claim
    from truestep.derivations.language.expression import Expression
    from truestep.derivations.language.reading.chains import Part, Statement


def answered_within(steps: Steps, result: LineVerdict, claim: Claim, parts: Sequence[Part]) -> LineVerdict:
    """The verdict on a side, with an answer to each thing asked that stands between it and the left side."""
    find = steps.setting.find
    passed = parts[: max((place for place, part in enumerate(parts) if part.expression == claim.right), default=0)]
    if len(find) < 2 or not passed or not result.verdict.is_right:
        return result
    sides = {normal(part.expression) for part in passed if part.relation == "="} - {normal(claim.left)}
    asked = [node for node in find if normal(node) in sides and normal(node) != normal(claim.right)]
    claims = [replace(claim, left=node) for node in asked]
    answers = [Answered(**vars(one), judgement=steps.judged(one)) for one in claims]
    return replace(result, answers=(*result.answers, *answers)) if answers else result


def begun_from(left: Expression | None, statement: Statement, find: Sequence[Expression]) -> Expression:
    r"""The left side that a statement goes on from; what is asked, where a case follows that of two equal indices.

    It is the same where the two indices are, and has a meaning where they are not.
    """
    if left is None:
        return find[0]
    if statement.condition is None or len(find) != 1:
        return left
    letters = {node for node in find[0].walk() if node.head == "index"}
    alike = {normal(merged(find[0], *pair)) for pair in permutations(letters, 2)}
    return find[0] if normal(left) in alike else left
