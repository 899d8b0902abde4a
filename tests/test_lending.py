"""Worlds at hand: one to a work at a time, and those that were not used for long go first."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any, cast

from truestep.checkers.comparing.lending import MOST_ALIKE, Shelves

if TYPE_CHECKING:
    from truestep.checkers.comparing.lending import Entry, Key


def entry(weight: int) -> Entry:
    return cast("Entry", (object(), object(), weight))


def key(name: int) -> Key:
    return cast("Key", (str(name).encode(), None, 0))


def test_what_is_taken_is_taken_by_one() -> None:
    kept, given = Shelves(100), [entry(10), entry(10), entry(10)]
    for one in given:
        kept.put(key(1), one)
    taken = [kept.take(key(1)) for _ in range(3)]
    assert len({id(one) for one in taken if one is not None}) == MOST_ALIKE
    assert taken[-1] is None
    assert kept.weight == 0


def test_what_was_not_used_for_long_goes_first() -> None:
    kept = Shelves(100)
    for name in range(3):
        kept.put(key(name), entry(30))
    first: Any = kept.take(key(0))
    kept.put(key(0), first)
    kept.put(key(3), entry(30))
    assert [name for name in range(4) if kept.take(key(name)) is not None] == [0, 2, 3]


def test_the_weight_is_that_of_all_and_has_a_bound() -> None:
    dice, kept = random.Random(1), Shelves(100)
    for _ in range(2_000):
        name = key(dice.randrange(12))
        if dice.random() < 0.5:
            kept.put(name, entry(dice.randrange(1, 60)))
        else:
            kept.take(name)
        assert 0 <= kept.weight <= kept.most
    while any(kept.take(key(name)) is not None for name in range(12)):
        pass
    assert kept.weight == 0
