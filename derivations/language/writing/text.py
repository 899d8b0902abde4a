"""Expression -> one line of Unicode, for a terminal."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from truestep.derivations.language.expression import ANEW, BINDING, NONE, Expression
from truestep.derivations.language.functions import BY_NAME
from truestep.derivations.language.writing import alphabets
from truestep.derivations.language.writing.binding import BASE, FACTOR, TERM, is_open, ungrouped
from truestep.derivations.language.writing.scripts import ScriptWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from fractions import Fraction

    from truestep.derivations.language.notation import Notation

_NORMS = {"inf": "∞"}
_ROOTS = {"none": "√", "3": "∛", "4": "∜"}


def text(expression: Expression, notation: Notation | None = None) -> str:
    r"""The expression as a line that a person reads.

    >>> x, y = Expression("symbol", (), r"\hat{y}"), Expression("symbol", (), "y")
    >>> text(Expression("norm", (Expression("add", (x, Expression("negative", (y,)))),), "2"))
    '‖ŷ − y‖₂'
    """
    return _Text(expression, notation).write(expression).replace(ANEW, "")


class _Text(ScriptWriter):
    """One method for each kind of node that is written otherwise than in LaTeX."""

    fraction = TERM
    minus, either = "−", {r"\pm": "±", r"\mp": "∓"}
    dots = ("…", "…", "…", "…")
    signs: ClassVar[Mapping[str, str]] = {
        "": " ",
        "cdot": " · ",
        "times": " × ",
        "star": " * ",
        "matmul": " @ ",
        "array": " * ",
        "odot": " ⊙ ",
        "circ": " ∘ ",
        "otimes": " ⊗ ",
        "oslash": " ⊘ ",
        "and": " ∧ ",
        "or": " ∨ ",
    }
    relations: ClassVar[Mapping[str, str]] = {"<=": "≤", ">=": "≥", "!=": "≠", "in": "∈", "not in": "∉"}

    def unbracketed(self, node: Expression) -> str | None:
        rule = _RULES.get(node.head)
        return None if rule is None else rule(self, node)

    def bracketed(self, text: str) -> str:
        return f"({text})"

    def below(self, script: str) -> str:
        return alphabets.below(script)

    def above(self, script: str) -> str:
        return alphabets.above(script)

    # Names.

    def name(self, node: Expression) -> str:
        """A name in Unicode."""
        return alphabets.unicode_name(str(node.data))

    def fraction_of(self, value: Fraction) -> str:
        return f"{value.numerator}/{value.denominator}"

    def function(self, name: str) -> str:
        known = BY_NAME.get(name)
        if known is None or self.is_own(name):
            return alphabets.unicode_name(name)
        return alphabets.unicode_name(known.letter) if known.letter and not self.is_taken(known.letter) else known.word

    # Quotients and roots.

    def quotient(self, node: Expression) -> str:
        """Two parts with a slash between them."""
        above, below = (ungrouped(part) for part in node.args)
        numerator = self.write(above, TERM)
        if self.level(above) == TERM and (above.head != "product" or is_open(above)):
            numerator = self.bracketed(numerator)
        denominator = self.write(below, FACTOR)
        return f"{numerator}/{denominator}"

    def entrywise(self, base: Expression, exponent: str) -> str:
        return f"{self.raisable(base)}^(⊙{exponent})"

    def root(self, node: Expression) -> str:
        """A root with its degree."""
        degree = node.args[1] if len(node.args) > 1 else NONE
        kind = "none" if degree.head == "none" else self.write(degree)
        return _ROOTS.get(kind, f"root{self.bracketed(kind)} ") + self.write(node.args[0], BASE)

    # Derivatives.

    def derivative(self, node: Expression) -> str:
        """A quotient of differentials; an operator in front of what it acts on; a nabla."""
        body, variables = ungrouped(node.args[0]), node.args[1:]
        if node.data == "nabla":
            order = alphabets.above(str(len(variables))) if len(variables) > 1 else ""
            return f"∇{self.below(self.write(variables[0]))}{order} {self.write(body, FACTOR)}"
        if str(node.data).startswith("held "):
            return f"({self.derivative(replace(node, data='Leibniz'))})_({', '.join(node.data.split()[1:])})"
        if node.data == "Leibniz":
            return f"∂{_order(variables)}{self.write(body, FACTOR)}/{self.differentials(variables)}"
        inner = self.write(body)
        bare = body.head == "derivative" or (self.level(body) >= FACTOR and not inner.startswith("("))
        return f"∂{_order(variables)}/{self.differentials(variables)} {inner if bare else self.bracketed(inner)}"

    def operator(self, node: Expression) -> str:
        """A derivative operator alone."""
        return f"∂{_order(node.args)}/{self.differentials(node.args)}"

    def differentials(self, variables: tuple[Expression, ...]) -> str:
        """What a derivative is taken by, with equal neighbours as a power."""
        parts: list[str] = []
        for variable, run in itertools.groupby(map(ungrouped, variables)):
            count = len(list(run))
            parts.append(
                f"∂{self.write(variable, FACTOR) if count == 1 else self.raisable(variable) + self.above(str(count))}"
            )
        return parts[0] if len(parts) == 1 else self.bracketed(" ".join(parts))

    def gradient(self, node: Expression) -> str:
        """A nabla without a variable."""
        return f"∇{'²' if node.data == 2 else ''}{self.write(node.args[0], FACTOR)}"

    def differential(self, node: Expression) -> str:
        """``dx``."""
        return f"d{' ' * (node.args[0].head == 'apply')}{self.write(node.args[0], BASE)}"

    def code(self, node: Expression) -> str:
        """A call of array code."""
        return f"{node.data[0]}({self.listed(node.args)})"

    def call(self, node: Expression) -> str:
        """``f(a, b)`` of a function that a work introduces."""
        return f"{self.name(node)}({', '.join(map(self.write, node.args))})"

    # Sums over indices.

    def total(self, node: Expression) -> str:
        """A sum or product sign with its limits, and the term that it runs over."""
        under, upper = self.limits(node), node.args[2]
        over = "" if upper.head == "none" else self.write(upper)
        limits = (self.below(under) if under else "") + (
            over and (f"^{over}" if alphabets.is_word(over) else f"^{{{over}}}")
        )
        return f"{_BIG.get(node.head, node.head)}{limits} {self.body(node)}"

    def mean(self, node: Expression) -> str:
        """An expectation, a variance or a covariance."""
        word, under, count = node.data if node.head == "spread" else ("𝔼", node.data, 1)
        below = self.below(alphabets.unicode_name(under)) if under else ""
        parts = (", ".join(map(self.write, some)) for some in (node.args[:count], node.args[count:]) if some)
        return f"{word}{below}[{' | '.join(parts)}]"

    def limit(self, node: Expression) -> str:
        """A limit."""
        return f"lim({node.data} → {self.write(node.args[1])}) {self.body(node)}"

    # Bars, lists, arrays.

    def norm(self, node: Expression) -> str:
        """A norm with its kind."""
        kind = self.write(node.args[1]) if node.data == "p" else _NORMS.get(node.data, node.data)
        return f"‖{self.write(node.args[0])}‖{self.below(kind) if node.data else ''}"

    def framed(self, node: Expression) -> str:
        """What stands between two signs."""
        left, right = _FRAMES[node.head]
        return f"{left}{self.listed(node.args)}{right}"

    def matrix(self, node: Expression) -> str:
        """Entries by rows, with semicolons between the rows."""
        return f"[{'; '.join(', '.join(row) for row in self.rows(node))}]"

    # Conditions, known arrays, sets, signs.

    def negated(self, node: Expression) -> str:
        """A condition denied."""
        return f"¬{self.bracketed(self.write(node.args[0]))}"

    def cases(self, node: Expression) -> str:
        """Values with their conditions."""
        rows = [
            f"{self.write(value)} {'' if condition.head == 'otherwise' else 'if '}{self.write(condition)}"
            for value, condition in zip(node.args[::2], node.args[1::2], strict=True)
        ]
        return f"{{ {'; '.join(rows)} }}"

    def indicator(self, node: Expression) -> str:
        """One where a condition holds, else zero."""
        return f"𝟏[{self.write(node.args[0])}]"

    def kronecker(self, node: Expression) -> str:
        """The Kronecker delta; an indicator where delta is a quantity."""
        if self.is_taken(r"\delta"):
            return f"𝟏[{' = '.join(self.write(place) for place in node.args)}]"
        return "δ" + self.below(self.indices(node.args))

    def identity(self, node: Expression) -> str:
        """The identity of a size."""
        return "I" + (self.below(self.write(node.args[0])) if node.args else "")

    def ones(self, node: Expression) -> str:
        """The array of ones."""
        return "𝟏" + (self.below("×".join(self.write(size) for size in node.args)) if node.args else "")

    def space(self, node: Expression) -> str:
        """The real arrays of a shape."""
        return "ℝ" + (self.above(" × ".join(self.write(size) for size in node.args)) if node.args else "")

    def members(self, node: Expression) -> str:
        """A list of what belongs to a set."""
        return f"{{{', '.join(map(alphabets.unicode_name, node.data.split(',')))}}}"

    def cancel(self, node: Expression) -> str:
        """What stands in the place of what is struck out."""
        return self.write(node.args[1])

    def sign(self, node: Expression) -> str:
        """A sign that stands for itself."""
        return _SIGNS[node.head]

    def underbrace(self, node: Expression) -> str:
        """An expression; what stands beneath it has no place on a line."""
        return self.write(node.args[0])


def _order(variables: tuple[Expression, ...]) -> str:
    return alphabets.above(str(len(variables))) if len(variables) > 1 else ""


_FRAMES = {"abs": ("|", "|"), "floor": ("⌊", "⌋"), "ceiling": ("⌈", "⌉"), "inner": ("⟨", "⟩")}
_BIG = {"sum": "∑", "prod": "∏"}
_SIGNS = {"otherwise": "otherwise", "slice": ":", "dots": "…"}
_RULES: dict[str, Callable[[_Text, Expression], str]] = {
    "number": _Text.number,
    **dict.fromkeys(("symbol", "unknown", "index", "size", "set", "words", "constant"), _Text.name),
    "member": _Text.member,
    "entry": _Text.entry,
    "add": _Text.add,
    "negative": _Text.negative,
    "plus-minus": _Text.plus_minus,
    "product": _Text.product,
    "quotient": _Text.quotient,
    "power": _Text.power,
    "transpose": _Text.transpose,
    "root": _Text.root,
    "apply": _Text.apply,
    "bare": _Text.bare,
    "prime": _Text.prime,
    "factorial": _Text.factorial,
    "derivative": _Text.derivative,
    "operator": _Text.operator,
    "gradient": _Text.gradient,
    "differential": _Text.differential,
    "call": _Text.call,
    "value": _Text.value,
    "code": _Text.code,
    **dict.fromkeys(BINDING, _Text.total),
    "mean": _Text.mean,
    "limit": _Text.limit,
    "infinity": lambda *_: "∞",
    "spread": _Text.mean,
    "series": _Text.series,
    "typical": _Text.typical,
    "norm": _Text.norm,
    **dict.fromkeys(_FRAMES, _Text.framed),
    "tuple": _Text.tuple,
    **dict.fromkeys(("matrix", "pattern"), _Text.matrix),
    "relation": _Text.relation,
    **dict.fromkeys(("and", "or"), _Text.joined),
    "not": _Text.negated,
    "cases": _Text.cases,
    "indicator": _Text.indicator,
    "kronecker": _Text.kronecker,
    "identity": _Text.identity,
    "ones": _Text.ones,
    "space": _Text.space,
    "interval": _Text.interval,
    "listed": _Text.members,
    "cancel": _Text.cancel,
    "underbrace": _Text.underbrace,
    **dict.fromkeys(_SIGNS, _Text.sign),
}
