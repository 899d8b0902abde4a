"""A display row: the statements in it, each a chain of relations, with conditions and words apart."""

from __future__ import annotations

import itertools
import re
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from truestep.derivations.language.expression import Expression
from truestep.derivations.language.faults import ReadingFault, Span
from truestep.derivations.language.latex.groups import Token, Tree, tree
from truestep.derivations.language.liberties import Choice, Reading
from truestep.derivations.language.reading import conditions
from truestep.derivations.language.reading.parser import Parser
from truestep.derivations.language.reading.rowtext import ARROWS, ASSIGNMENTS, EQUALITIES, ORDERS, Context
from truestep.derivations.language.reading.tokens import closing

if TYPE_CHECKING:
    from collections.abc import Sequence

_SEPARATING = ARROWS | frozenset((",", ";", ":", r"\dots"))
_CONDITION = re.compile(
    r"\b(if|when|for(?: all| every| each| any)?|whenever|case|where|assuming|given)\b[\s:(]*$", re.IGNORECASE
)
_REMARK = re.compile(r"\b(since|because|where|by|using|with|as|let|note|recall|from)\b", re.IGNORECASE)
_CONNECTING = re.compile(
    "if|when|for|case|where|given|since|because|by|using|with|as|let|note|recall|from|thus|so|then|hence|therefore|and|"
    "or|but|is|to|at|of|in|on|assuming|whenever|otherwise|else|see|eq|equation",
    re.IGNORECASE,
)
_STRUCK = frozenset((r"\cancel", r"\bcancel", r"\xcancel"))
_WORD = re.compile("[A-Za-z]+")
_ALTERING = re.compile(
    r"\b(not|half|twice|double|minus|plus|times|negative|squared?|cubed|root|reciprocal|inverse|opposite|wrong|"
    r"incorrect|sign|if +[a-z]{3,})\b",
    re.IGNORECASE,
)

MAX_DERIVATIVES = 4


@dataclass(frozen=True, slots=True)
class Part:
    """One side of a relation: the relation before it (empty at the head of a chain), and what was read."""

    relation: str
    expression: Expression


@dataclass(frozen=True, slots=True)
class Statement:
    """A chain ``a = b = c`` with its condition; ``parts[0].relation`` is set where the left side is left out."""

    parts: tuple[Part, ...]
    condition: Expression | None = None
    remark: bool = False


def read_row(
    row: Sequence[Token],
    context: Context,
    reading: Reading,
    outer: frozenset[str],
    offers: set[Choice] | None = None,
) -> tuple[Statement, ...]:
    """The statements of a row under one reading; ``offers`` takes what could be read in another way."""
    tokens = tree(_without_argument(row))
    if _is_diagram(tokens):
        return ()
    statements: list[Statement] = []
    leading: Expression | None = None
    _refuse_unknown_calls(tokens, context, reading)
    for start, end, words in _segments(tokens, context, reading):
        if start >= end:
            continue
        if words is not None and _CONDITION.search(words) and not statements:
            leading = _condition(tokens, start, end, context, reading)
            continue
        if statements and words is None and _is_index_relation(tokens, start, end, context):
            statements[-1] = _conditioned(statements[-1], tokens, start, end, context, reading)
            continue
        if words is not None and _CONDITION.search(words) and statements:
            before, statements[-1] = statements[-1], _conditioned(statements[-1], tokens, start, end, context, reading)
            if statements[-1] is before and "where" in words:
                with suppress(ReadingFault):
                    statements.append(_chain(tokens, start, end, context, reading, outer, True, offers))
            continue
        if statements and _is_bracketed_condition(tokens, start, end, context):
            statements[-1] = _conditioned(statements[-1], tokens, start + 1, end - 1, context, reading)
            continue
        remark = bool(words and _REMARK.search(words))
        if remark:
            with suppress(ReadingFault):  # what a remark says is not judged
                statements.append(_chain(tokens, start, end, context, reading, outer, remark, offers))
            continue
        statements.append(_chain(tokens, start, end, context, reading, outer, remark, offers))
    if leading is not None:
        statements = [replace(statement, condition=_both(leading, statement.condition)) for statement in statements]
    plain = [statement for statement in statements if len(statement.parts) == 1 and not statement.parts[0].relation]
    if len(statements) > 1 and len(plain) == len(statements):
        raise ReadingFault("this row holds several expressions: which one is meant?", plain[1].parts[0].expression.span)
    if plain and leading is None and plain[0].condition is None:
        _refuse_altering_words(tokens, context, reading)
    return tuple(statements)


def _refuse_altering_words(tokens: Tree, context: Context, reading: Reading) -> None:
    r"""``\text{half of } x`` is not x."""
    probe = Parser(tokens, 0, len(tokens), context.notation, reading)
    for token in tokens:
        if token.kind == "text" and _ALTERING.search(token.text) and not probe.is_name_text(token):
            raise ReadingFault("these words change what the expression says: write it out", (token.start, token.end))


def _refuse_unknown_calls(tokens: Tree, context: Context, reading: Reading) -> None:
    r"""``\text{round}(x)`` applies a function that is not known here; on the left side it is a label."""
    probe = Parser(tokens, 0, len(tokens), context.notation, reading)
    first = next((place for place, token in enumerate(tokens) if token.text in EQUALITIES), 0)
    for token, following in itertools.pairwise(tokens[first:]):
        called = following.text == "(" and following.kind == "mark" and following.start == token.end
        if token.kind != "text" or not called or not _WORD.fullmatch(token.text):
            continue
        if not _CONNECTING.fullmatch(token.text) and not probe.is_name_text(token):
            raise ReadingFault(f"{token.text} is no function that is known here", (token.start, token.end))


def _without_argument(tokens: Sequence[Token]) -> Sequence[Token]:
    """``x \\mapsto W x + b`` is what it maps to."""
    arrow = next((k for k, token in enumerate(tokens) if token.text == r"\mapsto"), None)
    return tokens if arrow is None else tokens[arrow + 1 :]


def _is_diagram(tokens: Tree) -> bool:
    """``x \\to f \\to g``: arrows at the top level are a picture, not a claim."""
    arrows = [place for place, token in enumerate(tokens) if token.kind == "command" and token.text == r"\to"]
    return bool(arrows) and not set(arrows).isdisjoint(tokens.top(0, len(tokens), strong=True))


def _segments(tokens: Tree, context: Context, reading: Reading) -> list[tuple[int, int, str | None]]:
    """The parts of a row between commas, wide spaces, arrows and words, with the words before each."""
    if not any(token.kind in ("text", "space") or token.text in _SEPARATING for token in tokens):
        return [_unpunctuated((0, len(tokens), None), tokens)]
    probe = Parser(tokens, 0, len(tokens), context.notation, reading)
    out: list[tuple[int, int, str | None]] = []
    begin, words = 0, None
    pending: str | None = None
    for place in tokens.top(0, len(tokens)):
        token = tokens[place]
        prose = token.kind == "text" and not probe.is_name_text(token)
        wide = token.kind == "space"
        arrow = token.text in ARROWS and token.kind in ("command", "mark")
        conditional = words is not None and _CONDITION.search(words) is not None
        first = not any(low < high for low, high, _ in out)
        separators = (",", ";") if not conditional else (",", ";", ":") if first else ()
        comma = token.text in separators and token.kind == "mark"
        if prose or wide or arrow or comma:
            out.append((begin, place, words))
            begin = place + 1
            pending = token.text if prose else (pending if begin == place else None)
            words = pending if prose else (words if out[-1][0] == out[-1][1] else None)
    out.append((begin, len(tokens), words))
    return _without_range([_unpunctuated(part, tokens) for part in _rejoined(out, tokens)], tokens)


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


def _rejoined(parts: list[tuple[int, int, str | None]], tokens: Tree) -> list[tuple[int, int, str | None]]:
    """Segments that are cut only by a wide space inside a chain are one: ``a = b \\quad = c``."""
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
        if continues and out and words is None and out[-1][0] < out[-1][1] and tokens[start - 1].kind == "space":
            out[-1] = (out[-1][0], end, out[-1][2])
            continue
        out.append((start, end, words))
    return out


def _is_bracketed_condition(tokens: Tree, start: int, end: int, context: Context) -> bool:
    inner = Parser(tokens, start + 1, end - 1, context.notation, Reading())
    return (
        end - start > 3
        and tokens[start].text == "("
        and tokens[end - 1].text == ")"
        and conditions.has_relation(inner)
        and not any(token.text == ")" for token in tokens[start + 1 : end - 1])
    )


def _conditioned(
    statement: Statement, tokens: Tree, start: int, end: int, context: Context, reading: Reading
) -> Statement:
    """The statement with the condition in a range, where there is one."""
    read = _condition(tokens, start, end, context, reading)
    return statement if read is None else replace(statement, condition=_both(statement.condition, read))


def _both(first: Expression | None, second: Expression | None) -> Expression | None:
    if first is None or second is None:
        return second if first is None else first
    return Expression("and", (first, second), None, second.span)


def _condition(tokens: Tree, start: int, end: int, context: Context, reading: Reading) -> Expression | None:
    """The condition in a range; None for one that says nothing of a case, such as "k = 1, 2, ..., K"."""
    try:
        read = conditions.condition(Parser(tokens, start, end, context.notation, reading), start, end)
    except ReadingFault:
        return None
    if read.head == "otherwise" or any(node.head == "unknown" for node in read.walk()):
        return None
    fixed = (node for node in read.walk() if node.head == "relation" and node.data == "=")
    return None if any(node.args[1].head == "number" for node in fixed) else read


def _is_index_relation(tokens: Tree, start: int, end: int, context: Context) -> bool:
    """``i \\neq j``, standing alone behind a statement."""
    parts = [token for token in tokens[start:end] if token.kind not in ("space", "open", "close")]
    if len(parts) != 3 or parts[1].text not in ("=", r"\neq"):
        return False
    sides = (parts[0], parts[2])
    known = context.notation.names
    return all(side.kind == "letter" and (side.text, None, None) not in known for side in sides)


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
    places = _relations(tokens, start, end)
    parts: list[Part] = []
    begin, relation = start, ""
    for place in [*places, end]:
        if begin < place:
            if tokens[begin].text in _STRUCK and begin + 1 < place and closing(tokens, begin + 1, place) == place - 1:
                raise ReadingFault("all of this is struck out", (tokens[begin].start, tokens[place - 1].end))
            if relation in (r"\in", r"\notin"):
                parts.append(Part(ORDERS[relation], _membership(tokens, begin, place, context, reading)))
            else:
                parser = Parser(tokens, begin, place, context.notation, reading, (), outer, offers=offers)
                parts.append(Part(_plain(relation), _complete(parser.whole())))
        elif place != start or not places:
            if relation and relation == (tokens[place].text if place < end else ""):
                raise ReadingFault("this equals sign is doubled", (tokens[place].start, tokens[place].end))
            token = tokens[min(place, end - 1)]
            raise ReadingFault("one side of this relation is missing", (token.start, token.end))
        if place < end:
            relation, begin = tokens[place].text, place + 1
    return Statement(tuple(parts), None, remark)


def _derivatives_within(node: Expression) -> int:
    """How deep derivatives stand within one another."""
    own = len(node.args) - 1 if node.head == "derivative" else int(node.head in ("gradient", "prime"))
    return own + max(map(_derivatives_within, node.args), default=0)


def _complete(expression: Expression) -> Expression:
    """The expression, if every function in it has its argument (but for one that is differentiated by name)."""
    if _derivatives_within(expression) > MAX_DERIVATIVES:
        raise ReadingFault(f"more than {MAX_DERIVATIVES} derivatives stand within one another", expression.span)
    bare = [node for node in expression.walk() if node.head == "bare"]
    if bare:
        allowed = {id(node.args[0]) for node in expression.walk() if node.head == "derivative"}
        for node in bare:
            if id(node) not in allowed:
                raise ReadingFault(f"the function {node.data} lacks its argument", node.span)
    return expression


def _plain(relation: str) -> str:
    if not relation or relation in EQUALITIES:
        return "=" if relation else ""
    return ":=" if relation in ASSIGNMENTS else ORDERS.get(relation, relation)


def _relations(tokens: Tree, start: int, end: int) -> list[int]:
    """The places of the relations at the top level of a range."""
    places = []
    for place in tokens.top(start, end):
        token = tokens[place]
        known = token.text in EQUALITIES or token.text in ORDERS or token.text in ASSIGNMENTS
        if known and token.kind in ("mark", "command"):
            places.append(place)
    return places


def _membership(tokens: Tree, start: int, end: int, context: Context, reading: Reading) -> Expression:
    r"""What stands behind ``\in``: a space of arrays, an interval, or another set."""
    parser = Parser(tokens, start, end, context.notation, reading)
    try:
        node = parser.whole()
    except ReadingFault:
        node = None
    span: Span = (tokens[start].start, tokens[end - 1].end)
    if node is not None and node.head == "space":
        return node
    return Expression("set", (), "".join(token.text for token in tokens[start:end]), span)
