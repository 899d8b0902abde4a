"""Rewritings that leave the value as it is, at least where both sides exist."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from benchmarks.truth.trees import Tree, add, made, minus, name, number, of, over, power, times

Rule = Callable[[Tree, random.Random], Tree | None]
NUMBERS = ("number", "over", "power", "trace", "norm", "total", "entry", "where")


def is_number(tree: Tree) -> bool:
    """Whether a tree is a number for sure."""
    if tree.op == "name":
        return tree.data in "abxypqnmkl"
    if tree.op == "of" or tree.op == "minus" or tree.op == "add":
        return all(is_number(arg) for arg in tree.args)
    return tree.op in NUMBERS or (tree.op == "times" and all(is_number(arg) for arg in tree.args))


def commuted(tree: Tree, chance: random.Random) -> Tree | None:
    """a + b = b + a, and ab = ba for numbers."""
    if tree.op in ("add", "hadamard") or (tree.op == "times" and is_number(tree)):
        return Tree(tree.op, tree.args[::-1], tree.data)
    return None


def distributed(tree: Tree, chance: random.Random) -> Tree | None:
    """a (b + c) = ab + ac, from both sides."""
    if tree.op != "times" or len(tree.args) != 2:
        return None
    a, b = tree.args
    if b.op == "add":
        return add(*(times(a, part) for part in b.args))
    return add(*(times(part, b) for part in a.args)) if a.op == "add" else None


def as_powers(tree: Tree, chance: random.Random) -> Tree | None:
    """x^2 = x x, x^3 = x x^2, and back."""
    if tree.op == "power" and tree.data in (2, 3):
        base = tree.args[0]
        return times(base, base if tree.data == 2 else power(base, 2))
    return None


def functions(tree: Tree, chance: random.Random) -> Tree | None:
    """The laws of the functions of the field."""
    if tree.op != "of":
        return None
    t, one = tree.args[0], number(1)
    ways: list[Tree] = []
    match tree.data:
        case "sigmoid":
            ways = [over(one, add(one, of("exp", minus(t)))), over(of("exp", t), add(of("exp", t), one))]
            ways += [add(one, minus(of("sigmoid", minus(t))))] if is_number(t) else []
            if not is_number(t):
                return None
        case "tanh":
            ways = [add(times(number(2), of("sigmoid", times(number(2), t))), minus(one))] if is_number(t) else []
        case "softplus":
            ways = [of("log", add(one, of("exp", t)))] if is_number(t) else []
        case "exp":
            ways = [over(one, of("exp", minus(t)))] if is_number(t) else []
            ways += [times(*(of("exp", part) for part in t.args))] if t.op == "add" and is_number(t) else []
        case "log":
            ways = [minus(of("log", over(one, t)))] if is_number(t) else []
        case "relu":
            ways = [over(add(t, of("abs", t)), number(2))] if is_number(t) else []
            ways += [add(t, of("relu", minus(t)))]
            ways += [times(made("where", t, number(0), data=">"), t)] if is_number(t) else []
        case "abs":
            ways = [add(of("relu", t), of("relu", minus(t))), of("sqrt", power(t, 2))] if is_number(t) else []
        case "sin":
            half = over(t, number(2))
            ways = (
                [times(number(2), of("sin", half), of("cos", half)), minus(of("sin", minus(t)))] if is_number(t) else []
            )
        case "cos":
            half = over(t, number(2))
            ways = [add(one, minus(times(number(2), power(of("sin", half), 2))))] if is_number(t) else []
        case "sqrt":
            ways = [over(t, of("sqrt", t))] if is_number(t) else []
    return chance.choice(ways) if ways else None


def arrays(tree: Tree, chance: random.Random) -> Tree | None:
    """The laws of transposes, traces, norms and sums."""
    args = tree.args
    if tree.op == "transpose" and args[0].op == "times" and not any(is_number(arg) for arg in args[0].args):
        return times(*(made("transpose", arg) for arg in args[0].args[::-1]))
    if tree.op == "transpose" and args[0].op == "add":
        return add(*(made("transpose", arg) for arg in args[0].args))
    if tree.op == "transpose" and args[0].op == "transpose":
        return args[0].args[0]
    if tree.op == "trace" and args[0].op == "times" and len(args[0].args) == 2:
        return made("trace", times(*args[0].args[::-1]))
    if tree.op == "trace":
        return made("trace", made("transpose", args[0])) if args[0].op == "add" else None
    if tree.op == "power" and args[0].op == "norm" and tree.data == 2:
        return times(made("transpose", args[0].args[0]), args[0].args[0])
    if tree.op == "total" and args[0].op == "add":
        return add(*(made("total", part, data=tree.data) for part in args[0].args))
    if (
        tree.op == "times"
        and len(args) == 2
        and args[0].op == "transpose"
        and {args[0].args[0].op, args[1].op} == {"name"}
    ):
        u, v = args[0].args[0].data, args[1].data
        if u in "uv" and v in "uv":
            product = times(made("entry", data=(u, "i")), made("entry", data=(v, "i")))
            return made("total", product, data=("n", "i"))
    return None


def neutral(tree: Tree, chance: random.Random) -> Tree | None:
    """Something added and taken away, or multiplied and divided by."""
    if not is_number(tree) or tree.op in ("number", "entry") or chance.random() < 0.7:
        return None
    other = name(chance.choice("abxypq"))
    if chance.random() < 0.5:
        return add(tree, other, minus(other))
    factor = add(power(other, 2), number(1))
    return over(times(tree, factor), factor)


RULES: tuple[Rule, ...] = (commuted, distributed, as_powers, functions, functions, arrays, arrays, neutral)


def places(
    tree: Tree, around: Callable[[Tree], Tree] = lambda node: node
) -> Iterator[tuple[Tree, Callable[[Tree], Tree]]]:
    """Every node with what puts another one in its place."""
    yield tree, around
    for k, arg in enumerate(tree.args):

        def put(new: Tree, k: int = k) -> Tree:
            return around(Tree(tree.op, (*tree.args[:k], new, *tree.args[k + 1 :]), tree.data))

        yield from places(arg, put)


def rewritten(tree: Tree, chance: random.Random) -> tuple[Tree, str]:
    """The tree after one to four rewritings at random places."""
    how = []
    for _ in range(chance.randint(1, 4)):
        choices = list(places(tree))
        chance.shuffle(choices)
        for node, put in choices:
            rule = chance.choice(RULES)
            new = rule(node, chance)
            if new is not None and len(tree.walk()) < 60:
                tree = put(new)
                how.append(rule.__name__)
                break
    return tree, ", ".join(how)
