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


def place_of(output: str | None, name: str) -> pathlib.Path | None:
    """Where what was made goes: a folder gets a file with its usual name; None where it is printed."""
    path = None if output is None else pathlib.Path(output)
    return path / name if path is not None and (path.is_dir() or str(output).endswith("/")) else path


def hand_over(made: bytes, path: pathlib.Path | None, then: str = "") -> None:
    """Print what was made, or write it to a file and say so, and what to do ``then``."""
    if path is None:
        sys.stdout.buffer.write(made)
        sys.stdout.flush()
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(made)
    except OSError as fault:
        refuse(f"{path}: cannot be written ({fault.strerror or fault})")
    click.echo(f"truestep: wrote {path}{then}", err=True)


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
