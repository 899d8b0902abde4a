"""The check record of an answer that is judged as a whole: lines, findings, the final verdict."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from truestep.derivations.language.finding import Finding
from truestep.problems.findings.table import recorded

if TYPE_CHECKING:
    from collections.abc import Sequence

_WORST = ("wrong", "undecided", "unreadable", "right")


@dataclass
class Judged:
    """What was found row by row; the worst of a row's verdicts is the row's."""

    rows: int
    verdicts: dict[int, tuple[str, str]] = field(default_factory=dict)
    findings: list[dict[str, Any]] = field(default_factory=list)
    answers: dict[str, tuple[int, str, bool]] = field(default_factory=dict)

    def say(self, row: int, verdict: str, reason: str = "") -> None:
        """Adds a verdict on a row."""
        known = self.verdicts.get(row)
        if known is None or _WORST.index(verdict) < _WORST.index(known[0]):
            self.verdicts[row] = (verdict, reason)

    def answer(self, name: str, row: int, verdict: str, carried: str = "") -> None:
        """Adds a verdict on a row that answers one of several things asked; the worst on one thing is its verdict.

        A row that is ``carried``, right given what stands before it for this reason, is right though its answer is not.
        """
        self.say(row, "right" if carried else verdict, carried)
        known = self.answers.get(name)
        if known is None or _WORST.index(verdict) < _WORST.index(known[1]):
            self.answers[name] = (row, verdict, bool(carried))

    def each(self, names: Sequence[str], row: int | None, is_open: bool) -> list[dict[str, Any]]:
        """The verdict on each of several things asked; what no row answers is undecided where the whole is."""
        missing = (row, "undecided", False) if is_open else (None, "not_checked", False)
        told = [(name, *self.answers.get(name, missing)) for name in names]
        return [
            {"find": name, "line": line, "verdict": verdict, **({"carried": True} if carried else {})}
            for name, line, verdict, carried in told
        ]

    def find(self, row: int | None, code: str, **args: str) -> None:
        """Adds a finding with the arguments of its message."""
        found = recorded(Finding(code, (0, 0), args), row, None)
        if found not in self.findings:
            self.findings.append(found)

    def record(self, final: str, row: int | None, reason: str = "", asked: Sequence[str] = ()) -> dict[str, Any]:
        """The record without its id; a row that is wrong makes the whole wrong.  ``asked`` are the things asked."""
        lines = [self._line(number) for number in range(self.rows)]
        wrong = [line["line"] for line in lines if line["verdict"] == "wrong"]
        final = "wrong" if wrong else final
        told: dict[str, Any] = {"line": row, "verdict": final}
        if final == "right":
            told["evidence"] = "proved"
        elif reason:
            told["reason"] = reason
        if final != "right" and len(asked) > 1 and self.answers:
            told["answers"] = self.each(asked, row, final == "undecided")
        return {
            "verdict": final,
            "final": told,
            "first_wrong_line": wrong[0] if wrong else None,
            "lines": lines,
            "findings": self.findings,
        }

    def _line(self, number: int) -> dict[str, Any]:
        verdict, reason = self.verdicts.get(number, ("not_checked", ""))
        line: dict[str, Any] = {"line": number, "verdict": verdict}
        if verdict == "right":
            line["evidence"] = "agreed" if reason else "proved"  # agreed with what stands before it
        if reason:
            line["reason"] = reason
        return line
