"""Mistakes that show while a line is judged, without a search: shapes, givens, assumptions, special cases."""

from __future__ import annotations

from truestep.checkers.mistakes.card import Card, Example
from truestep.checkers.mistakes.families.problems import CROSS_ENTROPY, LAYER, MEAN_SQUARES

SHAPED = {**LAYER, "find": r"\frac{\partial J}{\partial W}"}

CLAIMED_SHAPE = Card(
    "claimed-shape",
    "The shape is stated wrongly",
    "The remark says another shape than the expression has.",
    "Rows and columns of a derivative depend on the layout, and the remark is written from memory.",
    "How many rows and columns has this expression, factor by factor?",
    Example(
        SHAPED,
        (r"\frac{\partial J}{\partial W} = \frac{\partial J}{\partial z} x^T \in \mathbb{R}^{M \times K}",),
    ),
    Example(
        SHAPED,
        (r"\frac{\partial J}{\partial W} = \frac{\partial J}{\partial z} x^T \in \mathbb{R}^{K \times M}",),
    ),
)
GIVEN_RESTATED = Card(
    "given-restated",
    "A given is restated wrongly",
    "The definition that the work begins with is not the one that the problem gives.",
    "A loss is written down as it stands in another book, with another factor or sign.",
    "What does the problem say this quantity is, word by word?",
    Example(
        MEAN_SQUARES,
        (r"L = \sum_{i=1}^N (\hat{y}_i - y_i)^2", r"\frac{\partial L}{\partial \hat{y}} = 2 (\hat{y} - y)"),
    ),
    Example(
        MEAN_SQUARES,
        (r"L = \sum_{i=1}^N \frac{(y_i - \hat{y}_i)^2}{N}",),
    ),
)
ASSUMPTION_USED = Card(
    "assumption-used",
    "An assumption is used in silence",
    "A step holds only because of a fact that the problem assumes, and the step does not say so.",
    "The fact is known from the statement and seems to need no mention.",
    "Why may this step be taken, and where is that said?",
    Example(
        CROSS_ENTROPY,
        (
            r"\frac{\partial L}{\partial z_i} = s_i \sum_k y_k - y_i",
            r"\frac{\partial L}{\partial z_i} = s_i - y_i",
        ),
    ),
    Example(
        CROSS_ENTROPY,
        (
            r"\frac{\partial L}{\partial z_i} = s_i \sum_k y_k - y_i \quad \text{and } \sum_k y_k = 1",
            r"\frac{\partial L}{\partial z_i} = s_i - y_i",
        ),
    ),
    plants=(
        r"\sum_i a_i ~ 1",
        r"A^T ~ A : A is a name",
    ),
)
SPECIAL_CASE_AS_GENERAL = Card(
    "special-case-as-general",
    "A special case is argued as the general one",
    "What is crossed out or replaced equals its replacement in one case only.",
    "One thinks of the entry of the true class and replaces its label by one.",
    "For which values is this replacement true, and what about all others?",
    Example(
        CROSS_ENTROPY,
        (r"\frac{\partial L}{\partial z_i} = \cancel{y_i}^{1} s_i + s_i \sum_{k \neq i} y_k - y_i + (y_i - 1) s_i",),
    ),
    Example(CROSS_ENTROPY, (r"\frac{\partial L}{\partial z_i} = s_i \cancel{\sum_{k=1}^K y_k}^{1} - y_i",)),
    plants=(r"\delta_{ij} ~ 1 : a factor",),
)
JUDGED = (GIVEN_RESTATED, CLAIMED_SHAPE, ASSUMPTION_USED, SPECIAL_CASE_AS_GENERAL)
