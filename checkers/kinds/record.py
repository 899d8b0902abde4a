"""The check record of an answer that is judged as a whole: lines, findings, the final verdict."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

_WORST = ("wrong", "undecided", "unreadable", "right")


@dataclass
class Judged:
    """What was found row by row; the worst of a row's verdicts is the row's."""

    rows: int
    verdicts: dict[int, tuple[str, str]] = field(default_factory=dict)
    findings: list[dict[str, Any]] = field(default_factory=list)

    def say(self, row: int, verdict: str, reason: str = "") -> None:
        """Adds a verdict on a row."""
        known = self.verdicts.get(row)
        if known is None or _WORST.index(verdict) < _WORST.index(known[0]):
            self.verdicts[row] = (verdict, reason)

    def find(self, row: int | None, kind: str, code: str, message: str) -> None:
        """Adds a finding."""
        found = {"line": row, "kind": kind, "code": code, "message": message, "span": None}
        if found not in self.findings:
            self.findings.append(found)

    def record(self, final: str, row: int | None, reason: str = "") -> dict[str, Any]:
        """The record without its id; a row that is wrong makes the whole wrong."""
        lines = [self._line(number) for number in range(self.rows)]
        wrong = [line["line"] for line in lines if line["verdict"] == "wrong"]
        final = "wrong" if wrong else final
        told: dict[str, Any] = {"line": row, "verdict": final}
        if final == "right":
            told["evidence"] = "proved"
        elif reason:
            told["reason"] = reason
        out: dict[str, Any] = {
            "verdict": final,
            "final": told,
            "first_wrong_line": wrong[0] if wrong else None,
            "lines": lines,
            "findings": self.findings,
        }
        return out

    def _line(self, number: int) -> dict[str, Any]:
        verdict, reason = self.verdicts.get(number, ("not_checked", ""))
        line: dict[str, Any] = {"line": number, "verdict": verdict}
        if verdict == "right":
            line["evidence"] = "agreed" if reason else "proved"  # agreed with what stands before it
        if reason:
            line["reason"] = reason
        return line
