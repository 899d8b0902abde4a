r"""The marks around what a student writes: comments in LaTeX or in Markdown, which printing does not show.

>>> print(opening("1(a)"), closing(), sep="\n")
%<truestep:box id="1(a)">
%</truestep:box>
"""

from __future__ import annotations

import re

# a whole line each; what a person's editor adds around it does no harm
OPENING = re.compile(r'^[ \t]*%[ \t]*<truestep:box[ \t]+id="([^"\n]{1,40})"[ \t]*>[ \t]*\r?$', re.MULTILINE)
CLOSING = re.compile(r"^[ \t]*%[ \t]*</truestep:box>[ \t]*\r?$", re.MULTILINE)

# what a box holds before anything is written into it: an empty line, a box that is not ticked
BLANK, TICK = r"\blank{}", r"\tick{ }"
PLACEHOLDER = "YOUR ANSWER HERE"  # what nbgrader puts into a cell that nobody has written in
LINE, OPEN_TICK = "________", "[ ]"  # the same in Markdown
_LINE = re.compile(r"_{3,}")
_LABEL = re.compile(r"(?:.*[:=]\$?|\s*\d+\.)?\s*", re.DOTALL)
_EMPTY_TICK = re.compile(r"\s*(?:\\tick\{\s*\}|(?:[-*+]\s+)?\[\s*\])")
_FORM = re.compile(r"\\(blank|tick)\{")


def opening(identifier: str) -> str:
    """The line before the answer to a question."""
    return f'%<truestep:box id="{identifier}">'


def closing() -> str:
    """The line after it."""
    return "%</truestep:box>"


def without_blanks(text: str) -> str:
    r"""What is written into blanks and tick boxes, each letter at its place; a row of empty blanks is no row.

    >>> without_blanks(r"$W$: \blank{$K \times M$}")
    '$W$:        $K \\times M$ '
    >>> without_blanks(r"\tick{x} (a)"), without_blanks(r"\tick{ } (b)"), without_blanks(r"$b$: \blank{}").strip()
    ('     [x] (a)', '     [ ] (b)', '')
    >>> without_blanks("$N =$ ________").strip(), without_blanks("$N =$ 7 ____").strip()
    ('', '$N =$ 7')
    """
    return "\n".join(map(_row_without_blanks, text.split("\n")))


def is_empty(text: str) -> bool:
    r"""Whether nothing but blanks, comments and tick boxes that are not ticked stands in a box.

    >>> is_empty(r"\tick{ } (a)"), is_empty(r"\tick{x} (a)"), is_empty("  % write here\n"), is_empty("a = b")
    (True, False, True, False)
    >>> is_empty("- [ ] (a)\\n- [ ] (b)"), is_empty("- [x] (a)"), is_empty("YOUR ANSWER HERE")
    (True, False, True)
    """
    if text.strip() == PLACEHOLDER:
        return True
    rows = [row for row in text.split("\n") if not _EMPTY_TICK.match(row)]
    return not any(without_blanks(row).split("%", 1)[0].strip() for row in rows)


def _row_without_blanks(row: str) -> str:
    lines = _LINE.sub(lambda found: " " * len(found[0]), row)
    if lines != row and _LABEL.fullmatch(lines):
        return " " * len(row)
    written, end = False, 0
    out = row = lines
    for found in _FORM.finditer(row):
        end = _end_of(row, found.end())
        inside = row[found.end() : end]
        written = written or found[1] == "tick" or bool(inside.strip())
        left, right = ("[", "]") if found[1] == "tick" else (" ", " ")
        out = out[: found.start()] + left.rjust(len(found[0])) + inside + right + out[end + 1 :]
    return out if written or not end else " " * len(row)


def _end_of(row: str, start: int) -> int:
    """Where the brace closes that opened before ``start``."""
    depth = 1
    for place in range(start, len(row)):
        depth += {"{": 1, "}": -1}.get(row[place], 0) * (row[place - 1] != "\\")
        if not depth:
            return place
    return len(row)
