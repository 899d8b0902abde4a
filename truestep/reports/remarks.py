"""What a report says of one finding: by its row in the table, or by the card of the mistake that it names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from truestep.problems.findings.row import FAULT, NOTE, OPEN, filled, names_in
from truestep.problems.findings.table import row_of
from truestep.reports.pieces import Text, sentence

if TYPE_CHECKING:
    from truestep.checkers.mistakes import Card

Record = Mapping[str, Any]
BY_KIND = {"shape": "the shapes do not fit here", "layout": "rows and columns are exchanged here"}
TONES = {"wrong": FAULT, "undecided": OPEN, "unreadable": OPEN}


class Said(NamedTuple):
    """What is said of a finding and how it is meant; what is ``mere`` says less than whatever else is said."""

    tone: str
    text: Text
    is_mere: bool = False


def arguments(finding: Record) -> dict[str, str]:
    """The arguments of a finding; none where a record has something else there."""
    args = finding.get("args")
    return {str(name): str(value) for name, value in args.items()} if isinstance(args, Mapping) else {}


def is_named(finding: Record) -> bool:
    """Whether the finding is the card of a mistake, which a report says in another place."""
    return {"name", "ask"} <= arguments(finding).keys()


def remark(finding: Record, verdict: str) -> Said:
    """What is said of a finding; ``verdict`` is that of its line."""
    row, args = row_of(str(finding.get("code", ""))), arguments(finding)
    if verdict == "wrong" and is_named(finding):
        return Said(FAULT, sentence(BY_KIND.get(str(finding.get("kind")), row_of("value").message)), True)
    message = str(finding.get("message", "")).strip()
    in_formula = row.on_wrong and verdict == "wrong" and finding.get("span") is not None
    told = filled(row.on_wrong if in_formula else row.said or "{message}", {**args, "message": message})
    is_mere = row.code == "value" and "case" not in args
    return Said(row.tone or TONES.get(verdict, NOTE), sentence(message if told is None else told), is_mere)


def shortened(findings: Sequence[Record], several: Sequence[Text]) -> list[Text]:
    """The texts of one finding each; what its row leaves out the second time is said once, until it is another."""
    out, told = list[Text](), dict[str, dict[str, str]]()
    for finding, said in zip(findings, several, strict=True):
        row, args = row_of(str(finding.get("code", ""))), arguments(finding)
        known = {name: value for name, value in args.items() if name not in names_in(row.again)}
        again = filled(row.again, args) if row.again and told.get(row.code) == known else None
        out.append(sentence(again) if again else said)
        told[row.code] = known
    return out


def hint(code: str) -> Text:
    """The rule that a mistake goes against; nothing where there is none to be named.

    >>> hint("missing-inner-derivative")[0].text
    'The chain rule: multiply by the inner derivative.'
    """
    return sentence(row_of(code).hint)


def diagnosed(finding: Record) -> Card | None:
    """The card of a finding in a formula; of a given that is restated wrongly that of the slip, where one is named.

    >>> diagnosed({"code": "sign"}).code
    'sign'
    >>> diagnosed({"code": "given-restated", "args": {"given": "J", "slip": "sign"}}).code
    'sign'
    """
    from truestep.checkers.mistakes import card
    from truestep.checkers.mistakes.card import Card, Example

    if "span" in finding and finding["span"] is None:
        return None  # an answer in words: its message says what happened
    said = arguments(finding)
    code = said.get("slip", str(finding.get("code", "")))
    found = card(code)
    if "name" in said and "ask" in said and (found.name if found is not None else "") != said["name"]:
        ask = said["ask"][:1].upper() + said["ask"][1:]  # an author's own slip
        return Card(code, said["name"], "", "", ask, Example({}, ()), Example({}, ()))
    return found
