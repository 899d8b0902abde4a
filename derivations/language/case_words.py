"""What words say of a condition, in several languages: that one begins, that indices are the same, the rest."""

from __future__ import annotations

import re

from truestep.derivations.language.phrases.ends import PART, STATEMENT
from truestep.derivations.language.phrases.table import CASES, EQUATING, MOST_BEHIND

has, begins_with, is_alone, ends_with = CASES.has, CASES.begins, CASES.is_one, CASES.ends
_DOING = re.compile(r"\s*\w+(?:ing|ando|iendo)\s+(?:the|this|these|it|by|with|both|el|la|los|las)\b")

_SIDES = (("over", ">"), ("under", "<"), ("between", "between"))
_MEANINGS = tuple(meaning for meaning, _ in _SIDES)


def supposes(words: str) -> bool:
    """Whether a clause supposes something; what the writer does supposes nothing.

    >>> supposes("then, if the design is orthogonal, we get"), supposes("When we insert the sum"), supposes("so")
    (True, False, False)
    >>> supposes("When differentiating the norm, we get"), supposes("If training ends, we get")
    (False, True)
    >>> supposes("Sind die Spalten orthonormal, so ist"), supposes("Ist das klar?")
    (True, False)
    """
    for piece in re.split("[,，]", words):
        joined = CASES.pattern("and").match(piece := piece.lstrip(" ,:;("))
        piece = piece if joined is None else piece[joined.end() :].lstrip()
        found = CASES.pattern("if", "rest").match(piece)
        behind = piece[found.end() :] if found is not None else ""
        if found is not None and not (begins_with(behind, "writer") or _DOING.match(behind)):
            return True
    return begins_with(words, "inverted") and re.search(r",\s*(?:so|dann)\b", words) is not None


def is_condition(words: str) -> bool:
    """Whether a clause holds a word for a condition; what the writer does is none, but for what he assumes.

    >>> is_condition("note that if it vanishes"), is_condition("when we insert it"), is_condition("if we assume that")
    (True, False, True)
    >>> is_condition("given the label"), is_condition("the update is given by")
    (True, False)
    """
    found = CASES.pattern("if").search(words := CASES.pattern("told").sub(" ", words))
    if found is None:
        return False
    behind = words[found.end() :]
    return not begins_with(behind, "writer") or has(behind, "if")


def says_any(before: str, after: str) -> bool:
    """Whether the words about a letter say that it may be anything of its space, and nothing else of it.

    >>> says_any("Thus for any vector", "we have"), says_any("Let", "be an arbitrary number"), says_any("任意向量", "")
    (True, True, True)
    >>> says_any("for any unit vector", ""), says_any("for all", "with"), says_any("Let", "be any vector of length one")
    (False, False, False)
    >>> says_any("where", "is an all 1 vector")
    False
    """
    before = before[-MOST_BEHIND:]
    last = [found.end() for found in CASES.pattern("any", "arbitrary").finditer(before)][-1:]
    if last:
        return _holds_only(before[last[0] :], "plain", "some") and not has(after, "where", "if", "frame", "of")
    return has(after, "arbitrary") and _holds_only(after, "arbitrary", "plain", "some")


def _holds_only(text: str, *meanings: str) -> bool:
    """Whether all words of a text have one of these meanings."""
    return not any(map(str.isalpha, CASES.pattern(*meanings).sub("", text)))


def stands_alone(after: str) -> bool:
    """Whether all that follows a condition, up to a comma or a stop, is a word such as "only"."""
    return is_alone(PART.split(after.lstrip(" $*_"))[0], "alone")


def said_of_bound(words: str) -> str:
    """What words before a value say of something and it, and no more: ``>``, ``<``, ``between``; empty where nothing.

    >>> said_of_bound("above"), said_of_bound("stays between"), said_of_bound("for values below"), said_of_bound("for")
    ('>', 'between', '<', '')
    >>> said_of_bound("By the formula above"), said_of_bound("à droite de"), said_of_bound("und unterhalb von")
    ('', '>', '<')
    """
    found = [sign for meaning, sign in _SIDES if has(words, meaning)]
    return found[0] if len(found) == 1 and _holds_only(words, "if", "for", "and", *_MEANINGS) else ""


def opening(before: str, after: str) -> str:
    """The words that open a condition, by those before and behind it.

    >>> opening("It holds only for", ""), opening("for", " only."), opening("if", " only the first is left")
    ('only if', 'only if', 'if')
    >>> opening("unless", ""), opening("except where", "")
    ('unless', 'unless')
    """
    if ends_with(before, "unless"):
        return "unless"
    return "only if" if has(before, "only") or stands_alone(after) else "if"


def says_sums(words: str) -> bool:
    """Whether a sentence says that repeated indices are summed, though no sign of a sum is written.

    >>> says_sums("We use the summation convention. Let"), says_sums("über doppelte Indizes wird summiert")
    (True, True)
    >>> says_sums("Einstein convention."), says_sums("Ohne Einsteinsche Summenkonvention")
    (True, False)
    >>> says_sums("The convention is that of the lecture. Sum up"), says_sums("no sum over the repeated index")
    (False, False)
    """
    said = STATEMENT.split(words)
    return any(has(one, "sum") and has(one, "implied") and not has(one, "not", "none") for one in said)


def said_of_indices(words: str) -> str:
    r"""What words say of the two indices: ``=``, ``!=``, ``rest`` for the other cases; empty where nothing is said.

    >>> said_of_indices("Off the diagonal:"), said_of_indices("wenn die Indizes gleich sind"), said_of_indices("sinon")
    ('!=', '=', 'rest')
    """
    if has(words, "rest"):
        return "rest"
    if has(words, "diagonal"):
        return "!=" if has(words, "off") else "="
    for meaning, sign, other in (("different", "!=", "="), ("same", "=", "!=")):
        found = CASES.pattern(meaning).search(words)
        rest = words[found.end() :] if found is not None else ""
        is_said = re.match(r"\W*(?:[,;:.)]|$)", rest) or EQUATING.begins(rest, "get")  # not: the same shape
        if found is not None and (has(words, "indices") or (is_said and has(words, "both"))):
            return other if has(words, "not") else sign
    return ""


def said_of_sign(words: str) -> str:
    r"""What words say of the sign of a number: ``>``, ``<``; empty where nothing, or more than that, is said.

    >>> said_of_sign("If it is positive"), said_of_sign("falls er negativ ist"), said_of_sign("is not positive")
    ('>', '<', '')
    """
    is_positive, is_negative = has(words, "positive"), has(words, "negative")
    if is_positive == is_negative or has(words, "not"):
        return ""
    return ">" if is_positive else "<"


def said_of_bend(words: str) -> str:
    r"""The side of its bend that words put a hinge on: ``>`` where it is not zero, ``<``; empty where they do not.

    >>> said_of_bend("If the hinge is active"), said_of_bend("and outside the margin"), said_of_bend("within bounds")
    ('>', '<', '')
    >>> said_of_bend("To punish points inside the margin"), said_of_bend("Inside or outside the margin")
    ('', '')
    """
    is_active, is_inactive = has(words, "active"), has(words, "inactive")
    if is_active == is_inactive or has(words, "or", "unless"):
        return ""
    side = "active" if is_active else "inactive"
    opening = CASES.pattern("and").sub(" ", words).lstrip(" ,")
    is_led = has(words, "if") or begins_with(opening, side) or begins_with(opening, "for")
    return "" if not is_led else ">" if is_active else "<"
