"""Powers as programs write them: two stars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.derivations.language.latex.groups import Token

if TYPE_CHECKING:
    from collections.abc import Sequence


def powers(tokens: list[Token]) -> list[Token]:
    r"""``X**2`` as the power of each entry, ``X^{\odot 2}``."""
    out: list[Token] = []
    for place, token in enumerate(tokens):
        if token.text == "*" and out and out[-1].text == "*" and out[-1].end == token.start:
            out[-1] = out[-1]._replace(text="^", end=token.end)
            if (stop := number_end(tokens, place + 1)) > place + 1:
                edge = (tokens[place + 1].start, tokens[stop - 1].end)
                power = [Token("open", "{", *edge), Token("command", r"\odot", edge[0], edge[0])]
                rest = powers([*tokens[stop:]])
                return [*out, *power, *tokens[place + 1 : stop], Token("close", "}", *edge), *rest]
        else:
            out.append(token)
    return out


def number_end(tokens: Sequence[Token], start: int) -> int:
    """Where a number ends that begins at a place."""
    place = start
    while place < len(tokens) and (tokens[place].kind == "digit" or (place > start and tokens[place].text == ".")):
        if place > start and tokens[place].start != tokens[place - 1].end:
            break
        place += 1
    return place - (place > start and tokens[place - 1].text == ".")
