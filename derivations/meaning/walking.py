"""The terms below some terms."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from truestep.derivations.meaning.terms import Definition, Term


def walk_terms(terms: Iterable[Term], definitions: Mapping[str, Definition] | None = None) -> list[Term]:
    """All terms below some terms, each once; through the ``definitions`` that are given."""
    out: list[Term] = []
    todo, done = list(terms), set[int]()
    while todo:
        node = todo.pop()
        if node.number in done:
            continue
        done.add(node.number)
        out.append(node)
        todo += node.args
        if definitions and node.op == "quantity" and node.data[0] in definitions:
            todo.append(definitions[node.data[0]].body)
    return out
