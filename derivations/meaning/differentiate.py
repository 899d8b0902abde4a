"""The derivative of a term by an entry of a named quantity, as a term again."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from truestep.derivations.language.faults import MeaningFault
from truestep.derivations.language.functions import BY_NAME
from truestep.derivations.meaning.functions import slope_term
from truestep.derivations.meaning.terms import OF_MATRICES, PROJECTORS, Axis, Recurring, walk_terms

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from truestep.derivations.meaning.arena import Arena
    from truestep.derivations.meaning.terms import Index, Term, Told


class Variable(NamedTuple):
    """What a derivative is taken by: an entry of a named quantity."""

    name: str
    indices: tuple[Index, ...]


def differentiate(arena: Arena, term: Term, by: Variable, only: frozenset[str] | None = None) -> Term:
    r"""The partial derivative; the named quantity counts as independent, whatever defines it.

    A derivative that the arena is told is taken as told, and the chain rule goes on from it.

    With ``only``, no definitions but those are differentiated through: the local derivative of a computational graph.

    >>> from truestep.derivations.meaning.arena import Arena
    >>> arena = Arena()
    >>> x = arena.quantity("x", ())
    >>> differentiate(arena, arena.power(x, Fraction(2)), Variable("x", ())).args[0].op
    'quantity'
    """
    other = _same_as(arena, by.name) if only is None else None
    if other is not None and not depends(arena, term, by.name):
        by = Variable(other, by.indices)
    return _Differentiation(arena, by, only).of(term)


def along(arena: Arena, term: Term, varying: frozenset[str], only: frozenset[str] | None = None) -> Term:
    r"""The differential of a term: the linear form in the differentials ``d x`` of the quantities that vary.

    Any of them counts as independent, whatever defines it; a derivative that the arena is told has no place in it.
    """
    return _Directional(arena, varying, only).of(term)


def depends(arena: Arena, term: Term, name: str, seen: set[str] | None = None) -> bool:
    """Whether a term depends on a named quantity, through its definition or by declaration."""
    if name in term.named:
        return True
    seen = set() if seen is None else seen
    square = square_of(arena, name)
    if square is not None and square != name and depends(arena, term, square):
        return True
    return any(_reaches(arena, quantity, name, seen) for quantity in term.named)


def square_of(arena: Arena, name: str) -> str | None:
    r"""The quantity of which this one is defined as the root: a derivative by \sigma goes through \sigma^2."""
    definition = None if name in arena.found else arena.definitions.get(name)  # x = \sqrt{c}, found, defines nothing
    is_root = definition is not None and definition.body.op == "root" and definition.body.data == Fraction(1, 2)
    return _whole(definition.body.args[0], definition.axes) if definition is not None and is_root else None


def _same_as(arena: Arena, name: str) -> str | None:
    """The quantity of which this one is but another name."""
    definition = arena.definitions.get(name)
    return _whole(definition.body, definition.axes) if definition is not None else None


def _whole(term: Term, axes: tuple[Axis, ...]) -> str | None:
    """The quantity that a term is, at these axes."""
    return str(term.data[0]) if term.op == "quantity" and tuple(term.data[1]) == tuple(axes) else None


def roots(arena: Arena, names: Iterable[str]) -> frozenset[str]:
    """The independent quantities that others depend on; those among them themselves."""
    found, todo, seen = set[str](), list(names), set[str]()
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        definition, parents = arena.definitions.get(name), arena.dependencies.get(name, ())
        todo += [parent for parent, _ in parents]
        todo += quantities(definition.body) if definition is not None else ()
        found |= {name} if definition is None and not parents else set()
    return frozenset(found)


def steps_of(arena: Arena, name: str) -> tuple[list[str], list[str]]:
    """What is found step by step together with a name, itself among it, and what is found before."""
    together, below, todo = {name}, set[str](), [name]
    while todo:
        terms = walk_terms((arena.recurring[todo.pop()].body,), arena.definitions)
        named = {str(node.data[0]) for node in terms if node.op == "quantity"}
        for other in sorted((named & arena.recurring.keys()) - together - below):
            is_back = depends(arena, arena.recurring[other].body, name)
            (together if is_back else below).add(other)
            todo += [other] if is_back else []
    return sorted(together), sorted(below)


def numbers_above(arena: Arena, names: Collection[str]) -> set[int]:
    """The numbers of the terms that depend on what stands one step before, among those that tell it."""
    terms = walk_terms([arena.recurring[name].body for name in names], arena.definitions)
    named = {one.data[0] for one in terms if one.op == "quantity"}
    above = {one for one in named if any(one == name or _reaches(arena, one, name, set()) for name in names)}
    found = {one.number for one in terms if one.op == "quantity" and one.data[0] in above}
    while more := {one.number for one in terms if any(arg.number in found for arg in one.args)} - found:
        found |= more
    return found


def quantities(term: Term) -> frozenset[str]:
    """The names of the quantities that occur in a term itself."""
    return term.named


def _reaches(arena: Arena, start: str, name: str, seen: set[str]) -> bool:
    if start in seen:
        return False
    seen.add(start)
    definition = arena.definitions.get(start)
    if start not in arena.dependencies and start not in arena.recurring:
        return definition is not None and depends(arena, definition.body, name, seen)
    if any(parent == name or _reaches(arena, parent, name, seen) for parent, _ in arena.dependencies.get(start, ())):
        return True
    known = arena.recurring.get(start)
    if known is not None:
        return any(depends(arena, part, name, seen) for part in (known.body, known.first))
    return definition is not None and depends(arena, definition.body, name, seen)


class _Differentiation:
    def __init__(self, arena: Arena, by: Variable, only: frozenset[str] | None = None) -> None:
        self.arena, self.by, self.only = arena, by, only
        self.memo: dict[int, Term] = {}
        self.definitions: dict[str, Term] = {}
        self.relevant: dict[str, bool] = {}
        self.square = square_of(arena, by.name)

    def of(self, term: Term) -> Term:
        found = self.memo.get(term.number)
        if found is None:
            found = self.memo[term.number] = self._rule(term)
        return found

    def _rule(self, term: Term) -> Term:
        arena, op = self.arena, term.op
        if op == "quantity":
            return self._quantity(term)
        if not term.args or op in ("zero", "floor", "below"):
            return arena.constant(0)
        if op == "add":
            return arena.add(self.of(arg) for arg in term.args)
        if op == "multiply":
            return arena.add(self._product(term, place) for place in range(len(term.args)))
        inner = self.of(term.args[1] if op == "largest" else term.args[0])
        if inner.op == "constant" and inner.data == 0:
            return inner
        if op in ("positive", "nonnegative", "step"):  # 0, but for the jump, where there is none
            jump = arena.function("step", term.args[0])
            return arena.add((jump, arena.negative(jump)))
        if op in ("total", "largest"):
            return self._under(term, inner)
        if op == "times" or op in OF_MATRICES:
            return self._matrix(term)
        return arena.multiply((outer_derivative(arena, term), inner))

    def _product(self, term: Term, place: int) -> Term:
        inner = self.of(term.args[place])
        if inner.op == "constant" and inner.data == 0:
            return inner
        return self.arena.multiply((*term.args[:place], inner, *term.args[place + 1 :]))

    def _under(self, term: Term, inner: Term) -> Term:
        """A total, or the value at the largest: the variable's own indices must not be caught by the bound axis."""
        arena, axis, args = self.arena, term.data, term.args
        if axis in self.by.indices:
            fresh = arena.axis(axis.size, axis.low)
            args = tuple(arena.substitute(arg, {axis: fresh}) for arg in args)
            axis, inner = fresh, self.of(args[1] if term.op == "largest" else args[0])
        return arena.total(axis, inner) if term.op == "total" else arena.largest(axis, args[0], inner, *args[2:])

    def _quantity(self, term: Term) -> Term:
        arena = self.arena
        name, indices = term.data
        if name == self.by.name:
            here = arena.multiply([arena.delta(*pair) for pair in zip(indices, self.by.indices, strict=True)])
            return arena.add((here, self._defined(name, indices))) if self._recurs(name) else here
        if name == self.square and self.only is None:
            root, places = arena.quantity(self.by.name, indices), zip(indices, self.by.indices, strict=True)
            return arena.multiply((arena.constant(2), root, *(arena.delta(*pair) for pair in places)))
        if not self._is_relevant(name):
            return arena.constant(0)
        told = self._told(name)
        if told is not None:
            return self._as_told(told, indices)
        if name in arena.definitions:
            return self._defined(name, indices)
        if name in arena.recurring:
            return self._recurring(name, indices)
        return arena.add(self._dependency(name, indices, parent, dims) for parent, dims in arena.dependencies[name])

    def _defined(self, name: str, indices: tuple[Index, ...]) -> Term:
        definition = self.arena.definitions[name]
        inner = self.definitions.get(name)
        if inner is None:
            inner = self.definitions[name] = self.of(definition.body)
        return self.arena.substitute(inner, dict(zip(definition.axes, indices, strict=True)))

    def _recurs(self, name: str) -> bool:
        """Whether a quantity is told by its own values at the steps before."""
        definition = self.arena.definitions.get(name) if self.arena.recurring else None
        return definition is not None and depends(self.arena, definition.body, name)

    def _recurring(self, name: str, indices: tuple[Index, ...]) -> Term:
        """The derivative of what is found step by step is found step by step."""
        arena, by = self.arena, self.by
        link = f"d {name} by {by.name}"
        if link not in arena.recurring:
            definition = arena.recurring[name]
            below = tuple(arena.axis(size) for size in arena.shapes[by.name])
            axes = (*definition.axes, *below)
            arena.shapes[link] = tuple(axis.size for axis in axes)
            arena.recurring[link] = Recurring(axes, arena.constant(0), arena.constant(0))
            slopes = _Differentiation(arena, Variable(by.name, below))
            arena.recurring[link] = Recurring(axes, slopes.of(definition.body), slopes.of(definition.first))
        return arena.quantity(link, (*indices, *by.indices))

    def _dependency(self, name: str, indices: tuple[Index, ...], parent: str, dims: tuple[object, ...]) -> Term:
        """The chain rule through an unspecified dependency: a random gradient stands for it."""
        arena = self.arena
        axes = [arena.axis(size) for size in dims]  # type: ignore[arg-type]
        if (name, parent) in arena.paired:  # l_i = l(z_i)
            result = self._slope(name, indices, parent, axes)
            result = arena.multiply((result, arena.delta(indices[0], axes[0]), self.of(arena.quantity(parent, axes))))
        else:
            result = arena.multiply((self._slope(name, indices, parent, axes), self.of(arena.quantity(parent, axes))))
        for axis in axes:
            result = arena.total(axis, result)
        return result

    def _slope(self, name: str, indices: tuple[Index, ...], parent: str, axes: list[Axis]) -> Term:
        """The derivative of what is not specified by what it depends on; of two the order does not matter."""
        arena = self.arena
        whole, first = arena.slopes.get(name, ("", ""))
        if first > parent:  # d/db d/da is d/da d/db
            own = len(indices) - len(arena.shapes[first])
            link = f"d {whole} / d {parent}"
            sizes = (*arena.shapes[name][:own], *(axis.size for axis in axes))
            arena.shapes.setdefault(link, sizes)
            arena.slopes.setdefault(link, (whole, parent))
            arena.dependencies.setdefault(link, arena.dependencies[whole])
            return self._slope(link, (*indices[:own], *axes), first, list(indices[own:]))  # type: ignore[arg-type]
        link = f"d {name} / d {parent}"
        sizes = arena.shapes.get(name, tuple(index.size for index in indices if isinstance(index, Axis)))
        arena.shapes.setdefault(link, (*sizes, *arena.shapes.get(parent, tuple(axis.size for axis in axes))))
        arena.slopes.setdefault(link, (name, parent))
        arena.dependencies.setdefault(link, arena.dependencies[name])
        arena.paired |= {(link, other) for above, other in arena.paired if above == name}
        if first == parent:
            arena.hessians.setdefault(link, len(axes))
        return arena.quantity(link, (*indices, *axes))

    def _told(self, name: str) -> Told | None:
        """What is told of a quantity and all that leads from it to the variable; the last word counts."""
        if self.only is not None:
            return None
        arena, by = self.arena, self.by.name
        found = [told for told in arena.told.get(name, ()) if told.by == by or _reaches(arena, told.by, by, set())]
        if not found:
            return None
        told = next((told for told in reversed(found) if told.by == by), found[-1])
        if told.by != by and _reaches(arena, name, by, {told.by}):
            raise MeaningFault(f"{name} depends on {by} not through {told.by} alone")
        return told

    def _as_told(self, told: Told, indices: tuple[Index, ...]) -> Term:
        """The chain rule through the quantity that the told derivative is taken by."""
        arena = self.arena
        axes = [arena.axis(axis.size, axis.low) for axis in told.below]
        here = dict(zip((*told.above, *told.below), (*indices, *axes), strict=True))
        result = arena.multiply((arena.substitute(told.body, here), self.of(arena.quantity(told.by, axes))))
        for axis in axes:
            result = arena.total(axis, result)
        return result

    def _is_relevant(self, name: str) -> bool:
        known = self.relevant.get(name)
        if self.only is not None and name not in self.only:
            return False
        if known is None:
            known = self.relevant[name] = any(
                _reaches(self.arena, name, one, set()) for one in (self.by.name, self.square) if one is not None
            )
        return known

    def _matrix(self, term: Term) -> Term:
        """d A^-1 = -A^-1 dA A^-1; d det A = det A tr(A^-1 dA) (Jacobi's formula); d tr A^(1/2) = tr(A^(-1/2) dA) / 2.

        Petersen and Pedersen, *The Matrix Cookbook* (2012), eq. (59), (46) and (124).
        """
        arena, body = self.arena, term.args[0]
        if term.op == "times":
            axis = term.data
            other = arena.axis(axis.size, axis.low)
            factor, here = arena.substitute(body, {axis: other}), arena.delta(axis, other)
            elsewhere = arena.add((arena.constant(1), arena.negative(here)))
            others = arena.add((arena.multiply((elsewhere, factor)), here))  # 1 here, whatever the factor is
            return arena.total(axis, arena.multiply((self.of(body), arena.times(other, others))))
        rows, columns = term.data[:2]
        row, column = arena.axis(rows.size), arena.axis(columns.size)
        inner = arena.substitute(self.of(body), {rows: row, columns: column})
        if term.op == "determinant":
            parts: tuple[Term, ...] = (term, arena.inverse(rows, columns, body, column, row), inner)
        elif term.op == "trace of root":
            root = arena.inverse(rows, columns, body, column, row, "inverse root")
            parts = (arena.constant(Fraction(1, 2)), root, inner)
        elif term.op == "largest root":
            top = arena.inverse(rows, columns, body, column, row, "projector")
            parts = (arena.constant(Fraction(1, 2)), arena.power(term, Fraction(-1)), top, inner)
        elif term.op == "projector":
            return self._projector(term, row, column, inner)
        elif term.op in ("inverse root", "resolvent"):
            raise MeaningFault("the derivative of the root of a matrix is not decided here")
        else:
            left = arena.inverse(rows, columns, body, term.data[2], row)
            right = arena.inverse(rows, columns, body, column, term.data[3])
            parts = (arena.constant(-1), left, inner, right)
        return arena.total(row, arena.total(column, arena.multiply(parts)))

    def _projector(self, term: Term, row: Axis, column: Axis, inner: Term) -> Term:
        """d(v v^T) = v v^T dA R + R dA v v^T with R = (s I - A)^+."""
        arena, (rows, columns, i, j) = self.arena, term.data

        def entry(a: Index, b: Index, op: str) -> Term:
            return arena.inverse(rows, columns, term.args[0], a, b, op)

        one, other = PROJECTORS
        ways = [(entry(i, row, a), entry(column, j, b)) for a, b in ((one, other), (other, one))]
        return arena.total(row, arena.total(column, arena.add([arena.multiply((inner, *way)) for way in ways])))


class _Directional(_Differentiation):
    """Along a direction: the entry ``d x_i`` stands where the derivative by one entry has a delta."""

    def __init__(self, arena: Arena, varying: frozenset[str], only: frozenset[str] | None) -> None:
        super().__init__(arena, Variable("", ()), only)
        self.varying = varying

    def _quantity(self, term: Term) -> Term:
        name, indices = term.data
        if name not in self.varying:
            return super()._quantity(term)
        arena = self.arena
        if name in arena.shapes:
            arena.shapes.setdefault(f"d {name}", arena.shapes[name])
        return arena.quantity(f"d {name}", indices)

    def _is_relevant(self, name: str) -> bool:
        if self.only is not None and name not in self.only:
            return False
        if name not in self.relevant:
            self.relevant[name] = any(_reaches(self.arena, name, root, set()) for root in self.varying)
        return self.relevant[name]

    def _told(self, name: str) -> Told | None:
        if self.arena.told.get(name):
            raise MeaningFault("a differential through a derivative that is told is not decided here")
        return None


def outer_derivative(arena: Arena, term: Term) -> Term:
    """The derivative of a function of one scalar by its argument."""
    arg = term.args[0]
    match term.op:
        case "power":
            return arena.multiply((arena.constant(term.data), arena.power(arg, Fraction(term.data - 1))))
        case "root":
            return arena.multiply((arena.constant(term.data), term, arena.power(arg, Fraction(-1))))
        case "raised":
            exponent = term.args[1]
            less = arena.add((exponent, arena.constant(-1)))
            return arena.multiply((exponent, arena.raised(arg, less)))
        case "opaque":
            name, order = term.data
            return arena.function("opaque", arg, (name, order + 1))
    if term.op in BY_NAME:
        return slope_term(arena, term.op, arg, term)
    raise MeaningFault(f"the derivative of {term.op} is not known here")
