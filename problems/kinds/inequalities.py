r"""Answers that are inequalities, ``0 < \eta < 2 / \lambda``: the indicator of where they hold stands for them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from truestep.derivations.language.faults import ReadingFault
from truestep.derivations.language.latex.groups import Tree, tree
from truestep.derivations.language.reading.rowtext import ARROWS, EQUALITIES, ORDERS, undollared
from truestep.derivations.language.reading.tokens import canonical, tokenize

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truestep.problems.statements.problem import Problem

_STRICT = {"<": True, ">": True, "<=": False, ">=": False}
_FENCES = frozenset((r"\left", r"\right"))
_ENDS = {"(": "<", "[": r"\le", ")": "<", "]": r"\le"}


@dataclass(frozen=True)
class Inequality:
    """An inequality as written, whether each of its bounds is strict, from below to above, and its sides."""

    text: str
    strict: tuple[bool, ...]
    sides: frozenset[str]

    @property
    def indicator(self) -> str:
        """One where it holds, zero elsewhere."""
        return rf"\mathbf{{1}}[{self.text}]"

    def same_ends(self, other: Inequality) -> bool | None:
        """Whether the ends belong to both or to neither; None where the signs alone do not tell.

        >>> [inequality_in("x > 2").same_ends(inequality_in(text)) for text in ("2 < x", r"x \\ge 2", r"2 < x \\le 9")]
        [True, False, None]
        """
        if self.strict == other.strict or {*self.strict} == {*other.strict} != {True, False}:
            return True
        is_told = len(self.strict) == len(other.strict) and sorted(self.strict) != sorted(other.strict)
        return False if is_told or {*self.strict}.isdisjoint(other.strict) else None


@lru_cache(maxsize=256)
def inequality_in(text: str) -> Inequality | None:
    r"""The inequality that a text is; None where it is none, or has a sign of equality beside it.

    >>> inequality_in(r"\eta \in (0, 2]").text, inequality_in("y = x"), inequality_in("1[x > 2]")
    ('0 < \\eta \\le 2', None, None)
    """
    start, end = undollared(text)
    text = text[start:end].rstrip(" .,;")
    try:
        row = tree(tokenize(text))
    except ReadingFault:
        return None
    signs = list(_signs(row))
    orders = [order for *_, order in signs]
    if orders == ["in"]:
        return _within(text, row, signs[0][0])
    edges = [0, *(place for first, last, _ in signs for place in (first, last)), len(row)]
    sides = [canonical(row[edges[k] : edges[k + 1]]) for k in range(0, len(edges), 2)]
    if not signs or not {*orders} <= _STRICT.keys() or "" in sides:
        return None
    strict = [_STRICT[order] for order in orders]
    is_turned = all(order.startswith(">") for order in orders)
    return Inequality(text, tuple(strict[::-1] if is_turned else strict), frozenset(sides))


def _signs(row: Tree) -> Iterator[tuple[int, int, str]]:
    """The signs of relations outside brackets, from where to where; ``<=`` is one."""
    skipped = -1
    for place in row.top(0, len(row)):
        text = row[place].text
        if place == skipped or (text not in ORDERS and text not in EQUALITIES):
            continue
        has_more = text in ("<", ">") and row[place + 1 : place + 2] and row[place + 1].text == "="
        skipped = place + 1 if has_more else skipped
        yield place, place + 2 if has_more else place + 1, ORDERS.get(text, "=") + ("=" if has_more else "")


def asked_inequality(problem: Problem) -> Inequality | None:
    """The inequality that is the answer; None where another kind of answer is asked for."""
    is_one = problem.kind == "expression" and len(problem.answer) == 1
    return inequality_in(problem.answer[0]) if is_one else None


def as_expression(text: str) -> str:
    r"""An answer as an expression.

    >>> as_expression("x > 2"), as_expression("2 x")
    ('\\mathbf{1}[x > 2]', '2 x')
    """
    found = inequality_in(text)
    return text if found is None else found.indicator


def inequalities_in(text: str) -> list[Inequality]:
    r"""The inequalities that arrows lead from and to; none where a part of the text is something else.

    >>> [one.text for one in inequalities_in(r"-2x < -4 \Rightarrow x > 2")]
    ['-2x < -4', 'x > 2']
    """
    start, end = undollared(text)
    try:
        row = tree(tokenize(text[start:end]))
    except ReadingFault:
        return []
    arrows = [row[place] for place in row.top(0, len(row)) if row[place].text in ARROWS]
    cuts = [start, *(start + place for arrow in arrows for place in (arrow.start, arrow.end)), end]
    parts = [text[cuts[k] : cuts[k + 1]].strip(" ,&\n") for k in range(0, len(cuts), 2)]
    found = [inequality_in(part) for part in parts if part]
    return [] if None in found else [one for one in found if one is not None]


def _within(text: str, row: Tree, sign: int) -> Inequality | None:
    r"""``\eta \in (a, b)``, where infinite ends bound nothing."""
    inside = [token for token in row[sign + 1 :] if token.text not in _FENCES]
    commas = [place for place, token in enumerate(inside) if token.text == ","]
    name = text[: row[sign].start].strip()
    if len(commas) != 1 or not name or inside[0].text not in _ENDS or inside[-1].text not in _ENDS:
        return None
    low, high = (
        text[some[0].start : some[-1].end] if some else ""
        for some in (inside[1 : commas[0]], inside[commas[0] + 1 : -1])
    )
    below = f"{low} {_ENDS[inside[0].text]} " * (not low.endswith(r"\infty"))
    above = f" {_ENDS[inside[-1].text]} {high}" * (not high.endswith(r"\infty"))
    return inequality_in(f"{below}{name}{above}")
