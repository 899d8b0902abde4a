"""Five homeworks from end to end: every question handed out, answered, checked, derived and solved, by the commands."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from commanding import run
from sources import HANDOUTS, ROOT, SEEDS, entries, table

from truestep.checkers.documents.boxes import boxes, filled
from truestep.checkers.records import check_record
from truestep.cli import main
from truestep.problems.homework.homework_file import load_homework
from truestep.problems.homeworks import homeworks
from truestep.problems.statements.statement import load_problem, statement_of

ROWS: dict[str, dict[str, Any]] = table("seeds")
ENTRIES = entries()
ANSWERED = [(path.parent.name, path.stem) for path in sorted(HANDOUTS.glob("*/*.tex"))]
BY_HAND = {row: keys for row, keys in ROWS.items() if keys.get("by_hand")}
NO_TEX = pytest.mark.skipif(
    not (shutil.which("latexmk") and shutil.which("pdflatex")), reason="no TeX (latexmk, pdflatex) is installed"
)
EXAMPLES = {name: row for row, keys in ROWS.items() for name in keys.get("examples", ())}
DERIVABLE = [
    name
    for name, row in EXAMPLES.items()
    if load_problem(str(SEEDS / name / "problem.toml")).kind == "expression" and ROWS[row].get("is_derived", True)
]


@lru_cache
def solutions(homework: str) -> str:
    """The solution sheet of a homework in LaTeX."""
    result = run("sheet", homework, "--solutions")
    assert result.exit_code == 0, result.output
    return result.stdout


@lru_cache
def handout(homework: str) -> str:
    """The handout of a homework in LaTeX."""
    result = run("sheet", homework, "--handout")
    assert result.exit_code == 0, result.output
    return result.stdout


def solution_of(homework: str, question: str) -> str:
    """What the solution sheet has under the heading of a question."""
    _, _, rest = solutions(homework).partition(rf"\subsection*{{{question}")
    return re.split(r"\\(?:sub)?section\*", rest)[0]


@lru_cache
def checked(homework: str, name: str) -> tuple[int, dict[str, dict[str, Any]]]:
    """The exit status and the records of a handout that somebody filled in, by question."""
    answers = boxes((HANDOUTS / homework / f"{name}.tex").read_text(encoding="utf-8"))
    return records_of(filled(handout(homework), answers), homework)


def records_of(source: str, homework: str) -> tuple[int, dict[str, dict[str, Any]]]:
    result = CliRunner().invoke(main, ["check", "-", "--homework", homework, "--json"], input=source)
    records = [json.loads(line) for line in result.stdout.splitlines()]
    assert not [record for record in records if "error" in record]
    return result.exit_code, {record["id"].partition("/")[2]: record for record in records}


def stated(homework: str, name: str) -> dict[str, Any]:
    """What is expected of the boxes that are checked."""
    loaded: dict[str, Any] = json.loads((HANDOUTS / homework / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def unlike(record: dict[str, Any], expected: dict[str, Any]) -> list[str]:
    """What a record says otherwise than is expected."""
    said = {"verdict": record["verdict"], "final": record["final"]["verdict"]}
    said["first_wrong_line"] = record["first_wrong_line"]
    out = [f"{key}: {value}" for key, value in said.items() if value != expected[key]]
    kinds = {finding["kind"] for finding in record["findings"]}
    return out + [f"no finding of the kind {kind}" for kind in expected["kinds"] if kind not in kinds]


# The homework


def test_every_row_names_questions_that_are_answered() -> None:
    for keys in ROWS.values():
        assert all(load_homework(keys["homework"]).question(name).is_answered for name in keys["questions"])
    named = {(keys["homework"], name) for keys in ROWS.values() for name in keys["questions"]}
    others = {(h, q.id) for h in homeworks() for q in load_homework(h).questions if q.is_answered} - named
    assert {homework for homework, _ in others} == {"cmu-10315-hw5", "nyu-dsga1008-hw1"}
    assert all(load_homework(homework).question(name).is_by_hand for homework, name in others)


@pytest.mark.parametrize(("homework", "name"), ANSWERED)
def test_every_box_of_a_filled_in_handout_gets_the_verdict_that_it_deserves(homework: str, name: str) -> None:
    status, records = checked(homework, name)
    expected = stated(homework, name)
    assert {key: unlike(records[key], wanted) for key, wanted in expected.items() if unlike(records[key], wanted)} == {}
    assert status == (1 if any(entry["verdict"] == "wrong" for entry in expected.values()) else 3)
    for question in load_homework(homework).questions:
        if question.is_by_hand:
            assert records[question.id]["verdict"] == records[question.id]["final"]["verdict"] == "not_checked"
            assert {line["verdict"] for line in records[question.id]["lines"]} <= {"not_checked"}


@pytest.mark.parametrize("homework", homeworks())
def test_the_right_handout_is_answered_in_full(homework: str) -> None:
    written = boxes((HANDOUTS / homework / "right.tex").read_text(encoding="utf-8"))
    assert set(written) == {question.id for question in load_homework(homework).questions if question.is_answered}
    assert all(text.strip() for text in written.values())
    by_hand = {question.id for question in load_homework(homework).questions if question.is_by_hand}
    judged = set(written) - by_hand - set(stated(homework, "right"))
    _, records = checked(homework, "right")
    assert not [name for name in judged if records[name]["verdict"] == "wrong"]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: re.sub(r"^(%</?truestep:box.*)$", r"    \1  ", text, flags=re.MULTILINE),
        lambda text: re.sub(r"^%(</?truestep:box.*)$", r"\t% \1", text, flags=re.MULTILINE),
        lambda text: re.sub(r"^(%<truestep:box.*)$", r"% my answer:\n\n\1\n\n", text, flags=re.MULTILINE),
        lambda text: text[text.index(r"\begin{document}") :],
    ],
    ids=["CRLF", "indented", "tabs", "moved", "preamble lost"],
)
@pytest.mark.parametrize("homework", ["cmu-10315-hw5", "backprop-hw4"])
def test_boxes_survive_what_editors_do(homework: str, change: Any) -> None:
    answers = boxes((HANDOUTS / homework / "mistakes.tex").read_text(encoding="utf-8"))
    _, records = records_of(change(filled(handout(homework), answers)), homework)
    expected = stated(homework, "mistakes")
    assert [key for key, wanted in expected.items() if unlike(records[key], wanted)] == []


def test_a_box_that_was_lost_is_said_and_the_others_are_checked() -> None:
    answers = boxes((HANDOUTS / "cmu-10315-hw5" / "right.tex").read_text(encoding="utf-8"))
    source = filled(handout("cmu-10315-hw5"), answers)
    cut = re.sub(r'%<truestep:box id="1\(b\)">.*?%</truestep:box>', "", source, flags=re.DOTALL)
    _, records = records_of(cut, "cmu-10315-hw5")
    assert records["1(b)"]["final"] == {
        "line": None,
        "verdict": "not_checked",
        "reason": "the handout has lost this box",
    }
    assert records["1(a)"]["verdict"] == records["1(c)"]["verdict"] == "right"
    opened = source.replace('%<truestep:box id="1(b)">', "")
    torn = CliRunner().invoke(main, ["check", "-", "--homework", "cmu-10315-hw5"], input=source.replace("%</", "", 1))
    assert torn.exit_code == 3
    assert "box 1(a) has lost its end" in torn.stderr
    assert '"1(b)"' not in opened


# The rows


def test_every_folder_of_examples_belongs_to_a_row() -> None:
    assert {str(path.parent.relative_to(SEEDS)) for path in SEEDS.rglob("problem.toml")} == set(EXAMPLES)
    hand_ins = {name for name in EXAMPLES if EXAMPLES[name][0] in "EF"} - {
        "E3",
        *(n for n in EXAMPLES if n[:2] == "F1"),
    }
    for name in set(EXAMPLES) - hand_ins:
        verdicts = {ENTRIES[entry]["verdict"] for entry in ENTRIES if entry.rpartition("/")[0] == name}
        assert {"right", "wrong"} <= verdicts, name


@pytest.mark.parametrize("name", DERIVABLE)
def test_every_question_is_derived_in_lines_that_are_right(name: str) -> None:
    path = str(SEEDS / name / "problem.toml")
    result = run("derive", path, "--json")
    assert result.exit_code == 0, result.output
    record = json.loads(result.stdout)
    assert record["status"] == "derived"
    made = check_record({"problem": statement_of(load_problem(path)), "lines": record["lines"]})
    assert made["first_wrong_line"] is None
    assert made["final"]["verdict"] == "right", made
    assert {line["verdict"] for line in made["lines"]} == {"right"}


@pytest.mark.parametrize("row", ROWS)
def test_every_question_stands_in_the_handout_and_in_the_solutions(row: str) -> None:
    keys = ROWS[row]
    assert set(keys["questions"]) <= set(boxes(handout(keys["homework"])))
    parts = [solution_of(keys["homework"], name) for name in keys["questions"]]
    assert all(r"\begin{solution}" in part for part in parts)
    together = "\n".join(parts)
    assert [text for text in keys.get("derives", ()) if text not in together] == []
    assert "No derivation by truestep" not in together
    assert "was not found right" not in together


@pytest.mark.parametrize("row", BY_HAND)
def test_what_a_person_reads_has_a_model_answer_or_a_rubric_and_is_never_judged(row: str) -> None:
    homework = load_homework(BY_HAND[row]["homework"])
    names = BY_HAND[row]["questions"]
    lines = "\\[ 1 = 1 \\]\n\\[ 1 = 2 \\]\nThe gradient is the answer.\n"
    _, records = records_of(filled(handout(homework.id), dict.fromkeys(names, lines)), homework.id)
    for name in names:
        assert homework.question(name).rubric
        assert "A grader looks for" in solution_of(homework.id, name)
        assert "truestep does not check it" in solution_of(homework.id, name)
        assert [line["verdict"] for line in records[name]["lines"]] == ["not_checked"] * 3
        assert records[name]["verdict"] == "not_checked"
        assert records[name]["findings"] == []
        assert records[name]["first_wrong_line"] is None


@pytest.mark.slow
@pytest.mark.parametrize(
    ("box", "line", "kind", "code"),
    [
        ("1.3(a) d B element", 1, "value", "value"),  # (45): the sign is lost
        ("1.3(a) d B element", 2, "value", "value"),  # (46): the exponent
        ("1.3(a) d B element", 3, "logic", "recovered"),  # (47) is right again
        ("1.2(b)", 5, "given", "given-restated"),  # (8): 1/N
        ("1.2(c)", 0, "form", "not-allowed"),  # dz_3/dW_2 is not among the allowed symbols
        ("1.2(c)", 3, "form", "not-allowed"),
        ("1.2(d) A", 0, "given", "given-restated"),  # (16): 1/N, once
        ("1.2(d) A", 3, "logic", "carried"),
        ("1.2(d) C", 2, "layout", "layout"),  # (25): W^T with the shape of W
        ("1.3(b) b", 5, "given", "given-restated"),  # (57): the mistyped loss
    ],
)
def test_what_is_wrong_in_the_hand_in_is_named_where_it_stands(box: str, line: int, kind: str, code: str) -> None:
    _, records = checked("nyu-dsga1008-hw1", "hand-in")
    found = [(finding["line"], finding["kind"], finding["code"]) for finding in records[box]["findings"]]
    assert any(here == line and kinds == kind for here, kinds, _ in found), found
    if kind != "value":
        assert (line, kind, code) in found
    assert sum(finding == (line, "given", code) for finding in found) <= 1


def test_the_hand_in_on_softmax_cancels_in_one_case_only() -> None:
    _, records = checked("backprop-hw4", "hand-in")
    findings = records["T4"]["findings"]
    assert (findings[0]["line"], findings[0]["code"]) == (9, "special-case-as-general")
    assert [line["verdict"] for line in records["T4"]["lines"]].count("wrong") == 1


# The manual

QUESTIONS = (("B", 8), ("C", 6), ("D", 9), ("E", 5), ("F", 11))
COMMANDS = re.findall(r"\| `truestep ([^`]*)` \| (\d) \|", (ROOT / "docs" / "seeds.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("command", "status"), COMMANDS)
def test_every_command_of_the_manual_ends_as_it_says(
    command: str, status: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    assert run(*shlex.split(command)).exit_code == int(status)


def test_the_inconsistency_of_a_sheet_is_said_with_its_place() -> None:
    result = run("lint", "cmu-10315-hw5", "--level", "warning")
    assert "(sizes-in-text) in part 1, question 1, text" in result.stdout
    assert "$N$-dimensional space" in result.stdout
    assert result.exit_code == 0


def test_the_manual_has_every_row() -> None:
    text = (ROOT / "docs" / "seeds.md").read_text(encoding="utf-8")
    named = set[str]()
    for cell in re.findall(r"^\| ([A-F]\d[^|]*) \|", text, re.MULTILINE):
        for first, last in re.findall(r"([A-F]\d+)(?: to [A-F](\d+))?", cell):
            named |= {f"{first[0]}{number}" for number in range(int(first[1:]), int(last or first[1:]) + 1)}
    assert named == {f"{letter}{number}" for letter, count in QUESTIONS for number in range(1, count + 1)}
    assert {row.partition("-")[0] for row in ROWS} <= named
    assert len(COMMANDS) == len(re.findall(r"^\|.*`truestep ", text, re.MULTILINE))


# The sheets as PDF


@NO_TEX
@pytest.mark.parametrize("arguments", [("--handout",), ("--solutions",), ("--solutions", "--detail", "full")])
@pytest.mark.parametrize("homework", homeworks())
def test_every_sheet_is_made_as_pdf(homework: str, arguments: tuple[str, ...], tmp_path: Path) -> None:
    template = "exam" if "--detail" in arguments else "plain"
    path = tmp_path / "sheet.pdf"
    result = run("sheet", homework, *arguments, "--template", template, "--pdf", "--output", str(path))
    assert result.exit_code == 0, result.output
    assert path.read_bytes().startswith(b"%PDF")
    assert "overfull" not in result.output.lower()


@pytest.mark.parametrize("detail", ["terse", "normal", "full"])
@pytest.mark.parametrize("homework", homeworks())
def test_every_solution_sheet_is_made_as_a_page(homework: str, detail: str) -> None:
    result = run("sheet", homework, "--solutions", "--html", "--detail", detail)
    assert result.exit_code == 0, result.output
    assert "<math" in result.stdout
    assert "No derivation by truestep" not in result.stdout
