"""A line with a mistake undone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from truestep.derivations.language.expression import Expression
    from truestep.derivations.language.faults import Span


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line with one mistake undone, and the place of the mistake in the line as it was written.

    ``slip`` turns it round: the expression is what the mistake makes of the line before, so it must equal the line as
    it was written.  ``left`` is the left side where that is what was mistaken.  ``condition`` is the case in which the
    line holds as it stands.
    """

    expression: Expression
    span: Span
    slip: bool = False
    left: Expression | None = None
    condition: Expression | None = None
    remark: str = ""
