"""The names of rules that are asked for by others, each in one place."""

from __future__ import annotations

from typing import Final

CHAIN: Final = "multivariable chain rule"
COLLECTING: Final = "collecting"
CANCELLING: Final = "cancelling and collecting"
CONSTANT: Final = "constant factor"
DELTA: Final = "Kronecker delta"
FACTORING: Final = "factoring out"
MATRIX_FORM: Final = "matrix form"
MATRIX_PRODUCT: Final = "matrix product"
POWER: Final = "power rule"
PRODUCT: Final = "product rule"
PRODUCT_ENTRY: Final = "entry of a matrix product"
SIFTING: Final = "sifting"
SUM: Final = "sum rule"
TRANSPOSE_ENTRY: Final = "entry of a transpose"
UNDER_SUM: Final = "derivative under the sum"
ELEMENTWISE: Final = "chain rule ("  # then the name of the function
