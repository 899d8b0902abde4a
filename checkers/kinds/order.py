"""Answers that list steps in order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from truestep.checkers.kinds.record import Judged
from truestep.checkers.kinds.vocabulary import doubts_in, words_of
from truestep.problems.kinds.ordered_steps import Step, Steps, steps_of
from truestep.problems.kinds.plain_words import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.checkers.kinds.vocabulary import Known, Word
    from truestep.problems.statements.problem import Problem

_MARK = re.compile(
    r"\s*(?:\(?(?:step\s*)?(?P<number>\d{1,2})\s*[.):]|(?P<bullet>[-*+•])\s|\((?P<letter>[a-z])\))\s*", re.IGNORECASE
)
# numbers within one line
_INLINE = re.compile(r"(?:^|(?<=[\s:,;]))(?=\(?\d{1,2}[.)]\s)")
# an object of which a method is called: what counts is the method
_CALLED = re.compile(r"\.\w+\(")
# what speaks of another step than the line does, and what takes back an order
_CLASSES = (
    ("r", "before until so that without instead otherwise accumulate accumulated which using needed"),
    ("y", "any skip skipped order sequence"),
    ("w", "( ) come comes compute calculate do run perform call last"),
    (",", ";"),
    (">", "→ <"),
)
_EXTRA = {word: letter for letter, words in _CLASSES for word in words.split()}
_LISTED = re.compile("[wmgpcv,:]*s+(?:[wmcp,:>v]*[,c>][wmcpgv,:>]*s+)*[wmg:,r]*")


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
        judged.find(row, "swapped-steps", early=early, late=late)
    missing = [step.name for step in asked.steps if step.name not in places]
    aside = next((row for row, text in enumerate(rows) if missing and _names_any(text, asked, missing)), None)
    strangers += [] if aside is None else [aside]
    if missing and not strangers:
        judged.find(last, "missing-step", steps=", ".join(missing))
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
    """The steps in the order in which they are listed, and the rows that hold none, or do not fit the grammar."""
    found: list[tuple[int, Found]] = []
    strangers: list[int] = []
    lines = [(row, part, _MARK.match(part)) for row, text in enumerate(rows) for part in _INLINE.split(plain(text))]
    is_list = sum(mark is not None for _, _, mark in lines) > 1
    known = _known(asked.steps)
    number = 0
    for row, line, mark in lines:
        if mark is not None and mark["number"]:
            number = int(mark["number"])
        words = words_of(line[mark.end() :] if mark else line, known, _EXTRA)
        here = _steps_in(words)
        if here == [] and mark is None and doubts_in("".join(word.kind for word in words)):
            return [], [row]
        if is_list and mark is None and (found or not here):
            here = []  # what a list item goes on to say
        elif here is None or (is_list and not here):
            strangers.append(row)
        found += [(number, Found(word.text, row, word.place)) for word in here or ()]
    if _numbered_once(lines):
        found.sort(key=lambda entry: (entry[0], entry[1].row, entry[1].place))
    return [one for _, one in found], strangers


def _numbered_once(lines: Sequence[tuple[int, str, re.Match[str] | None]]) -> bool:
    """Whether each number of the list stands once, so that the numbers say the order."""
    numbers = [mark["number"] for _, _, mark in lines if mark is not None and mark["number"]]
    return len(numbers) > 1 and len(set(numbers)) == len(numbers)


def _known(steps: Sequence[Step]) -> Known:
    """Tells a step by any of its spellings, the longest first."""
    spelled = sorted(
        ((spelling, step.name) for step in steps for spelling in (step.name, *step.spellings)),
        key=lambda entry: -len(entry[0]),
    )
    patterns = [
        (re.compile(r"\s+".join(map(re.escape, spelling.split())), re.IGNORECASE), name) for spelling, name in spelled
    ]

    def known(text: str, place: int) -> tuple[str, str, int] | None:
        if place and text[place - 1].isalpha():
            return None
        for pattern, name in patterns:
            found = pattern.match(text, place)
            if found is not None and not _CALLED.match(text, found.end()):
                return "s", name, found.end()
        return None

    return known


def _steps_in(words: Sequence[Word]) -> list[Word] | None:
    """The steps of a line: one with any words around it, or several that are listed; None where it does not fit."""
    kinds = "".join(word.kind for word in words)
    if doubts_in(kinds):
        return None if "s" in kinds else []
    kinds = re.sub("r[^:]*", lambda found: "r" * len(found[0]), kinds)
    steps = [word for word, kind in zip(words, kinds, strict=True) if kind == "s"]
    if len({word.text for word in steps}) > 1 and not _LISTED.fullmatch(kinds):
        return None
    return list({word.text: word for word in reversed(steps)}.values())[::-1]
