"""What goes back to Moodle and nbgrader, file by file, and what a platform's list would say otherwise."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import classes
import pytest
from commanding import rows, run

from truestep.classes.feedback import apart, safe
from truestep.classes.totals import Row

pytestmark = pytest.mark.usefixtures("judged_here")
PEOPLE = [("101", "Doe Jane"), ("102", "Lee Ann"), ("103", "Ng Zoë")]
LATE = "marking = { late = { due = '2026-03-16 23:59', per_day = 0.5 } }\nfields ="
WORKSHEET = (
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,"
    "Last modified (submission),Last modified (grade),Feedback comments\n"
    'Participant 101,Doe Jane,j@x,Submitted for grading,2,10.00,Yes,"Monday, 16 March 2026",-,old\n'
    "Participant 102,Lee Ann,a@x,Submitted for grading,3.50,10.00,Yes,-,-,\n"
    "Participant 104,Not Here,n@x,No submission,,10.00,Yes,-,-,\n"
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class that handed in on Moodle, and the same on nbgrader."""
    place = tmp_path_factory.mktemp("feedback")
    (place / "layers.toml").write_text("\n" + classes.HOMEWORK.replace("fields =", LATE))
    (place / "moodle.zip").write_bytes(classes.moodle(PEOPLE))
    classes.nbgrader(place / "course", PEOPLE)
    run("grade", place / "layers.toml", place / "moodle.zip", "--store", place / "moodle")
    run("grade", place / "layers.toml", place / "course", "--store", place / "nbgrader")
    (place / "list.csv").write_text(WORKSHEET)
    return place


def test_moodle_takes_feedback_by_the_names_of_its_download(place: Path, tmp_path: Path) -> None:
    made = run("export", "moodle-feedback", "--store", place / "moodle", "--output", tmp_path / "back.zip")
    assert "back.zip: 3 reports" in made.stderr
    with zipfile.ZipFile(tmp_path / "back.zip") as back, zipfile.ZipFile(place / "moodle.zip") as given:
        assert back.namelist() == [f"{name.split('/')[0]}/feedback.html" for name in given.namelist()]
        assert "Doe Jane" in back.read(back.namelist()[0]).decode()
        assert "Lee Ann" not in back.read(back.namelist()[0]).decode()
    first = (tmp_path / "back.zip").read_bytes()
    run("export", "moodle-feedback", "--store", place / "moodle", "--output", tmp_path / "back.zip")
    assert (tmp_path / "back.zip").read_bytes() == first


def test_moodle_knows_feedback_by_the_number_on_its_list(tmp_path: Path) -> None:
    (tmp_path / "layers.toml").write_text(classes.HOMEWORK)
    (tmp_path / "list.csv").write_text(WORKSHEET.replace("Doe Jane", "Doe_X Jane"))
    (tmp_path / "hw.tex").write_text(classes.tex(classes.RIGHT, "Doe X Jane"))
    (tmp_path / "other.tex").write_text(classes.tex(classes.RIGHT, "Some One"))
    given = (tmp_path / "hw.tex", tmp_path / "other.tex")
    run("grade", tmp_path / "layers.toml", *given, "--store", tmp_path / "store", "--roster", tmp_path / "list.csv")
    run("export", "moodle-feedback", "--store", tmp_path / "store", "--output", tmp_path / "x.zip", "--markdown")
    with zipfile.ZipFile(tmp_path / "x.zip") as made:
        assert made.namelist() == ["Doe X Jane_101_assignsubmission_file/feedback.md"]


def test_moodle_gets_its_own_worksheet_filled_in(place: Path) -> None:
    made = run("export", "moodle", "--store", place / "moodle", "--roster", place / "list.csv", "--open", "most")
    first, second, third = rows(made.stdout)
    assert list(first) == WORKSHEET.split("\n")[0].split(",")
    assert (first["Grade"], second["Grade"], third["Grade"]) == ("2", "6", "10")
    assert first["Last modified (submission)"] == "Monday, 16 March 2026"
    assert first["Last modified (grade)"] == "-"
    assert first["Feedback comments"].startswith("1(a): 0 of 4")
    assert third["Identifier"] == "Participant 103"
    alone = rows(run("export", "moodle", "--store", place / "moodle", "--open", "most").stdout)
    assert "Last modified (grade)" in alone[0]


def test_what_is_open_keeps_the_grade_of_the_list(place: Path) -> None:
    made = rows(run("export", "moodle", "--store", place / "moodle", "--roster", place / "list.csv").stdout)
    assert [row["Grade"] for row in made] == ["2", "3.50", ""]


def test_a_preview_shows_what_changes_on_the_list(place: Path) -> None:
    told = ("--store", place / "moodle", "--roster", place / "list.csv", "--preview")
    made = run("export", "moodle", *told, "--open", "most")
    assert made.stdout.splitlines() == ["102 Lee Ann: 3.50 -> 6", "103 Ng Zoë: not on the list, 10"]
    made = run("export", "moodle", *told)
    assert made.stdout.splitlines() == [
        "101 Doe Jane: stays 2, a person decides on 0..2",
        "102 Lee Ann: stays 3.50, a person decides on 4..6",
        "103 Ng Zoë: not on the list, open",
    ]
    assert run("export", "reports", *told).exit_code == 2


@pytest.mark.parametrize("form", ["plain", "gradescope", "canvas", "moodle", "nbgrader"])
def test_a_gradebook_that_came_back_changes_nothing(place: Path, tmp_path: Path, form: str) -> None:
    store = place / ("nbgrader" if form == "nbgrader" else "moodle")
    if form == "nbgrader":
        run("export", form, "--store", store, "--open", "least", "--output", tmp_path)
        table = tmp_path / "grades.csv"
    else:
        table = tmp_path / "back.csv"
        run("export", form, "--store", store, "--open", "least", "--output", table)
    made = run("export", form, "--store", store, "--open", "least", "--roster", table, "--preview")
    assert made.stdout == "nothing changes\n"


@pytest.mark.parametrize(
    "saved",
    [
        lambda text: text.replace(",", ";").encode("utf-8-sig"),
        lambda text: text.replace(",", "\t").encode("utf-16"),
        lambda text: text.replace("\n", "\r\n").encode(),
    ],
    ids=["semicolons", "tabs", "windows"],
)
def test_lists_are_read_as_spreadsheets_save_them(place: Path, tmp_path: Path, saved: Callable[[str], bytes]) -> None:
    plain = WORKSHEET.replace('"Monday, 16 March 2026"', "-")
    (tmp_path / "list.csv").write_bytes(saved(plain))
    made = run("export", "moodle", "--store", place / "moodle", "--roster", tmp_path / "list.csv", "--open", "most")
    assert [row["Grade"] for row in rows(made.stdout)] == ["2", "6", "10"]
    assert rows(made.stdout)[1]["Email address"] == "a@x"


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"\xff\xff", b'id,name\n"1', b"id\x00"])
def test_what_is_no_list_is_refused(place: Path, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "list.csv").write_bytes(data)
    made = run("export", "moodle", "--store", place / "moodle", "--roster", tmp_path / "list.csv")
    assert made.exit_code == 2
    assert "list.csv: " in made.stderr


def test_nbgrader_gets_feedback_and_marks_in_its_folders(place: Path, tmp_path: Path) -> None:
    made = run("export", "nbgrader", "--store", place / "nbgrader", "--output", tmp_path / "c", "--open", "most")
    assert "wrote 6 reports" in made.stderr
    names = sorted(path.relative_to(tmp_path / "c").as_posix() for path in (tmp_path / "c").rglob("*.html"))
    assert names[:2] == ["feedback/101/layers/inputs.html", "feedback/101/layers/reasons.html"]
    assert len(names) == 6
    table = rows((tmp_path / "c" / "grades.csv").read_text())
    assert (
        list(table[0])
        == (
            "assignment duedate timestamp student_id last_name first_name email "
            "raw_score late_submission_penalty score max_score"
        ).split()
    )
    scores = [(row["student_id"], row["raw_score"], row["late_submission_penalty"], row["score"]) for row in table]
    assert scores == [("101", "2.0", "0.0", "2.0"), ("102", "6.0", "3.0", "3.0"), ("103", "10.0", "10.0", "0.0")]
    assert (table[0]["assignment"], table[0]["duedate"], table[0]["max_score"]) == (
        "layers",
        "2026-03-16 23:59:00",
        "10.0",
    )
    assert table[0]["timestamp"] == "2026-03-16 22:13:34"
    beside = [path.name for path in (tmp_path / "c" / "feedback" / "101" / "layers").glob("*.txt")]
    assert sorted(beside) == ["submission_secret.txt", "timestamp.txt"]  # without them nothing can be released
    assert not any("secret" in row["said"] for row in rows((place / "nbgrader" / "marks.csv").read_text()))
    cells = rows((tmp_path / "c" / "cells.csv").read_text())
    assert [tuple(row.values()) for row in cells] == [
        ("layers", "reasons", name, "question-2", "2", "2", "2") for name in ("101", "102", "103")
    ]
    run("export", "nbgrader", "--store", place / "nbgrader", "--output", tmp_path / "c")
    assert [row["score"] for row in rows((tmp_path / "c" / "cells.csv").read_text())] == ["", "", ""]


def test_what_lies_in_no_folder_of_nbgrader_has_one_all_the_same(place: Path, tmp_path: Path) -> None:
    run("export", "nbgrader", "--store", place / "moodle", "--output", tmp_path)
    assert (tmp_path / "feedback" / "101" / "layers" / "layers.html").is_file()
    assert [row["score"] for row in rows((tmp_path / "grades.csv").read_text())] == ["", "", ""]


@pytest.mark.parametrize("name", ["../../x", "..", "", "a/b", "a\\b", "\x1b[2J", "\u202e", "é" * 400, " . "])
def test_names_lead_to_no_other_folder(name: str) -> None:
    made = safe(name)
    assert made not in ("", ".", "..")
    assert "/" not in made
    assert "\\" not in made
    assert made.isprintable()
    assert len(made.encode()) <= 200


def test_names_are_told_apart() -> None:
    several = [Row(key, key, "", "", "", "graded", "", {}, 0, 0, 0) for key in "abc"]
    assert list(apart((row, "X/f.html" if row.key != "c" else "x/F.html") for row in several)) == [
        ("a", "X/f.html"),
        ("b", "X/f-2.html"),
        ("c", "x/F-3.html"),
    ]
