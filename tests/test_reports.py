"""Reports: what is said, what is kept back, and how the page is made."""

from __future__ import annotations

import functools
import json
import re
import subprocess
import sys
from collections.abc import Sequence
from itertools import cycle, pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from reporting import FORMS, Page, assert_is_harmless, record_of, report_of, shown, squeezed
from sources import ROOT, SEEDS, checked_example, problem_of, work_of

from truestep.checkers.documents import Row
from truestep.cli import main
from truestep.output.readable import readable
from truestep.problems.statements.problem import Problem
from truestep.problems.statements.statement import load_problem
from truestep.reports.formulas import Formulas
from truestep.reports.html_page import page
from truestep.reports.making import Work, part_of
from truestep.reports.model import Report, Revealed
from truestep.reports.pieces import text_of, words
from truestep.reports.revealing import revealed

ANSWERS = sorted(
    path
    for problem in SEEDS.rglob("problem.toml")
    for path in problem.parent.iterdir()
    if path.suffix in (".tex", ".md", ".txt")
)


@functools.cache
def run(path: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["check", str(path), "--problem", str(path.parent / "problem.toml"), *arguments])


def name_of(path: Path) -> str:
    return "/".join(path.relative_to(SEEDS).parts)


# formulas that cannot be set


@pytest.mark.parametrize(
    ("row", "is_set"),
    [
        (r"\frac{a}{b} &= c \label{eq} \\", True),
        (r"= - \left( a \right. + b", True),
        (r"= - \left( a + b", True),
        (r"\cancel{a}^0 \tag{3}", True),
        (r"a \unknowncommand b", False),
        (r"dJ/dx = W^T dJ/dz transposed", False),
        ("{" * 100, False),
        (r"\frac{", False),
        ("x + " * 500 + "x", False),
    ],
)
def test_a_row_is_set_or_shown_as_written(row: str, is_set: bool) -> None:
    record = {"verdict": "right", "lines": [{"line": 0, "verdict": "right"}], "findings": []}
    found = Page(page(report_of(record, [row])))
    assert ("math" in found.tags) == is_set
    assert is_set or row[:200] in found.text


def test_the_macros_of_the_work_are_put_in(tmp_path: Path) -> None:
    path = tmp_path / "work.tex"
    path.write_text(
        "\\newcommand{\\up}{\\frac{\\partial J}{\\partial z}}\n\\[ \\frac{\\partial J}{\\partial x} = W \\up \\]\n"
    )
    said = CliRunner().invoke(main, ["check", str(path), "--problem", str(SEEDS / "D1" / "problem.toml")]).stdout
    assert "∂J/∂x = W ∂J/∂z" in said
    assert "= W \\up" in said


@pytest.mark.slow
def test_a_large_work_makes_a_report_of_bounded_size() -> None:
    rows = [r"\frac{\partial J}{\partial x} = " + r"+ \sum_k \alpha_k " * 96 for _ in range(150)]
    size = sum(map(len, rows))
    assert size > 2**18
    report = report_of(record_of(rows), rows)
    for form, most in (("html", 4), ("markdown", 2), ("terminal", 2)):
        assert len(FORMS[form](report)) < most * size, form


# what is kept back


@functools.cache
def spellings_of(answer: str) -> list[str]:
    """An answer after its sign of equality, as LaTeX, as a line of text, and as a page would set it."""
    made = Formulas().display(f"x = {answer}")
    right = str(made).partition("<mo>=</mo>")[2].removesuffix("</mrow></math>")
    plain = [f"={squeezed(answer)}", f"={squeezed(readable(answer))}"]
    return [*plain, squeezed(f"<mo>=</mo>{right}")] if made else plain


def answers_to(problem: Problem) -> list[str]:
    """The right sides of what a problem asks for, as LaTeX, that are long enough to be told from anything else."""
    made = revealed(problem, "answer")
    rights = [re.sub(r"^(=|\\in)\s*", "", right) for _, right in made.answers] if made else []
    return [right for right in rights if len(squeezed(right)) > 6]


@functools.cache
def of_folder(folder: Path) -> tuple[Problem, list[str], Revealed | None]:
    """The problem of a folder, its answers, and the hint to it."""
    problem = load_problem(str(folder / "problem.toml"))
    return problem, answers_to(problem), revealed(problem, "hint")


@pytest.mark.parametrize("path", [path for path in ANSWERS if not path.name.startswith("right")], ids=name_of)
def test_nothing_of_the_solution_is_shown_unless_it_is_asked_for(path: Path) -> None:
    problem, answers, hint = of_folder(path.parent)
    record = checked_example(name_of(path))
    unread = [Row("x " * 40, line, 1) for line, _ in enumerate(record["lines"])]  # what the student wrote is left out
    for line in record["lines"]:
        del line["text"], line["source"]
        line.pop("read", None)
    for level in ("none", "hint"):
        work = Work(unread, (), problem, is_hinted=level == "hint")
        report = Report(words("t"), "s", (part_of(record, work, "t", "", hint if level == "hint" else None),))
        for said in (json.dumps(record), *(form(report) for form in FORMS.values())):
            assert_keeps_back(said, answers)


def assert_keeps_back(said: str, answers: Sequence[str]) -> None:
    looked_at = squeezed(said.replace("\\\\", "\\"))
    for answer in answers:
        for written in spellings_of(answer):
            assert written not in looked_at


def test_the_answer_and_the_steps_are_shown_where_they_are_asked_for() -> None:
    path = SEEDS / "D1" / "wrong-row-layout.tex"
    answer = answers_to(load_problem(str(path.parent / "problem.toml")))[0]
    for level in ("answer", "steps"):
        assert answer in run(path, "--reveal", level, "--markdown").stdout
        assert readable(answer) in run(path, "--reveal", level).stdout
        for form in ("--markdown", "--html"):
            with pytest.raises(AssertionError):
                assert_keeps_back(run(path, "--reveal", level, form).stdout, [answer])
    steps = run(path, "--reveal", "steps", "--html").stdout
    assert "A derivation" in steps
    assert "sifting" in steps or "chain rule" in steps
    assert "A derivation" not in run(path, "--reveal", "answer", "--html").stdout


def test_a_hint_names_the_rules_and_no_result() -> None:
    said = run(SEEDS / "F5" / "e" / "submission.tex", "--reveal", "hint").stdout
    assert "Rules that a derivation of this uses" in said
    assert "The answer" not in said


def test_the_value_of_a_number_that_is_asked_for_is_kept_back() -> None:
    path = SEEDS / "E3" / "wrong-last-bias.txt"
    assert "557057" not in run(path).stdout
    assert "557057" in run(path, "--reveal", "answer").stdout.replace(",", "") + "557057"


# what is said


@pytest.mark.parametrize("path", ANSWERS, ids=name_of)
def test_a_report_speaks_to_the_student(path: Path) -> None:
    problem, work = problem_of(name_of(path.parent)), work_of(name_of(path))
    made = part_of(checked_example(name_of(path)), Work(work.rows, work.macros, problem), problem.title)
    said = shown(Report(text_of(problem.title), str(path), (made,)))
    for jargon in ("finding", "evidence", "witness", "proved", "agreed at", "None", "  ,", ".."):
        assert jargon not in re.sub(r"(?m)^.*\^\^|^ *….*$", "", said), jargon
    assert said.rstrip().endswith((".", ")", "^", "?")) or "  " in said.rstrip().splitlines()[-1]


def test_what_is_right_is_said_first() -> None:
    said = " ".join(run(SEEDS / "F5" / "e" / "submission.tex").stdout.split())
    assert "Your final answer (line 7) is right: it holds for all values." in said
    assert "Lines 1 and 4 to 7 are right; line 2 is where it first goes wrong, and line 3 is not right either." in said
    assert said.count("Here it first goes wrong.") == 1
    assert "This is right again, though the line before it is not." in said


def test_the_numbers_are_those_of_the_line() -> None:
    said = run(SEEDS / "F2" / "submission.tex").stdout
    assert "left side   58" in said
    assert "W^{(1)}  " not in said.partition("Try it with numbers")[2]
    assert "The values behind these" in run(SEEDS / "F2" / "submission.tex", "--html").stdout


@pytest.mark.parametrize("form", FORMS)
def test_marks_are_shown_item_by_item(form: str) -> None:
    marks = {
        "earned": None,
        "of": 5,
        "at_least": 2,
        "at_most": 4.5,
        "items": [{"for": "the chain rule", "earned": 1.5, "of": 2, "why": "line 3 lost $W^T$"}],
        "for_a_person": [{"about": "shown", "line": None, "message": "the picture"}],
    }
    said = FORMS[form](report_of({"verdict": "wrong", "lines": [], "marks": marks}, []))
    for part in ("at least 2, at most 4.5 of 5", "the chain rule", "1.5 of 2", "line 3 lost", "The picture."):
        assert part in said


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "record", [{"error": "no <b>JSON</b>"}, {}, {"verdict": "undecided"}, {"lines": 5, "findings": {}}]
)
def test_any_record_is_borne(form: str, record: dict[str, Any]) -> None:
    assert FORMS[form](report_of(record, []))


# how the page is made


@pytest.mark.parametrize("path", [SEEDS / "F5" / "e" / "submission.tex", SEEDS / "F3" / "submission.tex"], ids=name_of)
def test_the_page_can_be_heard(path: Path) -> None:
    source = run(path, "--html", "--reveal", "steps").stdout
    found = assert_is_harmless(source)
    levels = [int(tag[1]) for tag in found.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert ("html", "lang", "en") in found.attributes
    heads = re.findall(r"<th(?!ead)[^>]*>", source)
    assert heads
    assert all("scope=" in head for head in heads)
    assert not re.search(
        r"[✓✗·](?!</span>)", re.sub(r"(?s)<math.*?</math>|<code.*?</code>|<title>.*?</title>", "", source)
    )
    assert not re.search(r"https?://", source)
    assert "<script" not in source


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_colours_have_contrast_in_the_light_and_in_the_dark() -> None:
    css = (ROOT / "truestep" / "reports" / "report.css").read_text(encoding="utf-8")
    light, dark = (dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block)) for block in css.split("@media")[:2])
    for scheme in (light, dark):
        for ground in ("paper", "tint", "wrong-tint", "right-tint", "open-tint", "place"):
            for ink in ("ink", "link", "wrong", "right", "open", "faint"):
                if ground == "place" and ink != "ink":
                    continue
                bright, dim = sorted((luminance(scheme[ground]), luminance(scheme[ink])), reverse=True)
                assert (bright + 0.05) / (dim + 0.05) >= 4.5, (ink, ground)


@pytest.mark.slow
def test_every_example_keeps_to_the_width_of_the_terminal() -> None:
    for path, width in zip(ANSWERS, cycle((60, 80, 120)), strict=False):
        record = checked_example(name_of(path))
        rows = [f"{path.name} \\frac{{a}}{{b}} " * 3 for _ in record["lines"]]
        assert all(len(line) <= width for line in shown(report_of(record, rows), width).splitlines())


def test_output_goes_to_a_file_or_into_a_folder(tmp_path: Path) -> None:
    path = SEEDS / "F5" / "e" / "submission.tex"
    for form, suffix in (("--html", "html"), ("--markdown", "md"), ("--json", "json")):
        result = run(path, form, "--output", f"{tmp_path}/reports/")
        assert (result.exit_code, result.stdout) == (1, "")
        made = tmp_path / "reports" / f"submission-report.{suffix}"
        assert made.read_text(encoding="utf-8") == run(path, form).stdout
    run(path, "--output", str(tmp_path / "report.txt"))
    assert "Here it first goes wrong." in (tmp_path / "report.txt").read_text(encoding="utf-8")


@pytest.mark.slow
def test_what_html_needs_is_said_where_it_is_missing() -> None:
    code = (
        "import sys; sys.modules['jinja2'] = None\n"
        "from truestep.cli import main\n"
        f"main(['check', r'{SEEDS}/E4/submission.tex', '--problem', r'{SEEDS}/E4/problem.toml', '--html'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 2
    assert "pip install 'truestep[sheet]'" in done.stderr


def test_sentences_and_formulas_are_told_apart() -> None:
    assert [piece.is_formula for piece in text_of(r"\ell is not W^T, but $x$")] == [True, False, True, False, True]
    assert text_of("a K x M matrix") == words("a K × M matrix")


def test_where_only_ascii_can_be_shown_carets_stay_under_their_place() -> None:
    row = "a + " * 40 + "b = c"
    record = record_of([row])
    record["findings"][0]["span"] = [120, 121]
    said = shown(report_of(record, [row]), 60, "ascii").splitlines()
    place = next(k for k, line in enumerate(said) if line.strip() == "^")
    assert said[place - 1].lstrip().startswith(".. ")
    assert said[place - 1][said[place].index("^")] == row[120]
    assert all(len(line) <= 60 for line in said)


def test_two_hand_ins_of_one_name_make_two_reports(tmp_path: Path) -> None:
    problem = tmp_path / "x.toml"
    problem.write_text("answer = 'x^2'\n[symbols]\nx = 'scalar'\n")
    for student, work in (("a", "$$x^2$$"), ("b", "$$x^3$$"), ("a", "$$x^2$$")):
        (tmp_path / student).mkdir(exist_ok=True)
        (tmp_path / student / "hw.md").write_text(work)
        run = [str(tmp_path / student / "hw.md"), "--problem", str(problem), "--html", "--output", f"{tmp_path}/out/"]
        CliRunner().invoke(main, ["check", *run])
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["hw-report-2.html", "hw-report.html"]
