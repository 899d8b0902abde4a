r"""Expansions: a polynomial that is said to be near a function has its value and slopes at some point.

``g \approx \log 2 + \frac{x}{2} + \frac{x^2}{8}``, ``f = x - x^3 + O(x^5)``, "the tangent at $x = 1$ is $y = ...$".
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.checkers.comparing.verdicts import Verdict
from truestep.checkers.works.claim import Claim
from truestep.checkers.works.said.deciding import Deciding, node_of, read_in
from truestep.checkers.works.said.points import values_of
from truestep.checkers.works.said.settled import is_value
from truestep.checkers.works.solving.optima import sentences
from truestep.derivations.language.expression import Expression, grouped, number
from truestep.derivations.language.faults import Fault
from truestep.derivations.language.finding import Finding
from truestep.derivations.meaning.calculus import strip_groups

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.checkers.documents.work import Row
    from truestep.checkers.works.chain_steps import LineVerdict
    from truestep.checkers.works.lines import Lines

MOST_TERMS = 6
_REST = re.compile(r"[+-]\s*(?:(?:\\mathcal\s*\{?\s*)?[Oo]\}?\s*(?:\\left)?\(.*|\\(?:l|c)?dots.*)$", re.DOTALL)
_NEAR = re.compile(r"\\approx|≈|\\simeq|\\sim(?![a-z])")
_TAYLOR = re.compile(r"taylor|maclaurin|тейлор|泰勒|tang|касател|切线|lineari[sz]|expan[ds]", re.IGNORECASE)


def with_expansions(verdicts: Sequence[LineVerdict], rows: Sequence[Row], lines: Lines) -> list[LineVerdict]:
    """The verdicts, wrong where a polynomial has other terms at the point of which its sentence speaks, or at any."""
    by, out = Deciding(lines).variable(), [*verdicts]
    if by is None:
        return out
    for sentence in sentences(rows):
        is_named = _TAYLOR.search(sentence.words) is not None
        points = [value for place in sentence.places for value in _points(verdicts[place], by)]
        for place in sentence.places:
            text = rows[place].text.strip(" .,;")
            rest = _REST.search(text)
            if verdicts[place].verdict.outcome not in ("right", "undecided", "not_checked") or not (is_named or rest):
                continue
            with suppress(Fault, RecursionError):
                sides = re.split(rf"{_NEAR.pattern}|=", text if rest is None else text[: rest.start()])
                polynomial = read_in(sides[-1], lines)
                of = _function(sides[0] if len(sides) > 1 else "", by, lines)
                if polynomial is None or of is None or not _is_false(of, polynomial, points, by, lines):
                    continue
                reason = "these are not the terms of the function at any point that is spoken of"
                wrong = Verdict("wrong", reason=reason)
                fault = Finding("value", (0, len(text)), {"case": "reason", "reason": reason})
                out[place] = replace(out[place], verdict=wrong, findings=(fault,), answers=(), posed=(), role="claim")
    return out


def _points(verdict: LineVerdict, by: Expression) -> list[Expression]:
    """The values of the variable that a formula gives: ``x = 1``, or alone."""
    found = list[Expression]()
    for statement in verdict.statements:
        sides = [strip_groups(part.expression) for part in statement.parts]
        if is_value(sides[-1]) and (len(sides) == 1 or sides[0] == by):
            found += values_of(sides[-1])
    return found


def _function(text: str, by: Expression, lines: Lines) -> Expression | None:
    """The function of the variable that a left side is; without one, or with a name of the work's, what is asked of."""
    tops = {node.args[0] for node in lines.setting.find if node.head == "derivative"}
    whole = next(iter(tops)) if len(tops) == 1 else None
    left = read_in(text, lines) if text.strip() else None
    known = left is not None and strip_groups(left).head in ("symbol", "apply", "derivative", "prime")
    of = left if known and strip_groups(left or by) != by else whole
    return of if of is not None and Deciding(lines).is_of_one(of) else None


def _is_false(
    of: Expression, polynomial: Expression, points: Sequence[Expression], by: Expression, lines: Lines
) -> bool:
    """Whether a polynomial of the variable is no expansion at any of some points, or at zero where there are none."""
    judge = Deciding(lines)
    if by not in polynomial.walk() or not judge.is_of_one(polynomial):
        return False
    terms, slopes = [polynomial], [of]
    while not lines.bench.judge(Claim(terms[-1], number(0))).verdict.is_right and len(terms) < MOST_TERMS:
        terms.append(Expression("derivative", (grouped(terms[-1]), by), "Leibniz"))
        slopes.append(Expression("derivative", (grouped(slopes[-1]), by), "Leibniz"))
    return 2 < len(terms) < MOST_TERMS and all(
        any(
            judge.unequal(*(node_of("at", grouped(one), by, point) for one in pair))
            for pair in zip(slopes, terms[:-1], strict=False)
        )
        for point in points or [number(0)]
    )
