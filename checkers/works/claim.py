"""The central word: a claim that two expressions stand in a relation; and whether one carries out what is asked."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import permutations
from typing import TYPE_CHECKING, NamedTuple

from truestep.checkers.comparing.verdicts import Verdict, undecided
from truestep.derivations.language.expression import BINDING, NONE, Expression, free_indices
from truestep.derivations.language.faults import BroadcastFault, ShapeFault
from truestep.derivations.language.finding import Finding
from truestep.derivations.language.functions import BY_NAME
from truestep.derivations.language.liberties import LIBERTY, Reading
from truestep.derivations.meaning.calculus import normal, strip_groups
from truestep.derivations.meaning.differentiate import depends, roots
from truestep.derivations.meaning.introduced import key_of
from truestep.derivations.meaning.scope import value_of
from truestep.derivations.meaning.shaped_terms import scalar
from truestep.problems.statements.assumptions import quantity_of

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence

    from truestep.derivations.language.faults import Span
    from truestep.derivations.meaning.scope import Scope
    from truestep.derivations.meaning.shaped_terms import Value
    from truestep.derivations.meaning.terms import Axis, Term
    from truestep.problems.statements.prepared import Setting

USUAL = Reading()
BROADCAST = "whether arrays of different shapes are broadcast here is not decided"


@dataclass(frozen=True)
class Claim:
    """``left = right`` under a condition: how it was read, and the row that it stands on.

    ``left`` is NONE where an expression stands alone, which claims nothing but may answer what is asked.
    """

    left: Expression
    right: Expression
    reading: Reading = USUAL
    condition: Expression | None = None
    row: int = 0
    relation: str = "="

    @property
    def is_alone(self) -> bool:
        """Whether nothing stands on the left."""
        return self.left.head == "none"

    @property
    def sides(self) -> tuple[Expression, Expression]:
        """Both sides."""
        return self.left, self.right


@dataclass(frozen=True)
class Judgement:
    """The verdict on a claim, with what the fault is and where, what else it is, and the slips of notation in it.

    ``is_posed`` says that the claim is an equation to be solved; ``usual`` is the code of the fault where that of a
    given stands for it.
    """

    verdict: Verdict
    code: str = "value"
    args: Mapping[str, str] = field(default_factory=dict)
    span: Span | None = None
    notes: tuple[Finding, ...] = ()
    loose: bool = False
    more: tuple[tuple[str, Mapping[str, str]], ...] = ()
    is_posed: bool = False
    usual: str = ""


def because(verdict: Verdict, code: str, span: Span | None, notes: tuple[Finding, ...]) -> Judgement:
    """A judgement whose reason, where it has one, is what is said of it."""
    args = {"case": "reason", "reason": verdict.reason} if verdict.reason else {}
    return Judgement(verdict, code, args, span, notes)


@dataclass(frozen=True)
class Result(Claim):
    """A claim that later work may rest on: a wrong one, or (``named``) what a new name was introduced as."""

    part: str = ""
    named: bool = False


@dataclass(frozen=True)
class Doubt:
    """A line that is right with liberties that look like a mistake, and wrong without: their codes."""

    codes: frozenset[str]
    is_granted: bool = False

    @property
    def meant(self) -> str:
        """What would have to be meant."""
        return " and ".join(LIBERTY[code].meant for code in LIBERTY if code in self.codes)


class Supposed(NamedTuple):
    """What a letter of the work's own is supposed to be, and how that is written."""

    left: Expression
    right: Expression
    text: str


class Last(NamedTuple):
    """The side that stood last for one left side, whether it is not known to be false, and what it was said under."""

    right: Expression
    is_good: bool
    condition: Expression | None = None


def is_circular(spelled: Sequence[Expression], asked: Expression, scope: Scope) -> bool:
    """Whether an answer, ``spelled`` out, leaves a derivative by what is asked for.

    A factor of the chain rule, the derivative of another name, is no such one, nor that at another step.
    """
    spelled = _of_unspecified(spelled, scope)
    if asked.head not in ("derivative", "gradient"):
        return False
    top, by = _root_of(asked.args[0]), {_root_of(node) for node in asked.args[1:]}
    for part in spelled:
        for node in part.walk():
            own = set(map(_root_of, node.args[1:]))  # none where a gradient does not say by what
            if node.head == "derivative" and own == {top} and _root_of(node.args[0]) in by:  # dx/ds of ds/dx
                return True
            if node.head not in ("derivative", "gradient") or (by and own and not by & own):
                continue
            if _steps_of(node, scope) != _steps_of(asked, scope):
                continue
            of = strip_groups(node.args[0])  # a slope of what nothing defines is as far as one can go
            user = scope.notation.functions.get(str(of.data[0])) if of.head == "apply" else None
            if not own and user is not None and user.body is None and of != strip_groups(asked.args[0]):
                continue
            if _is_of_free(of, asked.args[0], scope):
                continue
            if _root_of(node.args[0]) in ({"", top, *by} if own else {"", top}):
                return True
    return _is_slope(spelled[0])


def _steps_of(node: Expression, scope: Scope) -> set[Expression]:
    """The steps in a derivative that are counted from another one or from the last: ``t + 1``, ``T``."""
    indices = {index for part in node.args if part.head in ("member", "entry") for index in part.args}
    return {one for one in indices if one.head == "add" or one.data in scope.notation.sizes}


def _of_unspecified(spelled: Sequence[Expression], scope: Scope) -> list[Expression]:
    r"""Each derivative of a function of an unspecified quantity as that of the quantity, beside other quantities.

    ``r \nabla \log p`` of ``p = p(\theta)`` is carried out; what is nothing else may be what is asked.
    """

    def plain(node: Expression) -> Expression:
        of = strip_groups(node.args[0]) if node.head in ("derivative", "gradient") else node
        if of is node or of.head != "apply" or of.data[1] or len(of.args) != 1:
            return node
        found = quantity_of(strip_groups(of.args[0]), scope.notation)
        is_free = found is not None and found[0] in scope.arena.dependencies
        return replace(node, args=(of.args[0], *node.args[1:])) if is_free else node

    def rest(node: Expression) -> Expression:
        return NONE if node.head in ("derivative", "gradient") else node

    is_beside = spelled[0].map(rest).has("symbol", "member", "unknown")
    return [part.map(plain) for part in spelled] if is_beside else list(spelled)


def _is_of_free(node: Expression, asked: Expression, scope: Scope) -> bool:
    """Whether an expression is of other quantities than what is asked, and only is said on what these depend."""
    names, others = (
        {str(one.data) for one in side.walk() if one.head in ("symbol", "member", "unknown")} for side in (node, asked)
    )
    free = scope.arena.dependencies.keys() - scope.arena.definitions.keys()
    return bool(names) and names <= free and names.isdisjoint(others)


def _is_slope(node: Expression) -> bool:
    r"""Whether an expression is the derivative of a function that is known, and nothing else: ``\sigma'(x)``."""
    node = strip_groups(node)
    return node.head == "apply" and bool(node.data[1]) and node.data[0] in BY_NAME


def spelled_out(
    right: Expression, introduced: Mapping[str, Value], meant: Mapping[str, Expression]
) -> list[Expression]:
    r"""An expression, and what the introduced names mean that it uses, and those that these use.

    One at another step, ``\delta_{t+1}``, stands for what is at that step.
    """
    out, done = [right], set[str]()
    for part in out if meant else ():
        for node in part.walk():
            is_name = node.head == "call" or (node.head == "unknown" and all(arg.head != "add" for arg in node.args))
            names = {key_of(node, introduced), f"{node.data}_"} if is_name else set()
            for name in (names & set(meant)) - done:
                done.add(name)
                out.append(meant[name])
    return out


def _root_of(node: Expression) -> str:
    """The name that an entry, a member or a symbol is of; empty for what is no name."""
    while node.head in ("entry", "group", "transpose") and node.args:
        node = node.args[0]
    return str(node.data) if node.head in ("symbol", "member", "unknown", "bare") else ""


def misfit(fault: ShapeFault, claim: Claim, meant: Mapping[str, Expression]) -> Verdict:
    """The verdict on what does not fit in shape: open where a point that was listed, p = (1, 2), may be a column."""
    if isinstance(fault, BroadcastFault) and is_code(claim.right):
        return undecided(BROADCAST)
    names = {str(node.data) for side in claim.sides for node in side.walk() if node.head == "unknown"}
    is_listed = any(strip_groups(meant[name]).head == "tuple" for name in names & meant.keys())
    return undecided(fault.message) if is_listed else Verdict("wrong", reason=fault.message)


def may_mean(
    names: Sequence[str], right: Expression, introduced: Mapping[str, Value], meant: Mapping[str, Expression]
) -> list[str]:
    """The introduced names among some on which an expression does not rest itself."""
    parts = (node for one in spelled_out(right, introduced, meant) for node in one.walk()) if names else ()
    used = {key_of(node, introduced) for node in parts if node.head == "unknown"}
    return [name for name in names if name in meant and name not in used]


def restates(answer: Expression, asked: Expression) -> bool:
    """Whether an answer is the derivative that is asked for, as the question has it."""
    return (
        answer.head in ("derivative", "gradient")
        and asked.head in ("derivative", "gradient", "apply")
        and normal(answer) == normal(asked)
    )


def has_derivative(node: Expression, reading: Reading = USUAL) -> bool:
    """Whether a derivative is written in an expression and not carried out."""
    heads = ("derivative", "gradient", *(() if "prime-transpose" in reading.codes else ("prime",)))
    return any(child.head in heads or (child.head == "apply" and child.data[1]) for child in node.walk())


def leaves_moment(spelled: Sequence[Expression], scope: Scope) -> bool:
    """Whether an expectation or a variance is written that the declared laws tell."""
    if not scope.chance:
        return False
    return any(_is_told(node, scope) for part in spelled for node in part.walk() if node.head in ("mean", "spread"))


def _is_told(node: Expression, scope: Scope) -> bool:
    names = [str(child.data) for child in node.walk() if child.head == "symbol"]
    names += [scope.notation.families[child.data].name for child in node.walk() if child.head == "member"]
    laws = [scope.chance[name] for name in scope.chance.keys() & roots(scope.arena, names)]
    is_mean = node.head == "mean" and _root_of(node.args[0]) != ""
    return not laws or any((law.first if is_mean else law.second) is not None for law in laws)


def unusable(claim: Claim, scope: Scope, unused: Sequence[str]) -> str:
    """Why a false claim may be true: an assumption that is not used, or that says how a quantity changes; "" if none.

    Where ``x y + e^y = k`` is assumed, the derivative of y by x is not 0.
    """
    if unused:
        return "an assumption of the problem could not be used: " + "; ".join(unused)
    if any(_is_of_whole_numbers(node) for side in claim.sides for node in side.walk()):
        return "a power of a negative number has values at whole exponents only, and this one is not said to be whole"
    facts = [fact for system in scope.arena.systems for fact in system.constraints if fact.relation == "="]
    for node in (inner for side in claim.sides for inner in side.walk()) if facts else ():
        found = quantity_of(node.args[0], scope.notation) if node.head in ("derivative", "prime") else None
        if found is None or found[0] in scope.arena.definitions or found[0] in scope.arena.told:
            continue
        told = next((fact.text for fact in facts if depends(scope.arena, fact.gap, found[0])), "")
        if told:
            return f"how {found[0]} changes is said by {told}, which is not differentiated here"
    return ""


def untold(claim: Claim, scope: Scope, unused: Sequence[str]) -> str:
    """Why a claim may be true by default alone: a derivative in it is of what only a given tells that is not used."""
    arena = scope.arena
    for node in (inner for side in claim.sides for inner in side.walk()) if unused else ():
        found = quantity_of(node.args[0], scope.notation) if node.head in ("derivative", "gradient", "prime") else None
        if found is not None and not {found[0]} & {*arena.definitions, *arena.dependencies, *arena.told, *arena.moved}:
            return "an assumption of the problem could not be used: " + "; ".join(unused)
    return ""


def _is_of_whole_numbers(node: Expression) -> bool:
    """Whether a node is a power of a negative number with a quantity in its exponent: ``(-1)^n``."""
    base = strip_groups(node.args[0]) if node.head == "power" else NONE
    is_below = base.head == "negative" and strip_groups(base.args[0]).head == "number"
    return is_below and node.args[1].has("symbol", "unknown")


def entrywise(
    left: Value, right: Value, claim: Claim, scope: Scope, setting: Setting
) -> Iterator[tuple[Value, Value, bool]]:
    r"""A whole on one side and its entry on the other: ``\partial s / \partial z = s_i (\delta_{ij} - s_j)``.

    With each whether its letters stand for the places in the order of the alphabet, or in which they are written;
    those of a Jacobian may stand for either.
    """
    here, there = free_indices(claim.left), free_indices(claim.right)
    either = claim.left.head == "derivative" and not value_of(claim.left.args[0], scope).is_scalar
    for entry, at, is_usual in (
        _entries(left, there - free_indices(claim.left), claim.right, scope) if not left.is_scalar else ()
    ):
        if right.is_scalar:
            yield scalar(entry), right, is_usual or either
        elif right.is_vector and at[0].size in right.dims:
            own = right.entry(*(1 if size == 1 else at[0] for size in right.dims))
            yield scalar(entry), scalar(own), is_usual or either
    is_part = left.is_scalar and not right.is_scalar
    for asked, answer in zip(setting.find, setting.answer, strict=False):
        here &= free_indices(asked) if answer == claim.left else here  # an answer is an entry where one is asked
    for entry, _, is_first in _entries(right, here - there, claim.left, scope) if is_part else ():
        yield left, scalar(entry), is_first


def _entries(
    whole: Value, letters: frozenset[str], node: Expression, scope: Scope
) -> Iterator[tuple[Term, list[Axis], bool]]:
    """The entries of a whole at free letters, each used once where its range is that of the place; usual ones first."""
    written = dict.fromkeys(str(child.data) for child in node.walk() if child.head == "index" and child.data in letters)
    orders = [sorted(letters), [*written]]
    sizes = [size for size in whole.dims if size != 1]
    known = letters <= set(scope.free) and len(sizes) == len(letters)
    fitting = [at for at in permutations(sorted(letters)) if known and [scope.free[k].size for k in at] == sizes]
    for names in sorted(fitting, key=lambda at: [*at] not in orders):
        at = [scope.free[name] for name in names]
        rest = iter(at)
        entry = whole.entry(*(1 if size == 1 else next(rest) for size in whole.dims))
        yield entry, at, [*names] in orders or len(fitting) == 1


def has_factor(node: Expression, names: Container[str]) -> bool:
    """Whether one of some letters stands as a factor or a term in an expression, and not below a line or as a limit."""
    if node.head in ("unknown", "size", "symbol"):
        return node.data in names
    inner = node.args[:1] if node.head in ("quotient", *BINDING, "entry", "member", "derivative") else node.args
    return any(has_factor(child, names) for child in inner)


def is_list(node: Expression) -> bool:
    r"""Whether a side is made of lists ``(a, b)``, which do not say whether they are rows or columns; or of the rows of
    ``\sum G``.
    """
    listed = any(one.head == "tuple" or (one.head == "typical" and one.data is None) for one in node.walk())
    summed = any(one.head == "sum" and not (one.data or free_indices(one.args[0])) for one in node.walk())
    return (listed or summed or is_code(node)) and not node.has("transpose")


def is_code(node: Expression) -> bool:
    """Whether a side is written as array code."""
    signs = {sign for one in node.walk() if one.head == "product" for sign in one.data}
    return node.has("code") or not signs.isdisjoint(("matmul", "array"))


def faults(judgement: Judgement, span: Span, case: str = "") -> list[Finding]:
    """What a wrong claim is reported as; ``case`` is the wording of a mere difference."""
    is_mere = case and judgement.code == "value" and not judgement.args
    told = ((judgement.code, {"case": case} if is_mere else judgement.args), *judgement.more)
    return [Finding(code, judgement.span or span, args) for code, args in told]
