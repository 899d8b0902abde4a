"""The law of the writer: what it writes is read back as the same expression, and is written alike again."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from evaluating import read
from hypothesis import given, settings
from hypothesis import strategies as st
from sources import table

from truestep.derivations.language.expression import NONE, Expression
from truestep.derivations.language.faults import Fault, MeaningFault
from truestep.derivations.language.functions import FUNCTIONS
from truestep.derivations.language.writing import latex, text
from truestep.derivations.language.writing.latex import _RULES, _Latex
from truestep.problems.book import find_problem, identifiers
from truestep.problems.statements.prepared import Setting, setting_of
from truestep.problems.statements.statement import load_problem, problem_from

HERE = Path(__file__).parent
READING = table("reading")
DATA = table("writing")
SETTING = setting_of(problem_from(DATA["statement"]))
OTHER = setting_of(problem_from({"symbols": READING["symbols"], "macros": READING["macros"], "given": ["J = J(z)"]}))
WRITTEN = [tuple(row) for group in DATA["written"].values() for row in group]
SEEDS = sorted((HERE.parent / "examples" / "seeds").rglob("problem.toml"))


def number(value: Any) -> Expression:
    return Expression("number", (), (Fraction(value), None))


def normal(expression: Expression) -> Expression:
    """The expression up to what reading back may change, and nothing else.

    Brackets are no part of it; a sum in a sum, and a product that begins a product, are one; a number carries its minus
    and its fraction outside; an entry of the identity is a Kronecker delta, and that may be an indicator; an operator
    stands in front of what it acts on.
    """
    return expression.map(_normal)


def _normal(node: Expression) -> Expression:
    match node.head:
        case "group":
            return node.args[0]
        case "number":
            return _number(*node.data)
        case "add":
            parts = [term.args if term.head == "add" else (term,) for term in node.args]
            return Expression("add", tuple(term for part in parts for term in part))
        case "entry" if node.args[0].head == "identity":
            return Expression("kronecker", node.args[1:])
        case "indicator" if node.args[0].head == "relation" and node.args[0].data == "=" and _are_indices(node.args[0]):
            return Expression("kronecker", node.args[0].args)
        case "product":
            return _product(node.args, node.data)
        case "derivative" if node.data == "postfix":
            return replace(node, data="operator")
    return node


def _number(value: Any, places: int | None) -> Expression:
    value = Fraction(value)
    if value < 0:
        return Expression("negative", (_number(-value, places),))
    if places is None and value.denominator > 1:
        return Expression("quotient", (number(value.numerator), number(value.denominator)), "frac")
    return Expression("number", (), (value, places))


def _product(factors: tuple[Expression, ...], signs: tuple[str, ...]) -> Expression:
    first = factors[0]
    if first.head == "product":
        return _product((*first.args, *factors[1:]), (*first.data, *signs[1:]))
    if first.head == "negative" and (first.args[0].head == "number" or _is_fraction(first.args[0])):
        return Expression("negative", (_product((first.args[0], *factors[1:]), signs),))
    places = range(1, len(factors))
    dots = ["" if signs[k] == "cdot" and _needs_dot(factors[k - 1], factors[k]) else signs[k] for k in places]
    return Expression("product", factors, ("", *dots))


def _are_indices(relation: Expression) -> bool:
    return all(side.head in ("index", "number") for side in relation.args)


def _is_fraction(node: Expression) -> bool:
    return node.head == "quotient" and all(part.head == "number" for part in node.args)


def _needs_dot(before: Expression, factor: Expression) -> bool:
    """Where a product sign that nobody wrote keeps two things apart: before a digit or indicator, behind a size d."""
    while factor.head in ("product", "power", "quotient", "transpose"):
        factor = factor.args[0]
    indicator = before.head == "number" and factor.head in ("indicator", "kronecker")
    return factor.head == "number" or before.data == "d" or indicator


def faults(expression: Expression, setting: Setting) -> list[str]:
    """What is wrong with how an expression is written."""
    written = latex(expression, setting.notation)
    try:
        back = read(setting, written)
    except Fault as fault:
        return [f"{written} is not read: {fault.message}"]
    if normal(back) != normal(expression):
        return [f"{written} is read otherwise: {normal(back)}, not {normal(expression)}"]
    again = latex(back, setting.notation)
    line = text(expression, setting.notation)
    return [f"{written} is {again} the next time"] * (again != written) + [f"{line} is LaTeX"] * ("\\" in line)


@pytest.mark.parametrize(("source", "wanted", "line"), WRITTEN)
def test_it_is_written_as_a_textbook_has_it(source: str, wanted: str, line: str) -> None:
    expression = read(SETTING, source)
    assert (latex(expression, SETTING.notation), text(expression, SETTING.notation)) == (wanted, line)
    assert not faults(expression, SETTING)


@pytest.mark.parametrize("source", [source for group in READING["cases"].values() for source, _ in group])
def test_what_people_write_is_read_back(source: str) -> None:
    try:
        expression = read(OTHER, source)
    except Fault:
        return  # a row that is more than one expression
    assert not faults(expression, OTHER)


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.parent.name)
def test_statements_are_read_back(path: Path) -> None:
    setting = setting_of(load_problem(str(path)))
    for expression in (*setting.find, *setting.answer, *(side for pair in setting.given for side in pair)):
        assert expression.head == "words" or not faults(expression, setting)


@pytest.mark.parametrize("identifier", identifiers())
def test_the_book_is_read_back(identifier: str) -> None:
    setting = setting_of(find_problem(identifier))
    for expression in (*setting.find, *setting.answer, *(side for pair in setting.given for side in pair)):
        assert not faults(expression, setting)


# What other names in force, and bad writers, do.


def symbol(name: str) -> Expression:
    return Expression("symbol", (), name)


def beside(*factors: Expression) -> Expression:
    return Expression("product", factors, ("",) * len(factors))


def indexed(name: str, *letters: str) -> Expression:
    return Expression("entry", (symbol(name), *(Expression("index", (), letter) for letter in letters)))


INDEX, OTHER_INDEX = Expression("index", (), "i"), Expression("index", (), "k")
DELTA = Expression("kronecker", (INDEX, OTHER_INDEX))
X_K = indexed("x", "k")
E = Expression("constant", (), "e")


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        (beside(Expression("power", (E, symbol("x"))), symbol("x")), "e^x x"),
        (beside(Expression("power", (E, symbol("x"))), symbol("e")), r"\exp(x) e"),
        (beside(DELTA, symbol("x")), r"\delta_{ik} x"),
        (beside(DELTA, symbol(r"\delta_1")), r"\mathbf{1}[i = k] \delta_1"),
        (beside(Expression("identity"), symbol("I")), r"\mathbb{I} I"),
        (
            beside(Expression("apply", (symbol("x"),), ("sigmoid", 0, None)), symbol(r"\sigma")),
            r"\operatorname{sigmoid}(x) \sigma",
        ),
        (beside(symbol("J"), indexed("z_2", "i")), "J (z_2)_i"),
        (beside(Expression("size", (), "d"), symbol("x")), r"d \cdot x"),
        (Expression("quotient", (Expression("size", (), "d"), number(2)), "frac"), r"\frac{{}d}{2}"),
        (Expression("member", (INDEX,), ("h", "^")), "h^{(i)}"),
        (Expression("power", (symbol("x"), number("1/2"))), r"x^{\frac{1}{2}}"),
    ],
)
def test_a_letter_that_is_taken_is_not_used_for_anything_else(expression: Expression, wanted: str) -> None:
    assert latex(expression) == wanted


def test_the_power_t_is_refused() -> None:
    with pytest.raises(MeaningFault, match="transpose"):
        latex(Expression("power", (symbol("x"), symbol("T"))))


def test_a_head_that_nobody_knows_is_refused() -> None:
    with pytest.raises(MeaningFault, match="no way to write"):
        latex(Expression("riddle"))


def test_a_family_is_written_as_it_is_declared() -> None:
    setting = setting_of(problem_from({"symbols": {"h^t": "K", "t": "index N"}}))
    assert latex(read(setting, "h^t"), setting.notation) == "h^t"


def test_a_name_of_its_own_is_no_entry() -> None:
    setting = setting_of(problem_from({"symbols": {"x": "K", "x_1": "scalar"}}))
    assert latex(Expression("entry", (symbol("x"), number(1))), setting.notation) == "(x)_1"


@pytest.mark.parametrize("dropped", ["bracketed", "transpose", "_is_delta"])
def test_a_writer_that_forgets_something_is_caught(dropped: str, monkeypatch: pytest.MonkeyPatch) -> None:
    careless = {
        "bracketed": lambda self, inner: inner,
        "transpose": lambda self, factor: f"{self.write(factor.args[0])}^T",
        "_is_delta": lambda self, factor: True,
    }
    sources = {
        "bracketed": beside(symbol("s"), Expression("add", (symbol("s"), number(1)))),
        "transpose": Expression("transpose", (indexed("W", "i", "k"),)),
        "_is_delta": Expression("kronecker", (number(12), INDEX)),
    }
    assert not faults(sources[dropped], SETTING)
    monkeypatch.setattr(_Latex, dropped, careless[dropped])
    monkeypatch.setitem(_RULES, "transpose", _Latex.transpose)
    assert faults(sources[dropped], SETTING)


# Anything at all.


def node(head: str, data: Any = None, *parts: Any) -> st.SearchStrategy[Expression]:
    """Nodes of a head with parts from strategies."""
    return st.builds(lambda *args: Expression(head, args, data), *parts)


INDICES = st.sampled_from([INDEX, OTHER_INDEX, number(1), number(2), number(12)])
LETTERS = st.sampled_from([INDEX, OTHER_INDEX])
NAMES = st.sampled_from(
    [symbol(name) for name in ("s", "x", "W", "y", r"\hat{y}", r"\theta", "z_2", "W^{(1)}", r"\mathbf{u}", "J")]
    + [Expression("size", (), "N"), Expression("size", (), "d"), Expression("constant", (), "e")]
)
NUMBERS = st.one_of(
    st.integers(-3, 12).map(number),
    st.fractions(-2, 2, max_denominator=4).map(number),
    st.sampled_from([Expression("number", (), (Fraction(5, 4), 2)), Expression("number", (), (Fraction(3, 2000), 1))]),
)
ENTRIES = st.one_of(
    node("entry", None, st.just(symbol("x")), INDICES),
    node("entry", None, st.sampled_from([symbol(r"\hat{y}"), symbol(r"\mathbf{u}")]), LETTERS),
    node("entry", None, st.sampled_from([symbol("W"), symbol("W^{(1)}")]), INDICES, INDICES),
    node("entry", None, st.just(symbol("W")), LETTERS, st.just(Expression("slice"))),
    node("member", ("h", "^"), LETTERS),
    node("member", ("p", "_"), LETTERS),
    node("entry", None, node("member", ("h", "^"), LETTERS), LETTERS),
    node("entry", None, node("member", ("p", "_"), LETTERS), LETTERS),
)
LEAVES = st.one_of(
    NAMES,
    NUMBERS,
    ENTRIES,
    node("kronecker", None, INDICES, LETTERS),
    node("identity", None),
    node("identity", None, st.just(Expression("size", (), "N"))),
    node("ones", None),
    node("ones", None, st.just(Expression("size", (), "N")), st.just(Expression("size", (), "d"))),
)
VARIABLES = st.sampled_from([symbol("x"), symbol("W^{(1)}"), indexed("x", "i")])
ELEMENTWISE = [function.name for function in FUNCTIONS if function.kind == "elementwise" and function.spellings]
SIGNS = ["", "", "", "", "cdot", "times", "odot", "circ", "star", "otimes", "oslash"]
ORDERS = ["=", "<", ">", "<=", ">=", "!="]


def products(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    """Products of two to four factors with any signs."""
    return st.lists(st.tuples(st.sampled_from(SIGNS), inner), min_size=2, max_size=4).map(
        lambda pairs: Expression("product", tuple(f for _, f in pairs), ("", *(sign for sign, _ in pairs[1:])))
    )


def sums(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    """Sums and products over k or i, with limits and conditions."""
    apart = Expression("relation", (OTHER_INDEX, INDEX), "!=")
    size = Expression("size", (), "N")
    limits = ((number(1), size, NONE), (NONE, NONE, NONE), (NONE, NONE, apart), (number(1), size, apart))
    over_k = [
        node(head, ("k",), inner, *(st.just(limit) for limit in chosen))
        for head in ("sum", "prod")
        for chosen in limits
    ]
    varying = st.one_of(
        inner.filter(lambda one: one.head != "product").map(lambda one: Expression("product", (one, X_K), ("", ""))),
        inner.map(lambda one: Expression("product", (X_K, one), ("", "cdot"))),
        inner.map(lambda one: Expression("add", (X_K, one))),
        inner.map(lambda one: Expression("quotient", (X_K, one), "slash")),
    )
    extremes = [
        node(head, ("k",), varying, *(st.just(limit) for limit in chosen))
        for head in ("max", "argmin")
        for chosen in limits
    ]
    over_i = node("sum", ("i",), inner, st.just(number(1)), st.just(size), st.just(NONE))
    return st.one_of(*over_k, *extremes, over_i)


def _is_compound(base: Expression) -> bool:
    return bool(base.args) and base.head not in ("entry", "member")


def extended(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    """Expressions made of others."""
    relations = st.one_of(*(node("relation", sign, inner, inner) for sign in ORDERS))
    conditions = st.one_of(relations, node("and", None, relations, relations), node("or", None, relations, relations))
    exponents = st.one_of(inner, NUMBERS)
    return st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda terms: Expression("add", tuple(terms))),
        node("negative", None, inner),
        products(inner),
        products(inner),
        node("quotient", "frac", inner, inner),
        node("quotient", "slash", inner, inner),
        node("power", None, inner, exponents),
        node("transpose", None, inner),
        node("root", None, inner, st.sampled_from([NONE, number(3)])),
        st.builds(lambda name, arg: Expression("apply", (arg,), (name, 0, None)), st.sampled_from(ELEMENTWISE), inner),
        st.builds(lambda primes, arg: Expression("apply", (arg,), ("f", primes, None)), st.integers(0, 2), inner),
        node("apply", ("trace", 0, None), inner),
        node("apply", ("max", 0, None), inner, inner),
        sums(inner),
        node("derivative", "Leibniz", inner, VARIABLES),
        node("derivative", "Leibniz", inner, VARIABLES, VARIABLES),
        node("derivative", "operator", inner, VARIABLES),
        node("derivative", "nabla", inner, st.just(symbol("W"))),
        node("entry", None, inner.filter(_is_compound), LETTERS, LETTERS),
        node("norm", "2", inner),
        node("norm", "F", inner),
        node("abs", None, inner),
        node("floor", None, inner),
        node("factorial", None, inner),
        node("inner", None, inner, inner),
        node("matrix", 2, inner, inner, inner, inner),
        node("cases", None, inner, conditions, inner, st.just(Expression("otherwise"))),
        node("indicator", None, conditions),
        node("mean", "i", inner),
    )


EXPRESSIONS = st.recursive(LEAVES, extended, max_leaves=8)


@pytest.mark.slow
@settings(max_examples=200)
@given(EXPRESSIONS)
def test_any_expression_is_read_back(expression: Expression) -> None:
    assert not faults(expression, SETTING)
