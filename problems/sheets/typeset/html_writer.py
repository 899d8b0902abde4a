r"""Writing in HTML: one page without a network and without JavaScript, its formulas in MathML.

>>> str(Page().words("a < b"))
'a &lt; b'
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.problems.sheets.typeset.characters import printable
from truestep.problems.sheets.typeset.drawing import svg
from truestep.problems.sheets.typeset.mathml import mathml
from truestep.problems.sheets.typeset.sheet_writer import Shown, Writer
from truestep.problems.sheets.typeset.widths import rows

if TYPE_CHECKING:
    from markupsafe import Markup

    from truestep.problems.sheets.typeset.drawing import Picture
    from truestep.problems.sheets.typeset.prose import Piece

# the width of the text, in em
LINE = 40.0
_TAGS = {
    "paragraph": "p",
    "emphasis": "em",
    "strong": "strong",
    "code": "code",
    "listing": "pre",
    "list": "ul",
    "item": "li",
    "table": "table",
    "row": "tr",
    "cell": "td",
}


class Page(Writer):
    """Writes HTML in which every text is escaped."""

    def safe(self, text: str) -> Markup:
        """The text, marked as HTML."""
        from markupsafe import Markup

        return Markup(text)

    def words(self, text: str) -> Markup:
        """A text, printed letter by letter."""
        from markupsafe import escape

        return escape(printable(text))

    def math(self, latex: str) -> Markup:
        """A formula in a line of text."""
        return self.safe(mathml(latex))

    def display(self, latex: str, room: float = 1.0) -> Markup:
        """A formula on its own, broken over rows where it is wide."""
        made = "".join(mathml(row.right, display=True) for row in rows("", latex, LINE * room))
        return self.safe(f'<span class="display">{made}</span>')

    def derivation(self, rows_: tuple[Shown, ...], depth: int = 0, condition: str = "") -> Markup:
        """Rows of a table: left side, right side, rule."""
        body = "\n".join(self._row(row) for row in rows_)
        kind = "derivation within" if depth else "derivation"
        before = f"<p>For {mathml(condition)}:</p>" if condition else ""
        return self.safe(f'{before}<div class="wide"><table class="{kind}">\n{body}\n</table></div>')

    def _row(self, row: Shown) -> str:
        condition = rf" \quad \text{{for }} {row.condition}" if row.condition else ""
        made = rows(row.left, row.right, LINE)
        out = []
        for place, part in enumerate(made):
            left = _styled(part.left) if part.left else ""
            right = _styled(part.right + (condition if place == len(made) - 1 else ""))
            rule = row.rule if place == 0 else ""
            out.append(f'<tr><td class="left">{left}</td><td>{right}</td><td class="rule">{rule}</td></tr>')
        return "\n".join(out)

    def blank(self) -> Markup:
        """A line to write an answer on."""
        return self.safe('<span class="blank">&nbsp;</span>')

    def tick(self) -> Markup:
        """A box to tick."""
        return self.safe("&#9744;")

    def boxed(self, left: str, right: str) -> Markup:
        """An answer in a frame."""
        whole = mathml(f"{left} {right}".strip(), display=True)
        return self.safe(f'<div class="wide"><span class="frame">{whole}</span></div>')

    def picture(self, picture: Picture) -> Markup:
        """A drawing in SVG."""
        return self.safe(svg(picture, mathml, lambda text: str(self.words(text))))

    def part(self, piece: Piece, inner: str, depth: int) -> str:
        """A part of a text."""
        if piece.kind == "break":
            return "<br>"
        if piece.kind == "numbers":
            return f'<ol start="{piece.data}">{inner}</ol>'
        if piece.kind == "link":
            return f'<a href="{self.words(piece.data)}">{inner}</a>'
        if piece.kind == "paragraph" and depth:
            return f"<div>{inner}</div>\n"
        tag = _TAGS[piece.kind]
        return f"<{tag}>{inner}</{tag}>" + ("" if piece.kind in ("emphasis", "strong", "code") else "\n")


def _styled(latex: str) -> str:
    """A formula as large as in a display, in a cell."""
    return mathml(latex, display=True).replace('display="block"', 'displaystyle="true"', 1)
