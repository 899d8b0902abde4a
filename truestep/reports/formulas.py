r"""Formulas of a report as MathML; what cannot be set stays the text that was written.

>>> print(Formulas().math("x < y"))
<math><mrow><mi>x</mi><mo>&lt;</mo><mi>y</mi></mrow></math>
>>> Formulas().math(r"\href{javascript:x}{y}") is None
True
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from truestep.derivations.language.faults import StatementFault
from truestep.output.readable import visible
from truestep.problems.sheets.typeset.mathematics import plain_mathematics
from truestep.problems.sheets.typeset.mathml import mathml

if TYPE_CHECKING:
    from markupsafe import Markup

LONGEST = 700
MOST = 40_000
_MARKS = re.compile(r"\\(?:label|ref|eqref)\*?\{[^{}]{0,80}\}|\\(?:nonumber|notag|hfill|newline)\b|\\\\\s*$")
_TAG = re.compile(r"\\tag\*?\{([A-Za-z0-9.*' ]{0,20})\}")
_ALIGNMENT = re.compile(r"(?<!\\)&")
_FENCE = re.compile(r"\\(?:left|right)(?![A-Za-z])\s*\.?")
_WORD = re.compile(r"[A-Za-z]{3,}")


class Formulas:
    """Sets formulas, until so many characters have been set that a page would grow too large."""

    def __init__(self, room: int = MOST) -> None:
        self.room = room
        self.is_full = False  # whether a formula was not set because too many had been

    def display(self, latex: str) -> Markup | None:
        """The formula on its own; None where it cannot be set."""
        return self._set(latex, True)

    def math(self, latex: str) -> Markup | None:
        """The formula within a sentence, its fractions as large as on their own; None where it cannot be set."""
        from markupsafe import Markup

        made = self._set(latex, r"\frac" in latex)
        return None if made is None else Markup(str(made).replace('display="block"', 'displaystyle="true"', 1))

    def _set(self, latex: str, is_display: bool) -> Markup | None:
        from markupsafe import Markup

        source = _cleaned(latex)
        if not source.strip() or len(source) > LONGEST or _is_text(source):
            return None
        if len(source) > self.room:
            self.is_full = True
            return None
        self.room -= len(source)
        made = _mathml(source, is_display)
        return None if made is None else Markup(made)


@lru_cache(maxsize=512)
def _mathml(source: str, is_display: bool) -> str | None:
    """MathML; formulas that come again, as those of a work that is typed do, are set once."""
    for attempt in dict.fromkeys((source, _FENCE.sub("", source))):
        try:
            return mathml(plain_mathematics(attempt), is_display)
        except StatementFault as fault:
            if fault.code == "package":
                raise
    return None


def _cleaned(latex: str) -> str:
    """The formula without what only numbers and aligns it."""
    text = " ".join(visible(latex).split())
    text = _TAG.sub(lambda found: rf"\quad \text{{({found[1]})}}" if found[1] else "", _MARKS.sub(" ", text))
    return text if r"\begin" in text else _ALIGNMENT.sub(" ", text)


def _is_text(source: str) -> bool:
    """Whether this is no LaTeX but plain text with words in it, which as mathematics would lose its spaces."""
    return "\\" not in source and _WORD.search(source) is not None
