"""MISTAKES: the cards, the most plausible first."""

from __future__ import annotations

from checkers.mistakes.card import Card
from checkers.mistakes.cards.signs import SIGN

MISTAKES: tuple[Card, ...] = (SIGN,)


def card(code: str) -> Card | None:
    """The card of a code, or None where no mistake has it.

    >>> card("sign").name
    'A sign is wrong'
    """
    return next((known for known in MISTAKES if known.code == code), None)
