r"""Letters that stand for anything of a shape that fits their place: the z of "for any $z$, $z^\top H z \ge 0$"."""

from __future__ import annotations

import itertools
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from truestep.checkers.comparing.verdicts import Verdict
from truestep.checkers.works.grouping import statements
from truestep.derivations.language import case_words
from truestep.derivations.language.expression import ANEW, Expression
from truestep.derivations.language.faults import Fault
from truestep.derivations.language.liberties import Reading
from truestep.derivations.language.phrases.ends import PART
from truestep.derivations.language.reading.rowtext import EQUALITIES
from truestep.derivations.language.shapes import SCALAR
from truestep.derivations.meaning import entries
from truestep.derivations.meaning.calculus import strip_groups

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from truestep.checkers.documents.work import Row
    from truestep.checkers.works.claim import Claim, Judgement
    from truestep.checkers.works.grouping import Group
    from truestep.derivations.language.notation import Notation
    from truestep.derivations.language.reading.rowtext import Context
    from truestep.derivations.language.shapes import Dims
    from truestep.derivations.meaning.scope import Scope
    from truestep.derivations.meaning.shaped_terms import Value

    Known = Callable[..., tuple[str, Dims | None]]  # what was made before of the same values

MOST_SHAPES = 8
MOST_SIZES = 3  # of matrices
MOST_LETTERS = 2  # of one claim that stand for anything
NOT_OF_ANY = Verdict("undecided", reason="this is not so of any value of a letter, and nothing says which value it has")
_ORDERS = frozenset(("<", ">", r"\le", r"\ge"))
_RELATIONS = EQUALITIES | _ORDERS
_MISFITS = frozenset(("shape", "unknown-name", "transposed"))
_SUPPOSING = frozenset(("condition", "supposed", "definition"))


@dataclass(frozen=True)
class Arbitrary:
    """What a work says of a letter that it does not define: of which space it is, and whether it may be anything."""

    dims: Dims | None = None
    is_any: bool = False

    def shapes(self, name: str, claim: Claim, notation: Notation) -> list[Dims]:
        """The shapes that it may have: that of its space, else of columns, and of numbers if nothing transposes it."""
        if self.dims is not None:
            return [self.dims]
        turned = (node.args[0] for side in claim.sides for node in side.walk() if node.head == "transpose")
        numbers = [(1, 1)] if all(one.data != name for one in turned) else []
        sizes = sorted(notation.sizes)[:MOST_SHAPES]
        pairs = itertools.product(sizes[:MOST_SIZES], repeat=2) if is_along(claim.left, name) else ()
        return [*numbers, *((size, 1) for size in sizes), *pairs]

    def matters(self, name: str, claim: Claim, asked: Sequence[Expression]) -> bool:
        """Whether a letter stands on the left of a claim, or may be anything on the right of one that is no answer.

        What has no definition has no differential that would be known.
        """
        if any(side.has("differential") for side in claim.sides):
            return False
        on_left = any(node.data == name for node in claim.left.walk() if node.head in ("unknown", "index"))
        return on_left or (self.is_any and claim.left not in asked)


@contextmanager
def as_before(introduced: dict[str, Value]) -> Iterator[None]:
    """Names that are introduced within are forgotten behind it."""
    before = dict(introduced)
    try:
        yield
    finally:
        introduced.clear()
        introduced.update(before)


def arbitrary_names(
    found: Sequence[Group], rows: Sequence[Row], context: Context, recalled: Known | None = None
) -> dict[str, Arbitrary]:
    r"""What is said of undeclared letters that stand alone, or beside their space: ``z \in \mathbb{R}^d``."""
    out = dict[str, Arbitrary]()
    for group in found:
        name, dims = _named(group, context) if recalled is None else recalled(_named, group, context)
        if name:
            row, known = rows[group.rows[0]], out.get(name, Arbitrary())
            is_any = case_words.says_any(PART.split(row.before)[-1], PART.split(row.after)[0])
            out[name] = Arbitrary(known.dims if dims is None else dims, known.is_any or is_any)
    others = (group for group in with_claims(found, rows, out) if group.inline and _supposes(group))
    bound = {one.text for group in others if not _named(group, context)[0] for one in group.tokens}
    return {name: replace(said, is_any=said.is_any and name not in bound) for name, said in out.items()}


def _supposes(group: Group) -> bool:
    """Whether a formula may say more of a letter: a condition, or a reason, that is no rule or function of it."""
    if [one.text for one in group.tokens[1:4:2]] == ["(", ")"]:  # g(z) = \dots
        return False
    return group.told in _SUPPOSING or (group.told == "reason" and any(one.text in _ORDERS for one in group.tokens))


def _named(group: Group, context: Context) -> tuple[str, Dims | None]:
    """The undeclared letter of which a formula is, or says in which space it is."""
    if len(group.tokens) > 1 and not any(token.text in (r"\in", r"\neq", r"\forall") for token in group.tokens):
        return "", None
    try:
        (alone,) = statements(group, context, Reading(), frozenset())
    except (Fault, ValueError):
        return "", None
    parts = alone.parts
    name = parts[0].expression
    if name.head != "unknown" or name.args or len(parts) > 2:
        return "", None
    if len(parts) == 1 or parts[1].relation == "!=":
        return str(name.data), None
    space = parts[1].expression
    if parts[1].relation != "in" or space.head != "space" or not space.args:
        return "", None
    with suppress(Fault):
        sizes = [entries.size_of(node) for node in space.args]
        if all(isinstance(size, int) or size in context.notation.sizes for size in sizes):
            return str(name.data), (*sizes, *([1] * (2 - len(sizes))))
    return str(name.data), None


def for_any(
    name: str,
    said: Arbitrary,
    claim: Claim,
    scope: Scope,
    introduced: dict[str, Value],
    judged: Callable[[Claim], Judgement],
) -> Judgement | None:
    """The judgement on a claim, by those with a letter of each shape that it may have; None where they leave it open.

    It is right where it is so in each shape that fits; where it is so in none it is wrong if words say that the letter
    may be anything, and else true of something at most that the work does not say.
    """
    found: list[Judgement] = []
    with as_before(introduced):
        for dims in said.shapes(name, claim, scope.notation):
            introduced[name] = entries.anything(name, dims, scope)
            found.append(judged(claim))
    fitting = found if said.dims is not None else [one for one in found if one.code not in _MISFITS]
    is_right = bool(fitting) and all(one.verdict.is_right for one in fitting)
    is_wrong = bool(fitting) and all(one.verdict.is_wrong for one in fitting)
    is_both = all(any(node.data == name for node in side.walk()) for side in claim.sides)
    if is_wrong and not said.is_any and ("_" in name or not is_both):
        return None  # one of a kind that words tell of, $e_j$, or what the other side says
    if is_wrong and not said.is_any:
        return replace(fitting[0], verdict=NOT_OF_ANY, code="unknown-name", args={"reason": NOT_OF_ANY.reason})
    return fitting[0] if is_right or is_wrong else None


def is_along(node: Expression, name: str) -> bool:
    r"""Whether a side is a slope along a letter, which may be any direction: ``\langle \nabla f, v \rangle``."""
    whole = strip_groups(node)
    if whole.head == "product" and len(whole.args) == 2 and whole.args[0].head == "transpose":  # v^T \nabla f
        pair: tuple[Expression, ...] = (whole.args[0].args[0], whole.args[1])
    elif whole.head == "inner":
        pair = whole.args
    else:
        return False
    slopes = [one for one in pair if strip_groups(one).head in ("derivative", "gradient")]
    return len(slopes) == 1 and ("unknown", name) in [(one.head, one.data) for one in pair]


def self_standing(claim: Claim, is_argument: Callable[[str], bool], introduced: Mapping[str, Value]) -> str:
    r"""The undeclared letter of whose function alone the right side says the worth: ``\det M = 4``; "" if none."""
    whole = strip_groups(claim.left)
    inner = strip_groups(whole.args[0]) if whole.head == "apply" and len(whole.args) == 1 else whole
    name = str(inner.data) if inner is not whole and inner.head == "unknown" else ""
    is_free = name in introduced and is_argument(name)
    return name if is_free and all(node.data != name for node in claim.right.walk()) else ""


def may_fit(
    names: Sequence[str],
    claim: Claim,
    scope: Scope,
    introduced: dict[str, Value],
    judged: Callable[[Claim], Judgement],
) -> str:
    """The first of some letters without a definition that could have a shape with which a claim has no misfit."""
    notation = scope.notation
    sizes = sorted(notation.sizes)[:MOST_SIZES]
    for name in names[:MOST_LETTERS]:
        for dims in [*Arbitrary().shapes(name, claim, notation), *itertools.product(sizes, sizes)]:
            with as_before(introduced):
                introduced[name] = entries.anything(name, dims, scope)
                if judged(claim).code not in _MISFITS:
                    return name
    return ""


_OF_RULES = frozenset(("symbol", "number", "group", "transpose", "product", "power", "add", "negative", "apply"))
_BUILT_IN = frozenset(("trace", "det"))


def as_rule(
    claim: Claim, scope: Scope, introduced: dict[str, Value], judged: Callable[[Claim], Judgement]
) -> Judgement | None:
    r"""The judgement on ``\operatorname{tr}(A B) = \operatorname{tr}(B A)`` as a rule of any square matrices, if right.

    The quantities of a problem have other shapes than a rule is recalled for that has the same letters.
    """
    nodes = [node for side in claim.sides for node in side.walk()]
    is_plain = all(node.head in _OF_RULES and (node.head != "apply" or node.data[0] in _BUILT_IN) for node in nodes)
    is_name = strip_groups(claim.left) == strip_groups(claim.right)  # what is defined has the shape that it says
    if (
        not is_plain
        or is_name
        or claim.left.head == "symbol"
        or claim.condition is not None
        or not scope.notation.sizes
    ):
        return None
    size = min(scope.notation.sizes)
    known = {str(node.data): scope.notation.declared(str(node.data)) for node in nodes if node.head == "symbol"}
    letters = {name: name + ANEW for name, one in known.items() if one is not None and one.dims != SCALAR}

    def renamed(node: Expression) -> Expression:
        own = letters.get(str(node.data)) if node.head == "symbol" else None
        return node if own is None else Expression("unknown", (), own, node.span)

    with as_before(introduced):
        for name, own in letters.items():
            introduced[own] = entries.anything(name, (size, size), scope)
        found = judged(replace(claim, left=claim.left.map(renamed), right=claim.right.map(renamed)))
    return found if found.verdict.is_right else None


def with_claims(found: Sequence[Group], rows: Sequence[Row], names: Mapping[str, Arbitrary]) -> list[Group]:
    r"""The formulas, where a comma joins one about a letter to "for all $a$" as a claim: it is what holds for all."""
    out = list(found)
    for place, (before, group) in enumerate(itertools.pairwise(found), 1):
        texts = {token.text for token in group.tokens}
        is_joined = group.told == before.told == "condition" and not any(map(str.isalpha, rows[group.rows[0]].before))
        about = {token.text for token in before.tokens[:1]} & names.keys() & texts
        if is_joined and about and group.inline and len(before.tokens) < len(group.tokens) and texts & _RELATIONS:
            out[place] = replace(group, told="")
    return out
