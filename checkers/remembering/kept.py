"""What is kept of a row that was decided: the verdict, and what was understood after it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from truestep.checkers.works.claim import Claim
from truestep.checkers.works.grouping import Group

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from truestep.checkers.works.chain_steps import LineVerdict, Work
    from truestep.checkers.works.claim import Doubt
    from truestep.derivations.language.expression import Expression
    from truestep.derivations.language.shapes import Size
    from truestep.derivations.meaning.effort import Load


C = TypeVar("C", bound=Claim)


class Asked(frozenset[str]):
    """Names, which remember what was asked of them."""

    def __init__(self, _: frozenset[str]) -> None:
        self.asked: dict[str, bool] = {}

    def __contains__(self, name: object) -> bool:
        found = super().__contains__(name)
        self.asked[str(name)] = found
        return found


class After(NamedTuple):
    """What a bench knows after something was judged on it, and what of the limits that took."""

    meant: Mapping[str, Expression]
    stands_for: Mapping[Expression, tuple[str, ...]]
    counted: frozenset[str]
    ran: Mapping[str, Size | None]
    free: Mapping[str, tuple[Size, int | str]]
    load: Load


class Precedent(NamedTuple):
    """The verdict on a group that began at a ``row``, and what is understood after it; ``state`` numbers all that."""

    row: int
    verdict: LineVerdict
    work: Work
    flags: tuple[bool, ...]
    doubts: Mapping[int, Doubt]
    bench: After
    state: int
    asked: Mapping[str, bool]


def put(group: Group, rows: tuple[int, ...]) -> Group:
    """The same group where it has other numbers of rows."""
    made = object.__new__(Group)
    made.__dict__.update(group.__dict__, rows=rows)
    return made


def verdict_at(row: int, known: Precedent) -> LineVerdict:
    """The verdict of a precedent on the same group where it begins at another row."""
    verdict, by = known.verdict, row - known.row
    if not by or not (verdict.answers or verdict.posed):
        return verdict
    answers = tuple(_put(one, by) for one in verdict.answers)
    return replace(verdict, answers=answers, posed=tuple(_put(one, by) for one in verdict.posed))


def work_at(row: int, known: Precedent, before: Work) -> Work:
    """What is understood after the precedent where its group, and what stood ``before``, begin at other rows."""
    work = known.work.copy()
    for key, result in work.results.items():
        if result.row < known.row or result.part:
            work.results[key] = before.results.get(key, result)
        elif row != known.row:
            work.results[key] = _put(result, row - known.row)
    return work


def _put(claim: C, by: int) -> C:
    made = object.__new__(type(claim))
    made.__dict__.update(claim.__dict__, row=claim.row + by)
    return made


def behind(found: Sequence[Group], place: int) -> Iterator[object]:
    """What of the groups behind one tells how it is judged."""
    group = found[place]
    yield len(found) == 1
    yield any(not one.inline for one in found[place + 1 :])
    for one in found[place + 1 :] if group.inline else ():
        yield one
        if one.told != "condition":
            break
