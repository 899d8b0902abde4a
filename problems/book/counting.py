"""Counting learnable parameters: layers, networks, convolutions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from truestep.problems.statements.problem import Problem
from truestep.problems.statements.stated_in_sympy import stated

SOURCE = "Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.4, for fully connected layers"
COUNT = r"N_{\text{params}}"


def problems() -> Iterator[Problem]:
    """The problems of the page, one after the other."""
    yield _count(
        "parameters-of-a-layer",
        title="The parameters of one layer",
        text="How many learnable parameters has a fully connected layer from 784 inputs to 10 outputs, with a bias?",
        answer=r"784 \times 10 + 10",
        also=["7850", r"(784 + 1) \cdot 10"],
        wrong={
            "7840": "forgotten-bias",
            r"784 \times 10 + 784": "wrong-variable",
            r"784 \times 10 + 1": "missing-size",
        },
    )

    yield _count(
        "parameters-of-a-layer-symbolic",
        title="The parameters of one layer, in symbols",
        text="How many learnable parameters has a fully connected layer from M inputs to K outputs, with a bias?",
        symbols={COUNT: "scalar", "K": "size", "M": "size"},
        answer="K M + K",
        also="K (M + 1)",
        wrong={
            "K M": "forgotten-bias",
            "K M + M": "wrong-variable",
            "K M + 1": "missing-size",
            "M + K": "wrong-function",
        },
    )

    yield _count(
        "parameters-of-a-network",
        title="The parameters of a network",
        text="The layers have 30 inputs, 1024 and 512 hidden units, and one output; every layer has a bias. How many "
        "learnable parameters are there?",
        answer=r"30 \times 1024 + 1024 + 1024 \times 512 + 512 + 512 \times 1 + 1",
        also=["557057", r"31 \cdot 1024 + 1025 \cdot 512 + 513", "31744 + 524800 + 513"],
        wrong={
            r"30 \times 1024 + 1024 \times 512 + 512": "forgotten-bias",
            "557056": "forgotten-bias",
            r"30 \times 1024 + 30 + 1024 \times 512 + 1024 + 512 + 512": "wrong-variable",
        },
    )

    yield stated(
        "parameters-of-a-convolution",
        title="The parameters of a convolution",
        text="A convolution has kernels of 5 by 5, 3 input channels and 16 output channels, with a bias for each "
        "output channel. How many learnable parameters has it?",
        source="Goodfellow, Bengio and Courville, Deep Learning (2016), section 9.2, on the sharing of parameters",
        symbols={COUNT: "scalar"},
        find=COUNT,
        answer=r"5 \times 5 \times 3 \times 16 + 16",
        also=["1216", r"(5^2 \cdot 3 + 1) \cdot 16"],
        wrong={
            "1200": "forgotten-bias",
            r"5 \times 5 \times 16 + 16": "missing-factor",
            r"5 \times 5 \times 3 \times 16 + 3": "wrong-variable",
        },
        kind="count",
    )


def _count(identifier: str, **rest: Any) -> Problem:
    return stated(
        identifier, **{"source": SOURCE, "symbols": {COUNT: "scalar"}, "find": COUNT, "kind": "count", **rest}
    )
