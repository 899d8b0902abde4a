"""The card of a mistake: what it looks like, why it is tempting, what to ask oneself, and how it is undone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Example:
    """A problem as a statement writes it, and rows of work for it, the last of which is meant."""

    problem: Mapping[str, Any]
    rows: tuple[str, ...]


@dataclass(frozen=True)
class Card:
    """One named way of going wrong; a student reads all of it but the examples, so none of it gives an answer away."""

    code: str
    kind: str
    name: str
    looks_like: str
    tempting: str
    question: str
    example: Example
    near: Example
