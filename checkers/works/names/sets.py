r"""Sets of indices that a work describes: in a sum over ``i \in S`` each index meets the condition of S."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.derivations.language.latex.groups import Token

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from truestep.checkers.works.grouping import Group


def with_sets(found: Sequence[Group]) -> list[Group]:
    r"""Formulas in which an index of a set that the work describes meets its condition: ``S = \{i : y_i > 0\}``."""
    sets = dict[str, tuple[str, list[Token]]]()
    for group in found:
        printed = [one for one in group.tokens if one.text not in (r"\left", r"\right")]
        texts = [one.text for one in printed]
        if len(texts) > 6 and [*texts[1:3], texts[-1]] == ["=", r"\{", r"\}"] and texts[4] in (":", r"\mid", "|"):
            sets[texts[0]] = texts[3], printed[5:-1]
    return [replace(group, tokens=tuple(_without_sets(group.tokens, sets))) for group in found] if sets else [*found]


def _without_sets(tokens: Sequence[Token], sets: Mapping[str, tuple[str, list[Token]]]) -> Iterator[Token]:
    """The tokens with each ``i \\in S`` as the condition of the set, in the letter that stands there."""
    place = 0
    while place < len(tokens):
        yield tokens[place]
        following = tokens[place + 1 : place + 3]
        if tokens[place].kind == "letter" and [one.text for one in following[:1]] == [r"\in"]:
            name = following[-1]
            letter, condition = sets.get(name.text, ("", []))
            edge = (name.start, name.end)
            yield from (Token(kind, text, *edge) for kind, text in ((("mark", ":"),) if letter else ()))
            for one in condition:
                text = tokens[place].text if one.text == letter else one.text
                yield Token(one.kind, text, *edge, one.unit)
            place += 2 if letter else 0
        place += 1
