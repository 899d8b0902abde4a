r"""Nodes in matrix notation: products, transposes, Hadamard products, ``\mathbf{1}``."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.derivations.deriving.algebra.functions import as_power
from truestep.derivations.deriving.algebra.nodes import Node
from truestep.derivations.deriving.algebra.workshop import Workshop
from truestep.derivations.deriving.displays.phrasing import (
    UNIT,
    ZERO,
    compared,
    differential_of,
    hadamard,
    in_group,
    in_one_fraction,
    is_tall,
    over,
    powered,
    rational,
    scaled_entrywise,
    side_by_side,
    signed,
    size_written,
    split_number,
    sum_of,
    sum_over,
    transposed,
)
from truestep.derivations.language.expression import NONE, Expression, grouped, number, symbol
from truestep.derivations.language.shapes import SCALAR
from truestep.derivations.meaning.terms import Axis

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from truestep.derivations.deriving.algebra.monomials import Entries, Place
    from truestep.derivations.deriving.displays.index_letters import Letters
    from truestep.derivations.language.notation import Notation
    from truestep.derivations.language.shapes import Size


TO_WRITE = 10
_LATE = {"size": -1, "function": 1, "chain": 2, "differential": 3}  # where factors stand among others


class Unwritable(Exception):
    """There is no matrix notation for this; it is written entry by entry."""


class MatrixNotation:
    """Writes whole nodes; what has no matrix notation is Unwritable."""

    def __init__(self, workshop: Workshop, entries: Entries, notation: Notation, letters: Letters) -> None:
        self.workshop, self.entries, self.notation, self.letters = workshop, entries, notation, letters
        self.families = {family.name: family for family in notation.families.values()}
        self.spoken: Mapping[str, str] = {}
        self.inner: dict[str, Node] = {}  # what enters a function, which has no name of its own
        self.members: dict[str, Expression] = {}  # what stands for one member of a family
        self.by_entries = False  # the statement names no vector as a whole
        self.with_ones = False  # the statement itself writes sums by a vector of ones
        self.sums = True  # the total of a vector that is computed is written as a sum, else by a vector of ones
        self.numerator = False  # an upstream gradient is then written as the transpose of what it is here

    def at(self, node: Node, i: Place, j: Place) -> Expression:
        """One entry of a node."""
        raise NotImplementedError

    def _picked(self, node: Node) -> Expression | None:
        raise NotImplementedError

    def whole(self, node: Node) -> Expression:
        """A node in matrix form.  Raises TooLarge where a node that is met often makes it long."""
        self.workshop.effort.spend(TO_WRITE)
        match node.op:
            case "symbol" if node.data in self.families:
                raise Unwritable(node.data)
            case "symbol" if node.data in self.members:
                return self.members[node.data]
            case "symbol" if node.data in self.inner:
                return in_group(self.whole(self.inner[node.data]))
            case "symbol":
                return symbol(node.data)
            case "number":
                return rational(node.data)
            case "size":
                return Expression("size", (), node.data)
            case "constant":
                return Expression("constant", (), node.data)
            case "zeros":
                return ZERO
            case "ones":
                return self._ones(node)
            case "eye":
                return Expression("identity", (Expression("size", (), node.dims[0]),))
            case "partial":
                return transposed(_derivative(node)) if self.numerator and node.dims != SCALAR else _derivative(node)
            case "add":
                return sum_of([self._spread(arg, node) for arg in node.args])
            case "mul":
                return self._scaled(node)
            case "chain":
                return self._picked(node) or self._chain(node)
            case "entrywise":
                return self._entrywise(node)
            case "power":
                return self._power(node)
            case "transpose" if self.numerator and node.args[0].op == "partial":
                return _derivative(node.args[0])
            case "transpose" if (beside := self._row_beside(node.args[0])) is not None:
                return beside
            case "transpose":
                return Expression("transpose", (self.whole(node.args[0]),))
            case "differential":
                return differential_of(self.whole(node.args[0]))
            case "inverse":
                return Expression("power", (self.whole(node.args[0]), number(Fraction(-1))))
            case "norm":
                return Expression("norm", (self.whole(node.args[0]),), "2" if 1 in node.args[0].dims else "F")
            case "spectral":
                return Expression("norm", (self.whole(node.args[0]),), "2")
            case "nuclear":
                return Expression("norm", (self.whole(node.args[0]),), "*")
            case "root":
                return Expression("power", (self.whole(node.args[0]), rational(node.data)))
            case "trace of root":
                root = Expression("power", (self.whole(node.args[0]), rational(Fraction(1, 2))))
                return Expression("apply", (root,), ("trace", 0, None))
            case "polar":
                base = node.args[0]
                square = self.whole(self.workshop.chain([self.workshop.transpose(base), base]))
                root = Expression("power", (square, rational(Fraction(-1, 2))))
                return side_by_side([in_group(self.whole(base)), root])
            case "function" if (raised := as_power(self.workshop, node)) is not None:
                data = None if node.is_scalar else "entrywise"
                return Expression("power", (self.whole(raised[0]), self.whole(raised[1])), data)
            case "function":
                return self._function(node, self.whole(node.args[0]))
            case "product":
                axis = self._own_axis(node.args[0])
                limits = (number(UNIT), size_written(axis.size), NONE)
                return Expression("prod", (self.at(node.args[0], axis, 1), *limits), (self.letters.names[axis],))
            case "argmax":
                axis = self._own_axis(node.args[0])
                most = self._maximum(self.at(node.args[0], axis, 1), axis)
                return Expression("indicator", (Expression("relation", (self.whole(node.args[0]), most), "="),))
            case "maximum":
                axis = self._own_axis(node.args[0])
                return self._maximum(self.at(node.args[0], axis, 1), axis)
        known = {"det": "det", "trace": "trace", "diag": "diag", "diagonal": "diag", "softmax": "softmax"}
        if node.op in known:
            return Expression("apply", (self.whole(node.args[0]),), (known[node.op], 0, None))
        raise Unwritable(node.op)

    def _row_beside(self, node: Node) -> Expression | None:
        r"""``(a^T \\odot v)^T`` of a row a as ``a \\operatorname{diag}(v)``; None of anything else."""
        if node.op != "entrywise" or node.dims[1] != 1:
            return None
        turned = ("transpose", "partial") if self.numerator else ("transpose",)
        rows = [arg for arg in node.args if arg.op in turned]
        rest = [arg for arg in node.args if arg.op not in turned]
        if len(rows) != 1 or not rest:
            return None
        vector = self.whole(self.workshop.entrywise(rest))
        row = self.whole(self.workshop.transpose(rows[0]))
        return side_by_side([row, Expression("apply", (vector,), ("diag", 0, None))])

    def _spread(self, term: Node, node: Node) -> Expression:
        """A term of a sum; a scalar that takes a computation stands before an array of ones beside arrays."""
        written = self.whole(term)
        if not term.is_scalar or node.is_scalar or term.op in ("number", "symbol", "size", "constant"):
            return written
        minus = written.head == "negative"
        bare = written.args[0] if minus else written
        scale = grouped(bare) if bare.head in ("product", "add") else bare
        return signed(
            UNIT * (-1 if minus else 1),
            side_by_side([scale, self._ones_of(node.dims[:1] if node.dims[1] == 1 else node.dims)]),
        )

    def _own_axis(self, node: Node) -> Axis:
        axis = self.entries.axis(node.dims[0])
        self.letters.keep([*self.letters.names, axis])
        return axis

    def _maximum(self, body: Expression, axis: Axis) -> Expression:
        return Expression("max", (body, NONE, NONE, NONE), (self.letters.names[axis],))

    def _ones(self, node: Node) -> Expression:
        if node.dims[0] == 1:
            return Expression("transpose", (self._ones_of((node.dims[1],)),))
        return self._ones_of(tuple(size for size in node.dims if size != 1))

    @staticmethod
    def _ones_of(sizes: Sequence[Size]) -> Expression:
        return Expression("ones", tuple(size_written(size) for size in sizes) if len(sizes) > 1 else ())

    def _scaled(self, node: Node) -> Expression:
        node = self._sign_turned(node)
        core = None if node.args[-1].is_scalar else node.args[-1]
        scalars = node.args if core is None else node.args[:-1]
        above, below = self._fraction(node.data, [self.workshop._base(arg) for arg in scalars])
        if core is None:
            if above and above[-1].head == "group":  # nothing follows that it could run into
                above[-1] = above[-1].args[0]
            return signed(node.data, over(above, below))
        body = self.whole(core)
        is_one = core.op in ("entrywise", "power", "add", "symbol") or body.head == "sum"
        if below and is_one and not _plain(below) and not any(map(is_tall, (*above, body))):
            return signed(node.data, over([*above, body], below))
        factors = [over(above, below)] if below else above
        return signed(node.data, scaled_entrywise(factors, body))

    def _sign_turned(self, node: Node) -> Node:
        """``-(-a - b)`` as ``a + b``."""
        place = next((k for k, arg in enumerate(node.args) if arg.op == "add"), None)
        if node.data > 0 or place is None or any(self.workshop.parts(term)[0] > 0 for term in node.args[place].args):
            return node
        turned = self.workshop.add(self.workshop.scale(UNIT * -1, term) for term in node.args[place].args)
        return self.workshop.make("mul", (*node.args[:place], turned, *node.args[place + 1 :]), -node.data, node.dims)

    def _fraction(
        self, coefficient: Fraction, factors: Iterable[tuple[Node, Fraction]]
    ) -> tuple[list[Expression], list[Expression]]:
        """Numerator and denominator of a product of scalars."""
        above, below = split_number(abs(coefficient))
        for base, exponent in sorted(factors, key=lambda factor: _LATE.get(factor[0].op, 0)):
            side = above if exponent > 0 else below
            side.append(self._raised(_together(self.whole(base)), abs(exponent)))
        return above, below

    @staticmethod
    def _raised(base: Expression, exponent: Fraction) -> Expression:
        if exponent == 1:
            return base
        if exponent == Fraction(1, 2):
            return Expression("root", (base, NONE))
        return Expression("power", (base, rational(exponent)))

    def _chain(self, node: Node) -> Expression:
        args = node.args
        is_sum = self.sums and node.dims == SCALAR and len(args) == 2
        if is_sum and args[0].op == "ones" and (args[1].op != "symbol" or not self.with_ones):
            return self._written_sum(args[1])
        if is_sum and args[-1].op == "ones" and args[0].op == "transpose":
            return self._written_sum(args[0].args[0])
        if is_sum and self.by_entries and args[1].is_column:
            return self._written_sum(self.workshop.entrywise([self.workshop.transpose(args[0]), args[1]]))
        is_square = is_sum and args[0] is self.workshop.transpose(args[1])
        if is_square and args[1].op == "add" and any(term.is_scalar for term in args[1].args):  # \sum_i (x_i - \mu)^2
            return self._written_sum(self.workshop.power(args[1], Fraction(2)))
        factors: list[Expression] = []
        place = 0
        if args[0].op == "ones" and 1 not in node.dims:  # nothing else says how many rows there are
            factors.append(Expression("ones", (size_written(node.dims[0]),)))
            place = 1
        while place < len(args):
            run = place
            while run < len(args) and args[run] is args[place]:
                run += 1
            body = self.whole(args[place])
            count = run - place
            base = args[place]
            if count > 1 and base.op == "transpose":
                factors.append(transposed(powered(self.whole(base.args[0]), count)))
            elif count > 1 and base.op == "inverse":
                factors.append(powered(self.whole(base.args[0]), -count))
            else:
                factors.append(body if count == 1 else powered(body, count))
            place = run
        return side_by_side(factors)

    def _written_sum(self, vector: Node) -> Expression:
        axis = self._own_axis(vector)
        return self._summed_along(self.at(vector, axis, 1), axis)

    def _summed_along(self, body: Expression, axis: Axis) -> Expression:
        """A sum; beside it its letter is free again."""
        total = sum_over(body, [axis], self.letters)
        del self.letters.names[axis]
        return total

    def _entrywise(self, node: Node) -> Expression:
        powers = [self.workshop._base(arg) for arg in node.args]
        below = [self.workshop.power(base, -exponent) for base, exponent in powers if exponent < 0]
        above = [arg for arg, (_, exponent) in zip(node.args, powers, strict=True) if exponent > 0]
        above.sort(key=lambda arg: arg.op == "function" and arg.data[0] in ("step", "step0", "sign"))
        top = hadamard([self.whole(arg) for arg in above]) if above else self._ones_of(node.dims[:1])
        if not below:
            return top
        bottom = hadamard([self.whole(arg) for arg in below])
        if 1 in node.dims and is_tall(top):
            return hadamard(
                [*(top.args if len(above) > 1 else (top,)), Expression("quotient", (number(UNIT), bottom), "frac")]
            )
        if 1 in node.dims:
            return Expression("quotient", (top, bottom), "frac")
        return Expression("product", (top, bottom), ("", "oslash"))

    def _power(self, node: Node) -> Expression:
        base, exponent = node.args[0], node.data
        if exponent < 0:
            below = self.whole(self.workshop.power(base, -exponent))
            if node.is_scalar or 1 in node.dims:
                return Expression("quotient", (number(UNIT), below), "frac")
            ones = self._ones_of(node.dims)
            return Expression("product", (ones, below), ("", "oslash"))
        if node.is_scalar or exponent == Fraction(1, 2):
            return self._raised(self.whole(base), exponent)
        return Expression("power", (self.whole(base), rational(exponent)), "entrywise")

    def _function(self, node: Node, arg: Expression, is_entry: bool = False) -> Expression:
        name, primes = node.data
        if name == "exp":
            return Expression("power", (Expression("constant", (), "e"), in_one_fraction(arg)))
        if name in ("step", "step0"):
            return Expression("indicator", (compared(arg, ">" if name == "step" else ">="),))
        if name == "abs" and (node.is_scalar or is_entry):
            return Expression("abs", (arg,))
        return Expression("apply", (arg,), (self.spoken.get(name, name), primes, None))


def _derivative(node: Node) -> Expression:
    of, by, *held = node.data
    return Expression("derivative", (symbol(of), symbol(by)), kind_of_partial(held))


def kind_of_partial(held: Sequence[str]) -> str:
    """How a partial derivative is written in which some quantities are held fixed."""
    return " ".join(("held", *held)) if held else "Leibniz"


def _together(node: Expression) -> Expression:
    """An inner product as one factor among others."""
    return grouped(node) if node.head == "product" else node


def _plain(below: Sequence[Expression]) -> bool:
    """Whether a denominator holds numbers and sizes only."""
    return all(node.head in ("number", "size") for node in below)
