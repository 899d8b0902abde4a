"""The words that a work introduces as names."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from truestep.checkers.documents.words import told
from truestep.derivations.language.functions import WORDS
from truestep.derivations.language.reading.code import CALL, METHOD
from truestep.derivations.language.reading.rowtext import EQUALITIES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.checkers.works.grouping import Group
    from truestep.derivations.language.latex.groups import Token
    from truestep.derivations.language.reading.rowtext import Context

SHORTEST = 3  # a name of fewer letters is a product
_NAMING = EQUALITIES | {":=", "=:"}
_BEHIND = EQUALITIES | {":=", "_"}


def own_words(found: Sequence[Group], context: Context) -> frozenset[str]:
    r"""The words that a work introduces as names: ``err = y - t``, ``loss_i = ...``, ``\text{loss} = ...``."""
    rows = [group.printed for group in found if group.once(_has_words)]
    used = {token.text.strip() for tokens in rows for token in tokens[1:] if token.kind == "text"}
    lefts, texts = {group.once(_left_word) for group in found}, set[str]()
    for tokens in rows:
        for place, token in enumerate(tokens):
            if token.kind != "text":
                continue
            word, behind = token.text.strip(), tokens[place + 1].text if place + 1 < len(tokens) else ""
            is_named = place > 0 and tokens[place - 1].text in _NAMING and behind == "_"
            is_left = (place == 0 and behind in _BEHIND and word in used) or _is_called(tokens, place)
            texts |= {word} if (is_left or is_named) and not told(word, "", "") else set()
    known = {*context.notation.bases, *lefts, "d", *"0123456789"}
    is_code = any(group.once(_is_code) for group in found)
    shortest = SHORTEST - is_code  # gw = X.T @ e
    long = {word for word in lefts if len(word) >= shortest and not known.issuperset(word)}
    return frozenset(word for word in (*long, *texts) if word not in (*context.notation.words, *WORDS))


def _has_words(tokens: Sequence[Token]) -> bool:
    return any(token.kind == "text" for token in tokens)


def _is_code(tokens: Sequence[Token]) -> bool:
    return any(token.text == "@" or token.text.startswith((CALL, METHOD)) for token in tokens)


def _left_word(row: Sequence[Token]) -> str:
    """The letters, side by side, that stand before a sign of equality, or a subscript, with their number."""
    tokens = [token for token in row if token.text != "&"]
    run = list(itertools.takewhile(lambda token: token.kind == "letter", tokens))
    run += itertools.takewhile(lambda token: token.kind == "digit", tokens[len(run) :]) if len(run) > 1 else ()
    is_tight = all(one.end == other.start for one, other in itertools.pairwise(run))
    following = tokens[len(run)].text if run and len(run) < len(tokens) else ""
    return "".join(one.text for one in run) if is_tight and following in _BEHIND else ""


def _is_called(tokens: Sequence[Token], place: int) -> bool:
    r"""Whether a word on a left side is a function of what its brackets hold: ``\text{Loss}(w, b) = ...``."""
    end = next((k for k, token in enumerate(tokens) if token.text in _NAMING), 0)
    stop = next((k for k in range(place, end) if tokens[k].text in (")", "]")), 0)
    opens = stop > place + 2 and tokens[place + 1].text in ("(", "[")
    is_tight = opens and tokens[place].end == tokens[place + 1].start
    inner = (token.kind != "mark" or token.text in (",", ";", "_", "^", "'", "|") for token in tokens[place + 2 : stop])
    is_alone = place == 0 and stop + 1 == end
    return is_tight and all(inner) and (is_alone or (place > 0 and tokens[place - 1].kind not in ("text", "space")))
