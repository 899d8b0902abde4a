r"""Matrices that a work describes by their rows or columns: "let $X$ have the rows $x_i^T$"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.checkers.documents.words import ends_sentence
from truestep.derivations.language import case_words
from truestep.derivations.language.latex.groups import tree
from truestep.derivations.language.reading.tokens import canonical, tokenize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.checkers.documents.work import Row
    from truestep.checkers.works.grouping import Group
    from truestep.derivations.language.latex.groups import Token
    from truestep.derivations.language.reading.rowtext import Context

_TURNED = frozenset(("T", r"\top", r"\intercal", "'"))


def with_stacks(found: Sequence[Group], rows: Sequence[Row], context: Context) -> list[Group]:
    """The formulas, where words say of which rows or columns a matrix is made that nobody declared."""
    out, named, said, member = list(found), "", "", ""
    for place, group in enumerate(found):
        before = rows[group.rows[0]].before
        if not group.inline or ends_sentence(before):
            named, said, member = "", "", ""
        said = f"{said} {before}"
        if not group.inline:
            continue
        named, member = _name_of(group, context) or named, _member_of(group, context) or member
        kind = next((one for one in ("row", "column") if case_words.has(said, one)), "")
        if named and member and kind:
            edge = (group.tokens[0].start, group.tokens[-1].end)
            made = tokenize(f"{named} = {_stacked(member, kind)}")
            tokens = tree([token._replace(start=edge[0], end=edge[1]) for token in made])
            out[place] = replace(group, tokens=tokens, told="definition")
            named, said, member = "", "", ""
    return out


def _name_of(group: Group, context: Context) -> str:
    r"""The new name that a formula is, or says the shape of: ``X``, ``X \in \mathbb{R}^{n \times d}``."""
    stop = next((k for k, token in enumerate(group.tokens) if token.text == r"\in"), len(group.tokens))
    name = canonical(group.tokens[:stop])
    is_name = stop == 1 or (stop == 4 and group.tokens[0].kind == "command")
    is_new = name not in context.notation.bases and name not in context.notation.indices
    return name if is_name and is_new and name not in context.notation.sizes and name.strip("\\{}").isalpha() else ""


def _member_of(group: Group, context: Context) -> str:
    r"""The member of a family that a formula is, with ``?`` for its index and ``!`` for the size that it runs over."""
    tokens = _unturned(group.tokens)
    letters = {token.text for token in tokens if token.text in context.notation.indices}
    bases = {key[0] for key in context.notation.families}
    if len(letters) != 1 or len(tokens) > 8 or tokens[0].text not in bases or "=" in {one.text for one in tokens}:
        return ""
    (letter,) = letters
    size = context.notation.indices[letter].dims[0]
    return canonical([one._replace(text="?") if one.text == letter else one for one in tokens]) + f"!{size}"


def _unturned(tokens: Sequence[Token]) -> Sequence[Token]:
    """The tokens of a formula without the transpose behind it."""
    bare = [token for token in tokens if token.kind not in ("open", "close")]
    if len(bare) < 2 or bare[-1].text not in _TURNED:
        return tokens
    stop = next((k for k in range(len(tokens) - 1, -1, -1) if tokens[k].text in ("^", "'")), len(tokens))
    return tokens[:stop]


def _stacked(member: str, kind: str) -> str:
    entry, _, size = member.partition("!")
    first, last = entry.replace("?", "1"), entry.replace("?", f"{{{size}}}" if len(size) > 1 else size)
    if kind == "column":
        return rf"\begin{{bmatrix}} {first} & \cdots & {last} \end{{bmatrix}}"
    return rf"\begin{{bmatrix}} {{{first}}}^T \\ \vdots \\ {{{last}}}^T \end{{bmatrix}}"
