"""A report as one HTML page: without a network, without JavaScript, every text escaped."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from truestep.derivations.language.faults import StatementFault
from truestep.derivations.language.packed import packed_texts
from truestep.output.readable import visible
from truestep.reports import marks_shown
from truestep.reports.excerpt import cut
from truestep.reports.formulas import Formulas
from truestep.reports.model import Line, sign
from truestep.reports.numerals import before, number

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from jinja2 import Environment
    from markupsafe import Markup

    from truestep.reports.model import Marks, Part, Report, Seen
    from truestep.reports.pieces import Text

AROUND = 220
LONGEST_ROW = 600
MOST_OPEN = 3
MOST_KEPT = 500
OF_PAGE = (
    "said",
    "math",
    "display",
    "row",
    "value",
    "sign",
    "anchor",
    "told",
    "code",
    "kept",
)  # filters that are methods of the page
CLASSES = {"right": "right", "wrong": "wrong", "not_checked": "unchecked"}


def page(report: Report) -> str:
    """The page; a formula that MathML cannot have is shown as it was written.

    Raises StatementFault where a package is missing.
    """
    return _made("report.html", report)


def fragment(report: Report) -> str:
    """What the page says of the parts, for a page of others.  Raises StatementFault where a package is missing."""
    return _made("parts.html", report)


def _made(template: str, report: Report) -> str:
    return _environment().get_template(template).render(report=report, page=_Page(report.parts))


@cache
def _environment() -> Environment:
    """The templates with their filters; those that set formulas are the methods of the page that is made."""
    try:
        from jinja2 import DictLoader, StrictUndefined, pass_context
        from jinja2.sandbox import SandboxedEnvironment
    except ModuleNotFoundError:
        raise StatementFault(
            "reports in HTML need the package jinja2, which is not installed: pip install 'truestep[sheet]'"
        ) from None
    environment = SandboxedEnvironment(
        autoescape=True,
        loader=DictLoader(packed_texts(Path(__file__).parent, ".html", ".css")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def of_page(name: str) -> Any:
        return pass_context(lambda context, *given: getattr(context["page"], name)(*given))

    environment.filters.update({name: of_page(name) for name in OF_PAGE})
    environment.filters.update(
        {
            "text": visible,
            "around": lambda span, source: cut(source, span, AROUND),
            "bare": lambda verdict: sign(verdict).sign,
            "class": lambda verdict: CLASSES.get(verdict, "open"),
            "colour": _colour,
            "opened": _opened,
            "before": before,
            "points": marks_shown.points,
            "earned": marks_shown.earned,
        }
    )
    return environment


@cache
def _kept() -> dict[Hashable, tuple[Markup, int]]:
    """Rows of tables as HTML, each with how many characters of formulas are set in it."""
    return {}


class _Page:
    """What the template calls; each returns HTML in which every text is escaped."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.formulas = Formulas()
        self.anchors = {id(part): f"part{place}-" for place, part in enumerate(parts, 1)}

    def anchor(self, part: Part) -> str:
        """The name of a part within the page."""
        return self.anchors[id(part)]

    def kept(self, macro: Callable[..., Markup], one: Line | Seen, part: Part | None = None) -> Markup:
        """A row of a table as it was made before of the same, where as many formulas may still be set as then."""
        around = () if part is None else (self.anchor(part), isinstance(one, Line) and one.number in _opened(part))
        key = macro.name, one, around  # type: ignore[attr-defined]
        if isinstance(one, Line) and one.case is not None:  # numbers may be equal and yet be written otherwise
            return macro(one, part)
        found, room = _kept().get(key), self.formulas.room
        if found is not None and found[1] <= room:
            self.formulas.room -= found[1]
            return found[0]
        made = macro(one) if part is None else macro(one, part)
        if not self.formulas.is_full:
            if len(_kept()) >= MOST_KEPT:
                _kept().clear()
            _kept()[key] = made, room - self.formulas.room
        return made

    def told(self, marks: Marks) -> Markup:
        """Marks in a sentence."""
        return self.said(marks_shown.told(marks))

    def said(self, text: Text) -> Markup:
        """A sentence with its formulas."""
        from markupsafe import Markup, escape

        parts = [self.math(piece.text) if piece.is_formula else escape(visible(piece.text)) for piece in text]
        return Markup("").join(parts)

    def math(self, latex: str) -> Markup:
        """A formula in a sentence, or its source."""
        return self.formulas.math(latex) or self.code(latex)

    def display(self, latex: str) -> Markup:
        """A formula on its own, or its source."""
        return self.formulas.display(latex) or self.code(latex)

    def row(self, line: Line) -> Markup:
        """A line of the work, set; its source where it cannot be set."""
        return self.formulas.display(line.formula) or self.code(line.source)

    def code(self, source: str) -> Markup:
        """A source as it was written, cut where it is long."""
        from markupsafe import Markup

        shown = visible(source)
        shown = shown if len(shown) <= LONGEST_ROW else shown[:LONGEST_ROW] + " …"
        return Markup('<code class="source">{}</code>').format(shown)

    def value(self, value: object) -> Markup:
        """A number or a vector as text, a matrix as a matrix."""
        from markupsafe import escape

        if _is_matrix(value):
            rows = r" \\ ".join(" & ".join(number(item) for item in row) for row in value)  # type: ignore[attr-defined]
            return self.formulas.math(rf"\begin{{bmatrix}} {rows} \end{{bmatrix}}") or escape(number(value))
        return escape(number(value).replace("-", "−"))

    def sign(self, verdict: str) -> Markup:
        """The sign of a verdict beside its word; the sign is not read aloud."""
        from markupsafe import Markup

        shown = sign(verdict)
        return Markup('<span class="sign" aria-hidden="true">{}</span> {}').format(shown.sign, shown.word)


def _is_matrix(value: object) -> bool:
    return (
        isinstance(value, list | tuple)
        and bool(value)
        and all(
            isinstance(row, list | tuple) and row and all(isinstance(item, int | float) for item in row)
            for row in value
        )
    )


def _colour(part: Part) -> str:
    """The class of the summary: what is right but breaks a rule is not shown as all is well."""
    return "open" if part.rules and part.verdict == "right" else CLASSES.get(part.verdict, "open")


def _opened(part: Part) -> set[int]:
    """The numbers of the lines whose detail stands open: the first few that are wrong, and what a person sees to."""
    wrong = [line.number for line in part.lines if line.verdict == "wrong"]
    undecided = [line.number for line in part.lines if line.verdict in ("undecided", "unreadable")]
    return {*wrong[:MOST_OPEN], *undecided[:MOST_OPEN]}
