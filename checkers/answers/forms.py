r"""The form of an answer: a formula, words, several values, a tuple, an interval, a relation.

What is compared as a formula is kept as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from truestep.derivations.language.faults import ReadingFault
from truestep.derivations.language.latex.groups import Token, Tree
from truestep.derivations.language.reading.tokens import tokenize

MOST_PARTS = 24
# an array as a program makes it of lists: np.array([[1, 2], [3, 4]])
_MADE = re.compile(r"(?:[A-Za-z_]\w*\.)?(?:array|tensor|asarray|[Mm]atrix|[Vv]ector)\(\s*(\[.*\])\s*\)", re.DOTALL)
FENCES = frozenset((r"\left", r"\right"))
JOINING = frozenset(("or", "and", "oder", "und", "ou", "et", "o", "y", "или", "и", "或", "和"))
RELATIONS = {
    "=": "=",
    r"\approx": "=",
    r"\equiv": "=",
    r"\neq": "!=",
    r"\ne": "!=",
    "<": "<",
    r"\lt": "<",
    ">": ">",
    r"\gt": ">",
    r"\le": "<=",
    r"\leq": "<=",
    r"\leqslant": "<=",
    r"\ge": ">=",
    r"\geq": ">=",
    r"\geqslant": ">=",
}
TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
OPENING = {"(": ")", "[": "]", r"\{": r"\}", r"\langle": r"\rangle"}
CLOSING = frozenset((")", "]", r"\}", r"\rangle"))
UNITS = frozenset((r"\%", r"\circ", "%", "°", r"\degree"))
IN_NUMBERS = UNITS | {r"\frac", r"\sqrt", r"\cdot", r"\times", r"\$"}
BEFORE_NUMBERS = frozenset(("-", r"\$", r"\frac", r"\sqrt"))
UPRIGHT = frozenset((r"\mathrm", r"\textbf", r"\text", r"\mathbf", r"\operatorname"))
MINUS = frozenset((r"\setminus", r"\smallsetminus", r"\backslash"))
CUPS = frozenset((r"\cup", "∪"))
SUCH_THAT = frozenset((":", r"\mid", r"\colon"))
INFINITE = frozenset((r"\infty", "∞"))


@dataclass(frozen=True)
class Formula:
    """What is read as one formula, and the unit behind it, or before it."""

    text: str
    unit: str = ""


@dataclass(frozen=True)
class Words:
    """What is no mathematics, as letters alone in lower case."""

    text: str


@dataclass(frozen=True)
class Infinite:
    """Plus or minus infinity."""

    is_negative: bool = False


@dataclass(frozen=True)
class Several:
    """Values in any order: a set, a list, a union, ``x = 1 or x = 2``."""

    items: tuple[Form, ...]
    is_list: bool = False  # without braces


@dataclass(frozen=True)
class Tuple:
    """Values in their order between brackets: a point, a pair, an interval."""

    items: tuple[Form, ...]
    brackets: tuple[str, str]


@dataclass(frozen=True)
class Relation:
    """Two sides and the sign between them."""

    left: Form
    sign: str
    right: Form


@dataclass(frozen=True)
class Without:
    """A set without what is in another one."""

    whole: Form
    removed: Form


@dataclass(frozen=True)
class Choice:
    """The letter of a choice, and its text behind it: ``(D) 12``."""

    letter: str
    text: Form


Form = Formula | Words | Infinite | Several | Tuple | Relation | Without | Choice


def form_of(text: str) -> Form:
    r"""The form of an answer.

    >>> [one.text for one in form_of(r"\{1, 2\}").items]
    ['1', '2']
    >>> form_of("0 < x < 1") == form_of("(0, 1)"), form_of("Yes.")
    (True, Words(text='yes'))
    """
    text = text.strip().strip("$").strip()
    text = made[1] if (made := _MADE.fullmatch(text)) else text
    try:
        tokens = _unfenced(tokenize(text))
    except ReadingFault:
        return Formula(text)
    end = len(tokens)
    while end and tokens[end - 1].text in (".", ";", ",") and tokens[end - 1].kind == "mark":
        end -= 1
    row = _Row(text, tokens)
    return row.choice(end) or row.form(0, end)


def _unfenced(tokens: Sequence[Token]) -> Tree:
    r"""The tokens with ``\left`` and ``\right`` as parts of the brackets behind them."""
    out, before = Tree(), -1
    for token in tokens:
        if token.text in FENCES:
            before = token.start
        else:
            out.append(token if before < 0 else token._replace(start=before))
            before = -1
    return out


def sides_of(text: str) -> tuple[str, str] | None:
    """The two sides of an equation as they were written; None where it is none.

    >>> sides_of("x^2 - 1 = (x - 1)(x + 1)")
    ('x^2 - 1', '(x - 1)(x + 1)')
    """
    try:
        tokens = _unfenced(tokenize(text))
    except ReadingFault:
        return None
    row = _Row(text, tokens)
    signs = [sign for sign in row.signs(list(tokens.top(0, len(tokens)))) if sign[2] == "="]
    if len(signs) != 1 or not 0 < signs[0][0] < signs[0][1] < len(tokens):
        return None
    return row.written(0, signs[0][0]), row.written(signs[0][1], len(tokens))


class _Row:
    """The tokens of an answer, of which parts are told from one place to another."""

    def __init__(self, text: str, tokens: Tree) -> None:
        self.text, self.tokens = text, tokens

    def form(self, start: int, end: int) -> Form:
        top = list(self.tokens.top(start, end))
        for split in (self._list, self._difference, self._union, self._related, self._bracketed, self._two_signs):
            found = split(start, end, top)
            if found is not None:
                return found
        return self._single(start, end)

    def written(self, start: int, end: int) -> str:
        """A stretch as it was written."""
        return self.text[self.tokens[start].start : self.tokens[end - 1].end].strip() if start < end else ""

    def _parts(self, start: int, end: int, cuts: Sequence[tuple[int, int]]) -> tuple[Form, ...] | None:
        """The forms between some cuts; None where one is empty or there are too many."""
        edges = [start, *(place for cut in cuts for place in cut), end]
        ranges = [(edges[k], edges[k + 1]) for k in range(0, len(edges), 2)]
        ranges = [one for one in ranges if one[0] < one[1]] if len(cuts) > 1 else ranges
        if len(ranges) > MOST_PARTS or any(first >= last for first, last in ranges):
            return None
        return tuple(self.form(*one) for one in ranges)

    def _list(self, start: int, end: int, top: Sequence[int]) -> Form | None:
        cuts = [cut for cut in self._cuts(top) if start < cut[0]]
        items = self._parts(start, end, cuts) if cuts else None
        return Several(items, is_list=True) if items is not None and len(items) > 1 else None

    def _cuts(self, top: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Commas, semicolons and words that join, from where to where; no commas within numbers."""
        place = 0
        while place < len(top):
            if self._joins(top[place]):
                yield top[place], top[place] + 1
            else:
                word = self._word(top, place)
                if word in JOINING and len(word) > 1:
                    yield top[place], top[place] + len(word)
                    place += len(word) - 1
            place += 1

    def _joins(self, place: int) -> bool:
        """Whether one token stands between two values."""
        token = self.tokens[place]
        if token.kind == "text":
            return token.text.strip(" ,.").lower() in JOINING
        is_sign = token.kind == "mark" and token.text in ",;" and not self._in_number(place)
        return is_sign or token.text in (r"\vee", r"\lor", r"\quad", r"\qquad")

    def _word(self, top: Sequence[int], place: int) -> str:
        """The letters that stand side by side from a place on, apart from what is around them."""
        out, last = "", top[place]
        if last and self.tokens[last - 1].end == self.tokens[last].start and self.tokens[last - 1].kind == "letter":
            return ""
        for index in range(top[place], len(self.tokens)):
            token = self.tokens[index]
            if token.kind != "letter" or (out and token.start != self.tokens[index - 1].end):
                break
            out += token.text
        return out.lower()

    def _in_number(self, place: int) -> bool:
        """Whether a comma stands before exactly three digits: 10,000."""
        digits = [token.kind == "digit" for token in self.tokens[place + 1 : place + 5]]
        touching = self.tokens[place].end == self.tokens[place + 1].start if place + 1 < len(self.tokens) else False
        is_behind = place > 0 and self.tokens[place - 1].kind == "digit"
        return is_behind and touching and digits[:3] == [True] * 3 and digits[3:] != [True]

    def _union(self, start: int, end: int, top: Sequence[int]) -> Form | None:
        cuts = [(place, place + 1) for place in top if self.tokens[place].text in CUPS]
        items = self._parts(start, end, cuts) if cuts else None
        return Several(items) if items is not None and len(items) > 1 else None

    def _difference(self, start: int, end: int, top: Sequence[int]) -> Form | None:
        r"""A set without another one, ``A \setminus B`` or ``A - \{0\}``; which comes first of several is not said."""
        cuts = [place for place in top if self.tokens[place].text in MINUS]
        cuts += [place for place in top if self.tokens[place].text == "-" and self._opens_set(place + 1, end)]
        if not cuts or not start < cuts[0] < end - 1:
            return None
        is_one = len(cuts) == 1 and not any(self.tokens[place].text in CUPS for place in top)
        if not is_one:
            return Formula(self.written(start, end))
        return Without(self.form(start, cuts[0]), self.form(cuts[0] + 1, end))

    def _opens_set(self, place: int, end: int) -> bool:
        return place < end and self.tokens[place].text == r"\{" and self.tokens.partner[place] == end - 1

    def choice(self, end: int) -> Form | None:
        """The letter of a choice, set off by brackets, in front of its text."""
        tokens = self.tokens
        if end > 1 and tokens[0].kind == "text":
            mark, place = tokens[0].text.strip(), 1
        elif end > 1 and tokens[0].text in UPRIGHT and tokens[1].kind == "open":
            place = max(tokens.partner[1], 1) + 1
            mark = "".join(token.text for token in tokens[2 : place - 1])
        else:  # (D) 12, but not (D)12
            is_apart = end > 3 and self.text[tokens[2].end :][:1].isspace()
            place = 3 if is_apart and (tokens[3].kind in ("digit", "text") or tokens[3].text in BEFORE_NUMBERS) else 0
            mark = "".join(token.text for token in tokens[:place])
        letter = mark.strip("().:")
        is_letter = len(letter) == 1 and letter.isascii() and letter.isupper() and mark[-1] in ").:"
        return Choice(letter, self.form(place, end)) if is_letter and place < end else None

    def _related(self, start: int, end: int, top: Sequence[int]) -> Form | None:
        for place in top:
            if self.tokens[place].text in (r"\in", "∈") and start < place < end - 1:
                return self.form(place + 1, end)  # x \in [0, 1)
        signs = list(self.signs(top))
        if not signs or signs[0][0] == start or signs[-1][1] == end:
            return None
        edges = [start, *(place for first, last, _ in signs for place in (first, last)), end]
        sides = [self.form(edges[k], edges[k + 1]) for k in range(0, len(edges), 2)]
        kinds = [sign for *_, sign in signs]
        if len(sides) == 3 and kinds[0] == kinds[1] == "=":
            return Relation(sides[0], "=", sides[2])
        if len(sides) == 3 and {*kinds} <= {"<", "<="}:
            return _interval(sides[0], kinds[0], kinds[1], sides[2])
        if len(sides) == 3 and {*kinds} <= {">", ">="}:
            return _interval(sides[2], TURNED[kinds[1]], TURNED[kinds[0]], sides[0])
        if len(sides) > 2:
            return Relation(sides[0], "=", sides[-1]) if {*kinds} == {"="} else None
        return _half_line(sides[0], kinds[0], sides[1])

    def signs(self, top: Sequence[int]) -> Iterator[tuple[int, int, str]]:
        """The signs of relations, from where to where."""
        skipped = -1
        for place in top:
            text = self.tokens[place].text
            if place == skipped or text not in RELATIONS or self.tokens[place].kind == "text":
                continue
            has_more = text in "<>" and place + 1 < len(self.tokens) and self.tokens[place + 1].text == "="
            skipped = place + 1 if has_more else skipped
            yield place, place + 1 + has_more, RELATIONS[text] + ("=" if has_more else "")

    def _bracketed(self, start: int, end: int, top: Sequence[int]) -> Form | None:
        """What stands between brackets from the first place to the last."""
        is_whole = start < end and self.tokens[start].text in OPENING and self.tokens.partner[start] == end - 1
        if not is_whole or top:
            return None
        opening, closing = self.tokens[start].text, self.tokens[end - 1].text
        inside = self.tokens.top(start + 1, end - 1)
        such = next((place for place in inside if self.tokens[place].text in SUCH_THAT), end)
        if opening == r"\{" and such < end - 2:
            return self.form(such + 1, end - 1)
        inner = self.form(start + 1, end - 1) if start + 1 < end - 1 else Several(())
        items = inner.items if isinstance(inner, Several) and inner.is_list else (inner,)
        if opening == r"\{":
            return Several(() if inner == Several(()) else items)
        if len(items) > 1:
            return Tuple(items, (opening, closing))
        return inner if isinstance(inner, Words) else None

    def _two_signs(self, start: int, end: int, top: Sequence[int]) -> Form | None:
        r"""``1 \pm 2`` as two values."""
        places = [place for place in top if self.tokens[place].text in (r"\pm", "±")]
        if len(places) != 1:
            return None
        before, after = self.written(start, places[0]), self.written(places[0] + 1, end)
        return Several(tuple(Formula(f"{before} {sign} {after}".strip()) for sign in "+-"))

    def _is_unit(self, place: int, is_number: bool) -> bool:
        """Whether a token is a unit behind a value; degrees only behind a number, else they are an angle's."""
        return self.tokens[place].kind == "text" or (self.tokens[place].text in UNITS and is_number)

    def _single(self, start: int, end: int) -> Form:
        tokens = [token for token in self.tokens[start:end] if token.text not in ("{", "}")]
        if [token.text for token in tokens if token.text not in "+-"] in ([one] for one in INFINITE):
            return Infinite(tokens[0].text == "-")
        if [token.text for token in tokens] in ([r"\mathbb", "R"], ["ℝ"], [r"\R"], [r"\mathbb{R}"]):
            return _interval(Infinite(is_negative=True), "<", "<", Infinite())
        if [token.text for token in tokens] in ([r"\emptyset"], [r"\varnothing"], ["∅"]):
            return Several(())
        words = _words(tokens)
        if words:
            return Words(words)
        first, last = start, end
        is_number = all(token.kind != "command" or token.text in IN_NUMBERS for token in tokens)
        while last > first + 1 and self._is_unit(last - 1, is_number):
            last -= 1 + (self.tokens[last - 1].text == r"\circ" and self.tokens[last - 2].text == "^")
        first += last > first + 1 and self.tokens[first].text == r"\$"
        unit = "".join(token.text for token in (*self.tokens[start:first], *self.tokens[last:end]))
        return Formula(self.written(first, last), "".join(unit.split()).lower().strip("^."))


def _words(tokens: Sequence[Token]) -> str:
    """The words where there is nothing else: in text, or three letters and more that touch."""
    is_text = bool(tokens) and all(token.kind == "text" for token in tokens)
    letters = [token for token in tokens if token.text not in UPRIGHT]
    is_word = len(letters) > 2 and all(token.kind == "letter" and token.text.isalpha() for token in letters)
    if not is_text and not (is_word and all(one.end == other.start for one, other in pairwise(letters))):
        return ""
    return "".join(sign for token in letters for sign in token.text.lower() if sign.isalnum() or sign == " ").strip()


def _interval(low: Form, first: str, last: str, high: Form) -> Form:
    return Tuple((low, high), ("[" if first == "<=" else "(", "]" if last == "<=" else ")"))


def _half_line(left: Form, sign: str, right: Form) -> Form:
    """``x > 2`` as an interval; another relation as it stands."""
    if isinstance(left, Formula) and isinstance(right, Formula) and sign in ("<", "<=") and _is_absolute(left.text):
        return _interval(Formula(f"-({right.text})"), sign, sign, right)
    is_named = isinstance(left, Formula) and _is_name(left.text)
    if not is_named and isinstance(right, Formula) and _is_name(right.text) and sign in TURNED:
        left, sign, right = right, TURNED[sign], left
        is_named = True
    if not is_named or sign in ("=", "!="):
        return Relation(left, sign, right)
    if sign in ("<", "<="):
        return _interval(Infinite(is_negative=True), "<", sign, right)
    return _interval(right, "<" if sign == ">" else "<=", "<", Infinite())


def _is_absolute(text: str) -> bool:
    """Whether a text is the absolute value of a name."""
    bare = text.replace(r"\lvert", "|").replace(r"\rvert", "|").strip()
    return len(bare) > 2 and bare[0] == bare[-1] == "|" and _is_name(bare[1:-1].strip())


def _is_name(text: str) -> bool:
    """Whether a text is one letter, with or without a subscript."""
    try:
        tokens = tokenize(text)
    except ReadingFault:
        return False
    base = tokens[0] if tokens else None
    is_letter = base is not None and (base.kind == "letter" or base.text[:1] == "\\") and base.text not in INFINITE
    return is_letter and (len(tokens) == 1 or tokens[1].text == "_")
