"""Hostile input: a sample of every kind breaks no promise, and the fuzzer sees what is planted."""

from __future__ import annotations

import random

import pytest

from benchmarks.fuzz import cases as kinds
from benchmarks.fuzz import command
from benchmarks.fuzz.cases import KINDS, Case, Kind, cases
from benchmarks.fuzz.mutating import LONGEST, MUTATIONS, hostile
from benchmarks.fuzz.sources import Sources, sources
from benchmarks.fuzz.tables import CHANGES, hostile_table

A_LINE = r"\frac{\partial J}{\partial x_j} = \sum_{k=1}^{K} 2 W_{kj}"


@pytest.fixture(scope="module")
def some() -> Sources:
    return sources()


@pytest.mark.parametrize("kind", KINDS)
def test_a_sample_breaks_no_promise(kind: str, some: Sources) -> None:
    count = 8 + KINDS[kind].weight // 8  # of a cheap kind more
    report = command.run(cases(count, 1, some, (kind,)))
    assert report.broken == []
    assert len(report.seconds[kind]) == count


def test_the_same_seed_draws_the_same_cases(some: Sources) -> None:
    assert [*cases(50, 3, some)] == [*cases(20, 3, some), *cases(30, 3, some, (), 20)]


@pytest.mark.parametrize("mutate", MUTATIONS)
def test_a_mutation_changes_the_text(mutate: object) -> None:
    assert callable(mutate)
    text = "\n".join(A_LINE[:length] for length in range(0, 50, 5))
    made = {mutate(random.Random(seed), text, A_LINE) for seed in range(30)}
    assert len(made) >= 10
    assert all(len(hostile(random.Random(seed), A_LINE * 100, A_LINE)) <= LONGEST for seed in range(50))


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_leaves_the_table_as_it_was(change: object, some: Sources) -> None:
    first, second = some.statements[:2]
    before = repr(first)
    made = [repr(hostile_table(random.Random(seed), first, second)) for seed in range(30)]
    assert repr(first) == before
    assert len(set(made)) > 10


def _raises(data: object) -> None:
    raise ValueError("planted")


def _endless(data: object) -> None:
    while True:
        pass


def _as_failure(data: object) -> None:
    kinds.answered({"error": "truestep failed here", "mend": "truestep"})


def _unknown_verdict(data: object) -> None:
    kinds.answered({"verdict": "perhaps", "final": {"verdict": "right"}, "lines": []})


@pytest.mark.parametrize("run", [_raises, _endless, _as_failure, _unknown_verdict])
def test_what_is_planted_is_seen(run: object, monkeypatch: pytest.MonkeyPatch) -> None:
    assert callable(run)
    monkeypatch.setattr(command, "PATIENCE", 0.05)
    monkeypatch.setitem(KINDS, "planted", Kind(1, lambda dice, some: None, run))
    report = command.run([Case(0, "planted", None)])
    assert len(report.broken) == 1
    assert not report.holds
    assert any(line.startswith("broken: number 0 (planted)") for line in report.lines())
