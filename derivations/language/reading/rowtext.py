"""The text of a row as tokens: without what only sets it, with spellings and plain text put right."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from truestep.derivations.language import case_words, labels
from truestep.derivations.language.latex.groups import ALONE, Token, tree
from truestep.derivations.language.latex.macros import Macro
from truestep.derivations.language.latex.typography import TYPOGRAPHY, signs_in_words, without_number
from truestep.derivations.language.reading.plain_text import plain
from truestep.derivations.language.reading.spellings import Spelling, respell
from truestep.derivations.language.reading.tokens import closing, tokenize

if TYPE_CHECKING:
    from collections.abc import Mapping

    from truestep.derivations.language.notation import Notation

EQUALITIES = frozenset(("=", r"\equiv", r"\approx", r"\triangleq", r"\simeq", r"\cong"))
APPROXIMATE = frozenset((r"\approx", r"\simeq"))
ASSIGNMENTS = frozenset((":=", r"\leftarrow", r"\gets", r"\coloneqq", "+=", "-="))
ORDERS = {"<": "<", ">": ">", r"\le": "<=", r"\ge": ">=", r"\neq": "!=", r"\in": "in", r"\notin": "not in", "=:": "=:"}
LOEWNER = {r"\succ": "pd >", r"\succeq": "psd >=", r"\prec": "pd <", r"\preceq": "psd <="}  # of symmetric matrices
ORDERS |= LOEWNER
UNCHECKED = frozenset((r"\propto",))  # relations that claim no equality
TYPED_ARROWS = ("=>", "==>", "-->", "->", "<=>", "<==>", "<->")
ARROWS = frozenset((r"\Rightarrow", r"\Leftrightarrow", r"\therefore", r"\because", *TYPED_ARROWS))
IMPLYING = ARROWS - {r"\because", "->", "-->", "<->"}
EQUIVALENT = frozenset((r"\Leftrightarrow", "<=>", "<==>"))
_ALIGNED = EQUALITIES | ASSIGNMENTS | frozenset(ORDERS) | ARROWS | frozenset(("+", "-", "&"))
_THOUSANDS = re.compile(r"(?<![0.,])0{1,3}(?:(?:,|\{,\})000)+(?!0|\.(?!0))")
_ROWED = frozenset(
    ("align", "aligned", "split", "gather", "gathered", "equation", "eqnarray", "multline", "flalign", "array")
)
_GROUPED = frozenset((r"\eqalign", r"\eqalignno", r"\displaylines"))
_WIDE = re.compile(r"(?:\\ ){3,}")
_TIGHT = re.compile(r"(?<=\d),\\!(?=\s*\d{3})")  # 11,\!111
_REMARK = re.compile(
    r"\s*(?:since|because|where|by|using|with|as|let|note|recall|from|when|if|for|da|weil|car|puisque|ya que|так)\b",
    re.IGNORECASE,
)
_CLOSING_WORDS = re.compile(r"[Qq]\.?[Ee]\.?[Dd]\.?")


@dataclass(frozen=True, slots=True)
class Context:
    """What reading a row needs."""

    notation: Notation
    spellings: tuple[Spelling, ...]
    macros: Mapping[str, Macro]
    asked: int = 1  # so many expressions side by side answer a question


def row_tokens(text: str, context: Context) -> list[Token]:
    """The tokens of a row, without dollars around it, alignment marks and the equation's number."""
    if _CLOSING_WORDS.fullmatch(text.strip()):
        return []
    start, end = undollared(text)
    wide = _WIDE.sub(lambda found: r"\quad".ljust(len(found[0])), text[start:end])
    wide = _TIGHT.sub("{,}", wide)
    tokens = moved(tokenize(wide, context.macros), start)
    tokens = _unwrapped(tokens)
    texts = tree(tokens).texts
    for sign, change in _CHANGES:
        if sign in texts:
            tokens = change(tokens)
    tokens = _with_inner_products(respell(tokens, context.spellings))
    tokens = signs_in_words(labels.as_declared(tokens, context.notation.labels), context.notation)
    tokens = plain(tokens, context.notation, "\\" in text)
    if "\\" not in text:  # what plain text spells out may be a spelling of the statement
        tokens = respell(tokens, context.spellings)
        if "{" in text and any(token.kind == "text" for token in tokens):
            tokens = _braced_cases(tokens)
    return _without_alignment(tokens)


def _braced_cases(tokens: list[Token]) -> list[Token]:
    """``{ a if x > 0; b if x <= 0 }``: braces around values with their conditions."""
    row, out, place = tree(tokens), list[Token](), 0
    while place < len(row):
        stop = row.partner[place] if row[place].kind == "open" else ALONE
        inner = list(row.top(place + 1, stop)) if stop > place else []
        if not any(row[k].kind == "text" and case_words.has(row[k].text, "if", "rest") for k in inner):
            out.append(row[place])
            place += 1
            continue
        sign = ";" if any(row[k].text == ";" for k in inner) else ","
        ends = {k for k in inner if row[k].text == sign}
        out += _environment(r"\begin", row[place])
        for k in range(place + 1, stop):
            out.append(row[k]._replace(kind="command", text=r"\\") if k in ends else row[k])
        out += _environment(r"\end", row[stop])
        place = stop + 1
    return out


def _environment(word: str, brace: Token) -> list[Token]:
    letters = [("command", word), ("open", "{"), *(("letter", letter) for letter in "cases"), ("close", "}")]
    return [brace._replace(kind=kind, text=text) for kind, text in letters]


def moved(tokens: list[Token], offset: int) -> list[Token]:
    """The tokens at their places in a longer text."""
    return tokens if not offset else [t._replace(start=t.start + offset, end=t.end + offset) for t in tokens]


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


def _unwrapped(tokens: list[Token]) -> list[Token]:
    r"""Without ``\begin{aligned} ... \end{aligned}`` around the whole; a wide space parts rows that do not go on."""
    out = tokens
    while out and out[0].text in ("\\begin", *_GROUPED):
        row = tree(out)
        start = closing(out, 1, len(out)) + 1 if len(out) > 1 and out[1].kind == "open" else len(out)
        name = "".join(token.text for token in out[2 : start - 1]).rstrip("*")
        stop = row.partner[0] if out[0].text == "\\begin" else start - 1
        behind = closing(out, stop + 1, len(out)) + 1 if out[0].text == "\\begin" and stop > ALONE else stop + 1
        if stop <= ALONE or any(token.text not in (".", ",", ";") for token in out[behind:]):
            return out
        if out[0].text != "\\begin":
            start = 2
        elif name == "array" and out[start].kind == "open":
            start = closing(out, start, len(out)) + 1
            if not any(out[place].text in EQUALITIES for place in row.top(start, stop)):
                return out
        elif name not in _ROWED or name != "".join(token.text for token in out[stop + 2 : behind - 1]).rstrip("*"):
            return out
        out = _one_row(out[start:stop])
    return out


def _one_row(tokens: list[Token]) -> list[Token]:
    out, stop = list[Token](), ALONE
    for place, token in enumerate(row := tree(tokens)):
        stop = max(stop, row.partner[place] if token.text == "\\begin" else ALONE)
        if place <= stop or token.text not in (r"\\", r"\cr"):
            out.append(token)
        elif next((one.text for one in tokens[place + 1 :] if one.text != "&"), "") not in _ALIGNED:
            out.append(token._replace(kind="space"))
    return out


def _unboxed(tokens: list[Token]) -> list[Token]:
    """Without the commands that draw a box around a whole statement."""
    out = list(tokens)
    for place in range(len(out) - 1, -1, -1):
        if out[place].text == r"\boxed" and place + 1 < len(out) and out[place + 1].kind == "open":
            stop = closing(out, place + 1, len(out))
            out = [*out[:place], *out[place + 2 : stop], *out[stop + 1 :]]
    return out


def _has_words(tokens: list[Token]) -> bool:
    return "text" in tree(tokens).kinds


def _bare_words(tokens: list[Token]) -> list[Token]:
    """Without the braces around words alone, as in ``{\\text{...}}``."""
    if not _has_words(tokens):
        return tokens
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


def _bracketed_words(tokens: list[Token]) -> list[Token]:
    r"""``\quad (\text{a remark})`` as the words alone; a remark with formulas in it without the brackets."""
    if not _has_words(tokens):
        return tokens
    groups, drop = tree(tokens), set[int]()
    for place, token in enumerate(groups[:-1]):
        stop = groups.partner[place] if token.text == "(" and groups[place + 1].kind == "text" else ALONE
        is_last = stop + 1 == len(groups) or (0 < stop + 1 < len(groups) and groups[stop + 1].kind in ("space", "mark"))
        if stop > place + 2 and is_last and _REMARK.match(groups[place + 1].text):
            drop |= {place, stop}
    tokens = [token for place, token in enumerate(tokens) if place not in drop]
    out: list[Token] = []
    for token in tokens:
        out.append(token)
        bracket = [t.kind if t.kind in ("space", "text") else t.text for t in out[-4:]]
        if bracket in (["space", "(", "text", ")"], ["&", "(", "text", ")"]):
            out[-3:] = [out[-2]]
    return out


_JOINED = frozenset((":=", "=:", *TYPED_ARROWS))
_JOINING = frozenset(one[-1] for one in _JOINED)


def _joined_assignment(tokens: list[Token]) -> list[Token]:
    out: list[Token] = []
    for token, following in itertools.pairwise([*tokens, Token("space", "", ALONE, ALONE)]):
        typed = [one.text for one in (*out[-1:], token)] == ["<", "-"] and len(out) > 1
        if typed and out[-2].end < out[-1].start and out[-1].end == token.start and token.end < following.start:
            out[-1] = Token("command", r"\leftarrow", out[-1].start, token.end)  # w <- w - g, not a <-b
            continue
        for count in (3, 2, 1) if token.kind == "mark" and token.text[-1] in _JOINING else ():
            last = (*out[-count:], token)
            is_close = all(one.end == other.start for one, other in itertools.pairwise(last))
            text = "".join(one.text for one in last)
            if is_close and text in _JOINED and all(one.kind == "mark" for one in last):
                out[-count:] = [Token("mark", text, last[0].start, token.end)]
                break
        else:
            out.append(token)
    return out


def _inner_products(tokens: list[Token]) -> dict[int, str]:
    """``<a, b>``: the signs that stand close about two sides and a comma, as brackets."""
    found, opened, groups = dict[int, str](), -1, tree(tokens)
    for place, token in enumerate(groups[:-1]):
        touches = groups[place + 1].start == token.end
        if token.text == "<" and token.kind == "mark" and touches:
            opened = place
        elif token.text == "=" or (token.text in ORDERS and token.text != ">"):
            opened = -1
        if token.text != ">" or opened < 0 or groups[place - 1].end != token.start:
            continue
        inside = [groups[k].text for k in groups.top(opened + 1, place)]
        is_factor = opened == 0 or groups[opened - 1].kind != "digit"
        if inside.count(",") == 1 and is_factor and groups[place + 1].kind != "digit":
            found |= {opened: r"\langle", place: r"\rangle"}
        opened = -1
    return found


def _with_inner_products(tokens: list[Token]) -> list[Token]:
    if "<" not in tree(tokens).texts:
        return tokens
    found = _inner_products([*tokens, Token("space", "", tokens[-1].end, tokens[-1].end)])
    return [t._replace(kind="command", text=found[k]) if k in found else t for k, t in enumerate(tokens)]


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


def _without_thousands(tokens: list[Token]) -> list[Token]:
    """557,057 and 5{,}570.5 as one number: groups of exactly three digits, without a gap; then ``0{,}5``."""
    text = "".join(
        "0" if t.kind == "digit" else t.text if t.text in ("{", "}", ",", ".") else "a"
        for t in tokens
        if len(t.text) >= 1
    )
    drop: set[int] = set()
    if len(text) == len(tokens):
        for found in _THOUSANDS.finditer(text):
            inside = range(found.start(), found.end())
            gaps = (k for k in inside[1:] if tokens[k].start != tokens[k - 1].end)
            if all(tokens[k - 1].kind == "close" for k in gaps) and tokens[found.start()].text != "0":
                drop |= {k for k in inside if tokens[k].kind != "digit"}
    return _with_points([token for k, token in enumerate(tokens) if k not in drop])


def _with_points(tokens: list[Token]) -> list[Token]:
    """``0{,}5`` as 0.5."""
    out: list[Token] = []
    for token in tokens:
        out.append(token)
        if token.kind == "digit" and [t.text for t in out[-4:-1]] == ["{", ",", "}"] and out[-5:][0].kind == "digit":
            out[-4:-1] = [Token("mark", ".", out[-4].start, out[-2].end)]
    return out


def _without_alignment(tokens: list[Token]) -> list[Token]:
    """Without alignment marks (outside environments), and without ``\\quad (12)`` and punctuation at the end."""
    if "&" not in tree(tokens).texts:
        return without_number(tokens)
    out, stop, row = list[Token](), ALONE, tree(tokens)
    for place, token in enumerate(row):
        stop = max(stop, row.partner[place] if token.text == r"\begin" else ALONE)
        if place <= stop or token.text != "&" or token.kind != "mark":
            out.append(token)
        elif (
            out
            and (place + 1 >= len(tokens) or tokens[place + 1].text not in _ALIGNED)
            and out[-1].text not in _ALIGNED
        ):
            out.append(token._replace(kind="space"))
    return without_number(out)


def _over_relations(tokens: list[Token]) -> list[Token]:
    r"""``\overset{!}{=}`` as ``=``, and ``\underset{i}{E}`` as ``E_{i}``."""
    out = list(tokens)
    for place in range(len(out) - 1, -1, -1):
        if out[place].text not in _STACKS or place + 1 >= len(out) or out[place + 1].kind != "open":
            continue
        middle = closing(out, place + 1, len(out))
        if middle + 1 < len(out) and out[middle + 1].text in EQUALITIES:  # \underset{...}=
            out[place : middle + 2] = [out[middle + 1]]
        if middle + 1 >= len(out) or out[middle + 1].kind != "open":
            continue
        stop = closing(out, middle + 1, len(out))
        base = out[middle + 2 : stop]
        if len(base) == 1 and base[0].text in _ALIGNED - {"+", "-", "&"}:
            out[place : stop + 1] = base
        elif out[place].text == r"\underset":
            out[place : stop + 1] = [
                *base,
                Token("mark", "_", base[0].start, base[0].end),
                *out[place + 1 : middle + 1],
            ]
    return out


def _without_gaps(tokens: list[Token]) -> list[Token]:
    r"""``a \Rightarrow \cdots \Rightarrow b`` as ``a \Rightarrow b``."""
    out: list[Token] = []
    for place, token in enumerate(tokens):
        out.append(token)
        behind = next((one.text for one in tokens[place + 1 :] if one.kind != "space" and one.text != "&"), "")
        held = [k for k, one in enumerate(out) if one.kind != "space" and one.text != "&"][-2:]
        if token.text == r"\dots" and behind in ARROWS and len(held) > 1 and out[held[0]].text in ARROWS:
            del out[held[0] :]
    return out


def _plain_dots(tokens: list[Token]) -> list[Token]:
    """Three points without a gap as dots."""
    out: list[Token] = []
    for token in tokens:
        out.append(token)
        three = out[-3:]
        if (
            len(three) == 3
            and all(t.text == "." and t.kind == "mark" for t in three)
            and three[0].end == three[1].start
        ):
            out[-3:] = [Token("command", r"\dots", three[0].start, three[2].end)]
    return out


def _arguments(tokens: list[Token]) -> list[Token]:
    r"""``\arg\max`` as one sign."""
    out: list[Token] = []
    for token in tokens:
        if out and out[-1].text == r"\arg" and token.text in (r"\max", r"\min"):
            out[-1] = Token("command", r"\arg" + token.text[1:], out[-1].start, token.end)
        elif token.kind == "close" and [t.text for t in out[-3:-1]] == [r"\mathop", "{"]:
            out[-3:] = [out[-1]]
        else:
            out.append(token)
    return out


_STACKS = frozenset((r"\overset", r"\stackrel", r"\underset"))
_CHANGES = (
    *TYPOGRAPHY,
    (r"\overset", _over_relations),
    (r"\stackrel", _over_relations),
    (r"\arg", _arguments),
    (r"\underset", _over_relations),
    (".", _plain_dots),
    (r"\dots", _without_gaps),
    (r"\boxed", _unboxed),
    ("{", _bare_words),
    *((sign, _joined_assignment) for sign in ":><"),
    ("<", _with_angles),
    (",", _without_thousands),
    ("(", _bracketed_words),
)
