"""`python -m benchmarks styles`: right works as people write them, without and with one slip, counted by card."""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console

from benchmarks.machine import positive
from benchmarks.slips.works import Work, problems, work_of
from benchmarks.styles.cases import cases
from benchmarks.styles.judging import ACCEPTED, FOUND, OPEN, OTHER, RIGHT, WRONG, Outcome, judged
from benchmarks.tables import new_table

COLUMNS = {False: (RIGHT, WRONG, OPEN), True: (FOUND, ACCEPTED, OTHER)}
TITLES = {False: "Right works", True: "With one slip"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line, check, print; the status is 1 where a right work is called wrong or a slip accepted."""
    options = _parser().parse_args(arguments)
    chosen = list(drawn(options.seed, options.works))
    kinds = [kind == "slip" for kind in options.kinds.split(",")]
    found = {
        kind: list(outcomes(chosen, options.seed, options.count, kind, options.limit, options.only)) for kind in kinds
    }
    if options.each:
        with open(options.each, "w", encoding="utf-8") as file:
            file.writelines(
                json.dumps(shown(one), ensure_ascii=False) + "\n" for several in found.values() for one in several
            )
    if options.json:
        print(json.dumps({TITLES[kind]: counted(several) for kind, several in found.items()}, indent=2))
    else:
        for kind, several in found.items():
            show(several, kind, Console(), options.look)
    return int(any(one.outcome in (WRONG, ACCEPTED) for several in found.values() for one in several))


def drawn(seed: int, most: int) -> Iterator[Work]:
    """So many works, drawn by the seed."""
    named = list(problems())
    random.Random(seed).shuffle(named)
    made = 0
    for name, problem in named:
        work = work_of(name, problem) if made < most else None
        if work is not None and work.rows:
            made += 1
            yield work


def outcomes(
    works: Sequence[Work], seed: int, count: int, with_slip: bool, limit: float, only: Sequence[str] = ()
) -> Iterator[Outcome]:
    """What became of so many cases."""
    for case in cases(works, seed, count, with_slip, only):
        yield judged(case, limit)


def counted(several: Iterable[Outcome]) -> dict[str, dict[str, Counter[str]]]:
    """The outcomes by card, role, form, language and slip."""
    out: dict[str, dict[str, Counter[str]]] = {}
    for one in several:
        case = one.case
        keys = {
            "card": case.cards or ("none",),
            "role": case.roles,
            "form": (case.form,),
            "language": (case.language,),
            "slip": (case.slip,) if case.slip else (),
            "all": ("all",),
        }
        for kind, names in keys.items():
            for name in names:
                out.setdefault(kind, {}).setdefault(name, Counter())[one.outcome] += 1
    return out


def shown(one: Outcome) -> dict[str, Any]:
    """An outcome as JSON."""
    case = one.case
    fields = ("name", "seed", "form", "language", "cards", "roles", "slip", "done")
    return {
        "outcome": one.outcome,
        "why": one.why,
        **{name: getattr(case, name) for name in fields},
        "text": case.document.text,
    }


def show(several: Sequence[Outcome], kind: bool, console: Console, look: int) -> None:
    """Print the tables, and some of what is not as it should be."""
    counts = counted(several)
    for name, rows in counts.items():
        console.print(_table(f"{TITLES[kind]}, by {name}", rows, COLUMNS[kind]))
    bad = [one for one in several if one.outcome != COLUMNS[kind][0]]
    for one in sorted(bad, key=lambda one: COLUMNS[kind].index(one.outcome), reverse=False)[:look]:
        case = one.case
        about = (case.name, case.seed, case.form, case.language, *case.cards, case.slip, case.done)
        console.print(
            f"{one.outcome}: {', '.join(map(str, filter(None, about)))}\n    {one.why}",
            highlight=False,
            markup=False,
            soft_wrap=True,
        )


def _table(title: str, rows: Mapping[str, Counter[str]], columns: Sequence[str]) -> Any:
    table = new_table(title, "", *columns, "of")
    for name, count in sorted(rows.items()):
        table.add_row(name, *(str(count[column]) for column in columns), str(sum(count.values())))
    return table


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks styles", description=__doc__)
    add = parser.add_argument
    add("--count", type=positive, default=200, metavar="N", help="cases without a slip, and as many with one (200)")
    add("--works", type=positive, default=40, metavar="N", help="works that they are made of (40)")
    add("--seed", type=int, default=1, help="draws all of them (1)")
    add("--kinds", default="right,slip", help="right, slip or both")
    add("--only", nargs="*", default=(), metavar="CARD", help="plant these cards wherever they fit")
    add("--limit", type=float, default=10.0, metavar="S", help="seconds for one check (10)")
    add("--look", type=int, default=30, metavar="N", help="print so many of those that are not as they should be (30)")
    add("--each", default="", metavar="FILE", help="write one JSON line for each case to this file")
    add("--json", action="store_true", help="print one JSON object")
    return parser


if __name__ == "__main__":
    sys.exit(main())
