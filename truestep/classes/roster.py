"""The roster: who is in the class, and under which ids and names the platforms know them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from truestep.classes.tables import table_in, uncelled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# columns by what they say; the platforms' own spellings beside ours
COLUMNS = {
    "id": ("id", "student id", "sid", "student_id", "sis user id", "id number", "matrikelnummer"),
    "name": ("name", "student", "full name", "full_name"),
    "first": ("first name", "first_name", "firstname", "vorname"),
    "last": ("last name", "last_name", "surname", "lastname", "nachname"),
    "email": ("email", "email address", "e-mail", "mail"),
    "section": ("section", "sections", "group"),
}


class RosterFault(Exception):
    """A roster that cannot be used; the message says why."""


@dataclass(frozen=True)
class Person:
    """Somebody on the roster, or somebody who handed in; ``columns`` are all that the roster says of them."""

    id: str = ""
    name: str = ""
    email: str = ""
    section: str = ""
    columns: dict[str, str] = field(default_factory=dict, hash=False)

    @property
    def key(self) -> str:
        """What the person is called in the store."""
        return self.id or self.email or self.name


def plain(name: str) -> str:
    """A name for comparing: one form of each letter, small, the parts in the order of the alphabet.

    >>> plain("Doe, Jane") == plain("jane  DOE"), plain("Zoë") == plain("Zoe\\u0308")
    (True, True)
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    return " ".join(sorted(re.findall(r"[^\W_]+", folded))) or folded


def squeezed(name: str) -> frozenset[str]:
    """How Canvas writes a name in its names of files: letters alone, the last name first or not."""
    parts = re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", name).casefold())
    return frozenset(("".join(parts), "".join([*parts[-1:], *parts[:-1]]))) if parts else frozenset()


def read_roster(data: bytes) -> list[Person]:
    """The people of a roster: CSV with a header.

    Raises RosterFault.
    """
    try:
        rows = table_in(data)
    except ValueError as fault:
        raise RosterFault(str(fault)) from None
    if not rows or len(rows[0]) < 1:
        raise RosterFault("the roster is empty; its first row names its columns: id, name, email, section")
    header = [cell.strip() for cell in rows[0]]
    said = {kind: _column(header, names) for kind, names in COLUMNS.items()}
    if all(said[kind] is None for kind in ("id", "name", "last", "email")):
        raise RosterFault(f"none of its columns is id, name or email: {', '.join(header[:8])}")
    people = [_person(row, header, said) for row in rows[1:] if any(cell.strip() for cell in row)]
    people = [one for one in people if one.key and not (one.name or one.id).lower().startswith("points possible")]
    twice = sorted(key for key, count in Counter(one.key for one in people).items() if count > 1)
    if twice:
        raise RosterFault(f"{twice[0]!r} stands on it twice")
    return people


def _column(header: list[str], names: Iterable[str]) -> int | None:
    small = [cell.casefold() for cell in header]
    return next((small.index(name) for name in names if name in small), None)


def _person(row: list[str], header: list[str], said: dict[str, int | None]) -> Person:
    def cell(kind: str) -> str:
        place = said[kind]
        return uncelled(row[place].strip()) if place is not None and place < len(row) else ""

    name = cell("name") or " ".join(filter(None, (cell("first"), cell("last"))))
    columns = dict(zip(header, (uncelled(one.strip()) for one in row), strict=False))
    return Person(cell("id"), name, cell("email"), cell("section"), columns)


@dataclass
class Roster:
    """Finds people on the roster by whatever a platform or a document says of them."""

    people: list[Person]

    def __post_init__(self) -> None:
        self._by: dict[tuple[str, str], list[Person]] = {}
        for one in self.people:
            for key in set(_keys(one)):
                self._by.setdefault(key, []).append(one)

    def find(self, person: Person) -> Person | None:
        """The one person on the roster who is meant; None where there is none, or more than one."""
        for key in (("id", person.id), ("email", person.email.casefold()), ("name", plain(person.name))):
            if key[1] and len(found := self._by.get(key, [])) == 1:
                return found[0]
        for squeeze in squeezed(person.name):
            if len(found := self._by.get(("squeezed", squeeze), [])) == 1:
                return found[0]
        return None


def _keys(person: Person) -> Iterator[tuple[str, str]]:
    for title, value in person.columns.items():
        if value and (title.casefold() == "id" or title.casefold().endswith((" id", "_id", "id number", "login"))):
            yield "id", value
            yield "id", value.removeprefix("Participant ")
    yield "id", person.id
    yield "email", person.email.casefold()
    yield "email", person.id.casefold()
    yield "id", person.email.partition("@")[0]
    yield "name", plain(person.name)
    for squeeze in squeezed(person.name):
        yield "squeezed", squeeze
