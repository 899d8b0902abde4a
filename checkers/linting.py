"""Lints that take an examiner: reference answers, typical answers, derivations, figures."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from checkers import rules
from checkers.deriving import Options, solved
from checkers.examine import examine, judged_references
from checkers.sampling import sampled
from derivations.faults import Fault, StatementFault, quoted
from derivations.reading.parser import Parser, Reading
from derivations.reading.rowtext import row_tokens
from derivations.scope import value_of
from derivations.shapes import describe
from derivations.steps import Stuck
from derivations.writing import latex
from problems import lint
from problems.graphs import graph
from problems.homework_file import homework_from
from problems.lint.draft import tables
from problems.lint.rule import Remark, Rule
from problems.lint.sizes import shape_written
from problems.plots import plot
from problems.setting import setting_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checkers.comparing.verdicts import Witness
    from checkers.judge import Judgement
    from derivations.expression import Expression
    from derivations.steps import Solution
    from problems.lint.draft import Draft, Stated
    from problems.problem import Problem
    from problems.setting import Setting


def answer_differs(draft: Draft) -> Iterator[Remark]:
    """Reference answers that are not what the givens make of the question."""
    for stated, setting in _usable(draft):
        for place, judgement in _false(setting):
            said = _said(judgement.verdict.witness) if judgement.verdict.witness else judgement.message
            message = f"{quoted(setting.problem.answer[place])} is not what given and find make of it: {said}"
            yield Remark(stated.origin("answer", place), message, "mend answer, given or find")
        for place, message in _false_shapes(setting):
            yield Remark(stated.origin("answer", place), message, "mend answer, or the shape under symbols")


def _false_shapes(setting: Setting) -> Iterator[tuple[int, str]]:
    """The reference shapes that have other sizes than what is asked for."""
    if setting.problem.kind != "shape" or len(setting.find) != len(setting.problem.answer):
        return
    for place, (asked, text) in enumerate(zip(setting.find, setting.problem.answer, strict=True)):
        written = shape_written(text)
        with suppress(Fault):
            found = value_of(asked, setting.scope).dims
            sizes, wanted = ([size for size in dims if size != 1] for dims in (written or found, found))
            if len(sizes) == len(wanted) and sizes != wanted:
                yield (
                    place,
                    f"{quoted(text)} is not the shape of {setting.problem.find[place]}, which is {describe(found)}",
                )


def _false(setting: Setting) -> list[tuple[int, Judgement]]:
    """The reference answers that do not hold, in any layout that is allowed."""
    return [
        (place, judgement)
        for place, _, judgement in judged_references(setting)
        if judgement.verdict.is_wrong and not _holds_in_other_layout(setting, place)
    ]


def _holds_in_other_layout(setting: Setting, place: int) -> bool:
    """Where both layouts are allowed, whether the answer is right in the numerator layout."""
    if setting.problem.layout != "either":
        return False
    turned = setting_of(replace(setting.problem, layout="numerator"))
    return any(at == place and not judgement.verdict.is_wrong for at, _, judgement in judged_references(turned))


def _said(witness: Witness) -> str:
    """A witness in a sentence."""
    values, place = (
        ", ".join(f"{name} = {value}" for name, value in of.items()) for of in (witness.values, witness.place)
    )
    at = f" at {place}" if place else ""
    return f"with {values}, the givens make {witness.left}{at}, and the answer says {witness.right}"


def answer_undecided(draft: Draft) -> Iterator[Remark]:
    """Reference answers that truestep cannot compare with what the givens make of the question."""
    for stated, setting in _usable(draft):
        for place, _, judgement in judged_references(setting):
            if judgement.verdict.outcome == "undecided":
                message = f"whether {quoted(setting.problem.answer[place])} is what is asked is undecided"
                yield Remark(stated.origin("answer", place), f"{message}: {judgement.message}")


def answer_breaks_rule(draft: Draft) -> Iterator[Remark]:
    """Reference answers that break the problem's own rules for the answer."""
    for stated, setting in _usable(draft):
        for place, answer in enumerate(setting.answer):
            for finding in rules.of_answer(setting, answer):
                message = f"{quoted(setting.problem.answer[place])} breaks the problem's own rule: {finding.message}"
                yield Remark(stated.origin("answer", place), message, "mend the answer, or loosen final_form or only")


def derived_breaks_rule(draft: Draft) -> Iterator[Remark]:
    """Derived answers that break the rules: the solution sheet would show an answer that loses marks."""
    for stated, setting in _sound(draft):
        for solution in _solutions(stated.problem) if _is_derived(stated) else ():
            answer = _read(latex(solution.answer, solution.notation), setting)
            for finding in rules.of_answer(setting, answer) if answer is not None else ():
                message = (
                    f"the answer that truestep derives, and the solution sheet shows, breaks a rule: {finding.message}"
                )
                key = "only" if finding.code == "not-allowed" else "final_form"
                yield Remark(stated.origin(key), message, "loosen the rule, or state given so that the answer keeps it")


def typical_answers(draft: Draft) -> Iterator[Remark]:
    """Typical wrong answers that are right, and other right answers that are wrong."""
    for stated, setting in _sound(draft):
        if len(setting.find) > 1 or setting.problem.kind != "expression":
            continue
        wrong: Any = stated.table.get("wrong", {})
        for text in wrong if isinstance(wrong, dict) else ():
            record = examine((text,), setting.problem, {})
            if record["final"]["verdict"] == "right" and not record["findings"]:
                yield Remark(
                    stated.origin("wrong", text), f"{quoted(text)} is stated as a typical wrong answer, and it is right"
                )
        for place, text in enumerate(stated.entries("also")):
            if examine((text,), setting.problem, {})["final"]["verdict"] == "wrong":
                yield Remark(
                    stated.origin("also", place), f"{quoted(text)} is stated as another right answer, and it is wrong"
                )


def stuck(draft: Draft) -> Iterator[Remark]:
    """Problems that truestep cannot derive; the solution sheet then shows the reference answer alone."""
    for stated, setting in _sound(draft, "asked", "shown"):
        if not _is_derived(stated):
            continue
        try:
            solved(setting.problem, Options())
        except Stuck as fault:
            key = "find" if "find" in stated.table else "given"
            repair = "" if setting.problem.answer else "state answer, so that the solution sheet shows it"
            yield Remark(stated.origin(key), f"no derivation: stuck at {fault.where}: {fault.reason}", repair)
        except StatementFault as fault:
            yield Remark(stated.place, f"no derivation: {fault.message}")


def left_to_person(draft: Draft) -> Iterator[Remark]:
    """Questions that a person reads."""
    for question in draft.questions:
        if question.table.get("kind") == "by hand":
            yield Remark(
                question.place, "the answer is left to a person: truestep gives it a box and marks it not_checked"
            )
    for stated, setting in _sound(draft):
        reason = examine((), setting.problem, {})["final"].get("reason", "")
        if reason and setting.problem.kind != "expression":
            yield Remark(stated.origin("kind"), f"the answer is left to a person: {reason}")


def figure(draft: Draft) -> Iterator[Remark]:
    """Figures that cannot be drawn."""
    for question in draft.questions:
        for number, (place, table) in enumerate(tables(question.table, "figure", question.place)):
            alone = {
                "id": "1",
                "text": "",
                **{key: question.table[key] for key in ("kind", "problem") if key in question.table},
            }
            notation = draft.table.get("notation", {})
            try:
                made = homework_from(
                    {"title": "H", "notation": notation, "part": [{"question": [{**alone, "figure": [table]}]}]}
                )
                drawing = made.question("1").figures[0]
                if drawing.kind == "graph" and drawing.problem is not None:
                    graph(drawing.problem)
                else:
                    plot(drawing, sampled)
            except StatementFault as fault:
                message = fault.message.removeprefix("part 1: question 1: ").removeprefix("figure: ")
                yield Remark(place, f"figure {number + 1} cannot be drawn: {message}")


def _usable(draft: Draft, *roles: str) -> Iterator[tuple[Stated, Setting]]:
    """The problems of some roles that nothing is wrong with."""
    for stated in draft.stated:
        if stated.role in (roles or ("asked",)) and stated.setting is not None and not stated.is_refused:
            yield stated, stated.setting


def _sound(draft: Draft, *roles: str) -> Iterator[tuple[Stated, Setting]]:
    """Those whose reference answers hold, too: by the others nothing can be examined."""
    return ((stated, setting) for stated, setting in _usable(draft, *roles) if not _false(setting))


def _is_derived(stated: Stated) -> bool:
    """Whether a solution sheet shows a derivation here."""
    return stated.problem is not None and stated.problem.kind == "expression" and bool(stated.problem.find)


def _solutions(problem: Problem | None) -> tuple[Solution, ...]:
    try:
        return solved(problem, Options())[0] if problem is not None else ()
    except (Stuck, StatementFault):
        return ()


def _read(text: str, setting: Setting) -> Expression | None:
    try:
        tokens = row_tokens(text, setting.context)
        return Parser(tokens, 0, len(tokens), setting.notation, Reading()).whole()
    except Fault:
        return None


RULES = (
    *lint.RULES,
    Rule("answer-differs", "error", "The reference answer is what the givens make of the question.", answer_differs),
    Rule("answer-breaks-rule", "error", "The reference answer keeps the problem's own rules.", answer_breaks_rule),
    Rule(
        "typical-answers", "error", "Typical wrong answers are wrong, and other right answers right.", typical_answers
    ),
    Rule("figure", "error", "Every figure can be drawn.", figure),
    Rule("derived-breaks-rule", "warning", "The derived answer keeps the problem's rules.", derived_breaks_rule),
    Rule("answer-undecided", "warning", "The reference answer can be compared with the question.", answer_undecided),
    Rule("stuck", "note", "truestep derives the solution itself.", stuck),
    Rule("left-to-person", "note", "truestep checks the answer itself.", left_to_person),
)
