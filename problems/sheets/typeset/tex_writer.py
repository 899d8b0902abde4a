r"""Writing in LaTeX, for pdfLaTeX and standard packages.

>>> Latex().prose("50% of $x$")
'50\\% of $x$'
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from truestep.problems.homework.marks import BLANK, TICK
from truestep.problems.sheets.typeset.characters import latex_text
from truestep.problems.sheets.typeset.drawing import tikz
from truestep.problems.sheets.typeset.sheet_writer import Shown, Writer
from truestep.problems.sheets.typeset.widths import Row, rows, width

if TYPE_CHECKING:
    from truestep.problems.sheets.typeset.drawing import Picture
    from truestep.problems.sheets.typeset.prose import Piece

_BEFORE_DISPLAY = re.compile(r"\n\s*\n(\\\[|\\begin\{align\*\})")
# the width of the text, in em, with what a display is indented taken off
LINE = 37.0


class Set(str):
    """LaTeX that a Latex writer has made; any other text is escaped where it enters a sheet."""

    __slots__ = ()


class Latex(Writer):
    """Writes LaTeX that holds no control word but those of formulas, lists and displays."""

    def __init__(self, scripts: frozenset[str] = frozenset()) -> None:
        self.scripts = scripts  # for which an engine for Unicode is needed

    def safe(self, text: str) -> Set:
        """The text, marked as LaTeX."""
        return Set(text)

    def prose(self, text: str) -> Set:
        """A text with its formulas; a display belongs to the paragraph before it."""
        return Set(_BEFORE_DISPLAY.sub(r"\n\1", super().prose(text)).strip())

    def words(self, text: str) -> Set:
        """A text, printed letter by letter."""
        return Set(latex_text(text, bool(self.scripts)))

    def math(self, latex: str) -> Set:
        """A formula in a line of text."""
        return Set(f"${latex}$")

    def display(self, latex: str, room: float = 1.0) -> Set:
        """A formula on its own, broken over rows where it is wide."""
        made = rows("", latex, LINE * room)
        if len(made) == 1:
            return Set(f"\n\\[\n{_fitted(made[0], latex, LINE * room)}\n\\]\n")
        body = " \\\\\n".join(f"&{_fitted(row, row.right, LINE * room)}" for row in made)
        return Set(f"\n\\begin{{align*}}\n{body}\n\\end{{align*}}\n")

    def derivation(self, rows_: tuple[Shown, ...], depth: int = 0, condition: str = "") -> Set:
        """Rows in one align, each with its rule as a tag."""
        limit = LINE * (0.9 if depth else 1.0)
        body = " \\\\\n".join(line for row in rows_ for line in _lines(row, limit))
        made = f"\\begin{{align*}}\n{body}\n\\end{{align*}}"
        made = f"For ${condition}$:\n{made}" if condition else made
        return Set(f"\\begin{{quote}}\\small\n{made}\n\\end{{quote}}" if depth else made)

    def blank(self) -> Set:
        """A line to write an answer on, in the braces."""
        return Set(BLANK)

    def tick(self) -> Set:
        """A box to tick, in the braces."""
        return Set(TICK)

    def boxed(self, left: str, right: str) -> Set:
        """An answer in a frame; one that is wide is framed over several rows."""
        whole = f"{left} {right}".strip()
        if width(whole) <= LINE - 2:
            return Set(f"\\[\n\\boxed{{{whole}}}\n\\]")
        lines = [f"{row.left} & {_fitted(row, row.right, LINE - 2)}" for row in rows(left, right, LINE - 2)]
        body = " \\\\\n".join(lines)
        return Set(f"\\[\n\\boxed{{\\begin{{aligned}}\n{body}\n\\end{{aligned}}}}\n\\]")

    def picture(self, picture: Picture) -> Set:
        """A drawing in TikZ, in the middle of the line."""
        return Set(f"\n{{\\centering\n{tikz(picture)}\\par}}\\nobreak\n")

    def part(self, piece: Piece, inner: str, depth: int) -> str:
        """A part of a text."""
        if piece.kind == "paragraph":
            return f"{inner}\n\n"
        if piece.kind in _WRAPPED:
            return f"{_WRAPPED[piece.kind]}{{{inner}}}"
        if piece.kind == "code":
            inner = inner.replace(r"\_", r"\_\allowbreak{}")
            return f"\\texttt{{{inner}}}"
        if piece.kind == "break":
            return "\\leavevmode\\newline{}\n"
        if piece.kind == "listing":
            lines = "\\leavevmode\\newline{}\n".join(line.replace(" ", "~") for line in inner.strip("\n").split("\n"))
            return f"\\begin{{quote}}\\ttfamily\\raggedright\n{lines}\n\\end{{quote}}\n\n"
        if piece.kind == "item":
            return f"\\item{{}}{inner}\n"
        if piece.kind == "list":
            return f"\n\\begin{{itemize}}\n{inner}\\end{{itemize}}\n"
        if piece.kind == "numbers":
            start = f"[start={piece.data}]" if piece.data != 1 else ""
            return f"\n\\begin{{enumerate}}{start}\n{inner}\\end{{enumerate}}\n"
        if piece.kind == "link":
            return f"\\href{{{_address(piece.data)}}}{{{inner}}}"
        return _table_part(piece.kind, inner)


_WRAPPED = {"emphasis": r"\emph", "strong": r"\textbf"}


def _table_part(kind: str, inner: str) -> str:
    """A table is rows of cells; each cell ends in a mark that the row turns into what parts cells."""
    if kind == "cell":
        return f"{inner}\0"
    if kind == "row":
        return inner.rstrip("\0").replace("\0", " & ") + " \\\\\n"
    first, _, rest = inner.partition("\n")
    columns = "l" * (first.count(" & ") + 1)
    head = f"\\begin{{center}}\n\\begin{{tabular}}{{{columns}}}\n{first}\n\\hline\n{rest}"
    return f"{head}\\end{{tabular}}\n\\end{{center}}\n\n"


def _address(url: str) -> str:
    """An address that holds no character that LaTeX reads otherwise."""
    plain = quote(url, safe=":/?&=#%+,;@.-_!*()")
    return "".join(f"\\{letter}" if letter in "%#&_" else letter for letter in plain)


def _lines(row: Shown, limit: float) -> list[str]:
    """The lines of an align that one row of a derivation becomes; the rule stands beside the first."""
    condition = f" \\quad \\text{{for }} {row.condition}" if row.condition else ""
    made = rows(row.left, row.right, limit - width(condition))
    out = [f"{part.left} &{_fitted(part, part.right, limit - width(part.left))}" for part in made]
    out[-1] += condition
    if row.rule:
        out[0] += f" \\tag*{{\\footnotesize\\itshape {row.rule}}}"
    return out


def _fitted(row: Row, latex: str, room: float) -> str:
    """A formula that nothing could break is set smaller."""
    if not row.is_wide:
        return latex
    return f"\\resizebox{{{max(room, 12.0) * 0.92:.1f}em}}{{!}}{{$\\displaystyle {latex}$}}"
