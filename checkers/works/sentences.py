"""Formulas within sentences, judged as what they are there: claims, definitions, conditions, questions, mentions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.checkers.comparing.verdicts import Verdict
from truestep.checkers.works.roles import IN_LINES
from truestep.derivations.language.reading.rowtext import EQUALITIES
from truestep.derivations.meaning.calculus import strip_groups
from truestep.problems.statements.assumptions import quantity_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.checkers.works.chain_steps import LineVerdict
    from truestep.checkers.works.grouping import Group
    from truestep.checkers.works.lines import Lines
    from truestep.derivations.language.expression import Expression

NOT_CHECKED = Verdict("not_checked")
NOTHING_BEFORE = Verdict("undecided", reason="what this goes on from could not be read")
QUIET = ("condition", "question")


def judged_in_text(lines: Lines, found: Sequence[Group], place: int) -> LineVerdict:
    """The verdict on a group where it stands in the text; one within a sentence leaves the chain around it alone."""
    group = found[place]
    if not group.inline:
        return lines.judge(group, group is next(one for one in reversed(found) if not one.inline))
    before, introduced = lines.work.copy(), dict(lines.bench.introduced)
    verdict = _in_sentence(lines.judge(group, len(found) == 1), group, lines, len(found) == 1)
    if verdict.role not in IN_LINES | {"definition"} or verdict.verdict.outcome == "unreadable":
        lines.work, lines.bench.introduced = before, introduced
    elif not (place + 1 < len(found) and (found[place + 1].goes_on or _continues(found[place + 1]))):
        lines.work.left, lines.work.lost = before.left, before.lost
    return verdict


def _in_sentence(verdict: LineVerdict, group: Group, lines: Lines, is_only: bool) -> LineVerdict:
    """A verdict as a sentence bears it: what it supposes is not judged, and only what is settled is refuted."""
    outcome, parts = verdict.verdict.outcome, [part for one in verdict.statements for part in one.parts]
    if outcome == "unreadable":
        return replace(verdict, role="claim") if "=" in group.text and group.told in ("", "answer") else verdict
    quiet = replace(verdict, verdict=NOT_CHECKED, findings=(), answers=(), posed=(), carried=False)
    if group.told in QUIET and not (group.told == "condition" and _says_more(verdict)):
        return replace(quiet, role=group.told)
    if not any(part.relation for part in parts):
        answers = outcome == "right" and (group.told == "answer" or is_only)
        return replace(verdict, role="answer") if answers or is_only else replace(quiet, role="mention")
    if any(finding.code == "introduced" for finding in verdict.findings):
        return replace(verdict, role="definition")
    if verdict.posed and group.told == "definition" and all(one.right.head == "number" for one in verdict.posed):
        return replace(quiet, role="condition")
    if verdict.posed:
        return replace(verdict, role="equation")
    lefts = [one.parts[0].expression if not one.parts[0].relation else lines.work.left for one in verdict.statements]
    if outcome == "wrong" and not any(left is not None and _is_settled(left, lines) for left in lefts):
        open_ = replace(quiet, verdict=NOTHING_BEFORE, role="claim")
        return open_ if _continues(group) else replace(quiet, role="condition")
    if group.told == "definition" and outcome != "wrong" and not _continues(group):
        return replace(verdict, role="definition")
    if outcome == "not_checked":
        return replace(verdict, role=group.told if group.told in ("definition", "reason") else "mention")
    return replace(verdict, role="reason" if group.told == "reason" else "claim")


def _says_more(verdict: LineVerdict) -> bool:
    """Whether a formula behind a word such as "for" supposes nothing: it says what a name is, or a derivative."""
    parts = verdict.statements[0].parts if len(verdict.statements) == 1 else ()
    if len(parts) < 2 or parts[1].relation != "=":
        return False
    left, right = (strip_groups(part.expression) for part in parts[:2])
    if any(finding.code == "introduced" for finding in verdict.findings):
        return right.head not in ("number", "negative", "index", "unknown")
    return verdict.verdict.is_right and left.head in ("derivative", "gradient")


def _continues(group: Group) -> bool:
    """Whether a formula within a sentence goes on from the one before it, whatever words stand between."""
    return group.inline and bool(group.tokens) and group.tokens[0].text in EQUALITIES


def _is_settled(left: Expression, lines: Lines) -> bool:
    """Whether the problem or the work settles what a left side is: a derivative, a given, something asked."""
    plain = strip_groups(left)
    if plain.head in ("derivative", "gradient", "prime") or (plain.head == "apply" and plain.data[1]):
        return True
    found = quantity_of(plain, lines.setting.notation)
    known = found is not None and found[0] in lines.given
    return known or plain in [strip_groups(node) for node in lines.setting.find] or plain.data in lines.bench.introduced
