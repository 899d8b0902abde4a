"""LaTeX files."""

from __future__ import annotations

from dataclasses import replace

from truestep.checkers.documents.collect import collect
from truestep.checkers.documents.scan import hide
from truestep.checkers.documents.work import Work, whole
from truestep.derivations.language.latex.lexer import blank
from truestep.derivations.language.latex.macros import definitions

_BEGIN = "\\begin{document}"
_END = "\\end{document}"


def read(text: str) -> Work:
    r"""The work in a LaTeX file, whole or a part of one; of the preamble only the macros are read.

    >>> read(r"\[ a = b \]").rows
    (Row(text='a = b', line=1, column=4),)
    """
    macros, body = definitions(hide(text))
    work = collect([whole(_document(body))])
    return replace(work, macros=macros)


def _document(text: str) -> str:
    """The text with what stands outside the document environment hidden."""
    begin = text.find(_BEGIN)
    if begin < 0:
        return text
    begin += len(_BEGIN)
    end = text.find(_END, begin)
    end = end if end >= 0 else len(text)
    return blank(text[:begin]) + text[begin:end] + blank(text[end:])
