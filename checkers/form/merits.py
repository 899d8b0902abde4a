"""What lines add to a work: those that restate, say the same twice or only name something add nothing.

And whether the answers contradict each other, and whether there is any work beside them.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from truestep.derivations.meaning.calculus import normal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from truestep.checkers.works.answer import Final
    from truestep.checkers.works.chain_steps import Answered, LineVerdict
    from truestep.checkers.works.grouping import Group
    from truestep.derivations.language.expression import Expression
    from truestep.problems.statements.prepared import Setting

    Step = tuple[Expression, Expression]

IN_ANY_ORDER = frozenset(("add", "product"))
QUANTITIES = ("symbol", "member", "entry", "unknown", "bare", "derivative", "gradient", "apply", "call", "index")


@dataclass(frozen=True)
class Merits:
    """By first row why a right line adds nothing; rows of answers against the right one; whether it stands alone."""

    idle: Mapping[int, str] = field(default_factory=dict)
    against: tuple[int, ...] = ()
    is_bare: bool = False


def merits(setting: Setting, found: Sequence[Group], verdicts: Sequence[LineVerdict], final: Final) -> Merits:
    """What the lines of a work add, beside what they say; nothing is said of lines that are nested too deeply."""
    try:
        return _merits(setting, found, verdicts, final)
    except RecursionError:
        return Merits()


def _merits(setting: Setting, found: Sequence[Group], verdicts: Sequence[LineVerdict], final: Final) -> Merits:
    equal = [(alike(left), alike(right)) for left, right in (*setting.given, *setting.assumed)]
    given = {*equal, *(pair[::-1] for pair in equal)}
    asked = {alike(node) for node in (*setting.find, *setting.answer) if node.head != "words"}
    idle: dict[int, str] = {}
    seen: set[Step] = set()
    count = 0
    left: Expression | None = None
    forms: dict[int, Expression] = {}  # by identity: a work holds the same sides many times

    def form(node: Expression) -> Expression:
        found = forms.get(id(node))
        if found is None:
            found = forms[id(node)] = alike(node)
        return found

    for group, verdict in zip(found, verdicts, strict=True):
        reasons: list[str] = []
        for one, other in _steps(verdict, left):
            pair = form(one), form(other)
            reasons.append(_reason(pair, given, seen, asked))
            seen.add(pair)
        for statement in verdict.statements:  # what a name is, said once
            seen |= {*itertools.pairwise(form(part.expression) for part in statement.parts)}
        begun = [one.parts[0].expression for one in verdict.statements if one.parts and not one.parts[0].relation]
        left = begun[-1] if begun else left
        is_read = bool(verdict.statements)
        if verdict.verdict.is_right and is_read and not any(reason == "" for reason in reasons):
            idle[group.rows[0]] = reasons[0] if reasons else "name"
        count += sum(reason == "" for reason in reasons) + (verdict.verdict.outcome == "unreadable")
    answers = sum(one.answered is not None for one in final.each)
    alone = sum(answer.is_alone for answer in final.chosen)
    is_bare = bool(final.chosen) and count + alone <= answers
    return Merits(idle, tuple(_against(verdicts, final)), is_bare)


def _steps(verdict: LineVerdict, left: Expression | None) -> Iterator[Step]:
    """What a line says to be equal; a name that it introduces is left out."""
    names = any(finding.code == "introduced" for finding in verdict.findings)
    for statement in verdict.statements:
        parts = [part.expression for part in statement.parts]
        if statement.parts[0].relation:
            parts = [*([left] if left is not None else []), *parts]
        elif names and len(parts) > 1 and parts[0].head in ("unknown", "call", "entry", "prime"):
            parts = parts[1:]
        else:
            left = parts[0]
        chain = isinstance(statement.parts[0].relation, str) and bool(statement.parts[0].relation)
        for before, after in itertools.pairwise(parts):
            yield (parts[0] if chain else before), after


def _reason(pair: Step, given: set[Step], seen: set[Step], asked: set[Expression]) -> str:
    """Why a step adds nothing; nothing where it does."""
    left, right = pair
    if left == right:
        return "itself"
    if not any(side.has(*QUANTITIES) for side in pair) and not asked & {left, right}:
        return "itself"
    if pair in given:
        return "given"
    return "again" if pair in seen else ""


@lru_cache(maxsize=1024)
def alike(node: Expression) -> Expression:
    """An expression in the form in which it is compared: sums and products in one order."""

    def sorted_args(child: Expression) -> Expression:
        return replace(child, args=tuple(sorted(child.args, key=_written))) if child.head in IN_ANY_ORDER else child

    return normal(node).map(sorted_args)


@lru_cache(maxsize=4096)
def _written(node: Expression) -> str:
    """An expression as a text, wherever it stands."""
    return f"{node.head} {node.data!r} ({', '.join(map(_written, node.args))})"


def _against(verdicts: Sequence[LineVerdict], final: Final) -> Iterator[int]:
    """The rows of finished answers to the same question that are wrong where the chosen one is right."""
    for one in final.each:
        right = one.answered
        if right is None or right.is_alone or not one.verdict.is_right:
            continue
        for verdict in verdicts:
            for answer in verdict.answers:
                is_wrong = answer.judgement.verdict.is_wrong and not answer.carried and not answer.is_alone
                if is_wrong and answer.row != right.row and _is_rival(answer, right, verdict):
                    yield answer.row


def _is_rival(answer: Answered, right: Answered, verdict: LineVerdict) -> bool:
    """Whether an answer is said of the same quantity in a line of its own, and is as finished as the right one."""
    begins = any(
        not statement.parts[0].relation and normal(statement.parts[0].expression) == normal(right.left)
        for statement in verdict.statements
    )
    same = normal(answer.left) == normal(right.left) and answer.condition == right.condition
    return begins and same and _slopes(answer.right) <= _slopes(right.right)


def _slopes(node: Expression) -> set[Expression]:
    return {normal(child) for child in node.walk() if child.head in ("derivative", "gradient")}
