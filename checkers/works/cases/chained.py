r"""What is asked within a chain, and the sides behind it as its answers: ``\nabla_a f = \nabla_b f = 0``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.checkers.works.chain_steps import Answered
from truestep.derivations.meaning.calculus import normal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.checkers.works.chain_steps import LineVerdict, Steps
    from truestep.checkers.works.claim import Claim
    from truestep.derivations.language.reading.chains import Part


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
