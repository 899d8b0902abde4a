"""A class graded from Python: the same as by the command, as objects."""

from __future__ import annotations

import dataclasses
import os
import pickle
from pathlib import Path

import classes
import pytest
from click.testing import CliRunner

import truestep
from truestep.cli import main


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A homework, and three hand-ins: right, wrong, and one that is right but for what a person reads."""
    folder = tmp_path_factory.mktemp("class")
    (folder / "layers.toml").write_text(classes.HOMEWORK)
    (folder / "in").mkdir()
    for identifier, answers in (("s1", classes.RIGHT), ("s2", classes.WRONG)):
        (folder / "in" / f"{identifier}.tex").write_text(classes.tex(answers, f"Student {identifier}", identifier))
    return folder


@pytest.fixture(scope="module")
def graded(given: Path) -> truestep.Class:
    return truestep.grade(given / "layers.toml", given / "in", given / "store", jobs=1, timeout=30)


@pytest.mark.slow
def test_students_have_marks(graded: truestep.Class) -> None:
    assert [student.id for student in graded.students] == ["s1", "s2"]
    right, wrong = ({one.question: one for one in graded[name].answers} for name in ("s1", "s2"))
    assert (right["1(a)"].earned, right["1(a)"].of, right["1(a)"].verdict) == (4, 4, "right")
    assert wrong["1(a)"].verdict == "wrong"
    assert wrong["1(b)"].mistakes
    assert (right["2"].earned, right["2"].at_most, right["2"].is_open) == (None, 2, True)
    assert graded["s1"].earned is None
    assert (graded["s1"].at_least, graded["s1"].at_most, graded["s1"].of) == (8, 10, 10)
    assert [(student.id, one.question) for student, one in graded.open] == [("s1", "2"), ("s2", "2")]
    with pytest.raises(KeyError):
        graded["s3"]


def test_what_is_returned_is_frozen_and_can_be_pickled(graded: truestep.Class) -> None:
    assert pickle.loads(pickle.dumps(graded)) == graded
    with pytest.raises(dataclasses.FrozenInstanceError):
        graded.students[0].name = "another"  # type: ignore[misc]


def test_the_command_goes_on_with_the_store(graded: truestep.Class, given: Path) -> None:
    before = graded.marks.read_bytes(), graded.files.read_bytes()
    done = CliRunner().invoke(main, ["grade", "--store", str(graded.store), "--resume"])
    assert done.exit_code == 3
    assert "nothing is new" in done.stderr
    assert done.stdout.startswith("2 students, 2 files")
    again = truestep.grade(given / "layers.toml", [given / "in"], graded.store)
    assert again.students == graded.students
    assert again.said == ("nothing is new: all of it was graded before",)
    assert (graded.marks.read_bytes(), graded.files.read_bytes()) == before


@pytest.mark.parametrize("salt", [None, "mine"])
def test_the_salt_of_the_process_stays(
    salt: str | None, given: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRUESTEP_SALT", salt or "")
    if salt is None:
        monkeypatch.delenv("TRUESTEP_SALT")
    truestep.grade(given / "layers.toml", given / "in" / "s1.tex", tmp_path / "store", timeout=30)
    assert os.environ.get("TRUESTEP_SALT") == salt


@pytest.mark.parametrize(
    ("homework", "submissions", "roster", "fault"),
    [
        ("none.toml", "in", None, truestep.StoreFault),
        ("cmu-10315-hw6", "in", None, truestep.StatementFault),
        ("layers.toml", "nowhere", None, truestep.StoreFault),
        ("layers.toml", "in", "none.csv", truestep.StoreFault),
        ("layers.toml", "in", "layers.toml", truestep.StoreFault),
    ],
)
def test_what_cannot_be_used_is_raised(
    given: Path,
    tmp_path: Path,
    homework: str,
    submissions: str,
    roster: str | None,
    fault: type[Exception],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(given)
    with pytest.raises(fault):
        truestep.grade(homework, submissions, tmp_path / "store", roster=roster)
    (tmp_path / "file").write_text("")
    with pytest.raises((truestep.StoreFault, OSError)):
        truestep.grade("layers.toml", "in", tmp_path / "file")
