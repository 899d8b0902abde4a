"""Answers that are no expression: what people write, laws over every spelling, statements that are refused."""

from __future__ import annotations

import itertools
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from sources import table

from truestep.checkers.derive_records import derive_record
from truestep.checkers.documents import read_text
from truestep.checkers.handins.reading import Reader
from truestep.checkers.handouts import check_document
from truestep.checkers.kinds.vocabulary import CLASSES, kind_of
from truestep.checkers.records import check_record, check_work
from truestep.problems.homework.homework_file import homework_from, load_homework
from truestep.problems.homework.marks import opening
from truestep.problems.homeworks import homeworks
from truestep.problems.kinds.layer_sizes import Window, sized
from truestep.problems.kinds.layers import layers_of
from truestep.problems.sheets.sheet import look, sheet
from truestep.problems.statements.statement import problem_from

DATA = table("kinds")
QUESTIONS = {question["name"]: question for question in DATA["question"]}
OPEN = {"undecided", "unreadable", "not_checked"}


def answers(key: str) -> list[Any]:
    return [
        pytest.param(question["problem"], answer, id=f"{name}: {str(answer)[:60]}")
        for name, question in QUESTIONS.items()
        for answer in question["answers"].get(key, ())
    ]


def checked(problem: dict[str, Any], text: str) -> dict[str, Any]:
    record = check_record({"id": 1, "problem": problem, "submission": text})
    assert record.get("mend") != "author", record
    return record


@pytest.mark.parametrize(("problem", "text"), answers("right"))
def test_a_right_answer(problem: dict[str, Any], text: str) -> None:
    record = checked(problem, text)
    assert record["verdict"] == "right", record
    assert record["final"]["verdict"] == "right"


@pytest.mark.parametrize(("problem", "answer"), answers("wrong"))
def test_a_wrong_answer(problem: dict[str, Any], answer: dict[str, Any]) -> None:
    record = checked(problem, answer["text"])
    assert record["verdict"] == "wrong", record
    assert set(answer["codes"]) <= {finding["code"] for finding in record["findings"]}, record


@pytest.mark.parametrize(("problem", "text"), answers("open"))
def test_what_is_not_clear_is_left_open(problem: dict[str, Any], text: str) -> None:
    record = checked(problem, text)
    assert record.get("verdict") in OPEN or record.get("mend") == "student", record
    assert record.get("first_wrong_line") is None


def test_every_kind_has_answers_of_each_sort() -> None:
    for question in QUESTIONS.values():
        assert set(question["answers"]) == {"right", "wrong", "open"}, question["name"]


SPELLINGS = (
    "W: {} x {}",
    "W is {} by {}",
    "$W \\in \\mathbb{{R}}^{{{} \\times {}}}$",
    "W.shape = ({}, {})",
    "`W` has shape `({}, {})`",
    "$\\mathbf{{W}}: {} \\times {}$",
    "W has {} rows and {} columns.",
    "the shape of W is [{}, {}]",
    "| W | ({}, {}) |",
    "({}, {})",
)


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("sizes", [("t", "s"), ("N", "m"), ("n_h", "n_x"), ("64", "3"), ("K", "1")])
def test_every_spelling_of_a_shape_and_of_its_transpose(spelling: str, sizes: tuple[str, str]) -> None:
    problem = {"kind": "shape", "find": "W", "answer": f"({sizes[0]}, {sizes[1]})"}
    assert checked(problem, spelling.format(*sizes))["verdict"] == "right"
    record = checked(problem, spelling.format(*reversed(sizes)))
    assert record["verdict"] == "wrong", record
    assert [finding["code"] for finding in record["findings"]] == ["transposed"]


@pytest.mark.parametrize("entries", range(1, 12))
def test_a_window_is_counted_as_it_slides(entries: int) -> None:
    for kernel, stride, padding, dilation in itertools.product((1, 2, 3), (1, 2, 3), (0, 1, 2), (1, 2)):
        window = Window(entries, kernel, stride, padding, dilation)
        if window.room >= 0:
            reach = dilation * (kernel - 1)
            places = [
                start for start in range(0, entries + 2 * padding, stride) if start + reach < entries + 2 * padding
            ]
            assert window.out == len(places)


def test_parameters_are_those_of_the_arrays() -> None:
    import numpy as np

    texts = (
        "input 3 x 9 x 8",
        "conv 4, kernel 3 x 2",
        "batch norm",
        "max pool 2",
        "flatten",
        "dense 7, no bias",
        "dense 2",
    )
    arrays = [((3, 2, 3, 4), (4,)), ((4,), (4,)), (), (), ((4 * 3 * 3, 7),), ((7, 2), (2,))]
    counts = [one.count for one in sized(layers_of(texts))[1:]]
    assert counts == [sum(np.zeros(shape).size for shape in shapes) for shapes in arrays]


def test_an_order_is_right_where_every_pair_is() -> None:
    names = ["alpha", "beta", "gamma", "delta"]
    problem = {"kind": "order", "steps": names, "before": ["alpha < beta < delta", "gamma < delta"]}
    for order in itertools.permutations(names):
        kept = order.index("alpha") < order.index("beta") and order[-1] == "delta"
        text = "\n".join(f"{number}. {name}" for number, name in enumerate(order, 1))
        assert checked(problem, text)["verdict"] == ("right" if kept else "wrong"), text


@pytest.mark.parametrize("form", ["{}", "Answer: {}", "**{}**", "\\boxed{{{}}}"])
def test_every_choice_in_every_form(form: str) -> None:
    problem = {"kind": "choice", "options": {"a": "one", "b": "two", "c": "three"}, "answer": ["a", "c"]}
    for count in (1, 2, 3):
        for chosen in itertools.combinations("abc", count):
            record = checked(problem, form.format(", ".join(f"({letter})" for letter in chosen)))
            assert record["verdict"] == ("right" if chosen == ("a", "c") else "wrong"), record


REFUSED = [
    ({"kind": "sizes"}, "add layers"),
    ({"kind": "sizes", "layers": ["conv 3, kernel 3"]}, "the first must be the input"),
    ({"kind": "sizes", "layers": ["input 3 x 8 x 8", "cov 3, kernel 3"]}, "did you mean conv"),
    ({"kind": "sizes", "layers": ["input 3 x 8 x 8", "conv 3"]}, "', kernel 3'"),
    ({"kind": "sizes", "layers": ["input 3 x 8 x 8", "dense 3"]}, "put 'flatten' before it"),
    ({"kind": "sizes", "layers": ["input 3 x 8 x 8", "conv 4, kernel 9"]}, "does not fit into 8 entries"),
    ({"kind": "sizes", "layers": ["input 3 x 8 x 8", "conv 4, kernel 3, strid 2"]}, "a conv has kernel, stride"),
    ({"kind": "sizes", "layers": ["input 3 x 8 x 8", "A: conv 4, kernel 3", "A: relu"]}, "two layers are called 'A'"),
    ({"kind": "sizes", "layers": ["input 8", "A: dense 3"], "find": ["B"]}, "no layer is called 'B'"),
    ({"kind": "count", "layers": ["input 8", "dense 3"], "answer": "27"}, "leave it out"),
    ({"kind": "choice", "options": {"a": "x"}, "answer": "a"}, "at least two"),
    ({"kind": "choice", "options": {"a": "x", "b": "y"}}, "say which options are right"),
    ({"kind": "choice", "options": {"a": "x", "b": "y"}, "answer": "c"}, "there are a, b"),
    ({"kind": "order", "steps": ["one", "two"], "before": ["one < tow"]}, "did you mean two"),
    ({"kind": "order", "steps": ["one", "two"], "before": ["one < two", "two < one"]}, "before itself"),
    ({"kind": "shape", "find": ["W", "b"], "answer": ["(t, s)"]}, "give one for each"),
    ({"kind": "shape", "find": ["V"], "symbols": {"W": "t x s"}}, "give it as answer"),
    ({"kind": "shape", "find": "W", "answer": "hello there"}, "is no shape; write (N, m)"),
    ({"options": {"a": "x", "b": "y"}, "find": "x"}, "add kind = 'choice'"),
    ({"find": "y", "given": ["y = x^2"], "symbols": {"x": "scalar", "y": "scalar"}, "collect": "a x + c"}, "collect"),
    ({"find": "y", "symbols": {"x": "scalar", "y": "scalar"}, "collect": "a + c"}, "no form such as"),
]


@pytest.mark.parametrize(("problem", "repair"), REFUSED, ids=lambda value: str(value)[:50])
def test_a_bad_statement_is_refused_with_its_repair(problem: dict[str, Any], repair: str) -> None:
    record = check_record({"id": 1, "problem": problem, "lines": ["y = x"]})
    assert record.get("mend") == "author", record
    assert repair in record["error"]


WORKED = ("shapes of two stacked layers", "sizes of layers", "sizes with channels last", "a count")


@pytest.mark.parametrize("name", WORKED)
def test_what_is_derived_is_found_right(name: str) -> None:
    problem = QUESTIONS[name]["problem"]
    record = derive_record({"id": 1, "problem": problem})
    assert record["status"] == "derived", record
    assert len(record["lines"]) == len(record["rules"])
    back = check_record({"id": 1, "problem": problem, "lines": record["lines"]})
    assert back["verdict"] == "right", back


def test_a_choice_is_not_derived() -> None:
    record = derive_record({"id": 1, "problem": QUESTIONS["one option"]["problem"]})
    assert record["status"] == "stuck"


def asked() -> list[Any]:
    kinds = ("shape", "count", "order", "sizes", "choice")
    return [
        pytest.param(question.problem, question.model_answer, id=f"{name} {question.id}")
        for name in homeworks()
        for question in load_homework(name).questions
        if question.problem is not None and question.problem.kind in kinds and question.model_answer
    ]


@pytest.mark.parametrize(("problem", "text"), asked())
def test_the_model_answers_of_the_homeworks_are_right(problem: Any, text: str) -> None:
    assert check_work(read_text(text, "md", problem.in_words), problem, 1)["verdict"] == "right"


def test_a_choice_without_options_is_read_by_a_person() -> None:
    for kind in ("choice", "order"):
        record = check_record({"id": 1, "problem": {"kind": kind}, "lines": ["(b)"]})
        assert record["verdict"] == "not_checked"


def test_the_statement_is_kept_as_a_table() -> None:
    from truestep.problems.statements.statement import statement_of

    for question in QUESTIONS.values():
        made = problem_from(question["problem"])
        assert problem_from(statement_of(made)) == made


PAGE = (Path(__file__).parent.parent / "docs" / "statement.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("block", re.findall(r"^```toml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))
def test_the_statements_of_the_manual_are_good(block: str) -> None:
    stated = tomllib.loads(block)
    assert problem_from(stated).kind == stated.get("kind", "expression")


HOSTILE = (
    "t x " * 1400,
    "(" * 5900,
    "= 5 " * 1400,
    "| A " * 1400,
    "[x] " * 1400,
    "$" * 5900,
    "\\mathbf{" * 700,
    "a" * 200_000,
    " " * 100_000 + "x",
    "\\begin{tabular}{c}" * 2000,
    "\x1b[2J W_1: (t, s) \u202e",
)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:12]))
@pytest.mark.parametrize("name", QUESTIONS)
def test_hostile_text_is_answered_and_never_right(name: str, text: str) -> None:
    record = check_record({"id": 1, "problem": QUESTIONS[name]["problem"], "submission": text})
    assert record.get("mend", "student") == "student", record
    assert record.get("verdict") != "right", record


SEVERAL = {
    "shape": {"find": ["W", "b", "Z"], "answer": ["K x M", "K", "N x K"], "batch": "N", "points": 3},
    "sizes": {"layers": ["input 1 x 28 x 28", "A: conv 16, kernel 5", "flatten", "B: dense 10"], "points": 2},
}


@pytest.mark.parametrize(
    ("kind", "lines", "least", "most"),
    [
        ("shape", ["W: K x M", "b: (K)", "Z: (N, K)"], 3, 3),
        ("shape", ["W is K x M, b has the shape (K), and Z has the shape (K)."], 2, 2),
        ("shape", ["W: K x M", "b: (K)", "Z: (K)"], 2, 2),
        ("shape", ["W: K x M", "Z: (N, K)"], 2, 2),
        ("shape", ["W: K x M", "b: (q)", "Z: (N, K)"], 2, 3),
        ("shape", ["W: K x M", "what b has I do not know", "Z: (N, K)"], 2, 3),
        ("shape", ["W: M x K", "b: (K, K)", "Z: (K)"], 0, 0),
        ("sizes", ["A: 16 x 24 x 24", "B: 10"], 2, 2),
        ("sizes", ["A: 16 x 28 x 28", "B: 10"], 1, 1),
        ("sizes", ["A: 16 x 24 x 24"], 1, 1),
        ("sizes", ["A: 16 x 24 x 24", "B: many"], 1, 2),
    ],
)
def test_each_of_several_things_has_its_share(kind: str, lines: list[str], least: int, most: int) -> None:
    record = check_record({"id": 1, "problem": {"kind": kind, **SEVERAL[kind]}, "lines": lines})
    marks = record["marks"]
    found = (marks.get("at_least", marks["earned"]), marks.get("at_most", marks["earned"]))
    assert found == (least, most), record


@pytest.mark.parametrize("text", ["W: K x M, or perhaps M x K", "W: (K, M), maybe (M, K)", "W: M x K, no, K x M"])
def test_two_shapes_for_one_name_are_no_answer(text: str) -> None:
    problem = {"kind": "shape", "find": "W", "answer": "K x M"}
    assert check_record({"id": 1, "problem": problem, "lines": [text]})["verdict"] in OPEN


@pytest.mark.parametrize(
    ("text", "is_read"),
    [
        ("V. Dumoulin (2016)\n\nW: K x M", True),
        (r"\begin{align*}W &\in \mathbb{R}^{K \times M} \tag*{as $z = W x$ of {M}}\end{align*}", True),
        (r"\begin{align*}W &\in \mathbb{R}^{K \times M} && \text{as $z$ has $K$ entries}\end{align*}", True),
        ("W: K x M\n\nScratch that.", False),
        (r"W: K x M \tag{not so", False),
    ],
)
def test_what_stands_beside_or_before_an_answer_takes_nothing_back(text: str, is_read: bool) -> None:
    problem = {"kind": "shape", "find": "W", "symbols": {"W": "K x M"}}
    record = check_record({"id": 1, "problem": problem, "submission": text})
    assert (record["verdict"] == "right") == is_read


WORDS = table("words")["question"]


@pytest.mark.parametrize(
    ("problem", "label", "text"),
    [
        pytest.param(question["problem"], label, text, id=f"{label}: {text[:60]}")
        for question in WORDS
        for label in ("right", "wrong", "unclear")
        for text in question[label]
    ],
)
def test_no_wrong_sentence_is_accepted_and_no_right_one_refused(problem: Any, label: str, text: str) -> None:
    verdict = checked(problem, text).get("verdict", "unreadable")
    assert verdict in OPEN | ({label} - {"unclear"})


def test_common_sentences_are_read() -> None:
    told = [(q["problem"], label, text) for q in WORDS for label in ("right", "wrong") for text in q[label]]
    read = [checked(problem, text).get("verdict") == label for problem, label, text in told]
    assert sum(read) >= 0.35 * len(read)


def test_a_word_is_of_one_class() -> None:
    words = [word for _, said in CLASSES for word in said.split()]
    assert [word for word in words if words.count(word) > 1] == []
    assert all(kind_of(word) == letter for letter, said in CLASSES for word in said.split())


BLANKS: list[tuple[dict[str, Any], list[str], list[str]]] = [
    (
        {"kind": "shape", "find": ["W_1", "b_1"], "answer": ["(t, s)", "(t)"]},
        ["$t \\times s$", "(t,)"],
        ["(s, t)", "$t$"],
    ),
    ({"kind": "shape", "find": ["get_it()"], "answer": ["(t, s)"]}, ["$\\mathbb{R}^{t \\times s}$"], ["(s, t)"]),
    ({"kind": "count", "find": "N", "symbols": {"N": "scalar"}, "answer": "200 + 10"}, ["$210$"], ["200"]),
    ({"kind": "sizes", "layers": ["input 4", "A: dense 3", "B: dense 2"]}, ["3", "$2$"], ["4", "2"]),
    (
        {"kind": "choice", "options": {"a": "one", "b": "two", "c": "none"}, "answer": ["a", "b"]},
        ["x", "x", " "],
        ["x", " ", "x"],
    ),
    (
        {"kind": "order", "steps": ["forward pass", "backward pass | backward(", "update"]},
        ["the forward pass", "\\texttt{loss.backward()}", "update"],
        ["update", "the forward pass", "backward pass"],
    ),
]


@pytest.mark.parametrize(("problem", "right", "wrong"), BLANKS, ids=lambda value: str(value)[:40])
def test_the_blanks_of_a_handout_are_read_back(problem: dict[str, Any], right: list[str], wrong: list[str]) -> None:
    homework = homework_from({"title": "H", "part": [{"question": [{"id": "1", "text": "Q", "problem": problem}]}]})
    handout = sheet(homework, look("plain", "latex"))
    for entries, verdict in (([""] * len(right), "not_checked"), (right, "right"), (wrong, "wrong")):
        head, begin, box = handout.partition(opening("1"))
        source = head + begin
        for entry in entries:
            before, kind, box = re.split(r"\\(blank|tick)\{ ?\}", box, maxsplit=1)
            source += f"{before}\\{kind}{{{entry}}}"
        source += box
        (told,) = check_document(Reader(homework).read("x.tex", source.encode()), homework, "x")
        assert told.record["verdict"] == verdict, (told.work, told.record)
    page = sheet(homework, look("plain", "html"), "html")
    assert page.count('class="blank"') + page.count("&#9744;") == len(right)
