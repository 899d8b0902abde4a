r"""Every line of a text, for questions that are answered in sentences, lists and tables.

>>> [row.text for row in read("\\documentclass{article}\n\\begin{document}\nA % no\n\\end{document}").rows]
['A ']
"""

from __future__ import annotations

import itertools
import json
import re
from typing import TYPE_CHECKING

from truestep.checkers.documents.work import DocumentFault, Row, Work
from truestep.derivations.language.latex.macros import definitions, group_at

if TYPE_CHECKING:
    from collections.abc import Iterator

_BODY = re.compile(r"\\begin\{document\}")
_END = re.compile(r"\\end\{document\}")
_COMMENT = re.compile(r"(?<!\\)%.*")
_ASIDE = re.compile(r"\\(?:tag|label)\*?\s{0,4}(?=\{)")
_BESIDE = re.compile(r"&&\s{0,4}\\text\s{0,4}\{(?:(?!\\\\).)*")  # the remark in a column of its own
_BREAK = re.compile(r"\\\\(?:\[[^\]\n]{0,10}\])?(?:\s*\\hline)*")
_SILENT = re.compile(
    r"(?:\\(?:vspace|hspace|usepackage|centering|toprule|midrule|bottomrule|hline|begin\s*\{tikzpicture\})(?![A-Za-z]).*"
    r"|(?:\\(?:begin|end)\s*\{[^{}]*\}(?:\[[^\]]*\]|\{[^{}]*\})*\s*)+)?"
)


def read(text: str, kind: str = "tex") -> Work:
    """Each line as a row; LaTeX is cut at its line breaks too, and its preamble and comments are left out.

    Raises DocumentFault where there is none.
    """
    if kind == "ipynb":
        lines = list(enumerate(_of_notebook(text).split("\n"), start=1))
    else:
        lines = list(_of_body(text) if kind == "tex" else enumerate(text.split("\n"), start=1))
    rows = [row for number, line in lines for row in _rows(_without_asides(line), number, kind == "tex")]
    if not rows:
        raise DocumentFault("no answer found: the submission holds no line of text")
    macros, _ = definitions(text)
    return Work(tuple(rows), macros, ())


def _of_body(text: str) -> Iterator[tuple[int, str]]:
    begin, end = _BODY.search(text), _END.search(text)
    first, last = begin.end() if begin else 0, end.start() if end else len(text)
    for number, line in enumerate(text[first:last].split("\n"), start=text.count("\n", 0, first) + 1):
        yield number, _COMMENT.sub("", line)


def _of_notebook(text: str) -> str:
    """The Markdown cells of a notebook, one after the other."""
    try:
        cells = json.loads(text)["cells"]
        sources = [cell["source"] for cell in cells if cell["cell_type"] == "markdown"]
        return "\n\n".join("".join(source) for source in sources)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise DocumentFault("the notebook cannot be read: it is no JSON with cells") from None


def _without_asides(line: str) -> str:
    """A line without tags, labels and the remarks in a column of their own, its places kept."""
    line, stop = _BESIDE.sub(lambda found: " " * len(found[0]), line), 0
    for found in _ASIDE.finditer(line):
        inner = group_at(line, found.end()) if found.start() >= stop else None
        if inner is not None:
            stop = inner[1] + 1
            line = line[: found.start()] + " " * (stop - found.start()) + line[stop:]
        elif found.start() >= stop:
            break
    return line


def _is_rule(line: str) -> bool:
    """Whether a line is the rule under the header of a Markdown table."""
    return "--" in line and not set(line) - set("|:- \t")


def _rows(line: str, number: int, is_latex: bool) -> Iterator[Row]:
    """The rows of one line: those that hold something."""
    start = 0
    for found in [*_BREAK.finditer(line)] if is_latex else []:
        if line[start : found.start()].strip():
            yield Row(line[start : found.start()], number, start + 1)
        start = found.end()
    rest = line[start:]
    if rest.strip() and not _is_rule(rest) and not (is_latex and _SILENT.fullmatch(rest.strip())):
        yield Row(rest, number, start + 1)


def lines_and_cells(text: str) -> Iterator[tuple[int, str]]:
    """The lines with their numbers; of one in a table, below its heads, each cell that equates something, in its place.

    >>> list(lines_and_cells("a = b\\n| x | at y = 1 |\\n|---|---|\\n| x | y = 2 |"))
    [(1, 'a = b'), (4, '      y = 2  ')]
    """
    lines = text.split("\n")
    rules = [line.strip().startswith("|") and "--" in line and not set(line) - set("|:- \t") for line in lines]
    for number, line in enumerate(lines, start=1):
        if not any(rules) or not (line.strip().startswith("|") and line.count("|") > 1):
            yield number, line
            continue
        if any(rules[number : number + 1]):  # the heads of its columns
            continue
        bars = [place for place, sign in enumerate(line) if sign == "|"]
        for begin, end in itertools.pairwise(bars):
            if "=" in line[begin:end]:
                yield number, " " * (begin + 1) + line[begin + 1 : end]
