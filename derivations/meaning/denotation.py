r"""Meaning: from an expression to a value, with names and shapes deciding what each juxtaposition is."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING

from truestep.derivations.language.expression import Expression
from truestep.derivations.language.faults import MeaningFault, NameFault, ShapeFault, Span
from truestep.derivations.language.notation import strip_fonts
from truestep.derivations.language.shapes import describe
from truestep.derivations.meaning import (
    applications,
    array_code,
    calculus,
    dotted_arrays,
    entries,
    extremes,
    introduced,
    shaped_terms,
    sums,
    truths,
)
from truestep.derivations.meaning.arena import Arena
from truestep.derivations.meaning.chance import expectations
from truestep.derivations.meaning.derivatives import at_points, recurrences
from truestep.derivations.meaning.functions import function_term
from truestep.derivations.meaning.infinite import limits, series
from truestep.derivations.meaning.matrices import constants, powers
from truestep.derivations.meaning.scope import Scope, value_of
from truestep.derivations.meaning.shaped_terms import Value, scalar
from truestep.derivations.meaning.terms import Term

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from truestep.derivations.meaning.scope import Rule

    Unsaid = Callable[[int], str]

MAX_EXPONENT = 10_000


def _number(node: Expression, scope: Scope) -> Value:
    value, places = node.data
    return scalar(scope.arena.constant(value) if places is None else scope.arena.decimal(Fraction(value), places))


def _constant(node: Expression, scope: Scope) -> Value:
    if node.data == "e":
        return scalar(scope.arena.function("exp", scope.arena.constant(1)))
    return scalar(scope.arena.quantity(node.data, ()))


def _symbol(node: Expression, scope: Scope) -> Value:
    if node.data in scope.formals:
        return scope.formals[node.data]
    declared = scope.notation.declared(node.data)
    if declared is None:  # the argument of a function that a given defines
        raise NameFault(f"{node.data} is not declared", node.span)
    return entries.array(node.data, (), declared.dims, scope)


def _unknown(node: Expression, scope: Scope) -> Value:
    if node.data in scope.formals:
        return scope.formals[node.data]
    if node.data in scope.introduced:
        return introduced.plain(node, scope)
    family = introduced.picked(node, scope)
    if family is not None:
        return family
    if (slope := introduced.by_subscript(node, scope)) is not None:
        return value_of(slope, scope)
    base = str(node.data).partition("_{")[0]
    numbered = _numbered(base, node, scope)
    if numbered is not None:
        return numbered
    if node.args and base in scope.introduced:
        return recurrences.entry(
            Expression("entry", (Expression("unknown", (), base), *node.args), None, node.span), scope
        )
    if node.data in scope.counts:
        return scalar(scope.arena.size(node.data))
    if (
        plain := strip_fonts(str(node.data))
    ) != node.data and plain in scope.introduced:  # \hat{\mathbf{t}} of \hat{t}_n
        return introduced.plain(replace(node, data=plain), scope)
    by_custom = introduced.of_capital(node, scope) or introduced.of_bar(node, scope) or introduced.of_small(node, scope)
    return by_custom or constants.unit_vector(node, scope) or introduced.unknown(node, scope)


def _numbered(base: str, node: Expression, scope: Scope) -> Value | None:
    """``z_j`` where j is a number at present and ``z_1``, ``z_2`` are names of their own."""
    places = [scope.indices.get(arg.data) for arg in node.args if arg.head == "index"]
    if len(places) != 1 or len(node.args) != 1 or not isinstance(places[0], int):
        return None
    known = scope.notation.names.get((base, str(places[0]), None))
    return None if known is None else entries.array(known.full, (), known.declared.dims, scope)


def _tuple(node: Expression, scope: Scope) -> Value:
    """``[a, b, c]`` is a row vector."""
    if len(node.args) < 2:
        raise MeaningFault("a list of one entry has no value here", node.span)
    if any(arg.head == "dots" for arg in node.args):
        ends = Expression("pattern", (node.args[0], node.args[-1]), (1, 2), node.span)
        return dotted_arrays.pattern(ends, scope)
    return entries.matrix(Expression("matrix", node.args, len(node.args), node.span), scope)


def _index(node: Expression, scope: Scope) -> Value:
    known = scope.indices.get(node.data, scope.free.get(node.data))
    if known is None and node.data in scope.notation.indices:
        known = scope.index(node.data, scope.notation.indices[node.data].dims[0])
    if known is None:
        return _unknown(replace(node, head="unknown"), scope)
    return scalar(scope.arena.number_of(known))


def _size(node: Expression, scope: Scope) -> Value:
    return scalar(scope.arena.size(node.data))


def _add(node: Expression, scope: Scope) -> Value:
    values = array_code.beside(node.args, [value_of(arg, scope) for arg in node.args])
    square = next((value.dims for value in values if entries.is_square(value)), None)
    if square is not None:
        whole = constants.with_identities(node)
        if whole != node and scope.takes("ones-identity", node.span):
            values = [value_of(arg, scope) for arg in whole.args]
        for code, is_meant in (("scalar-for-matrix", entries.is_multiple), ("diag-left-out", entries.is_column)):
            if any(map(is_meant, values)) and scope.takes(code, node.span):
                values = [entries.diagonal(one, square, scope) if is_meant(one) else one for one in values]
    wide = next((value.dims for value in values if not (value.is_scalar or value.is_vector)), (1, 1))
    is_short = wide[0] != wide[1] and any(entries.is_row_of(one, wide) for one in values)
    if is_short and scope.takes("broadcast", node.span):
        values = [entries.repeated(one, wide) if entries.is_row_of(one, wide) else one for one in values]
    return shaped_terms.add(scope.arena, values, node.span)


def _negative(node: Expression, scope: Scope) -> Value:
    return shaped_terms.scale(scope.arena, scope.arena.constant(-1), value_of(node.args[0], scope), node.span)


def _product(node: Expression, scope: Scope) -> Value:
    factors = [_factor(arg, scope) for arg in node.args]
    signs = node.data
    try:
        return _fold(factors, signs, scope, lambda place: _unsaid(node, factors, place))
    except ShapeFault as fault:
        chain = _chained(factors, signs, scope, node.span)
        if chain is not None:
            scope.note("chain-order", node)
            return chain
        for weaker in (True, False):
            grouped = _grouped(factors, signs, scope, weaker)
            if grouped is not None:
                if not weaker:
                    scope.note("hadamard-first", node)
                return grouped
        raise fault from None


def _chained(factors: list[Value], signs: tuple[str, ...], scope: Scope, span: Span) -> Value | None:
    """The product by the chain rule, whatever its order; of the partials side by side, where others stand there too."""
    chain = shaped_terms.chain_product(scope.arena, factors, scope.layout, span)
    runs = [[*run] for is_run, run in groupby(range(len(factors)), lambda k: factors[k].partial is not None) if is_run]
    if chain is not None or len(runs) != 1 or not 1 < len(runs[0]) < len(factors):
        return chain
    first, last = runs[0][0], runs[0][-1] + 1
    with suppress(ShapeFault):
        inner = shaped_terms.chain_product(scope.arena, factors[first:last], scope.layout, span)
        if inner is not None:
            return _fold([*factors[:first], inner, *factors[last:]], (*signs[: first + 1], *signs[last:]), scope)
    return None


def _factor(node: Expression, scope: Scope) -> Value:
    """The value of a factor; a 1 may stand for the vector of ones."""
    if node.head == "transpose" and node.args[0].head == "number" and entries.exact_number(node.args[0]) == 1:
        scope.note("ones", node)  # no number is transposed
        return value_of(Expression("transpose", (Expression("ones", (), None, node.span),), None, node.span), scope)
    is_one = node.head == "number" and entries.exact_number(node) == 1
    return (
        value_of(Expression("ones", ()), scope) if is_one and scope.takes("ones", node.span) else value_of(node, scope)
    )


def _is_column(node: Expression, value: Value) -> bool:
    """Whether a factor is a name of a column."""
    return node.head in ("symbol", "member", "unknown") and value.dims[1:] == (1,)


def _unsaid(node: Expression, factors: list[Value], place: int) -> str:
    """The liberty by which a factor and the one before it, two vectors without a sign, are an inner product."""
    one, other = (calculus.strip_groups(arg) for arg in node.args[place - 1 : place + 1])
    if one == other and other.head != "transpose":
        return "square"
    return "inner-left-out" if _is_column(one, factors[place - 1]) and _is_column(other, factors[place]) else ""


def _fold(factors: list[Value], signs: tuple[str, ...], scope: Scope, unsaid: Unsaid = lambda _: "") -> Value:
    """The product of factors; two vectors are inner products where the liberties that nobody says are taken."""
    result = factors[0]
    for place in range(1, len(factors)):

        def is_inner(sign: str, span: Span, place: int = place) -> bool:
            code = {"cdot": "dot-product", "star": "star"}.get(sign) or unsaid(place)
            return code != "" and scope.takes(code, span) != (sign == "cdot")

        result = shaped_terms.multiply(scope.arena, result, signs[place], factors[place], is_inner)
    return result


_ENTRYWISE = ("odot", "circ", "otimes")


def _grouped(factors: list[Value], signs: tuple[str, ...], scope: Scope, weaker: bool) -> Value | None:
    r"""The product with ``\odot`` binding weaker than juxtaposition, ``g \odot W^T \delta``, or stronger."""
    if not set(_ENTRYWISE) & set(signs):
        return None
    groups: list[tuple[str, list[Value], list[str]]] = []
    for factor, sign in zip(factors, signs, strict=True):
        if not groups or (sign in _ENTRYWISE) == weaker:
            groups.append((sign, [factor], [""]))
        else:
            groups[-1][1].append(factor)
            groups[-1][2].append(sign)
    with suppress(ShapeFault):
        parts = [_fold(group, tuple(inner), scope) for _, group, inner in groups]
        return _fold(parts, tuple(sign for sign, _, _ in groups), scope)
    return None


def _quotient(node: Expression, scope: Scope) -> Value:
    (above, below), arena = [value_of(arg, scope) for arg in node.args], scope.arena
    if below.is_scalar:
        return shaped_terms.scale(arena, arena.power(below.term, Fraction(-1)), above, node.span)
    whole = array_code.stretched(node.args[1], below, above)
    if not below.is_vector:
        raise ShapeFault(f"nothing can be divided by {describe(below.dims)}", node.args[1].span)
    return shaped_terms.elementwise(
        lambda a, b: arena.multiply((a, arena.power(b, Fraction(-1)))), (above, whole), node.span
    )


def _to_the_zero(arena: Arena, base: Term, node: Expression) -> Term:
    """``x^0 = 1`` wherever x has a value; ``0^0`` and ``(1/0)^0`` have none."""
    if base.partial or (base.op == "constant" and base.data == 0):
        raise MeaningFault("the power 0 of something that may be 0 or may have no value is not decided", node.span)
    return arena.constant(1)


def _power(node: Expression, scope: Scope) -> Value:
    base_node, exponent_node = node.args
    arena = scope.arena
    if base_node.head == "constant" and base_node.data == "e":
        exponents = (value_of(exponent_node, scope),)
        return shaped_terms.elementwise(lambda t: arena.function("exp", t), exponents, node.span)
    name = introduced.as_name(node, scope.introduced)
    if name is not node and (name.data in scope.introduced or introduced.family_of(name, scope) is not None):
        return value_of(name, scope)
    if base_node.head == "norm" and exponent_node in base_node.args[1:]:
        return extremes.powers(base_node, scope)
    base = value_of(base_node, scope)
    exponent = entries.exact_number(exponent_node)
    if exponent is not None:
        if abs(exponent) > MAX_EXPONENT:
            raise MeaningFault(f"an exponent above {MAX_EXPONENT} is not decided", exponent_node.span)
        if exponent == 0:
            return shaped_terms.elementwise(lambda t: _to_the_zero(arena, t, node), (base,), node.span)
        if node.data == "entrywise":
            return shaped_terms.elementwise(lambda t: arena.power(t, exponent), (base,), node.span)
        if exponent == 2 and base.is_vector and scope.takes("square", node.span):
            return shaped_terms.inner_product(arena, base, base, node.span)
        if exponent > 0 and not (base.is_scalar or base.is_vector) and base.dims[0] != base.dims[-1]:
            scope.note("entrywise", node, case="power")  # no other power of it exists
            return shaped_terms.elementwise(lambda t: arena.power(t, exponent), (base,), node.span)
        return powers.power(arena, base, exponent, node.span)
    if not base.is_scalar and (exponent_node.head, exponent_node.data) == ("unknown", "t"):  # X^t where t is no name
        return value_of(Expression("transpose", (base_node,), None, node.span), scope)
    if not (base.is_scalar or base.is_vector):
        raise MeaningFault("a power of a matrix whose exponent is no number is not decided here", node.span)
    exponent_value = value_of(exponent_node, scope)
    if not exponent_value.is_scalar and _is_word(exponent_node):
        raise MeaningFault("this superscript reads like a word, which is not decided here", exponent_node.span)
    raised = shaped_terms.need_scalar(exponent_value, "an exponent")
    if _is_whole(raised):
        return shaped_terms.elementwise(lambda t: arena.raised(t, raised), (base,), node.span)
    return shaped_terms.elementwise(
        lambda t: arena.function("exp", arena.multiply((raised, function_term(arena, "log", t)))), (base,), node.span
    )


def _is_whole(term: Term) -> bool:
    """Whether a term is a whole number for sure: made of sizes, indices and whole numbers."""
    if term.op in ("add", "multiply") or (term.op == "power" and term.data > 0 and term.data.denominator == 1):
        return all(_is_whole(arg) for arg in term.args)
    return term.op in ("size", "position") or (term.op == "constant" and term.data.denominator == 1)


def _is_word(node: Expression) -> bool:
    """Letters side by side: ``new`` in a superscript is no product."""
    return node.head == "product" and not any(node.data) and not any(arg.args for arg in node.args)


def _root(node: Expression, scope: Scope) -> Value:
    degree = Fraction(2) if node.args[1].head == "none" else entries.exact_number(node.args[1])
    base = value_of(node.args[0], scope)
    if degree is None:
        arena, below = scope.arena, shaped_terms.need_scalar(value_of(node.args[1], scope), "the index of a root")
        share = arena.power(below, Fraction(-1))
        return shaped_terms.elementwise(
            lambda t: arena.function("exp", arena.multiply((share, function_term(arena, "log", t)))), (base,), node.span
        )
    is_square = not (base.is_scalar or base.is_vector) and base.dims[0] == base.dims[-1]  # of the matrix, or each entry
    if degree.denominator != 1 or not 2 <= degree <= 64 or is_square:
        raise MeaningFault("this root is not decided here", node.span)
    return powers.power(scope.arena, base, 1 / degree, node.span)


def _transpose(node: Expression, scope: Scope) -> Value:
    """The transpose; of a number a power, where T is a declared size or number."""
    value = _factor(node.args[0], scope)
    exponent = Expression("size", (), "T", node.span) if "T" in scope.notation.sizes else None
    if exponent is None and scope.notation.is_name("T"):
        exponent = Expression("symbol", (), "T", node.span)
    if value.is_scalar and exponent is not None:
        return _power(Expression("power", (node.args[0], exponent), None, node.span), scope)
    return shaped_terms.transpose(value)


def _group(node: Expression, scope: Scope) -> Value:
    return value_of(node.args[0], scope)


def _cancel(node: Expression, scope: Scope) -> Value:
    return value_of(node.args[1], scope)


RULES: Mapping[str, Rule] = {
    "number": _number,
    "constant": _constant,
    "symbol": _symbol,
    "unknown": _unknown,
    "call": introduced.called,
    "bare": applications.bare,
    "index": _index,
    "size": _size,
    "member": recurrences.member,
    "entry": recurrences.entry,
    "add": _add,
    "negative": _negative,
    "plus-minus": extremes.either,
    "product": _product,
    "quotient": _quotient,
    "power": _power,
    "root": _root,
    "transpose": _transpose,
    "group": _group,
    "cancel": _cancel,
    "matrix": entries.matrix,
    "tuple": _tuple,
    "pattern": dotted_arrays.pattern,
    "series": dotted_arrays.series,
    "typical": dotted_arrays.typical,
    "identity": constants.identity,
    "ones": constants.ones,
    "apply": applications.applied,
    "prime": calculus.primed,
    "at": at_points.evaluated,
    "value": at_points.valued,
    "derivative": calculus.derivative,
    "gradient": calculus.gradient,
    "differential": calculus.differential,
    "sum": series.summed,
    "prod": sums.total,
    "limit": limits.limit,
    **dict.fromkeys(("max", "min", "argmax", "argmin"), sums.extreme),
    "mean": expectations.expected,
    "spread": expectations.spread,
    "norm": extremes.norm,
    "abs": extremes.absolute,
    **dict.fromkeys(("floor", "ceiling", "factorial"), extremes.rounded),
    "cases": truths.cases,
    "indicator": truths.indicator,
    "kronecker": truths.kronecker,
    "inner": sums.inner,
    "code": array_code.coded,
}
