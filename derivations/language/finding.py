"""Something to say about a place in a work, as data: the code of its row in the table of findings, and arguments."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from truestep.derivations.language.faults import Span


@dataclass(frozen=True, slots=True)
class Finding:
    """A code with the arguments of its message, by name; ``case`` among them chooses one of several wordings.

    ``span`` is in the text of its group, or of the group of ``row``; ``kind`` is given where it is not the code's own.
    """

    code: str
    span: Span
    args: Mapping[str, str] = field(default_factory=dict)
    row: int | None = None
    kind: str = ""
