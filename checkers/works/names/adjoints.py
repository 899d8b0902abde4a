r"""Accents that a work writes for gradients: where ``\bar Y`` is :math:`\partial L / \partial Y`, so is every bar."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from truestep.derivations.language.notation import ACCENTS
from truestep.derivations.language.reading.spellings import spellings
from truestep.derivations.language.reading.tokens import canonical, tokenize
from truestep.derivations.language.writing import latex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from truestep.checkers.works.grouping import Group
    from truestep.derivations.language.expression import Expression
    from truestep.derivations.language.reading.rowtext import Context
    from truestep.derivations.language.reading.spellings import Spelling


def adjoints(found: Sequence[Group], context: Context, asked: Sequence[Expression]) -> tuple[Spelling, ...]:
    r"""The spellings of gradients with the accent that the work gives one, or all that are asked for with one between.

    ``\bar z = ...`` before ``\bar W = ...`` and ``\bar b = ...``, with nothing said of bars.
    """
    tops = {one.args[0] for one in asked if one.head == "derivative" and len(one.args) == 2}
    if len(tops) != 1 or all(group.texts.isdisjoint(ACCENTS) for group in found):
        return ()
    top = latex(next(iter(tops)), context.notation)
    names = [latex(one.args[1], context.notation) for one in asked if one.head == "derivative"]
    lefts = dict.fromkeys(group.canonical.partition("=")[0].rstrip(":") for group in found)
    below = {accent: list(_below(accent, lefts, context)) for accent in ACCENTS}
    made = {
        rf"{accent}{{{name}}}": rf"\frac{{\partial {top}}}{{\partial {name}}}"
        for accent in dict.fromkeys((*_accents(found, top, context), *_propagated(below, names)))
        for name in (*names, *below[accent])
        if not context.notation.is_name(rf"{accent}{{{name}}}")
    }
    return spellings(made, (), {}) if made else ()


def _below(accent: str, lefts: Iterable[str], context: Context) -> Iterator[str]:
    """The declared quantities that a work gives this accent on a left side."""
    names = (left.removeprefix(f"{accent}{{").removesuffix("}") for left in lefts if left.startswith(f"{accent}{{"))
    return (name for name in names if context.notation.declared(name) is not None)


def _propagated(below: Mapping[str, Sequence[str]], names: Sequence[str]) -> Iterator[str]:
    """The accents that all gradients asked for have on left sides, and some quantity between: no estimate or mean."""
    yield from (one for one, known in below.items() if len(names) > 1 and {*names} < {*known})


def _accents(found: Sequence[Group], top: str, context: Context) -> Iterator[str]:
    r"""The accents of names that a formula, or two beside one another, say to be the gradients by those names."""
    texts = [group.canonical for group in found]
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
