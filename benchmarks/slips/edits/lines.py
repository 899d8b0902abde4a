"""Slips that change more than the right side of a line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from benchmarks.slips.edits import factors, matrices
from benchmarks.slips.places import Edit, Line
from benchmarks.slips.trees import dims_of, plain, put, sites
from truestep.derivations.language.shapes import SCALAR
from truestep.derivations.language.writing import latex


def given(line: Line) -> Iterator[Edit]:
    """A given restated wrongly in front of the work, by another slip in it."""
    if line.place:
        return
    for left, right in line.work.setting.given:
        if left.head == "symbol":
            restated = plain(right)
            for change in (factors.sign, matrices.turned, factors.factor_two, factors.mean):
                for site in sites(restated):
                    for new, done in change(site, line):
                        changed = Edit(put(restated, site.path, new), f"a given restated with {done}")
                        yield replace(
                            changed,
                            before=True,
                            text=f"{latex(left, line.notation)} = {latex(changed.right, line.notation)}",
                        )


def shape(line: Line) -> Iterator[Edit]:
    r"""``\in \mathbb{R}^{n \times m}`` behind the line, with rows and columns exchanged."""
    dims = dims_of(line.row.right, line.notation) if not line.row.free else None
    if dims and len(dims) == 2 and dims[0] != dims[1] and dims != SCALAR and 1 not in dims:
        text = line.work.text(line.place) + rf" \in \mathbb{{R}}^{{{dims[1]} \times {dims[0]}}}"
        yield Edit(line.row.right, f"said to be {dims[1]} x {dims[0]}", text)
