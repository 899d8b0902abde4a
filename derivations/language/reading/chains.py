"""A display row: the statements in it, each a chain of relations, with conditions and words apart."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from truestep.derivations.language import altering, case_words
from truestep.derivations.language.cases_in_rows import as_cases
from truestep.derivations.language.expression import ONLY, Expression
from truestep.derivations.language.faults import ReadingFault, Span
from truestep.derivations.language.latex.groups import ALONE, Token, Tree, tree
from truestep.derivations.language.liberties import Choice, Reading
from truestep.derivations.language.notation import FONTS
from truestep.derivations.language.reading.calls import complete
from truestep.derivations.language.reading.conditions import are_subjects
from truestep.derivations.language.reading.parser import Parser
from truestep.derivations.language.reading.rowtext import (
    APPROXIMATE,
    ARROWS,
    ASSIGNMENTS,
    EQUALITIES,
    IMPLYING,
    ORDERS,
    Context,
)
from truestep.derivations.language.reading.stated_conditions import (
    condition_in,
    is_bracketed,
    is_claim,
    is_condition,
    is_implied,
    is_noted,
    is_numbered,
    is_of_names,
    is_only,
    is_shape,
    is_slope_compared,
    joins,
    letting,
    noted_shapes,
    opens,
    over,
    relations,
    told,
    with_arrows,
    without_margin,
    without_shapes,
)
from truestep.derivations.language.reading.tokens import canonical, closing
from truestep.derivations.language.words_in_rows import behind_unknown_call, joined

if TYPE_CHECKING:
    from collections.abc import Sequence

_SEPARATING = ARROWS | frozenset((",", ";", ":", r"\dots"))
_REMARK = re.compile(r"\b(since|because|where|by|using|with|as|let|note|recall|from)\b", re.IGNORECASE)
_STRUCK = frozenset((r"\cancel", r"\bcancel", r"\xcancel"))
COMPOSED = ("apply", "quotient", "product", "power", "sum", "add")


@dataclass(frozen=True, slots=True)
class Part:
    """One side of a relation: the relation before it (empty at the head of a chain), and what was read."""

    relation: str
    expression: Expression

    def of(self, expression: Expression) -> Part:
        """The same relation to another expression."""
        return self if expression is self.expression else Part(self.relation, expression)


@dataclass(frozen=True, slots=True)
class Statement:
    """A chain ``a = b = c`` with its condition; ``parts[0].relation`` is set where the left side is left out.

    ``follows`` says that an arrow leads to it from what stands before it.
    """

    parts: tuple[Part, ...]
    condition: Expression | None = None
    remark: bool = False
    follows: bool = False

    @property
    def nodes(self) -> tuple[Expression, ...]:
        """The sides and the condition."""
        sides = tuple(part.expression for part in self.parts)
        return sides if self.condition is None else (*sides, self.condition)


def read_row(
    row: Sequence[Token],
    context: Context,
    reading: Reading,
    outer: frozenset[str],
    offers: set[Choice] | None = None,
) -> tuple[Statement, ...]:
    """The statements of a row under one reading; ``offers`` takes what could be read in another way."""
    row = without_shapes(_without_argument(tree(row)), context.notation)
    tokens = with_arrows(joined(without_margin(as_cases(row), context, reading, offers), reading, offers))
    if not tokens or is_noted(tokens, context.notation):
        return ()
    statements: list[Statement] = []
    leading: Expression | None = None
    probe = Parser(tokens, 0, len(tokens), context.notation, reading)
    tokens = behind_unknown_call(
        tokens,
        lambda token: token.text in context.notation.asked_calls or probe.is_name_text(token),
        relations(tokens, 0, len(tokens)),
    )
    segments = _segments(tokens, context, reading)
    last = max((start for start, end, _ in segments if start < end), default=0)
    supposed = -1  # where the condition ends that "and" goes on from
    for start, end, words in segments:
        said = told(words, context, reading) if words else None
        if start >= end:
            if said is not None and statements:
                statements[-1] = replace(statements[-1], condition=_both(statements[-1].condition, said))
            else:
                leading = _both(leading, said)
            continue
        is_number = not statements and start < last and is_only(tokens[start:end], "digit")
        if is_number and any(token.text in EQUALITIES for token in tokens[end:]):  # (1) \quad a = b
            continue
        claims = start == last and is_numbered(words) and is_claim(tokens, start, end)
        is_first = start < last and is_condition(tokens, start, end, context)
        if is_first and opens(next((more for at, _, more in segments if at > start), None)):
            is_first = not is_slope_compared(tokens, start, end)
        if claims and not said:
            said = Expression("unread", (), words)
        elif not statements and (opens(words) or is_first):
            leading = _both(leading, condition_in(tokens, start, end, context, reading, words))
            continue
        start, end, is_let = letting(tokens, start, end, context, bool(statements), words)
        bounds = bool(statements) and statements[-1].parts[-1].relation == "=" and is_implied(tokens, start, end)
        if statements and words is None and not (is_let or bounds) and is_condition(tokens, start, end, context):
            statements[-1] = _conditioned(statements[-1], tokens, start, end, context, reading)
            continue
        if statements and words and not opens(words) and is_of_names(words, tokens, start, end):
            statements[-1] = replace(statements[-1], condition=over(statements[-1].condition, words, tokens[start:end]))
            continue
        goes_on = supposed == start - 1 and joins(words)
        if (opens(words) or goes_on) and statements and not (claims or is_let):
            supposed = end
            under = _conditioned(statements[-1], tokens, start, end, context, reading, words)
            if (under is statements[-1] or _equates(under.condition)) and words and "where" in words:
                with suppress(ReadingFault):
                    statements.append(_chain(tokens, start, end, context, reading, outer, True, offers))
            else:
                statements[-1] = under
            continue
        if statements and not is_let and is_bracketed(tokens, start, end, context):
            start, end = start + 1, end - 1
            under = _conditioned(statements[-1], tokens, start, end, context, reading)
            if not (tokens[start].text in EQUALITIES or _is_identity(under.condition)):
                statements[-1] = under
                continue
            words = words if tokens[start].text in EQUALITIES else "since"
        remark = is_let or bounds or bool(words and _REMARK.search(words))
        if remark:
            with suppress(ReadingFault):  # what a remark says is not judged
                statements.append(_chain(tokens, start, end, context, reading, outer, remark, offers))
            continue
        chain = _chain(tokens, start, end, context, reading, outer, remark, offers)
        follows = bool(statements) and tokens[start - 1].text in IMPLYING
        statements.append(replace(chain, condition=said, follows=follows) if said is not None or follows else chain)
    if leading is not None:
        statements = [replace(statement, condition=_both(leading, statement.condition)) for statement in statements]
    plain = [statement for statement in statements if len(statement.parts) == 1 and not statement.parts[0].relation]
    if len(statements) > 1 and len(plain) == len(statements) != context.asked:
        raise ReadingFault("this row holds several expressions: which one is meant?", plain[1].parts[0].expression.span)
    if len(statements) > 1 and len(plain) == len(statements) and are_subjects(tokens, probe, ARROWS):
        statements = [replace(one, remark=True) for one in statements]
    is_alone = bool(plain) and leading is None and plain[0].condition is None
    _refuse_altering_words(tokens, context, reading, is_alone)
    for inner, space in noted_shapes(tokens, context, reading) if statements else ():
        within = _membership(space, 0, len(space), context, reading)
        statements.append(Statement((Part("", inner), Part("in", within)), statements[-1].condition, True))
    return tuple(statements)


def _refuse_altering_words(tokens: Tree, context: Context, reading: Reading, is_alone: bool) -> None:
    r"""``\text{half of } x`` is not x, nor does ``a = b \text{ up to a factor}`` say that they are equal."""
    texts = [(k, token) for k, token in enumerate(tokens) if token.kind == "text"] if "text" in tokens.kinds else ()
    top = set(tokens.top(0, len(tokens))) if texts else ()
    for place, token in texts:
        probe = Parser(tokens, 0, len(tokens), context.notation, reading)
        is_beside = not token.text.rstrip().endswith((":", ",")) or not relations(tokens, place + 1, len(tokens))
        alters = (
            altering.within(token.text, is_alone)
            or (place in top and place > 0 and altering.behind(token.text))
            or (place in top and place + 1 < len(tokens) and altering.before(token.text, is_beside))
        )
        if alters and not probe.is_name_text(token):
            raise ReadingFault("these words change what the expression says: write it out", (token.start, token.end))


def _without_argument(tokens: Tree) -> Tree:
    """``x \\mapsto W x + b`` is what it maps to."""
    if r"\mapsto" not in tokens.texts:
        return tokens
    return tree(tokens[next(k for k, token in enumerate(tokens) if token.text == r"\mapsto") + 1 :])


def _segments(tokens: Tree, context: Context, reading: Reading) -> list[tuple[int, int, str | None]]:
    """The parts of a row between commas, wide spaces, arrows and words, with the words before each."""
    parted = not tokens.kinds.isdisjoint(("text", "space")) or not _SEPARATING.isdisjoint(tokens.texts)
    if not parted and not _closing_condition(tokens, 0, context):
        return [_unpunctuated((0, len(tokens), None), tokens)]
    probe = Parser(tokens, 0, len(tokens), context.notation, reading)
    out: list[tuple[int, int, str | None]] = []
    begin, words = 0, None
    pending: str | None = None
    for place in tokens.top(0, len(tokens)):
        token = tokens[place]
        prose = token.kind == "text" and (not probe.is_name_text(token) or _is_between(tokens, place))
        wide = token.kind == "space"
        arrow = token.text in ARROWS and token.kind in ("command", "mark")
        first = not any(low < high for low, high, _ in out)
        comma = token.text in (",", ";") and token.kind == "mark" and (first or not opens(words))
        if token.text == ":" and first:
            comma = opens(words) or is_condition(tokens, begin, place, context)
        if prose or wide or arrow or comma:
            out.append((begin, place, words))
            begin = place + 1
            pending = token.text if prose else (pending if begin == place else None)
            words = pending if prose else (words if out[-1][0] == out[-1][1] else None)
    bracket = _closing_condition(tokens, begin, context)
    out += [(begin, bracket, words), (bracket, len(tokens), None)] if bracket else [(begin, len(tokens), words)]
    return _without_range([_unpunctuated(part, tokens) for part in _rejoined(out, tokens, context)], tokens)


def _is_between(tokens: Tree, place: int) -> bool:
    r"""Whether a text is a word between statements, though spelled as a name: ``a = b \quad\text{e}\quad c = d``."""
    text, beside = tokens[place].text, {place - 1, place + 1} & {*range(len(tokens))}
    apart = {k for k in beside if tokens[k].kind == "space" or text != (text.lstrip() if k < place else text.rstrip())}
    return len(apart) == 2 and all(relations(tokens, *side) for side in ((0, place), (place + 1, len(tokens))))


def _closing_condition(tokens: Tree, begin: int, context: Context) -> int:
    """Where a condition in brackets begins that ends a row, with a gap before it; 0 where there is none."""
    start = tokens.partner[-1] if tokens and tokens[-1].text == ")" else ALONE
    is_apart = start > begin and tokens[start].start - tokens[start - 1].end > 1
    is_said = is_apart and is_condition(tokens, start, len(tokens), context)
    return start if is_said or (is_apart and letting(tokens, start, len(tokens), context)[2]) else 0


def _unpunctuated(part: tuple[int, int, str | None], tokens: Tree) -> tuple[int, int, str | None]:
    """A segment without the full stop behind it."""
    start, end, words = part
    while (
        end - 1 > start
        and tokens[end - 2].text not in (r"\left", r"\right")
        and tokens[end - 1].kind == "mark"
        and tokens[end - 1].text in (".", ",", ";")
    ):
        end -= 1
    return start, end, words


def _without_range(parts: list[tuple[int, int, str | None]], tokens: Tree) -> list[tuple[int, int, str | None]]:
    """Without the remark ``k = 1, \\dots, K`` at the end."""
    for place, (start, end, _) in enumerate(parts):
        if end - start == 1 and tokens[start].text == r"\dots" and place + 1 < len(parts):
            begin = place
            while begin > 0 and not any(token.text == "=" for token in tokens[parts[begin][0] : parts[begin][1]]):
                begin -= 1
            return parts[:begin] if begin else parts
    return parts


def _rejoined(
    parts: list[tuple[int, int, str | None]], tokens: Tree, context: Context
) -> list[tuple[int, int, str | None]]:
    """Segments that a wide space alone cuts are one: ``a = b \\quad = c`` and the product ``a = 2 \\quad b``."""
    out: list[tuple[int, int, str | None]] = []
    for start, end, words in parts:
        if start >= end:
            if words is not None:
                out.append((start, end, words))
            continue
        first = tokens[start]
        continues = (
            first.text in EQUALITIES or first.text in ORDERS or first.text in ("+", "-")
        ) and first.kind != "text"
        beside = not relations(tokens, start, end) and not is_condition(tokens, start, end, context)
        continues = continues or (beside and not is_bracketed(tokens, start, end, context))
        is_spaced = bool(out) and all(token.kind == "space" for token in tokens[out[-1][1] : start])
        is_spaced = is_spaced and words is None and out[-1][0] < out[-1][1] < start
        if (is_spaced or (words and out)) and is_shape(tokens[start:end], context.notation):  # \text{shape: } (n, d)
            continue
        if continues and is_spaced:
            out[-1] = (out[-1][0], end, out[-1][2])
            continue
        out.append((start, end, words))
    return out


def _conditioned(
    statement: Statement,
    tokens: Tree,
    start: int,
    end: int,
    context: Context,
    reading: Reading,
    words: str | None = None,
) -> Statement:
    """The statement with the condition in a range, where there is one."""
    is_told = words is not None and (case_words.has(words, "unless") or case_words.ends_with(words, "if"))
    read = condition_in(tokens, start, end, context, reading, words if is_told else None)
    if read is not None and words is not None and case_words.has(words, "only"):
        read = replace(read, mark=ONLY)
    return statement if read is None else replace(statement, condition=_both(statement.condition, read))


def _equates(condition: Expression | None) -> bool:
    """Whether something that is no index is equated: behind "where" that says what a name is."""
    nodes = condition.walk() if condition is not None else ()
    return any(node.head == "relation" and node.data == "=" and node.args[0].head != "index" for node in nodes)


def _is_identity(condition: Expression | None) -> bool:
    """Whether what is made of several quantities is said to equal what is no number."""
    if condition is None or condition.head != "relation" or condition.data != "=":
        return False
    left, right = condition.args
    return left.head in COMPOSED and right.has("symbol", "member", "unknown", "constant")


def _both(first: Expression | None, second: Expression | None) -> Expression | None:
    if first is None or second is None:
        return second if first is None else first
    return Expression("and", (first, second), None, second.span)


def _chain(
    tokens: Tree,
    start: int,
    end: int,
    context: Context,
    reading: Reading,
    outer: frozenset[str],
    remark: bool,
    offers: set[Choice] | None,
) -> Statement:
    places = relations(tokens, start, end)
    parts: list[Part] = []
    begin, relation = start, ""
    for place in [*places, end]:
        if relation and begin + 1 == place < end and tokens[begin].text == r"\dots":
            begin = place  # = ... =
        if begin < place:
            if tokens[begin].text in _STRUCK and begin + 1 < place and closing(tokens, begin + 1, place) == place - 1:
                raise ReadingFault("all of this is struck out", (tokens[begin].start, tokens[place - 1].end))
            if relation in (r"\in", r"\notin"):
                parts.append(Part(ORDERS[relation], _membership(tokens, begin, place, context, reading)))
            else:
                parser = Parser(tokens, begin, place, context.notation, reading, (), outer, offers=offers)
                parts.append(_part(_plain(relation), complete(parser.whole(), context.notation)))
        elif tokens[place - 1].text != r"\dots" and (place != start or not places):
            if relation and relation == (tokens[place].text if place < end else ""):
                raise ReadingFault("this equals sign is doubled", (tokens[place].start, tokens[place].end))
            token = tokens[min(place, end - 1)]
            raise ReadingFault("one side of this relation is missing", (token.start, token.end))
        if place < end:
            relation, begin = tokens[place].text, place + 1
    if len(parts) > 2 and parts[1].relation == ":=" and parts[0].expression.head == "unknown":
        parts[1] = replace(parts[1], relation="=")  # \delta := a = b
    return Statement(tuple(parts), None, remark)


def _part(relation: str, side: Expression) -> Part:
    r"""One side; ``f \approx 1`` says that they are close, ``f \approx 1.04`` what f is, rounded."""
    is_close = relation == "~"
    is_rounded = is_close and any(node.head == "number" and node.data[1] is not None for node in side.walk())
    return Part("=" if is_rounded else relation, side)


def _plain(relation: str) -> str:
    if relation in APPROXIMATE:
        return "~"
    if not relation or relation in EQUALITIES:
        return "=" if relation else ""
    return ":=" if relation in ASSIGNMENTS else ORDERS.get(relation, relation)


def _membership(tokens: Tree, start: int, end: int, context: Context, reading: Reading) -> Expression:
    r"""What stands behind ``\in``: a space of arrays, an interval, or another set."""
    if tokens[start].text in FONTS and canonical(tokens[start + 1 : start + 4]).strip("{}") == "R":  # \mathcal{R}^n
        tokens = tree([*tokens[:start], tokens[start]._replace(text=r"\mathbb"), *tokens[start + 1 :]])
    span: Span = (tokens[start].start, tokens[end - 1].end)
    with suppress(ReadingFault):
        node = Parser(tokens, start, end, context.notation, reading).whole()
        if node.head == "space":
            return node
    return Expression("set", (), "".join(token.text for token in tokens[start:end]), span)
