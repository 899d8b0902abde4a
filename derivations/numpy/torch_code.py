"""NumPy expressions as PyTorch: the same values, of tensors that know where they come from."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container

METHODS = {"sum": "sum", "max": "amax"}


def torch_code(code: str, numbers: Container[str] = ()) -> str:
    """An expression of NumPy in PyTorch; ``numbers`` are names that are numbers of Python, such as sizes.

    >>> torch_code("np.exp(-np.logaddexp(0, -z)) * np.maximum(x, 0) / np.sqrt(n)", {"n"})
    'torch.sigmoid(z) * torch.relu(x) / math.sqrt(n)'
    """
    return ast.unparse(_Torch(numbers).visit(ast.parse(code, mode="eval")))


class _Torch(ast.NodeTransformer):
    def __init__(self, numbers: Container[str]) -> None:
        self.numbers = numbers

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.value, ast.Name) and node.value.id == "np":
            return _of("math" if node.attr == "pi" else "torch", node.attr)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        opened = _inside_sigmoid(node)
        if opened is not None:
            return _call("torch.sigmoid", self.visit(opened))
        name = ast.unparse(node.func)
        if name == "np.vectorize(math.erf)":
            return _call("torch.erf", *map(self.visit, node.args))
        self.generic_visit(node)
        if re.fullmatch(r"np(?:\.\w+)+", name):
            return self._function(name.removeprefix("np."), node)
        if isinstance(node.func, ast.Attribute) and node.func.attr == "astype":
            return _call(_of(node.func.value, "double"))
        if isinstance(node.func, ast.Attribute) and node.func.attr in METHODS:
            return self._reduced(_of(node.func.value, METHODS[node.func.attr]), node)
        return node

    def _function(self, name: str, node: ast.Call) -> ast.AST:
        args = node.args
        match name:
            case "maximum" if _is_zero(args[1]):
                return _call("torch.relu", args[0])
            case "maximum":
                return _call("torch.maximum", *map(self._tensor, args))
            case "minimum" | "logaddexp" if not any(map(_is_zero, args)):
                return _call(f"torch.{name}", *map(self._tensor, args))
            case "minimum":
                return ast.Call(_of("torch", "clamp"), [args[0]], [ast.keyword("max", args[1])])
            case "logaddexp":
                return _call("torch.nn.functional.softplus", args[1] if _is_zero(args[0]) else args[0])
            case "logaddexp.reduce":
                made = self._reduced(_of("torch", "logsumexp"), node)
                return made if node.keywords else _call("torch.logsumexp", *args, ast.Constant(0))
            case "sum" | "prod":
                return self._reduced(_of("torch", name), node)
            case "max":
                return self._reduced(_of("torch", "amax"), node)
            case "shape":
                return _of(args[0], "shape")
            case "tri":
                return _call("torch.tril", _call("torch.ones", *args, *args))
            case "cumsum" if not node.keywords:
                return _call("torch.cumsum", *args, ast.Constant(0))
        is_number = all(self._is_number(arg) for arg in args)
        if is_number and name in ("sqrt", "exp", "log", "tanh", "cosh", "sinh", "sin", "cos", "tan"):
            return _call(f"math.{name}", *args)
        return node

    @staticmethod
    def _reduced(function: ast.expr, node: ast.Call) -> ast.AST:
        words = {"axis": "dim", "keepdims": "keepdim"}
        keywords = [ast.keyword(words.get(str(one.arg), one.arg), one.value) for one in node.keywords]
        return ast.Call(function, node.args, keywords)

    def _is_number(self, node: ast.AST) -> bool:
        names = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
        return all(name == "math" or name in self.numbers for name in names)

    def _tensor(self, node: ast.expr) -> ast.expr:
        return _call("torch.tensor", node) if self._is_number(node) else node


def _inside_sigmoid(node: ast.Call) -> ast.expr | None:
    """z of ``np.exp(-np.logaddexp(0, -z))``."""
    if ast.unparse(node.func) != "np.exp" or not isinstance(node.args[0], ast.UnaryOp):
        return None
    inner = node.args[0].operand
    if not isinstance(inner, ast.Call) or ast.unparse(inner.func) != "np.logaddexp" or not _is_zero(inner.args[0]):
        return None
    minus = inner.args[1]
    if isinstance(minus, ast.UnaryOp) and isinstance(minus.op, ast.USub):
        return minus.operand
    return ast.UnaryOp(ast.USub(), minus)


def _is_zero(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == 0


def _of(whole: ast.expr | str, name: str) -> ast.Attribute:
    return ast.Attribute(ast.Name(whole) if isinstance(whole, str) else whole, name)


def _call(name: str | ast.expr, *args: ast.expr) -> ast.Call:
    return ast.Call(ast.parse(name, mode="eval").body if isinstance(name, str) else name, list(args), [])
