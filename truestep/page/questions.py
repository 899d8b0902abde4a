"""A question as a page shows it: its text, what is given and asked, its names, as typeset HTML."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup, escape

from truestep.output.readable import visible
from truestep.problems.statements.problem import Problem
from truestep.reports.formulas import Formulas
from truestep.reports.pieces import text_of

MUST = {
    "no sums": "no sums over indices",
    "no derivatives": "no derivatives left",
    "no inverse": "no inverses",
    "simplified": "simplified",
}


@dataclass(frozen=True)
class Shown:
    """A question: its text in paragraphs, and rows of a label with formulas or words."""

    paragraphs: tuple[Markup, ...]
    rows: tuple[tuple[str, tuple[Markup, ...]], ...]


def shown(problem: Problem, text: str = "") -> Shown:
    """A question for a page; every text is escaped."""
    formulas = Formulas()
    paragraphs = [one for one in (text or problem.text).split("\n\n") if one.strip()]
    return Shown(tuple(said_of(one, formulas) for one in paragraphs), tuple(_rows(problem, formulas)))


def _rows(problem: Problem, formulas: Formulas) -> Iterator[tuple[str, tuple[Markup, ...]]]:
    names = [
        Markup("{}: {}").format(math_of(name, formulas), visible(shape).replace(" x ", " × "))
        for name, shape in problem.symbols.items()
    ]
    rules = [MUST[one] for one in problem.final_form]
    rules += [f"{problem.layout} layout"] if any(r"\partial" in one or r"\nabla" in one for one in problem.find) else []
    several = (
        ("Given", [math_of(one, formulas) for one in problem.given]),
        ("Assume", [math_of(one, formulas) for one in problem.assume]),
        ("Find", [math_of(one, formulas) for one in problem.find]),
        ("Show", [math_of(one, formulas) for one in problem.must_show]),
        ("Names", names),
        ("The answer", [escape(visible(one)) for one in rules]),
        ("Options", [said_of(f"{key}: {value}", formulas) for key, value in problem.options.items()]),
    )
    yield from ((label, tuple(found)) for label, found in several if found)


def math_of(latex: str, formulas: Formulas) -> Markup:
    """A formula, or its source where it cannot be set."""
    return formulas.math(latex) or Markup("<code>{}</code>").format(visible(latex))


def said_of(text: str, formulas: Formulas) -> Markup:
    """A sentence with its formulas."""
    parts = [math_of(one.text, formulas) if one.is_formula else escape(visible(one.text)) for one in text_of(text)]
    return Markup("").join(parts)
