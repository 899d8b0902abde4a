"""What words say that something is: "the derivative is always positive", "which is a scalar", "its entries sum to one".

A formula stands in a sentence as its place between two marks. A clause that does not fit whole says nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from truestep.derivations.language import case_words
from truestep.derivations.language.phrases.ends import PART
from truestep.derivations.language.phrases.table import ALTERING, CASES, PREDICATES, SUBJECTS, WIDE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

OPEN, CLOSE = "\x02", "\x03"
M = rf"{OPEN}\d+{CLOSE}"


SHARES = ("entries", "rows", "diagonal entries", "other entries")
NOUNS = ("second", "slope", "function", "result", "integral", "norm", "size", "most", "least")
# in both tables M is a formula, and in that of predicates ~ stands for "is"
ORIGIN = -1
PARTS = {"piece": "add", "factor": "product"}  # what they are parts of
ORDINALS = {"first": 0, "next": 1, "last": -1}
LONGEST = 160  # letters of a clause that says something of a quantity
_VALUES = frozenset(("2", "1/2", "-1", "1", "outer", "product", "sum", "inverse", "transpose"))
_WIDE = re.compile("(由于|因为|因此|所以|总是|始终是|是|为|故)")
_SIGNS = (">", "<", ">=", "<=")
_NUMERAL = re.compile(rf"(?<![\w.{OPEN}])-?\d+(?:/\d+|\.\d+)?(?![\w{CLOSE}])")
_LEAD = r"(?:<lead>\s+){0,4}"
_SIDES = r"(?:(?P<plus><plus>)\s+|(?P<minus><minus>)\s+)?"
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
    where: int | None = None  # ORIGIN where the variable is zero
    share: str = ""  # of which of its entries it is said
    number: int | None = None  # one that is said in words
    near: int | None = None  # the formula before it in its sentence
    by: tuple[int, ...] = ()  # by what a derivative is
    inner: str = ""  # the noun of which another noun is: the maximum of the derivative
    side: str = ""  # the sign of what it is said for: "for negative $x$"
    nth: int = 0  # which part of a formula is meant: "the last term" is -1
    is_far: bool = False  # whether it is said for large values


def spoken_form(form: str) -> re.Pattern[str]:
    """A form with the phrases of subjects in it, in which M is a formula.

    >>> spoken_form("<it> <is> M").fullmatch(f"this is {OPEN}2{CLOSE}") is not None
    True
    """
    return re.compile(SUBJECTS.filled(form).replace("M", M), re.IGNORECASE)


@lru_cache(maxsize=2)
def _kinds(is_bare: bool) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """A form for each kind of predicate, in which "is" may be left out where it ``is_bare``."""

    def adverbs(k: str) -> str:
        return rf"(?:(?P<always{k}><always>)\s+|(?P<not{k}><not>)\s+|<also>\s+|<a>\s+){{0,4}}"

    at = rf"(?:<only>\s+)?<at>\s+(?:{_SIDES}(?P<where>M)|(?P<origin><origin>))"
    tail = rf"(?:\s+(?:(?P<everywhere><everywhere>)|{at}|<in>|(?P<like><like>\s+M)))?"
    out = []
    for kind in PREDICATES.meanings:
        rows = [row for row in PREDICATES.rows if row.meaning == kind]
        spelled = [_copula(row.language, phrase) for row in rows for phrase in row.phrases]
        own = "|".join(one for one in spelled if not one.startswith("~"))
        shared = "|".join(one[1:].lstrip() for one in spelled if one.startswith("~"))
        forms = [rf"<is>\s+{adverbs('1')}(?:{shared})"] * bool(shared) + [rf"{adverbs('2')}(?:{own})"] * bool(own)
        if is_bare and shared and kind not in _VALUES:
            forms.append(rf"{adverbs('3')}(?:{shared})")
        out.append((kind, spoken_form(rf"(?:{'|'.join(forms)}){tail}")))
    return tuple(out)


def _copula(language: str, form: str) -> str:
    """A form in a language that may say "is" by nothing, as one that does not need it."""
    return rf"(?:<is>\s+)?{form[1:].lstrip()}" if language == "ru" and form.startswith("~") else form


@lru_cache(maxsize=1)
def _subject() -> re.Pattern[str]:
    det = r"(?:(?:<det>|(?P<whose><whose>))\s+)?"
    inner = "|".join(rf"(?P<of_{part}><{part}>)" for part in NOUNS[:3])
    of = rf"(?:\s+<of>\s+(?:(?P<of>M)|(?:<det>\s+)?(?:{inner})))?(?:\s+<by>\s+(?:<det>\s+[^\W\d_]+\s+)?(?P<by>M))?"
    altered = "|".join(ALTERING.phrases("measure"))  # the words that make another value of the formula behind them
    word = rf"(?!(?:{altered}|<of>)\b)[^\W\d_]+"  # the residual
    share = "|".join(rf"(?P<share{k}><{one}>)" for k, one in enumerate(SHARES))
    nth = "|".join(rf"(?P<{one}><{one}>)" for one in ORDINALS)
    nouns = "|".join(rf"(?P<{part}><{part}>)" for part in NOUNS)
    forms = (
        rf"(?:{share})(?:\s+<of>\s+(?:M|(?:<det>\s+)?(?P<shared><slope>)))?",
        rf"<eigen>\s+<of>\s+(?:<det>\s+{word}\s+)?(?P<eigen>M)",
        rf"<det>\s+(?:{nth})\s+(?:(?P<piece><piece>)|(?P<factor><factor>))(?:\s+<of>\s+(?P<whole>M))?",
        rf"{det}(?:(?P<sized>M)\s+)?(?:{nouns})(?:\s+(?P<named>M))?{of}(?:\s+<at>\s+(?P<spot>M))?",
        rf"(?:(?:<det>\s+)?<thing>|<det>\s+{word}(?:\s+{word})?)\s+(?P<thing>M)",
        r"(?P<exists><exists>)",
        r"(?P<it><it>)",
        r"(?P<bare>M)",
        rf"(?P<unnamed><both>|<det>\s+(?:{word}\s+)?{word}(?=\s+<is>\s))",
    )
    point = rf"(?:<det>\s+(?:{word}\s+){{1,2}}|(?P<far><large>\s+(?:{word}\s+)?))?{_SIDES}(?P<where>M)"
    opens = rf"{_LEAD}(?:(?P<there><there>)\s+)?(?:<at>\s+(?:{point}|(?P<origin><origin>))\s*,?\s+)?"
    return spoken_form(rf"{opens}(?:{'|'.join(forms)})(?:\s+|(?<='))(?=\S)")


@lru_cache(maxsize=1)
def _clause() -> re.Pattern[str]:
    """Where a clause ends: at a comma, and before a "which" that a formula stands before."""
    return spoken_form(
        rf"{PART.pattern}|\s[–—]\s|(?<={CLOSE})\s+(?=(?:<which>|<whose>|<that is>|<there>\s+M\s+<is>)\s)"
    )


@lru_cache(maxsize=1)
def _inverted() -> re.Pattern[str]:
    """A verb before its subject, and behind the point that it is said of."""
    verb = rf"{SUBJECTS.text('is', language='de')}|<has>"
    return spoken_form(rf"{_LEAD}(?:<at>\s+{_SIDES}(?P<where>M)\s*,?\s+)?(?P<verb>{verb})\s+")


@lru_cache(maxsize=1)
def _ended() -> re.Pattern[str]:
    """A verb behind all else."""
    return spoken_form(rf"\s({SUBJECTS.text('is', language='de')})$")


@lru_cache(maxsize=1)
def _alone() -> re.Pattern[str]:
    """A clause that only says where what follows is so."""
    return spoken_form(rf"{_LEAD}<at>\s+{_SIDES}(?P<where>M)")


@lru_cache(maxsize=1)
def _told_cases() -> re.Pattern[str]:
    """``that is, $1$ for $x > 0$ and $0$ for $x < 0$``"""
    one = r"M\s+<at>\s+M"
    return spoken_form(rf"<that is>\s+(?={one}(?:\s+\w+\s+{one})*$)")


@lru_cache(maxsize=1)
def _critical() -> re.Pattern[str]:
    return spoken_form(rf"{_LEAD}<det>\s+<critical>\s+(?:<is>|<exists>)\s+(?:<at>\s+)?(?P<where>M)")


@lru_cache(maxsize=1)
def _each() -> re.Pattern[str]:
    """``is $1$ for $x > 0$ and $0$ for $x < 0$``"""
    one = r"M\s+<at>\s+M"
    return spoken_form(rf"<is>\s+(?:<also>\s+)*{one}(?:\s+\w+\s+{one})+")


@lru_cache(maxsize=1)
def _case() -> re.Pattern[str]:
    value, point = (rf"{OPEN}(\d+){CLOSE}" for _ in range(2))
    return spoken_form(rf"{value}\s+<at>\s+{point}")


@lru_cache(maxsize=1)
def _joints() -> re.Pattern[str]:
    return spoken_form(r"\s(?:<joint>\s|(?<!\band\s)(?=it\s+<is>\s))")


@lru_cache(maxsize=1)
def _pieces() -> re.Pattern[str]:
    """Where another predicate begins, or another thing with one of its own."""
    return spoken_form(r"\s+(?:and|und|et|y|и|but)\s+(?!M(?:$|\s(?!<is>)))")


@lru_cache(maxsize=1)
def _lead() -> re.Pattern[str]:
    return spoken_form(_LEAD)


@lru_cache(maxsize=1)
def _that_of() -> re.Pattern[str]:
    """``and that of $b$ is``, of the derivative that the sentence spoke of before"""
    return spoken_form(r"\s(and|et|und|y|e)\s+(?:that|celle|die|la|quella|a)\s+<of>\s+(?=M)")


@lru_cache(maxsize=1)
def _explained() -> re.Pattern[str]:
    return spoken_form(r"(?<!\w)(<that is>)\s*,")


@lru_cache(maxsize=1)
def _conceded() -> re.Pattern[str]:
    """What changes nothing: ``even if $B$ is not``"""
    return spoken_form(r"\s+<even>\s[^,;]*$")


def places_in(text: str | None) -> tuple[int, ...]:
    """The places of the formulas in a text.

    >>> places_in(f"{OPEN}2{CLOSE} and {OPEN}4{CLOSE}")
    (2, 4)
    """
    return tuple(map(int, re.findall(rf"{OPEN}(\d+){CLOSE}", text or "")))


@lru_cache(maxsize=512)
def properties(sentence: str) -> tuple[Property, ...]:
    """What a sentence says of what it speaks of, clause by clause.

    >>> [(one.subject, one.kind) for one in properties("so the Hessian is always positive definite and symmetric")]
    [('second', 'definite >'), ('', 'symmetric')]
    >>> properties("The derivative is positive or zero"), properties("The outer derivative is negative")[0].subject
    ((), 'unnamed')
    """
    return tuple(_properties(sentence)) if any(map(str.isalpha, sentence)) else ()


def with_numbers(sentence: str, first: int) -> tuple[str, list[str]]:
    r"""A sentence with its numbers as formulas, too, from this place on; and these.

    >>> with_numbers("It lies between 0 and 1/2", 7)
    ('It lies between \x027\x03 and \x028\x03', ['0', '1/2'])
    """
    places, numbers = count(first), _NUMERAL.findall(sentence)
    return (_NUMERAL.sub(lambda _: f"{OPEN}{next(places)}{CLOSE}", sentence), numbers) if numbers else (sentence, [])


def _properties(sentence: str) -> Iterator[Property]:
    found, near, where, is_there, side = list[Property](), None, None, False, ""
    sentence = _that_of().sub(r" \1 derivative of ", sentence) if SUBJECTS.has(sentence, "slope") else sentence
    sentence = _explained().sub(r"\1 ", _conceded().sub("", sentence.replace("if and only if", "iff")))
    sentence = _WIDE.sub(r" \1 ", sentence.replace("的", " ")) if WIDE.search(sentence) else sentence
    for clause in _clause().split(sentence):
        start = 0
        for joint in [*_joints().finditer(clause), None]:
            part = " ".join(clause[start : joint.start() if joint else len(clause)].split()).rstrip(" .!")
            if len(part) > LONGEST:
                start = joint.start() if joint else start
                continue
            if (alone := _alone().fullmatch(part)) is not None:
                where, is_there = places_in(alone["where"])[0], True  # for $x > 0$, ...
                side = _side(alone.groupdict())
                near, start = where, joint.start() if joint else start
                continue
            said = [one._replace(side=one.side or side) for one in _of_clause(part, near, where, is_there)]
            if case_words.has(part, "if", "for", "unless", "only") and not any(
                one.where is not None or one.is_universal for one in said
            ):
                return  # under which all the rest may be said
            found += said
            where, is_there = next((one.where for one in said if one.where is not None), where), False
            side = next((one.side for one in said if one.where is not None), side)
            near = max(places_in(part), default=near)
            start = joint.start() if joint else start
    yield from found


def _of_clause(clause: str, near: int | None, last: int | None, is_there: bool = False) -> Iterator[Property]:
    """What a clause says, behind a formula that is ``near``, and a point that the one before was at."""
    found = _subject().match(clause)
    if (critical := _critical().fullmatch(clause)) is not None:
        yield Property("slope", (), "zero", (), where=places_in(critical["where"])[0], near=near)
        return
    if (cases := _told_cases().match(clause)) is not None:
        for value, point in _case().findall(clause, cases.end()):
            yield Property("it", (), "1", (int(value),), where=int(point), near=near)
        return
    said = clause[found.end() :] if found is not None else _lead().sub("", clause, count=1)
    if found is None and (turned := _inverted().match(clause)) is not None:  # damit ist es konvex
        behind = clause[turned.end() :]
        found = _subject().match(behind)
        said = f"{turned['verb']} {behind[found.end() :]}" if found is not None else said
        last, is_there = (places_in(turned["where"])[0], True) if found and turned["where"] else (last, is_there)
    if found is not None and (ended := _ended().search(said)) is not None:  # da es konvex ist
        said = f"{ended[1]} {said[: ended.start()]}"
    groups = found.groupdict() if found is not None else {}
    share = next((one for k, one in enumerate(SHARES) if groups.get(f"share{k}")), "")
    where = next(
        iter(places_in(groups.get("where") or groups.get("spot"))), last if is_there or groups.get("there") else None
    )
    where = ORIGIN if groups.get("origin") else where
    noun = (
        "slope"
        if groups.get("shared")
        else next((one for one in (*NOUNS, "it", *PARTS, "unnamed") if groups.get(one)), "")
    )
    noun = "function" if groups.get("exists") else noun
    named = next(filter(None, (places_in(groups.get(one)) for one in ("named", "thing", "bare", "eigen"))), ())
    named = named or (places_in(found[0]) if found is not None and share else ())
    subject, of = ("bare", named) if named else (noun, places_in(groups.get("whole" if noun in PARTS else "of")))
    by = places_in(groups.get("by"))
    inner = next((part for part in NOUNS[:3] if groups.get(f"of_{part}")), "")
    if sized := places_in(groups.get("sized")):
        yield Property(noun, (), "shape", sized)
    if named and noun in ("second", "most", "least"):
        yield Property(noun, (), "1", named, near=near)
    if (cases := _each().fullmatch(said)) is not None and subject:
        for value, point in _case().findall(cases[0]):
            yield Property(subject, of, "1", (int(value),), where=int(point), near=near, by=by, inner=inner)
        return
    before: Property | None = None
    pieces = _pieces().split(said)
    for k, piece in enumerate(pieces):
        known = _known(piece, k > 0 or found is None or bool(groups.get("exists")))
        if known is None and before is not None and (more := _alone().fullmatch(piece)) is not None:  # and for $x = 2$
            yield before._replace(where=places_in(more["where"])[0], side=_side(more.groupdict()))
            continue
        if known is None and k and _subject().match(piece):
            yield from _of_clause(" and ".join(pieces[k:]), near, last, is_there)
        if known is None:
            return
        kind, parts = known[0], known[1].groupdict()
        kind = f"definite {kind[0]}" if groups.get("eigen") and kind in _SIGNS else kind
        there = ORIGIN if parts["origin"] else next(iter(places_in(parts["where"])), where)
        free = {place for one in ("where", "everywhere", "like") for place in places_in(parts[one])}
        places = tuple(one for one in places_in(piece) if one not in free)
        is_universal = any(parts[one] for one in parts if one.startswith(("always", "everywhere")))
        is_denied = any(parts[one] for one in parts if one.startswith("not"))
        number = _NUMBERS.get(piece.rpartition(" ")[2].lower())
        first = (subject, of) if k == 0 else ("", ())
        before = Property(
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
            _side(parts) or _side(groups),
            next((place for one, place in ORDINALS.items() if groups.get(one)), 0),
            bool(groups.get("far")),
        )
        yield before


def _known(piece: str, is_bare: bool) -> tuple[str, re.Match[str]] | None:
    """The kind of a predicate, with how it is said; a formula of its own may stand behind it."""
    alone = _beside().sub("", piece)
    for one in dict.fromkeys((piece, piece if OPEN in alone else alone)):
        for kind, form in _kinds(is_bare):
            found = form.fullmatch(one)
            if found is not None:
                return kind, found
    return None


@lru_cache(maxsize=1)
def _beside() -> re.Pattern[str]:
    return re.compile(rf"\s+(?:{'|'.join(CASES.phrases('and'))})\s+{M}$")


def _side(groups: Mapping[str, str | None]) -> str:
    """The sign of what something is said for."""
    return ">" if groups.get("plus") else "<" if groups.get("minus") else ""
