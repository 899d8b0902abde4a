"""The rules for the answer: its form, the symbols it may use, what must be shown, and what was used in silence."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from msgspec import structs

from truestep.checkers.comparing.lending import lent
from truestep.checkers.comparing.world import World
from truestep.checkers.form.final_form import broken_forms, whole_partial
from truestep.checkers.works.bench import Bench
from truestep.checkers.works.chain_steps import Answered
from truestep.derivations.language.expression import Expression
from truestep.derivations.language.finding import Finding
from truestep.derivations.meaning.calculus import normal
from truestep.problems.statements.prepared import setting_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.checkers.works.answer import Final
    from truestep.checkers.works.carrying import Elsewhere
    from truestep.checkers.works.chain_steps import LineVerdict
    from truestep.problems.statements.prepared import Setting
    from truestep.problems.statements.problem import Problem


_LIMITS = re.compile(r"(\\sum(?:\\limits|\\nolimits)?)(?:[_^](?:\{(?:[^{}]|\{[^{}]*\})*\}|\\?\w))+")
_SAID = re.compile(r"\\sum[^=]*=1(?![\d.])|one-?hot|sumsto(?:1|one)", re.IGNORECASE)  # sum of something = 1


def broken(
    setting: Setting,
    bench: Bench,
    verdicts: Sequence[LineVerdict],
    final: Final,
    rows: Sequence[str],
    shows: Sequence[dict[str, Any]],
    elsewhere: Elsewhere | None = None,
) -> list[Finding]:
    """What is to be said about the form of the answer and of the work."""
    findings = list(broken_forms(setting, bench, final.chosen))
    answers = [answer for verdict in verdicts for answer in verdict.answers]
    findings += _missing(shows)
    if final.verdict.is_wrong:
        from truestep.checkers.kinds.partials import partial_findings

        findings += partial_findings(setting, bench, final, verdicts)
    if not any(_says_one(row) for row in rows):
        findings += _assumed(setting, answers, elsewhere)
    return findings


@lru_cache(maxsize=1024)
def _says_one(row: str) -> bool:
    r"""Whether a row says that the sum of something is one, which the limits of a sum do not.

    >>> _says_one(r"\sum_{k=1}^K y_k = 1"), _says_one(r"\sum_{k=1}^K y_k p_k"), _says_one(r"\sum_k y_k p_i = 1.5")
    (True, False, False)
    """
    return _SAID.search(_LIMITS.sub(r"\1", row.replace(" ", ""))) is not None


def shown(setting: Setting, verdicts: Sequence[LineVerdict]) -> list[dict[str, Any]]:
    """Each expression of which a line must give the value: the line that does best, and the verdict on it."""
    answers = [answer for verdict in verdicts for answer in verdict.answers if not answer.is_alone]
    return [_best(text, setting.read_or_none(text), answers) for text in setting.problem.must_show]


_BEST = ("right", "undecided", "wrong", "missing")


def _best(text: str, wanted: Expression | None, answers: Sequence[Answered]) -> dict[str, Any]:
    found: list[dict[str, Any]] = [{"show": text, "line": None, "verdict": "missing" if wanted else "undecided"}]
    for answer in answers:
        if wanted is None or answer.is_alone or _restates(answer.left, answer.right):
            continue
        if _alike(normal(wanted), normal(answer.left)):
            verdict = "right" if answer.carried else answer.judgement.verdict.outcome
            if verdict in _BEST:
                found.append({"show": text, "line": answer.row, "verdict": verdict})
    return min(found, key=lambda one: _BEST.index(one["verdict"]))


def _restates(left: Expression, right: Expression) -> bool:
    """Whether a side only writes the same derivative again, whole or as an entry."""
    if left.head not in ("derivative", "gradient"):
        return False
    return any(whole_partial(node) == whole_partial(left) for node in right.walk() if node.head == "derivative")


def _missing(shows: Sequence[dict[str, Any]]) -> list[Finding]:
    """What a line must give the value of, and none does."""
    return [Finding("must-show", (0, 0), {"show": one["show"]}) for one in shows if one["verdict"] == "missing"]


def _alike(wanted: Expression, left: Expression) -> bool:
    """The same expression up to the letters of its indices."""
    if wanted.head == left.head == "index":
        return True
    same = wanted.head == left.head and wanted.data == left.data and len(wanted.args) == len(left.args)
    return same and all(_alike(a, b) for a, b in zip(wanted.args, left.args, strict=True))


def _assumed(setting: Setting, answers: Sequence[Answered], elsewhere: Elsewhere | None) -> list[Finding]:
    """The first step that holds only because some entries sum to one, where the step does not say so."""
    facts = [text for text in setting.problem.assume if r"\sum" in text and text.replace(" ", "").endswith("=1")]
    steps = [
        (a, b)
        for a, b in itertools.pairwise(answers)
        if not a.is_alone
        and a.left == b.left
        and a.judgement.verdict.is_right
        and b.judgement.verdict.is_right
        and a.condition == b.condition
    ]
    if not facts or not steps or not setting.find:
        return []
    without = structs.replace(
        setting.problem, assume=tuple(text for text in setting.problem.assume if text not in facts)
    )
    with lent(without, _world) as world:
        bench = Bench(world)
        if elsewhere is not None:
            elsewhere.beside(bench, "without", facts)
        for before, after in steps:
            if after.right.has("derivative") and before.right.has("derivative"):
                continue
            if bench.judge(replace(after, left=before.right)).verdict.is_wrong:
                return [Finding("assumption-used", after.right.span, {"fact": facts[0]}, after.row)]
    return []


def _world(problem: Problem) -> World:
    return World(setting_of(problem))
