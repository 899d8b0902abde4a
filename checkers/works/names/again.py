r"""A name of the work's own that is let be something else without a word for it: ``the inner function is $u = -x^2$``.

It is so where both values are of quantities that nothing defines, the second of one more: no result is restated there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.checkers.comparing.verdicts import Verdict
from truestep.checkers.works.asides import quiet
from truestep.derivations.meaning.calculus import strip_groups
from truestep.derivations.meaning.introduced import key_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.checkers.documents.work import Row
    from truestep.checkers.works.chain_steps import LineVerdict
    from truestep.checkers.works.lines import Lines
    from truestep.derivations.language.expression import Expression

_NAMED = frozenset(("call", "unknown", "apply", "derivative", "gradient", "unread", "words"))
_ANEW = Verdict("undecided", reason="this name was something else before; say where it is something else from here on")


def with_anew(verdicts: Sequence[LineVerdict], rows: Sequence[Row], lines: Lines) -> list[LineVerdict]:
    """The verdicts; what such a name is let be is no claim, and is open where the name is used further down."""
    out, bench = [*verdicts], lines.bench
    for place, verdict in enumerate(verdicts):
        parts = verdict.statements[0].parts if len(verdict.statements) == 1 and verdict.verdict.is_wrong else ()
        if len(parts) != 2 or parts[1].relation != "=" or verdict.statements[0].condition is not None:
            continue
        name = strip_groups(parts[0].expression)
        before = bench.meant.get(key_of(name, bench.introduced)) if name.head == "unknown" else None
        if before is None or not rows[place].inline or rows[place].told:
            continue
        sides = [_quantities(one, lines) for one in (before, parts[1].expression)]
        if sides[0] is None or sides[1] is None or sides[1] <= sides[0]:
            continue
        is_used = any(
            name in node.walk()
            for later in verdicts[place + 1 :]
            for one in later.statements
            for node in (part.expression for part in one.parts)
        )
        found = quiet(verdict, _ANEW if is_used else Verdict("not_checked"))
        out[place] = replace(found, role="definition")
    return out


def _quantities(node: Expression, lines: Lines) -> frozenset[str] | None:
    """The quantities of an expression; None where anything says what one of them is."""
    nodes = [*node.walk()]
    bench = lines.bench
    if any(one.head in _NAMED or (one.head in ("symbol", "member") and bench.is_defined(one)) for one in nodes):
        return None
    return frozenset(str(one.data) for one in nodes if one.head in ("symbol", "member"))
