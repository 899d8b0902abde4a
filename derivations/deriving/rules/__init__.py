"""The rules of derivation, in the order in which they are tried; one family a module."""

from __future__ import annotations

from truestep.derivations.deriving.rules.elementwise import ELEMENTWISE
from truestep.derivations.deriving.rules.linear import LINEAR
from truestep.derivations.deriving.rules.matrices import MATRICES
from truestep.derivations.deriving.rules.matrix_forms import FORMS, Form, form_of
from truestep.derivations.deriving.rules.rewriting import REWRITES, Rewrite
from truestep.derivations.deriving.rules.rule import Bench, Rule, Target

__all__ = ["FORMS", "REWRITES", "RULES", "Bench", "Form", "Rewrite", "Rule", "Target", "form_of"]

RULES = (*LINEAR, *ELEMENTWISE, *MATRICES)
