"""Graphs of computations: of scalars and of networks with vectors, with shapes, and with the way back."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest

from truestep.derivations.language.faults import StatementFault
from truestep.problems.book import find_problem, pages
from truestep.problems.sheets.graphs import graph, vertices_of
from truestep.problems.sheets.typeset import drawing
from truestep.problems.sheets.typeset.drawing import Label
from truestep.problems.statements.problem import Problem


def test_a_graph_of_what_has_no_place_in_it_is_refused() -> None:
    with pytest.raises(StatementFault, match="has no place in a graph"):
        graph(Problem(symbols={"y": "n", "x": "n"}, given=(r"y = \mathbf{1}[x > 0]",)))


def labels(picture: Any) -> list[str]:
    return [item.formula for item in picture.items if isinstance(item, Label)]


def test_a_graph_of_vectors_has_shapes_and_the_way_back() -> None:
    problem = find_problem("two-layer-first-weights")
    plain, full = graph(problem), graph(problem, True, True)
    assert r"\operatorname{softmax}" in labels(plain)
    assert not {r"H \times D", r"\delta_{z_{1}}"} & {*labels(plain)}
    told = {r"H \times D", "H", "K", r"\delta_{z_{1}}", r"\delta_{h}", r"\partial L / \partial W_{1}"}
    assert told <= {*labels(full)}
    lines = [item.style for item in full.items if isinstance(item, drawing.Line)]
    assert lines.count("back") == lines.count("edge")
    assert "dash" in drawing.tikz(full)


def test_a_graph_ends_in_what_is_not_specified() -> None:
    vertices = vertices_of(find_problem("gru-hidden"))
    assert [vertex.name for vertex in vertices if vertex.name][-1] == "J"
    assert r"\odot" in [vertex.sign for vertex in vertices]


@pytest.mark.parametrize("page", [page for page in pages() if page.name not in ("counting", "shapes", "sgd")])
def test_the_computation_of_most_problems_is_drawn(page: Any) -> None:
    pictures = []
    for problem in page.problems:
        with contextlib.suppress(StatementFault):
            pictures.append(graph(problem, True, True))
    assert 2 * len(pictures) >= len(page.problems)
