"""What each row of a work does in it: its role, and how it was read, for the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from truestep.derivations.language.faults import Fault
from truestep.derivations.language.reading.rowtext import LOEWNER
from truestep.derivations.language.writing import latex

if TYPE_CHECKING:
    from truestep.checkers.works.answer import Final
    from truestep.checkers.works.chain_steps import LineVerdict
    from truestep.checkers.works.grouping import Group
    from truestep.derivations.language.notation import Notation
    from truestep.derivations.language.reading.chains import Statement

RELATIONS = {"=": "=", "<=": r"\le", ">=": r"\ge", "!=": r"\neq", "~": r"\approx", "in": r"\in", "not in": r"\notin"}
RELATIONS |= {meaning: sign for sign, meaning in LOEWNER.items()}


IN_LINES = frozenset(("claim", "answer", "equation", "reason", "value", "continuation"))


def is_line(group: Group, verdict: LineVerdict) -> bool:
    """Whether a formula is a line of the record: displayed, or one that claims something within a sentence."""
    return not group.inline or verdict.role in IN_LINES


def told(group: Group, verdict: LineVerdict, final: Final, text: str) -> list[dict[str, Any]]:
    """Role and reading, a text, of each row of a group; rows after the first continue it."""
    is_answer = final.row in group.rows and bool(final.chosen)
    first = {"role": "answer" if is_answer else verdict.role or _role(verdict)}
    return [first | ({"read": text} if text else {}), *({"role": "continuation"} for _ in group.rows[1:])]


def read(verdict: LineVerdict, notation: Notation) -> str:
    """How a formula was read, in the project's own writing."""
    return r" \quad ".join(filter(None, (written(statement, notation) for statement in verdict.statements)))


def _role(verdict: LineVerdict) -> str:
    """The role that the statements of a displayed row tell."""
    statements = verdict.statements
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
