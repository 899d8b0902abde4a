"""The computational graph of a problem: from its inputs through the operations of its givens to its output."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from truestep.derivations.language.faults import StatementFault
from truestep.derivations.language.functions import BY_NAME
from truestep.problems.sheets.typeset.drawing import Label, Line, Node, Picture, Point
from truestep.problems.sheets.typeset.mathematics import plain_mathematics
from truestep.problems.sheets.typeset.widths import width
from truestep.problems.statements.prepared import setting_of

if TYPE_CHECKING:
    from truestep.derivations.language.expression import Expression
    from truestep.problems.statements.problem import Problem

ROUND, SQUARE = 0.36, 0.3
ROW, WIDEST, COLUMN = 1.5, 15.5, 1.9
MAX_NODES = 60
_TRANSPARENT = ("group", "cancel", "boxed")


@dataclass
class Vertex:
    """An input (round), or an operation (square) with the name of what it makes."""

    sign: str
    name: str = ""
    sources: list[int] = field(default_factory=list)
    column: int = 0

    @property
    def is_input(self) -> bool:
        """Whether nothing is computed here."""
        return not self.sources

    @property
    def wide(self) -> float:
        """How many times as wide as high its mark is: the name of a function needs room."""
        return 1.0 if self.is_input else max(1.0, width(self.sign) / 1.5)


def graph(problem: Problem) -> Picture:
    r"""The picture of the givens of a problem.

    Raises StatementFault where they hold what has no place in a graph.

    >>> from truestep.problems.statements.problem import Problem
    >>> product = Problem(symbols={"a": "scalar", "x": "scalar", "y": "scalar"}, given=("a = x y",))
    >>> [item.formula for item in graph(product).items if isinstance(item, Label)]
    ['x', 'y', '\\times', 'a']
    """
    vertices = vertices_of(problem)
    if len(vertices) > MAX_NODES:
        raise StatementFault(f"figure: the graph has {len(vertices)} nodes; at most {MAX_NODES} are drawn")
    _set_columns(vertices)
    return _drawn(vertices)


def vertices_of(problem: Problem) -> list[Vertex]:
    """The nodes of the graph; each comes after what it is computed from."""
    builder = _Builder({})
    for left, right in setting_of(problem).given:
        builder.define(left, right)
    return builder.vertices


class _Builder:
    def __init__(self, known: dict[str, int]) -> None:
        self.known = known
        self.vertices: list[Vertex] = []

    def define(self, left: Expression, right: Expression) -> None:
        if left.head != "symbol":
            raise StatementFault("figure: a graph is drawn of givens whose left sides are names")
        place = self.place(right)
        vertex = self.vertices[place]
        if vertex.is_input or vertex.name:
            place = self.add(Vertex("=", sources=[place]))
        self.vertices[place].name = plain_mathematics(str(left.data))
        self.known[str(left.data)] = place

    def add(self, vertex: Vertex) -> int:
        self.vertices.append(vertex)
        return len(self.vertices) - 1

    def place(self, node: Expression) -> int:
        """The vertex that an expression is."""
        if node.head in _TRANSPARENT:
            return self.place(node.args[0])
        if node.head in ("symbol", "number"):
            name = str(node.data if node.head == "symbol" else node.data[0])
            if name not in self.known:
                self.known[name] = self.add(Vertex(plain_mathematics(name)))
            return self.known[name]
        sources = [self.place(part) for part in node.args if part.head != "none"]
        return self.add(Vertex(_sign(node), sources=sources))


def _sign(node: Expression) -> str:
    """What stands in an operation's square."""
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
    }
    if node.head not in signs:
        raise StatementFault(f"figure: a {node.head} has no place in a graph; use sums, products and functions")
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


def _drawn(vertices: list[Vertex]) -> Picture:
    columns = 1 + max(vertex.column for vertex in vertices)
    layers, edges = _layers(vertices, columns)
    _order(layers, edges)
    heights = _heights(layers, edges)
    step = min(COLUMN, WIDEST / columns)
    low, high = min(heights.values()), max(heights.values())
    at = {key: ((key[1] + 0.5) * step, (height - low) * ROW + 0.5) for key, height in heights.items()}
    items: list[Line | Label | Node] = []
    for number, vertex in enumerate(vertices):
        for count, source in enumerate(vertex.sources):
            offset = 0.14 * (vertex.sources[:count].count(source) - (vertex.sources.count(source) - 1) / 2)
            items.append(_edge(vertices, number, source, at, offset))
    for number, vertex in enumerate(vertices):
        items += _marked(vertex, at[number, vertex.column])
    return Picture(columns * step, (high - low) * ROW + 1.4, tuple(items), "computational graph")


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
