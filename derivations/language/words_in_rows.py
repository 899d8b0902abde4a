"""Words that stand between blanks in a row of plain text, or of LaTeX without ``\\text``: "if", "und", "donc"."""

from __future__ import annotations

import itertools
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from truestep.derivations.language.faults import ReadingFault
from truestep.derivations.language.latex.groups import Token, Tree, tree
from truestep.derivations.language.liberties import Choice
from truestep.derivations.language.phrases.table import CASES, ROLES
from truestep.derivations.language.reading.cursor import RELATIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from truestep.derivations.language.liberties import Reading
    from truestep.derivations.language.notation import Notation

_USUAL = (
    "if for when otherwise else where since because and or then so hence thus let with by case which gives that is as "
    "we get from using therefore ssi gdw sii"
)
EQUIVALENT = frozenset(("iff", "ssi", "gdw", "sii"))
_CONNECTING = frozenset(
    (
        "if when for case where given since because by using with as let note recall from thus so then hence therefore "
        "and or but is to at of in on assuming whenever otherwise else see eq equation"
    ).split()
)
_WORD = re.compile("[A-Za-z]+")
_OPERATORS = frozenset("+-*/^_,;:)]}") | {r"\cdot", r"\times", r"\odot", r"\circ"}


@lru_cache(maxsize=1)
def words() -> frozenset[str]:
    """The words that may stand anywhere in a row."""
    known = CASES.words("if", "and", "or", "where", "rest") | ROLES.words(*ROLES.meanings)
    return frozenset((*_USUAL.split(), *(one for one in known if len(one) > 2 and one.isascii() and one.isalpha())))


@lru_cache(maxsize=1)
def joining() -> frozenset[str]:
    """Those too short to stand anywhere: only between two claims."""
    return frozenset(word for word in CASES.words("and", "or", "where") if len(word) <= 2 and word.isascii())


@lru_cache(maxsize=1)
def _first_letters() -> frozenset[str]:
    return frozenset(letter for word in words() | joining() for letter in (word[0], word[0].upper()))


def with_words(tokens: list[Token], notation: Notation) -> list[Token]:
    """Words between blanks, such as "if", as text."""
    if _first_letters().isdisjoint(tree(tokens).texts):
        return tokens
    several = [span for span in runs(tokens) if span[1] - span[0] > 1 or len(tokens[span[0]].text) > 1]
    found = {span for span in several if _is_free(tokens, *span, notation)}
    if not found:
        return tokens
    out: list[Token] = []
    place = 0
    for start, end in sorted(found):
        word, edge = "".join(token.text for token in tokens[start:end]), (tokens[start].start, tokens[end - 1].end)
        is_arrow = word in EQUIVALENT and _is_between_claims(tokens, start, end)
        out += [
            *tokens[place:start],
            Token(*(("command", r"\Leftrightarrow") if is_arrow else ("text", f" {word} ")), *edge),
        ]
        place = end
    return out + tokens[place:]


def runs(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """The runs of letters that stand side by side without a gap."""
    found, start, end = list[tuple[int, int]](), -1, -1  # the run that is read, and where its last letter ends
    for place, (kind, _, begin, stop, _) in enumerate(tokens):
        if start >= 0 and (kind != "letter" or begin != end):
            found.append((start, place))
            start = -1
        if kind == "letter":
            start, end = (place if start < 0 else start), stop
    return [*found, (start, len(tokens))] if start >= 0 else found


def _is_free(tokens: Sequence[Token], start: int, end: int, notation: Notation) -> bool:
    """Whether a run of letters is a word that stands alone, and no product of names."""
    word = "".join(token.text for token in tokens[start:end])
    said = word[:1].lower() + word[1:] if start == 0 else word
    if len(word) < 2 or said not in words() | joining() or word in notation.words:
        return False
    known = notation.letters | notation.own
    if all(notation.is_name(letter) or letter in known for letter in word):
        return False
    before = start == 0 or tokens[start - 1].end < tokens[start].start or tokens[start - 1].text in ",;)}"
    after = end == len(tokens) or tokens[end].start > tokens[end - 1].end or tokens[end].text in ",;:(}"
    return before and after and (said in words() or _is_between_claims(tokens, start, end))


def _is_between_claims(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Whether two claims stand beside a place, the second with a left side of its own."""
    first, second = tokens[:start], tokens[end:]
    is_whole = (
        bool(first) and first[-1].text not in RELATIONS | _OPERATORS - {")", "]", "}"} and first[-1].kind != "text"
    )
    is_own = bool(second) and second[0].text not in RELATIONS | _OPERATORS and second[0].kind not in ("text", "space")
    return is_whole and is_own and all(any(token.text in RELATIONS for token in side) for side in (first, second))


def joined(tokens: Tree, reading: Reading, offers: set[Choice] | None) -> Tree:
    """A row in which letters between two claims may be words, such as the Spanish "y"."""
    if joining().isdisjoint(tokens.texts):
        return tokens
    out = list(tokens)
    for place in tokens.top(1, len(tokens) - 1):
        token = tokens[place]
        is_apart = tokens[place - 1].end < token.start and token.end < tokens[place + 1].start
        if token.kind != "letter" or token.text not in joining() or not is_apart:
            continue
        if not _is_between_claims(tokens, place, place + 1):
            continue
        if offers is not None:
            offers.add(Choice("joining-letter", token.start))
        if reading.takes("joining-letter", token.start):
            out[place] = token._replace(kind="text", text=f" {token.text} ")
    return tree(out)


def behind_unknown_call(tokens: Tree, is_name: Callable[[Token], bool], relations: Sequence[int]) -> Tree:
    r"""A row without the function that is not known here on its left: ``\text{Var}(x) = a = b`` says that a is b.

    Raises ReadingFault where one is applied elsewhere, ``\text{round}(x)``, or nothing else is said.
    """
    for place, (token, following) in enumerate(itertools.pairwise(tokens)) if "text" in tokens.kinds else ():
        if token.kind != "text":
            continue
        called = following.text == "(" and following.kind == "mark" and following.start == token.end
        if not called or not _WORD.fullmatch(token.text):
            continue
        if token.text.lower() in _CONNECTING or is_name(token):
            continue
        if place == 0 and len(relations) > 1 and tokens.partner[1] + 1 == relations[0]:
            return tree(tokens[relations[0] + 1 :])
        raise ReadingFault(f"{token.text} is no function that is known here", (token.start, token.end))
    return tokens
