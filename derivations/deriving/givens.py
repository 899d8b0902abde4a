"""The givens of a goal made ready: nodes for the definitions, letters for the indices, and what depends on what."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.derivations.deriving.algebra.monomials import Entries
from truestep.derivations.deriving.algebra.nodes import Node
from truestep.derivations.deriving.algebra.workshop import Workshop
from truestep.derivations.deriving.displays.entries_shown import Showing
from truestep.derivations.deriving.displays.index_letters import Letters
from truestep.derivations.deriving.lifting import lifting_for
from truestep.derivations.deriving.lifting.applied import defined
from truestep.derivations.deriving.steps import Forward, Stuck
from truestep.derivations.language.expression import Expression
from truestep.derivations.language.functions import UNSPELLED
from truestep.derivations.language.shapes import SCALAR
from truestep.derivations.numpy.code import NumPy, python_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from truestep.derivations.deriving.goal import Equation, Goal
    from truestep.derivations.language.notation import Family
    from truestep.derivations.language.shapes import Dims, Size
    from truestep.derivations.meaning.terms import Axis

FOLDED = ("function", "softmax")  # a result that is its own derivative's factor keeps its name


class Givens:
    """The workshop of one goal, with everything that the statement gives."""

    def __init__(self, goal: Goal, top: str = "") -> None:
        self.goal = goal
        self.workshop = Workshop(goal.symmetric)
        self.workshop.signs = goal.signs
        self.entries = Entries(self.workshop)
        self.entries.families = frozenset(family.name for family in goal.notation.families.values())
        self.lifting = lifting_for(self.entries, goal)
        self.definitions: dict[str, Node] = {}
        self.letters = Letters(goal.notation, usual_letters(goal), goal.reserved)
        self.showing = Showing(self.workshop, self.entries, goal.notation, self.letters)
        self.showing.numerator, self.showing.sums = goal.numerator, goal.sums
        self.showing.by_entries = is_by_entries(goal)
        self.showing.with_ones = any(equation.body.has("ones") for equation in goal.equations)
        self.wanted = goal.letters
        self.showing.spoken = self._spoken()
        self.showing.no_delta = r"\delta" in goal.reserved  # the statement has another meaning for it
        self._define(top)
        self.fix_labels()

    def fix_labels(self) -> None:
        """Gives the labels that the statement names their own letters."""
        for letter, axis in self.lifting.labels.items():
            self.letters.labels[axis] = letter
            self.letters.fix(axis, letter)

    def label_of(self, name: str) -> Axis:
        """The label at which a one-hot column is 1."""
        return self.lifting.labels.setdefault(self.goal.hot[name], self.entries.axis(self.symbol(name).dims[0]))

    def symbol(self, name: str) -> Node:
        """A named quantity, or all members of a family as rows."""
        family = self._family(name)
        if family is not None:
            return self.workshop.symbol(name, _dims_of(family))
        declared = self.goal.notation.declared(name)
        if declared is None or declared.kind != "array" or len(declared.dims) != 2:
            raise Stuck(name, "nothing is known of this name")
        return self.workshop.symbol(name, declared.dims)

    def _family(self, name: str) -> Family | None:
        """The family of that name whose members are columns or numbers."""
        found = next((one for one in self.goal.notation.families.values() if one.name == name), None)
        is_of_columns = found is not None and found.member.kind == "array" and found.member.dims[1] == 1
        return found if is_of_columns else None

    def _define(self, top: str) -> None:
        todo = {equation.name: equation for equation in self.goal.equations}
        done: set[str] = set()

        def visit(name: str) -> None:
            if name in done or name not in todo:
                return
            done.add(name)
            for child in todo[name].body.walk():
                if child.head in ("symbol", "member"):
                    visit(str(child.data if child.head == "symbol" else self.goal.notation.families[child.data].name))
            self._define_one(todo[name], top)

        for name in todo:
            visit(name)

    def _define_one(self, equation: Equation, top: str) -> None:
        declared, family = self.goal.notation.declared(equation.name), self._family(equation.name)
        dims = _dims_of(family) if family is not None else declared.dims if declared is not None else ()
        if len(dims) != 2:
            return
        body = self._entrywise(equation, dims) if equation.indices else self.lifting.node(equation.body)
        body = self._as_softmax(body)
        if body.dims != dims:
            raise Stuck(equation.name, f"its definition has shape {body.dims}, not {dims}")
        self.definitions[equation.name] = body
        self._centre(equation.name, body)
        if body.op not in ("symbol", "number", "size") and (equation.name != top or body.op in FOLDED):
            self.workshop.named[body] = self.workshop.symbol(equation.name, dims)

    def _as_softmax(self, body: Node) -> Node:
        r"""A softmax where ``e^{u - A}`` is one, with ``A = \log \sum_k e^{u_k}``."""
        workshop, inner = self.workshop, body.args[0] if body.op == "function" and body.data == ("exp", 0) else body
        if inner is body or inner.op != "add" or not body.is_column:
            return body
        scalars = [arg for arg in inner.args if arg.is_scalar]
        powers = workshop.add(arg for arg in inner.args if not arg.is_scalar)
        whole = workshop.negative(scalars[0]) if len(scalars) == 1 else body
        total = workshop.function("log", workshop.total(workshop.function("exp", powers)))
        is_total = total in (whole, self.definitions.get(str(whole.data)) if whole.op == "symbol" else None)
        return workshop.softmax(powers, "all") if is_total else body

    def _entrywise(self, equation: Equation, dims: Dims) -> Node:
        """The body of a definition that is given entry by entry."""
        slots = [slot for slot, size in enumerate(dims) if size != 1]
        letters = equation.indices
        if len(letters) == 1 and self._family(equation.name) is not None:  # each member as a whole
            return self.lifting.definition(equation.body, {letters[0]: dims[0]})
        if len(letters) == len(dims) > len(slots):
            letters = tuple(letters[slot] for slot in slots)
        if len(letters) != len(slots):
            raise Stuck(equation.name, "its definition has another number of indices than it has axes")
        body = self.lifting.definition(equation.body, {letters[k]: dims[slot] for k, slot in enumerate(slots)})
        return self.workshop.transpose(body) if dims[0] == 1 and len(slots) == 1 else body

    def _spoken(self) -> dict[str, str]:
        r"""The names that the statement itself has for built-in functions: its own sigma for the sigmoid.

        ``f(t) = \tanh(t)`` is none: there the statement says the function's usual name.
        """
        probe = self.lifting.shaped(self.workshop.symbol("", SCALAR))
        out: dict[str, str] = {}
        for user in self.goal.notation.functions.values():
            if user.body is None or (user.body.head == "apply" and user.body.data[0] not in UNSPELLED):
                continue
            if user.kind == "elementwise" and len(user.formals) == 1:
                node = defined(self.lifting, user, [probe], 0).node
                if node is not None and node.op == "function" and node.args[0] is probe.node and not node.data[1]:
                    out.setdefault(node.data[0], user.name)
        return out

    def _centre(self, name: str, body: Node) -> None:
        """Where the givens define a mean over the rows, the deviations from it sum to 0."""
        workshop = self.workshop
        _, scalars, core = workshop.parts(body)
        mean = core if core is not None else next((node for node in scalars if node.op == "chain"), None)
        if mean is None or mean.op != "chain" or len(mean.args) != 2:
            return
        pair = mean.args if mean.args[0].op == "ones" else tuple(workshop.transpose(arg) for arg in reversed(mean.args))
        values, name_node = pair[1], self.symbol(name)
        share = workshop.scale_by(workshop.power(workshop.size(values.dims[0]), Fraction(-1)), workshop.chain(pair))
        if pair[0].op == "ones" and body in (share, workshop.transpose(share)):
            row = name_node if name_node.is_scalar else workshop.transpose(name_node)
            spread = row if row.is_scalar else workshop.chain([workshop.ones((values.dims[0], 1)), row])
            workshop.centred.add(workshop.add([values, workshop.negative(spread)]))

    def dependencies(self) -> dict[str, tuple[Node, ...]]:
        """What unspecified quantities depend on."""
        return {
            name: tuple(self.symbol(parent) for parent in parents) for name, parents in self.goal.dependencies.items()
        }

    def around(self) -> dict[tuple[str, str], tuple[str, ...]]:
        """Of an unspecified quantity and what it depends on: what else it depends on that rests on that as well."""
        return {
            (name, parent): others
            for name, parents in self.goal.dependencies.items()
            for parent in parents
            if (others := tuple(one for one in parents if one != parent and one in self.reaching(parent)))
        }

    def reaching(self, name: str, without: str = "") -> frozenset[str]:
        """The names that depend on a name, by a way that avoids another."""
        found = {name}
        while True:
            more = {other for other, body in self.definitions.items() if body.names & found}
            more |= {other for other, parents in self.goal.dependencies.items() if set(parents) & found}
            more -= found | {without}
            if not more:
                return frozenset(found)
            found |= more

    def named_partials(self, name: str) -> dict[str, tuple[Node, ...]]:
        """For each quantity, by what its named partial derivatives are taken that lead to a name with no way around."""
        out: dict[str, tuple[Node, ...]] = {}
        for top, by in self.goal.named_partials:
            leads = by == name or by in self.reaching(name)
            around = top in self.reaching(name, by) if by != name else False
            if leads and not around and top != name:
                out[top] = (self.symbol(by),)
        return out

    def numpy(self, workshop: Workshop | None = None) -> NumPy:
        """What writes nodes (of another workshop) as code; a label is an integer of its own name, counted from 0."""
        labels = {axis: letter for letter, axis in self.lifting.labels.items()}
        return NumPy(workshop or self.workshop, labels, self.definitions)

    def forward(self, of: str, by: Iterable[str], dims: Dims) -> Forward:
        """The arrays that come in, and the givens as assignments."""
        numpy = self.numpy()
        names = frozenset[str]().union(*(body.names for body in self.definitions.values()), frozenset(by))
        wanted = names - set(self.definitions)
        declared = [(name.full, name.declared.dims) for name in self.goal.notation.names.values()]
        families = self.goal.notation.families.values()
        declared += [(one.name, (one.index.dims[0], one.member.dims[0])) for one in families]
        inputs = {python_name(full): dims for full, dims in declared if full in wanted}
        inputs |= {python_name(letter): SCALAR for letter in self.lifting.labels}
        return Forward(
            tuple(inputs.items()),
            tuple((python_name(name), numpy.code(body)) for name, body in self.definitions.items()),
            python_name(of),
            tuple(python_name(name) for name in by),
            dims,
            tuple((python_name(name), tuple(map(python_name, on))) for name, on in self.goal.dependencies.items()),
            tuple((python_name(name), fact) for name, fact in self._known()),
            bool(self.goal.unequal),
        )

    def _known(self) -> Iterator[tuple[str, str | int]]:
        """What is known of quantities that come in."""
        yield from ((name, "symmetric") for name in sorted(self.goal.symmetric))
        yield from self.goal.simplex.items()
        yield from ((letter, "label") for letter in self.lifting.labels)


def _dims_of(family: Family) -> Dims:
    """The shape of all members as rows."""
    return family.index.dims[0], family.member.dims[0]


def is_by_entries(goal: Goal) -> bool:
    """Whether a statement speaks of the entries of its arrays alone."""
    bodies = [goal.asked, *goal.stationary, *(equation.body for equation in goal.equations)]
    return all(equation.indices or _is_number(equation.name, goal) for equation in goal.equations) and not any(
        _names_arrays(body, goal) for body in bodies
    )


def _names_arrays(node: Expression, goal: Goal) -> bool:
    if node.head == "symbol":
        return not _is_number(str(node.data), goal)
    args = node.args[1:] if node.head == "entry" and node.args[0].head == "symbol" else node.args
    return any(_names_arrays(arg, goal) for arg in args)


def _is_number(name: str, goal: Goal) -> bool:
    declared = goal.notation.declared(name)
    return declared is None or declared.kind != "array" or declared.dims == SCALAR


def usual_letters(goal: Goal) -> dict[Size, list[str]]:
    """The letters that the givens use for each size."""
    usual: dict[Size, list[str]] = {}
    for equation in goal.equations:
        declared = goal.notation.declared(equation.name)
        nodes = [node for node in equation.body.walk() if node.head == "entry" and node.args[0].head == "symbol"]
        found = [(goal.notation.declared(str(node.args[0].data)), node.args[1:]) for node in nodes]
        for node in equation.body.walk():
            if node.head == "member" and node.args[0].head == "index":
                size, letter = goal.notation.families[node.data].index.dims[0], str(node.args[0].data)
                usual.setdefault(size, []).extend([letter] if letter not in usual.get(size, []) else [])
        if declared is not None and equation.indices:
            found.insert(0, (declared, tuple(Expression("index", (), letter) for letter in equation.indices)))
        for known, indices in found:
            sizes = [size for size in known.dims if size != 1] if known is not None else []
            for size, index in zip(sizes, indices, strict=False):
                if index.head == "index" and index.data not in usual.setdefault(size, []):
                    usual[size].append(str(index.data))
    return usual
