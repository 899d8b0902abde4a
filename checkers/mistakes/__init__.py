"""Mistakes: the name of what probably happened, given only where undoing it makes the line right."""

from truestep.checkers.mistakes.candidate import Candidate
from truestep.checkers.mistakes.card import Card, Example
from truestep.checkers.mistakes.search import Found, diagnose
from truestep.checkers.mistakes.table import MISTAKES, card

__all__ = ["MISTAKES", "Candidate", "Card", "Example", "Found", "card", "diagnose"]
