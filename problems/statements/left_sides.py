"""Left sides of givens: where the arguments of a name begin, names without what they depend on; facts behind commas."""

from __future__ import annotations

import dataclasses
import itertools
from contextlib import suppress
from typing import TYPE_CHECKING

from msgspec.structs import replace

from truestep.derivations.language import case_words
from truestep.derivations.language.expression import Expression
from truestep.derivations.language.faults import Fault, MeaningFault
from truestep.derivations.language.latex.groups import ALONE, Token, tree
from truestep.derivations.language.liberties import Reading
from truestep.derivations.language.reading.chains import Part, Statement
from truestep.derivations.language.reading.cursor import RELATIONS
from truestep.derivations.language.reading.parser import Parser
from truestep.derivations.language.reading.tokens import canonical, closing, tokenize
from truestep.problems.statements.assumptions import quantity_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from truestep.derivations.language.notation import Notation
    from truestep.problems.statements.problem import Problem

PARTING = (",", ";", "|", r"\mid")  # between arguments
_PLACES = {"index", "number"}


def readable(text: str) -> Sequence[Token]:
    """The tokens of a formula; none of one that cannot be read, which is said where it is read."""
    with suppress(Fault):
        return tokenize(text)
    return ()


def equals(tokens: Sequence[Token]) -> int | None:
    """Where the first sign of equality stands."""
    return next((place for place, token in enumerate(tokens) if token.text == "="), None)


def opening(tokens: Sequence[Token]) -> int | None:
    """Where the arguments of a name begin: at its first bracket that is no script and in none."""
    groups, place = tree(tokens), 0
    while place < len(groups):
        if groups[place].text == "(" and (not place or groups[place - 1].text not in ("^", "_")):
            return place
        place = max(groups.partner[place], place) + 1
    return None


def turned(tokens: list[Token], notation: Notation) -> list[Token]:
    r"""``a^T = x^T W`` as ``a = (x^T W)^T``, where a is declared, and no T stands above it in its name."""
    stop = equals(tokens) or 0
    signs = [place for place in tree(tokens).top(0, stop) if tokens[place].text == "^"]
    base, above = (tokens[: signs[-1]], tokens[signs[-1] + 1 : stop]) if signs else ([], [])
    script = [token.text for token in above if token.kind not in ("open", "close")]
    is_plain = script in (["T"], [r"\top"], [r"\intercal"]) and notation.declared(canonical(tokens[:stop])) is None
    is_own = bool(base) and any(token.text == base[0].text for token in tokens[stop:])  # A^T = A
    if not is_plain or is_own or notation.declared(canonical(base)) is None:
        return tokens
    first, last = tokens[stop], tokens[-1]
    edges = [Token("mark", sign, at.start, at.end) for sign, at in (("(", first), (")", last))]
    return [*base, first, edges[0], *tokens[stop + 1 :], edges[1], tokens[signs[-1]], *above]


def with_spellings(problem: Problem) -> Problem:
    r"""``P(y_i \mid x_i) = ...`` of members, or ``P(y = 1 \mid x) = ...``, is another spelling of what it equals.

    A slope as a spelling of a quantity of which no given says what it is, is what it is.

    >>> from truestep.problems.statements.problem import Problem
    >>> with_spellings(Problem(symbols={"dz": "m"}, names={r"\frac{\partial L}{\partial z}": "dz"})).given
    ('dz = \\frac{\\partial L}{\\partial z}',)
    """
    given, names = list(problem.given), dict(problem.names)
    lefts = [text.partition("=")[0].strip() for text in problem.given]
    for key, value in problem.names.items():
        if _is_slope(key) and value in problem.symbols and value not in lefts:
            given.append(f"{value} = {key}")
            del names[key]
    for text in problem.given:
        try:
            tokens = tree(tokenize(text))
        except Fault:
            continue
        start = opening(tokens)
        stop = tokens.partner[start] if start else ALONE
        if not start or not start < stop < len(tokens) - 1 or tokens[stop + 1].text != "=":
            continue
        inside = {token.text for token in tokens[start + 1 : stop]}
        if inside & {"|", r"\mid"} and inside & {"_", "^", "="} and canonical(tokens[:start]) not in problem.symbols:
            given.remove(text)
            names.setdefault(text[: tokens[stop].end], text[tokens[stop + 1].end :])
    return problem if names == problem.names else replace(problem, given=tuple(given), names=names)


def with_chains(problem: Problem) -> Problem:
    r"""``\delta = \frac{\partial L}{\partial z} = z - y`` as what each of the sides before the last is.

    >>> from truestep.problems.statements.problem import Problem
    >>> with_chains(Problem(given=(r"d = \frac{\partial L}{\partial z} = z - y",))).given
    ('d = z - y', '\\frac{\\partial L}{\\partial z} = z - y')
    """
    given: list[str] = []
    for text in problem.given:
        tokens = tree(readable(text))
        places = [place for place in tokens.top(0, len(tokens)) if tokens[place].text == "="]
        edges = [-1, *places, len(tokens)]
        sides = [
            text[tokens[a + 1].start : tokens[b - 1].end] if a + 1 < b else "" for a, b in itertools.pairwise(edges)
        ]
        is_chain = len(sides) > 2 and all(sides) and any(map(_is_slope, sides[:-1]))
        given += [f"{side} = {sides[-1]}" for side in sides[:-1]] if is_chain else [text]
    return problem if given == [*problem.given] else replace(problem, given=tuple(given))


def _is_slope(text: str) -> bool:
    r"""Whether a formula begins as a derivative does that says by what it is: ``\frac{\partial L}{\partial z}``."""
    texts = [token.text for token in readable(text)]
    return texts[:3] == [r"\frac", "{", r"\partial"]


def with_logarithms(problem: Problem) -> Problem:
    r"""``\log L(w) = b`` as ``L(w) = \exp(b)``, of a name that nothing else defines; L alone is then a scalar.

    >>> from truestep.problems.statements.problem import Problem
    >>> with_logarithms(Problem(given=(r"\ln L(w) = -w^2",), symbols={"w": "scalar"}, find=("w",))).given
    ('L(w) = \\exp(-w^2)',)
    """
    given, symbols = list(problem.given), dict(problem.symbols)
    read = [_read(text) for text in problem.given]
    lefts = {canonical(tokens[: opening(tokens[:end]) or end]) for tokens, end in read if end}
    for place, (tokens, end) in enumerate(read):
        start, text = int(bool(tokens) and tokens[0].text == "-"), problem.given[place]
        if not 1 + start < end < len(tokens) - 1 or tokens[start].text not in (r"\log", r"\ln"):
            continue
        inner = tokens[start + 1 : end]
        while len(inner) > 2 and inner[0].text in ("(", r"\left") and closing(inner, 0, len(inner)) == len(inner) - 1:
            inner = inner[1:-1]
        name = canonical(inner[: opening(inner) or len(inner)])
        if name in lefts or {token.text for token in inner} & _FORMULA:
            continue
        whole = next((key for key in symbols if key.startswith((r"\log", r"\ln")) and _of_logarithm(key) == name), None)
        if whole is not None:  # \ln L: scalar
            symbols[name] = symbols.pop(whole)
        sign = "-" if start else ""
        value = text[tokens[end].end :].strip()
        given[place] = rf"{text[inner[0].start : inner[-1].end]} = \exp({sign}{f'({value})' if sign else value})"
        names = [canonical([token]) for token in inner[len(tokenize(name)) :] if token.text not in (*PARTING, "(", ")")]
        if all(one in symbols for one in names):
            symbols.setdefault(name, "scalar")
    return problem if given == [*problem.given] else replace(problem, given=tuple(given), symbols=symbols)


_FORMULA = frozenset((r"\frac", r"\prod", r"\sum", "+", "-", "/", r"\det"))


def _of_logarithm(name: str) -> str:
    return canonical(_read(name)[0][1:])


def _read(text: str) -> tuple[Sequence[Token], int]:
    """The tokens of a given and the place of its sign of equality, 0 where there is none."""
    tokens = readable(text)
    return tokens, equals(tokens) or 0


def without_arguments(tokens: list[Token], notation: Notation) -> list[Token]:
    """``L(w) = ...`` of a declared scalar L, ``h_j(z) = ...`` of arrays: what it depends on is a remark."""
    start, end = opening(tokens), equals(tokens)
    if start is None or end is None or not 0 < start < end:
        return tokens
    stop = tree(tokens).partner[start] + 1
    inside = [token for token in tokens[start + 1 : stop - 1] if token.text not in (*PARTING, r"\right")]
    start -= tokens[start - 1].text == r"\left"
    left = [*tokens[:start], *tokens[stop:end]]
    known = notation.declared(canonical(left))
    if known is None or known.dims != (1, 1):
        try:
            node = Parser(left, 0, len(left), notation, Reading()).whole()
        except Fault:
            return tokens
        found = quantity_of(node, notation)
        is_array = (
            found is not None and found[0] not in notation.functions and {one.head for one in found[1]} <= _PLACES
        )
        if not is_array or not inside or any(notation.declared(canonical([token])) is None for token in inside):
            return tokens
    return [*left, *tokens[end:]]


def arguments(tokens: Sequence[Token], notation: Notation) -> tuple[str, ...]:
    """The declared names in the bracket behind a left side: ``w`` of ``F(w) = ...``."""
    start, end = opening(tokens), equals(tokens) or len(tokens)
    inside = tokens[start + 1 : tree(tokens).partner[start]] if start is not None and start < end else []
    names = [canonical([token]) for token in inside if token.text not in (",", ";", r"\right")]
    return tuple(names) if all(notation.declared(name) for name in names) else ()


def each(tokens: list[Token]) -> list[list[Token]]:
    """``u, v > 0`` as that of each."""
    tops = tree(tokens).top(0, len(tokens))
    first = next((place for place in tops if tokens[place].text in RELATIONS), 0)
    commas = [place for place in tops if place < first and tokens[place].text == ","]
    if not commas or any(a + 1 == b for a, b in itertools.pairwise((-1, *commas, first))):
        return [tokens]
    return [[*tokens[a + 1 : b], *tokens[first:]] for a, b in itertools.pairwise((-1, *commas, first))]


def unconditioned(statement: Statement, text: str) -> Iterator[Statement]:
    r"""The facts that one statement assumes: what stands behind a comma or a semicolon is assumed as well.

    Behind a word such as "for" it is a condition; one on indices, as in ``R_{ij} = 0, i \neq j``, cannot be used.
    Raises Fault there.
    """
    condition = statement.condition
    if condition is None:
        yield statement
        return
    links = [node for node in condition.walk() if node.head == "relation"]
    if any(side.head == "index" for node in links for side in node.args):
        raise MeaningFault("this is not said of all entries", condition.span)
    if case_words.has(text, "if", "for"):
        yield statement
        return
    yield Statement(statement.parts)
    for node in condition.walk():
        if node.head == "relation" and node.args[0].head != "index":
            left, right = node.args
            yield Statement((Part("", left), Part(str(node.data), right)))


def sloped(statement: Statement) -> Statement:
    r"""``f'(u) = 0`` as ``\partial f(u) / \partial u = 0``, of a declared quantity u."""
    first = statement.parts[0]
    node = first.expression
    if node.head != "apply" or node.data[1] != 1 or [one.head for one in node.args] != ["symbol"]:
        return statement
    plain = Expression("apply", node.args, (node.data[0], 0, node.data[2]), node.span)
    slope = Expression("derivative", (plain, *node.args), "Leibniz", node.span)
    return dataclasses.replace(statement, parts=(first.of(slope), *statement.parts[1:]))
