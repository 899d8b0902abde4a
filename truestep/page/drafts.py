"""A statement that is being written: what it means, what is to be mended, and its derivation, as a page shows them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from truestep.checkers.examined_lints import RULES
from truestep.derivations.language.faults import StatementFault
from truestep.output.readable import visible
from truestep.page.questions import Shown, math_of, said_of, shown
from truestep.page.rendering import rendered
from truestep.problems.lint import lint
from truestep.problems.lint.draft import Draft, draft_in
from truestep.problems.lint.lint_rule import LEVELS
from truestep.reports.formulas import Formulas
from truestep.reports.revealing import revealed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truestep.problems.lint.lint_rule import Finding
    from truestep.problems.statements.problem import Problem
    from truestep.reports.pieces import Text

DRAFTED = "truestep.page.drafts:drafted"
MOST = 40
_QUOTED = re.compile(r"(?<!\w)'([^'\n]{1,400})'(?!\w)")


@dataclass(frozen=True)
class Derived:
    """A derivation: its answers, and rows of a left side, a right side and a rule; or a note that there is none."""

    answers: tuple[Markup, ...]
    rows: tuple[tuple[Markup, Markup, Markup], ...]
    notes: tuple[Markup, ...]


@dataclass(frozen=True)
class Meant:
    """One question of a statement, and its solution where one was made."""

    name: str
    question: Shown
    solution: Derived | None


def drafted(given: str) -> str:
    """What a page shows of a statement in TOML: ``html``, ``said`` for those who listen, the ``rows`` with findings."""
    draft = draft_in(given)
    found = sorted(lint(draft, RULES), key=lambda one: LEVELS.index(one.rule.level))[:MOST]
    html = rendered("draft.html", meant=tuple(_meant(draft)), findings=[(one, _said(one)) for one in found])
    rows = [
        {"line": one.position[0], "verdict": "wrong" if one.rule.level == "error" else "undecided", "number": 0}
        for one in found
        if one.position
    ]
    errors = [one for one in found if one.rule.level == "error"]
    said = (
        f"{visible(errors[0].remark.message)}."
        if errors
        else f"Nothing to mend, {len(found)} remarks."
        if found
        else "Sound."
    )
    return json.dumps({"html": html, "said": said, "verdict": "wrong" if errors else "right", "rows": rows})


def _said(finding: Finding) -> tuple[Markup, Markup]:
    formulas = Formulas()
    return _with_sources(finding.remark.message, formulas), _with_sources(finding.remark.repair, formulas)


def _with_sources(message: str, formulas: Formulas) -> Markup:
    """A message in which what it quotes of the statement stands as it does there."""
    parts = (
        Markup("<code>{}</code>").format(visible(part)) if place % 2 else said_of(part, formulas)
        for place, part in enumerate(_QUOTED.split(message))
    )
    return Markup("").join(parts)


def _meant(draft: Draft) -> Iterator[Meant]:
    texts = {id(stated): str(asked.table.get("text", "")) for asked in draft.questions for stated in asked.stated}
    names = {id(stated): str(asked.table.get("id", "")) for asked in draft.questions for stated in asked.stated}
    for stated in draft.asked:
        if stated.problem is not None:
            try:
                yield Meant(
                    names.get(id(stated), ""),
                    shown(stated.problem, texts.get(id(stated), "")),
                    _derived(stated.problem),
                )
            except StatementFault:
                continue


def _derived(problem: Problem) -> Derived | None:
    try:
        found = revealed(problem, "steps")
    except StatementFault:
        return None
    if found is None:
        return None
    formulas = Formulas()
    rows = [
        (math_of(step.left, formulas) if step.left else Markup(""), math_of(step.right, formulas), _words(step.rule))
        for steps in found.steps
        for step in steps
    ]
    answers = [math_of(f"{left} {right}", formulas) for left, right in found.answers]
    return Derived(tuple(answers), tuple(rows), tuple(map(_words, found.notes)))


def _words(text: Text) -> Markup:
    return Markup("").join(escape(visible(one.text)) for one in text)
