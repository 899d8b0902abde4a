"""A class of which a careful person gave marks: truestep comes within two points of each, whatever the form."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner
from sources import ROOT

from truestep.checkers.documents.formats.notebook import sources
from truestep.checkers.handins.reading import Reader
from truestep.cli import main
from truestep.problems.homework.homework_file import load_homework

pytestmark = pytest.mark.usefixtures("judged_here")
CLASS = ROOT / "tests" / "data" / "class"
NEAR = 2.0
# what a person gives of 67, between what and what where two would differ: fifteen forms of one homework
PERSON = {
    "boxes.tex": (67, 67),
    "own.tex": (60, 67),
    "headings.md": (60, 67),
    "notebook.ipynb": (60, 67),
    "ascii.txt": (60, 67),
    "unicode.txt": (60, 67),
    "text-layer.txt": (60, 67),
    "empty.tex": (0, 0),
    "other-homework.tex": (0, 0),
    "doubled-box.tex": (63, 63),
    "swapped-boxes.tex": (60, 67),
    "unusual.tex": (66, 66),
    "subtle.tex": (52.5, 58),
    "scan.pdf": (60, 67),
}
BY_HAND = ("text-layer.txt", "scan.pdf")
BARE = "bare.tex", (45, 45)  # where an answer without its derivation earns half the points


def marks(tmp_path: Path, homework: Path, names: list[str]) -> dict[str, tuple[float, float]]:
    arguments = ["grade", str(homework), *(str(CLASS / name) for name in names), "--store", str(tmp_path / "s")]
    assert CliRunner().invoke(main, arguments).exit_code == 3
    with (tmp_path / "s" / "marks.csv").open(newline="") as file:
        rows = {Path(row["file"]).name: row["marks"].partition("..") for row in csv.DictReader(file)}
    return {name: (float(low), float(high or low)) for name, (low, _, high) in rows.items()}


def is_near(found: tuple[float, float], person: tuple[float, float]) -> bool:
    """Whether what is open can be decided so that the marks come within two points of the person's."""
    return found[0] <= person[1] + NEAR and found[1] >= person[0] - NEAR


@pytest.mark.slow
def test_each_form_is_marked_as_a_person_marks_it(tmp_path: Path) -> None:
    found = marks(tmp_path, CLASS / "homework.toml", list(PERSON))
    assert {name for name in PERSON if not is_near(found[name], PERSON[name])} == set()
    decided = {name: high - low for name, (low, high) in found.items() if name not in BY_HAND}
    assert all(open_ <= (8.1 if name == "swapped-boxes.tex" else 5.2) for name, open_ in decided.items())
    assert all(found[name] == (0, 67) for name in BY_HAND)


@pytest.mark.slow
def test_bare_answers_earn_half_where_the_homework_says_so(tmp_path: Path) -> None:
    stated = (CLASS / "homework.toml").read_text("utf-8")
    (tmp_path / "homework.toml").write_text(stated.replace("[marking]", "[marking]\nneeds_work = 0.5"))
    name, person = BARE
    assert is_near(marks(tmp_path, tmp_path / "homework.toml", [name])[name], person)


def test_nothing_that_was_written_is_lost() -> None:
    """Every line of an answer comes back in the answers that are read, or in what is said to be placed nowhere."""
    reader = Reader(load_homework(str(CLASS / "homework.toml")))
    for name in (*PERSON, BARE[0]):
        data = (CLASS / name).read_bytes()
        document = reader.read(name, data)
        assert document.answers or document.loose or document.said, name
        kept = "\n".join(one.text for one in (*document.answers, *document.loose))
        plain = "\n".join(sources(data.decode())) if name.endswith(".ipynb") else data.decode("utf-8", "replace")
        inside = plain.partition("Name:" if ".tex" in name or ".pdf" in name else "1")[2]
        formulas = [
            line for line in inside.split("\n") if "&=" in line or (line.startswith(("d", "∂")) and "=" in line)
        ]
        assert not [line for line in formulas if line.strip() not in kept], name


def test_near_is_two_points() -> None:
    assert is_near((61, 65), (67, 67))
    assert not is_near((60, 64.9), (67, 67))
    assert not is_near((69.5, 70), (67, 67))
