"""The book: a page per topic; a page is opened when one of its problems is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from truestep.derivations.language.faults import StatementFault, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from truestep.problems.statements.problem import Problem

# each page, and the ids of its problems in their order
BOOK = (
    (
        "softmax",
        "softmax-jacobian softmax-jacobian-diagonal softmax-jacobian-off-diagonal "
        "softmax-jacobian-exponentials log-softmax-derivative log-sum-exp-gradient softmax-temperature "
        "softmax-shift softmax-backpropagation",
    ),
    (
        "cross_entropy",
        "cross-entropy-gradient cross-entropy-gradient-entry cross-entropy-outputs cross-entropy-one-hot "
        "cross-entropy-weight-rule cross-entropy-weights cross-entropy-bias cross-entropy-input",
    ),
    (
        "linear_layer",
        "linear-layer-input linear-layer-weights linear-layer-bias linear-layer-jacobian "
        "linear-layer-jacobian-numerator linear-layer-output-by-weight sigmoid-layer-weights",
    ),
    (
        "batch_layer",
        "batch-layer-weights batch-layer-inputs batch-layer-bias batch-squared-sum-weights "
        "batch-squared-mean-weights batch-squared-mean-bias",
    ),
    (
        "activations",
        "sigmoid-derivative sigmoid-derivative-exponential sigmoid-second-derivative log-sigmoid-derivative "
        "tanh-derivative softplus-derivative relu-derivative leaky-relu-derivative elu-derivative "
        "swish-derivative gelu-derivative sigmoid-layer tanh-layer relu-layer",
    ),
    (
        "losses",
        "mse-gradient sse-gradient squared-norm-gradient bce-gradient bce-mean-gradient bce-logit "
        "mse-sigmoid-logit kl-divergence-gradient hinge-loss-gradient huber-loss-derivative "
        "focal-loss-derivative",
    ),
    (
        "logistic_regression",
        "logistic-regression-weights logistic-regression-bias logistic-regression-hessian "
        "logistic-loss-plus-minus logistic-regression-batch logistic-regression-batch-mean "
        "logistic-regression-batch-hessian",
    ),
    (
        "softmax_regression",
        "softmax-regression-logits softmax-regression-weights softmax-regression-weights-sum "
        "softmax-regression-bias softmax-regression-inputs",
    ),
    (
        "two_layer_network",
        "two-layer-second-weights two-layer-second-bias two-layer-hidden two-layer-hidden-sums "
        "two-layer-first-weights two-layer-first-bias two-layer-input",
    ),
    (
        "regression_network",
        "regression-network-forward classification-network-forward regression-network-first-weights "
        "regression-network-first-bias regression-network-second-weights regression-network-second-bias "
        "identity-jacobian sigmoid-jacobian second-layer-jacobian inner-jacobian",
    ),
    (
        "word2vec",
        "word2vec-centre word2vec-outside word2vec-outside-word negative-sampling-centre "
        "negative-sampling-outside negative-sampling-negative",
    ),
    (
        "least_squares",
        "least-squares-gradient least-squares-mean-gradient least-squares-hessian "
        "weighted-least-squares-gradient ridge-gradient ridge-hessian",
    ),
    (
        "regularisation",
        "l2-penalty-gradient l1-penalty-gradient frobenius-penalty-gradient regularised-layer-weights "
        "regularised-logistic-gradient",
    ),
    (
        "layer_norm",
        "layer-norm-mean layer-norm-deviation layer-norm-variance layer-norm-input layer-norm-scale layer-norm-shift",
    ),
    (
        "attention",
        "attention-scores-query attention-scores-keys attention-softmax attention-weights attention-values "
        "attention-query",
    ),
    (
        "composition",
        "affine-composition affine-composition-jacobian affine-composition-bias affine-composition-shapes",
    ),
    (
        "counting",
        "parameters-of-a-layer parameters-of-a-layer-symbolic parameters-of-a-network parameters-of-a-convolution",
    ),
    ("sgd", "sgd-unbiased sgd-full-gradient sgd-step sgd-weight-decay"),
    (
        "computational_graph",
        "graph-by-x graph-by-y graph-by-z scalar-network-first-weight scalar-network-second-weight "
        "scalar-network-first-bias scalar-network-second-bias scalar-network-output",
    ),
    (
        "shapes",
        "shape-of-weight-gradient shape-of-bias-gradient shape-of-input-jacobian "
        "shape-of-batch-input-gradient shape-of-attention-scores",
    ),
)


@dataclass(frozen=True)
class Page:
    """One page: its name, what it is about, and its problems in order."""

    name: str
    about: str
    problems: tuple[Problem, ...]


def pages() -> tuple[Page, ...]:
    """All pages with their problems; this opens every page.

    >>> pages()[0].name
    'softmax'
    """
    return tuple(_page(name, import_module(f"{__name__}.{name}")) for name, _ in BOOK)


def _page(name: str, module: ModuleType) -> Page:
    """A page of its module: the first line of the module says what it is about."""
    return Page(name, (module.__doc__ or name).strip().partition("\n")[0], tuple(module.problems()))


def identifiers() -> tuple[str, ...]:
    """The ids of all problems, in the order of the book.

    >>> identifiers()[0]
    'softmax-jacobian'
    """
    return tuple(identifier for _, several in BOOK for identifier in several.split())


def find_problem(identifier: str) -> Problem:
    """The problem of an id.

    >>> find_problem("sigmoid-derivative").symbols
    {'z': 'scalar', 'a': 'scalar'}
    >>> find_problem("softmax-jacobean")
    Traceback (most recent call last):
    truestep...StatementFault: no problem in the book is called 'softmax-jacobean'; did you mean ...
    """
    for name, several in BOOK:
        if identifier in several.split():
            stated: Iterator[Problem] = import_module(f"{__name__}.{name}").problems()
            return next(problem for problem in stated if problem.id == identifier)
    proposal = nearest(identifier, identifiers()) or f"; the book holds {', '.join(identifiers())}"
    raise StatementFault(f"no problem in the book is called {identifier!r}{proposal}")
