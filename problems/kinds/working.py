"""The answers to questions of these kinds, worked out in steps that are written as a person writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from math import prod
from typing import TYPE_CHECKING

from truestep.problems.kinds.layer_sizes import SOURCE, Sized, as_written, asked_layers, count_terms, sized_layers
from truestep.problems.kinds.ordered_steps import Steps, steps_of
from truestep.problems.kinds.shape_references import Asked, Chain, Shape, asked_shapes, in_latex
from truestep.problems.kinds.shape_steps import shape_steps

if TYPE_CHECKING:
    from truestep.problems.statements.problem import Problem


@dataclass(frozen=True)
class Row:
    """One step: its left side, its right side with the relation before it, and the reason in words."""

    left: str
    right: str
    reason: str = ""


@dataclass(frozen=True)
class Worked:
    """One thing that is asked for: its name and its answer (with the relation), the steps, and where these are from."""

    name: str
    answer: str
    rows: tuple[Row, ...] = ()
    remark: str = ""


def worked(problem: Problem) -> tuple[Worked, ...]:
    r"""All that a problem asks for, worked out; nothing where its kind is not one of these.

    Raises StatementFault.

    >>> from truestep.problems.statements.problem import Problem
    >>> worked(Problem(kind="count", layers=("input 3", "dense 2")))[0].answer
    '= 8'
    """
    if problem.kind == "shape":
        return tuple(_shape(problem, asked) for asked in asked_shapes(problem))
    if problem.kind == "sizes":
        several = sized_layers(problem)
        return tuple(_size(problem, one) for one in asked_layers(problem, several))
    if problem.kind == "count" and problem.layers:
        return (_count(problem),)
    if problem.kind == "choice" and problem.options:
        return tuple(
            Worked("", rf"\text{{({letter})}} \quad {_mixed(problem.options[letter])}") for letter in problem.answer
        )
    if problem.kind == "order" and problem.steps:
        return (Worked("", "", _listed(steps_of(problem))),)
    return ()


def _words(text: str) -> str:
    """A text within a formula; what is not a plain letter there is left out."""
    said = re.sub(r"[^A-Za-z0-9 .,;:!?'()\-/+=_]", "", text)
    return r"\_".join(rf"\text{{{part}}}" if part else "" for part in said.split("_"))


def _mixed(text: str) -> str:
    """A text with formulas within a formula."""
    parts = text.split("$")
    return " ".join(part if place % 2 else _words(part) for place, part in enumerate(parts) if part)


def _listed(asked: Steps) -> tuple[Row, ...]:
    """The steps one below the other, each with those that have to be done by then."""
    rows = []
    for number, step in enumerate(asked.steps, 1):
        earlier = [a for a, b in asked.before if b == step.name]
        direct = [a for a in earlier if not any((a, other) in asked.before for other in earlier)]
        last = [other.name for other in asked.steps if other.name in direct]
        rows.append(Row(rf"{number}. \;", _words(step.name), f"after: {', '.join(last)}" if last else ""))
    return tuple(rows)


def _code(name: str) -> str:
    return r"\_".join(rf"\texttt{{{part}}}" if part else "" for part in name.split("_"))


def _shape(problem: Problem, asked: Asked) -> Worked:
    name = asked.label
    if re.search(r"[a-z]_[a-z]{2,}|\w\(", name) and "\\" not in name:
        name = _code(name)
    elif re.fullmatch(r"[A-Za-z]+(?: [a-z]+)+", name):
        name = _words(name)
    if asked.shapes:
        rows = tuple(Row(*step) for step in shape_steps(problem, asked))
        return Worked(name, rf"\in {in_latex(asked.shapes[0])}" if name else in_latex(asked.shapes[0]), rows)
    return Worked(name, (": " if name else "") + _chain(asked.chains[0]))


def _chain(chain: Chain) -> str:
    sign = r" \circ " if chain.elementwise else r" \, "
    return rf"{sign.join(_bracketed(shape) for shape in chain.factors)} \to {_bracketed(chain.result)}"


def _bracketed(shape: Shape) -> str:
    return "(" + r" \times ".join(map(str, shape)) + ")"


def _size(problem: Problem, one: Sized) -> Worked:
    rows: list[Row] = []
    axes = ("rows", "columns") if len(one.windows) == 2 and one.windows[0] != one.windows[1] else ("each side",)
    for window, axis in zip(one.windows, axes, strict=False):
        inside = rf"{window.entries} + 2 \cdot {window.padding} - {window.dilation} \cdot ({window.kernel} - 1) - 1"
        right = rf"= \left\lfloor \frac{{{inside}}}{{{window.stride}}} \right\rfloor + 1 = {window.out}"
        rows.append(Row(_words(axis), right, _prose(one.layer.text)))
    if one.layer.kind == "conv":
        rows.append(Row(_words("channels"), f"= {one.after[0]}", "one for each filter"))
    if one.layer.kind in ("pool", "global"):
        rows.append(Row(_words("channels"), f"= {one.after[0]}", "each is pooled by itself"))
    if one.layer.kind == "flatten":
        product = r" \times ".join(map(str, one.before))
        rows.append(Row(_words("entries"), f"= {product} = {prod(one.before)}", "all entries in one vector"))
    if one.count:
        terms = " + ".join(count_terms((one,)))
        rows.append(
            Row(_words("parameters"), f"= {terms} = {one.count}", "weights and biases" if one.biases else "weights")
        )
    rows[:1] = [replace(row, reason=f"{_prose(one.layer.name)}: {row.reason}") for row in rows[:1]]
    size = r" \times ".join(map(str, as_written(one.after, problem.channels)))
    return Worked(_words(one.layer.name), f"= {size}", tuple(rows), SOURCE if one.windows else "")


def _prose(text: str) -> str:
    return re.sub(r"[*_`$\\]", " ", text)


def _count(problem: Problem) -> Worked:
    several = [one for one in sized_layers(problem) if one.count]
    rows = []
    for one in several:
        terms = " + ".join(count_terms((one,)))
        reason = f"{_prose(one.layer.text)}: one weight for each input of each unit"
        if one.layer.kind == "conv":
            reason = f"{_prose(one.layer.text)}: one weight for each entry of each filter"
        rows.append(
            Row(_words(one.layer.name), f"= {terms} = {one.count}", reason + (", and the biases" if one.biases else ""))
        )
    total = sum(one.count for one in several)
    name = problem.find[0] if problem.find else r"\text{parameters}"
    if len(several) > 1:
        rows.append(Row(name, f"= {' + '.join(str(one.count) for one in several)} = {total}", "all layers together"))
    return Worked(name, f"= {total}", tuple(rows))
