"""Terms of a differential: ``c dx``."""

from __future__ import annotations

from truestep.derivations.language.expression import Expression


def coefficient(term: Expression) -> tuple[Expression, Expression] | None:
    """The factor beside the one differential in a term, and what it is the differential of, if so."""
    if term.head == "differential":
        return Expression("number", (), (1, None), term.span), term.args[0]
    if term.head == "negative":
        inner = coefficient(term.args[0])
        return None if inner is None else (Expression("negative", (inner[0],), None, term.span), inner[1])
    if term.head != "product":
        return None
    marks = [factor for factor in term.args if factor.head == "differential"]
    rest = [(factor, sign) for factor, sign in zip(term.args, term.data, strict=True) if factor.head != "differential"]
    if len(marks) != 1 or not rest:
        return None
    signs = ("", *(sign for _, sign in rest[1:]))
    factor = (
        rest[0][0] if len(rest) == 1 else Expression("product", tuple(factor for factor, _ in rest), signs, term.span)
    )
    return factor, marks[0].args[0]
