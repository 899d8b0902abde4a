r"""Labels in scripts, however they are set: ``W_{out}``, ``W_{\text{out}}`` and ``W_\mathrm{out}`` are one name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.derivations.language.latex.groups import Token, tree
from truestep.derivations.language.notation import FONTS, strip_fonts
from truestep.derivations.language.reading.tokens import canonical, tokenize

if TYPE_CHECKING:
    from collections.abc import Mapping

    from truestep.derivations.language.latex.groups import Tree

_SET = frozenset((*FONTS, r"\operatorname"))
_SIGNS = ("_", "^")


def as_declared(tokens: list[Token], labels: Mapping[tuple[str, str], str]) -> list[Token]:
    r"""A row with the labels of declared names as they are declared.

    >>> row = tokenize(r"W_{\text{out}} h")
    >>> canonical(as_declared(row, {("W", "out"): "out"}))
    'W_{out}h'
    """
    if not labels or not any(token.text in _SIGNS for token in tokens):
        return tokens
    row, out, place = tree(tokens), list[Token](), 0
    while place < len(row):
        out.append(row[place])
        place += 1
        if row[place - 1].text not in _SIGNS or place >= len(row):
            continue
        stop = _stop(row, place)
        inner = row[place + 1 : stop - 1] if row[place].kind == "open" else row[place:stop]
        end = next((k for k, token in enumerate(inner) if token.text == ","), len(inner))
        plain = _plain(inner[:end])
        label = labels.get((_base(row, place - 1), plain), "") if plain else ""
        if label and canonical(list(inner[:end])).strip("{}") != label:
            at = row[place]
            made = [token._replace(start=at.start, end=at.end) for token in tokenize(label)]
            brace = (Token("open", "{", at.start, at.end), Token("close", "}", at.start, at.end))
            out += [brace[0], *made, *inner[end:], brace[1]]
            place = stop
    return out


def _stop(row: Tree, place: int) -> int:
    """Where a script ends that begins at a place."""
    if row[place].text in _SET and place + 1 < len(row):
        place += 1
    return max(row.partner[place], place) + 1


def _plain(label: list[Token]) -> str:
    """A label in plain letters; nothing where it is anything else than a word."""
    rest = label[1:] if label and label[0].text in _SET else label
    texts = [token.text for token in rest if token.kind not in ("open", "close")]
    word = "".join(texts).strip()
    is_word = all(token.kind in ("text", "letter", "open", "close") for token in rest) and word.isalpha()
    return word if is_word and (len(word) > 1 or rest is not label or rest[0].kind == "text") else ""


def _base(row: Tree, sign: int) -> str:
    """The name to which the script at a sign belongs, without fonts."""
    stop = sign
    while stop > 0:
        start = row.partner[stop - 1] if row[stop - 1].kind == "close" else stop - 1
        if start > 0 and row[start - 1].text in _SIGNS:  # W^{(1)}_{out}
            stop = start - 1
            continue
        if start > 0 and row[start].kind == "open" and row[start - 1].kind == "command":
            start -= 1
        return strip_fonts(canonical(list(row[max(start, 0) : stop])))
    return ""
