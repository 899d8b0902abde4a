"""Sizes in assumptions: what is one, and an equation of sums of them, such as ``M = N - K + 1``."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from truestep.derivations.language.liberties import Reading
from truestep.derivations.language.reading.chains import read_row
from truestep.derivations.language.reading.rowtext import row_tokens
from truestep.derivations.language.shapes import BY, derived_size
from truestep.derivations.meaning.calculus import strip_groups

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from truestep.derivations.language.expression import Expression
    from truestep.derivations.language.latex.groups import Token
    from truestep.derivations.language.notation import Notation
    from truestep.derivations.language.reading.rowtext import Context
    from truestep.problems.statements.problem import Problem

_RANK = re.compile(r"(?:\\operatorname|\\mathrm)?\{?(?:\\)?(?:rank|rk)\}?\(?(?P<name>[^()]+?)\)?=(?P<size>\w+)")

_SAID = re.compile(
    r"(?P<matrix>.+?)[\s~,]*(?:\\(?:text|mathrm|mbox|textrm)\s*\{)?\s*(?:is|has|of|with)?\s*(?:of|a)?\s*"
    r"(?:invertible|non-?singular|full (?P<side>column |row )?rank)\s*\}?\s*\.?"
)


_NAME = r"\d*(?:\\[A-Za-z]+|[A-Za-z])(?:_\w+|\d+)?"
_SUM = re.compile(rf"(?P<index>index\s+)?(?P<sum>{_NAME}(?:\s*[+-]\s*(?:{_NAME}|\d+))+)")


def named_sums(symbols: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The symbols with a name for each size that is a sum of others, and what sum each of these names is.

    >>> named_sums({"x": "n", "y": "n - m + 1"})
    ({'x': 'n', 'y': 'n_{y}'}, {'n_{y}': 'n-m+1'})
    """
    names, named = dict[str, str](), dict[str, str]()
    for symbol, shape in symbols.items():
        parts = BY.split(str(shape))
        for place, part in enumerate(parts):
            found = _SUM.fullmatch(part.strip())
            if found is not None and derived_size(found["sum"]) is None:
                own = f"n_{{{re.sub(r'[^A-Za-z0-9]', '', symbol)}}}"
                size = names.setdefault(found["sum"].replace(" ", ""), own)
                parts[place] = f"{found['index'] or ''}{size}"
        named[symbol] = " x ".join(parts) if names else shape
    return named, {size: total for total, size in names.items()}


def with_named_sums(problem: Problem) -> Problem:
    """A statement with a name for each size that is a sum of others, and the sum as an assumption."""
    symbols, totals = named_sums(problem.symbols)
    told = tuple(f"{size} = {total}" for size, total in totals.items())
    return replace(problem, symbols=symbols, assume=(*problem.assume, *told)) if told else problem


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


def is_said_invertible(text: str, given: Sequence[str], context: Context, into: list[tuple[str, str, str]]) -> bool:
    r"""``X^T X \text{ is invertible}``, ``X \text{ has full column rank}``: no size within is less than those outside.

    A sum may be of full rank whatever the ranks of its terms are.  Raises ReadingFault.
    """
    found = _SAID.fullmatch(text.strip())
    if found is None:
        return False
    node = _read(found["matrix"], context)
    dims = _chain(node, given, context)
    if node.head == "add":
        return True
    if len(dims) < 2:
        return False
    sides = {"column ": dims[-1:], "row ": dims[:1]}.get(found["side"] or "", dims[:1] if dims[0] == dims[-1] else ())
    into += [(str(size), ">=", str(side)) for side in sides for size in dims if size != side]
    return True


def _read(text: str, context: Context) -> Expression:
    (said,) = read_row(row_tokens(text, context), context, Reading(), frozenset())
    return strip_groups(said.parts[0].expression)


def _chain(node: Expression, given: Sequence[str], context: Context) -> tuple[str | int, ...]:
    """The sizes that a product of declared matrices goes through; of another square matrix, that which is known."""
    if node.head == "product":
        chains = [chain for arg in node.args if (chain := _chain(strip_groups(arg), given, context)) != (1, 1)]
        is_joined = all(len(one) > 1 for one in chains) and all(a[-1] == b[0] for a, b in itertools.pairwise(chains))
        return tuple(size for k, chain in enumerate(chains) for size in chain[k > 0 :]) if is_joined else ()
    if node.head in ("transpose", "prime"):
        return _chain(strip_groups(node.args[0]), given, context)[::-1]
    declared = context.notation.declared(str(node.data)) if node.head == "symbol" else None
    if declared is None:
        return ()
    for text in given:
        left, sign, right = text.partition("=")
        if sign and left.strip() == str(node.data) and len(chain := _chain(_read(right, context), (), context)) > 1:
            return chain
    return declared.dims
