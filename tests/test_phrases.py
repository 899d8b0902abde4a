"""Laws of the tables of phrases, with an error planted against each."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from truestep.derivations.language.phrases import table
from truestep.derivations.language.phrases.table import LANGUAGES, TABLES, WIDE, Phrases, Row

ROOT = Path(__file__).parents[1]
FOLDER = Path(table.__file__).parent
SOURCES = "".join(
    path.read_text(encoding="utf-8")
    for room in ("derivations", "checkers", "problems")
    for path in (ROOT / room).rglob("*.py")
)
_STRINGS = frozenset(re.findall(r"""["']([a-z ]+)["']|<([a-z ]+)>""", SOURCES))
USED = frozenset(name for pair in _STRINGS for name in pair if name)


def misfits(table: Phrases, rows: tuple[Row, ...]) -> list[str]:
    """What is amiss with a table of these rows."""
    found, languages = [], [row.language for row in rows]
    for row in rows:
        for phrase in row.phrases:
            try:
                compiled = re.compile(phrase, re.IGNORECASE)
            except re.error as error:
                found.append(f"{phrase}: {error}")
                continue
            if compiled.groups:
                found.append(f"{phrase}: a group that captures")
            if compiled.fullmatch(""):
                found.append(f"{phrase}: nothing is a phrase")
            if table.name not in ("subjects", "predicates") and re.search(r"(?<!\\)[A-Z]", phrase):
                found.append(f"{phrase}: letters stand for large ones too")
            if row.language == "zh" and not WIDE.search(phrase):
                found.append(f"{phrase}: no phrase of its language")
        found += [f"{one}: twice" for one in {one for one in row.phrases if row.phrases.count(one) > 1}]
    found += [f"{one}: an unknown language" for one in {*languages} - {*LANGUAGES}]
    meanings = dict.fromkeys(row.meaning for row in rows)
    if table.name != "predicates":  # a kind is what its property is called
        found += [f"{one}: a meaning that nothing asks for" for one in meanings if one not in USED]
    for meaning in meanings:
        own = [row.language for row in rows if row.meaning == meaning]
        if own != sorted(own, key=LANGUAGES.index) if {*own} <= {*LANGUAGES} else False:
            found.append(f"{meaning}: languages in another order")
    return found


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_row_of_a_table_fits(table: Phrases) -> None:
    assert misfits(table, table.rows) == []


def test_every_table_is_listed() -> None:
    assert {table.name for table in TABLES} == {path.stem for path in FOLDER.glob("*.toml")}


@pytest.mark.parametrize(
    ("row", "amiss"),
    [
        (Row("if", "en", ("if(",)), "missing )"),
        (Row("if", "en", ("(if|when)",)), "captures"),
        (Row("if", "en", ("if", "")), "nothing is a phrase"),
        (Row("if", "en", ("If",)), "large ones"),
        (Row("if", "zh", ("if",)), "no phrase of its language"),
        (Row("if", "en", ("if", "when", "if")), "twice"),
        (Row("if", "nl", ("als",)), "unknown language"),
        (Row("iff and only if", "en", ("iff",)), "nothing asks for"),
    ],
)
def test_a_planted_error_is_found(row: Row, amiss: str) -> None:
    assert any(amiss in one for one in misfits(table.CASES, (row,)))


def test_languages_stand_in_one_order() -> None:
    rows = (Row("if", "de", ("wenn",)), Row("if", "en", ("if",)))
    assert misfits(table.CASES, rows) == ["if: languages in another order"]


@pytest.mark.parametrize("table", [one for one in TABLES if one.edge], ids=lambda table: table.name)
def test_plain_phrases_are_found_as_whole_words(table: Phrases) -> None:
    for row in table.rows:
        for phrase in filter(re.compile(r"[\w ]+").fullmatch, row.phrases):
            assert table.has(f"... {phrase.capitalize()} ...", row.meaning), phrase
            assert table.begins(f", {phrase}", row.meaning), phrase
            assert table.ends(f"... {phrase}: ", row.meaning), phrase
            assert table.is_one(f" {phrase}, ", row.meaning), phrase
            if row.language != "zh":
                assert not table.has(f"q{phrase}", row.meaning) or row.language == "ru" or " " in phrase, phrase
