"""A problem, as truestep reads it, stated in the algebra of another tool."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from benchmarks.derivatives.algebra import COLUMNS, ROWS, Algebra, Value
from benchmarks.derivatives.judging import NotDone
from truestep.derivations.language.expression import Expression
from truestep.problems.statements.prepared import Setting

ENTRYWISE = ("circ", "odot")
PLAIN = ("", "cdot", "times")
TRANSPOSED = {ROWS: COLUMNS, COLUMNS: ROWS}
MINUS_ONE = Fraction(-1)


class Ones(NamedTuple):
    """A vector of ones whose length the context tells, and its axis."""

    axis: str


class ScaledIdentity(NamedTuple):
    """A multiple of an identity matrix whose size the context tells."""

    factor: Value


@dataclass(frozen=True)
class Stated:
    """The quantity to be differentiated, and the variables it is differentiated by, in this order."""

    value: Value
    variables: tuple[Value, ...]


def stated(setting: Setting, algebra: Algebra) -> Stated:
    """What a problem asks for, its givens put in; NotDone where the algebra has no word for it."""
    if len(setting.find) != 1 or setting.find[0].head != "derivative":
        raise NotDone("not one derivative")
    translator = Translator(setting, algebra)
    asked, *by = setting.find[0].args
    names = [node.args[0] if node.head == "transpose" else node for node in by]
    if any(node.head != "symbol" for node in names):
        raise NotDone("a derivative by something other than a whole quantity")
    for left, right in setting.given:
        translator.define(left, right)
    return Stated(translator.whole(asked), tuple(translator.variable(str(node.data)) for node in names))


@dataclass(frozen=True)
class Translator:
    """Values of expressions; ``defined`` holds the quantities that the givens define."""

    setting: Setting
    algebra: Algebra
    defined: dict[str, Value] = field(default_factory=dict)

    def define(self, left: Expression, right: Expression) -> None:
        """Keep the value of a given, under the whole quantity that it defines."""
        base, indices = (left.args[0], left.args[1:]) if left.head == "entry" else (left, ())
        if base.head != "symbol" or any(index.head != "index" for index in indices):
            raise NotDone("a given that defines no whole quantity")
        names = {str(index.data): axis for index, axis in zip(indices, (ROWS, COLUMNS), strict=False)}
        value = self.value(right)
        if isinstance(value, Ones | ScaledIdentity):
            raise NotDone("a given without a size")
        self.defined[str(base.data)] = self.algebra.rename(value, names)

    def variable(self, name: str) -> Value:
        """A declared quantity, whatever defines it."""
        declared = self.setting.notation.declared(name)
        if declared is None or declared.kind != "array" or len(declared.dims) != 2:
            raise NotDone(f"{name} is no matrix, vector or scalar")
        rows, columns = declared.dims
        return self.algebra.variable(name, (rows, columns))

    def whole(self, node: Expression) -> Value:
        """The value of a node, which must have a size of its own."""
        value = self.value(node)
        if isinstance(value, Ones | ScaledIdentity):
            raise NotDone("a constant without a size")
        return value

    def value(self, node: Expression) -> Value:
        """The value of a node."""
        rule = getattr(self, f"_{node.head}", None)
        if rule is None:
            raise NotDone(f"no {node.head}")
        return rule(node)

    def _group(self, node: Expression) -> Value:
        return self.value(node.args[0])

    def _symbol(self, node: Expression) -> Value:
        name = str(node.data)
        return self.defined[name] if name in self.defined else self.variable(name)

    def _number(self, node: Expression) -> Value:
        return self.algebra.number(node.data[0])

    def _constant(self, node: Expression) -> Value:
        return self.algebra.constant(str(node.data))

    def _size(self, node: Expression) -> Value:
        return self.algebra.size(str(node.data))

    def _ones(self, node: Expression) -> Value:
        return Ones(ROWS)

    def _identity(self, node: Expression) -> Value:
        return ScaledIdentity(self.algebra.number(Fraction(1)))

    def _entry(self, node: Expression) -> Value:
        value, indices = self.whole(node.args[0]), node.args[1:]
        axes = [axis for axis in (ROWS, COLUMNS) if axis in self.algebra.axes(value)]
        if len(axes) != len(indices) or any(index.head != "index" for index in indices):
            raise NotDone("an entry at something other than an index")
        names = [str(index.data) for index in indices]
        if len(set(names)) < len(names):
            raise NotDone("an entry of the diagonal")
        return self.algebra.rename(value, dict(zip(axes, names, strict=True)))

    def _add(self, node: Expression) -> Value:
        values = [self.value(term) for term in node.args]
        if any(isinstance(value, Ones) for value in values):
            raise NotDone("a constant without a size")
        sized = next((value for value in values if not isinstance(value, ScaledIdentity)), None)
        if sized is None:
            raise NotDone("a constant without a size")
        algebra, identity = self.algebra, self.algebra.identity
        return algebra.add(
            [
                algebra.multiply([value.factor, identity(sized)]) if isinstance(value, ScaledIdentity) else value
                for value in values
            ]
        )

    def _negative(self, node: Expression) -> Value:
        return self._times(self.algebra.number(MINUS_ONE), "", self.value(node.args[0]))

    def _product(self, node: Expression) -> Value:
        values = [self.value(factor) for factor in node.args]
        result = values[0]
        for sign, factor in zip(node.data[1:], values[1:], strict=True):
            result = self._times(result, sign, factor)
        return result

    def _times(self, left: Value, sign: str, right: Value) -> Value:
        """One product: entry by entry where it is written so, else of matrices."""
        algebra = self.algebra
        if isinstance(left, Ones | ScaledIdentity) or isinstance(right, Ones | ScaledIdentity):
            return self._times_sizeless(left, right)
        if sign in ENTRYWISE:
            return algebra.multiply([left, right])
        if sign not in PLAIN:
            raise NotDone(f"no product {sign}")
        if COLUMNS in algebra.axes(left) and ROWS in algebra.axes(right):
            return algebra.contract(
                [algebra.rename(left, {COLUMNS: "between"}), algebra.rename(right, {ROWS: "between"})], ["between"]
            )
        return algebra.multiply([left, right])

    def _times_sizeless(self, left: Value, right: Value) -> Value:
        """A product with ones sums where it meets an axis, and fills where it does not."""
        algebra = self.algebra
        if isinstance(left, ScaledIdentity) and not isinstance(right, Ones | ScaledIdentity):
            return right if algebra.axes(right) else ScaledIdentity(algebra.multiply([left.factor, right]))
        if isinstance(right, ScaledIdentity) and not isinstance(left, Ones | ScaledIdentity):
            return left if algebra.axes(left) else ScaledIdentity(algebra.multiply([right.factor, left]))
        if isinstance(left, Ones) and not isinstance(right, Ones | ScaledIdentity):
            return algebra.contract([right], [ROWS]) if left.axis == COLUMNS else right
        if isinstance(right, Ones) and not isinstance(left, Ones | ScaledIdentity):
            return algebra.contract([left], [COLUMNS]) if COLUMNS in algebra.axes(left) else left
        raise NotDone("a constant without a size")

    def _quotient(self, node: Expression) -> Value:
        above, below = self.whole(node.args[0]), self.whole(node.args[1])
        return self.algebra.multiply([above, self.algebra.power(below, MINUS_ONE)])

    def _power(self, node: Expression) -> Value:
        base, exponent = node.args
        if base.head == "constant" and base.data == "e":
            return self.algebra.apply("exp", self.whole(exponent))
        power = self._rational(exponent)
        if base.head == "norm" and base.data in ("2", "F") and power == 2:
            return self._square(base)
        value = self.whole(base)
        if {ROWS, COLUMNS} <= set(self.algebra.axes(value)):
            return self._matrix_power(value, power)
        return self.algebra.power(value, power)

    def _rational(self, node: Expression) -> Fraction:
        inner = node.args[0] if node.head in ("negative", "group") else node
        if inner is not node:
            return self._rational(inner) * (-1 if node.head == "negative" else 1)
        if node.head != "number":
            raise NotDone("an exponent that is no number")
        return Fraction(node.data[0])

    def _matrix_power(self, value: Value, power: Fraction) -> Value:
        if power.denominator != 1 or power == 0:
            raise NotDone("a matrix to this power")
        factor = value if power > 0 else self.algebra.inverse(value)
        result = factor
        for _ in range(abs(power.numerator) - 1):
            result = self._times(result, "", factor)
        return result

    def _transpose(self, node: Expression) -> Value:
        value = self.value(node.args[0])
        if isinstance(value, Ones):
            return Ones(TRANSPOSED[value.axis])
        return value if isinstance(value, ScaledIdentity) else self.algebra.rename(value, TRANSPOSED)

    def _root(self, node: Expression) -> Value:
        degree = Fraction(2) if node.args[1].head == "none" else self._rational(node.args[1])
        return self.algebra.power(self.whole(node.args[0]), 1 / degree)

    def _abs(self, node: Expression) -> Value:
        return self.algebra.apply("abs", self.whole(node.args[0]))

    def _norm(self, node: Expression) -> Value:
        if node.data in ("2", "F"):
            return self.algebra.power(self._square(node), Fraction(1, 2))
        if node.data == "1":
            value = self.algebra.apply("abs", self.whole(node.args[0]))
            return self.algebra.contract([value], self.algebra.axes(value))
        raise NotDone(f"no norm {node.data}")

    def _square(self, norm: Expression) -> Value:
        value = self.whole(norm.args[0])
        return self.algebra.contract([value, value], self.algebra.axes(value))

    def _apply(self, node: Expression) -> Value:
        (name, primes, power), algebra = node.data, self.algebra
        if primes or power:
            raise NotDone("a function with a prime or a power")
        if name == "max" and len(node.args) == 2:
            zero, other = sorted(node.args, key=lambda arg: arg.head != "number")
            if zero.head == "number" and zero.data[0] == 0:
                return algebra.apply("relu", self.whole(other))
        if len(node.args) != 1:
            raise NotDone(f"{name} of several arguments")
        value = self.whole(node.args[0])
        match name:
            case "trace":
                return algebra.trace(value) if algebra.axes(value) else value
            case "det":
                return algebra.determinant(value)
            case "diag" if algebra.axes(value) == (ROWS,):
                return algebra.diagonal(value)
            case "softmax" if len(algebra.axes(value)) == 1:
                above = algebra.apply("exp", value)
                total = algebra.contract([above], algebra.axes(above))
                return algebra.multiply([above, algebra.power(total, MINUS_ONE)])
        return algebra.apply(name, value)

    def _cases(self, node: Expression) -> Value:
        """Two cases, the first for what is positive."""
        if len(node.args) != 4 or node.args[1].head != "relation" or node.args[1].data != ">":
            raise NotDone("no such cases")
        above, condition, below, _ = node.args
        algebra, difference = self.algebra, [self.whole(side) for side in condition.args]
        minus = algebra.multiply([algebra.number(MINUS_ONE), difference[1]])
        step = algebra.apply("step", algebra.add([difference[0], minus]))
        other = algebra.add([algebra.number(Fraction(1)), algebra.multiply([algebra.number(MINUS_ONE), step])])
        return algebra.add([algebra.multiply([self.whole(above), step]), algebra.multiply([self.whole(below), other])])

    def _sum(self, node: Expression) -> Value:
        """A sum over whole axes; sums in sums are taken together, a sum of terms term by term."""
        indices: list[str] = []
        while node.head == "sum":
            body, lower, upper, condition = node.args
            whole = lower.head in ("number", "none") and upper.head in ("size", "number", "none")
            if not whole or condition.head != "none" or (lower.head == "number" and lower.data[0] != 1):
                raise NotDone("a sum over part of an axis")
            indices += node.data
            node = body.args[0] if body.head == "group" else body
        return self._summed(node, indices)

    def _summed(self, body: Expression, indices: list[str]) -> Value:
        while body.head == "group":
            body = body.args[0]
        if body.head == "add":
            return self.algebra.add([self._summed(term, indices) for term in body.args])
        factors = [self._filled(factor) for factor in self._factors(body)]
        carried = {axis for factor in factors for axis in self.algebra.axes(factor)}
        missing = [index for index in indices if index not in carried]
        factors += [self.algebra.size(self._range(index)) for index in missing]
        return self.algebra.contract(factors, [index for index in indices if index in carried])

    def _all_entries(self, values: list[Value]) -> bool:
        """Whether no value has the axes of a whole matrix, so that a product of them is one of numbers."""
        sized = [value for value in values if not isinstance(value, Ones | ScaledIdentity)]
        return not any({ROWS, COLUMNS} & set(self.algebra.axes(value)) for value in sized)

    def _filled(self, value: Value) -> Value:
        if isinstance(value, Ones | ScaledIdentity):
            raise NotDone("a constant without a size")
        return value

    def _range(self, index: str) -> str:
        for given in self.setting.given:
            for node in given[1].walk():
                if node.head == "sum" and index in node.data and node.args[2].head == "size":
                    return str(node.args[2].data)
        raise NotDone("a sum of unknown range")

    def _factors(self, node: Expression) -> list[Value]:
        """The factors of a term, a square twice."""
        match node.head:
            case "group" if node.args[0].head != "add":
                return self._factors(node.args[0])
            case "negative":
                return [self.algebra.number(MINUS_ONE), *self._factors(node.args[0])]
            case "product" if set(node.data) <= set(PLAIN):
                values = [value for factor in node.args for value in self._factors(factor)]
                return values if self._all_entries(values) else [self.value(node)]
            case "quotient":
                below = self.algebra.power(self.whole(node.args[1]), MINUS_ONE)
                return [*self._factors(node.args[0]), below]
            case "power" if node.args[1].head == "number" and node.args[1].data[0] == 2:
                return [self.whole(node.args[0])] * 2
        return [self.value(node)]
