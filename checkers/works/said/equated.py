"""Formulas that words equate with something: "the final answer is", "which can also be written as"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.checkers.documents.cases import SLOPE
from truestep.checkers.works.asides import UNCLEAR, quiet
from truestep.checkers.works.claim import Claim
from truestep.checkers.works.equations import are_transposed
from truestep.checkers.works.grouping import left_text
from truestep.checkers.works.said.settled import is_value
from truestep.derivations.language.faults import Fault
from truestep.derivations.language.latex.groups import Token, tree
from truestep.derivations.language.liberties import Reading
from truestep.derivations.language.reading.rowtext import ASSIGNMENTS, EQUALITIES, ORDERS, row_tokens
from truestep.derivations.language.reading.stated_conditions import is_shape
from truestep.derivations.language.reading.tokens import canonical, tokenize
from truestep.derivations.language.writing import latex

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.checkers.works.chain_steps import LineVerdict
    from truestep.checkers.works.grouping import Group
    from truestep.checkers.works.lines import Lines

EQUALS = Token("mark", "=", 0, 0)
_OPERATORS = frozenset((r"\cdot", r"\times", r"\odot", "*", "+", "-", "&"))
_RELATIONS = EQUALITIES | ASSIGNMENTS | frozenset(ORDERS)


def equated(lines: Lines, found: Sequence[Group], place: int) -> LineVerdict | None:
    """The verdict on a formula as what its words say that it is, where that is so or not; nothing goes on from it.

    A number may be the value of what is asked somewhere; words that are not understood may change what is said. What is
    called the answer, or a derivative, before another equation of a derivative need not be that which is asked.
    """
    group = found[place]
    left, start = _left(lines, group), _start(group.tokens)
    if left is None or start is None or (group.said_of in ("answer", "slope") and not _is_last(lines, found, place)):
        return None
    whole = tree([*left, EQUALS, *group.tokens[start:]])
    if group.said_of == "shape":
        if not is_shape(tokenize(group.text), lines.setting.notation):
            return None
        space = row_tokens(rf"\in \mathbb{{R}}^{{{group.text}}}", lines.setting.context)
        whole = tree([*left, *space])
    before, introduced, doubts = lines.work.copy(), dict(lines.bench.introduced), dict(lines.doubts)
    verdict = lines.judge(replace(group, tokens=whole), False)
    lines.work, lines.bench.introduced, lines.doubts = before, introduced, doubts
    is_plain = not verdict.carried and not verdict.posed and len(verdict.statements) == 1
    if not is_plain or verdict.statements[0].condition is not None:
        return None
    if verdict.verdict.is_right and group.inline and group.said_of != "shape":
        return replace(verdict, role="claim")
    parts = verdict.statements[0].parts
    is_shaped = any(one.code == "shape" for one in verdict.findings) and group.said_of == "it" and bool(group.beside)
    is_turned = is_shaped and are_transposed(Claim(parts[0].expression, parts[-1].expression, Reading()), lines.bench)
    if not verdict.verdict.is_wrong or is_turned:  # words name no layout
        return None
    is_somewhere = parts[-1].relation != "in" and is_value(parts[-1].expression) and not is_value(parts[0].expression)
    return replace(quiet(verdict, UNCLEAR) if is_somewhere else verdict, role="claim")


def _is_last(lines: Lines, found: Sequence[Group], place: int) -> bool:
    """Whether a formula is more than a name or a factor, and no equation follows that may say what is asked."""
    group, behind = found[place], found[place + 1 :]
    is_name = lines.setting.notation.declared(canonical(group.tokens)) is not None
    is_factor = bool(behind) and behind[0].inline and all(token.text in _OPERATORS for token in behind[0].tokens)
    slopes = any(node.head in ("derivative", "gradient") for node in lines.setting.find)
    follows = any("=" in one.text and (not slopes or SLOPE.search(one.text) is not None) for one in behind)
    return not (is_name or is_factor or follows)


def _left(lines: Lines, group: Group) -> Sequence[Token] | None:
    """What the words equate a formula with; nothing of tokens where that is the left side of the row before."""
    find, context = lines.setting.find, lines.setting.context
    is_whole = group.said_of in ("it", "shape")
    try:
        if is_whole and not group.beside:
            return () if lines.work.left is not None else None
        if is_whole:
            text = left_text(group.beside) or (group.beside if group.said_of == "shape" else "")
            return row_tokens(text, context) if text else None
        if len(find) != 1 or find[0].has("words"):
            return None
        is_asked = group.said_of == "answer" or find[0].head in ("derivative", "gradient")
        if group.beside:  # of what, or by what
            sides = [row_tokens(latex(one, lines.setting.notation), context) for one in find[0].args]
            is_asked = is_asked and canonical(row_tokens(group.beside, context)) in map(canonical, sides)
        return row_tokens(latex(find[0], lines.setting.notation), context) if is_asked else None
    except (Fault, KeyError, ValueError):
        return None


def _start(tokens: Sequence[Token]) -> int | None:
    """Where what is said begins: behind the name that it is let be; None where a formula says something by itself."""
    row = tree(tokens)
    relations = [k for k in row.top(0, len(row)) if row[k].text in _RELATIONS]
    if not relations:
        return 0
    return relations[0] + 1 if len(relations) == 1 and row[relations[0]].text in ASSIGNMENTS else None
