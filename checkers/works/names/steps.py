r"""Rows about any step, ``a_t = w h_{t-1} + u x_t``, where the statement has the steps by their numbers: h_0, h_1, h_2.

Such a row says the same of each step: it is read as one claim for each number that all of its names have.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from truestep.derivations.language.latex.groups import Token, tree
from truestep.derivations.language.reading.rowtext import ASSIGNMENTS, EQUALITIES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from truestep.checkers.works.grouping import Group
    from truestep.derivations.language.reading.rowtext import Context

_SIGNS = {"+": 1, "-": -1}
_BOUND = (r"\sum", r"\prod", r"\forall")
MOST_STEPS = 6


class _Step(NamedTuple):
    """A name at a step: where its subscript begins and ends, its base, the letter, and how many steps further."""

    start: int
    stop: int
    base: str
    letter: str
    shift: int


def with_steps(found: Sequence[Group], context: Context) -> list[Group]:
    """The formulas, each one about any step as what it says of each."""
    numbers = _numbers(context)
    return [_at_each(group, numbers, context) for group in found] if numbers else [*found]  # in their order


def _numbers(context: Context) -> dict[str, frozenset[int]]:
    """The steps that the statement has of each name, by their numbers."""
    found: dict[str, frozenset[int]] = {}
    for base, sub, sup in context.notation.names:
        if sub is not None and sub.isdigit() and sup is None:
            found[base] = found.get(base, frozenset()) | {int(sub)}
    families = {base for base, _ in context.notation.families}
    return {base: known for base, known in found.items() if len(known) > 1 and base not in families}


def _at_each(group: Group, numbers: dict[str, frozenset[int]], context: Context) -> Group:
    texts = group.texts
    if texts.isdisjoint(EQUALITIES | ASSIGNMENTS) or not texts.isdisjoint(_BOUND) or "_" not in texts:
        return group
    steps = list(_steps(group.tokens, context))
    letters = {step.letter for step in steps}
    known = [{k - step.shift for k in numbers[step.base]} for step in steps if step.base in numbers]
    if len(letters) != 1 or not known:
        return group
    places = sorted(set[int].intersection(*known))
    if not 1 <= len(places) <= MOST_STEPS:
        return group
    if steps[0].base not in numbers and steps[0].start < 3:  # a name that the row introduces
        numbers[steps[0].base] = frozenset(place + steps[0].shift for place in places)
    out = list[Token]()
    for place in places:
        out += [*([Token("space", r"\quad", 0, 0)] if out else []), *_numbered(group.tokens, steps, place)]
    return replace(group, tokens=tree(out))


def _steps(tokens: Sequence[Token], context: Context) -> Iterator[_Step]:
    """The names with a letter below them that is no index of the statement."""
    for place in range(1, len(tokens) - 1):
        if tokens[place].text != "_":
            continue
        is_grouped = tokens[place + 1].kind == "open"
        stop = next((k for k in range(place + 1, len(tokens)) if tokens[k].kind == "close"), place + 1)
        inside = tokens[place + 2 : stop] if is_grouped else tokens[place + 1 : place + 2]
        end = stop + 1 if is_grouped else place + 2
        letter, *more = [one.text for one in inside] or [""]
        is_letter = bool(inside) and inside[0].kind == "letter" and letter not in context.notation.indices
        shift = _SIGNS[more[0]] * int(more[1]) if len(more) == 2 and more[0] in _SIGNS and more[1].isdigit() else 0
        if is_letter and (not more or shift):
            yield _Step(place, end, tokens[place - 1].text, letter, shift)


def _numbered(tokens: Sequence[Token], steps: Sequence[_Step], place: int) -> Iterator[Token]:
    """The tokens with the number of the step below each name."""
    below = {step.start: step for step in steps}
    here = 0
    while here < len(tokens):
        yield tokens[here]
        step = below.get(here)
        if step is not None:
            edge = (tokens[here].start, tokens[step.stop - 1].end)
            digits = [Token("digit", sign, *edge) for sign in str(place + step.shift)]
            yield from (Token("open", "{", *edge), *digits, Token("close", "}", *edge))
        here = here + 1 if step is None else step.stop
