"""The measurements of derivations as tables for a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.derivatives.measuring import OUTCOMES
from benchmarks.tables import figure, new_table


def show(report: Mapping[str, Any], console: Console) -> None:
    """Print the whole report."""
    machine = report["machine"]
    console.print(
        f"{report['records']} ({report['count']} tasks); "
        f"{machine['processor']}, {machine['cores']} cores, Python {machine['python']}; "
        f"limit {report['limit']:g} s per task, {report['repeat']} timed pass(es) after one to warm up",
        highlight=False,
    )
    for name, tool in report["tools"].items():
        if "error" in tool:
            console.print(f"{name}: {tool['error']} ({tool['reason']})", highlight=False, markup=False)
    measured = {name: tool for name, tool in report["tools"].items() if "summary" in tool}
    console.print(_outcomes(measured))
    console.print(_times(measured, report["common"]))
    console.print(_categories(measured))


def _outcomes(measured: Mapping[str, Any]) -> Table:
    table = new_table("Derivatives, judged by value", "tool", *OUTCOMES, "of")
    for name, tool in measured.items():
        part = tool["summary"]
        table.add_row(name, *(str(part["outcomes"][column]) for column in OUTCOMES), str(part["tasks"]))
    return table


def _times(measured: Mapping[str, Any], common: int) -> Table:
    columns = ("median", "p95", "max")
    title = f"Milliseconds per derivation, warm, statement included; common: the {common} tasks that all derive right"
    table = new_table(title, "tool", *columns, "statement", "derivation", "common", "first pass", "all, s")
    for name, tool in measured.items():
        part = tool["summary"]
        row = [part["ms"][column] for column in columns]
        row += [part[key]["median"] for key in ("ms_statement", "ms_derivation")]
        row += [tool["ms_common"]["median"], part["ms_first_pass"]["median"]]
        table.add_row(name, *map(figure, row), f"{(part['ms']['total'] or 0) / 1000:.2f}")
    return table


def _categories(measured: Mapping[str, Any]) -> Table:
    parts = {name: tool["summary"]["right_by_category"] for name, tool in measured.items()}
    table = new_table("Right derivatives by category", "category", *parts, "of")
    for category in sorted(set().union(*parts.values())):
        counts = [part[category] for part in parts.values()]
        table.add_row(category, *(str(right) for right, _ in counts), str(counts[0][1]))
    return table
