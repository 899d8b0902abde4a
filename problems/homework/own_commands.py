r"""The course's own commands in what a person reads: a sheet sets what they stand for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from truestep.derivations.language.latex.macros import expanded, macro_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from truestep.derivations.language.latex.macros import Macro
    from truestep.problems.statements.problem import Problem

_FORMULA = re.compile(r"(?P<code>`+).+?(?P=code)|(?<!\\)(?P<mark>\$\$?)(?P<inner>.+?)(?<!\\)(?P=mark)", re.DOTALL)


def commands_of(statements: Iterable[Any]) -> dict[str, Macro]:
    r"""The commands of some statements, but for those of which two say different things.

    >>> list(commands_of([{"macros": {r"\R": "R", r"\q": "q"}}, {"macros": {"q": "x", "R": "R"}}]))
    ['\\R']
    """
    found: dict[str, set[Macro]] = {}
    for one in statements:
        macros = one.get("macros") if isinstance(one, dict) else None
        for name, body in macros.items() if isinstance(macros, dict) else ():
            if isinstance(body, str):
                made = macro_of(name, body)
                found.setdefault(made.name, set()).add(made)
    return {name: next(iter(made)) for name, made in found.items() if len(made) == 1}


def commands_in(homework: Mapping[str, Any]) -> dict[str, Macro]:
    """The commands on which all statements of a homework agree."""
    return commands_of(_statements(homework))


def _statements(table: Any) -> Iterator[Any]:
    if not isinstance(table, dict):
        return
    notation = table.get("notation")
    yield from notation.values() if isinstance(notation, dict) else ()
    yield table.get("problem")
    for key in ("part", "question", "show"):
        entries = table.get(key)
        for entry in entries if isinstance(entries, list) else ():
            yield from (entry,) if key == "show" else _statements(entry)


def spelled_out(text: str, commands: Mapping[str, Macro]) -> str:
    r"""A text with the commands in its formulas put in.

    >>> spelled_out(r"Let $x \in \R^n$, in LaTeX `\R`.", commands_of([{"macros": {"R": r"\mathbb{R}"}}]))
    'Let $x \\in \\mathbb{R}^n$, in LaTeX `\\R`.'
    """

    def put_in(found: re.Match[str]) -> str:
        mark = found["mark"] or ""
        return f"{mark}{expanded(found['inner'], commands)}{mark}" if mark else found[0]

    return _FORMULA.sub(put_in, text) if commands else text


def with_texts(table: Any, keys: Iterable[str], common: Mapping[str, Macro]) -> Any:
    """A homework, part or question with the commands in its texts put in: a question's own, else those of all."""
    if not isinstance(table, dict):
        return table
    asked = table.get("problem")
    commands = {**common, **commands_of(list(_statements(table)))} if asked is not None or "show" in table else common
    out = {key: _spelled(value, commands) if key in keys else value for key, value in table.items()}
    for key in ("part", "question", "figure"):
        if isinstance(out.get(key), list):
            out[key] = [with_texts(one, keys, commands) for one in out[key]]
    return out


def _spelled(value: Any, commands: Mapping[str, Macro]) -> Any:
    if isinstance(value, list):
        return [_spelled(one, commands) for one in value]
    return spelled_out(value, commands) if isinstance(value, str) else value


def plainly(problem: Problem) -> Problem:
    """A problem with its commands put in, as a sheet sets it."""
    commands = commands_of([{"macros": problem.macros}])
    if not commands:
        return problem
    formulas = {
        key: tuple(expanded(one, commands) for one in getattr(problem, key))
        for key in ("given", "assume", "find", "answer", "must_show", "only")
    }
    symbols = {expanded(name, commands): shape for name, shape in problem.symbols.items()}
    texts = {key: spelled_out(getattr(problem, key), commands) for key in ("title", "text")}
    options = {letter: spelled_out(text, commands) for letter, text in problem.options.items()}
    return replace(problem, **formulas, **texts, symbols=symbols, options=options)
