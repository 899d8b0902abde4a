"""Whether a property that words name holds: of a sign, a shape, a matrix, a function, or another value made of one."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.checkers.works.claim import Claim
from truestep.checkers.works.said.settled import is_value
from truestep.derivations.language.expression import Expression, add, grouped, negative, number, product
from truestep.derivations.language.faults import Fault
from truestep.derivations.language.liberties import Reading
from truestep.derivations.language.reading.chains import read_row
from truestep.derivations.language.reading.rowtext import row_tokens
from truestep.derivations.meaning.terms import walk_terms
from truestep.problems.statements.constraints import Held

if TYPE_CHECKING:
    from truestep.checkers.comparing.verdicts import Verdict
    from truestep.checkers.works.lines import Lines
    from truestep.derivations.language.property_words import Property
    from truestep.derivations.language.shapes import Size
    from truestep.derivations.meaning.shaped_terms import Value

    Pair = tuple[Expression, Expression]

AGAINST = {">": "<", "<": ">", ">=": "<", "<=": ">"}
MARGIN, TINY = 1000, 10**12  # one of so many
LOOSE = {">": ">=", "<": "<="}


@dataclass(frozen=True)
class Spoken:
    """A claim in words: what is said of which subject, with the formulas in it that have no relation."""

    said: Property
    subject: Expression
    values: tuple[Expression, ...] = ()
    places: tuple[Expression | None, ...] = ()
    texts: tuple[str, ...] = ()
    approached: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether all its formulas are values."""
        return len(self.values) == len(self.places)

    @property
    def sign(self) -> str:
        """The sign in the name of the property."""
        return next(one for one in self.said.kind.split() if one in AGAINST)


@dataclass(frozen=True)
class Deciding:
    """What is judged where: everywhere, under a condition, or at a point."""

    lines: Lines
    condition: Expression | None = None
    point: Pair | None = None

    def value(self, node: Expression) -> Value:
        """What an expression denotes."""
        return self.lines.bench.value(node, Reading())[0]

    def sizes(self, node: Expression) -> list[Size]:
        """The sizes of a shape that are not 1."""
        return [size for size in self.value(node).dims if size != 1]

    def is_square(self, node: Expression) -> bool:
        sizes = self.sizes(node)
        return len(sizes) == 2 and sizes[0] == sizes[1]

    def verdict(self, left: Expression, right: Expression) -> tuple[Verdict, str]:
        """Whether two sides are equal there, and of which kind the fault is."""
        judgement = self.lines.bench.judge(Claim(self.at(left), self.at(right), condition=self.condition))
        return judgement.verdict, judgement.code

    def at(self, node: Expression) -> Expression:
        """An expression at the point."""
        if self.point is None or is_value(node):
            return node
        by, value = self.point
        pairs = zip(by.args, value.args, strict=True) if by.head == "tuple" else (self.point,)
        for pair in pairs:
            node = node_of("at", grouped(node), *pair)
        return node

    def always(self, left: Expression, sign: str, right: Expression) -> bool:
        """Whether a comparison holds at all points that are looked at."""
        return self.verdict(indicator(left, sign, right), number(1))[0].is_right

    def nowhere(self, left: Expression, sign: str, right: Expression) -> bool:
        """Whether a comparison holds by more than rounding at no point that is looked at."""
        return self.verdict(indicator(left, sign, beyond(right, sign, TINY)), number(0))[0].is_right

    def somewhere(self, left: Expression, sign: str, right: Expression) -> bool:
        """Whether a comparison holds at some point by more than rounding, which is a witness."""
        found = self.verdict(indicator(left, sign, beyond(right, sign, MARGIN)), number(0))[0]
        return found.is_wrong and found.witness is not None

    def unequal(self, left: Expression, right: Expression) -> bool:
        """Whether two sides differ at a point that is a witness, or are of other shapes."""
        found, code = self.verdict(left, right)
        return found.is_wrong and (found.witness is not None or code == "shape")

    def is_of_one(self, *nodes: Expression) -> bool:
        """Whether nothing varies in numbers but the variable that is asked about, and what the problem bounds."""
        by = self.variable()
        values = [self.value(node) for node in nodes]
        if by is None or not all(value.is_scalar for value in values) or by.head != "symbol":
            return False
        definitions = self.lines.bench.scope.arena.definitions
        terms = walk_terms([value.term for value in values], definitions)
        names = {str(one.data[0]) for one in terms if one.op == "quantity"}
        known = self.lines.setting.assumptions.properties
        bounded = {name for name, one in known.items() if one.low is not None or one.high is not None}
        return names - definitions.keys() - bounded <= {str(by.data)}

    def is_made(self, node: Expression) -> bool:
        """Whether a derivative or what a given defines stands in it: what is free may be bounded beforehand."""
        names = {str(one.data) for one in node.walk() if one.head == "symbol"}
        return node.has("derivative", "gradient") or not names.isdisjoint(self.lines.given)

    def misses(self, left: Expression, sign: str, right: Expression, is_universal: bool) -> bool:
        """Whether a comparison that is claimed is false: so nowhere, or not everywhere where that is said."""
        if not self.value(left).is_scalar:
            return False
        if self.nowhere(left, sign[0], right):
            return self.unequal(left, right) or self.somewhere(left, AGAINST[sign], right)
        is_one = is_universal and self.is_made(left) and self.is_of_one(left, right)
        return is_one and self.somewhere(left, AGAINST[sign], right)

    def variable(self) -> Expression | None:
        """By what is differentiated in all that is asked."""
        taken = {arg for one in self.lines.setting.find if one.head == "derivative" for arg in one.args[1:]}
        return taken.pop() if len(taken) == 1 else None

    def derived(self, subject: Expression, order: int) -> Expression | None:
        """The derivative of the function that is asked about, or of its derivative, by its variable."""
        by = self.variable()
        if by is None or not self.value(subject).is_scalar:
            return None
        asked = next(one for one in self.lines.setting.find if one.head == "derivative")
        is_known = subject in (asked.args[0], asked)
        return Expression("derivative", (subject, *[by] * order), "Leibniz", subject.span) if is_known else None

    def may_turn_at(self, node: Expression, value: Expression, sign: str) -> bool:
        """Whether a value may be an extreme one nearby: there the slope vanishes, and the function bends away from it.

        With ``sign`` ``>`` nothing near it is larger.
        """
        by, slope, bend = self.variable(), self.derived(node, 1), self.derived(node, 2)
        if by is None or slope is None or bend is None:
            return True
        there = self.lines.carrying.solved((), (), (Held(slope, str(by.data)),))
        gap = grouped(add(node, negative(grouped(value))))
        near = indicator(product(gap, gap), "<", number(Fraction(1, TINY)))
        turns = product(near, indicator(bend, AGAINST[sign], beyond(number(0), sign, TINY)))
        return there is None or not there.judge(Claim(turns, number(0))).verdict.is_right

    def is_free(self, node: Expression) -> bool:
        """Whether a quantity may be anything, so that what is said of it is supposed."""
        if node.head not in ("symbol", "member", "entry", "unknown"):
            return False
        names = {str(one.data) for one in node.walk() if one.data is not None}
        return names.isdisjoint(self.lines.given) and names.isdisjoint(self.lines.bench.introduced)


def only_leaf(node: Expression) -> Expression | None:
    """The one quantity, or entry of one, that an expression is made of; None where there are others."""
    found, todo = set[Expression](), [node]
    while todo:
        one = todo.pop()
        is_leaf = one.head in ("symbol", "entry", "member", "unknown")
        found |= {one} if is_leaf else set()
        todo += () if is_leaf else one.args
    return found.pop() if len(found) == 1 else None


def read_in(text: str, lines: Lines) -> Expression | None:
    """An expression as the work would read it; None where it is none."""
    context = lines.setting.context
    with suppress(Fault):
        found = read_row(row_tokens(text, context), context, Reading(), frozenset())
        if len(found) == 1 and len(found[0].parts) == 1 and not found[0].parts[0].relation:
            return grouped(found[0].parts[0].expression)
    return None


def beyond(value: Expression, sign: str, parts: int) -> Expression:
    """A value moved a little in the direction in which a comparison says that something lies."""
    margin = number(Fraction(1, parts))
    return add(value, margin if sign.startswith(">") else negative(margin))


def filled(value: Expression, like: Expression) -> Expression:
    """A vector with the same number everywhere."""
    return add(grouped(add(like, negative(grouped(like)))), product(value, node_of("ones")))


def total(node: Expression) -> Expression:
    """The sum of all entries."""
    return node_of("code", grouped(node), data=("sum", None, False))


def inner(left: Expression, right: Expression) -> Expression:
    """The inner product of two vectors."""
    return product(node_of("transpose", grouped(left)), right)


def node_of(head: str, *args: Expression, data: object = None) -> Expression:
    """A node at the place of its first argument."""
    return Expression(head, args, data, args[0].span if args else (0, 0))


def applied(name: str, node: Expression) -> Expression:
    """A function of an expression."""
    return Expression("apply", (node,), (name, 0, None), node.span)


def indicator(left: Expression, sign: str, right: Expression) -> Expression:
    """1 where a comparison holds, else 0."""
    return Expression("indicator", (Expression("relation", (left, right), sign, left.span),), None, left.span)
