"""Words of one language that look like those of another: what a work says, with words that mean one thing in all."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from truestep.derivations.language.phrases.table import CASES, LANGUAGES, ROLES, STEPS

if TYPE_CHECKING:
    from collections.abc import Iterable

_WORD = re.compile(r"[^\W\d_]+")
_OPENING = r"((?:^|[.,;:(!?\n])\s*(?:(?:e|ed|ma|mas)\s+)?)"
# language, what is written, a word of that language that means the same; without a language, of no other
HOMONYMS = (
    ("", r"(?<=[^\W\d_])-(?:se|lo|la)\b", " nós"),  # pede-se: one asks
    ("it", r"\bsi\b", "noi"),  # si ottiene: one gets
    ("it", rf"{_OPENING}se(?=\s+(?!ne\b)\w)", r"\1quando"),  # behind a comma it is no pronoun
    ("pt", rf"{_OPENING}se(?=\s+\w)", r"\1quando"),
    ("pt", r"\bno\b", "em"),  # in the
    ("pt", r"\bo\b", "os"),  # the
    ("fr", r"\bqui\b", "que"),
)


def language_of(text: str) -> str:
    """The language that knows most words of a text; none where two know as many.

    >>> language_of("Si vuole calcolare il gradiente"), language_of("Si los índices son iguales"), language_of("Si")
    ('it', 'es', '')
    """
    found = Counter(_WORD.findall(text.lower()))
    counts = sorted(
        ((sum(count for word, count in found.items() if word in _known(one)), one) for one in LANGUAGES), reverse=True
    )
    return counts[0][1] if counts[0][0] > counts[1][0] else ""


@lru_cache(maxsize=len(LANGUAGES))
def _known(language: str) -> frozenset[str]:
    """The words of one language that some table has."""
    phrases = (word for table in (STEPS, ROLES, CASES) for word in table.phrases(*table.meanings, language=language))
    return frozenset(filter(_WORD.fullmatch, phrases))


def unmistakable(said: Iterable[str]) -> tuple[str, ...]:
    """What stands about the formulas of a work, without words that in another language mean something else.

    >>> unmistakable(("Si vuole calcolare", "Allora si ha")), unmistakable(("Si", "Entonces"))
    (('noi vuole calcolare', 'Allora noi ha'), ('Si', 'Entonces'))
    >>> unmistakable(("Pede-se", "Se a matriz é simétrica, obtemos"))
    ('Pede nós', 'quando a matriz é simétrica, obtemos')
    """
    texts = tuple(said)
    whole = "\n".join(texts)
    if not any(map(str.isalpha, whole)):
        return texts
    fitting = [row for row in HOMONYMS if re.search(row[1], whole, re.IGNORECASE)]
    language = language_of(whole) if fitting else ""
    for of, written, synonym in fitting:
        if of in ("", language):
            texts = tuple(re.sub(written, synonym, text, flags=re.IGNORECASE) for text in texts)
    return texts
