"""Names and functions with what stands above and below them: entries, powers, transposes, primes."""

from __future__ import annotations

from abc import abstractmethod
from fractions import Fraction

from truestep.derivations.language.expression import Expression
from truestep.derivations.language.functions import FUNCTIONS
from truestep.derivations.language.notation import strip_fonts
from truestep.derivations.language.writing import binding
from truestep.derivations.language.writing.binding import BASE, NAMES, ungrouped
from truestep.derivations.language.writing.writer import Writer

_POWERS_AT_THE_NAME = frozenset(function.name for function in FUNCTIONS if function.raised)


class ScriptWriter(Writer):
    """Writes scripts; a language says how a script itself is set."""

    @abstractmethod
    def below(self, script: str) -> str:
        """A subscript."""

    @abstractmethod
    def above(self, script: str) -> str:
        """A superscript."""

    @abstractmethod
    def function(self, name: str) -> str:
        """The name of a function."""

    @abstractmethod
    def fraction_of(self, value: Fraction) -> str:
        """A fraction of two whole numbers."""

    def name(self, node: Expression) -> str:
        """A name as it is declared."""
        return str(node.data)

    def number(self, node: Expression) -> str:
        """A whole number, a decimal with its places, or a fraction."""
        value, places = Fraction(node.data[0]), node.data[1]
        if value < 0:
            return self.negative(node)
        if places is not None:
            return _decimal(value, places)
        return str(value) if value.denominator == 1 else self.fraction_of(value)

    # Below.

    def member(self, node: Expression) -> str:
        """A member of a family, with its index where the family is declared to have it."""
        base, place = node.data
        base = self.name(Expression("symbol", (), base))
        index = self.indices(node.args)
        if place == "_":
            return base + self.below(index)
        family = self.notation.families.get(node.data) if self.notation is not None else None
        return base + self.above(index if family is not None and not family.name.endswith(")}") else f"({index})")

    def entry(self, node: Expression) -> str:
        """A base with its indices below."""
        base, places = self.light(ungrouped(node.args[0])), node.args[1:]
        if base.head == "member" and base.data[1] == "_":  # x_{ik} is the k-th entry of x_i
            return self.member(Expression("member", (*base.args, *places), base.data))
        tight = self.level(base) == BASE and base.head not in ("prime", "number") and not has_script(base, "_")
        text = self.write(base)
        if base.head != "apply" and (not tight or self._is_other_name(base, places)):
            text = self.bracketed(text)
        return text + self.below(self.indices(places))

    def light(self, base: Expression) -> Expression:
        """The name of a vector in bold, as its entries have it: x_j is an entry of a bold x."""
        if self.notation is None or base.head != "symbol":
            return base
        name = strip_fonts(str(base.data))
        is_other = name == base.data or self.notation.declared(name) is not None
        return base if is_other else Expression("symbol", (), name, base.span)

    def _is_other_name(self, base: Expression, places: tuple[Expression, ...]) -> bool:
        """Whether a name with this subscript is declared on its own."""
        if self.notation is None or base.head != "symbol":
            return False
        names, families = self.notation.names, self.notation.families
        return (base.data, self.indices(places), None) in names or (base.data, "_") in families

    def indices(self, places: tuple[Expression, ...]) -> str:
        """Indices side by side, with commas where one is more than a letter."""
        texts = [self.write(place) for place in places]
        if len(texts) == 1:
            return texts[0]
        return ("" if all(len(text) == 1 and text.isalpha() for text in texts) else ",").join(texts)

    # Above.

    def power(self, node: Expression) -> str:
        """A base with its exponent."""
        base, exponent = (ungrouped(part) for part in node.args)
        raised = self.write(exponent)
        if node.data != "entrywise":
            return self.raised(base, raised)
        is_sum = node.args[1].head == "add"  # behind the sign of the entries
        return self.entrywise(base, self.bracketed(raised) if is_sum else raised)

    @abstractmethod
    def entrywise(self, base: Expression, exponent: str) -> str:
        """A base, each entry of it raised to an exponent."""

    def raised(self, base: Expression, raised: str) -> str:
        """A base with what stands above it; a power of some functions stands at their name."""
        if base.head == "apply" and not base.data[1] and base.data[0] in _POWERS_AT_THE_NAME and raised.isdigit():
            return self.function(base.data[0]) + self.above(raised) + self.arguments(base)
        return self.raisable(base) + self.above(raised)

    def raisable(self, base: Expression) -> str:
        """A base that can take a superscript."""
        if base.head == "apply":
            return self.write(base)
        text = self.write(base, BASE)
        return self.bracketed(text) if has_script(base, "^") else text

    def transpose(self, node: Expression) -> str:
        """A base with a T above; an inverse with a -T."""
        base = ungrouped(node.args[0])
        if base.head == "power" and base.data != "entrywise" and _is_minus_one(base.args[1]):
            return self.raisable(ungrouped(base.args[0])) + self.above(f"{self.minus}T")
        if base.head == "entry" and len(base.args) > 2 and not base.has("slice"):  # X^T_{ij} is an entry of X^T
            return self.bracketed(self.write(base)) + self.above("T")
        return self.raisable(base) + self.above("T")

    def prime(self, node: Expression) -> str:
        """A prime behind a base, or behind the name of a function."""
        inner, primes = node.args[0], "'"
        while inner.head == "prime":
            inner, primes = inner.args[0], primes + "'"
        if inner.head == "call":
            return f"{self.write(Expression('unknown', (), inner.data))}{primes}{self.arguments(inner)}"
        return self.write(node.args[0], BASE) + "'"

    def value(self, node: Expression) -> str:
        """A quantity and what its variables are, in brackets."""
        body = self.write(node.args[0], *[BASE] * (node.args[0].head != "derivative"))
        return f"{body}({', '.join(map(self.write, node.args[1:]))})"

    def factorial(self, node: Expression) -> str:
        """An exclamation mark behind a base."""
        return self.write(node.args[0], BASE) + "!"

    # Functions.

    def apply(self, node: Expression) -> str:
        """A function with its arguments in brackets."""
        name, primes, _ = node.data
        return self.function(name) + "'" * int(primes) + self.arguments(node)

    def arguments(self, node: Expression) -> str:
        """The arguments in brackets."""
        return self.bracketed(self.listed(node.args))

    def bare(self, node: Expression) -> str:
        """A function without its argument."""
        return self.function(node.data)

    def is_own(self, name: str) -> bool:
        """Whether the statement has a function of this name."""
        return self.notation is not None and name in self.notation.functions


def has_script(base: Expression, sign: str) -> bool:
    """Whether a base already has a script at this place."""
    if base.head == "entry":
        return sign == "_" or has_script(ungrouped(base.args[0]), sign)
    if base.head == "member":
        return bool(base.data[1] == sign)
    if base.head == "identity":  # I^2 would be a name of its own
        return sign == "^" or bool(base.args)
    if base.head in ("kronecker", "norm", "ones"):
        return sign == "_" and (base.head != "ones" or bool(base.args))
    return base.head in NAMES and sign in str(base.data)


def _is_minus_one(node: Expression) -> bool:
    minus, rest = binding.signed(ungrouped(node))
    return minus and rest.head == "number" and rest.data == (1, None)


def _decimal(value: Fraction, places: int) -> str:
    """A decimal with its places; with a power of ten, as machines print it, where the places do not suffice."""
    exponent = 0
    while value * 10**places % 1 and exponent < 60:
        value, exponent = value * 10, exponent + 1
    scaled = int(value * 10**places)
    digits = f"{scaled // 10**places}.{scaled % 10**places:0{places}d}"
    return f"{digits}e-{exponent:02d}" if exponent else digits
