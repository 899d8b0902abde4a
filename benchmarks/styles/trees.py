"""Ways of writing that rewrite the trees of a work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from random import Random

from msgspec import structs

from benchmarks.slips.trees import dims_of, index_sizes
from benchmarks.slips.trees import renamed as with_letters
from benchmarks.styles.drafts import Change, Draft, Formula, Step, mapped
from truestep.derivations.language.expression import NONE, Expression, add, free_indices, negative, number, product
from truestep.derivations.language.shapes import SCALAR, Size

PLAIN = (NONE, NONE, NONE)
LETTERS = "nmrstuvqp"
NAMES = (r"\delta", "g", r"\bar{q}", r"\delta_1", "G", r"\delta^{(1)}", r"\Delta", r"\gamma")


def _uses(node: Expression, letter: str) -> int:
    """How often an index stands in a product, at entries and deltas."""
    return sum(one.head == "index" and one.data == letter for one in node.walk())


def _droppable(node: Expression) -> bool:
    """Whether a sum can be read from the index that occurs twice in its one product."""
    body = node.args[0]
    while body.head in ("negative", "group"):
        body = body.args[0]
    while body.head == "sum":
        body = body.args[0]
    is_plain = (
        node.args[1:] == PLAIN and body.head == "product" and not body.has("add", "power", "apply", "quotient", "max")
    )
    return is_plain and all(_uses(body, letter) == 2 for letter in node.data)


def implied_sums(draft: Draft, random: Random) -> bool:
    """Every sum sign left out, where the index of each occurs twice."""
    sums = [(step, node) for step in draft.steps for node in step.right.walk() if node.head in ("sum", "prod", "mean")]
    if len({step.place for step, _ in sums}) < 2 or not all(
        node.head == "sum" and _droppable(node) for _, node in sums
    ):
        return False
    if any(step.right.has("add") for step in draft.steps if step.right.has("sum")):
        return False
    draft.problem = structs.replace(draft.problem, wrong={})  # an author may say that this is a mistake
    for step in draft.steps:
        step.right = mapped(step.right, lambda node: node.args[0] if node.head == "sum" else None)
        step.right = mapped(step.right, _flat)
    return True


def _flat(node: Expression) -> Expression | None:
    """A product within a product as one."""
    if node.head == "product" and any(factor.head == "product" for factor in node.args):
        factors = [one for factor in node.args for one in (factor.args if factor.head == "product" else (factor,))]
        return product(*factors)
    return None


def entry_for_whole(draft: Draft, random: Random) -> bool:
    """The entry with free indices as the last word, without the row that says the whole."""
    if len(draft.steps) < 2:
        return False
    last, before = draft.steps[-1], draft.steps[-2]
    is_whole = last.begins and not free_indices(last.left) and last.left.head == "derivative"
    is_entry = before.left.head == "derivative" and bool(free_indices(before.left))
    asked = len(draft.problem.find) == 1
    if not (is_whole and is_entry and asked) or last.has_slip or free_indices(before.right) - free_indices(before.left):
        return False
    draft.steps.pop()
    return True


def upstream_name(draft: Draft, random: Random) -> bool:
    """A derivative that occurs often under a name of its own, introduced in a sentence."""
    found = Counter(
        (node.args[0], _base(node.args[1]))
        for step in draft.steps
        for node in step.right.walk()
        if node.head == "derivative"
        and len(node.args) == 2
        and node.args[0].head == "symbol"
        and dims_of(node.args[0], draft.notation) == SCALAR
    )
    asked = {
        (step.left.args[0], _base(step.left.args[1]))
        for step in draft.steps
        if step.left.head == "derivative" and len(step.left.args) == 2
    }
    taken = set(draft.notation.all_names) | set(draft.names)
    bases = {name[0] for name in taken} | {name.partition("_")[0].partition("^")[0] for name in taken}
    names = [name for name in NAMES if name.partition("_")[0].partition("^")[0] not in bases and name not in bases]
    if any(node.head == "kronecker" for step in draft.steps for node in step.right.walk()):
        names = [name for name in names if not name.startswith(r"\delta")]
    fitting = [pair for pair in found if pair not in asked and pair[1] is not None and pair[1].head == "symbol"]
    if not fitting or not names:
        return False
    top, variable = random.choice(fitting)
    assert variable is not None
    name = random.choice(names)
    named = Expression("unknown", (), name)

    def change(node: Expression) -> Expression | None:
        if (
            node.head == "derivative"
            and len(node.args) == 2
            and node.args[0] == top
            and _base(node.args[1]) == variable
        ):
            below = node.args[1]
            return named if below.head == "symbol" else replace(below, args=(named, *below.args[1:]))
        return None

    for step in draft.steps:
        step.right = mapped(step.right, change)
    draft.names.append(name)
    whole = Expression("derivative", (top, variable), "Leibniz")
    draft.sentences.append(Formula("definition", tree=Expression("relation", (named, whole), "=")))
    return True


def _base(node: Expression) -> Expression | None:
    return node if node.head == "symbol" else node.args[0] if node.head == "entry" else None


def limits_from(start: int) -> Change:
    """Sums with their limits written: from 1 to n, or from 0 to n - 1."""

    def change(draft: Draft, random: Random) -> bool:
        before = [step.right for step in draft.steps]
        for step in draft.steps:
            sizes = index_sizes(Expression("and", (step.left, step.right)), draft.notation)
            step.right = step.right.map(partial(_limited, start=start, sizes=sizes))
        return before != [step.right for step in draft.steps]

    return change


def _limited(node: Expression, start: int, sizes: Mapping[str, Size]) -> Expression:
    is_bare = node.head == "sum" and len(node.data) == 1 and node.args[1:] == PLAIN
    size = sizes.get(node.data[0]) if is_bare else None
    if not isinstance(size, str):
        return node
    last = Expression("size", (), size)
    upper = last if start else add(last, negative(number(1)))
    return replace(node, args=(node.args[0], number(start), upper, NONE))


def other_letters(draft: Draft, random: Random) -> bool:
    """Another letter for a bound index, that is free nowhere in the row."""
    done = False
    taken = {name[0] for name in draft.notation.all_names} | set(draft.notation.indices)
    taken |= {size.lower() for size in draft.notation.sizes} | set(draft.notation.sizes) | set(draft.problem.names)
    for step in draft.steps:
        bound = {name for node in step.right.walk() if node.head in ("sum", "prod") for name in node.data}
        used = {str(node.data) for side in (step.left, step.right) for node in side.walk() if node.head == "index"}
        letters = [letter for letter in LETTERS if letter not in taken | used | bound]
        free = free_indices(step.left) | free_indices(step.right)
        for name in sorted(bound - free - set(draft.notation.indices)):
            if letters:
                step.right = with_letters(step.right, {name: letters.pop(random.randrange(len(letters)))})
                done = True
    return done


def squared(draft: Draft, random: Random) -> bool:
    """The squared length of a vector as its square."""
    done = False
    for step in draft.free_steps():
        new = mapped(
            step.right,
            lambda node: (
                replace(node, args=(node.args[0].args[0], node.args[1]))
                if node.head == "power" and node.args[0].head == "norm" and node.args[1] == number(2)
                else None
            ),
        )
        done |= new != step.right
        step.right = new
    return done


def numerator_layout(draft: Draft, random: Random) -> bool:
    """The whole work in numerator layout, where the course leaves the layout open."""
    if draft.problem.answer or any(step.has_slip for step in draft.steps):
        return False
    whole = [step for step in draft.steps if not free_indices(step.left)]
    turned = [step for step in whole if _is_array(step.left, draft)]
    if not turned or not all(_turnable(step, draft) for step in draft.steps):
        return False
    for step in turned:
        step.right = _turned(_with_turned(step.right, draft), draft)
    draft.problem = structs.replace(draft.problem, layout="either")
    return True


def _is_array(left: Expression, draft: Draft) -> bool:
    return (
        left.head == "derivative"
        and len(left.args) == 2
        and left.args[1].head == "symbol"
        and dims_of(left.args[1], draft.notation) not in (None, SCALAR)
    )


def _turnable(step: Step, draft: Draft) -> bool:
    """Whether rows and columns of a row can be exchanged: entries stay, wholes are products and sums of names."""
    if free_indices(step.left):
        return True
    heads = {node.head for node in step.right.walk()}
    known = {"symbol", "product", "transpose", "add", "negative", "derivative", "number", "quotient", "group", "size"}
    return heads <= known and all(node.head != "product" or set(node.data) <= {""} for node in step.right.walk())


def _with_turned(node: Expression, draft: Draft) -> Expression:
    return mapped(
        node,
        lambda one: Expression("transpose", (one,)) if one.head == "derivative" and _is_array(one, draft) else None,
    )


def _turned(node: Expression, draft: Draft) -> Expression:
    """The transpose of a whole."""
    if node.head in ("number", "size") or dims_of(node, draft.notation) == SCALAR:
        return node
    match node.head:
        case "transpose":
            return node.args[0]
        case "add" | "negative" | "group":
            return replace(node, args=tuple(_turned(one, draft) for one in node.args))
        case "product":
            return replace(node, args=tuple(_turned(one, draft) for one in reversed(node.args)))
        case "quotient":
            return replace(node, args=tuple(_turned(one, draft) for one in node.args))
        case _:
            return Expression("transpose", (node,))
