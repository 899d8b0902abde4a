r"""Accents that a work writes for gradients: where ``\bar Y`` is :math:`\partial L / \partial Y`, so is every bar."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from truestep.derivations.language.notation import ACCENTS
from truestep.derivations.language.reading.spellings import spellings
from truestep.derivations.language.reading.tokens import canonical, tokenize
from truestep.derivations.language.writing import latex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from truestep.checkers.works.grouping import Group
    from truestep.derivations.language.expression import Expression
    from truestep.derivations.language.reading.rowtext import Context
    from truestep.derivations.language.reading.spellings import Spelling


def adjoints(found: Sequence[Group], context: Context, asked: Sequence[Expression]) -> tuple[Spelling, ...]:
    """The spellings of the gradients that are asked for, with the accent that the work gives another one."""
    tops = {one.args[0] for one in asked if one.head == "derivative" and len(one.args) == 2}
    if len(tops) != 1 or not any(token.text in ACCENTS for group in found for token in group.tokens):
        return ()
    top = latex(next(iter(tops)), context.notation)
    names = [latex(one.args[1], context.notation) for one in asked if one.head == "derivative"]
    made = {
        rf"{accent}{{{name}}}": rf"\frac{{\partial {top}}}{{\partial {name}}}"
        for accent in dict.fromkeys(_accents(found, top, context))
        for name in names
        if not context.notation.is_name(rf"{accent}{{{name}}}")
    }
    return spellings(made, (), {}) if made else ()


def _accents(found: Sequence[Group], top: str, context: Context) -> Iterator[str]:
    r"""The accents of names that a formula, or two beside one another, say to be the gradients by those names."""
    texts = [canonical(group.tokens) for group in found]
    pairs = [tuple(text.replace(":=", "=").split("=", 1)) for text in texts if "=" in text]
    pairs += [(one, other) for one, other in itertools.pairwise(texts) if "=" not in one + other]
    for one, other in pairs:
        for accented, slope in ((one, other), (other, one)):
            accent, _, name = accented.partition("{")
            plain = name.removesuffix("}")
            if accent not in ACCENTS or not context.notation.is_name(plain):
                continue
            forms = (rf"\frac{{\partial {top}}}{{\partial {plain}}}", rf"\partial {top}/\partial {plain}")
            if slope in [canonical(tokenize(form)) for form in forms]:
                yield accent
