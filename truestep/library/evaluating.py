"""Answers of truestep as functions of NumPy arrays: the code that was derived is walked, and never run as a text."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

OPERATORS: Mapping[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.MatMult: operator.matmul,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.BitAnd: operator.and_,
}
MODULES = {"np": np, "math": math, "float": float, "int": int, "len": len, "range": range}


def value_of(code: str, arrays: Mapping[str, Any]) -> Any:
    """The value of derived NumPy code where its names are these arrays.

    Raises KeyError with the name of an array that is missing.

    >>> value_of("np.exp(z) / np.exp(z).sum()", {"z": np.zeros(2)})
    array([0.5, 0.5])
    """
    return _value(ast.parse(code, mode="eval").body, arrays)


def names_in(code: str) -> tuple[str, ...]:
    """The names that a code takes its arrays from, and those of modules."""
    return tuple(dict.fromkeys(node.id for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)))


def _value(node: ast.expr, arrays: Mapping[str, Any]) -> Any:
    match node:
        case ast.Constant():
            return node.value
        case ast.Name():
            return np.asarray(arrays[node.id]) if node.id in arrays else MODULES[node.id]
        case ast.BinOp():
            return OPERATORS[type(node.op)](_value(node.left, arrays), _value(node.right, arrays))
        case ast.UnaryOp():
            return OPERATORS[type(node.op)](_value(node.operand, arrays))
        case ast.Compare(ops=[sign], comparators=[right]):
            return OPERATORS[type(sign)](_value(node.left, arrays), _value(right, arrays))
        case ast.Attribute() if not node.attr.startswith("_"):
            return getattr(_value(node.value, arrays), node.attr)
        case ast.Subscript():
            return _value(node.value, arrays)[_value(node.slice, arrays)]
        case ast.Slice():
            ends = (node.lower, node.upper, node.step)
            return slice(*(None if end is None else _value(end, arrays) for end in ends))
        case ast.Tuple() | ast.List():
            return tuple(_value(one, arrays) for one in node.elts)
        case ast.Call():
            more = {str(one.arg): _value(one.value, arrays) for one in node.keywords}
            return _value(node.func, arrays)(*_arguments(node.args, arrays), **more)
    raise ValueError(f"this has no value: {ast.unparse(node)}")


def _arguments(nodes: Sequence[ast.expr], arrays: Mapping[str, Any]) -> Iterator[Any]:
    """The values of arguments; behind a star each of several."""
    for node in nodes:
        if isinstance(node, ast.Starred):
            yield from _value(node.value, arrays)
        else:
            yield _value(node, arrays)
