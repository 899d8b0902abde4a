r"""A strict grammar of sentences that tell shapes: a sentence that does not fit it whole claims nothing.

A sentence is read as a string of letters, one for each name (n), shape (s), expression (e), arrow (>) and word (by its
class in the vocabulary), and cut into productions:

    claim       names links shapes        W_1 and W_2 are t x s and u x t
    product     s s ... = s               (m, r)(r) -> (m)
    conclusion  ... so it is s            of the name with which the sentence begins
    reason      because ..., for each ... up to a comma
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from truestep.checkers.kinds.vocabulary import doubts_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from truestep.checkers.kinds.items import Item
    from truestep.problems.kinds.shape_references import Shape

LONGEST = 600  # words of a sentence that is read
SHORT = 4  # fewer words with an unknown one among them, behind an answer, may take it back: "scratch that"
AFTER = 3  # words behind a claim, among which the size of the next name may stand
LINK = "[wmv:tpq>]*(?:v[wm]*g+[wmpqv,]*)?"
_POINTS_BACK = re.compile("p|^[wm,]*s")
_ASIDE = re.compile(r"\([^()]*\)")


@dataclass(frozen=True)
class Claim:
    """A shape said of a name, or of none; ``source`` is what it is said to be made from (``3 x 8 -> 6 x 4``)."""

    name: str
    shape: Shape
    row: int
    place: int = 0
    source: Shape | None = None


@dataclass(frozen=True)
class Multiplied:
    """A product of shapes and what is said to come out."""

    factors: tuple[Shape, ...]
    result: Shape
    row: int
    elementwise: bool


@dataclass
class Said:
    """All that was read; ``unread`` are the names in sentences that were not, each with the last place of one.

    The name "" stands for a sentence that tells a shape of nothing that is known; ``taken_back`` is the row of a
    sentence that may take back the others.
    """

    claims: list[Claim] = field(default_factory=list)
    products: list[Multiplied] = field(default_factory=list)
    counts: list[tuple[str, int, int]] = field(default_factory=list)
    mentioned: set[str] = field(default_factory=set)
    unread: dict[str, int] = field(default_factory=dict)
    taken_back: int | None = None


def said_in(items: Sequence[Item]) -> Said:
    """What the items of a text say."""
    said = Said()
    start = 0
    for place, item in enumerate(items):
        if item.kind == ".":
            if place > start:
                _sentence(items[start:place], start, said)
            start = place + 1
    if start < len(items):
        _sentence(items[start:], start, said)
    return said


def _sentence(items: Sequence[Item], place: int, said: Said) -> None:
    names = {item.text for item in items if item.kind == "n"}
    said.mentioned |= names | {name for item in items if item.kind == "e" for name in item.names}
    kept = _without_asides(items)
    kinds = "".join(item.kind for item in kept)
    tells = "s" in kinds or "k" in kinds
    if tells and not doubts_in(kinds, "xy") and len(kept) <= LONGEST:
        read = _Sentence(kept, kinds, place).parts(0)
        if read is not None:
            for part in read:
                said.claims += part.claims
                said.products += part.products
                said.counts += part.counts
            named = {claim.name for part in read for claim in part.claims}
            said.unread |= dict.fromkeys(names - named, place)
            return
    if names:
        said.unread |= dict.fromkeys(names, place)
    elif tells and "e" not in kinds and (_POINTS_BACK.search(kinds) or doubts_in(kinds)):
        said.unread[""] = place
    is_strange = ("u" in kinds and len(kinds) < SHORT) or not set(kinds) - set("u,()")
    if not names and not tells and (doubts_in(kinds) or (is_strange and said.claims)):
        said.taken_back = kept[0].row if kept else items[0].row


def _without_asides(items: Sequence[Item]) -> list[Item]:
    """The items without what stands in brackets; brackets around one item are left out alone."""
    out = list(items)
    while True:
        kinds = "".join(item.kind for item in out)
        found = _ASIDE.search(kinds)
        if found is None:
            return [item for item in out if item.kind not in "()"]
        inside = out[found.start() + 1 : found.end() - 1]
        doubts = [item for item in inside if item.kind in "yo"]
        keep = inside if len(inside) == 1 else doubts
        out[found.start() : found.end()] = keep


@dataclass
class _Part:
    end: int
    claims: list[Claim] = field(default_factory=list)
    products: list[Multiplied] = field(default_factory=list)
    counts: list[tuple[str, int, int]] = field(default_factory=list)


class _Sentence:
    """The productions over one sentence, tried in order at each place; what does not end well is given up."""

    def __init__(self, items: Sequence[Item], kinds: str, place: int) -> None:
        self.items, self.kinds, self.place = items, kinds, place
        begins = re.match("[wfmgpr,:]*n", kinds)
        self.subject = items[begins.end() - 1].text if begins else ""
        self.dead: set[int] = set()

    def parts(self, start: int) -> list[_Part] | None:
        """The parts from a place to the end of the sentence."""
        if start == len(self.kinds):
            return []
        if start in self.dead:
            return None
        for pattern, made in _PRODUCTIONS:
            found = pattern.match(self.kinds, start)
            if found is None or (found.re is _FREE and start):
                continue
            for end in self._ends(found):
                rest = self.parts(end)
                if rest is not None:
                    return [made(self, found, end), *rest]
        self.dead.add(start)
        return None

    def _ends(self, found: re.Match[str]) -> Iterator[int]:
        if found.re not in (_REASON, _FREE):
            yield found.end()
            return
        stops = "[,c]|(?=ss|s@)" if found.re is _REASON else ",*c"
        for stop in re.finditer(stops, self.kinds[: found.end()]):
            if stop.start() > found.start():
                yield stop.start()
        if found.re is _REASON:
            yield found.end()

    def shapes(self, start: int, end: int) -> list[Item]:
        return [item for item in self.items[start:end] if item.kind == "s"]

    def claim(self, name: str, item: Item, source: Shape | None = None) -> Claim:
        return Claim(name, item.shape, item.row, self.place, source)


def _claims(one: _Sentence, found: re.Match[str], end: int) -> _Part:
    names = [item for item in one.items[found.start() : found.end("names")] if item.kind == "n"]
    shapes = one.shapes(*found.span("shapes"))
    near = one.items[found.start() : end + AFTER]
    if len(shapes) != len(names) and any(item.is_size for item in (near if len(names) > 1 else shapes)):
        return _Part(end)  # which size is whose is not understood
    pairs = zip(names, shapes if len(shapes) == len(names) else [shapes[0]] * len(names), strict=True)
    claims = [one.claim(name.text, shape) for name, shape in pairs]
    if len(shapes) != len(names):  # more shapes than names: all are said of each
        claims += [one.claim(name.text, shape) for name in names for shape in shapes[1:]]
    return _Part(end, claims, [], _counted(one, found, names[0].text))


def _counted(one: _Sentence, found: re.Match[str], name: str) -> list[tuple[str, int, int]]:
    told = [item for item in one.items[found.start() : found.end()] if item.kind == "k"]
    return [(name, item.count, item.row) for item in told]


def _counts(one: _Sentence, found: re.Match[str], end: int) -> _Part:
    return _Part(end, [], [], _counted(one, found, one.items[found.start()].text))


def _mapped(one: _Sentence, found: re.Match[str], end: int) -> _Part:
    first, last = one.shapes(found.start(), found.end())
    return _Part(end, [one.claim(one.items[found.start()].text, last, first.shape)])


def _named_after(one: _Sentence, found: re.Match[str], end: int) -> _Part:
    return _Part(end, [one.claim(one.items[end - 1].text, one.items[found.start()])])


def _product(one: _Sentence, found: re.Match[str], end: int) -> _Part:
    shapes = one.shapes(found.start("product"), found.end())
    result_first = found.re is _RESULT_FIRST
    result, factors = (shapes[0], shapes[1:]) if result_first else (shapes[-1], shapes[:-1])
    signs = {item.text for item in one.items[found.start() : found.end()] if item.kind == "@"}
    product = Multiplied(tuple(item.shape for item in factors), result.shape, factors[0].row, "*" in signs)
    claims = [
        one.claim(one.items[place - 1].text, one.items[place])
        for place in range(found.start("product") + 1, found.end())
        if one.kinds[place - 1 : place + 1] == "ns"
    ]
    if one.kinds[found.start()] == "n" and found.start("product") > found.start():
        claims.append(one.claim(one.items[found.start()].text, result))
    return _Part(end, claims, [product])


def _bare(one: _Sentence, found: re.Match[str], end: int) -> _Part:
    """Shapes of no name; behind a claim they are said of the same."""
    before = [item.text for item in one.items[: found.start()] if item.kind == "n"]
    name = before[-1] if before and "c" not in one.kinds[: found.start()] else ""
    return _Part(end, [one.claim(name, item) for item in one.shapes(found.start(), found.end())])


def _concluded(one: _Sentence, found: re.Match[str], end: int) -> _Part:
    return _Part(end, [one.claim(one.subject, one.items[end - 1])])


def _nothing(_: _Sentence, __: re.Match[str], end: int) -> _Part:
    return _Part(end)


_SHAPES = "s(?:(?:[wm]*,+[wm]*|[,w]*o[wm]*|:)s)*"
_MULTIPLIED = "(?P<product>n?s(?:@?[wmg]*(?:n[wm]*)?s)+[:>v,]*[>:v]+[wm]*s)"
_RESULT_FIRST = re.compile("(?P<product>s:s(?:@?s)+)")
# a remark may hold shapes, but none that "it" is said to have
_REASON = re.compile("(?:,*[rf]|(?<=s):)(?:(?!p[wmv:]*s)[^y])*")
_FREE = re.compile("[wfmg:]*n[^xy]*")
_PRODUCTIONS: tuple[tuple[re.Pattern[str], Callable[[_Sentence, re.Match[str], int], _Part]], ...] = (
    (re.compile(f"n(?:[wm:v]*e)?[wmv:]+{_MULTIPLIED}"), _product),
    (re.compile(_MULTIPLIED), _product),
    (re.compile("[^nsxyeok]+(?=s@?s)"), _nothing),
    (_RESULT_FIRST, _product),
    (re.compile("n[wm:t]*g?[wm:]*s[,]*>[,]*[wmv]*g?[wm:]*s(?![>])"), _mapped),
    (re.compile("n[wm:t]*g[wm:]*s,[gm][wm:]*s(?![>])"), _mapped),
    (re.compile(f"(?P<names>n(?:,+[wmpg]*n)+){LINK}(?P<shapes>{_SHAPES})(?!>)"), _claims),
    (
        re.compile(
            f"(?P<names>n)(?:[wm:v]*e)?{LINK}(?:k,*[wmv:]*)?(?P<shapes>s(?:(?:[,w]*o[wm]*|:)s)*)(?:[,wmv:]*k)?(?!>)"
        ),
        _claims,
    ),
    (re.compile("(?P<names>n)v[^,sxyok]*,w*m(?P<shapes>s)"), _claims),
    (re.compile("n[wmv:]*k"), _counts),
    (re.compile("[,uwm]*sfw*g+|(?<=s)w+g+"), _nothing),
    (re.compile("s[wm]*mn"), _named_after),
    (re.compile(",*c?[wmf,]*p[wmvp:]*s"), _concluded),
    (re.compile(",*c[wmv:,]*s"), _concluded),
    (re.compile(f"{_SHAPES}(?!>)"), _bare),
    (re.compile("f(?=[wmp]*g*m*n)"), _nothing),
    (re.compile("[wp]*g+m*(?=n)"), _nothing),
    (re.compile("[wmc,:vtp]+"), _nothing),
    (_REASON, _nothing),
    (_FREE, _nothing),
)
