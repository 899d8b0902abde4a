"""An oracle of its own: pairs of expressions that are equal by rewriting or differ by a mutation, and truestep's verdicts.

Nothing of truestep is used to make a pair: the trees, their values and their LaTeX are written here.
"""
