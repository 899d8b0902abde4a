"""Whether what words name holds: a sign, a shape, a property of a matrix or a function, a value made of another one."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.checkers.works.said import vectors
from truestep.checkers.works.said.deciding import (
    AGAINST,
    LOOSE,
    Deciding,
    Spoken,
    applied,
    node_of,
    only_leaf,
    read_in,
    total,
)
from truestep.checkers.works.said.extremes import attained, greatest, is_passed
from truestep.checkers.works.said.settled import is_value
from truestep.derivations.language.expression import (
    Expression,
    add,
    grouped,
    negative,
    number,
    product,
)
from truestep.derivations.language.property_words import PARTS
from truestep.derivations.language.writing import latex
from truestep.derivations.meaning.calculus import strip_groups

if TYPE_CHECKING:
    from collections.abc import Callable

_SPACE = re.compile(r"\\mathbb\s*\{?\s*R\s*\}?\s*\^\s*\{?(?P<sizes>[^{}]+)\}?")
_TIMES = re.compile(r"\\times|×|\bx\b|,")


def _sign(judge: Deciding, one: Spoken) -> bool:
    if (whole := _shared(judge, one)) is None:
        return False
    if judge.is_free(one.subject):  # of what is assumed of it
        return whole == one.subject and judge.condition is None and judge.always(whole, AGAINST[one.sign], number(0))
    if whole != one.subject and judge.verdict(whole, number(0))[0].is_right:
        return one.sign in LOOSE  # entries of one sign do not cancel
    return judge.misses(whole, one.sign, number(0), one.said.is_universal or judge.condition is not None)


def _shared(judge: Deciding, one: Spoken) -> Expression | None:
    """The sum of the entries that something is said of; a number as it is."""
    sizes, added = len(judge.sizes(one.subject)), total(one.subject)
    if not one.said.share:
        return one.subject if not sizes else None
    if one.said.share == "entries":
        return added if sizes else None
    if not judge.is_square(one.subject):
        return None
    trace = applied("trace", one.subject)
    return {"diagonal entries": trace, "other entries": add(added, negative(trace))}.get(one.said.share)


def _compared(judge: Deciding, one: Spoken) -> bool:
    is_one = one.is_whole and len(one.values) == 1 and not judge.is_free(one.subject)
    return is_one and judge.misses(one.subject, one.sign, one.values[0], True)


def _between(judge: Deciding, one: Spoken) -> bool:
    if len(one.values) != 2 or judge.is_free(one.subject):
        return False
    ends = zip((">=", "<="), one.values, strict=True)
    return any(judge.misses(one.subject, sign, value, True) for sign, value in ends)


def _equal(judge: Deciding, one: Spoken) -> bool:
    """``twice``, ``half of``, ``minus``: a value that is made of one formula or two."""
    kind, values = one.said.kind, one.values
    if not one.is_whole or len(values) != (2 if kind in ("outer", "product", "sum", "entry") else 1):
        return kind == "1" and bool(one.texts) and _TIMES.search(one.texts[0]) is not None and _is_of_shape(judge, one)
    is_shape = kind == "1" and bool(one.texts) and _TIMES.search(one.texts[0]) is not None
    if is_shape and _sizes_in(one.texts[0], judge) and len(judge.sizes(one.subject)) == 2:
        return _is_of_shape(judge, one)
    if one.said.subject == "size":
        written = _sizes_in(one.texts[0], judge) if one.texts else None
        return written is not None and len(written) == len(judge.sizes(one.subject)) and _is_of_shape(judge, one)
    if one.said.subject in ("most", "least") and judge.point is not None and is_value(values[0]):
        return judge.unequal(one.subject, values[0])
    if one.subject.head == "at" and one.said.subject in ("most", "least"):  # at the solution
        return judge.unequal(one.subject, values[0])
    if one.said.subject in ("most", "least"):
        return is_passed(judge, one.subject, ">" if one.said.subject == "most" else "<", values[0])
    if one.said.subject == "integral":
        leaf = only_leaf(one.subject) if one.said.of else judge.variable()
        return (
            leaf is not None
            and leaf in values[0].walk()
            and judge.unequal(node_of("derivative", values[0], leaf, data="Leibniz"), one.subject)
        )
    if one.said.subject == "slope" and (one.said.of or one.said.by) and judge.sizes(one.subject):
        is_scalar = not judge.sizes(one.subject.args[0]) and len(judge.sizes(values[0])) < 3
        turned = node_of("transpose", grouped(values[0]))  # words name no layout
        return is_scalar and all(judge.unequal(one.subject, value) for value in (values[0], turned))
    if one.subject.head == "tuple":  # all slopes, in a row or in a column
        turned = node_of("transpose", grouped(values[0]))
        is_list = kind == "1" and judge.point is not None and len(judge.sizes(values[0])) == 1
        return is_list and all(judge.unequal(one.subject, value) for value in (values[0], turned))
    is_noun = one.said.subject in ("second", "norm") or (
        one.said.subject == "slope" and bool(one.said.of or one.said.by)
    )
    is_own = (
        kind != "1" or one.said.where is not None or is_noun or one.said.subject in PARTS
    )  # others are judged as they stand
    is_own = is_own and not (one.said.where is not None and judge.is_free(one.subject))  # of a solution
    is_derived = one.said.subject == "second" and values[0].has("derivative", "gradient", "prime", "unknown")
    return is_own and not is_derived and judge.unequal(one.subject, MADE[kind](*values))


def _zero(judge: Deciding, one: Spoken) -> bool:
    """At a point it is judged as it stands; under a condition it is false where it is so nowhere."""
    if one.said.where is None or judge.is_free(one.subject):
        return False
    if judge.point is not None:
        return judge.unequal(one.subject, number(0))
    sides = [judge.always(one.subject, sign, number(0)) for sign in LOOSE] if judge.condition is not None else []
    return any(sides)


def _linear(judge: Deciding, one: Spoken) -> bool:
    """The second derivatives of a linear function are zero and the first ones are not; those of a constant are."""
    whole, by = judge.derived(one.subject, 2 if one.said.kind == "linear" else 1), judge.variable()
    if one.said.kind == "linear" and one.is_whole and len(one.values) == 1:  # in $x$
        by = strip_groups(one.values[0])
        slope = Expression("derivative", (one.subject, by), "Leibniz", one.subject.span)
        if by.head == "symbol" and judge.verdict(slope, number(0))[0].is_right:
            return judge.unequal(one.subject, number(0))
    if whole is None or by is None:
        return False
    is_wide = bool(judge.sizes(by)) and one.said.kind == "linear"
    return judge.unequal(applied("trace", whole) if is_wide else whole, number(0))


def _never_turns(judge: Deciding, one: Spoken) -> bool:
    """Whether a function of one number only grows, or only falls."""
    whole, by = judge.derived(one.subject, 1), judge.variable()
    if whole is None or by is None or judge.sizes(by):
        return False
    return any(judge.nowhere(whole, sign, number(0)) for sign in LOOSE)


def _turns(judge: Deciding, one: Spoken) -> bool:
    whole = judge.derived(one.subject, 1)
    is_one = whole is not None and judge.is_of_one(whole) and not judge.sizes(whole)
    return is_one and whole is not None and all(judge.somewhere(whole, sign, number(0)) for sign in LOOSE)


def _is_turned(judge: Deciding, one: Spoken) -> bool:
    """Whether a matrix is symmetric."""
    return (
        judge.is_square(one.subject)
        and judge.verdict(one.subject, node_of("transpose", grouped(one.subject)))[0].is_right
    )


def _is_signed(judge: Deciding, one: Spoken) -> bool:
    """Whether a number is never of the other sign, nor zero everywhere."""
    if one.said.share or judge.sizes(one.subject) or judge.is_free(one.subject):
        return False
    return judge.nowhere(one.subject, AGAINST[one.sign], number(0)) and judge.unequal(one.subject, number(0))


def _is_bent(judge: Deciding, one: Spoken) -> bool:
    whole, by = judge.derived(one.subject, 2), judge.variable()
    if whole is None or by is None or judge.sizes(by):
        return False
    return judge.nowhere(whole, AGAINST[one.sign], number(0))


def _turned(judge: Deciding, one: Spoken) -> bool:
    """Of a product of what may be anything it may be supposed; what is symmetric and not zero is not skew."""
    if one.said.kind == "skew" and judge.is_square(one.subject) and _is_turned(judge, one):
        return judge.unequal(one.subject, number(0))
    if not judge.is_square(one.subject) or judge.is_free(one.subject) or one.subject.head in ("product", "power"):
        return False
    if only_leaf(one.subject) is None and not one.subject.has("derivative", "gradient"):
        return False
    turned = node_of("transpose", grouped(one.subject))
    return judge.unequal(one.subject, turned if one.said.kind == "symmetric" else negative(grouped(turned)))


def _diagonal(judge: Deciding, one: Spoken) -> bool:
    only = applied("diag", applied("diag", grouped(one.subject)))
    return judge.is_square(one.subject) and not judge.is_free(one.subject) and judge.unequal(one.subject, only)


def _orthonormal(judge: Deciding, one: Spoken) -> bool:
    whole = product(node_of("transpose", grouped(one.subject)), grouped(one.subject))
    return judge.is_square(one.subject) and not judge.is_free(one.subject) and judge.unequal(whole, node_of("identity"))


def _definite(judge: Deciding, one: Spoken) -> bool:
    """The trace of a positive semidefinite matrix is not negative."""
    if not judge.is_square(one.subject) and judge.sizes(one.subject):
        return False
    whole = applied("trace", one.subject) if judge.sizes(one.subject) else one.subject
    if judge.is_free(one.subject):
        return judge.always(whole, AGAINST[one.sign], number(0))
    return judge.misses(whole, LOOSE[one.sign], number(0), False)


def _regular(judge: Deciding, one: Spoken) -> bool:
    """Of a square matrix of one size alone, for which nothing else is chosen, or is assumed to have a sign."""
    symbols = [node for node in one.subject.walk() if node.head == "symbol"]
    sizes = {size for node in symbols for size in judge.sizes(node)}
    whole = applied("det", grouped(one.subject))
    if not judge.is_square(one.subject):
        return False
    if len(sizes) != 1:  # of a matrix that is assumed to have full rank
        outer = judge.sizes(one.subject)[0]
        told = judge.lines.setting.assumptions.sizes
        is_full = all((str(size), ">=", str(outer)) in told for size in sizes - {outer})
        is_definite = one.subject.head == "add" and judge.always(whole, ">", number(0))
        is_regular = is_definite or (is_full and judge.unequal(whole, number(0)))
        return one.said.kind == "singular" and is_regular
    if judge.is_free(one.subject):
        return one.said.kind == "singular" and judge.always(whole, ">", number(0))
    is_zero = judge.verdict(whole, number(0))[0].is_right
    return judge.unequal(whole, number(0)) if one.said.kind == "singular" else is_zero


def _bends(judge: Deciding, one: Spoken) -> bool:
    """The second derivatives of a convex function sum to no less than zero."""
    whole = judge.derived(one.subject, 2)
    by = judge.variable()
    if whole is None or by is None:
        return False
    whole = applied("trace", whole) if judge.sizes(by) else whole
    return judge.misses(whole, LOOSE[one.sign], number(0), one.said.is_universal or judge.condition is not None)


def _extreme(judge: Deciding, one: Spoken) -> bool:
    """What is called a minimum of the function that is asked about: nowhere one, or not at the point."""
    asked = [node for node in judge.lines.setting.find if node.head == "derivative" and len(node.args) == 2]
    if len(asked) != 1 or not (one.said.subject == "it" or one.places or judge.point):
        return False
    return _bends(judge, replace(one, subject=asked[0].args[0]))


def _grows(judge: Deciding, one: Spoken) -> bool:
    by, whole = judge.variable(), judge.derived(one.subject, 1)
    if by is None or whole is None or judge.sizes(by):
        return False
    return judge.misses(whole, LOOSE[one.sign], number(0), one.said.is_universal or judge.condition is not None)


def _mirrored(judge: Deciding, one: Spoken) -> bool:
    by = judge.variable()
    if by is None or not judge.is_of_one(one.subject):
        return False
    there = node_of("at", grouped(one.subject), by, negative(by))
    return judge.unequal(there, negative(grouped(one.subject)) if one.said.kind == "odd" else one.subject)


def _depends(judge: Deciding, one: Spoken) -> bool:
    """Whether what is said not to depend on something has a slope by it."""
    if len(one.values) != 1 or judge.sizes(one.subject) or strip_groups(one.values[0]).head != "symbol":
        return False
    by = strip_groups(one.values[0])
    return judge.unequal(Expression("derivative", (one.subject, by), "Leibniz", by.span), number(0))


def _misshapen(judge: Deciding, one: Spoken) -> bool:
    """A gradient by a matrix may be called a vector, and a vector is a matrix."""
    is_scalar = not judge.sizes(one.subject)
    return not one.said.share and is_scalar != (one.said.kind == "scalar")


def _is_of_shape(judge: Deciding, one: Spoken) -> bool:
    """Whether a shape that is written is not the one of the subject, nor, of a derivative, that turned."""
    written = _sizes_in(one.texts[0], judge) if one.texts else None
    sizes = list(map(str, judge.sizes(one.subject)))
    allowed = (sizes, sizes[::-1]) if one.subject.has("derivative", "gradient") else (sizes,)
    return written is not None and not one.said.share and written not in allowed


def _is_elsewhere(judge: Deciding, one: Spoken) -> bool:
    r"""``\mathbb{R}^{d}`` for what has another shape."""
    found = _SPACE.fullmatch(one.texts[0].strip()) if one.texts else None
    return found is not None and _is_of_shape(judge, replace(one, texts=(found["sizes"],)))


def _alike(judge: Deciding, one: Spoken) -> bool:
    is_one = len(one.values) == 1
    return is_one and sorted(map(str, judge.sizes(one.subject))) != sorted(map(str, judge.sizes(one.values[0])))


def _sizes_in(text: str, judge: Deciding) -> list[str] | None:
    """The sizes of a shape that is written, without 1; None where it is none."""
    sizes = [part.strip(" {}()") for part in _TIMES.split(text)]
    known = judge.lines.setting.notation.sizes
    return [one for one in sizes if one != "1"] if all(one in known or one.isdigit() for one in sizes) else None


def _tends(judge: Deciding, one: Spoken) -> bool:
    """The limit that is told, as a formula of its own."""
    by, letter = judge.variable(), one.approached.partition(r"\to")[0].strip()
    if by is None or len(one.values) != 1 or letter != latex(by, judge.lines.setting.context.notation):
        return False
    subject = latex(one.subject, judge.lines.setting.context.notation)
    limit = read_in(rf"\lim_{{{one.approached}}} \left({subject}\right)", judge.lines)
    return limit is not None and judge.unequal(limit, one.values[0])


def _roots(judge: Deciding, one: Spoken) -> bool:
    by = judge.variable()
    if by is None or not one.is_whole or not one.values:
        return False
    return any(judge.unequal(node_of("at", grouped(one.subject), by, value), number(0)) for value in one.values)


def _entry(place: Expression, whole: Expression) -> Expression:
    """The k-th entry of a formula."""
    plain = strip_groups(place)
    index = Expression("index", (), plain.data, plain.span) if plain.head == "unknown" else plain
    return Expression("entry", (grouped(whole), index), None, whole.span)


MADE: dict[str, Callable[..., Expression]] = {
    "1": lambda one: one,
    "same": lambda one: one,
    "2": lambda one: product(number(2), one),
    "1/2": lambda one: Expression("quotient", (one, number(2)), "frac", one.span),
    "-1": negative,
    "inverse": lambda one: Expression("power", (one, number(-1)), None, one.span),
    "transpose": lambda one: node_of("transpose", one),
    "outer": lambda one, other: product(one, node_of("transpose", other)),
    "product": product,
    "sum": add,
    "entry": _entry,
}
FALSE: dict[str, Callable[[Deciding, Spoken], bool]] = {
    **dict.fromkeys((">", "<", ">=", "<="), _sign),
    **dict.fromkeys(("> M", "< M", ">= M", "<= M"), _compared),
    **dict.fromkeys(MADE, _equal),
    **dict.fromkeys(("symmetric", "skew"), _turned),
    **dict.fromkeys(("definite >", "definite <"), _definite),
    **dict.fromkeys(("singular", "regular"), _regular),
    **dict.fromkeys(("bends >", "bends <"), _bends),
    **dict.fromkeys(("extreme >", "extreme <"), _extreme),
    **dict.fromkeys(("grows >", "grows <"), _grows),
    **dict.fromkeys(("largest", "smallest"), greatest),
    **dict.fromkeys(("odd", "even"), _mirrored),
    **dict.fromkeys(("along >", "along <"), vectors.along),
    **dict.fromkeys(("scalar", "vector", "matrix"), _misshapen),
    "between": _between,
    "parallel": vectors.parallel,
    "free": _depends,
    "zero": _zero,
    "changes sign": lambda judge, one: judge.point is not None and _zero(judge, one),
    "diagonal": _diagonal,
    "orthonormal": _orthonormal,
    "unit": vectors.unit,
    "length": vectors.length,
    "orthogonal": vectors.orthogonal,
    "sums": vectors.sums,
    "shape": _is_of_shape,
    "alike": _alike,
    "tends": _tends,
    "roots": _roots,
    "linear": _linear,
    "constant": _linear,
    "monotone": _turns,
    "attained": attained,
    "space": _is_elsewhere,
}
TRUE: dict[str, Callable[[Deciding, Spoken], bool]] = {
    **dict.fromkeys((">", "<"), _is_signed),
    **dict.fromkeys(("bends >", "bends <"), _is_bent),
    "symmetric": _is_turned,
    "monotone": _never_turns,
    "linear": lambda judge, one: judge.derived(one.subject, 2) is not None and not _linear(judge, one),
}
