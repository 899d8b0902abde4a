"""What a marker would still simplify: named, and only what leaves no doubt."""

from __future__ import annotations

from fractions import Fraction
from math import gcd
from typing import TYPE_CHECKING, Any

from truestep.derivations.language.expression import Expression

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


def unsimplified(answer: Expression) -> Iterator[tuple[str, Expression]]:
    """What is to be done, and where; ``answer`` without brackets, outermost first.

    >>> from truestep.derivations.language.expression import number, product, symbol
    >>> [advice for advice, _ in unsimplified(product(symbol("x"), number(Fraction(1))))]
    ['leave out the factor 1']
    """
    for node in answer.walk():
        for advice, is_so in RULES:
            if is_so(node):
                yield advice, node
                break


def _number(node: Expression) -> Fraction | None:
    """The number that is written: an integer or a fraction of two, with or without a sign."""
    if node.head == "number":
        return Fraction(node.data[0])
    if node.head == "negative":
        inner = _number(node.args[0])
        return None if inner is None else -inner
    if node.head == "quotient":
        above, below = (_number(arg) for arg in node.args)
        return None if above is None or not below else above / below
    return None


def _is(node: Expression, value: int) -> bool:
    return node.head == "number" and bool(node.data[0] == value)


def _has(node: Expression, head: str, value: int) -> bool:
    return node.head == head and any(_is(arg, value) for arg in node.args)


def _factors(node: Expression) -> Sequence[Expression]:
    node = node.args[0] if node.head == "negative" else node
    return node.args if node.head == "product" else (node,)


def _whole_numbers(node: Expression) -> list[int]:
    numbers = [Fraction(arg.data[0]) for arg in _factors(node) if arg.head == "number"]
    return [int(number) for number in numbers if number.denominator == 1]


def _cancels(node: Expression) -> bool:
    """A factor above that stands below as well, or whole numbers with a common divisor."""
    if node.head != "quotient":
        return False
    above, below = node.args
    if any(factor in _factors(below) for factor in _factors(above) if factor.head != "number"):
        return True
    return any(gcd(a, b) > 1 for a in _whole_numbers(above) for b in _whole_numbers(below))


def _is_nested(node: Expression) -> bool:
    """A fraction whose numerator or denominator is one itself, and not a number alone."""
    parts = node.args if node.head == "quotient" else ()
    bare = [part.args[0] if part.head == "negative" else part for part in parts]
    return any(part.head == "quotient" and part.data == "frac" for part in bare) and _number(node) is None


def _several_numbers(node: Expression) -> bool:
    """A product of two numbers, one of which is a fraction: 2 times 1/2."""
    numbers = [arg for arg in node.args if _number(arg) is not None] if node.head == "product" else []
    return len(numbers) > 1 and any(arg.head == "quotient" for arg in numbers)


def _undoes(node: Expression) -> bool:
    """exp of log, or log of exp."""
    inner: Any = None
    if node.head == "power" and node.args[0].head == "constant" and node.args[0].data == "e":
        inner = node.args[1]
        return _called(inner) == "log"
    if _called(node) == "exp":
        return _called(node.args[0]) == "log"
    if _called(node) == "log":
        inner = node.args[0]
        return _called(inner) == "exp" or (inner.head == "power" and inner.args[0].data == "e")
    return False


def _called(node: Expression) -> str:
    return str(node.data[0]) if node.head == "apply" and not node.data[1] and node.data[2] is None else ""


def _like_terms(node: Expression) -> bool:
    """Two terms that are written alike up to a sign and a number: 2x + 3x, x - x."""
    if node.head != "add":
        return False
    cores = [tuple(factor for factor in _factors(term) if _number(factor) is None) for term in node.args]
    return any(core in cores[:place] for place, core in enumerate(cores))


def _twice(node: Expression, head: str) -> bool:
    return node.head == head and node.args[0].head == head


# what is to be done, and where it is
RULES: tuple[tuple[str, Callable[[Expression], bool]], ...] = (
    ("leave out the factor 1", lambda node: _has(node, "product", 1)),
    ("a product with 0 is 0", lambda node: _has(node, "product", 0)),
    ("leave out the term 0", lambda node: _has(node, "add", 0)),
    ("leave out the denominator 1", lambda node: node.head == "quotient" and _is(node.args[1], 1)),
    ("leave out the exponent 1", lambda node: node.head == "power" and _is(node.args[1], 1)),
    ("a power of 0 is 1", lambda node: node.head == "power" and _is(node.args[1], 0)),
    ("two minus signs are none", lambda node: _twice(node, "negative")),
    ("two transposes are none", lambda node: _twice(node, "transpose")),
    ("cancel what stands above and below", _cancels),
    ("write the nested fraction as one", _is_nested),
    ("multiply the numbers", _several_numbers),
    ("exp and log undo each other", _undoes),
    ("collect the terms that are alike", _like_terms),
)
