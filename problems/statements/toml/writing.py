r"""A table as TOML: texts in literal strings, so that LaTeX stands as it is written.

>>> print(as_toml({"find": r"\frac{dx}{dt}", "symbols": {"x": "scalar"}}), end="")
find = '\frac{dx}{dt}'
<BLANKLINE>
[symbols]
x = 'scalar'
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_UNPRINTED = re.compile(r"[\x00-\x1f\x7f]")
WIDEST = 100


def as_toml(table: Mapping[str, Any]) -> str:
    """A table of values, lists and tables, as TOML; a table within one of its tables stands in braces."""
    plain = [f"{_key(key)} = {_value(value)}" for key, value in table.items() if not isinstance(value, dict)]
    out = ["\n".join(plain)] if plain else []
    for name, inner in table.items():
        if isinstance(inner, dict):
            lines = [f"[{_key(name)}]", *(f"{_key(key)} = {_value(value)}" for key, value in inner.items())]
            out.append("\n".join(lines))
    return "\n\n".join(out) + "\n"


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _basic(name) if "\n" in name else _text(name)


def _value(value: Any) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list | tuple):
        parts = [_value(part) for part in value]
        line = f"[{', '.join(parts)}]"
        return line if len(line) <= WIDEST else "[\n" + "".join(f"    {part},\n" for part in parts) + "]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{_key(key)} = {_value(one)}' for key, one in value.items())} }}"
    return json.dumps(value)


def _text(text: str) -> str:
    """A literal string; a basic one where a quotation mark or a control character stands in it."""
    if "'" not in text and not _UNPRINTED.search(text):
        return f"'{text}'"
    if "\n" in text and "'''" not in text and not text.endswith("'") and not _UNPRINTED.search(text.replace("\n", "")):
        return f"'''\n{text}'''"
    return _basic(text)


def _basic(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
