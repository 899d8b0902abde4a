"""Trees set as people set them: the writer of LaTeX with other habits."""

from __future__ import annotations

from collections.abc import Mapping

from truestep.derivations.language.expression import Expression
from truestep.derivations.language.notation import Notation
from truestep.derivations.language.shapes import SCALAR
from truestep.derivations.language.writing.binding import FACTOR, ungrouped
from truestep.derivations.language.writing.latex import _Latex

SUBSCRIPTED = {"partial": r"\partial_{{{}}} ", "D": r"D_{{{}}} ", "nabla": r"\nabla_{{{}}} ", "letter": ""}


class _Habits(_Latex):
    def __init__(self, expression: Expression, notation: Notation, flags: Mapping[str, str]) -> None:
        super().__init__(expression, notation)
        self.habits, self.names = flags, notation

    def unbracketed(self, node: Expression) -> str | None:
        own = getattr(self, f"own_{node.head}", None)
        made = own(node) if own is not None else None
        return made if made is not None else super().unbracketed(node)

    def own_derivative(self, node: Expression) -> str | None:
        """A derivative by one variable in another spelling."""
        spelling, body = self.habits.get("derivative"), ungrouped(node.args[0])
        if spelling is None or len(node.args) != 2:
            return None
        variable = ungrouped(node.args[1])
        below, top = self.write(variable), self.write(body, FACTOR)
        is_named = body.head == "symbol" and variable.head in ("symbol", "entry", "member")
        if spelling == "over" and node.data == "Leibniz":
            return rf"{{\partial {top} \over \partial {below}}}"
        if spelling == "slash" and node.data == "Leibniz" and is_named:
            return rf"\partial {top} / \partial {below}"
        if spelling in SUBSCRIPTED and is_named and self.is_scalar(body):
            if spelling == "D" and self.names.declared("D") is not None:
                return None
            if spelling == "nabla" and (variable.head != "symbol" or self.is_scalar(variable)):
                return None
            return rf"{top}_{{{below}}}" if spelling == "letter" else SUBSCRIPTED[spelling].format(below) + top
        return None

    def is_scalar(self, node: Expression) -> bool:
        """Whether a name is declared as a number."""
        declared = self.names.declared(str(node.data))
        return declared is not None and declared.dims == SCALAR

    def own_at(self, node: Expression) -> str:
        """A value at a point."""
        body, variable, value = (self.write(arg) for arg in node.args)
        bar = rf"\Big|_{{{variable} = {value}}}"
        return rf"\left. {body} \right|_{{{variable} = {value}}}" if self.habits.get("fraction") else body + bar

    def own_quotient(self, node: Expression) -> str | None:
        """A fraction written with ``\\over`` or on one line."""
        if node.data == "loose":
            above, below = ungrouped(node.args[0]), ungrouped(node.args[1])
            return f"{self.write(above)}/{self.write(below)}"
        if self.habits.get("fraction") == "over" and node.data == "frac":
            above, below = (self.write(ungrouped(part)) for part in node.args)
            return rf"{{{above} \over {below}}}"
        return None

    def own_power(self, node: Expression) -> str | None:
        """An exponential as a function."""
        base = node.args[0]
        if self.habits.get("exponential") and base.head == "constant" and base.data == "e":
            body = self.write(ungrouped(node.args[1]))
            left, right = ("{", "}") if self.habits["exponential"] == "braced" else (r"\left(", r"\right)")
            return rf"\exp{left}{body}{right}"
        return None

    def own_kronecker(self, node: Expression) -> str | None:
        """A delta as an indicator of equal indices."""
        spelling = self.habits.get("delta")
        if spelling is None:
            return None
        one, other = (self.write(place) for place in node.args)
        return spelling.format(one, other)


def set_in_latex(expression: Expression, notation: Notation, flags: Mapping[str, str]) -> str:
    """The expression in LaTeX, with the habits that the flags name."""
    return _Habits(expression, notation, flags).write(expression)
