"""What words say that something is: "the derivative is always positive", "which is a scalar", "its entries sum to one".

A formula stands in a sentence as its place between two marks. A clause that does not fit whole says nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from truestep.derivations.language import case_words
from truestep.derivations.language.altering import ALTERING
from truestep.derivations.language.predicate_rows import PREDICATES
from truestep.derivations.language.property_rows import SUBJECTS

if TYPE_CHECKING:
    from collections.abc import Iterator

OPEN, CLOSE = "\x02", "\x03"
M = rf"{OPEN}\d+{CLOSE}"


SHARES = ("entries", "rows", "diagonal entries", "other entries")
NOUNS = ("second", "slope", "function", "result", "integral", "norm", "size", "most", "least")
KINDS = tuple(dict.fromkeys(row.part for row in PREDICATES))
LONGEST = 160  # letters of a clause that says something of a quantity
_VALUES = frozenset(("2", "1/2", "-1", "1", "outer", "product", "sum", "inverse", "transpose"))
_WIDE = re.compile("(由于|因为|因此|所以|总是|始终是|是|为|故)")
_NUMBERS = {"zero": 0, "null": 0, "one": 1, "eins": 1}


class Property(NamedTuple):
    """What is said: of what (a kind of subject with the formulas in it), which property with its formulas, and where.

    ``subject`` is one of NOUNS, "it", "bare" or "", which goes on with the subject before.
    """

    subject: str
    of: tuple[int, ...]
    kind: str
    places: tuple[int, ...]
    is_denied: bool = False
    is_universal: bool = False
    where: int | None = None
    share: str = ""  # of which of its entries it is said
    number: int | None = None  # one that is said in words
    near: int | None = None  # the formula before it in its sentence
    by: tuple[int, ...] = ()  # by what a derivative is
    inner: str = ""  # the noun of which another noun is: the maximum of the derivative


@lru_cache(maxsize=64)
def _any(part: str) -> str:
    found = "|".join(row.words for row in (*SUBJECTS, *PREDICATES) if row.part == part)
    return found.replace("M", M)


@lru_cache(maxsize=2)
def _kinds(is_bare: bool) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """A form for each kind of predicate, in which "is" may be left out where it ``is_bare``."""

    def adverbs(k: str) -> str:
        told = rf"(?P<always{k}>{_any('always')})\s+|(?P<not{k}>{_any('not')})\s+"
        return rf"(?:{told}|(?:{_any('also')})\s+|(?:{_any('a')})\s+){{0,4}}"

    at = rf"(?:(?:{_any('only')})\s+)?(?:{_any('at')})\s+(?P<where>{M})"
    tail = rf"(?:\s+(?:(?P<everywhere>{_any('everywhere')})|{at}|(?:{_any('in')})))?"
    out = []
    for kind in KINDS:
        rows = [row for row in PREDICATES if row.part == kind]
        spelled = [_copula(row.language, one) for row in rows for one in _top(row.words.replace("M", M))]
        own = "|".join(one for one in spelled if not one.startswith("~"))
        shared = "|".join(one[1:].lstrip() for one in spelled if one.startswith("~"))
        of_is = rf"(?:{_any('is')})\s+{adverbs('1')}(?:{shared})"
        forms = [of_is] * bool(shared) + [rf"{adverbs('2')}(?:{own})"] * bool(own)
        if is_bare and shared and kind not in _VALUES:
            forms.append(rf"{adverbs('3')}(?:{shared})")
        out.append((kind, re.compile(rf"(?:{'|'.join(forms)}){tail}", re.IGNORECASE)))
    return tuple(out)


@lru_cache(maxsize=1)
def _altering() -> str:
    """The words that make another value of the formula behind them."""
    found = [word for row in ALTERING if row.place == "measure" for word in row.words.split("|")]
    return "|".join(found)


def _copula(language: str, form: str) -> str:
    """A form in a language that may say "is" by nothing, as one that does not need it."""
    return rf"(?:(?:{_any('is')})\s+)?{form[1:].lstrip()}" if language == "ru" and form.startswith("~") else form


def _top(forms: str) -> Iterator[str]:
    """The alternatives of a pattern that stand in no bracket."""
    depth, start = 0, 0
    for place, sign in enumerate(forms):
        depth += (sign == "(") - (sign == ")")
        if sign == "|" and not depth:
            yield forms[start:place]
            start = place + 1
    yield forms[start:]


@lru_cache(maxsize=1)
def _subject() -> re.Pattern[str]:
    det = rf"(?:(?:{_any('det')}|(?P<whose>{_any('whose')}))\s+)?"
    inner = "|".join(rf"(?P<of_{part}>{_any(part)})" for part in NOUNS[:3])
    of_noun = rf"(?:(?:{_any('det')})\s+)?(?:{inner})"
    of = rf"(?:\s+(?:{_any('of')})\s+(?:(?P<of>{M})|{of_noun}))?(?:\s+(?:{_any('by')})\s+(?P<by>{M}))?"
    lead = rf"(?:(?:{_any('lead')})\s+){{0,4}}"
    word = rf"(?!(?:{_altering()}|{_any('of')})\b)[^\W\d_]+"  # the residual
    share = "|".join(rf"(?P<share{k}>{_any(one)})" for k, one in enumerate(SHARES))
    nouns = "|".join(rf"(?P<{part}>{_any(part)})" for part in NOUNS)
    forms = (
        rf"(?:{share})(?:\s+(?:{_any('of')})\s+{M})?",
        rf"{det}(?:(?P<sized>{M})\s+)?(?:{nouns})(?:\s+(?P<named>{M}))?{of}",
        rf"(?:(?:(?:{_any('det')})\s+)?(?:{_any('thing')})|(?:{_any('det')})\s+{word}(?:\s+{word})?)\s+(?P<thing>{M})",
        rf"(?P<it>{_any('it')})",
        rf"(?P<bare>{M})",
    )
    return re.compile(
        rf"{lead}(?:(?P<there>{_any('there')})\s+)?(?:(?:{_any('at')})\s+(?P<where>{M})\s+)?(?:{'|'.join(forms)})(?:\s+|(?<='))(?=\S)",
        re.IGNORECASE,
    )


@lru_cache(maxsize=1)
def _clause() -> re.Pattern[str]:
    """Where a clause ends: at a comma, and before a "which" that a formula stands before."""
    begins = "|".join(map(_any, ("which", "whose", "that is")))
    return re.compile(rf"[,;:()，；：]|\s[–—]\s|(?<={CLOSE})\s+(?=(?:{begins})\s)", re.IGNORECASE)


@lru_cache(maxsize=1)
def _inverted() -> re.Pattern[str]:
    """A verb before its subject."""
    verbs = "|".join(row.words for row in SUBJECTS if (row.part, row.language) == ("is", "de"))
    return re.compile(rf"(?:(?:{_any('lead')})\s+){{0,4}}({verbs})\s+", re.IGNORECASE)


@lru_cache(maxsize=1)
def _ended() -> re.Pattern[str]:
    """A verb behind all else."""
    verbs = "|".join(row.words for row in SUBJECTS if (row.part, row.language) == ("is", "de"))
    return re.compile(rf"\s({verbs})$", re.IGNORECASE)


@lru_cache(maxsize=1)
def _alone() -> re.Pattern[str]:
    """A clause that only says where what follows is so."""
    return re.compile(rf"(?:(?:{_any('lead')})\s+){{0,4}}(?:{_any('at')})\s+({M})", re.IGNORECASE)


@lru_cache(maxsize=1)
def _told_cases() -> re.Pattern[str]:
    """``that is, $1$ for $x > 0$ and $0$ for $x < 0$``"""
    one = rf"{M}\s+(?:{_any('at')})\s+{M}"
    return re.compile(rf"(?:{_any('that is')})\s+(?={one}(?:\s+\w+\s+{one})*$)", re.IGNORECASE)


@lru_cache(maxsize=1)
def _case() -> re.Pattern[str]:
    value, point = (rf"{OPEN}(\d+){CLOSE}" for _ in range(2))
    return re.compile(rf"{value}\s+(?:{_any('at')})\s+{point}", re.IGNORECASE)


@lru_cache(maxsize=1)
def _joints() -> re.Pattern[str]:
    return re.compile(rf"\s(?:{_any('joint')})\s", re.IGNORECASE)


@lru_cache(maxsize=1)
def _lead() -> re.Pattern[str]:
    return re.compile(rf"(?:(?:{_any('lead')})\s+){{0,4}}", re.IGNORECASE)


def _numbers(text: str | None) -> tuple[int, ...]:
    return tuple(map(int, re.findall(rf"{OPEN}(\d+){CLOSE}", text or "")))


def properties(sentence: str) -> Iterator[Property]:
    """What a sentence says of what it speaks of, clause by clause.

    >>> [(one.subject, one.kind) for one in properties("so the Hessian is always positive definite and symmetric")]
    [('second', 'definite >'), ('', 'symmetric')]
    >>> list(properties("The derivative is positive or zero")), list(properties("The outer derivative is negative"))
    ([], [])
    """
    found, near, where, is_there = list[Property](), None, None, False
    sentence = re.sub(rf"(?<!\w)({_any('that is')})\s*,", r"\1 ", sentence, flags=re.IGNORECASE)
    sentence = _WIDE.sub(r" \1 ", sentence.replace("的", " ")) if case_words.WIDE.search(sentence) else sentence
    for clause in _clause().split(sentence):
        start = 0
        for joint in [*_joints().finditer(clause), None]:
            part = " ".join(clause[start : joint.start() if joint else len(clause)].split()).rstrip(" .!")
            if len(part) > LONGEST:
                start = joint.start() if joint else start
                continue
            if (alone := _alone().fullmatch(part)) is not None:
                where, is_there = _numbers(alone[1])[0], True  # for $x > 0$, ...
                near, start = where, joint.start() if joint else start
                continue
            said = list(_of_clause(part, near, where, is_there))
            if case_words.has(part, "if", "for", "unless", "only") and all(one.where is None for one in said):
                return  # under which all the rest may be said
            found += said
            where, is_there = next((one.where for one in said if one.where is not None), where), False
            near = max(_numbers(part), default=near)
            start = joint.start() if joint else start
    yield from found


def _of_clause(clause: str, near: int | None, last: int | None, is_there: bool = False) -> Iterator[Property]:
    """What a clause says, behind a formula that is ``near``, and a point that the one before was at."""
    found = _subject().match(clause)
    if (cases := _told_cases().match(clause)) is not None:
        for value, point in _case().findall(clause, cases.end()):
            yield Property("it", (), "1", (int(value),), where=int(point), near=near)
        return
    said = clause[found.end() :] if found is not None else _lead().sub("", clause, count=1)
    if found is None and (turned := _inverted().match(clause)) is not None:  # damit ist es konvex
        behind = clause[turned.end() :]
        found = _subject().match(behind)
        said = f"{turned[1]} {behind[found.end() :]}" if found is not None else said
    if found is not None and (ended := _ended().search(said)) is not None:  # da es konvex ist
        said = f"{ended[1]} {said[: ended.start()]}"
    groups = found.groupdict() if found is not None else {}
    share = next((one for k, one in enumerate(SHARES) if groups.get(f"share{k}")), "")
    where = next(iter(_numbers(groups.get("where"))), last if is_there or groups.get("there") else None)
    noun = next((one for one in (*NOUNS, "it") if groups.get(one)), "")
    named = _numbers(groups.get("named")) or _numbers(groups.get("thing")) or _numbers(groups.get("bare"))
    named = named or (_numbers(found[0]) if found is not None and share else ())
    subject, of = ("bare", named) if named else (noun, _numbers(groups.get("of")))
    by = _numbers(groups.get("by"))
    inner = next((part for part in NOUNS[:3] if groups.get(f"of_{part}")), "")
    if sized := _numbers(groups.get("sized")):
        yield Property(noun, (), "shape", sized)
    if named and noun == "second":
        yield Property(noun, (), "1", named)
    pieces = re.split(rf"\s+(?:and|und|et|y|и|but)\s+(?!{M}(?:$|\s))", said)
    for k, piece in enumerate(pieces):
        known = _known(piece, k > 0 or found is None)
        if known is None and k and _subject().match(piece):
            yield from _of_clause(" and ".join(pieces[k:]), near, last, is_there)
        if known is None:
            return
        kind, parts = known[0], known[1].groupdict()
        there = next(iter(_numbers(parts["where"])), where)
        free = {*_numbers(parts["where"]), *_numbers(parts["everywhere"])}
        places = tuple(one for one in _numbers(piece) if one not in free)
        is_universal = any(parts[one] for one in parts if one.startswith(("always", "everywhere")))
        is_denied = any(parts[one] for one in parts if one.startswith("not"))
        number = _NUMBERS.get(piece.rpartition(" ")[2].lower())
        first = (subject, of) if k == 0 else ("", ())
        yield Property(
            *first,
            kind,
            places,
            is_denied,
            is_universal,
            there,
            share,
            number,
            near,
            () if k else by,
            "" if k else inner,
        )


def _known(piece: str, is_bare: bool) -> tuple[str, re.Match[str]] | None:
    """The kind of a predicate, with how it is said."""
    for kind, form in _kinds(is_bare):
        found = form.fullmatch(piece)
        if found is not None:
            return kind, found
    return None
