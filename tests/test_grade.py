"""A class is graded into a store: whatever happens, nothing is lost, doubled or changed."""

from __future__ import annotations

import io
import os
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import classes
import commanding
import pytest
from commanding import run
from sources import ROOT

from truestep.classes.store import DATABASE, Store, StoreFault

pytestmark = pytest.mark.usefixtures("judged_here")
COUNT = 24


def table(store: Path, name: str = "marks.csv") -> dict[str, dict[str, str]]:
    return {next(iter(row.values())): row for row in commanding.table(store, name)}


def tables(store: Path) -> tuple[bytes, bytes]:
    return (store / "marks.csv").read_bytes(), (store / "files.csv").read_bytes()


@pytest.fixture(scope="module")
def handins(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return classes.folder(tmp_path_factory.mktemp("handins") / "all", COUNT)


@pytest.fixture(scope="module")
def graded(homework: Path, handins: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in which the class was graded by one worker."""
    store = tmp_path_factory.mktemp("stores") / "one"
    assert run("grade", homework, handins, "--store", store, "--jobs", 1).exit_code == 3
    return store


def test_every_student_has_a_row(graded: Path) -> None:
    rows = table(graded)
    assert list(rows) == [f"{number:04}" for number in range(COUNT)]
    right = rows["0007"]
    assert (right["name"], right["marks"], right["of"], right["2"]) == ("Student 007", "4..6", "10", "0..2")
    assert right["for a person"] == "2"
    assert rows["0004"]["1(b)"] == "0"
    assert "transposed" in rows["0000"]["mistakes"]


def test_the_same_answer_is_judged_once(graded: Path) -> None:
    with Store(graded, writes=False) as store:
        asked = store.rows("SELECT question, count(*) FROM judged GROUP BY question")
    assert dict(asked) == {"1(a)": 2, "1(b)": 4, "2": 2}  # a wrong one also with what is carried into it


def test_without_a_reader_of_yaml_nobody_is_graded(
    homework: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "export.zip").write_bytes(classes.gradescope([("Jane", ""), ("Ann", "")]))
    monkeypatch.setitem(sys.modules, "yaml", None)
    done = run("grade", homework, tmp_path / "export.zip", "--store", tmp_path / "s")
    assert (done.exit_code, "pip install 'truestep[class]'" in done.output) == (2, True)
    monkeypatch.undo()
    assert run("grade", homework, tmp_path / "export.zip", "--store", tmp_path / "s").exit_code in (0, 3)


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [3])
def test_workers_change_no_byte(homework: Path, handins: Path, graded: Path, tmp_path: Path, jobs: int) -> None:
    given = ["grade", homework, handins, "--store", tmp_path / "s", "--jobs", str(jobs)]
    made = subprocess.run([sys.executable, "-c", classes.MANY_WORKERS, *given], cwd=ROOT, check=False)
    assert made.returncode == 3
    assert tables(tmp_path / "s") == tables(graded)


def test_a_second_run_judges_nothing(homework: Path, handins: Path, graded: Path, tmp_path: Path) -> None:
    before = tables(graded)
    again = run("grade", homework, handins, "--store", graded)
    assert "nothing is new" in again.stderr
    assert again.exit_code == 3
    resumed = run("grade", "--resume", "--store", graded)
    assert (resumed.exit_code, tables(graded)) == (3, before)


def test_only_what_is_new_is_judged(homework: Path, handins: Path, graded: Path, tmp_path: Path) -> None:
    store, more = tmp_path / "s", tmp_path / "more"
    shutil.copytree(graded, store)
    more.mkdir()
    (more / "new.tex").write_text(classes.tex({"1(a)": "$$W^T \\frac{\\partial J}{\\partial z}$$"}, "New", "9999"))
    run("grade", homework, more, "--store", store)
    with Store(store, writes=False) as opened:
        assert opened.rows("SELECT count(*) FROM judged WHERE question = '1(a)'") == [(3,)]
    rows, before = table(store), table(graded)
    assert rows.pop("9999")["1(a)"] == "4"
    assert rows == before


@pytest.mark.slow
def test_a_later_file_of_the_same_name_is_another_attempt(homework: Path, tmp_path: Path) -> None:
    place = classes.folder(tmp_path / "all", 2)
    run("grade", homework, place, "--store", tmp_path / "s")
    (place / "s000.tex").write_text(classes.tex(classes.RIGHT, "Student 000", "0000"))
    run("grade", homework, place, "--store", tmp_path / "s")
    rows = table(tmp_path / "s")
    assert rows["0000"]["marks"] == "8..10"
    assert "an earlier attempt, not counted" in rows["0000"]["said"]
    (place / "s000.tex").write_text("")  # an empty one does not take the place of one that was read
    run("grade", homework, place, "--store", tmp_path / "s")
    assert table(tmp_path / "s")["0000"]["marks"] == "8..10"


def test_forms_and_odd_files(homework: Path, tmp_path: Path) -> None:
    place = tmp_path / "all"
    place.mkdir()
    (place / "ann.md").write_text(classes.md(classes.RIGHT, "Ann"))
    (place / "bob.ipynb").write_text(classes.ipynb(classes.RIGHT))
    (place / "=cmd.tex").write_text(classes.tex(classes.RIGHT))
    (place / 'new\nline,".tex').write_text(classes.tex(classes.RIGHT))
    (place / "dora").mkdir()
    (place / "dora" / "hw.zip").write_bytes(classes.zipped({"hw/main.tex": classes.tex(classes.RIGHT)}))
    (place / "huge.tex").write_bytes(b"x" * (2 << 20))
    (place / "nothing.tex").write_bytes(b"")
    (place / "link.tex").symlink_to("/etc/passwd")
    os.mkfifo(place / "pipe.tex")
    (place / "bomb.zip").write_bytes(classes.zipped({"a.tex": b"\0" * (4 << 20)}))
    (place / "utf16.tex").write_bytes("x = 1".encode("utf-16"))
    (place / "deep.tex").write_text(classes.tex({"1(a)": "$$" + "{" * 5000 + "$$"}))
    assert run("grade", homework, place, "--store", tmp_path / "s").exit_code == 3
    rows, files = table(tmp_path / "s"), table(tmp_path / "s", "files.csv")
    for name in ("Ann", "bob", "'=cmd", 'new line,"', "dora"):
        assert rows[name]["marks"] == "8..10", name
    assert (rows["utf16"]["state"], rows["utf16"]["marks"]) == ("unplaced", "0..10")
    for name in ("link", "pipe", "huge"):
        assert (rows[name]["state"], rows[name]["marks"]) == ("not read", "0..10")
    assert rows["deep"]["1(a)"] == "0..4"
    assert len(files) == 12
    assert all(row["said"] for row in files.values() if row["state"] not in ("read",))


@pytest.mark.parametrize(
    ("platform", "given", "told"),
    [
        ("gradescope", "Jane, Doe", "Jane, Doe"),
        ("canvas", "Doe Jane", "janedoe"),
        ("moodle", "Jane Doe", "Jane Doe"),
    ],
)
def test_platforms(homework: Path, tmp_path: Path, platform: str, given: str, told: str) -> None:
    people = [("101", given), ("102", "Ann Lee")]
    export = tmp_path / "export.zip"
    export.write_bytes(getattr(classes, platform)(people))
    run("grade", homework, export, "--store", tmp_path / "s")
    rows = table(tmp_path / "s")
    assert list(rows) == ["101", "102"]
    assert rows["101"]["name"] == told
    assert rows["102"]["late"] == ("late" if platform == "canvas" else "")
    assert len(table(tmp_path / "s", "files.csv")) == (3 if platform == "gradescope" else 2)


@pytest.mark.parametrize("platform", ["gradescope", "canvas", "moodle", "folder"])
@pytest.mark.parametrize("name", ["hw.rtf", "hw.py"])
def test_who_hands_in_what_nobody_reads_has_no_zero(homework: Path, tmp_path: Path, platform: str, name: str) -> None:
    """The only file of a hand-in is for a person, whatever it is; beside others it is none's answer."""
    made = getattr(classes, platform if platform != "folder" else "moodle")([("101", "Jane Doe"), ("102", "Ann Lee")])
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        members = {one: archive.read(one) for one in archive.namelist()}
    first, second = (one for one in members if one.endswith(".tex"))
    changed = {one: data for one, data in members.items() if one != first}
    changed |= dict.fromkeys((first[:-4] + name[2:], second[:-4] + name[2:]), b"nothing")
    if platform == "folder":
        changed = {f"ann/{name}": b"nothing", "bob/hw.tex": members[second], f"bob/{name}": b"nothing"}
    (tmp_path / "all.zip").write_bytes(classes.zipped(changed))
    assert run("grade", homework, tmp_path / "all.zip", "--store", tmp_path / "s").exit_code == 3
    rows, files = list(table(tmp_path / "s").values()), table(tmp_path / "s", "files.csv")
    assert [(row["state"], row["marks"]) for row in rows][:1] == [("for a person", "0..10")]
    assert rows[1]["state"] == "graded"
    found = [row["state"] for key, row in files.items() if key.endswith(name[2:])]
    assert sorted(found) == ["for a person", "passed over"]


def test_a_roster_says_who_is_who(homework: Path, tmp_path: Path) -> None:
    people = [("101", "Doe Jane"), ("102", "Lee Ann")]
    (tmp_path / "export.zip").write_bytes(classes.canvas(people))
    roster = tmp_path / "roster.csv"
    roster.write_text(
        "\ufeffid,name,email,section,Canvas ID\nu1,Jane Doe,j@x,A,101\nu2,Ann Lee,a@x,B,\nu3,Zoë Ng,z@x,B,\n"
    )
    run("grade", homework, tmp_path / "export.zip", "--store", tmp_path / "s", "--roster", roster)
    rows = table(tmp_path / "s")
    assert {key: (row["name"], row["section"], row["state"]) for key, row in rows.items()} == {
        "u1": ("Jane Doe", "A", "graded"),
        "u2": ("Ann Lee", "B", "graded"),
        "u3": ("Zoë Ng", "B", "nothing handed in"),
    }


def test_swapped_boxes_are_told(homework: Path, tmp_path: Path) -> None:
    (tmp_path / "all").mkdir()
    swapped = {**classes.RIGHT, "1(a)": classes.RIGHT["1(b)"], "1(b)": classes.RIGHT["1(a)"]}
    (tmp_path / "all" / "ann.tex").write_text(classes.tex(swapped))
    (tmp_path / "all" / "bob.tex").write_text(classes.tex({**classes.WRONG, "1(b)": classes.RIGHT["1(a)"]}))
    run("grade", homework, tmp_path / "all", "--store", tmp_path / "s")
    rows = table(tmp_path / "s")
    assert "what stands under 1(a) answers 1(b); what stands under 1(b) answers 1(a)" in rows["ann"]["said"]
    assert (rows["ann"]["1(a)"], rows["ann"]["1(b)"]) == ("1.6..4", "2..4")  # lines that are right count
    assert "what stands under" not in rows["bob"]["said"]


def test_two_at_once_do_not_hurt_each_other(homework: Path, handins: Path, graded: Path) -> None:
    with Store(graded):
        refused = run("grade", homework, handins, "--store", graded)
    assert refused.exit_code == 2
    assert "somebody else is grading into this store" in refused.stderr


def test_who_reads_waits_for_nobody(graded: Path) -> None:
    with Store(graded), Store(graded, writes=False) as reading:
        assert reading.marked()


def test_a_store_that_is_none_is_refused(tmp_path: Path, homework: Path) -> None:
    with pytest.raises(StoreFault, match="no store here"):
        Store(tmp_path, writes=False)
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / DATABASE).write_bytes(b"no database at all, but some bytes" * 99)
    refused = run("grade", homework, homework, "--store", tmp_path / "s")
    assert (refused.exit_code, "damaged" in refused.stderr) == (2, True)
    (tmp_path / "file").write_text("")
    assert run("grade", homework, homework, "--store", tmp_path / "file").exit_code == 2
    assert run("grade", homework, tmp_path / "gone", "--store", tmp_path / "t").exit_code == 2
    assert run("grade", "--resume", "--store", tmp_path / "t").exit_code == 2


def test_damaged_rows_are_made_again(homework: Path, handins: Path, graded: Path, tmp_path: Path) -> None:
    store = tmp_path / "s"
    shutil.copytree(graded, store)
    with sqlite3.connect(store / DATABASE) as base:
        base.execute("UPDATE judged SET brief = replace(brief, '\"low\":4.0', '\"low\":3.0')")
        base.execute("UPDATE marked SET row = replace(row, '8', '9')")
        base.execute("UPDATE files SET told = '' WHERE rowid % 2")
        base.execute("UPDATE files SET answers = 'x' WHERE rowid % 2 = 0")
    for copy in sorted((store / "handins").iterdir())[:3]:
        copy.write_bytes(b"damaged")
    run("grade", homework, handins, "--store", store)
    (store / "marks.csv").unlink()
    with sqlite3.connect(store / DATABASE) as base:
        base.execute("DELETE FROM meta WHERE key = 'done'")
    run("grade", homework, handins, "--store", store)
    assert tables(store) == tables(graded)


@pytest.mark.slow
@pytest.mark.parametrize("place", ["marks.csv", "handins"])
def test_a_folder_that_cannot_be_written_to_is_said(homework: Path, handins: Path, tmp_path: Path, place: str) -> None:
    store = tmp_path / "s"
    store.mkdir()
    (store / place).mkdir() if place == "marks.csv" else (store / place).write_text("a file where a folder should be")
    failed = run("grade", homework, handins, "--store", store)
    assert failed.exit_code == 2
    assert place in failed.stderr
    assert not [one for one in store.rglob(".*") if one.is_file()]
