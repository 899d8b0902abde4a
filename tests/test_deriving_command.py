"""`truestep derive`: for a person, as LaTeX, as a record, as NumPy code, and over records."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from truestep.cli import main

SOFTMAX = "softmax-jacobian"
STUCK = """
given = ['f = \\|X\\|_2']
find = '\\frac{\\partial f}{\\partial X}'
symbols = { X = 'm x n', f = 'scalar' }
"""

LAYER = """
given = ['z = W x', 'J = z^T y']
find = ['z', '\\frac{\\partial J}{\\partial W}', '\\frac{\\partial J}{\\partial x}', '\\frac{\\partial z}{\\partial x}']
symbols = { W = 'K x M', x = 'M', y = 'K', z = 'K', J = 'scalar' }
"""


def run(*arguments: str, text: str | None = None) -> Result:
    """The outcome of the command."""
    return CliRunner().invoke(main, ["derive", *arguments], input=text)


def test_for_a_person() -> None:
    result = run("linear-layer-weights")
    assert result.exit_code == 0
    assert "∂J/∂W = ∂J/∂z xᵀ" in result.output
    assert "outer product" in result.output
    assert "\\" not in result.output


def test_less_detail_is_shorter() -> None:
    lengths = [len(run("cross-entropy-gradient", "--detail", detail).output) for detail in ("terse", "normal", "full")]
    assert lengths[0] < lengths[1] <= lengths[2]


def test_as_latex() -> None:
    output = run("linear-layer-weights", "--latex").output
    assert output.count(r"\begin{align*}") == output.count(r"\end{align*}") == 2
    assert r"\text{outer product}" in output


def test_as_a_record() -> None:
    record = json.loads(run("linear-layer-weights", "--json").output)
    assert record["status"] == "derived"
    assert len(record["lines"]) == len(record["rules"])
    assert record["numpy"] == "np.outer(dJ_dz, x)"


def test_as_a_numpy_module() -> None:
    source = run("mse-gradient", "--numpy").output
    names = [node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    assert names == ["forward", "gradient"]


@pytest.mark.parametrize("identifier", [SOFTMAX, "cross-entropy-gradient"])
def test_case_by_case(identifier: str) -> None:
    output = run(identifier, "--route", "cases").output
    assert "quotient rule" in output
    assert "≠" in output


def test_stuck_says_where_and_why(tmp_path: Path) -> None:
    path = tmp_path / "stuck.toml"
    path.write_text(STUCK, encoding="utf-8")
    result = run(str(path))
    assert result.exit_code == 3
    assert "stuck at a norm" in result.stderr
    assert json.loads(run(str(path), "--json").output)["status"] == "stuck"


@pytest.mark.slow
def test_records_in_order_whatever_they_hold() -> None:
    good = {"id": "a", "problem": {"symbols": {"x": "n", "f": "scalar"}, "given": ["f = x^T x"], "find": r"\nabla_x f"}}
    text = "\n".join([json.dumps(good), "nonsense", json.dumps({"id": "c", "problem": "no-such-problem"})])
    result = run("--records", "-", text=text)
    records = [json.loads(line) for line in result.output.splitlines()]
    assert [record["id"] for record in records] == ["a", 2, "c"]
    assert records[0]["answer"] == "2 x"
    assert all("error" in record for record in records[1:])
    assert result.exit_code == 2


@pytest.mark.parametrize(
    "arguments", [(), (SOFTMAX, "--records", "-"), ("no-such-problem",), ("--records", "no-such.jsonl")]
)
def test_what_cannot_be_used_is_refused(arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stderr


@pytest.mark.parametrize(
    ("shape", "fact"),
    [("positive", "x > 0"), ("positive scalar", "x > 0"), ("symmetric n x n", "W = W^T"), ("one-hot K", "y_k \\in")],
)
def test_a_property_is_no_size(tmp_path: Path, shape: str, fact: str) -> None:
    path = tmp_path / "property.toml"
    path.write_text(f"given = ['f = a^2']\nfind = 'f'\nsymbols = {{ a = '{shape}', f = 'scalar' }}", encoding="utf-8")
    result = run(str(path))
    assert result.exit_code == 2
    assert result.stderr.count(str(path)) == 1
    assert "symbols: a: " in result.stderr
    assert fact in result.stderr


def test_latex_in_a_message_stands_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "stray.toml"
    path.write_text("given = ['f = \\frac{b}{2}']\nfind = 'f'\nsymbols = { f = 'scalar' }", encoding="utf-8")
    assert r"'f = \frac{b}{2}'" in run(str(path)).stderr


def test_several_derivatives_in_one_numpy_module(tmp_path: Path) -> None:
    path = tmp_path / "layer.toml"
    path.write_text(LAYER, encoding="utf-8")
    source = run(str(path), "--numpy").output
    functions = {node.name: node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}
    assert list(functions) == ["forward_z", "forward_J", "gradient_J_W", "gradient_J_x", "gradient_z_x"]
    assert {name: [one.arg for one in node.args.args] for name, node in functions.items()} == {
        "forward_z": ["W", "x"],
        "forward_J": ["W", "x", "y"],
        "gradient_J_W": ["W", "x", "y"],
        "gradient_J_x": ["W", "x", "y"],
        "gradient_z_x": ["W", "x"],
    }
