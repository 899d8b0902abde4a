"""Formulas in which nobody declared a name, as they are read, and why such that differ may mean the same."""

from __future__ import annotations

import re

from truestep.derivations.language.expression import Expression
from truestep.derivations.language.faults import Fault
from truestep.derivations.language.liberties import Reading
from truestep.derivations.language.notation import MEANINGFUL, Notation
from truestep.derivations.language.reading.parser import Parser
from truestep.derivations.language.reading.rowtext import Context, row_tokens

WHOLE = (
    "a negative number to the power of a letter has a value for whole numbers alone; declare it as an index or a size"
)
CONSTANT = Expression("unknown", (), "C")
_MEASURED = re.compile(r"-?[\d.,/]+((?:\s+[A-Za-zµΩ]|\s*[A-Za-zµΩ]{2,3})(?:\^?-?\d|/[a-z]+| [A-Za-z])*)?")


def read_bare(text: str) -> Expression | None:
    """A formula in which no name is declared; None where it cannot be read."""
    for own in (frozenset[str](), MEANINGFUL):
        context = Context(Notation(own=own), (), {})
        try:
            tokens = row_tokens(text, context)
            return Parser(tokens, 0, len(tokens), context.notation, Reading()).whole()
        except Fault:
            continue
    return None


def doubt(gold: str, answer: str) -> str:
    """Why formulas that differ may mean the same all the same, where nobody has declared their names."""
    read = [one for text in (gold, answer) if (one := read_bare(text)) is not None]
    nodes = [node for one in read for node in one.walk()]
    if any(_has_sign_to_a_letter(node) for node in nodes):
        return WHOLE
    if len(read) == 2 and all(one.head == "add" and CONSTANT in one.args for one in read):
        return "both hold up to a constant"
    units = [_unit(text) for text in (gold, answer)]
    return "letters behind a number may be a unit" if None not in units and units[0] != units[1] else ""


def _unit(text: str) -> str | None:
    """What stands behind a number and may be its unit, nothing behind a number alone; None where it is no number."""
    found = _MEASURED.fullmatch(text.strip())
    return "".join((found[1] or "").split()) if found else None


def _has_sign_to_a_letter(node: Expression) -> bool:
    """Whether a negative base has a letter in its exponent, which then is a whole number: (-1)^n."""
    if node.head != "power" or not any(inner.head == "unknown" for inner in node.args[1].walk()):
        return False
    base = node.args[0].args[0] if node.args[0].head == "group" else node.args[0]
    return base.head == "negative"


def degree(node: Expression, names: frozenset[str]) -> int:
    """The degree of a polynomial in some names; 2 where it is none, or more than linear."""
    if node.head == "unknown":
        return int(str(node.data) in names)
    inner = [degree(arg, names) for arg in node.args]
    if node.head in ("add", "negative", "group"):
        return max(inner, default=0)
    if node.head == "product":
        return sum(inner)
    if node.head == "quotient" and not inner[1]:
        return inner[0]
    return 2 if any(inner) else 0


def derivatives_in(text: str) -> frozenset[Expression]:
    """The derivatives of names that stand in a formula."""
    read = read_bare(text)
    nodes = read.walk() if read else ()
    return frozenset(node for node in nodes if node.head == "derivative" and node.args[0].head == "unknown")
