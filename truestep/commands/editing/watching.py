"""``truestep watch``: a work checked again each time it is saved."""

from __future__ import annotations

import pathlib
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from truestep.commands.checking import NO_PROBLEM, Unusable, judged
from truestep.commands.editing.completing import any_id
from truestep.commands.saying import complain

if TYPE_CHECKING:
    from truestep.reports.model import Part

EVERY = 0.3  # seconds
BESIDE = 18  # lines of a screen for what is said beside the rows of the work
CLEAR = "\x1b[2J\x1b[3J\x1b[H"


@click.command()
@click.argument("submission", metavar="SUBMISSION", type=click.Path(exists=True, dir_okay=False))
@click.option(
    "--problem", metavar="ID_OR_FILE", shell_complete=any_id, help="The problem, where the file does not state it."
)
@click.option("--hint", is_flag=True, help="Name the rule that is needed.")
def watch(submission: str, problem: str | None, hint: bool) -> None:
    """Check a SUBMISSION now and each time it is saved, until Ctrl-C; show every row, and the first that goes wrong."""
    try:
        for _ in saves(pathlib.Path(submission)):
            _show(submission, problem, "hint" if hint else "none")
    except KeyboardInterrupt:
        click.echo()


def saves(path: pathlib.Path) -> Iterator[None]:
    """Yields now, and whenever a file has become another; while it is not there, as when an editor saves, it waits."""
    before: tuple[int, ...] = ()
    while True:
        try:
            found = path.stat()
            now: tuple[int, ...] = (found.st_mtime_ns, found.st_size, found.st_ino)
        except OSError:
            now = before
        if now != before:
            before = now
            yield
        else:
            time.sleep(EVERY)


def _show(name: str, chosen: str | None, reveal: str) -> None:
    from truestep.reports.record_part import part_of_record
    from truestep.reports.terminal import show_part

    try:
        one = judged(name, chosen)
        if one is None:
            raise Unusable(f"{name}: {NO_PROBLEM}")
        problem = one.problem
        part = part_of_record(one.record, one.work, problem, problem.title or problem.id, reveal)
    except Unusable as fault:
        _begin(name)
        complain(str(fault))
        return
    import shutil

    _begin(name)
    show_part(screenful(part, max(shutil.get_terminal_size().lines - BESIDE, 1)))


def _begin(name: str) -> None:
    from truestep.output.readable import visible

    clear = CLEAR if sys.stdout.isatty() else ""
    click.echo(f"{clear}{visible(name)}  {time.strftime('%H:%M:%S')}  (Ctrl-C ends)\n")


def screenful(part: Part, rows: int) -> Part:
    """A part with so many rows about the first that is not right, and the details of that one alone."""
    open_ = [k for k, line in enumerate(part.lines) if line.verdict in ("wrong", "undecided", "unreadable")]
    first = next((k for k in open_ if part.lines[k].verdict == "wrong"), next(iter(open_), len(part.lines) - 1))
    start = max(min(first - rows // 2, len(part.lines) - rows), 0)
    shown = [
        line if k == first else replace(line, remarks=(), case=None, advice=()) for k, line in enumerate(part.lines)
    ]
    return replace(part, lines=tuple(shown[start : start + rows]), seen=(), notes=(), marks=None)
