"""Trains a network on handwritten digits with the gradients that truestep derives from network.toml.

    python examples/training/train.py --output FOLDER

writes the derived NumPy code (network.py), the training curves, the confusion matrix and the first-layer weights.
"""

from __future__ import annotations

import argparse
import importlib.util
from pathlib import Path
from types import ModuleType

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt
from sklearn.datasets import load_digits

from truestep.checkers.derive_records import Options, solved
from truestep.derivations.numpy.module import numpy_module
from truestep.problems.statements.statement import load_problem

PROBLEM = Path(__file__).with_name("network.toml")
RATES, WIDTHS = (10.0, 1.0, 0.1), (4, 16, 64)
BATCH, VALIDATION = 64, 450
PARAMETERS = "WbVc"

Array = np.ndarray
Parameters = dict[str, Array]
Data = tuple[Array, Array]  # images, one in each row, and one-hot labels


def derived_code(folder: Path) -> ModuleType:
    """The forward and gradient functions, derived and written into a folder."""
    path = folder / "network.py"
    solutions, _ = solved(load_problem(str(PROBLEM)), Options())  # raises where a line cannot be verified
    path.write_text(numpy_module(solutions), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("network", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def digits(rng: np.random.Generator) -> tuple[Data, Data]:
    """Training and validation data: 8 by 8 pixels from 0 to 1."""
    images, labels = load_digits(return_X_y=True)
    order = rng.permutation(len(labels))
    X, Y = images[order] / 16, np.eye(10)[labels[order]]
    return (X[VALIDATION:], Y[VALIDATION:]), (X[:VALIDATION], Y[:VALIDATION])


def initial(rng: np.random.Generator, inputs: int, width: int, classes: int) -> Parameters:
    return {
        "W": rng.normal(size=(width, inputs)) / np.sqrt(inputs),
        "b": np.zeros(width),
        "V": rng.normal(size=(classes, width)) / np.sqrt(width),
        "c": np.zeros(classes),
    }


def gradients(network: ModuleType, X: Array, Y: Array, at: Parameters) -> Parameters:
    return {name: getattr(network, f"gradient_{name}")(X=X, Y=Y, **at) for name in PARAMETERS}


def worst_difference(network: ModuleType, X: Array, Y: Array, at: Parameters, step: float = 1e-5) -> float:
    """The largest distance of a gradient's entry from the central difference of the loss."""
    worst = 0.0
    for name, gradient in gradients(network, X, Y, at).items():
        for place in np.ndindex(at[name].shape):
            ends = []
            for sign in (1, -1):
                moved = {**at, name: at[name].copy()}
                moved[name][place] += sign * step
                ends.append(network.forward_J(X=X, Y=Y, **moved))
            worst = max(worst, abs((ends[0] - ends[1]) / (2 * step) - gradient[place]))
    return worst


def accuracy(network: ModuleType, X: Array, Y: Array, at: Parameters) -> float:
    return float(np.mean(network.forward_Y_hat(X=X, **at).argmax(axis=1) == Y.argmax(axis=1)))


def train(
    network: ModuleType, data: tuple[Data, Data], width: int, rate: float, epochs: int, rng: np.random.Generator
) -> tuple[Parameters, Array]:
    """The trained parameters, and for each epoch the losses and accuracies (training, validation, both again)."""
    (X, Y), held = data
    at = initial(rng, X.shape[1], width, Y.shape[1])
    history = []
    for _ in range(epochs):
        for batch in np.array_split(rng.permutation(len(X)), len(X) // BATCH):
            for name, gradient in gradients(network, X[batch], Y[batch], at).items():
                at[name] = at[name] - rate * gradient
        losses = [network.forward_J(X=images, Y=labels, **at) for images, labels in (data[0], held)]
        history.append([*losses, *(accuracy(network, *one, at) for one in (data[0], held))])
    return at, np.array(history)


def draw_curves(path: Path, runs: dict[str, Array]) -> None:
    """Loss above, accuracy below, one column for each run."""
    figure, axes = plt.subplots(2, len(runs), figsize=(9, 5), sharex=True, sharey="row", layout="constrained")
    for column, (name, history) in zip(axes.T, runs.items(), strict=True):
        column[0].set_title(name)
        column[1].set_xlabel("epoch")
        epochs = np.arange(1, len(history) + 1)
        for axis, first in zip(column, (0, 2), strict=True):
            axis.plot(epochs, history[:, first], label="training")
            axis.plot(epochs, history[:, first + 1], label="validation")
    axes[0, 0].set_ylabel("loss")
    axes[1, 0].set_ylabel("accuracy")
    axes[0, 0].legend()
    save(figure, path)


def draw_weights(path: Path, runs: dict[str, Array]) -> None:
    """Each row of W as an image of 8 by 8, the images of a run in a square."""
    figure, axes = plt.subplots(1, len(runs), figsize=(9, 3.3), layout="constrained")
    for axis, (name, W) in zip(axes, runs.items(), strict=True):
        side = int(np.sqrt(len(W)))
        tiles = np.pad(W.reshape(side, side, 8, 8), ((0, 0), (0, 0), (1, 0), (1, 0)), constant_values=np.nan)
        drawn = axis.imshow(tiles.transpose(0, 2, 1, 3).reshape(side * 9, side * 9), cmap="RdBu")
        drawn.set_clim(-np.abs(W).max(), np.abs(W).max())
        figure.colorbar(drawn, ax=axis, shrink=0.7)
        axis.set(title=name, xticks=[], yticks=[])
    save(figure, path)


def draw_confusion(path: Path, said: Array, true: Array) -> None:
    counts = np.zeros((10, 10), int)
    np.add.at(counts, (true, said), 1)
    figure, axis = plt.subplots(figsize=(4.5, 4.5), layout="constrained")
    axis.imshow(counts, cmap="Blues")
    for (row, column), count in np.ndenumerate(counts):
        if count:
            axis.text(column, row, count, ha="center", va="center", color="white" if row == column else "black")
    axis.set(xlabel="said", ylabel="true", xticks=range(10), yticks=range(10))
    save(figure, path)


def save(figure: mpl.figure.Figure, path: Path) -> None:
    figure.savefig(path, dpi=72)
    plt.close(figure)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=Path("training"), help="the folder to write into")
    parser.add_argument("--epochs", type=int, default=100)
    options = parser.parse_args()
    experiment(options.output, options.epochs)


def experiment(folder: Path, epochs: int) -> dict[tuple[int, float], float]:
    """Runs and draws all settings; the validation accuracy for each width and learning rate."""
    folder.mkdir(parents=True, exist_ok=True)
    network, data = derived_code(folder), digits(np.random.default_rng(0))
    few = [array[:5] for array in data[0]]
    worst = worst_difference(network, *few, initial(np.random.default_rng(2), 64, 4, 10))
    print(f"gradients and finite differences: {worst:.0e} apart at most")
    runs = {}
    for width, rate in dict.fromkeys([*((64, rate) for rate in RATES), *((width, 0.1) for width in WIDTHS)]):
        runs[width, rate] = train(network, data, width, rate, epochs, np.random.default_rng(1))
        losses, accuracies = np.split(runs[width, rate][1][-1], 2)
        print(f"width {width:2}, learning rate {rate:4}: loss {losses[1]:.3f}, accuracy {accuracies[1]:.3f}")
    for name, settings in {
        "rates": {f"learning rate {rate:g}": (64, rate) for rate in RATES},
        "widths": {f"width {width}": (width, 0.1) for width in WIDTHS},
    }.items():
        draw_curves(folder / f"{name}.png", {title: runs[one][1] for title, one in settings.items()})
        draw_weights(folder / f"{name}-weights.png", {title: runs[one][0]["W"] for title, one in settings.items()})
    X, Y = data[1]
    said = network.forward_Y_hat(X=X, **runs[64, 1.0][0]).argmax(axis=1)
    draw_confusion(folder / "confusion.png", said, Y.argmax(axis=1))
    return {setting: float(history[-1, 3]) for setting, (_, history) in runs.items()}


if __name__ == "__main__":
    main()
