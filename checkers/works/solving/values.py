"""What a work says that an unknown is, put in: it must make the gradients zero that are assumed to be so."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from truestep.checkers.comparing.verdicts import undecided
from truestep.checkers.works.claim import Claim
from truestep.checkers.works.equations import EQUATION, asked_unknowns, mentions, root, unknowns
from truestep.checkers.works.solving.bound import at_best, equations_of, is_bound, multipliers
from truestep.checkers.works.solving.systems import System
from truestep.derivations.language.expression import Expression, number
from truestep.derivations.meaning.calculus import strip_groups
from truestep.derivations.meaning.matrices.constants import with_identities

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.checkers.works.carrying import Carrying
    from truestep.checkers.works.claim import Judgement, Result
    from truestep.derivations.language.liberties import Reading
    from truestep.problems.statements.prepared import Setting

UNSHAPED = "the derivative that has to vanish here is not decided"


def at_value(
    asked: Expression,
    claim: Claim,
    judgement: Judgement,
    setting: Setting,
    carrying: Carrying,
    results: Sequence[Result] = (),
) -> Judgement:
    """What is found for an unknown, put in: it must make the gradients zero that are assumed to be so.

    One entry by its number is right where each entry is so by its letter, and else open: of the others nothing is said.
    """
    claim = replace(claim, right=claim.right.map(partial(_as_identity, claim.reading)))
    if (of_any := _of_any(asked, claim)) is not None:
        whole = at_value(of_any.left, of_any, judgement, setting, carrying, results)
        is_right = whole.verdict.is_right
        return whole if is_right else replace(judgement, verdict=EQUATION, code="value", is_posed=True)
    if judgement.code == "shape":
        return judgement
    system = System(setting, carrying, results)
    stationary = [node for node in setting.assumptions.stationary if mentions(node, frozenset((root(asked),)))]
    if not all(system.says_of(root(asked), node) for node in stationary):  # by it, the loss has no slope of its own
        stationary = list(setting.assumptions.stationary)
    is_best = is_bound(setting, root(asked))
    there = carrying.solved([(asked, claim.right)], results) if stationary or is_best else None
    if there is None:  # what it is, its gradient may tell
        is_found = not stationary and root(asked) in unknowns(setting.find)
        verdict = EQUATION if is_found else undecided(f"nothing says what {asked.data} is")
        return replace(judgement, verdict=verdict, is_posed=is_found)
    best, is_decided = at_best(setting, root(asked), claim.reading) if is_best else ([], True)
    claims = [*(Claim(node, number(0), claim.reading) for node in stationary), *best]
    judged = [there.judge(one) for one in claims]
    found = [undecided(UNSHAPED) if one.code == "shape" else one.verdict for one in judged]  # no shapes of the work's
    decisive = next((one for one in found if not one.is_right), found[0])
    others = unknowns(setting.assumptions.stationary) - {root(asked)}
    is_way = is_best and bool(multipliers(setting) & claim.right.names)  # a multiplier may be any number yet
    is_equated = not (is_best or setting.assumptions.multipliers) and bool(equations_of(setting, root(asked)))
    if decisive.is_wrong and not is_best:
        together = system.verdict(asked, claim)
        if together is EQUATION:
            return replace(judgement, verdict=EQUATION, is_posed=True)
        decisive, others = together or decisive, frozenset() if together is not None else others
    is_put = bool(others) and others.isdisjoint(claim.right.names)  # the values of the others
    if decisive.is_wrong and (is_way or is_put or is_equated):
        return replace(judgement, verdict=EQUATION, is_posed=True)
    if not is_decided and not (decisive.is_wrong and decisive in found[: len(claims) - 1]):
        return replace(judgement, verdict=undecided(f"whether this is the best value of {root(asked)} is not decided"))
    args = {"case": "stationary"} if decisive.is_wrong else judgement.args
    return replace(judgement, verdict=decisive, code="not-a-solution" if decisive.is_wrong else "value", args=args)


def restates(left: Expression, right: Expression, setting: Setting, names: frozenset[str]) -> bool:
    """Whether a given is said anew with all of some quantities that it has, and it has any."""
    body = next((one for name, one in setting.given if strip_groups(name) == left), None)
    held = frozenset[str]() if body is None else names & body.names
    return bool(held) and held <= right.names


def is_given(asked: Expression, answer: Expression, setting: Setting) -> bool:
    """Whether an answer is what a given says, with all of the unknowns in it, or while an equation tells more of it."""
    body = next((one for name, one in setting.given if strip_groups(name) == strip_groups(asked)), None)
    if body is None:
        return False
    told = frozenset[str]().union(*(side.names for sides in setting.assumed for side in sides))
    is_same = strip_groups(body) == strip_groups(answer) and not told.isdisjoint(body.names)
    return is_same or restates(strip_groups(asked), answer, setting, asked_unknowns(setting))


def _as_identity(reading: Reading, node: Expression) -> Expression:
    """The 1 beside a matrix as the identity, where a reading takes it so: a value that is put in is read anew."""
    is_taken = node.head == "add" and reading.takes("ones-identity", node.span[0])
    return with_identities(node) if is_taken else node


def _of_any(asked: Expression, claim: Claim) -> Claim | None:
    """What is said of an entry by its number as of any: ``p_1 = n_1`` as ``p_k = n_k``; None where it is any."""
    places = [arg for arg in asked.args[1:] if arg.head == "number"] if asked.head == "entry" else []
    letters = {arg: Expression("index", (), f"any {k}") for k, arg in enumerate(places)}

    def change(node: Expression) -> Expression:
        if node.head not in ("entry", "member"):
            return node
        first = node.args[: node.head == "entry"]
        rest = (letters.get(arg, arg) for arg in node.args[len(first) :])
        return replace(node, args=(*first, *rest))

    return replace(claim, left=asked.map(change), right=claim.right.map(change)) if letters else None
