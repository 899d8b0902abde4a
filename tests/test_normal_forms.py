"""Normal forms: what is equal by identities alone, and what must not be."""

from __future__ import annotations

import pytest

from truestep.checkers.comparing.question import Question
from truestep.checkers.works.examine import prepared
from truestep.derivations.meaning import shaped_terms
from truestep.derivations.meaning.scope import value_of
from truestep.problems.statements.problem import Problem

STATED = Problem(
    symbols={
        "A": "n x n",
        "B": "n x n",
        "S": "n x n",
        "X": "m x n",
        "W": "m x n",
        "x": "n",
        "y": "n",
        "z": "m",
        "b": "m",
        "a": "scalar",
        "c": "scalar",
    },
    given=("z = W x + b",),
    assume=("S = S^T",),
)

EQUAL = (
    ("(a + c)^2", "a^2 + 2 a c + c^2"),
    (r"a \sqrt{c} / c^2", r"a c^{-3/2}"),
    (r"\frac{1}{a c^2}", r"\frac{1}{a} \cdot \frac{1}{c} \cdot \frac{1}{c}"),
    (r"\operatorname{tr}(A B)", r"\operatorname{tr}(B A)"),
    (r"\operatorname{tr}(A B^T A)", r"\operatorname{tr}(A^T B A^T)"),
    (r"x^T S y", "y^T S x"),
    (r"x^T S^{-1} y", "y^T S^{-1} x"),
    (r"x^T A^{-T} y", "y^T A^{-1} x"),
    (r"\det(A)", r"\det(A^T)"),
    (r"z^T z", r"x^T W^T z + b^T (W x + b)"),
    (r"\sum_i x_i \sum_j y_j", r"\sum_i \sum_j x_j y_i"),
    (r"\sum_i (x_i + y_i) x_i", r"x^T x + y^T x"),
    (r"e^{a (x^T y + c)}", r"e^{a c + a y^T x}"),
    (r"A (x + y) - A y", "A x"),
    (r"\|x\|^2", "x^T x"),
)
DIFFERENT = (
    ("(a + c)^2", "a^2 + a c + c^2"),
    (r"a / a", "1"),
    (r"\sqrt{a}^2", "a"),
    (r"\frac{a}{c} - \frac{a}{c}", "0"),
    (r"\operatorname{tr}(A B)", r"\operatorname{tr}(A B^T)"),
    (r"\operatorname{tr}(A A B B)", r"\operatorname{tr}(A B A B)"),
    (r"x^T A y", "y^T A x"),
    (r"x^T A^{-1} y", "y^T A^{-1} x"),
    (r"\det(A)", r"\det(B)"),
    (r"z^T z", r"x^T W^T z + b^T W x"),
    (r"\sum_i x_i \sum_j y_j", r"\sum_i x_i y_i"),
    (r"\sum_i \sum_j A_{ij} A_{ij}", r"\sum_i \sum_j A_{ij} A_{ji}"),
    (r"e^{a x^T y}", r"e^{a x^T x}"),
    (r"A x", "A^T x"),
    (r"\|x\|", "x^T x"),
)


def are_identical(left: str, right: str) -> bool:
    """Whether the normal forms of two sides are the same."""
    with prepared(STATED) as world:
        scope = world.setting.scope
        first, second = (value_of(world.setting.read(side), scope) for side in (left, right))
        places = shaped_terms.axes_for(scope.arena, first.dims)
        return Question(first.entry(*places), second.entry(*places)).is_identity(world.normal)


@pytest.mark.parametrize(("left", "right"), EQUAL)
def test_equal_by_identities(left: str, right: str) -> None:
    assert are_identical(left, right)


@pytest.mark.parametrize(("left", "right"), DIFFERENT)
def test_what_is_no_identity_has_another_form(left: str, right: str) -> None:
    assert not are_identical(left, right)
