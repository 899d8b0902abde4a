"""Assumed relations that are no property of one quantity, as systems that the models meet: ``x > a``, ``A x = b``.

Each relation moves one quantity that is free otherwise, so that its two sides differ by what is drawn as its slack.
"""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from truestep.derivations.language.expression import Expression
from truestep.derivations.language.faults import Fault
from truestep.derivations.meaning import shaped_terms
from truestep.derivations.meaning.applications import put
from truestep.derivations.meaning.differentiate import Variable, depends, differentiate, quantities, roots
from truestep.derivations.meaning.entries import exact_number
from truestep.derivations.meaning.scope import value_of
from truestep.derivations.meaning.terms import Axis, Constraint, Definition, System, Told
from truestep.problems.statements.assumptions import Property, Relation, quantity_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from truestep.derivations.meaning.scope import Scope
    from truestep.derivations.meaning.terms import Index, Term
    from truestep.problems.statements.assumptions import Assumptions

_SLACK: dict[str, dict[str, Any]] = {">": {"low": 0, "open": True}, ">=": {"low": 0}, "!=": {"nonzero": True}}
_BOUNDED = ("binary", "simplex", "low", "high", "symmetric", "values", "structure", "fixed")


class Held(NamedTuple):
    """A gradient that vanishes, and the quantity of its shape that makes it so; without a name any may."""

    slope: Expression
    by: str


class _Fact(NamedTuple):
    """A relation as a term that is zero or of a sign, with each quantity that can be moved to meet it."""

    relation: Relation
    sign: str
    gap: Term
    ways: dict[str, tuple[Index, ...]]


def contradiction(assumptions: Assumptions) -> str:
    """The quantity of which two assumptions cannot both hold; empty where none is found."""
    values: dict[str, Fraction] = {}
    for left, right in assumptions.solved:
        value = exact_number(right)
        if left.head != "symbol" or value is None:
            continue
        known = assumptions.properties.get(left.data, Property())
        outside = (known.low is not None and value < known.low) or (known.high is not None and value > known.high)
        outside = outside or bool(known.values and value not in known.values)
        if outside or values.setdefault(left.data, value) != value or (known.nonzero and not value):
            return str(left.data)
    return next((name for name, known in assumptions.properties.items() if known.is_empty), "")


def constrain(assumptions: Assumptions, scope: Scope, asked: Sequence[str]) -> None:
    """Puts the assumed relations into the arena; those that cannot be met are said to be unused."""
    known = assumptions.properties
    bounds = [
        Relation(*one) for name in scope.arena.definitions if name in known for one in _bounds(name, scope, known)
    ]
    assumptions.relations = [one for one in assumptions.relations if not _tells_slope(one, scope)]
    facts: list[_Fact] = []
    for relation in (*_identified(assumptions, scope, asked), *bounds):
        try:
            fact = _fact(relation, scope, assumptions, asked)
        except Fault:
            fact = None
        if fact is not None and fact.ways:
            facts.append(fact)
        elif relation.text:
            assumptions.unused.append(relation.text)
    _put(facts, scope, assumptions)


def _tells_slope(relation: Relation, scope: Scope) -> bool:
    r"""Whether a relation says what an unspecified slope is: ``\frac{\partial L}{\partial z} = p - y``; it is that."""
    arena = scope.arena
    if relation.sign != "=":
        return False
    try:
        left, right = (value_of(side, scope.like(free={})) for side in (relation.left, relation.right))
        right = shaped_terms.fitted(right, left.dims)
        places = shaped_terms.axes_for(arena, left.dims)
        slope, body = left.entry(*places), right.entry(*places)
    except Fault:
        return False
    axes = tuple(place for place in places if isinstance(place, Axis))
    is_slope = slope.op == "quantity" and slope.data == (slope.data[0], axes) and slope.data[0] in arena.slopes
    if left.dims != right.dims or not is_slope or body.op == "quantity" or depends(arena, body, slope.data[0]):
        return False
    arena.definitions[slope.data[0]] = Definition(axes, body)
    arena.dependencies.pop(slope.data[0], None)
    return True


def hold(slopes: Sequence[Held], scope: Scope, assumptions: Assumptions) -> None:
    """Puts gradients that vanish into the arena, each met by a quantity of its own shape, or by any that is free.

    Raises Fault where one has no value.
    """
    facts = list[_Fact]()
    for slope, name in slopes:
        fact = _fact(Relation(slope, "=", Expression("number", (), (Fraction(0), None)), ""), scope, assumptions, ())
        below = _below(name, fact.gap, scope) if fact is not None and name else None
        if fact is not None:
            facts.append(fact if below is None else fact._replace(ways={name: below}))
    _put([fact for fact in facts if fact.ways], scope, assumptions)


def _put(facts: list[_Fact], scope: Scope, assumptions: Assumptions) -> None:
    for system in _ordered(facts, scope):
        made: list[Constraint] = []
        for fact, name in system:
            slack = "" if fact.sign == "=" else f"slack {len(scope.arena.systems)} {len(made)}"
            if slack:
                scope.arena.shapes[slack] = tuple(axis.size for axis in fact.gap.axes)
                assumptions.know(slack, **_SLACK[fact.sign])
            made.append(Constraint(fact.relation.text, fact.sign, fact.gap, slack, name, fact.ways[name]))
        slopes = tuple(
            tuple(differentiate(scope.arena, one.gap, Variable(other.unknown, other.below)) for other in made)
            for one in made
        )
        scope.arena.moved |= {one.unknown: len(scope.arena.systems) for one in made}
        scope.arena.systems.append(System(tuple(made), slopes))


def imply(scope: Scope, asked: Sequence[Expression]) -> None:
    """Tells the derivatives that are asked for of what an equation alone determines: dy/dx = -F_x/F_y of F = 0."""
    arena = scope.arena
    facts = [one.gap for system in arena.systems for one in system.constraints if one.relation == "="]
    for node in (child for one in asked for child in one.walk() if child.head == "derivative"):
        names = [str(part.data) for part in node.args if part.head == "symbol"]
        if not facts or len(names) < len(node.args):
            continue
        top, by = names[0], names[-1]
        is_free = {top, by} <= roots(arena, names)
        gaps = [gap for gap in facts if not gap.axes and {top, by} <= quantities(gap)]
        if top == by or not is_free or len(gaps) != 1 or any(arena.shapes.get(name) for name in names):
            continue
        above, below = (differentiate(arena, gaps[0], Variable(name, ())) for name in (by, top))
        slope = arena.multiply((arena.constant(-1), above, arena.power(below, Fraction(-1))))
        arena.dependencies[top] = ((by, ()),)
        arena.told[top] = (Told(by, (), (), slope),)


def seek(assumptions: Assumptions, scope: Scope, lefts: Sequence[Expression], asked: Sequence[Expression]) -> None:
    """A quantity that is asked for, and of which nothing is said, makes the gradient of the loss zero.

    The loss is the only scalar that varies with it and on which no other given rests, or the only such function of it.
    Under equations it is largest or smallest among the values that meet them.
    """
    arena = scope.arena
    told = {str(part.data) for node in assumptions.stationary for part in node.args[1:]}
    told |= names_of(*(side for pair in assumptions.equations for side in pair))
    told |= {name for system in arena.systems for one in system.constraints for name in quantities(one.gap)}
    used = {name for one in arena.definitions.values() for name in quantities(one.body)}
    scalars = [left for left in lefts if left.head == "symbol" and arena.shapes.get(str(left.data)) == ()]
    called = _outer_calls(scope)
    for node in asked:
        found = quantity_of(node, scope.notation)
        name = "" if found is None else found[0]
        is_any = node.head in ("entry", "member") and all(
            one.head == "index" for one in node.args[node.head == "entry" :]
        )
        is_whole = node.head == "symbol" or is_any
        if not name or name in arena.definitions or arena.dependencies.get(name):
            continue
        losses = [left for left in scalars if left.data not in used and name in roots(arena, [str(left.data)])]
        losses = losses or [call for call in called if node in call.args]
        is_equated = any(name in names_of(*pair) for pair in assumptions.equations)
        is_bound = name in told or may_be_at_bound(assumptions.properties.get(name))
        if len(losses) == 1 and is_whole and not is_bound:
            assumptions.stationary.append(Expression("derivative", (losses[0], node), "Leibniz", node.span))
        elif len(losses) == 1 and is_equated and not any(name in names_of(one) for one in assumptions.stationary):
            assumptions.losses[name] = losses[0]


def _outer_calls(scope: Scope) -> list[Expression]:
    r"""The functions of declared quantities that are scalars, of which no other given is made: ``J(w) = ...``."""
    found, out = scope.notation.functions, list[Expression]()
    bodies = [one.body for one in found.values() if one.body is not None]
    inner = {str(node.data[0]) for body in bodies for node in body.walk() if node.head == "apply"}
    for name in found.keys() - inner:
        with suppress(Fault):
            call = Expression("apply", scope.notation.own_arguments(name), (name, 0, None))
            out += [call] if call.args and value_of(call, scope).is_scalar else []
    return out


def names_of(*nodes: Expression) -> set[str]:
    """The names that stand in some expressions."""
    return {str(child.data) for node in nodes for child in node.walk() if child.head == "symbol"}


def may_be_at_bound(known: Property | None) -> bool:
    """Whether the best value of a quantity may lie where what is assumed of it ends: its gradient need not be zero."""
    if known is None:
        return False
    return known.closed or known.simplex is not None or bool(known.values)


def _bounds(name: str, scope: Scope, known: dict[str, Property]) -> Iterator[tuple[Expression, str, Expression, str]]:
    """The bounds of a quantity that is defined, as relations."""
    one, declared = known[name], scope.notation.declared(name)
    if declared is None or one.simplex is not None:
        return
    node, equal = Expression("symbol", (), name), "" if one.open else "="
    for sign, bound in ((">", one.low), ("<", one.high)):
        if bound is not None:
            yield node, sign + equal, Expression("number", (), (bound, None)), ""


def _fact(relation: Relation, scope: Scope, assumptions: Assumptions, asked: Sequence[str]) -> _Fact | None:
    arena, inner = scope.arena, scope.like(free={})
    sides = [relation.left, relation.right]
    if relation.sign in ("<", "<="):
        sides.reverse()
    left, right = (value_of(side, inner) for side in sides)
    left, right = shaped_terms.fitted(left, right.dims), shaped_terms.fitted(right, left.dims)
    whole = right if left.is_scalar else left
    if left.dims != right.dims and not (left.is_scalar or right.is_scalar):
        return None
    places = shaped_terms.axes_for(arena, whole.dims)
    more, less = (one.term if one.is_scalar else one.entry(*places) for one in (left, right))
    gap = arena.add((more, arena.negative(less)))
    named = [found[0] for side in sides if (found := quantity_of(side, scope.notation)) is not None]
    free = roots(arena, quantities(gap))
    order = [*asked, *named, *sorted(free)]
    ways = {
        name: below
        for name in dict.fromkeys(order)
        if name in free and _is_free(name, assumptions) and (below := _moved(name, gap, scope)) is not None
    }
    sign = {"<": ">", "<=": ">="}.get(relation.sign, relation.sign)
    return _Fact(relation, sign, gap, ways)


def _is_free(name: str, assumptions: Assumptions) -> bool:
    """Whether nothing else is assumed of a quantity."""
    known, usual = assumptions.properties.get(name, Property()), Property()
    is_made = name.startswith(("weight ", "d ", "argument ", "slack "))
    return not is_made and all(getattr(known, key) == getattr(usual, key) for key in _BOUNDED)


def _moved(name: str, gap: Term, scope: Scope) -> tuple[Index, ...] | None:
    """The entries of a quantity that a gap over its axes can be moved by, one for each; None where there are none."""
    below = _below(name, gap, scope)
    slope = None if below is None else differentiate(scope.arena, gap, Variable(name, below))
    return None if slope is None or (slope.op == "constant" and not slope.data) else below


def _below(name: str, gap: Term, scope: Scope) -> tuple[Index, ...] | None:
    """The entries of a quantity, one for each place of a gap, the first where it has more; None where it has fewer."""
    arena, left = scope.arena, list(gap.axes)
    if name in arena.labels or name not in arena.shapes:
        return None
    below: list[Index] = []
    for size in arena.shapes[name]:
        axis = next((one for one in left if one.size == size), None)
        below.append(1 if axis is None else arena.axis(size, axis.low))
        left = [one for one in left if one is not axis]
    return None if left else tuple(below)


def _ordered(facts: list[_Fact], scope: Scope) -> list[list[tuple[_Fact, str]]]:
    """Systems in an order in which each leaves those before it alone: single relations where that can be."""
    todo, out = list(facts), list[list[tuple[_Fact, str]]]()
    while todo:
        last = next(
            (
                (fact, name)
                for fact in todo
                for name in fact.ways
                if not any(other is not fact and depends(scope.arena, other.gap, name) for other in todo)
            ),
            None,
        )
        if last is None:
            taken: dict[str, _Fact] = {}
            for fact in todo:
                name = next((one for one in fact.ways if one not in taken), None)
                if name is not None:
                    taken[name] = fact
            return [[(fact, name) for name, fact in taken.items()], *out]
        out.insert(0, [last])
        todo.remove(last[0])
    return out


def _identified(assumptions: Assumptions, scope: Scope, asked: Sequence[str]) -> list[Relation]:
    """The relations without fewer equations than unknown numbers, which hold for all else: these have one solution.

    ``1/(x(x+1)) = A/x + B/(x+1)`` tells A and B, which then are defined.
    """
    arena, relations = scope.arena, assumptions.relations
    names = [name for name in asked if arena.shapes.get(name) == () and name not in arena.definitions]
    equations = [one for one in relations if one.sign == "="]
    if not equations or len(equations) >= len(names):
        return relations
    gaps: list[Term] = []
    for one in equations:
        left, right = (value_of(side, scope.like(free={})) for side in (one.left, one.right))
        if not (left.is_scalar and right.is_scalar):
            return relations
        gaps.append(arena.add((left.term, arena.negative(right.term))))
    free = sorted(roots(arena, {name for gap in gaps for name in quantities(gap)}) - set(names))
    rows: list[list[Fraction]] = []
    for turn in range(3 * len(names) + 3):
        here = {name: Fraction(3 + 5 * turn + 7 * place) for place, name in enumerate(free)}
        for gap in gaps:
            row = _affine(gap, here, names, scope)
            rows += [] if row is None else [row]
    found = _one_solution(rows, len(names))
    if found is None:
        return relations
    arena.definitions |= {name: Definition((), arena.constant(value)) for name, value in zip(names, found, strict=True)}
    return [one for one in relations if one.sign != "="]


def _affine(gap: Term, here: dict[str, Fraction], names: Sequence[str], scope: Scope) -> list[Fraction] | None:
    """The coefficients of some unknowns in a gap, and what it is without them; None where it is not affine."""
    values = [_at(gap, here | {name: Fraction(name == one) for name in names}, scope) for one in (*names, "")]
    twice = _at(gap, here | dict.fromkeys(names, Fraction(2)), scope)
    if twice is None or any(value is None for value in values):
        return None
    known = [value for value in values if value is not None]
    row = [value - known[-1] for value in known[:-1]]
    return [*row, known[-1]] if twice == 2 * sum(row) + known[-1] else None


def _at(term: Term, values: dict[str, Fraction], scope: Scope) -> Fraction | None:
    """A term at rational numbers, where it is rational."""
    arena = scope.arena
    while inner := [name for name in sorted(quantities(term)) if name in arena.definitions]:
        body = arena.definitions[inner[0]]
        term = put(scope, term, inner[0], body.body, body.axes)
    for name, value in values.items():
        term = put(scope, term, name, arena.constant(value))
    return Fraction(term.data) if term.op == "constant" else None


def _one_solution(rows: list[list[Fraction]], count: int) -> list[Fraction] | None:
    """The one solution of linear equations, by elimination; None where there is none or more than one."""
    rows = [list(row) for row in rows]
    for column in range(count):
        pivot = next((k for k in range(column, len(rows)) if rows[k][column]), None)
        if pivot is None:
            return None
        rows[column], rows[pivot] = rows[pivot], rows[column]
        head = rows[column][column]
        rows[column] = [value / head for value in rows[column]]
        for k, row in enumerate(rows):
            if k != column and row[column]:
                rows[k] = [a - row[column] * b for a, b in zip(row, rows[column], strict=True)]
    if any(any(row) for row in rows[count:]):
        return None
    return [-rows[k][count] for k in range(count)]
