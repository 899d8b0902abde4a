"""What grades a hand-in on a platform's machine: right, wrong, open, empty and hostile ones, crashes and time-outs."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import classes
import jsonschema
import pytest
from click.testing import CliRunner
from sources import ROOT

from truestep.cli import main
from truestep.platforms.forms import MOST_TEXT, PLATFORMS
from truestep.platforms.running import Told, as_bytes, told_by

pytestmark = pytest.mark.slow

HOMEWORK = "\n" + classes.HOMEWORK.replace(
    "fields =", "marking = { late = { due = '2026-03-16 23:59', per_day = 0.5 } }\nfields ="
)
TEXT, NUMBER, POINTS = {"type": "string"}, {"type": "number"}, {"type": "number", "minimum": 0}
SHOWN = {"enum": ["visible", "after_due_date", "after_published", "hidden"]}
FORMAT = {"enum": ["text", "html", "simple_format", "md", "ansi"]}


def closed(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "additionalProperties": False, "properties": properties}


GRADESCOPE = closed(
    ["score", "output", "tests"],
    score=POINTS,
    output=TEXT,
    output_format=FORMAT,
    visibility=SHOWN,
    stdout_visibility=SHOWN,
    tests={
        "type": "array",
        "minItems": 1,
        "items": closed(
            ["name", "output"],
            name=TEXT,
            number=TEXT,
            score=POINTS,
            max_score=POINTS,
            status={"enum": ["passed", "failed"]},
            output=TEXT,
            output_format=FORMAT,
            visibility=SHOWN,
        ),
    },
)
TESTS = {"type": "array", "items": closed(["name"], name=TEXT, points=POINTS, max_points=POINTS, output=TEXT)}
SCORE = {"type": "number", "minimum": 0, "maximum": 1}
PRAIRIELEARN = {
    "oneOf": [
        closed(["gradable", "score"], gradable={"const": True}, score=SCORE, message=TEXT, tests=TESTS),
        closed(
            ["gradable", "format_errors"],
            gradable={"const": False},
            format_errors={"type": "array", "items": TEXT, "minItems": 1},
            message=TEXT,
        ),
    ]
}
SCHEMAS = {"gradescope": GRADESCOPE, "prairielearn": PRAIRIELEARN}
MACHINES = {
    "gradescope": (classes.machine, "submission", "run_autograder"),
    "prairielearn": (classes.job, "student", "tests/run_grader"),
}


class Machine:
    """A platform's machine, on which one hand-in after the other is graded."""

    def __init__(self, platform: str, place: Path, archive: bytes) -> None:
        set_up, submission, script = MACHINES[platform]
        self.platform = platform
        self.place = set_up(place, archive, sys.executable)
        self.submission, self.script = self.place / submission, self.place / script

    def grade(self, *writes: Callable[[Path], object]) -> Any:
        for old in sorted(self.submission.rglob("*"), reverse=True):
            old.rmdir() if old.is_dir() and not old.is_symlink() else old.unlink()
        for write in writes:
            write(self.submission)
        self.results.unlink(missing_ok=True)
        settings = {"TRUESTEP": str(self.place / "image"), "PATH": f"{self.place / 'bin'}:{os.environ['PATH']}"}
        command = [str(self.script), str(self.place)]
        done = subprocess.run(command, env={**os.environ, **settings}, capture_output=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        self.printed = done.stdout.decode()
        return self.read()

    @property
    def results(self) -> Path:
        return self.place / "results" / "results.json"

    def read(self) -> Any:
        data = self.results.read_bytes()
        assert len(data) < 1_000_000
        made = json.loads(data.decode("utf-8"), parse_constant=pytest.fail)
        jsonschema.validate(made, SCHEMAS[self.platform])
        return made


def file(name: str, data: str | bytes) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes(data.encode() if isinstance(data, str) else data)


def answers(**changed: str) -> Callable[[Path], object]:
    return file("hw.tex", classes.tex({**classes.RIGHT, **{f"1({key})": text for key, text in changed.items()}}))


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    place = tmp_path_factory.mktemp("archives")
    (place / "layers.toml").write_text(HOMEWORK)
    out = {}
    for platform in MACHINES:
        made = CliRunner().invoke(main, [platform, str(place / "layers.toml"), "-o", str(place / f"{platform}.zip")])
        assert made.exit_code == 0, made.output
        out[platform] = (place / f"{platform}.zip").read_bytes()
    return out


@pytest.fixture(scope="module")
def gradescope(archives: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Machine:
    return Machine("gradescope", tmp_path_factory.mktemp("gradescope") / "autograder", archives["gradescope"])


@pytest.fixture(scope="module")
def prairielearn(archives: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Machine:
    return Machine("prairielearn", tmp_path_factory.mktemp("prairielearn") / "grade", archives["prairielearn"])


@pytest.fixture(params=["gradescope", "prairielearn"])
def machine(request: pytest.FixtureRequest) -> Machine:
    made: Machine = request.getfixturevalue(request.param)
    return made


def test_right_wrong_and_by_hand_on_gradescope(gradescope: Machine) -> None:
    made = gradescope.grade(answers(b=classes.WRONG["1(b)"]))
    first, second, third = made["tests"]
    assert (first["number"], first["name"], first["score"], first["max_score"]) == ("1(a)", "By the input", 4, 4)
    assert (first["status"], second["status"], second["score"]) == ("passed", "failed", 0)
    assert "A factor 2 is too many" in second["output"]
    assert "score" not in third
    assert "status" not in third
    assert "a person decides: 2 points" in third["name"]
    assert made["score"] == 4
    assert made["output"] == "4..6 of 10 points.\nA person decides on 2; until then 4 points count."
    assert "2 points for a reason" in gradescope.printed  # for the course, and not for the student
    assert "for a reason" not in json.dumps(made)


def test_right_and_by_hand_on_prairielearn(prairielearn: Machine) -> None:
    made = prairielearn.grade(answers())
    assert made["score"] == 0.8
    assert [(test["points"], test["max_points"]) for test in made["tests"]] == [(4, 4), (4, 4), (0, 0)]
    assert "A person decides on 2" in made["message"]


def test_what_is_undecided_is_a_test_without_a_score(machine: Machine) -> None:
    made = machine.grade(
        answers(b=r"$$\frac{\partial J}{\partial W} = \mathrm{foo}(W) \frac{\partial J}{\partial z}$$")
    )
    test = made["tests"][1]
    assert test.get("score") is None
    assert test.get("max_points", 0) == 0
    assert "1(b)" in made.get("output", made.get("message"))


def test_what_came_in_late_costs(gradescope: Machine) -> None:
    metadata = gradescope.place / "submission_metadata.json"
    metadata.write_text(json.dumps({"id": 1, "created_at": "2026-03-17T12:00:00.365935+00:00", "users": []}))
    forged = file("timestamp.txt", "2026-03-01 12:00:00 UTC")
    made = gradescope.grade(answers(), forged, file("submission_metadata.yml", "---\n"))
    assert made["score"] == 4
    assert "1 day late: 0.5 of what was earned" in made["output"]
    due = {"due_date": "2026-03-18T00:00:00.000000+00:00"}
    told = {**json.loads(metadata.read_text()), "assignment": {"due_date": None}, "users": [{"assignment": due}]}
    metadata.write_text(json.dumps(told))
    assert gradescope.grade(answers())["score"] == 8  # who has more time there has it here
    metadata.unlink()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"created_at": null}',
        '{"users": 3}',
        '{"assignment": 3}',
        '{"users": [null]}',
        "[" * 100_000,
        "\xff",
    ],
)
def test_metadata_that_say_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "m.json").write_text(text, "latin-1")
    assert told_by(tmp_path / "m.json") == Told()
    assert told_by(tmp_path / "none.json") == Told()


def test_nothing_was_handed_in(machine: Machine) -> None:
    made = machine.grade()
    assert made.get("score", 0) == 0
    assert "Nothing was handed in" in str(made.get("output") or made["format_errors"])
    made = machine.grade(file("hw.tex", ""))
    assert "Nothing is written" in str(made.get("output") or made["format_errors"])
    assert machine.grade(file("program.py", "print(1)")).get("score", 0) == 0


def test_what_a_person_reads_is_told(machine: Machine) -> None:
    made = machine.grade(file("hw.pdf", b"%PDF-1.4 broken"))
    assert "A person reads what was handed in" in str(made.get("output") or made["format_errors"])
    assert all("score" not in test for test in made.get("tests", ()))


@cache
def bomb() -> bytes:
    inner = classes.zipped({f"{number}.tex": b"\0" * 5_000_000 for number in range(20)})
    return classes.zipped({f"{number}.zip": inner for number in range(10)})


def hostile(folder: Path) -> None:
    """A hand-in of all that could go wrong with files."""
    (folder / "link.tex").symlink_to("/etc/passwd")
    os.mkfifo(folder / "pipe.tex")
    (folder / "bomb.zip").write_bytes(bomb())
    (folder / "nul.tex").write_bytes(b"\0" * 1000)
    (folder / "=cmd|' C calc'!A0.tex").write_text("$" * 3000)
    (folder / "deep.md").write_text("(" * 20_000)
    (folder / "fake.tex").write_text('"}], "score": 100, "x": [{"')
    (folder / "\x1b[2J\u202e.md").write_text(
        "\x1b[31m $\\frac{1}$ \ud800".encode("utf-8", "surrogatepass").decode("latin-1")
    )
    os.makedirs(os.path.join(os.fsencode(folder), b"\xff\xfe"))
    (folder / "huge.tex").write_text(classes.tex({"1(a)": "$$x = " + "x + " * 60_000 + "x$$"}))


def test_hostile_hand_ins(machine: Machine) -> None:
    for more in ((), (answers(),)):
        made = machine.grade(hostile, *more)
        assert "root:" not in json.dumps(made)
        assert "\\u001b" not in json.dumps(made)
        assert made.get("score", 0) < 1 or (more and made["score"] <= 8)


def test_a_crash_leaves_results(machine: Machine) -> None:
    homework = next(path for path in machine.place.glob("*/homework.toml"))
    kept = homework.read_text()
    homework.write_text("title = 3\n")
    made = machine.grade(answers())
    homework.write_text(kept)
    assert made == PLATFORMS[machine.platform].failed


@pytest.mark.parametrize("does", ["sleep 60", "exit 1", "kill -9 $$"])
def test_a_time_out_and_a_python_that_dies_leave_results(machine: Machine, does: str) -> None:
    python = next(path for path in machine.place.glob("**/bin/python*"))
    kept, script = python.read_text(), machine.script.read_text()
    classes.program(python, does)
    machine.script.write_text(script.replace("--kill-after=10 540", "1").replace("--kill-after=10 240", "1"))
    made = machine.grade(answers())
    python.write_text(kept)
    machine.script.write_text(script)
    assert made == PLATFORMS[machine.platform].failed


@pytest.mark.parametrize("platform", list(MACHINES))
def test_archives_are_the_same_bytes_and_hold_what_is_needed(
    archives: dict[str, bytes], platform: str, tmp_path: Path
) -> None:
    (tmp_path / "layers.toml").write_text(HOMEWORK)
    made = CliRunner().invoke(main, [platform, str(tmp_path / "layers.toml"), "-o", f"{tmp_path}/"])
    assert made.exit_code == 0
    assert next(tmp_path.glob("*.zip")).read_bytes() == archives[platform]
    with zipfile.ZipFile(io.BytesIO(archives[platform])) as packed:
        names = packed.namelist()
        scripts = [name for name in names if packed.getinfo(name).external_attr >> 16 & 0o111]
    below = "image/" if platform == "prairielearn" else ""
    held = {path.relative_to(ROOT).as_posix() for path in (ROOT / "checkers").rglob("*.py")}
    assert {f"{below}truestep/{name}" for name in held} <= set(names)
    assert f"{below}requirements.txt" in names
    assert not [name for name in names if "__pycache__" in name]
    assert scripts == (["run_autograder", "setup.sh"] if not below else ["question/tests/run_grader"])


def test_setting_up_takes_a_python_that_is_new_enough(archives: dict[str, bytes], tmp_path: Path) -> None:
    place = classes.machine(tmp_path / "autograder", archives["gradescope"], sys.executable)
    log = tmp_path / "log"
    classes.program(
        tmp_path / "bin" / "apt-get",
        f'echo "apt-get $@" >> {log}; [ "$2" != -y ] || cp {tmp_path}/new {tmp_path}/bin/python3.12',
    )
    classes.program(
        tmp_path / "new", f'echo "python3.12 $@" >> {log}; [ "$2" != venv ] || cp {tmp_path}/new "$3/bin/python"'
    )
    for name in ("python3", "python3.13", "python3.12", "python3.11"):
        classes.program(tmp_path / "bin" / name, "exit 1")
    done = subprocess.run(
        ["bash", str(place / "source" / "setup.sh"), str(place)],
        env={"PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = log.read_text()
    assert said.index("apt-get update") < said.index("python3.12 -m venv") < said.index("pip install")
    assert "requirements.txt" in said
    assert said.rstrip().endswith("-m truestep --version")


def test_texts_are_cut_and_no_number_is_infinite() -> None:
    assert MOST_TEXT * 10 == 200_000
    with pytest.raises(ValueError, match="JSON"):
        as_bytes({"score": float("nan")})


@pytest.mark.parametrize("platform", list(MACHINES))
def test_a_homework_that_cannot_be_used_is_refused(platform: str, tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("title = 3\n")
    for name in (str(tmp_path / "bad.toml"), "no-such-homework", str(tmp_path / "none.toml")):
        made = CliRunner().invoke(main, [platform, name, "-o", str(tmp_path / "x.zip")])
        assert made.exit_code == 2
        assert "truestep: " in made.output
        assert not (tmp_path / "x.zip").exists()
    made = CliRunner().invoke(main, [platform, "cmu-10315-hw5", "-o", str(tmp_path / "x.zip")])
    assert made.exit_code == 0
