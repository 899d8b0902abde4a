"""Sizes at which a comparison of sizes alone turns: ``1[K = M]``, ``ReLU(n - 2 m)``."""

from __future__ import annotations

from functools import reduce
from itertools import islice
from operator import add, mul
from typing import TYPE_CHECKING, Any

import numpy as np

from truestep.checkers.comparing.question import BENDING
from truestep.derivations.meaning.terms import walk_terms

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from truestep.derivations.meaning.terms import Term

Sizes = tuple[tuple[str, int], ...]

LARGEST = 12
MOST_NAMES = 4
MOST = 16


def size_turns(terms: Sequence[Term]) -> tuple[Sizes, ...]:
    """Small sizes at which comparisons of sizes alone are met, and such on either side, each way in which they go."""
    nodes = [node.args[0] for node in walk_terms(terms) if node.op in BENDING or node.op == "zero"]
    compared = [node for node in nodes if any(one.op == "size" for one in walk_terms((node,)))]
    return tuple(
        islice(dict.fromkeys((*_turns(compared), *(turn for one in compared for turn in _turns([one])))), MOST)
    )


def _turns(compared: Sequence[Term]) -> list[Sizes]:
    """The smallest sizes for each way in which the signs of some terms go."""
    names = sorted({str(node.data) for node in walk_terms(compared) if node.op == "size"})
    if not 0 < len(names) <= MOST_NAMES:
        return []
    top = LARGEST if len(names) < MOST_NAMES else LARGEST // 2
    grid = np.indices([top - 1] * len(names)).reshape(len(names), -1) + 2
    grid = grid[:, np.argsort(grid.sum(axis=0), kind="stable")]
    at = dict(zip(names, grid.astype(float), strict=True))
    with np.errstate(all="ignore"):
        values = [value for value in (_value(one, at) for one in compared) if value is not None]
        signs = [np.broadcast_to(np.sign(value), grid[0].shape) for value in values]
    places = np.unique(np.array(signs), axis=1, return_index=True)[1] if signs else []
    return [tuple(zip(names, map(int, grid[:, place]), strict=True)) for place in sorted(places)]


def _value(term: Term, at: Mapping[str, Any]) -> Any:
    """The value of a term of sizes and numbers; None of any other."""
    if term.op in ("constant", "size"):
        return float(term.data) if term.op == "constant" else at[str(term.data)]
    args = [_value(arg, at) for arg in term.args]
    if term.axes or not args or any(arg is None for arg in args):
        return None
    match term.op:
        case "add" | "multiply":
            return reduce(add if term.op == "add" else mul, args)
        case "power" | "root":
            return args[0] ** float(term.data)
        case "abs":
            return np.abs(args[0])
        case "exp":
            return np.exp(args[0])
        case "log":
            return np.log(args[0])
    return None
