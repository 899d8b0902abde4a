"""Rows to statements: rows that belong together are joined."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar, cast

from truestep.checkers.documents.words import ends_sentence, is_headed
from truestep.derivations.language import altering
from truestep.derivations.language.faults import Fault, ReadingFault, Span
from truestep.derivations.language.latex.decimal_commas import with_points
from truestep.derivations.language.latex.groups import Token, Tree, tree
from truestep.derivations.language.latex.powers import powers
from truestep.derivations.language.latex.relations import is_related, left_text
from truestep.derivations.language.liberties import Choice, Reading
from truestep.derivations.language.notation import strip_fonts
from truestep.derivations.language.reading.chains import Statement, read_row
from truestep.derivations.language.reading.rowtext import ARROWS, EQUALITIES, moved, row_tokens
from truestep.derivations.language.reading.tokens import canonical

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Sequence

    from truestep.checkers.documents.work import Row
    from truestep.derivations.language.notation import Notation
    from truestep.derivations.language.reading.rowtext import Context

    Make = Callable[[Sequence[Row], tuple[int, ...], Context], "Group"]

T = TypeVar("T")
MAX_ROWS = 600
MAX_JOINED = 5


@dataclass(frozen=True)
class Group:
    """Rows that make one formula: their numbers and texts, and where each begins in the joined text.

    ``told`` is the role that the words about it give it; ``inline`` says that it stands within a sentence.
    """

    rows: tuple[int, ...]
    text: str
    starts: tuple[int, ...]
    tokens: Sequence[Token] = ()
    fault: Fault | None = None
    told: str = ""
    inline: bool = False
    about: str = ""  # what it stands beside in a table
    goes_on: bool = False  # whether no word stands between it and the formula before it
    apart: bool = False  # whether a paragraph ends before it
    in_cell: bool = False  # whether it begins a cell of a table
    opens: bool = False  # whether a sentence ends before it
    example: bool = False  # whether its paragraph gives an example
    perhaps: tuple[str, ...] = ()  # conditions before it that may hold yet
    loosely: bool = False  # whether its sentence says more than these
    said_of: str = ""  # what the words about it equate it with
    beside: str = ""  # the formula before it, where they mean that
    summed: bool = False  # whether the words behind it say that a sum is meant

    @cached_property
    def texts(self) -> frozenset[str]:
        """The texts of its tokens."""
        return frozenset(token.text for token in self.tokens)

    @cached_property
    def own(self) -> tuple[Token, ...]:
        """Its tokens without those of the condition that the words before it put it under."""
        return tuple(token for token in self.tokens if token.start < len(self.text))

    @cached_property
    def canonical(self) -> str:
        """Its tokens in one spelling."""
        return canonical(self.tokens)

    @cached_property
    def printed(self) -> tuple[Token, ...]:
        """Its tokens without marks of alignment."""
        return tuple([token for token in self.tokens if token.text != "&"])

    def once(self, make: Callable[[Sequence[Token]], T]) -> T:
        """What is made of its tokens alone, once: a group that stands as it stood before is the same one."""
        made = self._made
        if make not in made:
            made[make] = make(self.tokens)
        return cast("T", made[make])

    @cached_property
    def _made(self) -> dict[object, object]:
        return {}

    def place(self, span: Span) -> tuple[int, Span]:
        """The row that a span of the joined text begins in, and the span within that row."""
        which = max(k for k, start in enumerate(self.starts) if start <= max(span[0], 0))
        offset = self.starts[which]
        return self.rows[which], (span[0] - offset, max(span[1] - offset, span[0] - offset))


def within(group: Group, condition: str, context: Context) -> Group:
    """A group under a condition, in place of the one that the words before it say."""
    said = _condition_tokens(rf"\text{{if }} {condition}", context)
    return replace(group, tokens=tree([*group.own, *moved(said, len(group.text))]))


def _condition_tokens(said: str, context: Context) -> list[Token]:
    """The tokens of a condition in words and formulas, of which each may be plain text."""
    pieces = [r"\quad ", *_WORDS.split(said)]
    starts = itertools.accumulate(map(len, pieces), initial=0)
    return [
        token
        for piece, start in zip(pieces, starts, strict=False)
        if piece.strip()
        for token in moved(row_tokens(piece, context), start)
    ]


_WORDS = re.compile(r"(\\text\{[^{}]*\})")


def groups(rows: Sequence[Row], context: Context, make: Make | None = None) -> list[Group]:
    r"""The rows, joined where a bracket is left open: ``\left( ... \right.`` and ``\left. ... \right)``."""
    out: list[Group] = []
    place, make = 0, make or group_of
    while place < len(rows):
        count = 1
        group = make(rows, (place,), context)
        if group.fault is None and not group.inline and tree(group.tokens).is_open:
            for count in range(2, min(MAX_JOINED, len(rows) - place) + 1):
                joined = make(rows, tuple(range(place, place + count)), context)
                if joined.fault is None and not tree(joined.tokens).is_open:
                    group = joined
                    break
            else:
                count = 1
        while place + count < len(rows) and _goes_on(group, rows[place + count]):
            joined = make(rows, tuple(range(place, place + count + 1)), context)
            if joined.fault is not None:
                break
            group, count = joined, count + 1
        out.append(group)
        place += count
    return out


def group_of(rows: Sequence[Row], numbers: tuple[int, ...], context: Context) -> Group:
    """Some rows, by their numbers, as one group."""
    starts, text, first = [], "", rows[numbers[0]]
    goes_on = not any(letter.isalpha() for letter in first.before)
    for number in numbers:
        text += "\n" if text else ""
        starts.append(len(text))
        text += rows[number].text
    try:
        tokens: list[Token] = []
        for start, number in zip(starts, numbers, strict=True):
            read = row_tokens(rows[number].text, context)
            tokens += moved(powers(read) if rows[number].returned else read, start)
        if len(numbers) > 1:
            tokens = _without_invisible(tokens)
        if len(tokens) > 1 and tokens[-1].text == "=" and numbers[-1] + 1 < len(rows):
            tokens.pop()  # the next row goes on with it
        if first.told == "alternative":
            tokens.insert(0, Token("mark", "=", 0, 0))
        if under := first.under:
            tokens += moved(_condition_tokens(under, context), len(text))
        tokens = [*as_update(tokens, context.notation)]
        before = first.before if first.inline else first.before.rstrip()  # a display goes on with its sentence
        sides = first.inline, first.about, goes_on, "\n\n" in before, first.before.rstrip().endswith("|")
        last = ends_sentence(before) or is_headed(first), first.example, first.perhaps, first.loosely
        words = first.said_of, first.beside, altering.says_sum(rows[numbers[-1]].after)
        return Group(numbers, text, tuple(starts), tree(tokens), None, first.told, *sides, *last, *words)
    except Fault as fault:
        return Group(numbers, text, tuple(starts), (), fault, first.told, first.inline, first.about, goes_on)


def as_update(row: Sequence[Token], notation: Notation) -> Sequence[Token]:
    r"""``w^{(t+1)} = w^{(t)} - g``, ``w_{new} = w_{old} - g`` and ``w^+ = w - g`` as ``w := w - g``.

    A label is that of a step where its letter is no declared index, and the right side is a sum with the name in it.
    """
    tokens = tree(row)
    equals = next((k for k in tokens.top(0, len(tokens)) if tokens[k].text in ("=", ":=")), 0)
    begin = next((k for k in range(equals) if tokens[k].kind != "space" and tokens[k].text not in ARROWS), equals)
    cut = next((k for k in tokens.top(begin, equals) if tokens[k].text in _SCRIPTS), equals)
    base, end = canonical(tokens[begin:cut]), _right_end(tokens, equals)
    signs = [k for k in tokens.top(equals + 1, end) if tokens[k].text in "+-" and k > equals + 1]
    labels = {place: _label(tokens, place) for place in range(begin, len(tokens)) if tokens[place].text in _SCRIPTS}
    at_index = {k: label for k, label in labels.items() if _is_of_indices(label, notation)}
    behind = {_script_end(tokens, k): k for k in at_index}  # p_{ik}^{new}
    bases = {k: behind.get(k, k) for k in labels.keys() - at_index.keys()}
    of_base = {k: labels[k] for k in sorted(bases) if labels[k] and _stands(base, tokens, bases[k], cut - begin)}
    step = next((_STEP_LABEL.fullmatch(label) for k, label in of_base.items() if k < equals), None)
    if (
        not base
        or any(tokens[k].kind == "digit" or tokens[k].text in _SIGNS for k in tokens.top(begin, cut))
        or base in (*notation.updates, *notation.defined)
        or not signs
        or step is None
        or (step[0] == "'" and canonical(tokens[equals + 1 : equals + 1 + cut - begin]) != base)
        or any(_is_own(_unbraced(base), tokens[k].text, of_base[k], step, notation) for k in of_base)
    ):
        return row
    before = [label for k, label in of_base.items() if equals < k < end]
    plain = [k for k in range(equals + 1, end) if canonical(tokens[k : k + cut - begin]) == base]
    letter, ahead = step["letter"], step["ahead"]
    earlier = step[0].replace("+1", "") if ahead else step[0].replace(letter or " ", f"{letter}-1")
    words = {label for label in before if label.strip("()").isalpha()} if not letter else set[str]()
    if earlier not in before and not words and (letter or len(plain) <= len(before)):
        return row
    known = {step[0], earlier, *words}
    own = {
        k for k in labels if labels[k] in known and _is_own(_name(tokens, k), tokens[k].text, labels[k], step, notation)
    }
    drop = {
        k for p, label in labels.items() if label in known and p not in own for k in range(p, _script_end(tokens, p))
    }
    kept = (t._replace(text=":=", kind="mark") if k == equals else t for k, t in enumerate(tokens) if k not in drop)
    return list(kept)


def _is_of_indices(label: str, notation: Notation) -> bool:
    """Whether a label is that of an entry: letters of declared indices alone."""
    letters = label.replace(",", "")
    is_short = 0 < len(letters) <= MOST_INDICES
    return letters in notation.indices or (is_short and all(one in notation.indices for one in letters))


def _stands(base: str, tokens: Tree, stop: int, width: int) -> bool:
    """Whether a name ends at a place."""
    return canonical(tokens[stop - width : stop]) == base


def _name(tokens: Tree, stop: int) -> str:
    """The name that ends at a place, but for its font and braces about it."""
    opening = tokens.partner[stop - 1] if tokens[stop - 1].kind == "close" else stop - 1
    if opening > 0 and tokens[opening - 1].text in _SCRIPTS:
        return tokens[stop - 1].text
    start = opening - 1 if opening > 0 and opening < stop - 1 and tokens[opening - 1].kind == "command" else opening
    return _unbraced(canonical(tokens[start:stop]))


def _unbraced(name: str) -> str:
    plain = strip_fonts(name)
    return plain[1:-1] if plain[:1] == "{" and plain[-1:] == "}" else plain


def _right_end(tokens: Tree, equals: int) -> int:
    """Where the first right side of a row ends."""
    stops = (
        k
        for k in tokens.top(equals + 1, len(tokens))
        if tokens[k].text in EQUALITIES or tokens[k].kind in ("space", "text")
    )
    return next(stops, len(tokens))


def _script_end(tokens: Tree, place: int) -> int:
    if tokens[place].text == "'" or place + 1 >= len(tokens):
        return place + 1
    return (tokens.partner[place + 1] if tokens[place + 1].kind == "open" else place + 1) + 1


def _label(tokens: Tree, place: int) -> str:
    """What stands in a script, without its braces."""
    inside = tokens[place + 1 : _script_end(tokens, place)] if tokens[place].text != "'" else [tokens[place]]
    return "".join(token.text.strip() for token in inside if token.kind not in ("open", "close"))


def _is_own(base: str, sign: str, label: str, step: re.Match[str], notation: Notation) -> bool:
    """Whether a label belongs to what is declared: a name with it, a member, an entry at a declared index."""
    letter = step["letter"]
    names = {(base, label, None), (base, f"{{{label}}}", None), (base, None, label), (base, None, f"{{{label}}}")}
    is_member = (base, sign) in notation.families or not names.isdisjoint(notation.names)
    return (
        is_member
        or letter in notation.indices
        or letter in notation.sizes
        or (sign == "'" and not notation.is_name(base))
    )


MOST_INDICES = 2
_SIGNS = frozenset("+-*/")
_SCRIPTS = ("_", "^", "'")
_STEP_LABEL = re.compile(r"[(\[]?(?:(?P<letter>[A-Za-z]|\\[a-z]+)(?P<ahead>\+1)?|[a-zA-Z]{3,}|\+|')[)\]]?")


def plain_name(text: str) -> str:
    """A name without its braces, fonts and blanks."""
    return _SETTING.sub("", strip_fonts(text))


def left_names(found: Sequence[Group]) -> frozenset[str]:
    r"""What stands on the left sides of a work, and what ends of its rows are named, as plain names: ``... =: r``."""
    lefts = [left_text(group.text) for group in found]
    lefts += [group.text.rpartition("=:")[2] for group in found if "=:" in group.text]
    return frozenset(plain_name(left) for left in lefts if left is not None)


_SETTING = re.compile(r"[{}\s&$]|\\(?:math|bold)[a-z]+")


_SPACE = r"(?:[{}\s~]|\\(?:q?quad(?![A-Za-z])|[ ,;:!]|phantom\{[^{}]{0,60}\}))*"
_FURTHER = re.compile(rf"{_SPACE}(?:&(?:&|{_SPACE})-|&?(?:&|{_SPACE})(?:\+|\\(?:cdot|times|odot)(?![A-Za-z])))")


_MINUS = re.compile(rf"{_SPACE}&?{_SPACE}-")
_OPERATORS = ("+", "-", r"\cdot", r"\times", r"\odot")


def _goes_on(before: Group, row: Row) -> bool:
    """Whether a row is a further term of the sum, or factor of the product, with which the row before it ends.

    One that begins with a minus is, in one display, where it has no relation of its own.
    """
    if before.inline or row.inline or not any(token.text in EQUALITIES for token in before.tokens):
        return False
    is_within = row.apart and not row.before  # rows of one display
    if is_within and before.tokens[-1].text in _OPERATORS:
        return True
    is_term = is_within and _MINUS.match(row.text) is not None and not is_related(row.text)
    return is_term or _FURTHER.match(row.text) is not None


def _without_invisible(tokens: list[Token]) -> list[Token]:
    r"""Without ``\right.`` and ``\left.``"""
    out: list[Token] = []
    skip = False
    for place, token in enumerate(tokens):
        if skip:
            skip = False
        elif token.text in (r"\left", r"\right") and place + 1 < len(tokens) and tokens[place + 1].text == ".":
            skip = True
        else:
            out.append(token)
    return out


def statements(
    group: Group, context: Context, reading: Reading, outer: frozenset[str], offers: set[Choice] | None = None
) -> tuple[Statement, ...]:
    """The statements of a group under one reading; ``offers`` takes what could be read in another way."""
    if group.fault is not None:
        raise group.fault
    if not group.tokens:
        return ()
    try:
        offers = set() if offers is None else offers
        tokens = with_points(group.tokens, reading, offers)
        if group.summed:  # dy summed over the batch
            offers.add(Choice("said-sum"))
            tokens = _summed(tokens) if reading.takes("said-sum", 0) else tokens
        return read_row(tokens, context, reading, outer, offers)
    except RecursionError:
        raise ReadingFault("this is nested too deeply", (0, 1)) from None


def _summed(tokens: Sequence[Token]) -> Sequence[Token]:
    """The tokens with a sum over the last side of an equation, without an index."""
    row = tree(tokens)
    equals = [k for k in row.top(0, len(row)) if row[k].text == "="]
    end = next((k for k in row.top(0, len(row)) if row[k].text == r"\quad"), len(row))
    if not equals or not 0 < equals[-1] < end - 1:
        return tokens
    first, last = row[equals[-1] + 1], row[end - 1]
    opened = Token("command", r"\sum", *[first.start] * 2), Token("mark", "(", *[first.start] * 2)
    return tree(
        [*row[: equals[-1] + 1], *opened, *row[equals[-1] + 1 : end], Token("mark", ")", *[last.end] * 2), *row[end:]]
    )


def nothing_left(statement: Statement) -> ReadingFault:
    """The fault of a row that begins with a relation where nothing stands before it."""
    return ReadingFault("nothing stands on the left of this equals sign", statement.parts[0].expression.span)


def without_left(statement: Statement) -> Statement:
    """``= a = b`` where no left side was asked for: ``a = b``."""
    first, *rest = statement.parts
    return replace(statement, parts=(replace(first, relation=""), *rest)) if first.relation == "=" else statement


def is_rule_of_its_own(statement: Statement, introduced: Container[str]) -> bool:
    """Whether a rule is recalled in letters of its own: ``P : Q = \\operatorname{tr}(P^T Q)``."""
    first, *rest = [part.expression for part in statement.parts]
    if statement.parts[0].relation or not rest or first.head == "unknown":
        return False
    sides = [
        {node.data for node in side.walk() if node.head == "unknown" and node.data not in introduced}
        for side in (first, *rest)
    ]
    if not sides[0] or any(side != sides[0] for side in sides):
        return False
    return not any(side.has("symbol", "member", "index", "size") for side in (first, *rest))
