"""What every command says in one way: a line of output, a file that cannot be read, a refusal."""

from __future__ import annotations

import pathlib
import sys
from collections.abc import Callable
from typing import Any, NoReturn

import click

from truestep.commands import status

DASH = "-"


def show_line(line: str) -> None:
    """Print one line of output at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def unread(name: str, fault: OSError) -> str:
    """The message for a file that cannot be read."""
    return f"{name}: cannot be read ({fault.strerror or fault})"


def refuse(message: str, identifier: str = "", as_json: bool = False) -> NoReturn:
    """Say what is at fault, and stop with the status for it."""
    from truestep.commands.readable import visible

    if as_json:
        show_line(status.as_json({"id": identifier, "error": message}))
    click.echo(f"truestep: {visible(message)}", err=True)
    sys.exit(status.FAULT)


def answer_records(name: str, answer: Callable[[str, int], dict[str, Any]]) -> int:
    """Answer each record of a file, or of standard input; the exit status of all."""
    from truestep.commands.stream import run

    if name == DASH:
        return run(sys.stdin.buffer, show_line, answer)
    try:
        source = open(name, "rb")  # noqa: SIM115 (a fault in what is printed is none of the file)
    except OSError as fault:
        refuse(unread(name, fault))
    with source:
        return run(source, show_line, answer, size=pathlib.Path(name).stat().st_size)
