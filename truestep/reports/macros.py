"""The macros of a work put in, so that a row can be set."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from truestep.checkers.documents import Macro

LONGEST = 2000
ROUNDS = 4
_COMMAND = re.compile(r"\\([A-Za-z]+)")


def expanded(source: str, macros: Sequence[Macro], own: Mapping[str, str]) -> str:
    r"""The source with the macros without arguments put in, those of the work and the problem's ``own``.

    >>> expanded(r"\J + \Jx", (), {r"\J": r"\frac{d}{dx}"})
    '{\\frac{d}{dx}} + \\Jx'
    """
    bodies = {name.removeprefix("\\"): body for name, body in own.items() if "#" not in body}
    bodies |= {macro.name.removeprefix("\\"): macro.body for macro in macros if macro.arity == 0}
    if not bodies:
        return source
    for _ in range(ROUNDS):
        if len(source) > LONGEST:
            return source
        put_in = _COMMAND.sub(lambda found: f"{{{bodies[found[1]]}}}" if found[1] in bodies else found[0], source)
        if put_in == source:
            break
        source = put_in
    return source
