"""Laws over the rows of functions: read, written, differentiated, checked, derived, coded, typeset, linted."""

from __future__ import annotations

import importlib.util
import inspect
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mpmath
import numpy as np
import pytest
from evaluating import evaluated, read, term_value, verdict
from sources import table

from truestep.checkers.derive_records import Options, solved
from truestep.checkers.examined_lints import RULES
from truestep.checkers.records import check_record
from truestep.derivations.deriving.steps import Stuck
from truestep.derivations.language.expression import Expression, symbol
from truestep.derivations.language.faults import Fault
from truestep.derivations.language.formulas import formula
from truestep.derivations.language.functions import BY_NAME, BY_SPELLING, FUNCTIONS, Function
from truestep.derivations.language.writing import latex, text
from truestep.derivations.meaning.arena import Arena
from truestep.derivations.meaning.differentiate import Variable, differentiate
from truestep.derivations.meaning.functions import function_term, slope_term
from truestep.derivations.numpy.module import numpy_module
from truestep.problems.lint import lint
from truestep.problems.lint.draft import draft_in
from truestep.problems.sheets.typeset.mathematics import plain_mathematics
from truestep.problems.statements.prepared import setting_of
from truestep.problems.statements.statement import problem_from

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

DATA = table("functions")
ELEMENTWISE = tuple(function for function in FUNCTIONS if function.kind == "elementwise")
EVERY = pytest.mark.parametrize("function", ELEMENTWISE, ids=lambda function: function.name)
EVERYWHERE = (-7.25, -2.5, -0.75, -0.125, 0.25, 0.625, 1.5, 3.5, 6.5)
FAR = (-800.0, -60.0, 60.0, 800.0)
HUGE = 1e300
SCALE, BELOW = mpmath.mpf("1.0507009873554805"), mpmath.mpf("1.6732632423543772")
OWN: dict[str, Callable[[Any], Any]] = {
    "exp": mpmath.exp,
    "log": mpmath.log,
    "sqrt": mpmath.sqrt,
    "abs": abs,
    "sign": mpmath.sign,
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "tan": mpmath.tan,
    "sec": mpmath.sec,
    "csc": mpmath.csc,
    "cot": mpmath.cot,
    "arcsin": mpmath.asin,
    "arccos": mpmath.acos,
    "arctan": mpmath.atan,
    "sinh": mpmath.sinh,
    "cosh": mpmath.cosh,
    "tanh": mpmath.tanh,
    "sech": mpmath.sech,
    "csch": mpmath.csch,
    "coth": mpmath.coth,
    "arsinh": mpmath.asinh,
    "arcosh": mpmath.acosh,
    "artanh": mpmath.atanh,
    "erf": mpmath.erf,
    "normal cdf": mpmath.ncdf,
    "normal pdf": mpmath.npdf,
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
    "hard sigmoid": lambda x: min(max(x / 6 + mpmath.mpf(1) / 2, mpmath.mpf(0)), mpmath.mpf(1)),
    "relu": lambda x: max(x, mpmath.mpf(0)),
    "relu6": lambda x: min(max(x, mpmath.mpf(0)), mpmath.mpf(6)),
    "leaky relu": lambda x: x if x > 0 else x / 100,
    "elu": lambda x: x if x > 0 else mpmath.expm1(x),
    "selu": lambda x: SCALE * (x if x > 0 else BELOW * mpmath.expm1(x)),
    "softplus": lambda x: x + mpmath.log1p(mpmath.exp(-x)),
    "softsign": lambda x: x / (1 + abs(x)),
    "silu": lambda x: x / (1 + mpmath.exp(-x)),
    "mish": lambda x: x * mpmath.tanh(mpmath.log1p(mpmath.exp(x))),
    "gelu": lambda x: x * mpmath.ncdf(x),
}
DECLARED = {"normal cdf": r"\Phi", "normal pdf": r"\varphi"}
SYMBOLS: dict[str, Any] = {"symbols": {"x": "scalar"}, "functions": {name: row for row, name in DECLARED.items()}}

Z = np.array([0.5, -1.0, 2.0])
A = np.array([[2.0, 1.0, 0.5], [-1.0, 3.0, 0.0], [0.25, 1.0, -2.0]])
WHOLE: dict[str, tuple[str, Any]] = {
    "softmax": ("z", np.exp(Z) / np.exp(Z).sum()),
    "log-softmax": ("z", Z - np.log(np.exp(Z).sum())),
    "log-sum-exp": ("z", np.log(np.exp(Z).sum())),
    "max": ("a, b", 1.5),
    "min": ("a, b", -0.5),
    "argmax": ("z", np.argmax(Z) + 1),
    "argmin": ("z", np.argmin(Z) + 1),
    "trace": ("A", np.trace(A)),
    "det": ("A", np.linalg.det(A)),
    "diag": ("z", np.diag(Z)),
}


def exists(function: Function, x: float) -> bool:
    """Whether the row says that the function exists at a point."""
    compare = {"<": np.less, r"\le": np.less_equal, ">": np.greater, r"\ge": np.greater_equal, r"\neq": np.not_equal}
    for condition in function.domain:
        left, sign, right = re.split(r"(<|>|\\le|\\ge|\\neq)", condition)
        sides = [evaluated({"symbols": {"t": "scalar"}}, side, {"t": x}, {}) for side in (left, right)]
        if not compare[sign](*sides):
            return False
    return True


def points(function: Function, *more: float) -> list[float]:
    """Points of the domain that are no kinks."""
    return [x for x in (*EVERYWHERE, *more) if exists(function, x) and x not in map(float, function.kinks)]


def close(got: Any, wanted: Any) -> bool:
    return bool(np.allclose(np.asarray(got, dtype=float), np.asarray(wanted, dtype=float), rtol=1e-9, atol=1e-12))


def wanted(function: Function, x: float) -> tuple[float, float]:
    """What mpmath says of the value and of the slope."""
    own = OWN[function.name]
    return float(own(mpmath.mpf(x))), float(mpmath.diff(own, mpmath.mpf(x)))


def value_and_slopes(function: Function, x: float) -> list[float]:
    """The value of a row, the derivative of its body, and its slope."""
    arena = Arena()
    t = arena.quantity("x", ())
    value = function_term(arena, function.name, t)
    terms = (value, differentiate(arena, value, Variable("x", ())), slope_term(arena, function.name, t, value))
    with np.errstate(all="ignore"):
        return [float(term_value(arena, term, {"x": x, r"\pi": np.pi})) for term in terms]


def faults_of(function: Function) -> list[float]:
    """The points where the value, the derivative of the body or the slope is not what mpmath says."""
    wrong = []
    for x in points(function):
        value, slope = wanted(function, x)
        if not close(value_and_slopes(function, x), (value, slope, slope)):
            wrong.append(x)
    return wrong


def faults_of_domain(function: Function) -> list[float]:
    """The points where a row exists and has no real value, or the other way round, and the kinks that have a slope."""
    grid = (*EVERYWHERE, -2.0, -1.0, 0.0, 1.0, 2.0)
    wrong = [x for x in grid if exists(function, x) != bool(np.isfinite(value_and_slopes(function, x)[0]))]
    return wrong + [float(x) for x in function.kinks if np.isfinite(value_and_slopes(function, float(x))[1])]


def called(function: Function, argument: str = "x") -> str:
    """The function as a text in LaTeX."""
    return f"{DECLARED.get(function.name, function.typeset)}({argument})"


def slope_of(function: Function) -> str:
    """The slope of a row at x as a text in LaTeX."""
    whole = Expression("apply", (symbol("x"),), (DECLARED.get(function.name, function.name), 0, None))
    put = {"t": symbol("x"), "v": whole}
    return latex(formula(function.slope).map(lambda node: put[node.data] if node.head == "symbol" else node))


def spelled(function: Function) -> list[str]:
    """The function of x in all spellings."""
    if function.name in DECLARED:
        return [called(function)]
    commands = [form.format(name=name, argument="x") for name in function.commands for form in DATA["command"]]
    words = [form.format(name=w, argument="x") for w in (*function.words, *function.short) for form in DATA["word"]]
    letters = [f"{function.letter}(x)"] if function.letter else []
    inverse = [rf"{row.typeset}^{{-1}}(x)" for row in FUNCTIONS if row.inverse == function.name]
    bare = [form for name in function.commands for form in (f"{name} x", f"{name}{{x}}", f"{name}{{(x)}}")]
    return [*commands, *words, *letters, *inverse, *bare]


def misread(function: Function, forms: list[str]) -> list[str]:
    """The texts that are not read as the function."""
    setting = setting_of(problem_from(SYMBOLS))
    whole = Expression("apply", (symbol("x"),), (DECLARED.get(function.name, function.name), 0, None))
    alike = (whole, Expression("abs", (symbol("x"),)))
    return [form for form in forms if read(setting, form).map(ungrouped) not in alike]


def ungrouped(node: Expression) -> Expression:
    """What stands in brackets."""
    return node.args[0] if node.head == "group" else node


def unread(function: Function) -> list[str]:
    """What the writers write of a function and of its square that is not read as such."""
    setting = setting_of(problem_from(SYMBOLS))
    whole = Expression("apply", (symbol("x"),), (DECLARED.get(function.name, function.name), 0, None))
    square = Expression("power", (whole, Expression("number", (), (Fraction(2), None))))
    forms = [(node, write(node, setting.notation)) for node in (whole, square) for write in (latex, text)]
    return [form for node, form in forms if read(setting, form) != node]


def statement_of(function: Function) -> dict[str, Any]:
    """The problem of a function's derivative."""
    symbols, given = {"x": "scalar", "f": "scalar"}, [f"f = {called(function)}"]
    own = {name: row for name, row in SYMBOLS["functions"].items() if row == function.name}
    return {"symbols": symbols, "functions": own, "given": given, "find": r"\frac{d f}{d x}"}


def code_of(statement: dict[str, Any], folder: Path) -> ModuleType:
    """The derived code of a problem."""
    solutions, _ = solved(problem_from(statement), Options("full"))
    path = folder / "code.py"
    path.write_text(numpy_module(list(solutions)), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("code_of_a_row", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def faults_of_code(function: Function, folder: Path) -> list[float]:
    """The points, also far out, where the derived code does not compute the function and its slope."""
    module, wrong = code_of(statement_of(function), folder), list[float]()
    for x in points(function, *FAR):
        value, slope = wanted(function, x)
        with np.errstate(all="ignore"):
            codes = (module.forward, module.gradient)
            got = [float(code(*[np.float64(x)] * len(inspect.signature(code).parameters))) for code in codes]
        if abs(value) < HUGE and not np.allclose(got, (value, slope), rtol=1e-7, atol=1e-9):
            wrong.append(x)
    return wrong


def linted(function: Function) -> list[str]:
    """What linting says of a problem with the function in any of its commands."""
    forms = [f"{command}(x)" for command in function.commands] or [called(function)]
    own = "".join(f"functions = {{ '{name}' = '{row}' }}\n" for row, name in DECLARED.items() if row == function.name)
    found = []
    for form in forms:
        problem = f"id = 'f'\ntitle = 'f'\ngiven = ['f = {form}']\nfind = '\\frac{{d f}}{{d x}}'\n{own}"
        finding = lint(draft_in(problem + "[symbols]\nx = 'scalar'\nf = 'scalar'\n"), RULES)
        found += [one.remark.message for one in finding if one.rule.level != "note"]
    return found


def test_every_function_has_an_independent_value_here() -> None:
    assert {function.name for function in ELEMENTWISE} == set(OWN)
    assert {function.name for function in FUNCTIONS} - set(OWN) == {*WHOLE, "vec"}


@EVERY
def test_value_and_slope(function: Function) -> None:
    assert len(points(function)) >= 3
    assert not faults_of(function)


@EVERY
def test_domain_and_kinks(function: Function) -> None:
    assert not faults_of_domain(function)


@EVERY
def test_every_spelling_is_read(function: Function) -> None:
    assert not misread(function, spelled(function))


@EVERY
def test_what_is_written_is_read_back(function: Function) -> None:
    assert not unread(function)


@EVERY
def test_claims_about_the_slope(function: Function) -> None:
    left = rf"\frac{{d}}{{dx}} {called(function)}"
    assert verdict(SYMBOLS, left, slope_of(function)).is_right
    assert verdict(SYMBOLS, left, f"{slope_of(function)} + 1/7").is_wrong


@EVERY
def test_derivation_and_code(function: Function, tmp_path: Path) -> None:
    assert not faults_of_code(function, tmp_path)


@EVERY
def test_second_derivative_is_derived(function: Function) -> None:
    (solution,), _ = solved(problem_from({**statement_of(function), "find": r"\frac{d^2 f}{d x^2}"}), Options("full"))
    assert solution.numpy


@pytest.mark.parametrize("case", DATA["jumps"], ids=lambda case: case["right"], scope="module")
def test_a_derivative_has_no_value_at_a_jump(case: dict[str, str]) -> None:
    assert verdict(SYMBOLS, case["of"], case["right"]).is_right
    assert verdict(SYMBOLS, case["of"], case["wrong"]).is_wrong


@EVERY
def test_sheet_and_lint(function: Function) -> None:
    assert all(plain_mathematics(form) for form in spelled(function))
    assert not linted(function)


# (row, what is made wrong in it, which law is broken)
PLANTED: tuple[tuple[str, dict[str, Any], Callable[[Function, Path], Any]], ...] = (
    ("tanh", {"body": r"-\frac{\sinh t}{\cosh t}"}, lambda row, _: faults_of(row)),
    ("sigmoid", {"slope": "v (1 + v)"}, lambda row, _: faults_of(row)),
    ("gelu", {"body": r"\max(0, t)"}, lambda row, _: faults_of(row)),
    ("arctan", {"slope": r"\frac{1}{1 - t^2}"}, lambda row, _: faults_of(row)),
    ("log", {"domain": ()}, lambda row, _: faults_of_domain(row)),
    ("arcsin", {"domain": ("0 < t",)}, lambda row, _: faults_of_domain(row)),
    ("relu", {"kinks": ("1",)}, lambda row, _: faults_of_domain(row)),
    ("sinh", {"spellings": ("sinus",)}, lambda row, _: misread(row, spelled(row))),
    ("silu", {"latex": r"\operatorname{gelu}"}, lambda row, _: unread(row)),
    ("softplus", {"numpy": "np.log(1 + np.exp({t}))"}, faults_of_code),
    ("sech", {"numpy": "1 / np.sinh({t})"}, faults_of_code),
    ("mish", {"slope": r"\tanh(t)"}, faults_of_code),
    ("erf", {"spellings": ("errorfunction",)}, lambda row, _: linted(row)),
)


@pytest.mark.parametrize(("name", "change", "law"), PLANTED, ids=[f"{row[0]}-{next(iter(row[1]))}" for row in PLANTED])
def test_a_planted_error_is_caught(
    name: str,
    change: dict[str, Any],
    law: Callable[[Function, Path], Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wrong = replace(BY_NAME[name], **change)
    monkeypatch.setitem(BY_NAME, name, wrong)
    try:
        assert law(wrong, tmp_path)
    except (Fault, Stuck):
        return


@pytest.mark.parametrize("name", WHOLE, scope="module")
def test_functions_of_arrays_against_numpy(name: str) -> None:
    argument, number = WHOLE[name]
    statement = {"symbols": {"z": "n", "A": "n x n", "a": "scalar", "b": "scalar"}}
    numbers = {"z": Z, "A": A, "a": 1.5, "b": -0.5}
    row = BY_NAME[name]
    spellings = [*((word, DATA["word"]) for word in row.words), *((name, DATA["command"]) for name in row.commands)]
    texts = [form.format(name=spelling, argument=argument) for spelling, forms in spellings for form in forms]
    wrong = [text for text in texts if not close(evaluated(statement, text, numbers, {"n": 3}), number)]
    assert not wrong


@pytest.mark.parametrize(("name", "dims"), [("softmax", "n"), ("log-softmax", "n"), ("log-sum-exp", "scalar")])
def test_code_of_functions_of_vectors_far_out(name: str, dims: str, tmp_path: Path) -> None:
    symbols, find = {"z": "n", "f": dims}, r"\frac{\partial f}{\partial z}"
    statement = {"symbols": symbols, "given": [f"f = {BY_NAME[name].typeset}(z)"], "find": find}
    module, far = code_of(statement, tmp_path), np.array([800.0, -800.0, 799.0])
    share = np.exp(far - 800) / np.exp(far - 800).sum()
    value = {
        "softmax": share,
        "log-softmax": far - 800 - np.log1p(np.exp(-1)),
        "log-sum-exp": 800 + np.log1p(np.exp(-1)),
    }
    slope = {"softmax": np.diag(share) - np.outer(share, share), "log-softmax": np.eye(3) - np.outer(share, np.ones(3))}
    with np.errstate(over="raise", invalid="raise"):
        assert close(module.forward(far), value[name])
        gradient = module.gradient(*[far] * len(inspect.signature(module.gradient).parameters))
    if name != "softmax":  # whose gradient takes its value
        assert close(gradient, slope.get(name, share))


def test_no_spelling_belongs_to_two_functions() -> None:
    spellings = [s for f in FUNCTIONS for s in (*f.commands, *f.words, *f.short, *((f.letter,) if f.letter else ()))]
    assert len(spellings) == len(set(spellings)) == len(BY_SPELLING)


@pytest.mark.parametrize("case", DATA["letters"], ids=lambda case: case["text"], scope="module")
def test_declared_letters_go_before_short_names(case: dict[str, Any]) -> None:
    statement = {"symbols": dict.fromkeys(case["symbols"], "scalar")}
    numbers = dict.fromkeys(case["symbols"], 0.5)
    assert close(evaluated(statement, case["text"], numbers, {}), evaluated(statement, case["means"], numbers, {}))


def test_the_letters_of_the_normal_law_mean_nothing_by_default() -> None:
    for letter in (r"\Phi", r"\varphi"):
        assert letter not in BY_SPELLING
        with pytest.raises(Fault):
            evaluated({"symbols": {"x": "scalar"}}, f"{letter}(x)", {"x": 0.5}, {})


def test_a_function_with_a_name_that_cannot_be_read_is_the_author_s_fault() -> None:
    problem = {"symbols": {"x": "scalar"}, "functions": {"\a": "elementwise"}, "given": ["y = x"], "find": "y"}
    record = check_record({"problem": problem, "lines": ["y = x"]})
    assert record["error"].startswith("functions: ")
    assert "no meaning in a formula" in record["error"]
