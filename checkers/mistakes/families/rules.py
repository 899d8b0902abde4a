"""The rules of differentiation gone wrong: what a mistaken rule makes of the line before, compared with the line."""

from __future__ import annotations

from truestep.checkers.mistakes.card import Card, Example

PRODUCT = {
    "symbols": {"x": "scalar", "f": "scalar"},
    "given": [r"f = x^2 e^{x}"],
    "find": r"\frac{\partial f}{\partial x}",
}
QUOTIENT = {
    "symbols": {"x": "scalar", "f": "scalar"},
    "given": [r"f = \frac{x^2}{1 + x}"],
    "find": r"\frac{\partial f}{\partial x}",
}


PRODUCT_RULE = Card(
    "product-rule",
    "The product rule is not applied in full",
    "One factor only is differentiated, or both at once.",
    "A product of derivatives is the shortest thing to write, and it looks like the rule for sums.",
    "Which terms does the product rule have, one for each factor?",
    Example(PRODUCT, (r"\frac{\partial f}{\partial x} = 2 x e^{x}",)),
    Example(PRODUCT, (r"\frac{\partial f}{\partial x} = 2 x e^{x} + 1",)),
    rules=(
        r"\frac{\partial}{\partial t} (A B) ~ \frac{\partial A}{\partial t} \frac{\partial B}{\partial t}",
        r"\frac{\partial}{\partial t} (A B) ~ \frac{\partial A}{\partial t} B",
        r"\frac{\partial}{\partial t} (A B) ~ A \frac{\partial B}{\partial t}",
    ),
    rows=(r"A ~ 0 : the product rule, a term",),
)
QUOTIENT_SIGN = Card(
    "quotient-sign",
    "The quotient rule has a plus where its minus belongs",
    "The two terms above the fraction line are added.",
    "The numerator of the quotient rule is the product rule but for one sign.",
    "What is the sign between the two terms of the quotient rule, and why?",
    Example(QUOTIENT, (r"\frac{\partial f}{\partial x} = \frac{2 x (1 + x) + x^2}{(1 + x)^2}",)),
    Example(QUOTIENT, (r"\frac{\partial f}{\partial x} = \frac{2 x (1 + x) + x^3}{(1 + x)^2}",)),
    rules=(
        r"\frac{\partial}{\partial t} \frac{A}{B} ~ "
        r"\frac{\frac{\partial A}{\partial t} B + A \frac{\partial B}{\partial t}}{B^2}",
    ),
    rows=(r"\frac{A - B}{C^2} ~ \frac{A + B}{C^2}",),
)
QUOTIENT_SQUARE = Card(
    "quotient-square",
    "The denominator of the quotient rule is not squared",
    "The numerator is right, and the denominator is the old one.",
    "All attention is on the numerator, and the denominator is copied.",
    "What becomes of the denominator in the quotient rule?",
    Example(QUOTIENT, (r"\frac{\partial f}{\partial x} = \frac{2 x (1 + x) - x^2}{1 + x}",)),
    Example(QUOTIENT, (r"\frac{\partial f}{\partial x} = \frac{2 x (1 + x) - x^3}{1 + x}",)),
    rules=(
        r"\frac{\partial}{\partial t} \frac{A}{B} ~ "
        r"\frac{\frac{\partial A}{\partial t} B - A \frac{\partial B}{\partial t}}{B}",
    ),
    rows=(r"\frac{A}{B^2} ~ \frac{A}{B} : A is a sum", r"\frac{A}{B^2} ~ \frac{A}{B} : B is a sum"),
)
QUOTIENT_ORDER = Card(
    "quotient-order",
    "The two terms of the quotient rule are exchanged",
    "The difference above the fraction line is taken the wrong way round.",
    "The order does not matter in the product rule, and here it does.",
    "Which of the two is differentiated in the first term of the quotient rule?",
    Example(QUOTIENT, (r"\frac{\partial f}{\partial x} = \frac{x^2 - 2 x (1 + x)}{(1 + x)^2}",)),
    Example(QUOTIENT, (r"\frac{\partial f}{\partial x} = \frac{x^2 - 3 x (1 + x)}{(1 + x)^2}",)),
    rules=(
        r"\frac{\partial}{\partial t} \frac{A}{B} ~ "
        r"\frac{A \frac{\partial B}{\partial t} - \frac{\partial A}{\partial t} B}{B^2}",
    ),
    rows=(r"\frac{A - B}{C^2} ~ \frac{B - A}{C^2} : B is a product",),
)
QUOTIENT_APART = Card(
    "quotient-apart",
    "Numerator and denominator are differentiated apart",
    "The derivative of a quotient is written as a quotient of derivatives, or the denominator counts as constant.",
    "A derivative may be taken term by term in a sum, and the same is tried with a fraction.",
    "Which rule belongs to a fraction whose two parts both depend on the variable?",
    Example(QUOTIENT, (r"\frac{\partial f}{\partial x} = \frac{2 x}{1 + x}",)),
    Example(QUOTIENT, (r"\frac{\partial f}{\partial x} = \frac{2 x}{2 + x}",)),
    rules=(
        r"\frac{\partial}{\partial t} \frac{A}{B} ~ \frac{\partial A}{\partial t} / \frac{\partial B}{\partial t}",
        r"\frac{\partial}{\partial t} \frac{A}{B} ~ \frac{\frac{\partial A}{\partial t} B}{B^2}",
    ),
)
QUOTIENTS = (QUOTIENT_SIGN, QUOTIENT_ORDER, QUOTIENT_SQUARE)
PARTS = (QUOTIENT_APART, PRODUCT_RULE)
