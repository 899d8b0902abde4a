"""The rows of a work as groups, read with all names that the work gives."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.checkers.works.differentials import has_differentials
from truestep.checkers.works.grouping import MAX_ROWS, Group, groups
from truestep.checkers.works.names.activations import own_activations
from truestep.checkers.works.names.anew import with_quantities, with_rebound
from truestep.checkers.works.names.bases import with_base
from truestep.checkers.works.names.by_cases import with_cases
from truestep.checkers.works.names.given import (
    alone_on_left,
    own_letters,
    own_slopes,
    own_spellings,
    with_braces,
    with_diagonals,
    with_names,
)
from truestep.checkers.works.names.identifiers import own_identifiers
from truestep.checkers.works.names.sets import with_sets
from truestep.checkers.works.names.stacks import with_stacks
from truestep.checkers.works.names.steps import with_steps
from truestep.checkers.works.names.words import own_words
from truestep.derivations.language.phrases.table import SUBJECTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.checkers.documents.work import Row
    from truestep.checkers.remembering.precedents import Precedents
    from truestep.problems.statements.prepared import Setting


def named_groups(
    rows: Sequence[Row], setting: Setting, precedents: Precedents | None = None
) -> tuple[list[Group], Setting]:
    """The groups, with what the work's own names stand for, and the setting in which they are read."""
    grouped = groups if precedents is None else precedents.groups
    found = grouped(rows[:MAX_ROWS], setting.context)
    if slopes := (*own_slopes(found, setting.context), *own_identifiers(found, setting.context)):
        setting = replace(setting, context=replace(setting.context, spellings=(*slopes, *setting.context.spellings)))
        found = grouped(rows[:MAX_ROWS], setting.context)
    spelled = (*own_activations(found, rows, setting), *own_spellings(found, rows, setting.context, setting.find))
    if spelled:
        context = replace(setting.context, spellings=(*spelled, *setting.context.spellings))
        setting, found = replace(setting, context=context), grouped(rows[:MAX_ROWS], context)
    found = with_names(with_braces(with_base(found, setting.context), setting.context), rows, setting.context)
    found = with_cases(found, rows, setting.context)
    found = with_diagonals(with_stacks(with_sets(found), rows, setting.context), rows, setting.context)
    found = with_rebound(with_quantities(with_steps(found, setting.context), setting), rows, setting.context)
    own, words = own_letters(found, setting.context), own_words(found, setting.context) | setting.notation.words
    differs, letters = has_differentials(found, setting.context), alone_on_left(found)
    units = setting.notation.units or has_unit_vectors(found, rows)
    notation = setting.notation.like(own=own, words=words, differs=differs, letters=letters, units=units)
    if notation is setting.notation:
        return found, setting
    return found, replace(setting, context=replace(setting.context, notation=notation))


def has_unit_vectors(found: Sequence[Group], rows: Sequence[Row]) -> bool:
    """Whether words of a work that writes ``e_c`` say that something is a unit vector."""
    bare = ([token.text for token in group.tokens if token.kind not in ("open", "close")] for group in found)
    return any(("e", "_") in itertools.pairwise(texts) for texts in bare) and any(
        SUBJECTS.has(words, "basis") for row in rows for words in (row.before, row.after) if words
    )
