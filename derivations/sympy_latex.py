"""SymPy -> the LaTeX of statements, written so that it is read back as it was meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sympy
from sympy.core.function import AppliedUndef
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.printing.latex import LatexPrinter
from sympy.printing.precedence import PRECEDENCE

from derivations.faults import MeaningFault
from derivations.functions import BY_NAME, BY_SPELLING
from derivations.sympy_names import MatrixDerivative, Uses, uses_of
from derivations.sympy_reading import FUNCTIONS, counts_from_zero, decimal_of, from_sympy

if TYPE_CHECKING:
    from collections.abc import Mapping

NAMED = (sympy.Symbol, sympy.MatrixSymbol, sympy.IndexedBase, sympy.Idx, sympy.Indexed, MatrixElement, AppliedUndef)
TRANSPOSES = frozenset(("T", r"\top"))
_ROW = r" \\ "


def to_latex(expression: Any, names: Mapping[str, str] | None = None, uses: Uses | None = None) -> str:
    r"""The LaTeX of a SymPy object; ``names`` gives the LaTeX of symbols whose SymPy name is none.

    Raises MeaningFault for what is outside of the fragment.

    >>> z, j, k, K = sympy.IndexedBase("z"), *sympy.symbols("j k K")
    >>> to_latex(sympy.exp(z[k]) / sympy.Sum(sympy.exp(z[j]), (j, 1, K)))
    '\\frac{e^{z_{k}}}{\\sum_{j=1}^{K} e^{z_{j}}}'
    >>> to_latex(sympy.log(sympy.Symbol("yhat")), {"yhat": r"\hat{y}"})
    '\\log(\\hat{y})'
    """
    uses = uses if uses is not None else uses_of(expression)
    from_sympy(expression, uses)
    text: str = _Writer(names or {}, uses).doprint(expression)
    return text


class _Writer(LatexPrinter):  # type: ignore[misc]
    """SymPy's printer, with what truestep reads otherwise written otherwise."""

    def __init__(self, names: Mapping[str, str], uses: Uses) -> None:
        super().__init__()
        self.names = names
        self.has_e, self.has_delta = "e" in uses.objects, any(name.startswith(r"\delta") for name in uses.objects)

    # Names and entries.

    def _print_Symbol(self, node: Any, **_: Any) -> str:  # noqa: N802
        name = str(node.label) if isinstance(node, sympy.IndexedBase | sympy.Idx) else str(node.name)
        return self.names.get(name, name)

    _print_MatrixSymbol = _print_IndexedBase = _print_Idx = _print_Symbol  # noqa: N815

    def _print_Indexed(self, node: Any) -> str:  # noqa: N802
        return self._entry(self._base(node.args[0], "_"), [self._print(place) for place in node.args[1:]])

    def _print_MatrixElement(self, node: Any) -> str:  # noqa: N802
        places = [
            str(int(place) + 1) if place.is_Integer else self._print(place)
            for place, size in zip(node.args[1:], node.args[0].shape, strict=True)
            if size != 1 or place != 0
        ]
        return self._entry(self._base(node.args[0], "_"), places) if places else self._print(node.args[0])

    def _entry(self, base: str, places: list[str]) -> str:
        sign = "" if all(len(place) == 1 and place.isalpha() for place in places) else ","
        return f"{base}_{{{sign.join(places)}}}"

    def _base(self, node: Any, script: str) -> str:
        """A base that can take a script: in brackets unless it is a name that has no such script yet."""
        text: str = self._print(node)
        plain = (isinstance(node, NAMED) and not isinstance(node, AppliedUndef)) or (node.is_Integer and node >= 0)
        return text if plain and script not in _top(text) else rf"\left({text}\right)"

    # Numbers, sums and products.

    def _print_Float(self, node: Any) -> str:  # noqa: N802
        return f"{decimal_of(node):f}"

    def _print_Add(self, node: Any, order: Any = None) -> str:  # noqa: N802
        terms = node.args if isinstance(node, sympy.MatAdd) else self._as_ordered_terms(node, order=order)
        texts = [self._print(term) for term in terms]
        first = next((place for place, text in enumerate(texts) if not text.startswith("-")), 0)
        texts.insert(0, texts.pop(first))
        texts.sort(key=_is_open)
        out = ""
        for place, text in enumerate(texts):
            minus, body = text.startswith("-"), text.removeprefix("-").strip()
            if _is_open(body) and place < len(texts) - 1:
                body = rf"\left({body}\right)"
            out += (" - " if minus else " + ") + body
        return out.removeprefix(" + ").strip()

    def _print_MatAdd(self, node: Any) -> str:  # noqa: N802
        return self._print_Add(node)

    def _print_Mul(self, node: Any) -> str:  # noqa: N802
        if node.as_coeff_Mul()[0].is_negative:
            text = self._print(-node)
            return rf"- \left({text}\right)" if (-node).is_Add or text.startswith("-") else f"- {text}"
        above, below = sympy.fraction(node, exact=True)
        factors = sorted(sympy.Mul.make_args(above), key=_place) if above.is_Mul else [above]
        sums = [factor for factor in factors if isinstance(factor, sympy.Sum | sympy.Product)]
        texts = self._side_by_side([factor for factor in factors if factor not in sums], bool(sums) and below == 1)
        if below != 1:
            texts = [rf"\frac{{{' '.join(texts) or '1'}}}{{{self._print(below)}}}"]
        texts += [rf"\left({self._print(factor)}\right)" for factor in sums[:-1]]
        return " ".join(texts + [self._print(factor) for factor in sums[-1:]])

    def _side_by_side(self, factors: list[Any], goes_on: bool) -> list[str]:
        if len(factors) == 1 and not goes_on:
            return [self._print(factors[0])]
        texts = [self._factor(factor) for factor in factors]
        return [rf"\cdot {text}" if place and text[0].isdigit() else text for place, text in enumerate(texts)]

    def _print_MatMul(self, node: Any) -> str:  # noqa: N802
        first, *rest = node.args
        if first == -1:
            return f"- {self._print_MatMul(sympy.MatMul(*rest)) if len(rest) > 1 else self._factor(rest[0])}"
        if first.is_Rational and first < 0:
            return f"- {self._print_MatMul(sympy.MatMul(-first, *rest))}"
        return " ".join(self._factor(factor) for factor in node.args)

    def _factor(self, node: Any) -> str:
        if isinstance(node, sympy.Sum | sympy.Product | sympy.HadamardProduct | sympy.HadamardPower):
            return rf"\left({self._print(node)}\right)"
        text: str = self.parenthesize(node, PRECEDENCE["Mul"])
        return rf"\left({text}\right)" if text.startswith("-") else text

    def _print_HadamardProduct(self, node: Any) -> str:  # noqa: N802
        loose = sympy.MatMul | sympy.MatAdd | sympy.HadamardProduct | sympy.HadamardPower
        parts = [
            rf"\left({self._print(part)}\right)" if isinstance(part, loose) else self._print(part) for part in node.args
        ]
        return r" \circ ".join(parts)

    def _print_HadamardPower(self, node: Any) -> str:  # noqa: N802
        base, exponent = node.args
        return self._print_HadamardProduct(sympy.HadamardProduct(*[base] * int(exponent), evaluate=False))

    def _print_Sum(self, node: Any) -> str:  # noqa: N802
        sign = r"\sum" if isinstance(node, sympy.Sum) else r"\prod"
        body = self._print(node.function)
        text = rf"\left({body}\right)" if node.function.is_Add or body.startswith("-") else body
        for letter, lower, upper in node.limits:
            shift = counts_from_zero(letter, node.function)
            limits = (self._print(limit) for limit in ((lower + 1, upper + 1) if shift else (lower, upper)))
            low, high = limits
            text = f"{sign}_{{{self._print(letter)}={low}}}^{{{high}}} {text}"
        return text

    _print_Product = _print_Sum  # noqa: N815

    # Powers.

    def _print_Pow(self, node: Any) -> str:  # noqa: N802
        base, exponent = node.base, node.exp
        if exponent.is_Rational and exponent < 0:
            return (
                rf"\frac{{1}}{{{self._print(sympy.Pow(base, -exponent, evaluate=False) if exponent != -1 else base)}}}"
            )
        if exponent.is_Rational and exponent.p == 1 and exponent.q > 1:
            degree = "" if exponent.q == 2 else f"[{exponent.q}]"
            return rf"\sqrt{degree}{{{self._print(base)}}}"
        return self._raised(base, self._print(exponent))

    def _raised(self, base: Any, exponent: str) -> str:
        if exponent.strip() in TRANSPOSES:
            raise MeaningFault(f"the power {exponent} would be read as a transpose; name the exponent otherwise")
        return f"{self._base(base, '^')}^{{{exponent}}}"

    def _print_exp(self, node: Any, **_: Any) -> str:
        inner = self._print(node.args[0])
        return rf"\exp({inner})" if self.has_e else f"e^{{{inner}}}"

    def _print_Exp1(self, node: Any, **_: Any) -> str:  # noqa: N802
        return r"\exp(1)" if self.has_e else "e"

    def _print_MatPow(self, node: Any) -> str:  # noqa: N802
        return self._raised(node.base, self._print(node.exp))

    def _print_Inverse(self, node: Any) -> str:  # noqa: N802
        return f"{self._base(node.arg, '^')}^{{-1}}"

    def _print_Transpose(self, node: Any) -> str:  # noqa: N802
        return f"{self._base(node.arg, '^')}^{{T}}"

    # Functions and derivatives.

    def _print_Function(self, node: Any, **_: Any) -> str:  # noqa: N802
        return self._applied(self._function_name(node.func), [self._print(arg) for arg in node.args])

    _print_log = _print_Max = _print_Min = _print_Trace = _print_DiagMatrix = _print_Function  # noqa: N815
    _print_Determinant = _print_Function  # noqa: N815

    def _print_ElementwiseApplyFunction(self, node: Any) -> str:  # noqa: N802
        function = node.function.expr.func
        return self._applied(
            r"\exp" if function is sympy.exp else self._function_name(function), [self._print(node.expr)]
        )

    def _function_name(self, function: Any) -> str:
        name = BY_NAME[FUNCTIONS[function]].spellings[0] if function in FUNCTIONS else function.__name__
        name = self.names.get(name, name)
        return rf"\operatorname{{{name}}}" if name.isalpha() and name in BY_SPELLING else name

    def _applied(self, name: str, arguments: list[str]) -> str:
        return f"{name}({', '.join(arguments)})"

    def _print_Abs(self, node: Any, **_: Any) -> str:  # noqa: N802
        return rf"\left|{self._print(node.args[0])}\right|"

    def _print_Derivative(self, node: Any) -> str:  # noqa: N802
        matrix = isinstance(node, MatrixDerivative)
        variables = node.args[1:] if matrix else node.variables
        order = "" if len(variables) == 1 else f"^{{{len(variables)}}}"
        below = " ".join(rf"\partial {self._print(variable)}" for variable in variables)
        above = self._print(node.args[0])
        if isinstance(node.args[0], NAMED):
            return rf"\frac{{\partial{order} {above}}}{{{below}}}"
        return rf"\frac{{\partial{order}}}{{{below}}} \left({above}\right)"

    _print_MatrixDerivative = _print_Derivative  # noqa: N815

    # Cases, deltas and conditions.

    def _print_Piecewise(self, node: Any) -> str:  # noqa: N802
        rows = [
            rf"{self._print(value)} & "
            + (r"\text{otherwise}" if condition == sympy.true else rf"\text{{if }} {self._print(condition)}")
            for value, condition in node.args
        ]
        return rf"\begin{{cases}} {_ROW.join(rows)} \end{{cases}}"

    def _print_KroneckerDelta(self, node: Any, **_: Any) -> str:  # noqa: N802
        places = [self._print(place) for place in node.args]
        if self.has_delta or not all(len(place) == 1 for place in places):
            return rf"\mathbf{{1}}[{places[0]} = {places[1]}]"
        return rf"\delta_{{{''.join(places)}}}"

    def _print_Heaviside(self, node: Any, **_: Any) -> str:  # noqa: N802
        sign = ">" if node.args[1] == 0 else r"\ge"
        return rf"\mathbf{{1}}[{self._print(node.args[0])} {sign} 0]"

    def _print_Relational(self, node: Any) -> str:  # noqa: N802
        sign = {"==": "=", "!=": r"\neq", "<=": r"\le", ">=": r"\ge"}.get(node.rel_op, node.rel_op)
        return f"{self._print(node.lhs)} {sign} {self._print(node.rhs)}"

    def _print_Contains(self, node: Any, **_: Any) -> str:  # noqa: N802
        element, container = node.args
        if isinstance(container, sympy.FiniteSet):
            inside = ", ".join(self._print(member) for member in sorted(container, key=int))
            return rf"{self._print(element)} \in \{{{inside}\}}"
        left, right = "[("[bool(container.left_open)], "])"[bool(container.right_open)]
        return rf"{self._print(element)} \in {left}{self._print(container.start)}, {self._print(container.end)}{right}"

    def _print_And(self, node: Any, **_: Any) -> str:  # noqa: N802
        return r" \land ".join(self._print(part) for part in sorted(node.args, key=sympy.default_sort_key))

    def _print_Or(self, node: Any, **_: Any) -> str:  # noqa: N802
        return r" \lor ".join(self._print(part) for part in sorted(node.args, key=sympy.default_sort_key))

    # Matrices.

    def _print_Identity(self, node: Any, **_: Any) -> str:  # noqa: N802
        return f"I_{{{self._print(node.args[0])}}}"

    def _print_OneMatrix(self, node: Any, **_: Any) -> str:  # noqa: N802
        sizes = [size for size in node.shape if size != 1] if node.shape[1] == 1 else node.shape
        text = r" \times ".join(self._print(size) for size in sizes) or "1"
        return rf"\mathbf{{1}}_{{{text}}}"

    def _print_ImmutableDenseMatrix(self, node: Any) -> str:  # noqa: N802
        rows = (" & ".join(self._print(node[i, j]) for j in range(node.cols)) for i in range(node.rows))
        return rf"\begin{{bmatrix}} {_ROW.join(rows)} \end{{bmatrix}}"


def _place(factor: Any) -> tuple[int, Any]:
    """Where a factor stands in a product: numbers, names, sums in brackets, functions, cases."""
    base = factor.base if isinstance(factor, sympy.Pow) else factor
    if factor.is_number:
        return 0, factor.sort_key()
    kinds = (NAMED, sympy.KroneckerDelta), (sympy.Add,), (sympy.Function,)
    return next((k for k, kind in enumerate(kinds, 1) if isinstance(base, kind)), len(kinds) + 1), factor.sort_key()


def _top(text: str) -> str:
    r"""The text outside of braces and brackets.

    >>> _top(r"\frac{a_1}{b} + \left(c\right) d")
    '\\frac + \\left d'
    """
    out, depth = "", 0
    for letter in text:
        depth -= letter in "})]"
        if depth == 0 and letter not in "})]({[":
            out += letter
        depth += letter in "{(["
    return out


def _is_open(text: str) -> bool:
    """Whether a sum in a text would go on over what follows."""
    return r"\sum" in _top(text) or r"\prod" in _top(text)
