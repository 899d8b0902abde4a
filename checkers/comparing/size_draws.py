"""Small sizes for the models, drawn so that whatever differs as a formula of sizes differs in some model."""

from __future__ import annotations

import random
from functools import lru_cache
from itertools import combinations

Relation = tuple[int, str, int, bool]  # place, relation, and a place or (where the last is False) a number
Total = tuple[int, tuple[tuple[int, int], ...], int]  # a place, those that it is the sum of with their counts, a number

SMALLEST = 2
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
