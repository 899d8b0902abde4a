r"""What the words before and behind a formula say of its role, in the languages that works are written in."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from truestep.derivations.language import altering, case_words, equating_words, optimum_words
from truestep.derivations.language.phrases.ends import LINK, PART, SENTENCE, STATEMENT, STOP
from truestep.derivations.language.phrases.table import ROLES, STEPS
from truestep.derivations.language.property_words import CLOSE, OPEN, properties, with_numbers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from truestep.checkers.documents.work import Row

BEHIND = "condition behind"  # the meaning of words for a condition that stand behind it
LONGEST_PHRASE = 5
LETTERS = re.compile(r"[^\W\d_]+")
_JOINING = re.compile(r"[\s,;:(]*(?:(?:and|or|und|oder|et|ou|y|o|и|или|和|及|或)\b[\s,(]*)?")
_ABBREVIATION = re.compile(r"(?<!\w)(?:[^\W\d_]\.\s?)+[^\W\d_]\.(?!\w)")
LETTER = re.compile(r"[^\W\d_]")
_WRITER = re.compile(
    r"\b(?:we|i|man|wir|on|nous|мы)\s+(?:(?!want|need|must|have|should|to\b)\w+\s+)?$|我们\s*$", re.IGNORECASE
)
_ORDER = re.compile(r"<|>|\\[lg]eq?(?![A-Za-z])|≤|≥|\\neq?(?![A-Za-z])|≠")
_NAME = r"(?:[A-Za-z]|\\[a-z]+)(?:_(?:\{[A-Za-z0-9]+\}|[A-Za-z0-9]))?"
_ORDERED = re.compile(rf"(?:[^<>]*(?:<|\\leq?)\s*)?\|?(?P<name>{_NAME})\|?\s*(?:[<>]|\\[lg]eq?(?![A-Za-z]))[^<>]*")
_OF = re.compile(r"'|[^\W\d_]\s*\(|\\partial|\\nabla|∂|∇|\bd\w+\s*/")
_EQUALS = re.compile(r"(?<![<>!])=")
_UNSAID = re.compile(r"[\\{}$&#%_^~\0]")
LONGEST, LONGEST_CLAUSE = 90, 120


@lru_cache(maxsize=1)
def _roles() -> tuple[re.Pattern[str], dict[str, str]]:
    """One pattern for all words before a formula, and the role of each: the first that the table gives it."""
    ahead = [meaning for meaning in ROLES.meanings if meaning != BEHIND]
    return ROLES.pattern(*ahead), {word: role for role in reversed(ahead) for word in ROLES.phrases(role)}


def _last_clause(text: str) -> str:
    """The end of what is said, without phrases that would be words of a role alone: "with respect to"."""
    return equating_words.by_phrases().sub(" ", LINK.split(text)[-1][-LONGEST:])


def without_stops(text: str) -> str:
    """Abbreviations of single letters as one word, so that their stops end no sentence.

    >>> without_stops("w.r.t. it, i. e. that"), without_stops("(z.B. hier). T. h. "), without_stops("as in A. Then")
    ('w.r.t it, i.e that', '(z.B hier). T.h ', 'as in A. Then')
    """
    return _ABBREVIATION.sub(lambda found: "".join(found[0].split())[:-1], text) if "." in text else text


def ends_sentence(text: str) -> bool:
    """Whether a sentence, or what stands like one, ends within a text."""
    return STATEMENT.search(text) is not None


def has_sentence(text: str) -> bool:
    """Whether a sentence ends in a text: letters, then a stop before a blank or the end."""
    return any(map(LETTER.search, STOP.split(text)[:-1]))


def has_heading(text: str) -> bool:
    r"""Whether a paragraph of words that no stop ends stands before another one.

    >>> has_heading("\n\nBoth at once\n\nWith a delta,"), has_heading(".\n\nSo:\n\nWith a delta,")
    (True, False)
    """
    parts = [part.strip() for part in text.split("\n\n")[:-1]]
    return any(LETTER.search(part) and part[-1:] not in tuple(".,:;!?。，：；！？") for part in parts)


def is_headed(row: Row) -> bool:
    """Whether a title, ``## Case 2``, stands among the lines of words before a formula of plain text."""
    return any(line.startswith("##") for line in row.aside.split("\n\n"))


def last_sentence(text: str) -> str:
    """What stands behind the last full stop, or what is one.

    >>> last_sentence("That was all. Now"), last_sentence("so")
    ('Now', 'so')
    """
    return SENTENCE.split(text)[-1]


def first_clause(text: str) -> str:
    """What stands before the first comma, stop or bracket.

    >>> first_clause(" for hard labels, and so on"), first_clause(". Then")
    (' for hard labels', '')
    """
    return PART.split(text.partition("\\")[0], maxsplit=1)[0]


def equates(text: str) -> bool:
    """Whether a formula has an equals sign of its own, which is no part of another sign: ``x <= 0``."""
    return _EQUALS.search(text) is not None


def orders(text: str) -> bool:
    """Whether a formula says that something is larger than something else, or not the same."""
    return _ORDER.search(text) is not None


def with_bounds(rows: Sequence[Row]) -> Iterator[Row]:
    r"""The rows, with one condition for a quantity and the value that words put it on a side of, or between two.

    "When $t$ exceeds $k$" is "When $t > k$", and "below $-k$" behind it "for $t < -k$".
    """
    name, place = "", 0
    while place < len(rows):
        found = _subject_of(rows, place, name)
        sign = case_words.said_of_bound(clause_before(found.words)) if found is not None else ""
        bound = rows[found.place : found.place + (2 if sign == "between" else 1)] if found is not None else ()
        texts = [row.text.strip().rstrip(",.") for row in bound]
        is_one = len(bound) == 1 or (len(bound) == 2 and only_joins(bound[1].before))
        if found is None or not (sign and is_one and all(_is_value(row) for row in bound)):
            ordered = _ORDERED.fullmatch(rows[place].text.strip().rstrip(",.:;"))
            name = ordered["name"] if ordered is not None else name
            yield rows[place]
            place += 1
            continue
        name = found.name
        text = rf"{texts[0]} \le {name} \le {texts[1]}" if sign == "between" else f"{name} {sign} {texts[0]}"
        yield replace(bound[-1], text=text, before=found.lead)
        place = found.place + len(bound)


class _Subject(NamedTuple):
    """What words compare with the value at a place, the words between, and those before it."""

    name: str
    words: str
    lead: str
    place: int


def _subject_of(rows: Sequence[Row], place: int, last: str) -> _Subject | None:
    row, following = rows[place], rows[place + 1] if place + 1 < len(rows) else None
    clause = clause_before(PART.split(row.before)[-1])
    is_led = case_words.has(clause, "if", "for") or case_words.begins_with(clause, "inverted")
    is_name = row.inline and is_led and re.fullmatch(_NAME, row.text.strip()) is not None
    if is_name and following is not None and STATEMENT.search(following.before) is None:
        return _Subject(row.text.strip(), following.before, row.before, place + 1)
    if row.inline and last:
        *before, words = re.split(r"(?<=[,;.(\n])", row.before)
        return _Subject(last, words, "".join(before) + " for ", place)
    return None


def _is_value(row: Row) -> bool:
    return row.inline and not (equates(row.text) or orders(row.text))


def left_of(text: str) -> str:
    """What stands before the first relation."""
    return re.split(rf"{_ORDER.pattern}|=", text, maxsplit=1)[0].strip()


def says_there(before: str, text: str) -> bool:
    """Whether a formula behind a comma or colon says what a function or a slope is, where the one before it holds.

    >>> says_there(", ", "f'(2) = 1"), says_there(", ", "y = 3"), says_there(" and ", "f(2) = 1")
    (True, False, False)
    """
    return before.strip() in tuple(",:，：") and equates(text) and _OF.search(left_of(text)) is not None


def goes_on(before: str, last: str) -> str:
    """The words behind a display, without the break between them where they go on with its sentence.

    >>> goes_on("\\n\\nso that", "a = b"), goes_on("\\n\\nSo", "a = b"), goes_on("\\n\\nso", "a = b.")
    ('so that', '\\n\\nSo', '\\n\\nso')
    """
    text, is_open = before.lstrip(), last.rstrip(" $&\\")[-1:] not in (*".。!?！？;；",)
    return text if is_open and (text[:1].islower() or text[:1] in tuple(",，")) else before


def commits(before: str) -> bool:
    """Whether nothing stands before a formula, or a last word that says that it holds: "where", "so", "since"."""
    last = before.rstrip(" $*_~\n\0").rpartition(" ")[2]
    return only_joins(before) or bool(told(last, "", ""))


def computes(before: str) -> bool:
    """Whether the words right before a formula say that the writer computes it, and not that it is to be shown.

    >>> computes("First compute"), computes("再求"), computes("Show that"), computes("Find what makes it so that")
    (True, True, False, False)
    """
    return _computing().search(before) is not None


@lru_cache(maxsize=1)
def _computing() -> re.Pattern[str]:
    """``First compute the gradient: ``"""
    return STEPS.form(r"<computing>(?:[\s:,]+\w+){0,2}[\s:,]*$")


def introduces(before: str) -> bool:
    """Whether the last word of a role before a formula lets a name be what the formula says.

    >>> introduces("Now let"), introduces("Nun sei"), introduces("Done. With"), introduces("with"), introduces("where")
    (True, True, True, False, False)
    """
    (table, roles), kept = _roles(), STEPS.words("recalling", *[] if ends_sentence(before) else ["in front"])
    last = [place[0].lower() for place in table.finditer(_last_clause(before))][-1:]
    return any(roles[word] == "definition" and word not in kept for word in last)


def only_joins(before: str) -> bool:
    """Whether words before a formula only join it to the one before: "and", a comma."""
    return _JOINING.fullmatch(before) is not None


@lru_cache(maxsize=1024)
def only_names(between: str) -> bool:
    """Whether the words between two formulas say that one stands for the other: "for", "by", "the error".

    >>> only_names(" for "), only_names(", die Differenz "), only_names("为"), only_names(" be the size of ")
    (True, True, True, False)
    """
    return STEPS.is_made_of(between, "naming")


def writes_for(between: str, after: str) -> bool:
    """Whether one formula is written for the other, whatever that is called: "for the misfit".

    >>> writes_for(" for the misfit ", ". Then"), writes_for(" für die Lücke ", ""), writes_for(" for the sum of ", "")
    (True, True, False)
    >>> writes_for(" for the angle between ", " and "), writes_for(" for all ", ""), writes_for(", for the rest ", "")
    (False, False, False)
    """
    found = re.findall(r"[^\W\d_]+", between.lower())
    is_phrase = (
        2 < len(found) <= LONGEST_PHRASE
        and found[0] in STEPS.words("stands for")
        and found[-1] not in STEPS.words("of")
    )
    return is_phrase and between.replace(" ", "").isalpha() and not (after.strip() and only_joins(after))


def told(before: str, after: str, previous: str) -> str:
    """The role that the words about a formula give it; that of the ``previous`` formula where they only join the two.

    >>> told("we know that, since", "", ""), told("und", "", "definition"), told("Пусть", "", ""), told("the", "", "")
    ('reason', 'definition', 'definition', '')
    >>> told("On trouve", "", ""), told("we find", "", ""), told("On cherche", "", ""), told("Here we seek", "", "")
    ('', 'answer', 'question', 'question')
    >>> told("We denote by", "", ""), told("We set it up by", "", ""), told("Setting the gradient to zero,", "", "")
    ('definition', 'reason', 'answer')
    >>> told("with respect to", "", ""), told("Hence, par rapport à", "", ""), told("Differentiating with", "", "")
    ('', 'answer', 'definition')
    """
    if ROLES.pattern(BEHIND).match(after.lstrip(" ,")):
        return "condition"
    if only_joins(before):
        return previous if before.strip() else ""
    clause = _last_clause(before.rstrip(" :：\n").replace("\0", " "))
    if case_words.ends_with(clause, "if"):
        return "condition"
    words, roles = _roles()
    places = list(words.finditer(clause))
    found = [place[0] for place in places]
    asks = bool(found) and roles[found[-1].lower()] == "question" and found[-1].lower() not in STEPS.words("sought")
    if asks and _WRITER.search(clause[: places[-1].start()]):
        return "answer"  # we find
    if not found and before.rstrip(" $*_\n\0").endswith((":", "：")):
        return "answer"
    if found and roles[found[-1].lower()] == "definition" and optimum_words.has(clause, "sought"):
        return "answer"  # setting it to zero, we have
    if len(places) > 1 and clause[places[-2].end() :].split() == [found[-1]]:  # denote by, notons par
        pair = roles[found[-2].lower()], roles[found[-1].lower()]
        if pair == ("definition", "reason"):
            return "definition"
    is_colon = before.rstrip(" $*_\n\0").endswith((":", "："))
    if is_colon and places and _is_purpose(clause[places[-1].start() :]):
        return "answer"
    return roles[found[-1].lower()] if found else ""


def _is_purpose(words: str) -> bool:
    """Whether words before a colon say what something is for, and suppose nothing.

    >>> _is_purpose("for the minimum"), _is_purpose("für das Minimum"), _is_purpose("for"), _is_purpose("if it holds")
    (True, True, False, False)
    """
    return case_words.begins_with(words, "for") and len(LETTERS.findall(words)) > 1


def clause_before(said: str) -> str:
    """The last sentence of what is said before a display, in plain words.

    >>> clause_before("We are done. For all $j$:")
    'For all  j'
    """
    last = STATEMENT.split(said.rstrip(" .:：,，\n\0"))[-1]
    return _UNSAID.sub(" ", last).strip(" ,，*_-\n")[-LONGEST_CLAUSE:]


def denies(after: str) -> bool:
    """Whether the words behind a formula deny it, and say nothing of it instead.

    >>> denies(". It is never true."), denies(". It is never negative."), denies(". It is never larger than ")
    (True, False, False)
    """
    if not altering.behind(after):
        return False
    first, *more = SENTENCE.split(after.strip(" .\n"))
    following = "" if more else f"{OPEN}0{CLOSE}"  # the formula with which the sentence goes on
    return not any(map(properties, (first, f"{first} {following}", with_numbers(first, 0)[0])))
