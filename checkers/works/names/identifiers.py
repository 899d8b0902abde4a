"""Names of array code that begin with the word of a function: ``sum_exp = np.sum(e)``, ``log_probs``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from truestep.derivations.language.expression import Expression
from truestep.derivations.language.functions import WORDS
from truestep.derivations.language.latex.groups import Token
from truestep.derivations.language.reading.rowtext import ASSIGNMENTS, EQUALITIES
from truestep.derivations.language.reading.spellings import Spelling
from truestep.derivations.language.reading.tokens import tokenize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.checkers.works.grouping import Group
    from truestep.derivations.language.reading.rowtext import Context

_FIRST = frozenset(WORDS) | {"sum", "prod", "mean", "var", "std"}
_EQUATING = EQUALITIES | ASSIGNMENTS
_WORD = re.compile(r"(?<![\w\\])[A-Za-z]{2,}_")
_NAME = re.compile(r"(?P<first>[A-Za-z]+)_\w+")


def own_identifiers(found: Sequence[Group], context: Context) -> tuple[Spelling, ...]:
    """The names that stand alone on a left side, as one name each wherever they stand; the longest first."""
    made = dict[str, Spelling]()
    for group in found:
        if _WORD.search(group.text) is None:
            continue
        tokens = [token for token in group.tokens if token.kind not in ("open", "close")]
        stop = next((place for place, one in enumerate(tokens) if one.text in _EQUATING), 0)
        name = group.text[tokens[0].start : tokens[stop - 1].end] if stop > 1 else ""
        named = _NAME.fullmatch(name)
        if named is None or named["first"] not in _FIRST or context.notation.is_name(name):
            continue
        below = f"{named['first']}_{{{name.removeprefix(named['first'])[1:]}}}"
        unit = Token("unit", below, 0, 0, Expression("unknown", (), below))
        made[name] = Spelling(tuple(tokenize(name, {})), frozenset(), (unit,))
    return tuple(sorted(made.values(), key=lambda one: -len(one.pattern)))
