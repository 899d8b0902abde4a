r"""Differentials: ``dL = \operatorname{tr}(A^T dX)`` claims that two linear forms are equal.

The form is that in the differentials of all independent quantities (Magnus and Neudecker, Matrix Differential Calculus,
chapter 5); where that is false, others than those named on the right may be held fixed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.checkers.comparing.verdicts import PROVED, Verdict, undecided
from truestep.checkers.works.chain_steps import NOT_CHECKED, Answered, LineVerdict, Steps, joined
from truestep.checkers.works.claim import Claim, faults
from truestep.checkers.works.names.arbitrary import NOT_OF_ANY
from truestep.checkers.works.said.orders import COMPARED, ordered
from truestep.checkers.works.said.settled import is_value
from truestep.derivations.language.expression import NONE, Expression
from truestep.derivations.language.faults import Fault
from truestep.derivations.language.finding import Finding
from truestep.derivations.language.reading.rowtext import EQUALITIES, LOEWNER
from truestep.derivations.language.shapes import describe
from truestep.derivations.meaning import entries, shaped_terms
from truestep.derivations.meaning.calculus import Varying, strip_groups
from truestep.derivations.meaning.differentiate import quantities, roots
from truestep.problems.findings.table import message_of
from truestep.problems.statements.assumptions import quantity_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from truestep.checkers.works.bench import Bench
    from truestep.checkers.works.claim import Judgement
    from truestep.checkers.works.grouping import Group
    from truestep.derivations.language.latex.groups import Token
    from truestep.derivations.language.liberties import Reading
    from truestep.derivations.language.reading.chains import Part
    from truestep.derivations.language.reading.rowtext import Context
    from truestep.problems.statements.prepared import Setting

HELD = "this is the differential only where something is held fixed that may vary"
NOT_CARRIED = "the differential is not carried out: one of a quantity that the givens define is left in it"


class Differentials(Steps):
    """Judges claims of differentials."""

    def close(self, claim: Claim) -> LineVerdict:
        r"""A side that is compared with the left one; one that is close to it is right where they are equal."""
        if claim.relation in (*COMPARED, *LOEWNER.values()):
            return ordered(self.bench, claim)
        before = self.work.copy()
        result = self.step(claim) if claim.relation == "~" else LineVerdict(NOT_CHECKED)
        if not result.verdict.is_right or result.carried:
            self.work, result = before, LineVerdict(NOT_CHECKED)
        return result

    def further(self, left: Expression, parts: Sequence[Part], reading: Reading, row: int) -> Iterator[LineVerdict]:
        r"""What a chain says behind the side that introduces a name: ``\delta = a = b \in \mathbb{R}^n``."""
        for part in parts:
            if part.relation == "=":
                yield self.step(Claim(left, part.expression, reading, None, row))
            elif part.relation == "in":
                yield LineVerdict(*self.membership(left, part.expression, reading))

    def assigned(self, whole: LineVerdict, parts: Sequence[Part], reading: Reading, row: int) -> LineVerdict:
        """An assignment, wrong where two of the sides behind its sign differ: ``w := w - a = b``."""
        found = joined([*self.further(parts[0].expression, parts[1:], reading, row)])
        if whole.verdict.is_wrong or not (found.verdict.is_wrong or found.verdict == NOT_OF_ANY):
            return whole
        return replace(whole, verdict=found.verdict, findings=found.findings, role="assignment")

    def differentials(self, left: Expression, parts: Sequence[Part], reading: Reading, row: int) -> LineVerdict:
        """Differentials as they stand, or short for gradients; wrong only where they are wrong as both."""
        if parts and parts[-1].relation == "in":  # dW = X^T dZ \in \mathbb{R}^{d \times k}
            found = self.differentials(left, parts[:-1], reading, row)
            space = LineVerdict(*self.membership(left, parts[-1].expression, reading))
            return joined([found, space]) if space.verdict.is_wrong else found
        if any(part.relation != "=" for part in parts):
            return LineVerdict(undecided("this relation of differentials is not decided"))
        plain = self._forms(left, parts, reading, row)
        if plain.verdict.is_right:
            return plain
        if plain.verdict.is_wrong and plain.verdict.witness is None and self._names_top(left, parts):
            return LineVerdict(undecided("this may be a name of the work for the gradient by the output"))
        short = self._upstream(left, parts, reading, row)
        if short is None and self.work.has_short and plain.verdict.is_wrong:
            return LineVerdict(undecided("this may be short for the gradient by a name of the work"))
        if short is None:
            return plain if left.has("differential") else LineVerdict(undecided("this differential is not decided"))
        asked = bool(left.args) and any(
            normal == strip_groups(left.args[0])
            for normal in (strip_groups(node.args[1]) for node in self.setting.find if len(node.args) > 1)
        )
        rights = [part.expression for part in parts]
        is_short = not any(right.has("differential") or is_value(right) for right in rights)
        is_step = any(_is_slope_by(node, left) for right in rights for node in right.walk())
        if short.verdict.is_right or (short.verdict.is_wrong and (asked or is_short) and not is_step):
            self.work.has_short = self.work.has_short or short.verdict.is_right
            return short
        is_form = any(part.expression.has("differential") for part in parts) and left.has("differential")
        if plain.verdict.is_wrong and is_form and short.verdict.is_wrong:
            return plain
        return LineVerdict(undecided("this differential is not decided"))

    def _forms(self, left: Expression, parts: Sequence[Part], reading: Reading, row: int) -> LineVerdict:
        """``dy = c dx`` as linear forms, with others held fixed where that makes them equal."""
        results: list[LineVerdict] = []
        for part in parts:
            span, tried = part.expression.span, list[Answered]()
            for claim in held(Claim(left, part.expression, reading, row=row), self.bench, self.setting):
                tried.append(Answered(**vars(claim), judgement=self.bench.judge(claim, self.rounding)))
                if tried[-1].judgement.verdict.is_right:
                    break
            form = tried[-1] if tried[-1].judgement.verdict.is_right else tried[0]
            if all(one.judgement.verdict.is_wrong for one in (form, *tried[:2])):
                form = tried[:2][-1]  # what is not named is held fixed
            judgement = form.judgement
            found = faults(judgement, span, "partial")[:1] if judgement.verdict.is_wrong else judgement.notes
            answers = (self._answered(tried[0], judgement),) if self._is_asked(left) else ()
            results.append(LineVerdict(judgement.verdict, tuple(found), answers, forms=(form,)))
        return joined(results)

    def _is_asked(self, left: Expression) -> bool:
        """Whether a differential is what the problem asks for."""
        return left.head == "differential" and any(strip_groups(node) == left for node in self.setting.find)

    def _answered(self, whole: Answered, judgement: Judgement) -> Answered:
        """The answer that a form is: right where nothing is held fixed, in what is given alone."""
        if judgement.verdict.is_right:
            is_made = not _named(whole, self.bench).isdisjoint(self.bench.scope.arena.definitions)
            reason = "" if whole.judgement.verdict.is_right else HELD
            reason = reason or (NOT_CARRIED if is_made else "")
            judgement = replace(judgement, verdict=undecided(reason)) if reason else whole.judgement
        return replace(whole, judgement=judgement)

    def _upstream(self, left: Expression, parts: Sequence[Part], reading: Reading, row: int) -> LineVerdict | None:
        r"""``dW = X^T dY`` where ``dW`` is short for the upstream gradient :math:`\partial L / \partial W`.

        None where no scalar is differentiated in what is asked, or where it is its own differential that stands here.
        """
        tops = self._tops()
        sides = (left, *(part.expression for part in parts))
        marks = {node.args[0] for side in sides for node in side.walk() if node.head == "differential"}
        own = {mark for mark in marks if mark.head == "unknown" and self.bench.has_introduced(mark)}
        if not tops or marks & tops or any(_quantity(mark, self.setting) is None for mark in marks - own):
            return None
        if own and not self.work.has_short:  # of names of the work only where others have stood so
            return None
        if len(tops) > 1:
            return LineVerdict(undecided("this may be short for one of several gradients"))
        (top,) = tops
        short = _spelled_out(left, top)
        results = [self.step(Claim(short, _spelled_out(part.expression, top), reading, None, row)) for part in parts]
        short_form = Finding("short-gradient", left.span, {"top": str(top.data)})
        return joined([*results, LineVerdict(NOT_CHECKED, (short_form,))])

    def _names_top(self, left: Expression, parts: Sequence[Part]) -> bool:
        """Whether the mark of what is differentiated stands where no differential of it does: ``dL = p - y``."""
        tops, rights = self._tops(), [part.expression for part in parts]
        of = [{node.args[0] for node in side.walk() if node.head == "differential"} for side in (left, *rights)]
        return bool(of[0] & tops and not any(of[1:])) or any(one & tops for one in of[1:])

    def _tops(self) -> set[Expression]:
        """The scalars that are differentiated in what is asked."""
        return {node.args[0] for node in self.setting.find if node.head == "derivative" and len(node.args) == 2}

    def in_full(self, parts: Sequence[Part]) -> list[Part]:
        """What a name stands for that is made of differentials, where these have stood for gradients; else nothing."""
        tops = self._tops() if self.work.has_short else set[Expression]()
        return [replace(part, expression=_spelled_out(part.expression, *tops)) for part in parts if len(tops) == 1]

    def membership(
        self, expression: Expression, space: Expression, reading: Reading
    ) -> tuple[Verdict, tuple[Finding, ...]]:
        r"""``\in \mathbb{R}^{m \times n}``: a claim about the shape."""
        idle = Verdict("not_checked"), tuple[Finding, ...]()
        if space.head != "space" or not space.args:
            return idle
        try:
            value, _ = self.bench.value(expression, reading)
            sizes = [entries.size_of(node) for node in space.args]
        except Fault:
            return idle
        dims = (*sizes, *([1] * (2 - len(sizes))))
        known = self.bench.world.setting.notation.sizes | self.bench.world.counts
        if any(isinstance(size, str) and size not in known for size in dims):
            return idle
        if tuple(value.dims) == tuple(dims) or (value.is_scalar and all(size == 1 for size in dims)):
            return PROVED, ()
        args = {"found": describe(value.dims), "claimed": describe(tuple(dims))}
        wrong = Verdict("wrong", reason=message_of("claimed-shape", args))
        return wrong, (Finding("claimed-shape", space.span, args),)


def held(claim: Claim, bench: Bench, setting: Setting) -> Iterator[Claim]:
    """A claim of differentials as it stands; with all held fixed that what is named does not depend on, or is not.

    Where one defined quantity is named, with what else stands in the definition on the left held fixed, unless
    that is what is asked: a path would be forgotten.
    """
    yield claim
    names, arena = _named(claim, bench), bench.scope.arena
    if not names:
        return
    yield _with(claim, Varying(roots(arena, names)))
    own = frozenset(name for name in names if name in roots(arena, names))
    if own and own != names:  # beside differentials that these make
        yield _with(claim, Varying(own))
    below = [_quantity(by, setting) for node in setting.find if node.head == "derivative" for by in node.args[1:]]
    by = frozenset(one[0] for one in below if one is not None)
    if names <= by and not names.isdisjoint(arena.definitions):  # along each way on from what the gradient is taken by
        yield _with(claim, Varying(names))
    asked = by & roots(arena, names)
    if asked and asked | names < roots(arena, names) | names:  # beside what is no variable: the data
        yield _with(claim, Varying(asked | own))
    if names & set(arena.definitions) and claim.left.head == "differential" and len(names) == 1:
        top = _quantity(claim.left.args[0], setting)
        definition = None if top is None else arena.definitions.get(top[0])
        is_inside = definition is not None and names <= quantities(definition.body)
        is_asked = any(node.args[0] == claim.left.args[0] for node in setting.find if node.args)
        if top is not None and is_inside and not is_asked:
            yield _with(claim, Varying(names, frozenset((top[0],))))


def _named(claim: Claim, bench: Bench) -> frozenset[str]:
    """The quantities whose differentials stand on the right of a claim; none where one has no value."""
    arena, names = bench.scope.arena, frozenset[str]()
    try:
        for mark in [node.args[0] for node in claim.right.walk() if node.head == "differential"]:
            value = bench.value(mark, claim.reading)[0]
            names |= quantities(value.entry(*shaped_terms.axes_for(arena, value.dims)))
    except Fault:
        return frozenset()
    return names


def _quantity(node: Expression, setting: Setting) -> tuple[str, tuple[Expression, ...]] | None:
    while node.head in ("transpose", "group") or (node.head == "apply" and node.data[:2] == ("vec", 0)):
        node = node.args[0]
    return quantity_of(node, setting.notation)


def _is_slope_by(node: Expression, left: Expression) -> bool:
    r"""Whether a gradient is by what a differential is of, or of nothing that is said: ``dw = -\eta \nabla L``."""
    by = (
        [strip_groups(one) for one in node.args[1:]]
        if node.head == "derivative"
        else [NONE] * (node.head == "gradient")
    )
    return any(one == NONE or (left.args and one == strip_groups(left.args[0])) for one in by)


def _spelled_out(node: Expression, top: Expression) -> Expression:
    r"""An expression with :math:`\partial L / \partial a` for each ``da``."""

    def gradient(inner: Expression) -> Expression:
        by = inner.args[:1] if inner.head == "differential" else ()
        return Expression("derivative", (top, *by), "Leibniz", inner.span) if by else inner

    return node.map(gradient)


def _with(claim: Claim, varying: Varying) -> Claim:
    def marked(node: Expression) -> Expression:
        return replace(node, data=varying) if node.head == "differential" else node

    return replace(claim, left=claim.left.map(marked), right=claim.right.map(marked))


def has_differentials(found: Sequence[Group], context: Context) -> bool:
    """Whether a row of a work begins with the differential of a quantity, ``dL = ...``."""
    return any(begins_with_differential(group.tokens, context) for group in found)


def begins_with_differential(tokens: Sequence[Token], context: Context) -> bool:
    r"""Whether ``dL =`` stands there, of a quantity L, or ``d(\log|A|) = ... dA``."""
    sides = [token for token in tokens if token.text != "&"]
    if len(sides) < 3 or sides[0].text != "d":
        return False
    is_called = sides[1].text in ("(", r"\left")
    places = range(2, len(sides) - 1) if is_called else range(int(sides[2].text in EQUALITIES))
    return (not is_called or any(token.text in EQUALITIES for token in sides)) and any(
        sides[k].text == "d" and sides[k].end == sides[k + 1].start and _is_quantity(sides[k + 1].text, context)
        for k in places
    )


def _is_quantity(name: str, context: Context) -> bool:
    return context.notation.is_name(name) and name not in context.notation.sizes
