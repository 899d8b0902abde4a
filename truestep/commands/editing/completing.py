"""The ids that a shell completes."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click
    from click.shell_completion import CompletionItem

IN_BASH = str.maketrans({sign: rf"\\{sign}" for sign in "() "})  # its script takes one backslash away


def any_id(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """The ids of problems and homeworks, and HOMEWORK/QUESTION once a homework is named."""
    from truestep.problems.book import identifiers

    return _items(begun, (*identifiers(), *_homeworks(), *_questions(begun)))


def homework_id(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """The ids of the homeworks that come with truestep."""
    return _items(begun, _homeworks())


def mistake_code(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """The codes of mistakes."""
    from truestep.problems.findings.table import MISTAKE_CODES

    return _items(begun, MISTAKE_CODES, files=False)


def _homeworks() -> tuple[str, ...]:
    from truestep.problems.homeworks import homeworks

    return homeworks()


def _questions(begun: str) -> list[str]:
    from truestep.problems.homework.homework_file import known_homework

    homework, slash, _ = begun.partition("/")
    if not slash or homework not in _homeworks():
        return []
    return [f"{homework}/{one.id}" for one in known_homework(homework).questions if one.problem]


def _items(begun: str, known: Iterable[str], files: bool = True) -> list[CompletionItem]:
    """Files, and what is known and begins so; bash forgets what stands before files, and puts it in without quotes."""
    from click.shell_completion import CompletionItem

    is_bash = os.environ.get("_TRUESTEP_COMPLETE", "").startswith("bash")
    found = [one.translate(IN_BASH) if is_bash else one for one in sorted(known) if one.startswith(begun)]
    return [*([CompletionItem(begun, type="file")] if files else []), *map(CompletionItem, found)]
