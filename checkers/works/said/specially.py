"""What a formula becomes for a matrix with a property: "if $A$ is symmetric, this is $2Ax$".

Such a matrix is made of any other one, which is put in on both sides: (A + A^T) / 2 is symmetric.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from truestep.checkers.comparing.verdicts import Verdict
from truestep.checkers.works.asides import IF_SUPPOSED, UNCLEAR
from truestep.checkers.works.said.deciding import Deciding, applied, node_of
from truestep.checkers.works.said.properties import PLACES, left_of, marked_sentences, said_otherwise
from truestep.derivations.language.expression import Expression, add, grouped, negative, number, product
from truestep.derivations.language.faults import Fault
from truestep.derivations.language.phrases.specials import of_special, specials
from truestep.derivations.language.property_words import PARTS
from truestep.derivations.meaning.calculus import strip_groups

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from truestep.checkers.documents.work import Row
    from truestep.checkers.works.chain_steps import LineVerdict
    from truestep.checkers.works.lines import Lines
    from truestep.derivations.language.phrases.specials import OfSpecial


FOR_SUCH = "this is so for such a matrix"


def with_special(verdicts: Sequence[LineVerdict], rows: Sequence[Row], lines: Lines) -> list[LineVerdict]:
    """The verdicts, wrong where no formula before becomes for such a matrix what is said."""
    out, last = [*verdicts], ""
    for sentence, _ in marked_sentences(rows):
        nearby, last = list(map(int, PLACES.findall(f"{last} {sentence}"))), sentence
        for place, kind in specials(sentence):
            matrix = left_of(verdicts, place, lines)
            if matrix is not None and matrix.head == "symbol" and Deciding(lines).is_square(matrix):
                put = partial(_put, matrix, _made(kind, matrix))
                for behind in (one for one in nearby if one > place and out[one].verdict in (IF_SUPPOSED, UNCLEAR)):
                    with suppress(Fault, RecursionError):
                        out[behind] = _known_otherwise(out[behind], verdicts, put, sentence, rows, lines)
        for said in of_special(sentence):
            matrix, value = left_of(verdicts, said.matrix, lines), _value(verdicts[said.value])
            judge = Deciding(lines)
            if matrix is None or value is None or matrix.head != "symbol" or out[said.value].verdict.is_wrong:
                continue
            if not judge.is_square(matrix):
                continue
            left = _left(verdicts[said.value])
            places = range(len(verdicts)) if left is not None else [one for one in nearby if one < said.matrix]
            whole = [
                _part(said, _value(verdicts[place]))
                for place in places
                if place != said.value and left in (None, left_of(verdicts, place, lines))
            ]
            special = partial(_put, matrix, _made(said.kind, matrix))
            pairs = [(side.map(special), value.map(special)) for side in filter(None, whole)]
            with suppress(Fault, RecursionError):
                if pairs and all(judge.unequal(*pair) for pair in pairs):
                    out[said.value] = said_otherwise(out[said.value], sentence, rows)
    return out


def _known_otherwise(
    verdict: LineVerdict,
    verdicts: Sequence[LineVerdict],
    put: Callable[[Expression], Expression],
    sentence: str,
    rows: Sequence[Row],
    lines: Lines,
) -> LineVerdict:
    """The verdict on a formula of such a matrix: right or wrong as what the work has for its left side in general."""
    left, value = _left(verdict), _value(verdict)
    sides = (one for one in verdicts if one.verdict.is_right and not one.carried and _left(one) == left)
    known = next(filter(None, map(_value, sides)), None) if left is not None else None
    if known is None or value is None:
        return verdict
    judge = Deciding(lines)
    found = judge.verdict(known.map(put), value.map(put))[0]
    if found.is_right:
        return replace(verdict, verdict=Verdict("right", "agreed", reason=FOR_SUCH), findings=())
    return said_otherwise(verdict, sentence, rows) if found.is_wrong and found.witness is not None else verdict


def _part(said: OfSpecial, whole: Expression | None) -> Expression | None:
    """The part of a formula that is spoken of: all of it, one of its terms or of its factors."""
    plain = None if whole is None else strip_groups(whole)
    if not said.part or plain is None:
        return whole
    is_made = plain.head == PARTS[said.part] and said.nth < len(plain.args)
    return plain.args[said.nth] if is_made else None


def _left(verdict: LineVerdict) -> Expression | None:
    """The first side of an equation, under whatever condition."""
    parts = verdict.statements[0].parts if len(verdict.statements) == 1 else ()
    return strip_groups(parts[0].expression) if len(parts) > 1 and not parts[0].relation else None


def _value(verdict: LineVerdict) -> Expression | None:
    """The last side of a formula."""
    return verdict.statements[0].parts[-1].expression if len(verdict.statements) == 1 else None


def _made(kind: str, matrix: Expression) -> Expression:
    """A matrix with a property, made of any other."""
    if kind == "diagonal":
        return applied("diag", applied("diag", matrix))
    turned = node_of("transpose", matrix)
    if kind == "orthonormal":  # (I - S) (I + S)^{-1} with a skew S, by Cayley
        skew, one = grouped(add(matrix, negative(turned))), node_of("identity")
        below = Expression("power", (grouped(add(one, skew)), number(-1)), None, matrix.span)
        return grouped(product(grouped(add(one, negative(skew))), below))
    whole = add(matrix, turned if kind == "symmetric" else negative(turned))
    return grouped(Expression("quotient", (grouped(whole), number(2)), "frac", matrix.span))


def _put(matrix: Expression, special: Expression, node: Expression) -> Expression:
    return special if strip_groups(node) == matrix else node
