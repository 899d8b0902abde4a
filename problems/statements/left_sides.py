"""Left sides of givens, names with what they depend on and without; facts behind commas."""

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
from truestep.problems.statements.declared_notation import split_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from truestep.derivations.language.notation import Notation
    from truestep.problems.statements.problem import Problem

PARTING = (",", ";", "|", r"\mid")  # between arguments
_PLACES = {"index", "number"}
_SCRIPTS = ("_", "^")
_FORMALS = "uvabpqst"


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
    r"""The declared names in the bracket behind a left side: ``w`` of ``F(w) = ...``, ``\mathbf{w}``, ``x_1``."""
    start, end = opening(tokens), equals(tokens) or len(tokens)
    inside = tokens[start + 1 : tree(tokens).partner[start]] if start is not None and start < end else []
    inside = [token for token in inside if token.text != r"\right"]
    cuts = [-1, *(k for k in tree(inside).top(0, len(inside)) if inside[k].text in (",", ";")), len(inside)]
    names = [canonical(inside[a + 1 : b]) for a, b in itertools.pairwise(cuts) if b > a + 1]
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


def with_called(problem: Problem) -> Problem:
    r"""The problem with a plain name for each quantity that is declared with its arguments.

    ``f(x_i) = w^T x_i`` of members says what f is of any x.

    >>> from truestep.problems.statements.problem import Problem
    >>> made = with_called(Problem(symbols={r"\eta(x)": "scalar"}, find=(r"\eta(x)",)))
    >>> made.symbols, made.names
    ({'\\eta': 'scalar'}, {'\\eta(x)': '\\eta'})
    >>> with_called(Problem(symbols={"x_i": "d", "w": "d", "i": "index n"}, given=("f(x_i) = w^T x_i",))).given
    ('f(x) = w^T x',)
    """
    given = tuple(_of_any(text, problem) for text in problem.given)
    problem = replace(problem, given=given) if given != problem.given else problem
    symbols, names = dict(problem.symbols), dict(problem.names)
    lefts = {text.partition("=")[0].strip() for text in problem.given}
    for key, shape in problem.symbols.items():
        if (found := _called(key)) is not None:
            del symbols[key]
            head, inside = found
            if key in lefts and not any(token.text in problem.symbols for token in inside):
                continue  # a function of a formal argument
            name = next((one for one in _plain(head, inside, problem) if _is_free(one, symbols, lefts - {key})), None)
            if name is None:
                return problem
            symbols[name] = shape
            names = {other: name if value == key else value for other, value in names.items()} | {key: name}
    for key in lefts - problem.names.keys() - problem.symbols.keys():
        found = _called(key)
        if found is not None and _member(found[1], problem) and found[0] not in (*problem.symbols, *problem.functions):
            name = next((one for one in _plain(*found, problem) if _is_free(one, symbols, lefts - {key})), None)
            names |= {key: name} if name is not None else {}
    for text in problem.given:
        left, _, right = text.partition("=")
        found = _called(left.strip())
        if found and found[0] not in (*problem.functions, *symbols) and _is_remark(found[1], right, problem):
            names.setdefault(left.strip(), found[0])
    same = symbols == problem.symbols and names == problem.names
    return problem if same else replace(problem, symbols=symbols, names=names)


def _is_remark(inside: Sequence[Token], right: str, problem: Problem) -> bool:
    r"""Whether arguments only say of what a left side is: ``J(\theta) = f_\theta``, ``J(w_1, b)`` of declared names.

    Letters that nobody declared stand in labels alone.
    """
    declared = {canonical(readable(name)) for name in problem.symbols}
    parts = _listed(inside)
    if {"_", "^"} & {token.text for token in inside} and declared.issuperset(map(canonical, parts)):
        return True
    letters = {token.text for token in inside if token.kind in ("letter", "command")}
    bases = {token.text for name in problem.symbols for token in readable(name)}
    tokens = tree(readable(right))
    scripts = {place + 1 for place, token in enumerate(tokens) if token.text == "_"}
    within = {at for place in scripts for at in range(place, max(tokens.partner[place], place) + 1)}
    standing = {token.text for place, token in enumerate(tokens) if place not in within}
    return bool(letters) and letters.isdisjoint(bases) and letters.isdisjoint(standing)


def _listed(inside: Sequence[Token]) -> list[Sequence[Token]]:
    """What stands between the commas of a bracket."""
    commas = [place for place in tree(inside).top(0, len(inside)) if inside[place].text == ","]
    return [inside[a + 1 : b] for a, b in itertools.pairwise((-1, *commas, len(inside)))]


def _called(text: str) -> tuple[str, Sequence[Token]] | None:
    """A name with one bracket behind it: the name, and what stands in the bracket."""
    tokens = tree(readable(text))
    start = opening(tokens)
    if not start or tokens.partner[start] != len(tokens) - 1:
        return None
    head = text[: tokens[start - 1].end]
    with suppress(Fault):
        return (head, tokens[start + 1 : -1]) if split_name(head)[0][:1].isalpha() or head.startswith("\\") else None
    return None


def _letters(inside: Sequence[Token], problem: Problem) -> list[str]:
    """The declared indices in the arguments of a name."""
    shapes = problem.symbols
    return [token.text for token in inside if shapes.get(token.text, "").startswith("index")]


def _plain(head: str, inside: Sequence[Token], problem: Problem) -> Iterator[str]:
    r"""Names for ``head(inside)``: the head alone, or with the index or the argument as its script."""
    base, letters = split_name(head)[0], _letters(inside, problem)
    if not letters:
        yield head
        yield f"{base}^{{({canonical(inside)})}}"
    elif len(letters) == 1:
        yield f"{base}_{letters[0]}"
        yield f"{base}^{{({letters[0]})}}"


def _is_free(name: str, symbols: dict[str, str], lefts: set[str]) -> bool:
    """Whether nothing else in a statement has this name, or is an entry or a member of what would have it."""
    base, sub, sup = split_name(name)
    others = [split_name(one) for one in symbols if _called(one) is None]
    others += [split_name(found[0]) for one in lefts if (found := _called(one)) is not None and one not in symbols]
    same = [one for one in others if one[0] == base]
    return (
        not same if sub is sup is None else all((bool(one[1]), bool(one[2])) != (bool(sub), bool(sup)) for one in same)
    )


def _member(inside: Sequence[Token], problem: Problem) -> bool:
    """Whether the arguments of a name are one member of a family: ``x_i``."""
    texts = [token.text for token in inside if token.text not in ("{", "}", "(", ")")]
    return len(texts) == 3 and texts[1] in _SCRIPTS and bool(_letters(inside, problem))


def _of_any(text: str, problem: Problem) -> str:
    """``f(x_i, y_j) = ...`` of members alone as ``f(x, y) = ...``, where nothing else there depends on the indices."""
    tokens = tree(readable(text))
    end = equals(tokens) or 0
    found = _called(text[: tokens[end].start].strip()) if end else None
    if found is None or found[0] in (*problem.symbols, *problem.functions):
        return text
    head, inside = found
    parts = _listed(inside)
    right, taken = text[tokens[end].end :], {token.text for token in tokens} | {*problem.symbols}
    if not all(_member(part, problem) for part in parts):
        return text
    formals: list[str] = []
    for part in parts:
        member, base = text[part[0].start : part[-1].end], part[0].text
        is_free = base not in problem.symbols and base not in formals
        formal = base if is_free else next((one for one in _FORMALS if one not in taken), "")
        if member not in right or not formal:
            return text
        right = right.replace(member, formal)
        formals.append(formal)
        taken.add(formal)
    letters = {letter for part in parts for letter in _letters(part, problem)}
    if any(token.text in letters for token in readable(right)):
        return text
    return f"{head}({', '.join(formals)}) ={right}"
