"""What is known of a named quantity: a definition, or a derivative that is taken as told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from truestep.derivations.meaning.terms import Axis, Term


@dataclass
class Definition:
    """A quantity defined by a term over its own axes."""

    axes: tuple[Axis, ...]
    body: Term


class Told(NamedTuple):
    """The derivative of a quantity by another one, taken as told: a term over the axes of both."""

    by: str
    above: tuple[Axis, ...]
    below: tuple[Axis, ...]
    body: Term
