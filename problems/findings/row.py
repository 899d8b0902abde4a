"""A row of the table of findings, and how a finding is meant."""

from __future__ import annotations

from dataclasses import dataclass
from string import Formatter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

# how a remark is meant; where a row says nothing of it, the verdict on the line does
FAULT, RULE, CARRIED, RECOVERED, NOTE, OPEN, EMPTY = "fault", "rule", "carried", "recovered", "note", "open", "empty"


NAMED = "{name}: {ask}"  # a card's name and its question


class Case(NamedTuple):
    """A further wording of a message, by the argument ``case``, with its own kind where that is another."""

    name: str
    message: str
    kind: str = ""


PLACED = Case("at", "{name} at {at}: {ask}")


@dataclass(frozen=True, slots=True)
class Row:
    """All that is known of one code; ``message``, ``said``, ``on_wrong`` and ``again`` name arguments in braces.

    A report says ``said`` instead of the message, ``on_wrong`` on a wrong line, ``again`` where the arguments that it
    leaves out were told before.  ``hint`` is the rule that a mistake goes against, ``slip`` what was read all the same
    of a slip of notation, which may be given a price.  ``glance`` says it in a table of all parts, and ``sides`` what
    the two sides of its numbers are.  ``is_blamed`` says whether there is anything to mend, ``is_of_work`` that it is
    about the whole work, ``is_of_another`` that a line of which it is said would be right of something else.
    """

    code: str
    message: str
    kind: str
    tone: str = ""
    said: str = ""
    on_wrong: str = ""
    again: str = ""
    hint: str = ""
    slip: str = ""
    cases: tuple[Case, ...] = ()
    glance: str = ""
    sides: tuple[str, ...] = ()
    is_blamed: bool = True
    is_of_work: bool = False
    is_of_another: bool = False

    @property
    def wordings(self) -> tuple[Case, ...]:
        """Every wording of its message."""
        placed = (PLACED,) if self.message == NAMED else ()
        return (Case("", self.message, self.kind), *self.cases, *placed)

    def case(self, name: str) -> Case:
        """One of its wordings; the plain one where none has the name."""
        return next((case for case in self.wordings if case.name == name), self.wordings[0])


@dataclass(frozen=True, slots=True)
class Mistake(Row):
    """A mistake in a step, which its card names."""

    message: str = NAMED
    kind: str = "value"


@dataclass(frozen=True, slots=True)
class Slip(Row):
    """A slip of notation."""

    kind: str = "notation"
    tone: str = NOTE


def names_in(wording: str) -> frozenset[str]:
    """The arguments that a wording names.

    >>> sorted(names_in("{left} is not {right}"))
    ['left', 'right']
    """
    return frozenset(name for _, name, _, _ in Formatter().parse(wording) if name)


def filled(wording: str, args: Mapping[str, str]) -> str | None:
    """A wording with its arguments; None where one is missing.

    >>> filled("{left} is not {right}", {"left": "x", "right": "{y}"})
    'x is not {y}'
    """
    return wording.format_map(args) if names_in(wording) <= args.keys() else None
