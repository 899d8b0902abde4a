"""Derivations: every line is right, the answer is the textbook's, the NumPy code agrees with finite differences."""

from __future__ import annotations

import importlib.util
import inspect
from functools import cache
from itertools import pairwise, product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from sources import stated, table

from truestep.checkers.derive_records import Options, derive_line, derive_record, solved
from truestep.derivations.deriving.displays.presenting import lines
from truestep.derivations.deriving.steps import Derivation, Stuck
from truestep.derivations.language.writing import latex
from truestep.derivations.numpy.module import numpy_module
from truestep.library.deriving import Derivation as Made
from truestep.problems.derived import derived
from truestep.problems.statements.statement import problem_from

if TYPE_CHECKING:
    from types import ModuleType

    from truestep.derivations.deriving.steps import Solution

DATA = table("derivations")
CASES = DATA["derived"]
STEP, CLOSE = 1e-6, 2e-5


@cache
def solutions_of(why: str) -> tuple[Solution, ...]:
    """What is derived of a case, which nobody changes."""
    return derived(stated(next(case for case in CASES if case["why"] == why)))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_the_answer_is_the_textbooks_and_every_line_is_right(case: dict[str, Any]) -> None:
    solutions, _ = solved(stated(case), Options("full"))
    assert [latex(one.answer, one.notation) for one in solutions] == [case["is"]]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_the_numpy_code_agrees_with_finite_differences(case: dict[str, Any], tmp_path: Path) -> None:
    (solution,) = solutions_of(case["why"])
    if (
        "kink" in case["why"]
        or "at a number" in case["why"]
        or "spectral" in case["why"]  # its vectors are given, and vary with the matrix
        or len(solution.forward.by) != 1
        or not solution.forward.assignments
    ):
        pytest.skip("a derivative of another kind")
    module = imported(numpy_module([solution]), tmp_path)
    arrays = drawn(solution, case, np.random.default_rng(7))
    if set(inspect.signature(module.gradient).parameters) != set(arrays):
        pytest.skip("an upstream gradient is not specified")
    by = solution.forward.by[0]
    if by not in arrays:
        pytest.skip("the derivative by a quantity that is computed itself")
    difference = differences(module, arrays, by)
    if "stacked" in case["why"]:  # column below column
        rows, columns = arrays[by].size, difference.size // arrays[by].size  # in denominator layout, as all code
        difference = difference.transpose(1, 0, 3, 2).reshape(rows, columns)
    gradient = np.asarray(module.gradient(**arrays))
    walked = np.asarray(Made((), (solution.numpy,), (), (solution,)).function()(**arrays))
    assert np.allclose(walked, gradient)
    assert gradient.shape == difference.shape
    assert np.allclose(gradient, difference, rtol=CLOSE, atol=CLOSE)


def imported(source: str, folder: Path) -> ModuleType:
    """The module of a source, from a file."""
    path = folder / "derived_module.py"
    path.write_text(source, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("derived_module", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def drawn(solution: Solution, case: dict[str, Any], random: np.random.Generator) -> dict[str, Any]:
    """Positive arrays of distinct small sizes, a square matrix well conditioned, as is assumed of them."""
    assume = case.get("assume", [])
    sizes: dict[object, int] = {}
    arrays: dict[str, Any] = {}
    for name, dims in solution.forward.inputs:
        shape = tuple(size if isinstance(size, int) else sizes.setdefault(size, 7 - len(sizes)) for size in dims)
        array = random.uniform(0.2, 0.9, size=tuple(size for size in shape if size != 1))
        arrays[name] = array + 2 * np.eye(len(array)) if array.ndim == 2 and len({*array.shape}) == 1 else array
        if case["symbols"].get(name, "").startswith("index"):
            arrays[name] = 1
        if f"{name} = {name}^T" in assume:
            arrays[name] = arrays[name] + arrays[name].T
        if any(text.startswith(r"\sum") and f" {name}_" in text for text in assume):
            arrays[name] = array / array.sum(axis=-1, keepdims=True)
    return arrays


def differences(module: ModuleType, arrays: dict[str, Any], by: str) -> np.ndarray[Any, Any]:
    """Central differences of the forward function: the axes of what is derived by first."""
    shape = np.shape(arrays[by])
    columns = []
    for place in product(*map(range, shape)):
        ends = []
        for sign in (1, -1):
            moved = np.array(arrays[by], dtype=float)
            moved[place] += sign * STEP
            ends.append(np.asarray(module.forward(**{**arrays, by: moved})))
        columns.append((ends[0] - ends[1]) / (2 * STEP))
    stacked = np.array(columns)
    return stacked.reshape((*shape, *stacked.shape[1:]))


def walk(derivation: Derivation) -> list[Derivation]:
    """A derivation and those inside it."""
    inner = [one for step in derivation.steps for detail in step.details for one in walk(detail)]
    return [derivation, *inner]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_the_ends_of_steps_meet_and_no_line_is_said_twice(case: dict[str, Any]) -> None:
    for solution in solutions_of(case["why"]):
        for outer in solution.derivations:
            for derivation in walk(outer):
                ends = [derivation.goal, *(step.after for step in derivation.steps)]
                assert [step.before for step in derivation.steps] == ends[:-1]
                assert all(one != other for one, other in pairwise(ends))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_less_detail_says_no_more(case: dict[str, Any]) -> None:
    (solution,) = solutions_of(case["why"])
    counts = [len(lines(solution, detail)) for detail in ("terse", "normal", "full")]
    assert counts == sorted(counts)
    assert counts[0] >= 1


@pytest.mark.parametrize("case", DATA["stuck"], ids=lambda case: case["why"])
def test_what_cannot_be_derived_is_stuck_with_the_place(case: dict[str, Any]) -> None:
    problem = {key: value for key, value in case.items() if key not in ("why", "says")}
    record = derive_record({"id": 1, "problem": problem})
    assert record["status"] == "stuck", record
    assert case["says"] in record["stuck_at"]
    assert set(record) == {"id", "status", "stuck_at"}


@pytest.mark.parametrize("case", DATA["route"], ids=lambda case: case["why"])
def test_both_routes_lead_to_lines_that_are_right(case: dict[str, Any]) -> None:
    problem = {key: value for key, value in case.items() if key not in ("why", "rules")}
    for detail in ("normal", "full"):
        _, rows = solved(problem_from(problem), Options(detail, route="cases"))
        assert set(case["rules"]) <= {row.rule for row in rows}


def test_the_layout_that_is_asked_for() -> None:
    problem = {
        "symbols": {"x": "n", "A": "m x n", "f": "m"},
        "given": ["f = A x"],
        "find": r"\frac{\partial f}{\partial x}",
    }
    answers = [
        derive_record({"problem": problem}, Options(layout=layout))["answer"] for layout in ("denominator", "numerator")
    ]
    assert answers == ["A^T", "A"]


def test_entries_of_bold_vectors_are_light() -> None:
    problem = {
        "symbols": {r"\mathbf{x}": "n", "f": "scalar"},
        "given": [r"f = \mathbf{x}^T \mathbf{x}"],
        "find": r"\frac{\partial f}{\partial \mathbf{x}}",
    }
    record = derive_record({"id": 1, "problem": problem})
    assert record["answer"] == r"2 \mathbf{x}"
    assert record["lines"][0].startswith(r"\frac{\partial f}{\partial x_j}")


def test_a_line_that_the_examiner_does_not_find_right_is_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = stated(CASES[0])
    monkeypatch.setattr("truestep.checkers.derive_records.record_lines", lambda rows: ["0 = 1" for _ in rows])
    with pytest.raises(Stuck, match="not verified"):
        solved(problem, Options())


def test_the_score_of_a_policy_is_a_sum_of_vectors() -> None:
    problem = {
        "symbols": {r"\theta": "d", r"\phi_a": "d", "h": "A", r"\pi": "A", "a": "index A"},
        "given": [r"h_a = \theta^T \phi_a", r"\pi_a = \frac{e^{h_a}}{\sum_{b=1}^{A} e^{h_b}}"],
        "find": r"\frac{\partial \log \pi_a}{\partial \theta}",
    }
    assert derive_record({"id": 1, "problem": problem})["answer"] == r"\phi_a - \sum_b \pi_b \phi_b"


def test_a_number_that_is_given_is_its_definition() -> None:
    problem = {"symbols": {"a": "scalar", "b": "scalar"}, "given": ["a = 2", "b = a + 1"], "find": ["a", "b"]}
    record = derive_record({"id": 1, "problem": problem})
    assert record["answer"] == ["2", "3"]
    assert record["lines"][0] == "a = 2"


def test_an_entry_at_a_label_keeps_its_letter() -> None:
    problem = {"symbols": {"L": "scalar", "p": "K", "c": "index K"}, "given": [r"L = -\log p_c"], "find": "L"}
    record = derive_record({"id": 1, "problem": problem})
    assert (record["answer"], record["numpy"]) == (r"-\log(p_c)", "-np.log(p[c])")


def test_a_one_hot_label_picks_its_term_where_the_answer_may_not_name_it() -> None:
    problem = {
        "symbols": {"L": "scalar", "p": "K", "y": "K", "c": "index K"},
        "given": [r"L = -\sum_k y_k \log p_k"],
        "assume": [r"y_k \in \{0, 1\}", r"\sum_k y_k = 1", "y_c = 1", "p_k > 0"],
        "find": "L",
    }
    free, bound = (derive_record({"id": 1, "problem": {**problem, **rule}}) for rule in ({}, {"only": ["p"]}))
    assert free["answer"] == r"-\sum_k y_k \log(p_k)"
    assert bound["answer"] == r"-\log(p_c)"
    assert bound["rules"][-1] == "only the term of the label remains"


def test_records_that_cannot_be_used() -> None:
    assert "no JSON" in derive_line("nonsense", 3)["error"]
    assert derive_line("[]", 4)["mend"] == "author"
    assert "find" in derive_record({"id": 5, "problem": {"symbols": {"x": "n"}}})["stuck_at"]
    assert derive_record({"id": 6, "problem": "no-such-problem"})["mend"] == "author"
