"""The tutorial: every command in it is run, in its order, and prints what is shown; its files are the example's."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from truestep.checkers.documents.boxes import boxes
from truestep.cli import main
from truestep.problems.homework.homework_file import load_homework

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
FILES = ROOT / "examples" / "tutorial"
PAGE = (ROOT / "docs" / "tutorial.md").read_text("utf-8")
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
SHOWN = [(found[1], found[2]) for block in CONSOLE.findall(PAGE) for found in COMMAND.finditer(block)]
HAS_TEX = bool(shutil.which("latexmk") and shutil.which("pdflatex"))


def agrees(output: str, shown: str) -> bool:
    """Whether an output is what is shown; a line ``...`` stands for any lines."""
    pattern = "".join(r"(?:.*\n)*?" if line == "...\n" else re.escape(line) for line in shown.splitlines(keepends=True))
    return re.fullmatch(pattern, output) is not None


def test_every_command_prints_what_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = shutil.copytree(FILES, tmp_path / "tutorial")
    monkeypatch.chdir(folder)
    code = 0
    for command, shown in SHOWN:
        if command == "echo $?":
            assert shown == f"{code}\n"
        elif HAS_TEX or "--pdf" not in command:
            program, *arguments = shlex.split(command)
            assert program == "truestep"
            result = CliRunner().invoke(main, arguments)
            code = result.exit_code
            assert agrees(result.output.rstrip("\n") + "\n", shown), result.output
    assert load_homework("mine.toml").title == "Logistic regression with ridge"


def test_what_is_shown_is_compared() -> None:
    assert len([command for command, _ in SHOWN if command.startswith("truestep ")]) >= 7
    assert agrees("a\nb\nc\n", "a\n...\nc\n")
    assert not agrees("a\nb\nd\n", "a\n...\nc\n")
    assert not agrees("a\nb\n", "a\n")


def test_what_is_quoted_stands_in_the_homework() -> None:
    finished = (FILES / "ridge.toml").read_text("utf-8")
    quoted = re.findall(r"^```toml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert len(quoted) >= 5
    assert [block for block in quoted if block not in finished] == []


def test_the_homework_has_ten_questions_and_all_are_filled_in() -> None:
    asked = [question.id for question in load_homework(str(FILES / "ridge.toml")).questions if question.is_answered]
    assert len(asked) == 10
    written = boxes((FILES / "filled.tex").read_text("utf-8"))
    assert list(written) == asked
    assert all(text.strip() for text in written.values())
