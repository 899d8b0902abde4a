"""Conditions as values: deltas, indicators and cases, 1 where they hold and 0 elsewhere."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.derivations.language.expression import Expression
from truestep.derivations.language.faults import MeaningFault, ShapeFault
from truestep.derivations.meaning import shaped_terms
from truestep.derivations.meaning.entries import limit_position, one_index
from truestep.derivations.meaning.scope import Scope, value_of
from truestep.derivations.meaning.shaped_terms import Value, scalar
from truestep.derivations.meaning.terms import Axis

if TYPE_CHECKING:
    from truestep.derivations.language.shapes import Size
    from truestep.derivations.meaning.arena import Arena
    from truestep.derivations.meaning.terms import Index, Term


def kronecker(node: Expression, scope: Scope) -> Value:
    """The Kronecker delta of two indices."""
    first, second = node.args
    return scalar(same_index(first, second, scope))


def same_index(first: Expression, second: Expression, scope: Scope) -> Term:
    """1 where two indices, numbers or class labels are equal."""
    arena = scope.arena
    both = {str(node.data) for node in (first, second) if node.head == "index"}
    if len(both) == 2 and len(both & scope.outside - set(scope.indices)) == 1:
        return arena.constant(0)
    known = [_known_index(node, scope) for node in (first, second)]
    size = next((index.size for index in known if isinstance(index, Axis)), None)
    if size is None:
        for node in (first, second):
            declared = scope.notation.indices.get(node.data) if node.head == "index" else None
            size = declared.dims[0] if declared is not None else size
    if size is not None and all(node.head in ("index", "number") for node in (first, second)):
        places = [
            known[k] if known[k] is not None else _place(node, size, scope) for k, node in enumerate((first, second))
        ]
        a, b = places
        assert a is not None
        assert b is not None
        if isinstance(a, Axis) and isinstance(b, Axis) and a.size != b.size:
            raise ShapeFault(
                f"{first.data} runs over {a.size}, {second.data} over {b.size}: they are not compared", first.span
            )
        return arena.delta(a, b)
    left, right = (value_of(node, scope) for node in (first, second))
    return shaped_terms.need_scalar(
        shaped_terms.elementwise(
            lambda s, t: arena.function("zero", arena.add((s, arena.negative(t)))), (left, right), first.span
        ),
        "a condition",
    )


def _place(node: Expression, size: Size, scope: Scope) -> Index:
    place = one_index(node, size, scope)
    if callable(place):
        raise MeaningFault("a class label is not decided here", node.span)
    return place


def _known_index(node: Expression, scope: Scope) -> Index | None:
    if node.head == "number" and Fraction(node.data[0]).denominator == 1:
        return int(node.data[0])
    return scope.indices.get(node.data, scope.free.get(node.data)) if node.head == "index" else None


def indicator(node: Expression, scope: Scope) -> Value:
    """1 where the condition holds, entry by entry for arrays."""
    return truth_value(node.args[0], scope)


def truth(node: Expression, scope: Scope) -> Term:
    r"""The indicator of a condition on scalars; arrays differ but for points: ``v \neq 0``."""
    sides = node.args if node.head == "relation" and node.data == "!=" else ()
    is_of_letters = any(side.head == "index" for side in sides)
    if not is_of_letters and any(not value_of(side, scope).is_scalar for side in sides):
        return scope.arena.constant(1)
    return shaped_terms.need_scalar(truth_value(node, scope), "a condition")


def truth_value(node: Expression, scope: Scope) -> Value:
    """The indicator of a condition."""
    arena = scope.arena
    if node.head in ("and", "or"):
        parts = [truth_value(arg, scope) for arg in node.args]
        if node.head == "and":
            return shaped_terms.elementwise(lambda *terms: arena.multiply(terms), parts, node.span)
        return shaped_terms.elementwise(lambda *terms: _any_of(terms, arena), parts, node.span)
    if node.head != "relation":
        raise MeaningFault("this condition is not decided here", node.span)
    left, right = node.args
    relation = node.data
    if relation not in _DECIDED:
        raise MeaningFault("this relation is not decided as a condition", node.span)
    if relation in ("in", "not in"):
        return _membership(left, right, relation, scope, node)
    indexed = all(side.head in ("index", "number") for side in (left, right)) and any(
        side.head == "index" for side in (left, right)
    )
    if relation in ("=", "!="):
        same = scalar(same_index(left, right, scope)) if indexed else _equal(left, right, scope, node)
        return (
            same
            if relation == "="
            else shaped_terms.elementwise(
                lambda t: arena.add((arena.constant(1), arena.negative(t))), (same,), node.span
            )
        )
    if indexed and any(_known_index(side, scope) is not None for side in (left, right)):
        a, b = (limit_position(side, scope) for side in (left, right))
        less = arena.below(a, b) if relation in ("<", ">=") else arena.below(b, a)
        return scalar(less if relation in ("<", ">") else arena.add((arena.constant(1), arena.negative(less))))
    a_value, b_value = value_of(left, scope), value_of(right, scope)
    flip = relation in ("<", "<=")
    op = "positive" if relation in ("<", ">") else "nonnegative"
    pair = (b_value, a_value) if flip else (a_value, b_value)
    return shaped_terms.elementwise(lambda a, b: arena.function(op, arena.add((a, arena.negative(b)))), pair, node.span)


def _any_of(terms: tuple[Term, ...], arena: Arena) -> Term:
    r"""``1 - \prod_i (1 - t_i)``"""
    none = arena.multiply([arena.add((arena.constant(1), arena.negative(term))) for term in terms])
    return arena.add((arena.constant(1), arena.negative(none)))


def _equal(left: Expression, right: Expression, scope: Scope, node: Expression) -> Value:
    for index, place in ((left, right), (right, left)):
        if index.head == "index" and place.head in ("argmax", "argmin"):
            found = value_of(place, scope).term
            if found.op == "largest":
                scope.index(index.data, found.data.size)
    pair = (value_of(left, scope), value_of(right, scope))
    return shaped_terms.elementwise(
        lambda a, b: scope.arena.function("zero", scope.arena.add((a, scope.arena.negative(b)))), pair, node.span
    )


_DECIDED = frozenset(("=", "!=", "<", ">", "<=", ">=", "in", "not in"))
_REALS = (r"\mathbb{R}", r"\mathbbR", r"\R", "R")


def _membership(left: Expression, right: Expression, relation: str, scope: Scope, node: Expression) -> Value:
    if right.head == "set" and relation == "in" and str(right.data).replace(" ", "") in _REALS:
        return scalar(scope.arena.constant(1))
    if right.head != "interval" or relation != "in":
        raise MeaningFault("this condition is not decided here", node.span)
    low = Expression("relation", (left, right.args[0]), ">=" if right.data[0] == "[" else ">", node.span)
    high = Expression("relation", (left, right.args[1]), "<=" if right.data[1] == "]" else "<", node.span)
    return truth_value(Expression("and", (low, high), None, node.span), scope)


def cases(node: Expression, scope: Scope) -> Value:
    """Values by condition; a place that no condition covers has no value."""
    arena = scope.arena
    remaining = scalar(arena.constant(1))
    parts: list[Value] = []
    otherwise = False
    for value_node, condition in zip(node.args[::2], node.args[1::2], strict=True):
        value = value_of(value_node, scope)
        holds = remaining if condition.head == "otherwise" else truth_value(condition, scope)
        otherwise = otherwise or condition.head == "otherwise"
        parts.append(shaped_terms.elementwise(lambda a, b: arena.multiply((a, b)), (holds, value), node.span))
        if condition.head != "otherwise":
            remaining = shaped_terms.elementwise(
                lambda left, here: arena.multiply((left, arena.add((arena.constant(1), arena.negative(here))))),
                (remaining, holds),
                node.span,
            )
    if not otherwise:  # divides by 1 where some case applies and by 0 where none does
        covered = shaped_terms.elementwise(
            lambda t: arena.power(arena.add((arena.constant(1), arena.negative(t))), Fraction(-1)),
            (remaining,),
            node.span,
        )
        total_value = shaped_terms.add(arena, parts, node.span)
        return shaped_terms.elementwise(lambda a, b: arena.multiply((a, b)), (total_value, covered), node.span)
    return shaped_terms.add(arena, parts, node.span)
