"""What an opponent would write is never right, and what only looks like it is."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from sources import table

from truestep.checkers.comparing import drawing
from truestep.checkers.records import check_record
from truestep.checkers.works.bench import Bench
from truestep.checkers.works.examine import prepared
from truestep.derivations.meaning import entries
from truestep.problems.statements.assumptions import Property
from truestep.problems.statements.statement import problem_from

DATA = table("soundness")
ASKED = {
    "symbols": {"W": "K x M", "x": "M", "z": "K", "g": "K", "J": "scalar", "L": "scalar"},
    "given": ["z = W x", "J = J(z)", r"L = \frac12 \|W x - g\|^2"],
}


@pytest.mark.parametrize(("assumed", "answer", "line", "verdict"), DATA["claims"])
def test_a_line_has_the_verdict_that_it_deserves(assumed: str, answer: str, line: str, verdict: str) -> None:
    problem = {"symbols": DATA["symbols"], "answer": answer, "assume": [assumed] if assumed else []}
    assert check_record({"problem": problem, "lines": [line]})["verdict"] == verdict


@pytest.mark.parametrize(("find", "false", "true"), DATA["references"])
def test_a_reference_that_contradicts_the_givens_judges_nobody(find: str, false: str, true: str) -> None:
    refused = check_record({"problem": ASKED | {"find": find, "answer": false}, "lines": [true]})
    assert refused["mend"] == "author"
    assert check_record({"problem": ASKED | {"find": find, "answer": true}, "lines": [true]})["verdict"] == "right"


def test_what_is_not_printed_answers_nothing() -> None:
    hidden = "\\begin{document}\n\\iffalse\n\\ifx a b c \\fi $$x$$\n\\fi\n%s\n\\end{document}"
    problem = {"symbols": {"x": "scalar"}, "answer": "x"}
    assert check_record({"problem": problem, "submission": hidden % ""})["verdict"] == "not_checked"
    assert check_record({"problem": problem, "submission": hidden % "$$2 x$$"})["verdict"] == "wrong"


@pytest.mark.parametrize("salt", ["1", "2", "3"])
def test_verdicts_and_witnesses_do_not_depend_on_the_salt(salt: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def record(under: str, letter: str) -> object:
        monkeypatch.setenv("TRUESTEP_SALT", under)
        problem = {"symbols": {"x": "scalar", letter: "scalar"}, "answer": "x^2"}
        return check_record({"problem": problem, "lines": [r"x^2 + \sin(8 \pi x)"]})["lines"]

    assert record(salt, "p") == record("9", "q")


@pytest.mark.parametrize("style", ["small", "general", "general apart", "drawn"])
@pytest.mark.parametrize("count", [2, 3, 7])
def test_what_sums_to_one_does_so_at_any_precision(style: str, count: int) -> None:
    """A sum that is one but for the rounding of doubles would tell right lines apart at many digits."""
    known = Property(simplex=1)

    def generators(purpose: object) -> np.random.Generator:
        return np.random.default_rng(count)

    values = drawing.reals(generators, known, (8, 3, count), style, kinks=False)
    assert {sum(map(Fraction, row)) for row in values.reshape(-1, count).tolist()} == {Fraction(1)}


@pytest.mark.parametrize(
    ("asked", "lines", "answers"),
    [
        (asked, lines, kind == "answering")
        for kind in ("answering", "not_answering")
        for asked, works in DATA["works"][kind].items()
        for lines in works
    ],
)
def test_only_what_is_carried_out_and_meant_answers_a_question(asked: str, lines: list[str], answers: bool) -> None:
    works = DATA["works"]
    problem = {"symbols": works["symbols"], "given": works["given"], "find": works["asked"][asked]}
    assert (check_record({"problem": problem, "lines": lines})["verdict"] == "right") is answers


@pytest.mark.parametrize(
    ("text", "says"), [(text, kind == "claiming") for kind in ("denying", "claiming") for text in DATA["texts"][kind]]
)
def test_words_that_deny_or_measure_are_never_passed_over(text: str, says: bool) -> None:
    problem = {"symbols": {"t": "scalar", "f": "scalar"}, "given": ["f = t^3"], "find": r"\frac{df}{dt}"}
    assert (check_record({"problem": problem, "submission": text})["verdict"] == "right") is says


@pytest.mark.parametrize("where", [r"m^2 = 16", r"\|u\|^2 = 3", r"t^3 = 27", "m = 4", "m = t"])
def test_what_holds_but_at_points_that_nobody_draws_is_not_right(where: str) -> None:
    symbols = {"a": "scalar", "x": "scalar", "m": "scalar", "t": "scalar", "u": "n"}
    work = rf"a + \mathbb{{1}}[{where}] x"
    record = check_record({"problem": {"symbols": symbols, "answer": "a"}, "lines": [work]})
    assert record["verdict"] in ("wrong", "undecided")
    same = check_record({"problem": {"symbols": symbols, "answer": work}, "lines": [rf"x \mathbb{{1}}[{where}] + a"]})
    assert same["verdict"] == "right"


@pytest.mark.parametrize("places", [(1, "k"), ("k", 1)])
def test_a_letter_that_stands_for_anything_keeps_its_shape_whatever_entry_comes_first(
    places: tuple[object, ...],
) -> None:
    problem = problem_from({"symbols": {"x": "d"}, "answer": "2 x"})
    with prepared(problem) as world:
        scope = Bench(world).scope
        axis = scope.arena.axis("d")
        column, row = entries.anything("z", ("d", 1), scope), entries.anything("z", (1, 1), scope)
        named = {column.entry(axis if place == "k" else 1, 1).data[0] for place in places}
        assert len(named) == 1
        assert scope.arena.shapes[named.pop()] == ("d",)
        assert scope.arena.shapes[row.entry(1, 1).data[0]] == ()
        assert entries.anything("z", ("d", 1), scope).entry(axis, 1) == column.entry(axis, 1)
