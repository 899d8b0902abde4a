"""Works that state their own problem, and what is found in them as lists with places."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
import yaml
from commanding import run
from sources import ROOT

import truestep
from truestep.checkers.documents.formats import stated_by
from truestep.checkers.records import check_record
from truestep.library.given import Source

RIGHT, WRONG = "$$s(1 - s) = s - s^2$$\n", "$$s(1 - s) = s + s^2$$\n"
TABLE = {"symbols": {"s": "scalar"}, "answer": "s - s^2"}
YAML = "  symbols: {s: scalar}\n  answer: s - s^2\n"
FRONT = f"---\ntitle: My work\ntruestep:\n{YAML}---\n"
TOML = '% truestep: answer = "s - s^2"\n% truestep: [symbols]\n%% truestep: s = "scalar"\n'
CELL = {"cell_type": "markdown", "source": RIGHT}
OF_THE_BOOK = "---\ntruestep: {problem: softmax-jacobian}\n---\n"


def notebook(metadata: object = None, *first: object) -> str:
    return json.dumps({"cells": [*first, CELL], "metadata": metadata or {}, "nbformat": 4})


@pytest.mark.parametrize(
    ("name", "text", "stated"),
    [
        ("a.md", FRONT + RIGHT, TABLE),
        ("a.md", f"---\ntruestep:\n problem:\n{YAML}...\n", TABLE),
        ("a.md", OF_THE_BOOK, "softmax-jacobian"),
        ("a.md", "---\r\ntruestep: softmax-jacobian\r\n---\r\n", "softmax-jacobian"),
        ("a.txt", "---\ntruestep: cmu-10315-hw5/1(a)\n---\ns = s", "cmu-10315-hw5/1(a)"),
        ("a.md", "---\ntitle: 1\n---\n", None),
        ("a.md", "words\n---\ntruestep: a\n---\n", None),
        ("a.md", RIGHT, None),
        ("a.tex", '% truestep: problem = "softmax-jacobian"\n\\[ a \\]', "softmax-jacobian"),
        ("a.tex", TOML, TABLE),
        ("a.tex", "% a comment on truestep", None),
        ("a.ipynb", notebook({"truestep": TABLE}), TABLE),
        ("a.ipynb", notebook(None, {"cell_type": "raw", "source": FRONT.splitlines(keepends=True)}), TABLE),
        ("a.ipynb", notebook(None, {"cell_type": "markdown", "source": FRONT}), None),
        ("a.ipynb", notebook(), None),
    ],
)
def test_what_a_work_states(name: str, text: str, stated: object) -> None:
    assert stated_by(Path(name), text.encode()) == stated


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.md", "---\ntruestep: {answer: s\n---\n", "line"),
        ("a.md", "---\ntruestep: {answr: s}\n---\n", "did you mean answer"),
        ("a.md", "---\ntruestep: {symbols: {s: scalar}}\n---\n", "states no question"),
        ("a.md", "---\ntruestep: {answer: {1: 2}}\n---\n", "answer"),
        ("a.md", "---\ntruestep: {answer: 2026-01-01}\n---\n", "texts, numbers"),
        ("a.md", "---\ntruestep: 7\n---\n", "table"),
        ("a.md", "---\ntruestep: {problem: softmax-jacobean}\n---\n", "did you mean softmax-jacobian"),
        ("a.md", "---\ntruestep: cmu-10315-hw5\n---\n", "name one of its questions"),
        ("a.md", "---\na: &a [1]\ntruestep: {given: *a}\n---\n", "more than texts"),
        ("a.md", "---\ntruestep: !!python/name:os.system\n---\n", "more than texts"),
        ("a.md", f"---\ntruestep: {'[' * 20_000}\n---\n", "more than texts"),
        ("a.md", f"---\ntruestep:\n  {'- ' * 10_000}\n---\n", "not YAML"),
        ("a.md", f"---\ntruestep: {'x' * 40_000}\n---\n", "at most 32 KiB"),
        ("a.tex", "% truestep: problem = softmax", "not TOML"),
    ],
)
def test_what_cannot_be_used(name: str, text: str, said: str) -> None:
    with pytest.raises(truestep.StatementFault, match=re.escape(said)):
        Source(data=text.encode(), name=name).stated  # noqa: B018


@pytest.mark.parametrize("named", ["problem.toml", "./problem.toml", "problem.toml/1", "../problem.json"])
def test_no_file_is_opened(named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "problem.toml").write_text("answer = 's'\n[symbols]\ns = 'scalar'\n")
    (tmp_path / "softmax-jacobian").write_text("")
    (tmp_path / "cmu-10315-hw5").write_text("")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(truestep.StatementFault, match="no problem and no homework"):
        Source(data=f"---\ntruestep: {named}\n---\n".encode(), name="a.md").stated  # noqa: B018
    assert "no problem" in check_record({"problem": named, "lines": ["s"]})["error"]
    for known in ("softmax-jacobian", "cmu-10315-hw5/1(a)"):
        assert Source(data=f"---\ntruestep: {known}\n---\n".encode(), name="a.md").stated is not None


def test_a_question_of_a_homework_is_a_problem_everywhere(tmp_path: Path) -> None:
    row = r"\frac{\partial J}{\partial x} = W^T \frac{\partial J}{\partial z}"
    asked = "cmu-10315-hw5/1(a)"
    (tmp_path / "a.md").write_text(f"$${row}$$\n")
    told = run("check", str(tmp_path / "a.md"), "--problem", asked, "--json")
    record = check_record({"id": "a", "problem": asked, "lines": [row]})
    assert json.loads(told.output)["final"]["verdict"] == record["final"]["verdict"] == "right"
    assert truestep.check([row], asked).final.verdict == "right"
    assert truestep.derive(asked).answer.startswith(r"W^T \frac{\partial J}")
    assert "has no question" in check_record({"problem": "cmu-10315-hw5/9", "lines": ["s"]})["error"]


def test_a_work_is_checked_by_its_own_statement(tmp_path: Path) -> None:
    work = tmp_path / "a.md"
    work.write_text(FRONT + RIGHT)
    assert run("check", str(work)).exit_code == 0
    assert "right" in run("check", str(work)).output
    assert run("read", str(work)).output.split()[0] == "7:3"
    assert truestep.check(work).verdict == "right"
    assert truestep.check(work).lines[0].source == truestep.check(work, TABLE).lines[0].source
    with pytest.raises(truestep.StatementFault, match="does not state"):
        truestep.check(RIGHT)


def test_a_statement_never_changes_the_question(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntruestep: {symbols: {s: scalar}, answer: s + s^2}\n---\n" + WRONG)
    problem = tmp_path / "problem.toml"
    problem.write_text("answer = 's - s^2'\n[symbols]\ns = 'scalar'\n")
    found = run("check", str(tmp_path / "a.md"), "--problem", str(problem), "--json")
    assert json.loads(found.stdout)["verdict"] == "wrong"
    assert "states another problem" in found.stderr
    (tmp_path / "b.md").write_text(OF_THE_BOOK + RIGHT)
    assert run("check", str(tmp_path / "b.md"), "--problem", "softmax-jacobian").stderr == ""


def test_only_front_matter_that_states_a_problem_is_left_out() -> None:
    hidden = "---\nanswer:\n\n$$s - s^2 = s$$\n\n---\n"
    assert len(truestep.check(hidden + RIGHT, TABLE).lines) == 2
    unread = hidden.replace("answer:", "truestep: {")
    assert len(truestep.check(unread + RIGHT, TABLE).lines) == 2


@pytest.fixture
def works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Right, wrong and undecided works that state their problem, one that states none, and one with a fault."""
    monkeypatch.chdir(tmp_path)
    quoted = "> $$\\begin{align}\n> s(1 - s) &= s - s^2 \\\\\n>   &= s + s^2\n> \\end{align}$$\n"
    (tmp_path / "right.md").write_text(FRONT + RIGHT)
    (tmp_path / "wrong.tex").write_text(TOML + "\\[ s(1 - s)\n   = s + s^2 \\]\n")
    (tmp_path / "quoted.md").write_text(FRONT + quoted)
    (tmp_path / "plain.md").write_text(RIGHT)
    (tmp_path / "fault.md").write_text("---\ntruestep: {problem: nothing-like-it}\n---\n" + RIGHT)
    return tmp_path


@pytest.mark.parametrize(
    ("names", "status"),
    [
        (("right.md",), 0),
        (("right.md", "wrong.tex"), 1),
        (("right.md", "plain.md"), 2),
        (("right.md", "plain.md", "--stated"), 0),
        (("plain.md", "--stated"), 0),
        (("wrong.tex", "fault.md", "--stated"), 2),
    ],
)
@pytest.mark.parametrize("form", [(), ("--json",), ("--format", "github"), ("--format", "sarif")], ids="-".join)
def test_the_status_of_several(works: Path, names: tuple[str, ...], status: int, form: tuple[str, ...]) -> None:
    assert run("check", *names, *form).exit_code == status


def test_github_is_told_the_place(works: Path) -> None:
    lines = run("check", "right.md", "wrong.tex", "quoted.md", "fault.md", "--format", "github").stdout.splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("::error file=wrong.tex,line=5,endLine=5,col=10,endColumn=12,title=truestep%3A sign::")
    assert lines[1].startswith("::error file=quoted.md,line=9,endLine=9,col=12,endColumn=14,title=truestep%3A sign::")
    assert lines[2].startswith("::error file=fault.md,line=1,")


def test_what_a_work_holds_is_no_command_of_github(works: Path) -> None:
    name = "a,b%0A::x.md"
    (works / name).write_text("---\ntruestep: {problem: 'x%0A::set-env name=a::\\n'}\n---\n" + RIGHT)
    (line,) = run("check", name, "--format", "github").stdout.splitlines()
    assert line.startswith("::error file=a%2Cb%250A%3A%3Ax.md,line=1,")
    assert "%0A::" not in line


def test_sarif_has_rules_and_places(works: Path) -> None:
    run("check", "right.md", "quoted.md", "--format", "sarif", "--output", "found.sarif")
    (made,) = json.loads((works / "found.sarif").read_text())["runs"]
    (result,) = made["results"]
    assert (result["ruleId"], result["level"]) == ("sign", "error")
    assert made["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "sign"
    (place,) = (one["physicalLocation"] for one in result["locations"])
    assert place["artifactLocation"] == {"uri": "quoted.md"}
    region = place["region"]
    line = (works / "quoted.md").read_text().splitlines()[region["startLine"] - 1]
    assert line[region["startColumn"] - 1 : region["endColumn"] - 1] == "s^2"


def test_several_reports_go_to_a_folder(works: Path) -> None:
    assert run("check", "right.md", "quoted.md", "--html", "--output", "one.html").exit_code == 2
    assert run("check", "right.md", "quoted.md", "--html", "--output", "all/").exit_code == 1
    assert {path.name for path in (works / "all").iterdir()} == {"right-report.html", "quoted-report.html"}


def test_the_hook_of_pre_commit() -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    command, *options = hook["entry"].split()
    assert (command, hook["id"], hook["language"]) == ("truestep", "truestep", "python")
    assert run(*options, str(ROOT / "README.md")).exit_code == 0


@pytest.mark.parametrize("options", [(), ("--problem", "softmax-jacobian")])
def test_without_a_reader_of_yaml_it_says_so(works: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str]) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    done = run("check", "right.md", *options, "--json")
    if options:  # what is named counts, and the front matter is no row
        assert [row["text"] for row in json.loads(done.stdout)["lines"]] == ["s(1 - s) = s - s^2"]
    else:
        assert (done.exit_code, "pip install 'truestep[yaml]'" in done.stdout + done.stderr) == (2, True)
    assert run("check", "wrong.tex").exit_code == 1
