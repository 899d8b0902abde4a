"""Archives and files that mean harm or are broken: a row for each, and nothing of the others or around them changes.

With TRUESTEP_WHOLE=1 as many are tried as docs/reliability.md says.
"""

from __future__ import annotations

import hashlib
import io
import os
import random
import socket
from pathlib import Path

import classes
import hostile_archives
import pytest
from commanding import run, table

from truestep.checkers.handins import archives, sources

pytestmark = pytest.mark.usefixtures("judged_here")
MUTANTS = 2000 if os.environ.get("TRUESTEP_WHOLE") else 60
ARCHIVES = list(hostile_archives.archives())


def tree(folder: Path) -> str:
    """What tells all that lies in a folder from anything else."""
    made = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        made.update(repr((str(path), path.lstat().st_mode, path.lstat().st_size)).encode("utf-8", "surrogateescape"))
    return made.hexdigest()


@pytest.mark.parametrize(("name", "data"), ARCHIVES, ids=[name for name, _ in ARCHIVES])
def test_an_archive_reaches_nothing_and_ends_nothing(tmp_path: Path, name: str, data: bytes) -> None:
    place = tmp_path / "class"
    place.mkdir()
    (place / name).write_bytes(data)
    (place / "good.tex").write_bytes(hostile_archives.GOOD)
    before = tree(tmp_path)
    found = list(sources.given([str(place)]))
    alone = list(sources.given([str(place / name)]))
    assert tree(tmp_path) == before
    assert [one.data for one in found if one.path == ("good.tex",)] == [hostile_archives.GOOD]
    assert len(found) > 1
    assert alone
    assert all(len(one.data) <= hostile_archives.MEBIBYTE for one in (*found, *alone))


def test_every_kind_is_refused_but_for_what_is_sound_in_it() -> None:
    sound = {"encrypted.zip", "many.zip", "twins.zip", "checksum.zip", "size.zip", "control.zip"}
    sound |= {"letters.zip", "method.zip", "overlapping.zip", "bombs.tar.xz"}
    assert len(ARCHIVES) >= 21
    for name, data in ARCHIVES:
        kind = members(name, data)
        faults = [one.fault for one in kind]
        assert all(faults) or name in sound, name
        assert any(faults) or name in ("control.zip", "letters.zip"), name


def members(name: str, data: bytes) -> list[archives.Member]:
    found = list(archives.members(archives.kind_of(name, data), io.BytesIO(data), archives.HANDIN))
    inner = [one for one in found if archives.kind_of(one.name, one.data)]
    return [one for one in found if one not in inner] or [archives.Member("", fault="an archive or nothing in it")]


def test_mutated_archives_reach_nothing_and_end_nothing(tmp_path: Path) -> None:
    place = tmp_path / "class"
    place.mkdir()
    (place / "good.tex").write_bytes(hostile_archives.GOOD)
    before = tree(tmp_path)
    for name, data in hostile_archives.mutated(1, MUTANTS, ARCHIVES):
        (place / name).write_bytes(data)
        found = list(sources.given([str(place)]))
        (place / name).unlink()
        assert [one.data for one in found if one.path == ("good.tex",)] == [hostile_archives.GOOD]
        assert any(one.path[0] == name for one in found)
    assert tree(tmp_path) == before


@pytest.mark.slow
def test_a_class_with_all_of_them_is_graded(homework: Path, tmp_path: Path) -> None:
    place = tmp_path / "class"
    place.mkdir()
    (place / "good.tex").write_text(classes.tex(classes.RIGHT))
    several = [*ARCHIVES, *hostile_archives.mutated(2, 20, ARCHIVES)]
    for number, (name, data) in enumerate(several):
        (place / f"{number:02}-{name}").write_bytes(data)
    before = tree(place)
    assert run("grade", homework, place, "--store", tmp_path / "s").exit_code == 3
    rows = {row["id"]: row for row in table(tmp_path / "s")}
    assert rows["good"]["marks"] == "8..10"
    files = table(tmp_path / "s", "files.csv")
    for number in range(len(several)):
        assert any(f"/{number:02}-" in row["file"] for row in files), several[number][0]
    assert tree(place) == before
    assert {path.name for path in tmp_path.iterdir()} == {"class", "s"}


ODD_NAMES = (
    "=cmd|' !A0.tex", "+1.tex", "-1.tex", "@SUM(A1).tex", "\ttab.tex", "\rreturn.tex", "comma,comma.tex", 'quote".tex',
    "apostrophe'.tex", "new\nline.tex", "semi;colon.tex", "pipe|.tex", "star*.tex", "what?.tex", "<script>.tex",
    "&amp;.tex", "%00.tex", "%(name)s.tex", "{braces}.tex", "$HOME.tex", "`id`.tex", "back\\slash.tex", "..two.tex",
    ".dot.tex", "space .tex", " leading.tex", "Ä.tex", "A\u0308.tex", "ann.tex", "\u0430nn.tex", "ａnn.tex",
    "ann\u200b.tex", "\u202egnp.tex", "ANN.TEX",
    "😀.tex", "\x1b[31mred.tex", "\x07bell.tex", "x" * 240 + ".tex", "none",
    "CON.tex", os.fsdecode(b"\xff\xfe.tex"), "-rf", "--store", "a\u2028b.tex",
)  # fmt: skip
GOOD = classes.tex(classes.RIGHT)
ODD_CONTENTS: dict[str, tuple[bytes, str]] = {  # what is in a file, and what is said of it
    "empty.tex": (b"", "empty"),
    "blank.tex": (b" \n\n\t", "empty"),
    "nul.tex": (GOOD.replace("x", "\0", 1).encode(), "not read"),
    "utf16.tex": (GOOD.encode("utf-16"), "read"),
    "utf8-bom.tex": (b"\xef\xbb\xbf" + GOOD.encode(), "read"),
    "latin.tex": (GOOD.replace("Since", "D\xe4").encode("latin-1"), "read"),
    "crlf.tex": (GOOD.replace("\n", "\r\n").encode(), "read"),
    "large.tex": (b"x" * (2 << 20), "not read"),
    "binary.tex": (random.Random(1).randbytes(5000), "not read"),
    "deep.tex": (classes.tex({"1(a)": "$$" + "{" * 5000 + "$$"}).encode(), "read"),
    "macros.tex": (classes.tex({"1(a)": r"\def\a{\a\a}$$\a$$"}).encode(), "read"),
    "input.tex": (classes.tex({"1(a)": r"\input{/etc/passwd}$$x=\write18{id}$$"}).encode(), "read"),
    "unclosed.tex": (GOOD.replace("%</truestep:box>", "").encode(), "read"),
    "broken.ipynb": (b'{"cells": [', "not read"),
    "no-cells.ipynb": (b'{"cells": {}}', "not read"),
    "deep.ipynb": (b'{"cells": ' + b"[" * 99999, "not read"),
    "garbage.pdf": (b"%PDF-1.7\n\xff\xfe", "for a person"),
    "picture.png": (b"\x89PNG\r\n", "for a person"),
    "word.docx": (hostile_archives.zipped(("[Content_Types].xml", b"")), "not read"),
    "bomb.zip": (hostile_archives.zipped(("a.tex", b"\0" * (4 << 20))), "not read"),
    "data.csv": (b"a,b\n1,2\n", "passed over"),
}


def odd_files(place: Path) -> dict[str, str]:
    """A folder of files that are no plain files; what is said of each."""
    (place / "link.tex").symlink_to("/etc/passwd")
    (place / "loop.tex").symlink_to("loop.tex")
    (place / "dangling.tex").symlink_to("gone.tex")
    (place / "sibling").symlink_to(".")
    os.mkfifo(place / "pipe.tex")
    with socket.socket(socket.AF_UNIX) as made, pytest.MonkeyPatch.context() as patched:
        patched.chdir(place)  # the path of a socket is short
        made.bind("socket.tex")
    (place / "folder").mkdir()
    with (place / "huge.tex").open("wb") as file:
        file.truncate(70 << 20)
    names = ["link.tex", "loop.tex", "dangling.tex", "sibling", "pipe.tex", "socket.tex", "folder", "huge.tex"]
    return dict.fromkeys(names, "not read")


def test_bad_files_and_names_have_a_row_each(homework: Path, tmp_path: Path) -> None:
    place = tmp_path / "class"
    place.mkdir()
    for number, name in enumerate(ODD_NAMES):
        (place / name).write_text(GOOD.replace("Since", f"Since {number}"))
    for name, (data, _) in ODD_CONTENTS.items():
        (place / name).write_bytes(data)
    wanted = {name: state for name, (_, state) in ODD_CONTENTS.items()} | odd_files(place)
    assert len(ODD_NAMES) + len(wanted) >= 56
    done = run("grade", homework, place, "--store", tmp_path / "s")
    assert (done.exit_code, done.exception.__class__) == (3, SystemExit)
    files = table(tmp_path / "s", "files.csv")
    assert len(files) == len(ODD_NAMES) + len(wanted)
    found = {row["file"].partition("class/")[2].split("/")[0]: row for row in files}
    assert {name: found[name]["state"] for name in wanted} == wanted
    assert sum(row["state"] == "read" for row in files) == len(ODD_NAMES) + list(wanted.values()).count("read")
    rows = table(tmp_path / "s")
    full = [row for row in rows if row["marks"] == "8..10"]
    assert (
        len(full) == len(ODD_NAMES) + 5
    )  # in other encodings, with a mark of byte order, other ends of lines, boxes without their ends
    for row in (*rows, *files):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row.values())
        assert all(cell.isprintable() for cell in row.values())
    text = (tmp_path / "s" / "marks.csv").read_text("utf-8")
    assert text.count("\n") == len(rows) + 1
