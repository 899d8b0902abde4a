"""Names that a work gives: in its sentences, below its braces, to functions and operators."""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from truestep.checkers.documents.words import ends_sentence, only_names, writes_for
from truestep.checkers.works.grouping import Group, left_names, statements
from truestep.checkers.works.names.adjoints import adjoints
from truestep.checkers.works.names.logarithms import lefts, of_ten
from truestep.checkers.works.names.words import called_slopes
from truestep.derivations.language import case_words
from truestep.derivations.language.expression import Expression
from truestep.derivations.language.faults import Fault
from truestep.derivations.language.latex.groups import Token, Tree, tree
from truestep.derivations.language.liberties import Reading
from truestep.derivations.language.notation import FONTS, MEANINGFUL
from truestep.derivations.language.reading.rowtext import ASSIGNMENTS, EQUALITIES, Context
from truestep.derivations.language.reading.spellings import Spelling
from truestep.derivations.language.reading.stated_conditions import is_shape
from truestep.derivations.language.reading.tokens import canonical, tokenize
from truestep.derivations.language.writing import latex
from truestep.derivations.meaning.calculus import normal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.checkers.documents.work import Row

_EQUATING = EQUALITIES | {":="}
_NAMING = EQUALITIES | {":=", "=:"}
_SAYING = EQUALITIES | ASSIGNMENTS | {"=:", r"\in"}


def with_names(found: Sequence[Group], rows: Sequence[Row], context: Context) -> list[Group]:
    """The formulas, where a sentence gives one a name with what that stands for: "write $g$ for $p - y$"."""
    out = list(found)
    for place, (first, second) in enumerate(itertools.pairwise(found)):
        told = {first.told, second.told}
        row = rows[second.rows[0]]
        is_named = only_names(row.before) or (first.told == "definition" and writes_for(row.before, row.after))
        if not (first.inline and second.inline and "definition" in told and is_named):
            continue
        heads = [_alone(group, context).replace("constant", "unknown") for group in (first, second)]  # e as a name
        if heads.count("unknown") == 1 and not {"", "index", "size"} & {*heads}:  # the $n$-th row
            name, value = (first, second) if heads[0] == "unknown" else (second, first)
            if is_shape(value.tokens, context.notation):
                continue
            sign = Token("mark", "=", 0, 0)
            tokens = (*_placed(name, second), sign, *_placed(value, second))
            out[place + 1] = replace(second, tokens=tokens, told="definition")
    return out


def with_diagonals(found: Sequence[Group], rows: Sequence[Row], context: Context) -> list[Group]:
    r"""The formulas, where words say that a matrix is diagonal of which one gives the entries: ``R_{ii} = r_i``."""
    out, named, said = list(found), "", ""
    for place, group in enumerate(found):
        before, texts = rows[group.rows[0]].before, [one.text for one in group.tokens]
        said = before if texts[:1] != [named] or ends_sentence(before) else f"{said} {before}"
        named = texts[0] if texts else ""
        letters = [one for one in group.tokens[3:6] if one.text != ","][:2] if texts[1:3] == ["_", "{"] else []
        equals = next((k for k, text in enumerate(texts[:8]) if text in _EQUATING), 0)
        is_entry = len(letters) == 2 and letters[0].text == letters[1].text and texts[equals - 1 : equals] == ["}"]
        if not is_entry or context.notation.is_name(named) or not case_words.has(said, "diagonal"):
            continue
        if case_words.has(said, "off"):
            continue
        fresh = letters[0].text
        if fresh in context.notation.sizes:  # the n-th of n
            fresh = next((one for one in "ijkl" if one not in texts and not context.notation.is_name(one)), fresh)
        inside, edge = group.tokens[equals + 1 :], (group.tokens[equals].end,) * 2
        stop = next((k for k, one in enumerate(inside) if one.text in EQUALITIES or one.kind == "space"), len(inside))
        opened, closed = Token("open", "(", *edge), Token("close", ")", *edge)
        entry = [one._replace(text=fresh) if one.text == letters[0].text else one for one in inside[:stop]]
        whole = (Token("command", r"\diag", *edge), opened, *entry, closed)
        tokens = (group.tokens[0], group.tokens[equals], *whole, *inside[stop:])
        out[place] = replace(group, tokens=tree(tokens), told="definition")
    return out


def _alone(group: Group, context: Context) -> str:
    """The head of a formula that is one expression without a relation; nothing where it is another."""
    try:
        (found,) = statements(group, context, Reading(), frozenset())
    except (Fault, ValueError):
        return ""
    return found.parts[0].expression.head if len(found.parts) == 1 and not found.parts[0].relation else ""


def _placed(group: Group, there: Group) -> list[Token]:
    """The tokens of a formula, in the place of another one where they stand in a text of their own."""
    if group is there:
        return list(group.tokens)
    return [token._replace(start=0, end=0) for token in group.tokens]


def with_braces(found: Sequence[Group], context: Context) -> list[Group]:
    r"""Formulas, each behind what the names below its braces stand for: ``\underbrace{p - t}_{=: \delta}``."""
    named = [[] if group.texts.isdisjoint(_BRACES) else _named(group.tokens, context) for group in found]
    return [replace(one, tokens=(*own, *one.tokens)) if own else one for own, one in zip(named, found, strict=True)]


def _named(tokens: Sequence[Token], context: Context) -> list[Token]:
    r"""What the names below braces stand for, each as a claim of its own: ``\underbrace{p - t}_{=: \delta}``."""
    row, out = tree(tokens), list[Token]()
    for place, token in enumerate(row):
        if token.text not in _BRACES or place + 1 >= len(row) or row.partner[place + 1] <= place:
            continue
        stop = row.partner[place + 1]
        low = stop + 2
        if low >= len(row) or row[stop + 1].text not in ("_", "^") or row.partner[low] <= low:
            continue
        label = [one for one in row[low + 1 : row.partner[low]] if one.kind != "space"]
        is_said = bool(label) and label[0].text in _NAMING
        name = label[is_said:]
        alone = _alone(Group((), "", (), tuple(name)), context) if name else ""
        if alone == "unknown" or (is_said and alone not in ("", "number")):
            out += [*name, Token("mark", "=", token.start, token.end), *row[place + 2 : stop]]
            out.append(Token("space", r"\quad", token.start, token.end))
    return out


_BRACES = (r"\underbrace", r"\overbrace")
_SMALL = (r"\delta", r"\Delta")


def own_spellings(
    found: Sequence[Group], rows: Sequence[Row], context: Context, asked: Sequence[Expression]
) -> tuple[Spelling, ...]:
    r"""The names of two letters, ``\delta p := p - t``, of functions, ``f = \sigma``, and of operators of a work.

    Besides, those that are customary for what is asked.
    """
    made = {**_operators(found, context, asked), **_customary(found, rows, context, asked), **of_ten(found)}
    made |= called_slopes(found, context, asked)
    for group in found:
        sides = group.printed
        is_said = len(sides) == 3 and sides[1].text in ("=", ":=") and sides[0].kind in ("letter", "command")
        if is_said and not context.notation.is_name(sides[0].text) and context.notation.function_named(sides[2].text):
            prime = Token("mark", "'", 0, 0)
            made[sides[0].text] = Spelling((sides[0],), frozenset(), (sides[2],))
            made[f"{sides[0].text}'"] = Spelling((sides[0], prime), frozenset(), (sides[2], prime))
            continue
        stop = next((k for k, one in enumerate(group.tokens) if one.text in _EQUATING), 0)
        made |= {canonical(one.pattern): one for left in group.once(lefts) if (one := _numbered(left, context))}
        left = [one for one in group.tokens[:stop] if one.text != "&"]
        if len(left) < 2 or left[0].text not in _SMALL or context.notation.is_name(left[0].text):
            continue
        is_result = canonical(left[1:]) in context.notation.defined  # of others it is a step
        if is_result and _alone(Group((), "", (), tuple(left[1:])), context) == "symbol":
            name = canonical(left)
            unit = Token("unit", name, 0, 0, Expression("unknown", (), name))
            made[name] = Spelling(tuple(one for one in left if one.kind not in ("open", "close")), frozenset(), (unit,))
    return (*made.values(), *adjoints(found, context, asked))


_CUSTOMARY = (("H", "hessian", 3), ("J", "jacobian", 2))  # a letter, what it is customary for, and its parts


def _customary(
    found: Sequence[Group], rows: Sequence[Row], context: Context, asked: Sequence[Expression]
) -> dict[str, Spelling]:
    """``H = ...`` for the Hessian that is asked for and J for the Jacobian, where no line gives it and words say so.

    Without words it is an H of no use to the work but to answer, on a row of its own.
    """
    made = dict[str, Spelling]()
    for letter, meaning, count in _CUSTOMARY:
        goals = [node for node in asked if node.head == "derivative" and len(node.args) == count]
        lefts = [group for group in found if _is_left(letter, group)]
        if len(goals) != 1 or not lefts or context.notation.is_name(letter) or letter in context.notation.sizes:
            continue
        said = [row.before for row in rows]
        used = sum(token.text == letter for group in found for token in group.tokens)
        is_alone = count == 3 and used == len(lefts) and not any(group.inline for group in lefts)
        is_given = any(normal(left) == normal(goals[0]) for left in map(partial(_left_of, context), found) if left)
        if not is_given and (is_alone or any(case_words.has(text, meaning) for text in said)):
            unit = Token("unit", letter, 0, 0, goals[0])
            made[letter] = Spelling((Token("letter", letter, 0, 0),), frozenset(), (unit,))
    return made


def _is_left(letter: str, group: Group) -> bool:
    printed = [token.text for token in group.tokens[:3] if token.text != "&"]
    return printed[:1] == [letter] and printed[1:2] in (["="], [":="])


def _left_of(context: Context, group: Group) -> Expression | None:
    """The left side of a formula, where it has one that can be read."""
    stop = next((k for k, one in enumerate(group.tokens) if one.text in EQUALITIES), 0)
    try:
        (alone,) = statements(replace(group, tokens=tree(group.tokens[:stop])), context, Reading(), frozenset())
    except (Fault, ValueError):
        return None
    return alone.parts[0].expression if len(alone.parts) == 1 else None


def _numbered(left: Sequence[Token], context: Context) -> Spelling | None:
    """``g1 = ...``: a letter with a number close behind it on a left side is a name, whose number stands below it."""
    tight = all(one.end == other.start for one, other in itertools.pairwise(left))
    is_name = len(left) > 1 and left[0].kind in ("letter", "command") and {one.kind for one in left[1:]} == {"digit"}
    base = left[0].text if is_name and tight else ""
    is_own = any(map(context.notation.is_name, (base, canonical(left))))  # of the statement: o, or o1
    if not base or is_own or context.notation.function_named(base) not in (None, "sigmoid"):
        return None
    edges = [Token(kind, sign, 0, 0) for kind, sign in (("mark", "_"), ("open", "{"), ("close", "}"))]
    return Spelling(tuple(left), frozenset(), (left[0], *edges[:2], *left[1:], edges[2]))


_PARTIALS = (r"\partial", "D", r"\nabla")


def _operators(found: Sequence[Group], context: Context, asked: Sequence[Expression]) -> dict[str, Spelling]:
    r"""What ``\partial_j`` or ``D_j`` differentiates by: what the work says, else the one quantity that is asked by.

    The letter stands for any index.
    """
    made = dict[str, Spelling]()
    by = [node.args[1] for node in asked if node.head in ("derivative", "gradient") and len(node.args) == 2]
    bases = {node.args[0] if node.head == "entry" else node for node in by}
    alone = latex(bases.pop(), context.notation) if len(bases) == 1 and len(asked) == 1 else ""
    known = {*context.notation.bases, *context.notation.sizes}
    known |= alone_on_left(found)
    for group in (one for one in found if not one.texts.isdisjoint(_PARTIALS)):
        row = tree(group.tokens)
        for place, token in ((k, one) for k, one in enumerate(row) if one.text in _PARTIALS):
            label = _label(row, place + 1)
            operand = [one.text for one in itertools.takewhile(lambda one: one.text not in _NAMING, row[place + 1 :])]
            is_along = bool(alone) and len(label) == 1 and operand.count(label[0]) == 1 and _is_factor(label[0], row)
            if is_along and not context.notation.is_name(label[0]):
                value = rf"{label[0]}^{{T}} \frac{{\partial}}{{\partial {alone}}}"  # D_v f = v^T \nabla f
                made[f"{token.text}_{label[0]}"] = Spelling(
                    tuple(tokenize(f"{token.text}_{label[0]}")), frozenset(), tuple(tokenize(value))
                )
                continue
            if token.text == r"\nabla":
                continue
            script = f"_{{{''.join(label)}}}" if len(label) != 1 else f"_{label[0]}"
            if not label or {token.text, f"{token.text}{script}"} & known or any(map(context.notation.declared, label)):
                continue
            said = _said_of(row, label) if place == 0 else ""
            value = said or (rf"\frac{{\partial}}{{\partial {alone}{script}}}" if alone else "")
            if value and (said or token.text not in made):
                pattern = tuple(tokenize(f"{token.text}{script}"))
                made[token.text] = Spelling(pattern, frozenset(label), tuple(tokenize(value)))
    return made


def _is_factor(letter: str, row: Tree) -> bool:
    """Whether a letter stands in a row where no index does: with a script of its own, or as a factor."""
    places = (k for k, token in enumerate(row) if token.text == letter and k)
    return any(row[k - 1].text != "_" and not (row[k - 1].kind == "open" and row[k - 2].text == "_") for k in places)


def _told_of(tokens: Sequence[Token]) -> str:
    """The letter of which a row says what it is, or its entries are: ``D = ...``, ``D_i = ...``; no operator."""
    row = tree([token for token in tokens if token.text != "&"])
    label = _label(row, 1)
    stop = 1 if not label else 3 if row[2].kind != "open" else row.partner[2] + 1
    is_told = len(row) > stop and row[0].kind == "letter" and row[stop].text in ("=", ":=")
    return row[0].text if is_told and not (label and _said_of(row, label)) else ""


def _label(row: Tree, place: int) -> tuple[str, ...]:
    """The letters of the subscript at a place; nothing where it holds anything else."""
    if [token.text for token in row[place : place + 1]] != ["_"] or place + 1 >= len(row):
        return ()
    inside = row[place + 2 : row.partner[place + 1]] if row[place + 1].kind == "open" else row[place + 1 : place + 2]
    return tuple(token.text for token in inside) if all(token.kind == "letter" for token in inside) else ()


def _said_of(row: Tree, label: tuple[str, ...]) -> str:
    r"""The operator on the right of ``\partial_j = \frac{\partial}{\partial x_j}``, if that is all that a row says."""
    equals = next((k for k, token in enumerate(row) if token.text in ("=", ":=", r"\equiv")), len(row))
    right = list(row[equals + 1 :])
    signs = [place for place, token in enumerate(right) if token.text == r"\partial"]
    letters = [token.text for token in right if token.kind == "letter"]
    is_operator = len(signs) == 2 and right[0].text in (r"\frac", r"\partial") and right[-1].kind in ("close", "letter")
    if not is_operator or letters[-len(label) :] != [*label] or len(letters) > len(label) + 1:
        return ""
    stop = len(right) - (right[0].text == r"\frac")  # without the brace that ends its denominator
    return rf"\frac{{\partial}}{{\partial {canonical(right[signs[1] + 1 : stop])}}}"


def own_slopes(found: Sequence[Group], context: Context) -> tuple[Spelling, ...]:
    """Names such as ``dZ`` on a left side, where neither the problem nor the work has a Z."""
    lefts, out = left_names(found), dict[str, Spelling]()
    for group in found:
        sides = group.tokens[:3]
        is_name = len(sides) == 3 and sides[0].text == "d" and sides[2].text == "=" and sides[0].end == sides[1].start
        base = sides[1].text if is_name else ""
        is_new = is_name and base not in lefts and not context.notation.is_name(base)
        if is_new and sides[1].kind in ("letter", "command"):
            whole = Token("unit", f"d{base}", 0, 0, Expression("unknown", (), f"d{base}"))
            out.setdefault(base, Spelling(tuple(sides[:2]), frozenset(), (whole,)))
    return tuple(out.values())


def alone_on_left(found: Sequence[Group]) -> frozenset[str]:
    """The letters of which a row says what they are, so that they are no part of a word: ``G = ...``, ``D_x = ...``."""
    return frozenset([group.once(_told_of) for group in found]) - {""}


def own_letters(found: Sequence[Group], context: Context) -> frozenset[str]:
    r"""The letters with a meaning of their own, such as e, that a work takes for a quantity: ``e = \hat{y} - y``."""
    own = {"e"} if any(group.inline and [one.text for one in group.tokens] == ["e"] for group in found) else set[str]()
    meaningful = [group for group in found if not group.texts.isdisjoint(MEANINGFUL)]
    for group in meaningful:
        own |= {letter for claim in group.once(_claims) if (letter := _own_letter(claim, context))}
    texts = [[token.text for token in group.tokens if token.kind != "space"] for group in meaningful]
    own |= {letter for letter in MEANINGFUL if not context.notation.is_name(letter) and _is_quantity(letter, texts)}
    return frozenset(own)


def _own_letter(claim: Sequence[Token], context: Context) -> str:
    """The letter with a meaning of its own that a claim lets be a quantity; nothing where there is none."""
    turned = claim[::-1] if "=:" in [token.text for token in claim[-2:]] else claim
    is_bold = len(turned) > 4 and turned[0].text in FONTS and turned[2].text == "e"  # \mathbf{e} = ...
    plain = [turned[2], *turned[4:]] if is_bold else turned
    sides = [token for token in plain[:3] if token.text != "&"]
    is_number = all(token.kind == "digit" or token.text in (".", r"\dots") for token in turned[2:])
    is_said = len(sides) > 2 and sides[1].text in _SAYING and not is_number
    is_said = is_said or _is_function_of_one(claim)
    is_own = is_said and sides[0].text in MEANINGFUL and not context.notation.is_name(sides[0].text)
    return sides[0].text if is_own else ""


def _claims(tokens: Sequence[Token]) -> list[Sequence[Token]]:
    """A row, and each of its parts that may be a claim of its own, behind words, a gap, a comma or a bracket."""
    begins = [
        k + 1 for k, one in enumerate(tokens[:-1]) if one.kind in ("text", "space") or one.text in (",", ";", "(")
    ]
    return [tokens, *(tokens[begin:] for begin in begins)]


def _is_function_of_one(tokens: Sequence[Token]) -> bool:
    r"""Whether ``I(\lambda) = ...`` says what a function is, and not what a multiple of the identity is."""
    texts = [token.text for token in tokens[:5] if token.text != "&"]
    return texts[:2] == ["I", "("] and texts[3:4] == [")"] and texts[4:5] in (["="], [":="])


def _is_quantity(letter: str, texts: Sequence[Sequence[str]]) -> bool:
    r"""Whether a letter is used as what it usually is not: ``\sigma^2`` with no argument, ``\pi(a \mid s)``."""
    behind = [_unindexed(text[place + 1 :]) for text in texts for place, one in enumerate(text) if one == letter]
    if letter in CONSTANTS:
        return any(text[:1] == ["("] and (text[2:3] == [")"] or r"\mid" in text) for text in behind)
    is_applied = any(text[:1] and text[0] in ("(", "'", r"\left", r"\big") for text in behind)
    powers = [text[4:] if text[1:2] == ["{"] else text[2:] for text in behind if text[:1] == ["^"]]
    return not is_applied and any(not text or text[0] in EQUALITIES or text[0] in ")}&" for text in powers)


def _unindexed(texts: Sequence[str]) -> Sequence[str]:
    """What stands behind a name without its index: ``^2`` of ``_j^2``."""
    stop = [*texts].index("}") if texts[1:2] == ["{"] and "}" in texts else 1
    return texts[stop + 1 :] if texts[:1] == ["_"] else texts


CONSTANTS = ("e", r"\pi")
