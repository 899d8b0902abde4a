"""What each row of a work does in it: its role, how it was read, for the record, and what goes on from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from truestep.derivations.language.faults import Fault, NameFault
from truestep.derivations.language.finding import Finding
from truestep.derivations.language.reading.rowtext import LOEWNER
from truestep.derivations.language.writing import latex
from truestep.derivations.meaning.calculus import strip_groups

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from truestep.checkers.comparing.verdicts import Verdict
    from truestep.checkers.works.answer import Final
    from truestep.checkers.works.chain_steps import LineVerdict
    from truestep.checkers.works.claim import Claim
    from truestep.checkers.works.grouping import Group
    from truestep.derivations.language.expression import Expression
    from truestep.derivations.language.liberties import Reading
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


def is_mere_slope(node: Expression, asked: Sequence[Expression]) -> bool:
    """Whether an expression is a derivative, where none is asked for: a chain begins with it, and it is no answer."""
    heads = ("derivative", "gradient")
    return (
        strip_groups(node).head in heads and bool(asked) and all(strip_groups(one).head not in heads for one in asked)
    )


def introducing(name: Expression) -> Finding:
    """What is said of a name that a row introduces."""
    return Finding("introduced", name.span, {"name": str(name.data)})


def goes_on_from(claim: Claim, verdict: Verdict, value: Callable[[Expression, Reading], Any]) -> Expression:
    """What a chain goes on from: its left side; what it is said to be, where that has a name that nobody knows."""
    left, right = claim.left, claim.right
    if verdict.is_right:
        return _slope_in(left, right)
    is_left = verdict.outcome == "undecided" and _is_strange(left, claim.reading, value)
    return right if is_left and not _is_strange(right, claim.reading, value) else left


def _is_strange(node: Expression, reading: Reading, value: Callable[[Expression, Reading], Any]) -> bool:
    try:
        value(node, reading)
    except NameFault:
        return True
    except Fault:
        return False
    return False


def _slope_in(left: Expression, right: Expression) -> Expression:
    """A derivative on its way, ``u = \\nabla f = ...``, in place of another left side."""
    heads = ("derivative", "gradient")
    is_slope = strip_groups(right).head in heads and strip_groups(left).head in ("unknown", "call")
    return strip_groups(right) if is_slope else left
