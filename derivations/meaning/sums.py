"""Sums, means, norms, cases and indicators: what they denote over the ranges of their indices."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from truestep.derivations.language.expression import NONE, Expression, free_indices, product, with_own_letters
from truestep.derivations.language.faults import IdleFault, MeaningFault, ShapeFault
from truestep.derivations.meaning import extremes, shaped_terms, truths
from truestep.derivations.meaning.derivatives.recurrences import start
from truestep.derivations.meaning.entries import array, exact_number, is_beyond, limit_position, size_of
from truestep.derivations.meaning.index_use import (
    from_one,
    from_zero,
    is_index,
    over_all,
    over_entries,
    usage,
    whole_symbols,
)
from truestep.derivations.meaning.scope import Scope, value_of
from truestep.derivations.meaning.shaped_terms import Value, scalar
from truestep.derivations.meaning.terms import Axis

if TYPE_CHECKING:
    from truestep.derivations.language.shapes import Size
    from truestep.derivations.meaning.terms import Index, Term

MAX_TERMS_WRITTEN = 64
MAX_TERMS_NESTED = 1024


class Ranged(NamedTuple):
    """What runs over indices: their axes, the body, where it counts, and members of their own."""

    axes: tuple[Axis, ...]
    value: Value
    masks: list[Term]
    extra: list[Value]


def total(node: Expression, scope: Scope) -> Value:
    """A sum or product over indices, with limits and conditions."""
    node = from_one(with_own_letters(node), scope)
    body, lower, upper, condition = node.args
    if not node.data and not free_indices(body) and node.head == "sum":
        return over_all(node, scope) or over_entries(node, scope)
    names = node.data or _bare_names(body, scope, node)
    if condition.head == "none" and len(names) == 1 and lower.head == "number" and upper.head == "number":
        return _written_out(node, names[0], int(lower.data[0]), int(upper.data[0]), scope)
    axes, value, masks, extra = ranged(node, names, scope)
    arena = scope.arena

    def entry(*places: Index) -> Term:
        term = value.entry(*places)
        if node.head == "prod":
            if masks:
                raise MeaningFault("a product over a condition is not decided here", node.span)
            for axis in axes:
                term = arena.times(axis, term)
            return term
        term = arena.multiply((*masks, term))
        for axis in axes:
            term = arena.total(axis, term)
        return arena.add((term, *(other.entry(*places) for other in extra)))

    return Value(value.dims, entry)


def ranged(node: Expression, names: tuple[str, ...], scope: Scope) -> Ranged:
    """The body of a sum or the like over the ranges of its indices."""
    body, lower, upper, condition = node.args
    old = _other_index(body, names)
    if old and scope.takes("index-slip", node.span):
        body = _renamed(body, names[0], old, scope)
    axes: dict[str, Axis] = {}
    for name in names:
        zero_based = from_zero(lower, upper)
        if zero_based is not None and usage(name, body, scope) is None:
            axes[name] = scope.arena.axis(zero_based, 0)
            continue
        if lower.head == "negative" and lower.args[0] == upper and upper.head == "size":  # from -m to m
            axes[name] = scope.arena.axis(f"2{upper.data}+1", f"-{upper.data}")
            continue
        size = _range(name, body, upper, condition, scope, node)
        declared = scope.notation.indices.get(name)
        axes[name] = scope.arena.axis(
            size, declared.low if declared and declared.dims[0] == size else scope.notation.low(size)
        )
    if len(names) == 1 and condition.head == "none":
        _refuse_beyond(names[0], axes[names[0]], lower, upper, body, scope)
    inner = _charitable(scope.bind(axes), node, names)
    value = value_of(body, inner)
    masks: list[Term] = []
    if condition.head != "none":
        masks.append(truths.truth(condition, inner))
    extra: list[Value] = []
    masks += _limits(names, axes, lower, upper, body, inner, scope, extra)
    return Ranged(tuple(axes.values()), value, masks, extra)


def _refuse_beyond(name: str, axis: Axis, lower: Expression, upper: Expression, body: Expression, scope: Scope) -> None:
    r"""``\sum_{i=1}^n u_i u_{i+1}`` ends with an entry that is none."""
    first = exact_number(lower) if lower.head != "none" else Fraction(1)
    last = _shift(upper, "size", str(axis.size)) if upper.head != "none" else Fraction(0)
    if axis.low != 1 or body.has("indicator", "cases", "kronecker"):
        return
    for child in body.walk():
        declared = scope.notation.declared(str(child.args[0].data)) if child.head == "entry" else None
        for size, index in zip(declared.dims if declared else (), child.args[1:], strict=False):
            more = _shift(index, "index", name) if size == axis.size and not start(child, scope.notation) else None
            if more and ((last is not None and last + more > 0) or (first is not None and first + more < 1)):
                raise MeaningFault(f"this sum needs an entry before the first or beyond {size}, the last", index.span)


def _shift(node: Expression, head: str, name: str) -> Fraction | None:
    """How much more an expression is than a name: -1 for n - 1; None for any other expression."""
    if node.head == "group":
        return _shift(node.args[0], head, name)
    if node.head == "add" and len(node.args) == 2:
        more = exact_number(node.args[1])
        return more if more is not None and _shift(node.args[0], head, name) == 0 else None
    return Fraction(0) if node.head == head and node.data == name else None


def extreme(node: Expression, scope: Scope) -> Value:
    r"""``\max_i x_i``, ``\min_{j \neq k} x_j``, ``\arg\max_i x_i``."""
    node = from_one(with_own_letters(node), scope)
    axes, value, masks, extra = ranged(node, node.data, scope)
    if extra:
        raise MeaningFault("an extreme that begins before the first entry is not decided here", node.span)
    _check_limit(node.args[2], axes)

    def entry(*places: Index) -> Term:
        return extremes.over(node.head, axes, value.entry(*places), masks, scope, node.span)

    return Value(value.dims, entry)


def _check_limit(upper: Expression, axes: tuple[Axis, ...]) -> None:
    """That an upper limit is the size of every axis, or a number that is no more than that."""
    if len(axes) > 1 and upper.head != "none" and any(size_of(upper) != axis.size for axis in axes):
        raise MeaningFault("these limits of several indices are not decided here", upper.span)
    if upper.head != "number":
        return
    size, last = axes[0].size, int(upper.data[0])
    if last > (size if isinstance(size, int) else MAX_TERMS_WRITTEN):
        raise MeaningFault(f"an index that runs to {last} is not decided here", upper.span)


def _written_terms(node: Expression) -> int:
    """How many terms sums between numbers have, one within the other."""
    inner = max(map(_written_terms, node.args), default=1)
    if node.head in ("sum", "prod") and node.args[1].head == "number" == node.args[2].head:
        return inner * max(1, int(node.args[2].data[0]) - int(node.args[1].data[0]) + 1)
    return inner


def _written_out(node: Expression, name: str, low: int, high: int, scope: Scope) -> Value:
    """A sum between two numbers, term by term."""
    if high - low + 1 > MAX_TERMS_WRITTEN:
        raise MeaningFault(f"a sum of more than {MAX_TERMS_WRITTEN} written terms is not decided", node.span)
    if _written_terms(node) > MAX_TERMS_NESTED:
        raise MeaningFault(f"sums of more than {MAX_TERMS_NESTED} written terms are not decided", node.span)
    terms = [value_of(node.args[0], scope.bind({name: place})) for place in range(low, high + 1)]
    if not terms:
        return scalar(scope.arena.constant(0 if node.head == "sum" else 1))
    if node.head == "sum":
        return shaped_terms.add(scope.arena, terms, node.span)
    return shaped_terms.elementwise(lambda *parts: scope.arena.multiply(parts), terms, node.span)


def _bare_names(body: Expression, scope: Scope, node: Expression) -> tuple[str, ...]:
    """The index of a sum that names none: the one that stands free in the body and nowhere else."""
    free = [name for name in sorted(free_indices(body)) if name not in scope.indices and name not in scope.free]
    if len(free) > 1:
        free = [name for name in free if name in _leading(body)] or free
    if len(free) != 1:
        raise MeaningFault("this sum does not say over which index it runs", node.span)
    scope.note("bare-sum", node, index=free[0])
    return (free[0],)


def _leading(body: Expression) -> frozenset[str]:
    return free_indices(body.args[0]) if body.args else frozenset()


def _charitable(scope: Scope, node: Expression, names: tuple[str, ...]) -> Scope:
    """Under a bare sum, or where that is granted, a vector of the sum's length without index means its entry."""
    if node.data and not scope.takes("missing-index", node.span):
        return scope
    formals = dict(scope.formals)
    axis = scope.indices[names[0]]
    assert isinstance(axis, Axis)
    for child in whole_symbols(node.args[0]):
        declared = scope.notation.declared(child.data)
        if declared is not None and declared.dims == (axis.size, 1) and child.data not in formals:
            formals[child.data] = scalar(array(child.data, (), declared.dims, scope).entry(axis, 1))
            scope.note("missing-index", child, name=child.data, index=names[0])
    return replace(scope, formals=formals)


def _other_index(body: Expression, names: tuple[str, ...]) -> str:
    """The one index of a body that does not vary with the one bound index; nothing where it is another case."""
    free = free_indices(body)
    return next(iter(free)) if len(names) == len(free) == 1 and names[0] not in free else ""


def _renamed(body: Expression, name: str, old: str, scope: Scope) -> Expression:
    """The body with its index read as the bound one."""
    scope.note("index-slip", body, index=name, other=old)
    return body.map(lambda child: replace(child, data=name) if child.head == "index" and child.data == old else child)


def _range(
    name: str, body: Expression, upper: Expression, condition: Expression, scope: Scope, node: Expression
) -> Size:
    """The size that a bound index runs over: where it is used, what is declared of it, or the upper limit."""
    used = usage(name, body, scope)
    if used is not None:
        scope.ran[name] = used if scope.ran.get(name, used) == used else None
        return used
    declared = scope.notation.indices.get(name)
    if declared is not None:
        return declared.dims[0]
    if upper.head in ("size", "unknown", "symbol") or (upper.head == "number"):
        size = size_of(upper)
        if size in scope.notation.sizes or size in scope.counts or isinstance(size, int):
            return size
    compared = _compared(name, Expression("and", (condition, body)), scope)
    if compared is not None:
        return compared
    for child in body.walk():  # what has no shape hides what the index runs over
        if child.head == "entry" and any(is_index(index, name) for index in child.args[1:]):
            value_of(child.args[0], replace(scope, free=dict(scope.free), notes=[]))
    elsewhere = scope.free.get(name)
    if elsewhere is not None:
        return elsewhere.size
    ran = scope.ran.get(name)
    if ran is None and name in free_indices(body):
        raise MeaningFault(f"nothing says over what {name} runs", node.span)
    if ran is None:
        raise IdleFault(name, node.span)
    return ran


def _compared(name: str, node: Expression, scope: Scope) -> Size | None:
    """The size of an index with which a delta or a condition compares this one."""
    for child in node.walk():
        if child.head not in ("kronecker", "relation") or not any(is_index(side, name) for side in child.args):
            continue
        for side in child.args:
            if side.head == "index" and side.data != name:
                known = scope.indices.get(side.data, scope.free.get(side.data))
                if isinstance(known, Axis):
                    return known.size
                other = scope.notation.indices.get(side.data)
                size = other.dims[0] if other is not None else usage(side.data, node, scope)
                if size is not None:
                    return size
    return None


def _limits(
    names: tuple[str, ...],
    axes: dict[str, Axis],
    lower: Expression,
    upper: Expression,
    body: Expression,
    inner: Scope,
    scope: Scope,
    extra: list[Value],
) -> list[Term]:
    """Indicators for limits other than the whole range; a lower limit 0 may add a member of its own."""
    if upper.head == "unknown" and (upper.data in inner.indices or upper.data in scope.free):
        upper = Expression("index", (), upper.data, upper.span)  # the sum goes to an index that stands on the left
    if len(names) != 1:
        return []
    arena, axis = scope.arena, axes[names[0]]
    masks: list[Term] = []
    if isinstance(axis.low, str) and lower.head == "negative" and upper.data == axis.low[1:]:
        return masks
    if lower.head != "none":
        low = exact_number(lower)
        if low is None or isinstance(axis.low, str):
            masks.append(
                arena.add(
                    (arena.constant(1), arena.negative(arena.below(arena.position(axis), limit_position(lower, inner))))
                )
            )
        elif low == axis.low - 1 == 0 and axis.low == 1:
            extra.append(value_of(body, scope.bind({names[0]: 0})))
        elif low > axis.low:
            masks.append(
                arena.add((arena.constant(1), arena.negative(arena.below(arena.position(axis), arena.constant(low)))))
            )
        elif low < axis.low:
            raise MeaningFault(f"the sum begins at {low}, before the first entry", lower.span)
    if upper.head not in ("none", "number") and not (
        upper.head in ("size", "symbol", "unknown", "index") and upper.data == axis.size
    ):
        if upper.head == "unknown" and upper.data not in scope.counts:
            return masks
        if upper.head == "size" and upper.data != axis.size:
            raise ShapeFault(f"the sum runs to {upper.data}, but {names[0]} runs over {axis.size}", upper.span)
        last = limit_position(upper, inner)
        if axis.low == 1 and is_beyond(last, axis.size):
            raise MeaningFault(f"the sum runs beyond {axis.size}, the last entry", upper.span)
        masks.append(arena.add((arena.constant(1), arena.negative(arena.below(last, arena.position(axis))))))
    elif upper.head == "number" and upper.data[0] != axis.size:
        masks.append(
            arena.add(
                (
                    arena.constant(1),
                    arena.negative(arena.below(arena.constant(Fraction(upper.data[0])), arena.position(axis))),
                )
            )
        )
    return masks


def mean(node: Expression, scope: Scope) -> Value:
    """The expectation over a uniform index: the mean; over a vector or family of probabilities: the sum with these."""
    name, _, law = (node.data or "").replace(" ", "").partition(r"\sim")
    weighted = _weighted(node, name if law else "", law or name, scope)
    if weighted is not None:
        return value_of(weighted, scope)
    name = name.strip("{}") or None
    if name is None:
        known = [index for index in scope.uniform if index in free_indices(node.args[0])]
        name = known[0] if len(known) == 1 else None
    if name is None or name not in scope.uniform:
        raise MeaningFault("nothing says that this expectation is over a uniform index", node.span)
    axis = scope.arena.axis(scope.uniform[name])
    value = value_of(node.args[0], scope.bind({name: axis}))
    share = scope.arena.power(scope.arena.size(axis.size), Fraction(-1))
    return Value(
        value.dims, lambda *places: scope.arena.multiply((share, scope.arena.total(axis, value.entry(*places))))
    )


def _weighted(node: Expression, letter: str, law: str, scope: Scope) -> Expression | None:
    r"""``E_{a \sim \pi}[f_a]`` and ``E_\pi[f]`` of a declared \pi as a sum with its entries as weights."""
    law, notation = law.partition("(")[0].strip("{}"), scope.notation
    declared, family = notation.declared(law), notation.families.get((law, "_"))
    is_vector = declared is not None and declared.kind == "array" and declared.dims[1] == 1 != declared.dims[0]
    if not is_vector and (family is None or family.member.dims != (1, 1)):
        return None
    own = Expression("index", (), letter.strip("{}") or "e", node.span)
    size = declared.dims[0] if declared is not None and is_vector else family.index.dims[0] if family else 0

    def at(child: Expression) -> Expression:
        base = str(child.data)
        if letter or child.head not in ("symbol", "unknown") or child.args:
            return child
        if (base, "_") in notation.families:
            return Expression("member", (own,), (base, "_"), child.span)
        shape = notation.declared(base)
        is_alike = shape is not None and shape.kind == "array" and shape.dims == (size, 1)
        return Expression("entry", (child, own), None, child.span) if is_alike else child

    weight = at(Expression("symbol", (), law)) if not letter else None
    if weight is None:
        weight = (
            Expression("member", (own,), (law, "_"))
            if family
            else Expression("entry", (Expression("symbol", (), law), own))
        )
    body = Expression("group", (node.args[0].map(at),), None, node.span)
    return Expression("sum", (product(weight, body), NONE, NONE, NONE), (str(own.data),), node.span)


def inner(node: Expression, scope: Scope) -> Value:
    r"""``\langle a, b \rangle`` and ``A : B``; a colon between numbers, or beside what does not fit, is no product."""
    left, right = (value_of(arg, scope) for arg in node.args)
    if left.is_scalar and right.is_scalar:
        raise MeaningFault("this may be an inner product, or a list of two numbers", node.span)
    if node.data == ":" and left.dims != right.dims and not node.has("differential"):
        raise MeaningFault("this colon is no product of two arrays of one shape", node.span)
    return shaped_terms.inner_product(scope.arena, left, right, node.span)
