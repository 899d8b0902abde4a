"""The check record of a work: each line with its verdict, its text, its place, its role and how it was read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from truestep.checkers.form.merits import Merits
from truestep.checkers.works import granting, roles
from truestep.checkers.works.asides import UNCLEAR
from truestep.checkers.works.cases.unsure import is_unsure
from truestep.checkers.works.grouping import MAX_ROWS
from truestep.checkers.works.names.arbitrary import NOT_OF_ANY
from truestep.checkers.works.solving.solutions import NOWHERE_ZERO
from truestep.problems.findings.table import recorded

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from truestep.checkers.comparing.verdicts import Verdict
    from truestep.checkers.documents.work import Row
    from truestep.checkers.works.answer import Answer, Final
    from truestep.checkers.works.chain_steps import LineVerdict
    from truestep.checkers.works.grouping import Group
    from truestep.derivations.language.finding import Finding
    from truestep.derivations.language.notation import Notation
    from truestep.problems.statements.problem import Problem

NO_MERITS = Merits()


@dataclass
class Recording:
    """Makes the record; its lines are the displayed rows and what claims something within a sentence."""

    rows: Sequence[Row]
    found: Sequence[Group]
    verdicts: Sequence[LineVerdict]
    notation: Notation
    problem: Problem
    worth: Merits = NO_MERITS
    read: Callable[[LineVerdict, Notation], str] = roles.read

    @cached_property
    def numbers(self) -> dict[int, int]:
        """The number of the line that each formula is, for those that are one."""
        kept = [row for group, verdict in self.judged if roles.is_line(group, verdict) for row in group.rows]
        kept += [row for row in range(MAX_ROWS, len(self.rows)) if not self.rows[row].inline]
        return {row: number for number, row in enumerate(kept)}

    @property
    def judged(self) -> list[tuple[Group, LineVerdict]]:
        """The groups with their verdicts."""
        return list(zip(self.found, self.verdicts, strict=True))

    def record(self, final: Final, further: Sequence[Finding], shown: Sequence[dict[str, Any]]) -> dict[str, Any]:
        """The record without its id; ``shown`` says where each expression of ``must_show`` stands."""
        lines = [line for group, verdict in self.judged for line in self._lines(group, verdict, final)]
        reason = f"only the first {MAX_ROWS} rows are read"
        lines += [
            {"line": self.numbers[k], "verdict": "not_checked", "reason": reason, **self._place(k)}
            for k in range(MAX_ROWS, len(self.rows))
            if k in self.numbers
        ]
        wrong = [line["line"] for line in lines if line["verdict"] == "wrong"]
        judged = [verdict.verdict for _, verdict in self.judged]
        is_unclear = any(one in (UNCLEAR, NOWHERE_ZERO, NOT_OF_ANY) or is_unsure(one) for one in judged)
        out: dict[str, Any] = {
            "verdict": whole_verdict([line["verdict"] for line in lines], final.verdict.outcome, is_unclear),
            "final": {
                "line": self._number(final.row),
                **verdict_fields(final.verdict),
                **({"carried": True} if final.carried else {}),
                **self._worth(),
                **self._answers(final),
            },
            "first_wrong_line": wrong[0] if wrong else None,
            "lines": lines,
            "findings": self._findings(final, further),
        }
        for key, entries in (("context", self._context()), ("passed_over", self._passed_over())):
            out |= {key: entries} if entries else {}
        for key, said in (("conventions", self._conventions()), ("questions", self._questions())):
            out |= {key: said} if said else {}
        return {**out, "shown": [{**one, "line": self._number(one["line"])} for one in shown]}

    def _number(self, row: int | None) -> int | None:
        return None if row is None else self.numbers.get(row)

    def _place(self, row: int) -> dict[str, Any]:
        return {"text": self.rows[row].text, "source": self.rows[row].source}

    def _lines(self, group: Group, verdict: LineVerdict, final: Final) -> list[dict[str, Any]]:
        if group.rows[0] not in self.numbers:
            return []
        told = roles.told(group, verdict, final, self.read(verdict, self.notation))
        if granted := granting.granted(verdict):
            told[0] |= {"liberties": granted}
        if reason := self.worth.idle.get(group.rows[0]):
            told = [{**one, "adds_nothing": reason} for one in told]
        return [
            {**line_record(self.numbers[row], verdict.verdict), **self._place(row), **one}
            for row, one in zip(group.rows, told, strict=True)
        ]

    def _worth(self) -> dict[str, Any]:
        """Which lines contradict the answer, and whether there is no work beside it."""
        against = sorted({self.numbers[row] for row in self.worth.against if row in self.numbers})
        return ({"against": against} if against else {}) | ({"bare": True} if self.worth.is_bare else {})

    def _conventions(self) -> list[dict[str, Any]]:
        """What was assumed for the work as a whole, beside what the statement says."""
        said = granting.conventions_taken(self.judged, self.problem)
        return [
            {"code": code, "message": message, "from_line": self.numbers[row]}
            for code, message, row in said
            if row in self.numbers
        ]

    def _questions(self) -> list[dict[str, Any]]:
        """The readings that would make an undecided line right."""
        return [
            {
                "line": self.numbers[group.rows[0]],
                "as_written": group.text,
                "if_meant": self.read(verdict, self.notation),
                "message": verdict.verdict.reason,
            }
            for group, verdict in self.judged
            if verdict.doubt and group.rows[0] in self.numbers
        ]

    def _context(self) -> list[dict[str, Any]]:
        """The definitions, conditions, questions and mentions within sentences."""
        out: list[dict[str, Any]] = []
        for group, verdict in self.judged:
            if group.rows[0] not in self.numbers and verdict.verdict.outcome != "unreadable":
                read = self.read(verdict, self.notation)
                fields = verdict_fields(verdict.verdict)
                said = {"role": verdict.role, **({"read": read} if read else {})}
                said |= {key: fields[key] for key in ("verdict", "reason") if key in fields}
                out.append({**self._place(group.rows[0]), **said})
        return out

    def _passed_over(self) -> list[dict[str, Any]]:
        """The formulas within sentences that could not be read."""
        return [
            {**self._place(group.rows[0]), "reason": verdict.verdict.reason}
            for group, verdict in self.judged
            if group.rows[0] not in self.numbers and verdict.verdict.outcome == "unreadable"
        ]

    def _findings(self, final: Final, further: Sequence[Finding]) -> list[dict[str, Any]]:
        said = [self._finding(group, one) for group, verdict in self.judged for one in verdict.findings]
        last = self._group_of(final.row)
        said += [
            self._finding(last if finding.row is None else self._group_of(finding.row), finding)
            for finding in (*final.findings, *further)
        ]
        out: list[dict[str, Any]] = []
        for one in said:
            if one is not None and one not in out:
                out.append(one)
        return out

    def _finding(self, group: Group | None, finding: Finding) -> dict[str, Any] | None:
        """A finding at its line; None of what stands in no line."""
        if group is None:
            return recorded(finding, None, None)
        row, span = group.place(finding.span)
        return recorded(finding, self.numbers[row], span) if row in self.numbers else None

    def _answers(self, final: Final) -> dict[str, Any]:
        """The answers one by one, where there are several or not all is right."""
        if final.verdict.is_right and len(final.each) == 1:
            return {}
        return {"answers": [self._answer(answer) for answer in final.each]}

    def _answer(self, answer: Answer) -> dict[str, Any]:
        """What answers one thing that was asked, as it was written."""
        asked = (self.problem.find or self.problem.answer)[answer.place]
        out: dict[str, Any] = {"find": asked, "line": None, "verdict": answer.verdict.outcome}
        given = answer.answered
        group = None if given is None else self._group_of(given.row)
        if given is None or group is None:
            return out
        out |= {"line": self._number(given.row), "answer": group.text[slice(*given.right.span)]}
        if given.condition is not None:
            out["case"] = group.text[slice(*given.condition.span)]
        return {**out, "carried": True} if answer.carried and answer.verdict.is_wrong else out

    def _group_of(self, row: int | None) -> Group | None:
        return next((group for group in self.found if row in group.rows), None)


def unjudged(rows: Sequence[Row], limit: str, reason: str) -> dict[str, Any]:
    """The record, without its id, of a work whose judging a limit ended: ``time``, ``memory`` or ``size``."""
    left = {"verdict": "undecided", "reason": reason}
    shown = [row for row in rows if not row.inline]
    lines = [{"line": k, **left, "text": row.text, "source": row.source} for k, row in enumerate(shown)]
    record = {"verdict": "undecided", "final": {"line": None, **left}, "first_wrong_line": None, "lines": lines}
    return {**record, "findings": [], "limits": limit}


def whole_verdict(lines: Sequence[str], final: str, is_unclear: bool = False) -> str:
    """Right where the final answer is right and no line is wrong; wrong where one is; else what is left open.

    What ``is_unclear`` has a false line that may be meant otherwise: it is not right as a whole.
    """
    if "wrong" in lines or final == "wrong":
        return "wrong"
    if final == "right" and not is_unclear:
        return "right"
    for outcome in ("unreadable", "undecided"):
        if outcome in lines:
            return outcome
    return "undecided" if final == "undecided" else "not_checked" if final == "not_checked" else final


def line_record(row: int, verdict: Verdict) -> dict[str, Any]:
    """The record of one line."""
    return {"line": row, **verdict_fields(verdict)}


def verdict_fields(verdict: Verdict) -> dict[str, Any]:
    """Outcome, evidence, witness and reason, each where there is one."""
    out: dict[str, Any] = {"verdict": verdict.outcome}
    if verdict.evidence and verdict.is_right:
        out["evidence"] = verdict.evidence
    if verdict.witness is not None:
        witness = verdict.witness
        out["witness"] = {"values": dict(witness.values), "left": witness.left, "right": witness.right}
        if witness.on_line and witness.on_line != witness.values:
            out["witness"]["on_line"] = dict(witness.on_line)
        if witness.place:
            out["witness"]["index"] = dict(witness.place)
    if verdict.reason:
        out["reason"] = verdict.reason
    return out
