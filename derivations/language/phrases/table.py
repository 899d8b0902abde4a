"""Tables of phrases, and what of them stands in a text.

A table is a TOML file beside this module. A section is a meaning, a key of it a language, and its value the phrases:
one string or several, in which bars separate them. A phrase is a regular expression without groups that capture;
letters stand for large ones too.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from truestep.derivations.language.packed import packed_table

if TYPE_CHECKING:
    from collections.abc import Iterator

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "ru", "zh")
WIDE = re.compile(r"[\u3400-\u9fff]")  # of a script without blanks
SHORT = 240
MOST_BEHIND = 100  # characters at the end of a text in which its last phrase stands
_LETTER = r"\w"
_WORD = re.compile(r"[\w'’-]+")
_PLACE = re.compile(r"(?<!\(\?)(?<!\(\?P)<([a-z ]+)>")
_SIGN = re.compile(r"\\.|\[[^]]*\]|[(|)]", re.DOTALL)


class Row(NamedTuple):
    """The phrases of one language with one meaning."""

    meaning: str
    language: str
    phrases: tuple[str, ...]


class Phrases(NamedTuple):
    """The table of this name.

    Its phrases are whole words: right before one stands no letter, and nothing of the class ``edge``; those of a script
    without blanks stand anywhere. Without an edge, the forms that hold them say what stands about them.

    >>> cases = Phrases("cases")
    >>> cases.has("Wenn also", "if"), cases.has("in otro caso", "if"), cases.has("sifting", "if")
    (True, True, False)
    >>> cases.begins("(if so", "if"), cases.begins("so, if", "if"), cases.is_one("otherwise,", "rest")
    (True, False, True)
    """

    name: str
    edge: str = r"\w"

    @property
    def rows(self) -> tuple[Row, ...]:
        """The table, a row for each meaning and language."""
        return _rows(self.name)

    @property
    def meanings(self) -> tuple[str, ...]:
        """The meanings in their order."""
        return tuple(dict.fromkeys(row.meaning for row in self.rows))

    def phrases(self, *meanings: str, language: str = "") -> tuple[str, ...]:
        """The phrases of these meanings, of one language or of all.

        >>> Phrases("cases").phrases("inverted")[:3]
        ('ist', 'sind', 'hat')
        """
        rows = (row for row in self.rows if row.meaning in meanings and language in ("", row.language))
        return tuple(phrase for row in rows for phrase in row.phrases)

    def words(self, *meanings: str) -> frozenset[str]:
        """The phrases of these meanings that are one word each."""
        return _words(self, meanings)

    def is_made_of(self, text: str, *meanings: str) -> bool:
        """Whether a text has words, all of these meanings; those without blanks may stand in any order.

        >>> STEPS.is_made_of(", die Differenz ", "naming"), STEPS.is_made_of("为", "naming"), STEPS.is_made_of("", "of")
        (True, True, False)
        """
        found = re.findall(r"[^\W\d_]+", text.lower())
        known = self.words(*meanings) if found else frozenset[str]()
        signs = "".join(filter(WIDE.search, known))
        return bool(found) and all(word in known or not word.strip(signs) for word in found)

    def text(self, *meanings: str, language: str = "") -> str:
        """A pattern of these phrases for a larger one, the longest first."""
        found = sorted(dict.fromkeys(self.phrases(*meanings, language=language)), key=len, reverse=True)
        if not self.edge:
            return f"(?:{'|'.join(found)})"
        wide = [phrase for phrase in found if WIDE.search(phrase)]
        narrow = "|".join(phrase for phrase in found if phrase not in wide)
        return f"(?:{'|'.join((*wide, *[rf'(?<!{self.edge})(?:{narrow})(?!{_LETTER})'] * bool(narrow)))})"

    def filled(self, form: str) -> str:
        r"""A form with its phrases, which stand in it by their meaning.

        >>> Phrases("cases", edge="").filled(r"<sum>\s<inverted>") == r"\s".join(
        ...     Phrases("cases", edge="").text(one) for one in ("sum", "inverted")
        ... )
        True
        """
        return _PLACE.sub(lambda found: self.text(found[1]), form)

    def form(self, form: str) -> re.Pattern[str]:
        """A form with its phrases, to be looked for."""
        return re.compile(self.filled(form), re.IGNORECASE)

    def pattern(self, *meanings: str) -> re.Pattern[str]:
        """Phrases of these meanings, to be looked for."""
        return _pattern(self, meanings)

    def has(self, text: str, *meanings: str) -> bool:
        """Whether a phrase of these meanings stands in a text."""
        if not text or text.isspace():  # and no table is read
            return False
        return _has(self, meanings, text) if len(text) < SHORT else _pattern(self, meanings).search(text) is not None

    def begins(self, text: str, *meanings: str) -> bool:
        """Whether a text begins with such a phrase, but for what opens it."""
        text = text.lstrip(" ,:;(")
        return bool(text) and _pattern(self, meanings).match(text) is not None

    def is_one(self, text: str, *meanings: str) -> bool:
        """Whether a text is such a phrase and nothing else."""
        text = text.strip(" ,;")
        return bool(text) and _pattern(self, meanings).fullmatch(text) is not None

    def ends(self, text: str, *meanings: str) -> bool:
        """Whether a text ends in such a phrase, but for what is no letter."""
        text = text[-MOST_BEHIND:]
        return any(not any(map(str.isalpha, text[found.end() :])) for found in _pattern(self, meanings).finditer(text))


@lru_cache(maxsize=256)
def _pattern(table: Phrases, meanings: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(table.text(*meanings), re.IGNORECASE)


@lru_cache(maxsize=8192)
def _has(table: Phrases, meanings: tuple[str, ...], text: str) -> bool:
    return _pattern(table, meanings).search(text) is not None


@lru_cache(maxsize=64)
def _words(table: Phrases, meanings: tuple[str, ...]) -> frozenset[str]:
    return frozenset(filter(_WORD.fullmatch, table.phrases(*meanings)))


@lru_cache(maxsize=16)
def _rows(name: str) -> tuple[Row, ...]:
    sections = packed_table(__file__, name)
    return tuple(
        Row(meaning, language, tuple(alternatives(said if isinstance(said, str) else "|".join(said))))
        for meaning, languages in sections.items()
        for language, said in languages.items()
    )


def alternatives(pattern: str) -> Iterator[str]:
    r"""What a pattern separates by bars that stand in no bracket.

    >>> list(alternatives(r"a|b(?:c|d)|[|]\||e"))
    ['a', 'b(?:c|d)', '[|]\\|', 'e']
    """
    depth, start = 0, 0
    for sign in _SIGN.finditer(pattern):
        depth += (sign[0] == "(") - (sign[0] == ")")
        if sign[0] == "|" and not depth:
            yield pattern[start : sign.start()]
            start = sign.end()
    yield pattern[start:]


CASES, ROLES, STEPS = Phrases("cases"), Phrases("roles"), Phrases("steps")
ALTERING, OPTIMA = Phrases("altering"), Phrases("optima", r"[\w-]")
EQUATING, SUBJECTS, PREDICATES = Phrases("equating", ""), Phrases("subjects", ""), Phrases("predicates", "")
TABLES = (CASES, ROLES, STEPS, ALTERING, OPTIMA, EQUATING, SUBJECTS, PREDICATES)
