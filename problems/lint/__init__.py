"""Lints: what in a homework or a problem contradicts itself, is undeclared, is left over, or cannot be set."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING

from truestep.derivations.language.packed import packed_table
from truestep.problems.lint import keys, rubrics, sizes_in_text, statements, texts
from truestep.problems.lint.lint_rule import Finding, Rule
from truestep.problems.lint.statements import faults
from truestep.problems.statements import schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from truestep.problems.lint.draft import Draft
    from truestep.problems.lint.lint_rule import Remark
    from truestep.problems.statements.toml.positions import Path

# the order in which findings at one place are said
RULES = (
    Rule("syntax", "error", "The file is TOML (JSON, if it is called so).", keys.syntax),
    Rule("control-character", "error", "No text holds a control character.", keys.control_character),
    Rule("unknown-key", "error", "Every key means something where it stands.", keys.unknown_key),
    Rule(
        "repeated-id",
        "error",
        "Each question has an id of its own, since its answer box is called so.",
        keys.repeated_id,
    ),
    Rule("shape", "error", "Each symbol has a shape that truestep knows.", partial(faults, ("shape",))),
    Rule(
        "undeclared", "error", "Every name in a formula of the statement is declared.", partial(faults, ("undeclared",))
    ),
    Rule("given-twice", "error", "Each quantity is defined once.", partial(faults, ("given-twice",))),
    Rule("given-circle", "error", "No quantity is defined by itself.", partial(faults, ("given-circle",))),
    Rule("given-shapes", "error", "Both sides of a definition have one shape.", partial(faults, ("given-shapes",))),
    Rule(
        "assumptions-contradict",
        "error",
        "All that is assumed can hold at once.",
        partial(faults, ("assumptions-contradict",)),
    ),
    Rule(
        "unusable",
        "error",
        "Every formula can be read, and every key has a value that it can have.",
        partial(faults, ("refused", "unreadable", "constant")),
    ),
    Rule("nothing-asked", "error", "A problem asks something.", statements.nothing_asked),
    Rule("formula", "error", "Every formula in a text can be set.", texts.formula),
    Rule("rubric", "error", "The points of a rubric add up, and are for what is asked.", rubrics.rubric),
    Rule("carries", "error", "A question builds on questions that come before it.", rubrics.carries),
    Rule("refused", "error", "Nothing else is refused when the file is loaded.", keys.refused),
    Rule("passed-over", "warning", "Every assumption and definition can be used.", statements.passed_over),
    Rule("spelling", "warning", "What another spelling stands for is declared.", partial(faults, ("spelling",))),
    Rule(
        "sizes-in-text",
        "warning",
        "The text of a question names the sizes that are declared.",
        sizes_in_text.sizes_in_text,
    ),
    Rule("points-in-text", "warning", "Points in a text, as [5 pts], are those that are given.", texts.points_in_text),
    Rule("points-twice", "warning", "Points stand at a heading or at its questions, not at both.", texts.points_twice),
    Rule(
        "carries-nothing",
        "warning",
        "A question builds on questions whose answers truestep checks.",
        rubrics.carries_nothing,
    ),
    Rule("unused-name", "warning", "Every declared symbol, function and macro is used.", statements.unused_name),
    Rule("unused-notation", "warning", "Every piece of notation is used.", statements.unused_notation),
    Rule("image", "warning", "No text holds an image, which no sheet can show.", texts.image),
    Rule("figure-missing", "warning", "A figure that a text speaks of is there.", texts.figure_missing),
    Rule(
        "no-model-answer",
        "note",
        "The solution sheet has something to say on what a person reads.",
        texts.no_model_answer,
    ),
)
_LATE = ("refused",)  # it says again what another rule has said better


def lint(draft: Draft, rules: Sequence[Rule] = RULES) -> tuple[Finding, ...]:
    """What the rules find, in the order of the file.

    >>> from truestep.problems.lint.draft import draft_in
    >>> [finding.rule.name for finding in lint(draft_in("find = 'y'\\n[symbols]\\nx = 'n'"))]
    ['undeclared', 'unused-name']
    """
    found: dict[tuple[str, Path, int | None, str], Finding] = {}
    for rule in rules:
        for remark in rule.check(draft) if not draft.fault or rule.name == "syntax" else ():
            if rule.name not in _LATE or not _is_said(remark, found.values()):
                key = (rule.name, remark.place, remark.offset, remark.message)
                found.setdefault(key, Finding(rule, remark, _position(draft, remark), spoken(draft, remark.place)))
    return tuple(sorted(found.values(), key=lambda finding: finding.position or (0, 0)))


def _is_said(remark: Remark, found: Iterable[Finding]) -> bool:
    """Whether an error stands already in the question of a remark, or in a notation."""
    place = remark.place[:4]
    return any(
        finding.rule.level == "error"
        and (finding.remark.place[: len(place)] == place or finding.remark.place[:1] == ("notation",))
        for finding in found
    )


def _position(draft: Draft, remark: Remark) -> tuple[int, int] | None:
    if remark.position is not None or draft.places is None:
        return remark.position
    return draft.places.position(remark.place, remark.offset, remark.of_key)


def spoken(draft: Draft, place: Path) -> str:
    """A place in words: part, question, keys; what is one of several is counted from 1.

    >>> from truestep.problems.lint.draft import draft_in
    >>> made = draft_in("[[part]]\\n[[part.question]]\\nid = '1(a)'")
    >>> spoken(made, ("part", 0, "question", 0, "problem", "given", 1))
    'part 1, question 1(a), problem, given 2'
    """
    return ", ".join(schema.spoken(place, draft.table))


@lru_cache(maxsize=1)
def examples() -> dict[str, dict[str, str]]:
    """For each rule a file that breaks it and one that does not."""
    return packed_table(__file__, "examples")
