"""What is printed for a person: no line too wide, nothing lost, styles at a terminal alone."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truestep.output.printing import FOLDED, KEPT, Block, Column, Columns, Indented, Styled, cells, print_parts

TEXTS = st.text(st.sampled_from("ab = +ŷ导∑\u0302\n "), max_size=60)


def printed(*parts: Block, width: int = 80) -> str:
    stream = io.StringIO()
    print_parts(parts, stream, width)
    return stream.getvalue()


@given(TEXTS, TEXTS, st.integers(8, 40))
def test_no_line_is_wider_than_the_page_and_no_sign_is_lost(left: str, right: str, width: int) -> None:
    shown = printed(Columns((KEPT, FOLDED), [("1", left), ("22", right)]), Indented((Styled(left),), 2), width=width)
    assert all(cells(line) <= width and line == line.rstrip() for line in shown.split("\n"))
    kept = [sign for sign in f"{left}{right}{left}" if not sign.isspace()]
    assert sorted(kept) == sorted(sign for sign in shown if not sign.isspace() and sign not in "12")


def test_a_text_folds_at_words_and_long_words_within() -> None:
    assert printed(Styled("one two three"), width=8) == "one two\nthree\n"
    assert printed(Styled("abcdefghij kl"), width=4) == "abcd\nefgh\nij\nkl\n"
    assert printed(Styled("导数导数"), width=5) == "导数\n导数\n"
    assert printed(Styled(), Styled("a\n\nb")) == "\na\n\nb\n"


def test_columns_that_fold_give_way_before_those_that_are_kept() -> None:
    rows = [("12", "✓ right", "a formula that is long"), ("3", "✗ wrong", "b")]
    shown = printed(Columns((Column(kept=True, side="right"), KEPT, FOLDED), rows), width=24)
    assert shown == "12  ✓ right  a formula\n             that is\n             long\n 3  ✗ wrong  b\n"


@pytest.mark.parametrize(
    ("terminal", "settings", "shown"),
    [
        (True, {}, "\x1b[1;31mx\x1b[0m\n"),
        (True, {"NO_COLOR": "1"}, "\x1b[1mx\x1b[0m\n"),
        (True, {"TERM": "dumb"}, "x\n"),
        (False, {}, "x\n"),
        (False, {"FORCE_COLOR": "1"}, "\x1b[1;31mx\x1b[0m\n"),
    ],
)
def test_styles(terminal: bool, settings: dict[str, str], shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    stream = io.StringIO()
    monkeypatch.setattr(stream, "isatty", lambda: terminal, raising=False)
    print_parts([Styled("x", "bold red")], stream, 80)
    assert stream.getvalue() == shown
