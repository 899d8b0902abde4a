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


def without_idle(problem: Problem, rows: Sequence[str]) -> Problem:
    r"""The problem without the symbols that occur nowhere else in it and that the first row with them defines.

    >>> from truestep.problems.statements.problem import Problem
    >>> asked = Problem(symbols={"z": "K", r"\delta_1": "K", r"\delta_2": "K"}, given=("z = z",), find=("z",))
    >>> list(without_idle(asked, [r"\delta_1 = z"]).symbols)
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
        if name not in letters and not _named(name).search(told) and _is_defined(name, rows)
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


def _named(name: str) -> re.Pattern[str]:
    """A name that is no part of a longer word."""
    return re.compile(rf"(?<![A-Za-z\\]){re.escape(name)}(?![A-Za-z])")


def _is_defined(name: str, rows: Sequence[str]) -> bool:
    """Whether the first row with a name, or with its entries, has it alone on its left, or at its end as defined."""
    whole = rf"{re.escape(name)}(?:_(?:[A-Za-z]|\{{[A-Za-z,\s]{{1,9}}\}}))?\s*"
    left = re.compile(rf"[\s&$]*{whole}(?:\([^()=]{{1,40}}\)\s*)?&?\s*:?=(?!=)")
    first = next((row for row in rows if _named(name).search(row)), "")
    return left.match(first) is not None or re.search(rf"=:\s*{whole}[.,;]?\s*$", first) is not None
