"""What has a meaning of its own: ones, identities, indicators, expectations, Kronecker deltas; scripts on a base."""

from __future__ import annotations

import itertools
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.derivations.language.expression import Expression, negative, number
from truestep.derivations.language.latex.groups import ALONE
from truestep.derivations.language.reading import brackets, conditions
from truestep.derivations.language.reading.indices import entries_above, held, indices
from truestep.derivations.language.reading.tokens import canonical, closing

if TYPE_CHECKING:
    from truestep.derivations.language.reading.cursor import Cursor


_TURNED = r"T|\top|\mathsf{T}|\mathrm{T}|\text{T}|\intercal|\mathsf T|\mathrm T|\mathbf{T}|\tr|\mathtt{T}|\mathit{T}"
TRANSPOSES = frozenset(_TURNED.split("|"))


def meaning(
    parser: Cursor, letter: str, sub: tuple[int, int] | None, sup: tuple[int, int] | None, start: int
) -> Expression | None:
    r"""What ``e``, ``\pi``, ``I``, ``E[...]`` and ``R^n`` mean where nobody declares them, without what is above it."""
    span = parser.span_from(start)
    if letter in ("e", r"\pi") and sub is None:
        return Expression("constant", (), letter, span)
    if letter == "I" and not (sup and canonical(parser.tokens[slice(*sup)]) not in TRANSPOSES):
        found = indicator(parser, start) if sub is None else identity_entry(parser, *sub, start)
        size = () if sub is None or found is not None else (_order(parser, *sub),)
        return found or Expression("identity", size, None, span)
    if letter == "E" and parser.is_next("[", *("(", r"\left") * parser.notation.has_chance) and sup is None:
        parser.at = start + 1
        return expectation(parser, start)
    if letter == "R" and sup is not None and sub is None and _is_set(parser, start, sup[1]):
        parser.at = start + 1
        return space(parser, start)
    return None


BEFORE_A_SET = frozenset(
    (r"\in", r"\to", r"\rightarrow", r"\mapsto", r"\subset", r"\subseteq", ":", r"\colon", r"\times")
)


def _is_set(parser: Cursor, start: int, end: int) -> bool:
    """Whether a letter with something above it stands where a set does: behind a sign that takes one, or alone."""
    if start:
        return parser.tokens[start - 1].text in BEFORE_A_SET
    return all(token.text in ("}", "") for token in parser.tokens[end:])


def space(parser: Cursor, start: int) -> Expression:
    r"""``\mathbb{R}^{k \times d}``."""
    sizes: list[Expression] = []
    if parser.is_next("^"):
        parser.take()
        inner = parser.inside(*parser.argument("^"))
        wrapped = inner.is_next("(", r"\{")
        whole = inner.whole()
        del wrapped
        while whole.head == "group":
            whole = whole.args[0]
        sizes = list(whole.args) if whole.head == "product" and set(whole.data[1:]) == {"times"} else [whole]
    return Expression("space", tuple(sizes), None, parser.span_from(start))


def expectation(parser: Cursor, start: int) -> Expression:
    r"""``\mathbb{E}_i[...]``, ``\mathbb{E}[y \mid x]``."""
    name: str | None = None
    if parser.is_next("_"):
        parser.take()
        name = canonical(parser.tokens[slice(*parser.argument("_"))])
        letter, _, law = name.partition(r"\sim")
        base = law.strip().partition("(")[0].strip("{}")
        is_known = parser.notation.is_name(base) or (base, "_") in parser.notation.families
        name = name if is_known else letter.strip("{} ")
    if not parser.is_next("[", "(", r"\left", r"\{"):
        parser.fail("an expectation needs its argument in brackets", parser.span_from(start))
    (body,), conditions_ = _given(parser, 1)
    return parser.scripts(Expression("mean", (body, *conditions_), name, parser.span_from(start)), start)


SPREADS = {**dict.fromkeys(("Var", "var", "V", "Variance"), "Var"), **dict.fromkeys(("Cov", "cov"), "Cov")}


def spread(parser: Cursor, word: str, start: int) -> Expression | None:
    r"""``\operatorname{Var}(x)`` and ``\operatorname{Cov}(x, y)``, where the word is no name; None else."""
    kind, at = SPREADS.get(word.lstrip("\\")), parser.at
    if kind is None or parser.notation.is_name(word):
        return None
    under = None
    if parser.is_next("_"):
        parser.take()
        under = canonical(parser.tokens[slice(*parser.argument("_"))])
    if not parser.is_next("[", "(", r"\left", r"\{"):
        parser.at = at
        return None
    bodies, conditions_ = _given(parser, 2 if kind == "Cov" else 1)
    node = Expression("spread", (*bodies, *conditions_), (kind, under, len(bodies)), parser.span_from(start))
    return parser.scripts(node, start)


def _given(parser: Cursor, most: int) -> tuple[tuple[Expression, ...], tuple[Expression, ...]]:
    """What stands in a bracket, by commas, before a bar and behind it."""
    at = parser.at
    left = parser.is_next(r"\left")
    parser.at += left
    opening = parser.take().text
    if opening not in ("[", "(", r"\{"):
        parser.fail("this needs its argument in brackets", parser.span_from(at))
    end = brackets.find_close(parser, opening, brackets.CLOSERS[opening], left)
    tops = [place for place in parser.tokens.top(parser.at, end) if parser.tokens[place].kind != "text"]
    bars = [place for place in tops if parser.tokens[place].text == "|"]
    bar = next((place for place in tops if parser.tokens[place].text == r"\mid"), bars[-1] if len(bars) % 2 else end)
    commas = [place for place in tops if parser.tokens[place].text == ","]
    if bar == end and most == 1:
        parser.at = at
        return (brackets.bracket(parser),), ()
    parts: list[tuple[Expression, ...]] = []
    for low, high in ((parser.at, bar), (bar + 1, end)):
        cuts = [low - 1, *(place for place in commas if low <= place < high), high]
        parts.append(tuple(parser.inside(a + 1, b).whole() for a, b in itertools.pairwise(cuts) if low <= high))
    if len(parts[0]) > most:
        parser.fail("this has too many arguments", parser.span_from(at))
    parser.at = end + 1 + left
    return parts[0], parts[1]


def ones(parser: Cursor, start: int) -> Expression:
    r"""``\mathbf{1}``, ``\mathbf{1}_{n \times 1}``, ``\mathbf{1}_K``, with ``^T``."""
    sizes: tuple[Expression, ...] = ()
    if parser.is_next("_"):
        parser.take()
        whole = parser.inside(*parser.argument("_")).whole()
        sizes = whole.args if whole.head == "product" and set(whole.data[1:]) == {"times"} else (whole,)
    return parser.scripts(Expression("ones", sizes, None, parser.span_from(start)), start)


def bold_ones(parser: Cursor, within: Cursor, start: int) -> Expression | None:
    r"""``\mathbf{1_n^T}``, ``\mathbf{1_n 1_n^T}``, ``\mathbf{11}^T``: side by side; the last bears what follows."""
    found: list[Expression] = []
    while within.is_next("1"):
        within.take()
        found.append(ones(within, within.at - 1))
    if within.peek() is not None:
        return None
    factors = (*found[:-1], parser.scripts(found[-1], start))
    return factors[0] if len(factors) == 1 else Expression("product", factors, ("",) * len(factors), factors[-1].span)


def identity_or_indicator(parser: Cursor, start: int) -> Expression:
    """``I``, ``I_k``; with a condition in brackets it is an indicator."""
    node = indicator(parser, start)
    if node is not None:
        return node
    sizes: tuple[Expression, ...] = ()
    if parser.is_next("_"):
        parser.take()
        low, high = parser.argument("_")
        entry = identity_entry(parser, low, high, start)
        if entry is not None:
            return entry
        sizes = (_order(parser, low, high),)
    return parser.scripts(Expression("identity", sizes, None, parser.span_from(start)), start)


def _order(parser: Cursor, low: int, high: int) -> Expression:
    r"""The size of an identity: ``n``, or its whole shape, ``n \times n``."""
    tokens, middle = parser.tokens, (low + high) // 2
    is_shape = (high - low) % 2 and tokens[middle].text in (r"\times", "*")
    texts = [[token.text for token in side] for side in (tokens[low:middle], tokens[middle + 1 : high])]
    return parser.inside(low, middle if is_shape and texts[0] == texts[1] else high).whole()


def identity_entry(parser: Cursor, low: int, high: int, start: int) -> Expression | None:
    """``I_{ij}``, an entry of the identity: the Kronecker delta."""
    letters = [token for token in parser.tokens[low:high] if token.text != ","]
    if len(letters) != 2 or not all(token.kind == "letter" for token in letters):
        return None
    found = indices(parser, low, high)
    return Expression("kronecker", tuple(found), None, parser.span_from(start))


def indicator(parser: Cursor, start: int) -> Expression | None:
    r"""The condition behind a 1, as ``_{i=j}``, ``[i = j]``, ``(y = k)``, ``\{..\}``; None where there is none."""
    at = parser.at
    if parser.is_next("_"):
        parser.take()
        low, high = _unbracketed(parser, *parser.argument("_"))
        if conditions.has_relation(parser.inside(low, high)):
            return Expression(
                "indicator",
                (conditions.condition(parser, low, high),),
                None,
                parser.span_from(start),
            )
    elif parser.is_next("[", "(", r"\{", r"\left"):
        node = _try_condition(parser)
        if node is not None:
            return Expression("indicator", node.args, None, parser.span_from(start))
    parser.at = at
    return None


def _try_condition(parser: Cursor) -> Expression | None:
    left = parser.is_next(r"\left")
    if left:
        parser.take()
    opening = parser.take().text
    closer = brackets.CLOSERS.get(opening)
    if closer is None:
        return None
    end = brackets.find_close(parser, opening, closer, left)
    inner = parser.inside(parser.at, end)
    if not conditions.has_relation(inner):
        return None
    parser.at = end + 1 + left
    return Expression("indicator", (conditions.condition(inner, inner.at, inner.end),))


def _unbracketed(parser: Cursor, low: int, high: int) -> tuple[int, int]:
    texts = (parser.tokens[low].text, parser.tokens[high - 1].text)
    return (low + 1, high - 1) if texts in (("(", ")"), ("[", "]"), (r"\{", r"\}")) else (low, high)


def is_kronecker(parser: Cursor) -> bool:
    r"""Whether ``\delta`` with two indices is the Kronecker delta here."""
    tokens, place = parser.tokens, parser.at + 1
    if place >= parser.end:
        return False
    if _mixed(parser) is not None:
        return True
    if _called(parser) is not None:
        return True
    if tokens[place].text == "_" and place + 1 < parser.end and tokens[place + 1].kind == "open":
        inner = tokens[place + 2 : closing(tokens, place + 1, parser.end)]
    elif tokens[place].kind == "open":
        inner = tokens[place + 1 : closing(tokens, place, parser.end)]
    else:
        return False
    inner = inner[:1] + [token for token in inner[1:] if token.text != "'"]
    letters = [token for token in inner if token.text != ","]
    two = len(letters) == 2 and all(token.kind in ("letter", "digit") for token in letters)
    if two and (r"\delta", letters[0].text, None) in parser.notation.names:  # an entry of \delta_1
        return False
    known = {*parser.notation.indices, *parser.bound}
    is_index = [token.text in known or token.kind == "digit" for token in letters]
    of_quantity = [token.text in parser.notation.bases and token.text not in known for token in letters]
    if two and len(inner) > 2 and any(is_index) and any(of_quantity):  # \delta_{f,t}, that of the gate f_t
        return False
    declared = next((name.declared for key, name in parser.notation.names.items() if key[0] == r"\delta"), None)
    return two and (declared is None or 1 in declared.dims)


def _called(parser: Cursor) -> tuple[int, int] | None:
    r"""The two indices of ``\delta(i, j)``, where delta is no name and both are letters of no quantity, or a number."""
    tokens, low = parser.tokens, parser.at + 2
    stop = tokens.partner[low - 1] if low < parser.end and tokens[low - 1].text == "(" else ALONE
    if stop != low + 3 or tokens[low + 1].text != "," or parser.notation.is_name(r"\delta"):
        return None
    known = [parser.notation.declared(tokens[place].text) for place in (low, stop - 1)]
    kinds = {tokens[place].kind for place in (low, stop - 1)}
    is_letter = kinds in ({"letter"}, {"letter", "digit"})
    return (low, stop) if is_letter and all(one is None or one.kind == "index" for one in known) else None


def _mixed(parser: Cursor) -> tuple[tuple[int, int], tuple[int, int], int] | None:
    r"""The two indices of ``\delta^i_j``, and where it ends, where both letters are known as indices.

    One may be a letter of the row's own, which stands as the index of a declared name beside it.
    """
    at, found = parser.at, dict[str, tuple[int, int]]()
    parser.at += 1
    while len(found) < 2 and parser.is_next("_", "^"):
        sign = parser.take().text
        if sign in found or parser.at >= parser.end:
            break
        found[sign] = parser.argument(sign)
    end, parser.at = parser.at, at
    texts = [canonical(parser.tokens[slice(*part)]) for part in found.values()]
    known = [text in parser.notation.indices or text in parser.bound for text in texts]
    is_known = all(known) or (any(known) and all(map(_is_index_here, [parser] * 2, texts, known)))
    is_free = not parser.notation.is_name(r"\delta")
    return (found["^"], found["_"], end) if len(found) == 2 and is_known and is_free else None


def _is_index_here(parser: Cursor, letter: str, is_known: bool) -> bool:
    """Whether a letter that nobody declared is the index of a declared name in this row."""
    if is_known or not letter.isalpha() or len(letter) > 1 or parser.notation.is_name(letter):
        return is_known
    tokens = parser.tokens
    for place, token in enumerate(tokens[1:-1], 1):
        if token.text != "_" or token.kind != "mark" or not parser.notation.is_name(tokens[place - 1].text):
            continue
        stop = closing(tokens, place + 1, len(tokens)) if tokens[place + 1].kind == "open" else place + 1
        if any(inner.text == letter for inner in tokens[place + 1 : stop + 1]):
            return True
    return False


def kronecker(parser: Cursor) -> Expression:
    r"""``\delta_{ij}``, ``\delta^i_j``."""
    start = parser.at
    mixed = _mixed(parser)
    if mixed is not None:
        upper, lower, parser.at = mixed
        return Expression(
            "kronecker", (*indices(parser, *upper), *indices(parser, *lower)), None, parser.span_from(start)
        )
    called = _called(parser)
    parser.take()
    if called is not None:
        (low, high), parser.at = called, called[1] + 1
    else:
        if parser.tokens[parser.at].text == "_":
            parser.take()
        low, high = parser.argument(r"\delta")
    pair = indices(parser, low, high)
    return parser.scripts(Expression("kronecker", tuple(pair), None, parser.span_from(start)), start)


STARS = ("*", r"\ast", r"\star")


def raised(parser: Cursor, base: Expression, low: int, high: int, start: int) -> Expression:
    """A base with a superscript: a transpose, a power, or the positive part."""
    text = canonical(parser.tokens[low:high])
    text = text[1:-1] if text[:2] == "(-" and text[-1] == ")" else text
    if text in TRANSPOSES:
        return Expression("transpose", (base,), None, parser.span_from(start))
    known = parser.notation.declared(str(base.data)) if base.head == "symbol" else None
    is_matrix = known is not None and 1 not in known.dims
    if text == r"\dagger" and known is not None and known.dims != (1, 1):  # (A^T A)^{-1} A^T, or as physicists write
        is_turned = not is_matrix or parser.takes("dagger", start)
        made = Expression("transpose", (base,), None, parser.span_from(start))
        return made if is_turned else _pseudo_inverse(base, parser.span_from(start))
    if text == "+" and is_matrix:
        return _pseudo_inverse(base, parser.span_from(start))
    if text == "+":
        return Expression("apply", (base,), ("relu", 0, None), parser.span_from(start))
    if text.startswith("-") and text[1:] in TRANSPOSES:
        span = parser.span_from(start)
        inverse = Expression("power", (base, Expression("number", (), (-1, None), span)), None, span)
        return Expression("transpose", (inverse,), None, parser.span_from(start))
    sign = next((mark for mark in (r"\odot", r"\circ") if text.startswith(mark) and len(text) > len(mark)), None)
    if sign is not None:
        return Expression("power", (base, parser.inside(low + 1, high).whole()), "entrywise", parser.span_from(start))
    whole, *places = base.args if base.head == "entry" else (base.args[0] if base.head == "group" else base,)
    is_star = text in STARS and any(token.text == "=" for token in parser.tokens)
    if is_star and whole.head in ("symbol", "unknown"):  # w^*: the value at the solution
        name = f"({whole.data})" if "^" in str(whole.data) else whole.data
        starred = Expression("unknown", (), f"{name}^*", parser.span_from(start))
        return replace(base, args=(starred, *places)) if places else starred
    if text in ("*", r"\dagger", r"\circ") or text.startswith("'"):
        parser.fail(f"the superscript {text} has no meaning here", parser.span_from(start))
    if known is not None and (above := entries_above(parser, known, low, high)):
        return Expression("entry", (base, *above), None, parser.span_from(start))
    exponent = parser.inside(low, high).whole()
    return Expression("power", (base, exponent), None, parser.span_from(start))


def _pseudo_inverse(matrix: Expression, span: tuple[int, int]) -> Expression:
    """``X^+`` of a matrix of full column rank (Golub and Van Loan, Matrix Computations, section 5.5.2)."""
    turned = Expression("transpose", (matrix,), None, span)
    square = Expression("group", (Expression("product", (turned, matrix), ("", ""), span),), None, span)
    inverse = Expression("power", (square, negative(number(Fraction(1)))), None, span)
    return Expression("product", (inverse, turned), ("", ""), span)


def lowered(parser: Cursor, base: Expression, low: int, high: int, start: int) -> Expression:
    """A base with a subscript: an entry, or the positive part."""
    if canonical(parser.tokens[low:high]) == "+":
        return Expression("apply", (base,), ("relu", 0, None), parser.span_from(start))
    if base.head == "group" and base.args[0].head == "derivative":
        inner = parser.inside(low, high)
        kept = held(base, inner.sum(), inner)
        if kept is not None:
            return kept
    return Expression("entry", (base, *indices(parser, low, high)), None, parser.span_from(start))


def of_square(parser: Cursor, whole: Expression, sup: str | None, start: int) -> Expression | None:
    r"""``\sigma^4``, ``\sigma^{-2}`` and ``\sigma`` of a declared ``\sigma^2``: a power of it."""
    if sup is not None and not sup.removeprefix("-").isdigit():
        return None
    span = parser.span_from(start)
    exponent = Expression("number", (), (Fraction(int(sup or 1), 2), None), span)
    return Expression("power", (Expression("group", (whole,), None, span), exponent), None, span)


def is_quantity(parser: Cursor, sup: tuple[int, int] | None) -> bool:
    """Whether what stands above a letter is nothing, a number or the sign of a transpose: no exponent of e."""
    if sup is None:
        return True
    text = canonical(parser.tokens[slice(*sup)])
    return text.isdigit() or text in TRANSPOSES
