"""The problem: notation, givens, what is asked, and the rules for the answer."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

LAYOUTS = ("denominator", "numerator", "either")
KINDS = ("expression", "shape", "count", "numbers", "sizes", "choice", "order", "by hand")
CHANNELS = ("first", "last")
FORMS = ("no sums", "no derivatives", "no inverse", "simplified")
ROUTES = ("delta", "cases")
_DISTINCT = re.compile(r"\s*[A-Za-z]\s*(?:\\neq|\\ne|\\not\s*=|!=|≠)\s*[A-Za-z]\s*")
FUNCTION_KINDS = ("elementwise", "scalar", "vector")


@dataclass(frozen=True)
class Problem:
    r"""What is asked, as the statement says it; every formula is LaTeX.

    >>> Problem(symbols={"x": "scalar"}, find=(r"\frac{d}{dx} x^2",)).layout
    'denominator'
    """

    symbols: Mapping[str, str] = field(default_factory=dict)
    given: tuple[str, ...] = ()
    assume: tuple[str, ...] = ()
    find: tuple[str, ...] = ()
    answer: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    wrong: Mapping[str, str] = field(default_factory=dict)
    slips: tuple[Mapping[str, str], ...] = ()
    layout: str = "denominator"
    route: str = "delta"
    functions: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    only: tuple[str, ...] = ()
    final_form: tuple[str, ...] = ()
    must_show: tuple[str, ...] = ()
    points: float | None = None
    marking: Mapping[str, Any] = field(default_factory=dict)
    summation: str = "written"
    chain: str = "strict"
    tolerance: float | None = None
    macros: Mapping[str, str] = field(default_factory=dict)
    kind: str = "expression"
    batch: str = ""
    layers: tuple[str, ...] = ()
    channels: str = "first"
    options: Mapping[str, str] = field(default_factory=dict)
    steps: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    collect: str = ""
    id: str = ""
    title: str = ""
    text: str = ""
    source: str = ""

    @property
    def distinct_indices(self) -> tuple[str, ...]:
        r"""The assumptions that two indices differ.

        >>> Problem(assume=(r"j \neq k", "x > 0")).distinct_indices
        ('j \\neq k',)
        """
        return tuple(fact for fact in self.assume if _DISTINCT.fullmatch(fact))

    @property
    def in_words(self) -> str:
        """Which words are rows: ``all``, those of ``tables`` or ``totals``, ``else`` where there is no other row."""
        if self.kind in ("shape", "sizes", "choice", "order", "by hand"):
            return "all"
        return {"count": "totals", "numbers": "tables"}.get(self.kind, "")
