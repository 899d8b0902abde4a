r"""Cases as they are told one after the other: the condition in force, and those before it that the rest is without."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from truestep.checkers.documents.words import LETTER, has_heading, has_sentence
from truestep.derivations.language import case_words, equating_words
from truestep.derivations.language.phrases.ends import STATEMENT
from truestep.derivations.language.phrases.table import CASES, SUBJECTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.checkers.documents.work import Row

LABEL = r"(?:[A-Za-z]|\\[a-z]+)(?:_(?:\{[A-Za-z0-9]+\}|[A-Za-z0-9]))?"
_SIGNS = {"=": "=", "!=": r"\neq"}
_SIGNED = re.compile(rf"\\text\{{ ?\w+ ?\}}\s*(?P<of>{LABEL})\s*(?P<sign>[<>])\s*0\s*,?")
REST = r"\text{otherwise}"
REST_OF_WORDS = r"\text{unless } "  # of cases in which only words say what holds
_LEAD = re.compile(r"\\text\{ ?\w+(?: \w+)? ?\}\s*")
_NAMES = re.compile(r"\\?[A-Za-z]+")


@dataclass
class Told:
    """A case that a formula tells, and whether a formula is said under it."""

    condition: str
    is_filled: bool = False

    @property
    def names(self) -> frozenset[str]:
        """The letters and commands of it."""
        return frozenset(_NAMES.findall(self.condition))


@dataclass
class InForce:
    """The condition in force: it holds until the next words, one that is called a case until the next or a summary."""

    condition: str = ""
    sticky: bool = False
    used: bool = False
    brief: bool = False  # until the end of the sentence
    told: bool = False  # whether a formula of its own sentence is said under it
    cases: int = 0  # how many cases there were
    before: list[Told] = field(default_factory=list)  # the cases since the last summary

    def enter(self, condition: str, sticky: bool, brief: bool = False) -> None:
        self.cases = self.cases + 1 if sticky else self.cases if condition else 0
        self.condition, self.sticky, self.used, self.brief, self.told = condition, sticky, False, brief, False

    def leave(self, said: str) -> None:
        """Ends the condition where words before a formula say that something else begins."""
        goes_on = all(part.lstrip().startswith("|") for part in said.strip().split("\n\n")[1:])  # the head of a table
        is_over = not self.sticky and (self.used or not goes_on or has_sentence(said))
        if (self.brief or (self.told and not self.sticky)) and STATEMENT.search(said):
            self.enter("", False)
        is_over = is_over or (self.cases > 1 and self.used and has_heading(said))  # no case is below it
        is_whole = case_words.has(said, "whole")
        self.before = [] if is_whole else self.before
        if LETTER.search(said) is not None and (is_whole or is_over):
            self.enter("", False)

    def tell(self, condition: str, is_filled: bool = False, joins: bool = False) -> None:
        """Notes a case; one that ``joins`` the last is told with it."""
        del self.before[len(self.before) - joins :]
        self.before.append(Told(_LEAD.sub("", condition, count=1).strip(), is_filled))

    def fill(self) -> None:
        """Notes that a formula is said in the last case."""
        for case in self.before[-1:]:
            case.is_filled = True

    def rest(self) -> str:
        r"""The condition of what is said "otherwise": where one of the cases before holds words alone, without it.

        >>> cases = InForce()
        >>> cases.tell(r"\text{if } x \ge 1")
        >>> cases.rest()
        '\\text{unless } x \\ge 1'
        """
        told, self.before = self.before, []
        alike = [case for case in told if case.names == told[-1].names]
        if all(case.is_filled for case in alike):
            return REST
        return REST_OF_WORDS + r" \text{ or } ".join(case.condition for case in alike)


def compared_in_words(clause: str, named: Sequence[str]) -> str:
    """The condition that a clause says in words of the letters in it: that two are the same or not, the sign of one."""
    if not case_words.has(clause, "if", "for"):
        return ""
    sign = _SIGNS.get(case_words.said_of_indices(clause), "") if len(named) == 2 else ""
    if sign:
        return f"{named[0]} {sign} {named[1]}"
    head, _, tail = clause.partition(" index ")
    is_own = not (case_words.said_of_sign(head) and equating_words.begins_with(tail.lstrip(), "is"))  # x < 0: $h$ is
    is_own = is_own or equating_words.said(tail) is not None or equating_words.says_it(tail)  # ist die Ableitung
    sign = case_words.said_of_sign(clause) if len(named) == 1 and is_own else ""
    return f"{named[0]} {sign} 0" if sign else ""


def of_the_other_sign(clause: str, rows: Sequence[Row]) -> str:
    """The condition that a clause says of the letter that had the other sign: "If it is negative", and no more."""
    is_led = case_words.has(clause, "if") or case_words.begins_with(clause, "inverted")  # ist es negativ, gilt
    sign = case_words.said_of_sign(clause) if is_led else ""
    rest = CASES.pattern("if", "inverted", "positive", "negative").sub(" ", clause) if sign else ""
    if not sign or (LETTER.search(rest) and not SUBJECTS.is_made_of(rest, "it", "is")):
        return ""
    last = next((row.under for row in reversed(rows) if row.under), "")
    found = _SIGNED.fullmatch(last)
    return f"{found['of']} {sign} 0" if found is not None and found["sign"] != sign else ""
