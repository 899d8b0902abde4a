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
    ("softmax-jacobian-exponentials", "softmax", "unsimplified"),
    ("log-softmax-derivative", "softmax", "logarithm"),
    ("log-sum-exp-gradient", "softmax", "log_sum_exp"),
    ("softmax-temperature", "softmax", "temperature"),
    ("softmax-shift", "softmax", "shift"),
    ("softmax-backpropagation", "softmax", "backpropagation"),
    ("cross-entropy-gradient", "cross_entropy", "gradient"),
    ("cross-entropy-gradient-entry", "cross_entropy", "gradient_entry"),
    ("cross-entropy-outputs", "cross_entropy", "by_outputs"),
    ("cross-entropy-one-hot", "cross_entropy", "one_hot"),
    ("cross-entropy-weight-rule", "cross_entropy", "weight_rule"),
    ("cross-entropy-weights", "cross_entropy", "by_weights"),
    ("cross-entropy-bias", "cross_entropy", "by_bias"),
    ("cross-entropy-input", "cross_entropy", "by_input"),
    ("linear-layer-input", "linear_layer", "by_input"),
    ("linear-layer-weights", "linear_layer", "by_weights"),
    ("linear-layer-bias", "linear_layer", "by_bias"),
    ("linear-layer-jacobian", "linear_layer", "jacobian"),
    ("linear-layer-jacobian-numerator", "linear_layer", "jacobian_in_numerator_layout"),
    ("linear-layer-output-by-weight", "linear_layer", "entry_of_weights"),
    ("sigmoid-layer-weights", "linear_layer", "through_activation"),
    ("batch-layer-weights", "batch_layer", "by_weights"),
    ("batch-layer-inputs", "batch_layer", "by_inputs"),
    ("batch-layer-bias", "batch_layer", "by_bias"),
    ("batch-squared-sum-weights", "batch_layer", "squared_sum"),
    ("batch-squared-mean-weights", "batch_layer", "squared_mean"),
    ("batch-squared-mean-bias", "batch_layer", "mean_by_bias"),
    ("sigmoid-derivative", "activations", "sigmoid"),
    ("sigmoid-derivative-exponential", "activations", "sigmoid_in_exponentials"),
    ("sigmoid-second-derivative", "activations", "sigmoid_second"),
    ("log-sigmoid-derivative", "activations", "log_sigmoid"),
    ("tanh-derivative", "activations", "tanh"),
    ("softplus-derivative", "activations", "softplus"),
    ("relu-derivative", "activations", "relu"),
    ("leaky-relu-derivative", "activations", "leaky_relu"),
    ("elu-derivative", "activations", "elu"),
    ("swish-derivative", "activations", "swish"),
    ("gelu-derivative", "activations", "gelu"),
    ("sigmoid-layer", "activations", "sigmoid_layer"),
    ("tanh-layer", "activations", "tanh_layer"),
    ("relu-layer", "activations", "relu_layer"),
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
