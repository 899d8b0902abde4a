"""The boxes of a handout, also where its marks were damaged: nothing that stands in it is dropped."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from truestep.problems.homework.marks import CLOSING, OPENING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truestep.checkers.handins.headings import Cutter

_FRAME = re.compile(r"\\(?:begin\{answerbox\}(?:\{[^{}]*\})?|end\{answerbox\})")
_HIDDEN = re.compile(r"^([ \t]*)<!--[ \t]*%?[ \t]*(</?truestep:box[^>\n]*>)[ \t]*-->", re.MULTILINE)


class Part(NamedTuple):
    """A stretch of a handout that answers a question: the id that it goes by, and where it stands."""

    id: str
    start: int
    end: int


def plain_marks(text: str) -> str:
    """A text with marks that stand in comments of HTML as they stand in LaTeX, each letter at its place.

    >>> plain_marks('<!-- <truestep:box id="1"> -->')
    '%<truestep:box id="1">        '
    """
    return _HIDDEN.sub(lambda found: (found[1] + "%" + found[2]).ljust(len(found[0])), text)


def has_boxes(text: str) -> bool:
    """Whether any mark of a box stands in a text."""
    return OPENING.search(text) is not None or CLOSING.search(text) is not None


def parts(text: str, cutter: Cutter) -> tuple[list[Part], list[str]]:
    """The boxes of a handout in order, and what is to be said of its marks.

    A box that stands twice comes twice.  Where an opening mark is lost, the heading above says which box it was; where
    a closing one is lost, the box ends before the next heading or opening mark.
    """
    out: list[Part] = []
    said: list[str] = []
    opened: re.Match[str] | None = None
    last = 0
    for mark in sorted([*OPENING.finditer(text), *CLOSING.finditer(text)], key=lambda one: one.start()):
        is_opening = bool(mark.re is OPENING)
        if opened is not None:
            if is_opening:
                said.append(f"box {opened[1]} has lost its end: what stands before the next heading was taken")
            out.append(
                _part(text, opened, _stop(text, opened.end(), mark.start(), cutter) if is_opening else mark.start())
            )
            opened = None
        elif not is_opening:
            found = list(_by_heading(text, last, mark.start(), cutter))
            out += found
            said += [f"box {one.id} has lost its opening mark: it was found by its heading" for one in found]
        if is_opening:
            opened = mark
        last = mark.end()
    if opened is not None:
        said.append(f"box {opened[1]} has lost its end: what stands before the next heading was taken")
        out.append(_part(text, opened, _stop(text, opened.end(), len(text), cutter)))
    twice = {one.id for place, one in enumerate(out) if any(other.id == one.id for other in out[:place])}
    said += [f"box {name} stands twice: both were read as one answer" for name in sorted(twice)]
    return out, said


def _part(text: str, mark: re.Match[str], end: int) -> Part:
    start = min(mark.end() + 1, len(text))
    return Part(mark[1], start, max(start, end - 1 if text[end - 1 : end] == "\n" else end))


def _stop(text: str, start: int, end: int, cutter: Cutter) -> int:
    """Where a box without its end stops: before the frame or the heading that follows it."""
    sections = cutter.sections(text[start:end], "tex")
    stop = start + (sections[1].start if len(sections) > 1 else end - start)
    heading = text.rfind("\\subsection", start, stop)
    frame = re.compile(r"\\end\{(?:answerbox|document)\}").search(text, start, end)
    return min([stop, *([heading] if heading > 0 else []), *([frame.start()] if frame else [])])


def _by_heading(text: str, start: int, end: int, cutter: Cutter) -> Iterator[Part]:
    """What stands before a closing mark that nothing opened, under the last heading of a question."""
    sections = [one for one in cutter.sections(text[start:end], "tex") if one.question]
    if sections:
        last = sections[-1]
        frames = list(_FRAME.finditer(text, start + last.start, end))
        begin = frames[-1].end() if frames else start + last.start
        yield Part(last.question, begin, end)
