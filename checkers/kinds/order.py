"""Answers that list steps in order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from truestep.checkers.kinds.record import Judged
from truestep.problems.kinds.ordered_steps import Step, Steps, steps_of
from truestep.problems.kinds.plain_words import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.problems.statements.problem import Problem

_MARK = re.compile(
    r"\s*(?:\(?(?:step\s*)?(?P<number>\d{1,2})\s*[.):]|(?P<bullet>[-*+•])\s|\((?P<letter>[a-z])\))\s*", re.IGNORECASE
)
# what follows one of these speaks of another step than the line does
_ASIDE = re.compile(
    r"\b(?:before|after|until|so that|because|since|without|instead|otherwise|accumulat\w+|"
    r"which|using|with respect|not|in order to|to compute|needed)\b"
)
# what may stand between two steps that one line lists
_JOINED = re.compile(
    r"[\s,;:()=\w.→>&-]*?(?:\b(?:and|then|next|finally|lastly|afterwards|followed by)\b|,|;|→|->|>|&)"
    r"[\s\w,()=.-]{0,40}"
)
# an object of which a method is called: what counts is the method
_CALLED = re.compile(r"\.\w+\(")
_LEADING = re.compile(r"\s*(?:before|after|once|when)\b")


class Found(NamedTuple):
    """A step that stands in a row, at a place of the row."""

    step: str
    row: int
    place: int


def check_order(rows: Sequence[str], problem: Problem) -> dict[str, Any]:
    """The check record of an answer that lists steps; prose in which no steps are found is not checked.

    Raises StatementFault.
    """
    asked = steps_of(problem)
    judged = Judged(len(rows))
    found, strangers = _read(rows, asked)
    places = {one.step: number for number, one in reversed(list(enumerate(found)))}
    for one in found:
        judged.say(one.row, "right")
    if len(places) < 2:
        return judged.record("not_checked", None, "no list of the steps is found here; a person reads this")
    last = found[-1].row
    swapped = [(a, b) for a, b in sorted(asked.before) if a in places and b in places and places[a] > places[b]]
    for early, late in swapped:
        row = found[places[late]].row
        judged.say(row, "wrong")
        judged.find(row, "logic", "swapped-steps", f"{late!r} stands before {early!r}, but has to come after it")
    missing = [step.name for step in asked.steps if step.name not in places]
    aside = next((row for row, text in enumerate(rows) if missing and _names_any(text, asked, missing)), None)
    strangers += [] if aside is None else [aside]
    if missing and not strangers:
        judged.find(last, "missing", "missing-step", f"not listed: {', '.join(missing)}")
    if swapped or (missing and not strangers):
        return judged.record("wrong", last)
    if missing:
        judged.say(strangers[0], "undecided", "this is none of the steps that are known, or names one aside")
        return judged.record("undecided", last, f"not found in the list: {', '.join(missing)}")
    return judged.record("right", last)


def _names_any(text: str, asked: Steps, names: Sequence[str]) -> bool:
    """Whether a line names one of some steps at all, be it aside."""
    said = " ".join(plain(text).lower().split())
    spellings = [spelling for step in asked.steps if step.name in names for spelling in (step.name, *step.spellings)]
    return any(spelling.lower() in said for spelling in spellings)


def _read(rows: Sequence[str], asked: Steps) -> tuple[list[Found], list[int]]:
    """The steps in the order in which they are listed, and the rows of a list that hold none of them."""
    found: list[tuple[int, Found]] = []
    strangers: list[int] = []
    lines = [(row, plain(text), _MARK.match(plain(text))) for row, text in enumerate(rows)]
    is_list = sum(mark is not None for _, _, mark in lines) > 1
    number = 0
    for row, line, mark in lines:
        if mark is not None and mark["number"]:
            number = int(mark["number"])
        here = _steps_in(line[mark.end() :] if mark else line, asked.steps)
        if is_list and mark is None:
            here = here if not found else []  # what a list item goes on to say
        if is_list and mark is not None and not here:
            strangers.append(row)
        found += [(number, Found(name, row, place)) for name, place in here]
    if _numbered_once(lines):
        found.sort(key=lambda entry: (entry[0], entry[1].row, entry[1].place))
    return [one for _, one in found], strangers


def _numbered_once(lines: Sequence[tuple[int, str, re.Match[str] | None]]) -> bool:
    """Whether each number of the list stands once, so that the numbers say the order."""
    numbers = [mark["number"] for _, _, mark in lines if mark is not None and mark["number"]]
    return len(numbers) > 1 and len(set(numbers)) == len(numbers)


def _steps_in(line: str, steps: Sequence[Step]) -> list[tuple[str, int]]:
    """The steps that a line names, in its order; what it says of other steps aside is left out."""
    said = line.lower()
    aside = _ASIDE.search(said)
    if aside is not None and not _LEADING.match(said):
        said = said[: aside.start()]
    elif aside is not None:
        said = said.partition(",")[2]
    spelled = sorted(
        ((spelling.lower(), step.name) for step in steps for spelling in (step.name, *step.spellings)),
        key=lambda entry: -len(entry[0]),
    )
    hits: list[tuple[int, int, str]] = []
    for spelling, name in spelled:
        pattern = r"\s+".join(re.escape(word) for word in spelling.split())
        for found in re.finditer(rf"(?<![a-z]){pattern}", said):
            if not any(start < found.end() and found.start() < end for start, end, _ in hits):
                hits.append((found.start(), found.end(), name))
    hits = [hit for hit in hits if said[hit[1] : hit[1] + 1] != "." or not _CALLED.match(said, hit[1])]
    out: dict[str, int] = {}
    end = 0
    for start, stop, name in sorted(hits):
        if not out or _JOINED.fullmatch(said, end, start):
            out.setdefault(name, start)
        end = stop
    return list(out.items())
