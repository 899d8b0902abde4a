"""The definitions of a statement, put into an arena: quantities, entries, slices, dependencies, one-hot vectors."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.derivations.language.expression import Expression
from truestep.derivations.language.faults import (
    Fault,
    MeaningFault,
    NameFault,
    ShapeFault,
    StatementFault,
    nearest,
    quoted,
)
from truestep.derivations.language.notation import strip_fonts
from truestep.derivations.language.shapes import describe
from truestep.derivations.meaning import shaped_terms
from truestep.derivations.meaning.arena import Arena
from truestep.derivations.meaning.derivatives.recurrences import before, shift, start
from truestep.derivations.meaning.effort import TooLarge
from truestep.derivations.meaning.entries import one_index
from truestep.derivations.meaning.scope import Scope, value_of
from truestep.derivations.meaning.shaped_terms import Value
from truestep.derivations.meaning.terms import Definition, Recurring
from truestep.problems.statements.assumptions import Assumptions, quantity_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from truestep.derivations.language.notation import Family, Notation
    from truestep.derivations.language.reading.rowtext import Context
    from truestep.derivations.language.shapes import Dims, Size
    from truestep.derivations.meaning.terms import Axis, Index, Term


def define(
    givens: list[Given], context: Context, scope: Scope, arena: Arena, assumptions: Assumptions
) -> dict[str, tuple[tuple[Axis, ...], Term]]:
    """Puts every definition into the arena, those that others need first."""
    aliases: dict[str, tuple[tuple[Axis, ...], Term]] = {}
    todo: dict[str, list[Given]] = {}
    for given in [part for one in givens for part in _blocks(one, context.notation)]:
        found = quantity_of(given.left, context.notation)
        if found is None:
            assumptions.relate(given.left, "=", given.right, given.text)
            continue
        others = todo.setdefault(found[0], [])
        if others and not all(_is_part(one.left) for one in (given, *others)):
            raise StatementFault(
                f"{found[0]} is defined twice, in {quoted(others[0].text)} and {quoted(given.text)}",
                code="given-twice",
                key="given",
                entry=given.text,
            )
        others.append(given)
    cut = steps_before(todo, context.notation)
    for name in [name for name, firsts in cut.items() if None in firsts.values()]:
        assumptions.unused += [given.text for given in todo.pop(name)]
        del cut[name]
    steps = {other: first for firsts in cut.values() for other, first in firsts.items() if first is not None}
    for other, first in steps.items():
        arena.shapes[before(other)] = arena.shapes[other]
        arena.recurring[before(other)] = _one_before(other, value_of(first, scope), arena)
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in done or name not in todo:
            return
        if name in path:
            raise StatementFault(
                f"{' -> '.join((*path, name))}: this quantity is defined by itself", code="given-circle", key="given"
            )
        for other in sorted(_named(todo[name], context.notation) - cut.get(name, {}).keys()):
            visit(other, (*path, name))
        done.add(name)
        _define_one(name, todo[name], replace(scope, aliases=aliases), arena, aliases, assumptions.unused)

    for name in todo:
        visit(name, ())
    for name in steps.keys() - arena.definitions.keys():
        del arena.recurring[before(name)]
    return aliases


def _named(givens: list[Given], notation: Notation) -> set[str]:
    """The quantities that stand on the right sides."""
    found = (quantity_of(node, notation) for given in givens for node in given.right.walk())
    return {one[0] for one in found if one is not None}


def _one_before(name: str, first: Value, arena: Arena) -> Recurring:
    """A quantity one step before, which begins with the first value."""
    axes = tuple(arena.axis(size) for size in arena.shapes[name])
    rest = iter(axes[1:])
    places = (1 if size == 1 else next(rest) for size in first.dims)
    return Recurring(axes, arena.quantity(name, axes), first.entry(*places))


def steps_before(todo: Mapping[str, list[Given]], notation: Notation) -> dict[str, dict[str, Expression | None]]:
    """For each quantity those that it is told by at other steps and that it tells itself: ``h_t = f(h_{t-1})``.

    Each with what stands before the first step, h_0; None where that is not declared, or steps are others.
    """
    uses = {name: _named(givens, notation) for name, givens in todo.items()}

    def is_told_by(begin: str, name: str) -> bool:
        found, rest = {begin}, [begin]
        while rest:
            new = uses.get(rest.pop(), set()) - found
            found |= new
            rest += new
        return name in found

    out: dict[str, dict[str, Expression | None]] = {}
    for name, givens in todo.items():
        for node in (node for given in givens for node in given.right.walk()):
            found = quantity_of(node, notation) if node.head in ("member", "entry") else None
            other, indices = found or ("", ())
            if all(index.head in ("index", "slice") for index in indices) or not is_told_by(other, name):
                continue
            first = start(node, notation) if shift(node) == -1 else None
            known = out.setdefault(name, {})
            known[other] = first if known.get(other, first) is not None else None
    return out


def _blocks(given: Given, notation: Notation) -> list[Given]:
    """A matrix that is given by its rows one below the other, or its columns side by side, as those by number."""
    declared = notation.declared(str(given.left.data)) if given.left.head == "symbol" else None
    right = given.right
    if declared is None or right.head not in ("matrix", "tuple") or right.has("dots"):
        return [given]
    columns = int(right.data) if right.head == "matrix" else len(right.args)
    is_nested = right.head == "tuple" and all(arg.head == "tuple" for arg in right.args)
    is_rows = (is_nested or columns == 1) and len(right.args) == declared.dims[0] and declared.dims[1] != 1
    is_columns = columns == len(right.args) == declared.dims[1] and declared.dims[0] != 1 and not is_nested
    if not is_rows and not is_columns:
        return [given]
    rest, out = Expression("slice"), list[Given]()
    for place, arg in enumerate(right.args, 1):
        number = Expression("number", (), (Fraction(place), None))
        indices = (number, rest) if is_rows else (rest, number)
        out.append(Given(given.text, Expression("entry", (given.left, *indices), None, given.left.span), arg))
    return out


def _is_part(left: Expression) -> bool:
    """Whether a left side is a row, a column or an entry by its number: ``X_{i1}``."""
    return left.head in ("entry", "member") and any(node.head == "number" for node in left.walk())


def _define_one(
    name: str,
    givens: list[Given],
    scope: Scope,
    arena: Arena,
    aliases: dict[str, tuple[tuple[Axis, ...], Term]],
    unused: list[str],
) -> None:
    axes: list[Axis] = []
    terms: list[Term] = []
    places: list[tuple[tuple[Axis, int], ...]] = []
    for given in givens:
        try:
            body, numbers = _body(given, axes, scope, arena, len(givens) > 1)
        except (TooLarge, RecursionError):
            raise StatementFault(
                f"{quoted(given.text)} is too large with all that it is made of; write it in smaller steps",
                key="given",
                entry=given.text,
            ) from None
        except MeaningFault as fault:
            unused.append(f"{given.text}: {fault.message}")
            return
        except Fault as fault:
            code = {NameFault: "undeclared", ShapeFault: "given-shapes"}.get(type(fault), "refused")
            called = [node for node in given.right.walk() if node.head == "call" and node.span == fault.span]
            mend = "; say under functions what it is: elementwise, scalar, vector, or a name such as 'normal cdf'"
            message = f"{fault.message}{mend if called else ''}"
            raise StatementFault(
                f"{quoted(given.text)} contradicts the symbols or cannot be used: {message}",
                code=code,
                key="given",
                entry=given.text,
            ) from None
        if [axis for axis in body.axes if axis not in axes and axis not in scope.free.values()]:
            raise StatementFault(
                f"{quoted(given.text)} has an index on its right side that is not on its left",
                key="given",
                entry=given.text,
            )
        places.append(tuple(numbers.items()))
        terms.append(arena.multiply((*(arena.delta(axis, number) for axis, number in numbers.items()), body)))
    if len(givens) > 1:
        _need_all(name, places)
    body = arena.add(terms)
    if body.op == "quantity" and set(body.axes) == set(axes) and _is_renamed(givens[0].left, name, body.data[0]):
        aliases[name] = (tuple(axes), body)
        return
    arena.definitions[name] = Definition(tuple(axes), body)


def _is_renamed(left: Expression, name: str, other: str) -> bool:
    """Whether a left side is a slice of a family, or the entries of an array are written in a letter of their own."""
    bare, same = (strip_fonts(one).strip("{}").lower() for one in (name, other))
    return left.has("member") or (left.head == "entry" and bare == same)


def _need_all(name: str, places: list[tuple[tuple[Axis, int], ...]]) -> None:
    """Raises StatementFault where rows, columns or entries by number are not all of a quantity, each once."""
    sizes = [axis.size for axis, _ in places[0]]
    wanted = math.prod(size for size in sizes if isinstance(size, int))
    alike = all([axis for axis, _ in found] == [axis for axis, _ in places[0]] for found in places)
    if not alike or not all(isinstance(size, int) for size in sizes) or len(set(places)) != len(places) != wanted:
        raise StatementFault(
            f"the parts of {name} that are defined are not all of it, each once", code="given-shapes", key="given"
        )


def _body(given: Given, axes: list[Axis], scope: Scope, arena: Arena, in_parts: bool) -> tuple[Term, dict[Axis, int]]:
    """The right side at the axes of the quantity, which are made where there are none, and those that are numbers."""
    found = quantity_of(given.left, scope.notation)
    assert found is not None
    whole = value_of(given.left, replace(scope, free={}))
    wanted, sizes = list(found[1]), []
    family = given.left.args[0] if given.left.head == "entry" else given.left
    if given.left.head == "entry":
        dims = value_of(given.left.args[0], replace(scope, free={})).dims
        sizes = [size for size in dims if size != 1]
        if len(wanted) == 2 > len(sizes) and family.head == "symbol":  # an index at a place of size 1 says nothing
            wanted = [node for node, size in zip(wanted, dims, strict=True) if size != 1]
        elif in_parts and len(wanted) == 1 and len(sizes) == 2:
            wanted.append(Expression("slice", (), None, given.left.span))
    lows = [scope.notation.low(size) for size in sizes]
    if family.head == "member":
        over = scope.notation.families[family.data].index
        sizes, lows = [over.dims[0], *sizes], [over.low, *lows]
    if len(wanted) != len(sizes):
        raise ShapeFault("its left side has another number of indices than the quantity")
    is_whole = given.left.head in ("symbol", "member")
    places = shaped_terms.axes_for(arena, whole.dims) if is_whole and not axes else None
    axes += [] if axes else [*map(arena.axis, sizes, lows), *shaped_terms.axes_in(places or ())]
    indices: dict[str, Index] = {}
    numbers: dict[Axis, int] = {}
    rest = list(axes[len(wanted) :])
    for node, axis in zip(wanted, axes, strict=False):
        if node.head == "index":
            indices[str(node.data)] = axis
        elif in_parts and node.head == "number":
            numbers[axis] = int(node.data[0])
        elif node.head == "slice" and (in_parts or any(one.head == "index" for one in wanted)):
            rest.append(axis)
        else:
            raise ShapeFault("an index on its left side is no letter")
    right = value_of(given.right, replace(scope, indices=indices))
    if not is_whole and not rest:
        return shaped_terms.need_scalar(right, "the right side of an entrywise definition"), numbers
    if right.dims == whole.dims[::-1] and (not is_whole or given.right.head == "tuple"):  # a row for a row
        right = shaped_terms.transpose(right)
    right = _zeros(whole.dims, right, arena) or shaped_terms.fitted(right, whole.dims)
    if right.dims != whole.dims:
        raise ShapeFault(f"its left side is {describe(whole.dims)}, its right side {describe(right.dims)}")
    free = iter(rest)
    return right.entry(*(places or (1 if size == 1 else next(free) for size in whole.dims))), numbers


def _zeros(dims: Dims, right: Value, arena: Arena) -> Value | None:
    """``m = 0`` of an array: a zero of its shape."""
    zero = arena.constant(0)
    return Value(dims, lambda *_: zero) if right.is_scalar and right.term is zero else None


def add_dependencies(depends: dict[str, tuple[str, ...]], scope: Scope, arena: Arena) -> None:
    """``J = J(z)``: what depends on what, with the sizes of what it depends on."""
    members = {family.name: family.index for family in scope.notation.families.values()}
    for name, parents in depends.items():
        links: list[tuple[str, tuple[str | int, ...]]] = []
        families = [_family_of(parent, scope.notation) for parent in parents]
        if r"\dots" in parents and families[0] is not None:  # L(h_1, \dots, h_n)
            links = [(families[0].name, scope.arena.shapes[families[0].name])]
        for parent in parents if not links else ():
            declared = scope.notation.declared(parent)
            if parent not in members and (sizes := _at_the_end(parent, scope)) is not None:
                links.append((parent, sizes))
                continue
            if parent in members:
                links.append((parent, arena.shapes[parent]))
                arena.paired |= {(name, parent)} if members[parent] == members.get(name) else set()
                continue
            whole = next((one for key, one in scope.notation.families.items() if key[0] == parent), None)
            if declared is None and whole is not None:  # L(y) of numbers y_i
                links.append((whole.name, arena.shapes[whole.name]))
                continue
            if declared is None:
                close = nearest(parent, scope.notation.all_names)
                said = f"{name} depends on {parent}, which is not declared"
                raise StatementFault(said, "undeclared", key="given", close=close)
            links.append((parent, tuple(size for size in declared.dims if size != 1)))
        arena.dependencies[name] = tuple(links)


def _at_the_end(name: str, scope: Scope) -> tuple[Size, ...] | None:
    """The sizes of the last member of a family, ``h_T`` of ``h_t`` with t up to T, which its name then stands for."""
    family = _family_of(name, scope.notation)
    if (
        family is None
        or name in scope.arena.definitions
        or name.partition(family.place)[2].strip("{}()") != family.index.dims[0]
    ):
        return None
    arena, last = scope.arena, Expression("size", (), family.index.dims[0])
    key = next(key for key, one in scope.notation.families.items() if one is family)
    member = value_of(Expression("member", (last,), key), scope)
    places = shaped_terms.axes_for(arena, member.dims)
    arena.shapes[name] = tuple(size for size in member.dims if size != 1)
    arena.definitions[name] = Definition(tuple(shaped_terms.axes_in(places)), member.entry(*places))
    return arena.shapes[name]


def _family_of(member: str, notation: Notation) -> Family | None:
    """The family that a name with a number is a member of."""
    base, sign, _ = member.partition("_" if "_" in member else "^")
    return notation.families.get((base, sign)) if sign else None


def add_one_hot(assumptions: Assumptions, scope: Scope, arena: Arena) -> None:
    """``y_o = 1`` of a one-hot y: y is the Kronecker delta at o."""
    for name, known in assumptions.properties.items():
        if known.hot is None or name in arena.definitions:
            continue
        declared = scope.notation.declared(name)
        family = next((family for family in scope.notation.families.values() if family.name == name), None)
        sizes = [size for size in (declared.dims if declared else family.member.dims if family else ()) if size != 1]
        if family is not None:
            sizes = [family.index.dims[0], *sizes]
        slot = known.simplex if known.simplex is not None else 0
        if len(sizes) != len(known.hot) or known.hot[slot].head not in ("index", "number") or len(sizes) != 1:
            assumptions.unused.append(f"{name} = 1")
            continue
        axis = arena.axis(sizes[0])
        place = one_index(known.hot[slot], sizes[0], scope)
        if callable(place):
            continue
        arena.definitions[name] = Definition((axis,), arena.delta(axis, place))


@dataclass(frozen=True)
class Given:
    """One equation of a statement: as written, and its two sides."""

    text: str
    left: Expression
    right: Expression
