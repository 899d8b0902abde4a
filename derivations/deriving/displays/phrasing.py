"""How sums, products and fractions are put: minus signs to the front, limits where nothing else says the range."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.derivations.language.expression import NONE, UPRIGHT, Expression, add, grouped, negative, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.derivations.deriving.displays.index_letters import Letters
    from truestep.derivations.language.shapes import Size
    from truestep.derivations.meaning.terms import Axis

ZERO = Expression("number", (), (Fraction(0), None))
UNIT = Fraction(1)
LONG, MOST_PLACES = 50, 36


def rational(value: Fraction) -> Expression:
    """A rational number; one with many places as a decimal."""
    if value < 0:
        return negative(rational(-value))
    above, below = split_number(value)
    return over(above or [number(UNIT)], below)


def split_number(value: Fraction) -> tuple[list[Expression], list[Expression]]:
    """Numerator and denominator of a positive number, without ones; a long fraction that is a decimal stays one."""
    if value.denominator >= LONG:
        places = next((k for k in range(1, MOST_PLACES) if (value * 10**k).denominator == 1), None)
        if places is not None:
            return [Expression("number", (), (value, places))], []
    above = [number(Fraction(value.numerator))] if value.numerator != 1 else []
    return above, [number(Fraction(value.denominator))] if value.denominator != 1 else []


def size_written(size: Size) -> Expression:
    """A size."""
    return number(Fraction(size)) if isinstance(size, int) else Expression("size", (), size)


def signed(coefficient: Fraction, body: Expression) -> Expression:
    """With a minus sign where the coefficient is negative."""
    return negative(body) if coefficient.numerator < 0 else body


def side_by_side(factors: Sequence[Expression]) -> Expression:
    """Factors side by side, a minus sign taken out to the front."""
    if not factors:
        return number(UNIT)
    if len(factors) == 1:
        return factors[0].args[0] if factors[0].head == "group" else factors[0]
    flat: list[Expression] = []
    minus = False
    for factor in factors:
        if factor.head == "negative":
            minus, factor = not minus, factor.args[0]
        if factor.head == "product" and not any(factor.data):
            flat += factor.args
        else:
            flat.append(factor)
    made = Expression("product", tuple(flat), ("",) * len(flat))
    return negative(made) if minus else made


def hadamard(factors: Sequence[Expression]) -> Expression:
    """A Hadamard product."""
    if len(factors) == 1:
        return factors[0]
    return Expression("product", tuple(factors), ("", *("odot",) * (len(factors) - 1)))


def scaled_entrywise(scale: Sequence[Expression], body: Expression) -> Expression:
    """Scalars before an array; before a Hadamard product they stand without a bracket."""
    if body.head != "product" or not set(body.data[1:]) <= {"odot"} or any(one.head == "negative" for one in scale):
        return side_by_side([*scale, body])
    own = grouped(body.args[0]) if body.args[0].head == "product" else body.args[0]
    first = side_by_side([*scale, own]) if scale else own
    before = first.args if first.head == "product" and not any(first.data) else (first,)
    return Expression("product", (*before, *body.args[1:]), ("",) * len(before) + body.data[1:])


def over(above: Sequence[Expression], below: Sequence[Expression]) -> Expression:
    """A fraction, or the numerator where nothing is below; fractions and, over a number, long sums stand behind it."""
    if not below:
        return side_by_side(above)
    is_number = all(one.head == "number" for one in below)
    behind = [one for one in above if is_tall(one) or (is_number and one.head == "add" and len(one.args) > 2)]
    top = side_by_side([one for one in above if one not in behind])
    return side_by_side([Expression("quotient", (top, side_by_side(below)), "frac"), *map(in_group, behind)])


def is_tall(node: Expression) -> bool:
    """Whether a fraction stands in it, be it that of a derivative; exponents are small."""
    if node.head in ("quotient", "derivative"):
        return True
    return any(map(is_tall, node.args[: 1 if node.head == "power" else None]))


def in_group(node: Expression) -> Expression:
    """A sum as one factor."""
    return grouped(node) if node.head in ("add", "negative") else node


def in_one_fraction(node: Expression) -> Expression:
    r"""``\frac{1}{2} s`` as ``\frac{s}{2}``."""
    if node.head == "negative":
        return negative(in_one_fraction(node.args[0]))
    if node.head != "product" or len(node.args) != 2 or any(node.data) or node.args[0].head != "quotient":
        return node
    (above, below), factor = node.args[0].args, node.args[1]
    is_unit = above.head == "number" and above.data[0] == UNIT
    return over([factor], [below]) if is_unit and factor.head in ("symbol", "entry", "member") else node


def sum_of(terms: Sequence[Expression]) -> Expression:
    """A sum that begins with a term without minus sign where there is one."""
    if len(terms) == 1 and terms[0].head != "add":
        return terms[0]
    flat = [part for term in terms for part in (term.args if term.head == "add" else (term,))]
    start = next((place for place, term in enumerate(flat) if term.head != "negative"), 0)
    return add(*flat[start : start + 1], *flat[:start], *flat[start + 1 :])


def way(written: Expression, through: Expression) -> Expression:
    """What comes one way, with the quantity that it leads through beneath."""
    if written.head == "negative":
        return negative(way(written.args[0], through))
    return Expression("underbrace", (written, through))


def sum_over(
    body: Expression, axes: Sequence[Axis], letters: Letters, lower: Expression = NONE, upper: Expression = NONE
) -> Expression:
    """The sum over some axes; its limits are written where no entry shows the range."""
    for axis in reversed(axes):
        letter = letters.names[axis]
        minus = body.head == "negative"
        low, high = lower, upper
        if low is NONE and not _ranges(letter, body):
            low, high = number(UNIT), size_written(axis.size)
        body = Expression("sum", (body.args[0] if minus else body, low, high, NONE), (letter,))
        body = negative(body) if minus else body
    return body


def leaving_out(total: Expression, letter: str, place: Expression) -> Expression:
    """The sum over all values of its index but one."""
    minus = total.head == "negative"
    inner = total.args[0] if minus else total
    condition = Expression("relation", (Expression("index", (), letter), place), "!=")
    inner = Expression("sum", (inner.args[0], NONE, NONE, condition), inner.data)
    return negative(inner) if minus else inner


def _ranges(letter: str, body: Expression) -> bool:
    """Whether some entry has the letter for an index."""
    return any(
        node.head in ("entry", "member") and any(arg.head == "index" and arg.data == letter for arg in node.args)
        for node in body.walk()
    )


BOUNDS = ("symbol", "number", "size", "constant")


def compared(difference: Expression, relation: str) -> Expression:
    """What is compared with 0, written with the negative terms on the other side."""
    flipped = {">": "<", ">=": "<=", "<": ">", "<=": ">="}
    if difference.head == "negative":
        return Expression("relation", (difference.args[0], ZERO), flipped[relation])
    if difference.head == "add" and len(difference.args) == 2 and difference.args[1].head == "negative":
        left, right = difference.args[0], difference.args[1].args[0]
        if left.head in BOUNDS and right.head not in BOUNDS:  # |r| < 1, not 1 > |r|
            return Expression("relation", (right, left), flipped[relation])
        return Expression("relation", (left, right), relation)
    return Expression("relation", (difference, ZERO), relation)


def powered(base: Expression, exponent: int) -> Expression:
    """A power."""
    return Expression("power", (base, rational(Fraction(exponent))))


def differential_of(body: Expression) -> Expression:
    """d of an expression."""
    return Expression("differential", (body,), mark=UPRIGHT)


def transposed(base: Expression) -> Expression:
    """A transpose."""
    return Expression("transpose", (base,))


def as_row(node: Expression) -> Expression:
    """A sum, or a product of numbers and a column, as the row that it is transposed."""
    if node.head in ("negative", "product"):
        return node.of((*node.args[:-1], as_row(node.args[-1])))
    if node.head == "transpose":
        return node.args[0]
    return transposed(grouped(node) if node.head in ("add", "sum", "quotient") else node)
