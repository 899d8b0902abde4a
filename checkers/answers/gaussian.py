"""Numbers with the imaginary unit: ``a + b i`` with rational parts, compared exactly."""

from __future__ import annotations

from fractions import Fraction

from truestep.checkers.answers.doubts import read_bare
from truestep.derivations.language.expression import Expression
from truestep.derivations.meaning.entries import exact_number

Gaussian = tuple[Fraction, Fraction]
UNIT, ONE = (Fraction(0), Fraction(1)), (Fraction(1), Fraction(0))
MOST_DIGITS = 10**30
MOST_POWER = 64


def gaussian(text: str) -> Gaussian | None:
    """The real and imaginary part of a number; None of what is none, or has other than rational parts.

    >>> gaussian("(1 + i)^2") == gaussian("2 i"), gaussian("x + i"), gaussian("i / 0")
    (True, None, None)
    """
    read = read_bare(text)
    return None if read is None else _value(read)


def _value(node: Expression) -> Gaussian | None:
    if node.head == "unknown":
        return UNIT if str(node.data) == "i" and not node.args else None
    if (known := exact_number(node)) is not None:
        return known, Fraction(0)
    if node.head == "power":
        exponent = exact_number(node.args[1])
        base = _value(node.args[0])
        return None if base is None or exponent is None else _power(base, exponent)
    parts = [one for arg in node.args if (one := _value(arg)) is not None]
    if len(parts) < len(node.args) or not parts:
        return None
    match node.head:
        case "group":
            found: Gaussian | None = parts[0]
        case "negative":
            found = -parts[0][0], -parts[0][1]
        case "add":
            found = sum((one[0] for one in parts), Fraction(0)), sum((one[1] for one in parts), Fraction(0))
        case "product":
            found = ONE
            for one in parts:
                found = _times(found, one)
        case "quotient":
            found = _over(*parts)
        case _:
            return None
    return found if found is None or max(abs(one.numerator) for one in found) < MOST_DIGITS else None


def _times(one: Gaussian, other: Gaussian) -> Gaussian:
    return one[0] * other[0] - one[1] * other[1], one[0] * other[1] + one[1] * other[0]


def _over(one: Gaussian, other: Gaussian) -> Gaussian | None:
    size = other[0] ** 2 + other[1] ** 2
    return _times(one, (other[0] / size, -other[1] / size)) if size else None


def _power(base: Gaussian, exponent: Fraction) -> Gaussian | None:
    if exponent.denominator != 1 or abs(exponent) > MOST_POWER:
        return None
    found = ONE
    for _ in range(abs(int(exponent))):
        found = _times(found, base)
    return found if exponent >= 0 else _over(ONE, found)
