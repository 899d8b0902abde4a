"""Mutations: what a student or an opponent would write instead."""

from __future__ import annotations

import random
from collections.abc import Callable

from benchmarks.truth.rewriting import is_number, places
from benchmarks.truth.trees import Tree, add, made, minus, name, number, of, over, power, times

Mutation = Callable[[Tree, random.Random], Tree | None]
OTHER = {"n": "mkl", "m": "nkl", "k": "nml", "l": "nmk"}
LIKE = {"u": "v", "v": "u", "C": "D", "D": "C", "a": "bxy", "b": "axy", "x": "aby", "y": "abx", "p": "q", "q": "p"}
FUNCTION = {
    "exp": ("softplus", "sigmoid"),
    "log": ("sqrt",),
    "sqrt": ("log", "abs"),
    "sin": ("cos", "tanh"),
    "cos": ("sin",),
    "tanh": ("sigmoid", "sin"),
    "sigmoid": ("tanh", "softplus"),
    "softplus": ("relu", "exp"),
    "relu": ("abs", "softplus"),
    "abs": ("relu",),
}


def sign(tree: Tree, chance: random.Random) -> Tree | None:
    """A term with the other sign."""
    return minus(tree) if tree.op not in ("number",) else None


def letter(tree: Tree, chance: random.Random) -> Tree | None:
    """Another quantity of the same shape."""
    return name(chance.choice(LIKE[tree.data])) if tree.op == "name" and tree.data in LIKE else None


def size(tree: Tree, chance: random.Random) -> Tree | None:
    """Another size."""
    return name(chance.choice(OTHER[tree.data])) if tree.op == "name" and tree.data in OTHER else None


def factor(tree: Tree, chance: random.Random) -> Tree | None:
    """A factor too many, or one that is left out."""
    if tree.op == "times" and is_number(tree) and chance.random() < 0.5:
        return tree.args[chance.randrange(len(tree.args))]
    return times(chance.choice([number(2), name("n"), name("k")]), tree) if is_number(tree) else None


def figure(tree: Tree, chance: random.Random) -> Tree | None:
    """A number off by one."""
    return (
        number(tree.data + 1)
        if tree.op == "number"
        else power(tree.args[0], tree.data + 1)
        if tree.op == "power"
        else None
    )


def another_function(tree: Tree, chance: random.Random) -> Tree | None:
    """A related function."""
    return of(chance.choice(FUNCTION[tree.data]), tree.args[0]) if tree.op == "of" else None


def turned(tree: Tree, chance: random.Random) -> Tree | None:
    """A square matrix transposed, factors of a product exchanged, an inverse forgotten."""
    if tree.op == "name" and tree.data in "CD":
        return made("transpose", tree)
    if tree.op == "inverse":
        return tree.args[0]
    return (
        Tree("times", tree.args[::-1])
        if tree.op == "times" and all(a.op == "name" and a.data in "CD" for a in tree.args)
        else None
    )


def lost(tree: Tree, chance: random.Random) -> Tree | None:
    """A term that is left out, or a small one that is added."""
    if tree.op == "add":
        return tree.args[chance.randrange(len(tree.args))]
    return add(tree, over(name("x"), number(1000))) if is_number(tree) else None


MUTATIONS: tuple[Mutation, ...] = (sign, letter, size, factor, figure, another_function, turned, lost)


def mutated(tree: Tree, chance: random.Random) -> tuple[Tree, str]:
    """The tree with one mutation at a random place."""
    choices = list(places(tree))
    for _ in range(40):
        node, put = chance.choice(choices)
        mutation = chance.choice(MUTATIONS)
        new = mutation(node, chance)
        if new is not None:
            return put(new), mutation.__name__
    return minus(tree), "sign"
