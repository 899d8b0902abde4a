r"""The answer boxes of a handout: what stands between the marks, box by box.

>>> handout = 'x\n%<truestep:box id="1(a)">\n\\[ a = b \\]\n%</truestep:box>\n'
>>> boxes(handout)
{'1(a)': '\\[ a = b \\]'}
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from truestep.checkers.documents.work import DocumentFault
from truestep.problems.homework.marks import CLOSING, OPENING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Box(NamedTuple):
    """A box: the id of its question, and where in the source its text begins and ends."""

    id: str
    start: int
    end: int


def boxes(source: str) -> dict[str, str]:
    """What is written in each box, by the id of its question, exactly as it stands.

    Raises DocumentFault where a mark is missing, stands twice, or stands inside a box.
    """
    return {box.id: source[box.start : box.end] for box in _found(source)}


def filled(source: str, answers: Mapping[str, str]) -> str:
    """The handout with answers in its boxes.

    Raises DocumentFault for a box that is not there, and for an answer that holds a mark.

    >>> handout = '%<truestep:box id="1">\\n\\n%</truestep:box>'
    >>> boxes(filled(handout, {"1": "a = b"}))
    {'1': 'a = b'}
    """
    found = _found(source)
    missing = sorted(set(answers) - {box.id for box in found})
    if missing:
        raise DocumentFault(f"there is no box {missing[0]!r} in this handout")
    for box in reversed(found):
        answer = answers.get(box.id)
        if answer is not None:
            if OPENING.search(answer) or CLOSING.search(answer):
                raise DocumentFault(f"box {box.id!r}: the answer holds the mark of a box")
            source = source[: box.start] + answer + source[box.end :]
    return source


def _found(source: str) -> list[Box]:
    found: list[Box] = []
    known: set[str] = set()
    for box in _pairs(source):
        if box.id in known:
            raise DocumentFault(f"box {box.id!r} stands twice in this file; leave the handout's boxes as they are")
        known.add(box.id)
        found.append(box)
    if not found:
        raise DocumentFault(
            "this file has no answer boxes: hand in the handout itself, with the lines '%<truestep:box ...>' in it"
        )
    return found


def _pairs(source: str) -> Iterator[Box]:
    """Each opening mark with the closing mark that follows it before the next opening one."""
    opened = list(OPENING.finditer(source))
    for place, mark in enumerate(opened):
        stop = opened[place + 1].start() if place + 1 < len(opened) else len(source)
        closed = CLOSING.search(source, mark.end(), stop)
        if closed is None:
            line = source.count("\n", 0, mark.start()) + 1
            raise DocumentFault(
                f"box {mark[1]!r} (line {line}) has lost its end: put the line '%</truestep:box>' after the answer"
            )
        start = mark.end() + 1
        yield Box(mark[1], start, max(start, closed.start() - 1))
