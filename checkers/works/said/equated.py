"""Formulas that words equate with something: "the final answer is", "which can also be written as"."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.checkers.documents.cases import SLOPE
from truestep.checkers.works.asides import UNCLEAR, quiet
from truestep.checkers.works.claim import Claim
from truestep.checkers.works.equations import are_transposed, whole_of
from truestep.checkers.works.said.settled import is_value
from truestep.derivations.language.faults import Fault
from truestep.derivations.language.latex.groups import Token, tree
from truestep.derivations.language.latex.relations import left_text
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
    from truestep.derivations.language.expression import Expression

EQUALS = Token("mark", "=", 0, 0)
_ORDERS = {"slope": 1, "hessian": 2}
_OPERATORS = frozenset((r"\cdot", r"\times", r"\odot", "*", "+", "-", "&"))
_RELATIONS = EQUALITIES | ASSIGNMENTS | frozenset(ORDERS)


def equated(lines: Lines, found: Sequence[Group], place: int) -> LineVerdict | None:
    """The verdict on a formula as what its words say that it is, where that is so or not; nothing goes on from it.

    A number may be the value of what is asked somewhere; words that are not understood may change what is said. What is
    called the answer, or a derivative, before another equation of a derivative need not be that which is asked, but
    where both are cases of it.
    """
    group = found[place]
    lefts, start = _lefts(lines, group), _start(group.own)
    if group.said_of == "there" and start == 0:
        return _there(lines, group)
    if start is None or (group.said_of in ("answer", "slopes", *_ORDERS) and not _is_last(lines, found, place)):
        return None
    verdicts = (_equated(lines, group, left, start) for left in lefts)
    return next(filter(None, verdicts), None)


def _equated(lines: Lines, group: Group, left: Sequence[Token], start: int) -> LineVerdict | None:
    whole = tree([*left, EQUALS, *group.tokens[start:]])
    if group.said_of == "shape":
        if not is_shape(tokenize(group.text), lines.setting.notation):
            return None
        space = row_tokens(rf"\in \mathbb{{R}}^{{{group.text}}}", lines.setting.context)
        whole = tree([*left, *space])
    before, introduced, doubts = lines.work.copy(), dict(lines.bench.introduced), dict(lines.doubts)
    verdict = lines.judge(replace(group, tokens=whole), False)
    before.cases = lines.work.cases  # which the rest is without
    lines.work, lines.bench.introduced, lines.doubts = before, introduced, doubts
    is_plain = not verdict.carried and not verdict.posed and len(verdict.statements) == 1
    if not is_plain or (verdict.statements[0].condition is not None and not is_case(group)):
        return None
    if verdict.verdict.is_right and group.said_of != "shape" and (group.inline or group.said_of == "it"):
        return replace(verdict, role="claim")
    parts = verdict.statements[0].parts
    is_shaped = any(one.code == "shape" for one in verdict.findings) and group.said_of == "it" and bool(group.beside)
    is_turned = is_shaped and are_transposed(Claim(parts[0].expression, parts[-1].expression, Reading()), lines.bench)
    if not verdict.verdict.is_wrong or is_turned:  # words name no layout
        return None
    is_value_of = is_value(parts[-1].expression) and not is_value(parts[0].expression)
    is_somewhere = group.said_of != "there" and parts[-1].relation != "in" and is_value_of
    return replace(quiet(verdict, UNCLEAR) if is_somewhere else verdict, role="claim")


def _there(lines: Lines, group: Group) -> LineVerdict | None:
    """The verdict on a value at a point: of what stood last; open where it is that of another left side before it."""
    found: list[LineVerdict] = []
    poses = lines.work.equations
    lines.work.equations = False  # a point is given, and not sought
    texts = [latex(left, lines.setting.notation) for left in (lines.work.left, *reversed(lines.work.last)) if left]
    by = tokenize(left_text(group.beside) or "")
    for text in (one for one in dict.fromkeys(texts) if canonical(tokenize(one)) != canonical(by)):
        with suppress(Fault, KeyError, ValueError):
            at = row_tokens(rf"\left. {text} \right|_{{{group.beside.strip(' .,;')}}}", lines.setting.context)
            said = _equated(lines, group, at, 0)
            found += [] if said is None else [said]
    lines.work.equations = poses
    is_of_other = len(found) > 1 and found[0].verdict.is_wrong and any(one.verdict.is_right for one in found)
    return quiet(found[0], UNCLEAR) if is_of_other else next(iter(found), None)


def _is_last(lines: Lines, found: Sequence[Group], place: int) -> bool:
    """Whether a formula is more than a name or a factor, and no equation follows that may say what is asked."""
    group, behind = found[place], found[place + 1 :]
    is_name = lines.setting.notation.declared(canonical(group.tokens)) is not None
    is_factor = bool(behind) and behind[0].inline and all(token.text in _OPERATORS for token in behind[0].tokens)
    slopes = any(node.head in ("derivative", "gradient") for node in lines.setting.find)
    others = [one for one in behind if "=" in one.text and not (is_case(group) and is_case(one))]
    follows = any(not slopes or SLOPE.search(one.text) is not None for one in others)
    return not (is_name or is_factor or follows)


def _lefts(lines: Lines, group: Group) -> list[Sequence[Token]]:
    """What the words may equate a formula with: what is asked, and the whole array of which that is an entry."""
    if group.said_of == "slopes":  # each of them
        slopes = [latex(one, lines.setting.notation) for one in lines.setting.find if order_of(one) == 1]
        return [row_tokens(" = ".join(slopes), lines.setting.context)] if slopes else []
    left, asked = _left(lines, group), _asked(lines, group)
    whole = None if left is None or asked is None else _whole(asked, lines)
    return [one for one in (left, whole) if one is not None]


def is_case(group: Group) -> bool:
    """Whether words put a formula under a condition."""
    return len(group.own) < len(group.tokens)


def _asked(lines: Lines, group: Group) -> Expression | None:
    """The one derivative that is asked for, of the order that the words name."""
    order = _ORDERS.get(group.said_of)
    found = [one for one in lines.setting.find if order_of(one) == order]
    return found[0] if len(found) == 1 else None


def _whole(asked: Expression, lines: Lines) -> Sequence[Token] | None:
    r"""The derivative of the arrays of whose entries one is asked for, such as ``\nabla_a^2 f``."""
    if asked.head != "derivative" or not any(one.head == "entry" for one in asked.args):
        return None
    top, *below = [latex(whole_of(one), lines.setting.notation) for one in asked.args]
    order = f"^{len(below)}" * (len(below) > 1)
    text = (
        rf"\frac{{\partial {top}}}{{\partial {below[0]}}}"
        if len(below) == 1
        else rf"\nabla_{{{below[0]}}}{order} {top}"
    )
    return row_tokens(text, lines.setting.context) if len(set(below)) == 1 else None


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
        alone = find[0] if len(find) == 1 and not find[0].has("words") else None
        asked, is_asked = _asked(lines, group) if group.said_of in _ORDERS else alone, True
        if asked is None:
            return None
        if group.beside:  # of what, or by what
            sides = [row_tokens(latex(one, lines.setting.notation), context) for one in asked.args]
            is_asked = canonical(row_tokens(group.beside, context)) in map(canonical, sides)
        return row_tokens(latex(asked, lines.setting.notation), context) if is_asked else None
    except (Fault, KeyError, ValueError):
        return None


def order_of(asked: Expression) -> int:
    """How often what is asked is differentiated; 0 where it is no derivative."""
    return {"derivative": len(asked.args) - 1, "gradient": asked.data or 1}.get(asked.head, 0)


def _start(tokens: Sequence[Token]) -> int | None:
    """Where what is said begins: behind the name that it is let be; None where a formula says something by itself."""
    row = tree(tokens)
    relations = [k for k in row.top(0, len(row)) if row[k].text in _RELATIONS]
    if not relations:
        return 0
    return relations[0] + 1 if len(relations) == 1 and row[relations[0]].text in ASSIGNMENTS else None
