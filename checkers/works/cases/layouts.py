"""In which layout a work writes its derivatives: mixed, or in another one throughout than what is stated."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.derivations.language.faults import Fault
from truestep.derivations.language.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.checkers.works.bench import Bench
    from truestep.checkers.works.chain_steps import Answered, LineVerdict
    from truestep.problems.statements.problem import Problem


def mixed_layout(bench: Bench, verdicts: Sequence[LineVerdict], layout: str) -> tuple[int, Finding] | None:
    """The first line in another layout than most lines, by its place among the lines; each alone may be right."""
    if layout != "either" or not any(_turned(verdict) for verdict in verdicts):
        return None
    right = [(place, answer) for place, one in enumerate(verdicts) if one.verdict.is_right for answer in one.answers]
    told = [(place, answer) for place, answer in right if _tells(bench, answer)]
    often = Counter(answer.reading.layout for _, answer in told)  # the first of those that are as frequent
    most = max(often, key=often.__getitem__, default="")
    return next(
        ((place, Finding("mixed-layout", one.right.span)) for place, one in told if one.reading.layout != most), None
    )


def other_convention(bench: Bench, verdicts: Sequence[LineVerdict], problem: Problem) -> str:
    """The layout in which most lines that tell it are written, where that is another than what is stated."""
    if problem.layout != "denominator" or "other-layout" in problem.strict:
        return ""
    wrong = [one for one in verdicts if one.verdict.is_wrong]
    right = [one for one in verdicts if one.verdict.is_right]
    for layout in ("mixed", "numerator") if len(wrong) > 1 else ():
        turned = [one for one in wrong if _is_turned(one, bench, layout, False)]
        is_told = layout == "mixed" or any(_is_by_vector(one, bench) for one in turned)  # x d^T alone is a slip
        if is_told and len(turned) > max(1, sum(_is_turned(one, bench, layout, True) for one in right)):
            return layout
    return ""


def _is_by_vector(verdict: LineVerdict, bench: Bench) -> bool:
    """Whether the line says a derivative of a number by a vector, which is a row in numerator layout."""
    for answer in verdict.answers:
        if answer.left.head == "derivative" and len(answer.left.args) == 2:
            with suppress(Fault):
                top, by = (bench.value(node, answer.reading)[0] for node in answer.left.args)
                if top.is_scalar and not by.is_scalar and 1 in by.dims:
                    return True
    return False


def _is_turned(verdict: LineVerdict, bench: Bench, layout: str, was_right: bool) -> bool:
    """Whether a claim of a derivative in the line is judged otherwise in another layout."""
    for answer in verdict.answers:
        told = answer.judgement.verdict
        if answer.left.head == "derivative" and (told.is_right if was_right else told.is_wrong):
            turned = bench.judge(replace(answer, reading=answer.reading.laid_out(layout))).verdict
            if turned.is_wrong if was_right else turned.is_right:
                return True
    return False


def other_layout(verdicts: list[LineVerdict], bench: Bench) -> list[LineVerdict]:
    """The first line that is right in another layout than what is stated says so."""
    for place, verdict in enumerate(verdicts):
        usual = [replace(one, reading=one.reading.laid_out("denominator")) for one in verdict.answers]
        if verdict.verdict.is_right and any(bench.judge(one).verdict.is_wrong for one in usual):
            finding = Finding("other-layout", verdict.answers[0].right.span)
            return [*verdicts[:place], replace(verdict, findings=(*verdict.findings, finding)), *verdicts[place + 1 :]]
    return verdicts


def _turned(verdict: LineVerdict) -> bool:
    return verdict.verdict.is_right and any(answer.reading.layout == "numerator" for answer in verdict.answers)


def _tells(bench: Bench, answer: Answered) -> bool:
    """Whether a side is right in its own layout alone."""
    if answer.is_alone or not answer.judgement.verdict.is_right:
        return False
    if answer.reading.layout != "denominator":
        return answer.reading.layout == "numerator"  # rows of Jacobians beside columns of gradients are no mixture
    turned = answer.reading.laid_out("numerator")
    return bench.judge(replace(answer, reading=turned)).verdict.is_wrong


def layouts_said(verdicts: list[LineVerdict], bench: Bench, problem: Problem) -> list[LineVerdict]:
    """Where a work mixes layouts, its first line in another one says so."""
    mixed = mixed_layout(bench, verdicts, problem.layout)
    if mixed is not None:
        place, finding = mixed
        verdicts[place] = replace(verdicts[place], findings=(*verdicts[place].findings, finding))
    return verdicts
