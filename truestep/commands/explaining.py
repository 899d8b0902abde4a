"""``truestep explain``: what a mistake is, for a student who was told its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from truestep.commands.editing.completing import mistake_code

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.checkers.mistakes.card import Card, Example

WIDTH = 28
INTRODUCTION = r"""# Mistakes

A line that was judged wrong gets the name of what probably happened, and only where undoing it on the student's own
expression makes the line right in the models. Where nothing is confirmed, nothing is named. The cards stand in the
order in which they are tried. `truestep explain CODE` prints one of them, `truestep explain --markdown` this page.

## Slips as patterns

Most cards are rows `right ~ slipped` in LaTeX, such as `C (A + B) ~ C A + B`. A row is undone on a wrong line to name
the mistake, and made in a right line to plant one. `A`, `B`, `C`, `D` and the vectors `a`, `b` stand for any part of a
line, `t` for any name, `f` and `g` for any function, `i` to `l` for any index, `N` for any size; terms or factors side
by side are a part too. What loses a part, as `A ~ 0 : a term`, is made of the line before and compared. Behind ` : `
stand conditions: `i in A`, `j like i` (over the same range), {conditions}.

An author adds slips of the course to a problem, or to a whole homework, in TOML; they are tried before the cards. A
letter that the problem declares stands for itself there. `says` and `ask` are what the student reads, `code` goes into
the record (`slip` where it is left out):

```toml
slips = [
    'C (A + B) ~ C A + B',
    { pattern = 'f(A + B) ~ f(A) + f(B)', says = 'A function came apart at a plus', ask = 'May it?' },
]
```
"""


@click.command()
@click.argument("code", required=False, shell_complete=mistake_code)
@click.option("--markdown", is_flag=True, help="Print all cards as one page.")
def explain(code: str | None, markdown: bool) -> None:
    """Say what the mistake CODE is: what it looks like, why it is tempting, what to ask oneself.

    Without CODE all mistakes are listed.
    """
    from truestep.checkers.mistakes import card, mistakes
    from truestep.derivations.language.faults import nearest

    if markdown:
        click.echo(page(mistakes()), nl=False)
    elif code is None:
        for known in mistakes():
            click.echo(f"{known.code:{WIDTH}}{known.name}")
    else:
        found = card(code)
        if found is None:
            proposal = nearest(code, [known.code for known in mistakes()])
            raise click.UsageError(f"no mistake has the code {code}{proposal}.")
        click.echo(told(found))


def told(card: Card) -> str:
    """A card for a terminal."""
    return "\n".join(
        (
            card.name,
            f"  code: {card.code}, kind: {card.kind}",
            "",
            f"What it looks like. {card.looks_like}",
            f"Why it is tempting. {card.tempting}",
            f"Ask yourself. {card.question}",
            "",
            "An example",
            *(f"  {line}" for line in _shown(card.example)),
            "No example",
            *(f"  {line}" for line in _shown(card.near)),
        )
    )


def _shown(example: Example) -> list[str]:
    """A problem in short, and the rows of work for it."""
    problem = example.problem
    given = [f"given  {text}" for text in problem.get("given", ())]
    answer = problem.get("answer", ())
    answers = [answer] if isinstance(answer, str) else list(answer)
    return [*given, *(f"right  {text}" for text in answers), *(f"work   {row}" for row in example.rows)]


def page(cards: Sequence[Card]) -> str:
    """All cards as one page of Markdown."""
    from truestep.checkers.mistakes.patterns import OF_PARTS, OF_SITES

    conditions = ", ".join([*(f"`A {said}`" for said in OF_PARTS), *(f"`{said}`" for said in OF_SITES)])
    return "\n".join([INTRODUCTION.replace("{conditions}", conditions), *(_section(card) for card in cards)])


def _section(card: Card) -> str:
    return "\n".join(
        (
            f"## {card.code}",
            "",
            f"**{card.name}** (kind `{card.kind}`). {card.looks_like} {card.tempting} *{card.question}*",
            "",
            "```text",
            *_shown(card.example),
            "```",
            "",
        )
    )
