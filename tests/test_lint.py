"""Lints: each rule on its examples, planted faults with their places, and what comes with truestep without an error."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from truestep.checkers.examined_lints import RULES
from truestep.cli import main
from truestep.problems import lint as lints
from truestep.problems.book import identifiers
from truestep.problems.homeworks import homework_text, homeworks
from truestep.problems.lint import examples, lint
from truestep.problems.lint.draft import draft_in, draft_of
from truestep.problems.lint.lint_rule import LEVELS, Finding, Rule
from truestep.problems.lint.sizes_in_text import claims

ROOT = Path(__file__).parent.parent
PLANTED = tomllib.loads((ROOT / "tests" / "data" / "lint" / "planted.toml").read_text("utf-8"))["fault"]
HOSTILE = (
    *("", "part = 3", "part = [1]", "[[part]]\nquestion = 1", "[notation]\na = 1", "title = '$'\npart = []"),
    *("symbols = 3", "find = [1]", "use = [[]]", "names = { a = 3 }\nfind = 'x'", "answer = { a = 1 }"),
    *("find = 'x'\nsymbols = { x = [] }", "given = '\x1b[31m = 2'", "given = [" + "'x = y'," * 300 + "]"),
    "[[part]]\n[[part.question]]\nproblem = 3",
    "[[part]]\n[[part.question]]\nproblem = { use = 3, given = [[]] }",
    "[[part]]\n[[part.question]]\nid = []\nfigure = 1\nshow = [1]\ntext = 3",
)
LAWS_OF_THE_BOOK = (  # they are those of test_book
    *("answer-differs", "typical-answers", "typical-undecided", "answer-undecided", "stuck"),
    *("derived-breaks-rule", "sheet-earns-less"),
)
BY_NAME = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["lint", *arguments])


def found(text: str, *rules: Rule) -> list[Finding]:
    return list(lint(draft_in(text), rules or RULES))


cached = lru_cache(found)


def named(findings: list[Finding] | tuple[Finding, ...]) -> list[tuple[str, int]]:
    """Each finding by its rule and its line."""
    return sorted((finding.rule.name, finding.position[0] if finding.position else 0) for finding in findings)


def test_every_rule_has_its_examples_and_no_other() -> None:
    assert set(examples()) == {rule.name for rule in RULES}
    assert len({rule.name for rule in RULES}) == len(RULES) >= 30
    assert {rule.level for rule in RULES} == set(LEVELS)


@BY_NAME
def test_a_rule_finds_what_it_is_there_for(rule: Rule) -> None:
    assert found(examples()[rule.name]["found"], rule)
    assert not found(examples()[rule.name]["clean"], rule)
    assert rule.promise.endswith(".")


@BY_NAME
def test_a_finding_says_where_and_what(rule: Rule) -> None:
    for finding in found(examples()[rule.name]["found"], rule):
        assert finding.position is not None or rule.name == "syntax"
        assert finding.remark.message
        assert "\\\\" not in finding.remark.message


@BY_NAME
def test_the_other_example_has_no_error(rule: Rule) -> None:
    clean = found(examples()[rule.name]["clean"])
    assert [finding.rule.name for finding in clean if finding.rule.level == "error"] == []


def test_a_rule_that_finds_nothing_is_caught() -> None:
    blind = replace(RULES[1], check=lambda draft: ())
    assert not found(examples()["unknown-key"]["found"], blind)


@pytest.mark.parametrize("name", [*homeworks(), *identifiers()])
def test_what_comes_with_truestep_has_no_error_or_warning(name: str) -> None:
    looked_at = RULES if name in homeworks() else [rule for rule in RULES if rule.name not in LAWS_OF_THE_BOOK]
    findings = [finding for finding in lint(draft_of(name), looked_at) if finding.rule.level != "note"]
    known = ["sizes-in-text"] if name == "cmu-10315-hw5" else []
    assert [finding.rule.name for finding in findings] == known, [finding.remark.message for finding in findings]


@pytest.mark.slow
def test_the_sheet_that_contradicts_itself_is_told_so() -> None:
    warnings = [finding for finding in lint(draft_of("cmu-10315-hw5"), RULES) if finding.rule.level == "warning"]
    assert [finding.rule.name for finding in warnings] == ["sizes-in-text"]
    assert warnings[0].place == "part 1, question 1, text"
    assert "$M$-dimensional space to $N$-dimensional space" in warnings[0].remark.message
    assert "a column vector of K" in warnings[0].remark.message


def planted(fault: dict[str, Any]) -> tuple[str, str, int]:
    """The homework before and after, and the line that is to be named."""
    name = fault["homework"]
    before = homework_text(name) if name in homeworks() else (ROOT / name).read_text("utf-8")
    assert fault["old"] in before, "the homework has changed"
    after = before.replace(fault["old"], fault["new"], 1)
    at = after.index(fault.get("at", fault["new"]))
    for _ in range(fault.get("which", 1) - 1):
        at = after.index(fault["new"], at + 1)
    return before, after, after.count("\n", 0, at) + 1


@pytest.mark.parametrize("fault", PLANTED, ids=lambda fault: f"{fault['homework']}-{fault['rule']}")
def test_a_planted_fault_is_found_in_its_place(fault: dict[str, Any]) -> None:
    before, after, line = planted(fault)
    findings = found(after)
    assert (fault["rule"], line) in named(findings)
    known = {finding.rule.name for finding in cached(before)}
    new = {finding.rule.name for finding in findings} - known - {fault["rule"]}
    assert new <= set(fault.get("also", ())), [finding.remark.message for finding in findings]


def test_faults_of_a_notation_are_said_once() -> None:
    _, after, _ = planted(PLANTED[0])
    assert len([finding for finding in found(after) if finding.rule.name == "given-shapes"]) == 1


def test_all_faults_of_a_statement_are_said_at_once() -> None:
    text = r"""
find = '\frac{\partial L}{\partial q}'
given = ['z = W x', 'L = r^T z', 'z = x']
only = ['W', 't']
symbols = { 'W' = 'K x M', 'x' = 'M', 'z' = 'M', 'L' = 'scalar' }
"""
    codes = [name for name, _ in named(found(text)) if name != "unused-name"]
    assert codes == ["given-shapes", "given-twice", "undeclared", "undeclared", "undeclared"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (r"$x$ is an $n$-dimensional vector", [("x", ("n", 1))]),
        (r"an $N$ dimensional vector $\mathbf{x}$", [(r"\mathbf{x}", ("N", 1))]),
        (
            r"let $A \in \mathbb{R}^{n \times m}$, $x,y \in \mathbb{R}^m$",
            [("A", ("n", "m")), ("x", ("m", 1)), ("y", ("m", 1))],
        ),
        (r"$w \in \R^3$ and $a \in \mathbb R$", [("w", (3, 1)), ("a", (1, 1))]),
        (r"$b$ has $K$ entries", [("b", ("K", 1))]),
        (r"the $4 \times 3$ weight matrix $W$", [("W", (4, 3))]),
        (r"Let $W$ be a matrix of shape $K \times M$", [("W", ("K", "M"))]),
        (r"$c$ is one of $K$ classes, and $x$ costs $5$ dollars", []),
        (r"The $K$-dimensional space is large.", []),
    ],
)
def test_what_a_text_says_of_sizes(text: str, said: list[tuple[str, tuple[Any, ...]]]) -> None:
    assert [(claim.name, claim.sizes) for claim in claims(text)] == said


def test_a_number_and_a_letter_may_be_one_size() -> None:
    text = r"""
text = '$x$ has $784$ entries, a row $r$ has $M$ entries.'
find = 'r x'
symbols = { 'x' = 'M', 'r' = '1 x M' }
"""
    assert not [finding for finding in found(text) if finding.rule.name == "sizes-in-text"]


RUBRICS = (  # a homework with marks, and the rule and the line of what is wrong in it
    ("marking = { final = 1 }", "points = 1", "rubric", 2),
    ("marking = { deduct = { norn = 1 } }", "points = 1", "rubric", 2),
    ("", "points = 4\n[part.question.problem.marking]\nfinal = 2\nmethod = 1", "rubric", 11),
    ("", "[part.question.problem.marking]\nfinal = 2\nform = 1", "rubric", 12),
    ("", "[part.question.problem.marking]\nfinal = 2\nfrom = 1", "rubric", 12),
    ("", "[part.question.problem.marking]\nfinal = 2\nlines = { 'y_i' = -1 }", "rubric", 12),
    ("", "[part.question.problem.marking]\nfinal = 2\nlines = { 'q_i' = 1 }", "undeclared", 12),
    ("", "points = 4\nproblem.points = 3", "rubric", 11),
)


@pytest.mark.parametrize(("top", "question", "rule", "line"), RUBRICS)
def test_a_rubric_that_does_not_hold_is_found_in_its_place(top: str, question: str, rule: str, line: int) -> None:
    text = f"""title = 'Homework'
{top}
[[part]]
[[part.question]]
id = '1'
problem.find = 'y'
problem.given = 'y = 2 x'
problem.symbols = {{ y = 'n', x = 'n', i = 'index n' }}

{question}
"""
    assert named(found(text)) == [(rule, line)], found(text)


def test_a_rubric_that_adds_up_is_not_found() -> None:
    text = """title = 'Homework'
marking = { deduct = { norm = 1 } }
[[part]]
[[part.question]]
id = '1'
points = 4
problem = { find = '1 + 1', marking = { final = 3, method = 1, deduct = { notation = 0.5 } } }
[[part.question]]
id = '2'
carries = '1'
problem = { find = '2 + 2' }
"""
    assert [finding for finding in found(text) if finding.rule.level != "note"] == []


@pytest.mark.parametrize(
    ("stated", "rules"),
    [
        (r'wrong = { "a = 2\nb = 3" = "sign", "a = 2\nb = 4" = "sign" }', ["typical-answers"]),
        (r'also = ["a = 1 + 1\nb = 3", "a = 2\nb = 4"]', ["typical-answers"]),
        (r'also = ["a = 2"]', ["typical-undecided"]),
    ],
)
def test_typical_answers_are_judged_where_several_things_are_asked(stated: str, rules: list[str]) -> None:
    text = "find = ['a', 'b']\ngiven = ['a = 2', 'b = a + 1']\nsymbols = { a = 'scalar', b = 'scalar' }\n"
    assert [finding.rule.name for finding in found(text + stated)] == rules


def test_typical_answers_of_a_choice_are_judged() -> None:
    text = "kind = 'choice'\noptions = { a = 'ReLU', b = 'tanh' }\nanswer = 'b'\n"
    assert found(text + "wrong = { a = 'wrong-function' }\nalso = ['tanh']") == []
    assert [finding.rule.name for finding in found(text + "also = ['a']")] == ["typical-answers"]


def test_the_status_is_that_of_the_worst(tmp_path: Path) -> None:
    path = tmp_path / "problem.toml"
    for name, code in (("given-shapes", 1), ("unused-name", 0), ("stuck", 0)):
        path.write_text(examples()[name]["found"], encoding="utf-8")
        assert run(str(path)).exit_code == code
        assert run(str(path), "--level", "error").exit_code == code
    assert run(str(tmp_path / "none.toml")).exit_code == 2
    assert run("no-such-problem").exit_code == 2
    assert run().exit_code == 2


def test_the_report_shows_the_place(tmp_path: Path) -> None:
    path = tmp_path / "problem.toml"
    path.write_text(examples()["given-shapes"]["found"], encoding="utf-8")
    said = run(str(path)).output
    assert f"{path}:2:10: error (given-shapes) in given 1" in said
    line, mark = re.findall(r"  \| (.*)", said)[:2]
    assert line[mark.index("^") :].startswith("'z = W x'")
    assert said.endswith(f"{path}: 1 error\n")


def test_json_holds_what_the_report_says(tmp_path: Path) -> None:
    path = tmp_path / "problem.toml"
    path.write_text(examples()["answer-differs"]["found"], encoding="utf-8")
    record = json.loads(run(str(path), "--json").output)
    (finding,) = record["findings"]
    assert (finding["rule"], finding["line"], finding["column"], finding["keys"]) == (
        "answer-differs",
        3,
        10,
        ["answer"],
    )
    assert "the givens make" in finding["message"]
    assert json.loads(run("no-such-problem", "--json").stdout)["error"]


def test_levels_leave_out_what_is_less() -> None:
    assert "(sizes-in-text)" in run("cmu-10315-hw5", "--level", "warning").output
    assert "left-to-person" not in run("cmu-10315-hw5", "--level", "warning").output
    assert run("cmu-10315-hw5", "--level", "error").output == "cmu-10315-hw5: nothing to mend\n"


def test_rules_are_listed_and_explained() -> None:
    listed = run("--rules").output
    assert all(rule.name in listed and rule.promise in listed for rule in RULES)
    for rule in RULES:
        said = run("--explain", rule.name).output
        assert rule.promise in said
        assert examples()[rule.name]["found"].strip().splitlines()[0] in said
    assert "did you mean undeclared" in run("--explain", "undeclard").output


def test_hostile_files_are_read_to_their_end(tmp_path: Path) -> None:
    for text in HOSTILE:
        path = tmp_path / "hostile.toml"
        path.write_text(text, encoding="utf-8")
        result = run(str(path))
        assert result.exit_code in (0, 1), (text, result.output, result.exception)
        assert "\x1b" not in result.output


def test_a_json_statement_is_linted_without_lines(tmp_path: Path) -> None:
    path = tmp_path / "problem.json"
    path.write_text(json.dumps({"find": "q", "symbols": {"x": "n"}}), encoding="utf-8")
    result = run(str(path))
    assert result.exit_code == 1
    assert f"{path}: error (undeclared) in find" in result.output


def test_the_tables_stand_in_one_order() -> None:
    assert RULES[: len(lints.RULES)] == lints.RULES
