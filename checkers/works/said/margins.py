r"""Remarks beside a row: ``&& \text{since } \frac{d}{dx} e^{-x} = -e^{-x}``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.checkers.works.chain_steps import NOT_CHECKED, LineVerdict
from truestep.checkers.works.said.settled import is_identity, is_settled, is_value, may_be_assumed

if TYPE_CHECKING:
    from collections.abc import Callable

    from truestep.checkers.works.chain_steps import Steps
    from truestep.derivations.language.reading.chains import Statement


def remarked(steps: Steps, statement: Statement, judged: Callable[[Statement], LineVerdict]) -> LineVerdict:
    """The verdict on a remark: what it says of what is settled is refuted where it is false, and nothing else.

    It answers nothing, and no row goes on from it; a name that it introduces is known.
    """
    if statement.parts[0].relation or len(statement.parts) < 2:
        return LineVerdict(NOT_CHECKED)
    before = steps.work.copy()
    result = judged(replace(statement, remark=False))
    codes = {finding.code for finding in result.findings}
    before.results = steps.work.results if "introduced" in codes else before.results
    steps.work = before
    sides = [(statement.parts[0].expression, part.expression) for part in statement.parts[1:]]
    is_held = any(is_settled(*pair, steps) or is_identity(*pair) for pair in sides) and not may_be_assumed(sides, steps)
    is_said = is_held and not any(is_value(right) for _, right in sides)
    is_false = result.verdict.is_wrong and result.verdict.witness is not None and not result.carried
    is_misshapen = result.verdict.is_wrong and "claimed-shape" in codes
    is_refuted = (is_false and is_said) or is_misshapen
    return LineVerdict(result.verdict, result.findings) if is_refuted else LineVerdict(NOT_CHECKED)
