"""The training example: the derived code learns, its gradients are those of its loss, and everything is drawn."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

pytestmark = pytest.mark.slow

SCRIPT = Path(__file__).parent.parent / "examples" / "training" / "train.py"
PICTURES = {"confusion.png", "rates.png", "rates-weights.png", "widths.png", "widths-weights.png"}


def imported(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def example() -> ModuleType:
    pytest.importorskip("sklearn", reason="scikit-learn has the digits")
    pytest.importorskip("matplotlib", reason="matplotlib draws the curves").use("agg")
    return imported(SCRIPT)


@pytest.fixture(scope="module")
def network(example: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    derived: ModuleType = example.derived_code(tmp_path_factory.mktemp("derived"))
    return derived


def some(example: ModuleType) -> tuple[Any, Any, dict[str, Any]]:
    (images, labels), _ = example.digits(np.random.default_rng(0))
    return images[:6], labels[:6], example.initial(np.random.default_rng(3), 64, 3, 10)


def test_the_gradients_agree_with_finite_differences(example: ModuleType, network: ModuleType) -> None:
    assert example.worst_difference(network, *some(example)) < 1e-8


@pytest.mark.parametrize("name", "WbVc")
def test_a_spoiled_gradient_is_seen(
    name: str, example: ModuleType, network: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = getattr(network, f"gradient_{name}")
    monkeypatch.setattr(network, f"gradient_{name}", lambda **arrays: right(**arrays) * len(arrays["X"]))
    assert example.worst_difference(network, *some(example)) > 1e-3


def test_a_short_training_learns_the_digits(example: ModuleType, network: ModuleType) -> None:
    data = example.digits(np.random.default_rng(0))
    _, history = example.train(network, data, width=16, rate=1.0, epochs=15, rng=np.random.default_rng(1))
    assert history[-1, 3] > 0.9
    assert history[-1, 0] < history[0, 0] / 4


def test_all_is_drawn(example: ModuleType, tmp_path: Path) -> None:
    accuracies = example.experiment(tmp_path, epochs=1)
    assert set(accuracies) == {(64, 10.0), (64, 1.0), (64, 0.1), (4, 0.1), (16, 0.1)}
    assert {path.name for path in tmp_path.glob("*.png")} == PICTURES
