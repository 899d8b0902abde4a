r"""Matrices that a work describes by their rows or columns: "let $X$ have the rows $x_i^T$"."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, NamedTuple

from truestep.checkers.documents.words import ends_sentence
from truestep.derivations.language import case_words
from truestep.derivations.language.latex.groups import tree
from truestep.derivations.language.reading.tokens import canonical, tokenize

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from truestep.checkers.documents.work import Row
    from truestep.checkers.works.grouping import Group
    from truestep.derivations.language.latex.groups import Token
    from truestep.derivations.language.reading.rowtext import Context

_DOTS = frozenset((r"\dots", r"\cdots", r"\vdots", r"\ldots", r"\ddots"))
_AROUND = _DOTS | {",", "&", "-", "|", "[", "]", "(", ")", ".", r"\\", r"\left", r"\right", "—", "–", r"\hdots"}
_TRANSPOSE = re.compile(r"\s*(?:\^\s*\{?\s*(?:T|\\top|\\intercal|\\mathsf\{T\})\s*\}?|')\s*$")
_TURNED = frozenset(("T", r"\top", r"\intercal", "'"))


class Member(NamedTuple):
    """A member of a family that nobody declared, with or without a transpose."""

    base: str
    letter: str
    is_turned: bool


class Members(NamedTuple):
    """Of which matrix a family is the rows, as columns or as they are listed, or the columns."""

    matrix: str
    base: str
    letter: str
    kind: Literal["row", "listed", "column"]


def said_members(rows: Sequence[Row]) -> Iterator[str]:
    """A definition, ``w_j =``, of each formula of which its sentence says that it is a row or a column."""
    for place, row in enumerate(rows):
        said = ""
        for other in itertools.takewhile(lambda one: one.inline, rows[place + 1 : place + 3]):
            said += f" {other.before}"
            if row.inline and not ends_sentence(said) and _kind_said(said):
                yield f"{_TRANSPOSE.sub('', row.text)} ="


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
    return with_members(out, rows, context)


def with_members(found: Sequence[Group], rows: Sequence[Row], context: Context) -> list[Group]:
    """The formulas, where a new family is the rows or the columns of a declared matrix, by words or written out."""
    out, matrix, said = list(found), "", ""
    member: Member | None = None
    for place, group in enumerate(found):
        if (stacked := _written_out(group, context)) is not None:
            out[place] = _defined(group, stacked)
            continue
        before = rows[group.rows[0]].before
        if not group.inline or ends_sentence(before):
            member, matrix, said = None, "", ""
        if not group.inline:
            continue
        said = f"{said} {before}" if member or matrix else ""
        member, matrix = _new_member_of(group, context) or member, _matrix_of(group, context) or matrix
        kind = _kind_said(said)
        if member and matrix and kind and not case_words.has(said, "layout"):
            is_used = any(_is_before_name(member.base, one, context) for one in found)
            is_row = kind == "row" and is_used and not member.is_turned
            out[place] = _defined(group, Members(matrix, member.base, member.letter, "listed" if is_row else kind))
            member, matrix, said = None, "", ""
    return out


def _defined(group: Group, made_of: Members) -> Group:
    """A formula as the definition of the members of a family."""
    matrix, base, letter, kind = made_of
    index = f":,{letter}" if kind == "column" else f"{letter},:"
    made = tokenize(f"{base}_{{{letter}}} = ({matrix}_{{{index}}})" + "^T" * (kind == "row"))
    edge = (group.tokens[0].start, group.tokens[-1].end)
    tokens = tree([token._replace(start=edge[0], end=edge[1]) for token in made])
    return replace(group, tokens=tokens, told="definition")


def _kind_said(words: str) -> Literal["row", "column"] | None:
    return "row" if case_words.has(words, "row") else "column" if case_words.has(words, "column") else None


def _is_before_name(base: str, group: Group, context: Context) -> bool:
    """Whether a member stands before a quantity, and is not transposed there: ``a_i w``."""
    printed = [token for token in group.tokens if token.kind not in ("open", "close", "space")]
    return any(
        token.text == base and behind[0].text == "_" and context.notation.declared(behind[2].text) is not None
        for token, behind in ((printed[k], printed[k + 1 : k + 4]) for k in range(len(printed) - 3))
    )


def _written_out(group: Group, context: Context) -> Members | None:
    r"""The members of ``X = \begin{bmatrix} a_1^T \\ \vdots \\ a_n^T \end{bmatrix}``."""
    if group.texts.isdisjoint(_DOTS):
        return None
    row = tree(group.tokens)
    equals = next((k for k, token in enumerate(row) if token.text in ("=", ":=")), 0)
    if not equals or not (matrix := _matrix_of(replace(group, tokens=tuple(row[:equals])), context)):
        return None
    printed: list[Token] = []
    place, is_turned = equals + 1, False
    while place < len(row):
        token = row[place]
        if token.text in (r"\begin", r"\end"):
            place = row.partner[place + 1]
        elif token.kind not in ("open", "close", "space", "text") and token.text not in _AROUND:
            printed.append(token)
        is_turned = is_turned or token.text in ("^", "'", r"\\")
        place += 1
    printed = [
        one for k, one in enumerate(printed) if not {one.text, *(b.text for b in printed[k - 1 : k])} & {"^", "'"}
    ]
    bases, ends = {one.text for one in printed[::3]}, [one.text for one in printed[2::3]]
    is_family = len(printed) >= 6 and len(printed) % 3 == 0 and {one.text for one in printed[1::3]} == {"_"}
    declared = context.notation.declared(matrix)
    size = "" if declared is None else str(declared.dims[not is_turned])
    if not is_family or len(bases) != 1 or ends[0] != "1" or ends[-1] != size or context.notation.is_name(*bases):
        return None
    letter = next(one for one in "ijkl" if one not in context.notation.bases - context.notation.indices.keys())
    return Members(matrix, printed[0].text, letter, "row" if is_turned else "column")


def _new_member_of(group: Group, context: Context) -> Member | None:
    """The member of a new family that a formula is."""
    printed = [one for one in _unturned(group.tokens) if one.kind not in ("open", "close")]
    if len(printed) != 3 or printed[1].text != "_" or printed[2].kind != "letter":
        return None
    base, index = printed[0], printed[2]
    is_new = base.kind in ("letter", "command") and not context.notation.is_name(base.text)
    is_turned = len(_unturned(group.tokens)) < len(group.tokens)
    return Member(base.text, index.text, is_turned) if is_new else None


def _matrix_of(group: Group, context: Context) -> str:
    """The declared matrix that a formula is."""
    name = canonical(group.tokens)
    declared = context.notation.declared(name)
    return name if declared is not None and declared.kind == "array" and 1 not in declared.dims else ""


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
