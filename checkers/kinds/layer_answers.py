"""Answers that are the sizes of what layers put out, and their numbers of parameters where these are told."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from math import prod
from typing import TYPE_CHECKING, Any

from truestep.checkers.kinds.items import Scanner
from truestep.checkers.kinds.record import Judged
from truestep.checkers.kinds.sentences import Claim, said_in
from truestep.derivations.language.faults import StatementFault
from truestep.problems.kinds.layer_sizes import Sized, Sizes, as_written, asked_layers, sized_layers, through
from truestep.problems.kinds.plain_words import plain
from truestep.problems.kinds.shape_references import shape_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from truestep.problems.statements.problem import Problem

_NUMBER = r"\d{1,3}(?:,\d{3})+|\d+"
_HEADING = re.compile(r"size|shape|output|param|dimension|activation", re.IGNORECASE)
_CELLS = re.compile(r"\s*[|&]\s*")
# slips along one axis: the code of each, and the layer that has it
_SLIPS = (
    ("padding-forgotten", {"padding": (0,), "same": False}),
    ("stride-forgotten", {"stride": (1,)}),
    ("dilation-forgotten", {"dilation": (1,)}),
)


@dataclass(frozen=True)
class Told:
    """What is told of one layer: its size and its number of parameters, each with its row."""

    size: Sizes | None = None
    row: int = 0
    clear: bool = True
    place: int = 0
    count: int | None = None
    count_row: int = 0


def check_sizes(rows: Sequence[str], problem: Problem) -> dict[str, Any]:
    """The check record of an answer that tells the sizes of layers.

    Raises StatementFault.
    """
    several = sized_layers(problem)
    asked = asked_layers(problem, several)
    judged = Judged(len(rows))
    told = _read([_with_axes(plain(row), problem.channels) for row in rows], several)
    unread = []
    for one in asked:
        here = told.get(one.layer.name, Told())
        if here.size is None or not here.clear:
            unread.append(one.layer.name)
            if here.size is not None:
                judged.say(here.row, "undecided", "it is not clear which of these is the size")
                judged.answer(one.layer.name, here.row, "undecided")
            continue
        _judge(judged, one, here, _carried(several, one, told, problem.channels), problem.channels)
    for one in several:
        here = told.get(one.layer.name, Told())
        if here.count is not None:
            _judge_count(judged, one, here.count, here.count_row)
    row = max((one.row for one in told.values()), default=None)
    names = [one.layer.name for one in asked]
    if not unread:
        return judged.record("right", row, asked=names)
    if len(unread) == len(asked):
        reason = (
            f"no size could be read here; write each layer with its size, such as {asked[0].layer.name}: 6 x 14 x 14"
        )
        return judged.record(
            "undecided" if any(re.search(r"\d", text) for text in rows) else "not_checked", row, reason
        )
    if any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) for name in unread for text in rows):
        return judged.record("undecided", row, f"no size could be read for {', '.join(unread)}", names)
    judged.find(row, "missing-part", case="size", asked=", ".join(unread))
    return judged.record("wrong", row, asked=names)


def _with_axes(line: str, channels: str) -> str:
    """``6@28x28`` as the three sizes that it says, ``6x28`` as two."""
    order = r"\1 x \2 x \3" if channels == "first" else r"\2 x \3 x \1"
    line = re.sub(r"(\d+)\s*@\s*(\d+)\s*[xX×]\s*(\d+)", order, line)
    return re.sub(r"(?<=\d)\s*[xX×]\s*(?=\d)", " x ", line)


def _carried(several: Sequence[Sized], one: Sized, told: Mapping[str, Told], channels: str) -> Sizes | None:
    """What the layer would put out (channels first) from the last wrong size that is told before it."""
    place = several.index(one)
    for start in range(place - 1, 0, -1):
        size = told.get(several[start].layer.name, Told()).size
        if size is None:
            continue
        made: Sizes | None = _channels_first(size, channels)
        if made == several[start].after:
            return None
        for between in several[start + 1 : place + 1]:
            made = _through(between, made) if made is not None else None
        return made
    return None


def _judge(judged: Judged, one: Sized, here: Told, carried: Sizes | None, channels: str) -> None:
    wanted = as_written(one.after, channels)
    if here.size == wanted or (here.size is not None and _squeezed(here.size) == wanted):
        judged.answer(one.layer.name, here.row, "right")
        return
    assert here.size is not None
    if carried is not None and carried == _channels_first(here.size, channels):
        judged.answer(one.layer.name, here.row, "wrong", "right given an earlier size")
        judged.find(here.row, "carried", case="layer", layer=one.layer.name)
        return
    judged.answer(one.layer.name, here.row, "wrong")
    code, args = _mistake(one, here.size, channels)
    judged.find(here.row, code, layer=one.layer.name, **args)


def _squeezed(size: Sizes) -> Sizes:
    """A vector that is written as a column, a row, or an image of one entry."""
    rest = tuple(entry for entry in size if entry != 1)
    return rest if len(rest) == 1 else size


def _channels_first(size: Sizes, channels: str) -> Sizes:
    return (size[-1], *size[:-1]) if channels == "last" and len(size) > 1 else size


def _mistake(one: Sized, size: Sizes, channels: str) -> tuple[str, dict[str, str]]:
    """The code of a wrong size, and what its message names."""
    first = _channels_first(size, channels)
    other = "last" if channels == "first" else "first"
    if sorted(size) == sorted(one.after) and len(size) > 1:
        return "axis-order", {"channels": channels, "other": other}
    for code, change in _SLIPS:
        if _through(one, one.before, change) == first:
            return code, {}
    if one.windows and len(first) == len(one.after):
        ups = (one.after[0], *(-(-window.room // window.stride) + 1 for window in one.windows))
        if first == ups:
            return "rounded-up", {}
        if first == (one.after[0], *(window.room // window.stride for window in one.windows)):
            return "missing-plus-one", {}
        if first[1:] == one.after[1:]:
            return "channels", {"case": "pool"} if one.layer.kind == "pool" else {}
    return "claimed-shape", {"case": "layer", "shape": " x ".join(map(str, size))}


def _through(one: Sized, before: Sizes, change: dict[str, Any] | None = None) -> Sizes | None:
    try:
        return through(replace(one.layer, **(change or {})), before).after
    except StatementFault:
        return None


def _judge_count(judged: Judged, one: Sized, count: int, row: int) -> None:
    if count == one.count:
        judged.say(row, "right")
        return
    judged.say(row, "wrong")
    if one.biases and count == one.count - one.biases:
        judged.find(row, "forgotten-bias", case="layer", layer=one.layer.name)
    elif one.layer.kind == "conv" and count == prod((*one.weights[:-2], one.weights[-1])) + one.biases:
        judged.find(row, "channels", case="weights", layer=one.layer.name)
    else:
        judged.find(row, "wrong-count", layer=one.layer.name)


def _read(lines: Sequence[str], several: Sequence[Sized]) -> dict[str, Told]:
    """What is told of each layer, by its name: in tables with a heading, and in sentences."""
    out: dict[str, Told] = {}
    header: list[str] = []
    rest = list(lines)
    for row, line in enumerate(lines):
        cells = [cell.strip() for cell in _CELLS.split(line.strip().strip("|").strip().removesuffix("\\\\"))]
        if len(cells) > 2 and _HEADING.search(line) and not re.search(r"\d", line):
            header, rest[row] = [cell.lower() for cell in cells], ""
        elif header and len(cells) == len(header):
            one = next((one for one in several[1:] if one.layer.name.lower() == cells[0].lower()), None)
            if one is not None:
                out[one.layer.name], rest[row] = _of_cells(header, cells, one, row), ""
    by_name = {one.layer.name: one for one in several}
    said = said_in(_scanner(several).items(rest))
    for name, count, row in said.counts:
        out[name] = replace(out.get(name, Told()), count=count, count_row=row)
    for claim in said.claims:
        if claim.name:
            out[claim.name] = _with_claim(out.get(claim.name, Told()), claim, by_name[claim.name])
    changed = said.taken_back is not None
    for name, told in out.items():
        later = max(said.unread.get(name, -1), said.unread.get("", -1))
        if told.size is not None and (changed or later > told.place):
            out[name] = replace(told, clear=False)
    return out


def _scanner(several: Sequence[Sized]) -> Scanner:
    """Reads sentences in which layers are named, in small or capital letters."""
    names: dict[str, str] = {}
    for one in several[1:]:
        for spelled in (str.lower, str.upper, str.title, str):
            for sign in (" ", "", "_", "-"):
                names.setdefault(spelled(one.layer.name).replace(" ", sign), one.layer.name)
    return Scanner(names, {}, (), {"output": "m", "outputs": "m", "layer": "m", "units": "m", "neurons": "m"})


def _with_claim(known: Told, claim: Claim, one: Sized) -> Told:
    """What is told with one claim more; a map is clear where it begins at what goes in."""
    size = tuple(int(entry) for entry in claim.shape if isinstance(entry, int))
    source = tuple(entry for entry in claim.source or () if isinstance(entry, int))
    comes_in = {one.before, (*one.before[1:], *one.before[:1]), (prod(one.before),)}
    rank = len(one.after)
    size = size if len(size) == rank else _squeezed(size)
    fits = len(size) == rank and (claim.source is None or source in comes_in)
    clear = fits and known.clear and known.size in (None, size)
    return replace(known, size=size, row=claim.row, clear=clear, place=claim.place)


def _of_cells(header: Sequence[str], cells: Sequence[str], one: Sized, row: int) -> Told:
    told = Told()
    for title, cell in zip(header, cells, strict=True):
        numbers = re.findall(_NUMBER, cell.rpartition("=")[2])
        if "param" in title:
            told = replace(told, count=int(numbers[-1].replace(",", "")) if numbers else None, count_row=row)
        elif _HEADING.search(title) and not re.search("input|kernel", title):
            shape = shape_of(cell, ())
            if shape is not None:
                told = _with_claim(told, Claim(one.layer.name, shape, row), one)
    return told
