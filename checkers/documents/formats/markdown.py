"""Markdown, with mathematics in any of the spellings that students use for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from truestep.checkers.documents.collect import collect
from truestep.checkers.documents.scan import ROWED, reads_as_prose
from truestep.checkers.documents.work import Passage, Row, Work
from truestep.derivations.language.latex.lexer import HIDDEN, blank

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.token import Token

_OPENER = re.compile(rf"\\\\|\\\$|(\$\$|\\\[|\\\]|\\(begin|end)\{{((?:{'|'.join(sorted(ROWED))})\*?)\}})")
_INTERRUPTS = ["paragraph", "reference", "blockquote", "list"]
_SCRIPT = re.compile(
    r"<script\s{1,9}type\s{0,9}=\s{0,9}[\"']math/tex(?:;\s{0,9}mode=(display))?[\"']\s{0,9}>", re.IGNORECASE
)
_SCRIPT_END = "</script>"
_LONGEST_SCRIPT = 20_000
_TICKS = re.compile(r"`+")
_DIRECTIVE = re.compile(r"\s{0,9}(:{3,9}|`{3,9})\{math\}[^\n]{0,100}")
_OPTION = re.compile(r"\s{0,9}:[a-z-]{1,30}:[^\n]{0,100}")
_MATH_FENCES = {"math", "latex", "tex", "katex"}


def read(text: str) -> Work:
    """The work in a Markdown text.

    >>> read("> $$\\n> a = b\\n> $$").rows
    (Row(text='a = b', line=2, column=3),)
    """
    lines = text.split("\n")
    work = collect(passages(text, [(number, 1) for number in range(1, len(lines) + 1)]), asides=True)
    return replace(work, code=tuple(_code(text))) if "```" in text or "~~~" in text else work


def _code(text: str) -> Iterator[Row]:
    """The blocks of code in a text, as they stand between their fences."""
    for token in _blocks().parse(text):
        language = (token.info.split() or [""])[0].lower().strip("{}") if token.type == "fence" else ""
        if token.type == "fence" and token.map is not None and language not in _MATH_FENCES and token.content.strip():
            yield Row(token.content.rstrip("\n"), token.map[0] + 2, 1)


def passages(text: str, places: Sequence[tuple[int, int]]) -> Iterator[Passage]:
    """The stretches of the text that may hold mathematics; code is left out, quotes lose their prefix."""
    lines = text.split("\n")
    if "{math}" in text:
        lines = [*_of_directives(lines)]
        text = "\n".join(lines)
    for token in _blocks().parse(text):
        if token.map is None or not token.content:
            continue
        if token.type == "fence":
            if (token.info.split() or [""])[0].lower().strip("{}") in _MATH_FENCES:
                delimited = "$" in token.content or "\\[" in token.content
                yield _passage(token, token.map[0] + 1, lines, places, display=not delimited)
        elif token.type in {"inline", "display"}:
            yield _passage(token, token.map[0], lines, places)


@lru_cache(maxsize=1)
def _blocks() -> MarkdownIt:
    """What cuts a text into its blocks."""
    from markdown_it import MarkdownIt

    markdown = MarkdownIt("commonmark", {"html": False}).disable(["code", "reference", "lheading", "html_block"])
    markdown.core.ruler.disable(["inline", "text_join"])
    markdown.block.ruler.before("fence", "display", _display, {"alt": _INTERRUPTS})
    return markdown


def _of_directives(lines: Sequence[str]) -> Iterator[str]:
    """The lines with dollars for the fences around a display of MyST, and without its options.

    >>> list(_of_directives([":::{math}", ":label: one", "a = b", ":::"]))
    ['$$       ', '           ', 'a = b', '$$ ']
    """
    closer, is_head = "", False
    for line in lines:
        opened = None if closer else _DIRECTIVE.fullmatch(line)
        is_head = bool(closer) and is_head and _OPTION.fullmatch(line) is not None
        if opened is not None:
            closer, is_head = opened[1], True
            yield "$$".ljust(len(line))
        elif closer and line.strip() == closer:
            closer = ""
            yield "$$".ljust(len(line))
        else:
            yield " " * len(line) if is_head else line


def _passage(
    token: Token, first: int, lines: Sequence[str], places: Sequence[tuple[int, int]], display: bool = False
) -> Passage:
    """A token's content, each of its lines found again in the file."""
    found: list[tuple[int, int]] = []
    for index, content in enumerate(token.content.split("\n"), start=first):
        index = min(index, len(lines) - 1)
        line, column = places[index]
        found.append((line, column + max(lines[index].find(content), 0)))
    text = token.content.replace(HIDDEN, " ")
    return Passage(text if display else _unwrapped(text), tuple(found), display)


def _unwrapped(text: str) -> str:
    """The text with script tags and GitHub's backticks turned into dollars, and code hidden, offsets kept."""
    text = _without_scripts(text) if "<script" in text.lower() else text
    return _without_code(text) if "`" in text else text


def _without_scripts(text: str) -> str:
    """What stands in scripts as formulas between dollars."""
    out, position, lower = list[str](), 0, text.lower()
    for found in _SCRIPT.finditer(text):
        end = lower.find(_SCRIPT_END, found.end(), found.end() + _LONGEST_SCRIPT)
        if end >= 0 and found.start() >= position:
            dollars = "$$" if found.group(1) else "$"
            opening, closing = dollars.rjust(len(found[0]), HIDDEN), dollars.ljust(len(_SCRIPT_END), HIDDEN)
            out += [text[position : found.start()], opening, text[found.end() : end], closing]
            position = end + len(_SCRIPT_END)
    return "".join([*out, text[position:]])


def _without_code(text: str) -> str:
    """Code spans hidden; $`x`$ is mathematics and loses its ticks only."""
    ticks = list(_TICKS.finditer(text))
    following: dict[int, int] = {}
    partner: list[int | None] = []
    for index in range(len(ticks) - 1, -1, -1):
        width = len(ticks[index].group())
        partner.append(following.get(width))
        following[width] = index
    partner.reverse()
    parts: list[str] = []
    position = index = 0
    while index < len(ticks):
        other = partner[index]
        if other is None:
            index += 1
            continue
        start, end = ticks[index].start(), ticks[other].end()
        math = text[start - 1 : start] == "$" and text[end : end + 1] == "$"
        inside = text[ticks[index].end() : ticks[other].start()]
        hidden = len(ticks[index].group()) * HIDDEN
        parts += [text[position:start], hidden + inside + hidden if math else blank(text[start:end])]
        position, index = end, other + 1
    return "".join([*parts, text[position:]])


def _display(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Block rule: a display stays whole, whatever its lines would mean as Markdown."""
    line = _line(state, start)
    if "$$" not in line and "\\[" not in line and "\\begin" not in line:
        return False
    if line.lstrip().startswith(">"):
        return False
    closer = _left_open(line)
    if closer is None and not line.lstrip().startswith(("$$", "\\[", "\\begin")):
        return False
    last = start if closer is None else _closing(state, start, end, closer)
    if last is None:
        return False
    if not silent:
        token = state.push("display", "", 0)
        token.content = "\n".join(_line(state, number) for number in range(start, last + 1))
        token.map = [start, last + 1]
        state.line = last + 1
    return True


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] : state.eMarks[number]]


def _left_open(line: str) -> str | None:
    """The delimiter that would close the display that is open at the end of the line."""
    closer: str | None = None
    for found in _OPENER.finditer(line):
        token, edge, name = found.groups()
        if not token:
            continue
        if closer == token:
            closer = None
        elif closer is None and token == "$$":
            closer = "$$"
        elif closer is None and token == "\\[":
            closer = "\\]"
        elif closer is None and edge == "begin":
            closer = f"\\end{{{name}}}"
    return closer


def _closing(state: StateBlock, start: int, end: int, closer: str) -> int | None:
    """The line on which the closer stands; None where it is missing, or only prose leads to it."""
    dead = state.env.setdefault("dead", {})
    if dead.get((closer, end), end) <= start:
        return None
    opener = {"$$": "$$", "\\]": "\\["}.get(closer, closer.replace("\\end", "\\begin"))
    after_blank: list[str] | None = None
    for number in range(start + 1, end):
        line = _line(state, number)
        if closer in line:
            prose = closer == "$$" and after_blank is not None
            return None if prose and reads_as_prose("\n".join(after_blank or [])) else number
        if opener in line and "\\" + opener not in line:
            return None
        if after_blank is not None:
            after_blank.append(line)
        elif not line.strip():
            after_blank = []
    dead[closer, end] = start
    return None
