"""What a name on the command line means."""

from __future__ import annotations

from pathlib import Path

import pytest

from truestep.derivations.language.faults import StatementFault
from truestep.problems.homework.homework import Homework, Question
from truestep.problems.homework.named import named, problem_named
from truestep.problems.statements.problem import Problem

HOMEWORK = """id = "hw"
title = "A homework"
[[part]]
title = "Part"
[[part.question]]
id = "1"
title = "A square"
points = 2
problem = { symbols = { x = "n", f = "scalar" }, given = ["f = x^T x"], find = "f" }
[[part.question]]
id = "2"
title = "Say why"
points = 1
"""


@pytest.fixture
def homework(tmp_path: Path) -> str:
    path = tmp_path / "hw.toml"
    path.write_text(HOMEWORK, encoding="utf-8")
    return str(path)


def test_a_name_is_a_problem_a_homework_or_a_question(homework: str) -> None:
    assert isinstance(named("softmax-jacobian"), Problem)
    assert isinstance(named(homework), Homework)
    assert isinstance(named(f"{homework}/1"), Question)
    assert problem_named(f"{homework}/1").given == ("f = x^T x",)
    assert problem_named("cmu-10315-hw5/1(a)").find


@pytest.mark.parametrize(
    ("which", "said"),
    [("", "name one of its questions"), ("/2", "by hand"), ("/3", "no question '3'"), ("x/1", "no problem")],
)
def test_a_name_that_states_no_problem_is_told(homework: str, which: str, said: str) -> None:
    with pytest.raises(StatementFault, match=said):
        problem_named(homework + which)
