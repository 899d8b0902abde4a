r"""The grammar: sums of products of factors, as people write them.

Braces that are no argument of a command are transparent, as they are in print.  Where typography leaves several
readings, ``Reading`` says which one is taken.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NoReturn

from truestep.derivations.language.expression import Expression, add, free_indices, joined
from truestep.derivations.language.faults import ReadingFault, Span
from truestep.derivations.language.latex.groups import Token, Tree, tree
from truestep.derivations.language.notation import ACCENTS, FONTS
from truestep.derivations.language.reading import atoms, operators
from truestep.derivations.language.reading.tokens import closing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.derivations.language.notation import Notation

MAX_DEPTH = 60


@dataclass(frozen=True, slots=True)
class Reading:
    """The choices that typography leaves open.

    ``sums``: how far a sum reaches over + and - (``auto``: while the terms contain the bound index, if it would be free
    otherwise).  A derivative operator behind takes the whole sum before it.
    ``wide``: a derivative operator acts on all that follows, not on the bracket behind it alone.
    ``rows``: one index on a matrix is a row as it stands, not as a column.
    ``inner``: a dot between two vectors of one shape is the inner product.  ``product_first``: division binds weaker.
    ``ahead``: no choice, but a look at what follows, in which extremes do not look further themselves.
    ``layout``: how derivatives are laid out: ``denominator``, ``numerator``, or ``mixed`` (``values.arranged``).
    ``comma``: a comma between digits, outside of brackets, is the decimal point.
    ``rename``: a sum whose body does not vary with its index, while that of another does, is read with the other.
    """

    sums: str = "auto"
    inner: bool = True
    rename: bool = False
    layout: str = "denominator"
    rows: bool = False
    wide: bool = False
    ahead: bool = False
    comma: bool = False


ADDITIVE = frozenset(("+", "-"))
SIGNS = {
    r"\oslash": "oslash",
    r"\cdot": "cdot",
    r"\times": "times",
    "*": "star",
    r"\odot": "odot",
    r"\circ": "circ",
    r"\otimes": "otimes",
}
RELATIONS = frozenset(
    (
        "=",
        "<",
        ">",
        r"\le",
        r"\ge",
        r"\neq",
        r"\approx",
        r"\equiv",
        r"\in",
        r"\notin",
        r"\to",
        r"\Rightarrow",
        r"\propto",
        r"\sim",
        r"\simeq",
        r"\leftarrow",
        r"\gets",
        r"\Leftrightarrow",
        r"\mapsto",
        r"\ll",
        r"\gg",
        r"\therefore",
        r"\because",
        r"\stackrel",
        r"\overset",
        r"\triangleq",
        r"\coloneqq",
        r"\subset",
        r"\cong",
    )
)
STOPS = RELATIONS | {",", ";", ")", "]", r"\}", r"\right", r"\rangle", "?", "&", r"\\", r"\rfloor", r"\rceil", r"\end"}


def _series(terms: list[Expression]) -> list[Expression]:
    """``a_1 + a_2 + \\dots + a_n`` as one series from its first term to its last."""
    dots = next((k for k, term in enumerate(terms) if term.head == "dots"), None)
    if dots is None:
        return terms
    if dots == 0 or dots + 1 >= len(terms) or any(term.head == "dots" for term in terms[dots + 1 :]):
        raise ReadingFault("these dots leave open how the sum goes on", terms[dots].span)
    written = (*terms[:dots], terms[dots + 1])
    return [Expression("series", written, None, joined(*written)), *terms[dots + 2 :]]


_TAKES = {**dict.fromkeys((*FONTS, *ACCENTS, r"\sqrt", r"\mathbb"), 1), r"\frac": 2}
_INVISIBLE = frozenset(("open", "close", "space"))


class Parser:
    """Reads one range of tokens under a notation."""

    def __init__(
        self,
        tokens: Sequence[Token],
        start: int,
        end: int,
        notation: Notation,
        reading: Reading,
        bound: tuple[str, ...] = (),
        outer: frozenset[str] = frozenset(),
        depth: int = 0,
    ) -> None:
        self.tokens: Tree = tree(tokens)
        self.at, self.end = start, end
        self.notation, self.reading = notation, reading
        self.bound, self.outer, self.depth = bound, outer, depth
        self.postfix: list[Expression] = []
        self.multiplied: tuple[str, ...] = ()  # the indices of the product whose body is read
        if depth > MAX_DEPTH:
            self.fail("this is nested too deeply")

    # Looking at tokens.

    def inside(self, start: int, end: int, *bound: str) -> Parser:
        """A parser for a part of the range."""
        return Parser(
            self.tokens, start, end, self.notation, self.reading, (*self.bound, *bound), self.outer, self.depth + 1
        )

    def skip_braces(self) -> None:
        """Passes over transparent braces."""
        while self.at < self.end and self.tokens[self.at].kind in _INVISIBLE and not operators.is_over(self):
            self.at += 1

    def peek(self) -> Token | None:
        """The next token that prints something."""
        if self.at < self.end:
            token = self.tokens[self.at]
            if token.kind not in _INVISIBLE:
                return token
        self.skip_braces()
        return self.tokens[self.at] if self.at < self.end else None

    def is_next(self, *texts: str) -> bool:
        """Whether the next token is one of these."""
        token = self.peek()
        return token is not None and token.text in texts and token.kind not in ("text", "unit")

    def take(self) -> Token:
        """The next token, passed."""
        token = self.peek()
        if token is None:
            self.fail("something is missing here")
        self.at += 1
        return token

    def fail(self, message: str, span: Span | None = None) -> NoReturn:
        """A reading fault at the present place."""
        if span is None:
            place = min(self.at, len(self.tokens) - 1)
            token = self.tokens[place] if self.tokens else None
            span = (token.start, token.end) if token else (0, 0)
        raise ReadingFault(message, span)

    def span_from(self, start: int) -> Span:
        """From the token at ``start`` to the last one passed."""
        last = max(start, self.at - 1)
        return (self.tokens[start].start, self.tokens[last].end)

    def argument(self, what: str) -> tuple[int, int]:
        """The range of a command's argument: a brace group, or one token."""
        while self.at < self.end and self.tokens[self.at].kind == "close":
            self.at += 1
        if self.at >= self.end:
            self.fail(f"{what} lacks its argument")
        if self.tokens[self.at].kind == "open":
            start, stop = self.at + 1, closing(self.tokens, self.at, self.end)
            self.at = stop + 1
            if start == stop:
                brace = self.tokens[start - 1]
                self.fail(f"the argument of {what} is empty", (brace.start, self.tokens[stop].end))
            return start, stop
        start = self.at
        self.at += 1
        for _ in range(_TAKES.get(self.tokens[start].text, 0)):
            if self.at < self.end and self.tokens[self.at].kind == "open":
                self.at = closing(self.tokens, self.at, self.end) + 1
        return start, self.at

    def whole(self) -> Expression:
        """The expression that fills the range."""
        expression = self.sum()
        token = self.peek()
        if token is not None:
            self.fail(f"{token.text!r} does not fit here")
        return expression

    # Sums and products.

    def sum(self) -> Expression:
        """Terms joined by + and -."""
        terms: list[Expression] = []
        while True:
            if self.is_next(r"\pm", r"\mp"):
                self.fail("a plus-minus sign leaves open which is meant")
            minus = False
            if self.is_next("+", "-"):
                minus = self.take().text == "-"
                if self.tokens[self.at - 1].text == "+" and self.is_next("-"):
                    minus = self.take().text == "-"
            elif terms:
                break
            start = self.at
            if terms and self.is_next(r"\dots"):
                token = self.take()
                terms.append(Expression("dots", (), None, (token.start, token.end)))
                continue
            term = self.term()
            terms.append(Expression("negative", (term,), None, self.span_from(max(start - 1, 0))) if minus else term)
        result = add(*_series(terms))
        for variables in self.postfix:
            result = Expression("derivative", (result, *variables.args), "postfix", joined(result, variables))
        self.postfix = []
        return result

    def term(self) -> Expression:
        """Factors joined by product signs, side by side, or by a slash."""
        factors: list[Expression] = []
        signs: list[str] = []
        sign = ""
        while True:
            if factors or sign:
                token = self.peek()
                if token is None or (factors and not sign and self._ends_product()):
                    break
                if token.kind != "text" and token.text in SIGNS:
                    if sign:
                        self.fail("a factor is missing between two product signs")
                    sign = SIGNS[self.take().text]
                elif token.text in ("/", r"\div") and token.kind != "text":
                    self.take()
                    below = self.signed_factor()
                    above = self._product(factors, signs)
                    factors, signs, sign = (
                        [Expression("quotient", (above, below), "slash", joined(above, below))],
                        [""],
                        "",
                    )
                    continue
                elif not self.starts_factor(token):
                    break
            elif self.is_next(*SIGNS, "/"):
                self.fail("a factor is missing before this sign")
            operator = operators.derivative_operator(self)
            if operator is not None:
                if self.has_operand():
                    body = operators.operand(self)
                    factors.append(Expression("derivative", (body, *operator.args), "operator", joined(operator, body)))
                    signs.append(sign)
                else:
                    factors, signs = self._apply_behind(operator, factors, signs)
            else:
                factors.append(self.signed_factor() if sign else self.factor())
                signs.append(sign)
            sign = ""
        if sign or not factors:
            self.fail("a factor is missing here")
        return self._product(factors, signs)

    def _ends_product(self) -> bool:
        r"""Whether a product over an index ends here: ``\prod_i a_i \prod_j b_j`` has two factors."""
        place = self.at + (self.sign_next() != "")
        if not self.multiplied or place >= self.end or self.tokens[place].text not in (r"\sum", r"\prod"):
            return False
        rest = [token.text for token in self.tokens[place + 1 : self.end] if token.kind not in ("open", "close")]
        own = rest[1:2] if rest[:1] == ["_"] else []
        return own == list(self.multiplied) or not set(self.multiplied) & set(rest)

    def _apply_behind(
        self, operator: Expression, factors: list[Expression], signs: list[str]
    ) -> tuple[list[Expression], list[str]]:
        if not factors:
            self.fail("this derivative has nothing to act on", operator.span)
        self.postfix.append(operator)
        return factors, signs

    @staticmethod
    def _product(factors: list[Expression], signs: list[str]) -> Expression:
        if len(factors) == 1:
            return factors[0]
        return Expression("product", tuple(factors), tuple(signs), joined(*factors))

    def signed_factor(self) -> Expression:
        """A factor that may carry its own minus sign, as after a product sign."""
        if self.is_next("-", "+"):
            start = self.at
            minus = self.take().text == "-"
            inner = self.signed_factor()
            return Expression("negative", (inner,), None, self.span_from(start)) if minus else inner
        return self.factor()

    def sign_next(self) -> str:
        """The product sign that comes next; empty where there is none."""
        token = self.peek()
        return "" if token is None or token.kind == "text" else SIGNS.get(token.text, "")

    def starts_factor(self, token: Token) -> bool:
        """Whether a factor can begin with this token."""
        if token.kind in ("letter", "digit", "unit", "open"):
            return True
        if token.kind == "text":
            return atoms.is_name_text(self, token)
        if token.kind == "mark":
            return token.text in "([.|"
        return token.kind == "command" and token.text not in STOPS and token.text not in SIGNS and token.text != r"\div"

    def has_operand(self) -> bool:
        """Whether something stands behind a derivative operator for it to act on."""
        token = self.peek()
        return token is not None and self.starts_factor(token)

    def factor(self) -> Expression:
        """An atom with its scripts and primes."""
        return atoms.factor(self)

    # Sums over an index.

    def sum_body(self, names: tuple[str, ...], multiplied: bool = False) -> Expression:
        """What a sum runs over: the product to its right, and further terms by the reading in force."""
        before, around = self.bound, self.multiplied
        self.bound, self.multiplied = (*before, *names), names if multiplied else ()
        start = self.at
        sign = self.is_next("-", "+") and self.take().text == "-"
        body = self.term()
        self.multiplied = around
        terms = [Expression("negative", (body,), None, self.span_from(start)) if sign else body]
        while self.is_next("+", "-") and self.reaches(names):
            minus = self.take().text == "-"
            term = self.term()
            terms.append(Expression("negative", (term,), None, term.span) if minus else term)
        self.bound = before
        return add(*terms)

    def reaches(self, names: tuple[str, ...]) -> bool:
        """Whether the sum goes on over the next term."""
        if self.reading.sums == "short" or self.postfix:
            return False
        saved = self.at
        try:
            self.take()
            short = replace(self.reading, sums="short")
            inner = Parser(self.tokens, self.at, self.end, self.notation, short, self.bound, self.outer, self.depth + 1)
            free = free_indices(inner.term())
        finally:
            self.at = saved
        if not free & set(names):
            return False
        return self.reading.sums == "long" or not (set(names) & self.outer)
