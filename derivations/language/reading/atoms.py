"""Atoms: numbers, brackets, bars, and what a control word or letter begins; then scripts and primes."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.derivations.language.expression import ANEW, NONE, Expression
from truestep.derivations.language.functions import COMMANDS
from truestep.derivations.language.notation import ACCENTS, FONTS
from truestep.derivations.language.reading import brackets, code, conditions, limits, names, operators, special
from truestep.derivations.language.reading.tokens import canonical

if TYPE_CHECKING:
    from truestep.derivations.language.latex.groups import Token
    from truestep.derivations.language.reading.cursor import Cursor

MAX_DIGITS = 40
LETTER_COMMANDS = frozenset(
    ("\\" + word)
    for word in (
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi "
        "omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega ell vartheta varrho varsigma infty hbar"
    ).split()
)


def factor(parser: Cursor) -> Expression:
    """An atom with its scripts and primes."""
    token = parser.peek()
    if token is None:
        parser.fail("a factor is missing here")
    start = parser.at
    if token.kind == "letter" and token.text != "d":
        return names.letter(parser)
    if token.kind == "open":
        return scripts(parser, operators.over(parser), start)
    if token.kind == "unit":
        parser.take()
        return scripts(parser, token.unit, start)
    if token.kind == "digit" or token.text == ".":
        return number_or_indicator(parser)
    if (token.kind == "mark" and token.text in ("(", "[")) or token.text in (r"\{", r"\langle", r"\lfloor", r"\lceil"):
        return scripts(parser, brackets.bracket(parser), start)
    if token.text == r"\left":
        return scripts(parser, brackets.bracket(parser), start)
    if token.text in ("|", r"\|") and token.kind != "text":
        return scripts(parser, brackets.bars(parser), start)
    if token.kind == "letter":
        slash = operators.slash_derivative(parser) if token.text == "d" else None
        if slash is not None:
            return (
                slash
                if slash.head == "derivative"
                else parser.fail("this derivative has nothing to act on", slash.span)
            )
        return names.letter(parser)
    if token.kind == "text":
        return names.text_name(parser)
    if token.kind == "command":
        return command(parser, token, start)
    if _is_turned_next(parser):
        parser.take()
        parser.argument("^")
        return Expression("transpose", (parser.factor(),), None, parser.span_from(start))
    parser.fail(f"{token.text!r} cannot stand here")


def _is_turned_next(parser: Cursor) -> bool:
    r"""Whether the sign of a transpose comes next on nothing, so that what follows is transposed: ``{}^t W``."""
    if not parser.is_script_before():
        return False
    look = parser.looking()
    look.take()
    return canonical(parser.tokens[slice(*look.argument("^"))]) in (*special.TRANSPOSES, "t")


def command(parser: Cursor, token: Token, start: int) -> Expression:
    """What a control word begins."""
    word = token.text
    if word == r"\frac":
        node = operators.fraction(parser)
        if node.head == "operator":
            parser.fail("this derivative has nothing to act on", node.span)
        return scripts(parser, node, start)
    if word == r"\sqrt":
        return scripts(parser, root(parser), start)
    if word in (r"\sum", r"\prod"):
        return limits.big_operator(parser)
    if word == r"\lim":
        return limits.limit(parser)
    if word in (r"\binom", r"\dbinom", r"\tbinom"):
        return scripts(parser, limits.binomial(parser), start)
    if word == r"\Gamma" and not parser.notation.is_name(word) and _is_applied(parser):
        parser.take()
        return limits.gamma(parser, start)
    if word == r"\begin":
        return scripts(parser, operators.environment(parser), start)
    if word == r"\nabla":
        return names.gradient(parser)
    if word.startswith(code.CALL):
        return code.call(parser)
    if word == r"\dd":
        slash = operators.slash_derivative(parser)
        return names.differential(parser) if slash is None else slash
    if word == r"\partial":
        slash = operators.slash_derivative(parser)
        if slash is not None and slash.head == "derivative":
            return slash
        return names.differential(parser)
    if word in (r"\cancel", r"\bcancel", r"\xcancel", r"\cancelto"):
        return cancelled(parser)
    if word in (
        r"\underbrace",
        r"\overbrace",
        r"\mathop",
        r"\mathbin",
        r"\mathclap",
        r"\highlight",
    ):
        parser.take()
        inner = parser.inside(*parser.argument(word)).whole()
        if word in (r"\underbrace", r"\overbrace") and parser.is_next("_", "^"):
            parser.take()
            parser.argument("the remark at the brace")
            return inner
        return scripts(parser, inner, start)
    if word == r"\mathbb":
        return names.blackboard(parser)
    if word in FONTS or word in ACCENTS or word == r"\operatorname":
        return names.decorated(parser)
    if word == r"\delta" and special.is_kronecker(parser):
        return special.kronecker(parser)
    if word == r"\delta" and (slash := operators.slash_derivative(parser)) is not None:
        return slash if slash.head == "derivative" else parser.fail("this derivative has nothing to act on", slash.span)
    if word[1:] in special.SPREADS and not parser.notation.is_name(word):
        parser.take()
        return names.resolve(parser, word[1:], start)
    if word in LETTER_COMMANDS or word in COMMANDS or word in parser.notation.bases or word.endswith(ANEW):
        parser.take()
        return names.resolve(parser, word, start)
    parser.fail(f"the control word {word} is not known here", (token.start, token.end))


def _is_applied(parser: Cursor) -> bool:
    """Whether a bracket stands behind the sign at this place."""
    return [token.text for token in parser.tokens[parser.at + 1 : parser.at + 2]] in (["("], [r"\left"], ["["])


# Numbers.


def digits(parser: Cursor) -> tuple[Fraction, int | None]:
    """A number as written: its value, and the decimal places where it has a point."""
    text = ""
    begin = parser.at
    while (token := _raw(parser)) is not None and (token.kind == "digit" or token.text == "."):
        if token.text == "." and not (
            _followed_by_digit(parser) or (text and "." not in text and _number_ends(parser))
        ):
            break
        text += token.text
        parser.at += 1
    _refuse_gaps(parser, begin)
    if text.count(".") > 1 or text in ("", "."):
        parser.fail("this is no number", parser.span_from(begin))
    if len(text) > MAX_DIGITS:
        parser.fail(f"a number with more than {MAX_DIGITS} digits is not read", parser.span_from(begin))
    places = len(text.partition(".")[2]) if "." in text else None
    return Fraction(text if not text.endswith(".") else text[:-1]), places or None


def _refuse_gaps(parser: Cursor, begin: int) -> None:
    """The whole part of a number with gaps has groups of three digits; ``10 00`` may be anything."""
    tokens = parser.tokens[begin : parser.at]
    gaps = [place for place in range(1, len(tokens)) if tokens[place].start > tokens[place - 1].end]
    bounds = itertools.pairwise((0, *gaps, len(tokens)))
    first, *others = ["".join(token.text for token in tokens[low:high]).partition(".") for low, high in bounds]
    if others and (len(first[0]) > 3 or first[1] or any(len(whole) != 3 for whole, _, _ in others)):
        parser.fail("two numbers stand side by side here", parser.span_from(begin))


def _raw(parser: Cursor) -> Token | None:
    return parser.tokens[parser.at] if parser.at < parser.end else None


def _followed_by_digit(parser: Cursor) -> bool:
    return parser.at + 1 < parser.end and parser.tokens[parser.at + 1].kind == "digit"


def _number_ends(parser: Cursor) -> bool:
    """Whether a point at this place ends the range, as in ``1.``"""
    return parser.at + 1 == parser.end


def number_or_indicator(parser: Cursor) -> Expression:
    r"""A number, or an indicator such as ``1_{i=j}``, ``1\{y = k\}``, ``1[i = j]``."""
    start = parser.at
    token = parser.tokens[start]
    if token.text == "1":
        parser.at += 1
        indicator = special.indicator(parser, start)
        if indicator is not None:
            return indicator
        below = [one.text for one in parser.tokens[start + 1 : min(start + 3, parser.end)]]
        if below[:1] == ["_"] and below[-1] in parser.notation.sizes:  # 1_n
            return special.ones(parser, start)
        parser.at = start
    value, places = digits(parser)
    _refuse_other_bases(parser, start)
    has_exponent = parser.at < parser.end and parser.tokens[parser.at].text in ("e", "E") and _exponent(parser)
    if has_exponent and (_is_typed_by_machine(parser, start) or parser.takes("power-of-ten", start)):
        value *= Fraction(10) ** _exponent_value(parser)
    if parser.is_next(r"\%"):
        parser.take()
        value, places = value / 100, None if places is None else places + 2
    node = Expression("number", (), (value, places), parser.span_from(start))
    return scripts(parser, node, start)


def _exponent(parser: Cursor) -> bool:
    """Whether ``e5``, ``e-3`` or ``E+2`` follows a number without a gap."""
    tokens, place = parser.tokens, parser.at
    following = tokens[place + 1 : min(place + 3, parser.end)]
    if not following or tokens[place].start != tokens[place - 1].end or following[0].start != tokens[place].end:
        return False
    return following[0].kind == "digit" or (
        len(following) == 2 and following[0].text in "+-" and following[1].kind == "digit"
    )


def _is_typed_by_machine(parser: Cursor, start: int) -> bool:
    """Whether ``e+1`` behind a number is a power of ten: nobody writes the factor 1, nor 01, nor a bare ``e5``."""
    mantissa, behind = parser.tokens[start : parser.at], [t.text for t in parser.tokens[parser.at + 1 : parser.at + 3]]
    return behind[0] not in "+-" or behind[1] == "0" or len(mantissa) > 3 or [t.text for t in mantissa] == ["1"]


def _refuse_other_bases(parser: Cursor, start: int) -> None:
    """``0x10``, ``101_2`` and ``1_000`` are numbers in a writing that is not read here, and nothing else."""
    behind = parser.tokens[parser.at : min(parser.at + 3, parser.end)]
    texts, before = [token.text for token in behind], parser.tokens[start : parser.at]
    prefixed = [token.text for token in before] == ["0"] and texts[:1] in (["x"], ["b"], ["o"]) and len(behind) > 1
    if prefixed and behind[0].start == before[0].end and behind[1].kind in ("digit", "letter"):
        parser.fail("this is no decimal number", parser.span_from(start))
    if texts[:1] == ["_"] and "digit" in [token.kind for token in behind[1 : 2 + (texts[1:2] == ["{"])]]:
        parser.fail("a number has no subscript", parser.span_from(start))


def _exponent_value(parser: Cursor) -> int:
    parser.at += 1
    sign = 1
    if parser.is_next("+", "-"):
        sign = -1 if parser.take().text == "-" else 1
    value, _ = digits(parser)
    if value > 60:
        parser.fail("this exponent is too large")
    return sign * int(value)


def root(parser: Cursor) -> Expression:
    r"""``\sqrt{x}`` and ``\sqrt[3]{x}``."""
    start = parser.at
    parser.take()
    degree = NONE
    if parser.at < parser.end and parser.tokens[parser.at].text == "[":
        parser.take()
        end = brackets.find_close(parser, "[", "]", left=False)
        degree = parser.inside(parser.at, end).whole()
        parser.at = end + 1
    is_typed = parser.tokens[min(parser.at, parser.end - 1)].text == "("  # √(x + y)
    inner = brackets.bracket(parser) if is_typed else parser.inside(*parser.argument(r"\sqrt")).whole()
    return Expression("root", (inner, degree), None, parser.span_from(start))


def cancelled(parser: Cursor) -> Expression:
    r"""``\cancel{a}`` is a; ``\cancel{a}^{b}`` puts b in its place, and claims that they are equal."""
    start = parser.at
    word = parser.take().text
    if word == r"\cancelto":
        value = parser.inside(*parser.argument(word)).whole()
        inner = parser.inside(*parser.argument(word)).whole()
        return Expression("cancel", (inner, value, NONE), None, parser.span_from(start))
    inner = parser.inside(*parser.argument(word)).whole()
    value, where = NONE, NONE
    while parser.is_next("^", "_"):
        if parser.take().text == "^":
            value = parser.inside(*parser.argument("^")).whole()
        else:
            low, high = parser.argument("_")
            where = conditions.condition(parser, low, high)
    if value is NONE:
        return inner
    return Expression("cancel", (inner, value, where), None, parser.span_from(start))


# Scripts.


_SCRIPTING = frozenset(("'", "^", "_", "!"))


def scripts(parser: Cursor, base: Expression, start: int) -> Expression:
    """A base that is no name, with its scripts and primes."""
    primes = 0
    seen: set[str] = set()
    if base.head == "number" and _is_turned_next(parser):  # 2 {}^t A
        return base
    while True:
        while parser.at < parser.end and parser.tokens[parser.at].kind == "close":
            parser.at += 1
        token = parser.tokens[parser.at] if parser.at < parser.end else None
        if token is None or token.text not in _SCRIPTING or token.kind == "text":
            break
        if token.text == "'":
            parser.at += 1
            primes += 1
            base = Expression("prime", (base,), None, parser.span_from(start))
            if primes > 3:
                parser.fail("this has too many primes")
        elif token.text in ("^", "_") and token.kind == "mark":
            if token.text in seen:
                parser.fail("two scripts at the same place: write braces")
            seen.add(token.text)
            parser.at += 1
            low, high = parser.argument(token.text)
            if all(inner.text == "'" for inner in parser.tokens[low:high]):
                base = Expression("prime", (base,), None, parser.span_from(start))
                continue
            base = (special.raised if token.text == "^" else special.lowered)(parser, base, low, high, start)
        elif token.text == "!" and token.kind == "mark":
            parser.at += 1
            if base.head == "factorial" or parser.is_next("!"):
                parser.fail("two exclamation marks in a row are not read here", parser.span_from(start))
            base = Expression("factorial", (base,), None, parser.span_from(start))
        else:
            break
    return base
