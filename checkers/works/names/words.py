"""The words that a work introduces as names."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from truestep.checkers.documents.words import told
from truestep.derivations.language import case_words, equating_words
from truestep.derivations.language.functions import WORDS
from truestep.derivations.language.latex.groups import Token
from truestep.derivations.language.notation import FONTS
from truestep.derivations.language.reading.code import CALL, METHOD
from truestep.derivations.language.reading.rowtext import EQUALITIES
from truestep.derivations.language.reading.spellings import Spelling
from truestep.derivations.language.reading.tokens import canonical

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.checkers.works.grouping import Group
    from truestep.derivations.language.expression import Expression
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


def called_slopes(found: Sequence[Group], context: Context, asked: Sequence[Expression]) -> dict[str, Spelling]:
    r"""What is asked under what it is called: ``Hessian = ...``, ``\operatorname{Hess}(J) = ...``, ``H_J(w) = ...``."""
    made = dict[str, Spelling]()
    orders = [len(node.args) - 1 for node in asked if node.head == "derivative"]
    goals = [node for node in asked if node.head == "derivative" and orders.count(len(node.args) - 1) == 1]
    for left in (group.once(_left_side) for group in found):
        for goal in goals if left else ():
            if _calls(left, goal, context):
                unit = Token("unit", name := canonical(left), 0, 0, goal)
                made[name] = Spelling(left, frozenset(), (unit,))
    return made


def _left_side(tokens: Sequence[Token]) -> tuple[Token, ...]:
    stop = next((k for k, one in enumerate(tokens) if one.text in _NAMING), 0)
    return tuple(one for one in tokens[:stop] if one.text != "&" and one.kind != "space")


def _calls(left: Sequence[Token], goal: Expression, context: Context) -> bool:
    """Whether a left side is a word for a derivative of this order, alone or with what it is of, and where."""
    plain = [one for one in left if one.kind not in ("open", "close") and one.text not in (*FONTS, r"\operatorname")]
    if not plain:
        return False
    tight = 1 + sum(1 for _ in itertools.takewhile(lambda one: one[0].end == one[1].start, itertools.pairwise(plain)))
    run = list(itertools.takewhile(lambda token: token.kind == "letter", plain[:tight]))
    word, rest = (plain[0].text, plain[1:]) if plain[0].kind == "text" else ("", plain[len(run) :])
    word = word.strip() or "".join(one.text for one in run)
    top, point = str(goal.args[0].data), str(goal.args[1].data)
    at = 3 if [one.text for one in plain[-3:]] == ["(", point, ")"] else 0
    of = [one.text for one in rest][: len(rest) - at]
    if len(goal.args) == 3 and [one.text for one in plain][: len(plain) - at] in _second(top):
        return not context.notation.is_name("D")
    if of not in ([], ["_", top], [top], ["(", top, ")"]) or context.notation.is_name(word):
        return False
    if len(goal.args) == 3:
        return word[:1] + of[0] == "H_" if len(word) == 1 and of else len(word) > 3 and case_words.has(word, "hessian")
    is_slope = len(word) > 3 and (said := equating_words.said(f"{word}: ")) is not None and said.of == "slope"
    return len(goal.args) == 2 and (is_slope or (len(word) > 3 and case_words.has(word, "jacobian")))


def _second(top: str) -> tuple[list[str], ...]:
    """``D^2 J`` and ``J''`` as they are written."""
    return (["D", "^", "2", top], [top, "'", "'"], [top, "^", "'", "'"])


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
