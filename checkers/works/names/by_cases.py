r"""Names that a sentence gives by cases: "where $b = v$ if $w = o$, and $b = 0$ otherwise"."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from truestep.checkers.documents.told_cases import REST
from truestep.checkers.documents.words import ends_sentence
from truestep.derivations.language import case_words
from truestep.derivations.language.faults import Fault
from truestep.derivations.language.latex.groups import tree
from truestep.derivations.language.reading.rowtext import row_tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from truestep.checkers.documents.work import Row
    from truestep.checkers.works.grouping import Group
    from truestep.derivations.language.reading.rowtext import Context

_EQUATING = ("=", ":=")
_WORD = re.compile(r"^\\text\{[^{}]*\}\s*")


class _Case(NamedTuple):
    """The value of a name, where it is said, and the condition under which it is that."""

    place: int
    value: str
    condition: str


def with_cases(found: Sequence[Group], rows: Sequence[Row], context: Context) -> list[Group]:
    """The formulas, each that gives a name in one of several cases as the definition of it in all of them."""
    out = list(found)
    for sentence in _sentences(found, rows):
        name, cases = _cases([found[place] for place in sentence], rows, context)
        if len(cases) < 2 or len({one.condition for one in cases}) < len(cases):
            continue
        body = r" \\ ".join(f"{one.value} & {one.condition}" for one in cases)
        try:
            made = row_tokens(rf"{name} = \begin{{cases}} {body} \end{{cases}}", context)
        except Fault:
            continue
        for one in cases:
            group = out[place := sentence[one.place]]
            start, end = group.tokens[0].start, group.tokens[-1].end
            tokens = tree([token._replace(start=start, end=end) for token in made])
            out[place] = replace(group, tokens=tokens, told="definition")
    return out


def _sentences(found: Sequence[Group], rows: Sequence[Row]) -> Iterator[list[int]]:
    """The places of the formulas of each sentence that holds several."""
    places = list[int]()
    for place, group in enumerate(found):
        if not group.inline or ends_sentence(rows[group.rows[0]].before):
            if len(places) > 1:
                yield places
            places = []
        if group.inline:
            places.append(place)
    if len(places) > 1:
        yield places


def _cases(groups: Sequence[Group], rows: Sequence[Row], context: Context) -> tuple[str, list[_Case]]:
    """The name that the formulas of a sentence give by cases, and these; none where a case is not understood."""
    names = [_named(group, context) for group in groups]
    ((name, count),) = Counter(filter(None, names)).most_common(1) or [("", 0)]
    cases = list[_Case]()
    for place, group in enumerate(groups) if count > 1 else ():
        if names[place] != name:
            continue
        condition = _condition(place, groups, names, rows)
        if not condition:
            return "", []
        value = group.text[group.own[_equals(group)].end : group.own[-1].end].rstrip(" ,.;，。")
        cases.append(_Case(place, value, condition))
    return name, cases


def _named(group: Group, context: Context) -> str:
    """The name that nobody declared and that stands alone, or with an index, on the left side of a formula."""
    stop, notation = _equals(group), context.notation
    left = group.tokens[:stop]
    is_name = stop > 0 and left[0].kind in ("letter", "command") and (stop == 1 or left[1].text == "_")
    if not is_name or notation.is_name(left[0].text) or left[0].text in {*notation.indices, *notation.sizes}:
        return ""
    below = [token.text for token in left[2:] if token.text not in ("{", "}")]
    is_indexed = stop == 1 or (len(below) == 1 and below[0] in notation.indices)
    return group.text[left[0].start : left[-1].end] if is_indexed else ""


def _equals(group: Group) -> int:
    """The place of the sign behind the left side of a formula; 0 where none is."""
    return next((place for place, token in enumerate(group.own) if token.text in _EQUATING), 0)


def _condition(place: int, groups: Sequence[Group], names: Sequence[str], rows: Sequence[Row]) -> str:
    """The condition of the case at a place of a sentence: the words that it stands under, or a formula beside it."""
    row = rows[groups[place].rows[0]]
    if row.under == REST or case_words.begins_with(row.before, "rest") or case_words.has(row.before, "rest"):
        return REST
    own = _WORD.sub("", row.under)
    if own and not any(name and name in own for name in names):
        return rf"\text{{if }} {own}"
    beside = (k for k in (place - 1, place + 1) if 0 <= k < len(groups) and not names[k])
    told = [groups[k].text.strip(" ,.;，。") for k in beside if groups[k].told == "condition"]
    return rf"\text{{if }} {told[0]}" if told else ""
