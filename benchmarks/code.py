"""`python -m benchmarks code`: the NumPy code of every derived answer, against the examiner's models of its problem.

Right: its value is that of what is asked, at random points of several sizes.  Stable: so it is where the inputs are as
large as 1000, wherever doubles hold the value.  Vectorised: no loop stands in it.
"""

from __future__ import annotations

import argparse
import ast
import itertools
import json
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from msgspec import structs

from benchmarks.derivatives.code_values import Array, Point, agree
from benchmarks.sheets import collections
from truestep.checkers.comparing.drawing import precise
from truestep.checkers.comparing.evaluate import Evaluator, OutOfReach
from truestep.checkers.comparing.reals import Reals
from truestep.checkers.comparing.world import World
from truestep.derivations.deriving.steps import Solution, Stuck
from truestep.derivations.language.expression import Expression
from truestep.derivations.language.faults import Fault
from truestep.derivations.numpy.code import python_name
from truestep.library.evaluating import names_in, value_of
from truestep.problems.derived import derived
from truestep.problems.statements.assumptions import Property
from truestep.problems.statements.prepared import setting_of
from truestep.problems.statements.problem import Problem
from truestep.problems.statements.statement import problem_from

STYLES = ("small", "drawn")
LARGE, DIGITS = 1000.0, 60
CLOSE, ROUGH = 1e-8, 1e-6
LOOPS = (ast.For, ast.While, ast.comprehension, ast.Lambda)
MODULES = {"np", "math", "float", "int", "len", "range"}


class Code(NamedTuple):
    """The code of one answer, and what is wrong with it: nothing, or in what it fails."""

    problem: str
    code: str
    fails: str = ""


def stated(file: Path | None) -> Iterator[tuple[str, Problem]]:
    """The problems of a file of derive records, or of the homeworks and the book."""
    if file is not None:
        for line in file.read_text("utf-8").splitlines():
            record = json.loads(line)
            yield str(record["id"]), problem_from(record["problem"])
        return
    for homework in collections():
        for question in homework.questions:
            if question.problem is not None and question.problem.kind in ("expression", "numbers"):
                yield f"{homework.id}/{question.id}", question.problem


def codes(name: str, problem: Problem) -> Iterator[Code]:
    """The code of each thing that a problem asks for; nothing where it is not derived, or has no code.

    What makes a gradient zero has another value than the one that the models draw.
    """
    try:
        solutions = derived(problem) if problem.find else ()
    except Stuck:
        return
    setting = setting_of(structs.replace(problem, layout="denominator"))
    world = World(setting)
    for solution, asked in zip(solutions, setting.find, strict=True):
        is_solved = bool(setting.assumptions.stationary) and asked.head in ("symbol", "member")
        if not solution.numpy or is_solved:
            continue
        yield Code(name, solution.numpy, fault(solution, asked, world))


def fault(solution: Solution, asked: Expression, world: World) -> str:
    """In what the code of an answer fails."""
    if any(isinstance(node, LOOPS) for node in ast.walk(ast.parse(solution.numpy))):
        return "a loop stands in it"
    labels = _labels(solution, world)
    for evaluator, tolerance, said in _points(world):
        try:
            found = _differs(solution, _by_first(asked), Point(world.setting, evaluator, 0, labels), tolerance)
        except (Fault, OutOfReach):
            continue
        except (KeyError, ValueError, IndexError, TypeError) as broken:
            found = f"{type(broken).__name__}: {broken}"
        if found:
            return said + found
    return ""


def _by_first(asked: Expression) -> Expression:
    """A derivative without the transpose below that says its shape: in code what it is taken by comes first."""
    if asked.head != "derivative" or len(asked.args) > 2:
        return asked
    top, by = asked.args
    return asked.of((top, by.args[0] if by.head == "transpose" else by))


def _points(world: World) -> Iterator[tuple[Evaluator, float, str]]:
    """Models at which values are compared, how closely, and what is said of them."""
    first, *others = [one for style in STYLES for one in world.real(False, style)]
    yield first, CLOSE, ""
    for point, sign in itertools.product(range(3), (1, -1)):  # of what the first was asked for
        yield _large(first, point, sign), ROUGH, "at large inputs: "
    for one in others:
        yield one, CLOSE, ""


def _differs(solution: Solution, asked: Expression, point: Point, tolerance: float) -> str:
    """How the value of the code differs from that of what is asked."""
    found = _disagrees(solution.numpy, point.value(asked), point, point.where(asked), tolerance)
    unspecified = {python_name(name) for name in point.setting.notation.functions}
    for name, code in solution.forward.assignments:
        if not found and name in point.letters and not unspecified & {*names_in(code)}:
            found = _disagrees(code, point.array(name), point, np.ones((), dtype=bool), tolerance)
            found = found and f"{name} = {code}: {found}"
    return found


def _disagrees(code: str, wanted: Array, point: Point, where: Array, tolerance: float) -> str:
    """How the value of some code differs from what is wanted."""
    arrays = point.arrays({*names_in(code)} - MODULES)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            got = np.asarray(value_of(code, arrays))
        except np.linalg.LinAlgError:
            return "" if not np.isfinite(wanted).all() else "a singular matrix"
    if agree(got, wanted, where, tolerance):
        return ""
    first, second = (f"{np.array2string(one.ravel()[:4])} of shape {one.shape}" for one in (got, wanted))
    return f"{first}, not {second}"


def _labels(solution: Solution, world: World) -> frozenset[str]:
    """The indices that are arguments of the code."""
    inputs = {name for name, _ in solution.forward.inputs}
    return frozenset(letter for letter in world.setting.notation.indices if python_name(letter) in inputs)


def _large(evaluator: Evaluator, point: int, sign: int) -> Evaluator:
    """A point of a model, at many digits, where all that may be any number is up to 1000 in size."""
    model, by = evaluator.model, Reals(DIGITS)
    drawn = {}
    for number, ((name, level), values) in enumerate(model.drawn.items()):
        one = values[[min(point, len(values) - 1)]].astype(float)
        largest = float(np.abs(one).max(initial=0.0))
        is_free = replace(model.known(name), nonzero=False) == Property() and name not in model.arena.labels
        drawn[name, level] = precise(
            one * (sign * (LARGE - 7 * number) / largest if is_free and largest else 1.0), model.known(name), by
        )
    return Evaluator(replace(model, points=1, arithmetic=by, drawn=drawn, solved={}))


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line, run the code, print what fails; 1 where anything does."""
    options = _parser().parse_args(arguments)
    counts: Counter[str] = Counter()
    for name, problem in stated(options.records):
        if options.only and options.only not in name:
            continue
        for one in codes(name, problem):
            counts["fails" if one.fails else "right, stable and vectorised"] += 1
            if one.fails:
                print(f"{one.problem}: {one.fails}\n    {one.code}")
    print(", ".join(f"{count} {what}" for what, count in counts.items()))
    return 1 if counts["fails"] else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks code", description=__doc__)
    add = parser.add_argument
    add("--records", type=Path, help="derive records; without it, the homeworks, the seeds and the book")
    add("--only", help="the problems with this in their id")
    return parser
