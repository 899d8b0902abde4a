"""A line that is a right side but for one place: what should stand there, what does, and the name of that."""

from __future__ import annotations

import itertools
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from truestep.checkers.mistakes.candidate import Candidate
from truestep.checkers.mistakes.patterns import changed, is_bias, is_slope, tells_cases
from truestep.checkers.mistakes.places import is_number, plain
from truestep.checkers.mistakes.right_sides import known
from truestep.checkers.mistakes.slipping import known as row_of
from truestep.checkers.mistakes.slipping import site_of
from truestep.checkers.mistakes.table import BY_FACTOR
from truestep.derivations.language.expression import Expression, add
from truestep.derivations.meaning.calculus import strip_groups
from truestep.derivations.meaning.entries import exact_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from truestep.checkers.mistakes.card import Card
    from truestep.checkers.mistakes.case import Case
    from truestep.checkers.mistakes.patterns import Row, Site

    Certain = tuple[frozenset[str], frozenset[str]]
    Maker = tuple[int, str, Row]  # where a row stands among all, the code of its card, the row

# of which nothing says more, though all of the line is another
PLAIN = frozenset(("missing-sum", "one-case-only", "product-rule"))
LOST = PLAIN | {"missing-term", "forgotten-bias"}  # from the line before
LEAVES = ("member", "kronecker", "symbol", "index")
MOST_TABLES = 4  # of cards
MAX_ARGS = 6  # of what is around a place
FACTORED = ("", "product", "quotient", "sum")  # below which 1 stands for a factor
ENTRYWISE = ("odot", "circ", "star")


class Pair(NamedTuple):
    """What should stand at a place, what does, the head of what is around it, and whether that stands below a line."""

    good: Expression
    bad: Expression
    above: str = ""
    is_below: bool = False


def differing(case: Case, cards: Sequence[Card]) -> Iterator[tuple[str, Candidate]]:
    """The code of what differs at one place from a right side, and that right side."""
    written, here = strip_groups(case.right), site_of(case)
    for form in known(case):
        *around, inner = apart(strip_groups(form.expression), written)
        is_whole = inner.bad is written and inner.good.head != inner.bad.head  # for which there may be a better name
        site = here._replace(rule=form.rule)
        is_said = not is_whole and not (is_number(inner.bad) and inner.above not in FACTORED)
        pairs = [one for one in (inner, *around[-1:]) if is_said and len(one.good.args) <= MAX_ARGS]
        found = [(code, inner) for code in codes_of(inner.good, inner.bad, inner.above, form.rule)]
        for code, pair in found or ((code, one) for one in pairs for code in _by_rows(cards, one, site)):
            if not is_whole or code in (LOST if form.expression is case.before else PLAIN):
                yield code, Candidate(form.expression, pair.bad.span)


def _by_rows(cards: Sequence[Card], pair: Pair, site: Site) -> Iterator[str]:
    """The cards of which a row makes one part of the other."""
    here, change, named = site._replace(above=pair.above), changed(pair.good, pair.bad), ""
    good, bad = pair.good.heads, pair.bad.heads
    fitting = [some for (lost, added), some in _makers(tuple(cards)).items() if lost <= good and added <= bad]
    for _, code, slip in sorted(itertools.chain(*fitting)):
        if code == named or (pair.is_below and code in BY_FACTOR) or not slip.may_make(change):
            continue
        if any(strip_groups(new) == pair.bad for new, _ in slip.made(pair.good, here)):
            named = code
            yield code


@lru_cache(maxsize=MOST_TABLES)
def _makers(cards: tuple[Card, ...]) -> dict[Certain, list[Maker]]:
    """The rows of cards that can be made of a right side, by the heads that they cannot do without, in their order."""
    found: dict[Certain, list[Maker]] = {}
    rows = ((card.code, row_of(text)) for card in cards if card.is_searched for text in card.ways)
    for place, (code, slip) in enumerate(rows):
        if slip.is_made:
            found.setdefault(slip.certain, []).append((place, code, slip))
    return found


def apart(good: Expression, bad: Expression) -> list[Pair]:
    """The parts of two expressions outside of which they are the same, the innermost last."""
    pairs = [Pair(good, bad)]
    while good.head == bad.head and not _is_leaf(good, bad) and _signs(good) == _signs(bad):
        rest = [[one for one in side.args if one not in other.args] for side, other in ((good, bad), (bad, good))]
        places = [place for place, pair in enumerate(zip(good.args, bad.args, strict=False)) if pair[0] != pair[1]]
        above, is_divisor = good.head, good.head == "quotient" and places == [1]
        if len(good.args) == len(bad.args) and len(places) == 1:
            good, bad = good.args[places[0]], bad.args[places[0]]
        elif above == "add" and all(rest) and len(rest[0]) < len(good.args):
            good, bad = (add(*some) for some in rest)
        else:
            break
        pairs.append(Pair(good, bad, above, pairs[-1].is_below != is_divisor))
    return pairs


def _is_leaf(good: Expression, bad: Expression) -> bool:
    """Whether two nodes differ as one sign on paper, or in their exponent; in an entry of an expression that may."""
    if good.head == "entry":
        return good.args[1:] != bad.args[1:] or {good.args[0].head, bad.args[0].head} == {"symbol"}
    if good.head == "power":
        return good.args[0] == bad.args[0] and None not in (exact_number(good.args[1]), exact_number(bad.args[1]))
    return good.head in LEAVES


def _signs(node: Expression) -> object:
    """What a node says beside its arguments; of a product only which of its signs act entry by entry."""
    return [sign in ENTRYWISE for sign in node.data] if node.head == "product" else node.data


def codes_of(good: Expression, bad: Expression, above: str = "", rule: str = "") -> Iterator[str]:
    """The name of writing one thing for another below some head, where the two say it; a rule has led to the one."""
    lost, added = _lacking(good, bad), _lacking(bad, good)
    if lost is not None:
        yield from _code_of_lost(good, bad, lost, rule)
    elif added is not None and added in (*good.args, good) and added.has("symbol", "member", "constant"):
        yield "extra-term" if bad.head == "add" else "extra-factor"
    elif good.head == bad.head:
        yield from _code_of_changed(good, bad)
    elif good.head == "power" and good.args[0] == bad:
        yield "wrong-exponent"
    elif good.head == "kronecker" and is_number(bad):
        yield "missing-delta"
    elif is_number(bad) and plain(bad).data[0] == 1 and above in FACTORED:
        yield from _code_of_factor(good)
    elif good.head == "sum" and plain(good.args[0]) == bad:
        yield "missing-sum"
    elif (good.head, bad) == ("transpose", *good.args[:1]) or (bad.head, good) == ("transpose", *bad.args[:1]):
        yield "transposed"


def _lacking(whole: Expression, rest: Expression) -> Expression | None:
    """The one argument of a sum or product that another lacks."""
    if whole.head not in ("add", "product"):
        return None
    for place, arg in enumerate(whole.args):
        others = (*whole.args[:place], *whole.args[place + 1 :])
        if others == (rest.args if rest.head == whole.head else (rest,)):
            return arg
    return None


def _code_of_lost(whole: Expression, rest: Expression, lost: Expression, rule: str) -> Iterator[str]:
    if whole.head == "add":
        yield from ["product-rule"] if "product rule" in rule else ["forgotten-bias"] if is_bias(lost) else []
        yield "one-case-only" if tells_cases(lost) and not tells_cases(rest) else "missing-term"
    else:
        yield from _code_of_factor(lost)


def _code_of_factor(lost: Expression) -> Iterator[str]:
    if is_slope(plain(lost)):
        yield "missing-inner-derivative"
    elif plain(lost).head == "kronecker":
        yield "missing-delta"
    elif any(node.head in ("symbol", "constant", "member") for node in lost.walk()):
        yield "missing-factor"


def _code_of_changed(good: Expression, bad: Expression) -> Iterator[str]:
    match good.head:
        case "symbol":
            yield "wrong-variable"
        case "entry" if good.args[1:] == bad.args[1:]:
            yield "wrong-variable"
        case "entry" if good.args[0] == bad.args[0]:
            yield "wrong-index"
        case "member" if good.data == bad.data:
            yield "wrong-index"
        case "kronecker":
            yield "delta-indices"
        case "sum" if good.args == bad.args:
            yield "sum-over-wrong-index"
        case "power" if good.args[0] == bad.args[0]:
            yield "wrong-exponent"
        case "apply" if good.args == bad.args:
            yield "wrong-function"
