"""Code as people answer with it: ``np.outer(g, x)``, ``X.T.dot(g)``, ``g.sum(axis=0)``, ``np.einsum('ij,j->i', A, x)``.

Tokens first: modules fall away, calls and methods become one sign each; then the grammar of their arguments.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.derivations.language.expression import Expression, grouped, negative, number
from truestep.derivations.language.latex.groups import ALONE, Token, tree
from truestep.derivations.language.reading import conditions
from truestep.derivations.language.reading.indices import indices, shape_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from truestep.derivations.language.faults import Span
    from truestep.derivations.language.notation import Notation
    from truestep.derivations.language.reading.cursor import Cursor

CALL, METHOD = "\\np ", "\\. "
STAR = CALL + "*"  # a star between arrays: entry by entry, and broadcast
MODULES = frozenset("np numpy torch math jnp jax linalg scipy special nn functional tf F".split())
_SYNONYMS = {"maximum": "max", "minimum": "min", "amax": "max", "absolute": "abs", "power": "pow", "expit": "sigmoid"}
_AXES = frozenset(("axis", "dim", "keepdims", "keepdim"))
# words that mean nothing else, also without a module
_ALONE = frozenset("outer matmul einsum transpose dot inv multiply mean len".split())


def coded(tokens: list[Token], notation: Notation) -> list[Token]:
    """Calls and methods of code as signs of their own, and ``A.T`` as a transpose."""
    out: list[Token] = []
    place = 0
    while place < len(tokens):
        token = tokens[place]
        word, stop = _word(tokens, place + (token.text == "."))
        is_call = stop < len(tokens) and tokens[stop].text == "(" and tokens[stop - 1].end == tokens[stop].start
        if token.text == "." and out and out[-1].end == token.start and word and not _is_number(out):
            before = _before(out)
            known = _SYNONYMS.get(word, word)
            if word == "T":
                out += [token._replace(text="^"), *tokens[place + 1 : stop]]
            elif word == "grad" and notation.is_name(before):  # W.grad
                out.insert(len(out) - len(before), out[-len(before)]._replace(kind="command", text=r"\dd"))
            elif before in MODULES and not (len(before) == 1 and notation.is_name(before)):
                first, written = out[-len(before)], tokens[place + 1 : stop]
                del out[-len(before) :]
                is_known = is_call and known in CALLS
                out += [_sign(CALL + known, first, written[-1])] if is_known else _spelled(known, written)
            elif (is_call and known in CALLS) or known == "shape":
                if count := _short_gradient(out, notation):  # dY.sum(), dx_norm.sum()
                    out.insert(-count, Token("mark", "(", *[out[-count].start] * 2))
                    out.append(Token("mark", ")", out[-1].end, out[-1].end))
                out.append(_sign(METHOD + known, token, tokens[stop - 1]))
            else:
                out.append(token)
                stop = place + 1
            place = stop
        elif (
            (word in _ALONE or (word == "sum" and _has_axis(tokens, stop)))
            and is_call
            and not (out and out[-1].kind == "letter" and out[-1].end == token.start)
        ):
            out.append(_sign(CALL + word, token, tokens[stop - 1]))
            place = stop
        else:
            out.append(token)
            place += 1
    return _starred(out)


def _has_axis(tokens: Sequence[Token], start: int) -> bool:
    """Whether a call says over which axis it goes: ``(G, axis=0)``, ``(G, 0)``."""
    row = tree(tokens)
    stop = row.partner[start] if start < len(row) else ALONE
    commas = [k for k in row.top(start + 1, stop) if row[k].text == ","] if stop > start else []
    said = "".join(token.text for token in row[commas[0] + 1 : stop] if token.kind != "space") if commas else ""
    return said.isdigit() or said.startswith(("axis=", "dim="))


def _starred(tokens: list[Token]) -> list[Token]:
    """The tokens of a row of array code with each star as one between arrays."""
    if not any(token.text == "@" or token.text.startswith((CALL, METHOD)) for token in tokens):
        return tokens
    ends = {token.end for token in tokens if token.text == "*"}
    return [
        token._replace(kind="command", text=STAR)
        if token.text == "*" and token.end + 1 not in ends and token.end - 1 not in ends
        else token
        for token in tokens
    ]


def _word(tokens: Sequence[Token], start: int) -> tuple[str, int]:
    """The word of letters, digits and low lines that begins at a place with a letter, and where it ends."""
    place = start
    while place < len(tokens) and (tokens[place].kind in ("letter", "digit") or tokens[place].text == "_"):
        if place > start and tokens[place].start != tokens[place - 1].end:
            break
        place += 1
    is_word = place > start and tokens[start].kind == "letter"
    return ("".join(token.text for token in tokens[start:place]), place) if is_word else ("", start + 1)


def _is_number(out: Sequence[Token]) -> bool:
    """Whether a number ends here, and no name with one, such as W2 and W_2."""
    before = next((token for token in reversed(out) if token.kind != "digit"), None)
    return out[-1].kind == "digit" and (before is None or not (before.kind == "letter" or before.text == "_"))


def _before(out: Sequence[Token]) -> str:
    """The run of letters that ends here."""
    run, end = "", out[-1].end if out else 0
    for token in reversed(out):
        if token.kind != "letter" or token.end != end:
            break
        run, end = token.text + run, token.start
    return run


def _short_gradient(out: Sequence[Token], notation: Notation) -> int:
    """How many tokens make up the name that ends here, where it is a d before a declared one, with what is below it."""
    count = 0
    while count < len(out) and (out[-count - 1].kind in ("letter", "digit") or out[-count - 1].text == "_"):
        if count and out[-count - 1].end != out[-count].start:
            break
        count += 1
    run = "".join(token.text for token in out[len(out) - count :])
    return count if run[:1] == "d" and notation.is_name(run[1:2]) and not notation.is_name(run) else 0


def _sign(text: str, first: Token, last: Token) -> Token:
    return Token("command", text, first.start, last.end)


def _spelled(word: str, written: Sequence[Token]) -> list[Token]:
    """The letters of a word at the place of what was written."""
    edge = (written[0].start, written[-1].end)
    return [Token("letter", letter, edge[0] if k == 0 else edge[1], edge[1]) for k, letter in enumerate(word)]


# The grammar.


class Arguments:
    """The arguments of a call: those by place as expressions, the others as their texts."""

    def __init__(self, parser: Cursor, first: Sequence[Expression] = ()) -> None:
        self.places, self.named, self.letters = list(first), dict[str, str](), ""
        self.parser, opening = parser, parser.at
        close = parser.tokens.partner[opening] if parser.is_next("(") else -1
        if close <= opening:
            parser.fail("the arguments of this call are missing")
        begin = self._subscripts(opening + 1, close)
        self.ranges = list(self._ranges(begin, close))
        parser.at = close + 1

    def _subscripts(self, begin: int, close: int) -> int:
        """Behind the quoted letters of ``einsum('ij,jk->ik', ...)``, which are kept."""
        tokens = self.parser.tokens
        if begin < close and tokens[begin].text == "'":
            end = next((k for k in range(begin + 1, close) if tokens[k].text == "'"), close)
            self.letters = "".join(token.text for token in tokens[begin + 1 : end])
            return min(end + 2, close)
        return begin

    def _ranges(self, begin: int, close: int) -> list[tuple[int, int]]:
        tokens, found = self.parser.tokens, list[tuple[int, int]]()
        for stop in (*(k for k in tokens.top(begin, close) if tokens[k].text == ","), close):
            word, end = _word(tokens, begin)
            if word and end < stop and tokens[end].text == "=":
                self.named[word] = "".join(token.text for token in tokens[end + 1 : stop])
            elif begin < stop:
                found.append((begin, stop))
            begin = stop + 1
        return found

    def read(self) -> list[Expression]:
        """The arguments by place, read."""
        self.places += [self.parser.inside(*one).whole() for one in self.ranges]
        self.ranges = []
        return self.places or self.parser.fail("this call has no argument")

    @property
    def axis(self) -> int | None:
        """Over which axis an array is reduced; None over all."""
        text = self.named.get("axis", self.named.get("dim", ""))
        if not text and len(self.read()) > 1 and self.places[1].head == "number":
            text = str(self.places[1].data[0])
        if text in ("", "None"):
            return None
        if text not in ("0", "1", "-1"):
            self.parser.fail("this axis is not read here")
        return 1 if text == "-1" else int(text)

    def count(self, *wanted: int) -> list[Expression]:
        """The arguments, of which there are so many."""
        found = self.read()
        if len(found) not in wanted:
            self.parser.fail("this call has another number of arguments here")
        return found


def call(parser: Cursor) -> Expression:
    """``np.dot(a, b)``, from its sign on."""
    start, word = parser.at, parser.take().text.removeprefix(CALL)
    node = _made(word, Arguments(parser), parser.span_from(start))
    return parser.scripts(node, start)


def _made(word: str, given: Arguments, span: Span) -> Expression:
    """What a call is; an argument with a name that it does not take is not passed over."""
    unknown = set(given.named) - (_AXES if CALLS[word] is _reduced else set())
    if unknown:
        given.parser.fail(f"the argument {min(unknown)} is not read here", span)
    return CALLS[word](word, given, span)


def methods(parser: Cursor, node: Expression) -> Expression:
    """What follows a value as its methods: ``.dot(b)``, ``.sum(axis=0)``, ``.shape[0]``."""
    while (token := parser.peek()) is not None and token.kind == "command" and token.text.startswith(METHOD):
        start = parser.at
        parser.take()
        word, span = token.text.removeprefix(METHOD), (node.span[0], token.end)
        made = shape_of(parser, node) if word == "shape" else _made(word, Arguments(parser, (node,)), span)
        node = parser.scripts(made, start)
    return node


def array_index(parser: Cursor, node: Expression, axes: int, start: int) -> Expression:
    """``y[i]``, ``X[:, j]`` and ``a[v][i]``: indices in square brackets right behind an array's name."""
    found: list[Expression] = []
    at = parser.at
    while len(found) < axes and parser.at < parser.end and parser.tokens[parser.at].text == "[":
        low = parser.at + 1
        high = next((k for k in range(low, parser.end) if parser.tokens[k].text == "]"), low)
        inner = parser.tokens[low:high]
        if (
            parser.tokens[parser.at].start != parser.tokens[parser.at - 1].end
            or not inner
            or not all(
                token.kind == "digit"
                or token.text in (":", ",")
                or token.text in parser.bound
                or token.text in parser.notation.indices
                or (token.kind == "letter" and not parser.notation.is_name(token.text))
                for token in inner
            )
        ):
            break
        found += indices(parser, low, high)
        parser.at = high + 1
    if axes and len(found) == axes:
        return Expression("entry", (node, *found), None, parser.span_from(start))
    if axes and found and all(one.head == "number" for one in found):
        parser.fail("a row or an entry by number in square brackets is not read here", parser.span_from(start))
    parser.at = at
    return node


def _times(word: str, given: Arguments, span: Span) -> Expression:
    sign = "odot" if word == "multiply" else "matmul"
    return Expression("product", tuple(map(grouped, given.count(2))), ("", sign), span)


def _outer(_: str, given: Arguments, span: Span) -> Expression:
    left, right = given.count(2)
    return Expression(
        "product", (grouped(left), Expression("transpose", (grouped(right),), None, span)), ("", ""), span
    )


def _divided(_: str, given: Arguments, span: Span) -> Expression:
    return Expression("quotient", tuple(given.count(2)), "frac", span)


def _added(word: str, given: Arguments, span: Span) -> Expression:
    left, right = given.count(2)
    return Expression("add", (left, negative(grouped(right)) if word.startswith("sub") else grouped(right)), None, span)


def _turned(_: str, given: Arguments, span: Span) -> Expression:
    return Expression("transpose", (grouped(given.read()[0]),), None, span)


def _inverse(node: Expression, span: Span) -> Expression:
    return Expression("power", (grouped(node), negative(number(Fraction(1)))), None, span)


def _inverted(_: str, given: Arguments, span: Span) -> Expression:
    return _inverse(given.count(1)[0], span)


def _solved(_: str, given: Arguments, span: Span) -> Expression:
    matrix, right = given.count(2)
    return Expression("product", (_inverse(matrix, span), grouped(right)), ("", "matmul"), span)


def _raised(_: str, given: Arguments, span: Span) -> Expression:
    base, *rest = given.count(1, 2)
    return Expression("power", (grouped(base), *(rest or [number(Fraction(2))])), "entrywise", span)


def _norm(_: str, given: Arguments, span: Span) -> Expression:
    base, *rest = given.count(1, 2)
    order = str(rest[0].data[0]) if rest and rest[0].head == "number" else ""
    return Expression("norm", (base,), order, span)


def _reduced(word: str, given: Arguments, span: Span) -> Expression:
    axis, is_kept = given.axis, "True" in (given.named.get("keepdims"), given.named.get("keepdim"))
    return Expression("code", (given.read()[0],), (word, axis, is_kept), span)


def _contracted(_: str, given: Arguments, span: Span) -> Expression:
    return Expression("code", tuple(given.read()), ("einsum", given.letters), span)


def _chosen(_: str, given: Arguments, span: Span) -> Expression:
    (low, high), *others = given.ranges
    if len(others) != 2:
        given.parser.fail("this choice needs a condition and two values", span)
    condition = conditions.condition(given.parser, low, high)
    first, second = (given.parser.inside(*one).whole() for one in others)
    return Expression("cases", (first, condition, second, Expression("otherwise", (), None, span)), None, span)


def _applied(word: str, given: Arguments, span: Span) -> Expression:
    return Expression("apply", (given.read()[0],), (word, 0, None), span)


def _shifted(_: str, given: Arguments, span: Span) -> Expression:
    inner = Expression("add", (number(Fraction(1)), grouped(given.count(1)[0])), None, span)
    return Expression("apply", (inner,), ("log", 0, None), span)


def _less_one(_: str, given: Arguments, span: Span) -> Expression:
    powered = Expression("apply", (given.count(1)[0],), ("exp", 0, None), span)
    return grouped(Expression("add", (powered, negative(number(Fraction(1)))), None, span))


def _filled(word: str, given: Arguments, span: Span) -> Expression:
    if word.startswith("zeros"):
        return number(Fraction(0), span)
    sizes = given.read() if len(given.ranges) == 1 and not word.endswith("_like") else []
    known = tuple(node for node in sizes if node.head in ("size", "number"))
    return Expression("ones" if word.startswith("ones") else "identity", known, None, span)


def _is_matrix(node: Expression, notation: Notation) -> bool:
    """Whether a matrix stands here by its name, turned or added to another."""
    if node.head in ("group", "transpose", "add", "negative"):
        return _is_matrix(node.args[0], notation)
    known = notation.declared(str(node.data)) if node.head == "symbol" else None
    return known is not None and 1 not in known.dims


def _inner(word: str, given: Arguments, span: Span) -> Expression:
    """``np.inner(a, b)`` of vectors; of matrices it sums over the last axis of both."""
    if any(_is_matrix(node, given.parser.notation) for node in given.count(2)):
        given.parser.fail("this call is read of vectors here", span)
    return _times(word, given, span)


CALLS: dict[str, Callable[[str, Arguments, Span], Expression]] = {
    **dict.fromkeys(("dot", "matmul", "mm", "mv", "multiply"), _times),
    **dict.fromkeys(("vdot", "inner"), _inner),
    "outer": _outer,
    **dict.fromkeys(("divide", "true_divide", "div"), _divided),
    **dict.fromkeys(("add", "subtract", "sub"), _added),
    **dict.fromkeys(("transpose", "t"), _turned),
    **dict.fromkeys(("inv", "inverse"), _inverted),
    "solve": _solved,
    **dict.fromkeys(("square", "pow"), _raised),
    "norm": _norm,
    **dict.fromkeys(("sum", "mean"), _reduced),
    "einsum": _contracted,
    "len": lambda _, given, span: Expression("code", tuple(given.count(1, 1)), ("shape", 0), span),
    "where": _chosen,
    **dict.fromkeys(("det", "diag", "trace", "exp", "log", "sqrt", "abs", "tanh", "sigmoid", "relu"), _applied),
    "log1p": _shifted,
    "expm1": _less_one,
    **dict.fromkeys(("ones", "ones_like", "zeros", "zeros_like", "eye", "identity"), _filled),
}
