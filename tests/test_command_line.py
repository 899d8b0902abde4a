"""The command line: what is read, what is printed, with which status; the judging is stood in for."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from truestep.checkers import serving, workers
from truestep.checkers.documents import Row
from truestep.cli import main
from truestep.commands import status, stream
from truestep.derivations.language.faults import StatementFault
from truestep.derivations.language.latex.macros import Macro
from truestep.output.readable import readable, visible
from truestep.problems.statements.problem import Problem
from truestep.reports import terminal
from truestep.reports.excerpt import within
from truestep.reports.making import Work, part_of
from truestep.reports.model import Report
from truestep.reports.pieces import words

RIGHT = {"verdict": "right", "evidence": "proved"}
WITNESS = {
    "values": {"x": [1, 2], r"\hat{y}": 0.5},
    "index": {"i": 1},
    "left": 0.25,
    "right": [[1, 0], [0, 1]],
}


def judged(rows: Sequence[str], problem: Any, macros: Sequence[Macro], identifier: str) -> dict[str, Any]:
    """A record in which a row is judged by the word that stands in it."""
    words = ("wrong", "undecided", "unreadable", "not_checked")
    lines = [
        {
            "line": index,
            "verdict": next((word for word in words if word.replace("_", "") in row), "right"),
            "text": row,
            "source": {"line": 2 * index + 1, "column": 1},  # as ``submitted`` writes them
        }
        for index, row in enumerate(rows)
    ]
    verdicts = [line["verdict"] for line in lines]
    whole = next((word for word in words if word in verdicts), "right")
    wrong = verdicts.index("wrong") if "wrong" in verdicts else None
    finding = {
        "line": wrong,
        "kind": "value",
        "code": "sign",
        "message": "the sign of [bold]b[/bold]",
        "span": [0, 1],
    }
    if wrong is not None:
        lines[wrong]["witness"] = WITNESS
    return {
        "id": identifier,
        "verdict": whole,
        "final": {"line": len(rows) - 1, "verdict": verdicts[-1]},
        "first_wrong_line": wrong,
        "lines": lines,
        "findings": [finding] if wrong is not None else [],
        "marks": {"earned": 1, "of": 2},
    }


def line_checked(raw: str, number: int, *_: object) -> dict[str, Any]:
    try:
        record = json.loads(raw)
        return judged(record["lines"], None, (), record.get("id", number))
    except (ValueError, KeyError) as fault:
        return {"id": number, "error": f"line {number}: {type(fault).__name__}"}


def load_problem(name: str) -> Problem:
    if name == "nowhere":
        raise StatementFault("no such problem: the nearest is 'somewhere'")
    return Problem(title=name)


@pytest.fixture(autouse=True)
def core(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("truestep.checkers.records.check_line", line_checked)
    monkeypatch.setattr(
        "truestep.checkers.records.check_work",
        lambda work, problem, identifier, **_: judged(
            [row.text for row in work.rows], problem, work.macros, identifier
        ),
    )
    monkeypatch.setattr("truestep.problems.homework.named.problem_named", load_problem)
    monkeypatch.setattr(workers.Workers, "ask", lambda _, function, *args: serving.answered(function, args))


def run(*arguments: str, given: bytes | str = b"") -> Result:
    return CliRunner().invoke(main, ["check", *arguments], input=given)


def submitted(tmp_path: Path, *rows: str) -> str:
    path = tmp_path / "work.md"
    path.write_text("\n\n".join(f"$$ {row} $$" for row in rows), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (["a = b"], 0),
        (["a = b", "wrong"], 1),
        (["wrong", "unreadable"], 1),
        (["a = b", "undecided"], 3),
        (["unreadable"], 3),
        (["notchecked"], 3),
    ],
)
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_exit_status_of_a_submission(tmp_path: Path, rows: list[str], code: int, form: list[str]) -> None:
    assert run(submitted(tmp_path, *rows), "--problem", "p", *form).exit_code == code


def test_a_remark_beside_a_right_answer_leaves_the_status_at_0() -> None:
    assert status.of_record({"verdict": "right", "lines": [RIGHT, {"verdict": "not_checked"}]}) == 0


def test_json_is_the_record_on_one_ascii_line(tmp_path: Path) -> None:
    result = run(submitted(tmp_path, "ä = \\alpha"), "--problem", "p", "--json")
    assert result.stdout.isascii()
    assert result.stdout.count("\n") == 1
    assert json.loads(result.stdout)["id"] == "work"


def test_a_submission_on_standard_input() -> None:
    result = run("-", "--problem", "p", given="$$a = b$$")
    assert result.exit_code == 0
    assert "a = b" in result.stdout


def test_the_report_says_what_is_wrong_and_where(tmp_path: Path) -> None:
    result = run(submitted(tmp_path, "a = b", r"= \frac{wrong}{2}"), "--problem", "p")
    said = result.stdout
    assert "✓ right" in said
    assert "✗ wrong" in said
    assert "line 3" in said
    assert "= (wrong)/2" in said
    assert "The sign of [bold]b[/bold]" in said
    assert "= \\frac{wrong}{2}\n" in said
    assert "^" in said
    assert all(word in said for word in ("(1, 2)", "0.5", "ŷ", "what the line continues", "0.25", "[1, 0; 0, 1]"))
    assert "Your final answer (line 2) is not right." in said
    assert "Line 1 is right; line 2 is where it first goes wrong." in " ".join(said.split())
    assert "Here it first goes wrong." in said
    assert "On line 3 of the file:" in said
    assert "Marks: 1 of 2." in said


def test_marks_that_a_person_gives_are_said_so() -> None:
    record = {"verdict": "wrong", "lines": [], "marks": {"earned": None, "of": 5.0}}
    assert "Marks: a person gives them, of 5." in printed(record, [])


def test_what_stays_for_a_person_is_named(tmp_path: Path) -> None:
    said = run(submitted(tmp_path, "undecided", "a", "undecided b", "unreadable"), "--problem", "p").stdout
    assert "Lines 1, 3 and 4 could not be decided here; a person has to look at them." in " ".join(said.split())
    assert said.count("This could not be decided.") == 2
    assert said.count("This could not be read.") == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "SUBMISSION"),
        (["a.tex"], "cannot be read"),
        (["--problem", "p"], "SUBMISSION"),
        (["a.tex", "--records", "b"], "--records"),
        (["--problem", "p", "--records", "b"], "--records"),
        (["--no-such-option"], "No such option"),
        (["no-such-file.tex", "--problem", "p"], "cannot be read"),
        ([".", "--problem", "p"], "cannot be read"),
        (["--records", "no-such-file"], "cannot be read"),
    ],
)
def test_faults_of_usage_have_status_2(arguments: list[str], said: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert not result.stdout


@pytest.mark.parametrize(
    ("given", "problem", "said"),
    [
        (b"only words", "p", "no mathematics"),
        (b"\xff", "p", "not UTF-8: byte 0"),
        (b"", "p", "empty"),
        (b"$$a$$", "nowhere", "nearest"),
    ],
)
def test_faults_of_input_have_status_2(given: bytes, problem: str, said: str) -> None:
    result = run("-", "--problem", problem, given=given)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    answered = run("-", "--problem", problem, "--json", given=given)
    assert answered.exit_code == 2
    assert said in json.loads(answered.stdout)["error"]


def records(*lines: Any) -> bytes:
    return b"".join((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines)


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([["a"], ["b"]], 0),
        ([["wrong"], ["undecided"]], 1),
        ([["a"], ["undecided"]], 3),
        ([["wrong"], None], 2),
        ([], 0),
    ],
)
def test_exit_status_of_records(rows: list[Any], code: int) -> None:
    assert (
        run("--records", "-", given=records(*({"lines": lines} if lines else b"{" for lines in rows))).exit_code == code
    )


def test_one_answer_for_each_record_in_order() -> None:
    given = records({"id": "é", "lines": ["a"]}, b"\xff\xfe", b"", b"  ", b"[1", {"id": 5, "lines": ["\ud800 wrong"]})
    result = run("--records", "-", given=b"\xef\xbb\xbf" + given.rstrip(b"\n"))
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == ["é", 2, 5, 5]
    assert "not UTF-8: byte 0" in answers[1]["error"]
    assert result.stdout.isascii()


def test_records_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    path.write_bytes(records({"lines": ["a"]}))
    assert json.loads(run("--records", str(path)).stdout)["verdict"] == "right"


def test_each_answer_is_written_before_the_next_record_is_read() -> None:
    written: list[str] = []

    class Watched(io.BytesIO):
        def readline(self, size: int | None = -1, /) -> bytes:
            seen.append(len(written))
            return super().readline(size)

    seen: list[int] = []
    stream.run(Watched(records({"lines": ["a"]}, {"lines": ["b"]})), written.append, line_checked)
    assert seen == [0, 1, 2]


def test_a_record_too_long_to_hold_is_refused_and_the_next_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "LONGEST", 64)
    written: list[str] = []
    given = records(b"x" * 200, {"lines": ["a"]})
    assert stream.run(io.BytesIO(given), written.append, line_checked) == status.FAULT
    assert [json.loads(line).get("verdict") for line in written] == [None, "right"]


def test_numbers_that_json_has_no_form_for_are_text() -> None:
    assert json.loads(status.as_json({"left": float("inf"), "right": [float("nan"), {1, 2}]}))["left"] == "inf"


def printed(record: dict[str, Any], rows: Sequence[str], width: int = 80, encoding: str = "utf-8") -> str:
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding=encoding)
    part = part_of(record, Work([Row(row, 10 + n, 1) for n, row in enumerate(rows)]), "p")
    terminal.show(Report(words("p"), "a.tex", (part,)), file, width)
    file.flush()
    return raw.getvalue().decode(encoding)


HOSTILE = [
    "[red]a[/red] = wrong",
    "\x1b]0;title\x07 wrong",
    "\u202ewrong \ud800",
    "{" * 9000,
    "[/]",
    "a\tb\r\nwrong",
    ":smile:",
]


@pytest.mark.parametrize("row", HOSTILE, ids=ascii)
@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "latin-1"])
def test_a_submission_is_never_markup_nor_control(row: str, encoding: str) -> None:
    said = printed(judged([row], None, (), "x"), [row], encoding=encoding)
    assert not any(ord(character) < 32 and character != "\n" for character in said)
    assert "\u202e" not in said
    if row.startswith("["):
        assert row.split("=")[0].strip() in said
    assert "😄" not in said


@pytest.mark.parametrize("width", [20, 40, 60, 120])
def test_the_report_keeps_to_its_width(width: int) -> None:
    row = r"\frac{\partial J}{\partial x} = \sum_k wrong " + "+ x_k" * 40
    record = judged([row, "y = z"], None, (), "x")
    record["findings"][0]["span"] = [60, 65]
    said = printed(record, [row, "y = z"], width)
    assert all(len(line) <= width for line in said.splitlines())


@pytest.mark.parametrize("width", [12, 30, 80])
@pytest.mark.parametrize("span", [(0, 1), (40, 44), (95, 100), (0, 100), (100, 100)])
def test_the_caret_stands_under_its_place(width: int, span: tuple[int, int]) -> None:
    source = "".join(chr(0x21 + n % 90) for n in range(100))
    shown, caret = within(source, span, width)
    assert max(len(shown), len(caret)) <= width
    assert caret.strip("^ ") == ""
    if "^" in caret and span[0] < 100:
        assert shown[caret.index("^")] == source[span[0]]
    else:
        assert span == (100, 100)


@pytest.mark.parametrize("span", [None, [1], "ab", [5, 2], [-3, 400], [900, 901], [0.5, 1]])
def test_any_span_is_borne(span: Any) -> None:
    record = judged(["a wrong"], None, (), "x")
    record["findings"][0]["span"] = span
    assert "The sign of" in " ".join(printed(record, ["a wrong"]).split())


@pytest.mark.parametrize(
    "record", [{"id": 1, "error": "not [b]JSON"}, {"verdict": "undecided"}, {"verdict": "not_checked"}]
)
def test_a_record_without_lines_is_borne(record: dict[str, Any]) -> None:
    assert printed(record, [])


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"\frac{a+b}{c d} e^{-x}", "(a+b)/(c d) e^{-x}"),
        (r"\frac{dx_4}{dx_3}", "dx_4/dx_3"),
        (r"&= \left( a \right. \label{x}", "= (a"),
        (r"\sqrt[3]{x} \dfrac12 \overline{xy} \bar\theta", "∛(x) 1/2 x̅y̅ θ̄"),
        (r"a\cdot b \le c \cdot d", "a·b ≤ c · d"),
        (r"\lambda I (\lambda - 1) \partial x", "λI (λ - 1) ∂x"),
        (r"\left\{ a \mid b \right\}", "{a | b}"),
        (r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}", "[ a b; c d ]"),
        (r"{\cal E} \textcolor{red}{x} \not= \operatorname*{argmin}_w f", "E x ≠ argmin_w f"),
        (r"\hat{\mathbf{W}_1} \hat{ab} \text{f\"ur alle} i", "Ŵ_1 hat(ab) für alle i"),
        (r"\hat" * 300, r"\hat" * 300),
        (r"\left" * 300, r"\left" * 300),
        (r"\boxed{\hat{y}_{ij} - \mathbf{y}^\top}", "ŷ_{ij} - y^⊤"),
        (r"\foo{x} \log P", r"\foo x log P"),
        (r"\frac{", r"\frac{"),
        ("{" * 5000, "{" * 5000),
    ],
)
def test_formulas_are_readable(latex: str, text: str) -> None:
    assert readable(latex) == text


def test_every_character_shown_has_one_place() -> None:
    source = "a\x00\x1b\x7f\u200b\ud800\U000e0001b"
    assert len(visible(source)) == len(source)


def test_help_imports_nothing_slow() -> None:
    slow = {"rich", "sympy", "numpy", "markdown_it"}
    code = f"import sys, truestep.cli; print({slow} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parent.parent,
    )
    assert done.stdout.strip() == "set()"


def test_help_and_version() -> None:
    assert "check" in CliRunner().invoke(main, ["--help"]).stdout
    assert "Exit status" in run("--help").stdout
