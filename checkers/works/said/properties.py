r"""What sentences say that a quantity is: "the derivative is always positive", "which is a scalar", "twice $X^T r$".

A claim is refuted where it holds at no point; one that says "always" of the one variable alone, where it does not
hold somewhere.
"""

from __future__ import annotations

import itertools
import re
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from truestep.checkers.comparing.verdicts import Verdict
from truestep.checkers.documents.words import equates, orders
from truestep.checkers.documents.work import Row
from truestep.checkers.works.asides import UNCLEAR, quiet
from truestep.checkers.works.chain_steps import LineVerdict
from truestep.checkers.works.claim import Claim
from truestep.checkers.works.said.deciding import Deciding, Spoken, only_leaf, read_in
from truestep.checkers.works.said.named_properties import FALSE, MADE, TRUE
from truestep.checkers.works.said.settled import is_value
from truestep.derivations.language import property_words
from truestep.derivations.language.expression import Expression, grouped, negative, number
from truestep.derivations.language.faults import Fault
from truestep.derivations.language.finding import Finding
from truestep.derivations.language.phrases.ends import SENTENCE
from truestep.derivations.language.property_words import CLOSE, OPEN, PARTS
from truestep.derivations.meaning.calculus import strip_groups

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from truestep.checkers.works.lines import Lines
    from truestep.derivations.language.property_words import Property

LONGEST, MOST_SENTENCES, MOST_STEPS = 600, 120, 400_000
_MARKS = re.compile(r"[*_~#$\0]+|\\(?:textbf|emph|textit|text|item|quad|,)(?![A-Za-z])|[{}]")
_BREAKS = re.compile(
    r"\\(?:begin|end)\s*\{[^{}]*\}(?:\[[^\]]*\])?"
    r"|\\(?:item|caption|footnote|par|section)(?![A-Za-z])|\n[ \t]*[-*+][ \t]"
)
ARROW = re.compile(r"\\(?:to|rightarrow|longrightarrow)(?![A-Za-z])|→")
_SIGNS = {"<": "<", ">": ">", "<=": "<=", ">=": ">="}
_SIGNED = ("", "bends ", "extreme ", "grows ")
_OF_ANY = frozenset(
    (*(f"{kind}{sign}" for kind in _SIGNED for sign in "<>"), "largest", "smallest", "odd", "even", "tends")
)
_LOOSE = "it", ""
PLACES = re.compile(rf"{OPEN}(\d+){CLOSE}")
OF_FUNCTIONS = frozenset(("bends", "grows", "odd", "even", "linear", "constant", "monotone"))


class _Subject(NamedTuple):
    """What a claim is about, and the line at which that is said."""

    node: Expression
    place: int


def with_properties(verdicts: Sequence[LineVerdict], rows: Sequence[Row], lines: Lines) -> list[LineVerdict]:
    """The verdicts, wrong where a sentence about a line, or about what is asked, says what is not so."""
    out, told, subject, last = [*verdicts], verdicts, None, ""
    for sentence, before in itertools.islice(marked_sentences(rows), MOST_SENTENCES):
        subject = subject if subject is not None and subject.place == before else None
        nearby, last = list(map(int, PLACES.findall(f"{last} {sentence}"))), sentence
        found = property_words.properties(sentence)
        if not found:
            sentence, numbers = property_words.with_numbers(sentence, len(verdicts))
            found = property_words.properties(sentence) if numbers else found
            if numbers or told is not verdicts:
                told = [*verdicts, *[LineVerdict(Verdict("not_checked"))] * len(numbers)]
                rows = [*rows[: len(verdicts)], *(Row(text, 0, 0) for text in numbers)]
        is_named = False  # whether a noun of the sentence says what a pronoun behind it means
        for said in found:
            subject = _spoken_of(said, subject, told, lines, before)
            at = (*said.places, said.where or 0, subject.place if subject is not None else 0)
            place = max(one for one in at if one < len(out))
            is_judged = said.kind == "1" and rows[place].said_of == "there"  # a value, as one of what stood last
            if subject is None or out[place].verdict.is_wrong or is_judged:
                continue
            nearby = [one for one in nearby if told[one].role != "condition"]
            others = [left_of(told, one, lines) for one in nearby if one < place and one != subject.place]
            is_any = said.kind in (*MADE, "zero")
            others = others if said.subject in _LOOSE and is_any and not is_named else []  # "this" may be each
            of_it = said.subject in _LOOSE and not is_named and said.where is not None
            others += [*subject.node.args[:1]] * (of_it and subject.node in lines.setting.find)  # or the function
            is_named = is_named or said.subject in property_words.NOUNS[:3]
            if said.subject in PARTS and not said.of:  # of whichever formula
                others = [_part(said, told[one], lines) for one in range(place) if one not in said.places]
            is_sure = said.subject != "unnamed"
            if not is_sure:
                others = [None] if said.is_denied else [*_nameable(said.kind, told, lines)]
            if None in others and not is_sure:
                continue
            with suppress(Fault, RecursionError):
                if all(_is_false(said, one, told, rows, lines) for one in (subject.node, *filter(None, others))):
                    open_ = replace(quiet(out[place], UNCLEAR), role="claim")
                    out[place] = said_otherwise(out[place], sentence, rows) if is_sure else open_
    return out


def _nameable(kind: str, verdicts: Sequence[LineVerdict], lines: Lines) -> Iterator[Expression | None]:
    """What a noun that is not known may name: the function, its derivative, or another left side of the work.

    What vanishes somewhere is one of the derivatives that are asked for. What has a sign is a number.
    """
    slopes = [one for one in lines.setting.find if one.head == "derivative"]
    if kind == "zero" and slopes:
        yield from slopes
        return
    judge, tops = Deciding(lines), {one.args[0] for one in slopes}
    by, is_sign = judge.variable(), kind in _SIGNS
    if (by is None and not is_sign) or len(tops) != 1 or kind not in _OF_ANY:
        yield None
        return
    top = tops.pop()
    own = slopes if by is None else [Expression("derivative", (top, by), "Leibniz", top.span)]
    lefts = (left_of(verdicts, place, lines) for place in range(len(verdicts)))
    others = (one for one in lefts if one is not None and one != by)
    each = (top, *own, *(one for one in others if one.head not in ("derivative", "gradient", "prime")))
    yield from (one for one in each if by is not None or not judge.sizes(one))


def said_otherwise(verdict: LineVerdict, sentence: str, rows: Sequence[Row]) -> LineVerdict:
    """A verdict, wrong for what its sentence says."""
    words = re.sub(rf"{OPEN}(\d+){CLOSE}", lambda one: f"${rows[int(one[1])].text.strip()}$", sentence)
    sides = [part.expression.span for one in verdict.statements for part in one.parts]
    fault = Finding("said-otherwise", sides[-1] if sides else (0, 0), {"words": " ".join(words.split())})
    wrong = Verdict("wrong", reason="what its sentence says of it is not so")
    return replace(verdict, verdict=wrong, findings=(*verdict.findings, fault), role="claim")


def marked_sentences(rows: Sequence[Row]) -> Iterator[tuple[str, int]]:
    """The sentences of a work with marks for their formulas, and the place of the last formula before each.

    One also ends where something else begins: an item, an environment, or, behind a display, a capital letter.
    """
    text, before = "", -1
    for place, row in enumerate([*rows, None]):
        last = rows[place - 1] if place else None
        words = (
            f"{row.aside}\n\n{row.before}" if row is not None and row.aside else row.before if row is not None else ""
        )
        words = last.after if row is None and last is not None else words
        is_ended = last is not None and (not last.inline or last.text.rstrip()[-1:] in tuple(".。"))
        is_new = is_ended and words.lstrip()[:1].isupper()
        first, *ended = SENTENCE.split(_MARKS.sub(" ", _BREAKS.sub("\n\n", f"\n\n{words}" if is_new else words)))
        text += first
        for one in ended:
            if text.strip() and len(text) < LONGEST:
                yield text, before
            text, before = one, place - 1
        text += f" {OPEN}{place}{CLOSE} " if row is not None else ""
    if text.strip() and len(text) < LONGEST:
        yield text, before


# what it is said of


def _spoken_of(
    said: Property, last: _Subject | None, verdicts: Sequence[LineVerdict], lines: Lines, before: int
) -> _Subject | None:
    """The subject of a claim: one of its own, that of the claim before it, or the formula before; None if not known."""
    mentioned = max((*said.of, *said.places), default=before)
    place = mentioned if mentioned >= 0 else before
    near = said.near if said.near is not None and said.near != said.where else before
    is_near = said.near in (None, said.where) or (last is not None and said.near == last.place)
    if said.subject in _LOOSE and last is not None and (is_near or said.kind == "attained"):
        return last
    if said.subject in _LOOSE:
        node = left_of(verdicts, near, lines) if near >= 0 else None
        return None if node is None else _Subject(node, near)
    if not 0 <= place < len(verdicts):
        return None
    if said.subject == "unnamed":
        return _Subject(lines.setting.find[0], place) if lines.setting.find else None
    if said.subject == "bare":
        node = left_of(verdicts, said.of[-1], lines)
        return None if node is None else _Subject(node, place)
    asked = lines.setting.find[0] if len(lines.setting.find) == 1 else None
    if said.subject == "result":
        return None if asked is None else _Subject(asked, place)
    of = [left_of(verdicts, one, lines) for one in said.of]
    if said.subject in ("norm", "size", "most", "least"):
        noun = _differentiated(said.inner, (), (), lines) if said.inner else None
        recent = last.node if last is not None else left_of(verdicts, near, lines) if near >= 0 else None
        recent = (_at_solution(lines) or recent) if said.subject in ("most", "least") else recent
        node = noun if said.inner else of[0] if of else recent
        node = node if node is None or said.subject != "norm" else Expression("norm", (node,), "", node.span)
        return None if node is None else _Subject(node, place)
    if said.subject in PARTS:
        part = _part(said, verdicts[said.of[0] if said.of else near], lines) if said.of or near >= 0 else None
        return None if part is None else _Subject(part, place)
    if said.subject == "integral":
        is_answer = verdicts[place].role == "answer" and asked is not None and asked.head == "derivative"
        whole = of[0] if of else asked.args[0] if asked is not None and is_answer else None
        return None if whole is None or (of and only_leaf(whole) is None) else _Subject(whole, place)
    by = [left_of(verdicts, one, lines) for one in said.by]
    node = _differentiated(said.subject, of, by, lines) if None not in (*of, *by) else None
    return None if node is None else _Subject(node, place)


def _at_solution(lines: Lines) -> Expression | None:
    """What is optimised at the value that the work finds for the one unknown that is asked for."""
    find, known = lines.setting.find, lines.work.last
    slopes = [one for one in (*known, *lines.setting.assumptions.stationary) if one.head in ("derivative", "gradient")]
    tops, told = {one.args[0] for one in slopes}, known.get(find[0]) if len(find) == 1 else None
    if told is None or find[0].head != "symbol" or len(tops) != 1:
        return None
    top = tops.pop()
    return Expression("at", (grouped(top), find[0], grouped(told.right)), None, top.span)


def _differentiated(
    noun: str, of: Sequence[Expression | None], by: Sequence[Expression | None], lines: Lines
) -> Expression | None:
    """The derivative that a noun names: of what is asked about, by that, where nothing else is said."""
    slopes = [one for one in lines.setting.find if one.head == "derivative" and len(one.args) == 2]
    tops = {one.args[0] for one in lines.setting.find if one.head == "derivative"}
    if noun == "slope" and not (of or by) and len(slopes) > 1 and len(tops) == 1:
        return Expression("tuple", tuple(slopes), "(", slopes[0].span)
    if noun == "function" and not of and len(slopes) > 1 and len(tops) == 1:
        return next(iter(tops))
    slopes = [one for one in slopes if len(slopes) == 1 or one.args[1:] == (*by[:1],)]
    asked = slopes[0] if len(slopes) == 1 else None
    top = of[0] if of else next(iter(tops)) if len(tops) == 1 else None
    if top is None or (noun == "function" and of):
        return None
    is_asked = asked is not None and top == asked.args[0]
    own = asked.args[1] if asked is not None and is_asked else only_leaf(top)
    variable = by[0] if by else own
    if asked is not None and is_asked and variable == asked.args[1]:
        second = Expression("derivative", (top, variable, variable), "Leibniz", asked.span)
        return {"slope": asked, "second": second, "function": top}[noun]
    is_made = own is not None and str(own.data) in lines.given  # by that, or by what it is made of
    is_bare = top.head in ("symbol", "member", "entry", "unknown") and not is_asked
    if noun != "slope" or variable is None or ((is_made or is_bare) and not by):
        return None
    return Expression("derivative", (top, variable), "Leibniz", variable.span)


def _part(said: Property, verdict: LineVerdict, lines: Lines) -> Expression | None:
    """One of the terms, or factors, of the last side of a formula."""
    if verdict.verdict.outcome not in ("right", "not_checked") or len(verdict.statements) != 1:
        return None
    whole = strip_groups(verdict.statements[0].parts[-1].expression)
    while whole.head == "sum":
        whole = strip_groups(whole.args[0])
    if whole.head != PARTS[said.subject]:
        return None
    part = whole.args[said.nth] if said.nth < len(whole.args) else None
    return None if part is None or (said.places and part.has("add")) else part  # which may be expanded first


def left_of(verdicts: Sequence[LineVerdict], place: int, lines: Lines) -> Expression | None:
    """What a formula stands for: its left side, where it is one statement under no condition."""
    verdict = verdicts[place]
    if verdict.verdict.outcome not in ("right", "not_checked", "undecided") or len(verdict.statements) != 1:
        return None
    statement = verdict.statements[0]
    if statement.condition is not None or any(one.relation not in ("", "=") for one in statement.parts):
        return None
    if statement.parts[0].relation:
        return lines.setting.find[0] if verdict.answers and len(lines.setting.find) == 1 else None
    left = strip_groups(statement.parts[0].expression)
    slopes = [
        one for one in lines.setting.find if one.head == "derivative" and left == Expression("prime", one.args[:1])
    ]
    return slopes[0] if len(slopes) == 1 and len(slopes[0].args) == 2 else left


# whether it is so


def _is_false(
    said: Property, subject: Expression, verdicts: Sequence[LineVerdict], rows: Sequence[Row], lines: Lines
) -> bool:
    place = said.of[-1] if said.of and said.kind.startswith("extreme") else said.where  # the point $x = 1$ is ...
    is_far = said.is_far or (place is not None and place >= 0 and ARROW.search(rows[place].text) is not None)
    if is_far and said.kind != "tends":
        return False
    where = where_said(verdicts, place, said.side, lines)
    if place is not None and where is None:
        with lines.bench.scope.arena.effort.aside(MOST_STEPS):
            return said.kind == "zero" and not said.is_denied and _stays(subject, verdicts[place], lines)
    point, condition = where or (None, None)
    of_bound = [said.near] if said.kind == "attained" and said.near not in (None, said.where) else []
    values = [_value(verdicts[one], rows[one], lines) for one in (*said.places, *filter(None, of_bound))]
    judge = Deciding(lines, condition, point)
    spoken = Spoken(said, subject, tuple(one for one in values if one is not None), tuple(values))
    spoken = replace(spoken, texts=tuple(rows[one].text for one in said.places))
    if said.where is not None:
        text = rows[said.where].text
        spoken = replace(spoken, approached=rf"{text} \to \infty" if said.is_far and not ARROW.search(text) else text)
    is_loose = said.subject in _LOOSE and said.kind.split()[0] in OF_FUNCTIONS
    is_loose = is_loose or (said.subject in ("most", "least") and not (said.of or said.inner))
    is_either = is_loose and subject in lines.setting.find and bool(subject.args)
    of_whole = replace(spoken, subject=subject.args[0]) if is_either else spoken  # "it" may be the function
    if is_either and (said.is_denied or not FALSE[said.kind](judge, of_whole)):
        return False
    if said.is_denied:
        return TRUE[said.kind](judge, spoken) if said.kind in TRUE and not said.is_universal else False  # not always
    return FALSE[said.kind](judge, spoken) if said.kind in FALSE else False


def _stays(subject: Expression, condition: LineVerdict, lines: Lines) -> bool:
    """Whether what is said to vanish where an equation holds does not."""
    parts = condition.statements[0].parts if len(condition.statements) == 1 else ()
    sides = [strip_groups(part.expression) for part in parts]
    is_set = len(parts) > 1 and all(part.relation == "=" for part in parts[1:])
    if not is_set or any(side.head == "index" or side.has("unknown") for side in sides):
        return False
    turned = (
        [[one.args[0], negative(grouped(other))] for one, other in (sides, sides[::-1]) if one.head == "negative"]
        if len(sides) == 2
        else []
    )
    each = [sides, sides[::-1], *turned] if len(sides) == 2 else []  # q = -t puts -q for t
    free = [pair for pair in each if Deciding(lines).is_free(pair[0]) and pair[0].head == "symbol"]
    relations = [Expression("relation", pair, "=", pair[0].span) for pair in itertools.pairwise(sides)]
    there = lines.carrying.where(relations, [*lines.work.results.values()])
    found = None if there is None else there.judge(Claim(subject, number(0))).verdict
    if (found is None or found.outcome == "undecided") and free and free[0][0] not in free[0][1].walk():
        subject = Expression("at", (grouped(subject), *free[0]), None, subject.span)
        found = lines.bench.judge(Claim(subject, number(0))).verdict
    return found is not None and found.is_wrong and found.witness is not None


def where_said(
    verdicts: Sequence[LineVerdict], place: int | None, side: str, lines: Lines
) -> tuple[tuple[Expression, Expression] | None, Expression | None] | None:
    """At which value of a quantity something is said, or under which comparison; None where that is not told."""
    if place is None:
        return None
    if place == property_words.ORIGIN:
        by = Deciding(lines).variable()
        return None if by is None else ((by, number(0)), None)
    statements = verdicts[place].statements
    parts = statements[0].parts if len(statements) == 1 else ()
    if not parts:
        return (None, None)  # as x goes to infinity
    left = strip_groups(parts[0].expression)
    if side:
        is_name = len(parts) == 1 and left.head == "symbol"
        return (None, Expression("relation", (left, number(0)), side, left.span)) if is_name else None
    taken = [*dict.fromkeys(arg for one in lines.setting.find if one.head == "derivative" for arg in one.args[1:])]
    if len(parts) == 1 and left.head == "tuple" and len(left.args) == len(taken) > 1 and is_value(left):  # at $(1, 2)$
        is_each = all(one.head == "symbol" for one in taken)
        return ((Expression("tuple", tuple(taken), "(", left.span), left), None) if is_each else None
    if len(parts) == 1 and (inside := _interval(parts[0].expression, lines)) is not None:
        return None, inside
    if len(parts) == 1:
        asked = [one.args[-1] for one in lines.setting.find if one.head == "derivative"]
        return (None, None) if left in asked else None  # in w
    right = parts[1]
    is_free = left.head == "symbol" and str(left.data) not in lines.given
    if len(parts) == 2 and right.relation == "=" and is_free and is_value(right.expression):
        return (left, right.expression), None
    if not parts[0].relation and all(part.relation in _SIGNS for part in parts[1:]):
        pairs = itertools.pairwise(part.expression for part in parts)
        met = [
            Expression("relation", sides, part.relation, left.span)
            for sides, part in zip(pairs, parts[1:], strict=True)
        ]
        return None, met[0] if len(met) == 1 else Expression("and", tuple(met), None, left.span)
    return None


def _interval(node: Expression, lines: Lines) -> Expression | None:
    """That the variable lies between two values, where an interval is written."""
    by = Deciding(lines).variable()
    plain = strip_groups(node)
    if (
        by is None
        or plain.head not in ("interval", "tuple")
        or len(plain.args) != 2
        or not all(map(is_value, plain.args))
    ):
        return None
    low, high = plain.args
    sides = Expression("relation", (low, by), "<", node.span), Expression("relation", (by, high), "<", node.span)
    return Expression("and", sides, None, node.span)


def _value(verdict: LineVerdict, row: Row, lines: Lines) -> Expression | None:
    """A formula without a relation, also where it was judged as what its words equate it with."""
    if equates(row.text) or orders(row.text):
        return None
    if len(verdict.statements) != 1:
        return read_in(row.text, lines)
    side = verdict.statements[0].parts[-1].expression
    return grouped(side)
