"""The formats that a submission may have, and the way from bytes to a work."""

from __future__ import annotations

import pathlib
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, NamedTuple

from truestep.checkers.documents import stated, tables, unseen
from truestep.checkers.documents.displays import DELIMITED
from truestep.checkers.documents.formats import tex, text_lines
from truestep.checkers.documents.work import DocumentFault, NothingFound, Row, Work
from truestep.derivations.language import programs

LARGEST = 1024 * 1024


class Format(NamedTuple):
    """A kind of document: the suffixes of its files and the function that reads it."""

    kind: str
    suffixes: tuple[str, ...]
    read: Callable[[str], Work]


def _markdown(text: str) -> Work:
    from truestep.checkers.documents.formats import markdown

    return markdown.read(text)


def _notebook(text: str) -> Work:
    from truestep.checkers.documents.formats import notebook

    return notebook.read(text)


def _plain(text: str, names: Iterable[str] = ()) -> Work:
    from truestep.checkers.documents.formats import plain

    return plain.read(programs.straightened(_FENCE.sub(lambda mark: " " * len(mark[0]), text)), names)


def _claims(work: Work) -> bool:
    """Whether a formula of a work is displayed, or said to equal something."""
    return bool(work.rows) or any("=" in row.text for row in work.said)


FORMATS = (
    Format("tex", (".tex", ".latex", ".ltx"), tex.read),
    Format("md", (".md", ".markdown", ".mkd", ".qmd", ".rmd"), _markdown),
    Format("ipynb", (".ipynb",), _notebook),
    Format("txt", (".txt", ".text"), _plain),
)

_LATEX = re.compile(
    r"\\(?:documentclass|usepackage|(?:sub){0,2}section|item|newcommand|def|begin\{(?:document|solution|answer|"
    r"enumerate|itemize|proof|comment)\})(?![A-Za-z])"
)
_BINARY = (
    (b"%PDF", "a PDF: submit the .tex or .md source it was made from"),
    (b"PK\x03\x04", "a zip or Word file: submit the .tex, .md, .ipynb or text file itself"),
    (b"\x89PNG", "a picture: submit the mathematics as text"),
    (b"\xff\xd8", "a picture: submit the mathematics as text"),
)

_FENCE = re.compile(r"^[ \t]*(?:`{3,}|~{3,})[^`\n]*$", re.MULTILINE)
_INLINE = re.compile(r"(?<![\\$])(?:\$(?!\$)|\\\()(?P<formula>[^$]{1,2000}?)(?:\$|\\\))")
_SUPPOSING = re.compile(
    r"\b(?:let|where|assume|assuming|suppose|when|if|for|with|case|given|set|setting|since|because|as)\b[^$.]{0,30}$",
    re.IGNORECASE,
)
MOST_WORDS = 60
_TOTAL = re.compile(r"\b(?:total|altogether|in all|overall|insgesamt)\b[^\d]{0,200}\d[\d.,]+", re.IGNORECASE)


def read_file(path: pathlib.Path | None, data: bytes, words: str = "", names: Iterable[str] = ()) -> Work:
    """The work in a file's bytes; the suffix says the format, and where it does not, the content.

    >>> read_file(None, b"$$a = b$$").rows[0].text
    'a = b'
    """
    text = decode(data)
    return read_text(text, kind_of(path, text), words, names)


def stated_by(path: pathlib.Path | None, data: bytes) -> Any:
    """What a file's bytes state as their own problem, an id or a table of keys; None where they state none.

    Raises DocumentFault and StatementFault.

    >>> stated_by(None, b"---\\ntruestep: softmax-jacobian\\n---\\n")
    'softmax-jacobian'
    """
    text = decode(data)
    return stated.stated_in(text, kind_of(path, text))


def kind_of(path: pathlib.Path | None, text: str) -> str:
    """The kind of a file with this text, by its suffix, and where that does not say it, by the text."""
    suffix = path.suffix.lower() if path is not None else ""
    return next((format_.kind for format_ in FORMATS if suffix in format_.suffixes), None) or sniff(text)


def read_text(text: str, kind: str, words: str = "", names: Iterable[str] = ()) -> Work:
    """The work in a text of a kind that stands in FORMATS.

    With ``words`` at ``else``, sentences are rows where nothing else is; at ``totals``, those that name a total are
    rows too; at ``tables``, the cells of tables; and at ``all``, every line is one. The problem's
    ``names`` are no words of a plain text.

    >>> read_text("a = b", "txt").rows
    (Row(text='a = b', line=1, column=1),)
    """
    if kind not in (format_.kind for format_ in FORMATS):
        raise ValueError(f"no such kind of document: {kind!r}")
    if len(text) > LARGEST:
        raise DocumentFault(f"the submission is larger than {LARGEST // 1024} KiB: submit the worked answer alone")
    if not text.strip():
        raise DocumentFault("the submission is empty")
    if "\0" in text:
        raise DocumentFault("the submission holds NUL characters, so it is no text: save it as UTF-8 text")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = programs.unmarked(stated.without_statement(text, kind), "md" if DELIMITED.search(text) else kind)
    kind = "md" if kind == "txt" and DELIMITED.search(text) else kind
    text, hidden = unseen.seen(text, "md" if kind == "txt" and "$" in text else kind)
    work = _read(text, kind, words, names)
    work = replace(work, unseen=(*work.unseen, *hidden)) if hidden else work
    if not work.formulas and work.unseen:
        raise NothingFound(f"no mathematics that is seen: {work.unseen[0].told}", work.unseen)
    if not work.formulas:
        raise NothingFound(
            "no mathematics found: put each line of the work into $$ ... $$ or an align environment"
            + (", or on a line of its own" if kind == "txt" else "")
        )
    return work


def _read(text: str, kind: str, words: str, names: Iterable[str]) -> Work:
    """The work in a text of which everything is seen."""
    if words == "all":
        return text_lines.read(text, kind)
    reader = next(format_.read for format_ in FORMATS if format_.kind == kind)
    work = _plain(text, names) if kind == "txt" else reader(text)
    work = tables.with_points(tables.with_pairs(work, text), text)
    if kind == "md" and not _claims(work):  # all that is claimed stands in fences and spans of code
        typed = tables.with_pairs(_plain(text.replace("$", " ") if work.formulas else text, names), text)
        work = typed if _claims(typed) or not work.formulas else work
    if kind == "ipynb" and not (work.formulas or work.unseen):
        from truestep.checkers.documents.formats import notebook

        cells, places = notebook.typed(text)
        work = notebook.placed(_plain(programs.unmarked(cells, "txt"), names), places)
    if words == "tables":
        work = tables.with_cells(work, text)
    if words == "totals":
        totals = [row for row in _sentences(work) if _TOTAL.search(row.text)]
        rows = tuple(sorted((*work.rows, *totals), key=lambda row: (row.line, row.column)))
        lines = {row.line for row in totals}
        said = tuple(row for row in work.said if row.line not in lines)
        work = replace(work, rows=rows, said=said) if work.rows else work
    if not work.rows and words:
        sentences = _sentences(work)
        work = replace(work, rows=_formulas(sentences) if words == "else" else sentences, prose=(), said=())
    return work


def _formulas(sentences: tuple[Row, ...]) -> tuple[Row, ...]:
    """The formulas inside sentences as rows: those that claim something, or the only one; a sentence without any whole.

    What a sentence supposes, as in "for $i = j$" and "let $n = 2$", is no claim.
    """
    out: list[Row] = []
    for row in sentences:
        found = list(_INLINE.finditer(row.text))
        said = [one for one in found if "=" in one["formula"] and not _is_supposed(row.text, one.start())]
        if not said and len(found) == 1 and "=" not in found[0]["formula"]:
            said = found
        out += [Row(one["formula"], row.line, row.column + one.start("formula")) for one in said]
        if not found:
            out.append(row)
    return tuple(out)


def _is_supposed(text: str, start: int) -> bool:
    """Whether the words just before a formula suppose it."""
    return _SUPPOSING.search(text[max(0, start - MOST_WORDS) : start]) is not None


def _sentences(work: Work) -> tuple[Row, ...]:
    """The lines of prose as rows."""
    said = [(row, number, line) for row in work.prose for number, line in enumerate(row.text.split("\n"))]
    return tuple(Row(line, row.line + number, row.column) for row, number, line in said if line.strip())


def decode(data: bytes) -> str:
    """The bytes as text, its lines ended by newlines.

    >>> decode(b"\\xef\\xbb\\xbfa")
    'a'
    """
    if len(data) > LARGEST:
        raise DocumentFault(f"the submission is larger than {LARGEST // 1024} KiB: submit the worked answer alone")
    for magic, what in _BINARY:
        if data.startswith(magic):
            raise DocumentFault(f"the submission is {what}")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as fault:
        raise DocumentFault(
            f"the submission is not UTF-8: byte {fault.start} (0x{data[fault.start]:02x}) does not fit; "
            "save it as UTF-8 text"
        ) from None


def sniff(text: str) -> str:
    r"""The kind of a text that has no suffix to say it.

    >>> sniff(r"\section{A} $$x$$"), sniff("$$x$$"), sniff("x = 1"), sniff('{"cells": []}')
    ('tex', 'md', 'txt', 'ipynb')
    """
    if text.lstrip().startswith("{") and '"cells"' in text:
        return "ipynb"
    if _LATEX.search(text):
        return "tex"
    return "md" if DELIMITED.search(text) else "txt"
