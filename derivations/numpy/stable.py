"""Forms of nodes that stay numbers where inputs are large: logarithms of probabilities, quotients of exponentials."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from truestep.derivations.deriving.algebra.monomials import Place
    from truestep.derivations.deriving.algebra.nodes import Node
    from truestep.derivations.deriving.algebra.workshop import Workshop


def opened(node: Node, definitions: Mapping[str, Node]) -> Node:
    """What a name is defined as, where that is a softmax or a function of each entry; else the node."""
    body = definitions.get(str(node.data)) if node.op == "symbol" else None
    return body if body is not None and body.op in ("softmax", "function") else node


def is_function(node: Node, name: str) -> bool:
    """Whether a node is the value of a function, not of its derivative."""
    return node.op == "function" and node.data == (name, 0)


def complement(node: Node, definitions: Mapping[str, Node]) -> Node | None:
    """The p of 1 - p, with what its name stands for put in."""
    if node.op != "add" or len(node.args) != 2:
        return None
    one, other = sorted(node.args, key=lambda arg: arg.op == "mul")
    is_one = (one.op == "number" and one.data == 1) or one.op == "ones"
    if not is_one or other.op != "mul" or other.data != -1 or len(other.args) != 1:
        return None
    return opened(other.args[0], definitions)


def exponents(node: Node) -> tuple[Node | None, ...] | None:
    """The u and v of e^u + e^v, with None for the 0 of 1."""
    if node.op != "add" or len(node.args) != 2:
        return None
    is_one = [arg.op == "ones" or (arg.op == "number" and arg.data == 1) for arg in node.args]
    if all(is_one) or not all(one or is_function(arg, "exp") for one, arg in zip(is_one, node.args, strict=True)):
        return None
    return tuple(sorted((None if one else arg.args[0] for one, arg in zip(is_one, node.args, strict=True)), key=bool))


def entry_of(node: Node) -> tuple[Node, Place] | None:
    """The column and the place of a product with a unit vector."""
    if node.op != "chain" or len(node.args) != 2 or not node.is_scalar:
        return None
    left, right = (arg.args[0] if arg.op == "transpose" else arg for arg in node.args)
    if left.op == "unit" and right.is_column:
        return right, left.data
    return (left, right.data) if right.op == "unit" and left.is_column else None


def may_overflow(node: Node) -> bool:
    """Whether an exponential, a logarithm or a quotient stands in a node, so that it may be no number."""
    own = is_function(node, "exp") or is_function(node, "log") or (node.op == "power" and node.data < 0)
    return own or any(may_overflow(arg) for arg in node.args)


def total_of_exponentials(node: Node) -> tuple[Node, str] | None:
    """What the exponentials in a sum are of, and along which axis that is summed."""
    if node.op != "chain" or len(node.args) != 2:
        return None
    (left, right), axes = node.args, ("", "axis=0", "axis=1")
    is_left = left.op == "ones" and is_function(right, "exp")
    if not is_left and not (right.op == "ones" and is_function(left, "exp")):
        return None
    summed = right if is_left else left
    return summed.args[0], axes[0] if 1 in summed.dims else axes[1] if is_left else axes[2]


def spread(factors: Sequence[Node]) -> tuple[tuple[Node, ...], ...]:
    """The products of each term of a sum of exponentials, where another such sum divides it; else nothing."""
    divides, grows = any(map(_divides, factors)), any(is_function(one, "exp") for one in factors)
    above = next(
        (one for one in factors if (divides and _has_exponential(one)) or (grows and _has_quotient(one))), None
    )
    others = [one for one in factors if one is not above]
    return tuple((*others, term) for term in above.args) if above is not None else ()


def _divides(factor: Node) -> bool:
    """Whether a factor is one over a sum of exponentials."""
    return factor.op == "power" and factor.data < 0 and _has_exponential(factor.args[0])


def _has_quotient(node: Node) -> bool:
    """Whether a node is a sum with a term that a sum of exponentials divides."""
    return node.op == "add" and any(_divides(part) for arg in node.args for part in (arg, *arg.args))


def _has_exponential(node: Node) -> bool:
    """Whether a node is a sum with an exponential among its terms."""
    return node.op == "add" and any(is_function(part, "exp") for arg in node.args for part in (arg, *arg.args))


def quotient(workshop: Workshop, factors: Sequence[Node]) -> tuple[Node, ...]:
    r"""Factors in which ``e^{k t} / (e^t + c)^k`` is ``1 / (1 + c e^{-t})^k``."""
    for below in factors:
        for above in factors if _divides(below) else ():
            for base, exponent in _multiples(workshop, above, below.args[0]):
                shared = min(exponent, -below.data)
                inverse = workshop.function("exp", workshop.negative(base.args[0]))
                smaller = workshop.add(_divided(workshop, term, base, inverse) for term in below.args[0].args)
                kept = [one for one in factors if one not in (above, below)]
                if exponent != shared:
                    kept.append(workshop.function("exp", workshop.scale(exponent - shared, base.args[0])))
                if below.data + shared:
                    kept.append(workshop.power(below.args[0], below.data + shared))
                return quotient(workshop, (*kept, workshop.power(smaller, -shared)))
    return tuple(factors)


def _multiples(workshop: Workshop, factor: Node, below: Node) -> Iterator[tuple[Node, Fraction]]:
    """The exponentials in a sum of which a factor is a power, with that power."""
    one, exponent = (factor.args[0], factor.data) if factor.op == "power" else (factor, Fraction(1))
    for term in below.args if is_function(one, "exp") else ():
        for base in (term, *(term.args if term.op in ("mul", "entrywise") else ())):
            if is_function(base, "exp"):
                (first, above), (second, under) = (workshop.bare(each.args[0]) for each in (one, base))
                if above is under and exponent * first / second >= 1:
                    yield base, exponent * first / second


def _divided(workshop: Workshop, term: Node, base: Node, inverse: Node) -> Node:
    """A term of the denominator, divided by the exponential."""
    if term is base:
        return workshop.number(1)
    if term.op == "mul" and base in term.args:
        return workshop.scale_by(workshop.number(term.data), *(arg for arg in term.args if arg is not base))
    if term.op == "entrywise" and base in term.args:
        return workshop.entrywise([arg for arg in term.args if arg is not base])
    return (
        workshop.scale_by(term, inverse) if term.is_scalar or inverse.is_scalar else workshop.entrywise([term, inverse])
    )
