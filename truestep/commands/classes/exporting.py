"""``truestep export``: gradebooks that platforms take back, and reports to hand back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from truestep.commands.saying import hand_over, refuse, reveal_option

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from truestep.classes.gradebooks import Book
    from truestep.classes.store import Store
    from truestep.problems.homework.homework import Homework

FORMS = ("plain", "gradescope", "canvas", "moodle", "nbgrader", "moodle-feedback", "reports", "statistics")
PLACES = {"reports": "reports", "nbgrader": "nbgrader", "moodle-feedback": "feedback.zip"}


@click.command()
@click.argument("form", metavar="FORM", type=click.Choice(FORMS))
@click.option("--store", "folder", metavar="FOLDER", required=True, help="The store that the class was graded into.")
@click.option("--output", metavar="PATH", help="A file; for reports and nbgrader a folder. A table is printed without.")
@click.option("--roster", metavar="CSV", help="The platform's own list, whose columns go back; else that of the store.")
@click.option(
    "--open", "open_as", type=click.Choice(["least", "most"]), help="What counts where a person has to decide."
)
@click.option("--preview", is_flag=True, help="Show what would change on the platform's list, and write nothing.")
@click.option("--markdown", is_flag=True, help="Reports as Markdown, and not as HTML pages.")
@reveal_option("How much of the solution the reports show.")
def export(
    form: str,
    folder: str,
    output: str | None,
    roster: str | None,
    open_as: str | None,
    preview: bool,
    markdown: bool,
    reveal: str,
) -> None:
    """Write marks in a FORM: a gradebook (plain, gradescope, canvas, moodle, nbgrader), feedback, or statistics.

    Exit status: 0 done, 2 the input or the usage is at fault.
    """
    from truestep.classes.gradebooks import GRADEBOOKS
    from truestep.classes.running import homework_of
    from truestep.classes.store import Store, StoreFault
    from truestep.derivations.language.faults import StatementFault

    try:
        with Store(Path(folder), writes=False) as store:
            homework = homework_of(store)
            if form == "statistics":
                _statistics(store, homework, output)
                return
            book = _book(store, homework, roster, open_as)
            if preview:
                _preview(book, form)
                return
            if form in PLACES:
                _hand_back(
                    store, homework, book, form, Path(output or PLACES[form]), ".md" if markdown else ".html", reveal
                )
                return
            _say_open(book)
            hand_over(GRADEBOOKS[form].table(book), None if output is None else Path(output))
    except (StoreFault, StatementFault) as fault:
        refuse(str(fault))


def _say_open(book: Book) -> None:
    empty = sum(row.low != row.high for row in book.rows)
    if empty and not book.open_as:
        message = f"{empty} students have something open, and no marks yet: `truestep review`, or --open least"
        click.echo(f"truestep: {message}", err=True)


def _preview(book: Book, form: str) -> None:
    """Shows what the platform's list would say otherwise."""
    from truestep.classes.difference import book_differences
    from truestep.classes.gradebooks import GRADEBOOKS
    from truestep.output.readable import visible

    if form not in GRADEBOOKS:
        raise click.UsageError(f"--preview shows what changes in a gradebook: {', '.join(GRADEBOOKS)}.")
    lines = list(book_differences(book, GRADEBOOKS[form].column(book)))
    click.echo("\n".join(map(visible, lines)) if lines else "nothing changes")


def _book(store: Store, homework: Homework, roster: str | None, open_as: str | None) -> Book:
    from truestep.classes.gradebooks import Book
    from truestep.classes.grading import result_rows
    from truestep.classes.roster import Person
    from truestep.classes.running import bytes_of, roster_of

    rows = result_rows(store)
    name = roster or store.get("roster")
    listed = roster_of(name, bytes_of(name)) if name else None
    known = {}
    for row in rows if listed is not None else ():
        person = listed.find(Person(row.id, row.name, row.email)) if listed is not None else None
        if person is not None:
            known[row.key] = person
    asked = [question for question in homework.questions if question.is_answered]
    worth = {question.id: homework.worth(question) or 0.0 for question in asked}
    of = sum(worth[question.id] for question in asked if not question.bonus)
    due = homework.marking.late.due if homework.marking.late is not None else ""
    return Book(rows, homework.title, of, worth, known, open_as or "", due, homework.id)


def _hand_back(store: Store, homework: Homework, book: Book, form: str, place: Path, suffix: str, reveal: str) -> None:
    """Writes a report for each student, as a platform takes it back."""
    from truestep.classes.feedback import cell_marks, nbgrader_files
    from truestep.classes.gradebooks import GRADEBOOKS
    from truestep.classes.writing import zipped

    files = _reports(store, homework, book, form, suffix, reveal)
    if form == "moodle-feedback":
        made = dict(files)
        hand_over(zipped(made), place, f": {len(made)} reports")
        return
    count = _write_all(files, place)
    if form == "nbgrader":
        _say_open(book)
        tables = {"grades.csv": GRADEBOOKS[form].table(book), "cells.csv": cell_marks(store, homework, book)}
        _write_all([*tables.items(), *nbgrader_files(store)], place)
    click.echo(f"truestep: wrote {count} reports into {place}", err=True)


def _reports(
    store: Store, homework: Homework, book: Book, form: str, suffix: str, reveal: str
) -> Iterator[tuple[str, bytes]]:
    from truestep.classes.feedback import NAMES, apart
    from truestep.classes.grading import texts_of
    from truestep.classes.handing_back import reports
    from truestep.reports.html_page import page
    from truestep.reports.markdown import markdown

    names: dict[str, list[str]] = {}
    for key, name in apart(NAMES[form](book, suffix)):
        names.setdefault(key, []).append(name)
    rows = [row for row in book.rows if row.key in names]
    for row, report in reports(store, homework, rows, texts_of(store), reveal):
        text = markdown(report) if suffix == ".md" else page(report)
        yield from ((name, text.encode("utf-8", errors="backslashreplace")) for name in names[row.key])


def _write_all(files: Iterable[tuple[str, bytes]], folder: Path) -> int:
    from truestep.classes.writing import write_whole

    count = 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in files:
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            write_whole(place, data)
            count += 1
    except OSError as fault:
        refuse(f"{fault.filename or folder}: cannot be written ({fault.strerror or fault})")
    return count


def _statistics(store: Store, homework: Homework, output: str | None) -> None:
    from truestep.classes.grading import result_rows
    from truestep.classes.statistics import page, statistics

    rows = result_rows(store)
    made = page(homework, rows, statistics(store, homework, rows)).encode("utf-8", errors="backslashreplace")
    hand_over(made, None if output is None else Path(output))
