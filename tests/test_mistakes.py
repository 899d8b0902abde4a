"""The cards of the mistakes: every example is found, no near-example is; and what is named was confirmed."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sources import ROOT

from truestep.checkers.comparing.world import World
from truestep.checkers.documents.work import typed
from truestep.checkers.mistakes import Card, Example, card, diagnose, mistakes
from truestep.checkers.mistakes.places import cost
from truestep.checkers.mistakes.search import MAX_LINE, MAX_WORK, Search
from truestep.checkers.mistakes.table import BY_FACTOR, FIRST, TELLING, UNDO
from truestep.checkers.records import check_record
from truestep.checkers.works.bench import Bench
from truestep.checkers.works.claim import Claim
from truestep.checkers.works.examine import examine
from truestep.checkers.works.grouping import groups, statements
from truestep.cli import main
from truestep.derivations.language.expression import Expression
from truestep.derivations.language.liberties import Reading
from truestep.problems.statements.prepared import setting_of
from truestep.problems.statements.statement import load_problem, problem_from

KINDS = {"value", "shape", "layout", "scope", "given", "name", "form", "missing", "notation", "logic"}
PROBLEMS = tomllib.loads((ROOT / "checkers" / "mistakes" / "cards.toml").read_text(encoding="utf-8"))["problems"]
CUBIC, LEAST_SQUARES, MEAN_SQUARES = (PROBLEMS[name] for name in ("cubic", "least-squares", "mean-squares"))
SOFTMAX, UPDATE = PROBLEMS["softmax"], PROBLEMS["update"]
PAGE = Path(__file__).parent.parent / "docs" / "mistakes.md"
FOUND_WHILE_JUDGED = {"given-restated", "claimed-shape", "assumption-used", "special-case-as-general"}


def checked(problem: Any, *rows: str) -> dict[str, Any]:
    record: dict[str, Any] = check_record({"id": 0, "problem": dict(problem), "lines": list(rows)})
    assert "error" not in record, record
    return record


def codes(problem: Any, *rows: str) -> list[str]:
    return [finding["code"] for finding in checked(problem, *rows)["findings"]]


def named(known: Card, example: Example) -> bool:
    return known.code in codes(example.problem, *example.rows)


def sides(problem: Any, row: str) -> tuple[Any, Bench, Expression, Expression]:
    """The setting and bench of a problem, and the two sides of one equation."""
    setting = setting_of(problem_from(dict(problem)))
    parts = statements(groups(typed([row]).rows, setting.context)[0], setting.context, Reading(), frozenset())[0].parts
    return setting, Bench(World(setting)), parts[0].expression, parts[1].expression


def by_code(known: Card) -> str:
    return known.code


def test_what_no_row_says_belongs_to_a_card() -> None:
    assert {*UNDO, *BY_FACTOR, *TELLING, *FIRST} <= {known.code for known in mistakes()}


@pytest.mark.parametrize("known", mistakes(), ids=by_code)
def test_the_example_of_a_card_is_found(known: Card) -> None:
    assert named(known, known.example)


@pytest.mark.parametrize("known", mistakes(), ids=by_code)
def test_the_near_example_of_a_card_is_not_called_by_it(known: Card) -> None:
    assert not named(known, known.near)


@pytest.mark.parametrize("known", mistakes(), ids=by_code)
def test_a_card_is_complete_and_gives_nothing_away(known: Card) -> None:
    texts = (known.name, known.looks_like, known.tempting, known.question)
    assert all(text[:1].isupper() for text in texts)
    assert known.question.endswith("?")
    assert all(text.endswith(".") for text in (known.looks_like, known.tempting))
    assert not any(re.search(r"[\\=^_$]", text) for text in texts)  # words, no formulas: the answer is not among them
    assert known.kind in KINDS
    assert card(known.code) is known


def test_the_table_names_each_mistake_once() -> None:
    assert len({known.code for known in mistakes()}) == len(mistakes()) >= 40
    assert {known.code for known in mistakes() if not known.is_searched} == FOUND_WHILE_JUDGED
    assert card("no such mistake") is None


def test_without_confirmation_near_examples_would_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Search, "confirmed", lambda *_: True)
    monkeypatch.setattr(Search, "fits", lambda *_: True)
    assert any(named(known, known.near) for known in mistakes() if known.code not in FOUND_WHILE_JUDGED)


def test_without_confirmation_a_coincidence_at_the_points_would_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    row = r"\frac{\partial f}{\partial x} = 3x^2 + a^2 x"
    monkeypatch.setattr(Search, "fits", lambda *_: True)
    assert codes(CUBIC, row) == ["value"]  # what the points let through the models still refuse


@pytest.mark.parametrize("known", [one for one in mistakes() if one.is_searched], ids=by_code)
def test_what_is_named_makes_the_line_right(known: Card) -> None:
    """The candidate itself is judged again, in a world of its own."""
    if len(known.example.rows) > 1 or r"\begin" in known.example.rows[0]:
        pytest.skip("one equation only")
    row = known.example.rows[0]
    problem = dict(known.example.problem)
    text = row if "=" in re.sub(r"\{[^{}]*\}", "", row) else f"{problem.get('answer', problem.get('find'))} = {row}"
    setting, bench, left, right = sides(problem, text)
    found = diagnose(setting, bench, left, right, Reading())
    assert found
    first = found[0].candidate
    if len(found) == 1 and not first.slip:
        left = left if first.left is None else first.left
        verdict = bench.judge(Claim(left, first.expression, condition=first.condition)).verdict
        assert verdict.is_right
        assert not bench.judge(Claim(left, right)).verdict.is_right or first.left is not None


def test_a_diagnosis_leaves_no_trace() -> None:
    setting, bench, left, right = sides(CUBIC, r"\frac{\partial f}{\partial x} = 3x^2 + a")
    bench.judge(Claim(left, right))
    arena = bench.scope.arena
    before = (arena.mark(), dict(bench.scope.free))
    diagnose(setting, bench, left, right, Reading())
    assert (arena.mark(), dict(bench.scope.free)) == before
    again = bench.judge(Claim(left, right))
    assert again.verdict.is_wrong


@pytest.mark.parametrize(
    ("problem", "row", "expected"),
    [
        (LEAST_SQUARES, r"\frac{\partial L}{\partial w} = -X^T (X w - y)", {"sign", "missing-factor-2"}),
        (LEAST_SQUARES, r"\frac{\partial L}{\partial w} = -2 (X w - y)^T X", {"layout", "sign"}),
        (MEAN_SQUARES, r"\frac{\partial L}{\partial \hat{y}} = \hat{y} - y", {"missing-factor-2", "missing-mean"}),
        (CUBIC, r"\frac{\partial f}{\partial x} = \frac{3}{2} x^2 + a", {"missing-factor-2", "sign"}),
        (UPDATE, r"w := w + \alpha (w^T x - y) x", {"sign"}),
        (SOFTMAX, r"\frac{\partial s_i}{\partial z_j} = -s_j (\delta_{ij} - s_i)", {"sign"}),
    ],
)
def test_two_mistakes_at_once_are_both_named(problem: Any, row: str, expected: set[str]) -> None:
    assert set(codes(problem, row)) == expected


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (r"L = \sum_{i=1}^N (\hat{y}_i - y_i)^2", "division by the number of terms is missing"),
        (r"L = -\frac{1}{N} \sum_{i=1}^N (\hat{y}_i - y_i)^2", "a sign is wrong"),
    ],
)
def test_of_a_given_it_is_said_in_which_way_it_was_changed(row: str, expected: str) -> None:
    (finding,) = (one for one in checked(MEAN_SQUARES, row)["findings"] if one["code"] == "given-restated")
    assert finding["kind"] == "given"
    assert expected in finding["message"]


def test_a_new_mistake_behind_a_wrong_line_is_named_by_the_line_before() -> None:
    record = checked(
        CUBIC,
        r"\frac{\partial f}{\partial x} = 7 x^5 - a + x + x a^3",
        r"= 7 x^5 + a + x + x a^3",
    )
    assert [(one["line"], one["code"]) for one in record["findings"]] == [(0, "value"), (1, "sign")]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ((r"\frac{\partial J}{\partial z_j} = \sum_i \frac{\partial J}{\partial s_i}",), "missing-inner-derivative"),
        (
            (
                r"\frac{\partial J}{\partial z_j} = \sum_i \frac{\partial J}{\partial s_i} s_i (\delta_{ij} - s_j)",
                r"= \sum_i \frac{\partial J}{\partial s_i} s_i (-s_j)",
            ),
            "one-case-only",
        ),
        ((r"\frac{\partial J}{\partial z} = s \odot \frac{\partial J}{\partial s}",), "missing-term"),
    ],
)
def test_what_is_gone_from_the_line_before_or_from_a_derivation_is_named(rows: tuple[str, ...], code: str) -> None:
    problem = {
        "symbols": {"z": "K", "s": "K", "J": "scalar", "i": "index K", "j": "index K"},
        "given": [r"s = \operatorname{softmax}(z)", "J = J(s)"],
        "find": r"\frac{\partial J}{\partial z}",
    }
    assert code in codes(problem, *rows)


FORM = {"symbols": {"B": "p x p", "Q": "p x q", "h": "scalar"}, "given": [r"h = \operatorname{tr}(Q^T B Q)"]}
INVERSE = {"symbols": {"A": "p x p", "B": "p x p", "t": "scalar", "g": "scalar"}, "given": [r"g = \log \det(A + t B)"]}
SPREAD = {
    "symbols": {"u": "m", "c": "scalar", "r": "scalar", "k": "index m", "l": "index m"},
    "given": [r"c = \frac{1}{m} \sum_{k=1}^m u_k", r"r = \frac{1}{m} \sum_{k=1}^m (u_k - c)^2"],
}


@pytest.mark.parametrize(
    ("problem", "find", "rows", "code"),
    [
        (
            FORM,
            r"\frac{\partial h}{\partial Q}",
            (r"dh = \operatorname{tr}(dQ^T B Q) - \operatorname{tr}(Q^T B dQ)",),
            "sign",
        ),
        (
            FORM,
            r"\frac{\partial h}{\partial Q}",
            (
                r"dh = \operatorname{tr}(dQ^T B Q) + \operatorname{tr}(Q^T B dQ)",
                r"= \operatorname{tr}(dQ^T (B + B^T) Q) + \operatorname{tr}(Q^T B dQ)",
            ),
            "extra-term",
        ),
        (
            INVERSE,
            r"\frac{\partial g}{\partial t}",
            (r"\frac{\partial g}{\partial t} = \operatorname{tr}((A + t B)^{-2} B)",),
            "wrong-exponent",
        ),
        (
            SPREAD,
            r"\frac{\partial r}{\partial u_l}",
            (
                r"\frac{\partial r}{\partial u_l}"
                r" = \frac{2}{m} \sum_k \left((u_k - c) \delta_{kl} - (u_k - c) \frac{1}{m}\right)",
                r"= \frac{2}{m} \sum_k \left(u_k - c - (u_k - c) \frac{1}{m}\right)",
            ),
            "missing-delta",
        ),
    ],
)
def test_what_differs_at_one_place_is_named(problem: Any, find: str, rows: tuple[str, ...], code: str) -> None:
    assert code in codes(problem | {"find": find}, *rows)


def test_a_case_in_which_both_sides_vanish_names_nothing() -> None:
    problem = {
        "symbols": {"z": "K", "s": "K", "i": "index K", "j": "index K"},
        "given": [r"s = \sigma(z)"],
        "find": r"\frac{\partial s_i}{\partial z_j}",
    }
    assert "one-case-only" not in codes(problem, r"\frac{\partial s_i}{\partial z_j} = 7 s_i^4 \delta_{ij}")


def test_what_divides_by_zero_in_every_case_is_wrong() -> None:
    slope = r"\frac{\partial \hat{y}_w}{\partial (v_c)_j}"
    row = rf"\frac{{\partial J}}{{\partial (v_c)_j}} = -\sum_w \frac{{\hat{{y}}_w}}{{y_w}} {slope}"
    record = examine(typed([row]), load_problem("word2vec-centre"))
    assert record["lines"][0]["verdict"] == "wrong"
    assert [one["code"] for one in record["findings"] if one["kind"] == "value"] == ["reciprocal"]


def test_the_place_of_a_mistake_is_where_it_was_written() -> None:
    row = r"\frac{\partial f}{\partial x} = 3x^2 + a"
    (finding,) = checked(CUBIC, row)["findings"]
    assert row[slice(*finding["span"])] == "a"
    assert finding["message"].endswith(card("sign").question[1:])  # type: ignore[union-attr]


def test_a_left_side_on_an_earlier_row_is_not_looked_for_on_this_one() -> None:
    problem = {
        "symbols": {"u": "d", "v": "d", "J": "scalar"},
        "given": ["J = e^{u^T v}"],
        "find": r"\frac{\partial J}{\partial v}",
    }
    rows = (r"\frac{\partial J}{\partial v} = J u", r"= v J")
    (finding,) = checked(problem, *rows)["findings"]
    assert (finding["line"], finding["code"]) == (1, "other-derivative")
    assert rows[1][slice(*finding["span"])] == "v J"


def test_the_answer_is_not_in_the_record() -> None:
    record = checked(LEAST_SQUARES, r"\frac{\partial L}{\partial w} = X^T (X w - y)")
    assert "2 X^T" not in repr(record["findings"])
    assert "2X^T" not in repr(record["findings"])


def test_an_answer_that_is_a_bare_number_is_not_explained_by_another_number() -> None:
    assert codes({"answer": "17"}, "12") == ["value"]


@pytest.mark.parametrize("count", [5, 60, 200])
def test_the_work_is_bounded(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long the line: no more candidates are looked at than the bound allows."""
    spent: list[int] = []
    looked = Search.fits

    def counted(self: Search, known: Card, candidate: Any) -> bool:
        spent.append(cost(candidate.expression))
        return looked(self, known, candidate)

    monkeypatch.setattr(Search, "fits", counted)
    terms = " + ".join(f"{k + 2} x^{k % 5 + 2} a" for k in range(count))
    assert "value" in codes(CUBIC, rf"\frac{{\partial f}}{{\partial x}} = {terms}")
    assert sum(spent[:-1]) <= MAX_WORK
    assert all(one < 2 * MAX_LINE for one in spent)


def test_sums_that_are_written_out_count_term_by_term() -> None:
    body = r"\sum_{i=1}^{32} \sum_{j=1}^{32} x^i a^j"
    *_, right = sides(CUBIC, rf"\frac{{\partial f}}{{\partial x}} = {body}")
    assert cost(right) > MAX_LINE
    assert codes(CUBIC, rf"\frac{{\partial f}}{{\partial x}} = {body}") == ["value"]


def test_a_true_line_that_is_not_the_answer_is_explained() -> None:
    problem = {"symbols": {"x": "scalar"}, "answer": "2x"}
    assert codes(problem, r"x^2 + x^2 = 2 x^2") == ["wrong-exponent"]


def test_a_right_line_is_not_diagnosed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Search, "found", lambda _: pytest.fail("nothing is wrong here"))
    assert checked(CUBIC, r"\frac{\partial f}{\partial x} = 3x^2 - a")["verdict"] == "right"


def test_the_page_says_what_the_cards_say() -> None:
    result = CliRunner().invoke(main, ["explain", "--markdown"])
    assert PAGE.read_text(encoding="utf-8") == result.output


def test_a_changed_card_is_caught_by_the_page() -> None:
    from truestep.commands.explaining import page

    changed = (replace(mistakes()[0], name="Another name"), *mistakes()[1:])
    assert page(changed) != PAGE.read_text(encoding="utf-8")


def test_explain_prints_a_card_or_lists_them_all() -> None:
    listed = CliRunner().invoke(main, ["explain"]).output.splitlines()
    assert [line.split()[0] for line in listed] == [known.code for known in mistakes()]
    told = CliRunner().invoke(main, ["explain", "sign"]).output
    assert all(text in told for text in ("A sign is wrong", "Ask yourself.", r"= 3x^2 + a"))
    unknown = CliRunner().invoke(main, ["explain", "sgin"])
    assert unknown.exit_code == 2
    assert "did you mean sign" in unknown.output


NETWORK = {
    "symbols": {"x": "n", "W_1": "m x n", "W_2": "k x m", "h": "m", "a": "m", "z": "k", "L": "scalar"},
    "given": ["h = W_1 x", r"a = \tanh(h)", "z = W_2 a", "L = L(z)"],
    "find": r"\frac{\partial L}{\partial W_1}",
}


@pytest.mark.parametrize(
    ("slope", "last", "codes"),
    [
        (r"(1 - \tanh(h)^2)", r"\delta_1 x^T", []),
        (r"(1 + \tanh(h)^2)", r"\delta_1 x^T", ["sign", "rests-on"]),
        (r"\tanh(h)", r"\delta_1 x^T", ["wrong-function", "rests-on"]),
        (r"(1 - 3 \tanh(h)^2 + 5 \cos(h))", r"\delta_1 x^T", ["value", "rests-on"]),
        (r"(1 - \tanh(h)^2)", r"-\delta_1 x^T", ["sign"]),
    ],
)
def test_a_mistake_in_what_a_name_was_introduced_as(slope: str, last: str, codes: list[str]) -> None:
    lines = [
        r"\delta_2 = \frac{\partial L}{\partial z}",
        rf"\delta_1 = (W_2^T \delta_2) \odot {slope}",
        rf"\frac{{\partial L}}{{\partial W_1}} = {last}",
    ]
    found = check_record({"id": 1, "problem": NETWORK, "lines": lines})["findings"]
    here = [finding for finding in found if finding["line"] == 2]
    assert [finding["code"] for finding in here] == codes
    for finding in here:
        if finding["code"] == "rests-on":
            start, end = finding["span"]
            assert lines[2][start:end] == r"\delta_1"
            assert "line 2" in finding["message"]
