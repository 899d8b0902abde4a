"""A display row: the statements in it, each a chain of relations, with conditions and words apart."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from derivations.expression import Expression
from derivations.faults import ReadingFault, Span
from derivations.reading import conditions
from derivations.reading.atoms import is_name_text
from derivations.reading.parser import Parser, Reading
from derivations.reading.plain import plain
from derivations.reading.spellings import Spelling, respell
from derivations.reading.tokens import MacroText, Token, closing, tokenize

if TYPE_CHECKING:
    from collections.abc import Mapping

    from derivations.notation import Notation

EQUALITIES = frozenset(("=", r"\equiv", r"\approx", r"\triangleq", r"\simeq", r"\cong"))
ASSIGNMENTS = frozenset((":=", r"\leftarrow", r"\gets", r"\coloneqq", "+=", "-="))
ORDERS = {"<": "<", ">": ">", r"\le": "<=", r"\ge": ">=", r"\neq": "!=", r"\in": "in", r"\notin": "not in"}
ARROWS = frozenset((r"\Rightarrow", r"\Leftrightarrow", r"\therefore", r"\because", "=>"))
_THOUSANDS = re.compile(r"(?<![0.,])0{1,3}(?:(?:,|\{,\})000)+(?![0.])")
_ALIGNED = EQUALITIES | ASSIGNMENTS | frozenset(ORDERS) | ARROWS | frozenset(("+", "-", "&"))
_CLOSING_WORDS = re.compile(r"[Qq]\.?[Ee]\.?[Dd]\.?")
_CONDITION = re.compile(
    r"\b(if|when|for(?: all| every| each| any)?|whenever|case|where|assuming|given)\b[\s:(]*$", re.IGNORECASE
)
_REMARK = re.compile(r"\b(since|because|where|by|using|with|as|let|note|recall|from)\b", re.IGNORECASE)


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


@dataclass(frozen=True, slots=True)
class Context:
    """What reading a row needs."""

    notation: Notation
    spellings: tuple[Spelling, ...]
    macros: Mapping[str, MacroText]


def row_tokens(text: str, context: Context) -> list[Token]:
    """The tokens of a row, without dollars around it, alignment marks and the equation's number."""
    if _CLOSING_WORDS.fullmatch(text.strip()):
        return []
    start, end = undollared(text)
    tokens = [t._replace(start=t.start + start, end=t.end + start) for t in tokenize(text[start:end], context.macros)]
    tokens = _without_thousands(_with_angles(_joined_assignment(_bare_words(_unboxed(tokens)))))
    respelled = respell(tokens, context.spellings)
    return _without_number(plain(respelled, context.notation, "\\" in text))


def _unboxed(tokens: list[Token]) -> list[Token]:
    """Without the commands that draw a box around a whole statement."""
    out = list(tokens)
    for place in range(len(out) - 1, -1, -1):
        if (
            out[place].text in (r"\boxed", r"\fbox", r"\ensuremath")
            and place + 1 < len(out)
            and out[place + 1].kind == "open"
        ):
            stop = closing(out, place + 1, len(out))
            out = [*out[:place], *out[place + 2 : stop], *out[stop + 1 :]]
    return out


def _bare_words(tokens: list[Token]) -> list[Token]:
    """Without the braces around words alone, as in ``{\\text{...}}``."""
    out: list[Token] = []
    for token in tokens:
        out.append(token)
        if (
            token.kind == "close"
            and len(out) >= 3
            and out[-2].kind == "text"
            and out[-3].kind == "open"
            and not (len(out) >= 4 and (out[-4].text in ("_", "^") or out[-4].kind == "command"))
        ):
            out[-3:] = [out[-2]]
    return out


def _without_thousands(tokens: list[Token]) -> list[Token]:
    """557,057 and 557{,}057 as one number: groups of exactly three digits, without a gap."""
    text = "".join(
        "0" if t.kind == "digit" else t.text if t.text in ("{", "}", ",", ".") else "a"
        for t in tokens
        if len(t.text) >= 1
    )
    drop: set[int] = set()
    if len(text) == len(tokens):
        for found in _THOUSANDS.finditer(text):
            inside = range(found.start(), found.end())
            if all(tokens[k].start == tokens[k - 1].end for k in inside[1:]) and tokens[found.start()].text != "0":
                drop |= {k for k in inside if tokens[k].kind != "digit"}
    return [token for k, token in enumerate(tokens) if k not in drop]


def undollared(text: str) -> tuple[int, int]:
    r"""Where the formula is inside ``$..$``, ``$$..$$``, ``\[..\]`` or ``\(..\)``."""
    stripped = text.strip(" \t\n")
    start = text.find(stripped) if stripped else 0
    for opening, ending in (("$$", "$$"), ("$", "$"), (r"\[", r"\]"), (r"\(", r"\)")):
        if stripped.startswith(opening) and stripped.endswith(ending) and len(stripped) >= len(opening) + len(ending):
            inner = stripped[len(opening) : -len(ending)]
            if "$" in inner:
                break
            return start + len(opening), start + len(stripped) - len(ending)
    return start, start + len(stripped)


def _joined_assignment(tokens: list[Token]) -> list[Token]:
    out: list[Token] = []
    for token in tokens:
        if (
            token.text in ("=", ">")
            and out
            and token.kind == "mark"
            and out[-1].kind == "mark"
            and out[-1].end == token.start
            and ((token.text == "=" and out[-1].text == ":") or (token.text == ">" and out[-1].text == "="))
        ):
            out[-1] = Token("mark", out[-1].text + token.text, out[-1].start, token.end)
        else:
            out.append(token)
    return out


def _without_number(tokens: list[Token]) -> list[Token]:
    """Without alignment marks (outside environments), and without ``\\quad (12)`` and punctuation at the end."""
    depth, out = 0, list[Token]()
    for place, token in enumerate(tokens):
        depth += {r"\begin": 1, r"\end": -1}.get(token.text, 0)
        if depth or token.text != "&" or token.kind != "mark":
            out.append(token)
        elif (
            out
            and (place + 1 >= len(tokens) or tokens[place + 1].text not in _ALIGNED)
            and out[-1].text not in _ALIGNED
        ):
            out.append(token._replace(kind="space"))
    while out:
        if len(out) > 1 and out[-2].text in (r"\left", r"\right"):
            break
        if out[-1].kind == "space" or (out[-1].text in (".", ",", ";", r"\\") and out[-1].kind in ("mark", "command")):
            out.pop()
            continue
        opening = next((k for k in range(len(out) - 1, -1, -1) if out[k].text == "("), None)
        if (
            opening
            and out[-1].text == ")"
            and out[opening - 1].kind == "space"
            and len(out) - opening <= 6
            and (all(token.kind == "digit" or token.text in ".*'" for token in out[opening + 1 : -1]))
        ):
            del out[opening - 1 :]
            continue
        break
    return out


def read_row(tokens: list[Token], context: Context, reading: Reading, outer: frozenset[str]) -> tuple[Statement, ...]:
    """The statements of a row under one reading."""
    tokens = _without_argument(tokens)
    if _is_diagram(tokens):
        return ()
    statements: list[Statement] = []
    leading: Expression | None = None
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
            statements[-1] = _conditioned(statements[-1], tokens, start, end, context, reading)
            continue
        if statements and _is_bracketed_condition(tokens, start, end, context):
            statements[-1] = _conditioned(statements[-1], tokens, start + 1, end - 1, context, reading)
            continue
        remark = bool(words and _REMARK.search(words))
        if remark:
            with suppress(ReadingFault):  # what a remark says is not judged
                statements.append(_chain(tokens, start, end, context, reading, outer, remark))
            continue
        statements.append(_chain(tokens, start, end, context, reading, outer, remark))
    if leading is not None:
        statements = [replace(statement, condition=_both(leading, statement.condition)) for statement in statements]
    plain = [statement for statement in statements if len(statement.parts) == 1 and not statement.parts[0].relation]
    if len(statements) > 1 and len(plain) == len(statements):
        raise ReadingFault("this row holds several expressions: which one is meant?", plain[1].parts[0].expression.span)
    return tuple(statements)


def _without_argument(tokens: list[Token]) -> list[Token]:
    """``x \\mapsto W x + b`` is what it maps to."""
    arrow = next((k for k, token in enumerate(tokens) if token.text == r"\mapsto"), None)
    return tokens if arrow is None else tokens[arrow + 1 :]


def _is_diagram(tokens: list[Token]) -> bool:
    """``x \\to f \\to g``: arrows at the top level are a picture, not a claim."""
    depth = 0
    for token in tokens:
        depth += {"open": 1, "close": -1}.get(token.kind, 0)
        if depth == 0 and token.kind == "command" and token.text == r"\to":
            return True
    return False


def _segments(tokens: list[Token], context: Context, reading: Reading) -> list[tuple[int, int, str | None]]:
    """The parts of a row between commas, wide spaces, arrows and words, with the words before each."""
    probe = Parser(tokens, 0, len(tokens), context.notation, reading)
    out: list[tuple[int, int, str | None]] = []
    begin, words, depth = 0, None, 0
    pending: str | None = None
    for place, token in enumerate(tokens):
        depth += (
            1
            if token.kind == "open" or (token.text in ("(", "[", r"\{", r"\begin", r"\langle") and token.kind != "text")
            else 0
        )
        depth -= (
            1
            if token.kind == "close" or (token.text in (")", "]", r"\}", r"\end", r"\rangle") and token.kind != "text")
            else 0
        )
        prose = token.kind == "text" and not is_name_text(probe, token) and depth <= 0
        wide = token.kind == "space" and depth <= 0
        arrow = token.text in ARROWS and token.kind in ("command", "mark") and depth <= 0
        conditional = words is not None and _CONDITION.search(words) is not None
        first = not any(low < high for low, high, _ in out)
        separators = (",", ";") if not conditional else (",", ";", ":") if first else ()
        comma = token.text in separators and token.kind == "mark" and depth == 0
        if prose or wide or arrow or comma:
            out.append((begin, place, words))
            begin = place + 1
            pending = token.text if prose else (pending if begin == place else None)
            words = pending if prose else (words if out[-1][0] == out[-1][1] else None)
    out.append((begin, len(tokens), words))
    return _without_range([_unpunctuated(part, tokens) for part in _rejoined(out, tokens)], tokens)


def _unpunctuated(part: tuple[int, int, str | None], tokens: list[Token]) -> tuple[int, int, str | None]:
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


def _without_range(parts: list[tuple[int, int, str | None]], tokens: list[Token]) -> list[tuple[int, int, str | None]]:
    """Without the remark ``k = 1, \\dots, K`` at the end."""
    for place, (start, end, _) in enumerate(parts):
        if end - start == 1 and tokens[start].text == r"\dots" and place + 1 < len(parts):
            begin = place
            while begin > 0 and not any(token.text == "=" for token in tokens[parts[begin][0] : parts[begin][1]]):
                begin -= 1
            return parts[:begin] if begin else parts
    return parts


def _rejoined(parts: list[tuple[int, int, str | None]], tokens: list[Token]) -> list[tuple[int, int, str | None]]:
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


def _is_bracketed_condition(tokens: list[Token], start: int, end: int, context: Context) -> bool:
    inner = Parser(tokens, start + 1, end - 1, context.notation, Reading())
    return (
        end - start > 3
        and tokens[start].text == "("
        and tokens[end - 1].text == ")"
        and conditions.has_relation(inner)
        and not any(token.text == ")" for token in tokens[start + 1 : end - 1])
    )


def _conditioned(
    statement: Statement, tokens: list[Token], start: int, end: int, context: Context, reading: Reading
) -> Statement:
    """The statement with the condition in a range, where there is one."""
    read = _condition(tokens, start, end, context, reading)
    return statement if read is None else replace(statement, condition=_both(statement.condition, read))


def _both(first: Expression | None, second: Expression | None) -> Expression | None:
    if first is None or second is None:
        return second if first is None else first
    return Expression("and", (first, second), None, second.span)


def _condition(tokens: list[Token], start: int, end: int, context: Context, reading: Reading) -> Expression | None:
    """The condition in a range; None for one that says nothing of a case, such as "k = 1, 2, ..., K"."""
    try:
        read = conditions.condition(Parser(tokens, start, end, context.notation, reading), start, end)
    except ReadingFault:
        return None
    if read.head == "otherwise" or any(node.head == "unknown" for node in read.walk()):
        return None
    fixed = (node for node in read.walk() if node.head == "relation" and node.data == "=")
    return None if any(node.args[1].head == "number" for node in fixed) else read


def _is_index_relation(tokens: list[Token], start: int, end: int, context: Context) -> bool:
    """``i \\neq j``, standing alone behind a statement."""
    parts = [token for token in tokens[start:end] if token.kind not in ("space", "open", "close")]
    if len(parts) != 3 or parts[1].text not in ("=", r"\neq"):
        return False
    sides = (parts[0], parts[2])
    known = context.notation.names
    return all(side.kind == "letter" and (side.text, None, None) not in known for side in sides)


def _chain(
    tokens: list[Token], start: int, end: int, context: Context, reading: Reading, outer: frozenset[str], remark: bool
) -> Statement:
    places = _relations(tokens, start, end)
    parts: list[Part] = []
    begin, relation = start, ""
    for place in [*places, end]:
        if begin < place:
            if relation in (r"\in", r"\notin"):
                parts.append(Part(ORDERS[relation], _membership(tokens, begin, place, context, reading)))
            else:
                parser = Parser(tokens, begin, place, context.notation, reading, (), outer)
                parts.append(Part(_plain(relation), _complete(parser.whole())))
        elif place != start or not places:
            if relation and relation == (tokens[place].text if place < end else ""):
                raise ReadingFault("this equals sign is doubled", (tokens[place].start, tokens[place].end))
            token = tokens[min(place, end - 1)]
            raise ReadingFault("one side of this relation is missing", (token.start, token.end))
        if place < end:
            relation, begin = tokens[place].text, place + 1
    return Statement(tuple(parts), None, remark)


def _complete(expression: Expression) -> Expression:
    """The expression, if every function in it has its argument (but for one that is differentiated by name)."""
    allowed = {id(node.args[0]) for node in expression.walk() if node.head == "derivative"}
    for node in expression.walk():
        if node.head == "bare" and id(node) not in allowed:
            raise ReadingFault(f"the function {node.data} lacks its argument", node.span)
    return expression


def _plain(relation: str) -> str:
    if not relation or relation in EQUALITIES:
        return "=" if relation else ""
    return ":=" if relation in ASSIGNMENTS else ORDERS.get(relation, relation)


def _relations(tokens: list[Token], start: int, end: int) -> list[int]:
    """The places of the relations at the top level of a range."""
    places, depth = [], 0
    for place in range(start, end):
        token = tokens[place]
        depth += (
            1 if token.kind == "open" or (token.text in ("(", "[", r"\{", r"\begin") and token.kind != "text") else 0
        )
        depth -= (
            1 if token.kind == "close" or (token.text in (")", "]", r"\}", r"\end") and token.kind != "text") else 0
        )
        known = token.text in EQUALITIES or token.text in ORDERS or token.text in ASSIGNMENTS
        if known and token.kind in ("mark", "command") and depth <= 0:
            places.append(place)
    return places


def _with_angles(tokens: list[Token]) -> list[Token]:
    """``< a > ^T``: angle brackets typed as signs, turned into brackets."""
    opens = [place for place, token in enumerate(tokens) if token.text == "<" and token.kind == "mark"]
    closes = [place for place, token in enumerate(tokens) if token.text == ">" and token.kind == "mark"]
    if not opens or len(opens) != len(closes) or any(b < a for a, b in zip(opens, closes, strict=True)):
        return tokens
    if not any(place + 1 < len(tokens) and tokens[place + 1].text == "^" for place in closes):
        return tokens
    changed = dict.fromkeys(opens, r"\langle") | dict.fromkeys(closes, r"\rangle")
    return [
        token._replace(kind="command", text=changed[place]) if place in changed else token
        for place, token in enumerate(tokens)
    ]


def _membership(tokens: list[Token], start: int, end: int, context: Context, reading: Reading) -> Expression:
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
