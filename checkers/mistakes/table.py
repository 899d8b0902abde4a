"""The cards of mistakes, the most plausible first, and for each the code that undoes what no row of it says."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from truestep.checkers.mistakes.card import Card, Example
from truestep.checkers.mistakes.families import chain, factors, indices, names, powers, products, softmax, sums, terms
from truestep.derivations.language.packed import packed_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from truestep.checkers.mistakes.card import Undo

BY_FACTOR = (
    *("sign", "missing-factor-2", "extra-factor-2", "missing-mean", "extra-mean", "missing-size", "extra-size"),
    *("missing-learning-rate", "extra-factor", "logarithm-base"),
)
UNDO: Mapping[str, Undo] = {
    "missing-inner-derivative": chain.without_inner,
    "derivative-at-wrong-place": chain.at_other_place,
    "wrong-function": chain.other_function,
    "function-for-derivative": chain.not_differentiated,
    "missing-factor": factors.missing_scalar_factor,
    "wrong-index": indices.other_index,
    "swapped-labels": names.exchanged_labels,
    "wrong-variable": names.other_name,
    "other-derivative": names.other_left,
    "wrong-number": names.other_number,
    "left-index": names.other_left_index,
    "forgotten-bias": names.with_biases,
    "wrong-exponent": powers.other_exponent,
    "transposed": products.transposed,
    "order-and-transpose": products.reordered_and_turned,
    "diagonal-for-off-diagonal": softmax.off_diagonal,
    "one-case-only": softmax.one_case,
    "softmax-elementwise": softmax.diagonal_only,
    "missing-sum": sums.with_sum,
    "extra-sum": sums.without_sum,
    "sum-over-wrong-index": sums.other_sum,
    "sum-range": sums.whole_range,
    "constant-kept": terms.kept_constant,
    "missing-term": terms.added_term,
}
TELLING: Mapping[str, Undo | None] = {
    "function-for-derivative": chain.whole_not_differentiated,
    "wrong-function": None,
    "extra-factor": None,
    "softmax-elementwise": None,
    "product-rule": None,
    "missing-delta": None,
    "missing-inner-derivative": chain.by_a_link,
    "one-case-only": None,
    "missing-term": None,
    "missing-factor": None,
    "reciprocal": None,
}
FIRST = frozenset(
    (
        *("forgotten-bias", "diagonal-for-off-diagonal", "quotient-sign", "quotient-order", "quotient-square", "sign"),
        *("missing-factor-2", "extra-factor-2", "bracket-lost", "escaped-index", "term-outside-sum", "term-inside-sum"),
        *("product-of-sums", "missing-learning-rate", "missing-mean", "extra-mean", "missing-size", "extra-size"),
        *("log-of-sum-split", "exponent-rule", "quotient-apart", "extra-sum", "constant-kept"),
        *("extra-term", "bracket-too-wide"),
    )
)


@cache
def mistakes() -> tuple[Card, ...]:
    """The cards in their order.

    >>> mistakes()[-1].code
    'order-and-transpose'
    """
    stated = packed_table(__file__, "cards")
    problems = stated.pop("problems")
    return tuple(_card(code, table, problems) for code, table in stated.items())


def _card(code: str, table: Mapping[str, Any], problems: Mapping[str, Any]) -> Card:
    plain: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
    for key in ("example", "near"):
        problem = table[key]["problem"]
        plain[key] = Example(problems[problem] if isinstance(problem, str) else problem, tuple(table[key]["rows"]))
    undo = factors.by_factor(code) if code in BY_FACTOR else UNDO.get(code)
    return Card(code, **plain, undo=undo, telling=TELLING.get(code))


def card(code: str) -> Card | None:
    """The card of a code, or None where no mistake has it.

    >>> card("sign").name
    'A sign is wrong'
    """
    return next((known for known in mistakes() if known.code == code), None)
