"""What is kept of a row that was decided: the verdict, and what was understood after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from truestep.checkers.works.chain_steps import LineVerdict, Work
    from truestep.checkers.works.claim import Doubt
    from truestep.checkers.works.grouping import Group
    from truestep.derivations.language.expression import Expression
    from truestep.derivations.language.shapes import Size
    from truestep.derivations.meaning.effort import Load


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
    """The verdict on a group, and what is understood after it; ``state`` is the number of all that."""

    verdict: LineVerdict
    work: Work
    flags: tuple[bool, ...]
    doubts: Mapping[int, Doubt]
    bench: After
    state: int
    asked: Mapping[str, bool]


def behind(found: Sequence[Group], place: int) -> Iterator[object]:
    """What of the groups behind one tells how it is judged."""
    group = found[place]
    yield len(found) == 1
    yield any(not one.inline for one in found[place + 1 :])
    for one in found[place + 1 :] if group.inline else ():
        yield one
        if one.told != "condition":
            break
