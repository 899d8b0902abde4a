"""The page on grading a class: every command in it is run, in its order, and prints what is shown."""

from __future__ import annotations

import csv
import re
import shlex
from pathlib import Path

import classes
import pytest
from click.testing import CliRunner
from sources import ROOT
from test_tutorial import COMMAND, CONSOLE, agrees

from truestep.cli import main

pytestmark = pytest.mark.usefixtures("judged_here")
PAGE = (ROOT / "docs" / "class.md").read_text("utf-8")
SHOWN = [(found[1], found[2]) for block in CONSOLE.findall(PAGE) for found in COMMAND.finditer(block)]
ROSTER = (
    "id,name,email,section,Canvas ID\nu1,Jane Doe,j@x.edu,A,101\nu2,Ann Lee,a@x.edu,B,102\nu3,Zoë Ng,z@x.edu,B,103\n"
)
CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Layers (77)\n    Points Possible,,,,,10\n"
    '"Doe, Jane",101,u1,jd,A,2\n"Lee, Ann",102,u2,al,B,\n"Ng, Zoë",103,u3,zn,B,0\n'
)
WORKSHEET = (
    "Identifier,Full name,Email address,Status,Grade,Maximum grade,Last modified (grade),Feedback comments\n"
    "Participant 101,Doe Jane,j@x.edu,Submitted for grading,,10,-,\n"
    "Participant 102,Lee Ann,a@x.edu,Submitted for grading,,10,-,\n"
    "Participant 103,Ng Zoë,z@x.edu,Submitted for grading,2,10,-,\n"
)
PEOPLE = [("101", "Doe Jane"), ("102", "Lee Ann"), ("103", "Ng Zoë")]


def fill_in(name: str, other: str) -> None:
    """Gives one point to each group of answers."""
    with Path(name).open(newline="") as file:
        rows = list(csv.DictReader(file))
    with Path(other).open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(row | ({} if row["student"] else {"points": "1"}) for row in rows)


@pytest.mark.slow
def test_every_command_prints_what_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("layers.toml").write_text(classes.HOMEWORK)
    Path("roster.csv").write_text(ROSTER)
    Path("canvas.csv").write_text(CANVAS)
    Path("submissions.zip").write_bytes(classes.canvas(PEOPLE[:2]))
    Path("worksheet.csv").write_text(WORKSHEET)
    Path("moodle.zip").write_bytes(classes.moodle(PEOPLE))
    Path("gradescope.zip").write_bytes(classes.gradescope(PEOPLE))
    classes.nbgrader(Path("course"), PEOPLE)
    code = 0
    for command, shown in SHOWN:
        if command == "echo $?":
            assert shown == f"{code}\n"
            continue
        program, *arguments = shlex.split(command)
        assert program == "truestep"
        if "filled-in.csv" in arguments:
            fill_in("review.csv", "filled-in.csv")
        result = CliRunner().invoke(main, arguments)
        code = result.exit_code
        output = re.sub(r"^truestep: \d+ answers done.*\n", "", result.output, flags=re.MULTILINE)
        assert agrees(output.rstrip("\n") + "\n", shown), result.output


def test_the_page_shows_commands() -> None:
    assert len(SHOWN) >= 3
