"""``truestep new``: a homework or a problem of one's own, begun from a template that explains every key."""

from __future__ import annotations

import json
import pathlib
import re

import click

from truestep.commands.saying import DASH, hand_over, place_of

NAMES = {False: "homework.toml", True: "problem.toml"}


@click.command()
@click.argument("file", metavar="[FILE]", required=False)
@click.option("--problem", "is_problem", is_flag=True, help="A file of a single problem, instead of a homework.")
@click.option("--id", "identifier", metavar="ID", help="What it is called; else the name of the file.")
@click.option("--title", metavar="TEXT", help="Its title.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def new(file: str | None, is_problem: bool, identifier: str | None, title: str | None, force: bool) -> None:
    """Begin a homework in FILE (homework.toml, or problem.toml; '-': standard output).

    The file explains every key, and works as it stands: it can be linted, derived, and printed as a sheet.

    Exit status: 0 it was written, 2 the input or the usage is at fault.
    """
    path = None if file == DASH else _path(file, is_problem)
    name = identifier or (path.stem if path is not None else pathlib.Path(NAMES[is_problem]).stem)
    try:
        text = _begun(is_problem, name, title)
    except ValueError as fault:
        raise click.UsageError(str(fault)) from None
    if path is not None and path.exists() and not force:
        raise click.UsageError(f"{path} is there already; --force writes over it.")
    hand_over(text.encode(), path, then=f"; look it over with: truestep lint {path}")


def _path(file: str | None, is_problem: bool) -> pathlib.Path:
    """Where the file goes: a folder gets one with the usual name, a name without a suffix gets ``.toml``."""
    path = place_of(file or NAMES[is_problem], NAMES[is_problem])
    assert path is not None
    return path if path.suffix else path.with_suffix(".toml")


def _begun(is_problem: bool, identifier: str, title: str | None) -> str:
    """The template with an id, and with a title where one is given.

    Raises ValueError where the id is none.
    """
    from truestep.problems.homework.begun import begun
    from truestep.problems.homework.homework_file import ID

    if not ID.fullmatch(identifier):
        raise ValueError(f"{identifier!r} is no id: letters, digits, blanks and . ( ) _ - are; give one with --id.")
    text = begun("problem" if is_problem else "homework")
    text = _with(text, "id", identifier)
    return text if title is None else _with(text, "title", title)


def _with(text: str, key: str, value: str) -> str:
    """The template with another value of a key."""
    return re.sub(rf"^{key} = '[^']*'", lambda _: f"{key} = {_quoted(value)}", text, count=1, flags=re.MULTILINE)


def _quoted(text: str) -> str:
    """A text as TOML."""
    if "'" in text or any(not letter.isprintable() for letter in text):
        return json.dumps(text, ensure_ascii=False)
    return f"'{text}'"
