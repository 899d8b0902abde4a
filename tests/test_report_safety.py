"""Nothing a student wrote is ever markup, in any form of a report."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from reporting import assert_is_harmless, record_of, report_of, shown

from truestep.cli import main
from truestep.reports.html_page import page
from truestep.reports.markdown import markdown

HOSTILE = (
    "<script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    "</code></pre><b>x</b> <!-- ",
    "\\href{javascript:alert(1)}{x}",
    "\\text{<script>alert(1)</script>}",
    "\\text{</math><img src=x onerror=y>}",
    '\\operatorname{<b>} \\mathrm{"onload="}',
    "[a](http://evil.example) ![i](http://evil.example/i.png)",
    "http://evil.example www.evil.example a@evil.example @someone #12",
    "``` \n# heading\n```",
    "`code` ``more`` ~~no~~ **bold** __under__",
    "| a | b |\n|---|---|",
    "$\\unicode{x3c}script$ $$x$$",
    "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x9b2J",
    "a\u202eb\u2066c\u200fd\ud800",
    "[red]a[/red] [link=http://evil.example]x[/link]",
    "{{ 7*7 }} {% raw %} {# no #}",
    "&lt;script&gt; &#60;b&#62;",
    "- a\n1. b\n> c",
    "\\begin{array}{l} <b> \\end{array}",
)


def assert_is_plain_markdown(source: str) -> None:
    """Only what the report itself sets: no HTML, link, picture or emphasis of the student's."""
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(source)
    inner = [token for block in tokens for token in (block, *(block.children or ()))]
    kinds = {token.type for token in inner}
    assert not kinds & {"html_block", "html_inline", "link_open", "image", "em_open", "blockquote_open", "hr"}
    headings = [block.children or [] for before, block in pairwise(tokens) if before.tag == "h1"]
    assert len([one for one in headings if one]) == 1
    assert "ordered_list_open" not in kinds
    bare = " ".join(token.content for token in inner if token.type == "text")
    assert not re.search(r"(?i)://|www\.|@\w|#[0-9]|:\w+:", bare)  # what GitHub makes links of by itself


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_hostile_work_is_text_in_html(text: str) -> None:
    found = assert_is_harmless(page(report_of(record_of([text], text), [text], text, text)))
    assert "alert(1)" not in "".join(value for _, _, value in found.attributes)


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_hostile_work_is_text_in_markdown(text: str) -> None:
    assert_is_plain_markdown(markdown(report_of(record_of([text], text), [text], text, text)))


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_hostile_work_is_text_at_a_terminal(text: str, encoding: str) -> None:
    said = shown(report_of(record_of([text], text), [text], text, text), 80, encoding)
    assert not any(ord(character) < 32 and character != "\n" for character in said)
    assert not re.search("[\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f]", said)


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_hostile_work_is_text_in_json(text: str, tmp_path: Path) -> None:
    path = tmp_path / "work.md"
    path.write_text(f"$$ x = {text} $$", encoding="utf-8", errors="replace")
    result = CliRunner().invoke(main, ["check", str(path), "--problem", "softmax-jacobian", "--json"])
    assert result.stdout.isascii()
    assert result.stdout.count("\n") == 1
    assert json.loads(result.stdout)


PARTS = st.lists(
    st.one_of(st.text(max_size=12), st.sampled_from([*HOSTILE, "\\frac", "{", "}", "\\text{", "^", "_", "&", "\\\\"])),
    max_size=6,
).map("".join)


@pytest.mark.slow
@settings(max_examples=80)
@given(row=PARTS, message=PARTS)
def test_any_work_is_text(row: str, message: str) -> None:
    report = report_of(record_of([row], message), [row], message, row)
    assert_is_harmless(page(report))
    assert_is_plain_markdown(markdown(report))
    assert not any(ord(character) < 32 and character != "\n" for character in shown(report))


def test_a_planted_tag_is_caught() -> None:
    good = page(report_of(record_of(["x"]), ["x"]))
    for planted in ("<script>", "<p onclick='x'>", "<a href='http://x'>", "</div>"):
        with pytest.raises((AssertionError, IndexError)):
            assert_is_harmless(good.replace("<main>", f"<main>{planted}"))
    with pytest.raises(AssertionError):
        assert_is_plain_markdown(markdown(report_of(record_of(["x"]), ["x"])) + "\n<b>x</b>")
