"""What a step of a derivation is said with: words that tell of no other case, model or convention."""

from __future__ import annotations

import itertools
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from truestep.checkers.documents.words import BEHIND, last_sentence
from truestep.derivations.language import case_words, equating_words
from truestep.derivations.language.phrases.table import CASES, ROLES, STEPS, WIDE

if TYPE_CHECKING:
    from collections.abc import Container

_CASE = re.compile(r"\b(?:case|fall|falle|cas|caso|случае)\b|情况|情況|情形", re.IGNORECASE)
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
    words, signs = _known(is_met)
    found = re.findall(r"[^\W\d_]+", re.sub(r"\\[a-z]+", " ", text.lower()))
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


def last_clauses(said: str, last: str) -> str:
    """The last clause of what is said, with the one that it goes on from behind a semicolon: "...; then"."""
    before = said.rstrip().removesuffix(last.rstrip()).rstrip()
    is_plain = before.endswith((";", "；")) and says_plainly(last) and not case_words.has(last, "writer")
    return last_sentence(before) + last if is_plain else last
