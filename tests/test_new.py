"""A homework or a problem of one's own: the templates work as they stand, and explain every key."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from commanding import run

from truestep.checkers.examined_lints import RULES
from truestep.problems.homework.begun import KINDS, begun
from truestep.problems.homework.homework import Figure, Homework, Part, Question
from truestep.problems.homework.homework_file import load_homework
from truestep.problems.lint import lint
from truestep.problems.lint.draft import draft_in
from truestep.problems.statements.problem import Problem
from truestep.problems.statements.schema import keys_of
from truestep.problems.statements.statement import load_problem

NO_TEX = pytest.mark.skipif(
    not (shutil.which("latexmk") and shutil.which("pdflatex")), reason="no TeX (latexmk, pdflatex) is installed"
)
EXAMPLE = re.compile(r"^# (?=\w+ = |\[+[a-z.]+\]+$|'.*' = )", re.MULTILINE)
STATED = keys_of(Problem)
OF_HOMEWORKS = {key for declared in (Homework, Part, Question, Figure) for key in keys_of(declared)}


def explained(key: str, text: str) -> bool:
    """Whether a key stands in the template: as a key, as a table, or in an example."""
    return re.search(rf"(?:^|[{{,] |# ){key} = |\[{key}[\].]|\.{key}[\].]", text, re.MULTILINE) is not None


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_has_nothing_to_mend(kind: str) -> None:
    findings = lint(draft_in(begun(kind)), RULES)
    assert [finding.rule.name for finding in findings if finding.rule.level != "note"] == []
    assert [finding.rule.name for finding in findings if finding.rule.name != "left-to-person"] == []


@pytest.mark.parametrize("key", sorted({*OF_HOMEWORKS, "use", *STATED}))
def test_the_homework_explains_every_key(key: str) -> None:
    assert explained(key, begun("homework"))


@pytest.mark.parametrize("key", STATED)
def test_the_problem_explains_every_key(key: str) -> None:
    assert explained(key, begun("problem"))


def test_a_key_that_is_not_explained_is_caught() -> None:
    assert not explained("find", begun("homework").replace("find = ", "asks = "))


def examples(text: str) -> list[tuple[int, int]]:
    """Where the examples in comments stand: single lines, and tables up to an empty line."""
    out: list[tuple[int, int]] = []
    for example in EXAMPLE.finditer(text):
        if not out or example.start() >= out[-1][1]:
            mark = "\n\n" if text.startswith("# [", example.start()) else "\n"
            end = text.find(mark, example.start())
            out.append((example.start(), len(text) if end < 0 else end))
    return out


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_examples_in_comments_can_be_used(kind: str) -> None:
    text = begun(kind)
    assert len(examples(text)) >= 10
    for start, end in examples(text):
        used = text[:start] + EXAMPLE.sub("", text[start:end]) + text[end:]
        errors = [finding.remark.message for finding in lint(draft_in(used), RULES) if finding.rule.level == "error"]
        assert errors == [], text[start:end]


def test_a_homework_is_written_once(tmp_path: Path) -> None:
    path = tmp_path / "week 1" / "hw1.toml"
    assert run("new", str(path)).exit_code == 0
    assert load_homework(str(path)).id == "hw1"
    again = run("new", str(path), "--title", "Other")
    assert again.exit_code == 2
    assert "is there already; --force writes over it" in again.stderr
    assert load_homework(str(path)).title == "My homework"
    assert run("new", str(path), "--title", 'It\'s "other"', "--id", "x (1)", "--force").exit_code == 0
    assert (load_homework(str(path)).title, load_homework(str(path)).id) == ('It\'s "other"', "x (1)")


def test_a_problem_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("new", "--problem").exit_code == 0
    assert load_problem("problem.toml").id == "problem"
    assert run("new", "ridge", "--problem", "--title", "Ridge").exit_code == 0
    assert (load_problem("ridge.toml").id, load_problem("ridge.toml").title) == ("ridge", "Ridge")
    derived = run("derive", "ridge.toml")
    assert derived.exit_code == 0
    assert "Xᵀ r" in derived.output
    (tmp_path / "folder").mkdir()
    assert run("new", "folder").exit_code == 0
    assert (tmp_path / "folder" / "homework.toml").is_file()


def test_standard_output_and_refusals(tmp_path: Path) -> None:
    printed = run("new", "-", "--id", "hw7")
    assert printed.exit_code == 0
    assert printed.stdout == begun("homework").replace("'my-homework'", "'hw7'")
    assert run("new", "-", "--id", "a/b").exit_code == 2
    (tmp_path / "file").write_text("", encoding="utf-8")
    refused = run("new", str(tmp_path / "file" / "hw.toml"))
    assert refused.exit_code == 2
    assert "cannot be written" in refused.stderr


@pytest.mark.parametrize("form", ["--latex", "--html", pytest.param("--pdf", marks=NO_TEX)])
@pytest.mark.parametrize("what", ["--handout", "--solutions"])
def test_both_sheets_of_the_template_are_made(tmp_path: Path, what: str, form: str) -> None:
    path = tmp_path / "hw.toml"
    run("new", str(path))
    made = run("sheet", str(path), what, form, "--output", str(tmp_path / "sheet"))
    assert made.exit_code == 0, made.output
    assert made.stderr == f"truestep: wrote {tmp_path / 'sheet'}\n"  # no question is without its derivation
