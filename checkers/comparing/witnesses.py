"""Witnesses: small values for which two sides differ, checked again at 50 digits."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from truestep.checkers.comparing.drawing import precise
from truestep.checkers.comparing.evaluate import Evaluator, OutOfReach, aligned
from truestep.checkers.comparing.reals import Reals
from truestep.checkers.comparing.verdicts import Witness
from truestep.derivations.language.expression import ANEW
from truestep.derivations.meaning.terms import Axis, walk_terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from truestep.checkers.comparing.question import Question
    from truestep.checkers.comparing.world import World
    from truestep.derivations.meaning.terms import Term

MAX_SHOWN = 12
FAR = 0.05
STEADY = 1e-6
MAX_EDGES = 4
NO_VALUE = "no value"


def found_witness(question: Question, world: World, evaluator: Evaluator, differs: Any) -> Witness | None:
    """The clearest place where the sides differ, if they still do at 50 digits; None where they do not.

    Where doubles and 50 digits are far apart, large numbers cancel: then 400 digits decide.
    """
    place = _clearest(evaluator, question, differs)
    for digits in (50, 400):
        precise = _at_one_point(evaluator, place[0], digits)
        try:
            sides = [_at(precise, term, question.axes, (0, *place[1:])) for term in (question.left, question.right)]
            seen = [_at(evaluator, term, question.axes, place) for term in (question.left, question.right)]
        except OutOfReach:
            return None
        if any(side != side for side in sides) or _near(sides[0], sides[1], 10.0**-25):
            return None
        if all(_near(float(side), float(rough), STEADY) for side, rough in zip(sides, seen, strict=True)):
            break
    return _told(question, world, precise, (0, *place[1:]), _told_apart(precise, *sides))


def agrees_at_more_digits(question: Question, evaluator: Evaluator, differs: Any) -> bool:
    """Whether the sides agree to 100 digits where they seem to differ most: there large numbers cancel."""
    place = _clearest(evaluator, question, differs)
    precise = _at_one_point(evaluator, place[0], 400)
    try:
        left, right = [_at(precise, term, question.axes, (0, *place[1:])) for term in (question.left, question.right)]
    except OutOfReach:
        return False
    return left == left and right == right and _near(left, right, 1e-100)


def edge_witness(question: Question, world: World, evaluator: Evaluator, alone: Any) -> Witness | None:
    """One of the first places where one side alone has a value, if so at 50 digits."""
    for place in np.argwhere(alone)[:MAX_EDGES].tolist():
        precise = _at_one_point(evaluator, place[0], 50)
        try:
            sides = [_at(precise, term, question.axes, (0, *place[1:])) for term in (question.left, question.right)]
        except OutOfReach:
            return None
        if (sides[0] == sides[0]) != (sides[1] == sides[1]):
            shown = tuple(_plain(side) if side == side else NO_VALUE for side in sides)
            return _told(question, world, precise, (0, *place[1:]), (shown[0], shown[1]))
    return None


def _near(a: Any, b: Any, share: float) -> bool:
    return bool(abs(a - b) <= share * (1 + abs(a) + abs(b)))


def _told(
    question: Question, world: World, precise: Evaluator, place: tuple[int, ...], sides: tuple[object, object]
) -> Witness:
    values = _symbols(question, precise, place)
    return Witness(values, *sides, _names(world, question.axes, place), _on_line(question, precise, values))


def _clearest(evaluator: Evaluator, question: Question, differs: Any) -> tuple[int, ...]:
    """Where the sides differ by much and are near 1 in size, so that a person can follow; the first of several."""
    with np.errstate(all="ignore"):
        sides = [
            aligned(evaluator.value(term, 0)[0], term.axes, question.axes) for term in (question.left, question.right)
        ]
        left, right = (np.broadcast_to(side, differs.shape).astype(float) for side in sides)
        sizes = np.stack([np.abs(left), np.abs(right)])
        largest, smallest = sizes.max(axis=0), sizes.min(axis=0)
        unclear = np.abs(np.round(np.log10(largest))) + 3.0 * (np.abs(left - right) < FAR * largest)
        unclear += np.where(smallest > 0, np.abs(np.round(np.log10(smallest))), 1.0)
    ranked = np.where(differs & np.isfinite(unclear), unclear, np.inf)
    flat = int(np.argmin(ranked)) if np.isfinite(ranked).any() else int(np.argmax(differs))
    return tuple(int(k) for k in np.unravel_index(flat, differs.shape))


def _told_apart(evaluator: Evaluator, left: Any, right: Any) -> tuple[object, object]:
    """Both values with as many digits as it takes to see that they differ."""
    sides = (_plain(left), _plain(right))
    if sides[0] != sides[1]:
        return sides
    context = evaluator.by.mp  # type: ignore[union-attr]
    digits = next((count for count in range(8, 50) if context.nstr(left, count) != context.nstr(right, count)), 50)
    shown = (context.nstr(left, digits), context.nstr(right, digits))
    numbers = (float(shown[0]), float(shown[1]))
    return numbers if numbers[0] != numbers[1] else shown


def _at_one_point(evaluator: Evaluator, point: int, digits: int) -> Evaluator:
    """The same model at one of its points only, at so many digits."""
    model = evaluator.model
    arithmetic = Reals(digits)
    drawn = {
        key: precise(values[[min(point, len(values) - 1)]].astype(float), model.known(key[0]), arithmetic)
        for key, values in model.drawn.items()
    }
    return Evaluator(replace(model, points=1, arithmetic=arithmetic, drawn=drawn, solved={}))


def _at(evaluator: Evaluator, term: Term, axes: tuple[Axis, ...], place: tuple[int, ...]) -> Any:
    with np.errstate(all="ignore"):
        values = aligned(evaluator.value(term, 0)[0], term.axes, axes)
    return values[tuple(min(k, size - 1) for k, size in zip(place, values.shape, strict=True))]


def _plain(value: Any) -> float | int:
    number = float(value)
    return int(number) if number.is_integer() and abs(number) < 10**15 else float(f"{number:.6g}")


def _names(world: World, axes: tuple[Axis, ...], place: tuple[int, ...]) -> dict[str, int]:
    """Which entry it is, by the names of the indices where they have one."""
    named = {axis: name for name, axis in world.free.items()}
    spare = iter(("row", "column", "third", "fourth"))
    return {
        named.get(axis) or next(spare, "further"): k + (axis.low if isinstance(axis.low, int) else 1)
        for axis, k in zip(axes, place[1:], strict=True)
    }


def _symbols(question: Question, evaluator: Evaluator, place: tuple[int, ...]) -> dict[str, object]:
    """The values of the symbols that the two sides depend on."""
    out: dict[str, object] = {}
    for name in sorted(_roots(question, evaluator)):
        for (known, level), drawn in evaluator.model.drawn.items():
            if known == name and len(out) < MAX_SHOWN:
                values = evaluator.model.solved.get((known, level), drawn)
                out[_readable(name)] = _nested(values[min(place[0], values.shape[0] - 1)])
    for size in sorted(sizes_of(question.terms)):
        out[size] = evaluator.model.sizes[size]
    return out


def _on_line(question: Question, evaluator: Evaluator, values: Mapping[str, object]) -> dict[str, object]:
    """The values of what the two sides name themselves, also of quantities with a definition; a side alone is none."""
    written = [term for term in (question.left, question.right) if term.op != "quantity"]
    named = sorted(_quantities(written))
    out: dict[str, object] = {}
    for name in named[:MAX_SHOWN]:
        with suppress(OutOfReach, KeyError):
            known = _readable(name)
            out[known] = values[known] if known in values else _value_of(name, evaluator)
    return out | {size: evaluator.model.sizes[size] for size in sorted(sizes_of(written))}


def _value_of(name: str, evaluator: Evaluator) -> object:
    """The entries of a defined quantity, at the first point."""
    definition = evaluator.model.arena.definitions[name]
    if set(definition.body.axes) - set(definition.axes):
        raise OutOfReach
    with np.errstate(all="ignore"):
        return _nested(evaluator.along(definition.body, definition.axes, 0)[0][0])


def _readable(name: str) -> str:
    r"""``d J / d z`` as ``\frac{\partial J}{\partial z}``."""
    name = name.replace(ANEW, "")
    if name.startswith("d ") and " / d " in name:
        top, _, bottom = name[2:].partition(" / d ")
        return f"\\frac{{\\partial {top}}}{{\\partial {bottom}}}"
    return name


def _nested(value: Any) -> object:
    if isinstance(value, np.ndarray):
        return [_nested(inner) for inner in value]
    return _plain(value)


def _quantities(terms: Iterable[Term]) -> set[str]:
    """The names of the quantities in terms, not through definitions."""
    return _named(node.data[0] for node in walk_terms(terms) if node.op == "quantity")


def _roots(question: Question, evaluator: Evaluator) -> set[str]:
    """The quantities without definition that the sides reach."""
    arena = evaluator.model.arena
    found = {node.data[0] for node in walk_terms(question.terms, arena.definitions) if node.op == "quantity"}
    steps = [one for name, one in arena.recurring.items() if name in found]
    begun = walk_terms([term for one in steps for term in (one.body, one.first)], arena.definitions)
    found |= {node.data[0] for node in begun if node.op == "quantity"}
    return _named(found - set(arena.definitions) - set(arena.recurring))


def _named(names: Iterable[str]) -> set[str]:
    """Those that somebody has named, and not truestep itself."""
    return {name for name in names if not name.startswith(("weight ", "argument", "whole", "slack "))}


def sizes_of(terms: Iterable[Term]) -> set[str]:
    """The letters of the sizes that terms name or run over."""
    found = set[str]()
    for node in walk_terms(terms):
        if node.op == "size":
            found.add(node.data)
        found |= {axis.size for axis in node.axes if isinstance(axis.size, str)}
        if node.op == "total" and isinstance(node.data.size, str):
            found.add(node.data.size)
    return found


def plain_numbers(question: Question, world: World) -> bool:
    """Whether both sides are numbers, without any symbol that is not given a value."""
    return not _roots(question, world.real(False, "small")[0]) - {r"\pi"} and not sizes_of(question.terms)
