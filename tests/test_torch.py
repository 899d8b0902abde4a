"""PyTorch scripts: what derived code says in PyTorch, and, where that is installed, that autograd agrees."""

from __future__ import annotations

import ast
import runpy
from pathlib import Path

import pytest

from truestep.derivations.deriving.steps import Stuck
from truestep.derivations.numpy.torch_code import torch_code
from truestep.derivations.numpy.torch_module import torch_module
from truestep.problems.book import find_problem, identifiers
from truestep.problems.derived import derived
from truestep.problems.statements.problem import Problem

CODES = [
    ("np.logaddexp(0, x)", "torch.nn.functional.softplus(x)"),
    ("np.exp(-np.logaddexp(0, W @ x))", "torch.sigmoid(-(W @ x))"),
    ("np.logaddexp.reduce(Z, axis=1, keepdims=True)", "torch.logsumexp(Z, dim=1, keepdim=True)"),
    ("Z.max(axis=0, keepdims=True)", "Z.amax(dim=0, keepdim=True)"),
    ("np.exp(h - h.max()) / np.exp(h - h.max()).sum()", "torch.exp(h - h.amax()) / torch.exp(h - h.amax()).sum()"),
    ("np.vectorize(math.erf)(x / np.sqrt(2))", "torch.erf(x / math.sqrt(2))"),
    ("(x > 0).astype(float) * np.sign(y)", "(x > 0).double() * torch.sign(y)"),
    ("np.einsum('ba,b->a', np.tri(n), g)", "torch.einsum('ba,b->a', torch.tril(torch.ones(n, n)), g)"),
    ("np.expm1(np.minimum(x, 0)) * np.pi", "torch.expm1(torch.clamp(x, max=0)) * math.pi"),
]


@pytest.mark.parametrize(("code", "wanted"), CODES)
def test_code_in_pytorch(code: str, wanted: str) -> None:
    assert torch_code(code, {"n"}) == wanted


def scripts() -> list[tuple[str, str]]:
    """The scripts of the book."""
    found = []
    for name in identifiers():
        problem: Problem = find_problem(name)
        if problem.kind not in ("expression", "numbers") or not problem.find:
            continue
        try:
            found.append((name, torch_module(derived(problem))))
        except Stuck:
            continue
    return [(name, text) for name, text in found if text]


@pytest.mark.slow
def test_scripts_of_the_book_name_only_what_they_define() -> None:
    made = scripts()
    assert len(made) > 100
    for name, text in made:
        tree = ast.parse(text)
        stored = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        stored |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        stored |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
        used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert used <= stored | {"torch", "math", "jacobian", "print", "range"}, name


def test_autograd_agrees(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    for name, text in scripts():
        path = tmp_path / f"{name}.py"
        path.write_text(text, "utf-8")
        runpy.run_path(str(path))
