"""An oracle of its own: pairs of expressions, equal by rewriting or different by a mutation, and their verdicts.

Nothing of truestep is used to make a pair: the trees, their values and their LaTeX are written here.
"""
