"""What a step of a derivation is said with: words that tell of no other case, and those that say what a formula is."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from truestep.checkers.documents.words import (
    BEHIND,
    ends_sentence,
    equates,
    first_clause,
    last_sentence,
    only_joins,
    orders,
)
from truestep.derivations.language import altering, case_words, equating_words
from truestep.derivations.language.phrases.table import CASES, ROLES, STEPS, SUBJECTS, WIDE

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from truestep.checkers.documents.work import Row

_CASE = re.compile(r"\b(?:case|fall|falle|cas|caso|случае)\b|情况|情況|情形", re.IGNORECASE)
_BLANK = re.compile(r"\s+")
_COMMAND = re.compile(r"\\[A-Za-z]+")
_JOINS_FACTORS = re.compile(r"[\s*~_]*[·×⋅∙*+−/-][\s*~_]*")
SUPPOSING = ("if", "for", "at", "where", "rest")  # what words that suppose something mean


@lru_cache(maxsize=2)
def _known(is_met: bool) -> tuple[frozenset[str], frozenset[str]]:
    """The words, and the signs of a script without blanks, that a step is said with."""
    roles = ("reason", "answer", "definition", *(("condition", BEHIND) if is_met else ()))
    steps = ROLES.words(*roles)
    supposing = CASES.phrases(*SUPPOSING) if is_met else ()
    plain = STEPS.words("plain", *["met"] * is_met)
    words = plain.union(*(phrase.split() for phrase in supposing))
    words |= equating_words.words()
    return frozenset((*steps, *words)), frozenset("".join(filter(WIDE.match, (*steps, *plain))))


def says_plainly(text: str, names: Container[str] = (), is_met: bool = False) -> bool:
    """Whether words before a formula do no more than say a step: none of them is beyond those that steps are said with.

    ``names`` are words that the problem gives a meaning; with ``is_met`` words for a condition are taken account of.

    >>> says_plainly("By the chain rule we get"), says_plainly("Also ist"), says_plainly("所以"), says_plainly("")
    (True, True, True, True)
    >>> says_plainly("At the boundary"), says_plainly("If the label is hard, then"), says_plainly("Bei Gleichstand")
    (False, False, False)
    """
    found = re.findall(r"[^\W\d_]+", re.sub(r"\\[a-z]+", " ", text.lower()))
    words, signs = _known(is_met) if found else (frozenset[str](), frozenset[str]())
    return all(word in words or word in names or signs.issuperset(word) for word in found)


def sets_apart(sentence: str, names: Container[str] = ()) -> bool:
    """Whether a sentence, with a dollar sign for each formula, speaks of a case, a model or a layout of its own.

    >>> sets_apart("In the symmetric case"), sets_apart("For a linear unit"), sets_apart("In numerator layout")
    (True, True, True)
    >>> sets_apart("For symmetric $"), sets_apart("Note that if it is symmetric"), sets_apart("The symmetric case is")
    (True, True, True)
    >>> sets_apart("With matrix calculus"), sets_apart("In the first case"), sets_apart("When we insert the logits")
    (False, False, False)
    """
    return any(_is_apart(piece.strip(" *_\n"), names) for piece in re.split("[,，;；:：(（]", sentence))


def _is_apart(said: str, names: Container[str]) -> bool:
    """Whether a clause tells of a case, a property or another model, and says more than a step."""
    if case_words.has(said, "whole"):
        return False
    if case_words.has(said, "layout") and case_words.begins_with(said, "frame"):
        return True
    if says_plainly(said, names, True):
        return False
    is_named = _CASE.search(said) is not None or case_words.is_condition(said)
    return is_named or (case_words.begins_with(said, "frame") and _is_of_some(said, names))


def _is_of_some(said: str, names: Container[str]) -> bool:
    """Whether a clause is about some of a kind, or about what is lacking: "for symmetric $", "with a", "without"."""
    if case_words.has(said, "lacking"):
        return True
    second = said.partition(" ")[2].lstrip()
    is_bare = "$" in second and not says_plainly(second.lstrip("$ ").partition(" ")[0], names, True)
    return case_words.begins_with(said, "of") and (is_bare or case_words.begins_with(second, "some"))


def is_property(sentence: str, names: Container[str] = ()) -> bool:
    """Whether a sentence supposes that something has a property that is not understood.

    >>> is_property("Let it be symmetric"), is_property("Suppose it is invertible"), is_property("Let it be the logit")
    (True, True, False)
    """
    words = re.findall(r"[^\W\d_]+", sentence.lower())
    is_supposed = bool(words) and (words[0] in STEPS.words("letting") or case_words.begins_with(sentence, "if"))
    definite = STEPS.words("definite")
    behind = itertools.dropwhile(lambda word: word not in definite and says_plainly(word, names, True), words[1:])
    first = next(behind, "")
    return is_supposed and first != "" and first not in definite


def concludes(sentence: str) -> bool:
    """Whether a sentence ends with what follows from a whole clause that says under which condition it is so.

    >>> concludes("It does not change if a constant is added, thus"), concludes("If a constant is added, then")
    (True, False)
    """
    before, comma, last = sentence.rstrip(" *_$\n").rpartition(",")
    clause = before.rpartition(",")[2].strip()
    is_led = bool(comma) and ROLES.is_one(last.strip(), "answer") and not case_words.has(last, "whole")
    return is_led and case_words.has(clause, "if") and not case_words.begins_with(clause, "if", "frame", "for")


def explains(before: str) -> bool:
    """Whether the words right before a formula say that it is what the clause before them says."""
    return SUBJECTS.ends(before.rstrip(" ,:$\n"), "that is")


def last_clauses(said: str, last: str) -> str:
    """The last clause of what is said, with the one that it goes on from behind a semicolon: "...; then"."""
    before = said.rstrip().removesuffix(last.rstrip()).rstrip()
    is_plain = before.endswith((";", "；")) and says_plainly(last) and not case_words.has(last, "writer")
    return last_sentence(before) + last if is_plain else last


def equated(row: Row, last: Row | None) -> Row:
    """A row with what its words say that it is: what is asked, or the formula before it, if that claims something.

    Behind a point it is the value there: "at $x = 1$ it equals".
    """
    if last is not None and row.inline and last.inline and last.told == "point" and not equates(row.text):
        is_there = equating_words.is_value_there(last_sentence(last.before), row.before)
        return replace(row, said_of="there", beside=last.text) if is_there else row
    said = equating_words.said(row.before if row.inline else row.before.rstrip(), row.after)
    if said is None or not says_plainly(first_clause(row.after) if said.is_ahead else ""):
        return row
    joins = bool(row.after.strip().strip(",.")) and only_joins(row.after)
    if said.is_ahead and (joins or _JOINS_FACTORS.fullmatch(row.after)):
        return row  # one of several factors or terms
    if said.of == "named":
        return replace(row, said_of="it", beside=f"{said.before} = 0")
    if said.of in ("it", "shape"):
        is_said = last is not None and (not last.inline or last.told in ("", "answer") or said.of == "shape")
        if last is None or not is_said or last.under:
            return row
        if last.said_of == "it" and not equates(last.text):
            return replace(row, said_of=said.of, beside=last.beside)
        if not (equates(last.text) or said.of == "shape"):
            return row
        return replace(row, said_of=said.of, beside=last.text if last.inline else "")
    is_told = last is not None and last.told == "condition"  # if $x > 0$ the gradient is
    is_near = said.is_ahead and last is not None and last.inline and not is_told and not ends_sentence(row.before)
    return row if said.of == "slope" and (said.before or is_near) else replace(row, said_of=said.of)


def differentiated(row: Row, sentence: str, named: Sequence[str]) -> Row:
    """A row that its sentence says to be a derivative, with this, or with what it says of it."""
    found = equating_words.slope_of(_COMMAND.sub(" ", sentence)) if named and not row.said_of else ()
    if not found or len(found) != len(named) or equates(row.text):
        return row
    if len(found) == 1:
        return replace(row, said_of="slope", beside=named[0])
    return replace(row, said_of="it", beside=rf"\frac{{\partial {named[0]}}}{{\partial {named[1]}}} = 0")


def led_to(last: Row, row: Row) -> Row:
    """A formula that something leads to, as what the equation is of, with which its words go on: "we get $E$, i.e."."""
    is_alone = not (equates(last.text) or orders(last.text)) and last.told in ("", "answer") and not last.under
    if not is_alone or not equates(row.text) or not row.before.strip():
        return last
    said = equating_words.said(row.before if row.inline else row.before.rstrip(), row.after)
    is_same = (said is not None and said.of == "it") or altering.joins_another(row.before)
    is_same = is_same and says_plainly(first_clause(row.after))
    is_part = _BLANK.sub("", last.text.strip(" .,;:")) in _BLANK.sub("", row.text)  # we get $2x$ for the inner one
    is_found = equating_words.finds(last.before) or last.said_of in ("answer", "slope")
    return replace(last, said_of="it", beside=row.text) if is_same and is_found and not is_part else last
