"""What each row of a work does in it: its role, and how it was read, for the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from truestep.derivations.language.faults import Fault
from truestep.derivations.language.writing import latex

if TYPE_CHECKING:
    from truestep.checkers.works.answer import Final
    from truestep.checkers.works.chain_steps import LineVerdict
    from truestep.checkers.works.grouping import Group
    from truestep.derivations.language.notation import Notation
    from truestep.derivations.language.reading.chains import Statement

RELATIONS = {"=": "=", "<=": r"\le", ">=": r"\ge", "!=": r"\neq", "in": r"\in", "not in": r"\notin"}


def told(group: Group, verdict: LineVerdict, final: Final, notation: Notation) -> list[dict[str, Any]]:
    """Role and reading of each row of a group; rows after the first continue it."""
    role = _role(group, verdict, final)
    read = r" \quad ".join(filter(None, (written(statement, notation) for statement in verdict.statements)))
    first: dict[str, Any] = {"role": role, **({"read": read} if read else {})}
    return [first, *({"role": "continuation"} for _ in group.rows[1:])]


def _role(group: Group, verdict: LineVerdict, final: Final) -> str:
    statements = verdict.statements
    if final.row in group.rows and final.chosen:
        return "answer"
    if verdict.posed:
        return "equation"
    if any(finding.code == "introduced" for finding in verdict.findings):
        return "definition"
    if not statements:
        return "claim"
    first = statements[0]
    if all(statement.remark for statement in statements):
        return "reason"
    if len(first.parts) > 1 and first.parts[1].relation == ":=":
        return "assignment"
    if first.parts[0].relation:
        return "continuation"
    if len(first.parts) == 1:
        return "mention"
    is_named = all(part.expression.head == "index" for statement in statements for part in statement.parts[:1])
    return "condition" if is_named else "claim"


def written(statement: Statement, notation: Notation) -> str:
    """A statement in the project's own writing; nothing where it cannot be written."""
    try:
        text = " ".join(
            f"{RELATIONS.get(part.relation, part.relation)} {latex(part.expression, notation)}".strip()
            for part in statement.parts
        )
        if statement.condition is not None:
            text += rf" \quad \text{{if }} {latex(statement.condition, notation)}"
    except (Fault, KeyError, ValueError, TypeError, AttributeError, RecursionError):
        return ""
    return text
