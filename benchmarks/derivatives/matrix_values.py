"""The value of a SymPy expression of matrices and arrays at given arrays, by NumPy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from benchmarks.derivatives.functions import erf
from benchmarks.derivatives.judging import NotDone

Names = Mapping[str, Any]
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def value_of(node: Any, names: Names) -> Any:
    """The value of a node; NotDone for what has none, such as a derivative that was not worked out."""
    name = type(node).__name__
    if node.is_Number or node.is_NumberSymbol:
        return np.asarray(float(node))
    if name in ("Symbol", "Dummy", "MatrixSymbol"):
        return names[node.name]
    if name in RULES:
        return RULES[name](node, names)
    if name in FUNCTIONS:
        return FUNCTIONS[name](*(value_of(arg, names) for arg in node.args))
    raise NotDone(f"left in terms of {name}")


def _add(node: Any, names: Names) -> Any:
    return sum(value_of(arg, names) for arg in node.args)


def _scalar_product(node: Any, names: Names) -> Any:
    """A product of scalars, or of what a Lambda says of each entry; a 1 x 1 matrix counts as a number."""
    result = np.asarray(1.0)
    for arg in node.args:
        value = np.asarray(value_of(arg, names))
        result = result * (np.squeeze(value) if value.size == 1 else value)
    return result


def _multiply(node: Any, names: Names) -> Any:
    """A product: of matrices, with any factor 1 x 1 or scalar for a number."""
    result = np.asarray(1.0)
    for arg in node.args:
        value = np.asarray(value_of(arg, names))
        scalar = value.size == 1 or result.size == 1
        result = _scaled(result, value) if scalar else result @ value
    return result


def _scaled(left: Any, right: Any) -> Any:
    number, array = (left, right) if left.size == 1 else (right, left)
    return float(np.squeeze(number)) * array


def _power(node: Any, names: Names) -> Any:
    base, exponent = (np.asarray(value_of(arg, names)) for arg in node.args)
    if base.size > 1 and node.is_Matrix:
        return np.linalg.matrix_power(base, int(exponent))
    return base**exponent


def _entrywise(node: Any, names: Names) -> Any:
    function, argument = node.function, node.expr
    return value_of(function.expr, {**names, function.variables[0].name: value_of(argument, names)})


def _einsum(node: Any, names: Names, letters: Sequence[str], output: str) -> Any:
    return np.einsum(f"{''.join(letters)}->{output}", _full(node.expr, names))


def _contraction(node: Any, names: Names) -> Any:
    letters = _joint(node.expr, node.contraction_indices)
    summed = {letters[group[0]] for group in node.contraction_indices}
    return _einsum(node, names, letters, "".join(letter for letter in letters if letter not in summed))


def _array_diagonal(node: Any, names: Names) -> Any:
    letters = _joint(node.expr, node.diagonal_indices)
    joint = [letters[group[0]] for group in node.diagonal_indices]
    free = [letter for letter in letters if letter not in joint]
    return _einsum(node, names, letters, "".join([*free, *joint]))


def _joint(array: Any, groups: Sequence[Sequence[int]]) -> list[str]:
    """A letter for each axis, one for all axes of a group."""
    letters = list(LETTERS[: len(array.shape)])
    for group in groups:
        for place in group:
            letters[place] = letters[group[0]]
    return letters


def _tensor_product(node: Any, names: Names) -> Any:
    result = np.asarray(1.0)
    for arg in node.args:
        result = np.multiply.outer(result, _full(arg, names))
    return result


def _permute(node: Any, names: Names) -> Any:
    return np.transpose(_full(node.expr, names), node.permutation.array_form)


def _full(node: Any, names: Names) -> Any:
    """The value with all axes that SymPy counts, those of length 1 included."""
    value, shape = np.asarray(value_of(node, names)), getattr(node, "shape", ())
    if value.ndim == len(shape):
        return value
    lengths = [int(value_of(size, names)) for size in shape]
    return value.reshape(lengths)


def _shaped(make: Callable[[tuple[int, ...]], Any]) -> Callable[[Any, Names], Any]:
    return lambda node, names: make(tuple(int(value_of(size, names)) for size in node.shape))


def _of_arg(make: Callable[[Any], Any]) -> Callable[[Any, Names], Any]:
    return lambda node, names: make(np.asarray(value_of(node.args[0], names)))


def _hadamard(node: Any, names: Names) -> Any:
    result = np.asarray(1.0)
    for arg in node.args:
        result = result * value_of(arg, names)
    return result


def _hadamard_power(node: Any, names: Names) -> Any:
    return np.asarray(value_of(node.base, names)) ** value_of(node.exp, names)


def _kronecker(node: Any, names: Names) -> Any:
    result = np.ones((1, 1))
    for arg in node.args:
        result = np.kron(result, np.atleast_2d(value_of(arg, names)))
    return result


def _entry(node: Any, names: Names) -> Any:
    return value_of(node.parent, names)[tuple(int(value_of(place, names)) for place in node.indices)]


def _sum(node: Any, names: Names) -> Any:
    index, low, high = node.limits[0]
    if len(node.limits) > 1:
        raise NotDone("left in terms of a sum over several indices")
    places = range(int(value_of(low, names)), int(value_of(high, names)) + 1)
    return sum(value_of(node.function, {**names, index.name: place}) for place in places)


RULES: Mapping[str, Callable[[Any, Names], Any]] = {
    "Add": _add,
    "MatAdd": _add,
    "ArrayAdd": _add,
    "Mul": _scalar_product,
    "MatMul": _multiply,
    "Pow": _power,
    "MatPow": _power,
    "Transpose": _of_arg(lambda array: array.T),
    "Inverse": _of_arg(np.linalg.inv),
    "Trace": _of_arg(lambda array: np.trace(array) if array.size > 1 else np.squeeze(array)),
    "Determinant": _of_arg(np.linalg.det),
    "DiagMatrix": _of_arg(lambda array: np.diag(array.ravel())),
    "HadamardProduct": _hadamard,
    "HadamardPower": _hadamard_power,
    "KroneckerProduct": _kronecker,
    "Identity": _shaped(lambda shape: np.eye(shape[0])),
    "OneMatrix": _shaped(np.ones),
    "OneArray": _shaped(np.ones),
    "ZeroMatrix": _shaped(np.zeros),
    "ZeroArray": _shaped(np.zeros),
    "ElementwiseApplyFunction": _entrywise,
    "ArrayElementwiseApplyFunc": _entrywise,
    "ArrayContraction": _contraction,
    "ArrayDiagonal": _array_diagonal,
    "ArrayTensorProduct": _tensor_product,
    "PermuteDims": _permute,
    "MatrixElement": _entry,
    "Sum": _sum,
}
FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "exp": np.exp,
    "log": np.log,
    "tanh": np.tanh,
    "sin": np.sin,
    "cos": np.cos,
    "erf": erf,
    "Abs": np.abs,
    "sign": np.sign,
    "Heaviside": lambda t, at_zero=0.5: np.heaviside(t, at_zero),
    "DiracDelta": np.zeros_like,
    "Max": np.maximum,
    "Min": np.minimum,
}
