"""What words say of a point: that a gradient is zero there, that it is a minimum or a maximum; how a function bends."""

from __future__ import annotations

import re
from functools import lru_cache

from truestep.derivations.language.case_words import said_of_sign
from truestep.derivations.language.phrases.table import OPTIMA, SUBJECTS

has = OPTIMA.has
_EXTREME = re.compile(r"\b(?:min|max)imal\w*", re.IGNORECASE)  # of what the words before speak of, such as a slope
_UP, _DOWN = ("minimum", "convex"), ("maximum", "concave")


def without(words: str) -> str:
    """The words that are left beside those of the table.

    >>> without("so this is a minimum").split()
    ['so', 'this', 'is', 'a']
    """
    for meaning in OPTIMA.meanings if words and not words.isspace() else ():
        words = words if meaning == "other" else OPTIMA.pattern(meaning).sub(" ", words)
    return words


def seeks(sentence: str) -> bool:
    """Whether a sentence says where a gradient is zero, and not where the second derivative is, or it is largest.

    >>> seeks("Setting it to zero gives"), seeks("The second derivative is zero at"), seeks("La derivada es máxima en")
    (True, False, False)
    >>> seeks("It is minimised at"), seeks("It is maximal at")
    (True, False)
    """
    sentence = _EXTREME.sub(" ", sentence) if _of_it().match(sentence) else sentence
    beside = OPTIMA.pattern("minimum", "maximum").sub(" ", sentence) if SUBJECTS.has(sentence, "slope") else sentence
    is_sought = has(beside, "sought") or has(beside, "stationary")
    return is_sought and not has(sentence, "second")


@lru_cache(maxsize=1)
def _of_it() -> re.Pattern[str]:
    return SUBJECTS.form(r"\W*<it>\s")


def bends(sentence: str) -> tuple[str, ...]:
    """What a sentence says of how a function bends: each ``>`` or ``<``, with ``all`` where it is not of one point.

    Nothing where it may say that of something else, deny it, or says both.

    >>> bends("so this is a minimum"), bends("It is maximised at"), bends("the maximum likelihood estimate is")
    (('>',), ('<',), ())
    >>> bends("a minimum or a maximum"), bends("Die Funktion ist konkav"), bends("The Hessian is positive definite")
    ((), ('< all',), ('>',))
    >>> bends("The second derivative is negative, so this is a minimum")
    ('>', '<')
    """
    if (
        not sentence
        or sentence.isspace()
        or has(sentence, "other")
        or any(all(has(sentence, one) for one in pair) for pair in zip(_UP, _DOWN, strict=True))
    ):
        return ()
    said = [sign for sign, words in ((">", _UP[0]), ("<", _DOWN[0])) if has(sentence, words)]
    said += [f"{sign} all" for sign, words in ((">", _UP[1]), ("<", _DOWN[1])) if has(sentence, words)]
    said += [sign for sign in (said_of_sign(sentence),) if sign and has(sentence, "second")]
    return tuple(dict.fromkeys(said))
