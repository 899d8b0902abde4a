"""Words beside a formula that deny it or make another value of it: "is wrong", "twice", "up to sign".

A row with such words is not read; a formula within a sentence is no claim.
"""

from __future__ import annotations

import re
from functools import lru_cache

from truestep.derivations.language.phrases.ends import SENTENCE, STATEMENT
from truestep.derivations.language.phrases.table import ALTERING

_SHARED = (
    r"\bup +to +(?:an? +|the +|some +|its +)?(?:\w+ +)?"
    r"(?:scal|sign|factor|const|(?:higher|lower|first|second|leading)[ -]order|multipl|transpos|permut|rescal|"
    r"proportion)|\bproportional\b|\boff +by\b|"
    r"\b(?:is|are|was) +(?:wrong|false|incorrect|untrue|not +(?:true|right|correct|equal|the))\b|"
    r"\b(?:neglecting|ignoring|dropping|omitting|leaving out|without) +(?:the +|an? +|all +)?"
    r"(?:constant|factor|sign|term|minus|coefficient)"
)
_LONE = (
    r"\b(not|half|twice|double|minus|plus|times|negative|squared?|cubed|root|reciprocal|inverse|opposite|wrong|"
    r"incorrect|sign|if +[a-z]{3,})\b"
)
_EDGES = " \t\n\0$*_~:：()[]{}\\,.!…-–"
LONGEST = 120
LONGEST_SENTENCE = 600


@lru_cache(maxsize=16)
def _pattern(name: str) -> re.Pattern[str]:
    blank, filling, leading = r"[\s:;,，：；'’]*", r"(?:[\s,]+<filling>)*", r"(?:<leading>[\s,.;:!，；：]*)"
    forms = {
        "denied": rf"<denied>{filling}{blank}$",
        "rather": rf"[\s.,;:!。，；$]*(?:<rather>{filling}[\s,:$]*)+",
        "denying": rf"{blank}<denied>{filling}{blank}",
        "measured": rf"<measure>(?:\s+(?:of|the|an?|our|des?|der|das|du|del|la|le))*{blank}$|"
        rf"<share>(?:\s+\w+){{0,3}}(?:\s+(?:is|equals|becomes|gives|ist|est|es|равно)|\s*[:=]){blank}$",
        "mood": r"<mood>(?:\s+\w+){0,3}[\s:]*$",
        "behind": rf"{blank}{leading}*<behind>",
        "behind apart": rf"{blank}{leading}+<behind>",
        "or": r"[\s,;]*<or>[\s,;:]*",
        "shared": _SHARED,
        "lone": _LONE,
    }
    return ALTERING.form(forms[name])


@lru_cache(maxsize=1)
def _clauses() -> re.Pattern[str]:
    return re.compile(rf"{STATEMENT.pattern}|[,，、]\s(?!(?:что|dass|que|that)\b)")


@lru_cache(maxsize=1)
def _apart() -> re.Pattern[str]:
    return re.compile(rf"[\s}}*_]*(?:{SENTENCE.pattern})")


def before(words: str, is_alone: bool) -> bool:
    """Whether the words before a formula deny it, or (of one without a relation) make another value of it.

    >>> before("The answer is not", True), before("We do not need c, so", True), before("It is twice the", True)
    (True, False, True)
    >>> before("The negative of the gradient is", True), before("By the chain rule, applied twice:", False)
    (True, False)
    >>> before("That is wrong. ", False), before("That is wrong: ", False)
    (False, True)
    """
    clause = _clauses().split(words[-LONGEST:].rstrip(_EDGES))[-1].strip(_EDGES)
    ends = words.rstrip().endswith((":", "："))
    if words.rstrip(" \t\n\0$*_").endswith((".", "!", "。", "！")) and _pattern("behind apart").match(clause):
        return False  # the sentence before it denies what stands before that
    is_measured = is_alone and _pattern("measured").search(clause + ":" * ends) is not None
    return is_measured or _pattern("denied").search(clause) is not None


def denied_from(words: str) -> int:
    """Where the words end with which a sentence begins to deny what follows; 0 where it does not.

    >>> denied_from(" not 5, but 6"), denied_from("nicht gleich $x$"), denied_from("5, not 6")
    (5, 13, 0)
    """
    found = _pattern("denying").match(words)
    return found.end() if found else 0


def is_rather(between: str) -> bool:
    """Whether the words between two formulas say that the second holds, and not the first.

    >>> is_rather(". It is "), is_rather(", sondern "), is_rather(" or "), is_rather(", nor is it ")
    (True, True, False, False)
    """
    return _pattern("rather").fullmatch(between) is not None


def supposed(words: str) -> bool:
    """Whether the verb before a formula says it of what is not so.

    >>> supposed("Without a bias it would be"), supposed("As one would expect,"), supposed("Sonst wäre")
    (True, False, True)
    """
    return _pattern("mood").search(_clauses().split(words[-LONGEST:].rstrip())[-1]) is not None


def behind(words: str) -> bool:
    """Whether the words right behind a formula deny it, or make another value of it.

    >>> behind(" is false."), behind(", which is not zero"), behind("up to a factor"), behind("This is wrong, since")
    (True, False, True, True)
    """
    said = words[:LONGEST].strip(_EDGES)
    is_apart = _apart().match(words) is not None  # a sentence of its own, which points back
    return (
        _pattern("behind apart" if is_apart else "behind").match(said) is not None
        or _pattern("shared").match(said) is not None
    )


def says_sum(words: str) -> bool:
    """Whether the words right behind a formula say that a sum of it is meant.

    >>> says_sum(" summed over the batch"), says_sum("# summiert über den Batch"), says_sum(" which is a sum")
    (True, True, False)
    """
    return ALTERING.begins(words.lstrip(" #/(–-"), "summed")


def within(words: str, is_lone: bool) -> bool:
    """Whether words anywhere in a row alter what it says; in one that is an expression alone, more of them do."""
    return _pattern("shared").search(words) is not None or (is_lone and _pattern("lone").search(words) is not None)


@lru_cache(maxsize=16)
def is_elsewhere(sentence: str) -> bool:
    """Whether a sentence speaks of another text or model, of a mistake, or of a special case.

    >>> is_elsewhere("Some authors define the loss as"), is_elsewhere("Im Spezialfall"), is_elsewhere("In case of")
    (True, True, False)
    """
    return ALTERING.has(sentence[-LONGEST_SENTENCE:], "elsewhere")


@lru_cache(maxsize=16)
def is_example(paragraph: str) -> bool:
    """Whether the numbers of a paragraph are those of an example.

    >>> is_example("Sanity check: with"), is_example("举例："), is_example("the loss of one example is")
    (True, True, False)
    """
    return ALTERING.has(paragraph[-LONGEST_SENTENCE:], "example")


def joins_another(between: str) -> bool:
    """Whether the words between two formulas say that one or the other is meant.

    >>> joins_another(" or maybe "), joins_another(", or equivalently"), joins_another("oder")
    (True, False, True)
    """
    return _pattern("or").fullmatch(between.strip(_EDGES)) is not None
