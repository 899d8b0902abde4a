"""FINDINGS: everything that may be said about a work, and what a finding is by its row."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from truestep.problems.findings.mistakes import MISTAKES
from truestep.problems.findings.notation import SLIPS
from truestep.problems.findings.row import CARRIED, EMPTY, OPEN, RECOVERED, RULE, Case, Mistake, Row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from truestep.derivations.language.finding import Finding

BROKEN = "the final answer breaks the rule {rule!r}: {advice}"
NOT_COUNTED = "so it is not counted as a mistake of its own"

# what a judged line is, beside the mistakes in it
JUDGED = (
    Row(
        "value",
        "the two sides are not equal",
        "value",
        cases=(
            Case("reason", "{reason}"),
            Case("answer", "this is not the answer"),
            Case("asked", "this is not the answer that is asked for"),
            Case("update", "this is not the update that is asked for"),
            Case("partial", "this partial derivative is another"),
        ),
        is_of_another=True,
    ),
    Row(
        "shape",
        "this is {found}, but the left side is {left}",
        "shape",
        hint="both sides of an equation have one shape",
        cases=(Case("reason", "{reason}"),),
        is_of_another=True,
    ),
    Row(
        "not-a-solution",
        "this does not hold at the solution that the work ends with",
        "value",
        said="This does not solve the equations: put it in for the unknown, and see.",
        cases=(
            Case("stationary", "put in for the unknown, this does not make the gradient zero"),
            Case("lost", "the derivative is zero at other values, too"),
        ),
    ),
    Row(
        "bends-otherwise",
        "the second derivative is {sign} at this point, and what is said of it needs one that is {said}",
        "logic",
        hint="at a minimum the second derivative is not negative, at a maximum not positive",
    ),
    Row(
        "said-otherwise",
        "this is not so: {words}",
        "logic",
        hint="what words say of a quantity is a claim like a formula",
    ),
    Row("unknown-name", "{reason}", "name", cases=(Case("size", "what size {size} is, is not said"),)),
    Row("unreadable", "{reason}", "notation", tone=OPEN, said="This could not be read: {reason}."),
    Row(
        "carried",
        "this follows rightly from the wrong line before it",
        "logic",
        tone=CARRIED,
        said="{message}, " + NOT_COUNTED,
        on_wrong=f"What comes after it on this line follows rightly from it, {NOT_COUNTED}.",
        cases=(
            Case("result", "this follows rightly from a wrong result above"),
            Case("part", "this is right given the answer to {parts}, which was not"),
            Case("layer", "layer {layer}: this follows rightly from the wrong size before it"),
        ),
        is_blamed=False,
    ),
    Row(
        "rests-on",
        "this rests on {name}, which line {line} introduces: the mistake may be there",
        "logic",
        tone=CARRIED,
        cases=(Case("found", "this rests on {name}, which line {line} introduces: the mistake probably is there"),),
        is_blamed=False,
    ),
    Row(
        "recovered",
        "this is right again, though the line before was not",
        "logic",
        tone=RECOVERED,
        said="This is right again, though the line before it is not. How does this line follow from that one?",
        slip="a wrong line put right in silence",
        cases=(Case("result", "this is right, though it does not follow from the wrong result above"),),
    ),
)
# the rules for the answer, and what is asked and not there
DEMANDED = (
    Row("no-sums", BROKEN, "form", tone=RULE, said="The question wants the final answer without sums."),
    Row(
        "no-derivatives",
        BROKEN,
        "form",
        tone=RULE,
        said="The question wants the final answer without derivatives that are still to be taken.",
    ),
    Row("no-inverse", BROKEN, "form", tone=RULE, said="The question wants the final answer without an inverse."),
    Row(
        "simplified",
        BROKEN,
        "form",
        tone=RULE,
        said="The question wants a simplified answer: a factor 0 or 1 is still written.",
    ),
    Row(
        "not-allowed",
        "{symbol} may not stand in the answer, only {allowed}",
        "form",
        tone=RULE,
        again="{symbol} may not stand in the answer either",
    ),
    Row("no-answer", "nothing is written in this box", "missing", tone=EMPTY, glance="nothing is written"),
    Row("lost-box", "the handout has lost this box", "missing", tone=EMPTY, glance="the box is lost"),
    Row(
        "missing-part",
        "no line answers {asked}",
        "missing",
        tone=RULE,
        cases=(
            Case("shape", "the shape of {asked} is not given"),
            Case("size", "the size of {asked} is not given"),
        ),
        is_of_work=True,
    ),
    Row(
        "missing-case",
        "the cases given do not cover the whole question",
        "missing",
        tone=RULE,
        said="The cases that you give do not cover the whole question: one is missing.",
        cases=(Case("only", "the words say that this holds in that case only, and it holds elsewhere as well"),),
    ),
    Row(
        "must-show",
        "no line gives {show}; add one with it on the left",
        "missing",
        tone=RULE,
        said="The question wants to see {show}, and no right line gives it.",
        is_of_work=True,
    ),
)
# answers in words, numbers and lists
IN_WORDS = (
    Row("missing-batch", "{what} lacks the axis of the batch, {batch}: {shape} is that of one sample", "shape"),
    Row("extra-batch", "{what} has no axis of the batch: what belongs to the {batch} samples is summed", "shape"),
    Row("missing-axis", "{what} has one axis more than {shape}", "shape"),
    Row(
        "axis-order",
        "layer {layer}: the axes are in another order than asked for (channels {channels}, not {other})",
        "shape",
    ),
    Row("padding-forgotten", "layer {layer}: the padding is left out", "shape"),
    Row("stride-forgotten", "layer {layer}: the stride is left out", "shape"),
    Row("dilation-forgotten", "layer {layer}: the dilation is left out", "shape"),
    Row(
        "rounded-up",
        "layer {layer}: the last positions of the window do not fit; the division is rounded down",
        "shape",
    ),
    Row("missing-plus-one", "layer {layer}: the first position of the window is not counted (+ 1)", "shape"),
    Row(
        "channels",
        "layer {layer}: the number of channels is that of the filters",
        "shape",
        cases=(
            Case("pool", "layer {layer}: the number of channels is that of what goes in"),
            Case("weights", "layer {layer}: a filter has weights for every channel that goes in", "value"),
        ),
    ),
    Row("wrong-count", "layer {layer}: this is not its number of parameters", "value"),
    Row(
        "wrong-option",
        "option {options} does not hold",
        "value",
        cases=(Case("several", "options {options} do not hold"),),
    ),
    Row("missing-option", "not every option that holds is chosen", "missing", tone=RULE),
    Row("missing-step", "not listed: {steps}", "missing", tone=RULE),
    Row("swapped-steps", "{late!r} stands before {early!r}, but has to come after it", "logic"),
)
FINDINGS = (*SLIPS, *JUDGED, *DEMANDED, *MISTAKES, *IN_WORDS)

MISTAKE_CODES = tuple(row.code for row in (*MISTAKES, *IN_WORDS))  # what a wrong answer may be wrong by
ANY_SLIP = "notation"  # the price of every slip of notation that has none of its own
PRICED = (*(row.code for row in FINDINGS if row.slip), ANY_SLIP)  # what marking may deduct for


@cache
def row_of(code: str) -> Row:
    """The row of a code; that of a mistake which an author named where no other has it.

    >>> row_of("sign").hint[:7]
    'a minus'
    """
    return next((row for row in FINDINGS if row.code == code), Mistake(code))


def code_of_form(form: str) -> str:
    """The code of the finding that the form asked for is not kept.

    >>> code_of_form("no sums")
    'no-sums'
    """
    return form.replace(" ", "-")


def kind_of(finding: Finding) -> str:
    """The kind of a finding."""
    row = row_of(finding.code)
    return finding.kind or row.case(finding.args.get("case", "")).kind or row.kind


def message_of(code: str, args: Mapping[str, str]) -> str:
    """What a finding says.  Raises KeyError where an argument is missing.

    >>> message_of("missing-part", {"asked": "x", "case": "shape"})
    'the shape of x is not given'
    """
    return row_of(code).case(args.get("case", "")).message.format_map(args)


def recorded(finding: Finding, line: int | None, span: tuple[int, int] | None) -> dict[str, Any]:
    """A finding as a check record has it, at a place in a line."""
    return {
        "line": line,
        "kind": kind_of(finding),
        "code": finding.code,
        "args": dict(finding.args),
        "message": message_of(finding.code, finding.args),
        "span": None if span is None else list(span),
    }
