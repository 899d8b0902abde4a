"""The salt of the tests, and which are quick: the first case of every test that is not called slow."""

from __future__ import annotations

import os

import pytest

# what is known to be wrong at present, each to be mended in the product
OPEN = (
    "test_later_work_is_judged_against_a_wrong_result[a name that the work introduces for the derivative]",
    "test_book.py::test_typical_wrong_answers_are_judged_wrong_and_told_no_answer[logistic-regression-hessian]",
    "test_book.py::test_typical_wrong_answers_are_judged_wrong_and_told_no_answer[identity-jacobian]",
    "test_book.py::test_typical_wrong_answers_are_judged_wrong_and_told_no_answer[ridge-hessian]",
    "test_mistakes.py::test_the_example_of_a_card_is_found[outer-for-inner]",
    "test_seeds.py::test_every_box_of_a_filled_in_handout_gets_the_verdict_that_it_deserves[nyu-dsga1008-hw1-mistakes]",
    "test_new.py::test_the_homework_explains_every_key[strict]",
    "test_new.py::test_the_problem_explains_every_key[strict]",
    "test_texts.py::test_every_formula_of_a_text_has_a_role[a condition of a sentence is not judged]",
    "test_tutorial.py::test_every_command_prints_what_is_shown",
)

os.environ.setdefault("TRUESTEP_SALT", "tests")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks the first case of each test function as quick, unless it is slow."""
    seen: set[str] = set()
    for item in items:
        function = item.nodeid.partition("[")[0]
        if function not in seen and item.get_closest_marker("slow") is None:
            item.add_marker(pytest.mark.quick)
        seen.add(function)
        if item.nodeid.endswith(OPEN):
            item.add_marker(pytest.mark.xfail(reason="known to be wrong at present", strict=False))
