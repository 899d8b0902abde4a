"""Expressions as trees: their values with NumPy, and their LaTeX."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

FUNCTIONS: dict[str, tuple[str, Any]] = {
    "exp": (r"\exp", np.exp),
    "log": (r"\log", lambda t: np.log(np.where(t > 0, t, np.nan))),
    "sqrt": (r"\sqrt", lambda t: np.sqrt(np.where(t >= 0, t, np.nan))),
    "sin": (r"\sin", np.sin),
    "cos": (r"\cos", np.cos),
    "tanh": (r"\tanh", np.tanh),
    "sigmoid": (r"\sigma", lambda t: 1 / (1 + np.exp(-t))),
    "softplus": (r"\operatorname{softplus}", lambda t: np.log1p(np.exp(t))),
    "relu": (r"\operatorname{ReLU}", lambda t: np.where(t > 0, t, 0 * t)),
    "abs": ("", np.abs),
}
RELATIONS = {">": np.greater, "<": np.less, ">=": np.greater_equal, "=": np.equal}
WRITTEN = {">=": r"\ge"}


@dataclass(frozen=True)
class Tree:
    """An operation on trees; leaves have their name or number in ``data``."""

    op: str
    args: tuple[Tree, ...] = ()
    data: Any = None

    def walk(self) -> list[Tree]:
        """The tree and all below it."""
        return [self, *(node for arg in self.args for node in arg.walk())]


def number(value: int | Fraction) -> Tree:
    """A number."""
    return Tree("number", (), Fraction(value))


def name(text: str) -> Tree:
    """A quantity, or a size."""
    return Tree("name", (), text)


def add(*args: Tree) -> Tree:
    """A sum."""
    return Tree("add", args)


def times(*args: Tree) -> Tree:
    """A product: of numbers, of a number and an array, of matrices."""
    return Tree("times", args)


def minus(arg: Tree) -> Tree:
    """The tree with its sign changed."""
    return Tree("minus", (arg,))


def over(above: Tree, below: Tree) -> Tree:
    """A fraction."""
    return Tree("over", (above, below))


def power(base: Tree, exponent: int) -> Tree:
    """A power of a number."""
    return Tree("power", (base,), exponent)


def of(function: str, arg: Tree) -> Tree:
    """A function, entry by entry."""
    return Tree("of", (arg,), function)


def made(op: str, *args: Tree, data: Any = None) -> Tree:
    """Another operation: transpose, inverse, trace, hadamard, total, norm, frobenius, spectral, where, entry, raise."""
    return Tree(op, args, data)


Values = Mapping[str, Any]


def value(tree: Tree, at: Values) -> Any:
    """The value of a tree; vectors are columns, sizes are numbers."""
    with np.errstate(all="ignore"):
        return _value(tree, at)


def _value(tree: Tree, at: Values) -> Any:
    if tree.op == "number":
        return float(tree.data)
    if tree.op == "name":
        return at[tree.data]
    if tree.op == "total":
        index, letter = tree.data
        rows = at[index]
        return sum(_value(tree.args[0], {**at, letter: k}) for k in range(int(rows)))
    if tree.op == "entry":
        return at[tree.data[0]][int(at[tree.data[1]]), 0]
    args = [_value(arg, at) for arg in tree.args]
    match tree.op:
        case "add":
            return sum(args[1:], args[0])
        case "times":
            product = args[0]
            for arg in args[1:]:
                product = product @ arg if np.ndim(product) == 2 == np.ndim(arg) else product * arg
            return product[0, 0] if np.shape(product) == (1, 1) else product
        case "minus":
            return -args[0]
        case "over":
            return args[0] / np.where(np.asarray(args[1]) == 0, np.nan, args[1])
        case "power":
            return np.asarray(args[0], dtype=float) ** tree.data
        case "of":
            return FUNCTIONS[tree.data][1](np.asarray(args[0], dtype=float))
        case "transpose":
            return np.transpose(args[0])
        case "inverse":
            return np.linalg.inv(args[0])
        case "trace":
            return np.trace(args[0])
        case "hadamard":
            return args[0] * args[1]
        case "norm" | "frobenius":
            return np.sqrt(np.sum(args[0] * args[0]))
        case "spectral":
            return np.linalg.norm(args[0], 2)
        case "raise":
            return np.asarray(args[0], dtype=float) ** args[1]
        case "where":
            return np.where(RELATIONS[tree.data](args[0], args[1]), 1.0, 0.0)
    raise ValueError(tree.op)


def latex(tree: Tree) -> str:
    """The tree in LaTeX, with brackets wherever they may be needed."""
    match tree.op:
        case "number":
            text = (
                str(tree.data)
                if tree.data.denominator == 1
                else rf"\frac{{{tree.data.numerator}}}{{{tree.data.denominator}}}"
            )
            return rf"\left({text}\right)" if tree.data < 0 else text
        case "name":
            return str(tree.data)
        case "entry":
            return f"{tree.data[0]}_{tree.data[1]}"
        case "total":
            size, letter = tree.data
            return rf"\sum_{{{letter}=1}}^{{{size}}} {_factor(tree.args[0])}"
    args = [latex(arg) for arg in tree.args]
    match tree.op:
        case "add":
            return " + ".join(_term(arg) for arg in tree.args).replace("+ -", "- ")
        case "times":
            return r" ".join(_factor(arg, k > 0) for k, arg in enumerate(tree.args))
        case "minus":
            return f"-{_factor(tree.args[0])}"
        case "over":
            return rf"\frac{{{args[0]}}}{{{args[1]}}}"
        case "power":
            return f"{_base(tree.args[0])}^{{{tree.data}}}"
        case "of":
            if tree.data == "sqrt":
                return rf"\sqrt{{{args[0]}}}"
            return (
                rf"\left|{args[0]}\right|"
                if tree.data == "abs"
                else rf"{FUNCTIONS[tree.data][0]}\left({args[0]}\right)"
            )
        case "transpose":
            return f"{_base(tree.args[0])}^T"
        case "inverse":
            return f"{_base(tree.args[0])}^{{-1}}"
        case "trace":
            return rf"\operatorname{{tr}}\left({args[0]}\right)"
        case "hadamard":
            return rf"{_factor(tree.args[0])} \odot {_factor(tree.args[1])}"
        case "norm":
            return rf"\left\|{args[0]}\right\|_2"
        case "frobenius":
            return rf"\left\|{args[0]}\right\|_F"
        case "spectral":
            return rf"\left\|{args[0]}\right\|_2"
        case "raise":
            return f"{_base(tree.args[0])}^{{{args[1]}}}"
        case "where":
            return rf"\mathbb{{1}}[{args[0]} {WRITTEN.get(tree.data, tree.data)} {args[1]}]"
    raise ValueError(tree.op)


def _term(tree: Tree) -> str:
    return latex(tree)


def _factor(tree: Tree, later: bool = False) -> str:
    bare = tree.op in ("name", "entry", "over", "power", "of", "transpose", "inverse", "trace", "norm", "where")
    bare = bare or (tree.op == "number" and not later)
    return latex(tree) if bare else rf"\left({latex(tree)}\right)"


def _base(tree: Tree) -> str:
    return latex(tree) if tree.op in ("name", "entry") else rf"\left({latex(tree)}\right)"
