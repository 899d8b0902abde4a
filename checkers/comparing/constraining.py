"""Values that meet the assumed relations: a step of Newton's method, exact where a relation is affine, else several."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from truestep.checkers.comparing.arithmetic import Tower
from truestep.checkers.comparing.evaluate import Evaluator, OutOfReach, aligned
from truestep.checkers.comparing.reals import Reals
from truestep.derivations.language.faults import MeaningFault
from truestep.derivations.meaning.terms import Axis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from truestep.checkers.comparing.model import Model
    from truestep.derivations.meaning.terms import System, Term

    Array = NDArray[Any]

NEAR, CLOSE = 1e-6, 1e-11
MOST_STEPS = 14


def solved(model: Model, number: int, level: int) -> dict[str, Array]:
    """The values of the quantities that a system moves; those that met it, or that no step brings there, stay.

    Points of the reals at which an inequality is not met have no value there.  Raises MeaningFault where an equation
    is not affine.
    """
    system, by, is_curved = model.arena.systems[number], model.arithmetic, False
    before = replace(model, systems=number)
    raw = {one.unknown: before.array(one.unknown, (), level) for one in system.constraints}
    try:
        gaps = _gaps(system, Evaluator(before), level)
        slack = _slack(system, before, level, gaps.shape)
        step = _step(system, Evaluator(before), level, by.reduce(slack - gaps, level))
        moved = _moved(system, raw, step, model, level)
        after = replace(model, systems=number + 1, solved={**model.solved, **{(k, level): v for k, v in moved.items()}})
        left = by.reduce(_gaps(system, Evaluator(after), level) - slack, level)
        for _ in range(0 if isinstance(by, Tower) or _are_near(left, slack, by).all() else MOST_STEPS):
            moved = _moved(system, moved, _step(system, Evaluator(after), level, -left), model, level)
            after = replace(after, solved={**model.solved, **{(k, level): v for k, v in moved.items()}})
            left, is_curved = _gaps(system, Evaluator(after), level) - slack, True
            if _are_near(left, slack, by).all():
                break
    except OutOfReach:
        if isinstance(by, Tower):  # what holds without an assumption holds with it
            return raw
        raise
    if isinstance(by, Tower):
        return moved if not left.any() else raw
    with np.errstate(all="ignore"):
        near = np.asarray(np.abs(left) <= NEAR * (1 + np.abs(slack)), dtype=bool)
    is_met = (_are_near(left, slack, by) if is_curved else near).all(axis=1)
    holds: Any = np.zeros_like(is_met)
    if any(one.relation == "=" for one in system.constraints):
        if not is_met.any() and not is_curved:
            said = "; ".join(one.text for one in system.constraints)
            raise MeaningFault(f"an assumption of the problem could not be used: {said}")
    else:
        holds = np.asarray([_holds(one.relation, gaps[:, part]) for one, part in _parts(system, model)]).all(axis=0)
    out: dict[str, Array] = {}
    for name, values in raw.items():
        shape = (-1, *[1] * (values.ndim - 1))
        kept = np.where(is_met.reshape(shape), moved[name], by.nan())
        out[name] = np.where(holds.reshape(shape), values, kept)
    return out


def _are_near(left: Array, slack: Array, by: Tower | Reals) -> Array:
    """Where what is left of the gaps is no more than rounding."""
    share = 10.0 ** -(0.8 * by.digits) if isinstance(by, Reals) and by.digits else CLOSE
    with np.errstate(all="ignore"):
        return np.asarray(np.abs(left) <= share * (1 + np.abs(slack)), dtype=bool)


def _holds(relation: str, gap: Array) -> Array:
    with np.errstate(all="ignore"):
        met = gap > 0 if relation == ">" else gap >= 0 if relation == ">=" else gap != 0
        return np.asarray(np.asarray(met, dtype=bool).all(axis=1))


def _parts(system: System, model: Model) -> Sequence[tuple[Any, slice]]:
    """Each constraint with its columns."""
    out, start = [], 0
    for one in system.constraints:
        stop = start + _count(one.gap.axes, model)
        out.append((one, slice(start, stop)))
        start = stop
    return out


def _count(axes: Sequence[Axis], model: Model) -> int:
    return int(np.prod([_size(axis, model) for axis in axes], dtype=int))


def _size(axis: Axis, model: Model) -> int:
    return axis.size if isinstance(axis.size, int) else model.sizes[axis.size]


def _flat(term: Term, axes: tuple[Axis, ...], evaluator: Evaluator, level: int) -> Array:
    """The values of a term over some axes, in their order, as one column for each place."""
    values, bad = evaluator.value(term, level)
    if bad is not None and bad.any():
        raise OutOfReach
    ordered = tuple(sorted(axes))
    values = aligned(values, term.axes, ordered)
    model = evaluator.model
    values = np.broadcast_to(values, (model.points, *(_size(axis, model) for axis in ordered)))
    values = np.transpose(values, (0, *(1 + ordered.index(axis) for axis in axes)))
    return values.reshape(model.points, -1)


def _gaps(system: System, evaluator: Evaluator, level: int) -> Array:
    with np.errstate(all="ignore"):
        return np.concatenate([_flat(one.gap, one.gap.axes, evaluator, level) for one in system.constraints], axis=1)


def _slack(system: System, model: Model, level: int, shape: tuple[int, ...]) -> Array:
    none = np.zeros(shape, dtype=np.int64)
    columns = [
        model.array(one.slack, (), level).reshape(model.points, -1) if one.slack else none[:, part]
        for one, part in _parts(system, model)
    ]
    return np.concatenate(columns, axis=1)


def _step(system: System, evaluator: Evaluator, level: int, wanted: Array) -> Array:
    """What is added to the entries that are moved."""
    by = evaluator.by
    rows = []
    for one, slopes in zip(system.constraints, system.slopes, strict=True):
        count = _count(one.gap.axes, evaluator.model)
        blocks = []
        for other, slope in zip(system.constraints, slopes, strict=True):
            below = tuple(index for index in other.below if isinstance(index, Axis))
            flat = _flat(slope, (*one.gap.axes, *below), evaluator, level)
            blocks.append(flat.reshape(len(flat), count, -1))
        rows.append(np.concatenate(blocks, axis=2))
    matrix = np.concatenate(rows, axis=1)
    if matrix.shape[1] != matrix.shape[2]:
        raise OutOfReach
    inverse, _ = by.inverse(matrix, level)
    return by.reduce(by.reduce(inverse * wanted[:, None, :], level).sum(axis=2), level)


def _moved(system: System, raw: dict[str, Array], step: Array, model: Model, level: int) -> dict[str, Array]:
    out, start = dict[str, Any](), 0
    for one in system.constraints:
        values = out.get(one.unknown, raw[one.unknown]).copy()
        if values.dtype != object:
            values = np.array(values, dtype=step.dtype)
        places: Any = (slice(None), *(slice(None) if isinstance(index, Axis) else 0 for index in one.below))
        shape = values[places].shape
        count = int(np.prod(shape[1:], dtype=int))
        values[places] = model.arithmetic.reduce(values[places] + step[:, start : start + count].reshape(shape), level)
        out[one.unknown], start = values, start + count
    return out
