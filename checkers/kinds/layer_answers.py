"""Answers that are the sizes of what layers put out, and their numbers of parameters where these are told."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from math import prod
from typing import TYPE_CHECKING, Any

from truestep.checkers.kinds.record import Judged
from truestep.derivations.language.faults import StatementFault
from truestep.problems.kinds.layer_sizes import Sized, Sizes, as_written, asked_layers, sized_layers, through
from truestep.problems.kinds.plain_words import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from truestep.problems.statements.problem import Problem

_NUMBER = r"\d{1,3}(?:,\d{3})+|\d+"
_SHAPE = re.compile(r"\d+(?:\s*[x×✕*]\s*\d+){1,3}|[(\[]\s*\d+(?:\s*,\s*\d+){1,3}\s*[)\]]", re.IGNORECASE)
_COUNT = re.compile(
    rf"(?P<a>{_NUMBER})\s*(?:learnable |trainable |total )?(?:param|weights and biases)|"
    rf"param\w*(?:\s+(?:count|number))?\s*(?:[:=]|is|are)\s*(?:[^=\n;|&]*=\s*)*(?P<b>{_NUMBER})",
    re.IGNORECASE,
)
_INNER = re.compile(
    r"\b(?:kernels?|filters?|windows?|inputs?|from|padding|stride|size of the kernel|takes)\b", re.IGNORECASE
)
_CELLS = re.compile(r"\s*[|&]\s*")
# slips along one axis, each with its code and what is to be said
_SLIPS = (
    ("padding-forgotten", {"padding": (0,), "same": False}, "the padding is left out"),
    ("stride-forgotten", {"stride": (1,)}, "the stride is left out"),
    ("dilation-forgotten", {"dilation": (1,)}, "the dilation is left out"),
)


@dataclass(frozen=True)
class Told:
    """What is told of one layer: its size and its number of parameters, each with its row."""

    size: Sizes | None = None
    row: int = 0
    clear: bool = True
    others: tuple[Sizes, ...] = ()
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
        wanted = as_written(one.after, problem.channels)
        if here.size is None or not here.clear or (here.size != wanted and wanted in here.others):
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
    judged.find(row, "missing", "missing-part", f"the size of {', '.join(unread)} is not given")
    return judged.record("wrong", row, asked=names)


def _with_axes(line: str, channels: str) -> str:
    """``6@28x28`` as the three sizes that it says."""
    order = r"\1 x \2 x \3" if channels == "first" else r"\2 x \3 x \1"
    return re.sub(r"(\d+)\s*@\s*(\d+)\s*[x×]\s*(\d+)", order, line)


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
        message = "this follows rightly from the wrong size before it"
        judged.find(here.row, "logic", "carried", f"layer {one.layer.name}: {message}")
        return
    judged.answer(one.layer.name, here.row, "wrong")
    code, message = _mistake(one, here.size, channels)
    judged.find(here.row, "shape", code, f"layer {one.layer.name}: {message}")


def _squeezed(size: Sizes) -> Sizes:
    """A vector that is written as a column, a row, or an image of one entry."""
    rest = tuple(entry for entry in size if entry != 1)
    return rest if len(rest) == 1 else size


def _channels_first(size: Sizes, channels: str) -> Sizes:
    return (size[-1], *size[:-1]) if channels == "last" and len(size) > 1 else size


def _mistake(one: Sized, size: Sizes, channels: str) -> tuple[str, str]:
    """The code and the message of a wrong size."""
    first = _channels_first(size, channels)
    other = "last" if channels == "first" else "first"
    if sorted(size) == sorted(one.after) and len(size) > 1:
        return "axis-order", f"the axes are in another order than asked for (channels {channels}, not {other})"
    for code, change, message in _SLIPS:
        if _through(one, one.before, change) == first:
            return code, message
    if one.windows and len(first) == len(one.after):
        ups = (one.after[0], *(-(-window.room // window.stride) + 1 for window in one.windows))
        if first == ups:
            return "rounded-up", "the last positions of the window do not fit; the division is rounded down"
        if first == (one.after[0], *(window.room // window.stride for window in one.windows)):
            return "missing-plus-one", "the first position of the window is not counted (+ 1)"
        if first[1:] == one.after[1:]:
            return "channels", "the number of channels is that of " + (
                "what goes in" if one.layer.kind == "pool" else "the filters"
            )
    return "claimed-shape", f"the size is not {' x '.join(map(str, size))}"


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
        judged.find(row, "value", "forgotten-bias", f"layer {one.layer.name}: the biases are not counted")
    elif one.layer.kind == "conv" and count == prod((*one.weights[:-2], one.weights[-1])) + one.biases:
        judged.find(
            row, "value", "channels", f"layer {one.layer.name}: a filter has weights for every channel that goes in"
        )
    else:
        judged.find(row, "value", "wrong-count", f"layer {one.layer.name}: this is not its number of parameters")


def _read(lines: Sequence[str], several: Sequence[Sized]) -> dict[str, Told]:
    """What is told of each layer, by its name."""
    out: dict[str, Told] = {}
    header: list[str] = []
    for row, line in enumerate(lines):
        cells = _CELLS.split(line.strip().strip("|").strip())
        if (
            len(cells) > 2
            and not re.search(r"\d\s*[x×*]\s*\d|[(\[]\d", line)
            and re.search(r"size|shape|output|param", line, re.IGNORECASE)
        ):
            header = [cell.lower() for cell in cells]
            continue
        for one, segment in _segments(line, several):
            known = out.get(one.layer.name, Told())
            if header and len(cells) == len(header):
                known = _of_cells(known, header, cells, one, row)
            else:
                known = _of_text(known, segment, one, row)
            out[one.layer.name] = known
    return out


def _segments(line: str, several: Sequence[Sized]) -> Iterator[tuple[Sized, str]]:
    """The layers that a line names, each with what follows up to the next one."""
    hits = []
    for one in several[1:]:
        name = r"[\s_-]*".join(re.escape(part) for part in re.split(r"[\s_-]+", one.layer.name))
        found = re.search(rf"(?<![\w×]){name}(?![\w])", line, re.IGNORECASE if len(one.layer.name) > 1 else 0)
        if found is not None:
            hits.append((found.start(), found.end(), one))
    hits.sort(key=lambda hit: hit[0])
    for number, (_, end, one) in enumerate(hits):
        yield one, line[end : hits[number + 1][0] if number + 1 < len(hits) else len(line)]


def _of_cells(known: Told, header: Sequence[str], cells: Sequence[str], one: Sized, row: int) -> Told:
    for title, cell in zip(header, cells, strict=True):
        if (
            re.search(r"output|size|shape|dimension|activation", title)
            and "input" not in title
            and "kernel" not in title
        ):
            known = replace(known, size=_size_in(cell, len(one.after)), row=row)
        elif "param" in title:
            numbers = re.findall(_NUMBER, cell.rpartition("=")[2])
            known = replace(known, count=int(numbers[-1].replace(",", "")) if numbers else None, count_row=row)
    return known


def _of_text(known: Told, segment: str, one: Sized, row: int) -> Told:
    counted = _COUNT.search(segment)
    if counted is not None:
        told = int((counted["a"] or counted["b"]).replace(",", ""))
        known = replace(known, count=told, count_row=row)
        segment = segment[: counted.start()] + segment[counted.end() :]
    candidates = list(_candidates(segment, len(one.after)))
    if not candidates:
        return known
    sizes = {size for size, _ in candidates}
    last, marked = candidates[-1]
    others = tuple(size for size, _ in candidates[:-1])
    return replace(known, size=last, row=row, clear=len(sizes) == 1 or marked, others=others)


def _candidates(segment: str, rank: int) -> Iterator[tuple[Sizes, bool]]:
    """The sizes of the right number of axes, and whether the words before one say that it is what comes out."""
    end = 0
    for found in _SHAPE.finditer(segment):
        before = segment[end : found.start()]
        end = found.end()
        size = tuple(int(number) for number in re.findall(r"\d+", found[0]))
        if (len(_squeezed(size)) == rank or len(size) == rank) and not _INNER.search(before):
            yield size if len(size) == rank else _squeezed(size), _is_result(before)
    if rank == 1:
        yield from _numbers(segment)


def _numbers(segment: str) -> Iterator[tuple[Sizes, bool]]:
    """The number at the end of each chain of equal signs."""
    for part in re.split(r"[,;](?!\d{3})", segment):
        told = re.search(
            rf"(?:^|[:=→|&]|\bis\b|\bhas\b|\bto\b|\bsize\b)\s*[(\[]?\s*({_NUMBER})\s*[,)\]]*\s*(?:units|neurons|entries|values|outputs?|nodes|dim\w*)?[\s.|)]*$",
            part,
        )
        if told is not None:
            yield (int(told[1].replace(",", "")),), _is_result(part[: told.start(1)])


def _is_result(words: str) -> bool:
    return re.search(r"=|→|\b(?:outputs?|out|gives|becomes|result|so|is)\b", words, re.IGNORECASE) is not None


def _size_in(cell: str, rank: int) -> Sizes | None:
    found = [size for size, _ in _candidates(f": {cell}", rank)]
    return found[-1] if found else None
