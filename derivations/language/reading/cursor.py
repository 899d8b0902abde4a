"""Tokens under a notation, looked at one after the other; the grammar stands above, in ``parser``."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from contextlib import suppress
from itertools import pairwise
from typing import TYPE_CHECKING, NoReturn, Self

from truestep.derivations.language.faults import ReadingFault, Span
from truestep.derivations.language.latex.groups import Token, Tree, tree
from truestep.derivations.language.liberties import Choice, Reading
from truestep.derivations.language.notation import ACCENTS, CONSTANTS, FONTS, strip_fonts
from truestep.derivations.language.reading.tokens import closing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.derivations.language.expression import Expression
    from truestep.derivations.language.notation import Notation

FACTOR_DEEP = 2  # a factor within a factor takes twice the room of a range within a range; a bracket is both
MAX_DEPTH = 60
DEEPEST = MAX_DEPTH * (FACTOR_DEEP + 1) + FACTOR_DEEP
MOST_READS, READS_A_TOKEN = 200, 3
SIGNS = {
    r"\oslash": "oslash",
    r"\cdot": "cdot",
    r"\times": "times",
    "*": "star",
    "@": "matmul",
    r"\np *": "array",
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
_BEGINS_NO_FACTOR = STOPS | set(SIGNS) | {r"\div", r"\dots"}
_TAKES = {**dict.fromkeys((*FONTS, *ACCENTS, r"\sqrt", r"\mathbb"), 1), r"\frac": 2}
_INVISIBLE = frozenset(("open", "close", "space"))
_SIGNS = frozenset((r"\partial", r"\nabla", r"\dd"))


class Cursor(ABC):
    """One range of tokens under a notation, and what the parts of the grammar ask of the whole."""

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
        offers: set[Choice] | None = None,
    ) -> None:
        self.tokens: Tree = tree(tokens)
        self.at, self.end = start, end
        self.notation, self.reading = notation, reading
        self.bound, self.outer, self.depth = bound, outer, depth
        self.offers = set[Choice]() if offers is None else offers
        self.is_short = False  # whether sums take their first term alone, in a look at what follows
        self.is_ahead = False  # whether this is a look, in which extremes do not look further themselves
        self.postfix: list[Expression] = []
        self.multiplied: tuple[str, ...] = ()  # the indices of the product whose body is read
        self.reads = [0]  # the number of factors that were read so far, by every look too
        self._need_depth()

    def _need_depth(self) -> None:
        if self.depth > DEEPEST:
            self.fail("this is nested too deeply")

    def descend(self) -> None:
        """One deeper, until ``ascend``; fails where that is too deep."""
        self.reads[0] = reads = self.reads[0] + 1
        if self.depth + FACTOR_DEEP > DEEPEST:
            self.fail("this is nested too deeply")
        if reads > MOST_READS + READS_A_TOKEN * len(self.tokens):
            self.fail("this can be read in too many ways")
        self.depth += FACTOR_DEEP

    def ascend(self) -> None:
        """Back to where it was before the last ``descend``."""
        self.depth -= FACTOR_DEEP

    def inside(self, start: int, end: int, *bound: str) -> Self:
        """A parser for a part of the range."""
        bounds, depth = (*self.bound, *bound), self.depth + 1
        inner = type(self)(self.tokens, start, end, self.notation, self.reading, bounds, self.outer, depth, self.offers)
        inner.is_short, inner.is_ahead, inner.reads = self.is_short, self.is_ahead, self.reads
        return inner

    def looking(self) -> Self:
        """A parser for a look at what follows: nothing that it meets is offered."""
        look = self.inside(self.at, self.end)
        look.offers, look.is_short = set(), True
        return look

    def takes(self, code: str, at: int) -> bool:
        """Whether the alternative of a liberty is taken at a token; it is noted that there is one."""
        place = self.tokens[at].start
        self.offers.add(Choice(code, place))
        return self.reading.takes(code, place)

    def skip_braces(self) -> None:
        """Passes over transparent braces."""
        while self.at < self.end and self.tokens[self.at].kind in _INVISIBLE and not is_over(self):
            self.at += 1

    def peek(self) -> Token | None:
        """The next token that prints something."""
        if self.at < self.end:
            token = self.tokens[self.at]
            if token.kind not in _INVISIBLE:
                return token
        self.skip_braces()
        return self.tokens[self.at] if self.at < self.end else None

    def is_left(self) -> bool:
        """Whether nothing follows but a relation: the side that ends here is a left side."""
        return self.peek() is None and self.end < len(self.tokens) and self.tokens[self.end].text in RELATIONS

    def is_right(self) -> bool:
        """Whether a relation stands before this place."""
        return any(self.tokens[place].text in RELATIONS for place in self.tokens.top(0, self.at))

    def is_next(self, *texts: str) -> bool:
        """Whether the next token is one of these."""
        if (token := self.tokens[self.at] if self.at < self.end else None) is not None and token.kind in _INVISIBLE:
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
            if self.at < self.end:
                is_group = self.tokens[self.at].kind == "open"
                self.at = (closing(self.tokens, self.at, self.end) if is_group else self.at) + 1
        return start, self.at

    def whole(self) -> Expression:
        """The expression that fills the range."""
        expression = self.sum()
        token = self.peek()
        if token is not None:
            self.fail(f"{token.text!r} does not fit here")
        return expression

    def sign_next(self) -> str:
        """The product sign that comes next; empty where there is none."""
        token = self.peek()
        if token is not None and token.text == "." and self._is_dot():
            return SIGNS[r"\cdot"]
        return "" if token is None or token.kind == "text" else SIGNS.get(token.text, "")

    def _is_dot(self) -> bool:
        """Whether a full stop without a gap stands between two names: the dot of a product, ``a.b``."""
        around = self.tokens[max(self.at - 1, 0) : self.at + 2]
        if len(around) < 3 or self.at + 1 >= self.end or around[1].kind != "mark":
            return False
        is_tight = around[0].end == around[1].start and around[1].end == around[2].start
        return is_tight and around[0].kind in ("letter", "close") and around[2].kind in ("letter", "command")

    def starts_factor(self, token: Token) -> bool:
        """Whether a factor can begin with this token."""
        if token.kind in ("letter", "digit", "unit", "open"):
            return True
        if token.kind == "text":
            return self.is_name_text(token)
        if token.kind == "mark":
            return token.text in "([.|" or self.is_script_before()
        return token.kind == "command" and token.text not in _BEGINS_NO_FACTOR

    def is_script_before(self) -> bool:
        r"""Whether a script on nothing comes next, which belongs to what follows: ``{}^t W``."""
        before = [token.kind for token in self.tokens[max(self.at - 2, 0) : self.at]]
        return self.is_next("^") and before == ["open", "close"]

    def has_operand(self) -> bool:
        """Whether something stands behind a derivative operator for it to act on."""
        token = self.peek()
        return token is not None and self.starts_factor(token)

    def is_name_text(self, token: Token) -> bool:
        r"""Whether a ``\text`` holds a name or a function rather than words."""
        word = token.text.strip()
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9 \-]{0,24}", word):
            return False
        full = f"\\text{{{word}}}"
        notation = self.notation
        return (
            notation.is_name(full)
            or notation.is_name(word)
            or notation.function_named(full) is not None
            or word in notation.words
            or word.lower() in CONSTANTS
            or any(key[0] == full for key in notation.names)
            or strip_fonts(full) in ("T", "I")
        )

    # The grammar.

    @abstractmethod
    def sum(self) -> Expression:
        """Terms joined by + and -."""

    @abstractmethod
    def term(self) -> Expression:
        """Factors joined by product signs, side by side, or by a slash."""

    @abstractmethod
    def signed_factor(self) -> Expression:
        """A factor that may carry its own minus sign, as after a product sign."""

    @abstractmethod
    def factor(self, is_bare: bool = False) -> Expression:
        """An atom with its scripts and primes, and with methods of code unless it is to be bare."""

    @abstractmethod
    def sum_body(self, names: tuple[str, ...], multiplied: bool = False) -> Expression:
        """What a sum runs over: the product to its right, and further terms by the reading in force."""

    @abstractmethod
    def reaches(self, names: tuple[str, ...], start: int) -> bool:
        """Whether the sum whose body begins at ``start`` goes on over the next term."""

    @abstractmethod
    def scripts(self, base: Expression, start: int) -> Expression:
        """A base that is no name, with its scripts and primes."""


def is_over(parser: Cursor) -> bool:
    r"""Whether the brace at this place opens a group with ``\over`` in it."""
    tokens, start = parser.tokens, parser.at
    return (
        tokens[start].kind == "open"
        and tokens.has_over
        and over_place(parser, start + 1, closing(tokens, start, parser.end)) is not None
    )


def over_place(parser: Cursor, start: int, end: int) -> int | None:
    r"""Where ``\over`` stands at the top level of a range."""
    tops = parser.tokens.top(start, end, strong=True)
    return next((place for place in tops if parser.tokens[place].text == r"\over"), None)


def mark_text(parser: Cursor, start: int, end: int) -> str:
    """The first printed token of a range."""
    while start < end and parser.tokens[start].kind in ("open", "close"):
        start += 1
    return parser.tokens[start].text if start < end else ""


def sign_of(parser: Cursor, start: int, end: int) -> str:
    """The sign of differentiation that a range begins with, where that is a d."""
    return "d" if mark_text(parser, start, end) in ("d", r"\dd") else ""


def differential_mark(parser: Cursor, start: int, end: int) -> int | None:
    r"""Where what follows a leading ``\partial`` or d (with its order) begins, or None where there is no such mark."""
    tokens = parser.tokens
    while start < end and tokens[start].kind == "open":
        start += 1
    if start >= end:
        return None
    token = tokens[start]
    is_d = token.kind == "letter" and token.text == "d" and not is_declared_d(parser)
    if is_d and (_word_here(parser, start) or (start + 1 < end and tokens[start + 1].text == "_")):
        return None  # a name of its own: d_k
    if not (is_d or token.text in (r"\partial", r"\dd")):
        return None
    start += 1
    if start < end and tokens[start].text == "^":
        start += 1
        start = closing(tokens, start, end) + 1 if tokens[start].kind == "open" else start + 1
    return start


def tight_mark(parser: Cursor, start: int, end: int) -> int | None:
    """Where the name behind a d that touches it begins; the declared d itself would cancel in such a fraction."""
    while start < end and parser.tokens[start].kind == "open":
        start += 1
    pair = parser.tokens[start : min(start + 2, end)]
    if [token.text for token in pair[:1]] != ["d"] or len(pair) < 2 or pair[1].kind not in ("letter", "command"):
        return None
    return start + 1 if pair[0].end == pair[1].start else None


def is_declared_d(parser: Cursor) -> bool:
    """Whether the letter d is a quantity of its own."""
    return ("d", None, None) in parser.notation.names


def _word_here(parser: Cursor, start: int) -> bool:
    word = parser.notation
    run = ""
    for token in parser.tokens[start : start + 16]:
        if token.kind != "letter":
            break
        run += token.text
    return any(run.startswith(known) for known in word.words if known.startswith("d") and len(known) > 1)


def reaches(parser: Cursor, variables: tuple[Expression, ...]) -> bool:
    """Whether an operator may reach over the terms that follow: one holds what it is by, none is derived by itself."""
    more = next((k for k in parser.tokens.top(parser.at + 1, parser.end) if parser.tokens[k].text in ("+", "-")), 0)
    if not more or derives(parser, more):
        return False
    by = {node.data for variable in variables for node in variable.walk() if node.head in ("symbol", "member")}
    with suppress(ReadingFault):
        _, *rest = parser.looking().sum().args
        held = any(node.data in by for term in rest for node in term.walk() if node.head in ("symbol", "member"))
        held = held and not any(term.has("derivative", "gradient", "operator") for term in rest)
        return held or all(term.head == "number" for term in rest)
    return False


def derives(parser: Cursor, start: int) -> bool:
    """Whether a term that follows has a derivative of its own: then no operator before it reaches that far."""
    pairs = pairwise(parser.tokens[start : parser.end])
    return any(one.text in _SIGNS or (one.text == "d" and before.kind == "open") for before, one in pairs)


def several(variable: Expression) -> tuple[Expression, ...]:
    """What a power of a variable below a derivative stands for: ``dx^2``."""
    if variable.head == "power" and variable.args[1].head == "number" and variable.args[1].data[0] in (2, 3):
        return (variable.args[0],) * int(variable.args[1].data[0])
    return (variable,)
