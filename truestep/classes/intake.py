"""Files taken into a store, and whether all that is in it was graded; quick where nothing is new."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from truestep.checkers.handins.layouts import whose
from truestep.checkers.handins.sources import given
from truestep.classes.program import program
from truestep.classes.store import FileRow, digest_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.classes.store import Store

DONE = "done"


def take_in(store: Store, names: Sequence[str]) -> int:
    """Keeps all files that are given, and how many of them are new, or were damaged in the store.

    Raises StoreFault where they cannot be kept.
    """
    known = store.files()
    run = 1 + max((row.run for row in known), default=0)
    before = {(row.name, row.digest) for row in known}
    new: dict[tuple[str, str], FileRow] = {}
    mended = 0
    for one in given(names):
        digest = "" if one.fault else store.keep(one.data)
        mended += digest in store.written and (one.name, digest) in before
        if (one.name, digest) not in before:
            row = FileRow(one.name, digest, one.at, json.dumps(whose(one.root, one.path)), one.fault, run)
            new[one.name, digest] = row
    if new:
        store.add_files(list(new.values()))
    return len(new) + mended


def signature(store: Store, homework: bytes, roster: bytes) -> str:
    """What tells a state of a class from all others: the program, the statements, all files, what was decided."""
    files = [part for row in store.files() for part in (row.name, row.digest)]
    decided = [str(one) for row in store.decisions() for one in row]
    return digest_of(program(), homework, roster, *files, "decided", *decided)
