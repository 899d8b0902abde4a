"""MISTAKES: the cards, the most plausible first; what says more about a line stands before what says less."""

from __future__ import annotations

from truestep.checkers.mistakes.card import Card
from truestep.checkers.mistakes.families.chain import CHAIN, MISSING_INNER_DERIVATIVE, WRONG_FUNCTION
from truestep.checkers.mistakes.families.factors import (
    EXTRA_FACTOR,
    LOGARITHM_BASE,
    MISSING_FACTOR,
    SIGN,
    SIZES,
    TWOS,
)
from truestep.checkers.mistakes.families.indices import DELTA_INDICES, MISSING_DELTA, WRONG_INDEX
from truestep.checkers.mistakes.families.judged import JUDGED
from truestep.checkers.mistakes.families.names import (
    FORGOTTEN_BIAS,
    LEFT_INDEX,
    OTHER_DERIVATIVE,
    SWAPPED_LABELS,
    WRONG_NUMBER,
    WRONG_VARIABLE,
)
from truestep.checkers.mistakes.families.powers import POWERS, RECIPROCAL, WRONG_EXPONENT
from truestep.checkers.mistakes.families.products import ORDER_AND_TRANSPOSE, PRODUCTS
from truestep.checkers.mistakes.families.rules import PARTS, QUOTIENTS
from truestep.checkers.mistakes.families.softmax import DIAGONAL_FOR_OFF_DIAGONAL, ONE_CASE_ONLY, SOFTMAX_ELEMENTWISE
from truestep.checkers.mistakes.families.sums import SCOPES, SUMS
from truestep.checkers.mistakes.families.terms import (
    BRACKET_LOST,
    BRACKET_TOO_WIDE,
    CONSTANT_KEPT,
    EXTRA_TERM,
    MISSING_TERM,
)

MISTAKES: tuple[Card, ...] = (
    *JUDGED,
    FORGOTTEN_BIAS,
    DIAGONAL_FOR_OFF_DIAGONAL,
    *QUOTIENTS,
    SIGN,
    *TWOS,
    BRACKET_LOST,
    *SCOPES,
    *SIZES,
    *POWERS,
    *PRODUCTS,
    *PARTS,
    LEFT_INDEX,
    WRONG_INDEX,
    DELTA_INDICES,
    *SUMS,
    MISSING_DELTA,
    ONE_CASE_ONLY,
    SWAPPED_LABELS,
    CONSTANT_KEPT,
    *CHAIN,
    WRONG_FUNCTION,
    WRONG_EXPONENT,
    BRACKET_TOO_WIDE,
    LOGARITHM_BASE,
    EXTRA_FACTOR,
    MISSING_FACTOR,
    OTHER_DERIVATIVE,
    MISSING_INNER_DERIVATIVE,
    RECIPROCAL,
    SOFTMAX_ELEMENTWISE,
    EXTRA_TERM,
    WRONG_VARIABLE,
    WRONG_NUMBER,
    MISSING_TERM,
    ORDER_AND_TRANSPOSE,
)
FIRST = frozenset(
    card.code
    for card in (
        *(FORGOTTEN_BIAS, DIAGONAL_FOR_OFF_DIAGONAL, *QUOTIENTS, SIGN, *TWOS, BRACKET_LOST, *SCOPES, *SIZES, *POWERS),
        *(PARTS[0], SUMS[2], CONSTANT_KEPT),
    )
)
TELLING = (
    CHAIN[-1],
    WRONG_FUNCTION,
    EXTRA_TERM,
    EXTRA_FACTOR,
    SOFTMAX_ELEMENTWISE,
    PARTS[-1],
    MISSING_DELTA,
    MISSING_INNER_DERIVATIVE,
    ONE_CASE_ONLY,
    MISSING_TERM,
    MISSING_FACTOR,
    RECIPROCAL,
)


def card(code: str) -> Card | None:
    """The card of a code, or None where no mistake has it.

    >>> card("sign").name
    'A sign is wrong'
    """
    return next((known for known in MISTAKES if known.code == code), None)
