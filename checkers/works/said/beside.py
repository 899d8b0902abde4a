"""What sentences say beside the formulas, judged where each of these has its verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.checkers.works.cases.inserted import with_inserted
from truestep.checkers.works.names.again import with_anew
from truestep.checkers.works.names.twice import with_repeated
from truestep.checkers.works.said.compared import with_comparisons
from truestep.checkers.works.said.expanding import with_expansions
from truestep.checkers.works.said.limiting import with_limits
from truestep.checkers.works.said.losing import with_lost
from truestep.checkers.works.said.points import with_points
from truestep.checkers.works.said.properties import with_properties
from truestep.checkers.works.said.specially import with_special
from truestep.checkers.works.said.updating import with_updates
from truestep.checkers.works.said.without_value import with_values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.checkers.documents.work import Row
    from truestep.checkers.works.chain_steps import LineVerdict
    from truestep.checkers.works.lines import Lines


def with_words(verdicts: Sequence[LineVerdict], rows: Sequence[Row], lines: Lines) -> list[LineVerdict]:
    """The verdicts, wrong where the words about a formula say what is not so."""
    out = [*verdicts]
    for judged in _JUDGED:
        out = judged(out, rows, lines)
    return out


_JUDGED = (
    with_properties,
    with_special,
    with_points,
    with_lost,
    with_limits,
    with_inserted,
    with_expansions,
    with_comparisons,
    with_updates,
    with_repeated,
    with_anew,
    with_values,
)
