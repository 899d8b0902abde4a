"""Hand-ins of every form are read: nothing is dropped, and what could not be placed is told."""

from __future__ import annotations

import io
import itertools
import os
import stat
import tarfile
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import classes
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truestep.checkers.handins import archives, sources
from truestep.checkers.handins.boxed import parts
from truestep.checkers.handins.fields import fields_of
from truestep.checkers.handins.headings import Cutter
from truestep.checkers.handins.layouts import gradescope_submitters, whose
from truestep.checkers.handins.reading import Reader
from truestep.checkers.handins.torn import is_torn
from truestep.problems.homework.homework_file import homework_from, load_homework
from truestep.problems.homework.marks import closing, opening

CLASS = Path(__file__).parent / "data" / "class"
HOMEWORK = load_homework(str(CLASS / "homework.toml"))
READER = Reader(HOMEWORK)
IDS = tuple(question.id for question in HOMEWORK.questions if question.is_answered)
PARTS = ("1(a)", "1(b)", "2", "3(a)", "3(b)")
CUTTER = Cutter(PARTS, {"2": "A loss with a penalty"})


@pytest.mark.parametrize(
    ("name", "state", "found"),
    [
        ("boxes.tex", "read", IDS),
        ("headings.md", "read", IDS),
        ("notebook.ipynb", "read", IDS),
        ("unicode.txt", "read", IDS),
        ("empty.tex", "empty", ()),
        ("other-homework.tex", "other homework", ()),
        ("doubled-box.tex", "read", IDS),
        ("unusual.tex", "read", IDS),
        ("bare.tex", "read", IDS),
    ],
)
def test_each_form_gives_its_answers(name: str, state: str, found: tuple[str, ...]) -> None:
    document = READER.read(name, (CLASS / name).read_bytes())
    assert (document.state, tuple(one.question for one in document.answers)) == (state, found)


def test_damaged_marks_cost_no_answer() -> None:
    document = READER.read("x.tex", (CLASS / "doubled-box.tex").read_bytes())
    assert document.said == (
        "box 5(b) has lost its opening mark: it was found by its heading",
        "box 5(a) stands twice: both were read as one answer",
    )
    assert "x^T" in next(one.text for one in document.answers if one.question == "5(b)")


def test_another_homework_is_named() -> None:
    document = READER.read("x.tex", (CLASS / "other-homework.tex").read_bytes())
    assert document.said[0].startswith("this is the handout of Logistic regression with ridge")
    assert document.loose


@pytest.mark.parametrize("row", tomllib.loads((CLASS.parent / "headings.toml").read_text())["cut"])
def test_documents_are_cut_by_their_headings(row: dict[str, Any]) -> None:
    sections = CUTTER.sections(row["text"], row["kind"])
    assert [one.question for one in sections if one.question] == row["found"]


LETTERS = st.sampled_from("123()ab.#*\\sectionitem{}[] \n=xProblem")
MARKS = st.sampled_from([opening("1(a)"), opening("2"), closing(), "x = 1", "y", r"\subsection*{1(b)}"])


@settings(max_examples=150)
@given(st.text(alphabet=LETTERS, max_size=120), st.sampled_from(["md", "tex", "txt"]))
def test_sections_cover_the_document_but_for_the_headings(text: str, kind: str) -> None:
    sections = CUTTER.sections(text, kind)
    assert sections[0].start == 0
    assert sections[-1].end == len(text)
    assert all(one.start <= one.end <= other.start for one, other in itertools.pairwise(sections))


@settings(max_examples=150)
@given(st.lists(MARKS, max_size=12))
def test_what_stands_between_marks_is_never_dropped(lines: list[str]) -> None:
    text = "\n".join(lines)
    found, _ = parts(text, CUTTER)
    for place, line in enumerate(lines):
        if line == "x = 1" and opening("2") in lines[:place] and closing() not in lines[:place]:
            assert any("x = 1" in text[one.start : one.end] for one in found) or r"\subsection*{1(b)}" in lines[:place]
    assert all(0 <= one.start <= one.end <= len(text) for one in found)


@settings(max_examples=100)
@given(st.binary(max_size=300), st.sampled_from(["a.tex", "a.md", "a.ipynb", "a.txt", "a.pdf", "a", "a.zip"]))
def test_no_bytes_end_the_reading(data: bytes, name: str) -> None:
    for start in (b"", b"%PDF-1.5\n", b'{"cells": ['):
        assert READER.read(name, start + data).state


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("Name: Ann Lee\\par\nStudent ID:~\\hrulefill\\par", {"name": "Ann Lee"}),
        ("**Name:** Jürgen\n\n**Student ID**: 0042\n", {"name": "Jürgen", "id": "0042"}),
        (r"\author{Zoë O'Hara}", {"name": "Zoë O'Hara"}),
        ("Name: ____\nemail: a@b.c\n", {"email": "a@b.c"}),
        ("Name: =cmd|' /C calc'!A0\x00\n", {"name": "=cmd|' /C calc'!A0"}),
        ("nothing", {}),
    ],
)
def test_fields_are_read(text: str, fields: dict[str, str]) -> None:
    assert fields_of(text, ["Name", "Student ID", "Collaborators"]) == fields


@pytest.mark.parametrize(
    ("root", "path", "told"),
    [
        ("e.zip", "export/submission_12/hw.tex", ("e.zip/export/submission_12", "gradescope", "", "", False)),
        ("e.zip", "doejane_1234_5678_hw-1.tex", ("e.zip/1234", "canvas", "1234", "doejane", False)),
        ("e.zip", "doejane_LATE_1234_5678_hw.tex", ("e.zip/1234", "canvas", "1234", "doejane", True)),
        ("e.zip", "Jane Doe_7_assignsubmission_file_hw.tex", ("e.zip/7", "moodle", "7", "Jane Doe", False)),
        ("e", "Jane Doe_7_assignsubmission_file_/hw.tex", ("e/7", "moodle", "7", "Jane Doe", False)),
        ("c/submitted", "ann/hw3/hw.ipynb", ("c/submitted/ann/hw3", "nbgrader", "ann", "", False)),
        ("all", "ann/src/main.tex", ("all/ann", "folder", "ann", "", False)),
        ("all.zip", "all/ann/main.tex", ("all.zip/all/ann", "folder", "ann", "", False)),
        ("all", "ann.tex", ("all/ann.tex", "", "", "", False)),
    ],
)  # fmt: skip
def test_whose_a_file_is(root: str, path: str, told: tuple[object, ...]) -> None:
    assert tuple(whose(root, path.split("/"))) == told


def test_gradescopes_metadata() -> None:
    text = (
        "---\nsubmission_12:\n  :submitters:\n  - :name: Jane, Doe\n    :sid: '0042'\n    :email: j@x.y\n"
        "  :created_at: 2026-03-16 22:13:34.1 Z\n"
    )
    people, at = gradescope_submitters(text)["submission_12"]
    assert people == [{"name": "Jane, Doe", "sid": "0042", "email": "j@x.y"}]
    assert at.startswith("2026-03-16T22:13:34")
    with pytest.raises(ValueError, match="no table"):
        gradescope_submitters("- a")


def zipped(members: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return made.getvalue()


def link(name: str, to: str) -> tuple[zipfile.ZipInfo, str]:
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info, to


def told(data: bytes, name: str = "a.zip", bounds: archives.Bounds = archives.CLASS) -> dict[str, str]:
    return {one.name: one.fault for one in archives.members(archives.kind_of(name, data), io.BytesIO(data), bounds)}


def test_members_that_lead_out_are_refused() -> None:
    data = zipped({"ok.tex": b"x", "../out.tex": b"x", "/abs.tex": b"x", "a/../../b": b"x", "C:\\x": b"x"})
    found = told(data)
    assert found.pop("ok.tex") == ""
    assert set(found.values()) == {"its path leads out of the archive"}


def test_links_bombs_and_twins_are_told() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(*link("link.tex", "/etc/passwd"))
        archive.writestr("bomb", b"\0" * (3 * archives.MEBIBYTE))
        archive.writestr("a.tex", "x")
    found = told(made.getvalue())
    assert found["link.tex"].startswith("a link")
    assert "bomb" in found["bomb"]
    assert found["a.tex"] == ""
    small = told(zipped({str(k): b"x" for k in range(9)}), bounds=archives.Bounds(10, 5))
    assert "more than 5 members" in small[""]
    assert "more than 0 MiB" in told(zipped({"a": b"x" * 99}), bounds=archives.Bounds(10, 5))[""]
    assert "damaged" in told(zipped({"a": b"x" * 99})[:-30])[""]


def test_tars_are_read_as_zips_are() -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        kinds = {"ok.tex": tarfile.REGTYPE, "l": tarfile.SYMTYPE, "../o": tarfile.REGTYPE, "p": tarfile.FIFOTYPE}
        for name, kind in kinds.items():
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    found = told(made.getvalue(), "a.tgz")
    assert found["ok.tex"] == ""
    assert all(found[name] for name in ("l", "../o", "p"))


@settings(max_examples=60)
@given(st.integers(0, 400), st.binary(min_size=1, max_size=4), st.booleans())
def test_a_damaged_archive_ends_nothing(place: int, data: bytes, is_tar: bool) -> None:
    if is_tar:
        made = io.BytesIO()
        with tarfile.open(fileobj=made, mode="w:gz") as archive:
            archive.addfile(tarfile.TarInfo("a.tex"), io.BytesIO(b""))
        whole = made.getvalue()
    else:
        whole = zipped({"a.tex": b"x = 1", "b/c.md": b"y"})
    changed = whole[:place] + data + whole[place + len(data) :]
    for name in ("x.zip", "x.tar.gz"):
        kind = archives.kind_of(name, changed) or "tar"
        assert all(one.name or one.fault for one in archives.members(kind, io.BytesIO(changed), archives.HANDIN))


def test_every_file_has_its_row(tmp_path: Path) -> None:
    (tmp_path / "ann").mkdir()
    (tmp_path / "ann" / "hw.tex").write_text("x")
    (tmp_path / "link.tex").symlink_to("/etc/passwd")
    os.mkfifo(tmp_path / "pipe.tex")
    (tmp_path / "empty.tex").write_text("")
    (tmp_path / 'new\nline=,".tex').write_text("x")
    (tmp_path / "hw.zip").write_bytes(zipped({"a/b.tex": b"x", "inner.zip": zipped({"c.tex": b"y"})}))
    (tmp_path / "none.zip").write_bytes(zipped({}))
    found = {
        one.name.removeprefix(f"{tmp_path}/"): one.fault
        for one in sources.given([str(tmp_path), str(tmp_path / "gone")])
    }
    taken = {name for name, fault in found.items() if not fault}
    assert taken == {"ann/hw.tex", "empty.tex", 'new\nline=,".tex', "hw.zip/a/b.tex"}
    refused = {name.split("/")[-1] for name, fault in found.items() if fault}
    assert refused == {"link.tex", "pipe.tex", "inner.zip", "none.zip", "gone"}
    class_zip = tmp_path / "class.zip"
    class_zip.write_bytes(zipped({"inner.zip": zipped({"c.tex": b"y"})}))
    assert [one.path for one in sources.given([str(class_zip)])] == [("inner.zip", "c.tex")]


def test_a_pdf_is_for_a_person() -> None:
    document = READER.read("a.pdf", classes.pdf("Name: Ann Lee\n1(a)\nx = 1"))
    assert (document.state, document.fields) == ("for a person", {"name": "Ann Lee"})
    assert READER.read("a.png", b"\x89PNG....").state == "for a person"


def test_a_pdf_with_the_marks_of_the_handout_is_read() -> None:
    reader = Reader(homework_from(tomllib.loads(classes.HOMEWORK)))
    written = classes.tex(classes.RIGHT, "Ann Lee", "0042")
    document = reader.read("a.pdf", classes.pdf(written))
    assert (document.state, document.fields) == ("read", {"name": "Ann Lee", "id": "0042"})
    plain = reader.read("a.tex", written.encode()).answers
    assert [(one.question, one.text.split()) for one in document.answers] == [
        (one.question, one.text.split()) for one in plain
    ]


@pytest.mark.parametrize("name", ["text-layer.txt", "text-layer.md"])
def test_text_that_was_copied_out_of_a_pdf_is_for_a_person(name: str) -> None:
    document = READER.read(name, (CLASS / "text-layer.txt").read_bytes())
    assert (document.state, document.fields) == ("for a person", {"name": "Student 07"})
    assert "1024 · 256" in document.loose[0].text


@pytest.mark.parametrize("path", sorted(CLASS.glob("[a-su-z]*.*")) + sorted(CLASS.parent.glob("*.md")), ids=str)
def test_what_was_written_is_not_torn(path: Path) -> None:
    assert not is_torn(path.read_text("utf-8", "replace"))
