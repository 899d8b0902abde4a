r"""Writing in Markdown, as GitHub, Jupyter and pandoc read it: formulas in ``$...$`` and ``$$...$$``.

>>> Markdown().prose("50% of *one* $x$ in `f(x)`")
'50% of *one* $x$ in `f(x)`'
"""

from __future__ import annotations

import base64
import re
from html import escape
from typing import TYPE_CHECKING

from truestep.problems.homework.marks import LINE, OPEN_TICK
from truestep.problems.sheets.typeset.characters import printable
from truestep.problems.sheets.typeset.drawing import svg
from truestep.problems.sheets.typeset.mathml import mathml
from truestep.problems.sheets.typeset.sheet_writer import Shown, Writer

if TYPE_CHECKING:
    from truestep.problems.sheets.typeset.drawing import Picture
    from truestep.problems.sheets.typeset.prose import Piece

_SIGNS = "*_[]#|~`{}"
_ENTITIES = {"\\": "&#92;", "$": "&#36;", "&": "&amp;", "<": "&lt;", ">": "&gt;"}
_FROM_MATH = re.compile(r"\\\||\|")  # a bar would end the cell of a table
_BEGINS = re.compile(r"^(\d*)([-+=.)])")
_SPACE = 'xmlns="http://www.w3.org/1998/Math/MathML"'
_MARKS = {"emphasis": "*", "strong": "**"}


class Written(str):
    """Markdown that a writer has made; any other text is escaped where it enters a sheet."""

    __slots__ = ()


class Markdown(Writer):
    """Writes Markdown in which every text is printed letter by letter, without HTML but in pictures."""

    def __init__(self, style: str = "") -> None:
        self.style = style  # of pictures, in CSS

    def safe(self, text: str) -> Written:
        """The text, marked as Markdown."""
        return Written(text)

    def prose(self, text: str) -> Written:
        """A text with its formulas."""
        return Written(re.sub(r"\n{3,}", "\n\n", super().prose(text)).strip())

    def words(self, text: str) -> Written:
        """A text, printed letter by letter."""
        return Written("".join(map(_printed, printable(text))))

    def math(self, latex: str) -> Written:
        """A formula in a line of text."""
        plain = " ".join(latex.split())
        return Written(f"${_FROM_MATH.sub(_bar, plain)}$")

    def display(self, latex: str, room: float = 1.0) -> Written:
        """A formula on its own."""
        return Written(f"\n\n$$\n{_lines(latex)}\n$$\n\n")

    def derivation(self, rows_: tuple[Shown, ...], depth: int = 0, condition: str = "") -> Written:
        """Rows in one display, each with its rule beside it."""
        body = " \\\\\n".join(map(_row, rows_))
        before = f"For ${condition}$:\n\n" if condition else ""
        return Written(f"{before}$$\n\\begin{{aligned}}\n{body}\n\\end{{aligned}}\n$$\n")

    def boxed(self, left: str, right: str) -> Written:
        """An answer in a frame."""
        return Written(f"$$\n\\boxed{{{_lines(f'{left} {right}'.strip())}}}\n$$\n")

    def blank(self) -> Written:
        """A line to write an answer on."""
        return Written(LINE)

    def tick(self) -> Written:
        """A box to tick."""
        return Written(f"- {OPEN_TICK}")

    def picture(self, picture: Picture) -> Written:
        """A drawing, as an image within the text."""
        made = svg(picture, lambda latex: mathml(latex).replace("<math", f"<math {_SPACE}", 1), escape)
        made = made.replace(">", f"><style><![CDATA[{self.style}]]></style>", 1)
        return Written(f"![](data:image/svg+xml;base64,{base64.b64encode(made.encode()).decode()})\n")

    def part(self, piece: Piece, inner: str, depth: int) -> str:
        """A part of a text."""
        if piece.kind == "paragraph":
            return f"{_sound(inner)}\n\n"
        if piece.kind in _MARKS:
            return f"{_MARKS[piece.kind]}{inner.strip()}{_MARKS[piece.kind]}" if inner.strip() else inner
        if piece.kind in ("code", "listing"):
            return _code(piece.text, piece.kind == "listing")
        if piece.kind == "break":
            return "\\\n"
        if piece.kind == "item":
            return f"\0{inner.strip()}\n"
        if piece.kind in ("list", "numbers"):
            return _listed(inner, piece.data if piece.kind == "numbers" else None)
        if piece.kind == "link":
            return f"[{inner}](<{piece.data.replace('>', '%3E').replace('<', '%3C')}>)"
        return _table_part(piece.kind, inner)


def _printed(character: str) -> str:
    if character in _ENTITIES:
        return _ENTITIES[character]
    return f"\\{character}" if character in _SIGNS else character


def _sound(paragraph: str) -> str:
    """A paragraph whose lines begin no list, no rule and no heading."""
    lines = (line.lstrip(" \t") for line in paragraph.split("\n"))
    return "\n".join(_BEGINS.sub(lambda found: f"{found[1]}\\{found[2]}", line) for line in lines)


def _bar(found: re.Match[str]) -> str:
    return r"\Vert " if len(found[0]) == 2 else r"\vert "


def _lines(latex: str) -> str:
    """A formula without empty lines, which would end it."""
    return "\n".join(line for line in latex.split("\n") if line.strip())


def _row(row: Shown) -> str:
    condition = f" \\quad \\text{{for }} {row.condition}" if row.condition else ""
    rule = f" && {_ruled(row.rule)}" if row.rule else ""
    return f"{row.left} & {row.right}{condition}{rule}"


def _ruled(rule: str) -> str:
    """A rule in words within a formula; an equation that it rests on stands outside of its words."""
    words, dollar, formula = rule.removesuffix("$").partition(": $")
    is_apart = bool(dollar) and rule.endswith("$") and "$" not in words + formula
    text = re.sub(r"\\([^\w\s])", r"\1", f"{words}: " if is_apart else rule)
    text = text if "$" in text else text.replace("_", r"\_")
    return f"\\text{{{text}}}" + (f" {formula}" if is_apart else "")


def _code(text: str, is_block: bool) -> str:
    longest = max(map(len, re.findall("`+", text)), default=0)
    if is_block:
        fence = "`" * max(3, longest + 1)
        return f"\n\n{fence}\n{text.strip(chr(10))}\n{fence}\n\n"
    fence = "`" * (longest + 1)
    return f"{fence} {text} {fence}" if text[:1] == "`" or text[-1:] == "`" or longest else f"{fence}{text}{fence}"


def _listed(inner: str, start: int | None) -> str:
    """Items that begin with a mark, one below the other; what belongs to one is indented."""
    out = []
    for number, item in enumerate(inner.split("\0")[1:], start or 0):
        mark = "- " if start is None else f"{number}. "
        out.append(mark + item.strip().replace("\n", "\n" + " " * len(mark)))
    return "\n\n" + "\n".join(out).replace("\0", "") + "\n\n"


def _table_part(kind: str, inner: str) -> str:
    if kind == "cell":
        return f" {' '.join(inner.split())} |"
    if kind == "row":
        return f"|{inner}\n"
    head, _, rest = inner.partition("\n")
    return f"\n\n{head}\n|{'---|' * (head.count(' |'))}\n{rest}\n\n"
