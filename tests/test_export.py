"""From a platform's download to the file that it takes back, and reports without anything of anyone else."""

from __future__ import annotations

import csv
from pathlib import Path

import classes
import pytest
from commanding import rows, run

pytestmark = pytest.mark.usefixtures("judged_here")
PEOPLE = [("101", "Doe Jane"), ("102", "Lee Ann")]
ROSTERS = {
    "canvas": "Student,ID,SIS User ID,SIS Login ID,Section,Layers (77)\n"
    '    Points Possible,,,,,10\n"Doe, Jane",101,u1,jd,A,\n"Lee, Ann",102,u2,al,B,\n"Ng, Zoë",103,u3,zn,B,\n',
    "moodle": "Identifier,Full name,Email address,Status,Grade\n"
    "Participant 101,Doe Jane,j@x,,\nParticipant 102,Lee Ann,a@x,,\n",
}


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store for each platform."""
    place = tmp_path_factory.mktemp("export")
    (place / "layers.toml").write_text(classes.HOMEWORK)
    for platform in ("canvas", "moodle", "gradescope"):
        (place / f"{platform}.zip").write_bytes(getattr(classes, platform)(PEOPLE))
        run("grade", place / "layers.toml", place / f"{platform}.zip", "--store", place / platform)
    return place


def test_canvas_takes_its_own_columns_back(stores: Path) -> None:
    roster = stores / "canvas.csv"
    roster.write_text(ROSTERS["canvas"])
    run("grade", stores / "layers.toml", stores / "canvas.zip", "--store", stores / "canvas", "--roster", roster)
    made = run("export", "canvas", "--store", stores / "canvas", "--open", "least")
    assert made.exit_code == 0
    points, jane, ann, zoe = rows(made.stdout)
    assert list(jane) == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Layers (77)"]
    assert (points["Student"], points["Layers (77)"]) == ("    Points Possible", "10")
    assert list(jane.values()) == ["Doe, Jane", "101", "u1", "jd", "A", "0"]
    assert (ann["Layers (77)"], zoe["Layers (77)"]) == ("4", "0")
    open_ = run("export", "canvas", "--store", stores / "canvas")
    assert [row["Layers (77)"] for row in rows(open_.stdout)] == ["10", "", "", "0"]
    assert "2 students have something open" in open_.stderr


def test_moodle_takes_its_worksheet_back(stores: Path) -> None:
    roster = stores / "moodle.csv"
    roster.write_text(ROSTERS["moodle"])
    made = rows(run("export", "moodle", "--store", stores / "moodle", "--roster", roster, "--open", "most").stdout)
    assert [(row["Identifier"], row["Full name"], row["Grade"]) for row in made] == [
        ("Participant 101", "Doe Jane", "2"),
        ("Participant 102", "Lee Ann", "6"),
    ]
    assert made[1]["Feedback comments"] == "1(a): 4 of 4; 1(b): 0 of 4; 2: 0..2 of 2"


def test_gradescope_and_plain(stores: Path) -> None:
    made = rows(run("export", "gradescope", "--store", stores / "gradescope", "--open", "least").stdout)
    assert [(row["SID"], row["Last Name"], row["Total Score"], row["1(a) (4 pts)"]) for row in made] == [
        ("101", "Jane", "0", "0"),
        ("102", "Ann", "4", "4"),
    ]
    assert made[0]["Submission Time"].startswith("2026-03-16T22:13:34")
    plain = rows(run("export", "plain", "--store", stores / "gradescope").stdout)
    assert [(row["id"], row["marks"], row["1(b)"]) for row in plain] == [("101", "", "0"), ("102", "", "0")]


@pytest.mark.parametrize("form", ["html", "md"])
def test_a_report_holds_nothing_of_anyone_else(stores: Path, tmp_path: Path, form: str) -> None:
    more = ["--markdown"] if form == "md" else []
    made = run("export", "reports", "--store", stores / "gradescope", "--output", tmp_path / "r", *more)
    assert "wrote 2 reports" in made.stderr
    texts = {path.name: path.read_text() for path in (tmp_path / "r").iterdir()}
    assert set(texts) == {f"101.{form}", f"102.{form}"}
    assert "Doe Jane" in texts[f"101.{form}"]
    for word in ("Ann", "102"):
        assert word not in texts[f"101.{form}"]
    assert "By the input" in texts[f"102.{form}"]


def test_decisions_stand_in_the_report(stores: Path, tmp_path: Path) -> None:
    store = stores / "moodle"
    table = rows(run("review", "--store", store).stdout)
    path = tmp_path / "filled.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, table[0])
        writer.writeheader()
        writer.writerows(row | ({} if row["student"] else {"points": "1", "comment": "too short"}) for row in table)
    run("review", path, "--store", store, "--by", "kim")
    run("export", "reports", "--store", store, "--output", tmp_path / "r", "--markdown")
    text = (tmp_path / "r" / "101.md").read_text()
    assert "too short" in text
    assert "kim" not in text
    assert rows(run("export", "plain", "--store", store).stdout)[0]["marks"] == "1"


def test_what_cannot_be_exported_is_said(tmp_path: Path, stores: Path) -> None:
    assert run("export", "plain", "--store", tmp_path / "none").exit_code == 2
    (tmp_path / "file").write_text("")
    assert run("export", "reports", "--store", stores / "canvas", "--output", tmp_path / "file").exit_code == 2


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class of twelve, of whom most get 1(b) wrong, and one writes what is not read."""
    place = tmp_path_factory.mktemp("many")
    (place / "layers.toml").write_text(classes.HOMEWORK)
    (place / "all").mkdir()
    for number in range(12):
        answers = {**classes.RIGHT, "1(b)": classes.WRONG["1(b)"]}
        if number == 3:
            answers["1(a)"] = r"$$\frac{\partial J}{\partial x} = \left( W^T & <b>$$"
        (place / "all" / f"s{number:02}.tex").write_text(classes.tex(answers, f"Person {number:02}", f"s{number:02}"))
    run("grade", place / "layers.toml", place / "all", "--store", place / "store")
    return place


def test_the_page_of_the_class(many: Path) -> None:
    made = run("export", "statistics", "--store", many / "store")
    assert made.exit_code == 0
    text = made.stdout
    assert "12 of 12 answers are wrong" in text
    assert "extra-factor-2" in text
    assert "Lines that were not read" in text
    assert "&lt;b&gt;" in text
    assert "<b>" not in text
    assert "<script" not in text
    assert not any(f"Person {number:02}" in text or f"s{number:02}" in text for number in range(12))
    assert text.count("<svg") == 2  # nobody's total is settled, and 2 is read by a person
    assert text.count("<rect") == 20


@pytest.mark.slow
def test_a_regrade_shows_the_difference_before_it_changes_anything(many: Path, tmp_path: Path) -> None:
    before = (many / "store" / "marks.csv").read_bytes()
    changed, store = tmp_path / "layers.toml", many / "store"
    same = run("grade", many / "layers.toml", many / "all", "--store", store, "--preview")
    assert same.stdout == "nothing changes\n"
    changed.write_text(classes.HOMEWORK.replace("points = 4", "points = 6", 1))
    shown = run("grade", changed, many / "all", "--store", many / "store", "--preview").stdout.splitlines()
    assert shown[0] == "s00 Person 00: 4..6 -> 6..8 (1(a): 4 -> 6)"
    assert len(shown) == 12
    assert (many / "store" / "marks.csv").read_bytes() == before
    run("grade", changed, many / "all", "--store", many / "store")
    assert rows((many / "store" / "marks.csv").read_text())[0]["marks"] == "6..8"
    run("grade", many / "layers.toml", many / "all", "--store", many / "store")
    assert (many / "store" / "marks.csv").read_bytes() == before
