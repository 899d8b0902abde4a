"""The card of what probably happened, from a finding that names it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from truestep.checkers.mistakes import Card

RESTATED = " is not what the problem gives"


def diagnosed(finding: Mapping[str, Any]) -> Card | None:
    """The card of a finding in a formula; of a given that is restated wrongly that of the slip, where one is named.

    >>> diagnosed({"code": "sign"}).code
    'sign'
    >>> restated = "J is not what the problem gives: a sign is wrong at '-': which minus signs stand there?"
    >>> diagnosed({"code": "given-restated", "message": restated}).code
    'sign'
    """
    from truestep.checkers.mistakes import MISTAKES, card

    code, message = str(finding.get("code", "")), str(finding.get("message", ""))
    if "span" in finding and finding["span"] is None:
        return None  # an answer in words: its message says what happened
    slip = message.partition(f"{RESTATED}: ")[2]
    if code == "given-restated" and slip:
        names = sorted((known for known in MISTAKES), key=lambda known: -len(known.name))
        found = next((known for known in names if slip[1:].startswith(known.name[1:])), None)
        if found is not None:
            return found
    return card(code)


def is_named(finding: Mapping[str, Any]) -> bool:
    """Whether the message of a finding is the name on its card, which a report says in another place."""
    known = diagnosed(finding)
    return known is not None and str(finding.get("message", ""))[1:].startswith(known.name[1:])
