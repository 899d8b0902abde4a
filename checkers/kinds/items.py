"""What a text about shapes holds, in its order: names, shapes, arrows, ends of sentences, and the words between."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from truestep.checkers.kinds.vocabulary import TO_BE, WORD, kind_of
from truestep.problems.kinds.plain_words import name_of, plain
from truestep.problems.kinds.shape_references import BY, Shape, size_pattern, sizes_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MAX_ITEMS = 8_000
_MARKER = re.compile(r"^\s*(?:[-*+•]|\(?(?:\d{1,2}|[a-z])[.)])\s+(?=\S)")
_OPENS = re.compile(r"[:=∈&|→(]\s*$|\b(?:is|are|size|shape|to|of|length|dimension|has|after|outputs|gives)\s+$")
LONGEST_OPENING = 40  # characters, with spaces
_TRANSPOSED = re.compile(r"\s*\^?(?:T\b|⊤|\(T\)|\\top)")
_ASIDE = r"(?:\([^()]{0,60}\)\s*)?"
_WORD_BEFORE = re.compile(r"[^\W\d_]+\s+$")
_WRT = re.compile(r"\b(?:with respect to|w\.\s?r\.\s?t\.?|wrt)\s+(?:the\s+|its\s+)?\w+")
_JOINED = re.compile(r"\s*[+@·*-]?\s*(?=\S)")
_NUMBER = r"\d{1,7}"
_STOP = re.compile(r"[.;!](?=\s|$)")
_COUNT = re.compile(
    r"(?:[\d(][\d\s()+*×·.,]*=\s*)?(?P<a>\d{1,3}(?:,\d{3})+|\d+)\s*(?:learnable |trainable |total )?param\w*|"
    r"param\w*\s*(?::|=|is|are)\s*(?:[\d(][\d\s()+*×·]*=\s*)?(?P<b>\d{1,3}(?:,\d{3})+|\d+)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Item:
    """A letter of the grammar of sentences with what stands there: a name, a shape, a word, the end of a sentence.

    A shape or a word ``is_size`` where it is a size that stands alone: ``have t and u entries``.
    """

    kind: str
    row: int
    text: str = ""
    shape: Shape = ()
    names: tuple[str, ...] = ()
    count: int = 0
    is_size: bool = False


class Scanner:
    """Reads the items of rows; ``names`` are those whose shapes may be told, by every spelling of theirs.

    ``extra`` gives words that are of another class in the answers to this kind of question.
    """

    def __init__(
        self,
        names: dict[str, str],
        shapes: dict[str, Shape],
        sizes: Iterable[str],
        extra: dict[str, str] | None = None,
    ) -> None:
        self.names, self.shapes, self.extra = names, shapes, extra
        self.sizes = frozenset(sizes)
        size = size_pattern(self.sizes)
        spelled = "|".join(
            r"\s+".join(re.escape(word) for word in name.split()) for name in sorted(names, key=len, reverse=True)
        )
        self._name = (
            re.compile(rf"(?:{spelled})(?![A-Za-z0-9_'])(?P<call>\(\s*\w*(?:\s*=\s*\w+)?\s*\))?") if names else None
        )
        listed = rf"\s*{size}(?:\s*,\s*{size})*\s*,?\s*"
        product = rf"\s*{size}(?:{BY}{size})+\s*"
        entries = r"(?:rows?|entries|elements|components|numbers|values|units|dimensions?)"
        self._patterns = (
            (re.compile(rf"ℝ\s*\^\s*(?:\((?P<in>{listed}|{product})\)|(?P<one>{size}(?:\s*×\s*{size})*))"), "in"),
            (re.compile(rf"[(\[](?P<in>\s*{size}(?:\s*,\s*{size})+\s*,?\s*|\s*{size}\s*,\s*|{product})[)\]]"), "in"),
            (re.compile(rf"(?P<a>{size})\s*rows?\s*{_ASIDE}(?:and|,|×|x|by)\s*(?P<b>{size})\s*col(?:umn)?s?"), "ab"),
            (re.compile(rf"(?P<b>{size})\s*col(?:umn)?s?\s*{_ASIDE}(?:and|,)\s*(?P<a>{size})\s*rows?"), "ab"),
            (re.compile(rf"(?P<in>{size}(?:{BY}{size})+)"), "in"),
            (
                re.compile(
                    rf"(?:[Aa]\s+)?(?:column\s+)?vector\s+(?:of|with|in)\s+(?:the\s+)?(?:length|size|dimensions?|shape)?\s*(?:of\s+)?(?P<in>{size})"
                    rf"(?:\s+{entries})?"
                ),
                "in",
            ),
            (re.compile(rf"(?:length|dimension)(?![A-Za-z])\s*(?:of\s*|=\s*)?(?P<in>{size})(?!{BY}|\s*,)"), "in"),
            (
                re.compile(
                    rf"(?![aA]\s)(?P<in>{size})\s*[- ]\s*"
                    r"(?:dim(?:ensional)?|vector|elements?|entries|long|units|neurons|numbers)(?![A-Za-z])"
                ),
                "in",
            ),
            (re.compile(r"(?P<scalar>scalar)(?![A-Za-z])"), "scalar"),
            (
                re.compile(
                    r"(?:the\s+)?same\s+(?:shape|size|dimensions?)\s+as\s+(?:the\s+)?(?:input\s+)?(?P<same>[^\s,;:]+)"
                    r"(?=\s*(?:[.,;:)(|&]|$|and\b|because\b|since\b|which\b|has\b))"
                ),
                "same",
            ),
        )
        several = rf"{size}(?:\s*(?:,\s*)?(?:,|and|und|et|y)\s*{size})+"
        self._listed = re.compile(
            rf"\b(?:lengths?|dimensions?|sizes?)\s+(?:of\s+)?(?P<a>{several})(?=\s*(?:$|[.;:)]|resp|because\b|since\b))|"
            rf"(?P<b>{several})\s*(?:{entries})"
        )
        self._size = re.compile(size)
        letters = "|".join(re.escape(one) for one in sorted(self.sizes, key=len, reverse=True) if not one.isdigit())
        self._bracketed = re.compile(rf"[(\[]\s*(?P<in>{letters or _NUMBER})\s*[)\]]")
        self._bare = re.compile(
            rf"(?P<in>\(\s*{size}\s*\)|{size})(?=\s*(?:[,.;:)(&|→=*@·]|$|and\b|because\b|since\b|as\b|per\b|for\b))"
        )

    def items(self, rows: Sequence[str]) -> list[Item]:
        """All items; a row ends a sentence, unless it ends in a word and the next one begins in small letters."""
        out: list[Item] = []
        for number, text in enumerate(rows):
            line = _WRT.sub("", re.sub(r"[ \t]+", " ", _MARKER.sub("", plain(text))))
            if out and (out[-1].kind in "nsek" or not re.match(r"\s*[a-zé]{2,}\s", line)):
                out.append(Item(".", number))
            place, listed = 0, self._lengths(line)
            while place < len(line) and len(out) < MAX_ITEMS:
                length = listed.get(place)
                if length is not None:
                    out.append(Item("s", number, length[0], sizes_in(length[0]), is_size=True))
                    place = length.end()
                    continue
                item, place = self._at(line, place, number)
                out += [] if item is None else [item]
        return out

    def _lengths(self, line: str) -> dict[int, re.Match[str]]:
        """The lengths that stand in lists of them, by their places."""
        spans = [found.span("a" if found["a"] else "b") for found in self._listed.finditer(line)]
        return {one.start(): one for start, end in spans for one in self._size.finditer(line, start, end)}

    def _at(self, line: str, place: int, row: int) -> tuple[Item | None, int]:
        before = line[place - 1] if place else " "
        if line[place].isspace():
            return None, place + 1
        if _STOP.match(line, place):
            return Item(".", row), place + 1
        if line[place] == "→":
            return Item(">", row), place + 1
        if not (before.isalnum() or before in "_^∂/\\'"):
            told = self._told(line, place, row)
            if told is not None:
                return told
        word = WORD.match(line, place)
        assert word is not None
        if word[0].lower() == "to" and TO_BE.match(line, word.end()):
            return None, word.end()
        kind = line[place] if line[place] in "()" else kind_of(word[0], self.extra)
        return Item(kind, row, word[0], is_size=word[0] in self.sizes), word.end()

    def _told(self, line: str, place: int, row: int) -> tuple[Item, int] | None:
        """A name, a count or a shape."""
        named = self._named(line, place, row)
        if named is not None:
            return named
        counted = _COUNT.match(line, place)
        if counted is not None:
            number = int((counted["a"] or counted["b"]).replace(",", ""))
            return Item("k", row, counted[0], count=number), counted.end()
        for pattern, how in self._patterns:
            found = pattern.match(line, place)
            if found is not None:
                shape = self._shape(found, how)
                if shape is not None:
                    return Item("s", row, found[0], shape), found.end()
        bracketed = self._bracketed.match(line, place)
        if bracketed is not None:
            return Item("s", row, bracketed[0], sizes_in(bracketed["in"])), bracketed.end()
        bare = self._bare.match(line, place)
        near = max(0, place - LONGEST_OPENING)
        if bare is not None and (bare[0].startswith("(") or _OPENS.search(line, near, place)):
            return Item("s", row, bare[0], sizes_in(bare["in"].strip("() "))), bare.end()
        return None

    def _named(self, line: str, place: int, row: int) -> tuple[Item, int] | None:
        """A name, or an expression that begins with one."""
        if self._name is None:
            return None
        found = self._name.match(line, place)
        if found is not None and kind_of(found[0].split()[0]) == "g":  # the upstream gradient is not the gradient
            before = _WORD_BEFORE.search(line, max(0, place - LONGEST_OPENING), place)
            if before is not None and kind_of(before[0].strip(), self.extra) in "gu":
                return None
        if found is None or (found[0] in ("a", "I") and not re.match(r"\s*[:=∈.]", line[found.end() :])):
            return None
        end, parts = self._expression(line, found.end())
        if parts > 1:
            inside = (self.names.get(" ".join(one[0].split())) for one in self._name.finditer(line, place, end))
            return Item("e", row, line[place:end], names=tuple(name for name in inside if name)), end
        name = found[0][: len(found[0]) - len(found["call"] or "")]
        return Item("n", row, self.names[" ".join(name.split())]), end

    def _expression(self, line: str, end: int) -> tuple[int, int]:
        """Where an expression ends of which one name is read, and of how many parts it is."""
        parts = 1
        while True:
            turned, joined = _TRANSPOSED.match(line, end), _JOINED.match(line, end)
            after = self._name.match(line, joined.end()) if joined is not None and self._name is not None else None
            if turned is not None:
                end, parts = turned.end(), parts + 1
            elif after is not None and after[0] not in ("a", "I"):
                end, parts = after.end(), parts + 1
            else:
                return end, parts

    def _shape(self, found: re.Match[str], how: str) -> Shape | None:
        if how == "scalar":
            return ()
        if how == "ab":
            return sizes_in(f"{found['a']}, {found['b']}")
        if how == "same":
            name = name_of(found["same"]).rstrip(".,;:)")
            return self.shapes.get(self.names.get(name, name))
        inside = found["in"] or found["one"]
        shape = sizes_in(inside)
        return tuple(self._meant(size) for size in shape) if "," in inside else shape

    def _meant(self, size: str | int) -> str | int:
        """In a tuple the name of a vector may stand for its length: ``(N, x)``."""
        known = self.shapes.get(str(size))
        return known[0] if known is not None and len(known) == 1 and size not in self.sizes else size
