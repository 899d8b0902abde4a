"""One number for each value: two have the same where they are the same in every part, their places in rows included.

Which row of the work it is makes no difference: what is decided of a row holds wherever it stands.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from fractions import Fraction
from types import NoneType
from typing import Any

from truestep.checkers.works.claim import Claim
from truestep.checkers.works.grouping import Group
from truestep.derivations.language.expression import Expression
from truestep.derivations.language.faults import Fault

PLACES = {Group: "rows", Claim: "row"}  # which rows of the work these are, on which no verdict rests
PLAIN = frozenset((NoneType, str, int, bool, bytes, Fraction))


class Unnumbered(TypeError):
    """A value that may change, or of which it is not known what it consists of."""


class Numbers:
    """Numbers values of the language: expressions, what is frozen, and tables and sequences of these.

    >>> numbers = Numbers()
    >>> numbers.of(("x", 1)) == numbers.of(("x", 1)), numbers.of(1) == numbers.of(True)
    (True, False)
    """

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], int] = {}
        self._seen: dict[int, tuple[object, int]] = {}  # by identity; who is seen is kept, so that it stays its own
        self._parts_of: dict[type, tuple[str, ...] | None] = {}  # the names of the parts of what is frozen

    def __len__(self) -> int:
        return len(self._known) + len(self._seen)

    def of(self, value: object) -> int:
        """The number of a value.  Raises Unnumbered."""
        kind = type(value)
        if kind in PLAIN:
            return self._known.setdefault((kind, value), len(self._known))
        seen = self._seen.get(id(value))
        if seen is not None:
            return seen[1]
        found = self._known.setdefault(self._parts(value), len(self._known))
        if kind is Expression or self._frozen(kind) is not None:
            self._seen[id(value)] = value, found
        return found

    def told(self, value: object, key: tuple[Any, ...]) -> None:
        """Takes a key for the parts of a value that is made of it alone."""
        self._seen[id(value)] = value, self._known.setdefault((type(value), *key), len(self._known))

    def _parts(self, value: Any) -> tuple[Any, ...]:
        kind, of = type(value), self.of
        if kind is Expression:
            return (kind, value.head, of(value.data), value.span, value.mark, *[of(one) for one in value.args])
        if kind is float:
            return kind, value.hex()
        if isinstance(value, tuple | list):
            return (kind, *map(of, value))
        if kind is dict:
            return (kind, *((of(key), of(item)) for key, item in value.items()))
        if isinstance(value, set | frozenset):
            return kind, frozenset(map(of, value))
        if isinstance(value, Fault):
            return kind, of(vars(value)), of(value.args)
        names = self._frozen(kind)
        if names is None:
            raise Unnumbered(f"{kind.__name__} has no number")
        return (kind, *(of(getattr(value, name)) for name in names))

    def _frozen(self, kind: type) -> tuple[str, ...] | None:
        """The names of the parts of what cannot change; None of all else."""
        if kind not in self._parts_of:
            is_frozen = is_dataclass(kind) and vars(kind)["__dataclass_params__"].frozen
            place = next((name for of, name in PLACES.items() if issubclass(kind, of)), None)
            names = tuple(one.name for one in fields(kind) if one.name != place) if is_frozen else None
            self._parts_of[kind] = names
        return self._parts_of[kind]
