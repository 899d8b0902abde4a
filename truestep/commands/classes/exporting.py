"""``truestep export``: gradebooks that platforms take back, and reports to hand back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from truestep.commands.saying import hand_over, refuse

if TYPE_CHECKING:
    from truestep.classes.gradebooks import Book
    from truestep.classes.store import Store
    from truestep.problems.homework.homework import Homework

FORMS = ("plain", "gradescope", "canvas", "moodle", "reports", "statistics")


@click.command()
@click.argument("form", metavar="FORM", type=click.Choice(FORMS))
@click.option("--store", "folder", metavar="FOLDER", required=True, help="The store that the class was graded into.")
@click.option("--output", metavar="PATH", help="A file, or for reports a folder; else it is printed.")
@click.option("--roster", metavar="CSV", help="The platform's own list, whose columns go back; else that of the store.")
@click.option(
    "--open", "open_as", type=click.Choice(["least", "most"]), help="What counts where a person has to decide."
)
@click.option("--markdown", is_flag=True, help="Reports as Markdown, and not as HTML pages.")
@click.option(
    "--reveal",
    type=click.Choice(["none", "hint", "answer", "steps"]),
    default="none",
    show_default=True,
    help="How much of the solution the reports show.",
)
def export(
    form: str,
    folder: str,
    output: str | None,
    roster: str | None,
    open_as: str | None,
    markdown: bool,
    reveal: str,
) -> None:
    """Write marks in a FORM: a gradebook (plain, gradescope, canvas, moodle), reports, or statistics of the class.

    Exit status: 0 done, 2 the input or the usage is at fault.
    """
    from truestep.classes.store import Store, StoreFault
    from truestep.commands.classes.grading import homework_of
    from truestep.derivations.language.faults import StatementFault

    try:
        with Store(Path(folder), writes=False) as store:
            homework = homework_of(store)
            if form == "reports":
                _hand_back(store, homework, Path(output or "reports"), markdown, reveal)
                return
            if form == "statistics":
                _statistics(store, homework, output)
                return
            _write(store, homework, form, output, roster, open_as)
    except (StoreFault, StatementFault) as fault:
        refuse(str(fault))


def _write(
    store: Store, homework: Homework, form: str, output: str | None, roster: str | None, open_as: str | None
) -> None:
    from truestep.classes.gradebooks import GRADEBOOKS

    book = _book(store, homework, roster, open_as)
    empty = sum(row.low != row.high for row in book.rows)
    if empty and not open_as:
        message = f"{empty} students have something open, and no marks yet: `truestep review`, or --open least"
        click.echo(f"truestep: {message}", err=True)
    hand_over(GRADEBOOKS[form](book), None if output is None else Path(output))


def _book(store: Store, homework: Homework, roster: str | None, open_as: str | None) -> Book:
    from truestep.classes.gradebooks import Book
    from truestep.classes.grading import result_rows
    from truestep.classes.roster import Person
    from truestep.commands.classes.grading import bytes_of, roster_of

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
    return Book(rows, homework.title, of, worth, known, open_as or "")


def _hand_back(store: Store, homework: Homework, folder: Path, is_markdown: bool, reveal: str) -> None:
    from truestep.classes.grading import result_rows, texts_of
    from truestep.classes.handing_back import reports
    from truestep.classes.writing import write_whole
    from truestep.reports.html_page import page
    from truestep.reports.markdown import markdown

    count = 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, report in reports(store, homework, result_rows(store), texts_of(store), reveal):
            text = markdown(report) if is_markdown else page(report)
            place = folder / f"{name}{'.md' if is_markdown else '.html'}"
            write_whole(place, text.encode("utf-8", errors="backslashreplace"))
            count += 1
    except OSError as fault:
        refuse(f"{fault.filename or folder}: cannot be written ({fault.strerror or fault})")
    click.echo(f"truestep: wrote {count} reports into {folder}", err=True)


def _statistics(store: Store, homework: Homework, output: str | None) -> None:
    from truestep.classes.grading import result_rows
    from truestep.classes.statistics import page, statistics

    rows = result_rows(store)
    made = page(homework, rows, statistics(store, homework, rows)).encode("utf-8", errors="backslashreplace")
    hand_over(made, None if output is None else Path(output))
