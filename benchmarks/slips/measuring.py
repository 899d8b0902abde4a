"""Each slip put into each line where it fits, the work checked, and what the checker said counted."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from benchmarks.guard import OutOfTime, time_limit
from benchmarks.slips.places import Edit, Line
from benchmarks.slips.slips import SLIPS, Slip
from benchmarks.slips.truth import Truth
from benchmarks.slips.works import Work
from checkers.examine import examine
from derivations.faults import Fault

OUTCOMES = ("found", "elsewhere", "accepted", "remarked", "undecided", "unreadable", "crashed")
NOTED = ("notation", "form")


@dataclass(frozen=True)
class Trial:
    """One slip in one line: the lines handed in, which of them is wrong, and what was said of it."""

    work: str
    code: str
    done: str
    line: int
    text: str
    outcome: str
    judge: str = ""
    codes: tuple[str, ...] = ()
    named: bool = False
    accused: tuple[str, ...] = ()


@dataclass
class Tally:
    """The trials of one code."""

    trials: list[Trial] = field(default_factory=list)

    def count(self, *outcomes: str) -> int:
        """How many trials ended so."""
        return sum(trial.outcome in outcomes for trial in self.trials)


def slipped(works: Iterable[Work], most: int, seed: int, limit: float = 6.0) -> Iterator[Trial]:
    """Up to ``most`` slips of each kind in each work, drawn by the seed."""
    for work in works:
        truth = Truth(work.setting)
        for slip in SLIPS:
            drawn = random.Random(f"{seed} {work.name} {slip.code}")
            edits = [(place, edit) for place in range(len(work.rows)) for edit in slip.change(Line(work, place))]
            for place, edit in drawn.sample(edits, min(most, len(edits))):
                try:
                    with time_limit(limit):
                        yield _tried(work, truth, slip, place, edit)
                except OutOfTime:
                    yield Trial(work.name, slip.code, edit.done, place, edit.text, "undecided", "time")


def _tried(work: Work, truth: Truth, slip: Slip, place: int, edit: Edit) -> Trial:
    try:
        text = edit.text or work.text(place, edit.right)
    except Fault:
        return Trial(work.name, slip.code, edit.done, place, "", "unwritten")
    row = work.rows[place]
    said = Trial(work.name, slip.code, edit.done, place, text, "")
    lines = [text, *work.texts()] if edit.before else work.texts({place: text})
    if edit.text and not edit.before:
        equal, judge = False, "by construction"
    elif edit.before:
        left = next(left for left, right in work.setting.given if right is not None and _names(text, left))
        equal, judge = truth.equal(left, left, edit.right, None)
    else:
        equal, judge = truth.equal(row.left, row.right, edit.right, row.condition)
    if equal:
        return replace(said, outcome="equal", judge=judge)
    found = judged(lines, place, slip, work)
    if equal is None and found["outcome"] != "crashed":
        return replace(said, outcome="unknown", judge=judge)
    return replace(said, judge=judge, **found)


def judged(lines: Sequence[str], place: int, slip: Slip, work: Work) -> dict[str, Any]:
    """What a check says of lines of which one is wrong."""
    try:
        record = examine(lines, work.problem, {})
    except Exception as fault:
        return {"outcome": "crashed", "codes": (type(fault).__name__,)}
    here = record["lines"][place]
    findings = [one for one in record["findings"] if one["line"] == place]
    codes = tuple(dict.fromkeys(one["code"] for one in findings))
    wrong = [line["line"] for line in record["lines"] if line["verdict"] == "wrong"]
    outcome = here["verdict"]
    if outcome == "wrong":
        outcome = "found" if wrong[0] == place else "elsewhere"
    elif wrong:
        outcome = "elsewhere"
    elif outcome in ("right", "not_checked"):
        outcome = "remarked" if any(one["kind"] in NOTED for one in findings) else "accepted"
    accused = tuple(f"{line}: {lines[line]}" for line in wrong if line != place)
    named = bool({slip.code, *slip.also} & set(codes))
    return {"outcome": outcome, "codes": codes, "named": named, "accused": accused}


def _names(text: str, left: Any) -> bool:
    return text.startswith(str(left.data))


def tallies(trials: Iterable[Trial]) -> dict[str, Tally]:
    """The trials by code, in the order of the table."""
    out = {slip.code: Tally() for slip in SLIPS}
    for trial in trials:
        out[trial.code].trials.append(trial)
    return out


def judges(trials: Iterable[Trial]) -> Counter[str]:
    """Who decided what is truly equal."""
    return Counter(trial.judge for trial in trials)
