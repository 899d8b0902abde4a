r"""Signs that are set in several ways, as one token each: the roman d, ``\mathop{\nabla}``, bars, bare scripts."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from truestep.derivations.language.latex.groups import ALONE, Token, Tree, tree
from truestep.derivations.language.notation import FONTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from truestep.derivations.language.notation import Notation

# signs that are set as words
SIGNS_IN_WORDS = {"d": r"\dd", "grad": r"\nabla", "Grad": r"\nabla"}
SWITCHES = {
    r"\bf": r"\mathbf",
    r"\rm": r"\mathrm",
    r"\it": r"\mathit",
    r"\cal": r"\mathcal",
    r"\sf": r"\mathsf",
    r"\tt": r"\mathtt",
    r"\frak": r"\mathfrak",
    r"\mit": r"\mathit",
    r"\scr": r"\mathscr",
    r"\bfseries": r"\mathbf",
    r"\rmfamily": r"\mathrm",
    r"\boldmath": r"\mathbf",
}
NOTED_ARROWS = {
    r"\xrightarrow": r"\to",
    r"\xRightarrow": r"\Rightarrow",
    r"\xlongequal": "=",
    r"\xLeftrightarrow": r"\Leftrightarrow",
}
_CLASSES = frozenset((r"\mathop", r"\mathbin", r"\mathord"))
_UPRIGHT = frozenset((*FONTS, r"\operatorname"))
_CLAIMING = frozenset(("=", r"\Rightarrow"))
_OF_STATEMENTS = frozenset((*SWITCHES.values(), r"\boldsymbol", r"\bm", r"\underline"))
_BETWEEN = frozenset((",", "="))  # signs between names, which no name holds


def signs_in_words(tokens: list[Token], notation: Notation) -> list[Token]:
    r"""``\mathrm{d}``, ``{\rm d}`` and ``\text{grad}`` as the signs that they are, where no name is spelled so.

    >>> from truestep.derivations.language.notation import Notation
    >>> from truestep.derivations.language.reading.tokens import tokenize
    >>> [token.text for token in signs_in_words(tokenize(r"\mathrm{d}L"), Notation())]
    ['\\dd', 'L']
    """
    groups = tree(tokens)
    if _UPRIGHT.isdisjoint(groups.texts) and "text" not in groups.kinds:
        return tokens
    out, place, is_changed = list[Token](), 0, False
    while place < len(groups):
        token = groups[place]
        word, stop = "", place + 1
        if token.kind == "text":
            word = token.text.strip()
        elif token.text in _UPRIGHT and token.kind == "command" and stop < len(groups):
            last = groups.partner[stop] if groups[stop].kind == "open" else stop
            if last >= stop:
                inner = [one for one in groups[stop : last + 1] if one.kind not in ("open", "close")]
                word, stop = "".join(one.text for one in inner), last + 1
        sign = SIGNS_IN_WORDS.get(word, "")
        if sign and not _is_script(groups, place) and not _is_named(groups[place:stop], word, notation):
            out.append(Token("command", sign, token.start, groups[stop - 1].end))
            is_changed = True
        elif stop == place + 1:
            out.append(token)
        else:
            out += groups[place:stop]
        place = stop
    return out if is_changed else groups


def _is_script(tokens: list[Token], place: int) -> bool:
    before = place - 1
    while before > 0 and tokens[before].kind == "open":
        before -= 1
    return before >= 0 and tokens[before].text in ("_", "^") and tokens[before].kind == "mark"


def _is_named(written: list[Token], word: str, notation: Notation) -> bool:
    """Whether a statement has this word, so set, as a name of its own; a plain d beside it is another letter."""
    if written[0].kind == "text":
        return notation.is_name(word) or notation.is_name(f"\\text{{{word}}}")
    return notation.is_name(f"{written[0].text}{{{word}}}") or (len(word) > 1 and notation.is_name(word))


def switched(groups: Tree) -> Tree:
    r"""``{\cal E}`` and ``{\rm Tr}``, where a font holds to the end of its group, as ``\mathcal{E}`` and the like."""
    if SWITCHES.keys().isdisjoint([token.text for token in groups]):
        return groups
    out, closed = Tree(), dict[int, Token]()
    for place, token in enumerate(groups):
        if place in closed:
            out.append(closed[place])
        font = SWITCHES.get(token.text) if token.kind == "command" else None
        following = groups[place + 1].kind if font and place + 1 < len(groups) else "close"
        if font is None or following == "close":
            out += [] if font else [token]
            continue
        out.append(token._replace(text=font))
        opening = place - 1 if place and groups[place - 1].kind == "open" else -1
        if following != "open" and opening >= 0:
            stop = groups.partner[opening]
            out.append(Token("open", "{", token.start, token.end))
            closed[stop] = Token("close", "}", groups[stop].start, groups[stop].end)
    return out


def without_classes(tokens: list[Token]) -> list[Token]:
    r"""Without ``\mathop`` and its like around one sign or nothing, and fonts of several names, ``\mathbf{x, y}``.

    Nor are fonts, and lines below, of a whole statement: ``\mathbf{a = b}``.
    """
    groups, drop = tree(tokens), set[int]()
    for place, token in enumerate(groups[:-1]):
        is_font = token.text in _OF_STATEMENTS
        if not (is_font or token.text in _CLASSES) or groups[place + 1].kind != "open":
            continue
        last = groups.partner[place + 1]
        is_list = any(groups[k].text in _BETWEEN for k in groups.top(place + 2, last))
        if is_list if is_font else last - place <= 3:
            drop |= {place, place + 1, last}
    return [token for place, token in enumerate(groups) if place not in drop]


def braced_words(tokens: list[Token]) -> list[Token]:
    r"""``W_\text{out}`` as ``W_{\text{out}}``."""
    if "text" not in tree(tokens).kinds:
        return tokens
    out: list[Token] = []
    for token in tokens:
        if token.kind == "text" and out and out[-1].text in ("_", "^") and out[-1].kind == "mark":
            edges = (token.start, token.end)
            out += [Token("open", "{", *edges), token, Token("close", "}", *edges)]
        else:
            out.append(token)
    return out


def without_outer_braces(tokens: list[Token]) -> list[Token]:
    r"""``{\color{blue} a = b}``: without braces that hold a whole statement."""
    groups = tree(tokens)
    while groups and groups[0].kind == "open" and groups.partner[0] == len(groups) - 1:
        groups = tree(groups[1:-1])
    if _CLAIMING.isdisjoint([one.text for one, two in pairwise(groups) if two.kind == "open"]):
        return groups
    drop: set[int] = set()
    for place in groups.top(0, len(groups), strong=True):
        token = groups[place]
        if token.kind not in ("mark", "command") or token.text not in _CLAIMING:
            continue
        begin = place + 1
        if begin < len(groups) and groups[begin].kind == "open" and groups.partner[begin] > ALONE:
            last = groups.partner[begin]
            inner = groups.top(begin + 1, last, strong=True)
            if any(
                groups[k].text == "=" and groups[k].kind == "mark" and groups[k - 1].text not in "<>!" for k in inner
            ):
                drop |= {begin, last}
    return [token for place, token in enumerate(groups) if place not in drop] if drop else groups


def evaluation_bars(tokens: list[Token]) -> list[Token]:
    r"""``\left. f \right|_{x=a}`` as ``(f)|_{x=a}``; with a square bracket alike."""
    groups = tree(tokens)
    changed: dict[int, Token | None] = {}
    for place, token in enumerate(groups[:-1]):
        if token.text != r"\left" or groups[place + 1].text != ".":
            continue
        stop = groups.fences[place]
        if stop <= place or stop + 2 >= len(groups) or groups[stop + 1].text not in ("|", "]"):
            continue
        if groups[stop + 2].text not in ("_", "^"):
            continue
        changed |= {place: None, place + 1: Token("mark", "(", token.start, groups[place + 1].end)}
        bar = groups[stop + 1]
        changed[stop] = Token("mark", ")", groups[stop].start, groups[stop].end)
        changed[stop + 1] = Token("mark", "|", bar.start, bar.end)
    if not changed:
        return tokens
    kept = (changed.get(place, token) for place, token in enumerate(groups))
    return [token for token in kept if token is not None]


def noted_arrows(tokens: list[Token]) -> list[Token]:
    r"""``\xlongequal{i = j}`` and ``= \xrightarrow{i = j}`` as ``=``; other arrows without what is noted at them."""
    out, place, groups = list[Token](), 0, tree(tokens)
    while place < len(groups):
        token, place = groups[place], place + 1
        if token.text in NOTED_ARROWS and token.kind == "command":
            while place < len(groups) and (groups[place].kind == "open" or groups[place].text == "["):
                stop = groups.partner[place]
                if stop <= place:
                    break
                place = stop + 1
                if groups[stop].kind == "close":
                    break
            token = token._replace(text=NOTED_ARROWS[token.text])
            if out and out[-1].text == "=":
                continue
        out.append(token)
    return out


def opened_in_words(tokens: list[Token]) -> list[Token]:
    r"""``\text{(at most} = 1 \text{ at } z = 0)``: a bracket that opens in words that equal something is words."""
    if "text" not in tree(tokens).kinds:
        return tokens
    out, place = list[Token](), 0
    while place < len(tokens):
        token, place = tokens[place], place + 1
        opens = token.kind == "text" and token.text.lstrip().startswith("(")
        if opens and token.text.count("(") > token.text.count(")") and tokens[place:][:1] and tokens[place].text in _IS:
            depth = 0
            for stop in range(place - 1, len(tokens)):
                depth += tokens[stop].text.count("(") - tokens[stop].text.count(")")
                if not depth:
                    words = " ".join(one.text.strip() for one in tokens[place - 1 : stop + 1])
                    token, place = token._replace(text=words, end=tokens[stop].end), stop + 1
                    break
        out.append(token)
    return out


def without_number(tokens: list[Token]) -> list[Token]:
    r"""Without the number of an equation and punctuation at its end: ``\quad (12)``, ``\quad (A.3)``, ``\cdots ①``.

    >>> from truestep.derivations.language.reading.tokens import tokenize
    >>> [len(without_number(tokenize(rf"x \quad {end}"))) for end in ("(2.1)", r"\cdots (B2),", "(ii)", "②", "(ab)")]
    [1, 1, 1, 1, 6]
    """
    out = list(tokens)
    while out and not (len(out) > 1 and out[-2].text in (r"\left", r"\right")):
        last = out[-1]
        if last.kind == "space" or (last.text in _STOPS and last.kind in ("mark", "command")):
            out.pop()
            continue
        begin = next((k for k in range(len(out) - 1, -1, -1) if out[k].text == "("), 0) if last.text == ")" else 0
        start = begin
        while start and (out[start - 1].kind == "space" or out[start - 1].text in _LEADERS):
            start -= 1
        start = next((place for place in range(start, begin) if out[place].kind == "space"), begin)
        if start == begin or not _NUMBER.fullmatch("".join(token.text for token in out[begin + 1 : -1])):
            break
        del out[start:]
    return out if len(out) < len(tokens) else tokens


_STOPS = (".", ",", ";", ":", r"\\")
_LEADERS = (r"\cdots", r"\dots", r"\ldots")
_NUMBER = re.compile(r"[A-Z]?\.?\d{1,3}(?:\.\d{1,3})*'*|[*]+|[ivx]{2,4}")
_IS = ("=", "<", ">", r"\approx", r"\le", r"\ge")
TYPOGRAPHY: tuple[tuple[str, Callable[[list[Token]], list[Token]]], ...] = (
    (r"\mathop", without_classes),
    (r"\mathbin", without_classes),
    (r"\mathord", without_classes),
    *((font, without_classes) for font in sorted(_OF_STATEMENTS)),
    ("{", without_outer_braces),
    ("_", braced_words),
    ("^", braced_words),
    (r"\left", evaluation_bars),
    *((arrow, noted_arrows) for arrow in NOTED_ARROWS),
    (")", opened_in_words),
)
