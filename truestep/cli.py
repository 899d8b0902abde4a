"""The command line; what is slow to import is imported where it is needed."""

from __future__ import annotations

import pathlib
import sys
from typing import Any, BinaryIO

import click

from truestep import status
from truestep.deriving import derive
from truestep.explaining import explain
from truestep.linting import lint
from truestep.listing import listing
from truestep.saying import DASH, answer_records, refuse, show_line, unread
from truestep.sheets import sheet
from truestep.showing import showing
from truestep.starting import new

COMMANDS = (derive, explain, lint, listing, new, sheet, showing)


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, commands=COMMANDS)
@click.version_option(package_name="truestep", prog_name="truestep")
def main() -> None:
    """truestep checks derivations: is the answer right, and which line goes wrong first."""


@main.command()
@click.argument("submissions", metavar="[SUBMISSION]...", nargs=-1)
@click.option("--problem", metavar="ID_OR_FILE", help="The problem: an id from the book, or a TOML file.")
@click.option("--homework", metavar="ID_OR_FILE", help="SUBMISSION is a handout of this homework: check each box.")
@click.option("--json", "as_json", is_flag=True, help="Print the check record instead of the report.")
@click.option("--csv", "as_csv", is_flag=True, help="With --homework: a table of the marks of all SUBMISSIONs.")
@click.option("--records", metavar="FILE", help="Check records, one JSON per line ('-': standard input).")
def check(
    submissions: tuple[str, ...],
    problem: str | None,
    homework: str | None,
    as_json: bool,
    as_csv: bool,
    records: str | None,
) -> None:
    """Check a SUBMISSION (.tex, .md, .ipynb, text; '-': standard input) or a file of records.

    Exit status: 0 all is right, 1 something is wrong, 2 the input or the usage is at fault,
    3 nothing is wrong but something stayed undecided or unreadable.
    """
    if records is not None:
        if submissions or problem is not None or homework is not None or as_csv:
            raise click.UsageError("--records takes neither a SUBMISSION nor --problem: each record names its own.")
        sys.exit(_check_records(records))
    if not submissions:
        raise click.UsageError("name a SUBMISSION and its --problem, or --records FILE.")
    if as_csv:
        if homework is None or problem is not None or as_json:
            raise click.UsageError("--csv is for --homework alone: it is a table of marks, question by question.")
        sys.exit(_mark_class(submissions, homework))
    if len(submissions) > 1:
        raise click.UsageError("several SUBMISSIONs are checked with --homework and --csv; else name one.")
    (submission,) = submissions
    if homework is not None:
        if problem is not None:
            raise click.UsageError("give --problem or --homework, not both.")
        sys.exit(_check_handout(submission, homework, as_json))
    if problem is None:
        raise click.UsageError("name the problem that the submission answers: --problem ID_OR_FILE.")
    sys.exit(_check_submission(submission, problem, as_json))


def _check_records(name: str) -> int:
    from checkers.records import check_line

    return answer_records(name, check_line)


def _check_submission(name: str, problem: str, as_json: bool) -> int:
    from checkers.documents import DocumentFault, read_file
    from checkers.records import check_work
    from derivations.faults import StatementFault
    from problems.statement import load_problem

    path = None if name == DASH else pathlib.Path(name)
    identifier = path.stem if path else "standard input"
    try:
        stated = load_problem(problem)
        work = read_file(path, _bytes(path), stated.in_words)
    except OSError as fault:
        refuse(unread(name, fault), identifier, as_json)
    except (DocumentFault, StatementFault) as fault:
        refuse(f"{name}: {fault}" if isinstance(fault, DocumentFault) else str(fault), identifier, as_json)
    try:
        record: dict[str, Any] = check_work(work, stated, identifier)
    except StatementFault as fault:
        refuse(f"problem {problem}: {fault}", identifier, as_json)
    if as_json:
        show_line(status.as_json(record))
    else:
        from truestep.report import show

        show(record, work.rows, name, stated.title or problem)
    return status.of_record(record)


def _check_handout(name: str, homework: str, as_json: bool) -> int:
    from checkers.documents import DocumentFault
    from derivations.faults import StatementFault
    from problems.homework import load_homework
    from truestep.homework_check import check_homework

    path = None if name == DASH else pathlib.Path(name)
    identifier = path.stem if path else "standard input"
    try:
        loaded = load_homework(homework)
        handout = _bytes(path)
    except OSError as fault:
        refuse(unread(name, fault), identifier, as_json)
    except StatementFault as fault:
        refuse(str(fault), identifier, as_json)
    try:
        return check_homework(handout, identifier, loaded, show_line if as_json else None)
    except (DocumentFault, StatementFault) as fault:
        refuse(f"{name}: {fault}" if isinstance(fault, DocumentFault) else str(fault), identifier, as_json)


def _mark_class(names: tuple[str, ...], homework: str) -> int:
    from derivations.faults import StatementFault
    from problems.homework import load_homework
    from truestep.marks_table import write_table

    try:
        loaded = load_homework(homework)
    except StatementFault as fault:
        refuse(str(fault))
    return write_table(names, loaded)


def _bytes(path: pathlib.Path | None) -> bytes:
    """The bytes of a submission, one more than are allowed at most."""
    from checkers.documents.formats import LARGEST

    if path is None:
        stream: BinaryIO = sys.stdin.buffer
        return stream.read(LARGEST + 1)
    with path.open("rb") as file:
        return file.read(LARGEST + 1)
