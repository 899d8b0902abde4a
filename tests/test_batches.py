"""Classes as they come: attempts, twins, rosters, groups, files of the same name; nobody and nothing is left out."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import classes
import pytest
from click.testing import CliRunner

from truestep.cli import main

pytestmark = pytest.mark.usefixtures("judged_here")
Files = Mapping[str, str | bytes]


def tex(name: str = "", identifier: str = "", answers: Mapping[str, str] = classes.RIGHT) -> str:
    return classes.tex(answers, name, identifier)


OTHER = tex("B").replace("Layers", "Other").replace('id="1(a)"', 'id="9"')
SECOND = {**classes.RIGHT, "1(a)": "$$\\frac{\\partial J}{\\partial x} = 0$$"}
SUBMITTED = {"101": "0..2", "102": "4..6"}
BAD = tex("Ann Lee", "1", classes.WRONG)
ANN, BOB = tex("Ann Lee", "1"), tex("Bob Ray", "2")
ROSTER = "id,name,email\n1,Ann Lee,a@x\n2,Bob Ray,b@x\n"
PART = {"1(a)": classes.RIGHT["1(a)"]}
REST = {key: text for key, text in classes.RIGHT.items() if key != "1(a)"}
FULL, NONE, OPEN = "8..10", "0", "0..10"


class Batch(NamedTuple):
    """What is given, run after run, the roster, the marks by student, and what is said of somebody."""

    runs: Sequence[Files]
    marks: Mapping[str, str]
    roster: str = ""
    said: str = ""


BATCHES = {
    "one each": Batch([{"a.tex": ANN, "b.tex": BOB}], {"1": FULL, "2": FULL}),
    "a roster with one who is missing": Batch([{"a.tex": ANN}], {"1": FULL, "2": NONE}, ROSTER),
    "not on the roster": Batch(
        [{"a.tex": ANN, "c.tex": tex("Cy", "9")}], {"1": FULL, "2": NONE, "9": FULL}, ROSTER, "not on the roster"
    ),
    "by name alone": Batch([{"a.tex": tex("lee, ann")}], {"1": FULL, "2": NONE}, ROSTER),
    "by the folder": Batch([{"Ann Lee/hw.tex": tex()}], {"1": FULL, "2": NONE}, ROSTER),
    "by the name of the file": Batch([{"zed.tex": tex()}], {"zed": FULL}),
    "a later attempt": Batch([{"a.tex": BAD}, {"a.tex": ANN}], {"1": FULL}, "", "an earlier attempt, not counted"),
    "a worse later attempt": Batch([{"a.tex": ANN}, {"a.tex": BAD}], {"1": "0..2"}, "", "not counted"),
    "a later attempt that is empty": Batch([{"a.tex": ANN}, {"a.tex": b""}], {"1": FULL}),
    "a later attempt that is broken": Batch([{"a.tex": ANN}, {"a.tex": b"\0\0"}], {"1": FULL}),
    "the same again": Batch([{"a.tex": ANN}, {"a.tex": ANN}], {"1": FULL}),
    "another file later": Batch([{"a.tex": BAD}, {"b.tex": ANN}], {"1": FULL}, "", "not counted"),
    "two files of one student": Batch(
        [{"ann/1.tex": tex("", "", PART), "ann/2.tex": tex("", "", REST)}], {"ann": FULL}
    ),
    "two answers to one question": Batch(
        [{"ann/1.tex": tex(), "ann/2.tex": tex("", "", SECOND)}],
        {"ann": "4..10"},
    ),
    "copied byte for byte": Batch(
        [{"ann/hw.tex": tex(), "bob/hw.tex": tex()}], {"ann": FULL, "bob": FULL}, "", "byte for byte"
    ),
    "two of one name": Batch(
        [{"a.tex": tex("Ann Lee", "1"), "b.tex": tex("Ann Lee", "7")}], {"1": FULL, "7": FULL}, "", "looks like that of"
    ),
    "two spellings of one letter": Batch(
        [{"a.tex": tex("Zo\u00eb", "1"), "b.tex": tex("Zoe\u0308", "2")}], {"1": FULL, "2": FULL}, "", "looks like"
    ),
    "two on the roster of one name": Batch(
        [{"a.tex": tex("Ann Lee")}],
        {"1": NONE, "3": NONE, "Ann Lee": FULL},
        "id,name\n1,Ann Lee\n3,Ann Lee\n",
        "not on the roster",
    ),
    "small and capital files": Batch([{"hw.tex": ANN, "HW.tex": BOB}], {"1": FULL, "2": FULL}),
    "files of one name": Batch([{"x/hw.tex": ANN, "y/hw.tex": BOB}], {"x": FULL, "y": FULL}),
    "one folder of several": Batch([{"all/a.tex": ANN, "all/b.tex": BOB}], {"1": FULL, "2": FULL}),
    "an empty one and one of another": Batch(
        [{"a.tex": b"", "b.tex": OTHER}], {"a": NONE, "B": NONE}, "", "this is the handout of Other"
    ),
    "what nobody can read": Batch([{"a.pdf": b"%PDF-1.4", "b.png": b"\x89PNG"}], {"a": OPEN, "b": OPEN}),
    "a group of two": Batch([{"e.zip": classes.gradescope([("101", "Ann"), ("102", "Bob")])}], SUBMITTED),
    "late ones of Canvas": Batch([{"e.zip": classes.canvas([("101", "Doe Jane"), ("102", "Lee Ann")])}], SUBMITTED),
}


@pytest.mark.parametrize("batch", BATCHES.values(), ids=list(BATCHES))
def test_everything_given_is_told(tmp_path: Path, batch: Batch) -> None:
    (tmp_path / "layers.toml").write_text(classes.HOMEWORK)
    (tmp_path / "roster.csv").write_text(batch.roster)
    more = ["--roster", str(tmp_path / "roster.csv")] if batch.roster else []
    names = set()
    for files in batch.runs:
        for name, data in files.items():
            path = tmp_path / "all" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data.encode() if isinstance(data, str) else data)
            names.add(name)
        given = ["grade", str(tmp_path / "layers.toml"), str(tmp_path / "all"), "--store", str(tmp_path / "s"), *more]
        done = CliRunner().invoke(main, given)
        assert done.exit_code in (0, 3), done.output
    rows = {row["id"] or row["name"]: row for row in table(tmp_path, "marks.csv")}
    assert {key: row["marks"] for key, row in rows.items()} == dict(batch.marks)
    assert batch.said in "; ".join(row["said"] for row in rows.values())
    told = {row["file"].partition("all/")[2].split(".zip")[0] for row in table(tmp_path, "files.csv")}
    assert told == {name.removesuffix(".zip") for name in names}
    assert {row["student"] for row in table(tmp_path, "files.csv") if row["state"] == "read"} <= set(rows)


def table(place: Path, name: str) -> list[dict[str, str]]:
    with (place / "s" / name).open(newline="") as file:
        return list(csv.DictReader(file))
