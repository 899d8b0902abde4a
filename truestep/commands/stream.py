"""Check records in, check records out: one line for each, as soon as it is known."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, BinaryIO

from truestep.commands import status

LONGEST = 16 * 1024 * 1024
LONG_INPUT = 20_000

Check = Callable[[str, int], dict[str, Any]]
Request = tuple[str, int, str]  # a line, its number, and what is at fault with it
Answer = tuple[int, str]  # the exit status that it asks for, and what is written
Each = Callable[[Iterable[Request]], Iterator[Answer]]
Advance = Callable[[int], None]


def run(source: BinaryIO, write: Callable[[str], None], check: Check, size: int | None = None) -> int:
    """Check every record of the source in this process and write each answer; the exit status of all."""

    def each(requests: Iterable[Request]) -> Iterator[Answer]:
        for text, number, fault in requests:
            record = {"id": number, "error": fault} if fault else check(text, number)
            yield status.of_record(record), status.as_json(record)

    return run_each(source, write, each, size)


def run_each(source: BinaryIO, write: Callable[[str], None], each: Each, size: int | None = None) -> int:
    """Have every record of the source answered, and write each answer; the exit status of all."""
    statuses: set[int] = set()
    lengths: deque[int] = deque()

    def requests() -> Iterator[Request]:
        for number, raw in enumerate(_lines(source), start=1):
            if raw is None or raw.strip():
                lengths.append(len(raw or b""))
                yield _request(raw, number)

    with _progress(size) as advance:
        for state, line in each(requests()):
            statuses.add(state)
            write(line)
            advance(lengths.popleft())
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


def _request(raw: bytes | None, number: int) -> Request:
    """A line of records as a text with its number, or what is at fault with it."""
    if raw is None:
        return "", number, _fault(number, f"the record is longer than {LONGEST // 1024 // 1024} MiB")
    try:
        return raw.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n"), number, ""
    except UnicodeDecodeError as fault:
        byte = f"byte {fault.start} (0x{raw[fault.start]:02x})"
        return "", number, _fault(number, f"the record is not UTF-8: {byte} does not fit")


def _fault(number: int, message: str) -> str:
    return f"line {number}: {message}; whoever wrote the records must mend it"


def _progress(size: int | None) -> AbstractContextManager[Advance]:
    """A bar on the error stream, where a person watches it and nothing else is written on the screen."""
    watched = sys.stderr.isatty() and not sys.stdout.isatty()
    if not watched or size is None or size < LONG_INPUT:
        return nullcontext(lambda advanced: None)
    return _bar(size)


@contextmanager
def _bar(size: int) -> Iterator[Advance]:
    """A bar for so many bytes of input; what it gives takes the number of bytes that were done."""
    import click

    with click.progressbar(length=size, label="checking", file=sys.stderr) as bar:
        yield bar.update
