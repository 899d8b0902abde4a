"""The checkers that are compared: truestep, and four ways to compare two LaTeX answers with other tools.

All of them fit one ANTLR runtime, which the extra `bench` pins: SymPy 1.14 asks for 4.11, and
latex2sympy2_extended (and so math-verify) brings grammars for 4.9.3, 4.11.0 and 4.13.2.

    math-verify==0.9.0
    latex2sympy2_extended==1.11.0
    antlr4-python3-runtime==4.11.0
    lark==1.3.1

Each competitor gets the reference and the answer as they stand in the record (there is no way to tell it
the shapes or the assumptions), and is called as its documentation shows, with its defaults.  Its "wrong"
means that it did not find the two equal.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal

Record = dict[str, Any]
Verdict = Literal["right", "wrong", "undecided", "failed"]
Judge = Callable[[Record], Verdict]


@dataclass(frozen=True)
class Contestant:
    """A checker: its name, the packages whose versions are told, how to get its judge (or an ImportError)."""

    name: str
    packages: tuple[str, ...]
    load: Callable[[], Judge]
    needs_latex_pair: bool = True


class Unreadable(Exception):
    """The competitor found no mathematics in the text."""


def latex_pair(record: Record) -> tuple[str, str] | None:
    """The reference and the last line, where the reference is one LaTeX string; else None.

    >>> latex_pair({"problem": {"answer": "2x"}, "lines": ["x + x"]})
    ('2x', 'x + x')
    """
    problem, lines = record.get("problem"), record.get("lines")
    answer = problem.get("answer") if isinstance(problem, dict) else None
    if isinstance(answer, str) and isinstance(lines, list) and lines and isinstance(lines[-1], str):
        return answer, lines[-1]
    return None


def load_truestep() -> Judge:
    """truestep as a library, one record in and one out."""
    from truestep.checkers.records import check_record

    def judge(record: Record) -> Verdict:
        verdict = check_record(record).get("verdict")
        return verdict if verdict in ("right", "wrong", "undecided") else "failed"

    return judge


def load_verify() -> Judge:
    """`truestep.verify` on the two texts alone: no shapes and no assumptions, as the other tools have it."""
    from truestep.library.verifying import verify

    def judge(record: Record) -> Verdict:
        pair = latex_pair(record)
        verdict = verify(*pair, timeout=None).verdict if pair else "failed"
        return verdict if verdict in ("right", "wrong", "undecided") else "failed"

    return judge


def load_math_verify() -> Judge:
    """math-verify: `verify(parse(reference), parse(answer))`, LaTeX extraction, texts in dollars as it asks.

    Its own time limits are off because they use the alarm that guards every contestant here.  A text in
    which it finds no expression it keeps as a string; unless the strings agree, that is a failure to read
    and not a verdict.
    """
    tool, basic = import_module("math_verify"), import_module("sympy")
    extraction = [tool.LatexExtractionConfig()]
    logging.getLogger("math_verify").setLevel(logging.ERROR)
    symbolic = (basic.Basic, basic.MatrixBase)

    def read(latex: str) -> list[Any]:
        text = latex if "$" in latex else f"${latex}$"
        found: list[Any] = tool.parse(text, extraction_config=extraction, parsing_timeout=None)
        return found

    def equal(reference: str, answer: str) -> bool:
        gold, target = read(reference), read(answer)
        if tool.verify(gold, target, timeout_seconds=None):
            return True
        if not all(any(isinstance(item, symbolic) for item in found) for found in (gold, target)):
            raise Unreadable
        return False

    return _judge_of_pairs(equal)


def load_parse_latex(backend: str, runtime: str) -> Callable[[], Judge]:
    """SymPy's `parse_latex` with one of its two parsers, then `simplify(a - b) == 0`."""

    def load() -> Judge:
        sympy, parsing = import_module("sympy"), import_module("sympy.parsing.latex")
        import_module(runtime)  # else the first answer finds out that the parser is missing

        def equal(reference: str, answer: str) -> bool:
            a, b = (parsing.parse_latex(latex, backend=backend) for latex in (reference, answer))
            return bool(sympy.simplify(a - b) == 0)

        return _judge_of_pairs(equal)

    return load


def load_latex2sympy() -> Judge:
    """latex2sympy2_extended, then equality as it stands or `simplify(a - b) == 0`, also for matrices."""
    sympy, tool = import_module("sympy"), import_module("latex2sympy2_extended")

    def equal(reference: str, answer: str) -> bool:
        a, b = tool.latex2sympy(reference), tool.latex2sympy(answer)
        if a == b:
            return True
        difference = sympy.simplify(a - b)
        return bool(difference == 0) or getattr(difference, "is_zero_matrix", None) is True

    return _judge_of_pairs(equal)


def _judge_of_pairs(equal: Callable[[str, str], bool]) -> Judge:
    def judge(record: Record) -> Verdict:
        pair = latex_pair(record)
        if pair is None:
            return "failed"
        return "right" if equal(*pair) else "wrong"

    return judge


TRUESTEP = "truestep"
CONTESTANTS = (
    Contestant(TRUESTEP, ("truestep", "numpy"), load_truestep, needs_latex_pair=False),
    Contestant("truestep.verify", ("truestep", "numpy"), load_verify),
    Contestant("math-verify", ("math-verify", "latex2sympy2_extended"), load_math_verify),
    Contestant("sympy antlr", ("sympy", "antlr4-python3-runtime"), load_parse_latex("antlr", "antlr4")),
    Contestant("sympy lark", ("sympy", "lark"), load_parse_latex("lark", "lark")),
    Contestant("latex2sympy2", ("latex2sympy2_extended", "antlr4-python3-runtime"), load_latex2sympy),
)
