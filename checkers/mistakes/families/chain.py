"""The chain rule, and functions taken for their derivatives or for one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.checkers.mistakes.candidate import Candidate
from truestep.checkers.mistakes.places import by, hadamard, plain, times
from truestep.checkers.mistakes.slipping import is_comparable
from truestep.derivations.language.expression import Expression
from truestep.derivations.meaning.calculus import strip_groups
from truestep.derivations.meaning.shaped_terms import axes_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truestep.checkers.mistakes.case import Case
    from truestep.checkers.mistakes.places import Place

KIN = (
    ("sin", "cos", "sinh", "cosh", "tan", "tanh"),
    ("sigmoid", "softmax", "tanh", "relu", "softplus"),
    ("exp", "log"),
)
MAX_LINKS = 12


def without_inner(case: Case) -> Iterator[Candidate]:
    """A factor of the chain rule put in: the derivative of an argument, of a link of the chain, of an activation."""
    for place in case.places:
        node = place.node
        if node.head in ("apply", "power", "root") and _is_composed(node):
            for variable in case.variables:
                yield Candidate(
                    place.put(
                        times(
                            node,
                            by(
                                node.args[-1 if node.head == "power" and plain(node.args[0]).head == "constant" else 0],
                                variable,
                            ),
                        )
                    ),
                    node.span,
                )
    for inner in composed(case):
        for variable in case.variables:
            yield Candidate(times(case.right, by(inner, variable)), inner.span)
    for place in case.places:
        if place.node.head == "product" and all(plain(arg).head == "derivative" for arg in place.node.args):
            for path in _paths(case, [plain(arg) for arg in place.node.args]):
                if len(path) > len(place.node.args):
                    yield Candidate(place.put(times(*path)), place.node.span)
    for place in [place for place in case.places if place.above is None or place.above.head in ("add", "sum")][:4]:
        for link in links(case):
            yield Candidate(place.put(times(place.node, link)), place.node.span)
            yield Candidate(place.put(times(link, place.node)), place.node.span)
        for slope in slopes(case):
            yield Candidate(place.put(times(place.node, slope)), place.node.span)
            yield Candidate(place.put(hadamard(place.node, slope)), place.node.span)


def composed(case: Case) -> list[Expression]:
    """What stands inside a function, a power or a root, or below a fraction line."""
    found: list[Expression] = []
    for place in case.places:
        if place.node.head in ("apply", "power", "root") and _is_composed(place.node):
            found.append(plain(place.node.args[0]))
        elif place.node.head == "quotient" and plain(place.node.args[1]).head == "add":
            found.append(plain(place.node.args[1]))
    return list(dict.fromkeys(found))[:MAX_LINKS]


def _paths(case: Case, factors: list[Expression]) -> Iterator[list[Expression]]:
    """The links of a chain joined up from what is differentiated to the variable, by links put in or begun anew."""
    if len(case.variables) != 1:
        return
    todo = [(case.left.args[0], list[Expression](), factors)]
    while todo:
        need, done, rest = todo.pop()
        if not rest:
            end = case.variables[0]
            yield done if strip_groups(need) == strip_groups(end) else [*done, by(need, end)]
            continue
        top, bottom = rest[0].args[0], rest[0].args[-1]
        if strip_groups(top) != strip_groups(need):
            todo.append((bottom, [*done, by(need, bottom)], rest[1:]))
            todo.append((bottom, [*done, by(need, top), rest[0]], rest[1:]))
        else:
            todo.append((bottom, [*done, rest[0]], rest[1:]))


def _is_composed(node: Expression) -> bool:
    """Whether something is put into the function that is more than one symbol."""
    return any(plain(arg).head not in ("symbol", "number", "constant", "entry", "index") for arg in node.args)


def links(case: Case) -> list[Expression]:
    """The derivatives of the quantities of the problem by those that they are made of, and by the variable."""
    arena = case.bench.scope.arena
    out: list[Expression] = []
    for left, right in case.bodies.items():
        seen = dict.fromkeys(node for node in right.walk() if node.head == "symbol" and node != left)
        out += [by(left, node) for node in (*seen, *case.variables) if node.head == "symbol" and node != left]
    for name, parents in arena.dependencies.items():
        if name in case.arrays:
            made = [Expression("symbol", (), parent) for parent, _ in parents if parent in case.arrays]
            out += [by(Expression("symbol", (), name), one) for one in made]
    return [link for link in dict.fromkeys(out) if not _vanishes(case, link)][:MAX_LINKS]


def _vanishes(case: Case, node: Expression) -> bool:
    """Whether a derivative is zero, or has no meaning."""
    value = case.trial.value(node)
    if value is None:
        return True
    term = value.entry(*axes_for(case.bench.scope.arena, value.dims))
    return term.op == "constant" and term.data == 0


def slopes(case: Case) -> list[Expression]:
    """The derivatives of the functions that stand in the givens, at their arguments there."""
    applied = [node for right in case.bodies.values() for node in right.walk() if node.head == "apply"]
    out = [
        Expression("apply", node.args, (node.data[0], 1, None))
        for node in applied
        if len(node.args) == 1 and not node.data[1]
    ]
    return list(dict.fromkeys(out))[:MAX_LINKS]


def at_other_place(case: Case) -> Iterator[Candidate]:
    """The derivative of an activation at its input instead of at its output, or the reverse."""
    if strip_groups(case.left) in case.bodies:
        return  # a given is restated: nothing is differentiated
    pairs = list[tuple[Expression, Expression]]()
    for left, right in case.bodies.items():
        for node in right.walk():
            if node.head == "apply" and len(node.args) == 1:
                inside = strip_groups(node.args[0])
                pairs += [(left, inside), (inside, left)]
    for place in case.places:
        node = place.node
        if node.head == "apply" and len(node.args) == 1:
            here = strip_groups(node.args[0])
            for old, new in pairs:
                if here == old:
                    yield Candidate(place.put(Expression("apply", (new,), node.data, node.span)), node.span)
        if node.head == "product":
            yield from _written_slope(place, pairs)


def _written_slope(place: Place, pairs: list[tuple[Expression, Expression]]) -> Iterator[Candidate]:
    """``z (1 - z)`` for ``a (1 - a)``."""
    for old, new in pairs:
        if new.head in ("symbol", "entry") and old in [strip_groups(arg) for arg in place.node.args]:
            changed = swapped(place.node, {old: new}, into_derivatives=False)
            yield Candidate(place.put(changed), place.node.span)


def swapped(node: Expression, new: dict[Expression, Expression], into_derivatives: bool = True) -> Expression:
    """The expression with some of its parts replaced, all at once, outermost first."""
    found = new.get(node)
    if found is not None:
        return Expression(found.head, found.args, found.data, node.span)
    if not node.args or (node.head == "derivative" and not into_derivatives):
        return node
    args = tuple(swapped(arg, new, into_derivatives) for arg in node.args)
    return Expression(node.head, args, node.data, node.span)


def other_function(case: Case) -> Iterator[Candidate]:
    """A function taken for its kin, for its derivative, or left out."""
    names = {node.data[0] for node in case.right.walk() if node.head == "apply"}
    for hyperbolic in ({"sin": "sinh", "cos": "cosh", "tan": "tanh"}, {"sin": "cos", "cos": "sin"}):
        if len(names & set(hyperbolic)) > 1:
            yield Candidate(_renamed(case.right, hyperbolic), case.right.span)
    for place in case.places:
        node = place.node
        if node.head == "apply" and len(node.args) == 1:
            name, primes, power = node.data
            for other in (primes + 1, primes - 1):
                if 0 <= other <= 2:
                    yield Candidate(
                        place.put(Expression("apply", node.args, (name, other, power), node.span)), node.span
                    )
            for kin in KIN:
                if name in kin:
                    for other_name in kin:
                        if other_name != name:
                            changed = Expression("apply", node.args, (other_name, primes, power), node.span)
                            yield Candidate(place.put(changed), node.span)
            yield Candidate(place.put(node.args[0]), node.span)
    known = {node.data[0] for right in case.bodies.values() for node in right.walk() if node.head == "apply"}
    for name in (*sorted(known - {"exp", "log"}), "exp", "log"):
        wide = ("product", "add") if name in known else ()
        for place in case.places:
            if place.node.head in ("symbol", "entry", "member", *wide):
                changed = Expression("apply", (place.node,), (name, 0, None), place.node.span)
                yield Candidate(place.put(changed), place.node.span)


def _renamed(node: Expression, names: dict[str, str]) -> Expression:
    def change(child: Expression) -> Expression:
        if child.head == "apply" and child.data[0] in names:
            return Expression("apply", child.args, (names[child.data[0]], *child.data[1:]), child.span)
        return child

    return node.map(change)


def not_differentiated(case: Case) -> Iterator[Candidate]:
    """The derivative of the line, or of a part of it, where the function itself is written."""
    yield from whole_not_differentiated(case)
    for place in case.places:
        if place.above is not None and place.above.head in ("add", "product", "cases"):
            for variable in [one for one in case.variables[:1] if one in list(place.node.walk()) and one != place.node]:
                yield Candidate(place.put(by(place.node, variable)), place.node.span)
    node = case.right
    if node.head == "cases" and not case.variables:
        names = dict.fromkeys(child for child in node.walk() if child.head == "symbol")
        for variable in list(names)[:2]:
            args = tuple(by(arg, variable) if k % 2 == 0 else arg for k, arg in enumerate(node.args))
            yield Candidate(Expression("cases", args, node.data, node.span), node.span)


def whole_not_differentiated(case: Case) -> Iterator[Candidate]:
    """The derivative of the line."""
    is_exp = case.right.head == "power" and plain(case.right.args[0]).head == "constant"
    for variable in () if is_exp else case.variables or case.scalars[:3]:
        yield Candidate(by(case.right, variable), case.right.span)


def by_a_link(case: Case) -> Iterator[Candidate]:
    """The derivative by a quantity between what is differentiated and the variable."""
    if len(case.variables) != 1 or not is_comparable(case):
        return
    top, (variable,) = case.left.args[0], case.variables
    base = variable.args[0] if variable.head == "entry" else variable
    dims = case.arrays.get(str(base.data))
    for left in case.bodies:
        bare = left.args[0] if left.head == "entry" else left
        if bare.head == "symbol" and bare not in (base, top) and case.arrays.get(str(bare.data)) == dims:
            link = Expression("entry", (bare, *variable.args[1:])) if variable.head == "entry" else bare
            yield Candidate(by(top, link), case.right.span, slip=True)
