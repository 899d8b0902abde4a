"""What Python programs use: check, verify, derive and read, from outside, in threads, and by what they promise."""

from __future__ import annotations

import doctest
import json
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import sympy
from click.testing import CliRunner
from sources import ROOT, table

import truestep
from truestep.checkers.answers.finding import found
from truestep.cli import main
from truestep.library import in_time

PAIRS = table("answers_alone")["pair"]
SIGMOID = {"symbols": {"s": "scalar"}, "answer": "s - s^2"}
LAYER = {
    "symbols": {"W": "K x M", "x": "M", "z": "K", "J": "scalar"},
    "given": ["z = W x", "J = J(z)"],
    "find": r"\frac{\partial J}{\partial x}",
}


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair['gold']} ~ {pair['answer']}"[:60])
def test_a_pair_is_judged(pair: dict[str, str]) -> None:
    assert truestep.verify(pair["gold"], pair["answer"], timeout=None).verdict == pair["verdict"]


@pytest.mark.parametrize(
    "pair", [one for one in PAIRS if "d}{d" not in one["gold"]], ids=lambda pair: pair["gold"][:40]
)
def test_what_is_wanted_is_right(pair: dict[str, str]) -> None:
    assert truestep.verify(pair["gold"], f"The answer is ${pair['gold']}$.", timeout=None)


def test_a_wrong_pair_has_a_witness() -> None:
    verdict = truestep.verify("x^2 - 1", "(x - 1)^2", timeout=None)
    assert verdict.witness["left"] != verdict.witness["right"]
    assert not verdict


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (r"So $x = 3$. The answer is $\boxed{x = 3}$, as $3 > 2$.", "x = 3"),
        ("**Answer:** 42.", "42"),
        ("Die Antwort lautet 3.5.", "3.5"),
        ("答案是 $x^2$。", "x^2"),
        ("### Final Answer\n\n$$x=3$$", "x=3"),
        ("#### 72", "72"),
        (r"\boxed{1} and \boxed{2}", "1, 2"),
        ("\\boxed{1}\nIn the end \\boxed{2}", "2"),
        ("The answer is (B)", "(B)"),
        ("I cannot tell what it might be", ""),
    ],
)
def test_the_answer_in_a_text(text: str, answer: str) -> None:
    assert found(text) == answer


def test_any_of_several_will_do() -> None:
    assert truestep.verify(["x", "2x"], "x + x", timeout=None)
    assert not truestep.verify(["x", "3x"], "x + x", timeout=None)


def test_objects_of_sympy() -> None:
    x = sympy.Symbol("x")
    assert truestep.verify(x**2 - 1, (x - 1) * (x + 1))
    assert truestep.verify(sympy.Matrix([[1, 2], [3, 4]]), r"\begin{pmatrix}1&2\\3&4\end{pmatrix}")
    assert truestep.check(["2 x"], {"find": sympy.Derivative(x**2, x), "answer": 2 * x}).verdict == "right"


def test_a_report() -> None:
    report = truestep.check(["s(1 - s)", "= s - s"], SIGMOID)
    assert (report.verdict, report.final.verdict, report.first_wrong) == ("wrong", "wrong", 1)
    assert report.lines[0].evidence == "proved"
    assert report.lines[1].witness is not None
    assert json.loads(report.to_json())["first_wrong_line"] == 1
    assert "Line 2" in report.to_markdown()
    assert report.to_html().startswith("<!DOCTYPE html>")
    assert "sandbox" in report._repr_html_()
    assert "<script" not in report._repr_html_()
    assert pickle.loads(pickle.dumps(report)).lines == report.lines


def test_what_is_derived_and_read_can_be_pickled() -> None:
    made = truestep.derive("softmax-jacobian")
    assert made.to_sympy() is not None
    read = truestep.read("W x + b", symbols={"W": "K x M", "x": "M", "b": "K"})
    verdict = truestep.verify("x", "2 x", timeout=None)
    assert pickle.loads(pickle.dumps((made, read, verdict))) == (made, read, verdict)


def test_a_route_that_there_is_not() -> None:
    with pytest.raises(truestep.StatementFault, match="no route"):
        truestep.derive("softmax-jacobian", route="by heart")


def test_a_file_and_a_text(tmp_path: Path) -> None:
    work = "So\n$$s(1 - s)$$\n"
    (tmp_path / "work.md").write_text(work)
    assert truestep.check(tmp_path / "work.md", SIGMOID).lines == truestep.check(work, SIGMOID).lines
    with pytest.raises(truestep.DocumentFault):
        truestep.check("", SIGMOID)
    with pytest.raises(truestep.StatementFault, match="did you mean"):
        truestep.check(work, {"symbols": {}, "anwser": "s"})


@pytest.mark.parametrize(
    "work",
    [
        r"\begin{document}\color{white}$$ s - s^2 $$\end{document}",  # nothing of it is seen
        r"$$ s - s^2 $$ \begin{document}\color{white}$$ 2 s $$\end{document}",
        "s - s^2",
        r"$$ \frac{s $$",
    ],
)
def test_a_timeout_changes_no_report(work: str) -> None:
    alone, timed = truestep.check(work, SIGMOID), truestep.check(work, SIGMOID, timeout=20)
    assert (alone.to_json(), alone.to_html()) == (timed.to_json(), timed.to_html())


def test_with_a_timeout_a_worker_judges() -> None:
    assert (
        truestep.check(["s(1 - s)"], SIGMOID, timeout=20).to_json() == truestep.check(["s(1 - s)"], SIGMOID).to_json()
    )


def test_what_takes_too_long_is_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*args: object) -> str:
        raise TimeoutError("judging this takes longer than 2 s")

    for module in ("checking", "verifying"):
        monkeypatch.setattr(f"truestep.library.{module}.asked", late)
    assert truestep.verify("x", "x").reason == "judging this takes longer than 2 s"
    assert truestep.check(["s"], SIGMOID, timeout=2).verdict == "undecided"


@pytest.mark.slow
def test_threads_give_the_serial_results() -> None:
    pairs = [(pair["gold"], pair["answer"]) for pair in PAIRS[:24]]
    alone = [truestep.verify(*pair, timeout=None) for pair in pairs]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda pair: truestep.verify(*pair, timeout=None), pairs * 2)) == alone * 2
        assert [one.verdict for one in threads.map(lambda pair: truestep.verify(*pair, timeout=30), pairs)] == [
            one.verdict for one in alone
        ]


def test_a_derivation() -> None:
    made = truestep.derive(LAYER)
    assert made.answer == r"W^T \frac{\partial J}{\partial z}"
    assert made.steps[0].rule
    assert r"\begin{align*}" in made.latex
    assert np.allclose(
        made.function()(
            W=np.eye(2),
            dJ_dz=np.ones(2),
        ),
        1,
    )
    norm = truestep.derive({"symbols": {"x": "n", "J": "scalar"}, "given": ["J = x^T x"], "find": r"\nabla_x J"})
    assert np.allclose(norm.function()(x=[1.0, 2.0]), [2.0, 4.0])
    assert str(norm.to_sympy()) == "2*x"
    with pytest.raises(truestep.Stuck):
        truestep.derive({"symbols": {"x": "scalar"}, "answer": "x"})


def test_code_beyond_that_of_answers_has_no_value() -> None:
    from truestep.library.evaluating import value_of

    for code in ("[k for k in x]", "np.__loader__", "(lambda: 1)()", "x if x else 1"):
        with pytest.raises(ValueError, match="no value"):
            value_of(code, {"x": [1]})
    assert value_of("np.where(x > 0, x, 0)[0:1]", {"x": np.array([2.0, -1.0])}) == [2.0]


def test_a_formula_read() -> None:
    found = truestep.read(r"W^T (W x - y)", {"W": "K x M", "x": "M", "y": "K"})
    assert (found.latex, found.shape) == ("W^T (W x - y)", ("M", 1))
    assert truestep.read("x^T A x").symbols == {"x": "n", "A": "n x n"}
    assert str(truestep.read("(x - 1)(x + 1)").sympy()) == "(x - 1)*(x + 1)"
    with pytest.raises(truestep.Fault):
        truestep.read("x +", {"x": "scalar"})


@pytest.mark.parametrize("page", ["README.md", "docs/python.md"])
def test_what_pages_show_is_so(page: str) -> None:
    assert doctest.testfile(str(ROOT / page), module_relative=False).failed == 0


def test_an_import_brings_nothing_along() -> None:
    code = "import sys, truestep; print(sorted({'numpy', 'sympy', 'msgspec', 'click'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_all_that_is_offered_is_there() -> None:
    assert all(getattr(truestep, name) is not None for name in truestep.__all__)
    assert set(truestep.__all__) <= set(dir(truestep))
    with pytest.raises(AttributeError):
        truestep.nothing  # noqa: B018


def test_workers_are_kept() -> None:
    in_time.asked(
        "truestep.library.verifying:judged",
        30.0,
        json.dumps({"golds": ["x"], "answer": "x", "symbols": None, "assume": [], "tolerance": None}),
    )
    assert in_time._workers.cache_info().currsize >= 1


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["is", "x^2 - 1 = (x-1)(x+1)"], 0, "right (proved)"),
        (["is", "x^2 - 1 = (x-1)^2"], 1, "is not"),
        (["is", "x^2 - 1"], 2, "LEFT = RIGHT"),
        (["is", "A B = B A", "--symbol", "A: n x n", "--symbol", "B: n x n"], 1, "wrong"),
        (["is", "A B = B A", "--symbol", "A"], 2, "K x M"),
        (["verify", r"\frac12", "The answer is 0.5."], 0, "right"),
        (["verify", "x", "2x", "--json"], 1, '"verdict": "wrong"'),
        (["verify", "W^T \\delta", "\\delta W^T"], 3, "declare them"),
        (["verify", "1.5", "1.51", "--tolerance", "0.01"], 0, "right"),
    ],
)
def test_the_commands(arguments: list[str], status: int, said: str) -> None:
    result = CliRunner().invoke(main, [*arguments, "--timeout", "0"] if status != 2 else arguments)
    assert result.exit_code == status, result.output
    assert said in result.output
