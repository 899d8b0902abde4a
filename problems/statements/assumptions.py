"""What a statement assumes, as properties that the models build in."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from truestep.derivations.language.expression import Expression
from truestep.derivations.language.liberties import Reading
from truestep.derivations.language.reading.chains import read_row
from truestep.problems.statements.sizes import is_size, size_name, total_of

_MEMBERS = re.compile(r"\\\{(.*)\\\}(?:\^.*)?")
_INTERVAL = re.compile(r"([(\[\]])(.+),(.+)([)\[\]])(?:\^.*)?")
_REALS = re.compile(r"\\mathbb\{?R\}?|R")
_POSITIVE = re.compile(r"_\{?(\+\+?|>0|\\geq?0)\}?|\^\{?\+\}?")
_RELATIONS = ("=", "<", ">", "<=", ">=", "!=")
_POSITIVE_SIGNS = {"++": ">", ">0": ">", "+": ">="}

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.derivations.language.latex.groups import Token
    from truestep.derivations.language.notation import Notation
    from truestep.derivations.language.reading.chains import Statement
    from truestep.derivations.language.reading.rowtext import Context


@dataclass(frozen=True, slots=True)
class Property:
    """What is known of a named quantity.

    ``simplex`` is the axis along which the entries sum to one; with ``binary`` the quantity is one-hot along it, and
    ``hot`` names the index at which it is one.  ``open`` says that a bound itself is left out, ``closed`` that one is
    not; ``values`` are all that it can be.  ``structure`` is that of a matrix (``definite``, ``orthogonal``, ``skew``)
    or of a vector of length one (``unit``).  With ``first`` the entries sum to one from there on; ``fixed`` entries
    have a number.
    """

    binary: bool = False
    simplex: int | None = None
    hot: tuple[Expression, ...] | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    nonzero: bool = False
    symmetric: bool = False
    open: bool = False
    closed: bool = False
    values: tuple[Fraction, ...] = ()
    structure: str = ""
    first: int = 1
    fixed: tuple[tuple[tuple[int, ...], Fraction], ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether the bounds leave no number."""
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (self.low == self.high and self.open)


class Relation(NamedTuple):
    """Two sides that stand in a relation, as it was written; a text only where it has to be used."""

    left: Expression
    sign: str
    right: Expression
    text: str


@dataclass
class Assumptions:
    """All that a statement assumes: properties by quantity, conditions on indices, and what could not be used.

    ``stationary`` are the gradients that are zero at the solution that is asked for, ``equations`` all that is equated,
    and ``losses`` what is largest or smallest at an unknown under such equations. A letter ``outside`` equals no index.
    By one of the ``multipliers`` the slope of a loss that is stationary is the gap of an equation.
    """

    properties: dict[str, Property] = field(default_factory=dict)
    conditions: list[Expression] = field(default_factory=list)
    sizes: list[tuple[str, str, str]] = field(default_factory=list)
    totals: list[tuple[str, dict[str, int], int]] = field(default_factory=list)
    uniform: list[str] = field(default_factory=list)
    solved: list[tuple[Expression, Expression]] = field(default_factory=list)
    stationary: list[Expression] = field(default_factory=list)
    equations: list[tuple[Expression, Expression]] = field(default_factory=list)
    losses: dict[str, Expression] = field(default_factory=dict)
    relations: list[Relation] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    outside: set[str] = field(default_factory=set)
    multipliers: frozenset[str] = frozenset()

    def know(self, name: str, **what: object) -> None:
        """Adds to what is known of a quantity."""
        self.properties[name] = replace(self.properties.get(name, Property()), **what)  # type: ignore[arg-type]

    def relate(self, left: Expression, sign: str, right: Expression, text: str) -> None:
        """Adds a relation for the models to meet; one that they cannot is remembered as such."""
        is_used = sign in _RELATIONS and not any(one.has("set", "listed", "space", "unknown") for one in (left, right))
        self.relations += [Relation(left, sign, right, text)] if is_used else []
        self.unused += [] if is_used else [text]

    def bound(self, name: str, sign: str, value: Fraction) -> None:
        """Adds a bound to what is known of a quantity; of two on one side the closer one stays."""
        known = self.properties.get(name, Property())
        if sign in (">", ">="):
            if known.low is None or value >= known.low:
                self.know(name, low=value, open=known.open or sign == ">", closed=known.closed or sign != ">")
        elif known.high is None or value <= known.high:
            self.know(name, high=value, open=known.open or sign == "<", closed=known.closed or sign != "<")


def quantity_of(node: Expression, notation: Notation) -> tuple[str, tuple[Expression, ...]] | None:
    """The quantity and the indices of a whole symbol, an entry, a member, or an entry of a member."""
    while node.head == "group":
        node = node.args[0]
    if node.head == "symbol":
        return node.data, ()
    if node.head == "member":
        return notation.families[node.data].name, node.args
    if node.head == "entry":
        inner = quantity_of(node.args[0], notation)
        return None if inner is None else (inner[0], (*inner[1], *node.args[1:]))
    return None


def understand(statement: Statement, text: str, notation: Notation, into: Assumptions) -> None:
    """Puts one assumed fact where the models will find it; one that they cannot use is remembered as such."""
    parts = statement.parts
    for k in range(1, len(parts)):
        left, relation, right = parts[k - 1].expression, parts[k].relation, parts[k].expression
        is_turned = Expression("transpose", (left,)) == right or Expression("transpose", (right,)) == left
        into.equations += [(left, right)] if relation == "=" and not is_turned else []
        if not _one(left, relation, right, notation, into):
            into.relate(left, relation, right, text)
    if len(parts) < 2:
        into.unused.append(text)


def is_definite(tokens: Sequence[Token], context: Context, into: Assumptions) -> bool:
    r"""``A \succ 0`` and ``A \succeq 0`` of a declared square matrix, which then is symmetric and (semi)definite."""
    if len(tokens) < 3 or tokens[-1].text != "0" or tokens[-2].text not in (r"\succ", r"\succeq"):
        return False
    (said,) = read_row(tokens[:-2], context, Reading(), frozenset())
    return _is_square(said.parts[0].expression, context.notation, into, structure="definite", symmetric=True)


def _is_square(node: Expression, notation: Notation, into: Assumptions, **what: object) -> bool:
    """Notes what is known of a square matrix, or of each one of a family."""
    found = quantity_of(node, notation)
    declared = notation.families[node.data].member if node.head == "member" else notation.declared(str(node.data))
    is_square = declared is not None and declared.dims[0] == declared.dims[-1] != 1
    if found is None or not is_square or any(index.head != "index" for index in found[1]):
        return False
    into.know(found[0], **what)
    return True


def _one(left: Expression, relation: str, right: Expression, notation: Notation, into: Assumptions) -> bool:
    if relation == "=":
        return _equation(left, right, notation, into)
    if relation in ("in", "not in"):
        return _membership(left, relation, right, notation, into)
    return relation in _RELATIONS and _order(left, relation, right, notation, into)


def _equation(left: Expression, right: Expression, notation: Notation, into: Assumptions) -> bool:
    if _is_index(left, notation) and _is_index(right, notation):
        into.conditions.append(Expression("relation", (_as_index(left), _as_index(right)), "="))
        return True
    one = right.head == "number" and right.data[0] == 1
    if left.head == "sum" and one:
        found = quantity_of(left.args[0], notation)
        if found is None or len(left.data) != 1:
            return False
        slots = [k for k, index in enumerate(found[1]) if index.head == "index" and index.data == left.data[0]]
        if len(slots) != 1:
            return False
        lower, upper, condition = left.args[1:]
        whole = condition.head == "none" and upper.head in ("none", "size", "symbol", "unknown")
        if lower.head not in ("none", "number") or not whole:
            return False
        first = int(lower.data[0]) if lower.head == "number" else 1
        into.know(found[0], simplex=slots[0], first=max(1, first))
        return True
    if (hot := _hot(left, right, notation)) is not None:
        into.know(hot[0], binary=True, simplex=0, hot=(hot[1],))
        return True
    if is_size(left, notation) and is_size(right, notation):
        into.sizes.append((size_name(left), "=", size_name(right)))
        return True
    if (total := total_of(left, right, notation)) is not None:
        into.totals.append(total)
        return True
    if _structure(left, right, notation, into) or _structure(right, left, notation, into):
        return True
    if left.head == "add" and all(term.head == "symbol" for term in left.args) and right.head == "number":
        others = (Expression("negative", (term,), None, term.span) for term in left.args[:-1])
        into.solved.append((left.args[-1], Expression("add", (right, *others), None, left.span)))
        return True
    if left.head in ("derivative", "gradient") and _number(right) == 0:
        by = left.args[0].args if left.head == "gradient" and left.args[0].head == "apply" else ()
        each = [Expression("derivative", (left.args[0], one), "Leibniz", left.span) for one in by]
        into.stationary += each if len(each) > 1 else [left]  # \nabla f = 0 of f(x, y)
        return True
    found = quantity_of(left, notation)
    if left.head == "symbol" and _number(right) is not None:
        declared = notation.declared(left.data)
        if declared is not None and (declared.dims == (1, 1) or not _number(right)):
            into.solved.append((left, right))
            return True
    value = _number(right)
    if found is not None and found[1] and value is not None and all(index.head == "number" for index in found[1]):
        place = tuple(int(index.data[0]) for index in found[1])
        known = into.properties.get(found[0], Property())
        into.know(found[0], fixed=(*known.fixed, (place, value)))
        return True
    if one and found is not None and found[1]:
        into.know(found[0], hot=found[1])
        return True
    return False


def settled(assumptions: Assumptions) -> None:
    """An entry that is 1 makes one-hot only what is known to be 0 or 1, or to sum to one; else it is left unused."""
    for name, known in list(assumptions.properties.items()):
        one_hot = known.binary or known.simplex is not None
        if known.hot is not None and not one_hot:
            assumptions.know(name, hot=None)
            assumptions.unused.append(f"an entry of {name} is 1")
        numbers = [place for place, value in known.fixed if value == 1 and len(place) == 1]
        if known.binary and known.simplex is not None and numbers and known.hot is None:
            index = Expression("number", (), (Fraction(numbers[0][0]), None))
            assumptions.know(name, hot=(index,), fixed=())


def _membership(left: Expression, relation: str, right: Expression, notation: Notation, into: Assumptions) -> bool:
    if relation == "not in" and left.head in ("index", "unknown") and right.head in ("listed", "set"):
        into.outside.add(str(left.data))
    if relation == "not in" or right.head == "space":
        return True
    found = quantity_of(left, notation)
    if right.head == "set" and "uniform" in str(right.data).lower():
        into.uniform.append(str(left.data))
        return True
    if found is None:
        return left.head in ("index", "unknown")
    if any(index.head == "number" for index in found[1]):
        return False  # a fact about one entry is none about the whole
    text = str(right.data).replace(" ", "")
    members = re.fullmatch(_MEMBERS, text)
    if members or right.head == "listed":
        return _one_of((members.group(1) if members else text).split(","), found[0], into)
    interval = re.fullmatch(_INTERVAL, text)
    if interval:
        return _between(interval, found[0], into)
    reals = re.match(_REALS, text)
    positive = re.match(_POSITIVE, text[reals.end() :]) if reals else None
    if positive:
        into.bound(found[0], _POSITIVE_SIGNS.get(positive.group(1) or ">0", ">="), Fraction(0))
    return reals is not None


def _one_of(members: list[str], name: str, into: Assumptions) -> bool:
    r"""``y \in \{-1, 1\}``: all that a quantity can be."""
    members = [sign + one[3:] for one in members for sign in "+-" if one.startswith(r"\pm")] + [
        one for one in members if not one.startswith(r"\pm")
    ]
    if not all(map(_is_number, members)):
        return False
    values = tuple(sorted({Fraction(member) for member in members}))
    if {*map(str, values)} == {"0", "1"}:
        into.know(name, binary=True)
    else:
        into.know(name, values=values)
    return True


def _between(interval: re.Match[str], name: str, into: Assumptions) -> bool:
    r"""``p \in (0, 1)``, ``v \in [0, \infty)``."""
    opening, low, high, closing = interval.groups()
    bounds = {sign: text for sign, text in ((">", low), ("<", high)) if text.lstrip("+-") != r"\infty"}
    if not all(map(_is_number, bounds.values())):
        return False
    loose = {">": "" if opening in "(]" else "=", "<": "" if closing in ")[" else "="}
    for sign, text in bounds.items():
        into.bound(name, sign + loose[sign], Fraction(text))
    return True


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[+-]?\d+(?:\.\d+)?", text) is not None


def _structure(left: Expression, right: Expression, notation: Notation, into: Assumptions) -> bool:
    r"""``A = A^T``, ``A = -A^T``, ``U^T U = I``, ``\|v\| = 1``, ``v^T v = 1``, ``\mathbf{1}^T p = 1``, ``y^2 = 1``."""
    value = _number(right)
    if left.head == "power" and _number(left.args[1]) == 2 and value is not None and value >= 0:
        inner = left.args[0]
        if inner.head == "norm":
            return _structure(inner, right, notation, into)
        root = Fraction(math.isqrt(value.numerator), math.isqrt(value.denominator))
        found = quantity_of(inner, notation)
        if found is None or root * root != value or any(index.head == "number" for index in found[1]):
            return False
        into.know(found[0], values=tuple(sorted({-root, root})))
        return True
    if left.head == "norm" and left.data in ("", "2") and value == 1:
        return _unit(left.args[0], notation, into)
    if left.head == "product" and len(left.args) == 2:
        first, second = left.args
        turned = [node.args[0] if node.head == "transpose" else node for node in left.args]
        if value == 1 and first.head == "transpose" and turned[0] == turned[1]:
            return _unit(turned[0], notation, into)
        ones = [node for node in turned if node.head == "ones" or _number(node) == 1]
        summed = next((node for node in turned if node not in ones), left)
        found = quantity_of(summed, notation)
        is_each = summed.head == "member" and all(index.head == "index" for index in summed.args)
        is_whole = found is not None and (not found[1] or is_each)
        if value == 1 and first.head == "transpose" and ones and found is not None and is_whole:
            into.know(found[0], simplex=len(found[1]))
            return True
        if right.head == "identity" and turned[0] == turned[1] and turned[0].head == "symbol":
            declared = notation.declared(turned[0].data)
            if declared is None or (first.head == "transpose") == (second.head == "transpose"):
                return False
            large, small = declared.dims if second.head == "symbol" else declared.dims[::-1]
            if large != small:
                into.sizes.append((str(large), ">=", str(small)))
            into.know(turned[0].data, structure="orthogonal")
            return True
    if left.head in ("symbol", "member") and right.head == "transpose" and right.args[0] == left:
        return _is_square(left, notation, into, symmetric=True)
    plain, other = (left.args[0], right) if left.head == "negative" else (left, right)
    if left.head == "negative" and {plain, other} & {Expression("transpose", (node,)) for node in (plain, other)}:
        return any(_is_square(node, notation, into, structure="skew") for node in (plain, other))
    return False


def _unit(node: Expression, notation: Notation, into: Assumptions) -> bool:
    """A vector, or each vector of a family, has length one."""
    found = quantity_of(node, notation)
    if found is None or any(index.head != "index" for index in found[1]):
        return False
    into.know(found[0], structure="unit")
    return True


def _order(left: Expression, relation: str, right: Expression, notation: Notation, into: Assumptions) -> bool:
    if _is_index(left, notation) and _is_index(right, notation):
        into.conditions.append(Expression("relation", (_as_index(left), _as_index(right)), relation))
        return True
    if is_size(left, notation) or is_size(right, notation):
        into.sizes.append((size_name(left), relation, size_name(right)))
        return True
    flipped = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "!=": "!="}
    for node, other, sign in ((left, right, relation), (right, left, flipped[relation])):
        bound = _number(other)
        if bound is None:
            continue
        found = quantity_of(node, notation)
        if found is None:
            return node.has("apply") and sign in ("!=", ">")
        if any(index.head == "number" for index in found[1]):
            return False  # a fact about one entry is none about the whole
        if sign == "!=":
            into.know(found[0], nonzero=True)
        else:
            into.bound(found[0], sign, bound)
        return True
    return False


def _number(node: Expression) -> Fraction | None:
    if node.head == "negative" and node.args[0].head == "number":
        return -Fraction(node.args[0].data[0])
    return Fraction(node.data[0]) if node.head == "number" else None


def _is_index(node: Expression, notation: Notation) -> bool:
    if node.head == "index" or (node.head == "number" and Fraction(node.data[0]).denominator == 1):
        return True
    return node.head == "unknown" and len(str(node.data)) == 1 and not notation.is_name(str(node.data))


def _as_index(node: Expression) -> Expression:
    return replace(node, head="index") if node.head == "unknown" else node


def _hot(left: Expression, right: Expression, notation: Notation) -> tuple[str, Expression] | None:
    r"""``y_k = \delta_{kc}`` and ``y_k = \mathbb{1}[k = c]``: the vector, and the index at which it is one."""
    found, relation = quantity_of(left, notation), right.args[0] if right.head == "indicator" else right
    is_same = relation.head == "kronecker" or (relation.head == "relation" and relation.data == "=")
    if found is None or len(found[1]) != 1 or not is_same or found[1][0] not in relation.args:
        return None
    return found[0], next(one for one in relation.args if one != found[1][0])
