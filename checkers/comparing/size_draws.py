"""Small sizes for the models, drawn so that whatever differs as a formula of sizes differs in some model."""

from __future__ import annotations

import random
from functools import lru_cache, reduce
from itertools import combinations, islice
from operator import add, mul
from typing import TYPE_CHECKING, Any

import numpy as np

from truestep.checkers.comparing.question import BENDING
from truestep.derivations.meaning.terms import walk_terms

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from truestep.derivations.meaning.terms import Term

Relation = tuple[int, str, int, bool]  # place, relation, and a place or (where the last is False) a number
Total = tuple[int, tuple[tuple[int, int], ...], int]  # a place, those that it is the sum of with their counts, a number

Sizes = tuple[tuple[str, int], ...]

SMALLEST = 2
LARGEST, MOST_NAMES, MOST = 12, 4, 16  # of the sizes at which comparisons turn
TRIES = 60


@lru_cache(maxsize=256)
def drawn_sizes(count: int, relations: tuple[Relation | Total, ...], salt: int) -> tuple[tuple[int, ...], ...]:
    """Several assignments of so many sizes: any two of them, and of their sums, differences, products and quotients,
    differ in some assignment, and each of two sizes is the larger one in some, where the relations allow it.
    All sizes are odd in the first, each is even in another one, and each sum of two is odd in some: signs that
    have them as exponents are told apart.

    >>> all(len(set(column)) > 1 for column in zip(*drawn_sizes(4, (), 1)))
    True
    """
    turns = 3 if count < 5 else 4 if count < 9 else 5
    best: tuple[int, tuple[tuple[int, ...], ...]] | None = None
    generator = random.Random(salt * 1009 + count)
    for attempt in range(TRIES if count else 1):
        top = SMALLEST + (2 if count < 3 else 3 if count < 7 else 4) + (attempt > TRIES // 2)
        odd = [generator.randrange(3, top + 1, 2) for _ in range(count)]
        rows = [
            odd,
            *([generator.randint(SMALLEST, top) for _ in range(count)] for _ in range(turns - 1 if count else 0)),
        ]
        table = tuple(tuple(settled(row, relations)) for row in rows)
        lost = _alike(table)
        if best is None or lost < best[0]:
            best = (lost, table)
        if not lost:
            break
    assert best is not None
    return best[1]


def counted_sizes(count: int) -> tuple[tuple[int, ...], ...]:
    """The smallest sizes in turn, and where these are periodic some that are drawn once and for all.

    >>> counted_sizes(2)
    ((2, 3), (3, 4), (4, 2))
    """
    turns = tuple(tuple(SMALLEST + (k + turn) % 3 for k in range(count)) for turn in range(3 if count else 1))
    return turns if count < 4 else (*turns, *drawn_sizes(count, (), 0))


def settled(row: list[int], relations: tuple[Relation | Total, ...]) -> list[int]:
    """The sizes, raised to where the relations hold."""
    for _ in range(len(relations)):
        for one in relations:
            if len(one) == 3:
                total, terms, more = one
                row[total] = sum(count * row[other] for other, count in terms) + more
                continue
            place, relation, other, is_place = one
            bound = row[other] if is_place else other
            if relation == "=":
                row[place] = max(row[place], bound) if is_place else bound
                if is_place:
                    row[other] = row[place]
            elif relation in (">", ">="):
                row[place] = max(row[place], bound + (relation == ">"))
            elif relation == "!=" and row[place] == bound:
                row[place] += 1
    return row


def _alike(table: tuple[tuple[int, ...], ...]) -> int:
    """How many pairs of formulas no assignment tells apart, and how many sizes have one parity or order in all."""
    columns = list(zip(*table, strict=True))
    formulas: list[tuple[float, ...]] = []
    for place, a in enumerate(columns):
        formulas += [a, tuple(x * x for x in a)]
        for b in columns[place + 1 :]:
            pairs = list(zip(a, b, strict=True))
            formulas += [tuple(x * y for x, y in pairs), tuple(x + y for x, y in pairs)]
            formulas += [tuple(x - y for x, y in pairs), tuple(y - x for x, y in pairs)]
            formulas += [tuple(x / y for x, y in pairs), tuple(y / x for x, y in pairs)]
    ordered = sum(
        all(x <= y for x, y in zip(a, b, strict=True)) or all(x >= y for x, y in zip(a, b, strict=True))
        for a, b in combinations(columns, 2)
    )
    even = sum(all(x % 2 for x in a) for a in columns)
    even += sum(not any((x + y) % 2 for x, y in zip(a, b, strict=True)) for a, b in combinations(columns, 2))
    few = sum(len(set(a)) < (3 if len(columns) < 4 else 2) for a in columns)
    return 3 * (len(formulas) - len(set(formulas))) + ordered + even + 5 * few


def size_turns(terms: Sequence[Term]) -> tuple[Sizes, ...]:
    """Small sizes at which comparisons of sizes alone are met, and such on either side, each way in which they go."""
    nodes = [node.args[0] for node in walk_terms(terms) if node.op in BENDING or node.op == "zero"]
    compared = [node for node in nodes if any(one.op == "size" for one in walk_terms((node,)))]
    each = (turn for one in compared for turn in _turns([one]))
    return tuple(islice(dict.fromkeys((*_turns(compared), *each)), MOST))


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
    if not signs:
        return []
    places = np.unique(np.array(signs), axis=1, return_index=True)[1]
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
