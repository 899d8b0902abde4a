"""Mistakes: the name of what probably happened, given only where undoing it makes the line right."""

from truestep.checkers.mistakes.candidate import Candidate
from truestep.checkers.mistakes.card import Card, Example
from truestep.checkers.mistakes.search import Found, diagnose
from truestep.checkers.mistakes.table import card, mistakes

__all__ = ["Candidate", "Card", "Example", "Found", "card", "diagnose", "mistakes"]
