"""Formulas within sentences, judged as what they are there: claims, definitions, conditions, questions, mentions."""

from __future__ import annotations

import itertools
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.checkers.comparing.domains import is_unmet
from truestep.checkers.comparing.verdicts import Verdict
from truestep.checkers.documents.words import equates, told
from truestep.checkers.works.asides import IF_SUPPOSED, UNCLEAR, quiet
from truestep.checkers.works.chain_steps import LineVerdict
from truestep.checkers.works.claim import Supposed
from truestep.checkers.works.conditions import supposed, understood
from truestep.checkers.works.equations import is_zero, slope_of, solved_for, unknowns
from truestep.checkers.works.grouping import Group, within
from truestep.checkers.works.roles import IN_LINES
from truestep.checkers.works.said.equated import equated
from truestep.checkers.works.said.orders import NEVER
from truestep.checkers.works.said.rules import recalled
from truestep.checkers.works.said.settled import asked_names, is_identity, is_settled, is_value, may_be_assumed
from truestep.derivations.language.expression import NONE, Expression
from truestep.derivations.language.faults import Fault, ReadingFault
from truestep.derivations.language.latex.groups import tree
from truestep.derivations.language.liberties import Reading
from truestep.derivations.language.reading.rowtext import EQUALITIES
from truestep.derivations.language.reading.stated_conditions import is_shape
from truestep.derivations.meaning.calculus import strip_groups
from truestep.problems.statements.assumptions import quantity_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.checkers.works.chain_steps import Work
    from truestep.checkers.works.lines import Lines
    from truestep.derivations.meaning.shaped_terms import Value

NOT_CHECKED = Verdict("not_checked")
ALTERED = Verdict("not_checked", reason="the words beside this deny it, or change what it says")
A_POINT = Verdict("undecided", reason="whether this is said to hold, or where something holds, is not clear")
NOTHING_BEFORE = Verdict("undecided", reason="what this goes on from could not be read")
QUIET = ("condition", "question")
QUIETLY = ("condition", "mention")
_SLOPES = ("derivative", "gradient", "prime")
HELD = ("reason", "")  # what is said to hold, unless words say otherwise


def judged_in_text(lines: Lines, found: Sequence[Group], place: int) -> LineVerdict:
    """The verdict on a group where it stands in the text; one within a sentence leaves the chain around it alone."""
    group = found[place]
    if place in lines.numeric:
        return lines.numeric[place]
    texts, notation = {token.text for token in group.tokens}, lines.setting.notation
    is_sized = r"\times" in texts and not texts.isdisjoint(notation.sizes) and group.said_of != "shape"
    if is_sized and is_shape(group.tokens, notation):
        return LineVerdict(NOT_CHECKED, role="mention")  # (m x n)(n x k) = m x k
    lines.supposes = lines.supposes and not group.opens
    lines.is_instance = lines.is_instance and not group.apart
    before, introduced = lines.work.copy(), dict(lines.bench.introduced)
    verdict = _in_text(lines, found, place)
    before.supposed = lines.work.supposed  # that lasts, whatever becomes of the row
    is_number = (lines.is_instance or group.example) and _is_valued(verdict)
    is_false = verdict.verdict.is_wrong
    own = {name: fact for name, fact in lines.work.supposed.items() if name in texts and is_false}
    if named := [fact for fact in own.values() if fact.left.head == "unknown"]:
        there = _where_named(lines, found, place, named, (before, introduced))
        if there is not None:
            return there
    facts = [fact.text for fact in own.values() if fact.left.head != "unknown" and fact.text not in group.perhaps]
    perhaps = (*group.perhaps, *facts)
    if (is_false and perhaps) or (verdict.posed and group.perhaps and not any(map(equates, group.perhaps))):
        there = _under_supposed(lines, found, place, perhaps, (before, introduced), is_number)
        if there is not None:
            return there
    is_under = any(statement.condition is not None for statement in verdict.statements) and not group.example
    is_supposed = lines.supposes or group.told == "supposed" or is_number
    if is_under or not is_supposed or (verdict.verdict.is_right and not verdict.carried):
        return verdict
    if verdict.posed and not verdict.verdict.is_wrong:
        return supposed(verdict)
    if verdict.verdict.is_wrong or verdict.answers:
        lines.work, lines.bench.introduced = before, introduced
        return quiet(verdict, IF_SUPPOSED if verdict.verdict.is_wrong or verdict.carried else verdict.verdict)
    return verdict


def _where_named(
    lines: Lines, found: Sequence[Group], place: int, facts: Sequence[Supposed], start: tuple[Work, dict[str, Value]]
) -> LineVerdict | None:
    """A false line as one where names of the work's own are what it supposes them to be, if it is right there.

    What is asked is asked in general.
    """
    after, bench = (lines.work, lines.bench.introduced), lines.bench
    others = dict(bench.meant), dict(bench.stands_for)
    lines.work, bench.introduced = start[0].copy(), dict(start[1])
    there = None
    with suppress(Fault):
        for fact in facts:
            bench.introduce(fact.left, fact.right, Reading())
        there = _in_text(lines, found, place)
    bench.introduced, (bench.meant, bench.stands_for) = after[1], others
    is_right = there is not None and there.verdict.is_right and not (there.carried or there.posed)
    if there is not None and is_right and not any(_is_asked(one.left, lines) for one in there.answers):
        return there
    lines.work = after[0]
    return None


def _under_supposed(
    lines: Lines,
    found: Sequence[Group],
    place: int,
    perhaps: Sequence[str],
    start: tuple[Work, dict[str, Value]],
    is_number: bool,
) -> LineVerdict | None:
    """A false line as one under what the text before it supposes: if it is right there, or refuted in plain words."""
    after, group = (lines.work, lines.bench.introduced), found[place]
    try:
        held = within(group, r" \text{ and } ".join(perhaps), lines.setting.context)
    except ReadingFault:
        return None
    lines.work, lines.bench.introduced = start[0].copy(), dict(start[1])
    under = [*found]
    under[place] = held
    there = _in_text(lines, under, place)
    said = [one.condition for one in there.statements if one.condition is not None]
    is_met = bool(said) and not any(_is_of_own(one) for one in said)
    relations = [node for one in said for node in one.walk() if node.head in ("relation", "indices")]
    is_whole = not any(node.data != "=" or is_unmet(node, lines.setting) for node in relations)  # all values of a label
    is_known = all(understood(one) == one for one in said) and not (is_number or (group.loosely and not is_whole))
    is_decided = there.verdict.is_right or (there.verdict.is_wrong and is_known)
    if is_met and is_decided and not (there.carried or there.posed):
        return there
    lines.work, lines.bench.introduced = after
    return None


def _is_of_own(condition: Expression) -> bool:
    """Whether a condition says what a name of the work's own equals: that is what it is, and no case."""
    equal = [node.args for node in condition.walk() if node.head == "relation" and node.data == "="]
    labels = [(left, right) for left, right in equal if left.head == "index"]
    is_other = any(right.head not in ("index", "size", "number") for _, right in labels)
    return is_other or any(side.has("unknown") for sides in equal for side in sides)


def _in_text(lines: Lines, found: Sequence[Group], place: int) -> LineVerdict:
    group = found[place]
    before, introduced = lines.work.copy(), dict(lines.bench.introduced)
    if group.told == "second" and any(map(_is_second, lines.setting.find)):
        group = replace(group, told="answer")
    if group.told in ("denied", "second"):
        verdict = quiet(lines.judge(group, False), ALTERED)
        lines.work, lines.bench.introduced = before, introduced
        return replace(verdict, role="mention" if group.inline else "claim")
    if group.said_of and len(found) > 1 and (said := equated(lines, found, place)) is not None:
        return said
    if not group.inline:
        is_last = group is next(one for one in reversed(found) if not one.inline)
        verdict = recalled(lines.judge(group, is_last), group, lines, before)
        if verdict.verdict.is_wrong and not is_last and _is_head(verdict, lines):
            lines.work, lines.bench.introduced = before, introduced
            return replace(quiet(verdict, NOT_CHECKED), role="condition")
        if verdict.verdict.is_wrong and group.about and not any(_is_asked(one.left, lines) for one in verdict.answers):
            lines.work, lines.bench.introduced = before, introduced
            return quiet(verdict, UNCLEAR)
        return _titled(verdict, group, lines, before, is_last) if verdict.verdict.is_wrong else verdict
    is_only = len(found) == 1 or _are_cases(found)
    judged = recalled(lines.judge(group, is_only), group, lines, before)
    verdict = _in_sentence(judged, group, lines, is_only)
    if verdict.posed and any(one.said_of == "there" for one in found[place + 1 : place + 2]):
        return replace(quiet(verdict, NOT_CHECKED), role="condition")
    is_sought = group.told == "condition" and bool(judged.posed)
    is_supposed = verdict.role == "condition" or verdict.verdict is A_POINT or is_sought
    is_size = _is_size(verdict)
    is_own = any(one.parts[0].expression.head == "unknown" for one in verdict.statements)  # of no given
    sets_slopes = _sets_slopes(judged, lines)
    is_open = (judged.verdict.is_wrong or is_sought) and "=" in group.text and not (is_own or sets_slopes)
    is_special = verdict.role in QUIETLY and _is_special(group, judged) and not sets_slopes
    lines.supposes = lines.supposes or is_special or (is_supposed and (is_open or is_size))
    lines.is_instance = lines.is_instance or is_special
    own = _of_own_letter(verdict, group, lines)
    is_left = verdict.verdict.outcome == "unreadable" or verdict.verdict is A_POINT
    if is_left or verdict.role not in IN_LINES | {"definition"}:
        lines.work, lines.bench.introduced = before, introduced
    lines.work.supposed = {**before.supposed, **own}
    between = [*itertools.takewhile(lambda one: one.told == "condition", found[place + 1 :])]
    following = next(iter(found[place + 1 + len(between) :]), None)
    if lines.work is before:
        return verdict
    if following is None or not _is_followed(group, between, following):
        lines.work.left, lines.work.lost = before.left, before.lost
    elif before.left not in (None, lines.work.left) and not before.lost:  # since $a = b$, \[ = c \]
        lines.work.beside = (*lines.work.beside, before.left)
    return verdict


def _sets_slopes(verdict: LineVerdict, lines: Lines) -> bool:
    """Whether all that a formula says is that slopes vanish which are asked for, or by unknowns that are."""
    sides = [[strip_groups(part.expression) for part in one.parts] for one in verdict.statements]
    names, asked = unknowns(lines.goals) | lines.unknowns, {slope_of(one) for one in lines.goals if one.has(*_SLOPES)}

    def is_set(left: Expression, right: Expression) -> bool:
        is_slope = left.head in ("derivative", "gradient") and is_zero(right)
        return is_slope and (slope_of(left) in asked or not names.isdisjoint(unknowns([left])))

    return bool(sides) and all(len(pair) == 2 and is_set(*pair) for pair in sides)


def _is_second(asked: Expression) -> bool:
    """Whether a second derivative is asked for."""
    return (asked.head == "derivative" and len(asked.args) > 2) or (asked.head == "gradient" and asked.data != 1)


def _is_special(group: Group, verdict: LineVerdict) -> bool:
    r"""Whether a formula supposes what is not so in general: "for $z = (1, 2)$", "as $\lambda \to 0$"."""
    parts = verdict.statements[0].parts if len(verdict.statements) == 1 else ()
    if len(parts) < 2 or parts[0].expression.head in ("index", "unknown"):
        return not verdict.statements and any(token.text == r"\to" for token in group.tokens)
    is_named = all(one.expression.head in ("symbol", "entry", "member") for one in parts[1:-1])  # a = b = 2
    is_put = {one.relation for one in parts[1:]} <= {"=", "~"} and is_value(parts[-1].expression)
    return is_put and is_named and not verdict.verdict.is_right


def _of_own_letter(verdict: LineVerdict, group: Group, lines: Lines) -> dict[str, Supposed]:
    """The number that a letter is supposed to be that stands in nothing given, or is a name that was introduced.

    What the work supposes of these is its own affair, and lasts.
    """
    is_said = verdict.role == "condition" or verdict.verdict.is_wrong
    parts = verdict.statements[0].parts if len(verdict.statements) == 1 and is_said else ()
    left, right = (strip_groups(part.expression) for part in parts) if len(parts) == 2 else (NONE, NONE)
    known = {node.data for pair in lines.setting.given for side in pair for node in side.walk()}
    is_own = (left.head == "symbol" and left.data not in known) or (
        left.head == "unknown" and not left.args and left.data in lines.bench.introduced
    )
    if not is_own or parts[1].relation != "=" or not is_value(right):
        return {}
    return {str(left.data): Supposed(left, right, group.text.strip().rstrip(",.:;"))}


def _is_head(verdict: LineVerdict, lines: Lines) -> bool:
    """Whether a row says which value a quantity takes that is free to take any: it heads a case."""
    if len(verdict.statements) != 1 or len(verdict.statements[0].parts) != 2 or verdict.posed:
        return False
    left, right = (strip_groups(part.expression) for part in verdict.statements[0].parts)
    found = quantity_of(left, lines.setting.notation)
    is_free = found is not None and found[0] not in lines.given
    return is_free and is_value(right) and not _is_sought(left, lines) and not solved_for(left, unknowns(lines.goals))


def _is_size(verdict: LineVerdict) -> bool:
    """Whether a formula says how large something is: ``p = 1``, but not ``n = \\lambda \\sum_i x_i``."""
    sized = [one.parts for one in verdict.statements if one.parts[0].expression.head == "size" and one.parts[1:]]
    return any(not parts[-1].expression.has("symbol", "member", "entry") for parts in sized)


def _solves_asked(verdict: LineVerdict, lines: Lines) -> bool:
    """Whether an equation says what an unknown that is asked for is, and that it is no mere number."""
    names = asked_names(lines)
    return all(solved_for(strip_groups(one.left), names) and not is_value(one.right) for one in verdict.posed)


def _is_put(verdict: LineVerdict, lines: Lines) -> bool:
    """Whether an equation puts a name, of nothing that is sought, equal to a value or to another name: ``r = 0``."""
    names = unknowns(lines.goals)
    sides = [strip_groups(part.expression) for one in verdict.statements for part in one.parts]
    is_plain = all(side.head in ("symbol", "member", "entry", "unknown") or is_value(side) for side in sides)
    return is_plain and not any(solved_for(side, names) for side in sides)


def _is_valued(verdict: LineVerdict) -> bool:
    """Whether all sides behind the first are numbers, or lists of such."""
    behind = [part.expression for one in verdict.statements for part in one.parts[bool(not one.parts[0].relation) :]]
    return bool(behind) and all(map(is_value, behind))


def _is_followed(group: Group, between: Sequence[Group], following: Group) -> bool:
    """Whether a formula goes on from one within a sentence or in a cell, with nothing but conditions between them."""
    if group.in_cell and any(one.text in EQUALITIES for one in following.tokens[:1]):
        return True
    is_near = not any(one.apart for one in between)
    return is_near and (following.goes_on or (_continues(following) and not following.apart))


def _titled(verdict: LineVerdict, group: Group, lines: Lines, before: Work, is_last: bool) -> LineVerdict:
    r"""The verdict on a false row with a title for a left side, ``\text{the gradient} = ...``: it goes on from no row.

    What is derived stands behind it, or it is not known of what this is the value.
    """
    head = [token for token in group.tokens[:3] if token.text != "&"][:2]
    is_title = len(head) == 2 and head[0].kind == "text" and head[1].text in EQUALITIES
    if not is_title or told(head[0].text, "", "") or verdict.statements[:1] == ():
        return verdict
    parts = verdict.statements[0].parts
    if len(parts) < 2 or strip_groups(parts[0].expression).head not in ("derivative", "gradient"):
        return replace(verdict, verdict=NOTHING_BEFORE, findings=(), answers=())
    lines.work = before
    return lines.judge(replace(group, tokens=tree(group.tokens[group.tokens.index(head[1]) + 1 :])), is_last)


def _in_sentence(verdict: LineVerdict, group: Group, lines: Lines, is_only: bool) -> LineVerdict:
    """A verdict as a sentence bears it: what it supposes is not judged, and only what is settled is refuted."""
    outcome, parts = verdict.verdict.outcome, [part for one in verdict.statements for part in one.parts]
    if outcome == "unreadable":
        return replace(verdict, role="claim") if "=" in group.text and group.told in ("", "answer") else verdict
    silent = quiet(verdict, NOT_CHECKED)
    if group.told == "condition" and verdict.posed and _solves_asked(verdict, lines):  # it vanishes if $c = m$
        return replace(supposed(verdict), role="equation")
    if group.told in QUIET and not (group.told == "condition" and _says_more(verdict)):
        return replace(silent, role=group.told)
    if not any(part.relation for part in parts):
        answers = outcome == "right" and (group.told == "answer" or is_only)
        return replace(verdict, role="answer") if answers or is_only else replace(silent, role="mention")
    is_told = verdict.role in ("assignment", "reason") or any(
        finding.code == "claimed-shape" for finding in verdict.findings
    )
    if outcome == "wrong" and is_told:
        return replace(verdict, role=verdict.role if verdict.role == "reason" else "claim")
    if any(finding.code == "introduced" for finding in verdict.findings):
        return replace(verdict, role="claim" if outcome == "wrong" else "definition")  # \delta = a = b, which is not so
    if (verdict.posed and _is_valued(verdict) and (group.told == "definition" or group.example)) or _is_size(verdict):
        return replace(silent, role="condition")
    if verdict.posed and group.told != "answer" and _is_put(verdict, lines):
        return replace(silent, role="condition")
    if verdict.posed:
        return replace(verdict, role="equation")
    lefts = [one.parts[0].expression if not one.parts[0].relation else lines.work.left for one in verdict.statements]
    is_formed = not any(one.code == "shape" for one in verdict.findings)
    now = [one.parts[-1].expression for one in verdict.statements]
    sides = [(left, right) for left, right in zip(lefts, now, strict=True) if left is not None]
    is_open = (
        verdict.verdict is not NEVER
        and not any(is_settled(*pair, lines) for pair in sides)
        and (is_formed or all(map(is_value, now)))
    )
    is_held = group.told == "answer" or (group.told in HELD and not may_be_assumed(sides, lines))
    is_open = is_open and not (group.told == "answer" and any(left.has(*_SLOPES) for left, _ in sides))
    is_back = any(one.code == "recovered" for one in verdict.findings)  # a = b = c, where a = c but no b
    if outcome == "wrong" and is_open and not (is_back or (is_held and any(is_identity(*pair) for pair in sides))):
        open_ = replace(silent, verdict=NOTHING_BEFORE, role="claim")
        return open_ if _continues(group) else replace(silent, role="condition")
    if outcome == "wrong" and group.told == "point" and is_formed and not any(_is_sought(one, lines) for one in lefts):
        return replace(silent, verdict=A_POINT, role="claim")
    if group.told == "definition" and outcome != "wrong" and not _continues(group):
        return replace(verdict, role="definition")
    if outcome == "not_checked":
        return replace(verdict, role=group.told if group.told in ("definition", "reason") else "mention")
    return replace(verdict, role="reason" if group.told == "reason" else "claim")


def _are_cases(found: Sequence[Group]) -> bool:
    """Whether a work is nothing but values, each behind its case: "for $i = k$ it is $p_k (1 - p_k)$, and for ..."."""
    cases, values = found[::2], found[1::2]
    are_cases = all(group.inline and group.told == "condition" and "<" not in group.text for group in cases)
    return len(cases) == len(values) > 1 and are_cases and all(one.inline and "=" not in one.text for one in values)


def _says_more(verdict: LineVerdict) -> bool:
    """Whether a formula behind a word such as "for" supposes nothing: it says what a name is, or a derivative."""
    parts = verdict.statements[0].parts if len(verdict.statements) == 1 else ()
    if len(parts) < 2 or parts[1].relation != "=":
        return False
    left, right = (strip_groups(part.expression) for part in parts[:2])
    if any(finding.code == "introduced" for finding in verdict.findings):
        return right.head not in ("number", "negative", "index", "unknown")
    is_under = verdict.statements[0].condition is not None  # if $m < 1$, ...
    is_said = verdict.verdict.is_right or is_under or not is_value(right)  # for the bias, ...
    return is_said and left.head in ("derivative", "gradient", "differential")


def _continues(group: Group) -> bool:
    """Whether a formula within a sentence goes on from the one before it, whatever words stand between."""
    return group.inline and bool(group.tokens) and group.tokens[0].text in EQUALITIES


def _is_asked(left: Expression, lines: Lines) -> bool:
    return strip_groups(left) in map(strip_groups, lines.setting.find) or left == NONE


def _is_sought(left: Expression | None, lines: Lines) -> bool:
    """Whether a left side is a derivative, or what is asked."""
    plain = NONE if left is None else strip_groups(left)
    return plain.head in ("derivative", "gradient", "prime") or plain in map(strip_groups, lines.setting.find)
