r"""Products in which members of families stand: each a vector of its own, the whole a sum over them."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.derivations.deriving.displays.matrix_notation import MatrixNotation, Unwritable
from truestep.derivations.deriving.displays.phrasing import in_group, side_by_side, signed, sum_of
from truestep.derivations.language.expression import Expression, grouped, number
from truestep.derivations.meaning.terms import Axis

if TYPE_CHECKING:
    from truestep.derivations.deriving.algebra.monomials import Place
    from truestep.derivations.deriving.algebra.nodes import Node


class MembersShown(MatrixNotation):
    """Writes what is made of the members of families."""

    def index(self, place: Place) -> Expression:
        """An index as written."""
        if isinstance(place, int):
            return number(Fraction(place))
        return Expression("index", (), self.letters.names[place])

    def _member(self, node: Node, i: Place, j: Place) -> Expression:
        family = self.families[node.data]
        key = next(name for name, known in self.notation.families.items() if known is family)
        member = Expression("member", (self.index(i),), key)
        return Expression("entry", (member, self.index(j))) if isinstance(j, Axis) else member

    def _entry_of_members(self, node: Node, i: Place, j: Place) -> Expression:
        """An entry of a product in which members stand."""
        if node.dims[1] == 1 and self._has_columns(self.workshop.pushed(node.args[0])):  # (sum_i c_i x_i)_j
            first, rest = self.workshop.transpose(node.args[0]), self.workshop.chain(node.args[1:])
            axis = self._own_axis(rest)
            factors = [] if rest.op == "ones" else [in_group(self.at(rest, axis, 1))]
            return grouped(self._summed_along(side_by_side([*factors, in_group(self.at(first, axis, i))]), axis))
        if not isinstance(j, Axis):
            return self._of_rows(node, i)
        if node.op == "chain" and self._is_turned(node.args[-1]):
            return self._of_pairs(node, i, j)
        return Expression("entry", (self._row(node, i), self.index(j)))

    def _of_pairs(self, node: Node, i: Place, j: Place) -> Expression:
        """An entry of a product whose columns are made of members: ``u_i^T v_j``, ``u_i^T A v_j``, ``(A v_j)_i``.

        Where such a column is made of numbers ``u_i^T v_j`` itself, it is the sum over them.
        """
        first, *inner, last = node.args
        try:
            column = in_group(self._row(self.workshop.transpose(last), j))
        except Unwritable:
            axis = self._own_axis(last)
            left = self.workshop.chain(node.args[:-1])
            return grouped(
                self._summed_along(
                    side_by_side([in_group(self.at(one, *at)) for one, at in ((left, (i, axis)), (last, (axis, j)))]),
                    axis,
                )
            )
        middle = [self.whole(self.workshop.chain(inner))] if inner else []
        if not self._holds_members(first):
            product = side_by_side([self.whole(self.workshop.chain([first, *inner])), column])
            return Expression("entry", (in_group(product), self.index(i)))
        row = Expression("transpose", (in_group(self._row(first, i)),))
        return side_by_side([row, *middle, column])

    def _holds_members(self, node: Node) -> bool:
        return not self.families.keys().isdisjoint(node.names)

    def _has_columns(self, node: Node) -> bool:
        """Whether members stand as columns in what has its transposes inside."""
        return node.op == "transpose" if node.op in ("transpose", "symbol") else any(map(self._has_columns, node.args))

    def _is_turned(self, node: Node) -> bool:
        """Whether the columns of a node are made of members, one of each."""
        if node.op == "symbol" or not self._holds_members(node):
            return False
        if node.op == "transpose":
            return not self._is_turned(node.args[0])
        return any(map(self._is_turned, node.args[-1:] if node.op == "chain" else node.args))

    def _chain(self, node: Node) -> Expression:
        """A product; what is made of members is a sum over them."""
        if not self._holds_members(node):
            return super()._chain(node)
        if node.dims[0] == 1 and not node.is_scalar:
            return Expression("transpose", (Expression("group", (self.whole(self.workshop.transpose(node)),)),))
        cut = next((k for k, arg in enumerate(node.args) if arg.dims[0] == 1), 0)
        if cut and not node.is_scalar:  # a column by a row
            parts = self.workshop.chain(node.args[:cut]), self.workshop.transpose(self.workshop.chain(node.args[cut:]))
            column, other = (in_group(self.whole(part)) for part in parts)
            return side_by_side([column, Expression("transpose", (other,))])
        is_pair = node.is_scalar and len(node.args) == 2  # (1 - t)^T v, a sum of numbers
        turned = None if is_pair else self._over_members(node)
        if turned is not None:
            return turned
        for one in (node, self.workshop.transpose(node)) if node.is_scalar else ():
            rows = (k for k, arg in enumerate(one.args) if self._holds_members(arg) and not self._is_turned(arg))
            if cut := next(rows, 0):
                left = self.workshop.transpose(self.workshop.chain(one.args[:cut]))
                return self._written_sum(self.workshop.entrywise([left, self.workshop.chain(one.args[cut:])]))
        try:
            return super()._chain(node)
        except Unwritable:
            if not node.is_scalar:
                raise
        return self._sum_of_entries(node)

    def whole(self, node: Node) -> Expression:
        """A node in matrix form; a trace of members as a sum."""
        is_sum = node.op == "trace" and node.args[0].op == "chain" and self._holds_members(node)
        return self._sum_of_entries(node.args[0]) if is_sum else super().whole(node)

    def _sum_of_entries(self, node: Node) -> Expression:
        """A number that is made of members, as the sums of which it consists: ``\\sum_i \\sum_j (u_i^T v_j)^2``."""
        inner = [self._own_axis(arg) for arg in node.args[1:]]
        ends = [1] if node.is_scalar else [self._own_axis(node.args[0])]
        axes = [*inner, *(end for end in ends if isinstance(end, Axis))]
        places = zip(node.args, (*ends, *inner), (*inner, *ends), strict=True)
        total = side_by_side([in_group(self.at(arg, i, j)) for arg, i, j in places if arg.op != "ones"])
        for axis in reversed(axes):
            total = self._summed_along(total, axis)
        return total

    def _over_members(self, node: Node) -> Expression | None:
        r"""``A^T w``, and ``A^T \operatorname{diag}(w) B``, of rows that are made of members, as sums over them."""
        args, workshop = node.args, self.workshop
        start = next((k for k, arg in enumerate(args) if self._is_turned(arg)), len(args))
        is_vector = start + 1 < len(args) and node.dims[1] == 1 and not node.is_scalar
        if is_vector and not any(self._holds_members(arg) and arg.dims[1] != 1 for arg in args[start + 1 :]):
            weights, stop = workshop.chain(args[start + 1 :]), len(args)
            others: list[Node] = []
        else:
            stop = start + 1 + (start + 1 < len(args) and args[start + 1].op == "diag")
            if stop >= len(args) or not self._holds_members(args[stop]) or self._is_turned(args[stop]):
                return None
            weights = args[start + 1].args[0] if stop > start + 1 else workshop.ones((args[stop].dims[0], 1))
            others, stop = [args[stop]], stop + 1
        axis = self._own_axis(weights)
        factors = [] if weights.op == "ones" else [in_group(self.at(weights, axis, 1))]
        factors.append(in_group(self._row(workshop.transpose(args[start]), axis)))
        factors += [Expression("transpose", (in_group(self._row(one, axis)),)) for one in others]
        total = self._summed_along(side_by_side(factors), axis)
        left, right = ([self.whole(workshop.chain(part))] if part else [] for part in (args[:start], args[stop:]))
        return side_by_side([*left, grouped(total), *right]) if left or right else total

    def _of_rows(self, node: Node, i: Place) -> Expression:
        """An entry of a product whose rows are made of members: ``u_i^T v``, ``\\|x_i - m\\|^2``, ``u_i^T A u_i``."""
        first, *rest = self.workshop.pushed(node.args[0]), *node.args[1:]
        if len(rest) == 1 and rest[0].op == "ones":
            if first.op == "power" and first.data == 2:
                return Expression(
                    "power", (Expression("norm", (self._row(first.args[0], i),), ""), number(Fraction(2)))
                )
            if first.op == "entrywise" and len(first.args) == 2:
                one, other = (self._row(arg, i) for arg in first.args)
                return side_by_side([Expression("transpose", (in_group(one),)), in_group(other)])
        row = Expression("transpose", (in_group(self._row(first, i)),))
        return side_by_side([row, self.whole(self.workshop.chain(rest))])

    def _row(self, node: Node, i: Place) -> Expression:
        """A row of what is made of members, as the vector that it is; raises Unwritable."""
        workshop, node = self.workshop, self.workshop.pushed(node)
        if node.op == "symbol" and node.data in self.families:
            return self._member(node, i, 1)
        if node.is_scalar:  # a number that is added to every entry
            return self.whole(node)
        if node.op == "add":
            return sum_of([self._row(arg, i) for arg in node.args])
        if node.op == "chain":
            turned = self.whole(workshop.transpose(workshop.chain(node.args[1:])))
            return turned if node.args[0].op == "ones" else side_by_side([turned, in_group(self._row(node.args[0], i))])
        coefficient, scalars, core = workshop.parts(node)
        if core is None or core is node:
            return self.whole(self.member_column(node, i))
        scale = workshop.assemble(abs(coefficient), scalars, None)
        row = self._row(core, i)
        factors = [row] if scale is workshop.one else [self.whole(scale), in_group(row)]
        return signed(coefficient, side_by_side(factors))

    def member_column(self, node: Node, i: Place) -> Node:
        """A row of what is made of members as a column, in which names stand for the members; raises Unwritable."""
        workshop, node = self.workshop, self.workshop.pushed(node)
        if node.op == "symbol" and node.data in self.families:
            written = self._member(node, i, 1)
            name = f"{node.data} {written.args[0].data}"
            self.members[name] = written
            return workshop.symbol(name, (node.dims[1], 1))
        if node.op == "ones":
            return workshop.ones((node.dims[1], 1))
        if node.op == "chain":
            first, *rest = node.args
            if rest[0].op == "diag":
                column = workshop.entrywise([rest[0].args[0], self.member_column(first, i)])
                rest = rest[1:]
            else:
                column = self.member_column(first, i)
            return workshop.chain([*(workshop.transpose(one) for one in reversed(rest)), column]) if rest else column
        if node.op in ("add", "mul", "entrywise", "function", "power"):
            parts = [arg if arg.is_scalar else self.member_column(arg, i) for arg in node.args]
            return workshop.remake(node, parts)
        raise Unwritable(node.op)
