"""Texts made hostile: in bytes, characters, tokens, rows; deep, repeated, huge and strange."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

LONGEST = 60_000
Mutate = Callable[[random.Random, str, str], str]  # a text and another one, from which something may be taken

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[A-Za-z]+|\d+|\s+|.", re.DOTALL)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
STRANGE = (
    *("\u202e", "\u200b", "\ufeff", "\u0301" * 40, "\ud800", "\x00", "\x07", "\x1b[31m", "\r", "\u2028", "\x85"),
    *("\U0001d465", "\u0430", "\uff1d", "\uff08", "\u2212", "\u00d7", "\u2032", "\u221a", "\u03a3", "\u00bd", "\u0663"),
    *("\U0001f600", "\u0645", "\u4e00", "\ufb01", "\u1d40", "\u207b\u00b9", "\u20d7", "\u00ad", "\U000e0041"),
)
PIECES = (
    *(r"\frac{", "}{", "{", "}", "^", "_", "^^", "__", r"\\", "&", "$", "$$", r"\[", r"\]", r"\(", "%", "#", "~", "|"),
    *(r"\begin{align}", r"\end{align}", r"\begin{", r"\left(", r"\right.", r"\text{if ", r"\verb|", "```", "<!--", ">"),
    *(r"\def\x{\x\x}", r"\newcommand{\y}[9]{#1#1}", r"\x", r"\y", r"\iffalse", r"\input{/etc/passwd}", r"\sum_{i=1}^{"),
    *(r"\partial", r"\frac{\partial J}{\partial ", "=", ":=", r"\approx", r"\pm", "'", "!", "T", "^T", r"^{-1}", "0^0"),
    *(
        "1/0",
        r"\infty",
        "e^{e^{e^{",
        r"\prod_{k=1}^{99}",
        r"\max_i",
        r"\det",
        "x_{x_{x_{",
        "--",
        "=+-@",
        "\t",
        ",,,",
        ";",
    ),
    *("1e999", "0x10", "1_000", "nan", "inf", "None", "__import__('os')", "{{7*7}}", "<script>", '"', "\\u0000"),
)
HUGE = (
    "9" * 4000,
    "1e999",
    "10^{12}",
    "1000000000000",
    "0." + "3" * 60,
    "10000",
    "257",
    "0",
    "-1",
    "2^{2^{2^{2^{9}}}}",
)
NESTS = (("{", "}"), ("(", ")"), (r"\frac{1}{", "}"), (r"\sqrt{", "}"), ("x_{", "}"), ("e^{", "}"), (r"\log(", ")"))
NESTS += (
    (r"\left[", r"\right]"),
    (r"\text{", "}"),
    ("\\begin{cases}", "\\end{cases}"),
    ("-", ""),
    ("> ", ""),
    ("f(", ")"),
)


def tokens(text: str) -> list[str]:
    """The text in pieces that are commands, words, numbers, blanks or single characters."""
    return _TOKEN.findall(text)


def _place(dice: random.Random, some: Sequence[object]) -> int:
    return dice.randrange(len(some) + 1)


def _slice(dice: random.Random, some: Sequence[object], most: int = 12) -> tuple[int, int]:
    start = _place(dice, some)
    return start, min(len(some), start + dice.randrange(1, most))


def in_bytes(dice: random.Random, text: str, other: str) -> str:
    """Some bytes changed, left out or put in; what is no UTF-8 any more stands as surrogates."""
    data = bytearray(text.encode("utf-8", "surrogateescape" if text.isascii() else "surrogatepass"))
    for _ in range(dice.randrange(1, 6)):
        at = _place(dice, data)
        data[at : at + dice.randrange(2)] = bytes(dice.randrange(256) for _ in range(dice.randrange(2)))
    return bytes(data).decode("utf-8", "surrogateescape")


def in_characters(dice: random.Random, text: str, other: str) -> str:
    """Some characters left out, doubled, or replaced by strange ones."""
    for _ in range(dice.randrange(1, 4)):
        start, stop = _slice(dice, text, 4)
        text = text[:start] + dice.choice(("", text[start:stop] * 2, dice.choice(STRANGE))) + text[stop:]
    return text


def in_tokens(dice: random.Random, text: str, other: str) -> str:
    """Some tokens left out, doubled, moved, or taken from another text or from a list of pieces."""
    some, others = tokens(text), tokens(other)
    for _ in range(dice.randrange(1, 5)):
        start, stop = _slice(dice, some)
        begin, end = _slice(dice, others)
        new = dice.choice(([], some[start:stop] * 2, others[begin:end], [dice.choice(PIECES)]))
        some[start : dice.choice((start, stop))] = new
    return "".join(some)


def in_rows(dice: random.Random, text: str, other: str) -> str:
    """Rows left out, doubled, moved, joined, or taken from another text."""
    some, others = text.split("\n"), other.split("\n")
    for _ in range(dice.randrange(1, 4)):
        start, stop = _slice(dice, some, 4)
        begin, end = _slice(dice, others, 4)
        some[start:stop] = dice.choice(([], some[start:stop] * 2, some[start:stop][::-1], others[begin:end]))
    return dice.choice(("\n", "\n", "\n", " ", "\r\n", "\r", r" \\ ")).join(some)


def repeated(dice: random.Random, text: str, other: str) -> str:
    """A piece many times."""
    start, stop = _slice(dice, text, 40)
    piece = dice.choice(
        (text[start:stop], dice.choice(PIECES), dice.choice((r"\( x ", "$x=1$ ", "% a\n", "x = 1\n\n")))
    )
    return (text[:start] + piece * dice.choice((3, 30, 300, 3000)) + text[stop:])[:LONGEST]


def nested(dice: random.Random, text: str, other: str) -> str:
    """A piece within many brackets of one kind, closed or not."""
    some = tokens(text)
    start, stop = _slice(dice, some)
    before, behind = dice.choice(NESTS)
    deep = dice.choice((5, 50, 61, 300, 2000))
    some[start:stop] = [before * deep, *some[start:stop], behind * dice.choice((deep, deep, 0, deep - 1))]
    return "".join(some)[:LONGEST]


def with_huge_numbers(dice: random.Random, text: str, other: str) -> str:
    """A number, or where there is none any place, with a huge one."""
    found = [*_NUMBER.finditer(text)]
    start, stop = dice.choice(found).span() if found else _slice(dice, text, 2)
    return text[:start] + dice.choice(HUGE) + text[stop:]


def in_strange_letters(dice: random.Random, text: str, other: str) -> str:
    """Letters by others that look like them, in full width, in other alphabets or with marks."""
    shift = dice.choice((0xFEE0, 0x1D3F4, 0x350))
    return "".join(
        chr(ord(one) + shift) if one.isalnum() and one.isascii() and dice.random() < 0.1 else one for one in text
    )


def cut(dice: random.Random, text: str, other: str) -> str:
    """The text up to some place."""
    return text[: _place(dice, text)]


MUTATIONS: tuple[Mutate, ...] = (
    in_bytes,
    in_characters,
    in_tokens,
    in_tokens,
    in_rows,
    repeated,
    nested,
    with_huge_numbers,
    in_strange_letters,
    cut,
)


def hostile(dice: random.Random, text: str, other: str) -> str:
    """The text after one to three mutations."""
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        text = dice.choice(MUTATIONS)(dice, text, other)
    return text[:LONGEST]
