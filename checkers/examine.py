"""The whole way from rows of work to a check record."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from checkers import rules
from checkers.answers import check_answer
from checkers.claims import MAX_ROWS, Group, groups
from checkers.comparing.models import World
from checkers.final import Final, final_answer
from checkers.judge import Bench
from checkers.lines import Lines
from checkers.mistakes.naming import named
from checkers.outcome import line_record, verdict_fields
from checkers.steps import Finding, LineVerdict
from derivations.faults import StatementFault, quoted
from derivations.reading.parser import Reading
from problems.setting import Setting, setting_of
from problems.statement import problem_from, statement_of

MAX_REUSED_TERMS = 20_000

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from derivations.expression import Expression
    from derivations.reading.tokens import MacroText
    from problems.problem import Problem


def examine(rows: Sequence[str], problem: Problem, macros: Mapping[str, MacroText]) -> dict[str, Any]:
    """The check record (without its id) of some rows of work.

    Raises StatementFault where the problem cannot be used.
    """
    setting, world = prepared(problem, macros)
    if problem.kind in ("choice", "order", "by hand"):
        return _by_hand(rows, problem)
    if problem.kind == "shape" or any(node.head in ("tuple", "space") for node in setting.answer):
        return check_answer(rows, setting)
    bench = Bench(world)
    found = groups(rows[:MAX_ROWS], setting.context)

    def judged() -> tuple[Lines, list[LineVerdict]]:
        lines = Lines(setting, bench, lambda overrides: _carried(problem, macros, overrides, frozenset(world.counts)))
        return lines, [lines.judge(group, group is found[-1]) for group in found]

    lines, verdicts = judged()
    if bench.introduced and any(finding.code == "unknown-name" for verdict in verdicts for finding in verdict.findings):
        lines, verdicts = judged()  # a name that is introduced only further down
    final = final_answer(setting, bench, [answer for verdict in verdicts for answer in verdict.answers], lines.rounding)
    verdicts = named(setting, bench, found, _docked(verdicts, found, final))
    further = rules.broken(setting, bench, verdicts, final, rows)
    return _record(rows, found, verdicts, final, further, problem)


def _docked(verdicts: list[LineVerdict], found: Sequence[Group], final: Final) -> list[LineVerdict]:
    """A wrong final value is the fault of its line, where no line is wrong before."""
    if not final.verdict.is_wrong or final.row is None or any(verdict.verdict.is_wrong for verdict in verdicts):
        return verdicts
    if any(finding.kind == "missing" for finding in final.findings):
        return verdicts
    return [
        replace(verdict, verdict=final.verdict) if final.row in group.rows else verdict
        for verdict, group in zip(verdicts, found, strict=True)
    ]


def prepared(problem: Problem, macros: Mapping[str, MacroText]) -> tuple[Setting, World]:
    """The setting of a problem with its models; kept for the next submissions to the same problem."""
    setting, world = _kept(json.dumps(statement_of(problem)), tuple(sorted(macros.items(), key=lambda item: item[0])))
    if world.counts or len(world.arena) > MAX_REUSED_TERMS:
        setting = setting_of(problem, macros)
        world = World(setting)
    return setting, world


@lru_cache(maxsize=256)
def _kept(statement: str, macros: tuple[tuple[str, MacroText], ...]) -> tuple[Setting, World]:
    setting = setting_of(problem_from(json.loads(statement)), dict(macros))
    _refuse_false_references(setting)
    return setting, World(setting)


def _refuse_false_references(setting: Setting) -> None:
    """A reference answer that is not what the givens make of the question is the author's fault."""
    if len(setting.find) != len(setting.answer) or setting.problem.tolerance is not None:
        return
    bench = Bench(World(setting))
    for asked, answer, text in zip(setting.find, setting.answer, setting.problem.answer, strict=True):
        if asked.head not in ("derivative", "gradient") or answer.has("derivative", "gradient"):
            continue
        verdict = bench.judge(asked, answer, Reading(), None, True).verdict
        if verdict.is_wrong and verdict.witness is not None and setting.problem.layout != "either":
            raise StatementFault(f"answer: {quoted(text)} is not what given and find make of it; mend one of them")


def _carried(
    problem: Problem, macros: Mapping[str, MacroText], overrides: dict[str, Expression], counts: frozenset[str]
) -> Bench | None:
    """The bench of a world in which givens are as a student restated them."""
    try:
        world = World(setting_of(problem, macros, overrides, counts))
    except StatementFault:
        return None
    world.counts |= counts
    return Bench(world)


def _by_hand(rows: Sequence[str], problem: Problem) -> dict[str, Any]:
    reason = (
        "this question is read by a person"
        if problem.kind == "by hand"
        else f"answers of the kind {problem.kind!r} are not checked"
    )
    lines = [{"line": k, "verdict": "not_checked"} for k in range(len(rows))]
    return {
        "verdict": "not_checked",
        "final": {"line": None, "verdict": "not_checked", "reason": reason},
        "first_wrong_line": None,
        "lines": lines,
        "findings": [],
    }


def _record(
    rows: Sequence[str],
    found: Sequence[Group],
    verdicts: Sequence[LineVerdict],
    final: Final,
    further: Sequence[Finding],
    problem: Problem,
) -> dict[str, Any]:
    lines: list[dict[str, Any]] = []
    findings: list[dict[str, Any]] = []
    for group, verdict in zip(found, verdicts, strict=True):
        lines += [line_record(row, verdict.verdict) for row in group.rows]
        findings += [_finding(group, finding) for finding in verdict.findings]
    last = _group_of(found, final.row)
    for finding in (*final.findings, *further):
        findings.append(
            _finding(last, finding)
            if last is not None
            else {"line": None, "kind": finding.kind, "code": finding.code, "message": finding.message, "span": None}
        )
    lines += [
        {"line": k, "verdict": "not_checked", "reason": f"only the first {MAX_ROWS} rows are read"}
        for k in range(MAX_ROWS, len(rows))
    ]
    wrong = [line["line"] for line in lines if line["verdict"] == "wrong"]
    whole = whole_verdict([line["verdict"] for line in lines], final.verdict.outcome)
    record: dict[str, Any] = {
        "verdict": whole,
        "final": {"line": final.row, **verdict_fields(final.verdict)},
        "first_wrong_line": wrong[0] if wrong else None,
        "lines": lines,
        "findings": _without_repeats(findings),
    }
    if problem.points is not None and whole in ("right", "wrong") and final.verdict.outcome in ("right", "wrong"):
        record["marks"] = {"earned": problem.points if whole == "right" else None, "of": problem.points}
    return record


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
    row, span = group.place(finding.span)
    return {"line": row, "kind": finding.kind, "code": finding.code, "message": finding.message, "span": list(span)}
