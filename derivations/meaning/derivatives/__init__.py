"""Derivatives by what is no name: by an expression that a term is made of, by a step that is counted from another."""
