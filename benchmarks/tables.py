"""The measurements as tables for a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.measuring import OUTCOMES

SETS = {"common": "records that every checker was given", "all": "all records, truestep only"}


def show(report: Mapping[str, Any], console: Console) -> None:
    """Print the whole report."""
    machine = report["machine"]
    console.print(
        f"{report['records']} ({report['count']} records, {report['common']} for every checker); "
        f"{machine['processor']}, {machine['cores']} cores, Python {machine['python']}; "
        f"limit {report['limit']:g} s per answer, {report['repeat']} timed pass(es) after one to warm up",
        highlight=False,
    )
    for name, checker in report["checkers"].items():
        if "error" in checker:
            console.print(f"{name}: {checker['error']} ({checker['reason']})", highlight=False, markup=False)
    for key, title in SETS.items():
        if key == "all" and not any(key in checker for checker in report["checkers"].values()):
            continue
        console.print(_verdicts(report["checkers"], key, f"Verdicts: {title}"))
        console.print(_times(report["checkers"], key, f"Milliseconds per answer, of processor time: {title}"))
    console.print(_categories(report["checkers"]))
    if report["startup"]:
        console.print(_startup(report["startup"]))


def _verdicts(checkers: Mapping[str, Any], key: str, title: str) -> Table:
    table = new_table(title, "checker", *OUTCOMES, "of")
    for name, checker in checkers.items():
        if key in checker:
            part = checker[key]
            table.add_row(name, *(str(part["verdicts"][column]) for column in OUTCOMES), str(part["answers"]))
    return table


def _times(checkers: Mapping[str, Any], key: str, title: str) -> Table:
    columns = ("median", "p95", "max")
    table = new_table(title, "checker", *columns, "median, decided", "median, first pass", "all, s")
    for name, checker in checkers.items():
        if key in checker:
            part = checker[key]
            row = [part["ms"][column] for column in columns]
            row += [part["ms_decided"]["median"], part["ms_first_pass"]["median"]]
            table.add_row(name, *map(figure, row), f"{(part['ms']['total'] or 0) / 1000:.2f}")
    return table


def _categories(checkers: Mapping[str, Any]) -> Table:
    parts = {name: checker["common"]["right_by_category"] for name, checker in checkers.items() if "common" in checker}
    table = new_table("Right verdicts by category, common records", "category", *parts, "of")
    for category in sorted(set().union(*parts.values())):
        counts = [part[category] for part in parts.values()]
        table.add_row(category, *(str(right) for right, _ in counts), str(counts[0][1]))
    return table


def _startup(startup: Mapping[str, Any]) -> Table:
    table = new_table("Start-up: a whole process, seconds of processor time", "command", "median", "min", "runs")
    for name, result in startup.items():
        if result["error"]:
            table.add_row(name, result["error"])
        elif result["seconds"]:
            table.add_row(name, f"{result['median']:.3f}", f"{result['min']:.3f}", str(len(result["seconds"])))
    return table


def new_table(title: str, first: str, *others: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column(first, no_wrap=True)
    for name in others:
        table.add_column(name, justify="right")
    return table


def figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}" if value < 100 else f"{value:.0f}"
