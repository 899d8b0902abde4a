r"""What a work means by ``\log``, and the left sides of a row that lets several names be something."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from truestep.derivations.language.reading.rowtext import EQUALITIES
from truestep.derivations.language.reading.spellings import Spelling
from truestep.derivations.language.reading.tokens import tokenize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.checkers.works.grouping import Group
    from truestep.derivations.language.latex.groups import Token

_LETTING = (*EQUALITIES, ":=")
_TENTH = re.compile(r"\\?log\s?(?P<of>.+?)=\\frac\{\\?ln\s?(?P=of)\}\{\\?ln[ ({]*10[)}]*\}")


def of_ten(found: Sequence[Group]) -> dict[str, Spelling]:
    r"""``\log`` to the base of ten, where the work says so: ``\log p = \frac{\ln p}{\ln 10}``."""
    if not any("0" in one.texts and _TENTH.search(one.canonical) for one in found):
        return {}
    ten = tuple(tokenize(r"\log_{10}"))
    return {text: Spelling(tuple(tokenize(text)), frozenset(), ten) for text in ("log", r"\log")}


def lefts(tokens: Sequence[Token]) -> list[Sequence[Token]]:
    """What stands before the first sign of equality, and between a comma and the next such sign."""
    begins = (0, *(k + 1 for k, one in enumerate(tokens) if one.text in (",", ";")))
    ends = [next((k for k in range(begin, len(tokens)) if tokens[k].text in _LETTING), begin) for begin in begins]
    return [tokens[begin:end] for begin, end in zip(begins, ends, strict=True)]
