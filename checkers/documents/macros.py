"""The commands that a submission defines for itself."""

from __future__ import annotations

import re

from truestep.checkers.documents.scan import HIDDEN, blank
from truestep.checkers.documents.work import Macro

MOST = 400
LONGEST = 4000

_DEFINITION = re.compile(
    r"\\(newcommand|renewcommand|providecommand|DeclareRobustCommand|DeclareMathOperator|[gx]?def|let)"
    r"(?![A-Za-z@])(\*?)"
)
_NAME = re.compile(r"\s{0,9}(?:\{\s{0,9}\\([A-Za-z@]+|[^A-Za-z\s])\s{0,9}\}|\\([A-Za-z@]+|[^A-Za-z\s]))")
_ARITY = re.compile(r"\s{0,9}\[\s{0,9}([0-9])\s{0,9}\]")
_DEFAULT = re.compile(r"\s{0,9}\[([^\[\]]{0,200})\]")
_PARAMETERS = re.compile(r"\s{0,9}((?:#[1-9]){0,9})\s{0,9}")
_ALIAS = re.compile(r"\s{0,9}=?\s{0,9}(\\(?:[A-Za-z@]+|[^A-Za-z\s]))")
_SPACE = re.compile(r"\s{0,9}")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)


def take(text: str) -> tuple[tuple[Macro, ...], str]:
    r"""The macros that the text defines, and the text with the definitions hidden.

    Of two definitions of one name the later holds, but `\providecommand` gives way to an earlier one.

    >>> take(r"\newcommand{\R}[1]{\mathbb{#1}} x")[0]
    (Macro(name='R', arity=1, body='\\mathbb{#1}', default=None),)
    """
    macros: dict[str, Macro] = {}
    parts: list[str] = []
    position = 0
    seen = 0
    for found in _DEFINITION.finditer(text):
        if found.start() < position or seen >= MOST:
            continue
        seen += 1
        parsed = _parse(text, found)
        if parsed is None:
            continue
        macro, stop = parsed
        if found.group(1) != "providecommand" or macro.name not in macros:
            macros[macro.name] = macro
        parts += [text[position : found.start()], blank(text[found.start() : stop])]
        position = stop
    parts.append(text[position:])
    return tuple(macros.values()), "".join(parts)


def _parse(text: str, found: re.Match[str]) -> tuple[Macro, int] | None:
    """The macro that the definition at this match makes, and where it ends; None where it cannot be read."""
    name = _NAME.match(text, found.end())
    if name is None:
        return None
    spelled = name.group(1) or name.group(2)
    kind = found.group(1)
    if kind == "let":
        alias = _ALIAS.match(text, name.end())
        return (Macro(spelled, 0, alias.group(1)), alias.end()) if alias else None
    if kind.endswith("def"):
        parameters = _PARAMETERS.match(text, name.end())
        start = parameters.end() if parameters else name.end()
        return _with_body(text, start, spelled, len(parameters.group(1)) // 2 if parameters else 0, None)
    if kind == "DeclareMathOperator":
        made = _with_body(text, name.end(), spelled, 0, None)
        wrapped = f"\\operatorname{found.group(2)}{{{made[0].body}}}" if made else ""
        return (Macro(spelled, 0, wrapped), made[1]) if made else None
    arity = _ARITY.match(text, name.end())
    start = arity.end() if arity else name.end()
    default = _DEFAULT.match(text, start) if arity else None
    return _with_body(
        text,
        default.end() if default else start,
        spelled,
        int(arity.group(1)) if arity else 0,
        default.group(1) if default else None,
    )


def _with_body(text: str, start: int, name: str, arity: int, default: str | None) -> tuple[Macro, int] | None:
    space = _SPACE.match(text, start)
    opening = space.end() if space else start
    stop = group_end(text, opening)
    if stop is None:
        return None
    body = text[opening + 1 : stop - 1].replace(HIDDEN, "").strip()
    return Macro(name, arity, body, default), stop


def group_end(text: str, start: int) -> int | None:
    """The offset after the brace that closes the one at `start`; None where there is none nearby.

    >>> group_end("{a{b}}c", 0)
    6
    """
    if text[start : start + 1] != "{":
        return None
    depth = 0
    for brace in _BRACE.finditer(text, start, start + LONGEST):
        depth += {"{": 1, "}": -1}.get(brace.group(), 0)
        if depth == 0:
            return brace.end()
    return None
