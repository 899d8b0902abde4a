"""The definitions of a statement, put into an arena: quantities, entries, slices, dependencies, one-hot vectors."""

from __future__ import annotations

from dataclasses import dataclass, replace
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
from truestep.derivations.language.shapes import describe
from truestep.derivations.meaning import shaped_terms
from truestep.derivations.meaning.arena import Arena
from truestep.derivations.meaning.entries import one_index
from truestep.derivations.meaning.scope import Scope, value_of
from truestep.derivations.meaning.terms import Definition
from truestep.problems.statements.assumptions import Assumptions, quantity_of

if TYPE_CHECKING:
    from truestep.derivations.language.reading.rowtext import Context
    from truestep.derivations.meaning.terms import Axis, Index, Term


def define(
    givens: list[Given], context: Context, scope: Scope, arena: Arena, assumptions: Assumptions
) -> dict[str, tuple[tuple[Axis, ...], Term]]:
    """Puts every definition into the arena, those that others need first."""
    aliases: dict[str, tuple[tuple[Axis, ...], Term]] = {}
    todo: dict[str, Given] = {}
    for given in givens:
        found = quantity_of(given.left, context.notation)
        if found is None:
            assumptions.unused.append(given.text)
        elif found[0] in todo:
            raise StatementFault(
                f"given: {found[0]} is defined twice, in {quoted(todo[found[0]].text)} and {quoted(given.text)}",
                code="given-twice",
            )
        else:
            todo[found[0]] = given
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in done or name not in todo:
            return
        if name in path:
            raise StatementFault(
                f"given: {' -> '.join((*path, name))}: this quantity is defined by itself", code="given-circle"
            )
        for node in todo[name].right.walk():
            other = quantity_of(node, context.notation)
            if other is not None:
                visit(other[0], (*path, name))
        done.add(name)
        _define_one(name, todo[name], replace(scope, aliases=aliases), arena, aliases, assumptions.unused)

    for name in todo:
        visit(name, ())
    return aliases


def _define_one(
    name: str,
    given: Given,
    scope: Scope,
    arena: Arena,
    aliases: dict[str, tuple[tuple[Axis, ...], Term]],
    unused: list[str],
) -> None:
    found = quantity_of(given.left, scope.notation)
    assert found is not None
    try:
        whole = value_of(given.left, replace(scope, free={}))
        indices: dict[str, Index] = {}
        axes: list[Axis] = []
        if given.left.head == "entry":
            base = value_of(given.left.args[0], replace(scope, free={}))
            sizes = [size for size in base.dims if size != 1]
        else:
            sizes = []
        family = given.left.args[0] if given.left.head == "entry" else given.left
        if family.head == "member":
            sizes = [scope.notation.families[family.data].index.dims[0], *sizes]
        wanted = found[1]
        if given.left.head == "entry" and len(wanted) == 2 > len(sizes) and family.head == "symbol":
            dims = value_of(given.left.args[0], replace(scope, free={})).dims
            indices.update({str(node.data): 1 for node, size in zip(wanted, dims, strict=True) if size == 1})
            wanted = tuple(node for node, size in zip(wanted, dims, strict=True) if size != 1)
        if len(wanted) != len(sizes):
            raise ShapeFault("its left side has another number of indices than the quantity")
        for node, size in zip(wanted, sizes, strict=True):
            axis = arena.axis(size)
            axes.append(axis)
            if node.head != "index":
                raise ShapeFault("an index on its left side is no letter")
            indices[str(node.data)] = axis
        right = value_of(given.right, replace(scope, indices=indices))
        if given.left.head in ("symbol", "member"):
            right = shaped_terms.fitted(right, whole.dims)
            if right.dims != whole.dims:
                raise ShapeFault(f"its left side is {describe(whole.dims)}, its right side {describe(right.dims)}")
            places = shaped_terms.axes_for(arena, whole.dims)
            axes += shaped_terms.axes_in(places)
            body = right.entry(*places)
        else:
            body = shaped_terms.need_scalar(right, "the right side of an entrywise definition")
    except MeaningFault as fault:
        unused.append(f"{given.text}: {fault.message}")
        return
    except Fault as fault:
        code = {NameFault: "undeclared", ShapeFault: "given-shapes"}.get(type(fault), "refused")
        raise StatementFault(
            f"given: {quoted(given.text)} contradicts the symbols or cannot be used: {fault.message}", code=code
        ) from None
    stray = [axis for axis in body.axes if axis not in axes and axis not in scope.free.values()]
    if stray:
        raise StatementFault(f"given: {quoted(given.text)} has an index on its right side that is not on its left")
    family_slice = any(node.head == "member" for node in given.left.walk())
    if family_slice and body.op == "quantity" and set(body.axes) == set(axes):
        aliases[name] = (tuple(axes), body)
        return
    arena.definitions[name] = Definition(tuple(axes), body)


def add_dependencies(depends: dict[str, tuple[str, ...]], scope: Scope, arena: Arena) -> None:
    """``J = J(z)``: what depends on what, with the sizes of what it depends on."""
    for name, parents in depends.items():
        links: list[tuple[str, tuple[str | int, ...]]] = []
        for parent in parents:
            declared = scope.notation.declared(parent)
            if declared is None:
                close = nearest(parent, scope.notation.all_names)
                raise StatementFault(
                    f"given: {name} depends on {parent}, which is not declared{close}", code="undeclared"
                )
            links.append((parent, tuple(size for size in declared.dims if size != 1)))
        arena.dependencies[name] = tuple(links)


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
