"""Why a quantity has its shape: from the definitions in which it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.derivations.language.faults import StatementFault
from truestep.derivations.language.writing import latex
from truestep.derivations.meaning.calculus import strip_groups
from truestep.problems.kinds.plain_words import name_of
from truestep.problems.kinds.shape_references import Asked, Shape, declared_shapes, in_latex
from truestep.problems.statements.prepared import setting_of

if TYPE_CHECKING:
    from truestep.derivations.language.expression import Expression
    from truestep.problems.statements.prepared import Setting
    from truestep.problems.statements.problem import Problem

Step = tuple[str, str, str]


def shape_steps(problem: Problem, asked: Asked) -> tuple[Step, ...]:
    r"""The steps (left side, right side with its relation, reason) that lead to a shape; none where no given says it.

    >>> from truestep.problems.kinds.shape_references import asked_shapes
    >>> from truestep.problems.statements.problem import Problem
    >>> layer = {"symbols": {"W": "t x s", "x": "s", "h": "t"}, "given": ("h = W x",)}
    >>> made = Problem(kind="shape", find=("W",), **layer)
    >>> [step[1] for step in shape_steps(made, asked_shapes(made)[0])]
    ['\\in \\mathbb{R}^{t}', '\\in \\mathbb{R}^{t \\times s}']
    """
    if asked.name.startswith("∂"):
        return _of_derivative(problem, asked)
    try:
        setting = setting_of(problem)
    except StatementFault:
        return ()
    shapes = declared_shapes(problem)
    for left, right in setting.given:
        steps = _in_given(left, right, asked, shapes, setting)
        if steps:
            return steps
    return ()


def _of_derivative(problem: Problem, asked: Asked) -> tuple[Step, ...]:
    above, _, below = asked.name.removeprefix("∂").partition("/∂")
    shape = declared_shapes(problem).get(above)
    if shape != () or not asked.shapes:
        return ()
    reason = f"the derivative of a number has the shape of what it is taken by, ${below}$"
    return ((asked.label, rf"\in {in_latex(asked.shapes[0])}", reason),)


def _in_given(
    left: Expression, right: Expression, asked: Asked, shapes: dict[str, Shape], setting: Setting
) -> tuple[Step, ...]:
    """The steps from one definition."""
    outer = shapes.get(name_of(str(left.data)) if left.head == "symbol" else "")
    if outer is None or len(outer) != 1:
        return ()
    terms = right.args if right.head == "add" else (right,)
    whole, space = latex(left, setting.notation), in_latex(outer)
    for term in terms:
        if _is(term, asked) and len(terms) > 1:
            others = next(latex(other, setting.notation) for other in terms if other is not term)
            return ((asked.label, rf"\in {space}", f"it is added to ${others}$, which has the shape of ${whole}$"),)
        factors = [strip_groups(factor) for factor in term.args] if term.head == "product" else []
        if len(factors) == 2 and _is(factors[0], asked):
            return _of_factor(
                term, factors[1], asked, outer, shapes, setting, f"{whole} = {latex(right, setting.notation)}"
            )
    return ()


def _of_factor(
    term: Expression,
    factor: Expression,
    asked: Asked,
    outer: Shape,
    shapes: dict[str, Shape],
    setting: Setting,
    whole: str,
) -> tuple[Step, ...]:
    inner = shapes.get(name_of(str(factor.data)) if factor.head == "symbol" else "")
    if inner is None or len(inner) != 1 or asked.shapes[:1] != ((*outer, *inner),):
        return ()
    product, vector = latex(term, setting.notation), latex(factor, setting.notation)
    rows = f"${outer[0]}$ rows, as many as ${product}$ has entries; ${inner[0]}$ columns, as many as ${vector}$ has"
    return (
        (product, rf"\in {in_latex(outer)}", f"it has the shape of ${whole}$"),
        (asked.label, rf"\in {in_latex((*outer, *inner))}", rows),
    )


def _is(node: Expression, asked: Asked) -> bool:
    node = strip_groups(node)
    return node.head == "symbol" and name_of(str(node.data)) == asked.name
