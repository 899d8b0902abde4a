"""What a text says of the shapes of things: claims, each strong or only likely, and products of shapes."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.checkers.kinds.items import Item
    from truestep.problems.kinds.shape_references import Shape

MOST_FACTORS = 6
# words that may stand between a name and its shape without changing what is said
FILLER = frozenset(
    "done would a again all also an and are array arrays batch be being belongs bias biases both can column containing "
    "derivative derivatives dim dimension dimensionality dimensions dims each element equal equals final finally "
    "for get gives gradient gradients has have having hence in input inputs is it its itself jacobian just kernel "
    "lies list local matrices matrix must need needs np numpy of output outputs overall parameter parameters "
    "partial partials respectively result return returned returning returns samples shape shapes should simply "
    "size sized sizes so space stack stacked stacking stacks tensor tensors that the then therefore these this "
    "thus torch tuple vector vectors we weight weights which whole will with".split()
)
# what may stand before a shape that is said of no name
ALONE = frozenset(
    "a an answer are array be been dimension dimensions final finally has have hence in is it its must of overall "
    "result shape should size so stacked that the therefore this thus vector matrix will".split()
)
NEGATED = frozenset("not never isn't aren't cannot instead rather unlike wrong no neither".split())
REASONS = frozenset(
    "accepts applied as because broadcast broadcasts contracts example expects from given if into map mapping "
    "maps match matches multiplied multiplies multiply multiplying one per product receives sample sends since "
    "single sum summed summing sums take takes taking times to transforms turns upstream when where".split()
)
PRONOUNS = frozenset("it its they this that these".split())
_WORD = re.compile(r"[A-Za-z][\w']*|[^\sA-Za-z]")
_PARTIAL = re.compile(r"∂[\w^()]+/∂[\w^()]+")
# what takes back the shape before it
_UNLESS = re.compile(
    r"[\s,(]*(?:if|unless|only|would|when|in case|were|was|is wrong|in numerator|in code)\b", re.IGNORECASE
)
# what makes a sentence speak of a case that need not be the one at hand
_SUPPOSED = re.compile(r"\b(?:if|suppose|assuming|assume|were we|had we|in case|under the)\b", re.IGNORECASE)
# a clause about something else behind a name and its colon
_OTHER_SUBJECT = re.compile(
    r"\s*:\s*(?:the|its|an?|each|our)\s+(?!(?:result|output|shape|size|dimension|answer|returned)\w*\b)[\w\s]*?"
    r"\b(?:is|has|are|have)\b",
    re.IGNORECASE,
)
_HAS_TO = re.compile(r"\b(?:has|have|needs?|ought|is|are|going)\s+to\s+(?=(?:be|have|return|equal)\b)", re.IGNORECASE)
_RESPECT = re.compile(r"\bwith respect to(?:\s+(?:the|its|input|inputs|weight|weights|layer))*\b", re.IGNORECASE)
_RETURNS = re.compile(
    r"\s*(?:simply|just|will|only|\s)*(?:returns?|gives?|outputs?|equals?|is)\s+(?:simply |just )?"
    r"(?:the )?(?:weights?|weight matrix|matrix|inputs?|vector|input vector)?\s*",
    re.IGNORECASE,
)
_IN_ALL = re.compile(r"\b(?:samples|batch|overall|in all|altogether|in total|stack\w*)\b", re.IGNORECASE)
_NAMES = re.compile(r"[^\s^+@·*⊤-]+")
_CONCLUSION = re.compile(r"\b(?:so|hence|thus|therefore)\b(?!\s+that)", re.IGNORECASE)
_HARMLESS = frozenset(":=,()-–—&|∈.[]\"/\\'")
_LISTED = re.compile(r"\s*(?:,|&|\||/|and|,\s*and|;)?\s*")
_AGAIN = re.compile(
    r"[\s,(]*(?:=|(?:or|no|maybe|perhaps|possibly|rather|actually|better|instead)\b|i\.?e\.?,?|that is,?|also written|"
    r"a\.?k\.?a\.?)(?:[\s,(]*(?:maybe|perhaps|possibly|rather|actually|better|just|simply)\b)*[\s,(]*"
    r"(?:an?\s|the\s)?\s*",
    re.IGNORECASE,
)
_ARRAY = (
    r"(?:\s*\b(?:the|this|that|an?|its|upstream|local|gradient|vector|matrix|jacobian|partial|result|of|with|shape|size|"
    r"length|J)\b)*"
)
_TIMES = re.compile(rf"\s*(?:[@·*×]|times|and|with|by)?{_ARRAY}\s*")
_MADE = re.compile(
    r"\s*=\s*|[^.;=\n]{0,80}?\b(?:gives|yields|is|leaves|makes|equals|becomes|returns|produces|results in)\b"
    rf"{_ARRAY}\s*"
)
_SIGN = re.compile(r"\s*(?:[@·*×=]?|times|gives|is|leaves|yields)\s*")


@dataclass(frozen=True)
class Claim:
    """A shape, or several spellings of one, said of a name.

    A claim that is not strong decides nothing, and one about a supposed case accuses of nothing.
    """

    name: str
    shapes: tuple[Shape, ...]
    row: int
    strong: bool = True
    supposed: bool = False


@dataclass(frozen=True)
class Multiplied:
    """A product of shapes and what is said to come out."""

    factors: tuple[Shape, ...]
    result: Shape
    row: int
    elementwise: bool
    strong: bool = True


@dataclass
class Said:
    """All that was read: claims, products, the names that occur, and whether a shape was left out."""

    claims: list[Claim]
    products: list[Multiplied]
    mentioned: set[str]
    loose: bool = False


def said_in(items: Sequence[Item], sizes: frozenset[str] = frozenset()) -> Said:
    """What the items of a text say; ``sizes`` are the letters that stand for sizes."""
    return _Reader(items, sizes).read()


class _Reader:
    """Goes through the items once; ``pending`` are the names that wait for their shapes."""

    def __init__(self, items: Sequence[Item], sizes: frozenset[str]) -> None:
        self.items, self.sizes = items, sizes
        self.said = Said([], [], set())
        self.pending: list[str] = []
        self.subjects: set[str] = set()
        self.open = self.aside = self.supposed = False
        self.fresh = True

    def read(self) -> Said:
        place = 0
        while place < len(self.items):
            item = self.items[place]
            if "\n" in item.words and item.kind != "shape" and not self.pending:
                self._stop()
            if item.kind == "shape":
                place = self._shape(place)
                continue
            if item.kind in ("stop", "end"):
                self._stop()
            elif item.kind in ("name", "expression"):
                self._name(place)
            place += 1
        return self.said

    def _stop(self) -> None:
        self.pending, self.subjects, self.open, self.fresh = [], set(), False, True
        self.aside = self.supposed = False

    def _name(self, place: int) -> None:
        item = self.items[place]
        before = self.items[place - 1].kind if place else ""
        name = item.text if item.kind == "name" else ""
        if before == "shape" and _of(item.words) and self.open and item.kind == "name":
            self._name_after(item.text)
            return
        equal = item.words.rstrip().endswith("=") and item.kind == "name"
        same = before == "name" and item.kind == "name" and _RETURNS.fullmatch(item.words) is not None
        self.supposed = self.supposed or _SUPPOSED.search(item.words) is not None
        joined = bool(self.pending) and (
            equal or same or (before == "name" and _LISTED.fullmatch(item.words) is not None)
        )
        self.pending = [*self.pending, name] if joined else [name]
        if not same:
            self.subjects.add(name or item.text)
        self.said.mentioned |= {name} if name else set(_NAMES.findall(item.text))
        self.open = self.fresh = self.aside = False

    def _name_after(self, name: str) -> None:
        """``the t x s matrix W``: the name follows its shape."""
        last = self.said.claims[-1]
        if not last.name:
            self.said.claims[-1] = replace(last, name=name)
            self.said.mentioned.add(name)

    def _shape(self, place: int) -> int:
        """Reads what begins with a shape; returns where to go on."""
        end = self._product(place)
        if end:
            return end
        run = self._run(place)
        item = self.items[place]
        after = self.items[place + len(run)] if place + len(run) < len(self.items) else item
        if after.kind == "arrow" and place + len(run) + 1 < len(self.items):
            self.said.loose = True  # a map from one space to another
            self._bind([self.items[place + len(run) + 1].shape], item.row, strong=False)
            return place + len(run) + 2
        self._told(run, item, after)
        return place + len(run)

    def _told(self, run: list[Item], item: Item, after: Item) -> None:
        how = self._connective(item.words)
        if self.pending and how != "dropped" and _OTHER_SUBJECT.fullmatch(item.words.rstrip()):
            how = "dropped"
        if how == "strong" and _UNLESS.match(after.words):
            how = "weak"
        if "\n" in item.words and not self.pending:
            self._stop()
        shapes = [one.shape for one in run]
        if self.open and _AGAIN.fullmatch(item.words) and len(run) == 1:
            last = self.said.claims[-1]
            self.said.claims[-1] = replace(last, shapes=(*last.shapes, *shapes))
        elif how == "dropped":
            self.said.loose = self.aside = True
        elif self.pending:
            self._bind(shapes, item.row, how == "strong")
        elif self.fresh or _IN_ALL.search(item.words):
            alone = how == "strong" and all(word in ALONE or word in _HARMLESS for word in _words(item.words))
            self.said.claims += [Claim("", (shape,), one.row, alone) for shape, one in zip(shapes, run, strict=True)]
            self.open, self.fresh = True, how == "strong"
        else:
            self.said.loose = True

    def _connective(self, words: str) -> str:
        """How what stands before a shape joins it to a name: ``strong``, ``weak``, or ``dropped`` where it does not."""
        words = _RESPECT.sub(" ", _HAS_TO.sub("", words))
        concluded = list(_CONCLUSION.finditer(words))
        found = _words(words[concluded[-1].start() :] if concluded else words)
        if any(word in NEGATED or word in REASONS for word in found) or (self.aside and not concluded):
            return "dropped"
        if any(word in PRONOUNS for word in found) and len(self.subjects) > 1:
            return "weak"
        known = (word in FILLER or word in _HARMLESS or word in self.sizes for word in found)
        return "strong" if all(known) else "weak"

    def _bind(self, shapes: list[Shape], row: int, strong: bool) -> None:
        names = self.pending
        if len(shapes) == 1:
            pairs = [(name, shapes[0]) for name in names]
        elif len(shapes) == len(names):
            pairs = list(zip(names, shapes, strict=True))
        else:
            pairs, strong = [(name, shapes[0]) for name in names], False
        self.said.claims += [Claim(name, (shape,), row, strong, self.supposed) for name, shape in pairs if name]
        self.open = any(name for name, _ in pairs)
        self.pending = []

    def _run(self, place: int) -> list[Item]:
        """The shape at a place and those that are listed with it, as many as names wait."""
        run = [self.items[place]]
        most = max(len(self.pending), 1) if self.pending else 20
        while len(run) < most and place + len(run) < len(self.items):
            after = self.items[place + len(run)]
            if after.kind != "shape" or not _LISTED.fullmatch(after.words) or not after.words.strip():
                break
            run.append(after)
        return run

    def _product(self, place: int) -> int:
        """Reads a product of shapes with its result, before it or after it; 0 where there is none."""
        factors = self._factors(place)
        end = place + len(factors)
        if len(factors) > 1 and end < len(self.items):
            made = self._result(end)
            if made is not None:
                self._multiplied(factors, *made)
                return made[1]
            return 0
        after = self._factors(place + 1) if place + 1 < len(self.items) else []
        if len(after) > 1 and re.fullmatch(r"\s*=\s*", after[0].words) and not self.pending:
            self._multiplied(after, self.items[place], place + 1 + len(after))
            return place + 1 + len(after)
        return 0

    def _result(self, end: int) -> tuple[Item, int] | None:
        item = self.items[end]
        if item.kind == "arrow" and end + 1 < len(self.items) and self.items[end + 1].kind == "shape":
            return self.items[end + 1], end + 2
        if item.kind == "shape" and _MADE.fullmatch(item.words):
            return item, end + 1
        return None

    def _multiplied(self, factors: list[Item], result: Item, end: int) -> None:
        elementwise = any("*" in factor.words for factor in factors[1:])
        shapes = tuple(factor.shape for factor in factors)
        strong = all(_SIGN.fullmatch(one.words) for one in (*factors[1:], result))
        self.said.products.append(Multiplied(shapes, result.shape, factors[0].row, elementwise, strong))
        self.pending, self.open, self.fresh = [], False, False

    def _factors(self, place: int) -> list[Item]:
        out: list[Item] = []
        while place + len(out) < len(self.items) and len(out) < MOST_FACTORS:
            item = self.items[place + len(out)]
            if item.kind != "shape" or (out and (not _TIMES.fullmatch(item.words) or "\n" in item.words)):
                break
            out.append(item)
        return out


def _of(words: str) -> bool:
    """Whether a name that follows a shape belongs to it."""
    return re.fullmatch(r"\s*(?:weight |bias )?(?:matrix|vector|array|tensor)\s+", words) is not None


def _words(text: str) -> list[str]:
    return [word.lower() if len(word) > 1 else word for word in _WORD.findall(_PARTIAL.sub(" ", text))]
