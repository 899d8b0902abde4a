"""Forms and numbers written as the formulas that they stand for."""

from __future__ import annotations

import re

from truestep.checkers.answers.forms import Form, Formula, Tuple, Words

_MIXED = re.compile(r"(-?)\s*(\d+)\s*(\\[dt]?frac\s*(?:\d\s*\d|\{\d+\}\s*\{\d+\}))")
_DEGREES = re.compile(r"(\d+(?:\.\d+)?)\s*\^\s*(?:\\circ(?![A-Za-z])|\{\s*\\circ\s*\})")
_PERIODIC = re.compile(r"(\d{0,12})\.(\d{0,12})\\overline\{(\d{1,12})\}")


def plain_number(text: str) -> str:
    r"""``1\frac{1}{2}`` and nothing else as a sum, ``60^\circ`` by its value, ``0.\overline{3}`` as a fraction.

    >>> plain_number(r"0.1\overline{6}"), plain_number(r"\sin 60^\circ")
    ('(15/90)', '\\sin (60 \\frac{\\pi}{180})')
    """
    whole = _MIXED.fullmatch(text.strip())
    if whole is not None:
        return f"{whole[1]}({whole[2]} + {whole[3]})"
    return _PERIODIC.sub(_fraction, _DEGREES.sub(r"(\1 \\frac{\\pi}{180})", text))


def _fraction(found: re.Match[str]) -> str:
    """A decimal whose last digits come again for ever."""
    whole, first, again = found[1] or "0", found[2], found[3]
    above = int(whole + first + again) - int(whole + first)
    return f"({above}/{(10 ** len(again) - 1) * 10 ** len(first)})"


def rows_of(form: Tuple) -> list[tuple[Form, ...]]:
    """The rows of a list of lists that are equally long; none of another tuple."""
    rows = [one.items for one in form.items if isinstance(one, Tuple)]
    return rows if len(rows) == len(form.items) and len({*map(len, rows)}) == 1 else []


def array_of(form: Tuple) -> Formula:
    """A tuple as a column, a list of lists as a matrix."""
    rows = rows_of(form) or [(one,) for one in form.items]
    text = r" \\ ".join(" & ".join(map(text_of, row)) for row in rows)
    return Formula(rf"\begin{{pmatrix}} {text} \end{{pmatrix}}")


def text_of(form: Form) -> str:
    """A formula or words as they were written."""
    return form.text if isinstance(form, Formula | Words) else r"\text{?}"
