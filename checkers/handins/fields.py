r"""Who handed in a document, as its own text says: fields of the handout, an author, lines such as ``Name: ...``."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

HEAD = 20_000  # characters at the beginning of a document in which it says whose it is
LONGEST = 200
KINDS = (
    ("email", ("email", "e-mail", "mail", "courriel")),
    ("id", ("student id", "id", "sid", "student number", "number", "matrikel", "matriculation", "netid", "andrew id")),
    ("name", ("name", "student", "author", "nom", "nombre", "vorname", "имя", "姓名")),
)
_BLANKS = re.compile(
    r"\\hrulefill|\\underline\{\s*(?:\\hspace\*?\{[^{}]*\}|~|\s)*\}|\\(?:h|v)space\*?\{[^{}]*\}|\\(?:par|newline|hfill|quad|qquad)"
    r"(?![A-Za-z])|\\\\.*|_{2,}|\.{3,}|[~]"
)
_MARKS = re.compile(r"\\(?:textbf|textit|emph|underline|text|texttt|large|Large)(?![A-Za-z])|[*{}$`#]")
_LEAD = re.compile(r"(?:[ \t>*#_{\[\]-]|\\[a-z]{1,12}){0,12}", re.IGNORECASE)
_AUTHOR = re.compile(r"\\author\{([^{}]{1,200})\}")


def kind_of(field: str) -> str:
    """Which of name, id and email a field asks for, by its name; nothing of any other.

    >>> kind_of("Student ID"), kind_of("Full name"), kind_of("Collaborators")
    ('id', 'name', '')
    """
    plain = field.casefold()
    words = set(re.findall(r"[^\W\d_]+", plain))
    for kind, names in KINDS:
        if any(name in plain if " " in name or not name.isascii() else name in words for name in names):
            return kind
    return ""


def fields_of(text: str, fields: Sequence[str]) -> dict[str, str]:
    r"""Name, id and email as the beginning of a document says them.

    >>> fields_of("Name: Ann Lee\\par\nStudent ID:~\\hrulefill\\par", ["Name", "Student ID"])
    {'name': 'Ann Lee'}
    """
    head = text[:HEAD]
    out: dict[str, str] = {}
    asked = [*((field, kind) for field in fields if (kind := kind_of(field))), *_USUAL]
    for field, kind in asked:
        if kind not in out and (value := _filled_in(head, field)):
            out[kind] = value
    author = _AUTHOR.search(head)
    if "name" not in out and author and (value := plain_value(author[1])):
        out["name"] = value
    return out


def _filled_in(head: str, field: str) -> str:
    """What stands behind a field that begins its line."""
    for found in re.finditer(rf"{re.escape(field)}[*_}}]*[ \t]*[:：=]", head, re.IGNORECASE):
        before = head[head.rfind("\n", 0, found.start()) + 1 : found.start()]
        if _LEAD.fullmatch(before):
            return plain_value(head[found.end() :][:400].split("\n", 1)[0])
    return ""


_USUAL = (("Name", "name"), ("Student", "name"), ("Student ID", "id"), ("Matrikelnummer", "id"), ("Email", "email"))


def plain_value(text: str) -> str:
    r"""What was filled in, without blanks and markup.

    >>> plain_value(r"\textbf{Ann}~Lee \hrulefill\par"), plain_value(r"~\hrulefill\par"), plain_value("____")
    ('Ann Lee', '', '')
    """
    plain = _MARKS.sub("", _BLANKS.sub(" ", text))
    plain = "".join(one for one in plain if unicodedata.category(one) not in ("Cc", "Cf", "Cs", "Co"))
    return unicodedata.normalize("NFC", " ".join(plain.split()))[:LONGEST].strip(" ,;|")
