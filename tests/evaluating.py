"""A text's value at given numbers, for tests that compare it with what NumPy or mpmath say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from truestep.checkers.comparing.evaluate import Evaluator, aligned
from truestep.checkers.comparing.model import Model
from truestep.checkers.comparing.reals import Reals
from truestep.checkers.comparing.verdicts import Verdict
from truestep.checkers.comparing.world import World
from truestep.checkers.works.bench import Bench
from truestep.checkers.works.claim import Claim
from truestep.derivations.language.expression import Expression
from truestep.derivations.language.liberties import Reading
from truestep.derivations.language.reading.parser import Parser
from truestep.derivations.language.reading.rowtext import row_tokens
from truestep.derivations.meaning.arena import Arena
from truestep.derivations.meaning.scope import value_of
from truestep.derivations.meaning.shaped_terms import axes_for
from truestep.derivations.meaning.terms import Axis, Term
from truestep.problems.statements.prepared import Setting, setting_of
from truestep.problems.statements.statement import problem_from


def term_value(arena: Arena, term: Term, numbers: Mapping[str, Any], sizes: Mapping[str, int] | None = None) -> Any:
    """The value of a term in doubles, where every quantity has the value that ``numbers`` gives it."""
    model = Model(arena, sizes or {}, 1, Reals(), {}, False)
    for name, number in numbers.items():
        model.drawn[name, 0] = np.asarray(number, dtype=float)[None]
    return Evaluator(model).value(term, 0)[0][0]


def read(setting: Setting, text: str) -> Expression:
    """The expression that a text is under a setting."""
    tokens = row_tokens(text, setting.context)
    return Parser(tokens, 0, len(tokens), setting.notation, Reading()).whole()


def evaluated(statement: Mapping[str, Any], text: str, numbers: Mapping[str, Any], sizes: Mapping[str, int]) -> Any:
    """The value of a text under a problem: rows and columns of size 1 are left out."""
    setting = setting_of(problem_from(statement))
    arena = setting.scope.arena
    value = value_of(read(setting, text), setting.scope)
    places = axes_for(arena, value.dims)
    axes = tuple(place for place in places if isinstance(place, Axis))
    term = value.entry(*places)
    found = term_value(arena, term, numbers, sizes)[None]
    shape = tuple(axis.size if isinstance(axis.size, int) else sizes[axis.size] for axis in axes)
    return np.broadcast_to(aligned(found, term.axes, axes)[0], shape)


def verdict(statement: Mapping[str, Any], left: str, right: str) -> Verdict:
    """What the tactics say of ``left = right`` under a problem."""
    setting = setting_of(problem_from(statement))
    bench = Bench(World(setting))
    return bench.judge(Claim(read(setting, left), read(setting, right))).verdict
