"""All that makes a statement unusable: what is refused is taken out, until nothing else is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from truestep.derivations.language.faults import Fault, StatementFault, nearest, quoted
from truestep.problems.homework.homework_file import MERGED
from truestep.problems.statements.declared_notation import declared_shape, split_name
from truestep.problems.statements.prepared import setting_of
from truestep.problems.statements.sizes import named_sums
from truestep.problems.statements.statement import problem_from

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from truestep.problems.statements.prepared import Setting

MOST = 20
RULED = ("only", "must_show")
FORMULAS = ("expression", "count", "numbers")


class StatedFault(NamedTuple):
    """What is wrong: the name of the way, the key, which entry of it, the message, and what was probably meant."""

    code: str
    key: str
    entry: int | str | None
    message: str
    close: str = ""


def faults_of(table: Mapping[str, Any]) -> tuple[StatedFault, ...]:
    """The faults of one statement, those of its symbols alone where there are any.

    >>> [fault.code for fault in faults_of({"symbols": {"x": "n"}, "given": ["y = 2 x", "z = x"], "find": "x"})]
    ['undeclared', 'undeclared']
    """
    of_symbols = tuple(_symbols(table.get("symbols")))
    return of_symbols or tuple(_refusals(dict(table)))


def _symbols(symbols: Any) -> Iterator[StatedFault]:
    for name, shape in named_sums(symbols)[0].items() if isinstance(symbols, dict) else ():
        try:
            split_name(name)
            declared_shape(name, shape)
        except StatementFault as fault:
            yield StatedFault("shape", "symbols", name, fault.said)


def _refusals(table: dict[str, Any]) -> Iterator[StatedFault]:
    places = {key: list(range(len(value))) for key, value in table.items() if isinstance(value, list)}
    given = len(places.get("given", ()))
    for _ in range(MOST):
        try:
            setting = setting_of(problem_from(table))
        except StatementFault as fault:
            key, entry = fault.key, _entry(table, fault)
            told = places[key][entry] if key in places and isinstance(entry, int) else entry
            known = key in table
            if fault.code != "constant" or len(places.get("given", ())) == given:
                message = fault.said if known else fault.message
                yield StatedFault(fault.code, key if known else "", told, message, fault.close)
            if not known or key in MERGED:
                return
            table = _without(table, key, entry)
            if key in places and isinstance(entry, int):
                del places[key][entry]
        else:
            yield from _strays(table, setting)
            return


def _entry(table: Mapping[str, Any], fault: StatementFault) -> int | str | None:
    """The entry that a fault is about: what it names, else the one without which it is not said."""
    value = table.get(fault.key)
    about = fault.name or fault.entry
    if not isinstance(value, list) or isinstance(about, int):
        return about if isinstance(value, list) or (isinstance(value, dict) and about in value) else None
    if about in value:
        return len(value) - 1 - value[::-1].index(about)
    return next((at for at in range(len(value)) if _said(_without(table, fault.key, at)) != fault.message), None)


def _said(table: Mapping[str, Any]) -> str:
    try:
        setting_of(problem_from(table))
    except StatementFault as fault:
        return fault.message
    return ""


def _without(table: Mapping[str, Any], key: str, entry: int | str | None) -> dict[str, Any]:
    """The statement without a key, or without one entry of its list."""
    rest = {name: value for name, value in table.items() if name != key}
    if isinstance(entry, int):
        rest[key] = [text for place, text in enumerate(table[key]) if place != entry]
    return rest


def _strays(table: Mapping[str, Any], setting: Setting) -> Iterator[StatedFault]:
    """What is looked at only when a work is: defined names, rules for the answer, and other spellings."""
    for place, name in undeclared_givens(setting):
        close = nearest(name, setting.notation.all_names)
        yield StatedFault("undeclared", "given", place, f"{name} is defined here and is not declared{close}", close)
    if setting.problem.kind not in FORMULAS:
        return  # what is asked may have a name in words
    for key in RULED:
        value = table.get(key, ())
        for place, text in enumerate([value] if isinstance(value, str) else value):
            yield from _stray(key, place, text, setting)
    for text in shown_lines(table):
        yield from _stray("marking", "lines", text, setting)
    for spelling, text in setting.problem.names.items():
        for fault in _stray("names", spelling, text, setting):
            yield fault._replace(code="spelling")


def undeclared_givens(setting: Setting) -> list[tuple[int, str]]:
    """The givens that define a name without a shape, by their places."""
    passed = [place for place, text in enumerate(setting.problem.given) if text in setting.assumptions.unused]
    return list(zip(passed, (str(left.data) for left, _ in setting.given if left.head == "unknown"), strict=False))


def shown_lines(table: Mapping[str, Any]) -> tuple[str, ...]:
    """The lines that a rubric gives points for."""
    marking = table.get("marking")
    lines = marking.get("lines") if isinstance(marking, dict) else None
    return tuple(lines) if isinstance(lines, dict) else ()


def _stray(key: str, entry: int | str, text: str, setting: Setting) -> Iterator[StatedFault]:
    try:
        node = setting.read(text)
    except Fault as fault:
        yield StatedFault("unreadable", key, entry, f"{quoted(text)} cannot be read: {fault.message}")
        return
    letters = {str(child.data) for child in node.walk() if child.head == "unknown"}
    for name in sorted(letters):
        close = nearest(name, setting.notation.all_names)
        said = f"{quoted(text)} uses {name}, which is not declared{close}"
        yield StatedFault("undeclared", key, entry, said, close)
