"""Which parts of a line of plain text are words of its sentence, and which stand in its formulas."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from truestep.derivations.language import case_words
from truestep.derivations.language.functions import WORDS
from truestep.derivations.language.latex.typography import SIGNS_IN_WORDS
from truestep.derivations.language.phrases.table import ROLES, WIDE
from truestep.derivations.language.reading import plain_text

ALPHABET = r"[A-Za-z\u00c0-\u024f\u0400-\u04ff]"
BESIDE = tuple("=+-*/^<>≤≥≈−·⊙")
SHORT = frozenset("a A I e o u y à O Y и в к о с у я И В К О С У Я".split())  # words of one letter
_MINUS = re.compile(r"[^\W\d_](?:-[^\W\d_])+")  # x-s
_LETTER = re.compile(r"[^\W\d_](?![^\W\d_])")
_SUBJECTS = ("on", "il", "elle", "qui", "y")  # before "a"
JOINING = ("for", "where", "and")
PART = re.compile(
    rf"\(?(?P<word>[\u3400-\u9fff]+|(?:{ALPHABET}\.){{2,}}|{ALPHABET}+(?:['’-]{ALPHABET}+)*)\)?[,.:，。：]*(?=\s|[\u3400-\u9fff]|$)|"
    r"\S+?(?:：|(?=\s|[\u3400-\u9fff]|$))"
)
KNOWN = frozenset(
    [
        *"sum transpose where for all and".split(),
        *(word.lower() for word in (*WORDS, *plain_text.GREEK, *SIGNS_IN_WORDS)),
    ]
)


def is_word(parts: Sequence[re.Match[str]], place: int) -> bool:
    """Whether a part of a line is a word of its sentence: no name that an operator stands beside."""
    word = parts[place]["word"]
    if word is None:
        return False
    if WIDE.match(word):
        return True
    if word in SHORT:  # none ends what is said
        is_end = place + 1 == len(parts) or not parts[place][0][-1:].isalpha()
        is_factor = is_end and place and (len(parts[place - 1]["word"] or "") < 3 or is_operand(parts, place - 1))
        following = parts[place + 1][0] if place + 1 < len(parts) else ""
        is_product = word in "AI" and _LETTER.match(following) and following not in SHORT  # (A X)_kk
        return not (is_operand(parts, place) or is_factor or is_product)
    if _MINUS.fullmatch(word):
        return False
    if len(word) > 1 and parts[place][0].endswith(":"):
        return True
    if word.lower() in JOINING and (place + 1 == len(parts) or is_word(parts, place + 1)):
        return True  # for one example
    if place and word.lower() in JOINING and case_words.is_alone(parts[place - 1]["word"] or "", "and"):
        return True  # and for m > 1
    is_long = len(word) > 2 or word.islower() or (place + 1 < len(parts) and is_word(parts, place + 1))
    is_long = is_long or (not place and (case_words.is_alone(word, "at") or case_words.is_alone(word, "frame")))
    return len(word) > 1 and word.lower() not in KNOWN and not is_operand(parts, place) and is_long


@lru_cache(maxsize=1)
def _behind_and() -> frozenset[str]:
    """Spanish words before which "y" joins."""
    told = (word for word in ROLES.phrases(*ROLES.meanings, language="es") if len(word) > 2)
    return frozenset((*told, *"también además análogamente la el igual respecto".split()))


def is_verb(parts: Sequence[re.Match[str]], place: int) -> bool:
    """Whether a letter that is a name elsewhere is a word: "on a f = g" in French, "y también f = g" in Spanish."""
    if parts[place]["word"] in ("y", "e", "o", "u") and place + 1 < len(parts):
        return (parts[place + 1]["word"] or "").lower() in _behind_and() and not is_operand(parts, place)
    return place > 0 and parts[place]["word"] == "a" and (parts[place - 1]["word"] or "").lower() in _SUBJECTS


def is_operand(parts: Sequence[re.Match[str]], place: int) -> bool:
    """Whether an operator stands beside a part of a line."""
    following = parts[place + 1][0] if place + 1 < len(parts) else ""
    is_signed = following[:1] in ("-", "−") and len(following) > 1 and len(parts[place]["word"] or "") > 1  # be -s
    return (following[:1] in BESIDE and not is_signed) or (place > 0 and parts[place - 1][0][-1:] in BESIDE)
