"""What helps while one writes: ids completed in shells, and a file that is watched."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete
from sources import ROOT

from truestep.cli import main
from truestep.commands.editing import watching
from truestep.reports.model import Line, Part, Remark

FRONT = "---\ntruestep: {symbols: {s: scalar}, answer: s - s^2}\n---\n"
RIGHT, WRONG = FRONT + "$$s(1 - s)$$\n", FRONT + "$$s(1 + s)$$\n"


def completed(*words: str) -> list[str]:
    """What a shell is offered for the last of the words."""
    found = ShellComplete(main, {}, "truestep", "_TRUESTEP_COMPLETE").get_completions(list(words[:-1]), words[-1])
    return [one.value for one in found if one.type == "plain"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("check", "--problem", "softmax-jacobian-d"), ["softmax-jacobian-diagonal"]),
        (("read", "--problem", "cmu-10315-hw5/3 d"), ["cmu-10315-hw5/3 diagonal"]),
        (("watch", "--problem", "cmu-10315-hw5/1(a"), ["cmu-10315-hw5/1(a)"]),
        (("show", "cmu-10315-hw5/1(b"), ["cmu-10315-hw5/1(b)"]),
        (("derive", "cmu-10315-hw5"), ["cmu-10315-hw5"]),
        (("lint", "cmu-10315-hw5"), ["cmu-10315-hw5"]),
        (("sheet", "cmu-10315-hw5"), ["cmu-10315-hw5"]),
        (("grade", "cmu-10315-hw5"), ["cmu-10315-hw5"]),
        (("gradescope", "cmu-10315-hw5"), ["cmu-10315-hw5"]),
        (("check", "--homework", "cmu-10315-hw5"), ["cmu-10315-hw5"]),
        (("explain", "missing-factor-2"), ["missing-factor-2"]),
        (("check", "--problem", "../etc/1"), []),
    ],
    ids=" ".join,
)
def test_an_id_is_completed(words: tuple[str, ...], found: list[str]) -> None:
    assert completed(*words) == found


@pytest.fixture
def command(tmp_path: Path) -> Path:
    """The command ``truestep`` of this checkout, in a folder of its own."""
    made = tmp_path / "bin" / "truestep"
    made.parent.mkdir()
    made.write_text(
        f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(ROOT)!r})\nfrom truestep.cli import run\nrun()\n"
    )
    made.chmod(0o755)
    return made


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
@pytest.mark.parametrize(
    ("begun", "found"),
    [
        ("softmax-jacobian-d", "softmax-jacobian-diagonal"),
        (r"cmu-10315-hw5/1\(a", r"cmu-10315-hw5/1\(a\)"),
        (r"cmu-10315-hw5/3\ d", r"cmu-10315-hw5/3\ diagonal"),
    ],
)
def test_bash_completes(command: Path, begun: str, found: str) -> None:
    script = f"""
        source <(_TRUESTEP_COMPLETE=bash_source truestep)
        COMP_WORDS=(truestep show '{begun}'); COMP_CWORD=2
        compopt() {{ :; }}
        _truestep_completion truestep '{begun}'
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    path = f"{command.parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(["bash", "-c", script], env={**os.environ, "PATH": path}, capture_output=True, text=True)
    assert done.stdout.splitlines()[:1] == [found], done.stderr


def test_completing_is_light(command: Path) -> None:
    """What takes long to import is not imported for it."""
    code = (
        "import sys; from truestep.commands.editing.completing import any_id; any_id(None, None, 'softmax');"
        "print(sorted({'numpy', 'sympy', 'rich', 'markdown_it', 'yaml'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.fixture
def moments(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What happens to a file while ``watch`` sleeps."""
    several: list[object] = []

    def sleep(_: float) -> None:
        if not several:
            raise KeyboardInterrupt
        change = several.pop(0)
        assert callable(change)
        change()

    monkeypatch.setattr(watching.time, "sleep", sleep)
    return several


def test_a_file_is_checked_when_it_is_saved(
    tmp_path: Path, moments: list[object], capsys: pytest.CaptureFixture[str]
) -> None:
    work, other = tmp_path / "a.md", tmp_path / "b.md"
    work.write_text(WRONG)
    other.write_text(RIGHT)
    faulty = "---\ntruestep: {problem: nothing}\n---\n"
    moments += [
        lambda: None,
        lambda: other.replace(work),  # as editors save
        work.unlink,
        lambda: work.write_text(faulty),
        lambda: work.write_text("$$s$$"),
    ]
    main(["watch", str(work)], standalone_mode=False)
    said = capsys.readouterr()
    screens = said.out.split("(Ctrl-C ends)")
    assert ["Not right yet" in one for one in screens[1:3]] == [True, False]
    assert len(screens) == 5
    assert "there is no problem" in said.err
    assert "--problem" in said.err
    assert "\x1b" not in said.out


def test_one_screen_shows_the_first_that_is_wrong() -> None:
    lines = tuple(Line(k + 1, k, "x", "x", "right", remarks=(Remark("note", ()),)) for k in range(60))
    lines = (*lines[:40], replace(lines[40], verdict="wrong", is_first_wrong=True), *lines[41:])
    shown = watching.screenful(Part("", (), (), "wrong", (), (), lines), 10)
    assert len(shown.lines) == 10
    assert [line.number for line in shown.lines if line.remarks] == [41]
    assert watching.screenful(Part("", (), (), "right", (), ()), 10).lines == ()


@pytest.mark.slow
def test_ctrl_c_ends_it(command: Path, tmp_path: Path) -> None:
    work = tmp_path / "a.md"
    work.write_text(WRONG)

    def heeds_it() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # what is started in the background has it ignored

    started = [str(command), "watch", str(work)]
    with subprocess.Popen(started, stdout=subprocess.PIPE, text=True, preexec_fn=heeds_it) as process:
        try:
            assert process.stdout is not None
            assert "a.md" in process.stdout.readline()
            time.sleep(0.1)
            process.send_signal(signal.SIGINT)
            assert process.wait(60) == 0
        finally:
            process.kill()
