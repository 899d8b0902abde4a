r"""What solves the equations of a work: put in for the unknown, it must make the gradient zero and every equation true.

Where a work sets ``\nabla_w J = 0`` and ends in ``w = ...``, the value found is taken as the definition of ``w``; a
derivative by ``w`` is then one at that value (Boyd and Vandenberghe, Convex Optimization, section 4.2.3).
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from truestep.checkers.comparing.verdicts import Verdict
from truestep.checkers.documents.plain_words import says_plainly
from truestep.checkers.documents.words import last_sentence
from truestep.checkers.works.chain_steps import CARRIED, LineVerdict
from truestep.checkers.works.claim import Claim
from truestep.checkers.works.conditions import is_supposed
from truestep.checkers.works.equations import (
    EQUATION,
    STATIONARY,
    are_vectors,
    asked_unknowns,
    at_solution,
    is_posed,
    is_zero,
    mentions,
    root,
    roots_of,
    slope_of,
    solved_for,
    unknowns,
)
from truestep.checkers.works.said.settled import is_value
from truestep.checkers.works.solving.bound import at_best, equations_of, multipliers
from truestep.checkers.works.solving.constrained import by_multiplier
from truestep.checkers.works.solving.contradicting import contradicted
from truestep.checkers.works.solving.optima import untangled, with_bends
from truestep.checkers.works.solving.posing import posing, with_own_slopes
from truestep.checkers.works.solving.several import several
from truestep.checkers.works.solving.stationarity import has_its_root, is_root_where, is_stationary
from truestep.checkers.works.solving.systems import HOLDS, System
from truestep.checkers.works.solving.there import (
    answering,
    judged,
    loosely,
    of_own_functions,
    solves,
    valued_from,
    without_unknowns,
)
from truestep.checkers.works.solving.within import within_bounds
from truestep.checkers.works.substitution import put_in
from truestep.derivations.language import optimum_words
from truestep.derivations.language.expression import Expression, number
from truestep.derivations.language.finding import Finding
from truestep.derivations.language.liberties import Reading
from truestep.derivations.meaning.calculus import strip_groups

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from truestep.checkers.documents.work import Row
    from truestep.checkers.works.bench import Bench
    from truestep.checkers.works.carrying import Carrying
    from truestep.checkers.works.claim import Result
    from truestep.problems.statements.prepared import Setting

    _Found = dict[str, tuple[Expression, Expression]]
    Solved = Callable[[Iterable[tuple[Expression, Expression]]], Bench | None]


NOWHERE_ZERO = Verdict("undecided", reason="this does not make the gradient zero, and whether it is to is not said")
MOST_TRIED = 4


def with_solutions(
    verdicts: Sequence[LineVerdict],
    setting: Setting,
    bench: Bench,
    carrying: Carrying,
    results: Sequence[Result] = (),
    rows: Sequence[Row] = (),
) -> list[LineVerdict]:
    """The verdicts of a work, its equations judged at the solution that it finds; without one they stay open.

    The ``rows`` are those of the verdicts, with the words about them.
    """
    before, setting = setting, with_own_slopes(verdicts, setting, bench)
    if setting is not before and not any("=" in text for text in setting.problem.assume):
        joint = System(setting, carrying, results)
        verdicts = [_jointly(one, joint, setting) for one in verdicts]
    goals = (*setting.find, *setting.assumptions.stationary)
    given = asked_unknowns(setting)
    names = (unknowns(goals) - roots_of(given, setting)) | given
    solved = partial(carrying.solved, results=results)
    system = System(posing(verdicts, setting, bench, solved), carrying, results)
    plain = [_is_plain(row.before) for row in rows]
    sought = [optimum_words.has(f"{row.before} {row.text}", "sought") for row in rows]
    is_sought = any(map(all, zip(sought, plain, strict=True)))
    said = [
        is_plain and is_sought and optimum_words.seeks(last_sentence(f"{row.before} {row.text}"))
        for row, is_plain in zip(rows, plain, strict=True)
    ]
    there = _at_solutions(verdicts, setting, bench, solved, names, given, (is_sought, said, plain), system)
    if system.conditions and (made := system.put({})) is not None:  # what is said of the given alone
        there = valued_from(0, there, setting, made.there, frozenset(system.slopes))
    there = of_own_functions(there, verdicts, results, names, bench)
    followed = _following(verdicts, [*there], goals, bench, solved)
    followed = [answering(one, names, setting.find) if one.verdict == STATIONARY else one for one in followed]
    followed = _traced(followed, names, solved)
    followed = contradicted(followed, goals, names, bench, carrying, results, plain)
    followed = of_own_functions(followed, verdicts, results, names, bench)
    return with_bends(within_bounds(followed, names, bench), rows, goals, names, bench, solved)


def _jointly(verdict: LineVerdict, system: System, setting: Setting) -> LineVerdict:
    """An asked unknown that is told where the work sets the gradients by others to zero as well, which nobody fixes."""
    answers = verdict.answers
    if not verdict.verdict.is_wrong or len(answers) != 1 or strip_groups(answers[0].left) not in setting.find:
        return verdict
    one = answers[0]
    if system.verdict(strip_groups(one.left), Claim(strip_groups(one.left), one.right, one.reading)) is not HOLDS:
        return verdict
    told = replace(one, judgement=replace(one.judgement, verdict=HOLDS))
    return replace(verdict, verdict=HOLDS, findings=(), answers=(told,))


@lru_cache(maxsize=1024)
def _is_plain(words: str) -> bool:
    return says_plainly(optimum_words.without(words))


def _at_solutions(
    verdicts: Sequence[LineVerdict],
    setting: Setting,
    bench: Bench,
    solved: Solved,
    names: frozenset[str],
    given: frozenset[str],
    sought: tuple[bool, Sequence[bool], Sequence[bool]],
    system: System,
) -> Sequence[LineVerdict]:
    goals = (*setting.find, *setting.assumptions.stationary)
    reading = next((one.reading for verdict in verdicts for one in verdict.posed), Reading())
    slopes = [node for node in goals if node.head == "derivative" and len(node.args) == 2]

    def tried(found: _Found) -> tuple[_Found, Bench | None, Sequence[Expression], list[Verdict]]:
        there = solved(found.values()) if found else None
        if there is None and len(found) == 2 and (alone := untangled(found, bench)) is not None:
            found, there = alone, solved(alone.values())
        asked: Sequence[Expression] = [node for node in slopes if unknowns([node]) & names <= set(found)]
        made = system.put(found) if system.slopes and there is not None else None
        if made is not None:
            there, asked = made.there, made.rest
        claims = [Claim(node, number(0), reading) for node in asked]
        claims += [claim for name in sorted(found) for claim in at_best(setting, name, reading)[0]]
        return found, there, asked, [] if there is None else [there.judge(claim).verdict for claim in claims]

    candidates = _solutions(verdicts, setting, names)
    found, there, asked, zero = tried(ended := next(candidates))
    if not all(verdict.is_right for verdict in zero):  # a value that is said of a case beside it is no solution
        others = map(tried, itertools.islice(candidates, MOST_TRIED))
        good = (one for one in others if one[3] and all(verdict.is_right for verdict in one[3]))
        found, there, asked, zero = next(good, (found, there, asked, zero))
    if there is None:
        return verdicts
    is_told = given == names and bool(given)
    is_known = is_told and len(setting.find) == len(setting.answer)
    if is_known or (all(verdict.is_right for verdict in zero) and (zero or is_told)):
        unsaid = multipliers(setting) - (_said(found) & _said(ended))
        unsaid |= {name for name, (_, value) in found.items() if unsaid & value.names}
        open_ = unsaid | (found.keys() - names)
        found_there = [by_multiplier(one, verdicts[: k + 1], names, open_, solved) for k, one in enumerate(verdicts)]
        left = system.put(found) if system.slopes else None
        open_yet = frozenset(names - found.keys()) if left is None else left.open  # what the others do not tell yet
        unsaid |= open_yet | {name for name, (_, value) in found.items() if open_yet & value.names}
        scalars = frozenset[str]() if system.conditions else multipliers(setting)
        spoken = names | frozenset(map(root, setting.find))
        open_in = partial(without_unknowns, names=spoken, scalars=scalars)
        found_there = [judged(verdict, names, there, unsaid | open_in(verdict), system) for verdict in found_there]
        found_there = several(verdicts, found_there, slopes, found, (open_yet, names), solved)
        last = _last_row(found_there, names)
        found_there = found_there if last < 0 else valued_from(last + 1, found_there, setting, there)
        return [answering(verdict, names, setting.find) for verdict in found_there]
    false = [node for node, verdict in zip(asked, zero, strict=False) if verdict.is_wrong]
    used = frozenset[str]().union(*(side.names for _, side in setting.given))
    if any(equations_of(setting, root(one)) for one in setting.find) and used & multipliers(setting) - _said(found):
        unsaid = multipliers(setting) - _said(found)
        open_rows = (by_multiplier(one, verdicts[: k + 1], names, unsaid, solved) for k, one in enumerate(verdicts))
        return [answering(verdict, names, setting.find) for verdict in open_rows]
    some = {node: system.for_some(node, found) for node in false}
    met = unknowns([node for node in false if some[node]])
    verdicts = [_met(one, {name: found[name] for name in met & found.keys()}, names) for one in verdicts]
    told = [node for node in false if some[node] is None and system.is_told(node, found)]
    for node in sorted(told, key=lambda node: _last_row(verdicts, unknowns([node]))):
        place = _first_false(verdicts, node, reading, solved)
        is_first = place is not None and not any(one.verdict.is_wrong for one in verdicts[: place[0]])
        is_asked = any(root(one) in unknowns([node]) for one in setting.find)
        is_near = place is not None and (
            sought[1][place[0]] or (sought[2][place[0]] and not _is_put(verdicts[place[0]]))
        )
        is_sought = sought[0] and is_near
        if (
            place is not None
            and is_first
            and (is_asked or is_sought or is_stationary(verdicts, (node,), bench, solved))
        ):
            rest = {name: pair for name, pair in found.items() if name not in unknowns(false)}
            elsewhere = solved(rest.values()) if rest else None
            if elsewhere is not None:
                verdicts = [judged(one, names, elsewhere, unknowns(false)) for one in verdicts]
            wrong, outcome, false_there = place
            behind = [_carried(one, unknowns([node]), false_there) for one in verdicts[wrong + 1 :]]
            return [*verdicts[:wrong], _refuted(verdicts[wrong], outcome, names), *behind]
    return [_doubted(one, unknowns(false)) for one in verdicts]


def _met(verdict: LineVerdict, found: _Found, names: frozenset[str]) -> LineVerdict:
    """A row that tells an unknown, whose gradient vanishes for one value of a multiplier, as what it is."""

    def tells(one: Claim) -> bool:
        left = at_solution(strip_groups(one.left), names)
        return (left, at_solution(one.right, names)) in found.values()

    is_met = verdict.verdict is EQUATION and bool(verdict.posed) and all(map(tells, verdict.posed))
    return replace(verdict, verdict=HOLDS) if is_met else verdict


def _doubted(verdict: LineVerdict, names: frozenset[str]) -> LineVerdict:
    """A row that tells what an unknown is, at which its gradient is not zero."""
    is_told = verdict.verdict is EQUATION and any(solves(one, names) for one in verdict.posed)
    is_told = is_told and not _is_put(verdict)
    return replace(verdict, verdict=NOWHERE_ZERO) if is_told and not is_supposed(verdict) else verdict


def _is_put(verdict: LineVerdict) -> bool:
    """Whether a row puts an unknown equal to numbers, as where something begins: ``w = 0``."""
    return all(is_value(one.right) for one in verdict.posed)


def _last_row(verdicts: Sequence[LineVerdict], names: frozenset[str]) -> int:
    return max(
        (k for k, verdict in enumerate(verdicts) if any(solves(one, names) for one in verdict.posed)), default=-1
    )


def _first_false(
    verdicts: Sequence[LineVerdict], node: Expression, reading: Reading, solved: Solved
) -> tuple[int, Verdict, Bench] | None:
    """The first row of equations for an unknown that holds where a gradient is not zero; None where it is, or may be.

    The other unknowns may be anything: what is a solution only together with theirs is none of this one alone.
    """
    names = unknowns([node])
    for last, verdict in enumerate(verdicts):
        found = () if is_supposed(verdict) else verdict.posed
        for equation in (one for one in found if solves(one, names) and not mentions(one.right, names)):
            pair = at_solution(strip_groups(equation.left), names), at_solution(equation.right, names)
            there = solved([pair])
            outcome = there.judge(Claim(node, number(0), reading)).verdict if there is not None else None
            if there is not None and outcome is not None and outcome.is_wrong:
                rows = (k for k in range(last) if _holds(verdicts[k], names, there))
                return next(rows, last), outcome, there
    return None


def _traced(verdicts: list[LineVerdict], names: frozenset[str], solved: Solved) -> list[LineVerdict]:
    """The verdicts, where what is told of an unknown is no solution: wrong is the first equation that holds there."""
    for last, verdict in enumerate(verdicts):
        if not verdict.verdict.is_wrong:
            continue
        if not any(one.code == "not-a-solution" for one in verdict.findings):
            return verdicts
        found = [one for one in verdict.answers if solved_for(strip_groups(one.left), names) is not None]
        there = solved([(found[0].left, found[0].right)]) if len(found) == 1 else None
        place = None if there is None else next((k for k in range(last) if _holds(verdicts[k], names, there)), None)
        if there is None or place is None:
            continue
        wrong = _refuted(verdicts[place], verdict.verdict, names)
        between = [_carried(one, names, there) for one in verdicts[place + 1 : last]]
        carried = Finding("carried", found[0].right.span)
        answers = tuple(replace(one, carried=True) for one in verdict.answers)
        end = replace(verdict, verdict=CARRIED, carried=True, findings=(carried,), answers=answers)
        return [*verdicts[:place], wrong, *between, end, *verdicts[last + 1 :]]
    return verdicts


def _carried(verdict: LineVerdict, names: frozenset[str], there: Bench) -> LineVerdict:
    """A row of equations as one that follows from a wrong one before it, where it holds at the same values."""
    if not _holds(verdict, names, there):
        return verdict
    carried = Finding("carried", verdict.posed[0].right.span)
    return replace(verdict, verdict=CARRIED, carried=True, findings=(*verdict.findings, carried))


def _holds(verdict: LineVerdict, names: frozenset[str], there: Bench) -> bool:
    """Whether a row of equations for an unknown holds where that has a value."""
    return (
        bool(verdict.posed)
        and verdict.verdict is EQUATION
        and all(
            mentions(at_solution(one.left, names), names) | mentions(at_solution(one.right, names), names)
            and one.left.head not in ("derivative", "gradient")
            and there.judge(
                replace(one, left=at_solution(one.left, names), right=at_solution(one.right, names))
            ).verdict.is_right
            for one in verdict.posed
        )
    )


def _following(
    verdicts: Sequence[LineVerdict],
    there: list[LineVerdict],
    goals: Sequence[Expression],
    bench: Bench,
    solved: Solved,
) -> list[LineVerdict]:
    """The verdicts ``there``, with rows right that set a gradient to zero, or follow from those that do."""
    told = list[Claim]()

    def follows(one: Claim) -> bool:
        def equal(left: Expression, right: Expression) -> bool:
            return loosely(replace(one, left=left, right=right), bench)[0].is_right

        if (is_zero(one.right) and one.left.head in ("derivative", "gradient")) or is_posed(
            one.left, one.right, goals, equal, partial(are_vectors, bench), without_unknowns=True
        ):
            return True
        known = [(each.left, each.right) for each in told if each.condition in (None, one.condition)]
        starts = [one.left, *(right for left, right in known if left == one.left)]
        put = [put_in(start, left, right) for start in starts for left, right in known if left.head != "number"]
        found = any(equal(side, one.right) for side in put if side not in map(strip_groups, starts))
        told.extend([one] if found else [])
        return found or has_its_root(one, goals, bench, solved) or is_root_where(one, goals, solved)

    taken = [slope_of(strip_groups(node)) for node in goals]
    slopes = {*taken, *(Expression("gradient", one.args[:1], 1) for one in taken)}

    def vanishes(left: Expression, right: Expression) -> bool:
        side = strip_groups(left)
        is_slope = side.head in ("derivative", "gradient") and is_zero(right)
        return is_slope and (
            slope_of(side) in slopes or any(bench.judge(Claim(one, side)).verdict.is_right for one in goals)
        )

    for place, (before, verdict) in enumerate(zip(verdicts, there, strict=True)):
        false = [one for one in before.answers if one.judgement.verdict.is_wrong]
        is_set = bool(false) and before.verdict.is_wrong and all(vanishes(one.left, one.right) for one in false)
        if (before.verdict is EQUATION or is_set) and before.posed and not verdict.verdict.is_right:
            if not all(map(follows, before.posed)):
                continue
            kept = tuple(one for one in before.answers if one not in false)
            there[place] = replace(before, verdict=STATIONARY, findings=() if is_set else before.findings, answers=kept)
        told += before.posed
    last = max((place for place, one in enumerate(there) if one.verdict == STATIONARY), default=0)
    for place, verdict in enumerate(there[:last]):
        sides = [[part.expression for part in one.parts if not one.parts[0].relation] for one in verdict.statements]
        if verdict.verdict.is_wrong and all(len(pair) == 2 and vanishes(*pair) for pair in sides):
            there[place] = replace(verdict, verdict=STATIONARY, findings=(), answers=(), role="equation")
    return there


def _solutions(verdicts: Sequence[LineVerdict], setting: Setting, names: frozenset[str]) -> Iterator[_Found]:
    """The unknowns with what a work finds for them last, or the problem gives; multipliers are such too.

    Then the same with one of them as it was found before.
    """
    unsaid, found = multipliers(setting), dict[str, tuple[Expression, Expression]]()
    before = list[tuple[str, tuple[Expression, Expression]]]()
    for equation in (one for verdict in verdicts for one in verdict.posed):
        left = at_solution(strip_groups(equation.left), names)
        name = solved_for(left, names) or (root(left) if root(left) in unsaid else None)
        if name is not None and not mentions(equation.right, frozenset((name,))):
            before += [(name, found[name])] if name in found else []
            found[name] = left, at_solution(equation.right, names)
    for equation in (one for verdict in verdicts for one in verdict.posed):  # a = b = ...
        own, other = (solved_for(strip_groups(side), names) for side in (equation.left, equation.right))
        if own in found and other is not None and other not in found:
            found[other] = at_solution(strip_groups(equation.right), names), found[own][1]
    given = zip(setting.find, setting.answer, strict=False)
    told = {root(node): (node, answer) for node, answer in given if root(node) in names}
    yield found | told
    yield from (found | {name: pair} for name, pair in reversed(before) if name not in told)


def _said(found: _Found) -> frozenset[str]:
    """The quantities of which something is said by what is found."""
    return frozenset[str]().union(*(side.names for pair in found.values() for side in pair))


def _refuted(verdict: LineVerdict, wrong: Verdict, names: frozenset[str]) -> LineVerdict:
    """The row that states what is no solution."""
    place = next((one.right.span for one in verdict.posed if solves(one, names)), verdict.posed[0].right.span)
    fault = Finding("not-a-solution", place, {"case": "stationary"})
    return replace(verdict, verdict=wrong, findings=(*verdict.findings, fault))
