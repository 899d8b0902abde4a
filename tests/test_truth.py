"""The oracle of pairs: its own values, what it says of planted errors, and truestep's verdicts on many pairs."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from benchmarks import salts
from benchmarks.truth import command
from benchmarks.truth.assumed import FACTS, assumed
from benchmarks.truth.attacks import ATTACKS
from benchmarks.truth.laws import LAWS
from benchmarks.truth.mutating import mutated
from benchmarks.truth.pairs import KINDS, Pair, differs, is_as_said, pairs, point, seen_different
from benchmarks.truth.rewriting import rewritten
from benchmarks.truth.trees import add, latex, made, minus, name, number, of, over, power, times, value

X, Y, U, V = name("x"), name("y"), name("u"), name("v")
AT: dict[str, Any] = {"x": 3.0, "y": -2.0, "n": 2, "u": np.array([[1.0], [2.0]]), "v": np.array([[3.0], [5.0]])}


@pytest.mark.parametrize(
    ("tree", "expected", "written"),
    [
        (add(X, minus(Y)), 5.0, "x - y"),
        (times(number(2), add(X, Y)), 2.0, r"2 \left(x + y\right)"),
        (over(X, power(Y, 2)), 0.75, r"\frac{x}{y^{2}}"),
        (of("relu", Y), 0.0, r"\operatorname{ReLU}\left(y\right)"),
        (times(made("transpose", U), V), 13.0, "u^T v"),
        (made("total", made("entry", data=("u", "i")), data=("n", "i")), 3.0, r"\sum_{i=1}^{n} u_i"),
        (made("norm", U), 5**0.5, r"\left\|u\right\|_2"),
        (made("where", X, Y, data=">"), 1.0, r"\mathbb{1}[x > y]"),
    ],
)
def test_a_tree_has_a_value_and_a_text(tree: Any, expected: float, written: str) -> None:
    assert float(value(tree, AT)) == pytest.approx(expected)
    assert latex(tree) == written


@pytest.mark.parametrize("kind", KINDS)
def test_rewriting_leaves_the_value_and_a_mutation_changes_it(kind: str) -> None:
    changed = 0
    for seed in range(60):
        chance = random.Random(seed)
        tree = KINDS[kind](chance)
        assert seen_different(tree, rewritten(tree, chance)[0], chance) is None, seed
        changed += seen_different(tree, mutated(tree, chance)[0], chance) is not None
    assert changed > 30


@pytest.mark.parametrize("law", [*LAWS, assumed], ids=lambda law: law.__name__)
def test_a_law_holds_and_what_is_none_is_seen(law: Any) -> None:
    chance, seen = random.Random(5), 0
    for _ in range(60):
        pair = law(chance)
        sizes = {letter: pair.at[letter] for letter in "nmkl" if letter in pair.at}
        if pair.equal:
            assert not differs(pair.left, pair.right, pair.imposed({**point(chance, **sizes), **sizes})), pair.record
        seen += is_as_said(pair, chance)
    assert seen > 40


def test_what_is_assumed_is_imposed() -> None:
    chance = random.Random(2)
    for fact in FACTS:
        at = fact.imposed(point(chance))
        assert not any(differs(left, right, at) for left, right in fact.laws), fact.assume
        assert fact.errors


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_an_attack_shows_where_it_says(attack: Any) -> None:
    chance = random.Random(3)
    for _ in range(20):
        pair = attack(chance)
        seen = differs(pair.left, pair.right, {**point(chance), **pair.at})
        assert (seen is not True) if pair.at.get("seen") or pair.equal else seen is not None


def test_a_false_verdict_is_counted() -> None:
    pair = Pair("planted", X, X, False), Pair("planted", X, add(X, number(1)), True)
    report = command.judged(pair)
    assert len(report.accepted) == len(report.refused) == 1
    assert report.lines()[-1] == "2 pairs; falsely accepted 1, falsely refused 1"


def test_the_same_seed_makes_the_same_pairs() -> None:
    assert [pair.record for pair in pairs(30, 4)] == [pair.record for pair in pairs(30, 4)]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_no_pair_is_falsely_accepted_or_refused(seed: int) -> None:
    report = command.judged(pairs(250, seed))
    assert not report.accepted, report.lines()
    assert not report.refused, report.lines()


def test_a_verdict_that_depends_on_the_salt_is_told() -> None:
    first = [{"id": "a", "verdict": "right"}, {"id": "b", "verdict": "wrong", "lines": [{"verdict": "wrong"}]}]
    second = [{"id": "a", "verdict": "right"}, {"id": "b", "verdict": "undecided", "lines": [{"verdict": "undecided"}]}]
    assert salts.differing([("1", first), ("2", first)]) == []
    (told,) = salts.differing([("1", first), ("2", second)])
    assert told.startswith("salt 2: b: ('wrong'")
