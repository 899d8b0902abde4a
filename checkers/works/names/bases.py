"""Entries that a work counts from zero, ``w[0]`` and ``w_0`` of two, where the statement counts from one."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from truestep.derivations.language.latex.groups import ALONE, Token, Tree, tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from truestep.checkers.works.grouping import Group
    from truestep.derivations.language.reading.rowtext import Context


class _Number(NamedTuple):
    """The number of an entry: where its digits begin and end, the size that it counts in, and whether as in code."""

    start: int
    stop: int
    value: int
    size: object
    is_code: bool


def with_base(found: Sequence[Group], context: Context) -> list[Group]:
    """The formulas, with the numbers of entries from one, where the work has a first entry 0 and no last one n."""
    if not any("0" in group.texts for group in found):
        return [*found]
    numbers = [[*_numbers(tree(one.tokens), context)] if one.once(_may_count) else [] for one in found]
    told = [one for some in numbers for one in some]
    zeros = [one for one in told if not one.value]
    is_told = any(one.is_code for one in zeros) or all(isinstance(one.size, int) for one in zeros)
    if not zeros or not is_told or any(one.value == one.size for one in told):
        return [*found]
    return [_counted(group, some) if some else group for group, some in zip(found, numbers, strict=True)]


def _may_count(tokens: Sequence[Token]) -> bool:
    """Whether a number stands where that of an entry may."""
    pairs = itertools.pairwise(tokens)
    return any(other.text[:1].isdigit() and one.text in ("_", "[", "{", ",") for one, other in pairs)


def _numbers(tokens: Tree, context: Context) -> Iterator[_Number]:
    """The numbers that stand below the names of declared arrays, or in square brackets right behind them."""
    for place in range(1, len(tokens)):
        opening = place + (tokens[place].text == "_")
        is_code = tokens[place].text == "[" and tokens[place - 1].end == tokens[place].start
        if (opening == place and not is_code) or opening >= len(tokens):
            continue
        sizes = _sizes(tokens, place - 1, context)
        is_alone = opening > place and tokens[opening].kind == "digit"  # w_0
        stop = opening + 1 if is_alone else tokens.partner[opening]
        begin = opening if is_alone else opening + 1
        if not sizes or stop <= begin or (is_code and stop == ALONE):
            continue
        runs = list(_runs(tokens, begin, stop, len(sizes)))
        if len(runs) == len(sizes):
            for (low, high), size in zip(runs, sizes, strict=True):
                text = "".join(token.text for token in tokens[low:high])
                if text.isdigit():
                    yield _Number(low, high, int(text), size, is_code)


def _runs(tokens: Tree, begin: int, stop: int, count: int) -> Iterator[tuple[int, int]]:
    """The places between commas; of a matrix, two digits side by side."""
    commas = [place for place in range(begin, stop) if tokens[place].text == ","]
    if not commas and count > 1 and stop - begin == count:
        yield from ((place, place + 1) for place in range(begin, stop))
        return
    for end in (*commas, stop):
        yield begin, end
        begin = end + 1


def _sizes(tokens: Sequence[Token], place: int, context: Context) -> list[object]:
    """The sizes in which the entries of the declared array at a place are counted."""
    names = context.notation.names
    name = names.get((tokens[place].text, None, None))
    if (
        name is None
        or name.declared.kind != "array"
        or any((tokens[place].text, str(k), None) in names for k in (0, 1))
    ):
        return []
    return [size for size in name.declared.dims if size != 1]


def _counted(group: Group, numbers: Sequence[_Number]) -> Group:
    """A formula with its numbers one more each."""
    out, place = list[Token](), 0
    for one in numbers:
        edge = (group.tokens[one.start].start, group.tokens[one.stop - 1].end)
        out += [*group.tokens[place : one.start], *(Token("digit", sign, *edge) for sign in str(one.value + 1))]
        place = one.stop
    return replace(group, tokens=tree([*out, *group.tokens[place:]]))
