"""Derivatives: the single entry, then the matrix form; with deltas, or case by case."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from truestep.derivations.deriving.algebra.collecting import collected
from truestep.derivations.deriving.algebra.contracting import NoMatrixForm, matrix_form
from truestep.derivations.deriving.algebra.monomials import Monomial, Polynomial
from truestep.derivations.deriving.algebra.tidying import Tidying
from truestep.derivations.deriving.differentiating import Course
from truestep.derivations.deriving.displays.matrix_notation import Unwritable
from truestep.derivations.deriving.displays.proofs import chained, is_proved, lemma
from truestep.derivations.deriving.givens import Givens
from truestep.derivations.deriving.quantities import unfolded
from truestep.derivations.deriving.rule_names import COLLECTING
from truestep.derivations.deriving.rules import Bench, Target, form_of
from truestep.derivations.deriving.steps import Derivation, Solution, Step, Stuck
from truestep.derivations.deriving.values_at_point import Numbers
from truestep.derivations.deriving.variables import asked_variables, bare, entry_of, is_turned, place_all
from truestep.derivations.deriving.written import Written
from truestep.derivations.language.expression import Expression
from truestep.derivations.meaning.terms import Axis

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from truestep.derivations.deriving.algebra.monomials import Entry, Place
    from truestep.derivations.deriving.algebra.nodes import Node
    from truestep.derivations.deriving.displays.entries_shown import Showing
    from truestep.derivations.deriving.goal import Goal
    from truestep.derivations.deriving.steps import Forward
    from truestep.derivations.deriving.variables import Placed


VALUE = "value"  # what an expression without a name is called in code


def differentiated(goal: Goal) -> Solution:
    """The solution of a goal that asks for a derivative; raises Stuck."""
    return _Gradient(goal).solution()


@dataclass(frozen=True, slots=True)
class _Case:
    """A condition on two indices, and which of them are then known to be equal or not."""

    condition: Expression | None = None
    unequal: frozenset[frozenset[Place]] = frozenset()
    hot: tuple[str, Place] | None = None
    split: bool = False


class _Gradient:
    def __init__(self, goal: Goal) -> None:
        self.goal = goal
        variables = asked_variables(goal)
        self.givens = Givens(goal, variables[0].name)
        self.top, *self.bottoms = place_all(self.givens, variables)
        self.written = Written(self.givens)

    def solution(self) -> Solution:
        """All derivations that lead to the answer."""
        top = self._top_node()
        if len(self.bottoms) > 1:
            return self._second(top)
        free = list(dict.fromkeys([*self.bottoms[0].axes, *self.top.axes]))
        lemmas = self._direct()
        if self.goal.route == "cases":
            cases = self._cases()
            if cases:
                return self._by_cases(top, lemmas, cases, free)
        case = _Case(unequal=self._unequal())
        course = self._course(top, (self.top.row, self.top.column), self.bottoms[0], case)
        chain = self.written.chain(self._left(), course.stages)
        if lemmas and lemmas[-1].goal == chain.goal and lemmas[-1].answer == chain.answer:
            return self._finished(list(lemmas), course.result, free)
        return self._finished([*lemmas, chain], course.result, free)

    def _top_node(self) -> Node:
        """What is derived, as a node."""
        variable = self.top.variable
        if variable.body is None:
            return self.givens.symbol(variable.name)
        sizes = dict(zip(variable.letters, variable.dims, strict=True))
        if len(sizes) > 2:
            raise Stuck("what is asked", "an expression with more than two indices")
        node = self.givens.lifting.definition(variable.body, sizes)
        self.givens.fix_labels()
        self.written.fixed = list(self.givens.letters.names)
        return node

    def _second(self, top: Node) -> Solution:
        """First the gradient, then each of its entries again."""
        first, second = self.bottoms
        case = _Case(unequal=self._unequal())
        course = self._course(top, (self.top.row, self.top.column), first, case)
        one = self.written.chain(self._left(1), course.stages)
        free = list(dict.fromkeys([*self.top.axes, *first.axes]))
        if len(free) > 2:
            raise Stuck("what is asked", "second derivatives of a matrix, or of a vector by a matrix, are not derived")
        try:
            gradient = collected(self.givens.workshop, matrix_form(self.givens.workshop, course.result, free))
        except NoMatrixForm:
            raise Stuck("the gradient", "no product of matrices says it") from None
        places: list[Place] = [*free, 1, 1]
        course = self._course(gradient, (places[0], places[1]), second, case)
        two = self.written.chain(self._left(2), course.stages)
        own = [*first.axes, *second.axes]  # as in code: what it is taken by comes first, and of a block the labels
        if len(self._ends()) == 2:
            own = [first.axes[0], second.axes[0], *own]
        return self._finished([one, two], course.result, list(dict.fromkeys([*own, *self.top.axes])))

    def _course(self, node: Node, places: tuple[Place, Place], by: Placed, case: _Case) -> Course:
        givens = self.givens
        name = by.variable.name
        target = Target(name, by.row, by.column)
        bench = Bench(
            givens.workshop,
            givens.entries,
            target,
            givens.definitions,
            givens.dependencies(),
            givens.reaching(name),
            givens.named_partials(name),
            givens.around(),
        )
        givens.showing.target = entry_of(givens, by)
        tidying = Tidying(givens.entries, givens.definitions, self.goal.simplex, case.unequal, case.hot, case.split)
        course = Course(bench, tidying)
        course.run([Monomial(pending=(node, *places))] if bench.depends(node) else [])
        return course

    def _unequal(self) -> frozenset[frozenset[Place]]:
        by_letter: dict[str, Place] = {letter: axis for axis, letter in self.givens.letters.names.items()}
        return frozenset(
            frozenset((by_letter[a], by_letter[b])) for a, b in self.goal.unequal if a in by_letter and b in by_letter
        )

    # Small derivations, and cases.

    def _direct(self) -> tuple[Derivation, ...]:
        """The small derivations where what is asked is the derivative of a function by its own argument."""
        name, by = self.top.variable.name, self.bottoms[0]
        body = self.givens.definitions.get(name) if name else self._top_node()
        if body is None or not is_proved(body) or body.args[0].data != by.variable.name:
            return ()
        second = by.row if isinstance(by.row, Axis) else None
        self.written.proved.add(body)
        same, apart = self.top.row == by.row, frozenset((self.top.row, by.row)) in self._unequal()
        cases = same or apart or self.goal.route == "cases"
        found = lemma(self.givens, (body, self.top.row, self.top.column), second, cases)
        if len(found) == 2 and same:
            return found[:1]
        if len(found) == 2 and apart:
            return (replace(found[1], condition=None),)
        return found

    def _softmax_on_the_way(self) -> Node | None:
        reaching = self.givens.reaching(self.bottoms[0].variable.name)
        return next(
            (
                body
                for name, body in self.givens.definitions.items()
                if body.op == "softmax" and body.is_column and name in reaching
            ),
            None,
        )

    def _cases(self) -> list[_Case]:
        """The cases of the route: own index and another one, against the label where it is known."""
        body = self._softmax_on_the_way()
        if body is None or body is self.givens.definitions.get(self.top.variable.name):
            return []
        axis = next((axis for axis in self.bottoms[0].axes if axis.size == body.dims[0]), None)
        label = next(iter(self.goal.hot.items()), None)
        if label is None or axis is None:
            return [_Case(split=True, unequal=self._unequal())]
        name, letter = label
        other = self.givens.entries.axis(axis.size)
        self.givens.letters.fix(other, letter)
        self.written.fixed.append(other)
        indices = tuple(Expression("index", (), one) for one in (self.givens.letters.names[axis], letter))
        return [
            _Case(Expression("relation", indices, "="), hot=(name, axis)),
            _Case(Expression("relation", indices, "!="), frozenset((frozenset((axis, other)),)), (name, other)),
        ]

    def _by_cases(self, top: Node, lemmas: tuple[Derivation, ...], cases: list[_Case], free: list[Axis]) -> Solution:
        """The softmax Jacobian in both cases, then what is asked in each case, then both together."""
        body = self._softmax_on_the_way()
        assert body is not None
        places: tuple[Place, Place] = (self.givens.entries.axis(body.dims[0]), 1)
        if body not in self.written.proved:
            lemmas = (*lemmas, *lemma(self.givens, (body, *places), None, True))
            self.written.proved.add(body)
        chains = list(lemmas)
        course = None
        for case in cases:
            course = self._course(top, (self.top.row, self.top.column), self.bottoms[0], case)
            chains.append(replace(self.written.chain(self._left(), course.stages), condition=case.condition))
        assert course is not None
        if cases[-1].condition is None:
            return self._finished(chains, course.result, free)
        whole = self._course(top, (self.top.row, self.top.column), self.bottoms[0], _Case())
        return self._finished(chains, whole.result, free)

    # Writing.

    def _is_entry_asked(self) -> bool:
        return any(placed.variable.letters for placed in (self.top, *self.bottoms))

    def _left(self, order: int = 1) -> Expression:
        below = [entry_of(self.givens, bottom) for bottom in self.bottoms[:order]]
        kind = "Leibniz" if self.top.variable.body is None else "operator"
        return Expression("derivative", (entry_of(self.givens, self.top), *below), kind)

    def _finished(self, chains: list[Derivation], result: Polynomial, free: list[Axis]) -> Solution:
        """The solution: the entry where it is asked for or nothing else says it, else the matrix form."""
        asked = bare(self.goal.asked)
        if asked.head == "apply":  # f'(x) = d/dx f(x)
            first = Step(asked, "definition of the prime", chains[0].goal)
            chains = [replace(chains[0], goal=asked, steps=(first, *chains[0].steps)), *chains[1:]]
        form = self.written.matrix_form(result, free)
        numpy = self.givens.numpy()
        sizes = [axis.size for axis in free]
        code = numpy.einsum(result, free, sizes) if form is None else numpy.code(form[-1])
        if form is None or self._is_entry_asked():
            return self._as_entry(chains, result, code, free)
        form = [self._laid_out(node, free) for node in form]
        chains = self._as_whole(chains, form) if free else self._as_scalar(chains, form)
        return Solution(asked, tuple(chains), chains[-1].answer, code, self._forward(free), self.goal.notation)

    def _as_entry(self, chains: list[Derivation], result: Polynomial, code: str, free: list[Axis]) -> Solution:
        """The entry is the answer; after two cases they are put into one."""
        self.givens.letters.keep(self.written.fixed)
        goal = chains[-1].goal
        if chains[-1].condition is not None:
            together = Step(goal, "both cases in one", self.givens.showing.polynomial(result))
            chains = [*chains, Derivation(goal, (together,))]
        vectors = self._as_vectors(result, free) or self._as_block(result)
        chains = [*chains, vectors] if vectors is not None else chains
        goal = chains[-1].goal
        return Solution(goal, tuple(chains), chains[-1].answer, code, self._forward(free), self.goal.notation)

    def _as_vectors(self, result: Polynomial, free: list[Axis]) -> Derivation | None:
        """A gradient as a sum of vectors, where members of a family are among them; None where it is none."""
        by = self.bottoms[-1]
        is_vector = len(self.bottoms) == 1 and (bool(self.top.variable.letters) or not self.top.axes)
        is_family = bool(self.givens.showing.families)
        letters = by.variable.letters
        if not is_family or not is_vector or (letters.count("") if letters else len(by.axes)) != 1:
            return None
        counted = {family.index.dims[0] for family in self.givens.showing.families.values()}
        sums_entries = any(axis.size not in counted for one in result for axis in one.bound)
        whole = self._as_row(result, free) if sums_entries else None
        whole = whole or self.givens.showing.vectors(result, by.axes[-1])
        return None if whole is None else chained(bare(self.goal.asked), [("as vectors", whole)])

    def _ends(self) -> list[Axis]:
        """The places within the members of families, whole, by which it is differentiated."""
        families = self.givens.showing.families
        members = (by for by in self.bottoms if by.variable.name in families)
        return [by.axes[-1] for by in members if by.variable.letters.count("") == 1]

    def _as_block(self, result: Polynomial) -> Derivation | None:
        """The second derivative by two members of families as products of columns and rows; None where it is none."""
        ends = self._ends()
        if len(ends) != 2 or len(self.bottoms) != 2 or self.top.axes:
            return None
        whole = self.givens.showing.outer(result, *ends)
        return None if whole is None else chained(bare(self.goal.asked), [("outer product", whole)])

    def _labelled(self, by: Placed, result: Polynomial) -> tuple[list[Axis], Polynomial]:
        """The places of a member with an index for its number: those of u_1 as of u_k."""
        if not isinstance(by.row, int) or by.variable.dims[0] == 1:
            return by.axes, result
        label, size = self.givens.entries.axis(by.variable.dims[0]), by.variable.dims[0]

        def at(node: Node, *places: Place) -> Entry:
            pairs = zip(places, node.dims, strict=True)
            row, column = (label if own == size and place == by.row else place for place, own in pairs)
            return node, row, column

        changed = [replace(one, entries={at(*key): power for key, power in one.entries.items()}) for one in result]
        return [label, *by.axes], changed

    def _as_row(self, result: Polynomial, free: list[Axis]) -> Expression | None:
        """The gradient by a member as a product in which members stand for rows; None where it is none."""
        by, givens = self.bottoms[-1], self.givens
        if by.variable.name not in givens.showing.families or len(by.axes) != len(free):
            return None
        try:
            axes, result = self._labelled(by, result)
            node = collected(givens.workshop, matrix_form(givens.workshop, givens.entries.clean(result), axes))
            column = givens.showing.member_column(node, by.row)
            return givens.showing.whole(givens.workshop.transpose(column) if self.goal.numerator else column)
        except (NoMatrixForm, Unwritable):
            return None

    def _as_whole(self, chains: list[Derivation], form: list[Node]) -> list[Derivation]:
        """The matrix form has a derivation of its own."""
        self.givens.letters.keep(())
        lines = [(rule, showing.whole(node)) for rule, node, showing in self._forms(form, form_of(form[0]))]
        return [*chains, chained(bare(self.goal.asked), lines)]

    def _as_scalar(self, chains: list[Derivation], form: list[Node]) -> list[Derivation]:
        """A number has no entries: the derivation goes on, to the numbers where they are given."""
        self.givens.letters.keep(())
        lines = [(rule, showing.whole(node)) for rule, node, showing in self._forms(form, COLLECTING)]
        table, numbers = self._numbers(form[-1], lines[-1][1])
        last = chains[-1]
        more = chained(last.answer, [*lines, *numbers]).steps
        return [*table, *chains[:-1], replace(last, steps=(*last.steps, *more))]

    def _laid_out(self, node: Node, free: list[Axis]) -> Node:
        """In numerator layout, or by a row, the transpose."""
        by = self.bottoms[0]
        is_row = len(free) == 1 and by.axes == free and by.variable.dims[0] == 1
        turned = ((self.goal.numerator and bool(by.axes)) != is_row) != is_turned(self.goal)
        return self.givens.workshop.transpose(node) if turned else node

    def _forms(self, form: list[Node], first: str) -> Iterator[tuple[str, Node, Showing]]:
        """The answer in matrix form, collected, and without the names that it may not use."""
        showing = self.givens.showing
        yield from ((rule, node, showing) for rule, node in zip((first, COLLECTING), form, strict=False))
        forbidden = form[-1].names & set(self.givens.definitions) - self.goal.only
        if self.goal.only and forbidden:
            unfolding, node = unfolded(self.givens, form[-1], self.goal.only)
            yield "putting in the definitions", node, unfolding.showing

    def _numbers(self, node: Node, written: Expression) -> tuple[tuple[Derivation, ...], list[tuple[str, Expression]]]:
        """Where the givens are numbers: the table of the forward values, and the lines that put them in."""
        numbers = Numbers(self.givens)
        value = numbers.value(node)
        if value is None or not numbers.values:
            return (), []
        table = numbers.table({self.top.variable.name}) if self.goal.table else ()
        return table, numbers.lines(written, value)

    def _forward(self, free: Sequence[Axis]) -> Forward:
        by = tuple(bottom.variable.name for bottom in self.bottoms)
        dims = tuple(axis.size for axis in free)
        is_diagonal = any(axis in bottom.axes for bottom in self.bottoms for axis in self.top.axes)
        if self.top.variable.body is None:
            return replace(self.givens.forward(self.top.variable.name, by, dims), is_diagonal=is_diagonal)
        forward = replace(self.givens.forward(VALUE, by, dims), is_diagonal=is_diagonal)
        own = (VALUE, self.givens.numpy().code(self._top_node()))
        return replace(forward, assignments=(*forward.assignments, own))
