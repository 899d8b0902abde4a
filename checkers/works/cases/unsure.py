"""What is false as it was read, in a work of which a line before was not understood: asked about, not called wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.checkers.comparing.verdicts import Verdict
from truestep.checkers.works import roles
from truestep.checkers.works.asides import IF_SUPPOSED, UNCLEAR, lefts, quiet
from truestep.checkers.works.conditions import NOT_UNDERSTOOD
from truestep.checkers.works.equations import EQUATION
from truestep.problems.findings.row import Mistake
from truestep.problems.findings.table import row_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from truestep.checkers.works.answer import Final
    from truestep.checkers.works.chain_steps import LineVerdict
    from truestep.checkers.works.grouping import Group
    from truestep.derivations.language.finding import Finding

# what is open for its words, and not for its formulas
_READ = (EQUATION, IF_SUPPOSED, UNCLEAR, NOT_UNDERSTOOD)
UNSURE = Verdict(
    "undecided",
    reason="this is not so as it is read here, but a line before it was not understood, and it may be meant otherwise",
)


def is_unsure(verdict: Verdict) -> bool:
    """Whether something is false as it was read, and may be meant otherwise."""
    return verdict.reason == UNSURE.reason and replace(verdict, witness=None) == UNSURE


def may_be_unsure(verdicts: Sequence[LineVerdict], final: Final, found: Sequence[Group]) -> bool:
    """Whether a line that was not understood stands before the first false one, or else before the answer.

    A line before that is right of the same left side shows that this is understood.
    """
    places = range(len(found))
    false = [k for k in places if verdicts[k].verdict.is_wrong]
    if not false and final.verdict.is_wrong:
        false = [k for k in places if final.row in found[k].rows] or [len(found)]
    before = range(false[0] if false else 0)
    known = {left for k in before if verdicts[k].verdict.is_right for left in lefts(verdicts[k])}
    is_known = any(not known.isdisjoint(lefts(one)) for one in verdicts if one.verdict.is_wrong)
    return not is_known and any(_is_open(verdicts, found, k) for k in before)


def with_unsure(
    verdicts: Sequence[LineVerdict], final: Final, found: Sequence[Group]
) -> tuple[list[LineVerdict], Final]:
    """The verdicts and that on the answer, where what was not understood may change what false lines say.

    A false line is wrong all the same where its mistake is known by name, unless the name only says of what else the
    line would be right: of another case, another entry, or the sides turned.  One such line makes the work wrong.
    """
    if not may_be_unsure(verdicts, final, found) or is_known(verdicts, final):
        return [*verdicts], final
    out = [quiet(one, _unsure(one.verdict)) if one.verdict.is_wrong or one.carried else one for one in verdicts]
    if not final.verdict.is_wrong:
        return out, final
    each = tuple(one._replace(verdict=_unsure(one.verdict)) if one.verdict.is_wrong else one for one in final.each)
    return out, replace(final, verdict=_unsure(final.verdict), each=each, findings=())


def is_known(verdicts: Iterable[LineVerdict], final: Final) -> bool:
    """Whether a mistake of a work is known by name, and what it makes false can be meant in no other way."""
    said = [finding for one in verdicts if one.verdict.is_wrong for finding in one.findings]
    return any(map(_names, (*said, *final.findings)))


def _names(finding: Finding) -> bool:
    row = row_of(finding.code)
    return not (row.is_of_another or row.tone) and (isinstance(row, Mistake) or row.kind in ("value", "logic"))


def _is_open(verdicts: Sequence[LineVerdict], found: Sequence[Group], place: int) -> bool:
    """Whether a line was not understood, and its chain comes to nothing that is right.

    An equation that is to be solved is understood, and so is what may be said of something else.
    """
    here = verdicts[place]
    after = verdicts[place + 1] if place + 1 < len(found) else here
    is_met = after.verdict.is_right and any(one.parts[0].relation for one in after.statements[:1])
    is_open = here.verdict.outcome in ("undecided", "unreadable") and here.verdict not in _READ
    return is_open and not is_met and roles.is_line(found[place], here)


def _unsure(verdict: Verdict) -> Verdict:
    return replace(UNSURE, witness=verdict.witness)
