r"""From a goal to a solution: the single entry first, then the matrix form; or Stuck, with the place and the reason.

The method is index notation with lazy entries: subexpressions stay folded as matrices while one entry is differentiated,
and the result is contracted back (compare Laue, Mitterreiter and Giesen, 2018; Magnus and Neudecker, 1988).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from derivations.contracting import NoMatrixForm, matrix_form
from derivations.course import Course, Stage
from derivations.expression import Expression, symbol
from derivations.lifting import Lifting
from derivations.monomials import Entries, Monomial, Polynomial
from derivations.nodes import Node, Workshop
from derivations.numpy_code import NumPy
from derivations.rules import Bench, Target
from derivations.showing import Letters, Showing, Unwritable
from derivations.steps import Derivation, Solution, Step, Stuck
from derivations.terms import Axis
from derivations.tidying import Tidying, collected

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from derivations.monomials import Place
    from derivations.notation import Notation
    from derivations.shapes import Dims, Size

FOLDED = ("function", "softmax")  # a result that is its own derivative's factor keeps its name


@dataclass(frozen=True, slots=True)
class Equation:
    """A given: the name it defines, the letters of its indices, and the body."""

    name: str
    indices: tuple[str, ...]
    body: Expression


@dataclass(frozen=True)
class Goal:
    """What is asked, and what may be used."""

    asked: Expression
    notation: Notation
    equations: tuple[Equation, ...] = ()
    dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    symmetric: frozenset[str] = frozenset()
    simplex: Mapping[str, int] = field(default_factory=dict)
    unequal: frozenset[tuple[str, str]] = frozenset()
    uniform: Mapping[str, Size] = field(default_factory=dict)
    numerator: bool = False


@dataclass(frozen=True, slots=True)
class _Variable:
    """What is derived, or derived by: a named quantity, with letters where one entry is asked for."""

    name: str
    dims: Dims
    letters: tuple[str, ...]


def derive(goal: Goal) -> Solution:
    """The solution of a goal; raises Stuck."""
    return _Deriving(goal).solution()


class _Deriving:
    def __init__(self, goal: Goal) -> None:
        self.goal = goal
        self.workshop = Workshop(goal.symmetric)
        self.entries = Entries(self.workshop)
        self.lifting = Lifting(self.workshop, self.entries, goal.notation, goal.uniform)
        self.definitions: dict[str, Node] = {}
        self.letters = Letters(goal.notation, _usual_letters(goal))
        self.showing = Showing(self.workshop, self.entries, goal.notation, self.letters)
        self.top, *self.bottoms = self._asked()
        self._define()

    # The goal.

    def _asked(self) -> list[_Variable]:
        node = self.goal.asked
        while node.head == "group":
            node = node.args[0]
        if node.head == "gradient":
            return [self._variable(arg) for arg in node.args]
        if node.head != "derivative":
            raise Stuck("what is asked", "only derivatives are derived here")
        top, *bottoms = node.args
        if len(bottoms) > 2:
            raise Stuck("what is asked", "derivatives of order above 2 are not derived")
        return [self._variable(arg.args[0] if arg.head == "transpose" else arg) for arg in (top, *bottoms)]

    def _variable(self, node: Expression) -> _Variable:
        while node.head == "group":
            node = node.args[0]
        if node.head == "symbol":
            declared = self.goal.notation.declared(str(node.data))
            if declared is not None and declared.kind == "array" and len(declared.dims) == 2:
                return _Variable(str(node.data), declared.dims, ())
        if node.head == "entry" and all(arg.head == "index" for arg in node.args[1:]):
            base = self._variable(node.args[0])
            letters = tuple(str(arg.data) for arg in node.args[1:])
            if len(letters) == sum(size != 1 for size in base.dims):
                return _Variable(base.name, base.dims, letters)
        raise Stuck("what is asked", "this is neither a name nor an entry of one")

    def _define(self) -> None:
        todo = {equation.name: equation for equation in self.goal.equations}
        done: set[str] = set()

        def visit(name: str) -> None:
            if name in done or name not in todo:
                return
            done.add(name)
            for child in todo[name].body.walk():
                if child.head in ("symbol", "member"):
                    visit(str(child.data))
            self._define_one(todo[name])

        for name in todo:
            visit(name)

    def _define_one(self, equation: Equation) -> None:
        declared = self.goal.notation.declared(equation.name)
        if declared is None or len(declared.dims) != 2:
            return
        sizes = [size for size in declared.dims if size != 1]
        if equation.indices:
            body = self.lifting.definition(equation.body, dict(zip(equation.indices, sizes, strict=True)))
            if declared.dims[0] == 1 and len(sizes) == 1:
                body = self.workshop.transpose(body)
        else:
            body = self.lifting.node(equation.body)
        if body.dims != declared.dims:
            raise Stuck(equation.name, f"its definition has shape {body.dims}, not {declared.dims}")
        self.definitions[equation.name] = body
        if body.op not in ("symbol", "number", "size") and (equation.name != self.top.name or body.op in FOLDED):
            self.workshop.named[body] = self.workshop.symbol(equation.name, declared.dims)

    # The derivation.

    def solution(self) -> Solution:
        """All derivations that lead to the answer."""
        self._fix_letters()
        first, *more = self.bottoms
        top = self.workshop.symbol(self.top.name, self.top.dims)
        if more:
            return self._second(top, first, more[0])
        places = self._places(self.top)
        stages, result = self._entry(top, places, first)
        free = [*self._axes(first), *(place for place in places if isinstance(place, Axis))]
        free = list(dict.fromkeys(free))
        chain = self._shown(self._left((first,)), stages)
        return self._finished([chain], result, free, (*first.dims, *self.top.dims))

    def _second(self, top: Node, first: _Variable, second: _Variable) -> Solution:
        if not top.is_scalar:
            raise Stuck("what is asked", "second derivatives of arrays are not derived")
        stages, result = self._entry(top, (1, 1), first)
        one = self._shown(self._left((first,)), stages)
        row = self._axes(first)
        gradient = collected(self.workshop, matrix_form(self.workshop, result, row))
        places = (self.row[first], 1) if row else (1, 1)
        stages, result = self._entry(gradient, places, second, 1)
        target = self._left((first, second))
        two = self._shown(target, stages)
        free = [*row, *self._axes(second, 1)]
        return self._finished([one, two], result, list(dict.fromkeys(free)), (*first.dims, *second.dims))

    def _entry(
        self, node: Node, places: tuple[Place, Place], by: _Variable, which: int = 0
    ) -> tuple[list[Stage], Polynomial]:
        row, column = self._target_places(by, which)
        bench = Bench(
            self.workshop,
            self.entries,
            Target(by.name, row, column),
            self.definitions,
            self._dependencies(),
            self._reaching(by.name),
        )
        self.showing.target = self._entry_of(by, (row, column))
        tidying = Tidying(self.entries, self.definitions, self.goal.simplex)
        course = Course(bench, tidying, self._unequal())
        start = [Monomial(pending=(node, *places))] if bench.depends(node) else []
        result = course.run(start)
        if not start:
            course.note([], "constant")
        return course.stages, result

    def _dependencies(self) -> dict[str, tuple[Node, ...]]:
        out: dict[str, tuple[Node, ...]] = {}
        for name, parents in self.goal.dependencies.items():
            declared = [(parent, self.goal.notation.declared(parent)) for parent in parents]
            out[name] = tuple(self.workshop.symbol(parent, known.dims) for parent, known in declared if known)
        return out

    def _reaching(self, name: str) -> frozenset[str]:
        """The names that depend on a name."""
        found = {name}
        while True:
            more = {
                other for other, body in self.definitions.items() if other not in found and body.names & found
            } | {
                other for other, parents in self.goal.dependencies.items() if other not in found and set(parents) & found
            }
            if not more:
                return frozenset(found)
            found |= more

    def _unequal(self) -> frozenset[frozenset[Axis]]:
        by_letter = {letter: axis for axis, letter in self.letters.names.items()}
        return frozenset(
            frozenset((by_letter[a], by_letter[b])) for a, b in self.goal.unequal if a in by_letter and b in by_letter
        )

    # Letters and places.

    def _fix_letters(self) -> None:
        """The indices of what is derived and of what it is derived by."""
        self.row: dict[_Variable, Place] = {}
        self.own: dict[tuple[_Variable, int], tuple[Place, Place]] = {}
        by_letter: dict[str, Axis] = {}
        variables = [(self.top, 0), *((bottom, k) for k, bottom in enumerate(self.bottoms))]
        asked = [letter for variable, _ in variables for letter in variable.letters]
        for number, (variable, which) in enumerate(variables):
            places: list[Place] = []
            letters = list(variable.letters) or self._choice(variable, number == 0, asked)
            for size in variable.dims:
                if size == 1:
                    places.append(1)
                    continue
                letter = letters.pop(0)
                axis = by_letter.get(letter)
                if axis is None:
                    axis = by_letter[letter] = self.entries.axis(size)
                    self.letters.fix(axis, letter)
                places.append(axis)
            self.own[variable, which if number else -1] = (places[0], places[1])
            self.row.setdefault(variable, places[0])
            asked += [self.letters.names[place] for place in places if isinstance(place, Axis)]
        self.fixed = list(by_letter.values())

    def _choice(self, variable: _Variable, is_top: bool, asked: Sequence[str]) -> list[str]:
        count = sum(size != 1 for size in variable.dims)
        wanted = "i k l r" if is_top else "i j p q" if count == 2 else "j p i q"
        if len(self.bottoms) == 2:
            wanted = "i j p q"
        sizes = [size for size in variable.dims if size != 1]
        out: list[str] = []
        for size in sizes:
            letters = [
                letter
                for letter in (*wanted.split(), *self.letters.free)
                if letter in self.letters.free and letter not in asked and letter not in out
            ]
            out.append(next(letter for letter in letters if self.letters._fits(letter, size)))
        return out

    def _places(self, variable: _Variable) -> tuple[Place, Place]:
        return self.own[variable, -1]

    def _target_places(self, variable: _Variable, which: int) -> tuple[Place, Place]:
        return self.own[variable, which]

    def _axes(self, variable: _Variable, which: int = 0) -> list[Axis]:
        return [place for place in self.own[variable, which] if isinstance(place, Axis)]

    # Writing.

    def _entry_of(self, variable: _Variable, places: tuple[Place, Place]) -> Expression:
        indices = [self.showing.index(place) for place in places if isinstance(place, Axis)]
        return Expression("entry", (symbol(variable.name), *indices)) if indices else symbol(variable.name)

    def _left(self, bottoms: Sequence[_Variable]) -> Expression:
        top = self._entry_of(self.top, self._places(self.top))
        below = [self._entry_of(bottom, self._target_places(bottom, k)) for k, bottom in enumerate(bottoms)]
        return Expression("derivative", (top, *below), "Leibniz")

    def _shown(self, goal: Expression, stages: Sequence[Stage]) -> Derivation:
        steps: list[Step] = []
        before = goal
        for stage in stages:
            self.letters.keep([*self.fixed, *_appearing(stage.polynomial)])
            after = self.showing.polynomial(stage.polynomial)
            if after != before:
                steps.append(Step(before, stage.rule, after, stage.trivial, self._because(stage)))
                before = after
        return Derivation(goal, tuple(steps))

    def _because(self, stage: Stage) -> Expression | None:
        """The sum that is one, as a relation."""
        if stage.because is None:
            return None
        entry, axis = stage.because
        self.letters.keep([*self.letters.names, *(place for place in entry[1:] if isinstance(place, Axis))])
        return self.showing.sums_to_one(entry, axis)

    def _finished(
        self, chains: list[Derivation], result: Polynomial, free: list[Axis], dims: Sequence[Size]
    ) -> Solution:
        asked = self.goal.asked
        numpy = NumPy(self.workshop)
        entry_asked = any(variable.letters for variable in (self.top, *self.bottoms))
        form = self._matrix_form(result, free)
        if form is None or entry_asked:
            answer = chains[-1].answer
            code = numpy.einsum(result, free, [axis.size for axis in free]) if form is None else numpy.code(form[-1])
            return Solution(chains[-1].goal if not entry_asked else asked, tuple(chains), answer, code)
        if self.goal.numerator and free:
            form = [self.workshop.transpose(node) for node in form]
        steps: list[Step] = []
        self.letters.keep(())
        goal = asked if free else chains[-1].goal
        before = goal if free else chains[-1].answer
        for node, rule in zip(form, ("matrix form", "collecting"), strict=False):
            after = self.showing.whole(node)
            if after != before:
                steps.append(Step(before, rule, after))
                before = after
        if free:
            chains.append(Derivation(goal, tuple(steps)))
        elif steps:
            chains[-1] = replace(chains[-1], steps=(*chains[-1].steps, *steps))
        return Solution(asked, tuple(chains), before, numpy.code(form[-1]))

    def _matrix_form(self, result: Polynomial, free: list[Axis]) -> list[Node] | None:
        """The result as one node, then with common factors taken out; None where no matrix notation says it."""
        try:
            plain = matrix_form(self.workshop, result, free)
            self.showing.whole(plain)
            better = collected(self.workshop, plain)
            self.showing.whole(better)
        except (NoMatrixForm, Unwritable):
            return None
        return [plain] if better is plain else [plain, better]


def _appearing(polynomial: Polynomial) -> list[Axis]:
    return list(dict.fromkeys(axis for one in polynomial for axis in one.axes()))


def _usual_letters(goal: Goal) -> dict[Size, list[str]]:
    """The letters that the givens use for each size."""
    usual: dict[Size, list[str]] = {}
    for equation in goal.equations:
        declared = goal.notation.declared(equation.name)
        nodes = [node for node in equation.body.walk() if node.head == "entry" and node.args[0].head == "symbol"]
        found = [(goal.notation.declared(str(node.args[0].data)), node.args[1:]) for node in nodes]
        if declared is not None and equation.indices:
            found.insert(0, (declared, tuple(Expression("index", (), letter) for letter in equation.indices)))
        for known, indices in found:
            sizes = [size for size in known.dims if size != 1] if known is not None else []
            for size, index in zip(sizes, indices, strict=False):
                if index.head == "index" and index.data not in usual.setdefault(size, []):
                    usual[size].append(str(index.data))
    return usual


