"""The book: a page per topic; a page is opened when one of its problems is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from derivations.faults import StatementFault, nearest

if TYPE_CHECKING:
    from problems.problem import Problem

# the id of each problem, its page, and the function on that page which states it
BOOK = (
    ("softmax-jacobian", "softmax", "jacobian"),
    ("softmax-jacobian-diagonal", "softmax", "diagonal"),
    ("softmax-jacobian-off-diagonal", "softmax", "off_diagonal"),
    ("cross-entropy-gradient", "cross_entropy", "gradient"),
    ("cross-entropy-gradient-entry", "cross_entropy", "gradient_entry"),
    ("cross-entropy-weight-rule", "cross_entropy", "weight_rule"),
    ("linear-layer-input", "linear_layer", "by_input"),
    ("linear-layer-weights", "linear_layer", "by_weights"),
    ("linear-layer-bias", "linear_layer", "by_bias"),
    ("sigmoid-derivative", "activations", "sigmoid"),
    ("sigmoid-layer", "activations", "sigmoid_layer"),
    ("tanh-derivative", "activations", "tanh"),
    ("mse-gradient", "losses", "mean_squared"),
    ("sse-gradient", "losses", "sum_squared"),
    ("bce-gradient", "losses", "binary"),
    ("bce-logit", "losses", "binary_logit"),
)


def identifiers() -> tuple[str, ...]:
    """The ids of all problems, in the order of the book.

    >>> identifiers()[0]
    'softmax-jacobian'
    """
    return tuple(identifier for identifier, _, _ in BOOK)


def find_problem(identifier: str) -> Problem:
    """The problem of an id.

    >>> find_problem("sigmoid-derivative").symbols
    {'z': 'scalar', 'a': 'scalar'}
    >>> find_problem("softmax-jacobean")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    derivations.faults.StatementFault: no problem in the book is called 'softmax-jacobean'; did you mean ...
    """
    for known, page, name in BOOK:
        if known == identifier:
            problem: Problem = getattr(import_module(f"problems.book.{page}"), name)()
            return problem
    proposal = nearest(identifier, identifiers()) or f"; the book holds {', '.join(identifiers())}"
    raise StatementFault(f"no problem in the book is called {identifier!r}{proposal}")
