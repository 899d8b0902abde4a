r"""The notation in force: which names exist, what shape each has, which functions, which other spellings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from truestep.derivations.language.expression import Expression, symbol
from truestep.derivations.language.functions import BY_SPELLING
from truestep.derivations.language.latex.macros import group_at
from truestep.derivations.language.shapes import SCALAR, Declared

if TYPE_CHECKING:
    from collections.abc import Mapping

    from truestep.derivations.language.shapes import Size

SHORT = 2  # a capital name of up to two letters is a matrix, not a function
COUNT_LETTERS = frozenset("NnMmKkBCD")  # conventional letters for sizes, also where nobody declares them
FONTS = (
    r"\mathbf",
    r"\boldsymbol",
    r"\bm",
    r"\pmb",
    r"\mathrm",
    r"\mathit",
    r"\mathsf",
    r"\bold",
    r"\textbf",
    r"\mathcal",
    r"\mathscr",
    r"\vec",
    r"\bf",
    r"\rm",
    r"\it",
    r"\mathtt",
    r"\mathfrak",
    r"\mathnormal",
    r"\boldmath",
)
CONSTANTS = frozenset(("const", "constant", "konst", "konstante", "cst", "cste", "cte", "constante"))
ACCENTS = (
    r"\hat",
    r"\bar",
    r"\tilde",
    r"\overline",
    r"\widehat",
    r"\widetilde",
    r"\dot",
    r"\ddot",
    r"\check",
    r"\underline",
)


@dataclass(frozen=True, slots=True)
class Name:
    """A declared name in its parts: base, subscript and superscript as canonical text."""

    full: str
    base: str
    sub: str | None
    sup: str | None
    declared: Declared


@dataclass(frozen=True, slots=True)
class Family:
    """One quantity for each value of an index: where the index stands (``_`` or ``^``), over what, of which shape."""

    name: str
    base: str
    place: str
    index: Declared
    member: Declared


@dataclass(frozen=True, slots=True)
class UserFunction:
    """A function of the statement: its kind, and where it is defined its formal arguments and body."""

    name: str
    kind: str
    formals: tuple[Expression, ...] = ()
    body: Expression | None = None
    entry: str | None = None


MEANINGFUL = frozenset(("e", "I", "E", r"\pi", r"\sigma"))  # letters that mean something where nobody declares them


@dataclass(frozen=True)
class Notation:
    """All names that may appear without being introduced."""

    names: Mapping[tuple[str, str | None, str | None], Name] = field(default_factory=dict)
    families: Mapping[tuple[str, str], Family] = field(default_factory=dict)
    indices: Mapping[str, Declared] = field(default_factory=dict)
    functions: Mapping[str, UserFunction] = field(default_factory=dict)
    depends: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    defined: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    sizes: frozenset[str] = frozenset()
    formals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # (w) of F(w) = ...
    arguments: Mapping[str, Expression | None] = field(default_factory=dict)  # of a function without one: see argument
    updates: Mapping[str, str] = field(default_factory=dict)  # from a quantity before a step to that after it
    has_chance: bool = False  # the statement calls something random
    units: bool = False  # the statement writes e_c of unit vectors, or words of the work say so
    differs: bool = False  # whether a work writes differentials, so that d before a bracket is no size
    letters: frozenset[str] = frozenset()  # single ones that a work introduces
    calls: Mapping[str, tuple[Expression, ...]] = field(default_factory=dict)  # of functions of several
    asked_calls: frozenset[str] = frozenset()  # functions in words that are asked for
    own: frozenset[str] = frozenset()  # letters with a meaning of their own that a work takes for its quantities

    def like(self, **changes: Any) -> Notation:
        """The same notation but for some of its fields; itself where they are what they were."""
        return self if all(getattr(self, name) == one for name, one in changes.items()) else replace(self, **changes)

    def declared(self, full: str) -> Declared | None:
        """What is declared under a full name."""
        return self._declared.get(full)

    @cached_property
    def _declared(self) -> dict[str, Declared]:
        return {name.full: name.declared for name in [*self.names.values()][::-1]}

    def is_name(self, base: str) -> bool:
        """Whether some declared name has this base."""
        return base in self.bases

    def divides(self, base: str) -> bool:
        """Whether a letter without scripts is a number that stands in quotients: no array, no ``base^{(1)}`` alone."""
        known = self.names.get((base, None, None))
        return base in self.indices or base in self.functions or (known is not None and known.declared.dims == SCALAR)

    def argument(self, function: str) -> Expression | None:
        r"""What a function is taken of where nothing stands behind it, as in ``\sigma' = \sigma (1 - \sigma)``."""
        return self.arguments[function] if function in self.arguments else self.arguments.get("")

    def own_arguments(self, function: str, least: int = 1) -> tuple[Expression, ...]:
        """The quantities of which a function is defined under their own names; none where it is not of so many."""
        user = self.functions.get(function)
        formals = user.formals if user is not None and user.body is not None else ()
        is_own = all(self.declared(str(one.data)) is not None for one in formals)
        own = tuple(symbol(str(one.data)) for one in formals) if is_own and len(formals) >= least else ()
        return own or self.calls.get(function, ())

    def low(self, size: Size) -> int | str:
        """From what the entries over a size are counted: 1 where its indices are not all declared otherwise."""
        lows = {declared.low for declared in self.indices.values() if declared.dims[0] == size}
        return lows.pop() if len(lows) == 1 else 1

    @cached_property
    def labels(self) -> dict[tuple[str, str], str]:
        """The labels of the declared names as they are declared, by the base and the label in plain letters.

        One that is declared in two settings is left out, and a letter that is an index.
        """
        found: dict[tuple[str, str], set[str]] = {}
        for base, *scripts in self.names:
            for label in scripts:
                plain = strip_fonts(label or "").strip("{} ")
                if label and plain.isalpha() and plain not in self.indices:
                    found.setdefault((strip_fonts(base), plain), set()).add(
                        label.strip("{}") if label == plain else label
                    )
        return {key: labels.pop() for key, labels in found.items() if len(labels) == 1}

    @cached_property
    def bases(self) -> frozenset[str]:
        """The bases of all declared names, families, indices and functions."""
        return frozenset(
            {key[0] for key in self.names} | {key[0] for key in self.families} | set(self.indices) | set(self.functions)
        )

    def function_named(self, spelling: str) -> str | None:
        """The function of this spelling: the statement's own first, then the built-in ones."""
        if spelling in self.functions:
            return spelling
        bare = strip_fonts(spelling)
        if bare in self.functions:
            return bare
        known = BY_SPELLING.get(spelling) or BY_SPELLING.get(bare)
        if known is None and len(bare) > SHORT and bare.isalpha() and bare.istitle():
            return BY_SPELLING.get(bare.lower())  # \text{Sigmoid}
        return known

    @property
    def all_names(self) -> tuple[str, ...]:
        """Every declared name, for proposals."""
        return (
            *(name.full for name in self.names.values()),
            *(family.name for family in self.families.values()),
            *self.indices,
            *self.functions,
        )


@lru_cache(maxsize=4096)
def strip_fonts(name: str) -> str:
    r"""A canonical name without its font commands.

    >>> strip_fonts(r"\mathbf{x}"), strip_fonts(r"\hat{\mathbf{y}}"), strip_fonts(r"\text{ReLU}")
    ('x', '\\hat{y}', 'ReLU')
    """
    for font in (*FONTS, r"\text", r"\operatorname"):
        opening = font + "{"
        while (start := name.find(opening)) >= 0:
            inner = group_at(name, start + len(font))
            if inner is None:
                break
            name = name[:start] + name[slice(*inner)] + name[inner[1] + 1 :]
    return name


_NUMBERED = re.compile(r"\\(?:wide)?(?:hat|tilde)\{([^{}]+)\}_\{([0-9])\}")


def without_hat(name: str) -> tuple[str, ...]:
    r"""The spellings of a numbered name without its hat: ``\hat{\beta}_{1}`` is ``\beta_1``.

    >>> without_hat(r"\hat{b}_{1}"), without_hat(r"\hat{b}_{i}")
    (('b_1', 'b_{1}'), ())
    """
    found = _NUMBERED.fullmatch(name)
    return () if found is None else (f"{found[1]}_{found[2]}", f"{found[1]}_{{{found[2]}}}")
