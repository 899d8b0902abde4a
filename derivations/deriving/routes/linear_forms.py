r"""Linear forms in a differential: the gradient that one shows, and the inner product tr(G^T dX)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.derivations.deriving.steps import Stuck
from truestep.derivations.language.shapes import SCALAR

if TYPE_CHECKING:
    from truestep.derivations.deriving.algebra.nodes import Node
    from truestep.derivations.deriving.algebra.workshop import Workshop


def inner_product(workshop: Workshop, gradient: Node, dx: Node) -> Node:
    """tr(G^T dX), for columns g^T dx; numbers and scalars stand before it."""
    if dx.is_scalar:
        return workshop.scale_by(gradient, dx)
    coefficient, scalars, core = workshop.parts(workshop.transpose(gradient))
    if gradient.op == "zeros" or core is None:
        return workshop.zero
    factors = () if core.op == "eye" else core.args if core.op == "chain" else (core,)
    row = gradient.dims[0] == 1
    if row:  # a row: dx g^T
        product = workshop.make("chain", (dx, *factors), None, SCALAR)
    elif gradient.dims[1] == 1:
        product = workshop.make("chain", (*factors, dx), None, SCALAR)
    else:
        dims = (gradient.dims[1], gradient.dims[1])
        whole = workshop.make("chain", (*factors, dx), None, dims) if factors else dx
        product = workshop.make("trace", (whole,), None, SCALAR)
    return workshop.scale_by(workshop.assemble(coefficient, scalars, None), product)


def gradient_of(workshop: Workshop, form: Node, dx: Node) -> Node:
    """G with form = tr(G^T dX), by transposing each operation from the outside in."""
    return _Adjoint(workshop, dx).of(form, workshop.one)


class _Adjoint:
    def __init__(self, workshop: Workshop, dx: Node) -> None:
        self.workshop, self.dx = workshop, dx
        self.name = str(dx.args[0].data)
        self.holds: dict[Node, bool] = {}

    def _has(self, node: Node) -> bool:
        found = self.holds.get(node)
        if found is None:
            found = self.holds[node] = node is self.dx or any(self._has(arg) for arg in node.args)
        return found

    def of(self, node: Node, weight: Node) -> Node:
        """What a node with this weight gives to the gradient: <weight, node> = <gradient, dX>."""
        workshop, args = self.workshop, node.args
        if node is self.dx:
            return weight
        places = [place for place, arg in enumerate(args) if self._has(arg)]
        parts = [self._one(node, place, weight) for place in places]
        return workshop.add(parts) if parts else workshop.zeros(self.dx.dims)

    def _one(self, node: Node, place: int, weight: Node) -> Node:
        workshop, args = self.workshop, node.args
        arg, others = args[place], [*args[:place], *args[place + 1 :]]
        match node.op:
            case "add":
                return self.of(arg, workshop.total(weight) if arg.is_scalar and not node.is_scalar else weight)
            case "mul":
                return self.of(arg, self._scaled(node, arg, others, weight))
            case "chain":
                return self.of(arg, self._between(node, args[:place], args[place + 1 :], weight))
            case "entrywise":
                return self.of(arg, workshop.entrywise([weight, *others]))
            case "transpose":
                return self.of(arg, workshop.transpose(weight))
            case "trace":
                return self.of(arg, workshop.scale_by(weight, workshop.eye(arg.dims[0])))
            case "diag":
                return self.of(arg, workshop.diagonal(weight))
            case "diagonal":
                return self.of(arg, workshop.diag(weight))
        raise Stuck(node.op, "the gradient cannot be read off here")

    def _scaled(self, node: Node, arg: Node, others: list[Node], weight: Node) -> Node:
        """A scalar factor meets the array that it stands before; an array keeps its scalars."""
        workshop = self.workshop
        number = workshop.number(node.data)
        core = others[-1] if others and not others[-1].is_scalar else None
        if core is None:
            return workshop.scale_by(number, *others, weight)
        met = workshop.trace(workshop.chain([workshop.transpose(weight), core]))
        return workshop.scale_by(number, *others[:-1], met)

    def _between(self, node: Node, left: tuple[Node, ...], right: tuple[Node, ...], weight: Node) -> Node:
        """L^T W R^T."""
        workshop = self.workshop
        before = [workshop.transpose(one) for one in reversed(left)]
        after = [workshop.transpose(one) for one in reversed(right)]
        if node.is_scalar:
            return workshop.scale_by(weight, workshop.chain([*before, *after]))
        return workshop.chain([*before, weight, *after])
