"""Mistakes: the name of what probably happened, given only where undoing it makes the line right."""

from checkers.mistakes.card import Card, Example
from checkers.mistakes.table import MISTAKES, card

__all__ = ["MISTAKES", "Card", "Example", "card"]
