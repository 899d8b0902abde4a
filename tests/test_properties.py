"""What sentences say of a quantity is a claim: one that is false makes a right derivation wrong, a true one nothing."""

from __future__ import annotations

from typing import Any

import pytest
from sources import table

from truestep.checkers.records import check_record

DATA: dict[str, Any] = table("properties")
CASES = [(name, said, verdict) for name, one in DATA.items() for verdict in ("true", "false") for said in one[verdict]]


@pytest.mark.parametrize(("name", "said", "truth"), CASES)
def test_what_a_sentence_says_of_a_quantity_is_so(name: str, said: str, truth: str) -> None:
    one = DATA[name]
    problem = {key: one[key] for key in ("symbols", "given", "find", "assume") if key in one}
    record = check_record({"problem": problem, "submission": f"{one['text']}\n\n{said}", "format": "md"})
    assert record["verdict"] == {"true": "right", "false": "wrong"}[truth]
