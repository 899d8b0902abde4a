"""What sentences say beside the derivation: a false formula is asked about where the words are not understood."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.checkers.comparing.verdicts import Verdict
from truestep.checkers.documents.plain_words import concludes, explains, is_property, says_plainly, sets_apart
from truestep.checkers.documents.words import commits, first_clause
from truestep.checkers.works.claim import USUAL, Claim
from truestep.checkers.works.equations import unknowns
from truestep.checkers.works.said.settled import is_value
from truestep.derivations.language import case_words, optimum_words
from truestep.derivations.language.phrases.ends import SENTENCE
from truestep.derivations.meaning.calculus import strip_groups

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Sequence

    from truestep.checkers.documents.work import Row
    from truestep.checkers.works.answer import Final
    from truestep.checkers.works.chain_steps import Answered, LineVerdict
    from truestep.checkers.works.grouping import Group
    from truestep.checkers.works.lines import Lines
    from truestep.derivations.language.expression import Expression

IF_SUPPOSED = Verdict("undecided", reason="whether this is said under what its sentence supposes is not clear")
UNCLEAR = Verdict(
    "undecided", reason="this is not so in general, and whether its sentence says that it is, is not clear"
)

CASES_IN_WORDS = Verdict("undecided", reason="whether the words behind the answer say its other cases is not clear")
OTHER_ANSWER = Verdict("undecided", reason="the work gives what is asked, and a sentence says something else of it")


def quiet(verdict: LineVerdict, outcome: Verdict) -> LineVerdict:
    """A line of which nothing is judged."""
    return replace(verdict, verdict=outcome, findings=(), answers=(), posed=(), carried=False)


def with_asides(
    verdicts: Sequence[LineVerdict],
    final: Final,
    found: Sequence[Group],
    rows: Sequence[Row],
    lines: Lines,
    answered: Callable[[Sequence[Answered]], Final],
) -> tuple[list[LineVerdict], Final]:
    """The verdicts of a work, and that on its answer, where false formulas within sentences are left open.

    In a work that ends rightly that is what is said of a given, and nothing rests on: it may be said of a case that the
    words describe, unless they say that it follows or defines. Elsewhere a false formula is asked about where not all
    words about it are understood: those of its sentence before a derivative, of its paragraph before anything else and
    of its clause behind; if the answer would be right without it, so is the answer.
    """
    final = _by_words(final, verdicts, found, rows)
    if not any(map(_is_false, verdicts)):
        return [*verdicts], final
    unclear = list(_said_beside(verdicts, found, rows, lines))
    for left_out in ((IF_SUPPOSED,), (IF_SUPPOSED, UNCLEAR)):
        if not final.verdict.is_wrong:
            break
        clear = [verdict for verdict, outcome in zip(verdicts, unclear, strict=True) if outcome not in left_out]
        without = answered([answer for verdict in clear for answer in verdict.answers]) if any(unclear) else final
        if without.verdict.is_right:
            final = replace(without, verdict=OTHER_ANSWER) if UNCLEAR in left_out else without
    if final.verdict.is_wrong:  # what is said of a case beside the answer is left open all the same
        beside = [
            one is not None and one == IF_SUPPOSED and final.row not in group.rows
            for one, group in zip(unclear, found, strict=True)
        ]
        out = [quiet(one, IF_SUPPOSED) if is_out else one for one, is_out in zip(verdicts, beside, strict=True)]
        is_known = any(one.verdict.is_wrong for one in out) and not any(one.carried for one in out)
        return out if is_known else [*verdicts], final
    out = []
    within: Verdict | None = None
    sentence = ""
    right = {left for one in verdicts if one.verdict.is_right and not one.carried for left in lefts(one)}
    for verdict, group, outcome in zip(verdicts, found, unclear, strict=True):
        within = None if group.opens else within
        is_given, before = final.verdict.is_right and _is_false(verdict), rows[group.rows[0]].before
        is_aside = is_given and _is_aside(verdict, group, before, right, lines) and not _is_of_optimum(verdict, before)
        sentence = before if group.opens else f"{sentence} {before}"
        open_ = (within if verdict.carried or outcome else None) or outcome
        if is_aside:
            is_asked = outcome is not IF_SUPPOSED and not _may_be_beside(verdict, group, sentence, lines)
            open_ = UNCLEAR if is_asked else IF_SUPPOSED
        out.append(verdict if open_ is None else quiet(verdict, open_))
        within = within or (open_ if is_aside or outcome else None)
    return ([*verdicts] if any(verdict.carried for verdict in out) else out), final


def _by_words(final: Final, verdicts: Sequence[LineVerdict], found: Sequence[Group], rows: Sequence[Row]) -> Final:
    """Cases that do not cover the question are left open where words behind them speak of a value or of the rest."""
    is_gap = final.verdict.is_wrong and any(one.code == "missing-case" and not one.args for one in final.findings)
    if not is_gap or final.row is None or any(verdict.verdict.is_wrong for verdict in verdicts):
        return final
    behind = [v for v, group in zip(verdicts, found, strict=True) if group.inline and group.rows[0] > final.row]
    sides = [one.parts for verdict in behind if verdict.role in ("mention", "condition") for one in verdict.statements]
    said = [rows[final.row].after, *(words for row in rows[final.row + 1 :] for words in (row.before, row.after))]
    whole = " ".join((*(row.before for row in rows[: final.row + 1]), *said))
    is_rest = any(case_words.has(words, "rest", "others") for words in said)
    is_rest = is_rest or (
        case_words.has(whole, "active") and case_words.has(whole, "inactive")
    )  # both sides of a hinge
    if not (is_rest or any(len(parts) > 1 or is_value(parts[0].expression) for parts in sides)):
        return final
    findings = tuple(finding for finding in final.findings if finding.code != "missing-case")
    return replace(final, verdict=CASES_IN_WORDS, findings=findings)


def _is_case(verdict: LineVerdict, sought: Container[str], lines: Lines) -> bool:
    """Whether a formula supposes what is not so in general: that what is not sought is something else, or a value."""
    parts = [part for one in verdict.statements for part in one.parts]
    sides = [part.expression for part in parts]
    return (
        verdict.role == "condition"
        and len(sides) > 1
        and not any(side.has("unknown") or any(name in sought for name in side.names) for side in sides[:1])
        and not (parts[1].relation == "=" and lines.judged(Claim(sides[0], sides[1], USUAL)).verdict.is_right)
    )


def _is_false(verdict: LineVerdict) -> bool:
    return verdict.verdict.is_wrong or verdict.carried


def _said_beside(
    verdicts: Sequence[LineVerdict], found: Sequence[Group], rows: Sequence[Row], lines: Lines
) -> Iterator[Verdict | None]:
    """What each formula is that is false, and may be said of what the words before it tell of.

    A display ends a paragraph. What a formula supposes, in the reach of which it stands, is no word. The names of the
    functions in the givens are understood, too, and the words for a condition that was taken account of.
    """
    applied = [node for _, right in lines.setting.given for node in right.walk() if node.head == "apply"]
    functions = frozenset(str(node.data[0]) for node in applied)
    paragraph = sentence = head = ""
    cases = [_is_case(verdict, unknowns(lines.goals) | lines.unknowns, lines) for verdict in verdicts]
    supposed = {group.text.strip().rstrip(",.:;") for group, is_case in zip(found, cases, strict=True) if is_case}
    for place, (verdict, group) in enumerate(zip(verdicts, found, strict=True)):
        before = rows[group.rows[0]].before
        before = before if group.inline else before.rstrip()
        paragraph = before.rpartition("\n\n")[2] if "\n\n" in before else f"{paragraph} {before}"
        *heads, sentence = SENTENCE.split(f"{sentence} {before}")
        head = next((one for one in reversed(heads) if one.strip()), head if not heads else "")
        written = lefts(verdict)
        if written and _is_false(verdict) and verdict.role != "value" and not _is_of_optimum(verdict, paragraph):
            is_slope = all(left.head in ("derivative", "gradient") for left in written)
            is_met = any(one.condition is not None for one in verdict.statements)
            behind = itertools.takewhile(lambda k: found[k].inline and not found[k].opens, range(place + 1, len(found)))
            is_case = not supposed.isdisjoint(group.perhaps) or (group.inline and any(cases[k] for k in behind))
            is_said = sets_apart(sentence, functions) or _is_under(head, sentence, functions)
            is_apart = not is_met and (is_case or is_said)
            said = sentence if is_slope else f"{paragraph} {first_clause(rows[group.rows[-1]].after)}"
            is_plain = says_plainly(said, functions, is_met)
            is_back = any(finding.code == "recovered" for finding in verdict.findings)  # of one case it would not
            is_doubted = not (is_plain or is_back) or (group.told == "definition" and _is_valued(verdict))
            is_unclear = group.inline and is_doubted
            is_free = is_apart and not is_case and concludes(sentence)
            yield UNCLEAR if is_free else IF_SUPPOSED if is_apart else UNCLEAR if is_unclear else None
        else:
            yield None
        paragraph, head = (paragraph, head) if group.inline else ("", "")
        is_given = verdict.role == "condition" and bool(written) and not cases[place]
        sentence = " $ " if is_given and explains(before) else f"{sentence} $ "


def _is_under(head: str, sentence: str, names: Container[str]) -> bool:
    """Whether the sentence before supposes something that this one goes on with, or is a title over it."""
    if not says_plainly(sentence, names):
        return False
    is_title = not any(map(str.isalpha, sentence)) and sets_apart(head, names)
    return is_title or is_property(head.strip(" *_#\n"), names)


def _is_aside(verdict: LineVerdict, group: Group, before: str, right: Container[Expression], lines: Lines) -> bool:
    """Whether a formula is said of a given, or of a solution that the work finds elsewhere, and not as what follows."""
    names = {lines.name_of(left) for left in lefts(verdict)} - {""}
    is_solved = any(left in right for left in lefts(verdict)) and not names.isdisjoint(unknowns(lines.goals))
    is_valued = group.told == "definition" and _is_valued(verdict)  # where p = 1/2
    is_said = (not names.isdisjoint(lines.given) or is_solved) and (not commits(before) or is_valued)
    return group.inline and (group.told == "point" or (is_said and not _is_copied(verdict, names, lines)))


def _may_be_beside(verdict: LineVerdict, group: Group, sentence: str, lines: Lines) -> bool:
    """Whether a formula may be one of a case: a value, what holds at a point, or is said with a word such as "for".

    What holds for each value of a letter that no given has is none of a case of these.
    """
    is_said = case_words.has(sentence, "if", "for", "at", "unless", "only", "frame")
    if is_said or group.told in ("point", "definition") or group.example or _is_valued(verdict):
        return True
    known = frozenset[str]().union(*(side.names for pair in lines.setting.given for side in pair))
    return all(one.parts[-1].expression.names <= known for one in verdict.statements)


def _is_of_optimum(verdict: LineVerdict, words: str) -> bool:
    """Whether a false formula is one of a point that the words before it seek, or call a minimum or a maximum.

    A given that is said anew where they seek one is what is to be the largest or smallest, and no case of it.
    """
    codes = {finding.code for finding in verdict.findings}
    return "bends-otherwise" in codes or bool(
        codes & {"not-a-solution", "shape", "given-restated"} and optimum_words.has(words, "sought")
    )


def _is_copied(verdict: LineVerdict, names: set[str], lines: Lines) -> bool:
    """Whether a formula is made of what the given itself is made of: the given, miscopied, and no case of it."""
    rights = [right for left, right in lines.setting.given if lines.name_of(left) in names]
    ends = [one.parts[-1].expression for one in verdict.statements]
    return any(right.names and right.names == end.names for right in rights for end in ends)


def _is_valued(verdict: LineVerdict) -> bool:
    return all(is_value(one.parts[-1].expression) for one in verdict.statements)


def lefts(verdict: LineVerdict) -> list[Expression]:
    """The left sides that a line writes."""
    return [strip_groups(one.parts[0].expression) for one in verdict.statements if not one.parts[0].relation]
