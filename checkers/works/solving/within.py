"""What is found for a number that is assumed to be positive, or negative, is so."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from truestep.checkers.comparing.verdicts import Verdict
from truestep.checkers.works.claim import Claim
from truestep.checkers.works.equations import at_solution, solved_for
from truestep.derivations.language.expression import Expression, grouped, negative
from truestep.derivations.language.finding import Finding
from truestep.derivations.meaning.calculus import strip_groups

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from truestep.checkers.works.bench import Bench
    from truestep.checkers.works.chain_steps import LineVerdict


class _Value(NamedTuple):
    """A value of an unknown, the row that gives it, and whether it has the sign that is assumed."""

    name: str
    place: int
    span: tuple[int, int]
    sign: Verdict


def within_bounds(verdicts: Sequence[LineVerdict], names: frozenset[str], bench: Bench) -> list[LineVerdict]:
    r"""The verdicts, wrong where a value is of the other sign than what is assumed: ``t = -\sqrt{a}`` of t > 0.

    One of several that a work gives is one of those among which it chooses.
    """
    out = [*verdicts]
    found = [one for place, verdict in enumerate(verdicts) for one in _values(place, verdict, names, bench)]
    for name, place, span, sign in found:
        if not all(one.sign.is_wrong and one.sign.witness is not None for one in found if one.name == name):
            continue
        row = verdicts[place]
        answers = tuple(
            replace(one, judgement=replace(one.judgement, verdict=sign)) if one.right.span == span else one
            for one in row.answers
        )
        fault = Finding("not-a-solution", span)
        out[place] = replace(row, verdict=sign, findings=(fault,), answers=answers, role="claim")
    return out


def _values(place: int, verdict: LineVerdict, names: frozenset[str], bench: Bench) -> Iterator[_Value]:
    """The values that a right row gives unknowns of an assumed sign."""
    for statement in verdict.statements if verdict.verdict.is_right else ():
        parts = statement.parts
        if len(parts) < 2 or any(one.relation != "=" for one in parts[1:]) or statement.condition is not None:
            continue
        left, value = at_solution(strip_groups(parts[0].expression), names), parts[-1].expression
        name = (solved_for(left, names) if left.head == "symbol" else None) or ""
        known = bench.world.setting.assumptions.properties.get(name)
        if known is None or 0 not in (known.low, known.high):
            continue
        size = Expression("apply", (value,), ("abs", 0, None), value.span)
        sides = (value, negative(grouped(value)))
        good, other = sides if known.low == 0 else sides[::-1]
        sign = bench.judge(Claim(size, good)).verdict
        is_other = sign.is_wrong and bench.judge(Claim(size, other)).verdict.is_right  # whatever its letters are
        yield _Value(name, place, value.span, sign if is_other else Verdict("right"))
