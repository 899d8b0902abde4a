"""Mistakes: the name of what probably happened, given only where undoing it makes the line right."""

from checkers.mistakes.card import Candidate, Card, Example
from checkers.mistakes.search import Found, diagnose
from checkers.mistakes.table import MISTAKES, card

__all__ = ["MISTAKES", "Candidate", "Card", "Example", "Found", "card", "diagnose"]
