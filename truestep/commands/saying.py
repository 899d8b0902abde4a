"""What every command says in one way: a line of output, a file that cannot be read, a refusal."""

from __future__ import annotations

import itertools
import pathlib
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn

import click

from truestep.commands import status
from truestep.reports.levels import LEVELS

if TYPE_CHECKING:
    from truestep.commands.stream import Answer, Request

DASH = "-"
MOST_NAMES = 10_000
ROUTES = ("delta", "cases", "backprop", "differentials", "chain")


CHECK, DERIVE = "truestep.commands.judging:checked", "truestep.commands.judging:derived"


def timeout_option(command: Callable[..., None]) -> Callable[..., None]:
    """The option that says how long one record may take."""
    return click.option(
        "--timeout",
        type=click.FloatRange(0, 3600),
        default=2.0,
        show_default=True,
        envvar="TRUESTEP_TIMEOUT",
        help="The seconds that one record (--records) or one answer (grade) may take; 0: no limit.",
    )(command)


def reveal_option(help_text: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The option that says how much of a solution is shown."""
    return click.option("--reveal", type=click.Choice(LEVELS), default=LEVELS[0], show_default=True, help=help_text)


def show_line(line: str) -> None:
    """Print one line of output at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def unread(name: str, fault: OSError) -> str:
    """The message for a file that cannot be read."""
    return f"{name}: cannot be read ({fault.strerror or fault})"


def refuse(message: str, identifier: str = "", as_json: bool = False) -> NoReturn:
    """Say what is at fault, and stop with the status for it."""
    complain(message, identifier, as_json)
    sys.exit(status.FAULT)


def complain(message: str, identifier: str = "", as_json: bool = False) -> None:
    """Say what is at fault."""
    from truestep.output.readable import visible

    if as_json:
        show_line(status.as_json({"id": identifier, "error": message}))
    click.echo(f"truestep: {visible(message)}", err=True)


def place_of(output: str | None, name: str, made: bytes | None = None) -> pathlib.Path | None:
    """Where what was made goes: a folder gets a file with its usual name; None where it is printed.

    Something else that is there under the usual name stays: what was ``made`` gets a number behind its own.
    """
    path = None if output is None else pathlib.Path(output)
    if path is None or not (path.is_dir() or str(output).endswith("/")):
        return path
    usual = path / name
    numbered = (usual.with_stem(f"{usual.stem}-{number}") for number in itertools.count(2))
    return next(one for one in (usual, *itertools.islice(numbered, MOST_NAMES)) if made is None or _is_free(one, made))


def _is_free(path: pathlib.Path, made: bytes) -> bool:
    return not path.exists() or (path.is_file() and path.read_bytes() == made)


def hand_over(made: bytes, path: pathlib.Path | None, then: str = "") -> None:
    """Print what was made, or write it to a file, whole or not at all, and say so, and what to do ``then``."""
    from truestep.classes.writing import write_whole

    if path is None:
        sys.stdout.buffer.write(made)
        sys.stdout.flush()
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, made)
    except OSError as fault:
        refuse(f"{path}: cannot be written ({fault.strerror or fault})")
    click.echo(f"truestep: wrote {path}{then}", err=True)


def answer_records(name: str, function: str, seconds: float, *more: Any) -> int:
    """Have each record of a file, or of standard input, answered by workers; the exit status of all."""
    from truestep.checkers.workers import Limits, Workers, processors
    from truestep.commands.judging import answers
    from truestep.commands.stream import run_each

    with Workers(processors(), Limits(seconds)) as workers:

        def each(requests: Iterable[Request]) -> Iterator[Answer]:
            return answers(workers, function, requests, *more)

        return _answered(name, lambda source, size: run_each(source, show_line, each, size))


def _answered(name: str, run: Callable[[BinaryIO, int | None], int]) -> int:
    if name == DASH:
        return run(sys.stdin.buffer, None)
    try:
        source = open(name, "rb")  # noqa: SIM115 (a fault in what is printed is none of the file)
    except OSError as fault:
        refuse(unread(name, fault))
    with source:
        return run(source, pathlib.Path(name).stat().st_size)
