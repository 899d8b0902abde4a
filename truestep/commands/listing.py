"""``truestep list``: the problems of the book, page by page, and the homeworks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from truestep.commands import status
from truestep.commands.saying import refuse, show_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from truestep.output.printing import Block
    from truestep.problems.book import Page
    from truestep.problems.homework.homework import Homework


@click.command(name="list")
@click.argument("words", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def listing(words: tuple[str, ...], as_json: bool) -> None:
    """List the problems of the book and the homeworks; with WORDS those alone in which all of them occur.

    Exit status: 0, and 2 where nothing has these words.
    """
    from truestep.problems.book import pages
    from truestep.problems.homework.homework_file import load_homework
    from truestep.problems.homeworks import homeworks

    found = [(page, [problem for problem in page.problems if _has(words, page.name, problem)]) for page in pages()]
    kept = [(page, problems) for page, problems in found if problems]
    sheets = [homework for homework in map(load_homework, homeworks()) if _names(words, homework)]
    if words and not kept and not sheets:
        refuse(f"nothing in the book has the word{'s' if len(words) > 1 else ''} {' '.join(words)}{_nearest(words)}")
    if as_json:
        show_line(status.as_json(_table(kept, sheets)))
        return
    from truestep.output.printing import print_parts

    print_parts(_parts(kept, sheets))


def _has(words: Sequence[str], page: str, problem: Any) -> bool:
    text = f"{page} {problem.id} {problem.title} {problem.text}".lower()
    return all(word.lower() in text for word in words)


def _names(words: Sequence[str], homework: Homework) -> bool:
    text = f"homework {homework.id} {homework.title} {homework.course}".lower()
    return all(word.lower() in text for word in words)


def _nearest(words: Sequence[str]) -> str:
    """A half sentence that proposes words of the book that are near."""
    from truestep.derivations.language.faults import nearest
    from truestep.problems.book import identifiers

    known = {part for identifier in identifiers() for part in identifier.split("-") if len(part) > 2}
    return next((proposal for word in words if (proposal := nearest(word, sorted(known)))), "")


def _table(kept: Sequence[tuple[Page, list[Any]]], sheets: Sequence[Homework]) -> dict[str, Any]:
    return {
        "book": [
            {"id": one.id, "page": page.name, "title": one.title, "kind": one.kind, "text": one.text}
            for page, problems in kept
            for one in problems
        ],
        "homeworks": [
            {
                "id": one.id,
                "title": one.title,
                "course": one.course,
                "questions": [question.id for question in one.questions if question.is_answered],
            }
            for one in sheets
        ],
    }


def _parts(kept: Sequence[tuple[Page, list[Any]]], sheets: Sequence[Homework]) -> Iterator[Block]:
    """A heading for each page, then its problems in two columns; at the end the homeworks."""
    from truestep.output.printing import Styled

    widest = max((len(one.id) for _, problems in kept for one in problems), default=0)
    widest = max([widest, *(len(one.id) for one in sheets)])
    for page, problems in kept:
        yield Styled(page.about, style="bold")
        yield _rows([(one.id, one.title) for one in problems], widest)
        yield Styled()
    if sheets:
        yield Styled("Homeworks", style="bold")
        yield _rows([(one.id, ", ".join(filter(None, (one.title, one.course)))) for one in sheets], widest)
        yield Styled()
    count = sum(len(problems) for _, problems in kept)
    yield Styled(f"{_counted(count, 'problem')}, {_counted(len(sheets), 'homework')}. truestep show ID shows one.")


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _rows(rows: Sequence[tuple[str, str]], width: int) -> Block:
    from truestep.output.printing import FOLDED, Column, Columns
    from truestep.output.readable import visible

    shown = [(f"  {visible(identifier)}", visible(title)) for identifier, title in rows]
    return Columns((Column(kept=True, least=width + 2), FOLDED), shown)
