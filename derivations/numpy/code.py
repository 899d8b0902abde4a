"""From nodes and polynomials to NumPy expressions: a scalar is a 0-d array, a vector 1-d, a matrix 2-d."""

from __future__ import annotations

import keyword
import re
from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.derivations.deriving.algebra.functions import as_power, slope_node
from truestep.derivations.deriving.algebra.nodes import Node
from truestep.derivations.deriving.algebra.workshop import Workshop
from truestep.derivations.deriving.steps import Stuck
from truestep.derivations.language.functions import BY_NAME
from truestep.derivations.meaning.terms import Axis
from truestep.derivations.numpy.calls import ARRAY_CALLS, ROOT
from truestep.derivations.numpy.stable import (
    complement,
    entry_of,
    exponents,
    is_function,
    may_overflow,
    opened,
    quotient,
    spread,
    total_of_exponentials,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from truestep.derivations.deriving.algebra.monomials import Monomial, Place
    from truestep.derivations.language.shapes import Size

SUM, PRODUCT, UNARY, POWER, ATOM = range(5)
Code = tuple[str, int]  # the text, and how tightly its outermost operator binds

STEPS = {"step": ">", "step0": ">="}
PLACE = re.compile(r"(?P<opens>\(|, |)\{(?P<what>t|minus)\}")
LONG = 10**6  # a fraction below which is more is written as a decimal
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def python_name(latex: str) -> str:
    r"""The name of a symbol in code: backslash and braces go, accents follow the letter.

    >>> [python_name(name) for name in (r"\lambda", "W_1", r"\hat{y}", "W^{(1)}", r"\mathbf{x}", r"\hat{y}_2")]
    ['lambda_', 'W_1', 'y_hat', 'W_1', 'x', 'y_2_hat']
    """
    if latex.isascii() and latex.isalnum():
        return _spelled(latex)
    accents = "".join(f"_{accent}" for accent in re.findall(r"\\(hat|bar|tilde|dot|check)\b", latex))
    bare = re.sub(r"\\(hat|bar|tilde|dot|check|mathbf|boldsymbol|bm|mathrm|text|vec|mathcal)\b", "", latex)
    primes = "_prime" * bare.count("'")
    bare = bare.replace("^+", "_plus").replace("^*", "_star")  # w^+ is not w
    return _spelled(re.sub(r"[^0-9A-Za-z]+", "_", bare).strip("_") + primes + accents)


def _spelled(name: str) -> str:
    if not name or name[0].isdigit():
        name = f"v_{name}"
    return f"{name}_" if keyword.iskeyword(name) or name in ("np", "math") else name


class NumPy:
    """Writes nodes as NumPy expressions."""

    def __init__(
        self,
        workshop: Workshop,
        labels: Mapping[Axis, str] | None = None,
        definitions: Mapping[str, Node] | None = None,
        spelled: Mapping[str, str] | None = None,
    ) -> None:
        self.workshop, self.labels, self.definitions = workshop, labels or {}, definitions or {}
        self.spelled = spelled or {}  # names that are no letters

    def code(self, node: Node) -> str:
        """The expression that computes a node."""
        return self._of(node)[0]

    def _of(self, node: Node, least: int = SUM) -> Code:
        text, tight = self._rule(node)
        return (f"({text})", ATOM) if tight < least else (text, tight)

    def _text(self, node: Node, least: int) -> str:
        return self._of(node, least)[0]

    def _rule(self, node: Node) -> Code:
        match node.op:
            case "symbol":
                return self.spelled.get(node.data) or python_name(node.data), ATOM
            case "number":
                return _number(node.data)
            case "size":
                return python_name(str(node.data)), ATOM
            case "constant":
                return "np.pi", ATOM
            case "partial":
                of, by = node.data[:2]
                return f"d{python_name(of)}_d{python_name(by)}", ATOM
            case "ones":
                return f"np.ones({_dims(node)})", ATOM
            case "zeros":
                return f"np.zeros({_dims(node)})", ATOM
            case "eye":
                return f"np.eye({_size(node.dims[0])})", ATOM
            case "unit":
                return f"np.eye({_size(node.dims[0])})[{self._label(node.data)}]", ATOM
            case "off":
                return f"1 - np.eye({_size(node.dims[0])})", SUM
            case "lower":
                return f"np.tri({_size(node.dims[0])})", ATOM
            case "add":
                return self._sum(node)
            case "mul":
                return self._scaled(node)
            case "chain":
                return self._chain(node)
            case "entrywise":
                return self._entrywise(node.args)
            case "power":
                return self._power(node)
            case "function" if (raised := as_power(self.workshop, node)) is not None:
                return f"{self._text(raised[0], ATOM)}**{self._text(raised[1], ATOM)}", POWER
            case "function":
                return self._function(node)
        return self._whole(node)

    def _whole(self, node: Node) -> Code:
        arg = node.args[0]
        inner = self._text(arg, SUM)
        if called := ARRAY_CALLS.get(node.op):
            return called.format(inner), ATOM
        match node.op:
            case "transpose":
                return (f"{self._text(arg, ATOM)}.T", ATOM) if 1 not in arg.dims else self._of(arg)
            case "root":
                return ROOT.format("*" if node.data > 0 else "/", inner), PRODUCT
            case "argmax":
                return f"({self._text(arg, UNARY)} == np.max({inner})).astype(float)", ATOM
            case "softmax":
                along = "axis=1, keepdims=True" if node.data == "rows" else ""
                bare = self._text(arg, ATOM)
                shifted = f"np.exp({self._text(arg, UNARY)} - {bare}.max({along}))"
                return f"{shifted} / {shifted}.sum({along})", PRODUCT
            case "jacobian":
                value = self._text(arg, SUM)
                return f"np.diag({value}) - np.outer({value}, {value})", SUM
            case "cases":
                return self._cases(node)
        raise Stuck("the NumPy code", f"there is no code for {node.op}")

    def _sum(self, node: Node) -> Code:
        out = ""
        flat = [self._flat(arg) for arg in node.args]
        args = [one or arg for one, arg in zip(flat, node.args, strict=True)] if None in flat else node.args
        for arg in sorted(args, key=lambda one: _is_negative(one)):
            minus = _is_negative(arg)
            text = self._text(self.workshop.negative(arg) if minus else arg, PRODUCT)
            out += (" - " if minus else " + ") + text if out else ("-" if minus else "") + text
        return out, SUM

    def _flat(self, node: Node) -> Node | None:
        """The number that all entries of an array are, where they are one; beside other arrays it stands for it."""
        share, scalars, core = self.workshop.parts(node)
        ones = () if core is None else core.args if core.op == "chain" else (core,)
        if not ones or any(one.op != "ones" for one in ones):
            return None
        powers = [self.workshop.power(base, exponent) for base, exponent in scalars.items()]
        return self.workshop.scale_by(self.workshop.number(share), *powers)

    def _scaled(self, node: Node) -> Code:
        above: list[str] = []
        below: list[str] = []
        value = abs(node.data)
        if value.denominator > LONG:
            above.append(str(float(value)))
        elif value.denominator != 1:
            below.append(str(value.denominator))
        if value.numerator != 1 and value.denominator <= LONG:
            above.insert(0, str(value.numerator))
        args = quotient(self.workshop, node.args)
        if several := self._in_parts(args, node.data):
            return several
        for arg in args:
            if arg.op == "power" and arg.data < 0 and arg.is_scalar:
                below.append(self._text(self.workshop.power(arg.args[0], -arg.data), POWER))
            else:
                above.append(self._text(arg, UNARY if arg.op != "chain" or arg.is_scalar else PRODUCT))
        if args and args[-1].op == "chain" and not args[-1].is_scalar:
            above[-1] = f"({above[-1]})" if len(above) > 1 or below else above[-1]
        text = " * ".join(above) or "1"
        for factor in below:
            text += f" / {factor}"
        return (f"-{text}" if node.data < 0 else text), (SUM if node.data < 0 else PRODUCT)

    def _chain(self, node: Node) -> Code:
        args = node.args
        if picked := entry_of(node):
            return f"{self._text(picked[0], ATOM)}[{self._label(picked[1])}]", ATOM
        cut = next((k for k in range(1, len(args)) if args[k].dims[0] == 1 and node.dims != (1, 1)), None)
        if cut is not None and 1 not in node.dims:
            left, right = self.workshop.chain(args[:cut]), self.workshop.chain(args[cut:])
            return f"np.outer({self._text(left, SUM)}, {self._text(right, SUM)})", ATOM
        if node.dims == (1, 1) and len(args) == 2 and "ones" in (args[0].op, args[1].op):
            vector = args[1] if args[0].op == "ones" else args[0]
            return f"np.sum({self._text(vector, SUM)})", ATOM
        scaled = [self._row_scaled(args, place) for place in range(len(args))]
        return " @ ".join(text for text in scaled if text), PRODUCT

    def _row_scaled(self, args: Sequence[Node], place: int) -> str:
        return self._text(args[place], UNARY)

    def _entrywise(self, args: Sequence[Node]) -> Code:
        above: list[str] = []
        below: list[str] = []
        args = quotient(self.workshop, args)
        if several := self._in_parts(args, Fraction(1)):
            return several
        for arg in args:
            if arg.op == "power" and arg.data < 0:
                below.append(self._text(self.workshop.power(arg.args[0], -arg.data), POWER))
            else:
                above.append(self._text(arg, UNARY))
        text = " * ".join(above) or "1"
        for factor in below:
            text += f" / {factor}"
        return text, PRODUCT

    def _in_parts(self, args: Sequence[Node], value: Fraction) -> Code | None:
        """A product term by term, or that is 0 where a step is, whatever else is there; None where it needs no care."""
        if terms := spread(args):
            return self._rule(self.workshop.add(self.workshop.scale(value, self._product(one)) for one in terms))
        steps = [arg for arg in args if arg.op == "function" and arg.data[0] in STEPS]
        others = [arg for arg in args if arg not in steps]
        if not steps or not any(map(may_overflow, others)):
            return None
        tests = " & ".join(f"({self._text(one.args[0], PRODUCT)} {STEPS[one.data[0]]} 0)" for one in steps)
        kept = self.workshop.scale(value, self._product(others))
        return f"np.where({tests}, {self._text(kept, SUM)}, 0.0)", ATOM

    def _product(self, factors: Sequence[Node]) -> Node:
        return factors[0] if len(factors) == 1 else self.workshop.entrywise(factors)

    def _logarithm(self, arg: Node) -> Code | None:
        """The logarithm of a probability, without the probability; None where it is none."""
        inner, other = opened(arg, self.definitions), complement(arg, self.definitions)
        if other is not None and is_function(other, "sigmoid"):
            return f"-np.logaddexp(0, {self._text(other.args[0], SUM)})", SUM
        if is_function(inner, "sigmoid"):
            return f"-np.logaddexp(0, {self._text(self.workshop.negative(inner.args[0]), SUM)})", SUM
        if inner.op == "softmax":
            along = ", axis=1, keepdims=True" if inner.data == "rows" else ""
            bare = self._text(inner.args[0], SUM)
            return f"{self._text(inner.args[0], PRODUCT)} - np.logaddexp.reduce({bare}{along})", SUM
        if total := total_of_exponentials(arg):
            along = f", {total[1]}" if total[1] else ""
            return f"np.logaddexp.reduce({self._text(total[0], SUM)}{along})", ATOM
        if (powers := exponents(arg)) is not None:
            return f"np.logaddexp({', '.join(self._text(one, SUM) if one else '0' for one in powers)})", ATOM
        if is_function(arg, "cosh"):
            minus = self._text(self.workshop.negative(arg.args[0]), SUM)
            return f"np.logaddexp({self._text(arg.args[0], SUM)}, {minus}) - np.log(2)", SUM
        picked = entry_of(arg)
        whole = self._logarithm(picked[0]) if picked else None
        return (f"({whole[0]})[{self._label(picked[1])}]", ATOM) if picked and whole else None

    def _power(self, node: Node) -> Code:
        base, exponent = node.args[0], node.data
        if exponent < 0:
            return f"1 / {self._text(self.workshop.power(base, -exponent), POWER)}", PRODUCT
        if exponent == Fraction(1, 2):
            return f"np.sqrt({self._text(base, SUM)})", ATOM
        return f"{self._text(base, ATOM)}**{_of_number(exponent)}", POWER

    def _function(self, node: Node) -> Code:
        name, primes = node.data
        arg = node.args[0]
        known = BY_NAME.get(name)
        if known is not None and known.slope and primes == 1:
            return self._rule(slope_node(self.workshop, name, arg, self.workshop.function(name, arg)))
        code = known.numpy if known is not None else f"({{t}} {STEPS[name]} 0).astype(float)" if name in STEPS else ""
        if primes or not code:
            return f"{python_name(name)}{'_prime' * primes}({self._text(arg, SUM)})", ATOM
        if name == "log" and not primes and (stable := self._logarithm(arg)):
            return stable
        if code.isidentifier():
            return f"np.{code}({self._text(arg, SUM)})", ATOM
        text = PLACE.sub(lambda place: self._put(arg, place), code)
        return text, ATOM if is_call(text) else PRODUCT

    def _put(self, arg: Node, place: re.Match[str]) -> str:
        """The argument, or it with the other sign, in the place of a template; bare between brackets and commas."""
        node = self.workshop.negative(arg) if place["what"] == "minus" else arg
        bare = bool(place["opens"]) and place.string[place.end() :].startswith((")", ",", " >"))
        return place["opens"] + self._text(node, SUM if bare else ATOM)

    def _cases(self, node: Node) -> Code:
        count = len(node.data)
        tests = iter(node.args[count:])
        out = "0.0"
        branches = [
            (value, [f"({self._text(next(tests), PRODUCT)} {relation} 0)" for relation in relations])
            for value, relations in zip(node.args[:count], node.data, strict=True)
        ]
        for value, conditions in reversed(branches):
            text = self._text(value, SUM)
            out = f"np.where({' & '.join(conditions)}, {text}, {out})" if conditions else text
        return out, ATOM

    # Any order: a sum of products of entries as an Einstein summation.

    def einsum(self, polynomial: Sequence[Monomial], free: Sequence[Axis], sizes: Sequence[Size]) -> str:
        """The array over the free axes that a polynomial gives."""
        terms = [self._einsum(one, free) for one in polynomial]
        if not terms:
            return f"np.zeros(({', '.join(_size(size) for size in sizes)},))"
        return " + ".join(terms).replace("+ -", "- ")

    def _label(self, place: Place) -> str:
        """A place in code, where counting begins at 0; a label is an argument of its own."""
        return str(place - 1) if isinstance(place, int) else python_name(self.labels[place])

    def _indexed(self, code: str, letters: Mapping[Axis, str], places: Sequence[Place]) -> str:
        """The operand at the labels and numbers among some places."""
        if all(isinstance(place, Axis) and place in letters for place in places):
            return code
        inner = [":" if isinstance(place, Axis) and place in letters else self._label(place) for place in places]
        return f"{code if code.isidentifier() else f'({code})'}[{', '.join(inner)}]"

    def _einsum(self, one: Monomial, free: Sequence[Axis]) -> str:
        letters: dict[Axis, str] = {axis: LETTERS[k] for k, axis in enumerate([*free, *one.bound])}
        subscripts: list[str] = []
        operands: list[str] = []
        for (node, i, j), exponent in one.entries.items():
            places = [place for place, size in zip((i, j), node.dims, strict=True) if size != 1]
            code = self._text(self.workshop.power(node, exponent) if exponent != 1 else node, SUM)
            subscripts.append(_letters(letters, places))
            operands.append(self._indexed(code, letters, places))
        for first, second in one.deltas:
            axis = first if isinstance(first, Axis) else second
            assert isinstance(axis, Axis)
            subscripts.append(_letters(letters, (first, second)))
            operands.append(self._indexed(f"np.eye({_size(axis.size)})", letters, (first, second)))
        used = set("".join(subscripts))
        for axis in free:
            if letters[axis] not in used:
                subscripts.append(letters[axis])
                operands.append(f"np.ones({_size(axis.size)})")
        out = "".join(letters[axis] for axis in free)
        text = f"np.einsum('{','.join(subscripts)}->{out}', {', '.join(operands)})"
        if subscripts == [out] and re.fullmatch(r"\w+(\[[^\[\]]*\])?", operands[0]):
            text = operands[0]
        return text if one.coefficient == 1 else f"{_of_number(one.coefficient)} * {text}".replace("-1 * ", "-", 1)


def is_call(code: str) -> bool:
    """Whether some code is one call, to the last bracket.

    >>> is_call("np.exp(x)"), is_call("np.exp(x) + np.exp(y)"), is_call("(x > 0).astype(float)")
    (True, False, True)
    """
    depth = 0
    for character in code:
        depth += (character == "(") - (character == ")")
        if depth == 0 and character == " ":
            return False
    return code.endswith(")")


def _letters(letters: Mapping[Axis, str], places: Sequence[Place]) -> str:
    return "".join(letters[place] for place in places if isinstance(place, Axis) and place in letters)


def _is_negative(node: Node) -> bool:
    return (node.op == "mul" or node.op == "number") and node.data < 0


def _number(value: Fraction) -> Code:
    if value.denominator == 1 or value.denominator > LONG:
        text = str(value) if value.denominator == 1 else str(float(value))
        return text, ATOM if value >= 0 else UNARY
    return f"{value.numerator} / {value.denominator}", PRODUCT


def _of_number(value: Fraction) -> str:
    text, tight = _number(value)
    return text if tight >= UNARY else f"({text})"


def _size(size: Size) -> str:
    return str(size) if isinstance(size, int) else python_name(size)


def _dims(node: Node) -> str:
    sizes = [_size(size) for size in node.dims if size != 1]
    return sizes[0] if len(sizes) == 1 else f"({', '.join(sizes)})"
