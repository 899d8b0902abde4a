r"""Conditions that stand in the words before a display: "for $j \neq c$:" holds for the rows that follow."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import zip_longest
from typing import TYPE_CHECKING

from truestep.checkers.documents import words
from truestep.checkers.documents.case_values import (
    LEADING,
    RELATION,
    alternative,
    is_alternative,
    is_rest,
    is_said_of,
    leads_to_rest,
    put_under,
    said_before,
    told_again,
    with_zeros,
)
from truestep.checkers.documents.plain_words import differentiated, equated, last_clauses, led_to, says_plainly
from truestep.checkers.documents.told_cases import LABEL, REST, InForce, compared_in_words, of_the_other_sign
from truestep.checkers.documents.words import LETTER, clause_before, equates, left_of, orders
from truestep.derivations.language import altering, case_words, equating_words, optimum_words
from truestep.derivations.language.phrases.ends import SENTENCE, STATEMENT
from truestep.derivations.language.phrases.homonyms import unmistakable
from truestep.derivations.language.phrases.table import CASES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from truestep.checkers.documents.work import Row, Work

_CASE = re.compile(r"\b(?:case|fall|cas|caso|случай)\b|情况|情況", re.IGNORECASE)
_IS = r"\s*(?:=|\\neq?(?![A-Za-z])|≠|!=|\\not\s*=)\s*"
_INDICES = rf"(?P<one>{LABEL}){_IS}(?P<other>{LABEL})|(?P<letter>{LABEL})'*{_IS}(?P=letter)'*"  # f' = g is none

_VALUE = rf"{LABEL}\s*=\s*+[-−+]?\s*+[0-9.]+"
_OWN_ROW = re.compile(
    r"(?P<words>(?:\\(?:text|textbf|textit|mathrm|mbox)\s*\{[^{}$]*\}?|[^\W\d_]{2,20}\s|\\quad|[\s&{}:,.;$()])*)"
    rf"(?P<condition>{_INDICES})[\s:,.}}$]*",
)
_WORD_ROW = re.compile(r"[\s&{:,.;]*\\(?:text|textbf|textit|mathrm|mbox)\s*\{([^{}$\\]+)\}[\s}:,.;]*")
_BELOW = re.compile(r"[_^]\s*(?:\{[^{}]*\}|\\?\w+)")
SLOPE = re.compile(r"\\partial|\\nabla|∂|∇|\\frac\s*\{?\s*(?:d|\\mathrm\{d\})(?![a-z])|\bd\w+\s*/\s*d\w+")
_SUPPOSING = frozenset(("condition", "definition"))
_COMMAND = re.compile(r"\\[A-Za-z]+")
_JOINED = re.compile(r"[^:;.]*")
_PHRASES = {"=": "on the diagonal", "!=": "off the diagonal", "rest": "otherwise"}
DENIED = "denied"
SUPPOSED = "supposed"
LONGEST = 120
LONGEST_CONDITION = 60


def _and(words: str, more: str) -> str:
    """Words with those that follow; of blanks one is enough, so that what is known of the words is known again."""
    return words if words[-1:].isspace() and more.isspace() else words + more


def conditioned(work: Work) -> tuple[Row, ...]:
    r"""The formulas of a work in their order, each with the role that its words tell and the condition it is under.

    A condition holds until the next words; one that is called a case until the next case or a summary.
    """
    *before, tail = unmistakable(map(words.without_stops, (*(row.before for row in work.formulas), work.tail)))
    formulas = tuple(
        row if text == row.before else replace(row, before=text)
        for row, text in zip(work.formulas, before, strict=True)
    )
    if not (tail.strip() or any(row.inline or row.before.strip() for row in formulas)):  # nothing is said
        return tuple(with_supposed(under_own_rows(formulas)))
    formulas, tail = with_zeros([*words.with_bounds(formulas)], tail)
    pairs = zip(formulas, (None, *formulas), strict=False)
    formulas = tuple(
        replace(row, before=words.goes_on(row.before, last.text)) if last is not None and not last.inline else row
        for row, last in pairs
    )
    out: list[Row] = []
    scope, role, said, paragraph, named = InForce(), "", "", "", list[str]()
    sentence, supposes = "", False  # the words so far, and whether a formula among them says something of its own
    since = ""  # of them those behind the last display
    for row, after in zip(formulas, [*(following.before for following in formulas[1:]), tail], strict=False):
        if words.is_headed(row):
            scope, sentence, since, said, named = InForce(), "", "", "", []
        previous = role if role != DENIED or (row.inline and _JOINED.fullmatch(row.before)) else ""
        previous = "" if scope.condition and words.says_there(row.before, row.text) else previous
        role = words.told(row.before, after, previous) if row.before or row.inline else ""
        role = "answer" if role == "question" and equates(row.text) and words.computes(row.before) else role
        bare = CASES.pattern("rest").sub(" ", row.before)  # si no, ...
        if role != "question" and (altering.before(bare, not equates(row.text)) or words.denies(after)):
            role = DENIED
        elif out and _is_other(row, out[-1]):
            role, out[-1] = DENIED, replace(out[-1], told=DENIED)
        elif not equates(row.text) and optimum_words.has(clause_before(row.before), "second"):
            role = "second"
        elif equating_words.is_step(row.before):
            role = ""
        elif equates(row.text) and altering.supposed(row.before):
            role = SUPPOSED
            if out and out[-1].inline and not out[-1].told and not STATEMENT.search(row.before.rstrip()):
                out[-1] = replace(out[-1], told="condition")  # a linear unit ($a = z$) would give
        elif row.inline and equates(row.text) and _is_point(row.before):
            role = "point"
        ended = STATEMENT.split(row.before if row.inline else row.before.rstrip())  # a display is in it
        whole = _and(sentence, row.before)
        sentence, supposes = (whole, supposes) if len(ended) == 1 else (ended[-1], False)
        since = _and(since, row.before) if len(ended) == 1 else ended[-1]
        over = ended[-2] if len(ended) > 1 and not row.inline and not any(map(str.isalpha, sentence)) else ""
        if role != DENIED and equates(row.text) and altering.is_elsewhere(over or last_clauses(whole, sentence)):
            role = SUPPOSED
        _, gap, last = row.before.rstrip().rpartition("\n\n")
        paragraph = last if gap else _and(paragraph, row.before)
        row = replace(row, told=role, example=altering.is_example(paragraph), after=row.after or after)
        if role in ("", "answer", "reason", "definition", "second"):
            out[-1:] = [led_to(one, row) for one in out[-1:]]
            row = row if row.said_of else differentiated(equated(row, out[-1] if out else None), sentence, named)
            row = told_again(row, out)
        out[-1:] = [said_before(out[-1], out[-3:-1])] if out and row.inline else out[-1:]
        if _is_behind(row, after, out):
            word = case_words.opening(clause_before(row.before), after)
            put_under(out, row.text.strip().rstrip(",.:;"), word)
            role, since = out[-1].told, ""
            scope.tell(row.text, equates(out[-1].text))
            out.append(replace(row, told="condition"))
            continue
        if is_rest(row, after, out):
            out.append(alternative(replace(row, under=scope.rest()), out))
            continue
        if _is_condition(row, after, bool(scope.condition)) or (scope.before and _is_apposed(row, after)):
            joined = scope.condition and not scope.used and words.only_joins(row.before)
            word = case_words.opening(clause_before(row.before), after)
            lead = rf"{scope.condition} \text{{ and }} " if joined and row.before.strip() else rf"\text{{{word} }} "
            is_case = case_words.has(row.before, "if") and _CASE.search(row.before) is not None
            scope.enter(lead + row.text.strip(), is_case, brief=word == "only if")
            scope.tell(scope.condition, joins=bool(joined and row.before.strip()))
            out.append(replace(row, told="condition"))
            continue
        if _is_supposed(row, scope):
            lead = rf"{scope.condition} \text{{ and }} " if words.only_joins(row.before) else r"\text{if } "
            scope.enter(lead + row.text.strip().rstrip(",.:;"), False, brief=True)
            out.append(row)
            continue
        if STATEMENT.search(row.before.rstrip()):
            said, named = "", []
        is_letter = row.inline and re.fullmatch(LABEL, row.text.strip()) is not None
        compared = "" if is_letter and not named else compared_in_words(clause_before(said + row.before), named)
        is_label = is_letter and not compared and not is_said_of(row)
        is_open = equates(row.text) and not supposes and not scope.condition
        phrase = "" if row.inline or (out and out[-1].under == REST) else _phrase(row.before)
        is_other = phrase == _PHRASES["rest"] or (
            row.inline and bool(scope.before) and equates(row.text) and leads_to_rest(row.before)
        )
        phrase = phrase or (_supposed(clause_before(since)) if is_open else "")
        if is_other:
            scope.enter(scope.rest(), _CASE.search(row.before) is not None, brief=row.inline)
        elif compared := compared or of_the_other_sign(clause_before(row.before), out):
            scope.enter(rf"\text{{if }} {compared}", _CASE.search(said) is not None)
        elif phrase:
            scope.enter(rf"\text{{{phrase}}}", _CASE.search(row.before) is not None, brief=row.inline)
        else:
            scope.leave(row.before)
        sentence, since = sentence + " it ", since + " it " if row.inline else ""
        supposes = row.inline and (supposes or equates(row.text))
        if is_label:
            said, named = f"{said}{row.before} index ", [*named, row.text.strip()]
        elif row.inline:
            said, named = "", []
        scope.told = scope.told or (row.inline and (equates(row.text) or bool(row.said_of)))
        if not row.inline:
            scope.used, said, named = True, "", []
        is_plain = "cases" not in row.text and row.text.strip()
        if is_plain and row.said_of != "there":
            row = replace(row, under=row.under or scope.condition)
            if row.under and equates(row.text):
                scope.fill()
        out.append(row)
    return tuple(with_supposed(under_own_rows(out)))


def with_supposed(rows: Sequence[Row]) -> Iterator[Row]:
    """The rows, each with what formulas before it suppose, under which it may be said.

    That ends at a summary, at a paragraph with words that say more than a step, and, behind one that is displayed, at
    any words; what is said with words in brackets, with these. Of one quantity the last word holds. What is
    ``loosely`` said has more in its sentence than that.
    """
    facts, values, sentence, is_shown = tuple[str, ...](), frozenset[str](), "", False
    outside: tuple[str, ...] | None = None  # within brackets, what is supposed outside of them
    for place, row in enumerate(rows):
        text, before = row.text.strip().rstrip(",.:;"), row.before if row.inline else row.before.rstrip()
        speaks, (head, *behind) = any(map(str.isalpha, before)), SENTENCE.split(before)
        new = before.partition("\n\n")[2]
        is_over = (
            case_words.has(before, "whole")
            or (speaks and is_shown)
            or words.has_heading(before)
            or words.is_headed(row)
            or not says_plainly(new, (), row.told == "condition")
        )
        depth = row.before.count("(") - row.before.count(")")
        facts, outside = (outside, None) if depth < 0 and outside is not None else (facts, outside)
        facts, sentence = () if is_over else facts, behind[-1] if behind else sentence + head
        outside = facts if depth > 0 and LETTER.search(row.before.rpartition("(")[2]) else outside  # (where ...)
        is_loose = bool(facts) and not says_plainly(_COMMAND.sub(" ", sentence), (), True)
        said = (
            _PHRASES.get(case_words.said_of_indices(clause_before(row.before)), "")
            if row.inline and equates(text)
            else ""
        )
        perhaps = (*facts, rf"\text{{{said}}}") if said else facts
        if row.under:  # of a case, what holds in all of them
            told = tuple(one for one in facts if one in values)
            perhaps = (row.under.removeprefix(r"\text{if } "), *told) if told else ()
        yield replace(row, perhaps=perhaps, loosely=is_loose or bool(said)) if perhaps else row
        is_order = not equates(text) and orders(text) and not re.fullmatch(_INDICES, text)
        is_valued = re.fullmatch(_VALUE, text) is not None
        is_told = row.told in _SUPPOSING or row.under or (is_valued and row.told in ("", "point", "reason", "answer"))
        is_said = row.inline or (is_valued and place + 1 < len(rows))
        is_free = not row.example or not any(map(str.isdigit, text))  # of an example are its numbers
        is_fact = is_free if is_order else equates(text) and is_said and is_told and not SLOPE.search(text)
        is_fact = is_fact and not (is_valued and case_words.has(words.last_sentence(before), "others"))
        if is_fact and len(text) <= LONGEST_CONDITION and row.told != "denied" and "cases" not in text:
            kept = [one for one in facts if left_of(one) != left_of(text) and (not behind or one in values)]
            values |= {text} if is_valued and row.told != "condition" else set()
            facts, is_shown = (*kept, text), is_order and not row.inline


def _is_point(before: str) -> bool:
    """Whether the last word before a formula says that it is where something holds: "which is largest at"."""
    return case_words.ends_with(before, "at") and not words.commits(before)


def _is_other(row: Row, last: Row) -> bool:
    """Whether a formula is said to be meant, or the one before it: neither then is."""
    is_compared = any(equates(one.text) or orders(one.text) or one.told == "condition" for one in (row, last))
    return not is_compared and altering.joins_another(row.before)


def _is_condition(row: Row, after: str, is_case: bool) -> bool:
    """Whether a formula is a condition: a comparison behind "if", or one of indices before a colon or comma."""
    if row.before.strip() and words.only_joins(row.before) and not is_case:
        return False
    text = row.text.strip().rstrip(",.:;")
    if re.fullmatch(_INDICES, text):
        if equating_words.finds(row.before) and not case_words.has(row.before, "if", "for"):
            return False  # if $z > 0$, we have $a = z$, so
        return (row.inline and row.told == "condition") or (
            (row.told != "answer" and after.lstrip(" $*_}\0")[:1] in tuple(":：,，|&"))
            or case_words.ends_with(row.before, "if", "for")
            or (not equates(text) and case_words.ends_with(row.before, "where"))
        )
    head = _COMMAND.sub("", row.before.rpartition("\n")[2])
    is_headed = after.lstrip(" $*_}\0")[:1] in tuple(":：") and LETTER.search(head) is None  # \item $x > 0$: ...
    if not ((row.inline and row.told == "condition") or is_headed) or len(text) > LONGEST_CONDITION:
        return False
    if not equates(text):
        return orders(text)
    return re.fullmatch(_VALUE, text) is not None and case_words.ends_with(row.before, "if", "for")


def _is_apposed(row: Row, after: str) -> bool:
    """Whether a comparison stands between commas, behind words that let nothing follow: "In between, $|x| < t$, "."""
    is_set_off = row.before.rstrip().endswith((",", "，")) and after.lstrip()[:1] in (",", "，")
    return row.inline and is_set_off and orders(row.text) and not (equates(row.text) or words.commits(row.before))


def _is_behind(row: Row, after: str, out: list[Row]) -> bool:
    """Whether a comparison stands behind the claim that it is a condition of: "$A$ for $i \\neq j$", "$A$ ($x > 0$)".

    Nothing but its word stands between the two, or the sentence ends with it; behind a display, that or an "and".
    """
    text = row.text.strip().rstrip(",.:;")
    is_compared = bool(re.fullmatch(rf"{_INDICES}|{_VALUE}", text)) or (not equates(text) and orders(text))
    if not row.inline or not is_compared or not out or STATEMENT.search(row.before) or len(text) > LONGEST_CONDITION:
        return False
    claim = out[-1]
    is_claim = (equates(claim.text) or claim.said_of) and claim.told != "condition" and "cases" not in claim.text
    if not is_claim and not is_alternative(claim, out[:-1]):
        return False
    between, after = row.before.strip(" $*_~\n\0"), after.lstrip(" $*_~\0")
    if between == "(" and after[:1] == ")":
        return True
    head = next((k for k in range(len(out) - 1, 0, -1) if not RELATION.match(out[k].text)), 0)  # of its chain
    is_led = head > 0 and out[head - 1].told == "condition" and bool(claim.under)
    is_new = between[:1] in (",", "，") or row.line > claim.line
    is_apart = not claim.inline or row.line > claim.line
    is_ahead = not after.strip() and is_apart  # if $i = j$ \[ ... \], if $i \ne j$ \[ ... \]
    if is_led and is_new and (is_ahead or (after.strip() and STATEMENT.search(after) is None)):
        return False  # for $x > 0$ it is $a$, for $x < 0$ it is $b$
    first = LETTER.search(_COMMAND.sub("", between))
    if is_apart and first is not None and first[0].isupper():  # \textbf{Case $x > 0$.} opens the next case
        return False
    opens = not claim.inline and case_words.begins_with(between, "and") and not after.strip()  # and for $i = j$ \[...\]
    if opens or not case_words.ends_with(between, *LEADING):
        return False
    is_joined = case_words.begins_with(after, "and")
    is_lone = any(case_words.is_alone(between.strip("("), meaning) for meaning in LEADING)
    is_end = STATEMENT.match(after) is not None or after[:1] in tuple(").。；;") or case_words.stands_alone(after)
    return is_end or (is_lone and (claim.inline or (is_joined and between[:1].islower())))


def _is_supposed(row: Row, scope: InForce) -> bool:
    """Whether a formula within a sentence gives a name a value for the rest of the sentence: "with $a = 0$ ..."."""
    if not row.inline or not re.fullmatch(_VALUE, row.text.strip().rstrip(",.:;")):
        return False
    return case_words.ends_with(row.before, "at") or (scope.brief and words.only_joins(row.before))


def _phrase(said: str) -> str:
    """The condition that the last sentence before a display says in words; as it is said where it is not understood."""
    found = case_words.said_of_indices(clause := clause_before(said))
    return _PHRASES[found] if found else _supposed(clause)


def _supposed(clause: str) -> str:
    """A clause that supposes something, as it is said."""
    return " ".join(clause.split()) if case_words.supposes(clause) or case_words.said_of_bend(clause) else ""


def under_own_rows(rows: Sequence[Row]) -> tuple[Row, ...]:
    r"""The rows, each under the condition that a row of its own before it puts it under.

    It holds for rows with both of its indices on their left, and for those that go on from them.

    >>> from truestep.checkers.documents.work import typed
    >>> [row.under for row in under_own_rows(typed([r"\text{For } i = j:", "p_{ij} = 0", "q = 1"]).rows)]
    ['', '\\text{if } i = j', '']
    """
    out: list[Row] = []
    condition, letters, holds = "", ("", ""), False
    rows = _beside_words(rows)
    for row, following in zip_longest(rows, rows[1:]):
        own = _own(row, following)
        if own:
            condition, letters, holds = *own, False
        elif condition and not RELATION.match(row.text):
            left = _COMMAND.sub(" ", row.text.partition("=")[0])
            holds = all(letter in left for letter in letters)
        stated = not own and holds and "\\text{if" not in row.text and not row.under and "cases" not in row.text
        out.append(replace(row, under=condition) if stated else row)
    return tuple(out)


def _beside_words(rows: Sequence[Row]) -> list[Row]:
    """The rows, of which those are denied that a row of words beside them denies."""
    said = [_WORD_ROW.fullmatch(row.text[:LONGEST]) for row in rows]
    out = list(rows)
    for place, found in enumerate(said):
        if found is not None and place + 1 < len(rows) and altering.before(found[1], not equates(rows[place + 1].text)):
            out[place + 1] = replace(rows[place + 1], told=DENIED)
        if found is not None and place and said[place - 1] is None and altering.behind(found[1]):
            out[place - 1] = replace(rows[place - 1], told=DENIED)
    return out


def _own(row: Row, following: Row | None) -> tuple[str, tuple[str, str]] | None:
    """The condition that a row says and nothing else, and the letters that it is about.

    Without a word such as "for", an equation of two letters is one where they are indices on the left of what follows.
    """
    if len(row.text) >= LONGEST or row.inline:
        return None
    found = _OWN_ROW.fullmatch(row.text)
    one, *_, other = re.split(_IS, found["condition"]) if found is not None else ("", "")
    below = "".join(_BELOW.findall(following.text.partition("=")[0])) if following is not None else ""
    is_headed = one in below and other in below
    if found is not None and (case_words.has(found["words"], "if", "for") or not equates(row.text) or is_headed):
        return rf"\text{{if }} {found['condition']}", (one, other)
    alone = _WORD_ROW.fullmatch(row.text)
    said = case_words.said_of_indices(alone[1]) if alone is not None else ""
    return (rf"\text{{{_PHRASES[said]}}}", ("", "")) if said else None
