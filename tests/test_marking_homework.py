"""Marks and follow-through over the parts of a homework, through the command line as well."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from truestep.checkers import handouts
from truestep.checkers.documents.boxes import filled
from truestep.checkers.handins.reading import Document, Reader
from truestep.checkers.handouts import check_document
from truestep.cli import main
from truestep.derivations.language.faults import StatementFault
from truestep.problems.homework.homework_file import homework_from, load_homework
from truestep.problems.homeworks import homeworks
from truestep.problems.sheets.sheet import look, sheet

FILE = Path(__file__).parent / "data" / "carrying_homework.toml"
HOMEWORK = load_homework(str(FILE))
JACOBIAN = r"\[ \frac{\partial z_k}{\partial x_j} = W_{kj} \]"
GRADIENT = r"\[ \frac{\partial J}{\partial x_j} = \sum_k \frac{\partial J}{\partial z_k} W_{kj} \]"
APART = r"\[ \frac{\partial p_i}{\partial z_j} = -p_i p_j \]"
SLIPPED = r"\[ \frac{\partial p_i}{\partial z_j} = p_i p_j \]"
LOSS = r"""
\begin{align*}
\frac{\partial L}{\partial z_j} &= -\sum_i \frac{y_i}{p_i} \frac{\partial p_i}{\partial z_j} \\
&= -y_j (1 - p_j) + \sum_{i \neq j} y_i p_j \\
&= p_j - y_j
\end{align*}
"""
LOSS_SLIPPED = r"""
\begin{align*}
\frac{\partial L}{\partial z_j} &= -\sum_i \frac{y_i}{p_i} \frac{\partial p_i}{\partial z_j} \\
&= -y_j (1 - p_j) - \sum_{i \neq j} y_i p_j
\end{align*}
"""
ALL = {"1(a)": JACOBIAN, "1(b)": GRADIENT, "2(a)": APART, "2(b)": LOSS, "2(c)": LOSS}


def document(source: str) -> Document:
    return Reader(HOMEWORK).read("mine.tex", source.encode())


def handout(answers: dict[str, str]) -> str:
    return filled(sheet(HOMEWORK, look("plain", "latex")), answers)


def records(answers: dict[str, str]) -> dict[str, dict[str, Any]]:
    return {
        checked.question.id: checked.record for checked in check_document(document(handout(answers)), HOMEWORK, "mine")
    }


def codes(record: dict[str, Any]) -> set[str]:
    return {finding["code"] for finding in record["findings"]}


def test_all_right_earns_all_that_no_person_gives() -> None:
    marks = {name: record["marks"] for name, record in records(ALL).items()}
    assert {name: part["earned"] for name, part in marks.items()} == {
        "1(a)": 3, "1(b)": 3, "2(a)": 2, "2(b)": 4, "2(c)": 4, "3": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (JACOBIAN.replace("W_{kj}", "2 W_{kj}"), GRADIENT.replace("W_{kj}", "2 W_{kj}")),
        (JACOBIAN.replace("W_{kj}", "-W_{kj}"), GRADIENT.replace(r"\sum", r"-\sum")),
    ],
)
def test_a_part_that_is_right_given_a_wrong_one_keeps_its_marks(first: str, second: str) -> None:
    found = records({**ALL, "1(a)": first, "1(b)": second})
    assert found["1(a)"]["marks"]["earned"] == 0
    record = found["1(b)"]
    assert record["verdict"] == "wrong"
    assert record["final"]["verdict"] == "wrong"
    assert record["final"]["carried"]
    assert record["first_wrong_line"] is None
    assert record["lines"][0]["verdict"] == "right"
    assert "carried" in codes(record)
    assert "1(a)" in record["findings"][0]["message"]
    assert record["marks"]["earned"] == 3


def test_a_case_that_was_wrong_is_carried_as_a_case() -> None:
    record = records({**ALL, "2(a)": SLIPPED, "2(b)": LOSS_SLIPPED, "2(c)": LOSS_SLIPPED})
    assert record["2(b)"]["marks"]["earned"] == 4
    assert [line["verdict"] for line in record["2(b)"]["lines"]] == ["right", "right"]
    assert record["2(c)"]["first_wrong_line"] == 1, "a question that carries nothing stands alone"


def test_follow_through_hides_no_new_error() -> None:
    wrong = JACOBIAN.replace("W_{kj}", "2 W_{kj}")
    for other in ("3 W_{kj}", "W_{jk}", "2 W_{kj} x_j"):
        record = records({**ALL, "1(a)": wrong, "1(b)": GRADIENT.replace("W_{kj}", other)})["1(b)"]
        assert record["first_wrong_line"] == 0, other
        assert not record["final"].get("carried")
        assert record["marks"]["earned"] == 0


def test_a_right_part_after_a_wrong_one_is_right() -> None:
    record = records({**ALL, "1(a)": JACOBIAN.replace("W_{kj}", "2 W_{kj}")})["1(b)"]
    assert record["verdict"] == "right"
    assert record["marks"]["earned"] == 3


def test_what_a_person_reads_is_listed_with_its_rubric() -> None:
    marks = records({**ALL, "3": "Because."})["3"]["marks"]
    assert marks["earned"] is None
    assert (marks["at_least"], marks["at_most"], marks["of"]) == (0, 3, 3)
    assert marks["for_a_person"][-1]["message"] == "read for: A reason."


def test_an_empty_box_earns_nothing_and_a_lost_one_is_for_a_person() -> None:
    assert records({})["1(a)"]["marks"]["earned"] == 0
    lost = handout(ALL).replace('%<truestep:box id="1(a)">', "", 1).replace("%</truestep:box>", "", 1)
    found = {checked.question.id: checked.record for checked in check_document(document(lost), HOMEWORK, "mine")}
    assert found["1(a)"]["marks"]["earned"] is None


def test_points_of_a_common_text_are_shared() -> None:
    assert [HOMEWORK.worth(HOMEWORK.question(name)) for name in ("1(a)", "1(b)", "2(a)", "3")] == [3, 3, 2, 3]


@pytest.mark.parametrize("name", homeworks())
def test_the_questions_of_a_homework_are_worth_what_it_says(name: str) -> None:
    homework = load_homework(name)
    assert sum(
        homework.worth(question) or 0 for question in homework.questions if question.is_answered
    ) == pytest.approx(homework.points)


QUESTION = {"id": "1", "problem": {"symbols": {"x": "scalar"}, "find": "x", "answer": "1"}}


@pytest.mark.parametrize(
    ("question", "more", "said"),
    [
        ({"carries": ["2"]}, {}, "no question before it is '2'"),
        ({"carries": ["1"]}, {}, "no question before it is '1'"),
        ({}, {"marking": {"deduct": {"mixed-layuot": 1}}}, "did you mean mixed-layout"),
        ({}, {"marking": {"final": 1}}, "final is said for each question"),
        ({}, {"marking": {"late": {"due": "Monday"}}}, "'Monday' is not read"),
        ({}, {"marking": {"late": {"per_day": 2}}}, "from 0 to 1"),
        ({"points": 3, "problem": {**QUESTION["problem"], "marking": {"final": 2}}}, {}, "this makes 2 points"),
    ],
)
def test_a_slip_in_the_homework_is_refused(question: dict[str, Any], more: dict[str, Any], said: str) -> None:
    with pytest.raises(StatementFault, match=said):
        homework_from({"title": "H", **more, "part": [{"question": [{**QUESTION, **question}]}]})


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["check", *arguments, "--homework", str(FILE)])


def together(result: Result) -> str:
    """The marks in all, as the table on top of the report has them."""
    line = next(line for line in result.stdout.splitlines() if line.startswith("together"))
    return line.removeprefix("together").strip()


def test_the_report_begins_with_the_total(tmp_path: Path) -> None:
    path = tmp_path / "mine.tex"
    path.write_text(handout({**ALL, "3": "Because."}), encoding="utf-8")
    assert together(run(str(path))) == "16 to 19 of 19"
    path.write_text(handout(ALL), encoding="utf-8")
    assert together(run(str(path))) == "16 of 19"


def test_a_box_that_fails_leaves_the_others_their_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    check = handouts.check_work

    def failing(work: Any, problem: Any, identifier: str, *more: Any, **named: Any) -> dict[str, Any]:
        if identifier.endswith("2(a)"):
            raise RuntimeError
        return check(work, problem, identifier, *more, **named)

    monkeypatch.setattr(handouts, "check_work", failing)
    found = records(ALL)
    assert found["2(a)"]["mend"] == "truestep"
    assert found["2(a)"]["marks"]["at_most"] == 2
    assert found["2(b)"]["marks"]["earned"] == 4


def table(*arguments: str) -> tuple[list[dict[str, str]], int]:
    result = run(*arguments, "--csv")
    return list(csv.DictReader(io.StringIO(result.stdout))), result.exit_code


def test_a_class_is_a_table(tmp_path: Path) -> None:
    wrong = {**ALL, "1(a)": JACOBIAN.replace("W_{kj}", "2 W_{kj}"), "3": "Because."}
    for name, answers in (("ann", ALL), ("bob", wrong), ("-1+1", {})):
        (tmp_path / f"{name}.tex").write_text(handout(answers), encoding="utf-8")
    (tmp_path / "cut.tex").write_text("no boxes", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("not a handout", encoding="utf-8")
    rows, state = table(str(tmp_path))
    assert [Path(row["submission"]).stem for row in rows] == ["-1+1", "ann", "bob", "cut", "notes"]
    empty, ann, bob, cut, _ = rows
    assert (ann["marks"], ann["of"], ann["1(a)"], ann["for a person"]) == ("16", "19", "3", "")
    assert ann["mistakes"].endswith("; 3: no-answer")
    assert (bob["marks"], bob["1(a)"], bob["1(b)"], bob["3"], bob["for a person"]) == ("13..16", "0", "3", "0..3", "3")
    assert bob["mistakes"].startswith("1(a): extra-factor-2 (line 1)")
    assert empty["marks"] == "0"
    assert "no numbers or headings of the questions" in cut["fault"]
    assert state == 2


def test_a_cell_is_no_formula(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("=cmd()").write_text(handout(ALL), encoding="utf-8")
    rows, _ = table("=cmd()")
    assert rows[0]["submission"] == "'=cmd()"


def test_a_file_that_is_not_there_is_a_row(tmp_path: Path) -> None:
    rows, state = table(str(tmp_path / "none.tex"))
    assert "cannot be read" in rows[0]["fault"]
    assert state == 2


@pytest.mark.parametrize("arguments", [("--csv", "--json"), ("--csv", "--records", "x"), ("b.tex",)])
def test_what_does_not_go_together_is_refused(arguments: tuple[str, ...]) -> None:
    assert run("a.tex", *arguments).exit_code == 2


def test_records_carry_the_marks(tmp_path: Path) -> None:
    path = tmp_path / "mine.tex"
    path.write_text(handout(ALL), encoding="utf-8")
    found = [json.loads(line) for line in run(str(path), "--json").stdout.splitlines()]
    assert [record["marks"]["of"] for record in found] == [3, 3, 2, 4, 4, 3]
