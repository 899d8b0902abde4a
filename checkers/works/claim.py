"""The central word: a claim that two expressions stand in a relation, under a condition, as they were read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from truestep.derivations.language.liberties import LIBERTY, Reading

if TYPE_CHECKING:
    from truestep.derivations.language.expression import Expression

USUAL = Reading()


@dataclass(frozen=True)
class Claim:
    """``left = right`` under a condition: how it was read, and the row that it stands on.

    ``left`` is NONE where an expression stands alone, which claims nothing but may answer what is asked.
    """

    left: Expression
    right: Expression
    reading: Reading = USUAL
    condition: Expression | None = None
    row: int = 0
    relation: str = "="

    @property
    def is_alone(self) -> bool:
        """Whether nothing stands on the left."""
        return self.left.head == "none"


@dataclass(frozen=True)
class Result(Claim):
    """A claim that later work may rest on: a wrong one, or (``named``) what a new name was introduced as."""

    part: str = ""
    named: bool = False


@dataclass(frozen=True)
class Doubt:
    """A line that is right with liberties that look like a mistake, and wrong without: their codes."""

    codes: frozenset[str]
    is_granted: bool = False

    @property
    def meant(self) -> str:
        """What would have to be meant."""
        return " and ".join(LIBERTY[code].meant for code in LIBERTY if code in self.codes)
