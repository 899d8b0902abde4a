"""The rules of derivation, in the order in which they are tried; one family a module."""

from __future__ import annotations

from derivations.rules.elementwise import ELEMENTWISE
from derivations.rules.forms import FORMS, Form, form_of
from derivations.rules.linear import LINEAR
from derivations.rules.matrices import MATRICES
from derivations.rules.rewriting import REWRITES, Rewrite
from derivations.rules.rule import Bench, Rule, Target

__all__ = ["FORMS", "REWRITES", "RULES", "Bench", "Form", "Rewrite", "Rule", "Target", "form_of"]

RULES = (*LINEAR, *ELEMENTWISE, *MATRICES)
