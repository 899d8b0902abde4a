r"""What a statement calls random: the key ``random``, ``x_i \sim N(\mu, \sigma^2)`` and moments under ``assume``."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.derivations.language.expression import Expression
from truestep.derivations.language.faults import Fault, StatementFault, quoted
from truestep.derivations.language.latex.groups import tree
from truestep.derivations.language.liberties import Reading
from truestep.derivations.language.notation import strip_fonts
from truestep.derivations.language.phrases.table import SUBJECTS
from truestep.derivations.language.reading.parser import Parser
from truestep.derivations.language.reading.rowtext import Context, row_tokens
from truestep.derivations.language.reading.tokens import canonical
from truestep.derivations.language.shapes import SCALAR
from truestep.derivations.meaning.calculus import strip_groups
from truestep.derivations.meaning.chance.law import CUMULANTS, SPELLINGS, Law, Part
from truestep.derivations.meaning.scope import value_of
from truestep.derivations.meaning.shaped_terms import UNSTATED
from truestep.problems.statements.assumptions import quantity_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.derivations.language.latex.groups import Token
    from truestep.derivations.language.notation import Notation
    from truestep.derivations.language.reading.chains import Statement
    from truestep.derivations.language.shapes import Dims, Size
    from truestep.derivations.meaning.scope import Scope
    from truestep.problems.statements.assumptions import Assumptions
    from truestep.problems.statements.problem import Problem

_SIGNS = ("\\sim", "\\mathbb{E}", "\\mathbf{E}", "\\mathrm{E}", "E[", "E(", "Var", "Cov", "var(", "cov(")
_WHOLE = ("1", ".", ".")  # Uniform(1..n)


@dataclass
class Chances:
    """The laws so far, by quantity."""

    laws: dict[str, Law] = field(default_factory=dict)

    def tell(self, name: str, sizes: tuple[Size, ...], **told: object) -> None:
        """Adds to what is known of how a quantity varies."""
        self.laws[name] = replace(self.laws.get(name, Law(name, sizes)), **told)  # type: ignore[arg-type]


def is_of_chance(problem: Problem) -> bool:
    """Whether a statement calls something random."""
    return bool(problem.random) or any(sign in fact.replace(" ", "") for fact in problem.assume for sign in _SIGNS)


def add_random(problem: Problem, context: Context, into: Chances) -> None:
    """The laws of the key ``random``.  Raises StatementFault, which names the entry."""
    for key, told in problem.random.items():
        try:
            node = _read(row_tokens(key, context), context)
            if told.law:
                fits = _law(node, row_tokens(told.law, context), context, into)
            else:
                moments = [text and _read(row_tokens(text, context), context) for text in (told.mean, told.cov)]
                fits = _moments(node, moments, context.notation, into)
        except Fault as fault:
            raise StatementFault(f"this cannot be read: {fault.message}", key="random", name=key) from None
        found = quantity_of(node, context.notation)
        if found is not None and found[0] in into.laws and not told.independent:
            into.tell(found[0], (), independent=False)
        if not fits and node.head != "index":
            says = told.law or "its moments"
            raise StatementFault(
                f"{quoted(says)} is no law that is known of a declared quantity", key="random", name=key
            )


def sampled(tokens: Sequence[Token], context: Context, into: Chances) -> bool:
    r"""``x_i \sim N(\mu, \sigma^2)``, also of several names and of ``x_1, \dots, x_n``; False where it is none."""
    place = next((k for k, token in enumerate(tokens) if token.text == r"\sim"), None)
    if place is None:
        return False
    end = next((k for k in range(place) if tokens[k].text in (r"\overset", r"\stackrel", "|", r"\mid")), place)
    left, right = list(tokens[:end]), list(tokens[place + 1 :])
    if right[:1] and right[0].kind == "close":
        right = right[1:]
    while right and (right[-1].kind == "space" or _is_of_several(right[-1])):
        right.pop()
    if r"\dots" in [token.text for token in left]:
        left = _typical(left, context.notation)
    cuts = [-1, *(k for k in tree(left).top(0, len(left)) if left[k].text == ","), len(left)]
    return all(_law(_read(left[a + 1 : b], context), right, context, into) for a, b in itertools.pairwise(cuts))


def _is_of_several(token: Token) -> bool:
    r"""Whether a token says that the members of a family are drawn independently: ``\text{ i.i.d.}``."""
    return token.kind == "text" and SUBJECTS.is_one(token.text.strip(" (),;"), "independent")


def _typical(left: list[Token], notation: Notation) -> list[Token]:
    r"""``x_1, \dots, x_n`` as ``x_i`` of the declared family."""
    base = left[0].text
    family = notation.families.get((base, "_"))
    if family is None:
        return left
    letter = next((name for name, one in notation.indices.items() if one == family.index), "")
    return [left[0], left[1], left[0]._replace(kind="letter", text=letter)] if letter else left


def moment(statement: Statement, notation: Notation, into: Chances) -> bool:
    r"""``E[x] = 0``, ``\operatorname{Cov}(x) = \sigma^2 I``, ``E[x x^T] = A`` of declared quantities; False else."""
    if len(statement.parts) != 2 or statement.parts[1].relation != "=":
        return False
    left, right = (strip_groups(part.expression) for part in statement.parts)
    if left.head == "mean" and not left.data:
        inner = strip_groups(left.args[0])
        if quantity_of(inner, notation) is not None:
            return _moments(inner, (right, ""), notation, into)
        base = _squared(inner)
        found = None if base is None else quantity_of(base, notation)
        if base is None or found is None:
            return False
        known = into.laws.get(found[0])
        is_centred = known is not None and known.first is not None and _is_zero(known.first.told)
        return is_centred and _moments(base, ("", right), notation, into)
    if left.head != "spread" or left.data[1]:
        return False
    bodies = {strip_groups(one) for one in left.args[: left.data[2]]}
    if len(bodies) == 1:
        return _moments(bodies.pop(), ("", right), notation, into)
    names = {found[0] for one in bodies if (found := quantity_of(one, notation)) is not None}
    return _is_zero(right) and len(names) > 0 and names <= into.laws.keys()  # what is random is independent


def _squared(node: Expression) -> Expression | None:
    """What is multiplied by itself: ``x x^T``, ``x^2``."""
    if node.head == "power" and node.args[1].head == "number" and node.args[1].data[0] == 2:
        return strip_groups(node.args[0])
    if node.head == "product" and len(node.args) == 2:
        first, second = (strip_groups(arg) for arg in node.args)
        if second.head == "transpose" and strip_groups(second.args[0]) == first:
            return first
    return None


def _is_zero(node: Expression) -> bool:
    return node.head == "number" and not node.data[0]


def _read(tokens: Sequence[Token], context: Context) -> Expression:
    return strip_groups(Parser(list(tokens), 0, len(tokens), context.notation, Reading()).whole())


def _law(node: Expression, tokens: Sequence[Token], context: Context, into: Chances) -> bool:
    """``N(\\mu, \\Sigma)``, ``Bernoulli(p)``, ``U[a, b]``: the law of the table with its parameters."""
    tokens = [token for token in tokens if token.text not in (r"\left", r"\right")]
    opening = next((k for k, token in enumerate(tokens) if token.text in ("(", "[")), len(tokens))
    kind = SPELLINGS.get(strip_fonts(canonical(tokens[:opening])).removeprefix(r"\mathcal").strip().lower())
    if kind is None or (opening < len(tokens) and tokens[-1].text not in (")", "]")):
        return False
    inside = list(tokens[opening + 1 : -1])
    if kind == "uniform" and tuple(token.text for token in inside[:3]) == _WHOLE:
        kind, inside = "range", [inside[0], inside[1]._replace(text=","), *inside[3:]]
    tops = tree(inside).top(0, len(inside))
    cuts = [-1, *(k for k in tops if inside[k].text in (",", ";")), len(inside)]
    parameters = [_read(inside[a + 1 : b], context) for a, b in itertools.pairwise(cuts) if a + 1 < b]
    needed = 2 if kind == "normal" else 1
    if kind in CUMULANTS:
        needed = len({"t", "v"} & {*"".join(CUMULANTS[kind])})
    return len(parameters) == needed and _moments(node, parameters, context.notation, into, kind)


def _moments(
    node: Expression, told: Sequence[Expression | str], notation: Notation, into: Chances, kind: str = ""
) -> bool:
    """What is told of a quantity or of its members; False where it is no declared one."""
    found = quantity_of(node, notation)
    if found is None or not all(index.head == "index" for index in found[1]):
        return False
    name, letters = found[0], tuple(str(index.data) for index in found[1])
    dims, sizes = _shape(name, notation)
    if dims is None or len(set(letters)) < len(letters) or len(letters) > len(sizes):
        return False
    member = dims if not letters or node.head == "member" else SCALAR
    parts = [Part(letters, member, one) if isinstance(one, Expression) else None for one in (*told, "", "")[:2]]
    known = {key: part for key, part in zip(("first", "second"), parts, strict=True) if part is not None}
    into.tell(name, sizes, **known, **({"kind": kind} if kind else {}))
    return True


def _shape(name: str, notation: Notation) -> tuple[Dims | None, tuple[Size, ...]]:
    """The shape of a quantity or of a member of a family, and the sizes of all its indices."""
    family = next((one for one in notation.families.values() if one.name == name), None)
    declared = notation.declared(name) if family is None else family.member
    if declared is None or declared.kind != "array":
        return None, ()
    own = tuple(size for size in declared.dims if size != 1)
    return declared.dims, own if family is None else (family.index.dims[0], *own)


def fitting(chances: Chances, assumptions: Assumptions, scope: Scope) -> dict[str, Law]:
    """The laws whose parameters have the shapes that they must; a name of a covariance is symmetric, of a variance not
    negative.

    Raises StatementFault, which names the quantity.
    """
    for law in chances.laws.values():
        if law.name in scope.arena.definitions:
            raise StatementFault(f"{law.name} is defined by a given, which tells its law already", key="random")
        for part, word in ((law.first, "mean"), (law.second, "covariance")):
            if part is not None and not _fits(part, law, word, scope):
                raise StatementFault(f"its {word} does not have the shape of one", key="random", name=law.name)
        if law.second is not None and law.kind not in CUMULANTS and law.second.told.head == "symbol":
            name = str(law.second.told.data)
            if len(scope.arena.shapes.get(name, ())) == 2:
                assumptions.know(name, symmetric=True)
            else:
                assumptions.bound(name, ">=", Fraction(0))
    return chances.laws


def _fits(part: Part, law: Law, word: str, scope: Scope) -> bool:
    """Whether a mean is of the member's shape, or a number; a covariance a square of it, or a number."""
    axes = {letter: scope.arena.axis(size) for letter, size in zip(part.letters, law.sizes, strict=False)}
    try:
        dims = value_of(part.told, scope.bind(axes)).dims
    except Fault as fault:
        raise StatementFault(f"its {word} has no meaning: {fault.message}", key="random", name=law.name) from None
    is_square = word == "covariance" and law.kind not in CUMULANTS
    wanted = (part.dims[0], part.dims[0]) if is_square else part.dims
    is_number = all(size == 1 for size in dims)
    return is_number or (
        len(dims) == 2 and all(one in (UNSTATED, other) for one, other in zip(dims, wanted, strict=True))
    )
