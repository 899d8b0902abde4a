"""Follow-through, strictness, rules for the answer, and marks."""

from __future__ import annotations

import doctest
import tomllib
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sources import table

from truestep.checkers import marking
from truestep.checkers.marking import Asked, marked, total
from truestep.checkers.records import check_record
from truestep.checkers.works.chain_steps import Steps
from truestep.derivations.language.faults import StatementFault
from truestep.problems.findings.table import FINDINGS, PRICED
from truestep.problems.homework.homework_file import homework_from
from truestep.problems.statements.problem import Marking, Problem
from truestep.problems.statements.rubric import Rubric, rubric_of
from truestep.problems.statements.statement import problem_from

PAGE = Path(__file__).parent.parent / "docs" / "marking.md"
SHOW = r"\frac{\partial J}{\partial x_j}"
DATA = table("marking")
OWN = ("why", "of", "rows", "verdicts", "carried", "codes", "code", "earned", "open", "said")
FORM = {
    "symbols": {"A": "n x n", "x": "n", "y": "n", "s": "scalar", "r": "scalar", r"\lambda": "scalar", "n": "size"},
    "assume": ["s > 0", "r > 0", r"\det(A) \neq 0"],
}


def record_of(case: dict[str, Any], rows: list[str] | None = None) -> dict[str, Any]:
    problem = {**DATA[case["of"]], **{key: value for key, value in case.items() if key not in OWN}}
    record = check_record({"id": 1, "problem": problem, "lines": case["rows"] if rows is None else rows})
    assert "error" not in record, record
    return record


def codes(record: dict[str, Any], line: int | None = None) -> list[str]:
    return [finding["code"] for finding in record["findings"] if line is None or finding["line"] == line]


@pytest.mark.parametrize("case", DATA["work"], ids=lambda case: case["why"])
def test_later_work_is_judged_against_a_wrong_result(case: dict[str, Any]) -> None:
    record = record_of(case)
    assert [line["verdict"] for line in record["lines"]] == case["verdicts"], record["findings"]
    assert [line for line in range(len(case["rows"])) if "carried" in codes(record, line)] == case["carried"]
    assert ("recovered" in codes(record)) == ("recovered" in case.get("codes", ()))
    assert record["verdict"] == "wrong"
    assert record["first_wrong_line"] == case["verdicts"].index("wrong")


@pytest.mark.parametrize("case", DATA["work"], ids=lambda case: case["why"])
def test_a_carried_line_that_is_spoiled_is_docked(case: dict[str, Any]) -> None:
    for line in case["carried"]:
        rows = [*case["rows"]]
        left, sign, right = rows[line].rpartition("= ")
        rows[line] = f"{left}{sign} 3 ({right})"
        assert record_of(case, rows)["lines"][line]["verdict"] == "wrong", rows[line]


@pytest.mark.parametrize("case", DATA["work"], ids=lambda case: case["why"])
def test_without_the_wrong_line_what_followed_from_it_is_wrong(case: dict[str, Any]) -> None:
    first = case["verdicts"].index("wrong")
    left, sign, _ = case["rows"][first].partition("=")
    if not case["carried"] or not left.strip() or "given-restated" in codes(record_of(case)):
        return
    rows = [*case["rows"]]
    rows[first] = f"{left}{sign} {left}"
    record = record_of(case, rows)
    assert record["lines"][case["carried"][0]]["verdict"] == "wrong", record


def test_a_follow_through_that_is_too_kind_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Steps, "follows", lambda *_: {})
    seen = [[line["verdict"] for line in record_of(case)["lines"]] != case["verdicts"] for case in DATA["work"]]
    assert any(seen)


def test_a_slip_that_is_docked_twice_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    case = next(case for case in DATA["marks"] if "carried to the end" in case["why"])
    monkeypatch.setattr(marking, "Asked", lambda *fields: Asked(*fields[:3]))
    assert record_of(case)["marks"]["earned"] < case["earned"]


@pytest.mark.parametrize("case", DATA["slip"], ids=lambda case: case["code"])
def test_a_slip_of_notation_is_said_and_costs_nothing(case: dict[str, Any]) -> None:
    record = record_of({**case, "points": 2})
    assert record["verdict"] == "right", record
    assert case["code"] in codes(record)
    assert case["code"] in PRICED
    assert record["marks"]["earned"] == 2
    assert record_of({**case, "points": 2, "marking": {"deduct": {case["code"]: 0.5}}})["marks"]["earned"] == 1.5


@pytest.mark.parametrize("case", DATA["unmixed"], ids=lambda case: case["rows"][0])
def test_one_layout_is_not_mixed(case: dict[str, Any]) -> None:
    record = record_of(case)
    assert record["verdict"] == "right"
    assert "mixed-layout" not in codes(record)


@pytest.mark.parametrize("case", DATA["form"], ids=lambda case: f"{case['rule']} {case.get('row', case['answer'])}")
def test_a_rule_for_the_form_is_reported_once_with_its_place(case: dict[str, Any]) -> None:
    row = case.get("row", case["answer"])
    problem = {**FORM, "answer": case["answer"], "final_form": [case["rule"]]}
    record = check_record({"id": 1, "problem": problem, "lines": [row]})
    assert record["verdict"] == "right", record
    found = [finding for finding in record["findings"] if finding["kind"] == "form"]
    assert len(found) == ("breaks" in case), found
    for finding in found:
        place, advice = case["breaks"]
        assert row[slice(*finding["span"])] == place
        assert advice in finding["message"]


def test_one_entry_is_not_the_whole() -> None:
    entry = r"\frac{\partial J}{\partial x_j} = W_{:j}^T \frac{\partial J}{\partial z}"
    record = record_of({"of": "linear", "rows": [entry], "final_form": ["no sums"]})
    assert codes(record) == ["no-sums"]
    whole = r"\frac{\partial J}{\partial x} = W^T \frac{\partial J}{\partial z}"
    assert codes(record_of({"of": "linear", "rows": [entry, whole], "final_form": ["no sums"]})) == []


@pytest.mark.parametrize(
    ("row", "is_shown"),
    [
        (r"\frac{\partial J}{\partial x_j} = \frac{\partial J}{\partial x_j}", False),
        (r"\frac{\partial J}{\partial x_j} = \left[\frac{\partial J}{\partial x}\right]_j", False),
        (r"\frac{\partial J}{\partial x_i} = \sum_k W_{ki} \frac{\partial J}{\partial z_k}", True),
        (r"\frac{\partial J}{\partial x_j} = \sum_k W_{jk} \frac{\partial J}{\partial z_k}", True),
        (r"\frac{\partial J}{\partial z_k} = \frac{\partial J}{\partial z_k}", False),
    ],
)
def test_what_must_be_shown_is_a_value_right_or_wrong(row: str, is_shown: bool) -> None:
    whole = r"\frac{\partial J}{\partial x} = W^T \frac{\partial J}{\partial z}"
    record = record_of({"of": "linear", "rows": [row, whole], "must_show": [SHOW]})
    assert ("must-show" not in codes(record)) == is_shown, record


@pytest.mark.parametrize("case", DATA["marks"], ids=lambda case: case["why"])
def test_marks(case: dict[str, Any]) -> None:
    marks = record_of(case)["marks"]
    if "open" in case:
        assert marks["earned"] is None
        assert [marks["at_least"], marks["at_most"]] == case["open"], marks
        assert marks["for_a_person"]
    else:
        assert marks["earned"] == case["earned"], marks
        assert marks["for_a_person"] == []
        assert max(0, sum(item["earned"] for item in marks["items"])) == pytest.approx(marks["earned"])
    assert sum(item["of"] for item in marks["items"]) == pytest.approx(marks["of"])


@pytest.mark.parametrize("case", DATA["refused"], ids=lambda case: case["said"])
def test_an_odd_rubric_is_refused(case: dict[str, Any]) -> None:
    stated = {"symbols": {"x": "scalar"}, "find": "x", "answer": "1", **case}
    with pytest.raises(StatementFault, match=case["said"].replace("?", r"\?")):
        problem_from({key: value for key, value in stated.items() if key != "said"})


@pytest.mark.slow
def test_every_slip_that_is_found_can_be_given_a_price() -> None:
    records = [record_of(case) for key in ("work", "slip", "unmixed", "marks") for case in DATA[key]]
    found = {finding["code"] for record in records for finding in record["findings"] if finding["kind"] == "notation"}
    assert found - {"unreadable"} <= set(PRICED)


# Laws over records of any kind.

POINTS = st.one_of(st.just(0.0), st.floats(0, 100, allow_nan=False), st.integers(0, 20).map(float))
SHOWN = ("a", "b")


@st.composite
def rubrics(draw: st.DrawFn) -> Problem:
    shown = draw(st.lists(st.sampled_from(SHOWN), unique=True))
    table: dict[str, Any] = {key: draw(POINTS) for key in ("final", "method")}
    table["lines"] = {text: draw(POINTS) for text in shown}
    rules = draw(st.sampled_from([(), ("no sums",), ("no sums", "simplified")]))
    table |= {"form": draw(POINTS)} if rules else {}
    table["deduct"] = {code: draw(POINTS) for code in draw(st.lists(st.sampled_from(PRICED[:3]), unique=True))}
    return Problem(
        find=("x", "y")[: draw(st.integers(1, 2))], final_form=rules, must_show=tuple(shown), marking=Marking(**table)
    )


@st.composite
def records(draw: st.DrawFn, problem: Problem) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A record that may be: an answer on a line that is docked is wrong, one that is wrong has its reason."""
    verdicts = draw(st.lists(st.sampled_from(("right", "wrong", "undecided", "unreadable", "not_checked")), max_size=6))
    lines = [{"line": line, "verdict": verdict} for line, verdict in enumerate(verdicts)]
    answers = [draw(answered(name, verdicts)) for name in problem.find]
    order = ("wrong", "unreadable", "undecided", "not_checked", "right")
    worst = min((one["verdict"] for one in answers), key=order.index)
    final = {"line": max((one["line"] for one in answers if one["line"] is not None), default=None), "verdict": worst}
    carried = any(one["verdict"] == "wrong" for one in answers)
    carried = carried and all(one.get("carried") for one in answers if one["verdict"] == "wrong")
    shown = [draw(shown_on(text, verdicts)) for text in problem.must_show]
    found = draw(st.lists(st.sampled_from(("no-sums", "simplified", *PRICED[:3])), unique=True))
    findings = [{"line": 0, "kind": "form", "code": code, "message": code, "span": None} for code in found]
    record = {"final": {**final, "answers": answers, "carried": carried}, "lines": lines, "findings": findings}
    return record, shown


@st.composite
def answered(draw: st.DrawFn, name: str, verdicts: list[str]) -> dict[str, Any]:
    line = draw(st.integers(0, len(verdicts) - 1)) if verdicts and draw(st.booleans()) else None
    if line is None:
        return {"find": name, "line": None, "verdict": "not_checked"}
    if verdicts[line] == "right" and draw(st.booleans()):
        return {"find": name, "line": line, "verdict": "wrong", "carried": True}
    return {"find": name, "line": line, "verdict": verdicts[line]}


@st.composite
def shown_on(draw: st.DrawFn, text: str, verdicts: list[str]) -> dict[str, Any]:
    lines = [line for line, verdict in enumerate(verdicts) if verdict in ("right", "wrong", "undecided")]
    line = draw(st.sampled_from(lines)) if lines and draw(st.booleans()) else None
    return {"show": text, "line": line, "verdict": "missing" if line is None else verdicts[line]}


def bounds(marks: dict[str, Any]) -> tuple[float, float]:
    earned = marks["earned"]
    return (marks["at_least"], marks["at_most"]) if earned is None else (earned, earned)


CASES = rubrics().flatmap(lambda problem: st.tuples(st.just(problem), records(problem)))


@pytest.mark.slow
@settings(max_examples=80)
@given(CASES)
def test_marks_are_between_nothing_and_all(case: tuple[Problem, Any]) -> None:
    problem, (record, shown) = case
    marks = marked(record, problem, shown)
    assert marks is not None
    low, high = bounds(marks)
    assert 0 <= low <= high <= marks["of"]
    for item in marks["items"]:
        assert item["of"] == 0 or 0 <= bounds(item)[0] <= bounds(item)[1] <= item["of"]
    assert marks["earned"] is not None or marks["for_a_person"]


def mended(record: dict[str, Any], shown: list[dict[str, Any]], line: int) -> tuple[dict[str, Any], list[Any]]:
    """The record with a line made right, and what stands on it."""

    def better(one: dict[str, Any]) -> dict[str, Any]:
        return {**one, "verdict": "right"} if one["line"] == line else one

    answers = [better(one) for one in record["final"]["answers"]]
    order = ("wrong", "unreadable", "undecided", "not_checked", "right")
    worst = min((one["verdict"] for one in answers), key=order.index)
    wrong = [one for one in answers if one["verdict"] == "wrong"]
    carried = bool(wrong) and all(one.get("carried") for one in wrong)
    final = {**record["final"], "answers": answers, "verdict": worst, "carried": carried}
    lines = [better(one) for one in record["lines"]]
    return {**record, "lines": lines, "final": final}, [better(one) for one in shown]


@pytest.mark.slow
@settings(max_examples=80)
@given(CASES)
def test_a_line_that_is_mended_never_costs(case: tuple[Problem, Any]) -> None:
    problem, (record, shown) = case
    before = marked(record, problem, shown)
    for line in range(len(record["lines"])):
        if record["lines"][line]["verdict"] != "wrong":
            continue
        after = marked(*mended(record, shown, line)[:1], problem, mended(record, shown, line)[1])
        assert before is not None
        assert after is not None
        pairs = zip(bounds(before), bounds(after), strict=True)
        assert all(then <= now + 0.011 for then, now in pairs), (before, after)


@given(st.lists(st.tuples(POINTS, POINTS, POINTS)))
def test_totals_add_up(parts: list[tuple[float, float, float]]) -> None:
    several = [{"earned": None, "at_least": min(part), "at_most": sorted(part)[1], "of": max(part)} for part in parts]
    low, high = bounds(total(several))
    assert low <= high <= total(several)["of"] + 0.011


@pytest.mark.parametrize(("points", "rules"), [*product((1.0, 3.0, 10.0), ((), ("no sums",)))])
def test_shares_make_the_whole(points: float, rules: tuple[str, ...]) -> None:
    rubric = rubric_of(Problem(find=("x",), points=points, final_form=rules))
    assert rubric is not None
    assert rubric.of == pytest.approx(points)


def test_what_the_documentation_shows_is_so() -> None:
    failed, tried = doctest.testfile(str(PAGE), module_relative=False)
    assert tried >= 5
    assert not failed


def test_the_homework_of_the_documentation_is_one() -> None:
    stated = PAGE.read_text(encoding="utf-8").partition("```toml\n")[2].partition("```")[0]
    problem = homework_from(tomllib.loads(stated)).question("1(a)").problem
    assert problem is not None
    assert rubric_of(problem) == Rubric(2, 1, 1, {SHOW: 1}, {"mixed-layout": 1, "notation": 0.5})


def test_every_slip_is_in_the_documentation() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [row.code for row in FINDINGS if row.slip and f"| `{row.code}` | {row.slip} |\n" not in page] == []
