r"""What a work says of the points that it finds: unknowns in terms of each other, and whether one is a minimum.

A minimum at which the second derivatives exist has none that sum to less than zero (Boyd and Vandenberghe, Convex
Optimization, section 3.1.4): the trace of a positive semidefinite matrix is not negative.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from truestep.checkers.comparing.verdicts import Verdict
from truestep.checkers.documents.plain_words import says_plainly
from truestep.checkers.works.claim import Claim
from truestep.checkers.works.equations import at_solution, mentions, solved_for
from truestep.derivations.language import optimum_words
from truestep.derivations.language.expression import Expression, add, difference, grouped, negative, number, product
from truestep.derivations.language.finding import Finding
from truestep.derivations.language.liberties import Reading
from truestep.derivations.language.phrases.ends import SENTENCE
from truestep.derivations.meaning.calculus import strip_groups

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from truestep.checkers.documents.work import Row
    from truestep.checkers.works.bench import Bench
    from truestep.checkers.works.chain_steps import LineVerdict

    Pair = tuple[Expression, Expression]
    Solved = Callable[[Iterable[Pair]], Bench | None]

BENDS = {">": "positive", "<": "negative"}
EVERYWHERE = " all"


def untangled(found: Mapping[str, Pair], bench: Bench) -> dict[str, Pair] | None:
    """Two scalars that are each told in terms of the other, linearly, told without; None where they are not such.

    Of a = p + q b and b = r + s a: a = (p + q r) / (1 - q s).
    """
    (one, (first, a)), (other, (second, b)) = list(found.items())
    is_mutual = mentions(a, frozenset((other,))) and mentions(b, frozenset((one,)))
    nodes = strip_groups(first), strip_groups(second)
    if not is_mutual or not all(bench.value(node, Reading())[0].is_scalar for node in nodes):
        return None
    p, q, r, s = (*_line(a, nodes[1]), *_line(b, nodes[0]))
    for side, node, start, slope in ((a, nodes[1], p, q), (b, nodes[0], r, s)):
        if not bench.judge(Claim(side, add(start, product(slope, node)))).verdict.is_right:
            return None
    whole = Expression("quotient", (add(p, product(q, r)), add(number(1), negative(product(q, s)))), "frac")
    return {one: (first, whole), other: (second, add(r, product(s, grouped(whole))))}


def _line(side: Expression, unknown: Expression) -> tuple[Expression, Expression]:
    """What a side is without an unknown, and what stands before that."""
    at = [grouped(side.map(partial(_put, unknown, number(value)))) for value in (0, 1)]
    return at[0], difference(at[1], at[0])


def _put(unknown: Expression, value: Expression, node: Expression) -> Expression:
    return value if node == unknown else node


class Sentence(NamedTuple):
    """Words up to a full stop, and the places of the formulas among them, or else of the last one before."""

    words: str
    places: tuple[int, ...]
    before: int


def sentences(rows: Sequence[Row]) -> Iterator[Sentence]:
    """The sentences of a work; a formula that is displayed ends none."""
    words, places = "", list[int]()
    for place, row in enumerate(rows):
        first, *ended = SENTENCE.split(row.before)
        words += first
        for one in ended:
            yield Sentence(words, tuple(places), place - 1)
            words, places = one, []
        places.append(place)
        words += " "
    first, *ended = SENTENCE.split(rows[-1].after if rows else "")
    yield Sentence(words + first, tuple(places), len(rows) - 1)
    yield from (Sentence(one, (), len(rows) - 1) for one in ended)


def with_bends(
    verdicts: Sequence[LineVerdict],
    rows: Sequence[Row],
    goals: Sequence[Expression],
    names: frozenset[str],
    bench: Bench,
    solved: Solved,
) -> list[LineVerdict]:
    """The verdicts, wrong where a sentence calls a point a minimum at which the function bends downwards, or so."""
    out = [*verdicts]
    for sentence in sentences(rows):
        bends = optimum_words.bends(sentence.words)
        if not bends or not _is_understood(sentence, verdicts, names, goals):
            continue
        for said in bends:
            place = _spoken_of(sentence, verdicts, names)
            found = [] if place is None else _found(verdicts[place], names)
            if place is None or out[place].verdict.is_wrong or (not found and not said.endswith(EVERYWHERE)):
                continue
            there = bench if said.endswith(EVERYWHERE) else solved(found)
            against = "<" if said[0] == ">" else ">"
            if there is not None and _bends(against, goals, there):
                args = {"sign": BENDS[against], "said": BENDS[said[0]]}
                fault = Finding("bends-otherwise", _span(verdicts[place]), args)
                wrong = Verdict("wrong", reason=f"the second derivative is {BENDS[against]} there")
                out[place] = replace(out[place], verdict=wrong, findings=(*out[place].findings, fault), role="claim")
    return out


def _is_understood(
    sentence: Sentence, verdicts: Sequence[LineVerdict], names: frozenset[str], goals: Sequence[Expression]
) -> bool:
    """Whether a sentence plainly speaks of a point, or of the function that is asked about, and of no other formula."""
    tops = {node.args[0] for node in goals if node.args}
    said = [[part.expression for one in verdicts[place].statements for part in one.parts] for place in sentence.places]
    is_of_top = any(sides and tops.issuperset(sides) for sides in said)
    is_of_point = any(_found(verdicts[place], names) for place in sentence.places)
    is_of_whole = optimum_words.has(sentence.words, "whole") or not _is_everywhere(sentence.words)
    is_bare = all(solved_for(side, names) for sides in said for side in sides)
    return says_plainly(optimum_words.without(sentence.words)) and (
        is_of_top or is_of_point or (is_bare and is_of_whole)
    )


def _is_everywhere(words: str) -> bool:
    return any(one.endswith(EVERYWHERE) for one in optimum_words.bends(words))


def _spoken_of(sentence: Sentence, verdicts: Sequence[LineVerdict], names: frozenset[str]) -> int | None:
    """The line of the point that a sentence speaks of: the one in it, or else the last one before; None of several."""
    here = [place for place in sentence.places if _found(verdicts[place], names)]
    if here:
        return here[0] if len(here) == 1 else None
    earlier = [place for place in range(sentence.before + 1) if _found(verdicts[place], names)]
    return earlier[-1] if earlier else sentence.before if verdicts and sentence.before >= 0 else None


def _found(verdict: LineVerdict, names: frozenset[str]) -> list[Pair]:
    """The unknowns that a line tells, with what they are at a solution."""
    pairs = [(at_solution(strip_groups(one.left), names), at_solution(one.right, names)) for one in verdict.posed]
    return [pair for pair in pairs if solved_for(pair[0], names) and not mentions(pair[1], names)]


def _bends(sign: str, goals: Sequence[Expression], there: Bench) -> bool:
    """Whether the second derivatives sum to more or less than zero, for all values of what else varies."""
    for node in goals:
        if node.head != "derivative" or len(node.args) != 2 or not there.value(node.args[0], Reading())[0].is_scalar:
            continue
        top, by = node.args
        whole = Expression("derivative", (top, by, by), "Leibniz", node.span)
        if not there.value(by, Reading())[0].is_scalar:
            whole = Expression("apply", (whole,), ("trace", 0, None), node.span)
        is_so = Expression("indicator", (Expression("relation", (whole, number(0)), sign),), None, node.span)
        if there.judge(Claim(is_so, number(1))).verdict.is_right:
            return True
    return False


def _span(verdict: LineVerdict) -> tuple[int, int]:
    sides = [part.expression.span for one in verdict.statements for part in one.parts]
    return sides[-1] if sides else (0, 0)
