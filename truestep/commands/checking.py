"""``truestep check``: a submission, or a handout box by box, in; the report or the record out."""

from __future__ import annotations

import pathlib
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from truestep.commands import status
from truestep.commands.saying import DASH, complain, hand_over, place_of, refuse, show_line, unread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.checkers.documents import Work
    from truestep.checkers.handouts import Checked
    from truestep.library.given import Source
    from truestep.problems.homework.homework import Homework
    from truestep.problems.statements.problem import Problem
    from truestep.reports.diagnostics import Diagnostic
    from truestep.reports.model import Marks, Part, Report

NO_PROBLEM = "name the problem that it answers: --problem ID_OR_FILE, or state it in the file"
LISTS = ("github", "sarif")
SUFFIXES = {
    "html": ".html",
    "markdown": ".md",
    "json": ".json",
    "terminal": ".txt",
    "github": ".txt",
    "sarif": ".sarif",
}


@dataclass(frozen=True)
class Wish:
    """What is to be made of a check: the form, where it goes, how much of the solution it shows, names of mistakes."""

    form: str = "terminal"
    output: str | None = None
    reveal: str = "none"
    is_diagnosed: bool = True

    @property
    def as_json(self) -> bool:
        """Whether the record itself is wanted."""
        return self.form == "json"


class Unusable(Exception):
    """A submission or its problem that cannot be used, and why."""


@dataclass(frozen=True)
class Judged:
    """A submission with its problem and its record."""

    source: Source
    work: Work
    problem: Problem
    record: dict[str, Any]


def problem_for(name: str, source: Source, chosen: str | None) -> Problem | None:
    """The problem that is chosen, else the one that the submission states itself, if it does.

    Raises StatementFault and DocumentFault.
    """
    from truestep.checkers.documents import DocumentFault
    from truestep.derivations.language.faults import StatementFault
    from truestep.output.readable import visible
    from truestep.problems.homework.named import problem_named

    problem = None if chosen is None else problem_named(chosen)
    try:
        own = source.stated
    except (StatementFault, DocumentFault) as fault:
        if problem is None and isinstance(fault, StatementFault):
            raise StatementFault(f"{name}: {fault.message}") from None
        if problem is None:
            raise
        own = None
    if problem is not None and own not in (None, problem):
        click.echo(f"truestep: {visible(name)} states another problem, which --problem overrides", err=True)
    return own if problem is None else problem


def judged(name: str, chosen: str | None, is_diagnosed: bool = True) -> Judged | None:
    """A submission checked; None where no problem is chosen and it states none.  Raises Unusable."""
    from truestep.checkers.documents import DocumentFault
    from truestep.checkers.records import check_work
    from truestep.derivations.language.faults import StatementFault

    try:
        source = source_of(name)
        problem = problem_for(name, source, chosen)
        if problem is None:
            return None
        work = source.read(problem)
        record = check_work(work, problem, _identifier(name), is_diagnosed=is_diagnosed)
    except OSError as fault:
        raise Unusable(unread(name, fault)) from None
    except DocumentFault as fault:
        raise Unusable(f"{name}: {fault}") from None
    except StatementFault as fault:
        raise Unusable(str(fault)) from None
    return Judged(source, work, problem, record)


def check_submissions(names: Sequence[str], chosen: str | None, wish: Wish, passes_over: bool) -> int:
    """Check each submission; the exit status of all.  One that states no problem is a fault, or passed over."""
    from truestep.derivations.language.faults import StatementFault

    statuses: list[int] = []
    found: dict[str, list[Diagnostic]] = {}
    for name in names:
        try:
            one = judged(name, chosen, wish.is_diagnosed)
            if one is None and not passes_over:
                raise Unusable(f"{name}: {NO_PROBLEM}")
        except Unusable as fault:
            complain(str(fault), _identifier(name), wish.as_json)
            statuses.append(status.FAULT)
            if wish.form in LISTS:
                found[name] = _listed_fault(fault)
            continue
        if one is None:
            continue
        statuses.append(status.of_record(one.record))
        if wish.form in LISTS:
            from truestep.reports.diagnostics import diagnostics

            found[name] = diagnostics(one.record, one.work, one.problem, one.source.text)
        else:
            try:
                _write_one(name, one, wish)
            except StatementFault as fault:
                refuse(str(fault), _identifier(name))
    if wish.form in LISTS:
        _write_list(found, wish)
    return status.of_all(statuses)


def _listed_fault(fault: Unusable) -> list[Diagnostic]:
    from truestep.reports.diagnostics import Diagnostic

    return [Diagnostic("error", "fault", str(fault))]


def _write_one(name: str, one: Judged, wish: Wish) -> None:
    from truestep.reports.record_part import part_of_record

    if wish.as_json:
        _hand_over(status.as_json(one.record) + "\n", _identifier(name), wish)
        return
    title = one.problem.title or one.problem.id or "Report"
    part = part_of_record(one.record, one.work, one.problem, title, wish.reveal)
    _write(_report(title, name, (part,), wish), _identifier(name), wish)


def _write_list(found: dict[str, list[Diagnostic]], wish: Wish) -> None:
    from truestep import __version__
    from truestep.reports.listings import github, sarif

    is_sarif = wish.form == "sarif"
    made = sarif(found, __version__) if is_sarif else "".join(github(name, one) for name, one in found.items())
    hand_over(made.encode("utf-8", errors="backslashreplace"), place_of(wish.output, "truestep" + SUFFIXES[wish.form]))


def check_handout(name: str, homework: str, wish: Wish) -> int:
    """Check every answer of a hand-in; the exit status of all."""
    from truestep.checkers.handins.reading import EMPTY, READ, Reader
    from truestep.checkers.handouts import check_document
    from truestep.derivations.language.faults import StatementFault
    from truestep.output.readable import visible
    from truestep.problems.homework.homework_file import load_homework

    identifier = _identifier(name)
    try:
        loaded = load_homework(homework)
        _, handout = place_and_bytes(name)
    except OSError as fault:
        refuse(unread(name, fault), identifier, wish.as_json)
    except StatementFault as fault:
        refuse(str(fault), identifier, wish.as_json)
    document = Reader(loaded).read(name, handout)
    if document.state not in (READ, EMPTY):
        refuse(f"{name}: {'; '.join(document.said)}", identifier, wish.as_json)
    for said in document.said:
        click.echo(f"truestep: {visible(f'{name}: {said}')}", err=True)
    try:
        answers = check_document(document, loaded, identifier, wish.is_diagnosed)
        checked = _as_records(answers, identifier, wish) if wish.as_json else list(answers)
        if not wish.as_json:
            _write(_homework_report(checked, loaded, name, wish), identifier, wish)
    except StatementFault as fault:
        refuse(str(fault), identifier, wish.as_json)
    return status.of_all(status.of_record(box.record) for box in checked)


def _as_records(answers: Any, identifier: str, wish: Wish) -> list[Checked]:
    """The records, one per line; to the terminal each as soon as it is known."""
    checked: list[Checked] = []
    for box in answers:
        checked.append(box)
        if wish.output is None:
            show_line(status.as_json(box.record))
    if wish.output is not None:
        _hand_over("".join(status.as_json(box.record) + "\n" for box in checked), identifier, wish)
    return checked


def _report(title: str, name: str, parts: tuple[Part, ...], wish: Wish, marks: Marks | None = None) -> Report:
    """The report; one that is handed on names the file without the folders that it lies in."""
    from truestep.reports.model import Report
    from truestep.reports.pieces import text_of

    shown = name if wish.form == "terminal" else pathlib.PurePath(name).name
    return Report(text_of(title), "standard input" if name == DASH else shown, parts, marks=marks)


def _homework_report(checked: list[Checked], homework: Homework, name: str, wish: Wish) -> Report:
    from truestep.checkers.marking import total
    from truestep.reports.marks_shown import marks_of
    from truestep.reports.record_part import part_of_record

    parts = []
    for box in checked:
        question, problem = box.question, box.question.problem
        assert problem is not None
        title = question.title or problem.title
        parts.append(part_of_record(box.record, box.work, problem, title, wish.reveal, question.id))
    given = [box.record["marks"] for box in checked if "marks" in box.record]
    report = _report(homework.title, name, tuple(parts), wish, marks_of(total(given)) if given else None)
    return replace(report, is_homework=True)


def _write(report: Report, identifier: str, wish: Wish) -> None:
    """The report in its form."""
    if wish.form == "html":
        from truestep.reports.html_page import page

        _hand_over(page(report), identifier, wish)
    elif wish.form == "markdown":
        from truestep.reports.markdown import markdown

        _hand_over(markdown(report), identifier, wish)
    else:
        _show(report, identifier, wish)


def _show(report: Report, identifier: str, wish: Wish) -> None:
    from truestep.output.printing import PAPER
    from truestep.reports.terminal import show

    if wish.output is None:
        show(report)
        return
    import io

    text = io.StringIO()
    show(report, text, PAPER)
    _hand_over(text.getvalue(), identifier, wish)


def _hand_over(text: str, identifier: str, wish: Wish) -> None:
    """Print what was made, or write it to the file, or into the folder, that is asked for."""
    name = f"{pathlib.PurePath(identifier).name}-report{SUFFIXES[wish.form]}"
    made = text.encode("utf-8", errors="backslashreplace")
    hand_over(made, place_of(wish.output, name, made))


def _identifier(name: str) -> str:
    """What the record of a submission is called."""
    return "standard input" if name == DASH else pathlib.Path(name).stem


def place_and_bytes(name: str) -> tuple[pathlib.Path | None, bytes]:
    """The path of a submission, None for standard input, and its bytes, one more than are allowed at most."""
    from truestep.checkers.documents.formats import LARGEST

    if name == DASH:
        stream: BinaryIO = sys.stdin.buffer
        return None, stream.read(LARGEST + 1)
    path = pathlib.Path(name)
    with path.open("rb") as file:
        return path, file.read(LARGEST + 1)


def source_of(name: str) -> Source:
    """A submission as it was handed over.  Raises OSError where it cannot be read."""
    from truestep.library.given import Source

    path, data = place_and_bytes(name)
    return Source(data=data, name=path.name if path else "")
