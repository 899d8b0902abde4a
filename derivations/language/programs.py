"""Straight-line code as formulas: a name that is assigned anew stands for its last value; its remarks are a text.

Nothing is run: ``r = a - b``, ``r *= 2`` becomes one line, ``r = (a - b) * (2)``, at the place of the last one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from truestep.derivations.language.latex.groups import Token

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from truestep.derivations.language.notation import Notation

_ASSIGNED = re.compile(
    r"(?P<indent>[ \t]*)(?P<name>[A-Za-z_]\w*)[ \t]*(?P<sign>\*\*|[-+*/@])?=(?!=)[ \t]*(?P<value>\S.*)"
)
_LOOP = re.compile(r"(?P<indent>[ \t]*)(?:for\s.+\sin\s.+|while\s.+):\s*(?:#.*)?")
_CODE = re.compile(r"\b(?:np|torch|jnp)\.|\w\s*@\s*\w|[-+*/]=(?!=)|\.T\b")
_REMARK = re.compile(r"\s+#.*$")
_MARK = re.compile(r"^[ \t]*(?:#{1,6}|//+|%+)(?=\s|$)", re.MULTILINE)
_RUN = re.compile(r"(?:^#(?:[ \t].*)?(?:\n|\Z)){2,}", re.MULTILINE)  # in Markdown, lines that are no headings
_EMPTY = re.compile(r"^#[ \t]*$", re.MULTILINE)
_RULE = re.compile(r"(?<!\S)[-=_~*#\u2500\u2501\u2550]{3,}(?!\S)")
_DRAWN = re.compile(r"[ \t]*[\u2500-\u257f].*")
# what only says where a program keeps a value: ``self.W``, ``cache["W"]``, ``W.data``
_KEPT = re.compile(
    r"\bself\.(?=[A-Za-z_])|\b[A-Za-z_]\w*\[(?P<quote>[\"'])(?P<key>[A-Za-z_]\w*)(?P=quote)\]|"
    r"(?<=[\w\])])\.(?:data|value|(?:copy|detach|numpy|cpu|item)\(\))(?![\w(])"
)
# what a name holds before anything is put into it: w = np.zeros(n)
_STARTED = re.compile(
    r"\s*\w+\s*=\s*(?:[-+\d.]+\s*\*\s*)?(?:np|torch|jnp)\.(?:zeros|empty|random|rand)\w*(?:\.\w+)?\(.*"
)
_SAME = re.compile(r"^[ \t]*(\w+)[ \t]*=[ \t]*\1[ \t]*(?:#.*)?$", re.MULTILINE)
LONGEST = 2000


class _Line(NamedTuple):
    """An assignment: its number, the name, and what is assigned, with the name's last value put in."""

    number: int
    name: str
    value: str


def straightened(text: str) -> str:
    r"""The text with the lines that assign a name anew as one formula each; a loop is left as what it sums.

    >>> straightened("r = X @ w - y\nr *= 2\ng = X.T @ r")
    '\nr = (X @ w - y) * (2)\ng = X.T @ r'
    >>> straightened("g = 0\nfor i in range(n):\n    g += x[i]\ng /= n").split("\n")[3]
    'g = ((0) + (x[i] for i in range(n))) / (n)'
    >>> straightened('g = self.W.T @ cache["r"]')
    'g = W.T @ r'
    >>> straightened("L = a\nL = 2 L")
    'L = a\nL = 2 L'
    """
    if "$" in text or "\\" in text or _CODE.search(text) is None:
        return text
    text = _SAME.sub("", _KEPT.sub(lambda found: found["key"] or "", text))
    lines = text.split("\n")
    last, loop, out = dict[str, _Line](), ("", ""), [*lines]
    for number, line in enumerate(lines):
        opened = _LOOP.fullmatch(line)
        if opened is not None:
            loop, out[number] = (opened["indent"], line.strip().partition(":")[0]), ""
            continue
        found = _ASSIGNED.fullmatch(_REMARK.sub("", line))
        if found is None:
            last = {name: one for name, one in last.items() if not _names(name, line)}
            continue
        is_within = bool(loop[1]) and len(found["indent"]) > len(loop[0])
        loop = loop if is_within else ("", "")
        name, value, before = found["name"], found["value"].strip(), last.get(found["name"])
        value = f"{value} {loop[1]}" if is_within else value
        used = {one for one in last if one != name and _names(one, value)}
        last = {one: told for one, told in last.items() if one not in used}
        if found["sign"]:
            first = f"({before.value})" if before is not None else name
            whole = f"{first} {found['sign']} ({value})"
        else:
            whole = re.sub(rf"(?<![\w.]){name}\b", f"({before.value})", value) if before is not None else value
        is_anew = before is not None and (bool(found["sign"]) or _names(name, value))
        if is_anew and before is not None and len(whole) < LONGEST:
            out[before.number], out[number] = "", f"{name} = {whole}"
        elif found["sign"]:
            out[number] = f"{name} := {whole}"
        last[name] = _Line(number, name, whole)
    return "\n".join("" if _STARTED.fullmatch(line) else line for line in out)


def _names(name: str, text: str) -> bool:
    return re.search(rf"(?<![\w.]){name}\b", text) is not None


def unmarked(text: str, kind: str) -> str:
    r"""The text of a kind of document without the marks of remarks.

    >>> unmarked("    # --- layer 2 ---\n    # dL/da = b", "txt")
    '          layer 2    \n      dL/da = b'
    >>> unmarked("# Title\n\n# so\n#\n# $$a = b$$", "md")
    '# Title\n\n  so\n \n  $$a = b$$'
    """
    if kind == "md":
        return _RUN.sub(lambda run: re.sub(r"(?m)^#", " ", run[0]) if _EMPTY.search(run[0]) else run[0], text)
    if kind != "txt":
        return text
    return "\n".join(map(_plain, _MARK.sub(_blank, text).split("\n")))


def _plain(line: str) -> str:
    """A line without the rules beside its words; one of a drawing is left blank."""
    if _DRAWN.fullmatch(line):
        return " " * len(line)
    said = _RULE.sub(_blank, line)
    return said if said.strip() and "=" not in said else line


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def quotients(tokens: Sequence[Token], notation: Notation) -> list[Token]:
    r"""``dL_dz``, and ``dLdz`` of what a given defines, the names of derivatives in programs, as ``\frac{dL}{dz}``."""
    out, place = list[Token](), 0
    while place < len(tokens):
        stop = place + 1
        while stop < len(tokens) and _goes_on(tokens[stop - 1], tokens[stop]):
            stop += 1
        word = "".join(token.text for token in tokens[place:stop])
        cut = _quotient_cut(word, notation) if len(word) == stop - place and tokens[place].text == "d" else 0
        if cut:
            above = tokens[place : place + cut - (word[cut - 1] == "_")]
            edge, end = (tokens[place].start,) * 2, (tokens[stop - 1].end,) * 2
            sides = [
                [Token("open", "{", *edge), *one, Token("close", "}", *end)]
                for one in (above, tokens[place + cut : stop])
            ]
            out += [Token("command", r"\frac", *edge), *sides[0], *sides[1]]
        else:
            out += tokens[place:stop]
        place = stop
    return out


def _goes_on(token: Token, following: Token) -> bool:
    """Whether two tokens belong to one word of a program."""
    return following.touches(token) and all(
        one.kind in ("letter", "digit") or one.text == "_" for one in (token, following)
    )


def _quotient_cut(word: str, notation: Notation) -> int:
    """Where the lower d of a derivative that is one word stands; 0 where none does, or several may."""
    if word in notation.words or "d" in notation.indices or notation.is_name("d"):
        return 0
    cuts = [k for k in range(2, len(word) - 1) if word[k] == "d" and _is_spelled(word[k + 1 :], notation)]
    told = {*notation.defined, *notation.depends}
    cuts = [k for k in cuts if word[1:k] in told or (word[k - 1] == "_" and _is_spelled(word[1 : k - 1], notation))]
    return cuts[0] if len(cuts) == 1 else 0


def _is_spelled(word: str, notation: Notation) -> bool:
    """Whether a word without signs spells a declared name: ``w1``, ``theta``, ``yhat``."""
    base = word.rstrip("0123456789")
    known = {base, f"\\{base}", rf"\hat{{{base.removesuffix('hat').rstrip('_')}}}", base.partition("_")[0] or base}
    return word in notation.words or any(map(notation.is_name, known))


def is_slope(word: str, names: Container[str]) -> bool:
    """Whether a word is the differential of a name, or a derivative: ``dloss``, ``dgamma``, ``dLdz``."""
    cuts = (k for k in range(2, len(word) - 1) if word[k] == "d")
    is_whole = word[1:] in names or f"\\{word[1:]}" in names
    return word[0] == "d" and (is_whole or any(word[1:k] in names and word[k + 1 :] in names for k in cuts))
