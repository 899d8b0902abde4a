r"""The marks around what a student writes: comment lines in LaTeX, which printing does not show.

>>> print(opening("1(a)"), closing(), sep="\n")
%<truestep:box id="1(a)">
%</truestep:box>
"""

from __future__ import annotations

import re

# a whole line each; what a person's editor adds around it does no harm
OPENING = re.compile(r'^[ \t]*%[ \t]*<truestep:box[ \t]+id="([^"\n]{1,40})"[ \t]*>[ \t]*\r?$', re.MULTILINE)
CLOSING = re.compile(r"^[ \t]*%[ \t]*</truestep:box>[ \t]*\r?$", re.MULTILINE)


def opening(identifier: str) -> str:
    """The line before the answer to a question."""
    return f'%<truestep:box id="{identifier}">'


def closing() -> str:
    """The line after it."""
    return "%</truestep:box>"
