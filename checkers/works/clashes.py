"""Cases that hold at once and say different things."""

from __future__ import annotations

from contextlib import suppress
from itertools import combinations
from typing import TYPE_CHECKING

from truestep.checkers.comparing.evaluate import OutOfReach
from truestep.checkers.comparing.looking import is_somewhere
from truestep.checkers.comparing.question import Question
from truestep.derivations.language.faults import Fault
from truestep.derivations.meaning import truths
from truestep.derivations.meaning.scope import value_of

if TYPE_CHECKING:
    from truestep.checkers.comparing.world import World
    from truestep.checkers.works.claim import Claim
    from truestep.derivations.meaning.scope import Scope
    from truestep.derivations.meaning.terms import Term


def clashes(claim: Claim, scope: Scope, masks: tuple[Term, ...], world: World) -> bool:
    """Whether cases that hold at once differ at more than single points."""
    arena = scope.arena
    for node in (*claim.left.walk(), *claim.right.walk()):
        known = list(zip(node.args[::2], node.args[1::2], strict=True)) if node.head == "cases" else []
        for (one, here), (other, there) in combinations(known, 2):
            if "otherwise" in (here.head, there.head) or one == other:
                continue
            with suppress(Fault, OutOfReach):
                both = [truths.truth(condition, scope) for condition in (here, there)]
                left, right = (arena.multiply((*both, value_of(value, scope).term)) for value in (one, other))
                question = Question(left, right, masks)
                world.fit(question.reach)
                if is_somewhere(question, world):
                    return True
    return False
