"""Conditions of claims: said of two indices in words, of the rest, of a quantity, or not understood."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.checkers.comparing.domains import is_unmet
from truestep.checkers.comparing.verdicts import Verdict
from truestep.checkers.works.cases.kinks import may_mean, of_hinge, side_said
from truestep.derivations.language import case_words
from truestep.derivations.language.expression import BINDING, Expression, free_indices
from truestep.derivations.language.reading.conditions import negated
from truestep.derivations.meaning.calculus import strip_groups
from truestep.problems.statements.assumptions import quantity_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from truestep.checkers.works.chain_steps import Answered, LineVerdict, Steps, Work
    from truestep.checkers.works.claim import Judgement
    from truestep.derivations.language.reading.chains import Statement

NOT_UNDERSTOOD = Verdict("undecided", reason="the condition that this is said to hold under is not understood")
UNREAD = Expression("unread")


def conditioned(statement: Statement, work: Work, given: Sequence[tuple[Expression, Expression]]) -> Statement:
    """The statement with its condition in letters, whatever its words, and with those before it excluded."""
    left = statement.parts[0].expression if not statement.parts[0].relation else work.left
    statement = in_letters(statement, free_indices(left) if left is not None else frozenset())
    statement = _of_bend(statement, given)
    if statement.condition is None:
        return statement
    condition, work.cases = rest_of(statement.condition, work.cases)
    return replace(statement, condition=condition)


def _of_bend(statement: Statement, given: Sequence[tuple[Expression, Expression]]) -> Statement:
    """The statement under what words such as "if the hinge is active" say of the one hinge that is given."""
    words = statement.condition
    side = case_words.said_of_bend(str(words.data)) if words is not None and words.head == "unread" else ""
    hinge = of_hinge(given) if side else None
    letters = frozenset[str]().union(*(free_indices(part.expression) for part in statement.parts))
    if hinge is None or free_indices(hinge) - letters:
        return statement
    return replace(statement, condition=hinge if side == ">" else negated(hinge))


def under_condition(lines: Steps, statement: Statement, judged: Callable[[Statement], LineVerdict]) -> LineVerdict:
    """The verdict on a statement; what no point of the models meets holds in a world of its own.

    One under a condition that is not understood is not refuted; a row that goes on from one with a condition is read
    under that where it is false in general.
    """
    if not statement.parts[0].relation:
        lines.work.under = statement.condition
    elif statement.condition is None and lines.work.under is not None:
        before, result = lines.work.copy(), judged(statement)
        if not result.verdict.is_wrong:
            return result
        if before.under == UNREAD:
            lines.work = before
            return _opened(result)
        after, lines.work = lines.work, before
        within = judged(replace(statement, condition=before.under))
        if within.verdict.is_right and not within.carried:
            return within
        lines.work = after
        return result
    whole, known = statement.condition, understood(statement.condition)
    parts = known.args if known is not None and known.head == "and" else (known,) if known is not None else ()
    unmet = [one for one in parts if is_unmet(one, lines.setting)]
    there = (
        lines.carrying.where(unmet, lines.work.results.values())
        if unmet and not _varies(lines, statement, unmet)
        else None
    )
    met = [one for one in parts if one not in unmet]
    rest = Expression("and", tuple(met)) if len(met) > 1 else met[0] if met else None
    before, here = lines.work.copy(), lines.bench
    if known == whole and not unmet:
        result = judged(statement)
        is_sized = whole is not None and whole.has("size") and any(one.code == "shape" for one in result.findings)
        lines.work = before if is_sized else lines.work
        return _opened(result) if is_sized else result
    lines.bench = there or here
    result = judged(replace(statement, condition=rest))
    lines.bench = here
    if known == whole and there is not None:
        return replace(result, answers=tuple(replace(one, condition=whole) for one in result.answers), posed=())
    if not result.verdict.is_wrong:
        return result
    before.left, before.lost = lines.work.left, lines.work.lost
    lines.work = before
    opened = _opened(result)
    return replace(opened, answers=tuple(replace(one, condition=whole) for one in opened.answers))


def in_row(
    lines: Steps, row: Sequence[Statement], place: int, judged: Callable[[Statement], LineVerdict]
) -> LineVerdict:
    """The verdict on a statement of a row; the condition behind the last one is that of all, but where it hinders."""
    before, statement = lines.work.copy(), row[place]
    if statement.condition is None and row[-1].condition is not None:
        within = under_condition(lines, replace(statement, condition=row[-1].condition), judged)
        if within.verdict.is_right:
            return within
        lines.work = before.copy()
        result = under_condition(lines, statement, judged)
        return within if result.verdict.is_wrong else result
    return under_condition(lines, statement, judged)


def _opened(result: LineVerdict) -> LineVerdict:
    """A false line under a condition that is not understood."""
    answers = (replace(one, judgement=replace(one.judgement, verdict=NOT_UNDERSTOOD)) for one in result.answers)
    return replace(result, verdict=NOT_UNDERSTOOD, findings=(), answers=tuple(answers))


def _varies(lines: Steps, statement: Statement, unmet: Sequence[Expression]) -> bool:
    """Whether what a condition fixes is given or differentiated by, or one says only what a quantity is not."""
    fixed = {strip_groups(one.args[0]) for one in unmet}
    made = {node for left in fixed if left.head not in ("symbol", "member") for node in left.walk()}
    if any(found[0] in lines.given for node in fixed if (found := quantity_of(node, lines.setting.notation))):
        return True
    nodes = (node for part in statement.parts for node in part.expression.walk())
    variables = {strip_groups(by) for node in nodes if node.head in ("derivative", "gradient") for by in node.args[1:]}
    return bool((fixed | made) & variables) or any(one.data == "!=" for one in unmet)


def in_letters(statement: Statement, letters: frozenset[str]) -> Statement:
    """The statement with what words say of the two indices as a relation of the two letters on its left."""
    if not any(node.has("indices") for node in statement.nodes):
        return statement
    pair = tuple(Expression("index", (), letter) for letter in sorted(letters))

    def said(node: Expression) -> Expression:
        if node.head != "indices":
            return node
        return Expression("relation", pair, node.data, node.span) if len(pair) == 2 else replace(UNREAD, span=node.span)

    parts = tuple(replace(part, expression=part.expression.map(said)) for part in statement.parts)
    condition = None if statement.condition is None else statement.condition.map(said)
    return replace(statement, parts=parts, condition=condition)


def rest_of(condition: Expression, before: Sequence[Expression]) -> tuple[Expression, tuple[Expression, ...]]:
    """A condition with "otherwise" as what excludes those before it, and the conditions that later ones exclude.

    >>> i, j = Expression("index", (), "i"), Expression("index", (), "j")
    >>> rest_of(Expression("otherwise"), [Expression("relation", (i, j), "=")])[0].data
    '!='
    """
    if before and before[-1].head == "otherwise":  # what follows the rest are new cases
        before = before[:-1] if condition.head == "otherwise" else ()
    if any(negated(one) in before for one in before):  # nothing is left of those: the cases are new ones
        before = ()
    if condition.head != "otherwise":
        alike = tuple(one for one in before if names_of(one) == names_of(condition) and one != condition)
        return condition, (*alike, condition) if _is_plain(condition) else tuple(before)
    if not before:
        return UNREAD, ()
    rest = [negated(one) for one in before]
    whole = rest[0] if len(rest) == 1 else Expression("and", tuple(rest), None, condition.span)
    return whole, (*before, condition)


def understood(condition: Expression | None) -> Expression | None:
    """What of a condition is understood; None where nothing is."""
    if condition is None or condition.head in ("unread", "indices", "otherwise"):
        return None
    if condition.head != "and":
        return condition if _is_plain(condition) else None
    known = [one for arg in condition.args if (one := understood(arg)) is not None]
    if len(known) == len(condition.args):
        return condition
    return Expression("and", tuple(known), None, condition.span) if len(known) > 1 else known[0] if known else None


def is_supposed(verdict: LineVerdict) -> bool:
    """Whether a line is said under a condition that is not understood, or on sizes, of which only some are tried."""
    said = [one.condition for one in verdict.statements if one.condition is not None]
    return any(not _is_plain(condition) or condition.has("size") for condition in said)


def supposed(verdict: LineVerdict) -> LineVerdict:
    """A line as one that is said under a condition that is not understood."""
    return replace(verdict, statements=tuple(replace(one, condition=UNREAD) for one in verdict.statements))


def _is_plain(condition: Expression) -> bool:
    return not condition.has("unread", "indices", "otherwise")


def names_of(condition: Expression) -> set[str]:
    """The letters that a condition is on."""
    return {str(node.data) for node in condition.walk() if node.head in ("index", "symbol", "unknown", "member")}


def in_scope(statement: Statement) -> Statement:
    """The statement without a condition on a letter that is only that of a sum in it."""
    if statement.condition is None:
        return statement
    sides = [part.expression for part in statement.parts]
    free = frozenset[str]().union(*map(free_indices, sides))
    bound = {name for side in sides for node in side.walk() if node.head in BINDING for name in node.data}
    is_other = bool(free_indices(statement.condition) & bound - free)
    return replace(statement, condition=None) if is_other else statement


def with_letters(statement: Statement, sizes: frozenset[str]) -> Statement:
    r"""The statement in which a size that is a free index is that index in conditions, too: ``\mathbf 1[b = n]``."""
    free = sizes and frozenset[str]().union(*(free_indices(part.expression) for part in statement.parts)) & sizes
    if not free:
        return statement

    def renamed(node: Expression) -> Expression:
        if node.head not in ("relation", "kronecker"):
            return node
        args = (replace(arg, head="index") if arg.head == "size" and arg.data in free else arg for arg in node.args)
        return node.of(tuple(args))

    parts = tuple(replace(part, expression=part.expression.map(renamed)) for part in statement.parts)
    return replace(statement, parts=parts)


def unsaid_cases(
    verdicts: Sequence[LineVerdict],
    judged: Callable[[Answered], Judgement],
    bends: Sequence[Expression] = (),
    words: Sequence[str] = (),
) -> tuple[dict[int, Expression], set[int]]:
    """By its place the case in which a line is true that no word tells: where another line has the rest of the cases.

    What is true in one case alone, beside nothing else, is false. The lines of the second part may be meant of all
    cases: they stand beside one that says its own, or beside all that are said, and suppose nothing. What is given
    ``bends`` between some cases; there the ``words`` before the lines have to speak of a side, or of the rest, and of
    no other one.
    """
    lines: dict[Expression, list[tuple[int, Sequence[Answered]]]] = {}
    for place, verdict in enumerate(verdicts):
        if verdict.answers and len(verdict.statements) == 1:
            lines.setdefault(strip_groups(verdict.answers[0].left), []).append((place, verdict.answers))
    out, asked = dict[int, Expression](), set[int]()
    for left, same in lines.items() if any(_is_unsaid(one, one.answers) for one in verdicts) else ():
        pair = [Expression("index", (), letter) for letter in sorted(free_indices(left))]
        own = [Expression("relation", tuple(pair), "=")] if len(pair) == 2 else []
        on_diagonal = [line for two in (pair, pair[::-1]) if own for line in lines.get(merged(left, *two), ())]
        if len(same) < 2 and not any(verdicts[place].verdict.is_right for place, _ in on_diagonal):  # a case alone
            continue
        told = [one.condition for place, answers in same if verdicts[place].verdict.is_right for one in answers]
        stated = [one for one in dict.fromkeys(told) if one is not None and _is_plain(one)]
        stated += [case for case in own if case not in stated and on_diagonal]
        open_ones = [(place, answers) for place, answers in same if _is_unsaid(verdicts[place], answers)]
        unsaid = [(place, answers) for place, answers in open_ones if not (own and _tells_cases(answers, pair))]
        if not unsaid:
            continue
        is_alone = len(unsaid) == 1 and _is_false(verdicts[unsaid[0][0]], unsaid[0][1])
        for case in [*own, *stated, *bends]:
            rest = negated(case)
            if is_alone and case not in stated and rest not in stated:  # what is false is not true in either case
                continue
            is_bend = case in bends
            here, there = (
                [
                    place
                    for place, them in unsaid
                    if not (is_bend and not may_mean(one, words[place])) and _holds(them, one, judged)
                ]
                for one in (case, rest)
            )
            if not here and case not in stated:
                continue
            if there or rest in stated:
                out |= dict.fromkeys(here, case) | dict.fromkeys(there, rest)
                is_said = case not in own or (case in stated and rest in stated)
                open_ = {k for k in (*here, *there) if is_said and (is_bend or verdicts[k].verdict.is_wrong)}
                asked |= {k for k in open_ if not (is_bend and _speaks_of_case(words[k]))}
                break
    for place in sorted(out, reverse=True):  # the chain that goes on in a case began in it
        while place and _goes_on(verdicts[place]) and place - 1 not in out and _is_open(verdicts[place - 1]):
            out[place - 1], place = out[place], place - 1
    return out, asked


def _goes_on(verdict: LineVerdict) -> bool:
    return len(verdict.statements) == 1 and bool(verdict.statements[0].parts[0].relation)


def _is_open(verdict: LineVerdict) -> bool:
    return bool(verdict.answers) and len(verdict.statements) == 1 and _is_unsaid(verdict, verdict.answers)


def _tells_cases(answers: Sequence[Answered], pair: Sequence[Expression]) -> bool:
    """Whether the Kronecker delta of two letters stands in a line, which then speaks of both cases."""
    deltas = (node for one in answers for node in one.right.walk() if node.head == "kronecker")
    return any(set(pair) <= set(node.args) for node in deltas)


def merged(left: Expression, letter: Expression, into: Expression) -> Expression:
    """A left side with one letter for another: as it is where both are the same."""
    return left.map(lambda node: into if node.head == "index" and node.data == letter.data else node)


def _speaks_of_case(before: str) -> bool:
    return bool(side_said(before)) or case_words.has(before, "rest")


def _is_unsaid(verdict: LineVerdict, answers: Sequence[Answered]) -> bool:
    is_open = verdict.verdict.is_wrong or verdict.verdict == NOT_UNDERSTOOD
    return (is_open or verdict.carried) and all(
        one.condition is None or not _is_plain(one.condition) for one in answers
    )


def _is_false(verdict: LineVerdict, answers: Sequence[Answered]) -> bool:
    return verdict.verdict.is_wrong and all(one.condition is None for one in answers)


def _holds(answers: Sequence[Answered], case: Expression, judged: Callable[[Answered], Judgement]) -> bool:
    return all(judged(replace(one, condition=case)).verdict.is_right for one in answers)
