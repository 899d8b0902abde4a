"""The whole way from rows of work to a check record."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from msgspec.json import encode

from truestep.checkers.comparing.lending import lent
from truestep.checkers.comparing.verdicts import undecided
from truestep.checkers.comparing.world import World
from truestep.checkers.documents.cases import conditioned
from truestep.checkers.documents.formats import read_text
from truestep.checkers.form import answer_rules
from truestep.checkers.form.merits import merits
from truestep.checkers.kinds.counts import sums_alone
from truestep.checkers.kinds.dispatch import check_kind
from truestep.checkers.kinds.inequality_answers import check_inequalities
from truestep.checkers.remembering.precedents import Remembering, Unsure
from truestep.checkers.works import granting
from truestep.checkers.works.alternatives import conventions
from truestep.checkers.works.answer import Final, conforming, final_answer
from truestep.checkers.works.asides import with_asides
from truestep.checkers.works.bench import Bench
from truestep.checkers.works.carrying import Carrying, read_earlier
from truestep.checkers.works.cases import layouts
from truestep.checkers.works.cases.beside import with_others_meant
from truestep.checkers.works.cases.code_beside import with_code
from truestep.checkers.works.cases.doubted import with_doubts
from truestep.checkers.works.cases.ending import docked, told_in_words, unread_behind
from truestep.checkers.works.cases.kinks import kinks, with_sides
from truestep.checkers.works.cases.unsure import is_known, may_be_unsure, with_unsure
from truestep.checkers.works.chain_steps import Answered, LineVerdict
from truestep.checkers.works.claim import Claim
from truestep.checkers.works.conditions import unsaid_cases
from truestep.checkers.works.equations import announced
from truestep.checkers.works.grouping import Group, left_names, within
from truestep.checkers.works.lines import Lines
from truestep.checkers.works.names.anew import with_numbered
from truestep.checkers.works.names.arbitrary import arbitrary_names, with_claims
from truestep.checkers.works.names.models import without_models
from truestep.checkers.works.names.numbers import at_numbers, is_numbered_mean, without_means
from truestep.checkers.works.names.reading import named_groups
from truestep.checkers.works.names.stacks import said_members
from truestep.checkers.works.recording import Recording, unjudged
from truestep.checkers.works.said.beside import with_words
from truestep.checkers.works.sentences import judged_in_text
from truestep.checkers.works.solving.references import judged_references
from truestep.checkers.works.solving.solutions import with_solutions
from truestep.checkers.works.solving.systems import with_multipliers
from truestep.derivations.language import case_words
from truestep.derivations.language.faults import StatementFault, quoted
from truestep.derivations.language.latex.decimal_commas import writes_commas
from truestep.derivations.language.liberties import Reading
from truestep.derivations.language.writing import latex
from truestep.derivations.meaning.effort import TooLarge
from truestep.problems.kinds.affine import collected_names, with_collected
from truestep.problems.kinds.layer_sizes import with_count
from truestep.problems.kinds.shape_references import known_sizes
from truestep.problems.statements.idle import with_argument, without_idle
from truestep.problems.statements.prepared import TOO_DEEP, Setting, setting_of
from truestep.problems.statements.statement import usable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager

    from truestep.checkers.documents.work import Row, Work
    from truestep.checkers.remembering.precedents import Precedents
    from truestep.checkers.works.carrying import Earlier
    from truestep.checkers.works.claim import Doubt, Result
    from truestep.derivations.language.expression import Expression
    from truestep.derivations.language.latex.macros import Macro
    from truestep.problems.statements.problem import Problem


def examine(
    work: Work,
    problem: Problem,
    earlier: Sequence[Earlier] = (),
    is_diagnosed: bool = True,
    precedents: Precedents | None = None,
) -> dict[str, Any]:
    """The check record (without its id) of a work; what rests on a wrong ``earlier`` part is carried.

    With ``precedents`` the record is the same, and rows that were decided before are not judged again.

    Beside the fields of the record, ``shown`` says where each expression of ``must_show`` stands. What is not
    ``is_diagnosed`` has no names of mistakes, and the same verdicts.

    Raises StatementFault where the problem cannot be used.
    """
    record = _record(work, problem, earlier, is_diagnosed, precedents)
    if work.code and record["verdict"] == "right":

        def judged(block: Row) -> dict[str, Any]:
            return _record(read_text(block.text, "txt", names=problem.symbols), problem, (), False, None)

        record = with_code(record, work, judged)
    if work.unseen:
        record["passed_over"] = [
            *record.get("passed_over", ()),
            *({"text": row.text, "source": row.source, "reason": f"not seen: {row.told}"} for row in work.unseen),
        ]
    return record


def _record(
    work: Work, problem: Problem, earlier: Sequence[Earlier], is_diagnosed: bool, precedents: Precedents | None
) -> dict[str, Any]:
    macros = {macro.name: macro for macro in work.macros}
    if problem.kind == "shape":
        with prepared(problem):
            pass  # a statement that cannot be used is refused
    record = check_kind([row.text for row in work.rows], problem, macros)
    if record is None:
        rows = conditioned(work)

        def examined(rows: Sequence[Row], known: Precedents | None = None) -> dict[str, Any]:
            return _examined(rows, problem, macros, earlier, is_diagnosed, known)

        try:
            return check_inequalities(rows, problem, examined) or examined(rows, precedents)
        except TooLarge as fault:
            return unjudged(rows, "size", fault.message)
    for line in record["lines"]:
        row = work.rows[line["line"]]
        line |= {"text": row.text, "source": row.source}
    return record


_MADE = re.compile(r"(?<![<>!])=.*(?:\\(?:sum|prod|frac|cdot|odot)|[+*^(])")


def _tells(row: Row) -> bool:
    """Whether a formula in a sentence defines something, or may: one that supposes a number or a name says nothing."""
    return row.told == "definition" or (
        row.inline and row.told in ("", "condition") and _MADE.search(row.text) is not None
    )


def _examined(
    rows: Sequence[Row],
    problem: Problem,
    macros: Mapping[str, Macro],
    earlier: Sequence[Earlier],
    is_diagnosed: bool,
    precedents: Precedents | None,
) -> dict[str, Any]:
    """The record of a work that is judged line by line."""
    texts = [row.text for row in rows]
    told = [*(row.text for row in rows if _tells(row)), *said_members(rows)]
    problem = with_argument(without_idle(problem, texts, told), texts)
    into = collected_names(problem)
    problem = with_collected(with_count(problem))
    if problem.kind == "count":
        alone = sums_alone([row.text for row in rows], known_sizes(problem))
        rows = [replace(row, text=text) for row, text in zip(rows, alone, strict=True)]
    for known in (precedents, None):
        with prepared(problem) as world, suppress(*(TooLarge, Unsure) if known is not None else ()):
            setting = world.setting
            if macros:
                setting = replace(setting, context=setting.context_with(macros))
            return _judged(rows, problem, setting, Bench(world), into, earlier, is_diagnosed, known)
    raise AssertionError("without precedents all is judged")


def _judged(
    rows: Sequence[Row],
    problem: Problem,
    setting: Setting,
    bench: Bench,
    into: frozenset[str],
    earlier: Sequence[Earlier],
    is_diagnosed: bool,
    precedents: Precedents | None,
) -> dict[str, Any]:
    """The record.  Raises Unsure where without precedents it might not be the same."""
    known = None if precedents is None else precedents.known
    if precedents is not None:
        precedents.bounded()
    found, setting = named_groups(rows, setting, precedents)
    says_sums = case_words.says_sums(" ; ".join(row.before for row in rows))
    usual = conventions(setting.problem, says_sums, setting.notation.units, writes_commas(row.text for row in rows))
    bench.arbitrary, bench.lefts = arbitrary_names(found, rows, setting.context, known), left_names(found)
    found = with_sides(with_claims(found, rows, bench.arbitrary), rows)
    about = (encode(problem), setting.context, len(usual), *bench.arbitrary.items())
    remembering = Remembering(precedents, bench, about)
    carrying = Carrying(bench.world.setting, bench.world.counts, bench.scope.arena.effort, remembering)

    said: dict[Expression, Result] = {}  # what names were introduced as

    posed: frozenset[Expression] = frozenset()
    numeric: Mapping[int, LineVerdict] = {}

    def judged(settled: Mapping[int, Doubt]) -> tuple[Lines, list[LineVerdict]]:
        lines = Lines(setting, bench, carrying, read_earlier(earlier, setting))
        lines.settled, lines.lefts, lines.announced, lines.numeric = settled, bench.lefts, posed, numeric
        lines.conventions = usual
        out = [remembering.judged(_in_time, lines, found, place) for place in range(len(found))]
        said.update({result.left: result for result in lines.work.results.values() if result.named})
        return lines, out

    lines, verdicts = judged({})
    if layout := layouts.other_convention(bench, verdicts, setting.problem):
        if precedents is not None:
            raise Unsure
        usual = tuple(replace(one, layout=layout) for one in usual)
        lines, verdicts = judged({})
    if (anew := with_numbered(found, verdicts, setting)) != found:
        found, bench.introduced, bench.meant = anew, {}, {}
        said.clear()
        lines, verdicts = judged({})
    codes = {finding.code for verdict in verdicts for finding in verdict.findings}
    is_false = any(one.verdict.is_wrong for one in verdicts)
    barred = is_false and without_means(bench.introduced, bench.meant)
    if bench.uncounted() or barred or (bench.introduced and "unknown-name" in codes):
        lines, verdicts = judged({})  # a name that is introduced only further down
    posed = announced([one.statements for one in verdicts]) if any(one.verdict.is_wrong for one in verdicts) else posed
    numeric = at_numbers(found, verdicts, setting, carrying, [*said.values()], bench)
    if posed or numeric:
        lines, verdicts = judged({})
    without_means(bench.introduced, bench.meant)  # what is asked is asked in general
    for left in [left for left, result in said.items() if is_numbered_mean(left, result.right)]:
        del said[left]
    at_rows = [rows[group.rows[0]] for group in found]

    def at_solutions() -> list[LineVerdict]:
        return with_solutions(verdicts, setting, bench, carrying, [*said.values()], at_rows)

    solved = at_solutions()
    if lines.doubts and (settled := granting.settled(found, solved, lines.doubts, setting.given)):
        lines, verdicts = judged(settled)
        solved = at_solutions()
    cases, unsure = unsaid_cases(
        [_unless_general(one, rows, k) for one, k in zip(solved, found, strict=True)],
        bench.judge,
        kinks(setting.given),
        [row.before for row in at_rows],
    )
    if cases:
        said_by = {place: latex(case, setting.notation) for place, case in cases.items() if place not in unsure}
        found = [within(one, said_by[k], setting.context) if k in said_by else one for k, one in enumerate(found)]
        lines, verdicts = judged({})
        solved = at_solutions()
        solved = [granting.in_case(one, found[k]) if k in said_by else one for k, one in enumerate(solved)]
        open_ = {k: granting.asked(replace(solved[k], findings=()), "the rest of the cases") for k in unsure}
        solved = [open_.get(k, one) for k, one in enumerate(solved)]
    solved = without_models(solved, setting, bench)
    usually = bench.scope_for(Reading())
    verdicts = [granting.of_customs(one, usually) if one.verdict.is_wrong else one for one in solved]

    def answered(answers: Sequence[Answered]) -> Final:
        final = final_answer(setting, bench, answers, lines.rounding)
        final = conforming(_introduced(final, lines, setting, bench), setting)
        final = told_in_words(_said_what(final, verdicts, into, setting), rows)
        return unread_behind(final, verdicts, found)

    final = answered([answer for verdict in verdicts for answer in verdict.answers])
    if final.verdict.is_right:
        verdicts = with_others_meant(verdicts, final, setting.find, bench)
    verdicts, final = with_asides(verdicts, final, found, rows, lines, answered)
    final = with_doubts(final, verdicts, found, rows, answered)
    verdicts = with_others_meant(verdicts, final, setting.find, bench)
    verdicts = docked(with_words(verdicts, at_rows, lines), found, final)
    is_wrong = final.verdict.is_wrong or any(one.verdict.is_wrong for one in verdicts)
    if is_wrong and (is_diagnosed or may_be_unsure(verdicts, final, found)):
        from truestep.checkers.mistakes.naming import named, with_reason

        told = named(setting, bench, found, verdicts, lines.work.results.values(), remembering.recalled)
        ended = with_reason(setting, bench, found, told, final)
        if is_diagnosed or not is_known(told, ended):
            verdicts, final = with_unsure(told, ended, found)
    verdicts = layouts.layouts_said(verdicts, bench, problem)
    verdicts = layouts.other_layout(verdicts, bench) if layout else verdicts
    shown, texts = answer_rules.shown(setting, verdicts), [row.text for row in rows]
    further = answer_rules.broken(setting, bench, verdicts, final, texts, shown, remembering)
    worth = merits(setting, found, verdicts, final)
    remembering.hold()
    remembering.done()
    recording = Recording(rows, found, verdicts, setting.notation, problem, worth, remembering.written)
    record = recording.record(final, further, shown)
    return {**record, "limits": "size"} if bench.scope.arena.effort.is_over else record


def _in_time(lines: Lines, found: Sequence[Group], place: int) -> LineVerdict:
    """The verdict on a group; one that is too large to be judged leaves the others theirs."""
    try:
        return judged_in_text(lines, found, place)
    except TooLarge as fault:
        return LineVerdict(undecided(fault.message))
    except RecursionError:
        return LineVerdict(undecided("this is nested too deeply to be decided"))


def _unless_general(verdict: LineVerdict, rows: Sequence[Row], group: Group) -> LineVerdict:
    """A verdict, as that on nothing where the words before the line say that it is meant of all cases."""
    return LineVerdict(verdict.verdict) if case_words.has(rows[group.rows[0]].before, "whole") else verdict


def _introduced(final: Final, lines: Lines, setting: Setting, bench: Bench) -> Final:
    """Where nothing is asked by name, the last name that a work introduces may stand for its answer: ``A = ...``."""
    named = [result for result in lines.work.results.values() if result.named]
    if final.chosen or setting.find or len(setting.answer) != 1 or not named:
        return final
    claim = Claim(setting.answer[0], named[-1].right, named[-1].reading, None, named[-1].row)
    answered = Answered(**vars(claim), judgement=bench.judge(claim, lines.rounding))
    found = final_answer(setting, bench, [answered], lines.rounding)
    return found if found.verdict.is_right else final


def _said_what(final: Final, verdicts: Sequence[LineVerdict], into: frozenset[str], setting: Setting) -> Final:
    """An answer in names of its own says nothing where no line says what these are."""
    answers = [answer for verdict in verdicts for answer in verdict.answers]
    said = {str(answer.left.data) for answer in answers if answer.left.head == "symbol"}
    if not final.verdict.is_right or not into - said:
        return final
    whole = [answer.right for answer in answers if answer.left in setting.find]
    if any(not into & {node.data for node in right.walk() if node.head == "symbol"} for right in whole):
        return final
    return replace(final, verdict=undecided(f"what {' and '.join(sorted(into - said))} is, no line says"))


def prepared(problem: Problem) -> AbstractContextManager[World]:
    """The world of a problem, if it can be used, lent to one work at a time, and then as new for the next one."""
    return lent(problem, _prepared)


def _prepared(problem: Problem) -> World:
    setting = with_multipliers(Bench(World(setting_of(usable(problem)))))
    world = World(setting)
    mark = world.arena.mark()
    try:
        _refuse_false_references(world)
    except RecursionError:
        raise StatementFault(TOO_DEEP) from None
    if setting.problem.slips:
        from truestep.checkers.mistakes.authored import authored

        authored(setting.problem)  # a slip that cannot be read is the author's fault too
    world = World(setting) if world.counts else world.renewed(mark)
    Bench(world)
    return world


def _refuse_false_references(world: World) -> None:
    """A reference answer that is not what the givens make of the question is the author's fault."""
    for place, _, judgement in judged_references(world):
        if judgement.verdict.is_wrong:
            text = world.setting.problem.answer[place]
            raise StatementFault(
                f"{quoted(text)} is not what given and find make of it; mend one of them", key="answer", entry=text
            )
