"""The book: a page per topic; a page is opened when one of its problems is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from truestep.derivations.language.faults import StatementFault, nearest

if TYPE_CHECKING:
    from types import ModuleType

    from truestep.problems.statements.problem import Problem

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
    ("mse-gradient", "losses", "mean_squared"),
    ("sse-gradient", "losses", "sum_squared"),
    ("squared-norm-gradient", "losses", "squared_norm"),
    ("bce-gradient", "losses", "binary"),
    ("bce-mean-gradient", "losses", "binary_mean"),
    ("bce-logit", "losses", "binary_logit"),
    ("mse-sigmoid-logit", "losses", "mean_squared_sigmoid"),
    ("kl-divergence-gradient", "losses", "kullback_leibler"),
    ("hinge-loss-gradient", "losses", "hinge"),
    ("huber-loss-derivative", "losses", "huber"),
    ("focal-loss-derivative", "losses", "focal"),
    ("logistic-regression-weights", "logistic_regression", "by_weights"),
    ("logistic-regression-bias", "logistic_regression", "by_bias"),
    ("logistic-regression-hessian", "logistic_regression", "hessian"),
    ("logistic-loss-plus-minus", "logistic_regression", "plus_minus"),
    ("logistic-regression-batch", "logistic_regression", "batch_gradient"),
    ("logistic-regression-batch-mean", "logistic_regression", "batch_mean_gradient"),
    ("logistic-regression-batch-hessian", "logistic_regression", "batch_hessian"),
    ("softmax-regression-logits", "softmax_regression", "by_logits"),
    ("softmax-regression-weights", "softmax_regression", "by_weights"),
    ("softmax-regression-weights-sum", "softmax_regression", "by_weights_sum"),
    ("softmax-regression-bias", "softmax_regression", "by_bias"),
    ("softmax-regression-inputs", "softmax_regression", "by_inputs"),
    ("two-layer-second-weights", "two_layer_network", "by_second_weights"),
    ("two-layer-second-bias", "two_layer_network", "by_second_bias"),
    ("two-layer-hidden", "two_layer_network", "by_hidden"),
    ("two-layer-hidden-sums", "two_layer_network", "by_first_sums"),
    ("two-layer-first-weights", "two_layer_network", "by_first_weights"),
    ("two-layer-first-bias", "two_layer_network", "by_first_bias"),
    ("two-layer-input", "two_layer_network", "by_input"),
    ("regression-network-forward", "regression_network", "forward"),
    ("classification-network-forward", "regression_network", "forward_with_sigmoid"),
    ("regression-network-first-weights", "regression_network", "by_first_weights"),
    ("regression-network-first-bias", "regression_network", "by_first_bias"),
    ("regression-network-second-weights", "regression_network", "by_second_weights"),
    ("regression-network-second-bias", "regression_network", "by_second_bias"),
    ("identity-jacobian", "regression_network", "identity_jacobian"),
    ("sigmoid-jacobian", "regression_network", "output_jacobian"),
    ("second-layer-jacobian", "regression_network", "second_layer_jacobian"),
    ("inner-jacobian", "regression_network", "inner_jacobian"),
    ("word2vec-centre", "word2vec", "by_centre"),
    ("word2vec-outside", "word2vec", "by_outside"),
    ("word2vec-outside-word", "word2vec", "by_outside_word"),
    ("negative-sampling-centre", "word2vec", "sampling_by_centre"),
    ("negative-sampling-outside", "word2vec", "sampling_by_outside"),
    ("negative-sampling-negative", "word2vec", "sampling_by_negative"),
    ("least-squares-gradient", "least_squares", "gradient"),
    ("least-squares-mean-gradient", "least_squares", "mean_gradient"),
    ("least-squares-hessian", "least_squares", "hessian"),
    ("weighted-least-squares-gradient", "least_squares", "weighted_gradient"),
    ("ridge-gradient", "least_squares", "ridge_gradient"),
    ("ridge-hessian", "least_squares", "ridge_hessian"),
    ("l2-penalty-gradient", "regularisation", "penalty"),
    ("l1-penalty-gradient", "regularisation", "absolute_penalty"),
    ("frobenius-penalty-gradient", "regularisation", "matrix_penalty"),
    ("regularised-layer-weights", "regularisation", "layer"),
    ("regularised-logistic-gradient", "regularisation", "regularised_logistic"),
    ("layer-norm-mean", "layer_norm", "mean"),
    ("layer-norm-deviation", "layer_norm", "deviation"),
    ("layer-norm-variance", "layer_norm", "variance"),
    ("layer-norm-input", "layer_norm", "whole"),
    ("layer-norm-scale", "layer_norm", "scale"),
    ("layer-norm-shift", "layer_norm", "shift"),
    ("attention-scores-query", "attention", "score_by_query"),
    ("attention-scores-keys", "attention", "score_by_keys"),
    ("attention-softmax", "attention", "by_scores"),
    ("attention-weights", "attention", "by_weights"),
    ("attention-values", "attention", "by_values"),
    ("attention-query", "attention", "by_query"),
    ("affine-composition", "composition", "output"),
    ("affine-composition-jacobian", "composition", "jacobian"),
    ("affine-composition-bias", "composition", "by_first_bias"),
    ("affine-composition-shapes", "composition", "shapes"),
    ("parameters-of-a-layer", "counting", "layer"),
    ("parameters-of-a-layer-symbolic", "counting", "symbolic_layer"),
    ("parameters-of-a-network", "counting", "network"),
    ("parameters-of-a-convolution", "counting", "convolution"),
    ("sgd-unbiased", "sgd", "unbiased"),
    ("sgd-full-gradient", "sgd", "mean_gradient"),
    ("sgd-step", "sgd", "step"),
    ("sgd-weight-decay", "sgd", "weight_decay"),
    ("graph-by-x", "computational_graph", "by_x"),
    ("graph-by-y", "computational_graph", "by_y"),
    ("graph-by-z", "computational_graph", "by_z"),
    ("scalar-network-first-weight", "computational_graph", "by_first_weight"),
    ("scalar-network-second-weight", "computational_graph", "by_second_weight"),
    ("scalar-network-first-bias", "computational_graph", "by_first_bias"),
    ("scalar-network-second-bias", "computational_graph", "by_second_bias"),
    ("scalar-network-output", "computational_graph", "output"),
    ("shape-of-weight-gradient", "shapes", "weight_gradient"),
    ("shape-of-bias-gradient", "shapes", "bias_gradient"),
    ("shape-of-input-jacobian", "shapes", "local_input_gradient"),
    ("shape-of-batch-input-gradient", "shapes", "batch_input_gradient"),
    ("shape-of-attention-scores", "shapes", "attention_scores"),
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
    names = dict.fromkeys(page for _, page, _ in BOOK)
    return tuple(_page(name, import_module(f"truestep.problems.book.{name}")) for name in names)


def _page(name: str, module: ModuleType) -> Page:
    """A page of its module: the first line of the module says what it is about."""
    about = (module.__doc__ or name).strip().partition("\n")[0]
    return Page(name, about, tuple(getattr(module, function)() for _, page, function in BOOK if page == name))


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
    >>> find_problem("softmax-jacobean")
    Traceback (most recent call last):
    truestep...StatementFault: no problem in the book is called 'softmax-jacobean'; did you mean ...
    """
    for known, page, name in BOOK:
        if known == identifier:
            problem: Problem = getattr(import_module(f"truestep.problems.book.{page}"), name)()
            return problem
    proposal = nearest(identifier, identifiers()) or f"; the book holds {', '.join(identifiers())}"
    raise StatementFault(f"no problem in the book is called {identifier!r}{proposal}")
