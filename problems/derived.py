"""From a problem to its solutions: what is asked is derived from what is given."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from msgspec import structs

from truestep.derivations.deriving.derive import derive_all
from truestep.derivations.deriving.goal import Equation, Goal
from truestep.derivations.deriving.steps import Solution, Stuck
from truestep.problems.statements.assumptions import quantity_of
from truestep.problems.statements.prepared import Setting, setting_of

if TYPE_CHECKING:
    from truestep.derivations.language.expression import Expression
    from truestep.problems.statements.problem import Problem

DELTA = r"\delta"


def derived(problem: Problem, *, layout: str | None = None, route: str | None = None) -> tuple[Solution, ...]:
    r"""The solution of everything that a problem asks for.

    Raises StatementFault, and Stuck with the place and the reason.

    >>> from truestep.problems.statements.problem import Problem
    >>> shapes, asked = {"x": "n", "f": "scalar"}, (r"\frac{\partial f}{\partial x}",)
    >>> derived(Problem(symbols=shapes, given=("f = x^T x",), find=asked))[0].numpy
    '2 * x'
    """
    problem = structs.replace(problem, layout=layout or problem.layout, route=route or problem.route)
    setting = setting_of(problem)
    if not setting.find:
        raise Stuck("find", "the problem does not say what is asked")
    return derive_all([goal_of(setting, asked, place == 0) for place, asked in enumerate(setting.find)])


def goal_of(setting: Setting, asked: Expression, is_first: bool = True) -> Goal:
    """The goal of one thing that is asked, with the givens and assumptions of its setting."""
    properties = setting.assumptions.properties
    depends = {left: _arguments(right, setting) for left, right in setting.given}
    return Goal(
        asked,
        setting.notation,
        tuple(_equation(left, right, setting) for left, right in setting.given if not depends[left]),
        {**setting.notation.depends, **{_named(left, setting): names for left, names in depends.items() if names}},
        frozenset(name for name, known in properties.items() if known.symmetric),
        {name: known.simplex for name, known in properties.items() if known.simplex is not None},
        _conditions(setting, "!="),
        _conditions(setting, "="),
        hot={
            name: str(known.hot[0].data)
            for name, known in properties.items()
            if known.hot is not None and len(known.hot) == 1 and known.hot[0].head == "index"
        },
        uniform=setting.scope.uniform,
        named_partials=_named_partials(setting),
        letters=_letters(setting),
        stationary=tuple(setting.assumptions.stationary),
        signs=frozenset(name for name, known in properties.items() if {*known.values} == {Fraction(-1), Fraction(1)}),
        positive=frozenset(name for name, known in properties.items() if known.low is not None and known.low >= 0),
        signals=_signals(setting),
        answers=setting.answer,
        singular=tuple((one.matrix, one.left, one.right) for one in setting.singular),
        only=frozenset(
            str(node.data) for node in map(setting.read_or_none, setting.problem.only) if node and node.head == "symbol"
        ),
        reserved=frozenset(
            DELTA if name.startswith(DELTA) else name
            for name in setting.problem.names
            if len(name) == 1 or name.startswith(DELTA)
        ),
        numerator=setting.problem.layout == "numerator",
        sums="no sums" not in setting.problem.final_form,
        route=setting.problem.route or "",
        table=is_first,
    )


def _conditions(setting: Setting, relation: str) -> frozenset[tuple[str, str]]:
    """The pairs of indices that are assumed to be in a relation."""
    return frozenset(
        (str(node.args[0].data), str(node.args[1].data))
        for node in setting.assumptions.conditions
        if node.data == relation
    )


def _named_partials(setting: Setting) -> tuple[tuple[str, str], ...]:
    """The partial derivatives among the symbols that the answer may use."""
    found = (node for node in map(setting.read_or_none, setting.problem.only) if node and node.head == "derivative")
    return tuple(
        (str(node.args[0].data), str(node.args[1].data))
        for node in found
        if len(node.args) == 2 and all(arg.head == "symbol" for arg in node.args)
    )


def _signals(setting: Setting) -> dict[tuple[str, str], str]:
    """The statement's own names for partial derivatives, such as delta for dJ/dz."""
    out: dict[tuple[str, str], str] = {}
    for name, meaning in setting.problem.names.items():
        node = setting.read_or_none(meaning)
        if node is not None and node.head == "derivative" and [arg.head for arg in node.args] == ["symbol", "symbol"]:
            out[str(node.args[0].data), str(node.args[1].data)] = name
    return out


def _letters(setting: Setting) -> dict[str, tuple[str, ...]]:
    """The letters of the entries that must be shown."""
    out: dict[str, tuple[str, ...]] = {}
    for node in map(setting.read_or_none, setting.problem.must_show):
        for child in node.walk() if node else ():
            if child.head == "entry" and child.args[0].head == "symbol":
                out[str(child.args[0].data)] = tuple(str(arg.data) for arg in child.args[1:])
    return out


def _arguments(body: Expression, setting: Setting) -> tuple[str, ...]:
    r"""What a scalar is some function of that nothing defines: ``L = \ell(y)`` says no more than ``L = L(y)``."""
    kind = setting.notation.functions.get(str(body.data[0])) if body.head == "apply" and not body.data[1] else None
    found = [quantity_of(arg, setting.notation) for arg in body.args]
    if kind is None or kind.kind != "scalar" or kind.body is not None:
        return ()
    return tuple(one[0] for one in found if one is not None) if all(found) else ()


def _named(left: Expression, setting: Setting) -> str:
    found = quantity_of(left, setting.notation)
    return "" if found is None else found[0]


def _equation(left: Expression, right: Expression, setting: Setting) -> Equation:
    found = quantity_of(left, setting.notation)
    if found is None or any(index.head != "index" for index in found[1]):
        raise Stuck("given", "a definition of something other than a quantity or its entries")
    return Equation(found[0], tuple(str(index.data) for index in found[1]), right)
