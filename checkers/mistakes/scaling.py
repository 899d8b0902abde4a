"""Which factor at which place would make the line right: all factors at once for each place."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from truestep.checkers.comparing.evaluate import aligned
from truestep.checkers.mistakes.patterns import RATES
from truestep.checkers.mistakes.places import LINEAR, Place, cost, over, times
from truestep.checkers.mistakes.trial import Goal, Seen
from truestep.derivations.language.expression import Expression, grouped, negative, number
from truestep.derivations.language.shapes import SCALAR
from truestep.derivations.meaning.shaped_terms import scalar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from truestep.checkers.mistakes.case import Case
    from truestep.checkers.mistakes.trial import Trial

    Array = NDArray[Any]

NAME = "the factor"
UNKNOWN = Expression("unknown", (), NAME)
TERMS = frozenset(("add", "negative", "group"))  # a part below these alone is a term of the whole
NUMBERS = (3, 4, 10)
MAX_PLACES = 40
MAX_WORK = 4_000
MAX_CONFIRMED = 8


@dataclass(frozen=True, slots=True)
class Factor:
    """A factor that the line may need: as an expression, what it is made of, and whether it divides."""

    node: Expression
    of: str
    divides: bool = False
    symbol: Expression | None = None


@dataclass(frozen=True, slots=True)
class Scaled:
    """A place at which a factor makes the line right at the points that were tried."""

    place: Place
    factor: Factor

    @property
    def expression(self) -> Expression:
        """The line with the factor there."""
        node, factor = self.place.node, self.factor
        if factor.of == "sign":
            return self.place.put(node.args[0] if node.head == "negative" else _minus(node))
        return self.place.put(times(factor.node, node))


def _minus(node: Expression) -> Expression:
    inner = grouped(node) if node.head in ("add", "sum") else node
    return negative(inner)


def factors(case: Case) -> list[Factor]:
    """The factors that are tried: a sign, small numbers, the sizes, the scalars of the problem."""
    half = over(number(1), number(2))
    out = [Factor(negative(number(1)), "sign"), Factor(number(2), "2"), Factor(half, "2", True)]
    for size in case.sizes:
        out += [Factor(over(number(1), size), "size", True, size), Factor(size, "size", False, size)]
    for name in case.scalars:
        out += [Factor(name, "scalar", False, name), Factor(over(number(1), name), "scalar", True, name)]
    for value in NUMBERS:
        plain = number(Fraction(value))
        out += [Factor(plain, "number", False, plain), Factor(over(number(1), plain), "number", True, plain)]
    log = Expression("apply", (number(2),), ("log", 0, None))
    return [*out, Factor(log, "log"), Factor(over(number(1), log), "log", True)]


def is_own_place(place: Place) -> bool:
    """Whether a factor here is not the same as a factor at the place above."""
    if not place.path:
        return True
    parent, position = place.path[-1]
    if parent.head == "group":
        return is_own_place(Place(parent, place.path[:-1]))
    if parent.head == "power":
        return True
    return parent.head not in LINEAR and not (parent.head in ("sum", "derivative", "entry") and position == 0)


def scaled(case: Case) -> Iterator[Scaled]:
    """Where a factor makes the line right at the points, of each sort the outermost places, these first.

    The line is looked at no farther than is asked for.
    """
    known, further = case.keep("scaled", lambda: (list[Scaled](), _outermost(case)))
    yield from known
    for found in further:
        known.append(found)
        yield found


def _outermost(case: Case) -> Iterator[Scaled]:
    least = dict[str, int]()
    for found in itertools.islice(_scaled(case), MAX_CONFIRMED):
        depth = _depth(found.place)
        if least.setdefault(found.factor.of, depth) == depth:
            yield found


def _depth(place: Place) -> int:
    return sum(parent.head != "group" for parent, _ in place.path)


def _scaled(case: Case) -> Iterator[Scaled]:
    """All factors at once for each place, the outermost places first; none within a whole that lacks a sign or a 2."""
    trial, bench = case.trial, case.bench
    rows = [(factor, _amounts(factor, trial)) for factor in factors(case)]
    known = [(factor, row) for factor, row in rows if row is not None]
    scales = np.array([np.broadcast_to(row, (trial.model.points,)) for _, row in known])
    named = {**bench.introduced, NAME: scalar(bench.scope.arena.quantity(NAME, ()))}
    trial.settle()
    written, evaluator = case.written, None
    is_seen = written is not None and written.at == case.target.at and not case.escaped
    whole = written.seen if written is not None and is_seen else trial.look(case.right, case.target)
    most = min(MAX_PLACES, max(2, MAX_WORK // cost(case.right)))
    for place in sorted([place for place in case.places if is_own_place(place)][:most], key=_depth):
        seen = None if whole is None else _as_term(case, place, whole, scales)
        if seen is None:
            evaluator = evaluator or trial.repeated(NAME, scales)
            before, bench.introduced = bench.introduced, named
            seen = trial.look(place.put(times(UNKNOWN, place.node)), case.target, evaluator)
            bench.introduced = before
        if seen is not None and len(seen.array) > 1:
            hits = np.flatnonzero(trial.close(seen, case.target, len(known)))
            yield from (Scaled(place, known[k][0]) for k in hits)
            if not place.path and any(known[k][0].of in ("sign", "2") for k in hits):
                return


def _as_term(case: Case, place: Place, whole: Seen, scales: Array) -> Seen | None:
    """The values of the line with a term of it taken so many times: w + (t - 1) c; None where it is no term."""
    heads = [parent.head for parent, _ in place.path]
    part = whole if not heads else case.trial.look(place.node, case.target) if TERMS.issuperset(heads) else None
    if part is None:
        return None
    axes = tuple(sorted({*whole.axes, *part.axes}))
    more = (scales - 1 if heads.count("negative") % 2 == 0 else 1 - scales).reshape(*scales.shape, *[1] * len(axes))
    with np.errstate(all="ignore"):
        values = aligned(whole.array, whole.axes, axes) + more * aligned(part.array, part.axes, axes)
    return Seen(values.reshape(-1, *values.shape[2:]), axes)


def _amounts(factor: Factor, trial: Trial) -> Array | None:
    """The numbers that a factor is at the points of a trial; None where it is no number."""
    if factor.of != "scalar":
        return np.array([amount(factor, trial.model.sizes)])
    unit = Goal(SCALAR, (1, 1), Seen(np.ones(1), ()))
    row = trial.look(factor.node, unit)
    return None if row is None or row.axes else row.array.reshape(-1)


def amount(factor: Factor, sizes: Mapping[str, int]) -> float:
    """The number that a factor without a scalar of the problem is in a model."""
    match factor.of:
        case "sign":
            plain = -1.0
        case "size" if factor.symbol is not None:
            plain = float(sizes[str(factor.symbol.data)])
        case "number" if factor.symbol is not None:
            plain = float(factor.symbol.data[0])
        case of:
            plain = math.log(2) if of == "log" else 2.0
    return 1 / plain if factor.divides else plain


def code_of(case: Case, scaled: Scaled) -> str:
    """The code of the mistake that a factor would undo; a factor written twice is extra, one never written is missing.

    A size that the line divides by was not forgotten where the line needs it once more: it was put there needlessly.
    """
    factor = scaled.factor
    if is_exponent(scaled.place, factor):
        return "wrong-exponent"
    match factor.of:
        case "sign":
            return "sign"
        case "2":
            return "extra-factor-2" if factor.divides else "missing-factor-2"
        case "size":
            above, below = written_factors(scaled.place.node)
            name = factor.symbol.data if factor.symbol is not None else None
            if any(_is_root(one, name) for one in (above if factor.divides else below)):
                return "reciprocal"
            if factor.divides:
                return "extra-size" if any(one.data == name for one in above) else "missing-mean"
            return "extra-mean" if any(one.data == name for one in below) else "missing-size"
        case "scalar" if factor.symbol is not None and factor.symbol.data in RATES and not factor.divides:
            return "missing-learning-rate" if case.left.head == "add" else "missing-factor"
        case "log":
            return "logarithm-base"
    return "extra-factor" if factor.divides else "missing-factor"


def _is_root(node: Expression, name: object) -> bool:
    """Whether a factor is the square root of a size."""
    return node.head == "root" and node.args[0].data == name and node.args[1].head == "none"


def is_exponent(place: Place, factor: Factor) -> bool:
    """Whether a factor here changes the power that something is raised to; in e^x a sign does not."""
    above, position = place.slot
    if above is None or above.head != "power" or position != 1:
        return False
    is_e = above.args[0].head == "constant"
    return not is_e or (factor.of != "sign" and place.node.head in ("symbol", "entry", "member"))


def written_factors(node: Expression) -> tuple[list[Expression], list[Expression]]:
    """The factors of an expression, and those that it is divided by.

    >>> above, below = written_factors(over(number(2), Expression("size", (), "N")))
    >>> [node.data for node in below]
    ['N']
    """
    match node.head:
        case "group" | "negative" | "transpose":
            return written_factors(node.args[0])
        case "product":
            parts = [written_factors(arg) for arg in node.args]
            return [one for part in parts for one in part[0]], [one for part in parts for one in part[1]]
        case "quotient":
            (above, below), (under, over_again) = (written_factors(arg) for arg in node.args)
            return above + over_again, below + under
        case "sum":
            return written_factors(node.args[0])
    return [node], []
