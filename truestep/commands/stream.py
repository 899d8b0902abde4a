"""Check records in, check records out: one line for each, as soon as it is known."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, BinaryIO

from truestep.commands import status

LONGEST = 16 * 1024 * 1024
LONG_INPUT = 20_000

Check = Callable[[str, int], dict[str, Any]]
Advance = Callable[[int], None]


def run(source: BinaryIO, write: Callable[[str], None], check: Check, size: int | None = None) -> int:
    """Check every record of the source and write each answer; the exit status of all."""
    statuses: set[int] = set()
    with _progress(size) as advance:
        for number, raw in enumerate(_lines(source), start=1):
            if raw is None or raw.strip():
                record = _answer(raw, number, check)
                statuses.add(status.of_record(record))
                write(status.as_json(record))
            advance(len(raw or b""))
    return status.of_all(statuses)


def _lines(source: BinaryIO) -> Iterator[bytes | None]:
    """The lines of the source; None for one that is too long to be held."""
    while raw := source.readline(LONGEST):
        if len(raw) < LONGEST or raw.endswith(b"\n"):
            yield raw
            continue
        while (rest := source.readline(LONGEST)) and not rest.endswith(b"\n"):
            pass
        yield None


def _answer(raw: bytes | None, number: int, check: Check) -> dict[str, Any]:
    if raw is None:
        return _fault(number, f"the record is longer than {LONGEST // 1024 // 1024} MiB")
    try:
        text = raw.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as fault:
        return _fault(number, f"the record is not UTF-8: byte {fault.start} (0x{raw[fault.start]:02x}) does not fit")
    return check(text.rstrip("\r\n"), number)


def _fault(number: int, message: str) -> dict[str, Any]:
    return {"id": number, "error": f"line {number}: {message}; whoever wrote the records must mend it"}


def _progress(size: int | None) -> AbstractContextManager[Advance]:
    """A bar on the error stream, where a person watches it and nothing else is written on the screen."""
    watched = sys.stderr.isatty() and not sys.stdout.isatty()
    if not watched or size is None or size < LONG_INPUT:
        return nullcontext(lambda advanced: None)
    return _bar(size)


@contextmanager
def _bar(size: int) -> Iterator[Advance]:
    """A bar for so many bytes of input; what it gives takes the number of bytes that were done."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("checking"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("checking", total=size)
        yield lambda advanced: progress.advance(task, advanced)
