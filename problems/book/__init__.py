"""The book: a page per topic, a TOML file in which each table is the statement of a problem under its id."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from truestep.derivations.language.faults import StatementFault, nearest
from truestep.derivations.language.packed import packed_table, packed_text
from truestep.problems.statements.problem import Problem
from truestep.problems.statements.schema import made

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGES = (
    "softmax",
    "cross_entropy",
    "linear_layer",
    "batch_layer",
    "activations",
    "losses",
    "logistic_regression",
    "softmax_regression",
    "two_layer_network",
    "residual",
    "regression_network",
    "word2vec",
    "least_squares",
    "regularisation",
    "layer_norm",
    "normalisation",
    "attention",
    "recurrent",
    "generative",
    "mixtures",
    "contrastive",
    "policy_gradient",
    "composition",
    "counting",
    "sgd",
    "computational_graph",
    "shapes",
)
HEADING = re.compile(r"^\[([\w-]+)\]$", re.MULTILINE)


@dataclass(frozen=True)
class Page:
    """One page: its name, what it is about, and its problems in order."""

    name: str
    about: str
    problems: tuple[Problem, ...]


def pages() -> tuple[Page, ...]:
    """All pages with their problems.

    >>> pages()[0].name
    'softmax'
    """
    tables = {name: packed_table(__file__, name) for name in PAGES}
    return tuple(Page(name, table.pop("about"), tuple(_stated(table))) for name, table in tables.items())


def _stated(table: dict[str, dict[str, object]]) -> Iterator[Problem]:
    return (made({**stated, "id": identifier}, Problem) for identifier, stated in table.items())


@lru_cache(maxsize=1)
def identifiers() -> tuple[str, ...]:
    """The ids of all problems, in the order of the book.

    >>> identifiers()[0]
    'softmax-jacobian'
    """
    return tuple(identifier for page in PAGES for identifier in HEADING.findall(packed_text(__file__, page)))


@lru_cache(maxsize=256)
def find_problem(identifier: str) -> Problem:
    """The problem of an id.

    >>> find_problem("sigmoid-derivative").symbols
    {'z': 'scalar', 'a': 'scalar'}
    >>> find_problem("softmax-jacobean")
    Traceback (most recent call last):
    truestep...StatementFault: no problem in the book is called 'softmax-jacobean'; did you mean ...
    """
    for text in (packed_text(__file__, page) for page in PAGES):
        if identifier in HEADING.findall(text):
            return next(_stated({identifier: tomllib.loads(text)[identifier]}))
    proposal = nearest(identifier, identifiers()) or f"; the book holds {', '.join(identifiers())}"
    raise StatementFault(f"no problem in the book is called {identifier!r}{proposal}")
