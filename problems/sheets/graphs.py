"""The computational graph of a problem: from its inputs through the operations of its givens to its output."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from truestep.derivations.deriving.givens import Givens
from truestep.derivations.deriving.steps import Stuck
from truestep.derivations.language.expression import symbol
from truestep.derivations.language.faults import Fault, StatementFault
from truestep.derivations.language.functions import BY_NAME
from truestep.derivations.language.writing import latex
from truestep.derivations.meaning.scope import value_of
from truestep.problems.derived import goal_of
from truestep.problems.sheets.typeset.drawing import Label, Line, Node, Picture, Point
from truestep.problems.sheets.typeset.mathematics import plain_mathematics
from truestep.problems.sheets.typeset.widths import width
from truestep.problems.statements.prepared import setting_of

if TYPE_CHECKING:
    from truestep.derivations.deriving.algebra import nodes
    from truestep.derivations.language.expression import Expression
    from truestep.problems.statements.prepared import Setting
    from truestep.problems.statements.problem import Problem

ROUND, SQUARE = 0.36, 0.3
ROW, WIDEST, COLUMN = 1.5, 15.5, 1.9
MAX_NODES = 60
BESIDE = 0.13
_TRANSPARENT = ("group", "cancel", "boxed")
_WHOLE = {"sum": r"\sum", "norm": r"\|\cdot\|", "mean": r"\mathbb{E}"}  # one operation of all that stands inside


@dataclass
class Vertex:
    """An input (round), or an operation (square) with the name of what it makes."""

    sign: str
    name: str = ""
    sources: list[int] = field(default_factory=list)
    column: int = 0
    shape: str = ""
    symbol: str = ""  # the name, as it is declared

    @property
    def is_input(self) -> bool:
        """Whether nothing is computed here."""
        return not self.sources

    @property
    def is_reached(self) -> bool:
        """Whether an error signal comes to it: a number has none."""
        return bool(self.sources or self.symbol)

    @property
    def wide(self) -> float:
        """How many times as wide as high its mark is: the name of a function needs room."""
        return 1.0 if self.is_input else max(1.0, width(self.sign) / 1.5)


def graph(problem: Problem, with_shapes: bool = False, with_back: bool = False) -> Picture:
    r"""The picture of the givens of a problem; on request with shapes on its edges, and error signals on the way back.

    Raises StatementFault where they hold what has no place in a graph.

    >>> from truestep.problems.statements.problem import Problem
    >>> product = Problem(symbols={"a": "scalar", "x": "scalar", "y": "scalar"}, given=("a = x y",))
    >>> [item.formula for item in graph(product).items if isinstance(item, Label)]
    ['x', 'y', '\\times', 'a']
    """
    vertices = vertices_of(problem)
    if not vertices:
        raise StatementFault("a graph is drawn of givens, and the problem has none", key="figure")
    if len(vertices) > MAX_NODES:
        raise StatementFault(f"the graph has {len(vertices)} nodes; at most {MAX_NODES} are drawn", key="figure")
    _set_columns(vertices)
    return _drawn(vertices, with_shapes, with_back)


def vertices_of(problem: Problem) -> list[Vertex]:
    """The nodes of the graph; each comes after what it is computed from."""
    setting = setting_of(problem)
    builder = _Builder(setting)
    for name in [*builder.givens, *setting.notation.depends]:
        builder.quantity(name)
    return builder.vertices


def _defined(left: Expression) -> str:
    """The name that a given defines, whole or entry by entry."""
    named = left.args[0] if left.head == "entry" else left
    if named.head != "symbol":
        raise StatementFault("a graph is drawn of givens whose left sides are names, or their entries", key="figure")
    return str(named.data)


class _Builder:
    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.known: dict[str, int] = {}
        self.vertices: list[Vertex] = []
        self.bodies: dict[str, nodes.Node] | None = None
        self.givens = {_defined(left): (left, right) for left, right in setting.given}

    def quantity(self, name: str) -> int:
        """The vertex of a named quantity: what makes it, where something does, else an input."""
        if name in self.known:
            return self.known[name]
        if name in self.givens:
            self.define(name, *self.givens.pop(name))
        elif name in self.setting.notation.depends:
            sources = [self.quantity(parent) for parent in self.setting.notation.depends[name]]
            self.name(self.add(Vertex(plain_mathematics(name), sources=sources)), name)
        else:
            shape = self.shape(symbol(name))
            self.known[name] = self.add(Vertex(plain_mathematics(name), shape=shape, symbol=name))
        return self.known[name]

    def define(self, name: str, left: Expression, right: Expression) -> None:
        if left.head == "entry":
            self.name(self.add(self.entrywise(name, right)), name)
            return
        place = self.place(right)
        vertex = self.vertices[place]
        if vertex.is_input or vertex.name:
            place = self.add(Vertex("=", sources=[place]))
        self.name(place, name)

    def number(self, written: str) -> int:
        """The vertex of a number, or of what is made of numbers alone."""
        self.known[written] = self.add(Vertex(written))
        return self.known[written]

    def name(self, place: int, name: str) -> None:
        """The vertex makes what has this name."""
        vertex = self.vertices[place]
        vertex.name, vertex.symbol, vertex.shape = plain_mathematics(name), name, self.shape(symbol(name))
        self.known[name] = place

    def entrywise(self, name: str, right: Expression) -> Vertex:
        """The one operation that a definition entry by entry is: a softmax, a function of each entry, or another."""
        if self.bodies is None:
            try:
                self.bodies = Givens(goal_of(self.setting, symbol(name))).definitions
            except Stuck:
                self.bodies = {}
        body = self.bodies.get(name)
        sign = r"\operatorname{softmax}" if body is not None and body.op == "softmax" else ""
        if body is not None and body.op == "function" and body.data[0] in BY_NAME:
            sign = BY_NAME[body.data[0]].letter or BY_NAME[body.data[0]].typeset
        return Vertex(plain_mathematics(sign or "f"), sources=self.names_in(right))

    def names_in(self, node: Expression) -> list[int]:
        """The vertices of the quantities that stand in an expression."""
        found = [child for child in node.walk() if child.head == "symbol" and str(child.data) not in ("e", r"\pi")]
        return [*dict.fromkeys(self.place(child) for child in found)]

    def shape(self, node: Expression) -> str:
        """The shape of an expression, as it is written; nothing for a number."""
        try:
            dims = value_of(node, self.setting.scope).dims
        except Fault:
            return ""
        sizes = [str(size) for place, size in enumerate(dims) if size != 1 or (place == 0 and len(dims) == 2)]
        return "" if set(sizes) <= {"1"} else plain_mathematics(r" \times ".join(sizes))

    def add(self, vertex: Vertex) -> int:
        self.vertices.append(vertex)
        return len(self.vertices) - 1

    def place(self, node: Expression) -> int:
        """The vertex that an expression is."""
        if node.head in _TRANSPARENT:
            return self.place(node.args[0])
        if node.head == "symbol" and node.data != "e":
            return self.quantity(str(node.data))
        if node.head == "entry":
            return self.place(node.args[0])
        if not any(child.head in ("symbol", "member") and child.data != "e" for child in node.walk()):
            written = plain_mathematics(latex(node))
            return self.known[written] if written in self.known else self.number(written)
        if node.head == "power" and node.args[0].head in ("symbol", "constant") and node.args[0].data == "e":
            return self.add(Vertex(r"\exp", sources=[self.place(node.args[1])], shape=self.shape(node)))
        if node.head in _WHOLE:
            return self.add(Vertex(_WHOLE[node.head], sources=self.names_in(node), shape=self.shape(node)))
        sources = [self.place(part) for part in node.args if part.head != "none"]
        return self.add(Vertex(_sign(node), sources=sources, shape=self.shape(node)))


def _sign(node: Expression) -> str:
    """What stands in an operation's square."""
    if node.head == "product" and isinstance(node.data, tuple) and {*node.data} & {"odot", "circ"}:
        return r"\odot"
    if node.head == "apply":
        name = str(node.data[0])
        known = BY_NAME.get(name)
        if known is not None:
            return plain_mathematics(known.letter or known.typeset)
        return plain_mathematics(rf"\text{{{name}}}" if name.isalpha() and len(name) > 1 else name)
    signs = {
        "add": "+",
        "product": r"\times",
        "negative": "-",
        "quotient": "/",
        "power": r"\wedge",
        "transpose": r"\top",
        "root": r"\sqrt{\;}",
        "abs": r"| \cdot |",
    }
    if node.head not in signs:
        raise StatementFault(f"a {node.head} has no place in a graph; use sums, products and functions", key="figure")
    return signs[node.head]


def _set_columns(vertices: list[Vertex]) -> None:
    """Operations stand to the right of all they need, inputs right before what first needs them."""
    for vertex in vertices:
        if vertex.sources:
            vertex.column = 1 + max(vertices[place].column for place in vertex.sources)
    for place, vertex in enumerate(vertices):
        users = [other.column for other in vertices if place in other.sources]
        if vertex.is_input and users:
            vertex.column = min(users) - 1


def _drawn(vertices: list[Vertex], with_shapes: bool, with_back: bool) -> Picture:
    columns = 1 + max(vertex.column for vertex in vertices)
    layers, edges = _layers(vertices, columns)
    _order(layers, edges)
    heights = _heights(layers, edges)
    step = min(COLUMN, WIDEST / columns)
    low, high = min(heights.values()), max(heights.values())
    foot = 0.85 if with_back else 0.5
    at = {key: ((key[1] + 0.5) * step, (height - low) * ROW + foot) for key, height in heights.items()}
    items: list[Line | Label | Node] = []
    for number, vertex in enumerate(vertices):
        for count, source in enumerate(vertex.sources):
            offset = 0.14 * (vertex.sources[:count].count(source) - (vertex.sources.count(source) - 1) / 2)
            edge = _edge(vertices, number, source, at, offset)
            items.append(edge)
            if with_shapes and vertices[source].shape and not count:
                items.append(_shape_of(edge, vertices[source].shape))
            if with_back and vertices[source].is_reached:
                items.append(_back(edge))
    top = next((one.name for one in reversed(vertices) if one.name), "")
    for number, vertex in enumerate(vertices):
        items += _marked(vertex, at[number, vertex.column])
        if with_back and vertex.symbol and vertex.name != top:
            items.append(_signal(vertex, at[number, vertex.column], top))
    return Picture(columns * step, (high - low) * ROW + foot + 0.9, tuple(items), "computational graph")


Key = tuple[int, int]


def _layers(vertices: list[Vertex], columns: int) -> tuple[list[list[Key]], list[tuple[Key, Key]]]:
    """The columns of nodes, with a place kept in each column that a long edge passes; and the edges between them."""
    layers: list[list[Key]] = [[] for _ in range(columns)]
    edges: list[tuple[Key, Key]] = []
    for number, vertex in enumerate(vertices):
        users = [(place, other.column) for place, other in enumerate(vertices) if number in other.sources]
        last = max([vertex.column, *(column - 1 for _, column in users)])
        for column in range(vertex.column, last + 1):
            layers[column].append((number, column))
            if column > vertex.column:
                edges.append(((number, column - 1), (number, column)))
        edges += [((number, column - 1), (place, column)) for place, column in users]
    return layers, edges


def _near(edges: list[tuple[Key, Key]], key: Key) -> list[Key]:
    return [a if b == key else b for a, b in edges if key in (a, b)]


def _order(layers: list[list[Key]], edges: list[tuple[Key, Key]]) -> None:
    """Sorts each column by the mean place of its neighbours, sweeping right and left, so that few edges cross."""
    rows = {key: float(row) for layer in layers for row, key in enumerate(layer)}
    for sweep in range(8):
        step = -1 if sweep % 2 == 0 else 1
        for layer in layers[::-step]:
            means = {}
            for key in layer:
                near = [rows[place] for place in _near(edges, key) if place[1] == key[1] + step]
                means[key] = sum(near) / len(near) if near else rows[key]
            layer.sort(key=lambda key: means[key])
            rows.update({key: float(row) for row, key in enumerate(layer)})


def _heights(layers: list[list[Key]], edges: list[tuple[Key, Key]]) -> dict[Key, float]:
    """How high each place lies: near the mean of its neighbours, a row apart from the next in its column."""
    heights = {key: (len(layer) - 1) / 2 - row for layer in layers for row, key in enumerate(layer)}
    for _ in range(40):
        for layer in layers:
            wanted = [sum(heights[near] for near in _near(edges, key)) / len(_near(edges, key)) for key in layer]
            spread = [wanted[0]]
            for height in wanted[1:]:
                spread.append(min(height, spread[-1] - 1))
            shift = sum(a - b for a, b in zip(wanted, spread, strict=True)) / len(layer)
            heights.update({key: height + shift for key, height in zip(layer, spread, strict=True)})
    return heights


def _edge(vertices: list[Vertex], number: int, source: int, at: dict[Key, Point], offset: float) -> Line:
    """The way from a node through the places kept for it to the node that uses it."""
    target, begin = vertices[number], vertices[source]
    way = [at[source, column] for column in range(begin.column, target.column)] + [at[number, target.column]]
    way = [(x, y + offset) for x, y in way]
    start = _cut(way[0], way[1], ROUND if begin.is_input else SQUARE, begin.wide)
    end = _cut(way[-1], way[-2], SQUARE + 0.06, target.wide)
    return Line((start, *way[1:-1], end), "edge", True)


def _back(edge: Line) -> Line:
    """The way back beside an edge."""
    return Line(tuple((x, y - BESIDE) for x, y in reversed(edge.points)), "back", True)


def _shape_of(edge: Line, shape: str) -> Label:
    """A shape above the middle of an edge's first stretch."""
    (x, y), (a, b) = edge.points[:2]
    return Label(((x + a) / 2, (y + b) / 2 + 0.2), shape, is_small=True)


def _signal(vertex: Vertex, at: Point, top: str) -> Label:
    """The name of the error signal below a node: of what is computed, or the gradient by an input."""
    said = rf"\partial {top} / \partial {vertex.sign}" if vertex.is_input else rf"\delta_{{{vertex.name}}}"
    return Label((at[0], at[1] - 0.56), said, is_small=True)


def _cut(centre: Point, towards: Point, radius: float, wide: float) -> Point:
    """The point on the rim of a node on the way to another."""
    across, up = towards[0] - centre[0], towards[1] - centre[1]
    length = math.hypot(across / wide, up) or 1.0
    return centre[0] + across / length * radius, centre[1] + up / length * radius


def _marked(vertex: Vertex, at: Point) -> list[Line | Label | Node]:
    x, y = at
    if vertex.is_input:
        return [Node(at, ROUND), Label(at, vertex.sign)]
    items: list[Line | Label | Node] = [Node(at, SQUARE, False, vertex.wide), Label(at, vertex.sign)]
    if vertex.name:
        items.append(Label((x, y + 0.55), vertex.name))
    return items
