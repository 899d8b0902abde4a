"""Where things stand in a TOML file: every value that the parser sees has an extent, which holds that value."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truestep.problems.statements.toml.positions import Path as Keys
from truestep.problems.statements.toml.positions import Places, places

ROOT = Path(__file__).parent.parent
FILES = sorted(
    path for folder in ("problems", "examples", "tests") for path in (ROOT / folder).rglob("*.toml") if path.is_file()
)
HARD = r'''
# [not.a.table] and a = 1 in a comment
top = 1979-05-27 07:32:00 # a date with a blank
a.b . "c d" = 'dotted'
a.b.'e.f' = "[x] = { # } \" \\"
floats = [ 1.5, -inf, # one ] in a comment
  [ 'nested', [] ], { x = [ { y = 1 } ], 'quoted key' = """two
lines""" } , ]
inline = { }
empty = ''
block = """
first \
    folded "quoted" """
literal = """"quotes at both ends""""
lines = """
\u00e9 [[part]] '
\"""
"""
verbatim = """

[table]"""
[ table . "sub table" ]
x = true
[[many]]
y = [
  1
  , 2
]
[[many.inner]]
z = 1
[[many.inner]]
z = 2
[many.inner.deep]
w = 'w'
[[many]]
[[many.inner]]
z = 3
'''.replace('verbatim = """', "verbatim = '''").replace('[table]"""', "[table]''''")


def leaves(value: Any, path: Keys = ()) -> Iterator[tuple[Keys, Any]]:
    yield path, value
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from leaves(inner, (*path, key))


def is_table(value: Any) -> bool:
    """Whether a value may be spread over the file."""
    return isinstance(value, dict) or (isinstance(value, list) and bool(value) and isinstance(value[0], dict))


def differences(text: str, found: Places | None = None) -> list[Keys]:
    """The values whose extents do not hold them; tables and lists of tables have the places of their parts."""
    found = found or places(text)
    wrong = [path for path, _ in leaves(tomllib.loads(text)) if path not in found.extents]
    for path, value in leaves(tomllib.loads(text)):
        if path in found.extents and not is_table(value):
            written = tomllib.loads(f"v = {found.source(path)}\n")
            wrong += [] if repr(written) == repr({"v": value}) else [path]  # nan is no number, not even itself
    return wrong


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_value_of_a_file_is_found(path: Path) -> None:
    assert differences(path.read_text("utf-8")) == []


@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["unix", "windows"])
def test_every_value_of_a_hard_file_is_found(ends: str) -> None:
    text = HARD.replace("\n", ends)
    assert len(list(leaves(tomllib.loads(text)))) > 35
    assert differences(text) == []


def test_a_wrong_extent_is_caught() -> None:
    text = "a = 1\nb = 2\n"
    found = places(text)
    assert differences(text, found) == []
    found.extents["a",] = found.extents["b",]
    assert differences(text, found) == [("a",)]
    del found.extents["b",]
    assert ("b",) in differences(text, found)


def letter(text: str, path: Keys, offset: int) -> str:
    """The letter of the file at the place that is named."""
    position = places(text).position(path, offset)
    assert position is not None
    return text.replace("\r\n", "\n").split("\n")[position[0] - 1][position[1] - 1]


@pytest.mark.parametrize("quote", ["'", '"', "'''", '"""', "'''\n", '"""\n'])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_letter_within_a_string_is_found(quote: str, ends: str) -> None:
    inside = "one two" if len(quote) == 1 else "one\ntwo\n\nthree @ four"
    text = f"[t]\nx = {{ y = {quote}{inside}{quote.strip()} }}\n".replace("\n", ends)
    value = tomllib.loads(text)["t"]["x"]["y"]
    for offset, wanted in enumerate(value):
        if wanted != "\n":
            assert letter(text, ("t", "x", "y"), offset) == wanted


def test_a_letter_behind_escapes_is_found() -> None:
    text = 'a = """\\u00e9\\t\\\\ \\\n     folded @ here"""\n'
    value = tomllib.loads(text)["a"]
    assert letter(text, ("a",), value.index("@")) == "@"


def test_what_is_not_there_has_the_place_of_its_table() -> None:
    found = places("title = 'H'\n\n[[part]]\n[[part.question]]\nid = '1'\n")
    assert found.position(("part", 0, "question", 0, "points")) == (4, 1)
    assert found.position(("part", 0, "question", 7, "points")) == (4, 1)
    assert found.position(("nothing",)) == (1, 1)
    assert found.position(("part", 0, "question", 0, "id")) == (5, 6)
    assert found.position(("part", 0, "question", 0, "id"), of_key=True) == (5, 1)


KEY = st.sampled_from(["a", "b-1", '"c d"', "'e.f'", '"\\""', "3"])
TEXT = st.sampled_from(["'x'", '"\\" # ]"', "'''\n[a]\n'''", '"""\n= \\"""\n"""', "1", "true", "2.5", "1979-05-27"])
VALUE = st.recursive(
    TEXT,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda several: f"[ {', '.join(several)} ]")
        | st.lists(inner, max_size=3).map(lambda several: "[" + "".join(f"\n  {one}, # ]\n" for one in several) + "]")
        | st.lists(st.tuples(KEY, inner), max_size=3, unique_by=lambda pair: pair[0]).map(
            lambda pairs: "{ " + ", ".join(f"{key} = {value}" for key, value in pairs) + " }"
        )
    ),
    max_leaves=6,
)
PAIRS = st.lists(st.tuples(KEY, VALUE), max_size=4, unique_by=lambda pair: pair[0])
HEADERS = st.sampled_from(["[[many]]", "[[many.'in ner']]", "[ many . deep ]", "[other]", "[many.'in ner'.last]"])


@pytest.mark.slow
@settings(max_examples=150)
@given(st.lists(st.tuples(HEADERS, PAIRS), max_size=5), PAIRS)
def test_every_value_of_any_file_is_found(
    tables: list[tuple[str, list[tuple[str, str]]]], top: list[tuple[str, str]]
) -> None:
    lines = [f"{key} = {value} # {key}" for key, value in top]
    for header, pairs in tables:
        lines += [header, *(f" {key}={value}" for key, value in pairs)]
    text = "\n".join(lines)
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    assert differences(text) == []
