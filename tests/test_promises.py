"""The promises of ``docs/reliability.md`` that no other test holds, and that each test it names is there."""

from __future__ import annotations

import ast
import json
import os
import random
import re
import subprocess
import sys
import unicodedata
from typing import Any

import pytest
from sources import ROOT

from benchmarks.fuzz.cases import cases
from benchmarks.fuzz.sources import sources
from truestep.checkers.records import check_record
from truestep.derivations.language.faults import Fault
from truestep.derivations.language.liberties import Reading
from truestep.derivations.language.reading.chains import read_row
from truestep.derivations.language.reading.rowtext import row_tokens
from truestep.problems.book import find_problem, identifiers
from truestep.problems.statements.prepared import setting_of
from truestep.problems.statements.problem import Problem
from truestep.problems.statements.statement import statement_of

IN_ORDERS = 60 if os.environ.get("TRUESTEP_WHOLE") else 20
SQUARE: dict[str, Any] = {"symbols": {"x": "scalar", "y": "scalar"}, "answer": "x^2", "points": 4}
AUDITED = """
import json, sys
from truestep.checkers.records import check_line
for raw in sys.stdin.buffer.read().split(b"\\n")[:3]:
    check_line(raw.decode(), 1)
seen = []
def hook(name, given):
    if name in ("exec", "compile", "os.system", "subprocess.Popen", "os.exec", "os.posix_spawn", "socket.connect"):
        seen.append(name)
    if name == "open" and isinstance(given[1], str) and set(given[1]) & set("wax+"):
        seen.append(f"{name} {given[0]}")
import mpmath, sympy  # what is loaded late is no part of a work
check_line(json.dumps({"problem": {"symbols": {"x": "scalar"}, "answer": "x"}, "lines": ["x = 2 x"]}), 1)
sys.addaudithook(hook)
for raw in open(sys.argv[1], encoding="utf-8"):
    check_line(raw, 1)
print(json.dumps([one for one in seen if one not in ("exec", "compile")] + [one for one in seen if one in LOUD]))
"""
RUN = (
    *("__import__('os').system('touch PWNED')", "eval('1')", "exec(x)", "lambda: x", "[x for x in ()]", "x.__class__"),
    *(r"\text{__import__('os')}", r"\input{/etc/passwd}", r"\write18{touch PWNED}", "$(touch PWNED)", "`touch PWNED`"),
    *("{{7*7}}", "{x!r}", "%s%n", "open('PWNED','w')", "os", "S", "N", "E", "I", "Q", "gamma(x)", "x; import os"),
)
TAILS = (
    " foo",
    " 2",
    " )",
    " }",
    r" \right)",
    " = ",
    " + ",
    " ^",
    " _",
    r" \frac",
    " $",
    r" \&",
    " y",
    " !",
    " ?y",
    " // 2 y",
)


def verdict(line: str, problem: dict[str, Any] | None = None) -> str:
    record = check_record({"problem": problem or SQUARE, "lines": [line]})
    return str(record.get("verdict", record.get("error")))


def named_tests(page: str) -> list[tuple[str, str]]:
    """The tests that a page names: ``test_workers::test_...``, as files and functions."""
    return re.findall(r"`(test_\w+)::(test_\w+)`", page)


def missing(page: str) -> list[str]:
    """The tests that a page names and that are not there."""
    gone = []
    for file, name in named_tests(page):
        path = ROOT / "tests" / f"{file}.py"
        tree = ast.parse(path.read_text(encoding="utf-8")) if path.exists() else ast.Module([], [])
        if name not in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}:
            gone.append(f"{file}::{name}")
    return gone


def test_every_promise_names_tests_that_are_there() -> None:
    page = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (R\d+) \|.*$", page, re.MULTILINE)
    promised = [*range(1, 15), *range(17, 28)]
    assert rows == [f"R{number}" for number in promised]
    assert all(named_tests(line) for line in page.splitlines() if line.startswith("| R"))
    assert missing(page) == []
    assert missing("`test_promises::test_that_is_none`") == ["test_promises::test_that_is_none"]


@pytest.mark.slow
def test_nothing_is_run_while_a_work_is_judged(tmp_path: Any) -> None:
    """Python's own audit sees no process, no connection, and no file that is written to."""
    lines = [*RUN, *(case.data["lines"][0] for case in cases(150, 4, sources(), ("line",)))]
    works = tmp_path / "works.jsonl"
    works.write_text("".join(json.dumps({"problem": SQUARE, "lines": [one]}) + "\n" for one in lines), encoding="utf-8")
    program = AUDITED.replace("one in LOUD", "False")
    done = subprocess.run(
        [sys.executable, "-c", program, str(works)], cwd=ROOT, input=b"", capture_output=True, check=True
    )
    assert json.loads(done.stdout) == []
    assert not (ROOT / "PWNED").exists()


@pytest.mark.parametrize("tail", TAILS)
def test_what_stands_behind_a_formula_is_never_passed_over(tail: str) -> None:
    """Nothing is right that is followed by more, unless it is said."""
    assert verdict("x^2") == "right"
    assert verdict("y" + tail) != "right"
    record = check_record({"problem": SQUARE, "lines": ["x^2" + tail]})
    assert record["verdict"] != "right" or record["findings"]


@pytest.mark.parametrize(
    "line", ["0/0", "1/0", "x^2 + 0/0", r"x^2 \frac{0}{0}", r"\infty", r"\log(-1 - x^2)", "x^2 + 1/(x-x)"]
)
def test_what_has_no_value_is_no_evidence(line: str) -> None:
    assert verdict(line) != "right"
    assert verdict("x^2", SQUARE | {"answer": line}) != "right"


@pytest.mark.parametrize(
    ("answer", "line", "expected"),
    [
        *(("x^2", "2^{2^{2^{2^{9}}}}", "undecided"), ("x^2", "x (2^{2^{2^{2^{9}}}} - x)", "undecided")),
        *(
            ("x^{n^5}", "x^{n^2 n^3}", "right"),
            ("x^{n^5}", "x^{n^5 + 1}", "wrong"),
            ("2^{2^n}", "4^{2^{n - 1}}", "right"),
        ),
    ],
)
def test_powers_of_whole_numbers_take_no_table(answer: str, line: str, expected: str) -> None:
    problem = {"symbols": {"x": "scalar", "n": "size"}, "answer": answer}
    assert verdict(line, problem) == expected


@pytest.mark.slow
def test_a_polynomial_that_vanishes_on_a_grid_is_no_zero() -> None:
    dice = random.Random(3)
    for _ in range(25):
        roots = dice.sample([*range(-9, 10), "0.5", "0.25", "1.5", "0.125", "100"], 6)
        product = " ".join(f"(x - {root})" if str(root)[0] != "-" else f"(x + {-int(root)})" for root in roots)
        assert verdict(f"x^2 + {product}") != "right"
        assert verdict(rf"x^2 + \sin({dice.choice((8, 16, 64))} \pi x)") != "right"


def test_products_and_indices_are_not_swapped() -> None:
    asked = {"symbols": {"A": "n x n", "B": "n x n", "x": "n", "d": "n", "i": "index n", "j": "index n"}}
    for right, swapped in (
        (r"A B", "B A"),
        (r"d x^T", "x d^T"),
        ("A x", "A^T x"),
        ("A_{ij}", "A_{ji}"),
        ("A B x", "B A x"),
    ):
        assert verdict(right, asked | {"answer": right}) == "right"
        assert verdict(swapped, asked | {"answer": right}) == "wrong"


@pytest.mark.parametrize(
    ("answer", "line", "is_wrong"),
    [
        *(("1/3", "0.333", False), ("1/3", "0.334", False), ("1/3", "0.335", True), ("1/3", "1/3", False)),
        *(
            ("0.1 + 0.2", "0.3", False),
            ("0.3", "0.30000000000000004", True),
            ("10^{-20}", "0", True),
            ("2", "2.0", False),
        ),
    ],
)
def test_decimals_are_wrong_only_beyond_their_last_place(answer: str, line: str, is_wrong: bool) -> None:
    assert (verdict(line, SQUARE | {"answer": answer}) == "wrong") == is_wrong


def test_every_character_is_read_or_named() -> None:
    context = setting_of(Problem(symbols={"x": "scalar"}, answer=("x",))).context
    read = unnamed = 0
    for code in range(0x20, 0x110000, 61):
        if unicodedata.category(chr(code)) not in ("Cn", "Cs", "Co"):
            said = "it is read"
            try:
                read_row(row_tokens(f"x {chr(code)} x", context), context, Reading(), frozenset())
            except Fault as fault:
                said = fault.message
            unnamed += not said
            read += 1
    assert unnamed == 0
    assert read > 1000


@pytest.mark.slow
def test_no_record_depends_on_those_before_it() -> None:
    some = [{"id": case.number, **case.data} for case in cases(IN_ORDERS, 8, sources(), ("line", "lines"))]
    alone = [check_record(record) for record in some]
    for seed in range(3):
        order = random.Random(seed).sample(range(len(some)), len(some))
        assert all(check_record(some[place]) == alone[place] for place in order)


@pytest.mark.slow
def test_bytes_depend_neither_on_hashes_nor_on_the_locale() -> None:
    lines = ["x^2", "2 x", "x^2 + y - y", r"\sin x", "y", "{", "ŷ", "x^2 + 0.1"]
    text = "".join(json.dumps({"id": k, "problem": SQUARE, "lines": [one]}) + "\n" for k, one in enumerate(lines))
    said = set()
    for seed, locale in (("0", "C"), ("1", "C.UTF-8"), ("2", "POSIX")):
        settings = {**os.environ, "PYTHONHASHSEED": seed, "LANG": locale, "LC_ALL": locale, "TRUESTEP_SALT": "s"}
        command = [sys.executable, "-m", "truestep", "check", "--records", "-", "--timeout", "0"]
        done = subprocess.run(command, cwd=ROOT, env=settings, input=text.encode(), capture_output=True, check=False)
        said.add(done.stdout)
    assert len(said) == 1
    assert said.pop().count(b"\n") == len(lines)


@pytest.mark.parametrize("identifier", identifiers()[::9])
def test_a_reference_that_is_doubled_judges_nobody(identifier: str) -> None:
    stated = statement_of(find_problem(identifier))
    if (
        stated.get("kind", "expression") == "expression"
        and len(stated.get("answer", ())) == len(stated.get("find", ())) == 1
    ):
        doubled = {**stated, "answer": [rf"2 \left({stated['answer'][0]}\right)"], "also": [], "wrong": {}}
        record = check_record({"problem": doubled, "lines": list(stated["answer"])})
        assert record.get("mend") == "author" or record["verdict"] != "wrong"
