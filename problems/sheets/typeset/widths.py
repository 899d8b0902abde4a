r"""How wide a formula will be, about, and where it may be broken over rows.

Widths are in em of the text font; they err on the wide side, so that what is said to fit does fit.

>>> 2 < width(r"W^{T} x + b") < 6
True
"""

from __future__ import annotations

from typing import NamedTuple

from truestep.derivations.language.latex.groups import ALONE, partners
from truestep.derivations.language.latex.lexer import atoms
from truestep.problems.sheets.typeset import words

_OPEN = frozenset(r"( [ \{ \langle \lfloor \lceil \lbrace \lbrack".split())
_CLOSE = frozenset(r") ] \} \rangle \rfloor \rceil \rbrace \rbrack".split())
_SPACED = {r"\,": 0.17, r"\:": 0.22, r"\;": 0.28, r"\ ": 0.33, r"\!": 0.0, r"\quad": 1.0, r"\qquad": 2.0}
_GAPS = (r"\quad", r"\qquad")
_SCRIPT = 0.72
_LETTER = {"i": 0.36, "j": 0.42, "l": 0.33, "m": 0.9, "w": 0.74, "t": 0.38, "W": 1.0, "M": 1.0, "I": 0.46}


class Row(NamedTuple):
    """One row of a display: the left side (or nothing), the rest, and whether it had to stay too wide."""

    left: str
    right: str
    is_wide: bool = False


def width(latex: str) -> float:
    """The width of a formula set as a display."""
    return _Measure(latex).run("")


class _Measure:
    def __init__(self, latex: str) -> None:
        self.tokens = atoms(latex)
        self.partner = partners(map(_step, self.tokens))
        self.at = 0

    def run(self, end: str, size: float = 1.0) -> float:
        total = 0.0
        while self.at < len(self.tokens) and self.tokens[self.at] != end:
            total += self.item(size)
        self.at += 1
        return total

    def item(self, size: float) -> float:
        token = self.tokens[self.at]
        self.at += 1
        if token in "_^":
            return self.scripts(token, size)
        if token == "{":
            return self.run("}", size)
        if token.startswith(r"\begin"):
            return self.rows(size)
        if token.startswith("\\"):
            return self.command(token, size)
        return _plain(token) * size

    def scripts(self, token: str, size: float) -> float:
        """A subscript and a superscript stand above each other."""
        first = self.argument(size * _SCRIPT)
        if self.at < len(self.tokens) and self.tokens[self.at] in "_^" and self.tokens[self.at] != token:
            self.at += 1
            return max(first, self.argument(size * _SCRIPT))
        return first

    def argument(self, size: float) -> float:
        return self.item(size) if self.at < len(self.tokens) else 0.0

    def command(self, token: str, size: float) -> float:
        if token in (r"\frac", r"\dfrac", r"\tfrac", r"\binom"):
            inner = size if size == 1.0 else size * _SCRIPT
            return max(self.argument(inner), self.argument(inner)) + 0.3
        if token in (r"\overset", r"\underset", r"\stackrel"):
            return max(self.argument(size * _SCRIPT), self.argument(size))
        if token in words.TEXTS or token in (r"\operatorname", r"\mathrm"):
            return self.text() * size + 0.2
        if token in words.ARITY:
            return self.argument(size) + (1.0 if token in (r"\sqrt", r"\boxed") else 0.1)
        if token in words.LARGE:
            return self.large(size)
        if token in words.FUNCTIONS:
            return (0.52 * len(token) - 0.2) * size
        if token in words.BEFORE_DELIMITER:
            return 0.25
        return _sign(token) * size

    def large(self, size: float) -> float:
        """A sum: its limits stand above and below it where it is not inside a script."""
        widest = 1.45 * size
        while self.at < len(self.tokens) and self.tokens[self.at] in "_^":
            self.at += 1
            limit = self.argument(size * _SCRIPT)
            widest = max(widest, limit) if size == 1.0 else widest + limit
        return widest + 0.2

    def text(self) -> float:
        stop = max(self.partner[self.at], self.at) if self.at < len(self.tokens) else self.at
        said = self.tokens[self.at : stop]
        self.at = stop + 1
        return 0.5 * sum(1 if token.startswith("\\") else len(token) for token in said)

    def rows(self, size: float) -> float:
        """An environment is as wide as its widest row."""
        widest = current = 0.0
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token.startswith(r"\end{"):
                self.at += 1
                break
            if token.startswith("\\\\"):
                self.at += 1
                widest, current = max(widest, current), 0.0
            elif token == "&":
                self.at += 1
                current += 0.9
            else:
                current += self.item(size)
        return max(widest, current) + 1.5


def _plain(token: str) -> float:
    if token.isspace() or token == "&":
        return 0.0
    if token in "+-=<>":
        return 1.3
    if token in ",;.:!'()[]|/":
        return 0.42
    return _LETTER.get(token, 0.78 if token.isupper() else 0.57)


def _sign(token: str) -> float:
    if token in _SPACED:
        return _SPACED[token]
    if token in words.RELATIONS:
        return 1.4
    if token in words.BINARY:
        return 0.95
    if token in words.STYLES:
        return 0.0
    if token in _OPEN | _CLOSE or token in (r"\|", r"\lVert", r"\rVert"):
        return 0.5
    return 1.2 if token in (r"\dots", r"\ldots", r"\cdots") else 0.72


def rows(left: str, right: str, limit: float, indent: float = 1.5) -> list[Row]:
    """The rows of ``left = right`` (``right`` with its relation), each within the limit where that can be had.

    >>> [row.right for row in rows("a", "= bbbbbb + cccccc - dddddd", 11.0)]
    ['= bbbbbb + cccccc', '\\\\quad - dddddd']
    """
    room = limit - width(left)
    out: list[Row] = []
    if room < limit * 0.35:  # a left side that leaves no room stands on its own
        out.append(Row(left, "", width(left) > limit))
        left, room = "", limit - indent
        right = f"\\quad {right}"
    if width(right) <= room:
        return [*out, Row(left, right)]
    held = ""
    for part in _parts(right):
        if held.strip() and width(held + part) > room:
            out.append(_row(left, held, room))
            gap = "" if part.startswith(_GAPS) else "\\quad "
            left, held, room = "", gap + part, limit - indent
        else:
            held += part
    return [*out, _row(left, held, room)]


def _row(left: str, right: str, room: float) -> Row:
    return Row(left, right.strip(), width(right) > room)


def _parts(latex: str) -> list[str]:
    """The formula cut before every relation and every sign of a sum that stand in no bracket."""
    parts, current, before, inside = [], "", "", ALONE
    tokens = atoms(latex)
    partner = partners(map(_step, tokens))
    is_list = _has_gaps(tokens, partner)
    for place, token in enumerate(tokens):
        may_break = token in _GAPS if is_list else _may_break(token, before)
        if place > inside and current.strip() and may_break:
            parts.append(current)
            current = ""
        inside = max(inside, partner[place])
        current += token
        if not token.isspace():
            before = token
    return [*parts, current]


def _step(token: str) -> tuple[int, str]:
    """Whether a group opens (1) or closes (-1) here, and of which kind."""
    if token in ("{", "}"):
        return (1 if token == "{" else -1), "{"
    if token in _OPEN or token.startswith((r"\begin{", r"\left")):
        return 1, ""
    return -int(token in _CLOSE or token.startswith((r"\end{", r"\right"))), ""


def _has_gaps(tokens: list[str], partner: list[int]) -> bool:
    """Whether formulas stand side by side; then a row ends between two of them."""
    inside, begun = ALONE, False
    for place, token in enumerate(tokens):
        if place > inside and begun and token in _GAPS:
            return True
        begun = begun or not token.isspace()
        inside = max(inside, partner[place] if token == "{" else ALONE)
    return False


def _may_break(token: str, before: str) -> bool:
    """Whether a row may begin with this token: a relation, or a sign between two terms."""
    if token in words.RELATIONS or token in "=<>":
        return bool(before)
    if token not in ("+", "-") or not before:
        return False
    return before not in "=<>(+-,/" and before not in words.RELATIONS and before not in words.BINARY
