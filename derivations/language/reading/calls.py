"""Functions and their arguments, with and without brackets."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.derivations.language.expression import BINDING, NONE, Expression, is_number, joined
from truestep.derivations.language.faults import ReadingFault
from truestep.derivations.language.functions import BY_NAME, COMMANDS
from truestep.derivations.language.reading import brackets, max_min, operators
from truestep.derivations.language.reading.indices import indices, quantity_below
from truestep.derivations.language.reading.tokens import canonical, closing
from truestep.derivations.language.shapes import SCALAR

if TYPE_CHECKING:
    from truestep.derivations.language.latex.groups import Token
    from truestep.derivations.language.notation import Name, Notation
    from truestep.derivations.language.reading.cursor import Cursor

Range = tuple[int, int]
MAX_DERIVATIVES = 4
_OPERATORS = frozenset((r"\sum", r"\prod", r"\nabla", r"\partial"))
_EXPLICIT = frozenset((r"\cdot", r"\times", "*", "/", r"\odot", r"\circ", r"\otimes", r"\div"))


def application(
    parser: Cursor, function: str, primes: int, sub: Range | None, sup: Range | None, start: int
) -> Expression:
    r"""A function with its argument: ``\sigma'(z)``, ``\log_2 x``, ``\tanh^2 x``, ``\exp^{-z}``, ``softmax(z)_j``."""
    if function in max_min.EXTREMES and sub is not None and not primes and function not in parser.notation.functions:
        return max_min.extreme(parser, function, sub, sup, start)
    power, entry, base = None, None, None
    if sup is not None:
        text = canonical(parser.tokens[slice(*sup)])
        if function == "exp" and not text.lstrip("-").isdigit():
            argument = parser.inside(*sup).whole()
            return parser.scripts(Expression("apply", (argument,), ("exp", 0, None), parser.span_from(start)), start)
        if text == "-1":
            function = inverse_of(parser, function, start)
        else:
            power = parser.inside(*sup).whole()
    if sub is not None:
        if function == "log":
            base = parser.inside(*sub).whole()
        elif function in ("det", "diag", "trace") or function in max_min.EXTREMES:
            parser.fail("this subscript is not read here", parser.span_from(start))
        elif function not in parser.notation.functions or "_" not in function:
            entry = indices(parser, *sub)
    at, has_own = parser.at, parser.notation.argument(function) is not None
    is_sign = function in BY_NAME and BY_NAME[function].letter == parser.tokens[start].text
    arguments = None if is_sign and parser.is_next("-") else _arguments(parser, function)
    own, letter = None, parser.tokens[start].text
    names = {("bare", function)}
    if not primes and (is_sign or function == letter):
        names |= {("symbol", letter), ("unknown", letter)}  # where \sigma = \sigma(z) has made a quantity of it
    if has_own:
        own = next((one for each in arguments or () for one in each.walk() if (one.head, one.data) in names), None)
    if own is not None:
        arguments, parser.at = None, at  # \sigma(1 - \sigma) is a product
    span = parser.span_from(start)
    if own is not None and own.head != "bare":
        node = Expression(own.head, (), own.data, span)
    elif arguments is None:
        node = Expression("bare", (), function, span)
        for _ in range(primes):
            node = Expression("prime", (node,), None, span)
        if base is not None or not (has_own or (power is None and not primes)):
            parser.fail(f"the function {function} lacks its argument", span)
    else:
        node = Expression("apply", arguments, (function, primes, None), span)
    if base is not None:
        node = Expression("quotient", (node, Expression("apply", (base,), ("log", 0, None), span)), "frac", span)
    if entry is not None:
        node = Expression("entry", (node, *entry), None, span)
    node = parser.scripts(node, start)
    if power is not None:
        node = (
            Expression("transpose", (node,), None, span)
            if power.head == "unknown" and power.data == "T"
            else Expression("power", (node, power), None, span)
        )
    return node


def inverse_of(parser: Cursor, function: str, start: int) -> str:
    r"""What the exponent -1 at a name makes of it: ``\sin^{-1}`` is the arcsine."""
    known = BY_NAME.get(function)
    if known is None or not known.inverse or function in parser.notation.functions:
        parser.fail("an inverse function is not read here", parser.span_from(start))
    return known.inverse


def _arguments(parser: Cursor, function: str) -> tuple[Expression, ...] | None:
    """The arguments: in brackets, in braces, or the factors up to the next + or -; None where there are none."""
    while parser.at < parser.end and parser.tokens[parser.at].kind == "close":
        parser.at += 1
    token = parser.tokens[parser.at] if parser.at < parser.end else None
    if token is None:
        return None
    if token.text in ("(", "[", r"\{", r"\left", r"\langle") and token.kind in ("mark", "command"):
        return bracketed(parser)
    if token.kind == "open":
        low, high = parser.argument(function)
        inner = parser.inside(low, high)
        return (inner.whole(),)
    if function not in BY_NAME:
        return None
    return without_brackets(parser, function == "log")


def bracketed(parser: Cursor) -> tuple[Expression, ...]:
    """The arguments between brackets, by commas."""
    node = brackets.bracket(parser, listed=True, parted=(",", ";", r"\mid"))
    if node.head == "tuple":
        dotted = any(arg.head == "dots" for arg in node.args)
        ends = node.args[0], node.args[-1]
        return (Expression("pattern", ends, (1, 2), node.span),) if dotted else node.args
    if node.head == "indicator":
        parser.fail("a function of a condition is not read here", node.span)
    return (node.args[0] if node.head == "group" else node,)


def without_brackets(parser: Cursor, of_factors: bool = False) -> tuple[Expression, ...] | None:
    """The factors up to the next +, -, product sign, relation, or further function.

    Of a function ``of_factors``, a logarithm, it may be all factors: ``\\log a \\exp(b)``.
    """
    if parser.is_next("-"):
        start = parser.at
        parser.take()
        parser.descend()
        try:
            inner = without_brackets(parser, of_factors)
        finally:
            parser.ascend()
        if inner is None:
            parser.fail("something is missing here")
        return (Expression("negative", inner, None, parser.span_from(start)),)
    factors, first = list[Expression](), parser.at
    while (token := parser.peek()) is not None and parser.starts_factor(token) and token.text not in _EXPLICIT:
        chained = bool(factors) and factors[-1].head == "prod" and token.text == r"\prod"
        if factors and not chained and _ends(parser, token):
            is_operator = token.text in _OPERATORS or token.text == r"\frac"
            if is_operator or not of_factors or not parser.takes("function-scope", first):
                break
        factors.append(parser.factor())
        if factors[-1].head in BINDING and not (factors[-1].head == "prod" and parser.is_next(r"\prod")):
            break
    if not factors:
        return None
    if len(factors) == 1:
        return (factors[0],)
    return (Expression("product", tuple(factors), ("",) * len(factors), joined(*factors)),)


def _ends(parser: Cursor, token: Token) -> bool:
    """Whether an argument without brackets ends before a token."""
    return (
        token.text in COMMANDS
        or token.text in (r"\operatorname", "(", "[", *_OPERATORS)
        or (token.text == r"\frac" and _is_derivative(parser))
    )


def _is_derivative(parser: Cursor) -> bool:
    at = parser.at
    node = operators.fraction(parser)
    parser.at = at
    return node.head in ("operator", "derivative")


def slope(parser: Cursor, name: Name, primes: int, start: int) -> Expression | None:
    """``y'(h)``: the derivative of a scalar by the scalar in the bracket."""
    if name.declared.kind != "array" or name.declared.dims != SCALAR or not is_called(parser):
        return None
    close = parser.tokens.partner[parser.at]
    by = quantity_below(parser, parser.at + 1, close) if parser.at + 1 < close < parser.end else None
    known = None if by is None or by.head != "symbol" else parser.notation.declared(str(by.data))
    if by is None or known is None or known.dims != SCALAR or by.data == name.full:
        return None
    parser.at = close + 1
    top = Expression("symbol", (), name.full, parser.span_from(start))
    return Expression("derivative", (top, *[by] * primes), "prime", top.span)


_SPELLED = ("prime", "derivative", "gradient")


def valued(parser: Cursor, node: Expression) -> Expression:
    """``s'(0)``, ``f(1, 2)``: a given quantity, or a derivative of it, with numbers in a bracket close behind it.

    So it may be where what it is made of stands there, as in ``s(-x)``, though a product is the usual reading; a
    derivative in brackets may name what it is taken by: ``(\\nabla f)(x)``.
    """
    slope, start = _unbracketed(node), parser.at
    quantity = slope
    while quantity.head in _SPELLED:
        quantity = _unbracketed(quantity.args[0])
    if quantity.head == "bare" and slope is not quantity:
        return _at_argument(parser, slope, quantity) or node
    if quantity.head != "symbol":
        return node
    is_below = slope is quantity is node and parser.is_next("(") and brackets.is_below_nabla(parser, parser.at)
    is_near = is_called(parser, r"\left") or is_below
    if not is_near or (slope is quantity is not node):
        return node
    notation, name = parser.notation, str(quantity.data)
    if not (name in notation.depends or name in notation.defined):
        return node
    try:
        arguments = bracketed(parser)
        if is_number(*arguments):
            is_factor = len(arguments) == 1 and arguments[0].data != (0, None) and parser.is_right()
            is_point = slope is node and not (is_factor and parser.takes("factor", start))
        else:
            names = {str(one.data) for argument in arguments for one in argument.walk() if one.head == "symbol"}
            by = {str(one.data) for one in slope.args[1:] if slope.head == "derivative"}
            is_apart = slope.data == "Leibniz" if slope is node else bool(by) and by.isdisjoint(names)
            is_own = names and notation.defined.isdisjoint(names) and not is_apart
            if brackets.is_letter(arguments[0]) and len(arguments) == 1:
                is_shown = slope.head == "prime" or (slope is quantity and brackets.is_below_nabla(parser, start))
                is_point = is_shown or (slope is not quantity and parser.takes("value", start))
            else:
                is_point = bool(is_own) and (brackets.own_argument(parser, start) != [] or parser.takes("value", start))
    except ReadingFault:
        is_point = False
    if not is_point:
        parser.at = start
        return node
    return Expression("value", (node, *arguments), None, joined(node, *arguments))


def _at_argument(parser: Cursor, slope: Expression, function: Expression) -> Expression | None:
    r"""The derivative of a function at the argument in a bracket behind it: ``\frac{df}{dx}(x)``, ``(\nabla f)(x)``.

    A product with what is no argument of its own is the usual reading.
    """
    known, start = parser.notation.functions.get(str(function.data)), parser.at
    formals = known.formals if known is not None else ()
    if len(formals) != 1 or not is_called(parser, r"\left"):
        return None
    try:
        arguments = bracketed(parser)
    except ReadingFault:
        arguments = ()
    order, inner, own = 0, slope, len(arguments) == 1 and arguments[0].data == formals[0].data
    while inner.head in ("prime", "derivative"):
        is_by_own = inner.head == "prime" or all(one.data == formals[0].data for one in inner.args[1:])
        order += max(1, len(inner.args) - 1) if is_by_own else MAX_DERIVATIVES
        inner = _unbracketed(inner.args[0])
    is_prime = inner is function and order < MAX_DERIVATIVES and slope.head == "prime"
    is_elsewhere = inner is function and order < MAX_DERIVATIVES and not own and parser.takes("value", start)
    if len(arguments) == 1 and (is_prime or is_elsewhere):
        return Expression("apply", arguments, (function.data, order, None), joined(slope, *arguments))
    if own:
        applied = Expression("apply", arguments, (function.data, 0, None), joined(function, *arguments))
        return slope.map(lambda one: applied if one is function else one)
    parser.at = start
    return None


def _unbracketed(node: Expression) -> Expression:
    while node.head == "group":
        node = node.args[0]
    return node


def is_called(parser: Cursor, *signs: str) -> bool:
    """Whether a bracket, or one of some signs, follows without a gap: an unknown name is applied to something."""
    if parser.at >= parser.end or parser.at == 0:
        return False
    token = parser.tokens[parser.at]
    return token.text in signs or (
        token.text == "(" and token.kind == "mark" and token.start == parser.tokens[parser.at - 1].end
    )


def holds_itself(parser: Cursor, start: int) -> bool:
    r"""Whether the bracket behind a letter with an index holds that letter with one: ``\sigma_i (1 - \sigma_j)``.

    It is a product then, and no application.
    """
    tokens, letter = parser.tokens, parser.tokens[start].text
    if tokens[start + 1].text != "_":
        return False
    places = range(parser.at + 1, tokens.partner[parser.at] - 1)
    found = [place for place in places if tokens[place].text == letter and tokens[place + 1].text == "_"]
    ends = [(closing(tokens, k + 2, len(tokens)) if tokens[k + 2].kind == "open" else k + 2) + 1 for k in found]
    return any(tokens[end].text != "(" for end in ends)


_LETTERS = frozenset(row.letter for row in BY_NAME.values())  # such as \sigma


def is_member(parser: Cursor, base: str, start: int) -> bool:
    r"""Whether the letter of a function, with an index and applied to nothing, is a name of its own: ``\sigma_i``."""
    is_letter = parser.tokens[start].text == base and (
        len(base) == 1 or base in parser.notation.functions or base in _LETTERS
    )
    return is_letter and not (parser.is_next("(", "[", "{", r"\left") and not holds_itself(parser, start))


def is_conditional(parser: Cursor, is_array: bool) -> bool:
    r"""Whether one bar stands in a bracket behind an array's name, or behind what the row names without a bracket, too.

    That is a density which shares its letter with a quantity: ``\log p(y_i \mid x_i) = y_i \log p_i + ...``.
    """
    if not is_called(parser):
        return False
    tokens, place = parser.tokens, parser.at
    if sum(tokens[k].text in (r"\mid", "|") for k in tokens.top(place + 1, tokens.partner[place])) != 1:
        return False
    here = (k for k, token in enumerate(tokens) if token.text == tokens[place - 1].text and k != place - 1)
    return is_array or any(k + 1 == len(tokens) or tokens[k + 1].text != "(" for k in here)


def has_several(parser: Cursor) -> bool:
    """Whether a bracket follows without a gap that holds several things, between commas or about a bar."""
    if not is_called(parser):
        return False
    inside = parser.tokens.top(parser.at + 1, parser.tokens.partner[parser.at])
    return any(parser.tokens[place].text in (",", ";", r"\mid", *brackets.BARS) for place in inside)


def call(parser: Cursor, name: str, start: int) -> Expression:
    """An unknown function of its arguments, should it be introduced."""
    low, high = parser.at + 1, parser.tokens.partner[parser.at]
    if not low < high <= parser.end:
        parser.fail(f"the function {name} is not declared", parser.span_from(start))
    tops = [k for k in parser.tokens.top(low, high) if parser.tokens[k].text in (",", ";", r"\mid", *brackets.BARS)]
    is_bar = sum(parser.tokens[k].text in brackets.BARS for k in tops) == 1
    cuts = [low - 1, *(k for k in tops if is_bar or parser.tokens[k].text not in brackets.BARS), high]
    spans = [(a + 1, b) for a, b in itertools.pairwise(cuts) if parser.tokens[a + 1].text not in brackets.DOTS]
    arguments = tuple(parser.inside(*span).whole() for span in spans)
    parser.at = high + 1
    return Expression("call", arguments, name, parser.span_from(start))


def number(value: int) -> Expression:
    """A whole number as an expression."""
    return Expression("number", (), (Fraction(value), None))


def _derivatives_within(node: Expression) -> int:
    """How deep derivatives stand within one another."""
    own = len(node.args) - 1 if node.head == "derivative" else int(node.head in ("gradient", "prime"))
    return own + max(map(_derivatives_within, node.args), default=0)


def complete(expression: Expression, notation: Notation) -> Expression:
    """The expression, if every function in it has an argument (but for one that is differentiated by name)."""
    if expression.has("bare"):
        expression = _with_arguments(expression, notation)
    if expression.has("derivative", "gradient", "prime") and _derivatives_within(expression) > MAX_DERIVATIVES:
        raise ReadingFault(f"more than {MAX_DERIVATIVES} derivatives stand within one another", expression.span)
    bare = [node for node in expression.walk() if node.head == "bare"] if expression.has("bare") else []
    if bare:
        allowed = {id(node.args[0]) for node in expression.walk() if node.head == "derivative"}
        for node in bare:
            if id(node) not in allowed:
                raise ReadingFault(f"the function {node.data} lacks its argument", node.span)
    return expression


def by_name(node: Expression, notation: Notation) -> Expression:
    r"""``\nabla g`` of g(x) as the gradient of g(x), by x where that is all of which g is."""
    whole = node.args[0] if node.head == "gradient" else NONE
    every = notation.own_arguments(str(whole.data)) if whole.head == "bare" else ()
    if not every:
        return node
    applied = Expression("apply", every, (whole.data, 0, None), whole.span)
    is_one = len(every) == 1 == node.data
    return Expression("derivative", (applied, *every), "nabla", node.span) if is_one else node.of((applied,))


def _with_arguments(node: Expression, notation: Notation) -> Expression:
    """The expression with the functions in it taken of what they are elsewhere, where nothing stands behind them."""
    inner, primes = node, 0
    while inner.head == "prime":
        inner, primes = inner.args[0], primes + 1
    if inner.head == "bare":
        own, every = notation.argument(str(inner.data)), notation.own_arguments(str(inner.data))
        every = (own,) if own is not None and (len(every) < 2 or primes) else every
        if len(every) == 1 or (every and not primes):
            return Expression("apply", every, (inner.data, primes, None), node.span)
    if (named := by_name(node, notation)) is not node:
        return named
    is_named = node.head == "derivative" and node.args[0].head == "bare"
    return (
        node.of(tuple(one if is_named else _with_arguments(one, notation) for one in node.args)) if node.args else node
    )
