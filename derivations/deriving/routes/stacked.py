"""Derivatives of stacked matrices by stacked matrices: Jacobians and Hessians as sums of Kronecker products.

Magnus and Neudecker, *Matrix Differential Calculus with Applications in Statistics and Econometrics* (3rd ed., 2019),
chapter 2, theorem 2.2, chapter 9, section 9.7, and chapter 10.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from truestep.derivations.deriving.algebra.collecting import collected
from truestep.derivations.deriving.displays.phrasing import differential_of
from truestep.derivations.deriving.displays.proofs import chained
from truestep.derivations.deriving.routes.differentials import ByDifferentials
from truestep.derivations.deriving.routes.linear_forms import gradient_of
from truestep.derivations.deriving.steps import Solution, Stuck
from truestep.derivations.deriving.variables import bare
from truestep.derivations.language.expression import Expression, add, grouped, negative, symbol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.derivations.deriving.algebra.nodes import Node
    from truestep.derivations.deriving.goal import Goal


NO_KRONECKER = "its differential is no sum of products A dX B, as where (dX)^T stands; its entries can be asked for"


class _Part(NamedTuple):
    """scale * (left otimes right), or scale * vec(left) vec(right)^T."""

    scale: Node
    left: Node
    right: Node
    is_outer: bool = False


def is_of_vec(node: Expression) -> bool:
    """Whether it is the derivative of a stacked matrix by another one, or the second one of a scalar by such."""
    if node.head != "derivative":
        return False
    top, *below = node.args
    return all(map(_is_vec, below)) and (len(below) == 2 or _is_vec(top))


def by_vec(goal: Goal) -> Solution:
    """d vec(A X B) = (B^T otimes A) d vec(X), where a matrix is linear in dX; raises Stuck."""
    asked = bare(goal.asked)
    top, *below = (_matrix(arg) for arg in asked.args)
    if len(below) == 2 and below[0] != below[1]:
        raise Stuck("what is asked", "second derivatives by two stacked matrices are not derived")
    stated = below[0] if len(below) == 1 else below[-1]
    inner = Expression("derivative", (top, stated), asked.data)
    return _Stacked(replace(goal, asked=inner), asked).solution()


def _is_vec(node: Expression) -> bool:
    inner = bare(node.args[0] if node.head == "transpose" else node)
    return inner.head == "apply" and inner.data[:2] == ("vec", 0)


def _matrix(node: Expression) -> Expression:
    """X of vec(X) and of its transpose."""
    inner = bare(node.args[0] if node.head == "transpose" else node)
    return bare(inner.args[0]) if _is_vec(node) else node


class _Stacked(ByDifferentials):
    def __init__(self, goal: Goal, stacked: Expression) -> None:
        super().__init__(goal)
        self.stacked = stacked
        self.below = Expression("apply", (symbol(self.by.name),), ("vec", 0, None))

    def solution(self) -> Solution:
        """d of a matrix as a sum of products around dX, stacked; of a scalar that of its gradient."""
        asked, workshop = self.stacked, self.workshop
        is_second = len(asked.args) == 3
        if is_second:
            super().solution()
            top, named = self.gradient, self.goal.asked
            if self.goal.numerator:
                named = Expression("transpose", (grouped(named),))
        else:
            top, named = self.givens.symbol(self.top.name), symbol(self.top.name)
        self.start = top
        form, lines = self.differential(top)
        if is_second and len(lines) > 1 and lines[0][0] == "definition":  # the gradient stands above
            del lines[0]
        self.rows.append(chained(differential_of(named), lines))
        parts = [self._part(term) for term in self._terms(form)]
        across = self._together([part for part in parts if part.scale is not workshop.zero])
        turned = list(map(self._turned, across))
        whole = self._kroneckers(across)
        above = Expression("apply", (named,), ("vec", 0, None))
        product = Expression("product", (grouped(whole), differential_of(self.below)), ("", ""))
        self.rows.append(chained(differential_of(above), [("vec of a product", product)]))
        is_across = self.goal.numerator or any(arg.head == "transpose" for arg in asked.args[1:])
        answer = whole if is_across or is_second else self._kroneckers(turned)
        rule = "identifying the Hessian" if is_second else "identifying the Jacobian"
        self.rows.append(chained(asked, [(rule, answer)]))
        code = " + ".join(map(self._kron, turned)).replace("+ -", "- ")  # what it is by comes first
        sizes = (self.by.dims, self.by.dims if is_second else self.top.dims)
        dims = tuple(f"{rows} {columns}" for rows, columns in sizes)
        by = (self.by.name,) * (2 if is_second else 1)
        forward = self.givens.forward(self.top.name or "value", by, dims)
        return Solution(asked, tuple(self.rows), answer, code, forward, self.goal.notation)

    def _terms(self, node: Node) -> list[Node]:
        """A linear form multiplied out; for columns a odot u = diag(a) u."""
        workshop = self.workshop
        number, scalars, core = workshop.parts(node)
        varying = next((base for base in scalars if self._varies(base)), None)
        if varying is not None:
            rest = workshop.scale_by(node, workshop.power(varying, Fraction(-1)))
            return [workshop.scale_by(one, rest) for one in self._inside(varying)]
        if core is None or core is self.dx or not self._varies(core):
            return [node]
        scale = workshop.assemble(number, scalars, None)
        return [workshop.scale_by(scale, one) for one in self._inside(core)]

    def _inside(self, core: Node) -> list[Node]:
        workshop = self.workshop
        if core.op == "add":
            wide = workshop.ones(core.dims)
            args = [workshop.scale_by(arg, wide) if arg.is_scalar else arg for arg in core.args]
            return [term for arg in args for term in self._terms(arg)]
        if core.op == "entrywise" and core.is_column:
            *others, last = sorted(core.args, key=self._varies)
            core = workshop.chain([workshop.diag(workshop.entrywise(others)), last])
        place = next((place for place, one in enumerate(core.args) if self._varies(one)), 0)
        if core.op not in ("chain", "trace") or core.args[place] is self.dx:
            return [core]
        inner = self._terms(core.args[place])
        if len(inner) == 1 and inner[0] is core.args[place]:
            return [core]
        remade = [workshop.remake(core, [*core.args[:place], one, *core.args[place + 1 :]]) for one in inner]
        return [term for one in remade for term in self._terms(one)]

    def _part(self, term: Node) -> _Part:
        """What a term gives: B^T otimes A for A dX B, vec(N) vec(M)^T for tr(M^T dX) N."""
        workshop = self.workshop
        number, scalars, core = workshop.parts(term)
        factors = () if core is None else core.args if core.op == "chain" else (core,)
        places = [place for place, one in enumerate(factors) if self._varies(one)]
        varying = [base for base in scalars if self._varies(base)]
        if core is not None and not places and len(varying) == 1 and scalars[varying[0]] == 1:
            fixed = {base: exponent for base, exponent in scalars.items() if base is not varying[0]}
            slope = gradient_of(workshop, varying[0], self.dx)
            scale = workshop.assemble(number, fixed, None)
            if all(one.op == "chain" and one.args[0].dims[1] == 1 for one in (core, slope)):
                (a, b), (c, d) = map(self._columns, (core, slope))  # vec(a b^T) vec(c d^T)^T = b d^T otimes a c^T
                left, right = (workshop.chain([one, workshop.transpose(by)]) for one, by in ((b, d), (a, c)))
                return _Part(scale, left, right)
            return _Part(scale, core, slope, True)
        if varying or [factors[place] for place in places] != [self.dx]:
            raise Stuck(self.top.name, NO_KRONECKER)
        before, behind = factors[: places[0]], factors[places[0] + 1 :]
        return _Part(
            workshop.assemble(number, scalars, None),
            workshop.transpose(workshop.chain(behind)) if behind else workshop.eye(self.dx.dims[1]),
            workshop.chain(before) if before else workshop.eye(self.dx.dims[0]),
        )

    def _columns(self, node: Node) -> tuple[Node, Node]:
        """a and b of a b^T."""
        first, *rest = node.args
        return first, self.workshop.transpose(self.workshop.chain(rest))

    def _varies(self, node: Node) -> bool:
        return node is self.dx or any(map(self._varies, node.args))

    def _together(self, parts: Sequence[_Part]) -> list[_Part]:
        """Terms with a factor in common, as A otimes B - A otimes C = A otimes (B - C)."""
        out = list[_Part]()
        for part in parts:
            found = next(((place, both) for place, one in enumerate(out) if (both := self._joined(one, part))), None)
            if found is None:
                out.append(part)
            else:
                out[found[0]] = found[1]
        return out

    def _joined(self, one: _Part, other: _Part) -> _Part | None:
        workshop = self.workshop
        if one.is_outer or other.is_outer or (one.left is not other.left and one.right is not other.right):
            return None
        is_left = one.left is other.left
        terms = [workshop.scale_by(part.scale, part.right if is_left else part.left) for part in (one, other)]
        whole = collected(workshop, workshop.add(terms))
        return _Part(workshop.one, one.left, whole) if is_left else _Part(workshop.one, whole, one.right)

    def _turned(self, part: _Part) -> _Part:
        if part.is_outer:
            return part._replace(left=part.right, right=part.left)
        turned = self.workshop.transpose
        return part._replace(left=turned(part.left), right=turned(part.right))

    # Writing.

    def _kron(self, part: _Part) -> str:
        numpy, (scale, left, right, is_outer) = self.givens.numpy(), part
        made = f"np.kron({numpy.code(left)}, {numpy.code(right)})"
        if is_outer:
            made = f"np.outer(({numpy.code(left)}).T.ravel(), ({numpy.code(right)}).T.ravel())"
        if scale is self.workshop.negative(self.workshop.one):
            return f"-{made}"
        if scale is self.workshop.one:
            return made
        number = numpy.code(scale)
        return f"{number} * {made}" if number.isidentifier() or number.isdecimal() else f"({number}) * {made}"

    def _kroneckers(self, parts: Sequence[_Part]) -> Expression:
        terms: list[Expression] = []
        for scale, left, right, is_outer in parts:
            sides = [grouped(one) if one.head in ("add", "negative") else one for one in map(self.shown, (left, right))]
            if is_outer:
                first, second = (Expression("apply", (one,), ("vec", 0, None)) for one in map(bare, sides))
                sides = [first, Expression("transpose", (second,))]
            sign = "" if is_outer else "otimes"
            made = Expression("product", tuple(sides), ("", sign))
            if scale not in (self.workshop.one, self.workshop.negative(self.workshop.one)):
                made = Expression("product", (self.shown(scale), *sides), ("", "", sign))
            terms.append(negative(made) if scale is self.workshop.negative(self.workshop.one) else made)
        return add(*terms)
