r"""Expression -> LaTeX, as a textbook sets it; what is written is read back as the same expression."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from truestep.derivations.language.expression import ANEW, BINDING, NONE, Expression
from truestep.derivations.language.faults import MeaningFault
from truestep.derivations.language.functions import BY_NAME
from truestep.derivations.language.writing.binding import BASE, FACTOR, NAMES, TERM, is_open, ungrouped
from truestep.derivations.language.writing.scripts import ScriptWriter, has_script

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from fractions import Fraction

    from truestep.derivations.language.notation import Notation

_TALL = (r"\frac", r"\sum", r"\prod", r"\begin", r"\left", r"\sqrt")
_TRANSPOSES = frozenset(("T", r"\top", "-T", r"-\top"))
_NORMS = {"inf": r"\infty"}
_ROW = r" \\ "
_SIGNS = {"otherwise": r"\text{otherwise}", "slice": ":", "dots": r"\dots", "infinity": r"\infty"}


def latex(expression: Expression, notation: Notation | None = None) -> str:
    r"""The expression in LaTeX, with its factors and terms in the order in which they stand.

    ``notation`` tells which names are declared; without it, those in the expression are.
    Raises MeaningFault for the power T, which would be read as a transpose.

    >>> x, y = Expression("symbol", (), "x"), Expression("symbol", (), r"\hat{y}")
    >>> latex(Expression("product", (x, Expression("add", (x, Expression("negative", (y,))))), ("", "")))
    'x (x - \\hat{y})'
    """
    return _Latex(expression, notation).write(expression).replace(ANEW, "")


class _Latex(ScriptWriter):
    """One method for each kind of node."""

    fraction = FACTOR
    minus, either = "-", {r"\pm": r"\pm ", r"\mp": r"\mp "}
    dots = (r"\dots", r"\cdots", r"\vdots", r"\ddots")
    signs: ClassVar[Mapping[str, str]] = {
        "": " ",
        "cdot": r" \cdot ",
        "times": r" \times ",
        "star": " * ",
        "matmul": " @ ",
        "array": " * ",
        "odot": r" \odot ",
        "circ": r" \circ ",
        "otimes": r" \otimes ",
        "oslash": r" \oslash ",
        "and": r" \land ",
        "or": r" \lor ",
    }
    relations: ClassVar[Mapping[str, str]] = {
        "<=": r"\le",
        ">=": r"\ge",
        "!=": r"\neq",
        "in": r"\in",
        "not in": r"\notin",
    }

    def unbracketed(self, node: Expression) -> str | None:
        rule = _RULES.get(node.head)
        return None if rule is None else rule(self, node)

    def bracketed(self, text: str) -> str:
        return rf"\left( {text} \right)" if _is_tall(text) else f"({text})"

    def level(self, node: Expression) -> int:
        return FACTOR if node.head == "kronecker" and not self._is_delta(node) else super().level(node)

    def below(self, script: str) -> str:
        return f"_{_braced(script)}"

    def above(self, script: str) -> str:
        return f"^{_braced(script)}"

    # Names.

    def unknown(self, node: Expression) -> str:
        """A name that nobody declared; one of several letters is set upright."""
        return _upright(str(node.data))

    def constant(self, node: Expression) -> str:
        """Euler's number or pi."""
        return r"\exp(1)" if node.data == "e" and self.is_taken("e") else str(node.data)

    def indices(self, places: tuple[Expression, ...]) -> str:
        """Indices side by side; a number of several digits alone in braces of its own."""
        text = super().indices(places)
        return f"{{{text}}}" if text.isdigit() and len(text) > 1 else text

    def fraction_of(self, value: Fraction) -> str:
        return rf"\frac{{{value.numerator}}}{{{value.denominator}}}"

    # Quotients, powers, roots.

    def quotient(self, node: Expression) -> str:
        """A fraction, or two parts with a slash between them."""
        above, below = (ungrouped(part) for part in node.args)
        if node.data == "frac":
            top = self.write(above)
            return rf"\frac{{{'{}' if _is_differential(top) else ''}{top}}}{{{self.write(below)}}}"
        numerator = self.write(above, TERM)
        slash = self.level(above) == TERM and (above.head == "quotient" or is_open(above))
        return f"{self.bracketed(numerator) if slash else numerator} / {self.write(below, FACTOR)}"

    def entrywise(self, base: Expression, exponent: str) -> str:
        return rf"{self.raisable(base)}^{{\odot {exponent}}}"

    def raised(self, base: Expression, raised: str) -> str:
        """A base with its exponent; an exponential where e is a quantity."""
        if raised in _TRANSPOSES:
            raise MeaningFault(f"the power {raised} would be read as a transpose; name the exponent otherwise")
        if base.head == "constant" and base.data == "e" and self.is_taken("e"):
            return r"\exp" + self.bracketed(raised)
        return super().raised(base, raised)

    def transpose(self, node: Expression) -> str:
        """A base with a T above; a name that has something there already in braces."""
        base = ungrouped(node.args[0])
        if base.head in NAMES and has_script(base, "^"):
            return f"{{{self.write(base)}}}^T"
        return super().transpose(node)

    def root(self, node: Expression) -> str:
        """A root with its degree."""
        degree = node.args[1] if len(node.args) > 1 else NONE
        return rf"\sqrt{'' if degree.head == 'none' else f'[{self.write(degree)}]'}{{{self.write(node.args[0])}}}"

    # Functions.

    def function(self, name: str) -> str:
        known = BY_NAME.get(name)
        if known is None or self.is_own(name):
            return _upright(name)
        return known.letter if known.letter and not self.is_taken(known.letter) else known.typeset

    # Derivatives.

    def derivative(self, node: Expression) -> str:
        """A fraction of differentials; an operator in front of what it acts on; a nabla."""
        body, variables = ungrouped(node.args[0]), node.args[1:]
        order = f"^{len(variables)}" if len(variables) > 1 else ""
        if node.data == "nabla":
            by = f"_{_braced(self.write(variables[0]))}" if variables else ""
            return rf"\nabla{by}{order} {self._acted_on(body)}"
        if str(node.data).startswith("held "):
            fraction = self.derivative(replace(node, data="Leibniz"))
            return rf"\left. {fraction} \right|_{{{', '.join(node.data.split()[1:])}}}"
        if node.data == "Leibniz":
            return rf"\frac{{\partial{order} {self.write(body, FACTOR)}}}{{{self.differentials(variables)}}}"
        text = self.write(body) if body.head in ("sum", "prod", "derivative") else self.write(body, FACTOR)
        return rf"\frac{{\partial{order}}}{{{self.differentials(variables)}}} {text}"

    def differentials(self, variables: tuple[Expression, ...]) -> str:
        """What a derivative is taken by, with equal neighbours as a power."""
        parts: list[str] = []
        for variable, run in itertools.groupby(variables):
            count = len(list(run))
            while count > 0:
                times = min(count, 3)
                parts.append(rf"\partial {self._differential(ungrouped(variable), times)}")
                count -= times
        return " ".join(parts)

    def _differential(self, variable: Expression, times: int) -> str:
        if times > 1:
            return f"{self.raisable(variable)}^{times}"
        text = self.write(variable, FACTOR)
        return self.bracketed(text) if variable.head == "power" else text

    def _acted_on(self, body: Expression) -> str:
        """What stands right behind a nabla."""
        text = self.write(body, FACTOR)
        return self.bracketed(text) if text.startswith(r"\frac") or text[0].isdigit() else text

    def gradient(self, node: Expression) -> str:
        """A nabla without a variable."""
        return rf"\nabla{'^2' if node.data == 2 else ''} {self._acted_on(ungrouped(node.args[0]))}"

    def operator(self, node: Expression) -> str:
        """A derivative operator alone."""
        order = f"^{len(node.args)}" if len(node.args) > 1 else ""
        return rf"\frac{{\partial{order}}}{{{self.differentials(node.args)}}}"

    def differential(self, node: Expression) -> str:
        """``dx``; with an upright d where d is a name or a size, or a function follows."""
        return ("d" if self.has_plain_d(node) else r"\mathrm{d}") + self.write(node.args[0], BASE)

    def code(self, node: Expression) -> str:
        """A call of array code."""
        return rf"\operatorname{{{node.data[0]}}}({self.listed(node.args)})"

    def call(self, node: Expression) -> str:
        """``f(a, b)`` of a function that a work introduces."""
        return f"{node.data}({', '.join(map(self.write, node.args))})"

    def total(self, node: Expression) -> str:
        """A sum, product or extreme with its limits, and the term that it runs over."""
        upper = node.args[2]
        above = "" if upper.head == "none" else f"^{{{self.write(upper)}}}"
        under, sign = self.limits(node), node.head.replace("arg", "arg\\")
        return rf"\{sign}" + (f"_{_braced(under)}" if under else "") + f"{above} {self.body(node)}"

    def mean(self, node: Expression) -> str:
        """An expectation."""
        under = f"_{_braced(node.data)}" if node.data else ""
        return rf"\mathbb{{E}}{under}" + self._given(node.args[:1], node.args[1:])

    def spread(self, node: Expression) -> str:
        """A variance or covariance."""
        word, under, count = node.data
        below = f"_{_braced(under)}" if under else ""
        return rf"\operatorname{{{word}}}{below}" + self._given(node.args[:count], node.args[count:])

    def limit(self, node: Expression) -> str:
        """A limit."""
        return rf"\lim_{{{node.data} \to {self.write(node.args[1])}}} {self.body(node)}"

    def _given(self, bodies: tuple[Expression, ...], conditions: tuple[Expression, ...]) -> str:
        parts = (", ".join(map(self.write, some)) for some in (bodies, conditions) if some)
        body = r" \mid ".join(parts)
        return rf"\left[ {body} \right]" if _is_tall(body) else f"[{body}]"

    # Bars, lists, arrays.

    def norm(self, node: Expression) -> str:
        """A norm with its kind."""
        inner = self.write(node.args[0])
        text = rf"\left\| {inner} \right\|" if _is_tall(inner) or r"\|" in inner else rf"\|{inner}\|"
        kind = self.write(node.args[1]) if node.data == "p" else _NORMS.get(node.data, node.data)
        return f"{text}_{_braced(kind)}" if node.data else text

    def absolute(self, node: Expression) -> str:
        """An absolute value."""
        return rf"\left|{self.write(node.args[0])}\right|"

    def at(self, node: Expression) -> str:
        """A value at a point, behind a bar."""
        parts = list(map(self.write, node.args[1:]))
        point = ", ".join(f"{name} = {value}" for name, value in zip(parts[::2], parts[1::2], strict=True))
        return rf"\left. {self.write(node.args[0])} \right|_{{{point}}}"

    def rounded(self, node: Expression) -> str:
        """The next whole number below or above."""
        sign = "floor" if node.head == "floor" else "ceil"
        inner = self.write(node.args[0])
        left, right = (r"\left", r" \right") if _is_tall(inner) else ("", " ")
        return rf"{left}\l{sign} {inner}{right}\r{sign}"

    def inner(self, node: Expression) -> str:
        """An inner product in angle brackets."""
        return rf"\langle {self.listed(node.args)} \rangle"

    def matrix(self, node: Expression) -> str:
        """Entries by rows."""
        return rf"\begin{{bmatrix}} {_ROW.join(' & '.join(row) for row in self.rows(node))} \end{{bmatrix}}"

    # Conditions.

    def negated(self, node: Expression) -> str:
        """A condition denied."""
        return rf"\neg {self.bracketed(self.write(node.args[0]))}"

    def cases(self, node: Expression) -> str:
        """Values with their conditions."""
        rows = [
            rf"{self.write(value)} & "
            + (r"\text{otherwise}" if condition.head == "otherwise" else rf"\text{{if }} {self.write(condition)}")
            for value, condition in zip(node.args[::2], node.args[1::2], strict=True)
        ]
        return rf"\begin{{cases}} {_ROW.join(rows)} \end{{cases}}"

    def indicator(self, node: Expression) -> str:
        """One where a condition holds, else zero."""
        return rf"\mathbf{{1}}[{self.write(node.args[0])}]"

    def kronecker(self, node: Expression) -> str:
        """The Kronecker delta; an indicator where its indices are more than letters, or delta is a quantity."""
        if self._is_delta(node):
            return rf"\delta_{{{self.indices(node.args)}}}"
        return rf"\mathbf{{1}}[{self.write(node.args[0])} = {self.write(node.args[1])}]"

    def _is_delta(self, node: Expression) -> bool:
        return not self.is_taken(r"\delta") and all(len(self.write(place)) == 1 for place in node.args)

    # Known arrays, sets and signs.

    def identity(self, node: Expression) -> str:
        """The identity of a size."""
        sign = r"\mathbb{I}" if self.is_taken("I") else "I"
        return f"{sign}_{_braced(self.write(node.args[0]))}" if node.args else sign

    def ones(self, node: Expression) -> str:
        """The array of ones."""
        sizes = r" \times ".join([self.write(size) for size in node.args])
        return r"\mathbf{1}" + (f"_{_braced(sizes)}" if sizes else "")

    def space(self, node: Expression) -> str:
        """The real arrays of a shape."""
        sizes = r" \times ".join([self.write(size) for size in node.args])
        return r"\mathbb{R}" + (f"^{_braced(sizes)}" if sizes else "")

    def sign(self, node: Expression) -> str:
        """A sign that stands for itself."""
        return _SIGNS[node.head]

    def members(self, node: Expression) -> str:
        """A list of what belongs to a set."""
        return rf"\{{{', '.join(node.data.split(','))}\}}"

    def cancel(self, node: Expression) -> str:
        """What is struck out, with what stands in its place."""
        inner, value, where = node.args
        below = "" if where.head == "none" else f"_{{{self.write(where)}}}"
        return rf"\cancel{{{self.write(inner)}}}^{{{self.write(value)}}}{below}"


def _is_tall(text: str) -> bool:
    return any(sign in text for sign in _TALL)


def _braced(text: str) -> str:
    """A script, in braces unless it is one character."""
    return text if len(text) == 1 else f"{{{text}}}"


def _upright(name: str) -> str:
    """A name with its first word as an operator, where that has several letters."""
    word, low, script = name.partition("_")
    return rf"\operatorname{{{word}}}{low}{script}" if word.isalpha() and len(word) > 1 else name


def _is_differential(text: str) -> bool:
    """Whether a numerator begins with a d that would be taken for that of a derivative; ``{}`` keeps it apart."""
    return text[:1] == "d" and not text[1:2].isalpha()


_RULES: dict[str, Callable[[_Latex, Expression], str]] = {
    "number": _Latex.number,
    "unknown": _Latex.unknown,
    **dict.fromkeys(("symbol", "index", "size", "set", "words"), _Latex.name),
    "constant": _Latex.constant,
    "member": _Latex.member,
    "entry": _Latex.entry,
    "add": _Latex.add,
    "negative": _Latex.negative,
    "plus-minus": _Latex.plus_minus,
    "product": _Latex.product,
    "quotient": _Latex.quotient,
    "power": _Latex.power,
    "transpose": _Latex.transpose,
    "root": _Latex.root,
    "apply": _Latex.apply,
    "bare": _Latex.bare,
    "prime": _Latex.prime,
    "factorial": _Latex.factorial,
    "derivative": _Latex.derivative,
    "operator": _Latex.operator,
    "gradient": _Latex.gradient,
    "differential": _Latex.differential,
    "call": _Latex.call,
    "code": _Latex.code,
    **dict.fromkeys(BINDING, _Latex.total),
    "mean": _Latex.mean,
    "limit": _Latex.limit,
    "spread": _Latex.spread,
    "series": _Latex.series,
    "typical": _Latex.typical,
    "norm": _Latex.norm,
    "abs": _Latex.absolute,
    "at": _Latex.at,
    "value": _Latex.value,
    **dict.fromkeys(("floor", "ceiling"), _Latex.rounded),
    "tuple": _Latex.tuple,
    "inner": _Latex.inner,
    **dict.fromkeys(("matrix", "pattern"), _Latex.matrix),
    "relation": _Latex.relation,
    **dict.fromkeys(("and", "or"), _Latex.joined),
    "not": _Latex.negated,
    "cases": _Latex.cases,
    "indicator": _Latex.indicator,
    "kronecker": _Latex.kronecker,
    "identity": _Latex.identity,
    "ones": _Latex.ones,
    "space": _Latex.space,
    "interval": _Latex.interval,
    "listed": _Latex.members,
    "cancel": _Latex.cancel,
    "underbrace": lambda to, node: rf"\underbrace{{{to.write(node.args[0])}}}_{{{to.write(node.args[1])}}}",
    **dict.fromkeys(_SIGNS, _Latex.sign),
}
