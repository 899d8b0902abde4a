r"""Names with their arguments in a statement, ``\eta(x)`` and ``h_\theta(x_i)``: each is a quantity, or a function."""

from __future__ import annotations

import itertools
from contextlib import suppress
from typing import TYPE_CHECKING

from msgspec.structs import replace

from truestep.derivations.language.faults import Fault
from truestep.derivations.language.latex.groups import tree
from truestep.derivations.language.reading.tokens import canonical
from truestep.problems.statements.declared_notation import split_name
from truestep.problems.statements.left_sides import equals, opening, readable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from truestep.derivations.language.latex.groups import Token
    from truestep.problems.statements.problem import Problem

_SCRIPTS = ("_", "^")
_FORMALS = "uvabpqst"


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
            names.setdefault(key, name)
    for key in lefts - problem.names.keys() - problem.symbols.keys():
        found = _called(key)
        if found is not None and _member(found[1], problem) and found[0] not in (*problem.symbols, *problem.functions):
            name = next((one for one in _plain(*found, problem) if _is_free(one, symbols, lefts - {key})), None)
            names |= {key: name} if name is not None else {}
    same = symbols == problem.symbols and names == problem.names
    return problem if same else replace(problem, symbols=symbols, names=names)


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
    commas = [place for place in tree(inside).top(0, len(inside)) if inside[place].text == ","]
    parts = [inside[a + 1 : b] for a, b in itertools.pairwise((-1, *commas, len(inside)))]
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
