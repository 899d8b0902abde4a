r"""The formulas of a statement and of a text, as lines that a person reads in a terminal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from truestep.output.readable import readable, visible

if TYPE_CHECKING:
    from truestep.derivations.language.reading.chains import Statement
    from truestep.problems.statements.prepared import Setting

SIGNS = {"<=": "≤", ">=": "≥", "!=": "≠", "in": "∈", "not in": "∉", "": ""}
_DECIMAL = re.compile(r"\d\.\d")
_STRONG = re.compile(r"\*\*([^*\n]+)\*\*")
_FORMULA = re.compile(r"\$\$(.+?)\$\$|\$(.+?)\$", re.DOTALL)


def formula(latex: str, setting: Setting) -> str:
    r"""A formula as a line of Unicode, read with the names of a statement; its words where that cannot be had.

    >>> from truestep.problems.book import find_problem
    >>> from truestep.problems.statements.prepared import setting_of
    >>> formula(r"\frac{\partial J}{\partial x} = W^T", setting_of(find_problem("linear-layer-input")))
    '∂J/∂x = Wᵀ'
    """
    from truestep.derivations.language.faults import Fault
    from truestep.derivations.language.liberties import Reading
    from truestep.derivations.language.reading.chains import read_row
    from truestep.derivations.language.reading.rowtext import row_tokens

    if _DECIMAL.search(latex):  # a decimal is shown with its places
        return readable(latex)
    try:
        statements = read_row(row_tokens(latex, setting.context), setting.context, Reading(), frozenset())
        return " ".join(_line(statement, setting) for statement in statements) or readable(latex)
    except Fault:
        return readable(latex)


def _line(statement: Statement, setting: Setting) -> str:
    from truestep.derivations.language.faults import MeaningFault
    from truestep.derivations.language.writing import text

    sides = [part.expression for part in statement.parts]
    if statement.condition is not None or statement.remark or (len(sides) == 2 and sides[0] == sides[1]):
        raise MeaningFault("words beside a formula, and what J = J(z) says, are in no expression")
    words: list[str] = []
    for part in statement.parts:
        words += [SIGNS.get(part.relation, part.relation), text(part.expression, setting.notation)]
    return " ".join(word for word in words if word)


def prose(text: str) -> str:
    """A text with its formulas as a person reads them; a display stands on a line of its own.

    >>> prose("Let $x_1 = 2$.")
    'Let x_1 = 2.'
    """
    paragraphs = re.split(r"\n\s*\n", text.strip())
    return "\n\n".join(_lines(paragraph) for paragraph in paragraphs)


def _lines(paragraph: str) -> str:
    """One paragraph on one line, but for displays, and lists and tables as they stand."""
    plain = _STRONG.sub(r"\1", paragraph)
    shown = _FORMULA.sub(lambda found: f"\n  {readable(found[1])}\n" if found[1] else readable(found[2]), plain)
    kept: list[str] = []
    for line in shown.split("\n"):
        begins = line.lstrip()[:1] in ("-", "*", "|", "#", ">") or re.match(r"\s*\d+\.\s", line)
        if kept and not begins and not line.startswith("  ") and not kept[-1].startswith("  "):
            kept[-1] = f"{kept[-1]} {line.strip()}"
        else:
            kept.append(line.rstrip() if line.startswith("  ") else line.strip())
    return "\n".join(visible(line) for line in kept if line.strip())
