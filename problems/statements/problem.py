"""The problem: every key of a statement, declared once: notation, givens, what is asked, the rules for the answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from truestep.problems.statements.schema import ALONE, MAX_LATEX, NUMBER

MAX_ENTRIES = 200
MOST = 10_000
FUNCTION_KINDS = ("elementwise", "scalar", "vector")
_DISTINCT = re.compile(r"\s*[A-Za-z]\s*(?:\\neq|\\ne|\\not\s*=|!=|≠)\s*[A-Za-z]\s*")

Layout = Literal["denominator", "numerator", "either"]
Route = Literal["delta", "cases", "backprop", "differentials", "chain"]
Kind = Literal["expression", "shape", "count", "numbers", "sizes", "choice", "order", "by hand"]
Chain = Literal["strict", "loose"]
Form = Literal["no sums", "no derivatives", "no inverse", "simplified"]
Latex = Annotated[str, Meta(max_length=MAX_LATEX)]
Several = Annotated[tuple[Latex, ...], Meta(max_length=MAX_ENTRIES)]
Forms = Annotated[tuple[Form, ...], Meta(max_length=MAX_ENTRIES)]
Name = Annotated[str, Meta(extra_json_schema=NUMBER)]
Codes = Annotated[tuple[Name, ...], Meta(max_length=MAX_ENTRIES)]
Table = Annotated[
    Mapping[str, Annotated[str, Meta(max_length=MAX_LATEX, extra_json_schema=NUMBER)]], Meta(max_length=MAX_ENTRIES)
]
Points = Annotated[float, Meta(ge=0, le=MOST)]
Share = Annotated[float, Meta(ge=0, le=1)]
Prices = Mapping[str, Points]


class Marking(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """How a part is marked: what its answer, its work, its rules and single lines are worth, and what slips cost."""

    final: Annotated[Points | None, Meta(description="points of the final answer")] = None
    method: Annotated[Points | None, Meta(description="points of the work")] = None
    form: Annotated[Points | None, Meta(description="points of the rules for the answer")] = None
    lines: Annotated[Prices, Meta(description="points of each line that must be shown")] = field(default_factory=dict)
    deduct: Annotated[Prices, Meta(description="what each slip of notation costs")] = field(default_factory=dict)
    needs_work: Annotated[Share | None, Meta(description="the share of its points that a bare answer earns")] = None

    @property
    def is_rubric(self) -> bool:
        """Whether it says what something is worth, and not only what slips cost."""
        return bool(self.lines) or any(points is not None for points in (self.final, self.method, self.form))


class Slip(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A mistake of the author's own; a text alone is its pattern."""

    pattern: Annotated[
        str, Meta(max_length=MAX_LATEX, description="right ~ slipped: C (A + B) ~ C A + B", extra_json_schema=ALONE)
    ]
    says: Annotated[Latex, Meta(description="what probably happened")] = ""
    ask: Annotated[Latex, Meta(description="what to ask oneself")] = ""
    code: Annotated[Latex, Meta(description="the code of the finding")] = ""


Slips = Annotated[tuple[Slip, ...], Meta(max_length=MAX_ENTRIES)]


class Random(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """How a quantity varies by chance: a law, or its mean and covariance; a text alone is the law."""

    law: Annotated[
        str, Meta(max_length=MAX_LATEX, description="the law: N(\\mu, \\Sigma)", extra_json_schema=ALONE)
    ] = ""
    mean: Annotated[Name, Meta(description="the mean")] = ""
    cov: Annotated[Name, Meta(description="the variance, of a vector the covariance matrix")] = ""
    given: Annotated[Several, Meta(description="what the law holds given")] = ()
    independent_of: Annotated[Several, Meta(description="random quantities that tell nothing of it")] = ()
    independent: Annotated[bool, Meta(description="whether the members of a family are independent")] = True


class Problem(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    r"""What is asked, as the statement says it; every formula is LaTeX.

    >>> Problem(symbols={"x": "scalar"}, find=(r"\frac{d}{dx} x^2",)).layout
    'denominator'
    """

    symbols: Annotated[Table, Meta(description="every name with its shape: K x M")] = field(default_factory=dict)
    given: Annotated[Several, Meta(description="definitions: z = W x, J = J(z)")] = ()
    assume: Annotated[Several, Meta(description="facts: x > 0, \\sum_k y_k = 1")] = ()
    random: Annotated[Mapping[str, Random], Meta(max_length=MAX_ENTRIES, description="what is random: its law")] = (
        field(default_factory=dict)
    )
    find: Annotated[Several, Meta(description="what is asked")] = ()
    answer: Annotated[Several, Meta(description="the reference; else it is computed from given")] = ()
    also: Annotated[Several, Meta(description="right answers in other forms, for the tests of the problem")] = ()
    wrong: Annotated[Table, Meta(description="typical wrong answers with the codes of their mistakes")] = field(
        default_factory=dict
    )
    slips: Annotated[Slips, Meta(description="mistakes of one's own, by their patterns")] = ()
    layout: Annotated[Layout, Meta(description="how derivatives by arrays are laid out")] = "denominator"
    route: Annotated[Route | None, Meta(description="how the answer is derived; else as suits what is asked")] = None
    functions: Annotated[Table, Meta(description="functions without a definition")] = field(default_factory=dict)
    names: Annotated[Table, Meta(description="other spellings, and what they mean")] = field(default_factory=dict)
    only: Annotated[Several, Meta(description="the symbols that the final answer may use")] = ()
    final_form: Annotated[Forms, Meta(description="rules for the final answer")] = ()
    must_show: Annotated[Several, Meta(description="what a line must give the value of")] = ()
    points: Annotated[Points | None, Meta(description="what the part is worth")] = None
    marking: Annotated[Marking, Meta(description="how it is marked")] = Marking()
    summation: Annotated[Literal["written", "einstein"], Meta(description="einstein: repeated indices are summed")] = (
        "written"
    )
    chain: Annotated[Literal["strict", "loose"], Meta(description="loose: factors in any order before the answer")] = (
        "strict"
    )
    strict: Annotated[Codes, Meta(description="liberties that are not granted")] = ()
    exact: Annotated[bool, Meta(description="decimals of the work are exact")] = False
    tolerance: Annotated[Points | None, Meta(description="relative, for rounded numbers")] = None
    macros: Annotated[Table, Meta(description="the course's own commands")] = field(default_factory=dict)
    kind: Annotated[Kind, Meta(description="the kind of answer")] = "expression"
    batch: Annotated[str, Meta(description="the size of the batch, for shapes")] = ""
    layers: Annotated[Several, Meta(description="the layers of a network: A: conv 16, kernel 5")] = ()
    channels: Annotated[Literal["first", "last"], Meta(description="where the channels stand")] = "first"
    options: Annotated[Table, Meta(description="the options of a choice")] = field(default_factory=dict)
    steps: Annotated[Several, Meta(description="the steps of an order, with other words behind bars")] = ()
    before: Annotated[Several, Meta(description="chains of steps: a < b < c")] = ()
    collect: Annotated[str, Meta(description="the affine form that an answer may be written in: W x + b")] = ""
    id: Annotated[Name, Meta(description="what the problem is called")] = ""
    title: Annotated[Name, Meta(description="a line above it")] = ""
    text: Annotated[str, Meta(description="the question in words")] = ""
    source: Annotated[str, Meta(description="where it is from")] = ""

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
