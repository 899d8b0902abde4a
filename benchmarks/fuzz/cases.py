"""The kinds of hostile input: how a case is made, and which doors of truestep it goes through."""

from __future__ import annotations

import csv
import io
import json
import pathlib
import random
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from benchmarks.fuzz.mutating import hostile
from benchmarks.fuzz.sources import Sources
from benchmarks.fuzz.tables import hostile_table

VERDICTS = {"right", "wrong", "undecided", "unreadable", "not_checked"}
FORMS = ("html", "markdown", "terminal")
OF_ALL = ("table", "no key", "states no question", "given and find make of it")  # in what is said of a whole statement


class Broken(Exception):
    """A promise that did not hold, beside that of no traceback."""


class Kind(NamedTuple):
    """A kind of input: its weight, what a case of it is (plain data), and what is done with one."""

    weight: int
    draw: Callable[[random.Random, Sources], Any]
    run: Callable[[Any], None]


# Texts that are read and not judged.


def _row(dice: random.Random, some: Sources) -> Any:
    name, line = dice.choice(some.lines)
    return [name, hostile(dice, line, dice.choice(some.lines)[1])]


def _read_row(case: Any) -> None:
    from truestep.derivations.language.faults import Fault
    from truestep.derivations.language.liberties import Reading
    from truestep.derivations.language.reading.chains import read_row
    from truestep.derivations.language.reading.rowtext import row_tokens
    from truestep.problems.book import find_problem
    from truestep.problems.statements.prepared import setting_of

    context = setting_of(find_problem(case[0])).context
    try:
        read_row(row_tokens(case[1], context), context, Reading(), frozenset())
    except Fault as fault:
        if not fault.message:
            raise Broken("no word says why this cannot be read") from None


def _document(dice: random.Random, some: Sources) -> Any:
    suffix, text = dice.choice(some.files)
    return [dice.choice((suffix, suffix, "", ".txt")), hostile(dice, text, dice.choice(some.files)[1])]


def _read_document(case: Any) -> None:
    from truestep.checkers.documents import DocumentFault, read_file

    suffix, text = case
    try:
        work = read_file(pathlib.Path(f"work{suffix}"), text.encode("utf-8", "surrogatepass"))
    except DocumentFault:
        return
    lines = text.count("\n") + text.count("\r") + 1
    if suffix != ".ipynb" and any(not 0 < row.line <= lines for row in work.rows):
        raise Broken("a row stands outside of its file")


# Records.


def _line(dice: random.Random, some: Sources) -> Any:
    name, line = dice.choice(some.lines)
    return {"problem": name, "lines": [hostile(dice, line, dice.choice(some.lines)[1])]}


def _lines(dice: random.Random, some: Sources) -> Any:
    name, _ = dice.choice(some.lines)
    own = [line for other, line in some.lines if other == name]
    return {"problem": name, "lines": [hostile(dice, dice.choice(own), dice.choice(own)) for _ in range(3)]}


def _submission(dice: random.Random, some: Sources) -> Any:
    _, text = dice.choice(some.files)
    return {"problem": dice.choice(some.problems), "submission": hostile(dice, text, dice.choice(some.files)[1])}


def _raw(dice: random.Random, some: Sources) -> Any:
    name, line = dice.choice(some.lines)
    record = {"id": dice.choice((1, "a", None, [1])), "problem": name, "lines": [line]}
    return hostile(dice, json.dumps(record), json.dumps({"problem": dice.choice(some.statements), "lines": [line]}))


def _record(record: Any) -> None:
    from truestep.checkers.records import check_record

    answered(check_record(record))


def _raw_record(raw: Any) -> None:
    from truestep.checkers.records import check_line
    from truestep.commands import status

    found = check_line(raw, 1)
    answered(found)
    if "\n" in (text := status.as_json(found)) or not text.isascii():
        raise Broken("a record is no single line of ASCII")


def answered(record: dict[str, Any]) -> None:
    """Raises Broken where a record is neither a verdict of the closed set nor a fault that someone must mend."""
    if "error" in record:
        if record.get("mend", "author") == "truestep":
            raise Broken(record["error"])
        return
    verdicts = {record["verdict"], record["final"]["verdict"], *(line["verdict"] for line in record["lines"])}
    if not verdicts <= VERDICTS:
        raise Broken(f"no such verdicts: {verdicts - VERDICTS}")


# Files.


def _file(dice: random.Random, some: Sources) -> Any:
    suffix, text = dice.choice(some.files)
    suffix = dice.choice((suffix, suffix, suffix, "", ".txt"))
    text = hostile(dice, text, dice.choice(some.files)[1])
    return [dice.choice(some.problems), suffix, text, dice.choice(FORMS)]


def _checked_file(case: Any) -> None:
    from truestep.checkers.documents import DocumentFault, read_file
    from truestep.checkers.records import check_work
    from truestep.problems.book import find_problem
    from truestep.reports import html_page, markdown, terminal
    from truestep.reports.model import Report
    from truestep.reports.pieces import text_of
    from truestep.reports.record_part import part_of_record

    name, suffix, text, form = case
    problem = find_problem(name)
    try:
        work = read_file(pathlib.Path(f"work{suffix}"), text.encode("utf-8", "surrogatepass"), problem.in_words)
    except DocumentFault:
        return
    record = check_work(work, problem, "work")
    answered(record)
    part = part_of_record(record, work, problem, "Title", "none")
    report = Report(text_of("Title"), "work.md", (part,))
    if form == "terminal":
        terminal.show(report, io.StringIO())
    else:
        (html_page.page if form == "html" else markdown.markdown)(report)


def _handout(dice: random.Random, some: Sources) -> Any:
    name, text = dice.choice(some.handouts)
    return [name, hostile(dice, text, dice.choice(some.handouts)[1])]


def _checked_handout(case: Any) -> None:
    from truestep.checkers.handins.reading import Reader
    from truestep.checkers.handouts import check_document
    from truestep.problems.homework.homework_file import load_homework

    homework = load_homework(case[0])
    document = Reader(homework).read("student.tex", case[1].encode("utf-8", "surrogatepass"))
    for one in check_document(document, homework, "student"):
        answered(one.record)


def _name(dice: random.Random, some: Sources) -> Any:
    return hostile(dice, "mallory.tex", "victim.tex")[:200]


def _table_row(name: Any) -> None:
    from truestep.classes.tables import FORMULA, csv_of

    rows = [*csv.reader(io.StringIO(csv_of(["name", "marks"], [[name, "1"]]).decode()))]
    if [len(row) for row in rows] != [2, 2] or any(cell.startswith(FORMULA) for row in rows for cell in row):
        raise Broken(f"this name makes other rows or a formula: {rows!r}")


def _roster(dice: random.Random, some: Sources) -> Any:
    people = "".join(f"{k},Ada {k},a{k}@x.org,{k % 3}\n" for k in range(5))
    return hostile(dice, f"id,name,email,section\n{people}", 'SIS User ID,Student\n7,"Bell, Ann"\n')


def _read_roster(text: Any) -> None:
    from truestep.classes.roster import RosterFault, read_roster

    try:
        read_roster(text.encode("utf-8", "surrogatepass"))
    except RosterFault:
        return


# Statements.


def _statement(dice: random.Random, some: Sources) -> Any:
    return hostile_table(dice, dice.choice(some.statements), dice.choice(some.statements))


def _used_statement(table: Any) -> None:
    from truestep.checkers.records import check_record

    record = check_record({"problem": table, "lines": ["x^2", "= 2 x"]})
    answered(record)
    if "error" in record:
        told(record["error"], table)


def told(message: str, table: Any) -> None:
    """Raises Broken where a refusal names no key of the table, unless it is about the whole of it."""
    keys = message.partition(":")[0].replace(" or ", ", ").split(", ")
    if not any(key in table for key in keys) and not any(words in message for words in OF_ALL):
        raise Broken(f"names no place: {message[:300]}")


def _seen_statement(table: Any) -> None:
    """Through the lints, as a solution, and as TOML."""
    from truestep.checkers.derive_records import derive_record
    from truestep.checkers.examined_lints import RULES
    from truestep.commands.showing import _parts, _toml
    from truestep.derivations.language.faults import StatementFault
    from truestep.problems.lint import lint
    from truestep.problems.lint.draft import draft_in
    from truestep.problems.statements.statement import problem_from

    for finding in lint(draft_in(json.dumps(table), "p.json", ".json"), RULES):
        if not finding.remark.message:
            raise Broken(f"{finding.rule.name} says nothing")
    answered(
        {"verdict": "right", "final": {"verdict": "right"}, "lines": []} | _error(derive_record({"problem": table}))
    )
    try:
        problem = problem_from(table)
        _toml(problem, "p", True)
        [*_parts(problem, "p", True)]
    except StatementFault:
        return


def _error(record: dict[str, Any]) -> dict[str, Any]:
    return {key: record[key] for key in ("error", "mend") if key in record}


def _homework(dice: random.Random, some: Sources) -> Any:
    return hostile(dice, dice.choice(some.homeworks), dice.choice(some.homeworks))


def _linted_homework(text: Any) -> None:
    from truestep.problems.lint import lint
    from truestep.problems.lint.draft import draft_in

    lint(draft_in(text, "homework.toml"))


KINDS: dict[str, Kind] = {
    "row": Kind(400, _row, _read_row),
    "document": Kind(120, _document, _read_document),
    "name": Kind(80, _name, _table_row),
    "roster": Kind(30, _roster, _read_roster),
    "record": Kind(170, _raw, _raw_record),
    "line": Kind(80, _line, _record),
    "lines": Kind(15, _lines, _record),
    "submission": Kind(20, _submission, _record),
    "file": Kind(10, _file, _checked_file),
    "handout": Kind(1, _handout, _checked_handout),
    "statement": Kind(30, _statement, _used_statement),
    "statement-seen": Kind(4, _statement, _seen_statement),
    "homework": Kind(4, _homework, _linted_homework),
}


class Case(NamedTuple):
    """One input: its number, its kind, and what it is."""

    number: int
    kind: str
    data: Any


def cases(count: int, seed: int, some: Sources, only: tuple[str, ...] = (), start: int = 0) -> Iterator[Case]:
    """So many cases; each is drawn by itself from the seed and its number."""
    kinds = [name for name in KINDS if not only or name in only]
    weights = [KINDS[name].weight for name in kinds]
    for number in range(start, start + count):
        dice = random.Random(f"{seed} {number}")
        (name,) = dice.choices(kinds, weights)
        yield Case(number, name, KINDS[name].draw(dice, some))
