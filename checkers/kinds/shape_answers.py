"""Answers that are shapes: said of a name, in any of the usual spellings, or as a product of shapes."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from truestep.checkers.kinds.items import Scanner
from truestep.checkers.kinds.record import Judged
from truestep.checkers.kinds.sentences import Claim, Multiplied, Said, said_in
from truestep.checkers.kinds.vocabulary import kind_of
from truestep.problems.kinds.plain_words import name_of, plain
from truestep.problems.kinds.shape_references import (
    Asked,
    Misfit,
    Shape,
    asked_shapes,
    declared_shapes,
    known_sizes,
    product,
    shape_of,
    without_ones,
    written,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.problems.statements.problem import Problem

UNREAD = "no shape could be read here; write each as a name and its shape, such as W_1: (t, s)"
MAX_ROWS = 600
_ASKED = re.compile(
    r"\b(?:shape|size|dimensions?) (?:has|have|is|are|does|do|of)(?: the| a| an)? "
    r"([A-Za-z ]+?)(?:,| have\b| be\b|[?.]|$)",
    re.IGNORECASE,
)


def check_shapes(rows: Sequence[str], problem: Problem) -> dict[str, Any]:
    """The check record of an answer that tells shapes.

    Raises StatementFault.

    >>> from truestep.problems.statements.problem import Problem
    >>> asked = Problem(kind="shape", symbols={"W": "t x s", "b": "t"}, find=("W", "b"))
    >>> check_shapes(["W is t x s, and b is a vector of length t."], asked)["verdict"]
    'right'
    """
    return _Check(rows, problem).record()


class _Check:
    def __init__(self, rows: Sequence[str], problem: Problem) -> None:
        self.problem = problem
        self.rows = rows
        self.asked = asked_shapes(problem)
        self.sizes = _sizes(problem, self.asked)
        self.judged = Judged(len(rows))
        self.answered: dict[str, int] = {}
        self.doubtful: set[str] = set()

    def record(self) -> dict[str, Any]:
        shapes = {**declared_shapes(self.problem), **{one.name: one.shapes[0] for one in self.asked if one.shapes}}
        scanner = Scanner(_spellings(self.problem, self.asked), shapes, self.sizes, dict.fromkeys(self.sizes, "w"))
        said = said_in(scanner.items(self.rows[:MAX_ROWS]))
        claims = _named(said, self.asked)
        declared = declared_shapes(self.problem)
        names = {one.name for one in self.asked}
        for claim in claims:  # what is said of something else, and is not so there, may be meant of what is asked
            known = declared.get(claim.name)
            if claim.name not in names and known is not None and without_ones(known) != without_ones(claim.shape):
                said.unread[""] = max(claim.place, said.unread.get("", -1))
        for one in self.asked:
            if one.shapes:
                self._claimed([claim for claim in claims if claim.name == one.name], one, said)
        for product_ in said.products:
            self._product(product_)
        if any(one.chains and one.name in self.answered for one in self.asked):
            for claim in claims:
                if not claim.name:
                    self._answers_shapes(claim.shape, claim.row)
        final, reason = self._final(said, [claim for claim in claims if not claim.name and "" not in names])
        row = max(self.answered.values(), default=None)
        return self.judged.record(final, row, reason, [one.label for one in self.asked])

    def _claimed(self, claims: Sequence[Claim], asked: Asked, said: Said) -> None:
        """Judges all that is claimed of one name: two claims of which one is right decide nothing."""
        if not claims:
            return
        last = claims[-1]
        shapes = [self._with_batch(claim.shape) for claim in claims]
        good = [_matches(shape, asked) for shape in shapes]
        foreign = sorted({size for shape in shapes for size in shape if isinstance(size, str)} - self.sizes)
        later = said.unread.get(asked.name, -1) > last.place or said.unread.get("", -1) > last.place
        if said.taken_back is not None or later:
            self._open(last.row, asked, "another sentence may change what is said here")
        elif any(good) != all(good) or any(claim.source is not None for claim in claims):
            self._open(last.row, asked, "it is not clear which shape is meant here")
        elif all(good):
            self.answered[asked.name] = last.row
            self.judged.answer(asked.label, last.row, "right")
        elif foreign:
            self._open(last.row, asked, f"the size {foreign[0]} is none of the problem's")
            self.judged.find(last.row, "unknown-name", case="size", size=foreign[0])
        else:
            self.answered[asked.name] = last.row
            self.judged.answer(asked.label, last.row, "wrong")
            code, args = _mistake(shapes[-1], asked, self.problem.batch)
            self.judged.find(last.row, code, **args)

    def _open(self, row: int, asked: Asked, reason: str) -> None:
        self.doubtful.add(asked.name)
        self.judged.say(row, "undecided", reason)
        self.judged.answer(asked.label, row, "undecided")

    def _with_batch(self, shape: Shape) -> Shape:
        """The batch by the letter that the problem gives it."""
        batch = self.problem.batch
        return tuple(batch if batch and str(size) in ("batch_size", "batchsize") else size for size in shape)

    def _product(self, one: Multiplied) -> None:
        made = product(one.factors, one.elementwise)
        fits = not isinstance(made, Misfit) and without_ones(made) == without_ones(one.result)
        labels = {asked.name: asked.label for asked in self.asked}
        wanted = [(chain, asked.name) for asked in self.asked for chain in asked.chains]
        if isinstance(made, Misfit):
            row_first = product(tuple(reversed(one.factors)), one.elementwise)
            is_turned = len(one.factors) == 2 and row_first == one.result
            code, case = ("product-order", "words") if is_turned else ("claimed-shape", "misfit")
            self.judged.say(one.row, "wrong")
            self.judged.find(one.row, code, case=case, left=written(made.left), right=written(made.right))
        elif not fits:
            self.judged.say(one.row, "wrong")
            self.judged.find(one.row, "claimed-shape", case="product", shape=written(made))
        else:
            self.judged.say(one.row, "right")
        for chain, name in wanted:
            same = [without_ones(a) for a in chain.factors] == [without_ones(a) for a in one.factors]
            if same and chain.elementwise == one.elementwise and fits:
                self.answered[name] = one.row
                self.judged.answer(labels[name], one.row, "right")
                self._answers_shapes(one.result, one.row)
        if wanted and not any(name in self.answered for _, name in wanted):
            self.doubtful |= {name for _, name in wanted}

    def _answers_shapes(self, shape: Shape, row: int) -> None:
        """What comes out of a product that was asked for answers for the shape beside it too."""
        for asked in self.asked:
            if asked.shapes and asked.name not in self.answered and _matches(shape, asked):
                self.answered[asked.name] = row
                self.judged.answer(asked.label, row, "right")

    def _final(self, said: Said, unnamed: Sequence[Claim]) -> tuple[str, str]:
        missing = [one.name for one in self.asked if one.name not in self.answered]
        labels = ", ".join(one.label for one in self.asked if one.name in missing) or "what is asked"
        stray = [claim for claim in unnamed if not any(_matches(claim.shape, one) for one in self.asked)]
        if not missing and (stray or said.taken_back is not None):
            row = stray[-1].row if stray else said.taken_back or 0
            self.judged.say(row, "undecided", "what this says of the shapes is not clear")
            return "undecided", "another sentence may change what is said"
        if not missing:
            return "right", ""
        if not self.answered and not self.doubtful:
            seen = said.claims or said.products or said.unread or said.mentioned
            return ("undecided" if seen else "not_checked"), UNREAD
        unsure = self.doubtful or "" in said.unread or unnamed or said.mentioned & set(missing)
        if unsure or said.taken_back is not None or any(one.chains for one in self.asked if one.name in missing):
            return "undecided", f"no shape could be read for {labels}"
        row = max(self.answered.values())
        self.judged.find(row, "missing-part", case="shape", asked=labels)
        return "wrong", ""


def _sizes(problem: Problem, asked: Sequence[Asked]) -> frozenset[str]:
    """All letters that stand for sizes in the problem; numbers are sizes everywhere."""
    shapes = [shape for one in asked for shape in one.shapes]
    shapes += [shape for one in asked for chain in one.chains for shape in (*chain.factors, chain.result)]
    told = {size for shape in shapes for size in shape if isinstance(size, str)}
    return frozenset(told | known_sizes(problem))


def _spellings(problem: Problem, asked: Sequence[Asked]) -> dict[str, str]:
    """Every spelling of the names whose shapes may be told, with the name that is meant."""
    names = [one.name for one in asked if one.name]
    sizes = known_sizes(problem)
    names += [name for name in declared_shapes(problem) if name not in names and name not in sizes]
    out = {name: name for name in names}
    for spelled, meant in problem.names.items():
        if name_of(meant) in out:
            out.setdefault(_spelled(spelled), name_of(meant))
    for name in names:
        for other in (
            name.replace("_", ""),
            re.sub(r"\(.*\)$", "", name),
            name.swapcase(),
            name.swapcase().replace("_", ""),
        ):
            twins = [one for one in names if one != name and other in (one, one.replace("_", ""))]
            if len(other) > 1 and not twins:
                out.setdefault(other, name)
    return {**dict.fromkeys(_in_question(problem), asked[0].name), **out} if len(asked) == 1 else out


def _in_question(problem: Problem) -> list[str]:
    """How the question calls what it asks for: ``gradient``, ``gradient of the loss``."""
    asked = _ASKED.search(problem.text)
    words = re.sub(r"\bthese\b|\bits\b", "the", plain(asked[1])).split() if asked else []
    phrases = [" ".join(words[:count]) for count in range(1, len(words) + 1) if kind_of(words[count - 1]) in "gu"]
    return [*phrases, *(phrase.capitalize() for phrase in phrases)] if words and kind_of(words[0]) == "g" else []


def _spelled(text: str) -> str:
    """A spelling as it is looked for: several words keep their blanks."""
    words = " ".join(plain(text).split())
    return words if re.fullmatch(r"[A-Za-z]+(?: [A-Za-z]+)+", words) else name_of(text)


def _named(said: Said, asked: Sequence[Asked]) -> list[Claim]:
    """The claims; where none has a name that is asked for, they answer in order, one for each thing asked."""
    of_shapes = [one for one in asked if one.shapes]
    unnamed = [claim for claim in said.claims if not claim.name]
    if any(one.name == claim.name for one in of_shapes for claim in said.claims):
        return said.claims
    if len(of_shapes) == 1:
        return [replace(claim, name=claim.name or of_shapes[0].name) for claim in said.claims]
    if len(unnamed) == len(of_shapes):
        named = [replace(claim, name=one.name) for claim, one in zip(unnamed, of_shapes, strict=True)]
        return [claim for claim in said.claims if claim.name] + named
    return said.claims


def _matches(shape: Shape, asked: Asked) -> bool:
    return any(without_ones(shape) == without_ones(wanted) for wanted in asked.shapes)


def _mistake(shape: Shape, asked: Asked, batch: str) -> tuple[str, dict[str, str]]:
    """The code of a wrong shape, and what its message names."""
    args = {"what": f"the shape of {asked.label}" if asked.label else "the shape", "shape": written(shape)}
    for wanted in asked.shapes:
        plain = without_ones(wanted)
        if tuple(reversed(shape)) == wanted or (len(plain) == 1 and shape == (1, *plain)):
            return "transposed", {**args, "case": "words"}
        if batch and plain[:1] == (batch,) and without_ones(shape) == plain[1:]:
            return "missing-batch", {**args, "batch": batch}
        if batch and without_ones(shape) == (batch, *plain):
            return "extra-batch", {**args, "batch": batch}
        if len(shape) + 1 == len(plain) and any(shape == (*plain[:k], *plain[k + 1 :]) for k in range(len(plain))):
            return "missing-axis", args
    return "claimed-shape", {**args, "case": "words"}


def is_shape(text: str, problem: Problem) -> bool:
    """Whether a reference answer is a shape that is written out in sizes, and no list of numbers.

    >>> from truestep.problems.statements.problem import Problem
    >>> [is_shape(text, Problem(symbols={"x": "scalar", "W": "N x m"})) for text in ("(N, m)", "N", "(x, N)", "(3, 4)")]
    [True, False, False, False]
    """
    said = plain(text).strip()
    if said[:1] not in ("(", "[", "ℝ") or said[-1:] not in (")", "]"):
        return False
    shape = shape_of(text, ()) or ()
    letters = {letter for size in shape for letter in re.findall(r"[^\W\d]\w*", str(size))}
    others = {name_of(name) for name in problem.symbols} - known_sizes(problem)
    is_listed = len(shape) > (said[0] != "ℝ")
    return is_listed and (said[0] == "ℝ" or (bool(letters) and not letters & others))
