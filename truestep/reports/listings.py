"""The findings of several files as lists for machines: GitHub's workflow commands, and SARIF 2.1.0."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from truestep.reports.diagnostics import Diagnostic

COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def github(name: str, found: Iterable[Diagnostic]) -> str:
    """A workflow command for each finding in a file, by which GitHub shows it beside the line.

    https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
    """
    return "".join(f"::{COMMANDS[one.level]} {_properties(name, one)}::{_escaped(one.message)}\n" for one in found)


def _properties(name: str, one: Diagnostic) -> str:
    table: dict[str, object] = {"file": name, "line": one.line, "endLine": one.end_line}
    if one.line == one.end_line:  # GitHub takes columns within one line alone
        table |= {"col": one.column, "endColumn": max(one.end_column - 1, one.column)}
    table["title"] = f"truestep: {one.code}"
    return ",".join(f"{key}={_property(str(value))}" for key, value in table.items())


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def sarif(found: Mapping[str, Sequence[Diagnostic]], version: str) -> str:
    """The findings by the names of their files as one SARIF log; columns are counted in characters."""
    rules = sorted({one.code for several in found.values() for one in several})
    results = [_result(name, one, rules) for name, several in found.items() for one in several]
    driver = {"name": "truestep", "version": version, "rules": [{"id": code} for code in rules]}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _result(name: str, one: Diagnostic, rules: Sequence[str]) -> dict[str, Any]:
    path = pathlib.PurePath(name)
    region = {
        "startLine": one.line,
        "startColumn": one.column,
        "endLine": one.end_line,
        "endColumn": one.end_column,
    }
    artifact = {"uri": path.as_uri() if path.is_absolute() else quote(path.as_posix())}
    place = {"physicalLocation": {"artifactLocation": artifact, "region": region}}
    return {
        "ruleId": one.code,
        "ruleIndex": rules.index(one.code),
        "level": one.level,
        "message": {"text": one.message},
        "locations": [place],
    }
