"""Verdicts as the fields of a check record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from truestep.checkers.comparing.verdicts import Verdict


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
