r"""Names that a work gives a second meaning further down: "now let $u = e^x$" where $u$ stood for something else.

From there on the name is one of its own, as a variable that is bound anew; before it, the name is what it was.
A letter with a number is one in all of the work where it is let be what no entry of that letter can be.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.checkers.documents.words import introduces
from truestep.derivations.language.expression import ANEW
from truestep.derivations.language.latex.groups import Token, tree
from truestep.derivations.language.reading.rowtext import EQUALITIES
from truestep.derivations.language.reading.tokens import canonical

if TYPE_CHECKING:
    from collections.abc import Sequence, Set

    from truestep.checkers.documents.work import Row
    from truestep.checkers.works.chain_steps import LineVerdict
    from truestep.checkers.works.grouping import Group
    from truestep.derivations.language.expression import Expression
    from truestep.derivations.language.notation import Notation
    from truestep.derivations.language.reading.rowtext import Context
    from truestep.problems.statements.prepared import Setting

_EQUATING = EQUALITIES | {":="}


def with_rebound(found: Sequence[Group], rows: Sequence[Row], context: Context) -> list[Group]:
    """The formulas, each name that is let be something else a name of its own from there on."""
    meant, turns = dict[str, str](), dict[str, int]()
    out: list[Group] = []
    for group in found:
        name, stop, value = _defined(group, context)
        before = dict(turns)
        is_let = group.told == "definition" and introduces(rows[group.rows[0]].before)
        left = canonical(group.tokens[:stop]) if name else ""
        if name and value != meant.setdefault(left, value) and is_let:
            turns[name], meant[left] = turns.get(name, 0) + 1, value
        if turns:
            sides = renamed(group.tokens[:stop], turns), renamed(group.tokens[stop:], before if name else turns)
            group = replace(group, tokens=tree([*sides[0], *sides[1]]))
        out.append(group)
    return out


def with_quantities(found: Sequence[Group], setting: Setting) -> list[Group]:
    r"""The formulas, each letter that only shapes have in the statement as a name where the work lets it be a quantity.

    In $h = \max(a, 0)$, where $a$ has $h$ entries, it is one; in $\mathbb{R}^h$ it is the number of them.
    """
    counted = frozenset[str]().union(*(_counts(right) for _, right in setting.given))
    counted |= {name for name, shape in setting.problem.symbols.items() if shape == "size"}
    bare = setting.notation.sizes - counted - setting.notation.bases
    named, used = set[str](), set[str]()
    for group in (one for one in found if not bare.isdisjoint(one.texts)):
        name = _let(group, setting)
        named |= {name} & bare if group.told == "definition" else {name} & bare - used
        used |= _renamable(group.tokens, bare, setting.notation)  # a number before, and a number still
    turns = dict.fromkeys(named, 1)
    return (
        [replace(one, tokens=tree(_without_counts(one.tokens, turns, setting.notation))) for one in found]
        if turns
        else [*found]
    )


def _counts(node: Expression) -> frozenset[str]:
    """The sizes that are numbers in an expression, and not only the last values of sums."""
    if node.head == "size":
        return frozenset((str(node.data),))
    inner = node.args[:2] + node.args[3:] if node.head in ("sum", "prod") else node.args
    return frozenset[str]().union(*map(_counts, inner))


def _let(group: Group, setting: Setting) -> str:
    """The letter alone on a left side whose right side holds a quantity of the statement."""
    tokens = [one for one in group.tokens if one.text != "&"]
    is_equated = len(tokens) > 2 and tokens[1].text in (*EQUALITIES, ":=")
    known = setting.notation.bases - setting.notation.indices.keys()
    return tokens[0].text if is_equated and any(one.text in known for one in tokens[2:]) else ""


def _renamable(tokens: Sequence[Token], names: Set[str], notation: Notation) -> set[str]:
    """The letters that stand as a quantity would, and not as a number of entries."""
    out = _without_counts(tokens, dict.fromkeys(names, 1), notation)
    return {old.text for old, one in zip(tokens, out, strict=True) if old.text != one.text}


def _without_counts(tokens: Sequence[Token], turns: dict[str, int], notation: Notation) -> list[Token]:
    r"""The tokens with their latest meanings, but for numbers and marks: ``\mathbb{R}^h``, ``h \times d``, ``dx``."""
    out = renamed(tokens, turns)
    for place in range(len(tokens)):
        beside = {one.text for one in (*tokens[max(0, place - 1) : place], *tokens[place + 1 : place + 2])}
        above = [one.text for one in tokens[max(0, place - 2) : place] if one.text != "{"]
        behind = tokens[place + 1 : place + 2]
        is_mark = tokens[place].text == "d" and any(
            notation.is_name(one.text) and one.start == tokens[place].end for one in behind
        )
        if r"\times" in beside or above[-1:] == ["^"] or is_mark:
            out[place] = tokens[place]
    return out


def _defined(group: Group, context: Context) -> tuple[str, int, str]:
    """The name of the work's own that stands alone, before its arguments or an index, on a left side; where that side
    ends; and what stands behind it.  Nothing where that is a number: such a letter takes one value after another.
    """
    tokens = group.tokens
    stop = next((k for k, one in enumerate(tokens) if one.text in _EQUATING), 0)
    left = [one for one in tokens[:stop] if one.text != "&"]
    is_called = len(left) > 3 and left[1].text == "(" and left[-1].text == ")"
    index = [one for one in left[2:] if one.kind not in ("open", "close")]
    is_family = len(left) > 2 and left[1].text == "_" and len(index) == 1 and index[0].kind == "letter"
    if not left or left[0].kind not in ("letter", "command") or (len(left) > 1 and not is_called and not is_family):
        return "", 0, ""
    value, notation = canonical(tokens[stop + 1 :]), context.notation
    is_known = notation.is_name(left[0].text) or notation.function_named(left[0].text) is not None
    is_number = all(one.kind in ("digit", "space") or one.text in "+-.," for one in tokens[stop + 1 :])
    return ("", 0, "") if is_known or is_number else (left[0].text, stop, value)


def with_numbered(found: Sequence[Group], verdicts: Sequence[LineVerdict], setting: Setting) -> list[Group]:
    r"""The formulas with names of the work's own in place of entries: ``B_1`` and ``B_2``, where ``B_1 = \exp(W)``.

    One of them is let be what has another shape than an entry, and stands elsewhere, too, or beside another one, as
    iterates do: ``x_1 = x_0 - A^{-1} g``; none is declared, or of a letter of which an entry is asked.  The same where
    none is.
    """
    nodes = (node for one in setting.find for node in one.walk())
    entries = (node for node in nodes if node.head == "entry" and node.args[0].head == "symbol")
    kept = {str(node.args[0].data) for node in entries}
    lets = {place: name for place, group in enumerate(found) if (name := _numbered(group))}
    letters = {
        name[0]
        for place, name in lets.items()
        if verdicts[place].verdict.is_wrong
        and verdicts[place].verdict.witness is None
        and (
            found[place].told == "definition"
            or sum(len(_joined(one.tokens, {name})) < len(one.tokens) for one in found) > 1
            or len({one for one in _numbers(found[place]) if one[0] == name[0]}) > 1
        )
    }
    if not letters:
        return [*found]
    every = {name for group in found for name in _numbers(group)}
    loose = (name for name in (*lets.values(), *every) if setting.notation.declared("_".join(name)) is None)
    names = {name for name in loose if name[0] in letters - kept}
    return [replace(one, tokens=tree(_joined(one.tokens, names))) if names else one for one in found]


def _numbered(group: Group) -> tuple[str, str] | tuple[()]:
    """The letter and the number that stand alone on the left side; nothing where something else does."""
    stop = next((k for k, one in enumerate(group.tokens) if one.text in (*EQUALITIES, ":=")), 0)
    left = [one.text for one in group.tokens[:stop] if one.text not in ("&", "{", "}")]
    is_name = len(left) == 3 and left[1] == "_" and left[2].isdecimal() and len(left[2]) == 1
    return (left[0], left[2]) if is_name else ()


def _numbers(group: Group) -> list[tuple[str, str]]:
    """The letters with a number below them."""
    printed = [one.text for one in group.tokens if one.text not in ("{", "}")]
    triples = zip(printed, printed[1:], printed[2:], strict=False)
    return [(base, number) for base, sign, number in triples if sign == "_" and number.isdecimal() and len(number) == 1]


def _joined(tokens: Sequence[Token], names: set[tuple[str, str]]) -> list[Token]:
    """The tokens, each letter with its number as one name."""
    out, place = list[Token](), 0
    while place < len(tokens):
        behind = [one.text for one in tokens[place + 1 : place + 5]]
        width = 4 if behind[1:2] == ["{"] and behind[3:] == ["}"] else 2
        name = (tokens[place].text, behind[width // 2] if len(behind) >= width else "")
        is_one = behind[:1] == ["_"] and name in names
        one = tokens[place]
        if is_one:
            end = tokens[place + width].end
            one = one._replace(kind="command", text=f"{name[0]}_{name[1]}{ANEW}", end=end)
        out.append(one)
        place += 1 + width * is_one
    return out


def renamed(tokens: Sequence[Token], turns: dict[str, int]) -> list[Token]:
    """The tokens with the names of their latest meanings."""
    return [
        one._replace(kind="command", text=one.text + ANEW * turns[one.text]) if one.text in turns else one
        for one in tokens
    ]
