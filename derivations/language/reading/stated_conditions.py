r"""Conditions in a row: what words open or say one, and what is one whatever its words, such as ``i = j``."""

from __future__ import annotations

import itertools
import re
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.derivations.language import case_words
from truestep.derivations.language.expression import EXCLUDED, Expression
from truestep.derivations.language.faults import ReadingFault
from truestep.derivations.language.latex.groups import ALONE, Token, tree
from truestep.derivations.language.liberties import Choice, Reading
from truestep.derivations.language.reading import conditions
from truestep.derivations.language.reading.atoms import LETTER_COMMANDS
from truestep.derivations.language.reading.parser import Parser
from truestep.derivations.language.reading.rowtext import (
    ASSIGNMENTS,
    EQUALITIES,
    EQUIVALENT,
    IMPLYING,
    ORDERS,
    UNCHECKED,
    Context,
    row_tokens,
)
from truestep.derivations.language.reading.tokens import canonical

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from truestep.derivations.language.latex.groups import Tree
    from truestep.derivations.language.notation import Notation

_TELLING = EQUALITIES | ASSIGNMENTS
_RELATIONS = _TELLING | UNCHECKED | set(ORDERS)
_SIZED = frozenset("I 1 0 O E J R".split()) | {"\\mathbb", "\\mathbf"}
_BRACES = (r"\underbrace", r"\overbrace")
_SET = frozenset((r"\left", r"\right", r"\cdot"))
_TIMES = frozenset((r"\times", "x", "*", ","))
_WIDE = (r"\quad", r"\qquad", "&")
WIDE_GAP = 3  # blanks of a plain text before the number of an equation
_BETWEEN = ("=", "@", "->", r"\to", r"\rightarrow")  # two shapes
_OPERATORS = (r"\cdot", r"\times", r"\odot", "*", "+", "-", "/")
_TURNED = (("^", "T"), ("^", r"\top"), ("^", "{", "T", "}"), ("^", "{", r"\top", "}"))
_PARTING = _TIMES | frozenset((*"()[]=@", "->", r"\odot", r"\equiv", r"\to", r"\rightarrow", r"\Rightarrow"))
_NUMBERED = re.compile(r"[\dIVX]\W*$")
_WHERE = re.compile(r"\bwhere\b[\s:(]*$", re.IGNORECASE)
_COMPARED = re.compile(
    r"[^\s,:;()$]{1,80}\s{0,9}(?:!=|≠|\\neq?(?![A-Za-z])|<=|>=|≤|≥|=|<|>|\\[lg]eq?(?![A-Za-z]))\s{0,9}[^\s,:;()$]+"
)


def condition_in(
    tokens: Tree, start: int, end: int, context: Context, reading: Reading, words: str | None
) -> Expression | None:
    """The condition in a range; None for one that says nothing of a case, such as "k = 1, 2, ..., K".

    Behind a word such as "if", one that is not understood is ``unread``; behind "unless", what is read is excluded.
    """
    excludes = words is not None and case_words.has(words, "unless")
    unread = Expression("unread", (), words) if words and (excludes or case_words.ends_with(words, "if")) else None
    try:
        read = conditions.condition(Parser(tokens, start, end, context.notation, reading), start, end)
    except ReadingFault:
        return unread
    if any(node.head == "unknown" for node in read.walk()):
        return unread
    if excludes:
        if read.head not in ("relation", "and", "or"):
            return unread
        return replace(conditions.negated(read), mark=EXCLUDED)
    fixed = (node.args for node in read.walk() if node.head == "relation" and node.data == "=")
    return None if any(left.head == "index" and right.head == "number" for left, right in fixed) else read


def is_numbered(words: str | None) -> bool:
    """Whether these words end in the number of a case."""
    return words is not None and _NUMBERED.search(words) is not None


def opens(words: str | None) -> bool:
    """Whether a condition follows these words."""
    return words is not None and (
        case_words.ends_with(words, "if", "for", "unless") or _WHERE.search(words) is not None
    )


def joins(words: str | None) -> bool:
    """Whether these words only join what follows to what stands before: "and"."""
    return words is not None and case_words.is_alone(words, "and")


def told(words: str, context: Context, reading: Reading) -> Expression | None:
    """The condition that words say by themselves: of the indices, as a relation among them, or not understood."""
    told = conditions.said(words)
    compared = None if told else _COMPARED.search(words)
    if compared is not None:
        with suppress(ReadingFault):
            tokens = tree(row_tokens(compared[0], context))
            told = condition_in(tokens, 0, len(tokens), context, reading, None)
    is_case = case_words.supposes(words) or case_words.said_of_bend(words)
    if told is None and not opens(words) and is_case:
        return Expression("unread", (), words.strip(" ,:"))
    return told


def is_only(tokens: Sequence[Token], kind: str) -> bool:
    """Whether nothing but digits, or but one letter, stands there, perhaps in brackets or with a full stop."""
    found = [token.kind for token in tokens if token.text not in ("(", ")", "[", "]", ".", ",")]
    return set(found) == {kind} and (kind == "digit" or len(found) == 1)


def is_claim(tokens: Tree, start: int, end: int) -> bool:
    """Whether a range equates something with more than a number or a name: no condition stands there."""
    places = relations(tokens, start, end)
    return bool(places) and tokens[places[0]].text in EQUALITIES and end - places[-1] > 2


def is_condition(tokens: Tree, start: int, end: int, context: Context) -> bool:
    r"""Whether a range is a condition whatever its words: ``i = j`` of indices, or an inequality ``|r| \le c``."""
    if end - start > 2 and tokens[start].text == "(" and tokens.partner[start] == end - 1:
        start, end = start + 1, end - 1
    places = relations(tokens, start, end)
    if not places or places[0] == start or places[-1] == end - 1:
        return False
    signs = [tokens[place].text for place in places]
    if signs == ["="]:
        (place,) = places
        return _is_index(tokens, start, place, context) and _is_index(tokens, place + 1, end, context)
    return all(sign in ORDERS and ORDERS[sign] not in ("in", "not in") for sign in signs)


def is_slope_compared(tokens: Tree, start: int, end: int) -> bool:
    r"""Whether a derivative stands on the left of a comparison: ``f'(x) > 0`` supposes nothing before "if $x > 2$"."""
    left = {token.text for token in tokens[start : next(iter(relations(tokens, start, end)), end)]}
    return not left.isdisjoint((r"\partial", r"\nabla", "'")) or {r"\frac", "d"} <= left


def is_implied(tokens: Tree, start: int, end: int) -> bool:
    r"""Whether an inequality follows from what stands before it: ``\Rightarrow a \le c``."""
    signs = [tokens[place].text for place in relations(tokens, start, end)]
    place = next((k for k in range(start - 1, -1, -1) if tokens[k].kind != "space"), start)
    is_behind = tokens[place].text in IMPLYING - EQUIVALENT
    return is_behind and bool(signs) and all(sign in ORDERS for sign in signs)


def with_arrows(tokens: Tree) -> Tree:
    r"""A row in which an arrow from one claim to another says that it follows: ``a = 0 \to b = c``.

    Nothing of a row in which other arrows stand at the top level, ``x \to f \to g``: it is a picture, not a claim.
    """
    if r"\to" not in tokens.texts:
        return tokens
    arrows = {place for place, token in enumerate(tokens) if token.text == r"\to" and token.kind == "command"}
    arrows &= {*tokens.top(0, len(tokens), strong=True)} if arrows else arrows
    if not arrows:
        return tokens
    cuts = [-1, *sorted(arrows), len(tokens)]
    if not all(relations(tokens, low + 1, high) for low, high in itertools.pairwise(cuts)):
        return tree([])
    return tree([one._replace(text=r"\Rightarrow") if k in arrows else one for k, one in enumerate(tokens)])


def letting(
    tokens: Tree, start: int, end: int, context: Context, is_behind: bool = True, words: str | None = "where"
) -> tuple[int, int, bool]:
    r"""A range behind a claim, without its brackets, where it says what a name is that nobody declared.

    It is ``r = p - y`` behind "where", or in brackets; where it says nothing of the kind it stays as it is.
    """
    is_inside = end - start > 4 and tokens[start].text == "(" and tokens.partner[start] == end - 1
    low, high = (start + 1, end - 1) if is_inside else (start, end)
    places = relations(tokens, low, high)
    is_said = is_behind and (is_inside or (words is not None and case_words.has(words, "where")))
    if (
        not is_said
        or is_condition(tokens, start, end, context)
        or [tokens[place].text for place in places] not in (["="], [":="])
        or high - places[0] < 3
    ):
        return start, end, False
    name, notation = tokens[low], context.notation
    is_one = places[0] == low + 1 or (tokens[low + 1].text == "_" and _script_end(tokens, low + 2) == places[0])
    is_new = name.kind in ("letter", "command") and not notation.is_name(name.text) and name.text not in notation.sizes
    is_new = is_new and (name.kind == "letter" or name.text in LETTER_COMMANDS) and not _is_below(tokens, name.text)
    return (low, high, True) if is_one and is_new else (start, end, False)


def _is_below(tokens: Tree, letter: str) -> bool:
    """Whether a letter stands below another one, where it is an index."""
    below = (
        tokens[place + 1 : _script_end(tokens, place + 1)] for place, one in enumerate(tokens[:-1]) if one.text == "_"
    )
    return any(one.text == letter for inside in below for one in inside)


def _script_end(tokens: Tree, place: int) -> int:
    """Where a script ends that begins at a place."""
    return tokens.partner[place] + 1 if tokens[place].kind == "open" else place + 1


def _is_index(tokens: Tree, start: int, end: int, context: Context) -> bool:
    """Whether a range is a declared index or label, or a letter that names nothing."""
    text, notation = canonical(tokens[start:end]), context.notation
    is_letter = end - start == 1 and tokens[start].kind == "letter" and text not in conditions.CONSTANTS
    return text in notation.indices or (is_letter and (text, None, None) not in notation.names)


def is_shape(tokens: Sequence[Token], notation: Notation) -> bool:
    r"""Whether tokens are shapes: ``n \times d``, in brackets or not, ``(n, d)``, ``(n x k)(k x d)``, ``[n]``."""
    texts = _unturned(
        [token.text for token in tokens if token.kind not in ("space", "text") and token.text not in _SET]
    )
    sizes, is_size = [""], (*notation.sizes, "1").__contains__
    for text in texts:
        sizes[-1] += text if text not in _PARTING else ""
        sizes += [""] if text in _PARTING else []
    signs = sum(text in _TIMES for text in texts)
    is_bracketed = texts[:1] in (["("], ["["]) and texts[-1:] in ([")"], ["]"])
    return all(is_size(size) or size.isdigit() for size in sizes if size) and (
        (signs > 0 and texts[0] not in _TIMES) or (is_bracketed and any(map(notation.sizes.__contains__, sizes)))
    )


def _unturned(texts: Sequence[str]) -> list[str]:
    r"""Texts without the sign of a transpose behind a bracket: ``(n \times k)^T (n \times d)``."""
    out: list[str] = []
    place = 0
    while place < len(texts):
        found = [one for one in _TURNED if out[-1:] in ([")"], ["]"]) and (*texts[place : place + len(one)],) == one]
        out += [] if found else [texts[place]]
        place += len(found[0]) if found else 1
    return out


def is_noted(tokens: Sequence[Token], notation: Notation) -> bool:
    """Whether a row is nothing but a shape in brackets that names a size: ``(n x d)``, and not the pair ``(3, 5)``."""
    if len(tokens) <= 3 or tokens[0].text != "(":
        return False
    return any(token.text in notation.sizes for token in tokens) and is_shape(tokens, notation)


def without_shapes(tokens: Tree, notation: Notation) -> Tree:
    r"""A row without the shapes that are noted below its factors: ``(X w - y)_{n \times 1}``, ``W^T_{(k, n)}``.

    Below a number, or an identity, it says which one is meant; at a brace it is a claim.
    """
    if "_" not in tokens.texts:
        return tokens
    dropped, below = set[int](), [k for k, token in enumerate(tokens[:-1]) if token.text == "_" and k]
    braced = {tokens.partner[k + 1] + 1 for k, one in enumerate(tokens[:-1]) if one.text in _BRACES} if below else ()
    for place in below:
        end = tokens.partner[place + 1]
        if end < place:
            continue
        inner = tokens[place + 2 : end]
        texts = [one.text for one in inner]
        if r"\times" not in texts and (texts[:1] != ["("] or texts[-1:] != [")"]):
            continue
        last = next((tokens[k] for k in range(place - 1, -1, -1) if tokens[k].kind != "close"), tokens[place])
        is_said = last.kind == "digit" or (not notation.is_name(last.text) and last.text in _SIZED)
        is_said = is_said or place in braced
        if not is_said and is_shape(inner, notation):
            dropped.update(range(place, end + 1))
    return tree([token for place, token in enumerate(tokens) if place not in dropped]) if dropped else tokens


def without_margin(tokens: Tree, context: Context, reading: Reading, offers: set[Choice] | None) -> Tree:
    """A row without what is noted behind it: the number of the equation, or a shape, in brackets or behind a colon.

    With a wide gap before it, or behind ``= 0``, it is a note; with a narrow one it may be, but for ``3 (2)``.
    """
    place = _margin(tokens, context.notation)
    if not place:
        return tokens
    before = tokens[place - 1]
    if before.text in _OPERATORS:
        return tokens
    is_wide = before.text in _WIDE or tokens[place].start - before.end >= WIDE_GAP or _is_behind_zero(tokens, place)
    is_marked = [one.text for one in tokens[place + 1 : -1]] in (["*"], ["*", "*"])
    is_marked = is_marked or _names_sizes(tokens[place:], context.notation)
    if not (is_wide or is_marked) and (
        before.kind == "digit" or not _takes("margin", tokens[place].start, reading, offers)
    ):
        return tokens
    return tree(tokens[: place - (before.text in (":", ","))])


def _names_sizes(tokens: Sequence[Token], notation: Notation) -> bool:
    """Whether what is noted is a shape of several sizes, which no factor looks like: ``(n x d)``, ``: n x 1``."""
    signs = any(token.text in _TIMES for token in tokens)
    return signs and any(token.text in notation.sizes for token in tokens) and is_shape(tokens, notation)


def _takes(code: str, place: int, reading: Reading, offers: set[Choice] | None) -> bool:
    if offers is not None:
        offers.add(Choice(code, place))
    return reading.takes(code, place)


def _margin(tokens: Tree, notation: Notation) -> int:
    """Where a note behind a row begins; 0 where there is none."""
    place = len(tokens)
    if r"\to" in tokens.texts:
        gap = next((k + 1 for k in range(place - 1, 0, -1) if tokens[k].kind == "space"), place)
        if r"\to" in [one.text for one in tokens[gap:]] and is_shape(tokens[gap:], notation):
            return gap  # && (B, n)(n, m) \to (B, m)
    while place > 1 and tokens[place - 1].text in (")", "]") and 0 < tokens.partner[place - 1] < place:
        place = tokens.partner[place - 1]
        before = tokens[place - 1]
        if before.text in _BETWEEN and place > 2 and tokens[place - 2].text in (")", "]"):  # (n, d) @ (d,) = (n,)
            place -= 1
        elif (_is_apart(tokens, place) and before.text not in _TELLING) or _is_behind_zero(tokens, place):
            *digits, last = [one for one in tokens[place + 1 : -1] if one.text not in ("*", ".")] or [tokens[place]]
            is_letter = last.kind == "letter" and not {last.text} & {*notation.bases, *notation.sizes}
            is_number = len(digits) <= 3 and all(one.kind == "digit" for one in digits)
            is_number = is_number and (is_letter or last.kind == "digit" or last is tokens[place])
            return place * (is_number or is_shape(tokens[place:], notation))
    if ":" not in tokens.texts:
        return 0
    colon = next((k for k in tokens.top(1, len(tokens)) if tokens[k].text == ":"), len(tokens)) + 1
    return colon if colon < len(tokens) and is_shape(tokens[colon:], notation) else 0


def _is_apart(tokens: Tree, place: int) -> bool:
    """Whether a bracket stands behind a gap, or holds a number alone behind a letter: ``b^T b(2)``."""
    before, inside = tokens[place - 1], tokens[place + 1 : tokens.partner[place]]
    is_number = 0 < len(inside) <= 2 and all(one.kind == "digit" for one in inside)
    return tokens[place].start > before.end or (
        is_number and (before.kind in ("letter", "close") or before.text == ")")
    )


def _is_behind_zero(tokens: Tree, place: int) -> bool:
    """Whether a bracket stands behind ``= 0``, which nobody multiplies."""
    return [one.text for one in tokens[place - 2 : place]] == ["=", "0"]


def noted_shapes(tokens: Tree, context: Context, reading: Reading) -> Iterator[tuple[Expression, Tree]]:
    r"""What has its shape noted at a brace, ``\underbrace{W^T}_{M \times K}``, each with the space of that shape."""
    if tokens.texts.isdisjoint(_BRACES):
        return
    for place, token in enumerate(tokens[:-1]):
        if token.text not in _BRACES:
            continue
        stop = tokens.partner[place + 1]
        label = tokens[stop + 3 : tokens.partner[stop + 2]] if ALONE < stop < len(tokens) - 3 else []
        if not is_shape(label, context.notation) or tokens[stop + 1].text not in ("_", "^"):
            continue
        edge = label[0].start, label[-1].end
        made = [Token("command", r"\mathbb", *edge), Token("letter", "R", *edge), Token("mark", "^", *edge)]
        made += [Token("open", "{", *edge), *label, Token("close", "}", *edge)]
        with suppress(ReadingFault):
            yield Parser(tokens, place + 2, stop, context.notation, reading).whole(), tree(made)


def relations(tokens: Tree, start: int, end: int) -> list[int]:
    """The places of the relations at the top level of a range."""
    if _RELATIONS.isdisjoint(tokens.texts):
        return []
    places, place = list[int](), start
    steps, partners = tokens.steps, tokens.partner
    while place < end:
        token = tokens[place]
        if token.text in _RELATIONS and token.kind in ("mark", "command"):
            places.append(place)
        elif steps[place][0] > 0 and (partner := partners[place]) != ALONE:
            if partner >= end:
                break
            place = partner
        place += 1
    return places


def is_bracketed(tokens: Tree, start: int, end: int, context: Context) -> bool:
    """Whether a range is a comparison in one pair of round brackets."""
    inner = Parser(tokens, start + 1, end - 1, context.notation, Reading())
    return (
        end - start > 3
        and tokens[start].text == "("
        and tokens.partner[start] == end - 1
        and conditions.has_relation(inner)
    )


def is_of_names(words: str, tokens: Tree, start: int, end: int) -> bool:
    """Whether words name what a statement is said of: ``for each hidden unit j``, ``for the samples x_i``."""
    return case_words.begins_with(words, "for") and not relations(tokens, start, end)


def over(under: Expression | None, words: str, names: Sequence[Token]) -> Expression | None:
    """The condition of a statement that is said of some names: none more where it is of each of them."""
    return under if case_words.has(words, "any") or is_only(names, "letter") else Expression("unread", (), words)
