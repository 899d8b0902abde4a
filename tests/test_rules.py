"""Laws over the rules: each has a name, a source and an example in which it is used, and no rule changes a value."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from truestep.checkers.derive_records import Options, solved
from truestep.derivations.deriving import differentiating, written
from truestep.derivations.deriving.rules import FORMS, REWRITES, RULES
from truestep.derivations.deriving.steps import Stuck
from truestep.problems.statements.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.derivations.deriving.algebra.monomials import Monomial, Place, Polynomial
    from truestep.derivations.deriving.algebra.nodes import Node
    from truestep.derivations.deriving.algebra.tidying import Tidying
    from truestep.derivations.deriving.algebra.workshop import Workshop
    from truestep.derivations.deriving.rules import Bench, Form, Rewrite, Rule
    from truestep.derivations.meaning.terms import Axis

IDS = [f"{rule.name} of {rule.ops[0]}" for rule in RULES]


def example(rule: Rule) -> Problem:
    """The problem that shows a rule."""
    assume = (r"\det(X) \neq 0",) if rule.name in ("Jacobi's formula", "derivative of an inverse") else ()
    shown = rule.example
    assume = (*assume, *shown.assume)
    return Problem(symbols=shown.symbols, given=shown.given, find=(shown.find,), assume=assume, route="delta")


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_a_rule_names_itself_and_its_source(rule: Rule) -> None:
    assert rule.name
    assert rule.ops
    assert any(letter.isdigit() for letter in rule.source), "a source has a year, a section or a number"


def test_each_kind_of_node_has_one_rule() -> None:
    ops = [op for rule in RULES for op in rule.ops]
    assert len(ops) == len(set(ops))


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_the_example_of_a_rule_is_derived_and_every_line_is_right(rule: Rule) -> None:
    solutions, rows = solved(example(rule), Options("full"))
    assert solutions[0].derivations
    assert rows


def spoiled(rule: Rule) -> Rule:
    """The rule with a factor 2 too much."""

    def apply(bench: Bench, node: Node, i: Place, j: Place) -> Polynomial:
        out = rule.apply(bench, node, i, j)
        for monomial in out:
            monomial.coefficient *= Fraction(2)
        return out

    return replace(rule, apply=apply)


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_a_rule_that_is_wrong_is_caught(rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    used: list[str] = []

    def apply(bench: Bench, node: Node, i: Place, j: Place) -> Polynomial:
        used.append(rule.name)
        return spoiled(rule).apply(bench, node, i, j)

    wrong = replace(rule, apply=apply)
    monkeypatch.setattr(differentiating, "RULES", tuple(wrong if one is rule else one for one in RULES))
    with pytest.raises(Stuck, match="not verified"):
        solved(example(rule), Options("full"))
    assert used, "the example does not use its rule"


def rewriting_example(rewrite: Rewrite) -> Problem:
    """The problem that shows a way of rewriting."""
    shown = rewrite.example
    return Problem(
        symbols=shown.symbols, given=shown.given, find=(shown.find,), assume=rewrite.assume, route=rewrite.route
    )


@pytest.mark.parametrize("rewrite", REWRITES, ids=lambda rewrite: rewrite.name)
def test_a_rewriting_is_used_in_its_example_and_every_line_is_right(rewrite: Rewrite) -> None:
    _, rows = solved(rewriting_example(rewrite), Options("full"))
    assert rewrite.name in {row.rule for row in rows}
    assert any(letter.isdigit() for letter in rewrite.source)


@pytest.mark.parametrize("rewrite", REWRITES, ids=lambda rewrite: rewrite.name)
def test_a_rewriting_that_is_wrong_is_caught(rewrite: Rewrite, monkeypatch: pytest.MonkeyPatch) -> None:
    def apply(tidying: Tidying, polynomial: Polynomial) -> Polynomial:
        out = rewrite.apply(tidying, polynomial)
        if out is polynomial or [vars_of(one) for one in out] == [vars_of(one) for one in polynomial]:
            return out
        return [replace(one, coefficient=2 * one.coefficient) for one in out]

    wrong = replace(rewrite, apply=apply)
    monkeypatch.setattr(differentiating, "REWRITES", tuple(wrong if one is rewrite else one for one in REWRITES))
    if rewrite.name == "deviations from the mean sum to 0":
        pytest.skip("what vanishes has no factor to spoil")
    with pytest.raises(Stuck, match="not verified"):
        solved(rewriting_example(rewrite), Options("full"))


def vars_of(monomial: Monomial) -> tuple[object, ...]:
    """What two equal monomials have in common."""
    return (monomial.coefficient, monomial.entries, monomial.deltas, monomial.bound, monomial.pending)


def form_example(form: Form) -> Problem:
    """The problem that shows a form."""
    shown = form.example
    return Problem(symbols=shown.symbols, given=shown.given, find=(shown.find,), route="delta")


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_a_form_is_recognised_in_its_example(form: Form) -> None:
    _, rows = solved(form_example(form), Options("full"))
    names = {row.rule for row in rows}
    assert form.name in names


def test_a_matrix_form_that_is_wrong_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    true_form = written.matrix_form

    def wrong(workshop: Workshop, polynomial: Sequence[Monomial], free: Sequence[Axis]) -> Node:
        return workshop.transpose(true_form(workshop, polynomial, free))

    monkeypatch.setattr(written, "matrix_form", wrong)
    outer = next(form for form in FORMS if form.name == "outer product")
    with pytest.raises(Stuck, match="not verified"):
        solved(form_example(outer), Options())
