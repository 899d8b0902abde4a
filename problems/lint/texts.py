"""Lints of what a person reads: formulas that cannot be set, pictures that are not there, points that do not add up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from truestep.derivations.language.faults import StatementFault
from truestep.derivations.language.latex.macros import expanded
from truestep.problems.homework.homework_file import tables
from truestep.problems.homework.own_commands import commands_in, commands_of, spelled_out
from truestep.problems.lint.draft import points_in
from truestep.problems.lint.lint_rule import Remark
from truestep.problems.sheets.typeset.mathematics import plain_mathematics
from truestep.problems.sheets.typeset.prose import pieces

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from truestep.derivations.language.latex.macros import Macro
    from truestep.problems.lint.draft import Asked, Draft, Table
    from truestep.problems.statements.toml.positions import Path

FORMULA = re.compile(r"(?<!\\)(\$\$?)(.+?)(?<!\\)\1", re.DOTALL)
IMAGE = re.compile(r"!\[[^\]\n]{0,400}\]\([^)\n]{0,400}\)|<img\b[^>\n]*>?|\\includegraphics\b[^$\n]{0,400}?\}")
FIGURE = re.compile(
    r"\b(?:figure|fig\.|diagram|picture|graph|plot|image)s?\s+(?:below|above|\d+|on\s+the\s+(?:left|right|next\s+page))"
    r"|\bshown\s+(?:below|above|in\s+the\s+(?:figure|diagram|picture|image))",
    re.IGNORECASE,
)
POINTS = re.compile(r"[\[(]\s*(\d+(?:\.\d+)?)\s*(?:pts?|points?|marks?)\.?\s*[\])]", re.IGNORECASE)
_HOMEWORK = ("title", "course", "source", "due", "text", "fields")
_QUESTION = ("title", "text", "model_answer", "rubric")


def texts(draft: Draft) -> Iterator[tuple[Path, str]]:
    """Every text that a person reads, with its place."""
    if draft.single is not None:
        place, table = draft.single.pieces[-1]
        yield from _texts(table, ("title", "text"), place)
        return
    yield from _texts(draft.table, _HOMEWORK, ())
    for place, part in tables(draft.table, "part"):
        yield from _texts(part, ("title", "text"), place)
    for question in draft.questions:
        yield from _texts(question.table, _QUESTION, question.place)
        for place, figure in tables(question.table, "figure", question.place):
            yield from _texts(figure, ("caption",), place)


def _texts(table: Table, keys: tuple[str, ...], place: Path) -> Iterator[tuple[Path, str]]:
    for key in keys:
        value = table.get(key)
        if isinstance(value, str):
            yield (*place, key), value
        for number, entry in enumerate(value if isinstance(value, list) else ()):
            if isinstance(entry, str):
                yield (*place, key, number), entry


def formula(draft: Draft) -> Iterator[Remark]:
    """Formulas in texts that cannot be set."""
    for place, text in texts(draft):
        commands = _commands(draft, place)
        try:
            pieces(spelled_out(text, commands))
        except StatementFault as fault:
            refused = list(_refused(text, commands))
            for offset, message in refused or [(0, fault.message)]:
                yield Remark(place, message, "write the formula with commands of mathematics alone", offset)


def _commands(draft: Draft, place: Path) -> dict[str, Macro]:
    """The commands that hold in a text: those of its question's problems, else those on which all agree."""
    if draft.single is not None:
        return commands_of([draft.single.table])
    own = [one.table for asked in draft.questions if asked.place == place[: len(asked.place)] for one in asked.stated]
    return {**commands_in(draft.table), **commands_of(own)}


def _refused(text: str, commands: Mapping[str, Macro]) -> Iterator[tuple[int, str]]:
    """The formulas of a text that are refused, each with its place and the reason."""
    for found in FORMULA.finditer(text):
        try:
            plain_mathematics(expanded(found[2], commands))
        except StatementFault as fault:
            yield found.start(), fault.message


def image(draft: Draft) -> Iterator[Remark]:
    """Images in texts, which no sheet shows."""
    for place, text in texts(draft):
        for found in IMAGE.finditer(text):
            message = f"the image {found[0]!r} would be printed letter by letter"
            yield Remark(
                place, message, "draw it with [[part.question.figure]], or put it into a template", found.start()
            )


def figure_missing(draft: Draft) -> Iterator[Remark]:
    """Texts that speak of a figure where none is."""
    for question in draft.questions:
        text = question.table.get("text")
        found = FIGURE.search(text) if isinstance(text, str) else None
        if found and not _has_figure(draft, question):
            message = f"the text says {found[0]!r}, and no figure stands in the question"
            repair = (
                "add a [[part.question.figure]] with where = 'question', or leave it to a person who has the figure"
            )
            yield Remark((*question.place, "text"), message, repair, found.start())


def _has_figure(draft: Draft, question: Asked) -> bool:
    """Whether a figure stands in the question, or in the text that it shares."""
    return any(
        figure.get("where") == "question"
        for other in draft.questions
        if other is question or (other.is_heading and question in members(draft, other))
        for _, figure in tables(other.table, "figure")
    )


def members(draft: Draft, heading: Asked) -> list[Asked]:
    """The questions that share the text of a heading: those up to the next heading of the part."""
    out: list[Asked] = []
    for question in draft.questions[draft.questions.index(heading) + 1 :]:
        if question.is_heading or question.place[:2] != heading.place[:2]:
            break
        out.append(question)
    return out


def points_in_text(draft: Draft) -> Iterator[Remark]:
    """Points that a text names, and others that are given."""
    for question in draft.questions:
        for key in ("title", "text"):
            text = question.table.get(key)
            if not isinstance(text, str):
                continue
            for found in POINTS.finditer(text):
                yield from _compared(found, (*question.place, key), _worth(draft, question))
    for place, part in tables(draft.table, "part"):
        found_in_title = POINTS.search(str(part.get("title", "")))
        if found_in_title:
            inside = [question for question in draft.questions if question.place[:2] == place]
            yield from _compared(found_in_title, (*place, "title"), sum(_points(question) or 0 for question in inside))


def _compared(found: re.Match[str], place: Path, worth: float | None) -> Iterator[Remark]:
    said = float(found[1])
    if worth is None:
        message = f"the text says {found[0]}, and no points are given"
        yield Remark(place, message, f"add points = {said:g}; the sheet prints them", found.start())
    elif said != worth:
        message = f"the text says {found[0]}, but points add up to {worth:g}"
        yield Remark(
            place, message, "make them agree, or leave them out of the text: the sheet prints them", found.start()
        )


def _worth(draft: Draft, question: Asked) -> float | None:
    """The points of a question, or of those that share its text."""
    own = _points(question)
    if own is not None or not question.is_heading:
        return own
    several = [points for member in members(draft, question) if (points := _points(member)) is not None]
    return sum(several) if several else None


def _points(question: Asked) -> float | None:
    return next(
        (points for table in (question.table, question.problem) if (points := points_in(table)) is not None), None
    )


def points_twice(draft: Draft) -> Iterator[Remark]:
    """Points at a heading and at its questions, which count twice."""
    for heading in draft.questions:
        own = _points(heading)
        if not heading.is_heading or not own:
            continue
        identifier = str(heading.table.get("id", ""))
        several = [
            points
            for member in members(draft, heading)
            if str(member.table.get("id", "")).startswith(identifier) and (points := _points(member))
        ]
        if several:
            message = f"{own:g} points here and {sum(several):g} at the questions that share this text are added up"
            yield Remark((*heading.place, "points"), message, "give them here or there")


def no_model_answer(draft: Draft) -> Iterator[Remark]:
    """Questions by hand of which the solution sheet says nothing."""
    for question in draft.questions:
        if question.table.get("kind") == "by hand" and not {"model_answer", "rubric", "show"} & set(question.table):
            yield Remark(question.place, "the solution sheet has nothing to say here", "add model_answer or rubric")
