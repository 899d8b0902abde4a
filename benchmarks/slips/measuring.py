"""Each slip put into a line where it fits, the work checked, and what the checker said counted."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from benchmarks.guard import OutOfTime, time_limit
from benchmarks.slips.places import Change, Edit, Line
from benchmarks.slips.rewritings import REWRITINGS
from benchmarks.slips.slips import SLIPS, Slip
from benchmarks.slips.truth import Truth
from benchmarks.slips.works import Work
from truestep.checkers.comparing import lending
from truestep.checkers.documents.work import typed
from truestep.checkers.works.examine import examine
from truestep.derivations.language.expression import Expression
from truestep.derivations.language.faults import Fault

OUTCOMES = ("found", "elsewhere", "accepted", "remarked", "undecided", "unreadable", "crashed")
JUDGED = OUTCOMES  # slips that make the line false
T = TypeVar("T")
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
    milliseconds: float = 0.0
    accused: tuple[str, ...] = ()
    right: Expression | None = None


def warmed_up(work: Work) -> Truth:
    """The judge of a work's lines; the checker has seen the work once, and nothing of the work before."""
    lending.shelves.cache_clear()
    with suppress(Exception):  # counted where a line is judged
        examine(typed(work.texts()), work.problem)
    return Truth(work.setting)


def slipped(works: Iterable[Work], most: int, seed: int, limit: float, of: int = 1) -> Iterator[Trial]:
    """Up to ``most`` slips of each kind in each work, drawn by the seed; of so many kinds one in each work.

    The first slip in each work is checked in the whole of it, the others behind the line before.
    """
    for work in works:
        truth, is_first = warmed_up(work), True
        lines = [Line(work, place) for place in range(len(work.rows))]
        for slip in _chosen(SLIPS, work, seed, of):
            for place, edit in _drawn(lines, slip.change, most, f"{seed} {work.name} {slip.code}"):
                try:
                    with time_limit(limit):
                        yield _tried(work, truth, slip, place, edit, is_first)
                except OutOfTime:
                    yield Trial(work.name, slip.code, edit.done, place, edit.text, "undecided", "time")
                is_first = False


def _chosen(kinds: Sequence[T], work: Work, seed: int, of: int) -> Sequence[T]:
    """Of so many kinds one, in turn; where to begin is drawn for each work."""
    return kinds[random.Random(f"{seed} {work.name}").randrange(of) :: of]


def _drawn(lines: Sequence[Line], change: Change, most: int, seed: str) -> list[tuple[int, Edit]]:
    """Up to so many edits, each in a line that is drawn first: no line is edited that is not looked at."""
    drawn, out = random.Random(seed), list[tuple[int, Edit]]()
    places = list(range(len(lines)))
    drawn.shuffle(places)
    for place in places:
        if len(out) < most:
            edits = list(change(lines[place]))
            out += [(place, edit) for edit in drawn.sample(edits, min(most - len(out), len(edits)))]
    return out


def _tried(work: Work, truth: Truth, slip: Slip, place: int, edit: Edit, is_whole: bool) -> Trial:
    try:
        text = edit.text or work.text(place, edit.right)
    except Fault:
        return Trial(work.name, slip.code, edit.done, place, "", "unwritten")
    row = work.rows[place]
    said = Trial(work.name, slip.code, edit.done, place, text, "")
    equal: bool | None = False
    judge = "by construction"
    if edit.before:
        left = next(left for left, _ in work.setting.given if _names(text, left))
        equal, judge = truth.equal(left, left, edit.right, None)
    elif not edit.text:
        equal, judge = truth.equal(row.left, row.right, edit.right, row.condition)
    if equal:
        return replace(said, outcome="equal", judge=judge)
    if edit.before or is_whole or slip.code == "layout":
        lines, here = [text, *work.texts()] if edit.before else work.texts({place: text}), 0 if edit.before else place
    else:
        lines = work.behind(place, text)
        here = len(lines) - 1
    start = time.thread_time()
    found = judged(lines, here, slip, work)
    said = replace(said, milliseconds=1000 * (time.thread_time() - start))
    if equal is None and found["outcome"] != "crashed":
        return replace(said, outcome="unknown", judge=judge)
    return replace(said, judge=judge, **found)


def judged(lines: Sequence[str], place: int, slip: Slip, work: Work) -> dict[str, Any]:
    """What a check says of lines of which one is wrong."""
    try:
        record = examine(typed(lines), work.problem)
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
    named = bool({slip.code, *slip.also} & {*codes, *(one["args"].get("slip") for one in findings)})
    return {"outcome": outcome, "codes": codes, "named": named, "accused": accused}


def _names(text: str, left: Any) -> bool:
    return text.startswith(str(left.data))


def rewritten(works: Iterable[Work], most: int, seed: int, limit: float, of: int = 1) -> Iterator[Trial]:
    """Up to ``most`` rewritings of each kind in each work; ``accused`` where the line is then called wrong.

    Rewritten lines are right, so as many of them as a work has lines are checked at once.
    """
    for work in works:
        truth, lines = Truth(work.setting), [Line(work, place) for place in range(len(work.rows))]
        left = [
            Trial(
                work.name,
                rewriting.name,
                edit.done,
                place,
                edit.text or work.text(place, edit.right),
                "",
                right=edit.right if not edit.text else None,
            )
            for rewriting in _chosen(REWRITINGS, work, seed, of)
            for place, edit in _drawn(lines, rewriting.change, most, f"{seed} {work.name} {rewriting.name}")
        ]
        while left:
            together = {trial.line: trial for trial in reversed(left)}
            left = [trial for trial in left if together[trial.line] is not trial]
            try:
                with time_limit(limit):
                    yield from _rewritten(work, truth, together)
            except OutOfTime:
                yield from (replace(trial, outcome="undecided", judge="time") for trial in together.values())


def _rewritten(work: Work, truth: Truth, trials: Mapping[int, Trial]) -> Iterator[Trial]:
    lines = work.texts({place: trial.text for place, trial in trials.items()})
    start = time.thread_time()
    try:
        record = examine(typed(lines), work.problem)
    except Exception as fault:
        yield from (replace(one, outcome="crashed", codes=(type(fault).__name__,)) for one in trials.values())
        return
    taken = 1000 * (time.thread_time() - start) / len(lines)
    for place, trial in trials.items():
        here = record["lines"][place]
        codes = tuple(one["code"] for one in record["findings"] if one["line"] == place)
        is_last = place == len(lines) - 1 and record["final"]["verdict"] == "wrong"
        outcome = "accused" if here["verdict"] == "wrong" or is_last else here["verdict"]
        said = replace(trial, outcome=outcome, codes=(*codes, here.get("reason", "")), milliseconds=taken)
        yield said if outcome == "right" or trial.right is None else _by_numbers(work, truth, said)


def _by_numbers(work: Work, truth: Truth, trial: Trial) -> Trial:
    """What is not called right, judged apart: a rewriting that changes the value is none."""
    row = work.rows[trial.line]
    assert trial.right is not None
    equal, judge = truth.equal(row.left, row.right, trial.right, row.condition)
    return replace(
        trial, outcome="not equal" if equal is not True and judge == "numbers" else trial.outcome, judge=judge
    )
