"""What words suppose of a matrix, and what they say that something becomes for it: "if $A$ is symmetric, this is"."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from truestep.derivations.language.phrases.table import PREDICATES
from truestep.derivations.language.property_words import ORDINALS, PARTS, places_in, spoken_form

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SPECIAL = ("symmetric", "skew", "diagonal", "orthonormal")


class OfSpecial(NamedTuple):
    """What something, or a part of it, becomes where a matrix has a property; places of formulas."""

    matrix: int
    kind: str
    value: int
    part: str = ""  # one of PARTS
    nth: int = 0


def _kinds() -> dict[str, str]:
    return {kind: "|".join(one[1:].lstrip() for one in PREDICATES.phrases(kind) if one[0] == "~") for kind in SPECIAL}


@lru_cache(maxsize=1)
def _named() -> re.Pattern[str]:
    """A property, without which nothing is supposed: soon made, and often all that is looked for."""
    return spoken_form("|".join(_kinds().values()))


def _matches(form: Callable[[], re.Pattern[str]], sentence: str) -> Iterator[re.Match[str]]:
    text = " ".join(sentence.split())
    return form().finditer(text) if any(map(str.isalpha, text)) and _named().search(text) else iter(())


def _supposing() -> str:
    kinds = _kinds()
    words = ("|".join(rf"(?P<{kind}{k}>{one})" for kind, one in kinds.items()) for k in range(3))
    return "<at>\\s+(?:M\\s+<is>\\s+(?:{})|M\\s+(?:{})\\s+<is>|(?:{})\\s+M)".format(*words)


@lru_cache(maxsize=1)
def _special() -> re.Pattern[str]:
    filler = r"(?:(?:<also>|<lead>|<finds>)\s+)*"
    nth = "|".join(rf"(?P<{one}><{one}>)" for one in ORDINALS)
    part = rf"<det>\s+(?:{nth})\s+(?:(?P<piece><piece>)|(?P<factor><factor>))\s+"
    noun = r"(?:<det>\s+)?(?:<slope>|<second>|<result>)\s+"
    becomes = rf"(?:(?:<it>\s+|{part}|{noun})?{filler}(?:<is>|<turns>)\s+(?:<it>\s+)?{filler})?"
    return spoken_form(rf"{_supposing()}\s*,?\s+{filler}{becomes}(?P<value>M)")


@lru_cache(maxsize=1)
def _supposed() -> re.Pattern[str]:
    return spoken_form(_supposing())


def specials(sentence: str) -> Iterator[tuple[int, str]]:
    """The matrices that a sentence supposes to have a property, by their places.

    >>> from truestep.derivations.language.property_words import CLOSE, OPEN
    >>> list(specials(f"For orthogonal {OPEN}2{CLOSE} we have"))
    [(2, 'orthonormal')]
    """
    for found in _matches(_supposed, sentence):
        kind = _kind(found)
        yield places_in(found[0])[0], kind


def of_special(sentence: str) -> Iterator[OfSpecial]:
    """What a sentence says that something becomes for a symmetric matrix, or such.

    >>> from truestep.derivations.language.property_words import CLOSE, OPEN
    >>> one, other = (f" {OPEN}{k}{CLOSE} " for k in (3, 4))
    >>> list(of_special(f"If{one}is symmetric, this becomes{other}"))
    [OfSpecial(matrix=3, kind='symmetric', value=4, part='', nth=0)]
    """
    for found in _matches(_special, sentence):
        kind = _kind(found)
        part = next((one for one in PARTS if found[one]), "")
        nth = next((place for one, place in ORDINALS.items() if found[one]), 0)
        yield OfSpecial(places_in(found[0])[0], kind, places_in(found["value"])[0], part, nth)


def _kind(found: re.Match[str]) -> str:
    return next(name[:-1] for name, words in found.groupdict().items() if words and name[:-1] in SPECIAL)
