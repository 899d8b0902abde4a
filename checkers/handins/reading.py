"""From the bytes of a file to the answers in it, each with the question that it stands under."""

from __future__ import annotations

import codecs
import json
import re
from contextlib import suppress
from functools import lru_cache
from html import unescape
from typing import TYPE_CHECKING, Any

from msgspec import Struct, structs

from truestep.checkers.documents.formats import FORMATS, decode, sniff
from truestep.checkers.documents.formats.notebook import sources
from truestep.checkers.documents.scan import hide
from truestep.checkers.documents.work import DocumentFault
from truestep.checkers.handins import boxed
from truestep.checkers.handins.fields import fields_of, plain_value
from truestep.checkers.handins.headings import Cutter, bare, tokens_of
from truestep.checkers.handins.layouts import METADATA, SECRET, STAMP
from truestep.checkers.handins.torn import REASON, is_torn
from truestep.derivations.language.latex.macros import Macro, Parameter, definitions
from truestep.problems.homework.marks import is_empty, without_blanks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from truestep.problems.homework.homework import Homework

READ, EMPTY, OTHER, UNPLACED, METADATA_FILE, PASSED = (
    "read",
    "empty",
    "other homework",
    "unplaced",
    "metadata",
    "passed over",
)
BY_HAND, UNREAD = "for a person", "not read"
_TITLE = re.compile(r"\{\\LARGE\\bfseries ([^\n]*?)\\par\}|\\title\{([^{}\n]*)\}|^# ([^\n]+)$", re.MULTILINE)
_BODY = re.compile(r"\\begin\{document\}")
_MATHEMATICS = re.compile(r"\$|\\\[|\\begin\{(?:align|equation|gather)|[=∂∑∇]")
_DEFINING = ("\\def", "ommand", "\\Declare", "\\let", "\\gdef", "\\xdef", "\\edef")
_CALLED = re.compile(r"\\[A-Za-z]+|\\[^A-Za-z\s]")
LOOKED_AT, STRANGE = 100_000, 0.1
PICTURES = (b"\x89PNG", b"\xff\xd8", b"GIF8", b"RIFF", b"II*\x00", b"MM\x00*", b"%PDF", b"BM")


class Answer(Struct, frozen=True, omit_defaults=True):
    """What was written for a question: its text, its kind of document, and the line of the file that it begins on."""

    question: str
    text: str
    kind: str
    line: int = 1
    macros: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = ()


class Loose(Struct, frozen=True):
    """What could be placed under no question: its heading, its text, and its line."""

    heading: str
    text: str
    line: int


class Document(Struct, frozen=True, omit_defaults=True):
    """A file as it was read: how that went, whose it says it is, the answers, what is to be said, and lost boxes."""

    state: str
    fields: dict[str, str] = {}
    said: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()
    loose: tuple[Loose, ...] = ()
    lost: tuple[str, ...] = ()


def _legible(data: bytes) -> tuple[str, tuple[str, ...]]:
    """The text of a file, and what is to be said of its characters where it is not UTF-8.  Raises DocumentFault.

    UTF-16 says itself that it is; of the others, text that is nearly all ASCII is read as Windows writes it.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        with suppress(UnicodeDecodeError):
            return decode(data.decode("utf-16").encode()), ("it is UTF-16",)
    try:
        return decode(data), ()
    except DocumentFault:
        strange = sum(byte > 0x7E or (byte < 0x20 and byte not in b"\t\n\r\f") for byte in data[:LOOKED_AT])
        if data.startswith(PICTURES) or b"\0" in data or len(data) > MOST_TEXT or strange > len(data) * STRANGE:
            raise
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError:
            pass
        else:
            return decode(text.encode()), ("it is not UTF-8, and was read as Windows-1252",)
        raise


class Reader:
    """Reads the files of one homework."""

    def __init__(self, homework: Homework) -> None:
        self.homework = homework
        self.ids = [question.id for question in homework.questions if question.is_answered]
        self.cutter = Cutter(self.ids, {one.id: one.title for one in homework.questions if one.title})

    def read(self, name: str, data: bytes) -> Document:
        """The document that a file holds; never raises."""
        last = name.rsplit("/", 1)[-1]
        if last in METADATA or last == SECRET:
            return Document(METADATA_FILE)
        if last == STAMP and len(data) < 200:
            return Document(METADATA_FILE, {"at": data.decode("utf-8", "replace").strip()})
        if not data:
            return Document(EMPTY, said=("the file is empty",))
        if data.startswith(b"%PDF"):
            return self._pdf(data)
        try:
            text, note = _legible(data)
        except DocumentFault as fault:
            state = BY_HAND if data.startswith(PICTURES) else UNREAD
            return Document(state, said=(str(fault),))
        if "\0" in text:
            return Document(UNREAD, said=("the file holds NUL characters, so it is no text",))
        suffix = "." + last.lower().rsplit(".", 1)[-1]
        kind = next((one.kind for one in FORMATS if suffix in one.suffixes), None)
        if kind is None and suffix not in (".", "." + last.lower()) and not _MATHEMATICS.search(text):
            return Document(PASSED, said=("no document of a kind that holds answers",))
        try:
            found = self._text(text, kind or sniff(text))
        except DocumentFault as fault:
            return Document(UNREAD, said=(str(fault),))
        return structs.replace(found, said=(*note, *found.said))

    def _text(self, text: str, kind: str) -> Document:
        if kind == "ipynb":
            cells = list(sources(text))
            whole = "\n\n".join(cells)
            marked = list(self._graded(text)) if not boxed.has_boxes(boxed.plain_marks(whole)) else []
            if marked:
                return self._document(whole, marked, (), ())
            text, kind = whole, "md"
        text = boxed.plain_marks(text)
        if boxed.has_boxes(text):
            return self._handout(text, kind)
        if kind in ("txt", "md") and is_torn(text):
            return Document(BY_HAND, fields_of(text, self.homework.fields), (REASON,), loose=(Loose("", text, 1),))
        return self._cut(text, kind)

    def _graded(self, text: str) -> Iterator[Answer]:
        for _, question, source in self.graded_cells(text):
            yield Answer(question, source, "md")

    def graded_cells(self, text: str) -> Iterator[tuple[str, str, str]]:
        """The cells of a notebook that nbgrader grades by hand: the id, the question, and what is written.

        Raises ValueError, KeyError, TypeError, AttributeError or RecursionError where the text is no notebook.
        """
        for cell in json.loads(text)["cells"]:
            told = cell.get("metadata", {}).get("nbgrader", {}) if isinstance(cell, dict) else {}
            tokens = tokens_of(str(told.get("grade_id", ""))) if isinstance(told, dict) and told.get("solution") else ()
            spelled = (tokens[k:] for k in range(len(tokens)))
            known = next((self.cutter.by_tokens[one] for one in spelled if one in self.cutter.by_tokens), None)
            if known is not None and cell.get("cell_type") == "markdown":
                source = cell.get("source", "")
                yield str(told["grade_id"]), known, source if isinstance(source, str) else "".join(map(str, source))

    def _handout(self, text: str, kind: str) -> Document:
        """A handout with boxes."""
        parts, said = boxed.parts(text, self.cutter)
        kind = kind if kind == "md" else "tex"
        answers = [
            Answer(part.id, text[part.start : part.end], kind, text.count("\n", 0, part.start) + 1) for part in parts
        ]
        known = [one for one in answers if one.question in self.ids]
        title = self._title(text)
        is_other = bool(title) and bare(title) != bare(self.homework.title)
        if {one.question for one in answers} != set(self.ids) and (is_other or not known):
            message = f"this is the handout of {title or 'another homework'}, not of {self.homework.title}"
            loose = tuple(Loose(one.question, one.text, one.line) for one in answers)
            return Document(OTHER, fields_of(text, self.homework.fields), (message, *said), loose=loose)
        stray = tuple(Loose(f"box {one.question}", one.text, one.line) for one in answers if one not in known)
        lost = [name for name in self.ids if name not in {one.question for one in known}]
        return self._document(text, known, stray, said, lost)

    def _title(self, text: str) -> str:
        found = _TITLE.search(text)
        return plain_value(unescape(found[1] or found[2] or found[3] or "")) if found else ""

    def _cut(self, text: str, kind: str) -> Document:
        """A document of the student's own."""
        body = _BODY.search(text) if kind == "tex" else None
        start = body.end() if body else 0
        shown = hide(text) if kind == "tex" else text
        end = shown.find("\\end{document}")
        end = end if end >= 0 and kind == "tex" else len(text)
        sections = self.cutter.sections(shown[start:end].replace("\0", " "), kind)
        answers, loose = list[Answer](), list[Loose]()
        for section in sections:
            inside = text[start + section.start : start + section.end]
            line = text.count("\n", 0, start + section.start) + 1
            if section.question:
                answers.append(Answer(section.question, inside, kind, line))
            elif _MATHEMATICS.search(inside):
                loose.append(Loose(section.heading, inside, line))
        if not answers and len(self.ids) == 1 and loose:
            answers, loose = [Answer(self.ids[0], text[start:end], kind, text.count("\n", 0, start) + 1)], []
        if not answers:
            fields = fields_of(text, self.homework.fields)
            if not text[start:end].strip():
                return Document(EMPTY, fields, ("nothing is written in it",))
            message = "no numbers or headings of the questions were found in it"
            return Document(UNPLACED, fields, (message,), loose=(Loose("", text[start:end], 1),))
        said = [f"{one.heading or 'what stands before the first question'}: placed under no question" for one in loose]
        return self._document(text, answers, tuple(loose), said)

    def _document(
        self,
        text: str,
        answers: Sequence[Answer],
        loose: Sequence[Loose],
        said: Sequence[str],
        lost: Sequence[str] = (),
    ) -> Document:
        """The document with the answers to each question joined, and the macros that they use."""
        macros = _macros(text)
        joined: dict[str, list[Answer]] = {}
        for one in answers:
            if not is_empty(one.text):
                joined.setdefault(one.question, []).append(one)
        out = []
        for name in self.ids:
            several = joined.get(name)
            if several:
                whole = "\n\n".join(
                    without_blanks(one.text) if one.kind in ("tex", "md") else one.text for one in several
                )
                first = several[0]
                out.append(Answer(name, whole.rstrip(), first.kind, first.line, _used(whole, macros)))
        fields = fields_of(text, self.homework.fields)
        if not out and not loose:
            return Document(EMPTY, fields, ("nothing is written in it", *said), lost=tuple(lost))
        return Document(READ, fields, tuple(said), tuple(out), tuple(loose), tuple(lost))

    def _pdf(self, data: bytes) -> Document:
        """A PDF: its text layer where the marks of the handout stand in it, else a person reads it."""
        message = "a PDF: a person reads it"
        try:
            text = _text_layer(data)
        except ImportError:
            return Document(BY_HAND, said=(message + " (its text layer needs `pip install 'truestep[class]'`)",))
        except Exception as fault:  # a library that fails on a file leaves it to a person
            return Document(BY_HAND, said=(f"{message} (its text layer cannot be read: {type(fault).__name__})",))
        fields = fields_of(text, self.homework.fields)
        if boxed.has_boxes(text):
            try:
                return self._handout(text, "tex")
            except DocumentFault:
                pass
        return Document(BY_HAND, fields, (message,))


MOST_PAGES = 60
MOST_TEXT = 400_000


def _text_layer(data: bytes) -> str:
    import io
    import logging

    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    pages: list[str] = []
    for page in PdfReader(io.BytesIO(data)).pages[:MOST_PAGES]:
        pages.append(page.extract_text() or "")
        if sum(map(len, pages)) > MOST_TEXT:
            break
    return "\n".join(pages)[:MOST_TEXT]


def _macros(text: str) -> dict[str, Macro]:
    """The macros that a document defines, the later of two of one name; handouts have their preambles in common."""
    body = _BODY.search(text)
    head, rest = (text[: body.start()], text[body.start() :]) if body else ("", text)
    inside = definitions(hide(rest))[0] if any(word in rest for word in _DEFINING) else ()
    return {macro.name: macro for macro in (*_of_preamble(head), *inside)}


@lru_cache(maxsize=64)
def _of_preamble(text: str) -> tuple[Macro, ...]:
    return definitions(hide(text))[0]


def _used(text: str, macros: dict[str, Macro]) -> tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]:
    """The macros that a text uses, and those that these use, in the order of their names."""
    found: set[str] = set()
    waiting = [text]
    while waiting:
        for name in _CALLED.findall(waiting.pop()):
            if name in macros and name not in found:
                found.add(name)
                waiting.append(macros[name].body)
    return tuple(
        (name, macros[name].body, tuple((one.kind, one.default) for one in macros[name].parameters))
        for name in sorted(found)
    )


def macros_from(told: Sequence[Any]) -> tuple[Macro, ...]:
    """The macros as they were read."""
    return tuple(Macro(name, body, tuple(Parameter(*one) for one in taken)) for name, body, taken in told)
