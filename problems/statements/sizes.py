"""Sizes in assumptions: what is one, and an equation of sums of them, such as ``M = N - K + 1``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.derivations.language.expression import Expression
    from truestep.derivations.language.latex.groups import Token
    from truestep.derivations.language.notation import Notation

_RANK = re.compile(r"(?:\\operatorname|\\mathrm)?\{?(?:\\)?(?:rank|rk)\}?\(?(?P<name>[^()]+?)\)?=(?P<size>\w+)")


def total_of(left: Expression, right: Expression, notation: Notation) -> tuple[str, dict[str, int], int] | None:
    """``M = N - K + 1`` as one size that is a sum of the others, with how often each stands in it, and a number."""
    here, there = _affine(left, notation), _affine(right, notation)
    if here is None or there is None:
        return None
    found = {name: here.get(name, 0) - there.get(name, 0) for name in {**here, **there}}
    more = found.pop("", 0)
    for name, times in sorted(found.items()):
        rest = {other: -count * times for other, count in found.items() if other != name and count}
        if abs(times) == 1 and rest and all(count > 0 for count in rest.values()):
            return name, rest, -more * times
    return None


def _affine(node: Expression, notation: Notation) -> dict[str, int] | None:
    """How often each size stands in a sum of sizes; the number in it under the empty name."""
    while node.head == "group":
        node = node.args[0]
    if is_size(node, notation):
        return {size_name(node): 1}
    if node.head == "number" and node.data[0].denominator == 1:
        return {"": int(node.data[0])}
    parts = [_affine(arg, notation) for arg in node.args] if node.head in ("add", "negative", "product") else [None]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    if node.head == "negative":
        return {name: -count for name, count in known[0].items()}
    if node.head == "add":
        return {name: sum(part.get(name, 0) for part in known) for name in {n for part in known for n in part}}
    if len(known) == 2 and set(known[0]) == {""}:
        return {name: known[0][""] * count for name, count in known[1].items()}
    return None


def is_size(node: Expression, notation: Notation) -> bool:
    """Whether an expression is a declared size."""
    return node.head == "size" or (node.head == "symbol" and node.data in notation.sizes)


def size_name(node: Expression) -> str:
    """The name of a size, or the number."""
    return str(node.data[0] if node.head == "number" else node.data)


def is_full_rank(tokens: Sequence[Token], notation: Notation, into: list[tuple[str, str, str]]) -> bool:
    r"""``\operatorname{rank}(X) = n`` of a matrix with so many rows or columns: it has at least as many others."""
    found = _RANK.fullmatch("".join(token.text for token in tokens))
    dims = declared.dims if found and (declared := notation.declared(found["name"])) is not None else ()
    if found is None or found["size"] not in map(str, dims):
        return False
    into += [(str(size), ">=", found["size"]) for size in dims if str(size) != found["size"] and size != 1]
    return True
