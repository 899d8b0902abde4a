"""Tables of statements made hostile: keys, types, values, sizes, and definitions that grow."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.fuzz.mutating import STRANGE, hostile

Table = dict[str, Any]
ODD: tuple[Any, ...] = (
    *(
        None,
        True,
        0,
        -1,
        1.5,
        float("nan"),
        float("inf"),
        10**30,
        "",
        " ",
        "x",
        [],
        {},
        [[]],
        {"a": {}},
        [None],
        "\ud800",
    ),
    *("K x", "x K", "1 x 1", "10^12", "1000000000000", "0", "-3", "K x M x N", "index", "index 5..2", "K " * 500),
    *({"x": 1}, ["x", 3], {"": ""}, "index 0..1000000000000", r"K\input{x}", "size", "x" * 5000, ["x = x"] * 250),
)


def _places(table: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The ways to every value in a table."""
    if path:
        yield path
    if isinstance(table, dict | list):
        for key, value in table.items() if isinstance(table, dict) else enumerate(table):
            yield from _places(value, (*path, key))


def _holder(table: Any, path: tuple[Any, ...]) -> Any:
    for key in path[:-1]:
        table = table[key]
    return table


def other_value(dice: random.Random, table: Table, other: Table) -> None:
    """A value of another type, or none that the key can have."""
    path = dice.choice([*_places(table)])
    _holder(table, path)[path[-1]] = copy.deepcopy(dice.choice(ODD))


def other_text(dice: random.Random, table: Table, other: Table) -> None:
    """A text made hostile."""
    found = [path for path in _places(table) if isinstance(_holder(table, path)[path[-1]], str)]
    if found:
        path = dice.choice(found)
        _holder(table, path)[path[-1]] = hostile(dice, _holder(table, path)[path[-1]], str(other))[:4500]


def left_out(dice: random.Random, table: Table, other: Table) -> None:
    """A value is left out."""
    path = dice.choice([*_places(table)])
    del _holder(table, path)[path[-1]]


def taken(dice: random.Random, table: Table, other: Table) -> None:
    """A key of another table, or its entries behind one's own."""
    key = dice.choice([*other])
    mine, theirs = table.get(key), copy.deepcopy(other[key])
    if isinstance(mine, list) and isinstance(theirs, list):
        table[key] = mine + theirs
    elif isinstance(mine, dict) and isinstance(theirs, dict):
        table[key] = {**mine, **theirs}
    else:
        table[key] = theirs


def renamed(dice: random.Random, table: Table, other: Table) -> None:
    """A key with a letter changed, another key, or a strange one."""
    path = dice.choice([path for path in _places(table) if isinstance(path[-1], str)])
    holder = _holder(table, path)
    key = str(path[-1])
    new = dice.choice((key[:-1], key + "s", key[::-1], dice.choice(STRANGE), dice.choice([*other]), key + "_1"))
    holder[new] = holder.pop(key)


def shared_shape(dice: random.Random, table: Table, other: Table) -> None:
    """A symbol with the shape of another one, or turned round."""
    symbols = table.get("symbols")
    if isinstance(symbols, dict) and symbols:
        name, shape = dice.choice([*symbols]), str(dice.choice([*symbols.values()]))
        symbols[name] = dice.choice((shape, " x ".join(reversed(shape.split(" x "))), f"1 x {shape}", f"{shape} x 1"))


def growing(dice: random.Random, table: Table, other: Table) -> None:
    """Definitions that double, go in a circle, or are very many."""
    deep = dice.choice((3, 12, 40, 150))
    given = dice.choice(GROWING)(deep)
    stated = table.setdefault("given", [])
    if isinstance(stated, list) and isinstance(table.setdefault("symbols", {}), dict):
        stated += given
        table["symbols"] |= {f"a_{{{k}}}": "scalar" for k in range(deep + 1)} | {"x": "scalar"}
        table["find"] = [dice.choice((f"f_{{{deep}}}(x)", f"a_{{{deep}}}", rf"\frac{{d}}{{dx}} f_{{{deep}}}(x)"))]


GROWING: tuple[Callable[[int], list[str]], ...] = (
    lambda deep: (
        ["f_{0}(t) = t^2 + 1"] + [f"f_{{{k}}}(t) = f_{{{k - 1}}}(f_{{{k - 1}}}(t))" for k in range(1, deep + 1)]
    ),
    lambda deep: ["f_{0}(t) = t^2 + 1"] + [f"f_{{{k}}}(t) = f_{{{k - 1}}}(t) + 1" for k in range(1, deep + 1)],
    lambda deep: ["a_{0} = x"] + [f"a_{{{k}}} = a_{{{k - 1}}} a_{{{k - 1}}}" for k in range(1, deep + 1)],
    lambda deep: ["a_{0} = x"] + [rf"a_{{{k}}} = \sin(a_{{{k - 1}}}) + a_{{{k - 1}}}" for k in range(1, deep + 1)],
    lambda deep: [f"a_{{{k}}} = a_{{{(k + 1) % (deep + 1)}}}" for k in range(deep + 1)],
    lambda deep: [f"f_{{{k}}}(t) = f_{{{(k + 1) % (deep + 1)}}}(t)" for k in range(deep + 1)],
    lambda deep: ["a_{0} = " + "(" * 50 + "x" + ")^2" * 50],
)
CHANGES: tuple[Callable[[random.Random, Table, Table], None], ...] = (
    other_value,
    other_value,
    other_text,
    other_text,
    left_out,
    taken,
    renamed,
    shared_shape,
    growing,
)


def hostile_table(dice: random.Random, table: Table, other: Table) -> Table:
    """The table after one to three changes."""
    table = copy.deepcopy(table)
    for _ in range(dice.choice((1, 1, 2, 3))):
        if table:
            dice.choice(CHANGES)(dice, table, other)
    return table
