"""Tables and the structs that declare them: what in a table does not fit, with its place, and what is made of it.

One text may stand for a list of one, and where ``NUMBER`` says so a number for its digits.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import msgspec
from msgspec import inspect

from truestep.derivations.language.faults import StatementFault, nearest, quoted

if TYPE_CHECKING:
    from truestep.problems.statements.toml.positions import Path

T = TypeVar("T", bound=msgspec.Struct)
NUMBER = {"$comment": "a number stands for its digits"}
ALONE = {"$comment": "a text alone stands for the table with this key"}
MAX_LATEX = 4_000
_HALF = re.compile(r"[\ud800-\udfff]")


class Misfit(NamedTuple):
    """What does not fit: the keys that lead there, the matter, and the repair; ``of_key`` says that the key itself."""

    place: Path
    message: str
    repair: str = ""
    of_key: bool = False

    @property
    def said(self) -> str:
        """All of it in one sentence."""
        return self.message + (f"; {self.repair}" if self.repair else "")


def misfits(table: Any, declared: type[msgspec.Struct]) -> tuple[Misfit, ...]:
    """All that keeps a table from being what a struct declares.

    >>> class Point(msgspec.Struct):
    ...     x: float = 0.0
    >>> [one.said for one in misfits({"x": "1", "xs": 2}, Point)]
    ["'1' is no number", "'xs' is no key of a point; did you mean x?"]
    """
    walk = _Walk()
    walk.read(table, _kind(declared), ())
    return tuple(walk.found)


def made(table: Any, declared: type[T]) -> T:
    """The struct that a table states.

    Raises StatementFault at the first misfit.
    """
    walk = _Walk()
    value = walk.read(table, _kind(declared), ())
    for one in walk.found:
        raise _fault(one, table)
    return msgspec.convert(value, declared)


def said(misfit: Misfit, table: Any) -> str:
    """A misfit after its place in words: a key that means nothing stands at its table, an entry at its key."""
    return ": ".join(_said(misfit, table))


def _said(misfit: Misfit, table: Any) -> list[str]:
    place = misfit.place[:-1] if misfit.of_key else misfit.place
    while place and isinstance(place[-1], int) and not isinstance(_at(table, place), dict):
        place = place[:-1]
    return [*spoken(place, table), misfit.said]


def _fault(misfit: Misfit, table: Any) -> StatementFault:
    """The fault of a misfit, at its key and the entry there."""
    first, *others = _said(misfit, table)
    if not others:
        return StatementFault(first)
    key, entry = (*misfit.place, None)[:2]
    return StatementFault(": ".join(others), key=str(key), entry=entry, place=first)


def spoken(place: Path, table: Any) -> list[str]:
    """A place in words: what is one of several tables goes by its id, or is counted from 1.

    >>> spoken(("part", 0, "question", 1, "text"), {"part": [{"question": [{}, {"id": "1(a)"}]}]})
    ['part 1', 'question 1(a)', 'text']
    """
    words: list[str] = []
    for key in place:
        table = inside(table, key)
        if isinstance(key, str):
            words.append(key)
        else:
            named = isinstance(table, dict) and words[-1] == "question" and "id" in table
            words[-1] += f" {table['id'] if named else key + 1}"
    return words


def _at(table: Any, place: Path) -> Any:
    for key in place:
        table = inside(table, key)
    return table


def inside(table: Any, key: str | int) -> Any:
    """What stands under a key, or None."""
    if isinstance(table, dict):
        return table.get(key)
    return table[key] if isinstance(table, list) and isinstance(key, int) and key < len(table) else None


def keys_of(declared: type[msgspec.Struct]) -> tuple[str, ...]:
    """The keys of a struct, as they are written."""
    return declared.__struct_encode_fields__


def json_schema(declared: Any) -> dict[str, Any]:
    """The JSON Schema of a struct, or of a union of structs (draft 2020-12), with the liberties of this module.

    >>> class Point(msgspec.Struct):
    ...     x: float = 0.0
    >>> json_schema(Point)["$defs"]["Point"]["properties"]
    {'x': {'type': 'number', 'default': 0.0}}
    """
    (schema,), parts = msgspec.json.schema_components([declared], ref_template="#/$defs/{name}")
    schema = {**schema, "$defs": parts}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_freed(schema)}


def _freed(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_freed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    out = {key: _freed(value) for key, value in schema.items() if key != "$comment"}
    if schema.get("$comment") == NUMBER["$comment"]:
        out["type"] = ["string", "number"]
    if any(isinstance(one, dict) and one.get("$comment") == ALONE["$comment"] for one in _properties(schema)):
        return {"anyOf": [{"type": "string"}, out]}
    items = schema.get("items")
    if schema.get("type") == "array" and isinstance(items, dict) and (items.get("type") == "string" or "enum" in items):
        only = {"enum": [*items["enum"]]} if "enum" in items else {"type": "string"}
        out = {key: value for key, value in out.items() if key not in ("type", "items", "maxItems")}
        out["anyOf"] = [only, {key: _freed(schema[key]) for key in ("type", "items", "maxItems") if key in schema}]
    return out


def _properties(schema: dict[str, Any]) -> list[Any]:
    properties = schema.get("properties")
    return [*properties.values()] if isinstance(properties, dict) else []


@lru_cache(maxsize=64)
def _kind(declared: type[msgspec.Struct]) -> inspect.Type:
    return inspect.type_info(declared)


class _Walk:
    """One walk over a table: the value with its liberties taken, and what was found."""

    def __init__(self) -> None:
        self.found: list[Misfit] = []

    def misfit(self, place: Path, message: str, repair: str = "") -> None:
        self.found.append(Misfit(place, message, repair))

    def read(self, value: Any, kind: inspect.Type, place: Path, said: dict[str, Any] | None = None) -> Any:
        match kind:
            case inspect.Metadata():
                return self.read(value, kind.type, place, {**(said or {}), **(kind.extra_json_schema or {})})
            case inspect.UnionType():
                inner = next(one for one in kind.types if not isinstance(one, inspect.NoneType))
                return None if value is None else self.read(value, inner, place, said)
            case inspect.StructType():
                return self.struct(value, kind, place)
            case inspect.VarTupleType():
                return self.several(value, kind, place)
            case inspect.DictType():
                return self.table(value, kind, place)
            case inspect.TupleType():
                return self.interval(value, kind, place)
            case inspect.LiteralType():
                self.choice(value, kind, place, said or {})
            case inspect.FloatType():
                self.number(value, kind, place)
            case inspect.StrType():
                return self.text(value, kind, place, said or {})
            case inspect.BoolType():
                if not isinstance(value, bool):
                    self.misfit(place, f"{value!r} is neither true nor false")
        return value

    def struct(self, value: Any, kind: inspect.StructType, place: Path) -> Any:
        name = f"a {kind.cls.__name__.lower()}"
        known = tuple(key.encode_name for key in kind.fields)
        if not isinstance(value, dict):
            self.misfit(place, f"write a table: {name} has keys such as {', '.join(known[:4])}")
            return value
        out = {}
        for key in kind.fields:
            if key.encode_name in value:
                out[key.encode_name] = self.read(value[key.encode_name], key.type, (*place, key.encode_name))
            elif key.required:
                self.misfit((*place, key.encode_name), f"{name} needs one")
        for key in value:
            if key not in known:
                repair = nearest(str(key), known).removeprefix("; ") or f"it has {', '.join(known)}"
                self.found.append(Misfit((*place, key), f"{quoted(key)} is no key of {name}", repair, True))
        return out

    def several(self, value: Any, kind: inspect.VarTupleType, place: Path) -> Any:
        of_tables = isinstance(kind.item_type, inspect.StructType)
        short = _short(kind.item_type)
        entries = [value] if isinstance(value, str) and (short or not of_tables) else value
        if short and isinstance(entries, list | tuple):
            entries = [{short: one} if isinstance(one, str) else one for one in entries]
        if not isinstance(entries, list | tuple) or not all(
            isinstance(one, dict if of_tables else str) for one in entries
        ):
            self.misfit(
                place,
                "write [[...]] for each, so that it is a list of tables"
                if of_tables
                else "write a text or a list of texts",
            )
            return value
        if kind.max_length is not None and len(entries) > kind.max_length:
            self.misfit(place, f"more than {kind.max_length} entries")
            return value
        is_list = not isinstance(value, str)
        return [self.read(one, kind.item_type, (*place, at) if is_list else place) for at, one in enumerate(entries)]

    def table(self, value: Any, kind: inspect.DictType, place: Path) -> Any:
        if not isinstance(value, dict) or not all(isinstance(name, str) for name in value):
            self.misfit(place, "write a table")
            return value
        if kind.max_length is not None and len(value) > kind.max_length:
            self.misfit(place, f"more than {kind.max_length} entries")
            return value
        for name in value:
            self.text(name, inspect.StrType(), place, {})
        short = _short(kind.value_type)
        tables = {name: {short: one} if short and isinstance(one, str) else one for name, one in value.items()}
        return {name: self.read(one, kind.value_type, (*place, name)) for name, one in tables.items()}

    def interval(self, value: Any, kind: inspect.TupleType, place: Path) -> Any:
        ends = value if isinstance(value, list | tuple) and len(value) == len(kind.item_types) else []
        if not ends or not all(_is_number(end) and abs(end) < 1e6 for end in ends) or not ends[0] < ends[1]:
            self.misfit(place, f"{value!r} is not [from, to]")
        return value

    def choice(self, value: Any, kind: inspect.LiteralType, place: Path, said: dict[str, Any]) -> None:
        allowed = [str(one) for one in kind.values]
        if value not in kind.values:
            repair = nearest(value, allowed).removeprefix("; ") if isinstance(value, str) else ""
            message = f"{value!r} is none of {', '.join(allowed)}"
            self.misfit(place, message, repair or (said.get("description", "") if len(allowed) == 1 else ""))

    def number(self, value: Any, kind: inspect.FloatType, place: Path) -> None:
        bounds = f" from {kind.ge:g} to {kind.le:g}" if kind.ge is not None and kind.le is not None else ""
        if not _is_number(value) or (bounds and not kind.ge <= value <= kind.le):
            self.misfit(place, f"{value!r} is no number{bounds}")

    def text(self, value: Any, kind: inspect.StrType, place: Path, said: dict[str, Any]) -> Any:
        if said.get("$comment") == NUMBER["$comment"] and _is_number(value):
            return str(value)
        if not isinstance(value, str):
            self.misfit(place, f"{value!r} is no text", "put it in quotes")
        elif half := _HALF.search(value):
            self.misfit(place, f"U+{ord(half[0]):04X} is half of a character", "write the whole one, or leave it out")
        elif kind.max_length is not None and len(value) > kind.max_length:
            self.misfit(place, f"longer than {kind.max_length} characters")
        return value


def _short(kind: inspect.Type) -> str:
    """The key of a struct that a text alone stands for, where it has one."""
    keys = kind.fields if isinstance(kind, inspect.StructType) else ()
    extras = {key.encode_name: key.type.extra_json_schema for key in keys if isinstance(key.type, inspect.Metadata)}
    return next((key for key, extra in extras.items() if extra and extra.get("$comment") == ALONE["$comment"]), "")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
