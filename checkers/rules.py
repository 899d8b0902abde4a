"""The rules for the answer: its form, the symbols it may use, what must be shown, and what was used in silence."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from checkers.comparing.models import World
from checkers.final import normal
from checkers.judge import Bench
from checkers.kinds.partials import partial_findings
from checkers.steps import Answered, Finding
from derivations.expression import Expression
from derivations.faults import Fault
from derivations.reading.parser import Parser, Reading
from derivations.reading.rowtext import row_tokens
from derivations.writing import latex
from problems.setting import setting_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers.final import Final
    from checkers.steps import LineVerdict
    from problems.setting import Setting


_SAID = re.compile(r"\\sum[^=]*=1(?![\d.])")  # sum of something = 1


def broken(
    setting: Setting, bench: Bench, verdicts: Sequence[LineVerdict], final: Final, rows: Sequence[str]
) -> list[Finding]:
    """What is to be said about the form of the answer and of the work."""
    findings = [
        replace(finding, row=answer.row)
        for said in (_form, _symbols)
        for answer in final.chosen
        for finding in said(setting, answer.right)
    ]
    answers = [answer for verdict in verdicts for answer in verdict.answers]
    findings += _shown(setting, answers)
    if final.verdict.is_wrong:
        findings += partial_findings(setting, bench, final)
    if not any(_SAID.search(row.replace(" ", "")) for row in rows):
        findings += _assumed(setting, answers)
    return findings


def of_answer(setting: Setting, answer: Expression) -> list[Finding]:
    """The rules for its form and its symbols that a final answer breaks."""
    return [*_form(setting, answer), *_symbols(setting, answer)]


_FORM_HEADS = {"no sums": ("sum",), "no derivatives": ("derivative", "gradient", "prime")}


def _form(setting: Setting, answer: Expression) -> list[Finding]:
    out: list[Finding] = []
    for form in setting.problem.final_form:
        heads = _FORM_HEADS.get(form, ())
        place = next((node for node in answer.walk() if node.head in heads), None)
        if form == "no derivatives" and place is not None:
            place = None if _is_given(setting, answer) else place
        if form == "no inverse":
            place = next(
                (node for node in answer.walk() if node.head == "power" and node.args[1].head == "negative"), None
            )
        if form == "simplified":
            place = next(
                (node for node in answer.walk() if node.head == "product" and any(_is_one(arg) for arg in node.args)),
                None,
            )
        if place is not None:
            out.append(
                Finding("form", form.replace(" ", "-"), f"the final answer breaks the rule {form!r}", place.span)
            )
    return out


def _is_given(setting: Setting, answer: Expression) -> bool:
    """Whether the only derivatives in an answer are upstream gradients that nothing in the problem determines."""
    free = set(setting.scope.arena.dependencies)
    return all(
        node.args[0].head == "symbol" and node.args[0].data in free
        for node in answer.walk()
        if node.head == "derivative"
    )


def _is_one(node: Expression) -> bool:
    return node.head == "number" and node.data[0] in (0, 1)


def _symbols(setting: Setting, answer: Expression) -> list[Finding]:
    """The first symbol or partial that the problem does not allow in the answer."""
    if not setting.problem.only:
        return []
    allowed = [_read(text, setting) for text in setting.problem.only]
    known = {normal(node) for node in allowed if node is not None}

    def stray(node: Expression) -> Expression | None:
        if normal(node) in known:
            return None
        if node.head in ("symbol", "member", "derivative", "unknown"):
            return node
        return next((found for arg in node.args if (found := stray(arg)) is not None), None)

    place = stray(answer)
    if place is None:
        return []
    message = f"{latex(place, setting.notation)} may not stand in the answer, only {', '.join(setting.problem.only)}"
    return [Finding("form", "not-allowed", message, place.span)]


def _read(text: str, setting: Setting) -> Expression | None:
    try:
        tokens = row_tokens(text, setting.context)
        return Parser(tokens, 0, len(tokens), setting.notation, Reading()).whole()
    except Fault:
        return None


def _shown(setting: Setting, answers: Sequence[Answered]) -> list[Finding]:
    """What a line must give the value of, and none does."""
    lefts = {
        normal(answer.left) for answer in answers if answer.left is not None and not answer.judgement.verdict.is_wrong
    }
    out: list[Finding] = []
    for text in setting.problem.must_show:
        node = _read(text, setting)
        if node is not None and not any(_alike(normal(node), left) for left in lefts):
            out.append(Finding("missing", "must-show", f"no line gives {text}", (0, 0)))
    return out


def _alike(wanted: Expression, left: Expression) -> bool:
    """The same expression up to the letters of its indices."""
    if wanted.head == left.head == "index":
        return True
    same = wanted.head == left.head and wanted.data == left.data and len(wanted.args) == len(left.args)
    return same and all(_alike(a, b) for a, b in zip(wanted.args, left.args, strict=True))


def _assumed(setting: Setting, answers: Sequence[Answered]) -> list[Finding]:
    """The first step that holds only because some entries sum to one, where the step does not say so."""
    facts = [text for text in setting.problem.assume if r"\sum" in text and text.replace(" ", "").endswith("=1")]
    steps = [
        (a, b)
        for a, b in itertools.pairwise(answers)
        if a.left is not None
        and a.left == b.left
        and a.judgement.verdict.is_right
        and b.judgement.verdict.is_right
        and a.condition == b.condition
    ]
    if not facts or not steps or not setting.find:
        return []
    without = replace(setting.problem, assume=tuple(text for text in setting.problem.assume if text not in facts))
    bench = Bench(World(setting_of(without, setting.context.macros)))
    for before, after in steps:
        if after.right.has("derivative") and before.right.has("derivative"):
            continue
        verdict = bench.judge(before.right, after.right, after.reading, after.condition, False).verdict
        if verdict.is_wrong:
            message = f"this step uses {facts[0]} without saying so"
            return [Finding("logic", "assumption-used", message, after.right.span, after.row)]
    return []
