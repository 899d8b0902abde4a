"""Written expressions as trees to be edited: the places in them, the shapes and the indices there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from truestep.derivations.language.expression import BINDING, Expression
from truestep.derivations.language.notation import Notation
from truestep.derivations.language.shapes import SCALAR, Dims, Size

Path = tuple[int, ...]


@dataclass(frozen=True)
class Site:
    """A node, the way to it from the root, and the names that are bound there."""

    node: Expression
    path: Path
    bound: tuple[str, ...]


def sites(tree: Expression, path: Path = (), bound: tuple[str, ...] = ()) -> Iterator[Site]:
    """All nodes of an expression, but not the names of what is differentiated and by what."""
    yield Site(tree, path, bound)
    if tree.head in BINDING:
        bound = (*bound, *tree.data)
    for place, arg in enumerate(tree.args):
        if tree.head == "derivative" and (place or arg.head in ("symbol", "entry", "member")):
            continue
        yield from sites(arg, (*path, place), bound)


def put(tree: Expression, path: Path, new: Expression) -> Expression:
    """The tree with another node at a place."""
    if not path:
        return new
    args = list(tree.args)
    args[path[0]] = put(args[path[0]], path[1:], new)
    return replace(tree, args=tuple(args))


def plain(tree: Expression) -> Expression:
    """Without the nodes that stand for brackets; the writer sets brackets of its own."""
    return tree.map(lambda node: node.args[0] if node.head == "group" else node)


def dims_of(node: Expression, notation: Notation) -> Dims | None:
    """The shape, where the names alone say it."""
    match node.head:
        case "symbol":
            declared = notation.declared(node.data)
            return declared.dims if declared is not None else None
        case "number" | "size" | "kronecker" | "index" | "constant" | "norm" | "indicator":
            return SCALAR
        case "transpose":
            inner = dims_of(node.args[0], notation)
            return (inner[1], inner[0]) if inner else None
        case "entry":
            base = dims_of(node.args[0], notation)
            given = [arg for arg in node.args[1:] if arg.head != "slice"]
            return SCALAR if base is None or len(given) >= sum(size != 1 for size in base) else None
        case "derivative" if len(node.args) == 2:
            top, bottom = (dims_of(arg, notation) for arg in node.args)
            return bottom if top == SCALAR else None if bottom != SCALAR else top
        case "power" | "negative" | "sum":
            return dims_of(node.args[0], notation)
        case "apply" if node.data[0] not in ("trace", "det", "diag", "vec", "log-sum-exp"):
            return dims_of(node.args[0], notation)
        case "add":
            return max((dims_of(arg, notation) or SCALAR for arg in node.args), key=lambda dims: dims != SCALAR)
        case "quotient":
            return dims_of(node.args[0], notation)
        case "product":
            return _product_dims(node, notation)
    return None


def _product_dims(node: Expression, notation: Notation) -> Dims | None:
    out: Dims = SCALAR
    for factor, sign in zip(node.args, node.data, strict=True):
        dims = dims_of(factor, notation)
        if dims is None:
            return None
        if out == SCALAR or sign in ("odot", "circ") or (dims == out and 1 in dims):
            out = dims if out == SCALAR else out
        elif dims != SCALAR:
            if out[1] != dims[0]:
                return None
            out = (out[0], dims[1])
    return out


def index_sizes(tree: Expression, notation: Notation) -> dict[str, Size]:
    """What each index runs over, by the places at which it is used."""
    found: dict[str, Size] = {name: known.dims[0] for name, known in notation.indices.items()}
    for _ in range(3):  # a Kronecker delta hands a size on
        for node in tree.walk():
            _use(node, notation, found)
    return found


def _use(node: Expression, notation: Notation, found: dict[str, Size]) -> None:
    if node.head == "entry":
        slots = [size for size in dims_of(node.args[0], notation) or () if size != 1]
        if node.args[0].head == "member":
            member = notation.families[node.args[0].data].member
            slots = [size for size in member.dims if size != 1]
        for size, index in zip(slots, node.args[1:], strict=False):
            if index.head == "index":
                found.setdefault(index.data, size)
    elif node.head == "member" and node.args[0].head == "index":
        found.setdefault(node.args[0].data, notation.families[node.data].index.dims[0])
    elif node.head in ("kronecker", "relation") and all(arg.head == "index" for arg in node.args):
        one, other = (arg.data for arg in node.args)
        if one in found or other in found:
            size = found.get(one, found.get(other, 1))
            found.setdefault(one, size)
            found.setdefault(other, size)
    elif node.head in BINDING and len(node.data) == 1 and node.args[2].head == "size":
        found.setdefault(node.data[0], node.args[2].data)


def renamed(tree: Expression, names: Mapping[str, str]) -> Expression:
    """The tree with other letters for some indices, bound ones too."""

    def change(node: Expression) -> Expression:
        if node.head == "index" and node.data in names:
            return replace(node, data=names[node.data])
        if node.head in BINDING:
            return replace(node, data=tuple(names.get(name, name) for name in node.data))
        return node

    return tree.map(change)
