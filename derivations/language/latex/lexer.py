r"""LaTeX cut into lexemes in one pass: each a stretch of the source, and all of them together the source.

=============  =====================================================================
kind           lexeme
=============  =====================================================================
``comment``    from ``%`` to the end of its line
``begin``      ``\begin{name}``; ``end`` is its counterpart
``newrow``     ``\\``, with its star and its space, and the words for it
``word``       a control word
``symbol``     a control symbol, or a backslash that ends the text
``open``       ``{``; ``close`` is ``}``
``shift``      ``$`` or ``$$``
``blank``      a line break, blank lines and what is blank after them
``text``       a run of other characters
=============  =====================================================================
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HIDDEN = "\0"

_KINDS = (
    ("comment", r"%[^\n]*"),
    ("begin", r"\\begin\s{0,4}\{\s{0,4}[A-Za-z]{1,30}\*?\s{0,4}\}"),
    ("end", r"\\end\s{0,4}\{\s{0,4}[A-Za-z]{1,30}\*?\s{0,4}\}"),
    (
        "newrow",
        r"\\\\\*?(?:\[\s{0,3}-?[0-9.]{1,8}\s{0,3}[a-z]{2}\s{0,3}\])?|\\(?:newline|cr|tabularnewline)(?![A-Za-z])",
    ),
    ("word", r"\\[A-Za-z@]+"),
    ("symbol", r"\\.?"),
    ("open", r"\{"),
    ("close", r"\}"),
    ("shift", r"\$\$?"),
    ("blank", r"\n[ \t]*\n\s*"),
    ("text", r"[^\\%${}\n]+|\n"),
)
_LEXEME = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _KINDS), re.DOTALL)
_ENVIRONMENT = re.compile(r"[A-Za-z]+\*?(?=\s*\}$)")
_ATOM = re.compile(r"\s+|.", re.DOTALL)


class Lexeme(NamedTuple):
    """A stretch of the source: what it is, as it stands, from where to where; or what a macro ``made`` of that."""

    kind: str
    text: str
    start: int
    end: int
    made: bool = False

    @property
    def environment(self) -> str:
        """The name of the environment that begins or ends here, with its star."""
        found = _ENVIRONMENT.search(self.text)
        return found[0] if found else ""


def lex(text: str, start: int = 0, end: int | None = None) -> Iterator[Lexeme]:
    r"""The lexemes of ``text[start:end]``, in time linear in its length whatever it holds.

    >>> [(lexeme.kind, lexeme.text) for lexeme in lex(r"a_1 \\ \alpha% so")]
    [('text', 'a_1 '), ('newrow', '\\\\'), ('text', ' '), ('word', '\\alpha'), ('comment', '% so')]
    """
    for found in _LEXEME.finditer(text, start, len(text) if end is None else end):
        yield tuple.__new__(
            Lexeme, (found.lastgroup or "", found[0], *found.span(), False)
        )  # half the time of Lexeme()


def atoms(text: str) -> list[str]:
    r"""The lexemes of a formula, with each run of text cut into its characters and blanks.

    >>> atoms(r"\hat y_k + 1")
    ['\\hat', ' ', 'y', '_', 'k', ' ', '+', ' ', '1']
    """
    out: list[str] = []
    for lexeme in lex(text):
        out += _ATOM.findall(lexeme.text) if lexeme.kind in ("text", "blank") else [lexeme.text]
    return out


def written(lexemes: Iterable[Lexeme]) -> str:
    r"""Lexemes of several sources as one text; a control word stays apart from the letter after it.

    >>> written([*lex(r"\partial"), *lex("x")])
    '\\partial x'
    """
    out: list[str] = []
    before = ""
    for lexeme in lexemes:
        apart = before == "word" and lexeme.kind == "text" and lexeme.text[0].isalpha()
        out.append(f" {lexeme.text}" if apart else lexeme.text)
        before = lexeme.kind
    return "".join(out)


def base_name(environment: str) -> str:
    """The environment without its star: `align*` is `align`."""
    return environment.rstrip("*")


def blank(text: str) -> str:
    """The text with every character hidden, its lines kept."""
    return "\n".join(HIDDEN * len(line) for line in text.split("\n"))
