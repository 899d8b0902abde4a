"""The whole way from rows of work to a check record."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from truestep.checkers.comparing.models import World
from truestep.checkers.comparing.verdicts import undecided
from truestep.checkers.form import answer_rules
from truestep.checkers.kinds.counts import sums_alone
from truestep.checkers.kinds.dispatch import check_kind
from truestep.checkers.mistakes.naming import named, with_reason
from truestep.checkers.works import roles
from truestep.checkers.works.answer import Answer, Final, final_answer
from truestep.checkers.works.bench import Bench
from truestep.checkers.works.carrying import Carrying, read_earlier
from truestep.checkers.works.chain_steps import LineVerdict
from truestep.checkers.works.charity import mixed_layout
from truestep.checkers.works.claim import Claim
from truestep.checkers.works.grouping import MAX_ROWS, Group, groups
from truestep.checkers.works.lines import Lines
from truestep.checkers.works.outcome import line_record, verdict_fields
from truestep.checkers.works.solutions import with_solutions
from truestep.derivations.language.faults import StatementFault, quoted
from truestep.derivations.language.reading.parser import Reading
from truestep.problems.findings.table import kind_of, recorded
from truestep.problems.kinds.affine import collected_names, with_collected
from truestep.problems.kinds.layer_sizes import with_count
from truestep.problems.statements.idle import without_idle
from truestep.problems.statements.prepared import Setting, setting_of
from truestep.problems.statements.statement import problem_from, statement_of

MAX_REUSED_TERMS = 20_000
MAX_KEPT = 24  # problems whose models are kept; each holds up to 12 MB

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from truestep.checkers.documents.work import Row, Work
    from truestep.checkers.works.bench import Judgement
    from truestep.checkers.works.carrying import Earlier
    from truestep.derivations.language.expression import Expression
    from truestep.derivations.language.finding import Finding
    from truestep.derivations.language.latex.macros import Macro
    from truestep.problems.statements.problem import Problem


def examine(work: Work, problem: Problem, earlier: Sequence[Earlier] = (), is_diagnosed: bool = True) -> dict[str, Any]:
    """The check record (without its id) of a work; what rests on a wrong ``earlier`` part is carried.

    Beside the fields of the record, ``shown`` says where each expression of ``must_show`` stands. What is not
    ``is_diagnosed`` has no names of mistakes, and the same verdicts.

    Raises StatementFault where the problem cannot be used.
    """
    macros = {macro.name: macro for macro in work.macros}
    if problem.kind == "shape":
        prepared(problem)
    record = check_kind([row.text for row in work.rows], problem, macros)
    if record is None:
        record = _examined(work.rows, problem, macros, earlier, is_diagnosed)
    for line in record["lines"]:
        row = work.rows[line["line"]]
        line |= {"text": row.text, "source": row.source}
    return record


def _examined(
    rows: Sequence[Row],
    problem: Problem,
    macros: Mapping[str, Macro],
    earlier: Sequence[Earlier],
    is_diagnosed: bool,
) -> dict[str, Any]:
    """The record of a work that is judged line by line."""
    problem = without_idle(problem, [row.text for row in rows])
    into = collected_names(problem)
    problem = with_collected(with_count(problem))
    if problem.kind == "count":
        alone = sums_alone([row.text for row in rows])
        rows = [replace(row, text=text) for row, text in zip(rows, alone, strict=True)]
    setting, world = prepared(problem)
    setting = replace(setting, context=setting.context_with(macros))
    bench = Bench(world)
    found = groups(rows[:MAX_ROWS], setting.context)

    carrying = Carrying(problem, world.counts)

    def judged() -> tuple[Lines, list[LineVerdict]]:
        lines = Lines(setting, bench, carrying, read_earlier(earlier, setting))
        return lines, [lines.judge(group, group is found[-1]) for group in found]

    lines, verdicts = judged()
    if bench.introduced and any(finding.code == "unknown-name" for verdict in verdicts for finding in verdict.findings):
        lines, verdicts = judged()  # a name that is introduced only further down
    verdicts = with_solutions(verdicts, setting, bench, carrying)
    final = final_answer(setting, bench, [answer for verdict in verdicts for answer in verdict.answers], lines.rounding)
    final = _said_what(final, verdicts, into, setting)
    verdicts = _docked(verdicts, found, final)
    if is_diagnosed:
        verdicts = named(setting, bench, found, verdicts, lines.work.results.values())
        final = with_reason(setting, bench, found, verdicts, final)
    verdicts = _layouts_said(verdicts, bench, problem)
    shown = answer_rules.shown(setting, verdicts)
    further = answer_rules.broken(setting, bench, verdicts, final, [row.text for row in rows], shown)
    return {**_record(len(rows), found, verdicts, final, further, setting), "shown": shown}


def _said_what(final: Final, verdicts: Sequence[LineVerdict], into: frozenset[str], setting: Setting) -> Final:
    """An answer in names of its own says nothing where no line says what these are."""
    answers = [answer for verdict in verdicts for answer in verdict.answers]
    said = {str(answer.left.data) for answer in answers if answer.left.head == "symbol"}
    if not final.verdict.is_right or not into - said:
        return final
    whole = [answer.right for answer in answers if answer.left in setting.find]
    if any(not into & {node.data for node in right.walk() if node.head == "symbol"} for right in whole):
        return final
    return replace(final, verdict=undecided(f"what {' and '.join(sorted(into - said))} is, no line says"))


def _docked(verdicts: list[LineVerdict], found: Sequence[Group], final: Final) -> list[LineVerdict]:
    """A wrong final value is the fault of its line, where no line is wrong before."""
    if (
        not final.verdict.is_wrong
        or final.carried
        or final.row is None
        or any(verdict.verdict.is_wrong for verdict in verdicts)
    ):
        return verdicts
    if any(kind_of(finding) == "missing" for finding in final.findings):
        return verdicts
    return [
        replace(verdict, verdict=final.verdict) if final.row in group.rows else verdict
        for verdict, group in zip(verdicts, found, strict=True)
    ]


def _layouts_said(verdicts: list[LineVerdict], bench: Bench, problem: Problem) -> list[LineVerdict]:
    """Where a work mixes layouts, its first line in another one says so."""
    mixed = mixed_layout(bench, verdicts, problem.layout)
    if mixed is not None:
        place, finding = mixed
        verdicts[place] = replace(verdicts[place], findings=(*verdicts[place].findings, finding))
    return verdicts


def prepared(problem: Problem) -> tuple[Setting, World]:
    """The setting of a problem with its models; kept for the next submissions to the same problem."""
    setting, world = _kept(json.dumps(statement_of(problem)))
    if world.counts or len(world.arena) > MAX_REUSED_TERMS:
        setting = setting_of(problem)
        world = World(setting)
    return setting, world


@lru_cache(maxsize=MAX_KEPT)
def _kept(statement: str) -> tuple[Setting, World]:
    setting = setting_of(problem_from(json.loads(statement)))
    _refuse_false_references(setting)
    return setting, World(setting)


def _refuse_false_references(setting: Setting) -> None:
    """A reference answer that is not what the givens make of the question is the author's fault."""
    if setting.problem.layout == "either":
        return
    for place, asked, judgement in judged_references(setting):
        verdict = judgement.verdict
        if asked.head in ("derivative", "gradient") and verdict.is_wrong and verdict.witness is not None:
            text = setting.problem.answer[place]
            raise StatementFault(f"answer: {quoted(text)} is not what given and find make of it; mend one of them")


def judged_references(setting: Setting) -> Iterator[tuple[int, Expression, Judgement]]:
    """Each reference answer that can be compared with what is asked: its place, what is asked, and the judgement."""
    if not setting.answer or len(setting.find) != len(setting.answer) or setting.problem.tolerance is not None:
        return
    if setting.problem.kind == "shape":
        return
    bench = Bench(World(setting))
    defined = {left for left, _ in setting.given}
    reading = Reading(layout=setting.scope.layout)
    for place, (asked, answer) in enumerate(zip(setting.find, setting.answer, strict=True)):
        is_derivative = asked.head in ("derivative", "gradient") and not answer.has("derivative", "gradient")
        if is_derivative or asked in defined:
            yield place, asked, bench.judge(Claim(asked, answer, reading), rounding=True)


def _record(
    rows: int,
    found: Sequence[Group],
    verdicts: Sequence[LineVerdict],
    final: Final,
    further: Sequence[Finding],
    setting: Setting,
) -> dict[str, Any]:
    lines: list[dict[str, Any]] = []
    findings: list[dict[str, Any]] = []
    for group, verdict in zip(found, verdicts, strict=True):
        told = roles.told(group, verdict, final, setting.notation)
        lines += [{**line_record(row, verdict.verdict), **one} for row, one in zip(group.rows, told, strict=True)]
        findings += [_finding(group, finding) for finding in verdict.findings]
    last = _group_of(found, final.row)
    for finding in (*final.findings, *further):
        place = last if finding.row is None else _group_of(found, finding.row)
        findings.append(_finding(place, finding) if place is not None else recorded(finding, None, None))
    lines += [
        {"line": k, "verdict": "not_checked", "reason": f"only the first {MAX_ROWS} rows are read"}
        for k in range(MAX_ROWS, rows)
    ]
    wrong = [line["line"] for line in lines if line["verdict"] == "wrong"]
    whole = whole_verdict([line["verdict"] for line in lines], final.verdict.outcome)
    return {
        "verdict": whole,
        "final": {
            "line": final.row,
            **verdict_fields(final.verdict),
            **({"carried": True} if final.carried else {}),
            **_answers(found, final, setting.problem),
        },
        "first_wrong_line": wrong[0] if wrong else None,
        "lines": lines,
        "findings": _without_repeats(findings),
    }


def _answers(found: Sequence[Group], final: Final, problem: Problem) -> dict[str, Any]:
    """The answers one by one, where there are several or not all is right."""
    if final.verdict.is_right and len(final.each) == 1:
        return {}
    return {"answers": [_answer(found, answer, problem) for answer in final.each]}


def _answer(found: Sequence[Group], answer: Answer, problem: Problem) -> dict[str, Any]:
    """What answers one thing that was asked, as it was written."""
    asked = (problem.find or problem.answer)[answer.place]
    out: dict[str, Any] = {"find": asked, "line": None, "verdict": answer.verdict.outcome}
    given = answer.answered
    group = None if given is None else _group_of(found, given.row)
    if given is None or group is None:
        return out
    out |= {"line": given.row, "answer": group.text[slice(*given.right.span)]}
    if given.condition is not None:
        out["case"] = group.text[slice(*given.condition.span)]
    return {**out, "carried": True} if answer.carried and answer.verdict.is_wrong else out


def _group_of(found: Sequence[Group], row: int | None) -> Group | None:
    return next((group for group in found if row in group.rows), None)


def _without_repeats(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    out: list[dict[str, Any]] = []
    for finding in findings:
        if finding not in out:
            out.append(finding)
    return out


def whole_verdict(lines: Sequence[str], final: str) -> str:
    """Right where the final answer is right and no line is wrong; wrong where one is; else what is left open."""
    if "wrong" in lines or final == "wrong":
        return "wrong"
    if final == "right":
        return "right"
    for outcome in ("unreadable", "undecided"):
        if outcome in lines:
            return outcome
    return "undecided" if final == "undecided" else "not_checked" if final == "not_checked" else final


def _finding(group: Group, finding: Finding) -> dict[str, Any]:
    return recorded(finding, *group.place(finding.span))
