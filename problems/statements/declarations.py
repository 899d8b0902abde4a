r"""The notation in which a statement is read, and what its givens declare: definitions, and what depends on what.

``y = W x`` with ``\frac{\partial L}{\partial W}`` asked, and nothing said of L: as if ``L = L(y)`` were given.
"""

from __future__ import annotations

import itertools
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.derivations.language.faults import Fault, StatementFault, nearest, quoted
from truestep.derivations.language.latex.groups import ALONE, Token, tree
from truestep.derivations.language.liberties import Reading
from truestep.derivations.language.reading.parser import Parser
from truestep.derivations.language.reading.rowtext import Context, row_tokens
from truestep.derivations.language.reading.spellings import spellings
from truestep.derivations.language.reading.tokens import canonical, tokenize
from truestep.derivations.language.shapes import SCALAR, Declared
from truestep.problems.statements import chances, left_sides
from truestep.problems.statements.assumptions import quantity_of
from truestep.problems.statements.declared_notation import notation_of
from truestep.problems.statements.defined_functions import is_function

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from truestep.derivations.language.latex.macros import Macro
    from truestep.derivations.language.notation import Notation, UserFunction
    from truestep.problems.statements.problem import Problem

LONGEST_NAME = 12  # tokens
_SIGNS = (r"\partial", "d", r"\dd", r"\delta")


def context_of(
    problem: Problem, table: dict[str, Macro], functions: dict[str, UserFunction], depends: dict[str, tuple[str, ...]]
) -> tuple[Context, list[tuple[str, list[Token]]]]:
    """The notation in which a problem is read, and its definitions; what depends on what is noted."""
    bare = Context(notation_of(problem, functions, depends), (), table)
    definitions: list[tuple[str, list[Token]]] = []
    try:
        declared = (*problem.symbols, *problem.functions, *bare.notation.indices)
        names = {**problem.names, **_kept(problem, bare.notation.indices)}
        context = Context(bare.notation, spellings(names, bare.notation.indices, table, declared), table)
    except Fault as fault:
        raise StatementFault(f"a spelling cannot be read: {fault.message}", key="names") from None
    plainly = replace(context, spellings=())
    formals = {
        name: left_sides.arguments(row_tokens(text, plainly), bare.notation) for text, name in problem.names.items()
    }
    for text in problem.given:
        written = _given_tokens(text, context)
        written = left_sides.turned(written, context.notation)
        tokens = left_sides.without_arguments(written, context.notation)
        if tokens is not written:
            formals[canonical(tokens[: left_sides.equals(tokens)])] = left_sides.arguments(written, context.notation)
        if not _dependency(tokens, depends, context) and not is_function(text, tokens, functions, context):
            definitions.append((text, tokens))
    definitions = _without_calls(definitions, depends, functions, context.notation)
    told = {token.text for _, tokens in definitions for token in tokens[: left_sides.equals(tokens)]}
    for text, value in problem.names.items():  # s(x) of a declared x has a value at other arguments, too
        by = formals.get(value, ())
        tokens = tokens_of("names", f"{text} = {value}", plainly) if len(by) == 1 else []
        body = {token.text for token in tokens[left_sides.equals(tokens) :]}
        if by and by[0] in body and told.isdisjoint(body - {by[0], "=", "_", "^", "{", "}"}):
            is_function(text, tokens, functions, context)
    depends |= _unsaid(problem, [tokens for _, tokens in definitions], depends, context)
    defined = _defined(definitions, context.notation)
    notation = replace(notation_of(problem, functions, depends, defined), formals=formals)
    notation = replace(notation, has_chance=chances.is_of_chance(problem))
    return Context(notation, context.spellings, table, max(1, len(problem.find))), definitions


def _kept(problem: Problem, indices: Container[str]) -> dict[str, str]:
    """Declared names with a renamed letter in their subscripts, which stand for themselves: ``G_Z`` beside Z."""
    renamed = {name for name in problem.names if len(tokenize(name)) == 1 and name not in indices}
    found = {name: [token.text for token in tokenize(name)] for name in problem.symbols if renamed and "_" in name}
    return {
        name: name
        for name, texts in found.items()
        if texts[1] == "_" and not renamed.isdisjoint(texts[2:]) and not any(text in indices for text in texts[2:])
    }


def _given_tokens(text: str, context: Context) -> list[Token]:
    """A given: what stands for its own left side is read as it is written."""
    tokens = tokens_of("given", text, replace(context, spellings=()))
    left = canonical(tokens[: left_sides.equals(tokens)])
    kept = tuple(
        one
        for one in context.spellings
        if one.value[0].kind == "unit" or left in (canonical(one.pattern), "") or canonical(one.value) != left
    )
    return tokens_of("given", text, replace(context, spellings=kept))


def _dependency(tokens: list[Token], depends: dict[str, tuple[str, ...]], context: Context) -> bool:
    """``J = J(z)``: J depends on z, and nothing more is said."""
    equals = left_sides.equals(tokens)
    if equals is None:
        return False
    left = canonical(tokens[:equals])
    right = [token for token in tokens[equals + 1 :] if token.text not in (r"\left", r"\right")]
    opening = next((k for k, token in enumerate(right) if token.text == "(" and canonical(right[:k]) == left), None)
    if opening is None or right[-1].text != ")":
        return False
    stop = len(right) - 1
    commas = [place for place in tree(right).top(opening + 1, stop) if right[place].text == ","]
    parents = [canonical(right[a + 1 : b]) for a, b in itertools.pairwise((opening, *commas, stop))]
    parser = Parser(tokens, 0, equals, context.notation, Reading())
    found = quantity_of(parser.whole(), context.notation)
    if found is None:
        close = nearest(left, context.notation.all_names)
        raise StatementFault(f"{left} is not declared", "undeclared", key="given", close=close)
    depends[found[0]] = tuple(parents)
    return True


def _without_calls(
    definitions: list[tuple[str, list[Token]]],
    depends: dict[str, tuple[str, ...]],
    functions: Container[str],
    notation: Notation,
) -> list[tuple[str, list[Token]]]:
    r"""The definitions of scalars without remarks such as those of ``J = L(h, y) + \lambda R(W)``, which are noted.

    L and R are scalars that nothing else tells; one that stands with several arguments is no such.
    """
    ends = [left_sides.equals(tokens) or 0 for _, tokens in definitions]
    lefts = {canonical(tokens[:end]) for (_, tokens), end in zip(definitions, ends, strict=True)}
    scalars = {one.full for one in notation.names.values() if one.declared == Declared("array", SCALAR)}
    scalars |= {one.name for one in notation.families.values() if one.member == Declared("array", SCALAR)}
    arrays = {one.full for one in notation.names.values() if one.declared.kind == "array"} - scalars
    arrays |= {one.name for one in notation.families.values() if one.member.kind == "array"} - scalars
    free = {name for name in scalars if name not in lefts and name not in functions and name not in depends}
    calls = [list(_calls(tokens, end, free, arrays)) for (_, tokens), end in zip(definitions, ends, strict=True)]
    said = dict[str, set[tuple[str, ...]]]()
    for name, parents, _ in (one for found in calls for one in found):
        said.setdefault(name, set()).add(parents)
    alone = {name: next(iter(parents)) for name, parents in said.items() if len(parents) == 1}
    depends |= alone
    out = list[tuple[str, list[Token]]]()
    for (text, tokens), found in zip(definitions, calls, strict=True):
        gone = {place for name, _, places in found if name in alone for place in places}
        out.append((text, [token for place, token in enumerate(tokens) if place not in gone] if gone else tokens))
    return out


def _calls(
    tokens: list[Token], end: int, names: Container[str], arrays: Container[str]
) -> Iterator[tuple[str, tuple[str, ...], range]]:
    """Each scalar with a bracket of arrays alone behind it: its name, what it depends on, and where the bracket is."""
    groups = tree(tokens)
    for place in range(end + 1, len(tokens)):
        close = groups.printed[place] if tokens[place].text == "(" else ALONE
        starts = [at for at in range(max(end + 1, place - LONGEST_NAME), place) if canonical(tokens[at:place]) in names]
        if close == ALONE or not starts or (close + 1 < len(tokens) and tokens[close + 1].text in ("^", "_")):
            continue
        commas = [at for at in groups.top(place + 1, close) if tokens[at].text == ","]
        parents = tuple(canonical(tokens[a + 1 : b]) for a, b in itertools.pairwise((place, *commas, close)))
        if all(parent in arrays or (commas and parent in names) for parent in parents):
            yield canonical(tokens[starts[0] : place]), parents, range(place, close + 1)


def _defined(definitions: list[tuple[str, list[Token]]], notation: Notation) -> frozenset[str]:
    """The scalars and vectors that givens define: ``L(w)`` is such a one, with a remark of what it depends on."""
    ends = [
        [next((k for k, t in enumerate(tokens) if t.text in marks), 0) for marks in ("=", "_=")]
        for _, tokens in definitions
    ]
    lefts = {canonical(tokens[:end]) for (_, tokens), found in zip(definitions, ends, strict=True) for end in found}
    return frozenset(name for name in lefts if (known := notation.declared(name)) is not None and 1 in known.dims)


def _unsaid(
    problem: Problem, given: Sequence[Sequence[Token]], told: Container[str], context: Context
) -> dict[str, tuple[str, ...]]:
    """What each scalar depends on that no given defines, and that is differentiated, or added to what is asked of."""
    asked = [tokens for text in problem.find if given and (tokens := _read(text, context))]
    out: dict[str, tuple[str, ...]] = {}
    for name, shape in problem.symbols.items() if asked else ():
        tokens = _read(name, context)
        if not tokens or shape != "scalar" or name in told:
            continue
        of_it = [one for one in given if stands(tokens, one)]
        of_slopes = [one for one in of_it if _is_slope_alone(tokens, one)]
        plain = [one for one in of_it if one not in of_slopes]
        if any(stands(tokens, one[: left_sides.equals(one)]) for one in plain):
            continue
        tops = [one[: left_sides.equals(one)] for one in plain]
        last = _last([one for one in given if one not in of_slopes], context)
        last = tuple(one for one in last if not any(one == _quantity(top, context)[0] for top in tops))
        last = _told_slope(tokens, of_slopes, context) or last
        if plain and not of_slopes:
            sums = all(_is_added(tokens, one) and _is_asked_of(one, asked) for one in plain)
            is_apart = not any(stands(top, one) for top in tops for one in given if one not in of_it)
            last = tuple(one for one in last if not any(stands(_read(one, context), find) for find in asked))
            last = last if sums and is_apart else ()
        if last and (of_it or any(_is_differentiated(tokens, one) for one in asked)):
            out[canonical(tokens)] = last
    return out


def _last(given: Sequence[Sequence[Token]], context: Context) -> tuple[str, ...]:
    """The names that givens define and no other given uses."""
    sides = [(tokens[: left_sides.equals(tokens)], tokens[left_sides.equals(tokens) :]) for tokens in given]
    found: dict[str, None] = {}
    for place, (left, _) in enumerate(sides):
        name, base = _quantity(left, context)
        if name and not any(stands(base, right) for other, (_, right) in enumerate(sides) if other != place):
            found[name] = None
    return tuple(found)


def _quantity(tokens: Sequence[Token], context: Context) -> tuple[str, Sequence[Token]]:
    """The quantity that a left side is, or is an entry or a member of, and the name without its indices."""
    found = None
    with suppress(Fault):
        found = quantity_of(Parser([*tokens], 0, len(tokens), context.notation, Reading()).whole(), context.notation)
    if found is None or found[0] in context.notation.functions:
        return "", ()
    scripts = [place for place, token in enumerate(tokens) if token.text in ("_", "^")]
    bases = (tokens[:place] for place in (*scripts, len(tokens)))
    full = next((base for base in bases if canonical(base) == found[0]), tokens[: scripts[0] if scripts else None])
    return found[0], full if found[1] else tokens


def _told_slope(name: Sequence[Token], given: Sequence[Sequence[Token]], context: Context) -> tuple[str, ...]:
    r"""The one quantity of which a given tells the slope: z of ``\frac{\partial L}{\partial z} = p - y``.

    Of the last step it does so also where it names the slope: ``g = \frac{\partial L}{\partial h_T}``.
    """
    told = [one for one in given if stands(name, one[: left_sides.equals(one)])] or given
    if len(told) != 1:
        return ()
    tokens, end = told[0], left_sides.equals(told[0]) or 0
    is_left = stands(name, tokens[:end])
    side = [*tokens[:end]] if is_left else [*tokens[end + 1 :]]
    with suppress(Fault):
        node = Parser(side, 0, len(side), context.notation, Reading()).whole()
        by = node.args[1] if node.head == "derivative" and len(node.args) == 2 else node
        if by.head == "symbol" and is_left:
            return (str(by.data),)
        if by.head == "member" and [one.data in context.notation.sizes for one in by.args] == [True]:
            return ("".join((*by.data, str(by.args[0].data))),)
    return ()


def _is_slope_alone(name: Sequence[Token], tokens: Sequence[Token]) -> bool:
    """Whether a name stands in a formula only where it is differentiated."""
    places, slopes = _places(name, tokens), _differentiated(tokens)
    return bool(places) and slopes.issuperset(places)


def _is_added(name: Sequence[Token], tokens: Sequence[Token]) -> bool:
    r"""Whether a name is a summand of a right side: L of ``J = L + r``, and of ``J = \sum_i L_i``."""
    places = _places(name, tokens)
    starts = {place + 1 for place, token in enumerate(tokens) if token.text in ("=", "+")} | _behind(tokens, (r"\sum",))
    return bool(places) and all(
        place in starts and [one.text for one in tokens[place + len(name) :][:1]] in ([], ["+"]) for place in places
    )


def _is_asked_of(tokens: Sequence[Token], asked: Sequence[Sequence[Token]]) -> bool:
    """Whether the left side of a given is differentiated in a question."""
    left = tokens[: left_sides.equals(tokens)]
    return any(not _differentiated(one).isdisjoint(_places(left, one)) for one in asked)


def _differentiated(tokens: Sequence[Token]) -> set[int]:
    r"""Where what is differentiated stands: behind a sign with its scripts, or behind ``\frac{d}{dx}``."""
    return _behind(tokens, (*_SIGNS, r"\nabla"))


def _behind(tokens: Sequence[Token], signs: Container[str]) -> set[int]:
    """The places behind signs, their scripts, and the fraction that each of them may be the top of."""
    groups, found = tree([*tokens]), set[int]()
    for place, token in enumerate(tokens):
        if token.text not in signs:
            continue
        behind = place + 1
        while behind < len(tokens) - 1 and tokens[behind].text in ("_", "^"):
            behind = max(groups.partner[behind + 1], behind + 1) + 1
        is_alone = place > 1 and tokens[place - 2].text in (r"\frac", r"\dfrac") and groups.partner[place - 1] == behind
        if is_alone and behind + 1 < len(tokens):
            behind = max(groups.partner[behind + 1], behind + 1) + 1
        found.add(behind)
    return found


def _read(text: str, context: Context) -> Sequence[Token]:
    """The tokens of a text; none of one that cannot be read, which is said where it is read."""
    with suppress(Fault):
        return [token for token in row_tokens(text, context) if token.kind != "space"]
    return ()


def _places(name: Sequence[Token], tokens: Sequence[Token]) -> list[int]:
    texts, wanted = [token.text for token in tokens], [token.text for token in name]
    return [place for place in range(len(texts)) if texts[place : place + len(wanted)] == wanted]


def stands(name: Sequence[Token], tokens: Sequence[Token]) -> bool:
    """Whether a name stands somewhere in a formula."""
    return bool(_places(name, tokens))


def _is_differentiated(name: Sequence[Token], tokens: Sequence[Token]) -> bool:
    """Whether a name stands above the first derivative of a question, or behind its nabla."""
    places = _places(name, tokens)
    first = next((place for place, token in enumerate(tokens) if token.text in _SIGNS), -1)
    is_last = places[-1:] == [len(tokens) - len(name)]
    is_gradient = is_last and r"\nabla" in [token.text for token in tokens]
    return (first >= 0 and first + 1 in places) or is_gradient


def tokens_of(key: str, text: str, context: Context) -> list[Token]:
    """A formula of a key as tokens."""
    try:
        return row_tokens(text, context)
    except Fault as fault:
        raise StatementFault(f"{quoted(text)} cannot be read: {fault.message}", key=key, entry=text) from None
