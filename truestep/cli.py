"""The command line; what is slow to import is imported where it is needed."""

from __future__ import annotations

import gc
import importlib
import os
import sys

import click

from truestep import __version__
from truestep.commands.checking import LISTS, Wish, check_handout, check_submissions
from truestep.commands.editing.completing import any_id, homework_id
from truestep.commands.ending import ended
from truestep.commands.saying import CHECK, answer_records, refuse, reveal_option, timeout_option

OBJECTS = 50_000  # that are made before rubbish is looked for


def _with_salt(context: click.Context, option: click.Parameter, value: str | None) -> None:
    """The salt for this run, and for the workers that it starts."""
    if value:
        os.environ["TRUESTEP_SALT"] = value


COMMANDS = {
    "derive": "commands.deriving:derive",
    "explain": "commands.explaining:explain",
    "export": "commands.classes.exporting:export",
    "grade": "commands.classes.grading:grade",
    "gradescope": "commands.classes.platforms:gradescope",
    "is": "commands.verifying:holds",
    "lint": "commands.linting:lint",
    "list": "commands.listing:listing",
    "lsp": "commands.editing.serving:lsp",
    "new": "commands.starting:new",
    "prairielearn": "commands.classes.platforms:prairielearn",
    "read": "commands.reading:read",
    "review": "commands.classes.reviewing:review",
    "schema": "commands.schemas:schema",
    "serve": "page.serving:serve",
    "sheet": "commands.sheets:sheet",
    "show": "commands.showing:showing",
    "verify": "commands.verifying:verify",
    "watch": "commands.editing.watching:watch",
}


class Commands(click.Group):
    """Commands of which each is imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all."""
        return sorted({*super().list_commands(ctx), *COMMANDS})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name."""
        if cmd_name in COMMANDS and cmd_name not in self.commands:
            module, _, name = COMMANDS[cmd_name].partition(":")
            self.add_command(getattr(importlib.import_module(f"truestep.{module}"), name), cmd_name)
        return super().get_command(ctx, cmd_name)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="truestep")
def main() -> None:
    """truestep checks derivations: is the answer right, and which line goes wrong first."""


@main.command()
@click.argument("submissions", metavar="[SUBMISSION]...", nargs=-1)
@click.option(
    "--problem",
    metavar="ID_OR_FILE",
    shell_complete=any_id,
    help="The problem: an id from the book, or a TOML file; else each SUBMISSION states its own.",
)
@click.option(
    "--homework",
    metavar="ID_OR_FILE",
    shell_complete=homework_id,
    help="SUBMISSION is a handout of this homework: check each box.",
)
@click.option("--html", "form", flag_value="html", help="The report as one HTML page, without network or JavaScript.")
@click.option("--markdown", "form", flag_value="markdown", help="The report as Markdown.")
@click.option("--json", "form", flag_value="json", help="The check record instead of the report.")
@click.option("--format", "listed", type=click.Choice(LISTS), help="A list of what was found, for GitHub, or as SARIF.")
@click.option("--stated", is_flag=True, help="Pass over a SUBMISSION that states no problem.")
@click.option("--output", metavar="PATH", help="A file, or a folder; else it is printed.")
@reveal_option("How much of the solution the report shows.")
@click.option("--csv", "form", flag_value="csv", help="With --homework: a table of the marks of all SUBMISSIONs.")
@click.option("--records", metavar="FILE", help="Check records, one JSON per line ('-': standard input).")
@click.option("--no-diagnosis", is_flag=True, help="The same verdicts, without names of mistakes: faster.")
@timeout_option
@click.option(
    "--salt",
    metavar="TEXT",
    expose_value=False,
    callback=_with_salt,
    help="What primes, sizes and points are drawn from (also TRUESTEP_SALT); drawn and logged where it is not given.",
)
def check(
    submissions: tuple[str, ...],
    problem: str | None,
    homework: str | None,
    form: str | None,
    listed: str | None,
    stated: bool,
    output: str | None,
    reveal: str,
    records: str | None,
    no_diagnosis: bool,
    timeout: float,
) -> None:
    """Check a SUBMISSION (.tex, .md, .ipynb, text; '-': standard input) or a file of records.

    A SUBMISSION may state its problem itself, in front matter or in comments; --problem overrides that.

    Exit status: 0 all is right, 1 something is wrong, 2 the input or the usage is at fault,
    3 nothing is wrong but something stayed undecided or unreadable.
    """
    if records is not None:
        if submissions or problem is not None or homework is not None:
            raise click.UsageError("--records takes neither a SUBMISSION nor --problem: each record names its own.")
        if form not in (None, "json") or output is not None:
            raise click.UsageError("--records prints records: it takes neither --html, --markdown, --csv nor --output.")
        sys.exit(answer_records(records, CHECK, timeout, not no_diagnosis))
    if not submissions:
        raise click.UsageError("name SUBMISSIONs, with --problem unless they state it, or --records FILE.")
    if form == "csv":
        if homework is None or problem is not None or output is not None:
            raise click.UsageError("--csv is for --homework alone: it is a table of marks, question by question.")
        sys.exit(_mark_class(submissions, homework))
    if form and listed:
        raise click.UsageError("--format is a form of its own: give it, or --html, --markdown, --json.")
    wish = Wish(form or listed or "terminal", output, reveal, not no_diagnosis)
    if homework is not None:
        if problem is not None or listed or stated:
            raise click.UsageError("--homework states all problems: it takes neither --problem, --format nor --stated.")
        if len(submissions) > 1:
            raise click.UsageError("several SUBMISSIONs are checked with --homework and --csv; else name one.")
        sys.exit(check_handout(submissions[0], homework, wish))
    if len(submissions) > 1 and output and not listed and not os.path.isdir(output) and not output.endswith("/"):
        raise click.UsageError("the reports on several SUBMISSIONs go to a folder: --output FOLDER/")
    sys.exit(check_submissions(submissions, problem, wish, stated))


def run() -> None:
    """The command of the shell."""
    gc.set_threshold(OBJECTS)  # what a short command loads is not rubbish
    sys.exit(ended(main))


def _mark_class(names: tuple[str, ...], homework: str) -> int:
    from truestep.classes.marks_table import write_table
    from truestep.derivations.language.faults import StatementFault
    from truestep.problems.homework.homework_file import load_homework

    try:
        loaded = load_homework(homework)
    except StatementFault as fault:
        refuse(str(fault))
    return write_table(names, loaded)
