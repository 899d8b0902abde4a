r"""Letters of a work for functions that the statement names: ``h = \sigma(Wx)`` where it has ``h = ReLU(Wx)``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.checkers.works.grouping import statements
from truestep.derivations.language.expression import ANEW
from truestep.derivations.language.faults import Fault
from truestep.derivations.language.functions import BY_NAME, LETTERS
from truestep.derivations.language.latex.groups import Token, tree
from truestep.derivations.language.liberties import Reading
from truestep.derivations.language.reading.rowtext import ASSIGNMENTS, EQUALITIES
from truestep.derivations.language.reading.spellings import Spelling, respell
from truestep.derivations.language.reading.tokens import tokenize
from truestep.derivations.meaning.calculus import normal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.checkers.documents.work import Row
    from truestep.checkers.works.grouping import Group
    from truestep.derivations.language.expression import Expression
    from truestep.problems.statements.prepared import Setting


def own_activations(found: Sequence[Group], rows: Sequence[Row], setting: Setting) -> tuple[Spelling, ...]:
    """Each letter that stands for one function of the statement wherever a row of the work gives a quantity by it.

    The letter of a function that the statement has, or of which the work speaks, stands for that function alone.
    """
    named = [(left, right) for left, right in setting.given if right.head == "apply" and right.data[0] in BY_NAME]
    made, twice = dict[str, Spelling](), set[str]()
    equated: Sequence[set[Expression]] = ()
    for group in found if named else ():
        for letter in _called(group.tokens).values():
            if not _is_free(letter.text, rows, setting):
                continue
            equated = equated or [
                *({*map(normal, pair)} for pair in setting.given),
                *(sides for one in found for sides in _sides(one, setting)),
            ]
            for given in named:
                spelling = Spelling((letter,), frozenset(), tuple(tokenize(BY_NAME[given[1].data[0]].typeset, {})))
                told = replace(group, tokens=tree(respell([*group.tokens], [spelling])))
                if any(_says(sides, given, equated) for sides in _sides(told, setting)):
                    twice |= {letter.text} if made.setdefault(letter.text, spelling) != spelling else set()
    defined = {group.tokens[0].text for group in found if [one.text for one in group.tokens[1:2]] == ["("]}
    kept = [_anew(one) if letter in defined else one for letter, one in made.items() if letter not in twice]
    return tuple(part for one in kept for part in (one, _primed(one)))


def _anew(spelling: Spelling) -> Spelling:
    """The letter as one of the work's own, which the work defines."""
    (letter,) = spelling.pattern
    return replace(spelling, value=(letter._replace(kind="command", text=letter.text + ANEW),))


def _primed(spelling: Spelling) -> Spelling:
    """The spelling of the derivative."""
    prime = Token("mark", "'", 0, 0)
    return Spelling((*spelling.pattern, prime), frozenset(), (*spelling.value, prime))


def _called(tokens: Sequence[Token]) -> dict[str, Token]:
    """The letters before brackets with which a side begins."""
    bare = [one for one in tokens if one.text not in ("&", r"\left")]
    triples = zip(bare, bare[1:], bare[2:], strict=False)
    equating = EQUALITIES | ASSIGNMENTS
    return {
        one.text: one
        for before, one, behind in triples
        if before.text in equating and one.kind in ("letter", "command") and behind.text == "("
    }


def _is_free(letter: str, rows: Sequence[Row], setting: Setting) -> bool:
    """Whether a letter has no meaning in the statement, and no usual one of which statement or work speaks."""
    notation, usual = setting.notation, LETTERS.get(letter)
    if notation.is_name(letter) or letter in notation.functions or letter in notation.sizes:
        return False
    if usual is None:
        return notation.function_named(letter) is None
    stated = (node for pair in setting.given for side in pair for node in side.walk())
    words = [text.lower() for row in rows for text in (row.before, row.text, row.after)]
    return all(node.head != "apply" or node.data[0] != usual for node in stated) and not any(
        word in text for word in BY_NAME[usual].words if word not in letter for text in words
    )


def _sides(group: Group, setting: Setting) -> list[set[Expression]]:
    """What each statement of a formula equates; nothing where it cannot be read."""
    try:
        read = statements(group, setting.context, Reading(), frozenset())
    except (Fault, ValueError):
        return []
    return [{normal(part.expression) for part in one.parts} for one in read]


def _says(sides: set[Expression], given: tuple[Expression, Expression], equated: Sequence[set[Expression]]) -> bool:
    """Whether sides are those of a given, with an argument that is equated with the one there, in steps or at once."""
    left, right = map(normal, given)
    if left not in sides:
        return False
    same, before = {right.args[0]}, 0
    while len(same) > before:
        before = len(same)
        same.update(*(rows for rows in equated if not same.isdisjoint(rows)))
    return any((one.head, one.data) == (right.head, right.data) and one.args[0] in same for one in sides)
