r"""The numbers at which a work tries its formulas: ``x = 2``, ``W = (1, -1)``, and what it computes from them.

What is false in general and all numbers behind its left side is judged where the quantities have these numbers.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from truestep.checkers.comparing.verdicts import Verdict, undecided
from truestep.checkers.works.asides import quiet
from truestep.checkers.works.chain_steps import NOT_CHECKED, LineVerdict
from truestep.checkers.works.claim import Claim
from truestep.checkers.works.equations import root
from truestep.checkers.works.names.decimals import ROUGH, broken, comes_to, is_within
from truestep.checkers.works.primes import spelled
from truestep.checkers.works.said.settled import is_value
from truestep.derivations.language.expression import number
from truestep.derivations.language.liberties import Reading
from truestep.derivations.language.writing import latex
from truestep.derivations.meaning.calculus import strip_groups
from truestep.derivations.meaning.entries import exact_number
from truestep.problems.statements.assumptions import quantity_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from fractions import Fraction

    from truestep.checkers.works.bench import Bench
    from truestep.checkers.works.carrying import Carrying
    from truestep.checkers.works.claim import Result
    from truestep.checkers.works.grouping import Group
    from truestep.derivations.language.expression import Expression
    from truestep.derivations.language.reading.chains import Part, Statement
    from truestep.derivations.meaning.shaped_terms import Value
    from truestep.problems.statements.prepared import Setting

Fact = tuple[str, str]  # what has a value, and the value
AT_NUMBERS = Verdict("right", "agreed", reason="right at the numbers that the work takes")
ROUGHLY = Verdict("undecided", reason="at the numbers that the work takes this agrees only roughly")
UNTOLD = Verdict("undecided", reason="this is a number, and of what it rests on not all numbers are known")
OF_SO_MANY = "this holds where {0} is {1}; whether that is meant is not said"
MOST_WRITTEN = 6
_BARS = (r"\bar", r"\overline")
CLOSE = 0.005


def at_numbers(
    found: Sequence[Group],
    verdicts: Sequence[LineVerdict],
    setting: Setting,
    carrying: Carrying,
    said: Sequence[Result],
    general: Bench,
) -> dict[int, LineVerdict]:
    """The verdicts, by place, on lines that are false in general and said of the numbers that the work takes.

    ``said`` is what names of the work were introduced as, ``general`` the bench on which nothing has these numbers.
    """
    facts, out, left, taken = dict[str, str](), dict[int, LineVerdict](), None, list[int]()
    fixed, is_moved = _fixed(setting), False
    for place, (group, written) in enumerate(zip(found, verdicts, strict=True)):
        verdict = _without_primes(written, setting, general)
        own = [dict(_facts(_equated(one.parts), setting)) for one in verdict.statements]
        if len({pair for one in own for pair in one.items()}) > len({name for one in own for name in one}):
            continue  # x = 2 or x = -2
        for told, statement in zip(own, verdict.statements, strict=True):
            now = {name: value for one in _conditions(statement) for name, value in _facts(one, setting)} | told
            facts |= {name: value for name, value in now.items() if _base(name) not in fixed}
            is_moved |= _moves(_equated(statement.parts), fixed, setting)  # as after an update
        first = verdict.statements[0].parts[0] if verdict.statements else None
        left = strip_groups(first.expression) if first is not None and not first.relation else left
        is_false = verdict.verdict.is_wrong or verdict.carried
        if not (facts or fixed) or left is None or not (is_false or verdict.verdict.outcome == "undecided"):
            continue
        if all(own):
            taken += [place]
        elif all(is_value(one.parts[-1].expression) for one in verdict.statements):
            sizes = {name: value for name, value in facts.items() if name in setting.notation.sizes}
            at = [fact for fact in facts.items() if fact[0] not in sizes]
            bench = None if is_moved else carrying.under(at, said, sizes) if facts else general
            there = _all_judged(left, verdict, bench, group, {*fixed, *map(_base, facts)})
            there = _unless_broken(there, verdict, general)
            there = replace(there, statements=written.statements)
            out |= {place: there} if is_false or there.verdict is not UNTOLD else {}
    for place, verdict in enumerate(verdicts):
        if verdict.verdict.is_wrong and place not in out and len(verdict.statements) == 1:
            count = _holds_at(verdict, setting, carrying)
            out |= {place: quiet(verdict, undecided(OF_SO_MANY.format(*count)))} if count is not None else {}
    is_used = len(taken) < len(verdicts) and any(verdicts[place].verdict.is_wrong for place in taken)
    if is_used or any(one.verdict.is_right for one in out.values()):
        out |= {place: replace(quiet(verdicts[place], NOT_CHECKED), role="value") for place in taken}
    return out


def _fixed(setting: Setting) -> dict[str, Fraction]:
    """The quantities of which the statement says that they are a number, with it."""
    said = [(quantity_of(left, setting.notation), right) for left, right in setting.assumptions.equations]
    found = [(quantity[0], exact_number(right)) for quantity, right in said if quantity is not None]
    return {name: value for name, value in found if value is not None}


def _moves(sides: Sequence[Expression], fixed: Mapping[str, Fraction], setting: Setting) -> bool:
    """Whether a chain of equations gives a quantity another number than the statement does."""
    quantity = quantity_of(sides[0], setting.notation) if sides else None
    value = exact_number(sides[-1]) if quantity is not None and quantity[0] in fixed else None
    return quantity is not None and value is not None and value != fixed[quantity[0]]


def _unless_broken(there: LineVerdict, verdict: LineVerdict, bench: Bench) -> LineVerdict:
    """The verdict on a chain of numbers, wrong where one is not what the one before it comes to."""
    sides = next(filter(None, (broken(one.parts) for one in verdict.statements)), None)
    false = None if sides is None else bench.judge(Claim(*sides), True).verdict
    if false is None or not false.is_wrong:
        return there
    return replace(verdict, verdict=false, answers=(), carried=False, role="value")


def without_means(introduced: dict[str, Value], meant: dict[str, Expression]) -> bool:
    """Whether bars of a work are no means; one that is put equal to numbers is none from there on alone."""
    bars = [name for name in introduced if name.startswith(_BARS)]
    for name in [name for name in bars if name in meant and is_value(meant[name])]:
        del introduced[name], meant[name]
    return bool(bars)


def is_numbered_mean(left: Expression, right: Expression) -> bool:
    """Whether a bar over a quantity is put equal to numbers."""
    return str(left.data).startswith(_BARS) and is_value(right)


def _without_primes(verdict: LineVerdict, setting: Setting, bench: Bench) -> LineVerdict:
    """A verdict with its primes as what they stand for where their variable has no number."""
    parts = [part for one in verdict.statements for part in one.parts]
    if not any(part.expression.has("prime") for part in parts):
        return verdict
    change = partial(spelled, bench=bench, setting=setting, reading=Reading())
    plain = [
        replace(one, parts=tuple(part.of(part.expression.map(change)) for part in one.parts))
        for one in verdict.statements
    ]
    return replace(verdict, statements=tuple(plain))


def _all_judged(
    left: Expression, verdict: LineVerdict, bench: Bench | None, group: Group, known: set[str]
) -> LineVerdict:
    """The verdict on all statements of a line where the facts hold: that on the first that is not right there."""
    judged = list[LineVerdict]()
    for one in verdict.statements:
        left = left if one.parts[0].relation else strip_groups(one.parts[0].expression)
        judged.append(_judged(left, [part for part in one.parts if part.relation], verdict, bench, group, known))
    return next((one for one in judged if not one.verdict.is_right), judged[0])


def _holds_at(verdict: LineVerdict, setting: Setting, carrying: Carrying) -> tuple[str, int] | None:
    """The size, and of how many, for which a false chain holds that writes all entries out: ``e^{z_a} + e^{z_b}``."""
    sides = [strip_groups(part.expression) for part in verdict.statements[0].parts]
    numbers, letters = dict[str, int](), dict[str, dict[str, int]]()
    known = setting.notation.indices.keys() | setting.asked_indices
    for node in (node for side in sides for node in side.walk() if node.head == "entry"):
        declared = setting.notation.declared(str(node.args[0].data))
        for place, size in zip(node.args[1:], declared.dims if declared is not None else (), strict=False):
            if place.head == "number" and str(size) in setting.notation.sizes:
                numbers[str(size)] = max(numbers.get(str(size), 0), int(place.data[0]))
            elif place.head == "index" and place.data not in known and str(size) in setting.notation.sizes:
                own = letters.setdefault(str(size), {})
                own.setdefault(str(place.data), len(own) + 1)
    sizes = numbers | {size: len(own) for size, own in letters.items() if size not in numbers}
    if len(sizes) != 1 or not 2 <= (count := max(sizes.values())) <= MOST_WRITTEN or len(sides) < 2:
        return None
    (size,) = sizes
    at = letters.get(size, {}) if size not in numbers else {}

    def numbered(node: Expression) -> Expression:
        return number(at[node.data]) if node.head == "index" and node.data in at else node

    bench = carrying.under((), (), {size: str(count)})
    reading = verdict.answers[0].reading if verdict.answers else Reading()
    claims = [Claim(sides[0].map(numbered), side.map(numbered), reading) for side in sides[1:]]
    if bench is None or bench.judge(Claim(claims[0].left, number(0), reading)).verdict.is_right:
        return None  # where all vanishes there is nothing to be seen
    return (size, count) if all(bench.judge(claim, True).verdict.is_right for claim in claims) else None


def _judged(
    left: Expression, rights: Sequence[Part], verdict: LineVerdict, bench: Bench | None, group: Group, known: set[str]
) -> LineVerdict:
    """The verdict on a chain where the facts hold: right, roughly so, or wrong where all that it rests on is known."""
    general = tuple(one for one in verdict.answers if one.judgement.verdict.is_right and not is_value(one.right))
    quietly = replace(quiet(verdict, UNTOLD), role="value", answers=general)
    if bench is None or not {part.relation for part in rights} <= {"=", "~"}:
        return quietly
    claims = [Claim(left, part.expression, row=group.rows[0]) for part in rights]
    judged = [bench.judge(claim, True) for claim in claims]
    is_rounded = any(node.head == "number" and node.data[1] for part in rights for node in part.expression.walk())
    is_close = is_rounded and all(_is_near(bench, claim, CLOSE) for claim in claims)
    if is_close or all(one.verdict.is_right for one in judged):
        return replace(quietly, verdict=AT_NUMBERS)
    near = list[bool]()
    for place, (claim, one) in enumerate(zip(claims, judged, strict=True)):
        is_kept = one.verdict.is_right or _is_near(bench, claim, ROUGH) or is_within(one.verdict, claim.right)
        before = claims[place - 1].right if place and near[-1] else None
        near.append(is_kept or (before is not None and comes_to(before, claim.right)))
    if all(near):
        return replace(quietly, verdict=ROUGHLY)
    false = next(
        (one.verdict for one, kept in zip(judged, near, strict=True) if one.verdict.is_wrong and not kept), None
    )
    if false is None or false.witness is None or not known.issuperset(map(_base, false.witness.values)):
        return quietly
    return replace(verdict, verdict=false, answers=(), carried=False, role="value")


def _base(name: str) -> str:
    """A name without the indices of an entry."""
    return name.partition("_{")[0]


def _is_near(bench: Bench, claim: Claim, tolerance: float) -> bool:
    return bench.judge(claim, True, tolerance).verdict.is_right


def _equated(parts: Sequence[Part]) -> list[Expression]:
    """The sides of a chain of equations; none where something else stands between them."""
    is_equation = all(part.relation in ("=", "~", ":=") for part in parts[1:])
    return [part.expression for part in parts] if is_equation else []


def _conditions(statement: Statement) -> Iterator[Sequence[Expression]]:
    """The sides of the equations under which a statement is said."""
    if statement.condition is not None:
        for node in statement.condition.walk():
            if node.head == "relation" and node.data == "=":
                yield node.args


def _facts(sides: Sequence[Expression], setting: Setting) -> Iterator[Fact]:
    """The numbers of each entry, and of each size, where a quantity of which no given tells is said to be a value."""
    if len(sides) < 2 or not is_value(sides[-1]):
        return
    sides = [strip_groups(one) for one in sides]
    if all(side.head == "tuple" for side in sides) and len({len(side.args) for side in sides}) == 1:  # (x, y) = (1, 0)
        for pair in zip(sides[0].args, sides[-1].args, strict=True):
            yield from _facts(pair, setting)
        return
    given = {quantity_of(left, setting.notation) for left, _ in setting.given}
    told = {quantity[0] for quantity in given if quantity is not None} | {root(node) for node in setting.find}
    for side in sides[:-1]:
        quantity = quantity_of(side, setting.notation)
        if side.head == "size" or (quantity is not None and not {quantity[0], root(side)} & told):
            yield from _entries(side, sides[-1], setting)


def _entries(name: Expression, value: Expression, setting: Setting) -> Iterator[Fact]:
    written, declared = latex(name, setting.notation), setting.notation.declared(str(name.data))
    dims = [size for size in declared.dims if size != 1] if name.head == "symbol" and declared is not None else []
    value = value.args[0] if value.head == "transpose" else value
    if not dims:
        yield written, latex(value)
    elif value.head in ("tuple", "matrix"):
        columns = int(value.data) if value.head == "matrix" else len(value.args)
        shape = [size for size in (len(value.args) // max(columns, 1), columns) if size != 1]
        if len(shape) != len(dims):
            return
        yield from ((str(size), str(count)) for size, count in zip(dims, shape, strict=True) if not str(size).isdigit())
        places = itertools.product(*(range(1, count + 1) for count in shape))
        for place, entry in zip(places, value.args, strict=True):
            yield rf"{written}_{{{','.join(map(str, place))}}}", latex(entry)
