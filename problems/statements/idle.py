"""Symbols that a statement declares and says nothing of: a work may define them itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import structs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.problems.statements.problem import Problem

_SIZE = re.compile(r"\b(?!x\b)[A-Za-z]\w*")
_COMMAND = re.compile(r"\\[A-Za-z]+")
_NOT_QUANTITIES = ("index", "size")


def without_idle(problem: Problem, rows: Sequence[str], said: Sequence[str] = ()) -> Problem:
    r"""The problem without the symbols that occur nowhere else in it and that the first row with them defines.

    The same where one of the formulas ``said`` does, of which words say that they define something.

    >>> from truestep.problems.statements.problem import Problem
    >>> asked = Problem(symbols={"z": "K", r"\delta_1": "K", r"\delta_2": "K"}, given=("z = z",), find=("z",))
    >>> list(without_idle(asked, [r"\delta_1 = z"]).symbols)
    ['z', '\\delta_2']
    >>> list(without_idle(asked, [r"z = \delta_1", r"\delta_1 = 2 z"], [r"\delta_1 = 2 z"]).symbols)
    ['z', '\\delta_2']
    """
    if not problem.given or not problem.find:
        return problem
    texts = (*problem.given, *problem.assume, *problem.find, *problem.answer, *problem.only, *problem.must_show)
    told = " ".join((*texts, *problem.names, *problem.names.values(), *problem.functions))
    letters = set(_COMMAND.sub(" ", told))
    idle = [
        name
        for name in problem.symbols
        if name not in letters
        and not _named(name).search(told)
        and (_is_defined(name, rows) or any(_is_defined(name, [one]) for one in said))
    ]
    if not idle:
        return problem
    kept = {name: shape for name, shape in problem.symbols.items() if name not in idle}
    for name in idle:
        shape = problem.symbols[name]
        known = {size for other in kept.values() for size in _SIZE.findall(other)} | set(kept)
        if shape.startswith(_NOT_QUANTITIES) or not set(_SIZE.findall(shape)) - {"scalar"} <= known:
            kept[name] = shape
    return structs.replace(problem, symbols={name: shape for name, shape in problem.symbols.items() if name in kept})


def with_argument(problem: Problem, rows: Sequence[str]) -> Problem:
    r"""The problem with what a bare nabla is to differentiate by, where the work names one quantity: ``f(w)``, ``dw``.

    >>> from truestep.problems.statements.problem import Problem
    >>> asked = Problem(symbols={"w": "d", "x": "d", "f": "scalar"}, given=("f = w^T x",), find=(r"\nabla f",))
    >>> with_argument(asked, [r"\nabla f(w) = x"]).find, with_argument(asked, [r"\nabla f = x"]).find
    (('\\nabla_{w} f',), ('\\nabla f',))
    """
    bare = [_BARE.fullmatch(one) for one in problem.find]
    functions = {found["name"] for found in bare if found is not None}
    if len(functions) != 1 or problem.answer or any("(" in spelling for spelling in problem.names):
        return problem  # where the author says it, no work does
    name = functions.pop()
    others = [one for one, shape in problem.symbols.items() if one != name and not shape.startswith(_NOT_QUANTITIES)]
    by = [one for one in others if any(map(_as_argument(name, one).search, rows))]
    if len(by) != 1:
        return problem
    asked = (
        one if found is None else one.replace(r"\nabla", rf"\nabla_{{{by[0]}}}", 1)
        for one, found in zip(problem.find, bare, strict=True)
    )
    return structs.replace(problem, find=tuple(asked))


_BARE = re.compile(r"\\nabla\s*(?:\^\{?2\}?)?\s*(?P<name>\\?[A-Za-z]+)")


def _as_argument(function: str, name: str) -> re.Pattern[str]:
    """A quantity as the argument of a function, below a nabla, or in a differential."""
    alone, before = rf"{re.escape(name)}(?![A-Za-z_^])", r"\\nabla_\{?|(?<![\\a-z])d|\\mathrm\s*\{?d\}?\s*"
    return re.compile(rf"{re.escape(function)}\s*\(\s*{alone}\s*[);|]|(?:{before}){alone}")


def _named(name: str) -> re.Pattern[str]:
    r"""A name that is no part of a longer word, number or command; letters may stand beside it as factors.

    >>> [bool(_named(r"\delta_1").search(text)) for text in (r"x\delta_1y", r"\delta_12")]
    [True, False]
    """
    start = "" if name.startswith("\\") else r"(?<!\\)" if "_" in name else r"(?<![A-Za-z\\])"
    is_word = re.search(r"(?:^|\\)[A-Za-z]+$", name) is not None
    end = "(?![A-Za-z])" if is_word else r"(?!\d)" if name[-1:].isdigit() else ""
    return re.compile(f"{start}{re.escape(name)}{end}")


def _is_defined(name: str, rows: Sequence[str]) -> bool:
    """Whether the first row with a name, or with its entries, has it alone on its left, or at its end as defined."""
    whole = rf"{re.escape(name)}(?:_(?:[A-Za-z]|\{{[A-Za-z,\s]{{1,9}}\}}))?\s*"
    left = re.compile(rf"[\s&$]*{whole}(?:\([^()=]{{1,40}}\)\s*)?&?\s*:?=(?!=)")
    first = next((row for row in rows if _named(name).search(row)), "")
    return left.match(first) is not None or re.search(rf"=:\s*{whole}[.,;]?\s*$", first) is not None
