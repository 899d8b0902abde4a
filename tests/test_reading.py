"""Reading: notation as people write it, faults with their place, limits at their edges, spans."""

from __future__ import annotations

from typing import Any

import pytest
from evaluating import read
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sources import table

from truestep.checkers.records import check_record
from truestep.derivations.language.expression import Expression
from truestep.derivations.language.faults import Fault, ReadingFault
from truestep.derivations.language.reading import atoms, cursor, operators, tokens
from truestep.problems.statements.prepared import setting_of
from truestep.problems.statements.statement import problem_from

DATA = table("reading")
STATEMENT: dict[str, Any] = {"symbols": DATA["symbols"], "macros": DATA["macros"], "given": ["J = J(z)"]}
PAIRS = [(text, plain) for group in DATA["cases"].values() for text, plain in group]
SETTING = setting_of(problem_from(STATEMENT))


def verdict(text: str, plain: str) -> tuple[str, Any]:
    """The verdict on the row ``plain = text``, and the record."""
    record = check_record({"id": 1, "problem": STATEMENT, "lines": [f"{plain} = {text}"]})
    assert "error" not in record, record
    return record["lines"][0]["verdict"], record


@pytest.mark.parametrize(("text", "plain"), PAIRS)
def test_notation_means_what_its_canonical_spelling_means(text: str, plain: str) -> None:
    found, record = verdict(text, plain)
    assert found == "right", record


@pytest.mark.slow
def test_the_pairs_can_fail() -> None:
    """A factor of two on the canonical side is seen in every pair."""
    unseen = [(text, plain) for text, plain in PAIRS if verdict(text, f"2({plain})")[0] == "right"]
    assert not unseen


@pytest.mark.parametrize(("text", "column"), DATA["unreadable"].items())
def test_what_cannot_be_read_is_said_with_its_place(text: str, column: int) -> None:
    record = check_record({"id": 1, "problem": {**STATEMENT, "answer": "s"}, "lines": [text]})
    assert record["verdict"] == "unreadable"
    (line,) = record["lines"]
    assert line["verdict"] == "unreadable"
    assert line["reason"]
    (finding,) = record["findings"]
    assert finding["kind"] == "notation"
    assert finding["span"][0] == column, finding


# Limits: `at` is the largest that is read, `over` the smallest that is not.


def nested(count: int) -> str:
    return "{" * count + "s" + "}" * count


def bracketed(count: int) -> str:
    return "(" * count + "s" + ")" * count


def matrix(rows: int, columns: int) -> str:
    row = " & ".join(["s"] * columns)
    return "\\begin{bmatrix}" + " \\\\ ".join([row] * rows) + "\\end{bmatrix}"


LIMITS = {
    "characters": ("s" + " " * (tokens.MAX_CHARACTERS - 1), "s" + " " * (tokens.MAX_CHARACTERS - 1) + "s"),
    "symbols": ("s" + "+s" * (tokens.MAX_TOKENS // 2 - 1), "s" + "+s" * (tokens.MAX_TOKENS // 2)),
    "braces": (nested(tokens.MAX_NESTING), nested(tokens.MAX_NESTING + 1)),
    "digits": ("9" * atoms.MAX_DIGITS, "9" * (atoms.MAX_DIGITS + 1)),
    "exponent of a number": ("1e-60", "1e-61"),
    "entries of a matrix": (matrix(8, 8), matrix(5, 13)),
    "brackets": (bracketed(cursor.MAX_DEPTH - 2), bracketed(cursor.MAX_DEPTH + 3)),
}


@pytest.mark.parametrize("name", LIMITS)
def test_limits_hold_at_their_edges(name: str) -> None:
    at, over = LIMITS[name]
    read(SETTING, at)
    with pytest.raises(ReadingFault):
        read(SETTING, over)


def test_every_fraction_of_a_nest_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    count = 30
    reads: list[object] = []
    whole = operators.fraction_of

    def counted(*arguments: Any) -> Expression:
        reads.append(arguments)
        return whole(*arguments)

    monkeypatch.setattr(operators, "fraction_of", counted)
    read(SETTING, r"\frac{1}{1+" * count + "s" + "}" * count)
    assert len(reads) == count


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("s^{10000}", "right"),
        ("s^{10001}", "undecided"),
        ("s^{9^{9^{9}}}", "undecided"),
        ("2^{2^{2^{2^{2^{2}}}}}", "undecided"),
    ],
)
def test_exponents_have_a_limit(text: str, outcome: str) -> None:
    assert verdict(text, text)[0] == outcome


# Spans.


def faults_of_spans(node: Expression, length: int, within: tuple[int, int]) -> list[str]:
    """Nodes whose span is not in the text or not in the span of the node above."""
    low, high = node.span
    faults = []
    if node.head != "none" and not (0 <= low < high <= length and within[0] <= low and high <= within[1]):
        faults.append(f"{node.head} {node.data} {node.span} in {within}")
    return faults + [
        fault for arg in node.args for fault in faults_of_spans(arg, length, node.span if low < high else within)
    ]


@pytest.mark.parametrize("text", [text for text, _ in PAIRS])
def test_every_span_lies_in_the_text_and_in_the_span_above(text: str) -> None:
    if fault_of(text) is None:  # else a row that is more than an expression
        assert not faults_of_spans(read(SETTING, text), len(text), (0, len(text)))


def test_a_planted_span_is_caught() -> None:
    node = Expression("negative", (Expression("symbol", (), "s", (0, 9)),), None, (0, 2))
    assert faults_of_spans(node, 2, (0, 2))


# Anything at all.

WORDS = r"""
\frac \sum_{k=1}^K \left( \right) \begin{cases} \end{cases} & \\ { } ^ _ ( ) [ ] | \| = + - * / , ; : ' \hat
\partial \nabla \exp \log \text{if} \delta_{kl} 1_{ z_k W x s t 2 0.5 \cdot \quad \in \mathbb{R} \neq < > ?
\sqrt [3] \begin{bmatrix} \end{bmatrix} \substack \over \cancel \dots \operatorname{tr} d J dz $ # % ~ \
"""
SNIPPETS = st.sampled_from([*WORDS.split(), "\u0302", "é", "∂", "²", "\x00", "\ud800", "\u202e"])
TEXTS = st.one_of(
    st.lists(SNIPPETS, max_size=12).map(" ".join), st.lists(SNIPPETS, max_size=12).map("".join), st.text()
)


def fault_of(text: str) -> Fault | None:
    """The fault of a text that is not read."""
    try:
        read(SETTING, text)
    except Fault as fault:
        return fault
    return None


@pytest.mark.slow
@settings(max_examples=200)
@given(TEXTS)
@example("\\")
@example("{" * 500)
@example("(" * 3000)
@example("\\frac" * 900)
@example("^" * 900)
@example("e^" * 400 + "s")
@example("\\begin{cases}" * 50)
def test_arbitrary_text_is_read_or_is_a_fault(text: str) -> None:
    fault = fault_of(text)
    assert fault is None or fault.message
    if fault is not None and fault.span is not None:
        assert 0 <= fault.span[0] <= fault.span[1] <= max(len(text), 1)


@pytest.mark.slow
@settings(max_examples=100)
@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_arbitrary_rows_give_a_record(rows: list[str]) -> None:
    record = check_record({"id": 1, "problem": {**STATEMENT, "find": "J"}, "lines": rows})
    assert "error" not in record or record["mend"] != "truestep", record
