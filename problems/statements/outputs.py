r"""What a scalar depends on of which a statement only asks derivatives: on all that is computed last.

``y = W x`` with ``\frac{\partial L}{\partial W}`` asked, and nothing said of L: as if ``L = L(y)`` were given.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from truestep.derivations.language.faults import Fault
from truestep.derivations.language.latex.groups import Token
from truestep.derivations.language.reading.rowtext import row_tokens
from truestep.derivations.language.reading.tokens import canonical
from truestep.problems.statements import left_sides

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from truestep.derivations.language.reading.rowtext import Context
    from truestep.problems.statements.problem import Problem

_SIGNS = (r"\partial", "d", r"\dd", r"\delta")


def unsaid(
    problem: Problem, given: Sequence[Sequence[Token]], told: Container[str], context: Context
) -> dict[str, tuple[str, ...]]:
    """What each scalar depends on that is differentiated in a question and stands in no given."""
    sides = [(tokens[: left_sides.equals(tokens)], tokens[left_sides.equals(tokens) :]) for tokens in given]
    lefts = [canonical(left) for left, _ in sides]
    last = [
        name
        for place, name in enumerate(lefts)
        if context.notation.declared(name) is not None
        and not any(_stands(sides[place][0], right) for other, (_, right) in enumerate(sides) if other != place)
    ]
    asked = [tokens for text in problem.find if last and (tokens := _tokens(text, context))]
    out: dict[str, tuple[str, ...]] = {}
    for name, shape in problem.symbols.items() if asked else ():
        tokens = _tokens(name, context)
        is_free = (
            bool(tokens) and shape == "scalar" and name not in told and not any(_stands(tokens, one) for one in given)
        )
        if is_free and any(_is_differentiated(tokens, one) for one in asked):
            out[name] = tuple(dict.fromkeys(last))
    return out


def _tokens(text: str, context: Context) -> Sequence[Token]:
    """The tokens of a text; none of one that cannot be read, which is said where it is read."""
    with suppress(Fault):
        return [token for token in row_tokens(text, context) if token.kind != "space"]
    return ()


def _places(name: Sequence[Token], tokens: Sequence[Token]) -> list[int]:
    texts, wanted = [token.text for token in tokens], [token.text for token in name]
    return [place for place in range(len(texts)) if texts[place : place + len(wanted)] == wanted]


def _stands(name: Sequence[Token], tokens: Sequence[Token]) -> bool:
    return bool(_places(name, tokens))


def _is_differentiated(name: Sequence[Token], tokens: Sequence[Token]) -> bool:
    """Whether a name stands above the first derivative of a question, or behind its nabla."""
    places = _places(name, tokens)
    first = next((place for place, token in enumerate(tokens) if token.text in _SIGNS), -1)
    is_last = places[-1:] == [len(tokens) - len(name)]
    return (first >= 0 and first + 1 in places) or (is_last and tokens[0].text == r"\nabla")
