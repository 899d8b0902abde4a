r"""Putting one written result into another: ``\sigma'(x)`` by what it was found to be, whatever its letters are.

What is asked stands in where a row leaves it out.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from truestep.checkers.works.equations import is_zero
from truestep.checkers.works.grouping import plain_name
from truestep.derivations.language.einstein import summed
from truestep.derivations.language.expression import BINDING, Expression, free_indices, negative, product
from truestep.derivations.language.faults import Fault, ReadingFault
from truestep.derivations.language.reading.brackets import is_letter
from truestep.derivations.language.reading.chains import Part
from truestep.derivations.meaning.calculus import by_scalars, strip_groups
from truestep.derivations.meaning.derivatives.at_points import is_point
from truestep.derivations.meaning.introduced import as_name, function_key, key_of
from truestep.derivations.meaning.scope import value_of
from truestep.problems.statements.assumptions import quantity_of

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence

    from truestep.checkers.works.claim import Claim
    from truestep.derivations.language.reading.chains import Statement
    from truestep.derivations.meaning.shaped_terms import Value
    from truestep.problems.statements.prepared import Setting

Stated = TypeVar("Stated", bound="Claim")
PLAIN = ("symbol", "unknown", "entry", "member")


@dataclass
class _Match:
    """The letter of each index of a pattern, and the argument that stands for its own."""

    letters: dict[str, str] = field(default_factory=dict)
    argument: tuple[Expression, Expression] | None = None

    def fits(self, pattern: Expression, node: Expression) -> bool:
        if pattern.head == node.head == "index":
            return self._letter(str(pattern.data), str(node.data))
        if pattern.head != node.head or len(pattern.args) != len(node.args):
            return False
        if pattern.head in BINDING:
            if len(pattern.data) != len(node.data) or not all(map(self._letter, pattern.data, node.data)):
                return False
        elif pattern.head != "derivative" and pattern.data != node.data:
            return False
        if pattern.head == "apply" and pattern.data[1] and len(pattern.args) == 1 and pattern.args[0].head in PLAIN:
            self.argument = (pattern.args[0], node.args[0])
            return True
        return all(map(self.fits, pattern.args, node.args))

    def _letter(self, mine: str, other: str) -> bool:
        known = self.letters.get(mine)
        if known is None and other not in self.letters.values():
            self.letters[mine] = other
            return True
        return known == other

    def put(self, value: Expression) -> Expression:
        """A value in the letters of what was matched; letters change places, so that none is caught."""
        change = dict(self.letters)
        free = [letter for letter in self.letters if letter not in self.letters.values()]
        change |= dict(zip((new for new in self.letters.values() if new not in self.letters), free, strict=True))

        def renamed(node: Expression) -> Expression:
            if node.head == "index":
                return replace(node, data=change.get(node.data, node.data))
            if node.head in BINDING:
                return replace(node, data=tuple(change.get(name, name) for name in node.data))
            return node

        value = value.map(renamed)
        if self.argument is None:
            return value
        mine, other = self.argument
        return value.map(lambda node: Expression("group", (other,), None, node.span) if node == mine else node)


def named_part(before: Expression, now: Expression) -> tuple[Expression, Expression] | None:
    r"""The one name in which a side differs from the one before it, and what it stands for there.

    >>> from truestep.derivations.language.expression import grouped, product, symbol
    >>> named_part(product(symbol("a"), symbol("b")), product(symbol("a"), Expression("unknown", (), "u")))[1].data
    'b'
    """
    before, now = strip_groups(before), strip_groups(now)
    if now.head == "unknown":
        return now, before
    if before.head != now.head or before.data != now.data or len(before.args) != len(now.args):
        return None
    differing = [(one, other) for one, other in zip(before.args, now.args, strict=True) if one != other]
    return named_part(*differing[0]) if len(differing) == 1 else None


def put_in(node: Expression, pattern: Expression, value: Expression) -> Expression:
    """An expression with a value in every place where a pattern stands, also as some factors or terms among others.

    >>> from truestep.derivations.language.expression import grouped, product, symbol
    >>> a, b, c, d = map(symbol, "abcd")
    >>> put_in(product(a, b, c), product(b, c), d) == product(a, grouped(d))
    True
    """
    return _put_in(strip_groups(node), strip_groups(pattern), strip_groups(value))


def put_each(side: Expression, pairs: Iterable[tuple[Expression, Expression]]) -> Iterator[Expression]:
    """A side in which the second of a pair stands for the first; for each pair by itself."""
    for pattern, value in pairs:
        changed = put_in(side, pattern, value)
        if changed != strip_groups(side):
            yield changed


def _put_in(node: Expression, pattern: Expression, value: Expression) -> Expression:
    match = _Match()
    if match.fits(pattern, node):
        return Expression("group", (match.put(value),), None, node.span)
    if node.head == pattern.head and node.head in ("product", "add") and len(node.args) > len(pattern.args):
        for start in range(len(node.args) - len(pattern.args) + 1):
            found = _run(node, pattern, value, start)
            if found is not None:
                return found
    if not node.args:
        return node
    return replace(node, args=tuple(_put_in(arg, pattern, value) for arg in node.args))


def _run(node: Expression, pattern: Expression, value: Expression, start: int) -> Expression | None:
    """The factors or terms from one on, replaced where they are those of the pattern."""
    end, match = start + len(pattern.args), _Match()
    if not all(map(match.fits, pattern.args, node.args[start:end])) or not _same_signs(node, pattern, start):
        return None
    made = Expression("group", (match.put(value),), None, node.span)
    rest = [_put_in(arg, pattern, value) for arg in (*node.args[:start], *node.args[end:])]
    signs: Sequence[str] | None = None if node.head == "add" else (*node.data[: start + 1], *node.data[end:])
    return replace(node, args=(*rest[:start], made, *rest[start:]), data=None if signs is None else tuple(signs))


def _same_signs(node: Expression, pattern: Expression, start: int) -> bool:
    if node.head == "add":
        return True
    return tuple(node.data[start + 1 : start + len(pattern.args)]) == tuple(pattern.data[1:])


def in_letters_of(asked: Expression, answer: Stated) -> Stated | None:
    """The answer in the letters of the question; None where it answers another one, or a letter would be captured."""
    letters: dict[str, str] = {}
    if not _alike(strip_groups(asked), strip_groups(answer.left), letters) or not letters:
        return None
    taken = set(letters) | set(letters.values())
    right = answer.right
    used = {str(node.data) for node in right.walk() if node.head == "index"}
    bound = {name for node in right.walk() if isinstance(node.data, tuple) for name in node.data}
    if bound & taken or used & (set(letters.values()) - set(letters)) or len(set(letters.values())) < len(letters):
        return None
    changed = right.map(lambda node: _renamed(node, letters))
    condition = None if answer.condition is None else answer.condition.map(lambda node: _renamed(node, letters))
    return replace(answer, left=asked, right=changed, condition=condition)


def _renamed(node: Expression, letters: dict[str, str]) -> Expression:
    return replace(node, data=letters[node.data]) if node.head == "index" and node.data in letters else node


def _alike(asked: Expression, left: Expression, letters: dict[str, str]) -> bool:
    """Whether two sides are the same up to their indices; ``letters`` collects what stands for what."""
    if asked.head == left.head == "index":
        return letters.setdefault(str(left.data), str(asked.data)) == str(asked.data)
    same_data = asked.data == left.data or asked.head == "derivative"
    if asked.head != left.head or not same_data or len(asked.args) != len(left.args):
        return False
    pairs = zip(asked.args, left.args, strict=True)
    return all(_alike(strip_groups(a), strip_groups(b), letters) for a, b in pairs)


def telling(
    left: Expression,
    parts: Sequence[Part],
    introduced: Mapping[str, Value],
    lefts: Container[str],
    setting: Setting,
) -> tuple[Expression, Sequence[Part]]:
    """What a line says of a name: its left side, or the name that no line defines of which that is a function."""
    known, *asked = (quantity_of(node, setting.notation) for node in (left, *setting.find))
    is_known = known is not None and known[0] not in [one[0] for one in asked if one is not None]
    told = undone(left, parts[0].expression) if is_known and [part.relation for part in parts] == ["="] else None
    if told is None:
        left = as_name(left, introduced)
        is_entry = left.head == "unknown" and left.args and "implied-sum" not in setting.problem.strict
        return left, [_with_own_sums(left, part) for part in parts] if is_entry else parts
    name = as_name(told[0], introduced)
    is_free = name.head == "unknown" and plain_name(str(name.data)) not in lefts
    return (name, [Part("=", told[1])]) if is_free else (left, parts)


def interrupted(
    before: Iterable[Expression],
    lefts: Sequence[Expression],
    told: Container[Expression],
    given: Mapping[str, Expression],
) -> list[Expression]:
    """What a chain may go on from still: what was named and is not equated yet, and what a mere name stands behind."""
    names = {strip_groups(one) for one in given.values()}
    is_name = bool(lefts) and all(left.head in ("unknown", "call") or strip_groups(left) in names for left in lefts)
    return [left for left in before if left not in lefts and (is_name or strip_groups(left) not in told)]


def _with_own_sums(left: Expression, part: Part) -> Part:
    """A side of a line that says what the entries of a name are: an index that only it has, twice, is summed."""
    others = free_indices(part.expression) - free_indices(left) if free_indices(left) else ()
    return part.of(summed(part.expression, free_indices(left), 2)) if others else part


def undone(left: Expression, right: Expression) -> tuple[Expression, Expression] | None:
    r"""The one name on the right with what it is, by undoing what is done to it: ``s = \log v^2`` says what v^2 is.

    >>> from truestep.derivations.language.expression import number, product, symbol
    >>> name = Expression("unknown", (), "v")
    >>> undone(symbol("s"), product(number(2), name))[1].head
    'quotient'
    """
    while (found := _outermost(right)) is not None:
        undo, right = found
        left = undo(left)
    right = strip_groups(right)
    base = strip_groups(right.args[0]) if right.head == "power" else right
    is_name = base.head == "unknown" and (base is right or right.args[1].head == "number")
    return (right, left) if is_name and not left.has("unknown") else None


def _outermost(node: Expression) -> tuple[Callable[[Expression], Expression], Expression] | None:
    """How what is done last to one part of an expression is undone, and that part."""
    node = strip_groups(node)
    if node.head == "negative":
        return negative, node.args[0]
    if node.head == "apply" and node.data[:2] in (("log", 0), ("exp", 0)):
        other = "exp" if node.data[0] == "log" else "log"
        return lambda side: Expression("apply", (side,), (other, 0, None), node.span), node.args[0]
    if node.head == "power" and node.args[0].head == "constant":
        return lambda side: Expression("apply", (side,), ("log", 0, None), node.span), node.args[1]
    if node.head == "quotient" and node.args[1].head == "number":
        return partial(product, node.args[1]), node.args[0]
    if node.head == "product" and len(node.args) == 2 and not node.args[0].has("symbol", "unknown", "member", "index"):
        return lambda side: Expression("quotient", (side, node.args[0]), "frac", node.span), node.args[1]
    return None


SLOPES = ("derivative", "gradient")


def completed(
    statements: tuple[Statement, ...], about: str, setting: Setting, introduced: Mapping[str, Value]
) -> tuple[Statement, ...]:
    """The statements of a row with what they leave out: so many values as things are asked answer these in turn."""
    logs = partial(_of_unknown, introduced)
    found = tuple(_mapped(_with_spoken(_beside(one, about, setting), setting), logs, "call") for one in statements)
    found = tuple(_mapped(one, partial(_of_parameter, setting), "gradient") for one in found)
    found = tuple(_at_points(one, setting, introduced) for one in found)
    found = tuple(part for one in found for part in _entries(one, setting))
    is_list = len(found) == len(setting.find) > 1 and all(len(one.parts) == 1 and not one.condition for one in found)
    if not is_list or any(one.parts[0].relation or one.remark for one in found):
        return found
    variables = [asked.args[1] for asked in setting.find if asked.head == "derivative"]
    if {strip_groups(one.parts[0].expression) for one in found} == {*variables}:  # by w, b
        return found
    return tuple(_of(asked, one) for asked, one in zip(setting.find, found, strict=True))


def _at_points(statement: Statement, setting: Setting, introduced: Mapping[str, Value]) -> Statement:
    r"""A letter of which nothing is said is a remark, no point, where a slope vanishes or has several variables."""
    is_set = any(is_zero(part.expression) for part in statement.parts[1:])

    def without(node: Expression) -> Expression:
        if node.head != "value" or len(node.args) != 2 or not is_letter(node.args[1]):
            return node
        is_open = key_of(node.args[1], introduced) not in introduced
        return node.args[0] if is_open and (is_set or not is_point(node, setting.scope)) else node

    return _mapped(statement, without, "value")


def _entries(statement: Statement, setting: Setting) -> tuple[Statement, ...]:
    r"""``\nabla f = (a, b)`` of a function of numbers says each derivative, ``\nabla^2 f`` each second one."""
    left, *sides = (part.expression for part in statement.parts)
    lists = [_listed(side) for side in sides]
    is_asked = any(strip_groups(left) == one for one in setting.find)
    if left.head != "gradient" or statement.parts[0].relation or not lists or None in lists or is_asked:
        return (statement,)
    inner, points = (
        (left.args[0].args[0], left.args[0].args[1:]) if left.args[0].head == "value" else (left.args[0], ())
    )
    counts = {len(one) for one in lists if one is not None}
    count = round(counts.pop() ** (1 / left.data)) if len(counts) == 1 else 0
    try:
        names = by_scalars(value_of(inner, setting.scope), setting.scope, count)
    except Fault:
        return (statement,)
    by = [[Expression("symbol", (), name, left.span) for name in names]] * left.data
    if not names or any(one is None or len(one) != len(names) ** left.data for one in lists):
        return (statement,)
    out: list[Statement] = []
    for place, variables in enumerate(itertools.product(*by)):
        first = Expression("derivative", (inner, *variables), "Leibniz", left.span)
        first = Expression("value", (first, *points), None, left.span) if points else first
        rest = [part.of(one[place]) for part, one in zip(statement.parts[1:], lists, strict=True) if one is not None]
        out.append(replace(statement, parts=(Part("", first), *rest)))
    return tuple(out)


def _listed(node: Expression) -> tuple[Expression, ...] | None:
    """The entries of what is written as a list, a row, a column or a square."""
    while node.head in ("group", "transpose"):
        node = node.args[0]
    return node.args if node.head in ("tuple", "matrix") else None


def _of_unknown(introduced: Container[str], node: Expression) -> Expression:
    r"""``\ln p(x \mid \mu)`` of a p that nobody introduced: a function of its own, which the work may say."""
    inner = strip_groups(node.args[0]) if node.head == "apply" and node.data[:2] == ("log", 0) else node
    if inner is node or inner.head != "call" or function_key(inner) in introduced:
        return node
    return replace(inner, data=rf"\log {inner.data}", span=node.span)


def _of_parameter(setting: Setting, node: Expression) -> Expression:
    r"""``\nabla W`` of a W that nothing defines: what is asked by it."""
    of = strip_groups(node.args[0]) if node.head == "gradient" and len(node.args) == 1 else None
    slopes = [one for one in setting.find if one.head in SLOPES and len(one.args) == 2]
    asked = [one for one in slopes if strip_groups(one.args[1]) == of]
    quantity = quantity_of(of, setting.notation) if of is not None and len(asked) == 1 else None
    defined = {quantity_of(left, setting.notation) for left, _ in setting.given}
    return replace(asked[0], span=node.span) if quantity is not None and quantity not in defined else node


def _mapped(statement: Statement, change: Callable[[Expression], Expression], head: str = "derivative") -> Statement:
    if not any(part.expression.has(head) for part in statement.parts):
        return statement
    parts = tuple(part.of(part.expression.map(change)) for part in statement.parts)
    is_same = all(one is other for one, other in zip(parts, statement.parts, strict=True))
    return statement if is_same else replace(statement, parts=parts)


def _of(asked: Expression, statement: Statement) -> Statement:
    return replace(statement, parts=(Part("", asked), replace(statement.parts[0], relation="=")))


def _beside(statement: Statement, about: str, setting: Setting) -> Statement:
    """An expression beside a name in a table: the value of what is asked of that name; or that of a slope beside it.

    Beside any other quantity it is no value of what is asked.
    """
    node = setting.read_or_none(about) if about and not statement.parts[0].relation else None
    asked = [one for one in setting.find if node is not None and (one == node or node in one.args[1:])]
    if len(statement.parts) > 1 or len(asked) > 1 or node is None:
        return statement
    if asked:
        return _of(asked[0], statement)
    right = strip_groups(statement.parts[0].expression)
    is_said = node.head in SLOPES and right.head not in SLOPES and right.has("symbol", "member", "unknown")
    is_other = strip_groups(node).head in ("symbol", "member", "entry")
    return _of(node, statement) if is_said else replace(statement, remark=is_other)


def _with_spoken(statement: Statement, setting: Setting) -> Statement:
    r"""A derivative of nothing, ``\nabla = ...``, as that of what is asked."""
    asked = [one for one in setting.find if one.head in ("derivative", "gradient")]

    def of(node: Expression) -> Expression:
        if node.head != "derivative" or node.args[0].head != "spoken":
            return node
        if not asked:
            raise ReadingFault("this derivative has nothing to act on", node.span)
        if len(node.args) == 1:
            first = [one for one in asked if one.head == "derivative" and len(one.args) == 2]
            only = next((some[0] for some in (asked, first) if len(some) == 1), None)
            if only is None:
                raise ReadingFault("of which of the derivatives that are asked this is one, is not said", node.span)
            return replace(only, span=node.span)
        same = next((one for one in asked if one.args[1:2] == node.args[1:2]), asked[0])
        return replace(node, args=(same.args[0], *node.args[1:]))

    return _mapped(statement, of)
