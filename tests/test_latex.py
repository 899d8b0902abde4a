r"""LaTeX as a text: lexemes are the source, groups are pairs, macros are put in as TeX puts them in."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truestep.checkers.documents import read_text
from truestep.checkers.records import check_record
from truestep.derivations.language.faults import ReadingFault
from truestep.derivations.language.latex.groups import ALONE, Tree, partners
from truestep.derivations.language.latex.lexer import lex
from truestep.derivations.language.latex.macros import Macro, definitions, expanded
from truestep.derivations.language.reading.tokens import tokenize

PIECES = st.sampled_from(
    [
        *"{}$%&#^_~\\ \n[]()*a1.=é",
        r"\a",
        r"\\",
        r"\\[2pt]",
        r"\begin{align*}",
        r"\end{cases}",
        r"\begin{",
        r"\left(",
        "$$",
    ]
)
SOURCES = st.lists(PIECES, max_size=60).map("".join)
HOSTILE = (
    "{",
    "}",
    "$",
    "\\",
    "%",
    r"\begin{a}",
    r"\end{a}",
    r"\text{",
    "[",
    r"\\[",
    r"\left(",
    r"\verb|",
    "\n\n",
    "\\ ",
)


@given(SOURCES)
def test_lexemes_are_the_source(source: str) -> None:
    lexemes = list(lex(source))
    assert "".join(lexeme.text for lexeme in lexemes) == source
    assert all(source[lexeme.start : lexeme.end] == lexeme.text for lexeme in lexemes)
    assert all(before.end == after.start for before, after in itertools.pairwise(lexemes))


@pytest.mark.slow
@pytest.mark.parametrize("unit", HOSTILE, ids=repr)
def test_a_mebibyte_is_cut_in_a_moment(unit: str) -> None:
    source = unit * (2**19 // len(unit))
    begun = time.process_time()
    steps = [({"open": 1, "close": -1}.get(lexeme.kind, 0), "{") for lexeme in lex(source)]
    assert len(partners(steps)) == len(steps)
    assert definitions(source)[1] == source
    assert time.process_time() - begun < 20


@given(st.lists(st.tuples(st.sampled_from([1, 0, -1]), st.sampled_from(["", "{", "e"])), max_size=80))
def test_partners_pair_and_nest(steps: list[tuple[int, str]]) -> None:
    found = partners(steps)
    pairs = [(a, b) for a, b in enumerate(found) if a < b]
    assert all(found[b] == a and steps[a] == (1, kind) for a, b in pairs for kind in (steps[b][1],))
    assert all(b < c or d < b for a, b in pairs for c, d in pairs if a < c)


def test_groups_are_passed_over() -> None:
    tokens = tokenize(r"a, f(b, c) \begin{cases} d, e \end{cases}, \left[0, 1\right), { g, }, h")
    assert [tokens[place].start for place in tokens.top(0, len(tokens)) if tokens[place].text == ","] == [1, 41, 60, 68]
    assert all(tokens.partner[other] == place for place, other in enumerate(tokens.partner) if other != ALONE)
    unclosed = Tree(tokens[2:5])
    assert [unclosed[place].text for place in unclosed.top(0, 3)] == ["f"]


PARTIAL = r"\newcommand{\pd}[2][J]{\frac{\partial #1}{\partial #2}}"
DEFINED = [
    (PARTIAL, r"\pd{W}", r"\frac{\partial J}{\partial W}"),
    (PARTIAL, r"\pd[L] z", r"\frac{\partial L}{\partial z}"),
    (
        r"\newcommand{\pd}[2][J]{\frac{\partial #1}{\partial #2}}",
        r"\pd[{L[1]}]z",
        r"\frac{\partial {L[1]}}{\partial z}",
    ),
    (r"\newcommand\half{\frac12}", r"\half x", r"\frac12 x"),
    (r"\def\g#1#2{#2#1}", r"\g ab\g{c}\d", r"ba\d c"),
    (r"\DeclareMathOperator{\sm}{softmax}", r"\sm(z)", r"\operatorname{softmax}(z)"),
    (r"\DeclareMathOperator*{\am}{arg\,max}", r"\am_k", r"\operatorname*{arg\,max}_k"),
    (r"\NewDocumentCommand{\d}{s O{L} m}{\IfBooleanTF{#1}{\nabla_{#3} #2}{d#2/d#3}}", r"\d*{w}", r"\nabla_{w} L"),
    (r"\NewDocumentCommand{\d}{s O{L} m}{\IfBooleanTF{#1}{\nabla_{#3} #2}{d#2/d#3}}", r"\d[J]{w}", "dJ/dw"),
    (r"\NewDocumentCommand{\E}{o m}{E\IfNoValueTF{#1}{}{_{#1}}[#2]}", r"\E[x]{f}\E{g}", "E_{x}[f]E[g]"),
    (r"\newcommand{\a}{\b{x}}\newcommand{\b}[1]{#1^2}", r"\a", "x^2"),
    (r"\let\to\rightarrow", r"a\to b", r"a\rightarrow b"),
    (r"\newcommand{\x}{\mathbf}", r"\x y", r"\mathbf y"),
]


@pytest.mark.parametrize(("definition", "source", "made"), DEFINED)
def test_macros_are_put_in(definition: str, source: str, made: str) -> None:
    macros = {macro.name: macro for macro in definitions(definition)[0]}
    assert expanded(source, macros).replace(" ", "") == made.replace(" ", "")


@pytest.mark.parametrize(
    "bodies",
    [
        {r"\a": r"\a"},
        {r"\a": r"\a\a"},
        {r"\a": r"\b\b\b\b\b\b\b\b\b\b", r"\b": r"\c\c\c\c\c\c\c\c\c\c", r"\c": r"\d\d\d\d\d\d\d\d\d\d", r"\d": ""},
        {r"\a": r"\b\b", r"\b": r"\a\a"},
        {r"\a": "x" * 3000 + r"\a"},
    ],
)
def test_macros_that_double_end(bodies: dict[str, str]) -> None:
    macros = {name: Macro(name, body) for name, body in bodies.items()}
    with pytest.raises(ReadingFault, match=r"expand to more than can be read|more than 4000 symbols"):
        tokenize(r"y = \a", macros)
    assert expanded(r"y = \a", macros) == r"y = \a"


@given(SOURCES, SOURCES)
@settings(max_examples=60)
def test_any_macro_leaves_a_text_or_a_fault(body: str, source: str) -> None:
    macros = {r"\a": Macro(r"\a", body), r"\\": Macro(r"\\", body)}
    assert isinstance(expanded(source, macros), str)


PROBLEM = {
    "symbols": {"W": "K x M", "x": "M", "z": "K", "J": "scalar"},
    "given": ["z = W x", "J = J(z)"],
    "find": r"\frac{\partial J}{\partial x}",
}
RIGHT = r"\frac{\partial J}{\partial x} = W^T \frac{\partial J}{\partial z}"


def verdict(source: str, problem: dict[str, object] = PROBLEM) -> str:
    return str(check_record({"id": 1, "problem": problem, "submission": source})["verdict"])


@pytest.mark.parametrize(
    "preamble", [PARTIAL, PARTIAL.replace(r"\newcommand{\pd}[2][J]", r"\NewDocumentCommand\pd{O{J}m}")]
)
def test_defaults_hold_in_a_work(preamble: str) -> None:
    assert verdict(preamble + r"$$\pd{x} = W^T \pd{z}$$") == "right"
    assert verdict(preamble + r"$$\pd{x} = W \pd[J]{z}$$") == "wrong"


@pytest.mark.parametrize("definition", [r"\renewcommand{\frac}[2]{0}", r"\def\W{x}", r"\let\partial\nabla"])
def test_a_macro_of_a_work_leaves_the_statement_alone(definition: str) -> None:
    assert verdict(rf"{definition}$$0 = 0$$") != "right"
    problem = {**PROBLEM, "macros": {r"\dx": r"\frac{\partial J}{\partial x}"}, "find": r"\dx"}
    assert verdict(rf"\newcommand{{\dx}}{{W}} $${RIGHT}$$", problem) == "right"
    assert verdict(r"\newcommand{\dx}{W} $$\dx = W$$", problem) != "right"


def test_places_are_those_of_the_source() -> None:
    source = r"a + \pd{W}b"
    tokens = tokenize(source, {macro.name: macro for macro in definitions(r"\newcommand{\pd}[1]{#1^2}")[0]})
    assert [source[token.start : token.end] for token in tokens] == ["a", "+", r"\pd{W}", r"\pd{W}", r"\pd{W}", "b"]
    assert [row.text for row in read_text(r"\newcommand{\pd}[1]{#1^2} $$a = \pd{W}$$", "tex").rows] == [r"a = \pd{W}"]
