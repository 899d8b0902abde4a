"""People decide by a table: one decision for all who wrote the same; decisions survive, and are explained."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import classes
import commanding
import pytest
from commanding import run
from hypothesis import given
from hypothesis import strategies as st

from truestep.classes.decisions import Decision, Decisions, decided
from truestep.classes.tables import cell, csv_of, uncelled
from truestep.classes.totals import Mark

pytestmark = pytest.mark.usefixtures("judged_here")
EQUAL = r"$$\frac{\partial J}{\partial W} = (\frac{\partial J}{\partial z} + \frac{\partial J}{\partial z}) x^T$$"
ENTRY = r"$$\frac{\partial J}{\partial W} = 3 \frac{\partial J}{\partial z} x^T$$"


def table(store: Path) -> dict[str, dict[str, str]]:
    return {row["id"]: row for row in commanding.table(store)}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class of four: two wrong answers that are equal and one that is not, and texts for a person."""
    place = tmp_path_factory.mktemp("review")
    (place / "layers.toml").write_text(classes.HOMEWORK)
    (place / "all").mkdir()
    answers = {"ann": classes.WRONG["1(b)"], "bob": EQUAL, "cora": ENTRY, "dan": classes.RIGHT["1(b)"]}
    for name, answer in answers.items():
        text = classes.RIGHT["2"] if name != "dan" else "Because."
        (place / "all" / f"{name}.tex").write_text(
            classes.tex({**classes.RIGHT, "1(b)": answer, "2": text}, identifier=name)
        )
    (place / "all" / "eve.pdf").write_bytes(b"%PDF-1.4 nothing")
    assert run("grade", place / "layers.toml", place / "all", "--store", place / "store").exit_code == 3
    return place


def written(place: Path, *more: str) -> list[dict[str, str]]:
    made = run("review", "--store", place / "store", *more)
    assert made.exit_code == 0, made.output
    return list(csv.DictReader(io.StringIO(made.stdout, newline="")))


def filled(place: Path, rows: list[dict[str, str]]) -> Path:
    path = place / "filled.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_what_a_person_has_to_look_at_is_grouped(graded: Path) -> None:
    rows = written(graded)
    heads = [row for row in rows if not row["student"]]
    assert [row["question"] for row in heads] == ["2", "2"]
    assert {row["student"] for row in rows if row["question"] == "2"} == {"", "ann", "bob", "cora", "eve"}
    assert {row["question"] for row in rows if row["student"] == "eve"} == {"1(a)", "1(b)", "2"}
    assert all("see" in row["text"] for row in rows if row["student"] == "eve")


def test_a_store_is_read_from_any_folder(graded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another homework of the same name that lies where a command is run is not the one that was graded."""
    monkeypatch.chdir(graded)
    assert run("grade", "layers.toml", "all", "--store", tmp_path / "store").exit_code == 3
    monkeypatch.chdir(tmp_path)
    (tmp_path / "layers.toml").write_text(classes.HOMEWORK.replace("points = 4", "points = 9"))
    assert {row["of"] for row in written(tmp_path)} == {row["of"] for row in written(graded)}


def test_answers_that_are_proved_equal_are_one_group(graded: Path) -> None:
    rows = [row for row in written(graded, "--all") if row["question"] == "1(b)"]
    groups: dict[str, set[str]] = {}
    for row in rows:
        groups.setdefault(row["group"], set()).add(row["student"] or row["text"])
    members = [{one for one in group if len(one) < 5} for group in groups.values()]
    assert {"ann", "bob"} in members
    assert sum(EQUAL in group or classes.WRONG["1(b)"] in group for group in groups.values()) == 1
    assert any(ENTRY in group for group in groups.values())


def test_a_table_without_names_holds_none(graded: Path) -> None:
    rows = written(graded, "--all", "--anonymous")
    text = str([[row[key] for key in ("student", "text", "verdict")] for row in rows])
    assert not {"ann", "bob", "cora", "dan", "eve"} & set(re.findall(r"[a-z]+", text))
    (place,) = {row["text"].removeprefix("see ") for row in rows if row["text"].startswith("see ")}
    assert (graded / "store" / place).read_bytes() == b"%PDF-1.4 nothing"


def test_decisions_hold_for_a_group_and_survive(graded: Path, tmp_path: Path) -> None:
    import shutil

    place = tmp_path / "copy"
    shutil.copytree(graded, place)
    rows = written(place, "--all", "--anonymous")
    assert not {row["student"] for row in rows} & {"ann", "bob", "cora", "dan"}
    for row in rows:
        if row["question"] == "2" and not row["student"] and "x meets" in row["text"]:
            row |= {"decision": "right", "comment": "=good, reason"}
        if row["question"] == "1(b)" and not row["student"] and "2 students" in row["verdict"]:
            row |= {"item": "final answer", "points": "1,5", "by": "lee", "at": "2026-03-20"}
    path = filled(place, rows)
    done = run("review", path, "--store", place / "store", "--by", "kim")
    assert done.stdout.startswith("3 new decisions")
    marks = table(place / "store")
    assert {name: (row["1(b)"], row["2"]) for name, row in marks.items() if name != "eve"} == {
        "ann": ("1.5", "2"),
        "bob": ("1.5", "2"),
        "cora": ("0", "2"),
        "dan": ("4", "0..2"),
    }
    assert "decided otherwise than the record, which gives 0" in marks["ann"]["said"]
    assert run("review", path, "--store", place / "store").stdout.startswith("0 new decisions")
    (place / "all" / "fred.tex").write_text(classes.tex(classes.RIGHT, identifier="fred"))
    run("grade", place / "layers.toml", place / "all", "--store", place / "store")
    assert table(place / "store")["fred"]["marks"] == "10"  # the same text was decided before
    assert table(place / "store")["ann"]["1(b)"] == "1.5"


def test_a_student_may_be_decided_alone(graded: Path, tmp_path: Path) -> None:
    import shutil

    place = tmp_path / "copy"
    shutil.copytree(graded, place)
    rows = written(place)
    for row in rows:
        if row["student"] == "eve":
            row |= {"points": "1"}
        if row["student"] == "bob" and row["question"] == "2":
            row |= {"decision": "wrong"}
    run("review", filled(place, rows), "--store", place / "store")
    marks = table(place / "store")
    assert (marks["eve"]["marks"], marks["eve"]["for a person"]) == ("3", "")
    assert (marks["bob"]["2"], marks["ann"]["2"]) == ("0", "0..2")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"points": "9"}, "9 points of 2"),
        ({"points": "many"}, "'many' is no number of points"),
        ({"decision": "maybe"}, "the decision is right, wrong or nothing"),
        ({"comment": "hm"}, "nothing decided"),
        ({"points": "1", "group": "x"}, "no group of 2 is called 'x'"),
        ({"points": "1", "student": "zoe"}, "nobody in the class is called 'zoe'"),
        ({"points": "1", "item": "style"}, "the item 'style' is none of"),
    ],
)
def test_a_table_that_does_not_fit_is_refused_whole(graded: Path, change: dict[str, str], said: str) -> None:
    rows = [row for row in written(graded) if row["question"] == "2" and not row["student"]]
    rows[0] |= {"points": "1"}
    rows[1] |= change
    refused = run("review", filled(graded, rows), "--store", graded / "store")
    assert (refused.exit_code, said in refused.stderr) == (2, True), refused.stderr
    assert table(graded / "store")["ann"]["2"] == "0..2"


def test_what_is_no_table_is_refused(graded: Path, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"a,b\n1,2\n")
    assert "column 'question' is missing" in run("review", tmp_path / "x.csv", "--store", graded / "store").stderr
    (tmp_path / "x.csv").write_bytes(b"\xff\xfe")
    assert run("review", tmp_path / "x.csv", "--store", graded / "store").exit_code == 2
    assert run("review", "--store", tmp_path / "none").exit_code == 2


@given(st.text(max_size=40))
def test_cells_come_back_as_they_went_out(text: str) -> None:
    out = cell(text)
    assert not out.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))
    (row,) = list(csv.reader(io.StringIO(csv_of([text], []).decode(), newline="")))
    assert row == [out]
    if text.isprintable():
        assert uncelled(out) == text or text.startswith("'")


def made(
    item: str = "", decision: str = "", points: float | None = None, answer: str = "t", student: str = ""
) -> Decision:
    return Decision("1", answer, student, item, decision, points, "", "kim", "now")


ITEMS: list[dict[str, Any]] = [
    {"for": "final answer", "earned": None, "at_least": 0, "at_most": 2, "of": 2},
    {"for": "method", "earned": 1, "of": 2},
]


@pytest.mark.parametrize(
    ("several", "told"),
    [
        ([], (1, 3, True)),
        ([made(decision="right")], (4, 4, False)),
        ([made(decision="wrong")], (0, 0, False)),
        ([made(points=2.5)], (2.5, 2.5, False)),
        ([made("final answer", "right")], (3, 3, False)),
        ([made("method", "", 2.0)], (2, 4, True)),
        ([made("method", "", 2.0), made("final answer", "", 0.5)], (2.5, 2.5, False)),
    ],
)
def test_what_is_decided_is_what_is_earned(several: list[Decision], told: tuple[float, float, bool]) -> None:
    mark = decided(Mark(1, 3, 4, ("look",)), several, ITEMS)
    assert (mark.low, mark.high, mark.is_open) == told


def test_the_last_decision_holds_and_a_students_own_is_above_the_groups() -> None:
    found = Decisions(
        [made(points=1.0), made(points=2.0), made(points=0.0, student="ann"), made(points=3.0, answer="")]
    )
    assert [one.points for one in found.of("1", "t", "bob")] == [2.0]
    assert [one.points for one in found.of("1", "t", "ann")] == [0.0]
    assert found.of("1", "", "bob") == []
