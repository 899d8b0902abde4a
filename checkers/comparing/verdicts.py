"""Verdicts on a claim: right (proved or agreed), wrong with a witness, undecided with the reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Witness:
    """Small values for which the two sides differ, and both sides' values there.

    ``values`` has all that the sides rest on, ``on_line`` what they name themselves.
    """

    values: Mapping[str, object]
    left: object
    right: object
    place: Mapping[str, int] = field(default_factory=dict)
    on_line: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One of three outcomes; ``reason`` says why nothing was decided, or what the agreement rests on.

    ``domain`` says which side (left, right, both) has no value at some points where the other one has.
    """

    outcome: str
    evidence: str | None = None
    witness: Witness | None = None
    reason: str = ""
    rounded: bool = False
    domain: str = ""

    @property
    def is_right(self) -> bool:
        """Whether the claim holds."""
        return self.outcome == "right"

    @property
    def is_wrong(self) -> bool:
        """Whether the claim is refuted."""
        return self.outcome == "wrong"


PROVED = Verdict("right", "proved")


def undecided(reason: str) -> Verdict:
    """Neither shown right nor wrong."""
    return Verdict("undecided", reason=reason)
