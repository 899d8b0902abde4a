"""Each slip put into each line where it fits, the work checked, and what the checker said counted."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from benchmarks.guard import OutOfTime, time_limit
from benchmarks.slips.places import Edit, Line
from benchmarks.slips.rewritings import REWRITINGS
from benchmarks.slips.slips import SLIPS, Slip
from benchmarks.slips.truth import Truth
from benchmarks.slips.works import Work
from truestep.checkers.works import examine as examining
from truestep.checkers.works.examine import examine
from truestep.derivations.language.faults import Fault
from truestep.derivations.language.writing import latex

OUTCOMES = ("found", "elsewhere", "accepted", "remarked", "undecided", "unreadable", "crashed")
JUDGED = OUTCOMES  # slips that make the line false
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


def warmed_up(work: Work) -> Truth:
    """The judge of a work's lines; the checker has seen the work once, and nothing of the work before."""
    examining._kept.cache_clear()
    with suppress(Exception):  # counted where a line is judged
        examine(work.texts(), work.problem, {})
    return Truth(work.setting)


def slipped(works: Iterable[Work], most: int, seed: int, limit: float) -> Iterator[Trial]:
    """Up to ``most`` slips of each kind in each work, drawn by the seed."""
    for work in works:
        truth = warmed_up(work)
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
    taken = 0.0 if edit.before else milliseconds(work, place, text)
    said = replace(said, milliseconds=taken)
    found = judged(lines, place, slip, work)
    if equal is None and found["outcome"] != "crashed":
        return replace(said, outcome="unknown", judge=judge)
    return replace(said, judge=judge, **found)


def milliseconds(work: Work, place: int, text: str) -> float:
    """The processor time that the check of one line of a work by itself takes, its left side written out."""
    row = work.rows[place]
    line = text if row.begins else f"{latex(row.left, work.setting.notation)} {text}"
    start = time.process_time()
    with suppress(Exception):
        examine([line], work.problem, {})
    return 1000 * (time.process_time() - start)


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
    named = bool({slip.code, *slip.also} & {*codes, *(one["args"].get("slip") for one in findings)})
    return {"outcome": outcome, "codes": codes, "named": named, "accused": accused}


def _names(text: str, left: Any) -> bool:
    return text.startswith(str(left.data))


def rewritten(works: Iterable[Work], most: int, seed: int, limit: float) -> Iterator[Trial]:
    """Up to ``most`` rewritings of each kind in each work; ``accused`` where any line is then called wrong."""
    for work in works:
        truth = warmed_up(work)
        for rewriting in REWRITINGS:
            drawn = random.Random(f"{seed} {work.name} {rewriting.name}")
            edits = [(place, edit) for place in range(len(work.rows)) for edit in rewriting.change(Line(work, place))]
            for place, edit in drawn.sample(edits, min(most, len(edits))):
                said = Trial(work.name, rewriting.name, edit.done, place, edit.text, "")
                try:
                    with time_limit(limit):
                        yield _rewritten(work, truth, said, edit)
                except OutOfTime:
                    yield replace(said, outcome="undecided", judge="time")


def _rewritten(work: Work, truth: Truth, said: Trial, edit: Edit) -> Trial:
    row = work.rows[said.line]
    text = edit.text or work.text(said.line, edit.right)
    said = replace(said, text=text, judge="by construction")
    if not edit.text:
        equal, judge = truth.equal(row.left, row.right, edit.right, row.condition)
        said = replace(said, judge=judge)
        if equal is not True and judge == "numbers":
            return replace(said, outcome="not equal")
    said = replace(said, milliseconds=milliseconds(work, said.line, text))
    lines = work.texts({said.line: text})
    try:
        record = examine(lines, work.problem, {})
    except Exception as fault:
        return replace(said, outcome="crashed", codes=(type(fault).__name__,))
    wrong = tuple(f"{line['line']}: {lines[line['line']]}" for line in record["lines"] if line["verdict"] == "wrong")
    here = record["lines"][said.line]
    codes = tuple(one["code"] for one in record["findings"] if one["line"] == said.line)
    outcome = "accused" if wrong or record["final"]["verdict"] == "wrong" else here["verdict"]
    return replace(said, outcome=outcome, accused=wrong, codes=(*codes, here.get("reason", "")))
