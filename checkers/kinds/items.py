"""What a text about shapes holds, in its order: names, shapes, arrows, ends of sentences, and the words between."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from truestep.problems.kinds.plain_words import name_of, plain
from truestep.problems.kinds.shape_references import BY, Shape, size_pattern, sizes_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MAX_ITEMS = 4_000
_MARKER = re.compile(r"^\s*(?:[-*+•]|\(?(?:\d{1,2}|[a-z])[.)])\s+(?=\S)")
_OPENS = re.compile(r"[:=∈&|→]\s*$|\b(?:is|size|shape|to|of|length)\s+$")
_TRANSPOSED = re.compile(r"\s*\^?(?:T\b|⊤|\(T\)|\\top)")
_ASIDE = r"(?:\([^()]{0,60}\)\s*)?"
_WRT = re.compile(r"\bw\.\s?r\.\s?t\.?|\bwrt\b")
_JOINED = re.compile(r"\s*[+@·*-]?\s*(?=\S)")


@dataclass(frozen=True)
class Item:
    """A name, a shape, an arrow, an end of a sentence; ``words`` is what stands between the one before and this.

    A ``name`` that is part of a longer expression (``W_1 x``) is an ``expression``, about which nothing is asked.
    """

    kind: str
    row: int
    text: str = ""
    shape: Shape = ()
    words: str = ""
    bare: bool = False


class Scanner:
    """Reads the items of rows; ``names`` are those whose shapes may be told, by every spelling of theirs."""

    def __init__(self, names: dict[str, str], shapes: dict[str, Shape], sizes: Iterable[str]) -> None:
        self.names, self.shapes = names, shapes
        self.sizes = frozenset(sizes)
        size = size_pattern(self.sizes)
        spelled = "|".join(
            r"\s+".join(re.escape(word) for word in name.split()) for name in sorted(names, key=len, reverse=True)
        )
        self._name = (
            re.compile(rf"(?:{spelled})(?![A-Za-z0-9_])(?P<call>\(\s*\w*(?:\s*=\s*\w+)?\s*\))?") if names else None
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
                    rf"vector\s+(?:of|with|in)\s+(?:the\s+)?(?:length|size|dimensions?|shape)?\s*(?:of\s+)?(?P<in>{size})"
                    rf"(?:\s+{entries})?"
                ),
                "in",
            ),
            (re.compile(rf"(?:length|dimension)\s*(?:of\s*|=\s*)?(?P<in>{size})(?!{BY}|\s*,)"), "in"),
            (
                re.compile(
                    rf"(?!a\s)(?P<in>{size})\s*[- ]\s*(?:dim(?:ensional)?|vector|elements?|entries|long)(?![A-Za-z])"
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
        letters = "|".join(re.escape(one) for one in sorted(self.sizes, key=len, reverse=True) if not one.isdigit())
        self._bracketed = re.compile(rf"[(\[]\s*(?P<in>{letters or '(?!)'})\s*[)\]]")
        self._bare = re.compile(
            rf"(?P<in>\(\s*{size}\s*\)|{size})(?=\s*(?:[,.;:)(&|→=*@·]|$|and\b|because\b|since\b|as\b|per\b|for\b))"
        )

    def items(self, rows: Sequence[str]) -> list[Item]:
        """All items; a row's end is no item, but a mark at its beginning (a list, a table) ends a sentence."""
        out: list[Item] = []
        words = ""
        for number, text in enumerate(rows):
            line = _WRT.sub("with respect to", re.sub(r"[ \t]+", " ", _MARKER.sub("", plain(text))))
            place = 0
            while place < len(line) and len(out) < MAX_ITEMS:
                found = self._at(line, place, number, words)
                if found is None:
                    words += line[place]
                    place += 1
                else:
                    item, place = found
                    out.append(item)
                    words = ""
            words += "\n"
        return [*out, Item("end", len(rows), words=words)]

    def _at(self, line: str, place: int, row: int, words: str) -> tuple[Item, int] | None:
        before = line[place - 1] if place else " "
        ends = re.match(r"[.;!?](?=\s|$)", line[place:])
        if ends:
            return Item("stop", row, words=words), place + 1
        if line[place] == "→":
            return Item("arrow", row, words=words), place + 1
        if before.isalnum() or before in "_^∂/\\'" or line[place].isspace():
            return None
        named = self._named(line, place, row, words)
        if named is not None:
            return named
        for pattern, how in self._patterns:
            found = pattern.match(line, place)
            if found is not None:
                shape = self._shape(found, how)
                if shape is not None:
                    return Item("shape", row, found[0], shape, words), found.end()
        bracketed = self._bracketed.match(line, place)
        if bracketed is not None:
            return Item("shape", row, bracketed[0], (bracketed["in"],), words, True), bracketed.end()
        bare = self._bare.match(line, place)
        if bare is not None and (bare[0].startswith("(") or _OPENS.search(words)):
            return Item("shape", row, bare[0], sizes_in(bare["in"].strip("() ")), words, True), bare.end()
        return None

    def _named(self, line: str, place: int, row: int, words: str) -> tuple[Item, int] | None:
        """A name, or an expression that begins with one."""
        found = self._name.match(line, place) if self._name is not None else None
        if found is None or (found[0] in ("a", "I") and not re.match(r"\s*[:=∈.]", line[found.end() :])):
            return None
        end, parts = self._expression(line, found.end())
        if parts > 1:
            return Item("expression", row, line[place:end], words=words), end
        name = found[0][: len(found[0]) - len(found["call"] or "")]
        return Item("name", row, self.names[" ".join(name.split())], words=words), end

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
