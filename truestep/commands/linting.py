"""``truestep lint``: what is wrong with a homework or a problem, before anyone else sees it."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from truestep.commands import status
from truestep.commands.editing.completing import any_id
from truestep.commands.saying import refuse, show_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.problems.lint.draft import Draft
    from truestep.problems.lint.lint_rule import Finding, Rule

LEVELS = ("error", "warning", "note")
WIDTH = 100


@click.command()
@click.argument("source", metavar="[FILE_OR_ID]", required=False, shell_complete=any_id)
@click.option("--level", type=click.Choice(LEVELS), default="note", show_default=True, help="The least that is shown.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object with all findings.")
@click.option("--rules", "listed", is_flag=True, help="List the rules.")
@click.option("--explain", metavar="RULE", help="Say what a rule asks for, with an example of each kind.")
def lint(source: str | None, level: str, as_json: bool, listed: bool, explain: str | None) -> None:
    """Read a homework or a problem (FILE_OR_ID: a file, an id of a homework or of the book) as its author.

    Says with the place what contradicts itself, what is undeclared or left over, where the given answer is not the
    computed one, and what truestep leaves to a person.

    Exit status: 0 no error (warnings and notes are none), 1 an error, 2 the input or the usage is at fault.
    """
    if listed or explain is not None:
        sys.exit(_rules(explain))
    if source is None:
        raise click.UsageError("name a homework or a problem: a file or an id; or --rules.")
    sys.exit(_lint(source, LEVELS[: LEVELS.index(level) + 1], as_json))


def _lint(source: str, levels: Sequence[str], as_json: bool) -> int:
    from truestep.checkers.examined_lints import RULES
    from truestep.derivations.language.faults import StatementFault
    from truestep.problems.lint import lint as linted
    from truestep.problems.lint.draft import draft_of

    try:
        draft = draft_of(source)
    except StatementFault as fault:
        refuse(str(fault), source, as_json)
    found = linted(draft, RULES)
    shown = [finding for finding in found if finding.rule.level in levels]
    if as_json:
        show_line(status.as_json({"id": source, "findings": [_record(finding) for finding in shown]}))
    else:
        _report(draft, shown)
    return status.WRONG if any(finding.rule.level == "error" for finding in found) else status.RIGHT


def _record(finding: Finding) -> dict[str, Any]:
    """A finding as data; ``keys`` lead to its place in the file."""
    line, column = finding.position or (None, None)
    return {
        "rule": finding.rule.name,
        "level": finding.rule.level,
        "line": line,
        "column": column,
        "place": finding.place,
        "keys": list(finding.remark.place),
        "message": finding.remark.message,
        "repair": finding.remark.repair,
    }


def _report(draft: Draft, found: Sequence[Finding]) -> None:
    from truestep.output.readable import visible

    for finding in found:
        for line in _lines(draft, finding):
            click.echo(visible(line))
        click.echo()
    click.echo(visible(f"{draft.name}: {_summary(found)}"))


def _lines(draft: Draft, finding: Finding) -> list[str]:
    """Where and what, the line of the file with a mark under the place, and the repair."""
    where = "".join(f":{number}" for number in finding.position or ())
    place = f" in {finding.place}" if finding.place else ""
    out = [f"{draft.name}{where}: {finding.rule.level} ({finding.rule.name}){place}", f"  {finding.remark.message}"]
    out += _excerpt(draft, finding.position)
    return out + ([f"  repair: {finding.remark.repair}"] if finding.remark.repair else [])


def _excerpt(draft: Draft, position: tuple[int, int] | None) -> list[str]:
    """The part of a line around a place."""
    if draft.places is None or position is None:
        return []
    line = draft.places.text.split("\n")[position[0] - 1].replace("\t", " ")
    start = max(0, min(position[1] - 1 - WIDTH // 2, len(line) - WIDTH))
    cut = "…" if start else ""
    end = "…" if len(line) > start + WIDTH else ""
    return [f"  | {cut}{line[start : start + WIDTH]}{end}", f"  | {' ' * (len(cut) + position[1] - 1 - start)}^"]


def _summary(found: Sequence[Finding]) -> str:
    """How many findings there are of each level."""
    counts = Counter(finding.rule.level for finding in found)
    said = [f"{counts[level]} {level}{'s' if counts[level] > 1 else ''}" for level in LEVELS if counts[level]]
    return ", ".join(said) or "nothing to mend"


def _rules(explain: str | None) -> int:
    from truestep.checkers.examined_lints import RULES
    from truestep.derivations.language.faults import nearest

    if explain is None:
        width = max(len(rule.name) for rule in RULES)
        for rule in RULES:
            click.echo(f"{rule.name:<{width}}  {rule.level:<7}  {rule.promise}")
        return status.RIGHT
    chosen = next((rule for rule in RULES if rule.name == explain), None)
    if chosen is None:
        proposal = nearest(explain, [rule.name for rule in RULES]) or "; --rules lists them all"
        raise click.UsageError(f"no rule is called {explain!r}{proposal}")
    click.echo(_explained(chosen), nl=False)
    return status.RIGHT


def _explained(rule: Rule) -> str:
    from truestep.problems.lint import examples

    example = examples()[rule.name]
    return (
        f"{rule.name} ({rule.level}): {rule.promise}\n\n"
        f"This is found:\n\n{_indented(example['found'])}\n\nThis is not:\n\n{_indented(example['clean'])}\n"
    )


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.strip().splitlines())
