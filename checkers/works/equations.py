r"""Equations that are to be solved, told from false claims: ``\nabla_\theta J = 0`` and what is solved from it.

A stationary point is sought by setting a gradient to zero (Boyd and Vandenberghe, Convex Optimization, (4.22)): the
equation holds at that point only, so no line of it can be refuted, and none of it is the gradient.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.checkers.comparing.verdicts import Verdict
from truestep.checkers.works.claim import Claim, spelled_out
from truestep.checkers.works.solving.bound import is_bound, multipliers
from truestep.derivations.language.expression import (
    NONE,
    Expression,
    add,
    difference,
    grouped,
    negative,
    number,
    product,
    symbol,
)
from truestep.derivations.language.faults import Fault
from truestep.derivations.language.liberties import Reading
from truestep.derivations.language.notation import CONSTANTS, strip_fonts, without_hat
from truestep.derivations.meaning.calculus import normal, strip_groups
from truestep.derivations.meaning.differentiate import roots as depended
from truestep.problems.statements.assumptions import quantity_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from truestep.checkers.works.bench import Bench
    from truestep.derivations.language.reading.chains import Part, Statement
    from truestep.problems.statements.assumptions import Assumptions
    from truestep.problems.statements.prepared import Setting


EQUATION = Verdict("undecided", reason="an equation to be solved is not decided")
STATIONARY = Verdict("right", "proved", reason="this sets the gradient to zero, or follows from that")
_OPTIMAL = re.compile(
    r"\\(?:(?:wide)?(?:hat|tilde)|bar)\{(?P<under>[^{}]*(?:\{[^{}]*\}[^{}]*)*)\}|(?P<starred>.*)\^\*|"
    r"(?P<sampled>\\(?:wide)?hat\{.*\})_\{[A-Za-z]\}|"
    r"(?P<labelled>.*)[_^]\{(?:\\[a-z]+\{)?(?:[A-Za-z ]{2,}|\\[a-z]+|\*)\}*"
)
NEARLY = 1e-9
LETTERS = frozenset("CcKk")
_STEP = ("derivative", "gradient", "symbol", "unknown")
_DELTA = ("unknown", r"\Delta")
SLOPES = ("derivative", "gradient")
WHOLE = ("symbol", "derivative", "gradient", "member", "entry", "unknown")


def is_zero(node: Expression) -> bool:
    """Whether a side is written as zero."""
    plain = strip_groups(node)
    return plain.head == "number" and plain.data[0] == 0


def slope_of(node: Expression) -> Expression:
    r"""A derivative in one form; ``\nabla L``, which does not say by what, is any of L."""
    return replace(normal(node), args=normal(node).args[:1]) if node.head == "gradient" else normal(node)


def are_slopes(sides: Sequence[Expression]) -> bool:
    """Whether nothing but slopes stands there."""
    return all(strip_groups(side).head in SLOPES for side in sides)


def announced(rows: Sequence[Sequence[Statement]]) -> frozenset[Expression]:
    """The slopes that a row sets to zero before a later row says what they are."""
    posed, derived = dict[Expression, int](), dict[Expression, int]()
    for place, statement in ((place, one) for place, row in enumerate(rows) for one in row):
        sides = [strip_groups(part.expression) for part in statement.parts]
        if statement.parts[0].relation or len(sides) < 2 or sides[0].head not in SLOPES:
            continue
        slope = slope_of(sides[0])
        if are_slopes(sides[:-1]) and is_zero(sides[-1]):
            posed |= {one: place for side in sides[:-1] if (one := slope_of(side)) not in posed}
        elif not is_zero(sides[1]):
            derived |= {slope: place, Expression("gradient", slope.args[:1], 1): place}
    return frozenset(slope for slope, place in posed.items() if derived.get(slope, -1) > place)


_BEGINNING = ("derivative", "gradient", "unknown", "call")


def begun(parts: Sequence[Part], names: frozenset[str], assumptions: Assumptions, slopes: frozenset[str]) -> list[Part]:
    r"""A chain that ends in the unknown, begun with it; ``0 = \nabla J = ...`` begun with the slope, or its name.

    One that begins with a power says what an unknown is, or what the ``slopes`` that are asked for are taken by.
    """
    parts = _rooted(parts, names | slopes, assumptions)
    last, first = parts[-1], parts[0]
    if len(parts) > 2 and is_zero(last.expression) and are_slopes([part.expression for part in parts[:-1]]):
        return [first, last]  # \nabla_a J = \nabla_b J = 0
    if len(parts) > 2 and is_zero(first.expression) and parts[1].expression.head in _BEGINNING:
        return [replace(parts[1], relation=""), *parts[2:], replace(first, relation="=")]
    if last.relation != "=" or solved_for(last.expression, names) is None or mentions(first.expression, names):
        return [*parts]
    return [replace(last, relation=""), replace(first, relation="="), *parts[1:-1]]


def _rooted(parts: Sequence[Part], names: frozenset[str], assumptions: Assumptions) -> list[Part]:
    r"""A chain that begins with a power of a positive unknown, ``\hat{\sigma}^2 = v``, as one of that unknown."""
    power = strip_groups(parts[0].expression)
    degree = power.args[1] if power.head == "power" and power.data is None else NONE
    name = solved_for(power.args[0], names) if degree.head == "number" and degree.data[0] > 0 else None
    known = assumptions.properties.get(name or "")
    if name is None or known is None or known.low is None or known.low < 0 or len(parts) < 2:
        return [*parts]

    def root_of(part: Part) -> Part:
        side = part.expression
        return replace(part, expression=Expression("root", (side, degree), None, side.span))

    return [replace(parts[0], expression=power.args[0]), *map(root_of, parts[1:])]


def root(node: Expression) -> str:
    """The quantity that a symbol, a member of a family or an entry of one belongs to; nothing where it is none."""
    while node.head in ("entry", "group"):
        node = node.args[0]
    return str(node.data) if node.head in ("symbol", "member") else ""


def whole_of(node: Expression) -> Expression:
    """The array of which a node is an entry, else the node itself."""
    is_one = node.head == "entry" and all(arg.head in ("index", "number") for arg in node.args[1:])
    return node.args[0] if is_one else node


def roots_of(names: frozenset[str], setting: Setting) -> frozenset[str]:
    """The quantities that a problem has for the roots of some: s, where s^2 is asked."""
    told = (left for left, right in setting.given if right.head == "root" and root(right.args[0]) in names)
    return frozenset(map(root, told)) - {""}


def unknowns(find: Sequence[Expression]) -> frozenset[str]:
    """The quantities that the derivatives asked for are taken by."""
    taken = [variable for node in find if node.head == "derivative" for variable in node.args[1:]]
    return frozenset(root(one.args[0] if one.head == "power" else one) for one in map(strip_groups, taken)) - {""}


def asked_unknowns(setting: Setting) -> frozenset[str]:
    """The quantities whose values are asked and answered, or are for what is, while no given says what they are."""
    arena = setting.scope.arena
    is_told = len(setting.find) == len(setting.answer) or setting.assumptions.stationary or setting.assumptions.losses
    found = {root(asked): quantity_of(asked, setting.notation) for asked in setting.find}
    known = {*arena.definitions, *arena.dependencies}
    own = frozenset(
        name
        for name, quantity in found.items()
        if quantity is not None and quantity[0] not in known and (is_told or quantity[0] in arena.moved)
    )
    made = [node for node in map(strip_groups, setting.find) if node.head not in SLOPES and root(node) not in own]
    through = depended(arena, frozenset[str]().union(*[one.names for one in made]))
    return own | (unknowns(setting.assumptions.stationary) & through)


def at_solution(node: Expression, names: frozenset[str]) -> Expression:
    r"""An expression with the unknowns under their own names: ``\hat{w}``, ``\hat{w}(X)`` and ``w^*`` are w."""

    def named(child: Expression) -> Expression:
        is_open, name = child.head in ("unknown", "call"), str(child.data)
        for full in without_hat(name) if child.head == "unknown" else ():
            if full in names:
                return Expression("symbol", (), full, child.span)
        bases = _bases(name.partition("_{")[0] if child.args else name) if is_open else ()
        for base in bases:
            if base in names:
                whole = Expression("symbol", (), base, child.span)
                is_whole = child.head == "call" or not child.args
                return whole if is_whole else Expression("entry", (whole, *child.args), None, child.span)
            if str((base, "_")) in names and len(child.args) == 1:
                return Expression("member", child.args, (base, "_"), child.span)
        return child

    return node.map(named) if names else node


def mentions(node: Expression, names: frozenset[str]) -> bool:
    """Whether an expression holds one of some quantities."""
    return any(child.head in ("symbol", "member") and root(child) in names for child in node.walk())


def solved_for(left: Expression, names: frozenset[str]) -> str | None:
    r"""The unknown of which a side of an equation is the value at the solution: ``w``, ``\hat{w}``, ``w^*``."""
    found = root(at_solution(left, names))
    return found if found in names else None


def _bases(name: str) -> Iterator[str]:
    r"""The names that are left of one without its accent, star or label, one after the other: ``\hat{w}_{ML}``."""
    while (found := _OPTIMAL.fullmatch(name)) is not None:
        name = next(filter(None, found.groups()), "").strip("()")
        yield from dict.fromkeys((name, strip_fonts(name)))


def is_posed(
    left: Expression,
    right: Expression,
    find: Sequence[Expression],
    equal: Callable[[Expression, Expression], bool],
    alike: Callable[[Expression, Expression], bool] | None,
    without_unknowns: bool = False,
) -> bool:
    """Whether a false equation, moved to one side, is the stationarity of a gradient that is asked for.

    ``equal`` decides whether two expressions are equal, ``alike`` whether they are two vectors of one shape, of which
    one may be a multiple of the other. It holds an unknown, or may be ``without_unknowns``, as the gradient may be.
    """
    moved = right if is_zero(left) else left if is_zero(right) else add(left, negative(right))
    is_about = mentions(moved, unknowns(find))
    is_refused = strip_groups(left).head in WHOLE if is_about else not without_unknowns
    if is_refused:
        return False
    goals = [asked for asked in find if asked.head == "derivative" and len(asked.args) == 2]
    if any(equal(asked, side) for asked in goals for side in multiples(moved)):
        return True
    if alike is None or not is_about:
        return False
    whole = Expression("group", (moved,), None, right.span)
    return any(alike(asked, whole) and _is_multiple(asked, whole, equal) for asked in goals)


def leads_to(claim: Claim, find: Sequence[Expression], names: frozenset[str]) -> bool:
    """Whether an equation may lead to the value of an unknown that is asked for."""
    is_asked = any(root(node) in names for node in find) and claim.condition is None
    is_made = mentions(claim.left, names) or mentions(claim.right, names)
    return is_asked and is_made and strip_groups(claim.left).head not in WHOLE


def _is_multiple(one: Expression, other: Expression, equal: Callable[[Expression, Expression], bool]) -> bool:
    """Whether one of two vectors is a multiple of the other: ``u v^T = v u^T``, of columns or of rows."""
    one_t, other_t = (Expression("transpose", (side,)) for side in (one, other))
    pairs = ((product(one, other_t), product(other, one_t)), (product(one_t, other), product(other_t, one)))
    return all(equal(*pair) for pair in pairs) and not equal(product(one, other_t), product(other_t, one))


def multiples(side: Expression) -> Iterator[Expression]:
    """A side as it stands, twice and half of it, with either sign."""
    half = Expression("quotient", (number(1), number(2)), "frac")
    whole = grouped(side)
    for scaled in (whole, product(number(2), whole), product(half, whole)):
        yield scaled
        yield negative(scaled)


def holds_up_to_constant(claim: Claim, setting: Setting, bench: Bench, unknowns: frozenset[str]) -> bool:
    """Whether a side ends in an open constant, and both sides have the same derivative by every unknown.

    A derivative is none that is known up to a constant.
    """
    if strip_groups(claim.left).head in ("derivative", "gradient", "prime"):
        return False
    right = strip_groups(claim.right)
    terms = right.args if right.head == "add" else ()
    kept = [term for term in terms if not _is_open(term, setting)]
    names = unknowns | setting.scope.asked_by
    odd = frozenset(name for name in names if not setting.notation.is_name(name))
    names = (names - odd) | roots if (roots := roots_of(odd, setting)) else names
    is_elsewhere = not {node.data for term in terms if term not in kept for node in term.walk()}.isdisjoint(
        node.data for term in kept for node in term.walk() if node.head in ("unknown", "symbol")
    )
    if (
        len(kept) == len(terms)
        or not kept
        or is_elsewhere
        or not names
        or not all(map(setting.notation.is_name, names))
    ):
        return False
    rest = difference(claim.left, add(*kept))
    slopes = (Expression("derivative", (rest, symbol(name)), "Leibniz", right.span) for name in sorted(names))
    return all(_vanishes(slope, claim, bench) for slope in slopes)


def _vanishes(slope: Expression, claim: Claim, bench: Bench) -> bool:
    return bench.judge(Claim(slope, number(0), claim.reading, claim.condition)).verdict.is_right


def _is_open(term: Expression, setting: Setting) -> bool:
    """Whether a term is a name that the problem says nothing of: ``const``, or a letter for it."""
    name = str((term := term.args[0] if term.head == "negative" else term).data)
    if term.head == "unknown":
        return name.lower() in CONSTANTS or name in LETTERS
    bodies = [one.body for one in setting.notation.functions.values() if one.body is not None]
    used = (*(side for pair in setting.given for side in pair), *bodies, *setting.find, *setting.answer)
    found = (quantity_of(node, setting.notation) for side in used for node in side.walk())
    return term.head == "symbol" and name in LETTERS and (name, ()) not in found


def updating(left: Expression, part: Part, defined: set[str]) -> tuple[Part, Part] | None:
    r"""``w = w - ...``, ``w^{new} = w - ...`` and ``\Delta w = - ...`` as assignments, where nothing determines w."""
    plain, right = strip_groups(left), strip_groups(part.expression)
    if part.relation != "=":
        return None
    if plain.head == "product" and (plain.args[0].head, plain.args[0].data, len(plain.args)) == (*_DELTA, 2):
        plain = plain.args[1]
        right = Expression("add", (plain, right), None, part.expression.span)
    name, base = plain, next(reversed([*_bases(str(plain.data))]), None) if plain.head == "unknown" else None
    plain = symbol(base) if base is not None else plain
    roots = {str(node.data) for node in plain.walk() if node.head in ("symbol", "member")}
    if right.head != "add" or plain not in right.args or plain.head not in ("symbol", "entry") or len(roots) != 1:
        return None
    step = [arg for arg in right.args if arg != plain]
    if roots & defined or not any(arg.has(*_STEP) for arg in step):
        return None
    left = name if base is not None else plain
    return replace(part, relation="", expression=left), replace(part, relation=":=", expression=right)


def updated(asked: Expression, updates: Mapping[str, str]) -> set[Expression]:
    """What an assignment that answers the question may have on its left: a derivative itself, not what it is by."""
    before = {symbol(old) for old, new in updates.items() if asked == symbol(new)}
    return {asked} if asked.head in SLOPES else {*asked.walk(), *before}


def are_of_other_shapes(claim: Claim, bench: Bench) -> bool:
    """Whether the sides of a claim have different shapes, even transposed: one is no value of the other."""
    sides = _sizes(claim, bench)
    return sides is not None and sides[0] != sides[1]


def are_transposed(claim: Claim, bench: Bench) -> bool:
    """Whether the sides of a claim have one shape, or one has that of the other one transposed."""
    sides = _sizes(claim, bench)
    return sides is not None and sides[0] == sides[1]


def _sizes(claim: Claim, bench: Bench) -> tuple[list[str], list[str]] | None:
    """The sizes of both sides of a claim, in no order; None where a side has no value."""
    try:
        left, right = (bench.value(node, claim.reading)[0].dims for node in (claim.left, claim.right))
    except Fault:
        return None
    return sorted(map(str, left)), sorted(map(str, right))


def are_vectors(bench: Bench, *nodes: Expression) -> bool:
    """Whether some expressions are vectors of one shape."""
    try:
        values = [bench.value(node, Reading())[0] for node in nodes]
    except (Fault, RecursionError):
        return False
    return len({value.dims for value in values}) == 1 and all(value.is_vector for value in values)


def by_multipliers(side: Expression, setting: Setting) -> bool:
    """Whether a scalar stands in a side that neither a given nor an equation that is assumed speaks of."""
    spoken = (one.names for pair in (*setting.given, *setting.assumptions.equations) for one in pair)
    return bool(multipliers(setting) & side.names - frozenset().union(*spoken))


def is_open(node: Expression, setting: Setting, bench: Bench) -> bool:
    """Whether a name is asked for, or its entries or what is made of it, of which no given or answer says anything."""
    whole = whole_of(node)
    is_known = bench.is_defined(whole) and not is_bound(setting, root(whole))
    is_asked = whole in [whole_of(strip_groups(one)) for one in setting.find]
    is_open = not setting.answer if is_asked else root(whole) in asked_unknowns(setting)
    return is_open and whole.head in ("symbol", "member") and not is_known


def is_open_ended(asked: Expression, right: Expression, bench: Bench) -> bool:
    """Whether an equation determines a quantity that varies with what else stands in it, and a side is a number."""
    found, arena = quantity_of(asked, bench.scope.notation), bench.scope.arena
    if found is None or found[0] not in arena.moved or right.has("symbol", "member", "entry", "unknown"):
        return False
    values = bench.world.real(False, "general")[0].model.array(found[0], (), 0)
    return bool(bench.is_defined(asked) and abs(values - values[:1]).max() > NEARLY)


def with_others(setting: Setting, claim: Claim) -> Claim:
    """A claim with the unknowns asked for before, or in the reference, put in: a variance may hold the mean."""
    known = list(zip(setting.find, setting.answer, strict=False)) if len(setting.find) == len(setting.answer) else []
    own = next((k for k, (_, answer) in enumerate(known) if answer == claim.left), 0)
    found = {
        asked: answer
        for k, (asked, answer) in enumerate(known)
        if asked.head == "symbol" and k != own and (k < own or asked in claim.left.walk())
    }
    left, right = (
        one.map(lambda node: Expression("group", (found[node],), None, node.span) if node in found else node)
        for one in (claim.left, claim.right)
    )
    return replace(claim, left=left, right=right)


def solves_by_itself(bench: Bench, asked: Expression, target: Expression, answer: Claim) -> bool:
    """Whether an unknown, which no given defines, is said to be made of itself; not where the target speaks of it."""
    if (whole := whole_of(strip_groups(asked))).head not in ("symbol", "member") or bench.is_defined(whole):
        return False
    names, told = frozenset((root(asked),)), spelled_out(answer.right, bench.introduced, bench.meant)
    is_held = target is asked or not mentions(target, names)  # no inequality
    return is_held and any(mentions(at_solution(one, names), names) for one in told)
