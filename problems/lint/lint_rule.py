"""What a lint says, and the rules that say it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from truestep.problems.lint.draft import Draft
    from truestep.problems.statements.toml.positions import Path

LEVELS = ("error", "warning", "note")


@dataclass(frozen=True)
class Remark:
    """What a rule found: the keys that lead to the place, what is the matter there, and what to do about it.

    ``offset`` is a letter within the text at the place; ``of_key`` says that the key itself is meant, not its value.
    """

    place: Path
    message: str
    repair: str = ""
    offset: int | None = None
    of_key: bool = False
    position: tuple[int, int] | None = None


@dataclass(frozen=True)
class Rule:
    """One thing that a lint looks at; its examples stand under its name in ``examples.toml``.

    An ``error`` has to be mended before the file is used; a ``warning`` is to be looked at, and may be meant; a
    ``note`` says what truestep cannot do with what is stated.
    """

    name: str
    level: str
    promise: str
    check: Callable[[Draft], Iterable[Remark]]


@dataclass(frozen=True)
class Finding:
    """A remark with the rule that made it, its line and column in the file, and its place in words."""

    rule: Rule
    remark: Remark
    position: tuple[int, int] | None
    place: str
