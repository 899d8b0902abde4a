"""LaTeX as a flat run of tokens, found in one pass, and the parts of a source that are no mathematics hidden.

Hidden characters are replaced one for one, so that every offset in the hidden text is an offset in the file.
"""

from __future__ import annotations

import re

HIDDEN = "\0"

TOKEN = re.compile(
    r"""
      (?P<comment>%[^\n]*)
    | (?P<begin>\\begin\s{0,4}\{\s{0,4}(?P<begun>[A-Za-z]{1,30}\*?)\s{0,4}\})
    | (?P<end>\\end\s{0,4}\{\s{0,4}(?P<ended>[A-Za-z]{1,30}\*?)\s{0,4}\})
    | (?P<newrow>\\\\\*?(?:\[\s{0,3}-?[0-9.]{1,8}\s{0,3}[a-z]{2}\s{0,3}\])?
                |\\(?:newline|cr|tabularnewline)(?![A-Za-z]))
    | (?P<command>\\[A-Za-z@]+)
    | (?P<delimiter>\\[\[\]()]|\$\$?)
    | (?P<escaped>\\.)
    | (?P<brace>[{}])
    | (?P<blank>\n[ \t]*\n\s*)
    | (?P<text>[^\\%${}\n]+|.)
    """,
    re.VERBOSE | re.DOTALL,
)

# environments whose rows are rows of the work
ROWED = frozenset(
    "align aligned alignat alignedat xalignat flalign gather gathered split eqnarray IEEEeqnarray equation "
    "displaymath dmath multline multlined".split()
)
CONTINUED = frozenset({"multline", "multlined"})

# environments whose content is not read at all
VERBATIM = "verbatim|Verbatim|lstlisting|minted|alltt|comment|filecontents|tikzpicture"

_HIDE = re.compile(
    r"\\verb\*?([^A-Za-z*\s])[^\n]{0,400}?\1"
    rf"|\\begin\{{((?:{VERBATIM})\*?)\}}"
    r"|(%[^\n]*)"
    r"|\\.",
    re.DOTALL,
)
_PROSE = re.compile(r"(?:(?<![\\A-Za-z{])[A-Za-z]{2,}[,;:.]?\s+){3}")


def base_name(environment: str) -> str:
    """The environment without its star: `align*` is `align`."""
    return environment.rstrip("*")


def blank(text: str) -> str:
    """The text with every character hidden, its lines kept."""
    return "\n".join(HIDDEN * len(line) for line in text.split("\n"))


def reads_as_prose(text: str) -> bool:
    """Whether three words in a row stand in the text.

    >>> reads_as_prose("where we use the chain rule"), reads_as_prose(r"\\\\frac{a}{b} = \\\\log x")
    (True, False)
    """
    return _PROSE.search(text) is not None


def hide(text: str) -> str:
    """The source with comments, verbatim environments and `\\verb` hidden.

    >>> hide("50\\\\% a %b").replace(HIDDEN, "~")
    '50\\\\% a ~~'
    """
    parts: list[str] = []
    position = 0
    endless: set[str] = set()
    while found := _HIDE.search(text, position):
        stop = _hidden_until(text, found, endless)
        parts.append(text[position : found.start()])
        parts.append(blank(text[found.start() : stop]) if stop > found.start() else found.group())
        position = max(stop, found.end())
    parts.append(text[position:])
    return "".join(parts)


def _hidden_until(text: str, found: re.Match[str], endless: set[str]) -> int:
    """Where what is hidden from this match on ends; the start of the match if nothing is."""
    delimiter, environment, comment = found.groups()
    if delimiter or comment:
        return found.end()
    if environment and environment not in endless:
        closer = f"\\end{{{environment}}}"
        end = text.find(closer, found.end())
        if end >= 0:
            return end + len(closer)
        endless.add(environment)
    return found.start()
