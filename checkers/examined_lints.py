"""Lints that take an examiner: reference answers, typical answers, derivations, figures."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from msgspec import structs

from truestep.checkers.comparing.world import World
from truestep.checkers.derive_records import Options, solved
from truestep.checkers.documents.work import typed
from truestep.checkers.form.final_form import of_answer
from truestep.checkers.mistakes.patterns import row
from truestep.checkers.own_solutions import derive, own_marks
from truestep.checkers.sampling import sampled
from truestep.checkers.works.examine import examine
from truestep.checkers.works.solving.references import judged_references
from truestep.derivations.deriving.steps import Stuck
from truestep.derivations.language.faults import Fault, StatementFault, quoted
from truestep.derivations.language.shapes import describe
from truestep.derivations.language.writing import latex
from truestep.derivations.meaning.scope import value_of
from truestep.problems import lint
from truestep.problems.findings.table import message_of
from truestep.problems.homework.homework_file import homework_from, homework_misfits, tables
from truestep.problems.lint.lint_rule import Remark, Rule
from truestep.problems.lint.refusals import FORMULAS
from truestep.problems.lint.sizes_in_text import shape_written
from truestep.problems.sheets.graphs import graph
from truestep.problems.sheets.plots import plot
from truestep.problems.statements.prepared import setting_of
from truestep.problems.statements.statement import problem_from, statement_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truestep.checkers.comparing.verdicts import Witness
    from truestep.checkers.works.claim import Judgement
    from truestep.derivations.deriving.steps import Solution
    from truestep.problems.lint.draft import Draft, Stated
    from truestep.problems.statements.prepared import Setting
    from truestep.problems.statements.toml.positions import Path


@dataclass(frozen=True)
class Examined:
    """A problem that can be used, with what the examiner says of its answers, found once for all rules."""

    setting: Setting
    verdicts: dict[str, tuple[str, str]] = field(default_factory=dict, compare=False)
    marks: dict[float | None, dict[str, Any] | None] = field(default_factory=dict, compare=False)

    @cached_property
    def references(self) -> tuple[tuple[int, Judgement], ...]:
        """The reference answers that can be compared with what is asked, by their places."""
        return tuple((place, judgement) for place, _, judgement in judged_references(World(self.setting)))

    @cached_property
    def false(self) -> tuple[tuple[int, Judgement], ...]:
        """Those of them that do not hold, in any layout that is allowed."""
        return tuple((place, judgement) for place, judgement in self.references if judgement.verdict.is_wrong)

    @cached_property
    def derivation(self) -> tuple[Solution, ...] | Stuck | StatementFault:
        """The solutions, or why there are none."""
        try:
            return solved(self.setting.problem, Options())[0]
        except (Stuck, StatementFault) as fault:
            return fault

    def own_marks(self, points: float | None) -> dict[str, Any] | None:
        """The marks of what the sheet shows, where the problem is worth so many points."""
        if points not in self.marks:
            self.marks[points] = own_marks(structs.replace(self.setting.problem, points=points))
        return self.marks[points]

    def verdict(self, answer: str) -> tuple[str, str]:
        """The verdict on an answer that is handed in, and its reason; one that breaks a rule is ``wrong`` too.

        Where several things are asked, each line names what it answers.
        """
        if answer not in self.verdicts:
            self.verdicts[answer] = self._judged(answer)
        return self.verdicts[answer]

    def _judged(self, answer: str) -> tuple[str, str]:
        problem, rows = structs.replace(self.setting.problem, must_show=()), answer.split("\n")
        if len(problem.find) == 1 and problem.kind in FORMULAS:
            rows = [f"{problem.find[0]} = {row}" for row in rows]
        record = examine(typed(rows), problem, is_diagnosed=False)
        broken = any(finding["kind"] != "notation" for finding in record["findings"])
        final = record["final"]
        return ("wrong" if final["verdict"] == "right" and broken else final["verdict"]), final.get("reason", "")

    @property
    def is_derived(self) -> bool:
        """Whether a solution sheet shows a derivation; of a problem with a false answer nothing can be examined."""
        return self.setting.problem.kind == "expression" and bool(self.setting.find) and not self.false


@lru_cache(maxsize=512)
def _examined(statement: str) -> Examined:
    return Examined(setting_of(problem_from(json.loads(statement))))


def _usable(draft: Draft, *roles: str) -> Iterator[tuple[Stated, Examined]]:
    """The problems of some roles (asked of a student, if none is named) that nothing is wrong with."""
    for stated in draft.stated:
        if stated.role in (roles or ("asked",)) and stated.problem is not None and not stated.is_refused:
            yield stated, _examined(json.dumps(statement_of(stated.problem)))


def answer_differs(draft: Draft) -> Iterator[Remark]:
    """Reference answers that are not what the givens make of the question."""
    for stated, examined in _usable(draft):
        for place, judgement in examined.false:
            said = _said(judgement.verdict.witness) if judgement.verdict.witness else judgement.verdict.reason
            message = f"{quoted(examined.setting.problem.answer[place])} is not what given and find make of it: {said}"
            yield Remark(stated.origin("answer", place), message, "mend answer, given or find")
        for place, message in _false_shapes(examined.setting):
            yield Remark(stated.origin("answer", place), message, "mend answer, or the shape under symbols")


def _false_shapes(setting: Setting) -> Iterator[tuple[int, str]]:
    """The reference shapes that have other sizes than what is asked for."""
    problem = setting.problem
    if problem.kind != "shape" or len(problem.find) != len(problem.answer):
        return
    for place, (name, text) in enumerate(zip(problem.find, problem.answer, strict=True)):
        asked, written = setting.read_or_none(name), shape_written(text)
        if asked is None or written is None:
            continue
        with suppress(Fault):
            found = value_of(asked, setting.scope).dims
            sizes, wanted = ([size for size in dims if size != 1] for dims in (written, found))
            if len(sizes) == len(wanted) and sizes != wanted:
                yield place, f"{quoted(text)} is not the shape of {name}, which is {describe(found)}"


def _said(witness: Witness) -> str:
    """A witness in a sentence."""
    values, place = (
        ", ".join(f"{name} = {value}" for name, value in of.items()) for of in (witness.values, witness.place)
    )
    at = f" at {place}" if place else ""
    return f"with {values}, the givens make {witness.left}{at}, and the answer says {witness.right}"


def answer_undecided(draft: Draft) -> Iterator[Remark]:
    """Reference answers that truestep cannot compare with what the givens make of the question."""
    for stated, examined in _usable(draft):
        for place, judgement in examined.references:
            if judgement.verdict.outcome == "undecided":
                text = quoted(examined.setting.problem.answer[place])
                message = f"whether {text} is what is asked is undecided: {judgement.verdict.reason}"
                yield Remark(stated.origin("answer", place), message)


def answer_breaks_rule(draft: Draft) -> Iterator[Remark]:
    """Reference answers that break the problem's own rules for the answer."""
    for stated, examined in _usable(draft):
        for place, answer in enumerate(examined.setting.answer):
            for finding in of_answer(examined.setting, answer):
                text = quoted(examined.setting.problem.answer[place])
                message = f"{text} breaks the problem's own rule: {message_of(finding.code, finding.args)}"
                yield Remark(stated.origin("answer", place), message, "mend the answer, or loosen final_form or only")


def derived_breaks_rule(draft: Draft) -> Iterator[Remark]:
    """Derived answers that break the rules: the solution sheet would show an answer that loses marks."""
    for stated, examined in _usable(draft):
        has_steps = examined.is_derived and isinstance(examined.derivation, tuple)
        for one in derive(examined.setting.problem, "normal") if has_steps else ():
            answer = examined.setting.read_or_none(latex(one.answer, one.notation))
            if answer is None or one.answer in examined.setting.answer:  # a reference has a rule of its own
                continue
            for finding in of_answer(examined.setting, answer):
                told = message_of(finding.code, finding.args)
                message = f"the derived answer, which the solution sheet shows, breaks a rule: {told}"
                key = "only" if finding.code == "not-allowed" else "final_form"
                yield Remark(stated.origin(key), message, "loosen the rule, or state given so that the answer keeps it")


def sheet_earns_less(draft: Draft) -> Iterator[Remark]:
    """Rubrics that the solution of the sheet does not fulfil."""
    worth = _worths(draft)
    for stated, examined in _usable(draft):
        problem = examined.setting.problem
        if not examined.is_derived or not isinstance(examined.derivation, tuple):
            continue
        points = worth.get(stated.place) if problem.points is None else problem.points
        with suppress(StatementFault):  # a rubric that does not add up is told by itself
            marks = examined.own_marks(points)
            most = marks and (marks["earned"] if marks["earned"] is not None else marks["at_most"])
            if marks and most < marks["of"]:
                lost = (one for one in marks["items"] if one["earned"] is not None and one["earned"] < one["of"])
                why = "; ".join(f"{one['for']}: {one['earned']:g} of {one['of']:g}" for one in lost)
                message = f"the solution that the sheet shows earns {most:g} of {marks['of']:g} by this rubric ({why})"
                key = "must_show" if problem.must_show else "marking" if "marking" in stated.table else "find"
                yield Remark(
                    stated.origin(key), message, "ask for what a solution shows, or state given so that it does"
                )


def _worths(draft: Draft) -> dict[Path, float | None]:
    """What the problems of a homework are worth, by their places."""
    if not draft.is_homework:
        return {}
    with suppress(StatementFault, StopIteration, KeyError):
        homework = homework_from(draft.table)
        asked = {one.id: homework.worth(one) for one in homework.questions}
        return {one.place: asked.get(str(each.table.get("id"))) for each in draft.questions for one in each.stated}
    return {}


def slip_unread(draft: Draft) -> Iterator[Remark]:
    """Slips of the author that cannot be read with the names of the problem."""
    common = draft.table.get("slips", ()) if "part" in draft.table else ()
    for stated, examined in _usable(draft):
        own = [(stated.origin("slips", place), slip) for place, slip in enumerate(examined.setting.problem.slips)]
        with suppress(StatementFault):  # one that is no slip at all is refused
            of_all = problem_from({"slips": common}).slips
            own += [(("slips", place), slip) for place, slip in enumerate(of_all)]
        for where, slip in own:
            try:
                read = row(slip.pattern, examined.setting.problem)
            except StatementFault as fault:
                yield Remark(where, fault.message, "write right ~ slipped in the problem's own names")
                continue
            if read.right == read.slipped:
                yield Remark(
                    where, "both sides of this slip are the same, so it names nothing", "write what is slipped"
                )
            elif not (read.is_undone or read.is_made):
                letters = f"{' '.join(sorted(read.lost))} and {' '.join(sorted(read.added))}"
                message = f"each side of this slip has parts that the other lacks, {letters}, so it names nothing"
                yield Remark(where, message, "make one side of the parts of the other")


def typical_answers(draft: Draft) -> Iterator[Remark]:
    """Typical wrong answers that are right, and other right answers that are wrong."""
    for place, text, is_wrong, (verdict, _) in _typical(draft):
        if is_wrong and verdict == "right":
            yield Remark(place, f"{quoted(text)} is stated as a typical wrong answer, and it is right", "leave it out")
        if not is_wrong and verdict == "wrong":
            message = f"{quoted(text)} is stated as another right answer, and it is wrong"
            yield Remark(place, message, "mend it, or leave it out")


def typical_undecided(draft: Draft) -> Iterator[Remark]:
    """Typical wrong answers that are not refused, and other right answers that are not accepted."""
    for place, text, is_wrong, (verdict, reason) in _typical(draft):
        if verdict not in ("right", "wrong"):
            what = "a typical wrong answer" if is_wrong else "another right answer"
            message = f"{quoted(text)} is stated as {what}; handed in, it would be {verdict.replace('_', ' ')}"
            yield Remark(place, f"{message}: {reason}" if reason else message, "write it as a student hands it in")


def _typical(draft: Draft) -> Iterator[tuple[Path, str, bool, tuple[str, str]]]:
    """Each typical answer: its place, the text, whether it is stated as wrong, and the verdict on it."""
    for stated, examined in _usable(draft):
        if examined.false or examined.setting.problem.kind == "by hand":
            continue
        wrong: Any = stated.table.get("wrong", {})
        for text in wrong if isinstance(wrong, dict) else ():
            yield stated.origin("wrong", text), text, True, examined.verdict(text)
        for number, text in enumerate(stated.entries("also")):
            yield stated.origin("also", number), text, False, examined.verdict(text)


def stuck(draft: Draft) -> Iterator[Remark]:
    """Problems that truestep cannot derive; the solution sheet then shows the reference answer alone."""
    for stated, examined in _usable(draft, "asked", "shown"):
        fault = examined.derivation if examined.is_derived else ()
        if isinstance(fault, Stuck | StatementFault):
            key = "find" if "find" in stated.table else "given"
            repair = "" if examined.setting.problem.answer else "state answer, so that the solution sheet shows it"
            yield Remark(stated.origin(key), f"no derivation: {_reason(fault)}", repair)


def _reason(fault: Stuck | StatementFault) -> str:
    return f"stuck at {fault.where}: {fault.reason}" if isinstance(fault, Stuck) else fault.message


def left_to_person(draft: Draft) -> Iterator[Remark]:
    """Questions that a person reads."""
    for question in draft.questions:
        if question.table.get("kind") == "by hand":
            message = "the answer is left to a person: truestep gives it a box and marks it not_checked"
            yield Remark(question.place, message)
    for stated, examined in _usable(draft):
        if examined.setting.problem.kind == "by hand":
            yield Remark(stated.origin("kind"), "the answer is left to a person: truestep marks it not_checked")


def figure(draft: Draft) -> Iterator[Remark]:
    """Figures that cannot be drawn."""
    for question in draft.questions:
        for number, (place, table) in enumerate(tables(question.table, "figure", question.place)):
            kept = {key: question.table[key] for key in ("kind", "problem") if key in question.table}
            asked = {"id": "1", **kept, "figure": [table]}
            whole = {"title": "H", "notation": draft.table.get("notation", {}), "part": [{"question": [asked]}]}
            found = list(homework_misfits(whole))
            for one in found:
                if "figure" in one.place:
                    yield Remark(place, f"figure {number + 1} cannot be drawn: {one.said}")
            if found:
                continue  # what is wrong elsewhere is said there
            try:
                made = homework_from(whole)
                drawing = made.question("1").figures[0]
                if drawing.kind == "graph" and drawing.problem is not None:
                    graph(drawing.problem, drawing.shapes, drawing.back)
                else:
                    plot(drawing, sampled)
            except StatementFault as fault:
                yield Remark(place, f"figure {number + 1} cannot be drawn: {fault.message}")


RULES = (
    *lint.RULES,
    Rule("answer-differs", "error", "The reference answer is what the givens make of the question.", answer_differs),
    Rule("answer-breaks-rule", "error", "The reference answer keeps the problem's own rules.", answer_breaks_rule),
    Rule(
        "typical-answers", "error", "Typical wrong answers are wrong, and other right answers right.", typical_answers
    ),
    Rule(
        "typical-undecided",
        "warning",
        "truestep decides on typical wrong answers and on other right answers.",
        typical_undecided,
    ),
    Rule(
        "sheet-earns-less",
        "error",
        "The solution of the sheet earns all points by the rubric.",
        sheet_earns_less,
    ),
    Rule("slip-unread", "error", "Every slip can be read.", slip_unread),
    Rule("figure", "error", "Every figure can be drawn.", figure),
    Rule("derived-breaks-rule", "warning", "The derived answer keeps the problem's rules.", derived_breaks_rule),
    Rule("answer-undecided", "warning", "The reference answer can be compared with the question.", answer_undecided),
    Rule("stuck", "note", "truestep derives the solution itself.", stuck),
    Rule("left-to-person", "note", "truestep checks the answer itself.", left_to_person),
)
