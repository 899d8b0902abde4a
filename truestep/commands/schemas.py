"""``truestep schema``: the JSON Schema of what is read and of what is written."""

from __future__ import annotations

import json
from typing import Any

import click

KINDS = ("problem", "homework", "check", "derive")


@click.command("schema")
@click.argument("kind", type=click.Choice(KINDS), default="problem")
@click.option("--input", "is_input", is_flag=True, help="With check or derive: the record that is read.")
def schema(kind: str, is_input: bool) -> None:
    """The JSON Schema of a problem, a homework, or the record that check or derive writes."""
    if is_input and kind in ("problem", "homework"):
        raise click.UsageError("--input is for check and derive alone: a problem and a homework are read.")
    click.echo(json.dumps(schema_of(kind, is_input), indent=2, ensure_ascii=False))


def schema_of(kind: str, is_input: bool = False) -> dict[str, Any]:
    """The schema, from what declares the structs.

    >>> schema_of("problem")["$ref"]
    '#/$defs/Problem'
    """
    from truestep.checkers import record_form as form
    from truestep.problems.homework.homework_file import homework_schema
    from truestep.problems.statements.problem import Problem
    from truestep.problems.statements.schema import json_schema

    if kind == "homework":
        return homework_schema()
    declared: dict[tuple[str, bool], Any] = {
        ("problem", False): Problem,
        ("check", True): form.CheckInput,
        ("derive", True): form.DeriveInput,
        ("check", False): form.CheckRecord,
        ("derive", False): form.DeriveRecord,
    }
    if is_input or kind == "problem":
        return json_schema(declared[kind, is_input])
    written, refusal = json_schema(declared[kind, False]), json_schema(form.Refusal)
    either = [{"$ref": written["$ref"]}, {"$ref": refusal["$ref"]}]
    parts = {**written["$defs"], **refusal["$defs"]}
    return {"$schema": written["$schema"], "anyOf": either, "$defs": parts}
