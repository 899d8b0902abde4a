r"""What stands under a sum or an extreme: ``i = 1``, ``1 \le i \le n``, ``k \neq i``, ``i \in \{1, \dots, n\}``."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.derivations.language.expression import NONE, Expression, free_indices, joined
from truestep.derivations.language.faults import ReadingFault
from truestep.derivations.language.reading import brackets
from truestep.derivations.language.reading.conditions import COMPARISONS, comparison
from truestep.derivations.language.reading.tokens import canonical

if TYPE_CHECKING:
    from truestep.derivations.language.latex.groups import Token
    from truestep.derivations.language.reading.cursor import Cursor

Range = tuple[int, int]
SHORTEST_WORD = 3  # so many letters below a sum in which none of them stands are a word
_TURNED = {"<": ">", "<=": ">="}


@dataclass
class Limits:
    """The bound indices, the lower and the upper limit, and the conditions.

    A set that is named only is the whole range, unless ``whole_sets`` asks for one that says so.
    """

    parser: Cursor
    whole_sets: bool
    names: list[str] = field(default_factory=list)
    lower: Expression = NONE
    upper: Expression = NONE
    conditions: list[Expression] = field(default_factory=list)

    @property
    def condition(self) -> Expression:
        """All conditions in one."""
        result: Expression = NONE
        for node in self.conditions:
            result = node if result is NONE else Expression("and", (result, node), None, joined(result, node))
        return result

    def take(self, parts: list[Range]) -> None:
        """The parts between commas, one after the other."""
        while parts:
            start, end = parts.pop(0)
            places = [k for k in range(start, end) if self.parser.tokens[k].text in COMPARISONS]
            if not places:
                self.names += _letters(self.parser, start, end)
            elif self._is_between(start, places):
                self._between(start, end, places)
            else:
                self._compared(start, end, places[0], parts)

    def _is_between(self, start: int, places: list[int]) -> bool:
        tokens = self.parser.tokens
        chain = len(places) == 2 and {tokens[k].text for k in places} <= {r"\le", "<"}
        return chain and canonical(tokens[start : places[0]]).isdigit()

    def _between(self, start: int, end: int, places: list[int]) -> None:
        r"""``1 \le i \le n``; with ``<`` two conditions on the index."""
        first, second = places
        tokens = self.parser.tokens
        self.names.append(canonical(tokens[first + 1 : second]))
        if tokens[first].text == tokens[second].text == r"\le":
            self.lower, self.upper = self._value(start, first), self._value(second + 1, end)
            return
        low, high = comparison(self.parser.inside(start, end, *self.names), start, end).args
        self.conditions += [Expression("relation", low.args[::-1], _TURNED[low.data], low.span), high]

    def _compared(self, start: int, end: int, place: int, rest: list[Range]) -> None:
        """An index with its lower limit, its set, or a condition on it."""
        tokens, sign = self.parser.tokens, self.parser.tokens[place].text
        name = canonical(tokens[start:place])
        if place - start > 2 and not self.names and sign != r"\in" and (places := self._places(start, place)):
            self.names += places  # \sum_{y_i = h_i}
            self.conditions.append(comparison(self.parser.inside(start, end, *self.names), start, end))
            return
        if name.isdigit():  # 1 \le i < j \le n
            name = canonical(
                list(itertools.takewhile(lambda one: one.text not in COMPARISONS, tokens[place + 1 : end]))
            )
        is_compound = place - start > 1 and sign != "=" and bool(self.names)  # \sum_{i: y_i w^T x_i < 1}
        if (
            name not in self.names
            and not is_compound
            and (sign == "=" or not (self.names and name in self.parser.notation.indices))
        ):
            self.names.append(name)
        if sign == "=":
            self.lower = self._value(place + 1, end)
            if len(rest) > 1 and tokens[rest[0][0]].text == r"\dots":  # i = 1, \dots, n
                self.upper = self._value(*rest[1])
                del rest[:2]
            return
        counted = _counted(tokens, place + 1, end) if sign == r"\in" else None
        if counted is not None:
            first, last = counted
            one = Expression("number", (), (Fraction(1), None), (tokens[place].start, tokens[place].end))
            self.lower = one if first is None else self._value(*first)
            self.upper = self._value(*last)
        elif sign != r"\in" or self.whole_sets or tokens[place + 1].text == r"\{":
            self.conditions.append(comparison(self.parser.inside(start, end, *self.names), start, end))

    def _places(self, start: int, end: int) -> list[str]:
        """The declared indices of which a quantity is one entry, or one of a family, where that alone stands there."""
        inner = self.parser.inside(start, end)
        try:
            node = inner.factor()
        except ReadingFault:
            return []
        is_one = inner.peek() is None and node.head in ("member", "entry")
        return [one for one in sorted(free_indices(node)) if is_one and one in self.parser.notation.indices]

    def _value(self, start: int, end: int) -> Expression:
        if start >= end:
            self.parser.fail("the lower limit is missing")
        return self.parser.inside(start, end, *self.names).whole()


def under(parser: Cursor, low: int, high: int, whole_sets: bool = False) -> Limits:
    """What fills the range below a sign."""
    if parser.tokens[low].text == r"\substack":
        low, high = low + 2, high - 1
    limits = Limits(parser, whole_sets)
    limits.take(_split(parser, low, high))
    return limits


def _counted(tokens: list[Token], start: int, end: int) -> tuple[Range | None, Range] | None:
    r"""The first and the last of ``\{1, \dots, n\}`` and of ``[n]``."""
    if start >= end:
        return None
    commas = [k for k in range(start, end) if tokens[k].text == ","]
    brackets = tokens[start].text + tokens[end - 1].text
    if brackets == "[]" and not commas and end > start + 2:
        return None, (start + 1, end - 1)
    if brackets != r"\{\}" or len(commas) not in (2, 3) or canonical(tokens[commas[-2] + 1 : commas[-1]]) != r"\dots":
        return None
    first, second = (canonical(tokens[a + 1 : b]) for a, b in ((start, commas[0]), (commas[0], commas[1])))
    if len(commas) == 3 and (not (first + second).isdigit() or int(second) != int(first) + 1):
        return None
    return (start + 1, commas[0]), (commas[-1] + 1, end - 1)


def _letters(parser: Cursor, start: int, end: int) -> list[str]:
    """Indices written side by side under a sum: ``i, j`` or ``ij``."""
    found: list[str] = []
    for token in parser.tokens[start:end]:
        if token.text == "'" and found:
            found[-1] += "'"
        elif token.kind in ("letter", "command"):
            found.append(token.text)
        elif token.kind not in ("open", "close", "space"):
            parser.fail("this is no index", (token.start, token.end))
    if not found:
        parser.fail("the index of this sum is missing")
    return found


def _split(parser: Cursor, low: int, high: int) -> list[tuple[int, int]]:
    r"""The parts under a sum, at commas, colons and ``\\``."""
    parts, begin = [], low
    for place in parser.tokens.top(low, high):
        token = parser.tokens[place]
        if token.text in (",", ":", "|", r"\\", ";") and token.kind in ("mark", "command"):
            parts.append((begin, place))
            begin = place + 1
    parts.append((begin, high))
    return [(start, end) for start, end in parts if start < end]


def big_operator(parser: Cursor) -> Expression:
    r"""``\sum`` and ``\prod`` with limits, a lower index only, a set, or a condition."""
    start = parser.at
    head = "sum" if parser.take().text == r"\sum" else "prod"
    lower: tuple[int, int] | None = None
    upper: Expression = NONE
    while parser.is_next("_", "^"):
        if _is_empty_limit(parser):
            continue
        if parser.take().text == "_":
            if lower is not None:
                parser.fail("this sum has two lower limits")
            lower = parser.argument("the lower limit")
        else:
            upper = _bound(parser, *parser.argument("the upper limit"))
    words = [one for one in parser.tokens[lower[0] : lower[1]] if one.kind != "space"] if lower else []
    is_said = [one.kind for one in words[:1]] == ["text"] and all(
        one.kind in ("text", "digit") or one.text == "=" for one in words
    )
    below = under(parser, *lower) if lower and not is_said else Limits(parser, False)
    names = tuple(below.names)
    upper = below.upper if upper is NONE else upper
    body = parser.sum_body(names, head == "prod")
    if upper is NONE and below.lower.head in ("index", "unknown") and below.lower.data in free_indices(body):
        index = Expression("index", (), names[-1], below.lower.span)  # \sum_{i = j} is over what is equal
        below.conditions.append(Expression("relation", (index, below.lower), "=", below.lower.span))
        below.lower = NONE
    if len(names) >= SHORTEST_WORD and lower is not None and not free_indices(body).intersection(names):
        if below.lower is NONE and (free_indices(body) or _has_vector(parser, body)):  # \sum_{batch} G
            return Expression(head, (body, NONE, upper, NONE), (), parser.span_from(start))
        parser.fail(
            "what this sum runs over is not known here", (parser.tokens[lower[0]].start, parser.tokens[start].end)
        )
    if not names and not free_indices(body) and not _has_vector(parser, body):
        parser.fail("this sum does not say over which index it runs", parser.span_from(start))
    whole = Expression(head, (body, below.lower, upper, below.condition), names, parser.span_from(start))
    return whole if names or head != "sum" else _apart(parser, whole)


def _apart(parser: Cursor, whole: Expression) -> Expression:
    r"""``\sum y \sum x``, neither with an index: the product of two sums."""
    body = whole.args[0]
    later = [k for k, one in enumerate(body.args) if k and one.head == "sum" and not one.data]
    if body.head != "product" or not later or free_indices(body):
        return whole
    cut = later[0]
    first = body.args[0] if cut == 1 else replace(body, args=body.args[:cut], data=body.data[:cut])
    if not _has_vector(parser, first):
        return whole
    own = replace(whole, args=(replace(first, span=joined(*body.args[:cut])), *whole.args[1:]))
    return replace(body, args=(own, *body.args[cut:]), data=("", *body.data[cut:]), span=whole.span)


def _bound(parser: Cursor, low: int, high: int) -> Expression:
    r"""A limit, which may be ``\infty`` and may say from which side it is approached: ``0^+``."""
    if high - low > 2 and parser.tokens[high - 2].text == "^" and parser.tokens[high - 1].text in ("+", "-"):
        high -= 2
    span = (parser.tokens[low].start, parser.tokens[high - 1].end)
    text = canonical(parser.tokens[low:high])
    if text.lstrip("+-") != r"\infty":
        return parser.inside(low, high).whole()
    node = Expression("infinity", (), None, span)
    return Expression("negative", (node,), None, span) if text.startswith("-") else node


def limit(parser: Cursor) -> Expression:
    r"""``\lim_{h \to 0} \frac{f(x + h) - f(x)}{h}``."""
    start = parser.at
    parser.take()
    if not parser.is_next("_"):
        parser.fail("this limit does not say of what", parser.span_from(start))
    parser.take()
    low, high = parser.argument("the limit")
    arrow = next((k for k in range(low, high) if parser.tokens[k].text in (r"\to", r"\rightarrow", r"\searrow")), None)
    if arrow is None or not low < arrow < high - 1:
        parser.fail("this limit does not say where", parser.span_from(start))
    name = canonical(parser.tokens[low:arrow])
    point = _bound(parser, arrow + 1, high)
    return Expression("limit", (parser.sum_body((name,)), point), name, parser.span_from(start))


def binomial(parser: Cursor) -> Expression:
    r"""``\binom{n}{k}`` is n!/(k! (n - k)!)."""
    start = parser.at
    parser.take()
    above, below = (parser.inside(*parser.argument(r"\binom")).whole() for _ in range(2))
    span = parser.span_from(start)
    rest = Expression("add", (above, Expression("negative", (below,), None, span)), None, span)
    top, *bottom = (Expression("factorial", (one,), None, span) for one in (above, below, rest))
    return Expression("quotient", (top, Expression("product", tuple(bottom), ("", ""), span)), "frac", span)


def gamma(parser: Cursor, start: int) -> Expression:
    r"""``\Gamma(x)`` is (x - 1)!."""
    inner = brackets.bracket(parser)
    one = Expression("negative", (Expression("number", (), (Fraction(1), None), inner.span),), None, inner.span)
    less = Expression("add", (inner, one), None, inner.span)
    return parser.scripts(Expression("factorial", (less,), None, parser.span_from(start)), start)


def _has_vector(parser: Cursor, body: Expression) -> bool:
    """Whether a vector or a matrix stands whole in the body of a sum without an index: its entries are summed."""
    known = [parser.notation.declared(str(node.data)) for node in body.walk() if node.head == "symbol"]
    return any(one is not None and one.dims != (1, 1) for one in known)


def _is_empty_limit(parser: Cursor) -> bool:
    r"""Whether a limit of a sum is an empty group, as formula editors leave it: ``\sum_{k}^{ }``; it is passed."""
    ahead = parser.tokens[parser.at + 1 : min(parser.at + 3, parser.end)]
    empty = [token.kind for token in ahead] == ["open", "close"]
    parser.at += 3 if empty else 0
    return empty
