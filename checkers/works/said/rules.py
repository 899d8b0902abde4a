r"""Rules of calculus that a work recalls in letters of its own: ``(fg)' = f'g + fg'``, ``\frac{d}{dx} x^n = nx^{n-1}``.

Nothing defines these letters, so each is what a rule may have: the variable, a function of it, or a constant.
"""

from __future__ import annotations

import itertools
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from truestep.checkers.comparing.world import World
from truestep.checkers.works.asides import UNCLEAR
from truestep.checkers.works.bench import Bench
from truestep.checkers.works.claim import Claim
from truestep.checkers.works.names.anew import renamed
from truestep.checkers.works.names.arbitrary import NOT_OF_ANY
from truestep.checkers.works.said.matrix_rules import matrix_rule
from truestep.derivations.language.expression import Expression, symbol
from truestep.derivations.language.faults import Fault
from truestep.derivations.language.latex.groups import tree
from truestep.derivations.meaning.calculus import strip_groups
from truestep.problems.statements.prepared import setting_of
from truestep.problems.statements.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from truestep.checkers.comparing.verdicts import Verdict
    from truestep.checkers.works.chain_steps import LineVerdict, Work
    from truestep.checkers.works.grouping import Group
    from truestep.checkers.works.lines import Lines
    from truestep.derivations.language.reading.chains import Statement
    from truestep.derivations.meaning.effort import Effort

MOST_LETTERS = 4
_LETTERS, _TOTAL = ("unknown", "symbol"), ("prime", "differential")
_SLOPES = (*_TOTAL, "derivative")
_PLAIN = frozenset(("number", "constant", "product", "quotient", "power", "add", "negative", "group", "root", "none"))


class _Unfit(Exception):
    """An expression is none of a rule."""


@dataclass(frozen=True)
class Rule:
    """A rule that was judged; a false one ``is_known`` to be false if it says itself which letters are functions."""

    verdict: Verdict
    is_known: bool


def recalled(verdict: LineVerdict, group: Group, lines: Lines, before: Work) -> LineVerdict:
    r"""The verdict on a rule that is recalled in a letter that is an array in the problem: ``\frac{d}{dx} e^x = e^x``.

    What the problem itself applies to that array is no such rule.
    """
    if verdict.verdict.outcome in ("not_checked", "undecided", "right") and len(verdict.statements) == 1:
        is_open = not verdict.verdict.is_right  # letters may stand for counts, or for columns
        rule = rule_judged(verdict.statements[0], lines.bench.scope.arena.effort) if is_open else None
        of_matrices = None if rule is not None else _of_matrices(verdict, group, lines)
        if of_matrices is not None and not (verdict.verdict.outcome == "not_checked" and of_matrices.verdict.is_right):
            rule = of_matrices
        if rule is None or (verdict.verdict == NOT_OF_ANY and not rule.verdict.is_right):
            return verdict
        lines.work = before.copy()
        return _as_rule(verdict, rule)
    is_misfit = any(finding.code == "shape" for finding in verdict.findings)
    if is_misfit and len(verdict.statements) == 1:
        rule = _of_matrices(verdict, group, lines)
        if rule is not None and rule.verdict.is_right:
            lines.work = before.copy()
            return _as_rule(verdict, rule)
    parts = verdict.statements[0].parts if len(verdict.statements) == 1 else ()
    letter = _only_letter([part.expression for part in parts])
    if not letter or not is_misfit:
        return verdict
    left = strip_groups(parts[0].expression)
    is_asked = left in map(strip_groups, lines.setting.find) or len(left.args) != 2
    given = {strip_groups(node) for _, right in lines.setting.given for node in right.walk()}
    if left.head != "derivative" or is_asked or strip_groups(left.args[0]) in given:
        return verdict
    after = lines.work
    lines.work = before.copy()
    there = lines.judge(replace(group, tokens=tree(renamed(group.tokens, {letter: 1}))), False)
    if there.verdict.is_right and not there.carried:
        return replace(there, answers=(), statements=verdict.statements)
    lines.work = after
    return verdict


def _as_rule(verdict: LineVerdict, rule: Rule) -> LineVerdict:
    outcome, role = (rule.verdict, "reason") if rule.is_known else (UNCLEAR, verdict.role)
    return replace(verdict, verdict=outcome, findings=(), answers=(), posed=(), carried=False, role=role)


def _of_matrices(verdict: LineVerdict, group: Group, lines: Lines) -> Rule | None:
    """The judgement on a line as a rule of matrices, where letters of it have no meaning."""
    statement, bench = verdict.statements[0], lines.bench
    if statement.condition is not None or group.perhaps:
        return None
    known = {str(node.data) for part in statement.parts for node in part.expression.walk() if node.head == "symbol"}
    mine = {name for name in (*bench.introduced, *bench.lefts) if not bench.letting and name not in bench.arbitrary}
    found = matrix_rule(statement, frozenset(known | mine), bench.scope.arena.effort)
    return None if found is None else Rule(found, True)


def _only_letter(sides: Sequence[Expression]) -> str:
    """The one declared name that stands in some expressions; nothing where there are others."""
    if not any(side.has("symbol") for side in sides) or any(side.has("entry", "sum") for side in sides):
        return ""
    names = {str(node.data) for side in sides for node in side.walk() if node.head in ("symbol", "unknown", "member")}
    return names.pop() if len(names) == 1 else ""


def rule_judged(statement: Statement, effort: Effort) -> Rule | None:
    """The judgement on a statement as a rule: right if letters may mean what makes it one. None if it is none."""
    parts = statement.parts
    if len(parts) < 2 or parts[0].relation or any(part.relation != "=" for part in parts[1:]):
        return None
    sides = [part.expression for part in parts]
    left = strip_groups(sides[0])
    whole = left
    while whole.head in _SLOPES:
        whole = strip_groups(whole.args[0])
    by = {_name(one) for side in sides for node in side.walk() if node.head == "derivative" for one in node.args[1:]}
    calls = [node for side in sides for node in side.walk() if node.head == "call"]
    if not by and len(inside := {_name(one) for node in calls for one in node.args} - {""}) == 1:
        by = inside
    names = [_names(side) for side in sides]
    is_made = left.head in _SLOPES and whole.head not in _LETTERS
    is_made = is_made and not (whole.head == "call" and all(map(_name, whole.args)))
    if not is_made or len(by) > 1 or "" in by or not set().union(*names) <= names[0] or len(names[0]) > MOST_LETTERS:
        return None
    primed = {_name(node.args[0]) for side in sides for node in side.walk() if node.head in _SLOPES} - {""}
    called = {str(node.data) for node in calls}
    judged = None
    for roles in _roles(names[0], primed | called, next(iter(by), "")):
        with suppress(_Unfit, Fault, RecursionError):
            verdict = _under(roles, sides, effort)
            if verdict is None:
                return None
            if verdict.is_right and any(map(str.isupper, "".join(names[0]))):
                return None  # of matrices it need not hold
            if verdict.is_right:
                return Rule(verdict, True)
            judged = judged or verdict
    return Rule(judged, len(names[0]) == 1 or names[0] <= primed | by) if judged is not None else None


def _roles(names: set[str], made: set[str], by: str) -> Iterator[Mapping[str, str]]:
    """What each letter may be, functions first; one alone may be the variable where nothing says by what it is."""
    free = sorted(names - made - {by})
    for roles in itertools.product(("function", "constant"), repeat=len(free)):
        known = dict.fromkeys(made, "function") | dict(zip(free, roles, strict=True)) | ({by: "variable"} if by else {})
        if set(known.values()) != {"constant"}:
            yield known
    for one in free if not (by or made) else ():
        yield dict.fromkeys(free, "constant") | {one: "variable"}


def _under(roles: Mapping[str, str], sides: list[Expression], effort: Effort) -> Verdict | None:
    """The verdict on the sides where the letters are this.  Raises Fault."""
    of = {
        role: tuple(name for name, one in roles.items() if one == role) for role in ("variable", "function", "constant")
    }
    by = next(iter(of["variable"]), next(one for one in ("t", "x", "s", "r", "q") if one not in roles))
    symbols = dict.fromkeys((by, *of["constant"]), "scalar")
    bench = Bench(
        World(setting_of(Problem(symbols=symbols, functions=dict.fromkeys(of["function"], "elementwise"), find=(by,))))
    )
    effort.spend(bench.scope.arena.effort.spent)
    bench.scope.arena.effort = effort
    left, *rest = (_spelled(side, roles, by) for side in sides)
    found = [bench.judge(Claim(left, right)).verdict for right in rest]
    wrong = next((one for one in found if one.is_wrong and one.witness is not None), None)
    return wrong or (found[0] if all(one.is_right for one in found) else None)


def _spelled(node: Expression, roles: Mapping[str, str], by: str) -> Expression:
    """An expression with its letters as what they are, and its primes as derivatives by the variable."""
    inner = strip_groups(node.args[0]) if node.args else node
    if _name(node):
        is_function = roles[_name(node)] == "function"
        return _applied(_name(node), symbol(by), node) if is_function else symbol(_name(node))
    if node.head == "call" and len(node.args) == 1:
        return _applied(str(node.data), _spelled(node.args[0], roles, by), node)
    if node.head == "prime" and inner.head == "call" and len(inner.args) == 1 and node.args[0] == inner:
        return _applied(str(inner.data), _spelled(inner.args[0], roles, by), node, 1)
    if node.head in _TOTAL:
        return Expression("derivative", (_spelled(node.args[0], roles, by), symbol(by)), "operator", node.span)
    if node.head == "derivative":
        return replace(node, args=(_spelled(node.args[0], roles, by), *[symbol(by)] * len(node.args[1:])))
    if node.head not in _PLAIN and not (node.head == "apply" and len(node.args) == 1):
        raise _Unfit
    return replace(node, args=tuple(_spelled(one, roles, by) for one in node.args))


def _applied(name: str, node: Expression, place: Expression, order: int = 0) -> Expression:
    return Expression("apply", (node,), (name, order, None), place.span)


def _name(node: Expression) -> str:
    """The name that is all of an expression, or nothing."""
    return str(node.data) if node.head in _LETTERS and not node.args else ""


def _names(side: Expression) -> set[str]:
    return {str(node.data) for node in side.walk() if node.head == "call" or _name(node)}
