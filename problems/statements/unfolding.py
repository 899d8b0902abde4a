r"""Families over time that are spoken of at a step and its neighbours: each member that is named is a quantity.

``h_t = f(h_{t-1}, x_t)`` is read so: h_t is defined by h_{t-1}, and that, where h_{t-2} is named, by h_{t-2}.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from truestep.derivations.language.faults import StatementFault
from truestep.derivations.language.shapes import parse_shape
from truestep.problems.statements.declared_notation import split_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from truestep.problems.statements.problem import Problem

MOST_STEPS = 8
_BASE = r"(?P<base>\\?[A-Za-z]+(?:\{[^{}]*\})*)"
_NUMBERED = re.compile(_BASE + r"(?P<sign>[_^])(?:\{\(?(?P<braced>\d)\)?\}|(?P<bare>\d))(?!\d)")


_BEFORE = re.compile(_BASE + r"[_^]\{[(\[]?(?P<letter>[A-Za-z])-\d[)\]]?\}")


class _Member(NamedTuple):
    """A family as it is declared: its base, the sign before its index, brackets around that, and its shape."""

    base: str
    sign: str
    brackets: str
    shape: str

    def at(self, label: str) -> str:
        """The name of one member."""
        return f"{self.base}{self.sign}{{{self.brackets[:1]}{label}{self.brackets[1:]}}}"


class _Steps(NamedTuple):
    """A letter for steps, with a pattern for a script that holds it."""

    letter: str
    pattern: re.Pattern[str]

    def offsets(self, text: str) -> list[tuple[str, int]]:
        """Each base that has the letter in a script, and how far beyond."""
        return [(found["base"], _offset(found)) for found in self.pattern.finditer(text)]

    def moved(self, text: str, label: Callable[[int], str]) -> str:
        """A formula with other labels."""
        return self.pattern.sub(
            lambda found: (
                f"{found['base']}{found['sign']}{{{found['open'] or ''}{label(_offset(found))}{found['close'] or ''}}}"
            ),
            text,
        )

    def at(self, offset: int) -> str:
        """The label so many steps on."""
        return self.letter if not offset else f"{self.letter}{offset:+d}"


def _offset(found: re.Match[str]) -> int:
    return int(found["by"].replace(" ", "")) if found["by"] else 0


def unfolded(problem: Problem) -> Problem:
    """The problem with the steps of its recurrences as quantities; the same where it has none."""
    shapes = problem.symbols.items()
    declared = [name for name, shape in shapes if shape.startswith("index ") and split_name(name)[1:] == (None, None)]
    for name in declared:
        problem = _unfolded(problem, name)
    before = [found["letter"] for name in problem.symbols if (found := _BEFORE.fullmatch(name))]
    for letter in sorted({*before} - {*declared}):
        lettered = replace(problem, symbols={**problem.symbols, letter: f"index T_{letter}"})
        made = _unfolded(lettered, letter) if _feeds(lettered, letter) else lettered
        problem = problem if letter in made.symbols else made
    return problem


def _feeds(problem: Problem, letter: str) -> bool:
    """Whether what goes into a recurrence is declared at an earlier step, too: ``g_{t-1}`` beside ``v_{t-1}``."""
    steps = _steps(letter)
    if any(None not in split_name(name)[1:] and steps.offsets(name) for name in problem.symbols):
        return False  # a^r_t
    offsets = [one for name in problem.symbols for one in steps.offsets(name)]
    fed = {base for text in problem.given if _is_step(text, steps) for base in _inputs(text, steps)}
    return any(base in fed and offset < 0 for base, offset in offsets)


def _inputs(text: str, steps: _Steps) -> frozenset[str]:
    """The families beside its own that a recurrence takes something of."""
    left, _, right = text.partition("=")
    own = {base for base, _ in steps.offsets(left)}
    return frozenset(base for base, _ in steps.offsets(right) if base not in own)


def _firsts(problem: Problem, members: Iterable[_Member], steps: _Steps, low: int) -> dict[str, int]:
    """The first step of each family: what goes into a recurrence begins where it is named, and that one step before."""
    texts = (*problem.given, *problem.find, *problem.answer, *problem.assume, *problem.symbols)
    named = [one for text in texts for one in steps.offsets(text)]
    first = {one.base: low for one in members}
    for text in problem.given:
        own = steps.offsets(text.partition("=")[0])
        if own and _is_step(text, steps):
            base, at = own[0]
            beyond = [(other, offset - at) for other, offset in steps.offsets(text)]
            back = min(offset for other, offset in beyond if other == base)
            for fed in _inputs(text, steps) & first.keys() - {base}:
                by = min(offset for other, offset in beyond if other == fed)
                begins = min(0, *(offset for other, offset in named if other == fed))
                first[base] = min(first[base], begins - by + back)
                first[fed] = min(begins, first[base] - back + by)
    return first


def with_members(problem: Problem) -> Problem:
    """The problem without the numbered members that it declares beside their family, as those of the family.

    What a formula says that a member is, and what is of another shape or beyond the family, is of its own.

    >>> from truestep.problems.statements.problem import Problem
    >>> list(with_members(Problem(symbols={"t": "index T", "h_t": "d", "h_0": "d", "h_2": "d"})).symbols)
    ['t', 'h_t', 'h_0']
    """
    lefts = {text.partition("=")[0].replace("{", "").replace("}", "").strip() for text in problem.given}
    told = dict[str, str]()
    for letter, shape in problem.symbols.items():
        if not shape.startswith("index "):
            continue
        last = shape.split(".")[-1].split()[-1]
        numbers = range(1, 1 + (min(int(last), MOST_STEPS) if last.isdigit() else MOST_STEPS))
        for member, number in itertools.product(_members(problem, letter), numbers):
            told[str(split_name(member.at(str(number))))] = member.shape

    def is_member(name: str, shape: str) -> bool:
        return told.get(str(split_name(name))) == shape and name.replace("{", "").replace("}", "") not in lefts

    kept = {name: shape for name, shape in problem.symbols.items() if not (told and is_member(name, shape))}
    return problem if len(kept) == len(problem.symbols) else replace(problem, symbols=kept)


def stepped(before: Problem, after: Problem) -> frozenset[str]:
    """The bases of the families whose members have become quantities."""
    letters = before.symbols.keys() - after.symbols.keys()
    parts = [split_name(name) for name in before.symbols]
    of_letters = {base for base, sub, sup in parts if sub in letters or (sup or "").strip("()[]") in letters}
    return frozenset(of_letters | {split_name(name)[0] for name in after.symbols.keys() - before.symbols.keys()})


def _unfolded(problem: Problem, letter: str) -> Problem:
    plain, steps = re.escape(letter), _steps(letter)
    members = list(_members(problem, letter))
    texts = [*problem.given, *problem.find, *problem.answer, *problem.assume]
    is_summed = any(re.search(rf"\\(?:sum|prod)(?:\\limits)?_(?:\{{\s*)?{plain}(?![A-Za-z])", text) for text in texts)
    size = re.escape(problem.symbols[letter].split(".")[-1].split()[-1])
    last_step = rf"[_^]\{{?[(\[]?{size}[)\]]?\}}?(?![A-Za-z])"
    is_summed |= any(re.search(re.escape(one.base) + last_step, text) for one in members for text in texts)
    whole = "\n".join(steps.pattern.sub("", text) for text in texts)
    is_else = re.search(rf"[_^]\{{[^{{}}\n]*(?<![A-Za-z\\]){plain}(?![A-Za-z])", whole) is not None
    if not members or not any(_is_step(text, steps) for text in problem.given):
        return problem
    if is_summed or is_else or any(_is_asked(text, problem, steps) for text in problem.find):
        return _with_starts(problem, members, steps)
    found = [offset for text in texts for _, offset in steps.offsets(text)]
    low, high = min(found, default=0), max(found, default=0)
    bases = {one.base for one in members}
    numbers = [
        int(one["braced"] or one["bare"]) for text in texts for one in _NUMBERED.finditer(text) if one["base"] in bases
    ]
    last = max(numbers, default=-1)
    if high - low + last > MOST_STEPS:
        return problem
    first = _firsts(problem, members, steps, low)
    numbered = [str(number) for number in range(last + 1)]
    symbols = {name: shape for name, shape in problem.symbols.items() if name != letter}
    for member in members:
        symbols = {name: shape for name, shape in symbols.items() if not _is_of(name, member, letter)}
        labels = [*map(steps.at, range(first[member.base], high + 1)), *numbered]
        symbols |= {name: member.shape for label in labels if not _is_known(name := member.at(label), symbols)}
    moved = {
        "given": tuple(one for text in problem.given for one in _each(text, steps, first, high, last)),
        "assume": tuple(one for text in problem.assume for one in _each(text, steps, first, high, last)),
    }
    return replace(problem, symbols=symbols, **moved)


def _steps(letter: str) -> _Steps:
    plain = re.escape(letter)
    inner = rf"\{{(?P<open>[(\[])?\s*{plain}\s*(?P<by>[+-]\s*\d)?\s*(?P<close>[)\]])?\}}"
    return _Steps(letter, re.compile(rf"{_BASE}(?P<sign>[_^])(?:{inner}|{plain}(?![A-Za-z]))"))


def _with_starts(problem: Problem, members: Sequence[_Member], steps: _Steps) -> Problem:
    """The problem with what stands before the first step, ``h_0``, of each family that a given has one step before."""
    low, dots, _ = problem.symbols[steps.letter].removeprefix("index ").partition("..")
    if dots and low.strip() != "1":
        return problem
    before = {base for text in problem.given for base, offset in steps.offsets(text.partition("=")[2]) if offset == -1}
    firsts = {one.at("0"): one.shape for one in members if one.base in before}
    new = {name: shape for name, shape in firsts.items() if not _is_known(name, problem.symbols)}
    return replace(problem, symbols={**problem.symbols, **new}) if new else problem


def _members(problem: Problem, letter: str) -> Iterable[_Member]:
    for name, shape in problem.symbols.items():
        try:
            base, sub, sup = split_name(name)
            if parse_shape(shape).kind != "array":
                continue
        except StatementFault:
            continue
        if sub == letter and sup is None:
            yield _Member(base, "_", "", shape)
        elif sub is None and sup is not None and sup.strip("()[]") == letter:
            yield _Member(base, "^", "" if sup == letter else sup[0] + sup[-1], shape)


def _is_of(name: str, member: _Member, letter: str) -> bool:
    base, sub, sup = split_name(name)
    return base == member.base and letter in (sub, (sup or "").strip("()[]"))


def _is_known(name: str, symbols: Mapping[str, str]) -> bool:
    return split_name(name) in [split_name(one) for one in symbols]


def _is_step(text: str, steps: _Steps) -> bool:
    """Whether a given defines a member by others of its family, or says that a quantity depends on one member."""
    left, _, right = text.partition("=")
    own, others = steps.offsets(left), steps.offsets(right)
    if own:
        return any(base == own[0][0] and offset != own[0][1] for base, offset in others)
    return bool(others) and right.replace(" ", "").startswith(left.strip().replace(" ", "") + "(")


def _is_asked(asked: str, problem: Problem, steps: _Steps) -> bool:
    """Whether a member is asked for itself that is told by the one before and the first: a sum tells it."""
    found = steps.pattern.fullmatch(asked.strip())
    texts = (*problem.given, *problem.assume)
    base, begins = ("", False) if found is None else (found["base"], any(_begins(one, found["base"]) for one in texts))
    sides = (text.partition("=") for text in problem.given if begins)
    is_told = any((base, 0) in steps.offsets(left) and (base, -1) in steps.offsets(right) for left, _, right in sides)
    return is_told and all(offset >= 0 for text in problem.answer for _, offset in steps.offsets(text))


def _begins(text: str, base: str) -> bool:
    """Whether a formula says what stands before the first step: ``m_0 = 0``."""
    found = _NUMBERED.match(text.strip())
    return found is not None and found["base"] == base and (found["braced"] or found["bare"]) == "0"


def _each(text: str, steps: _Steps, first: Mapping[str, int], high: int, last: int) -> Iterable[str]:
    """A formula at each step at which all that it names is a quantity."""
    named = steps.offsets(text)
    own = [offset for _, offset in named]
    if not own:
        yield text
        return
    low = min(first.values())
    for by in range(max(first.get(base, low) - offset for base, offset in named), high - max(own) + 1):
        yield steps.moved(text, lambda offset, by=by: steps.at(offset + by))  # type: ignore[misc]
    for by in range(-min(own), last - max(own) + 1):
        yield steps.moved(text, lambda offset, by=by: str(offset + by))  # type: ignore[misc]
