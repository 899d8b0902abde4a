"""The records of checking and deriving, as they are read and written: every field is declared here."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from truestep.problems.statements.problem import Problem

Verdict = Literal["right", "wrong", "undecided", "unreadable", "not_checked"]
FindingKind = Literal["value", "shape", "layout", "scope", "given", "name", "form", "missing", "notation", "logic"]
Evidence = Annotated[Literal["proved", "agreed"], Meta(description="with right: holds for all values, or at n points")]
Role = Literal[
    "claim",
    "continuation",
    "definition",
    "assignment",
    "condition",
    "reason",
    "question",
    "equation",
    "value",
    "mention",
    "answer",
]
Line = Annotated[int, Meta(ge=0)]
Limit = Literal["time", "memory", "size"]
Texts = tuple[str, ...]


class CheckInput(Struct, kw_only=True):
    """A problem and one piece of work, as ``lines`` or as a ``submission``; other keys are passed over."""

    id: Any = UNSET
    problem: Problem | str
    lines: Texts | UnsetType = UNSET
    submission: str | UnsetType = UNSET


class DeriveInput(Struct, kw_only=True):
    """A problem that is to be derived; other keys are passed over."""

    id: Any = UNSET
    problem: Problem | str


class Witness(Struct, kw_only=True, forbid_unknown_fields=True):
    """Small values for which the two sides differ, and both sides' values there."""

    values: dict[str, Any]
    left: Any
    right: Any
    on_line: Annotated[dict[str, Any], Meta(description="the values of what stands on the line")] | UnsetType = UNSET
    index: Annotated[dict[str, int], Meta(description="the entry")] | UnsetType = UNSET


class Judged(Struct, kw_only=True, forbid_unknown_fields=True):
    """A verdict with what supports it."""

    verdict: Verdict
    evidence: Evidence | UnsetType = UNSET
    witness: Witness | UnsetType = UNSET
    reason: str | UnsetType = UNSET


class Source(Struct, kw_only=True, forbid_unknown_fields=True):
    """A place in the file, in lines and columns from 1; in a notebook also the cell, from 0."""

    line: int
    column: int
    end_line: int
    end_column: int
    cell: int | UnsetType = UNSET


class LineRecord(Judged, kw_only=True, forbid_unknown_fields=True):
    """One row of the work."""

    line: Line
    text: Annotated[str, Meta(description="the formula as it stands in the work")] | UnsetType = UNSET
    source: Source | UnsetType = UNSET
    role: Role | UnsetType = UNSET
    read: Annotated[str, Meta(description="how it was read")] | UnsetType = UNSET
    liberties: Annotated[Texts, Meta(description="codes of what was granted")] | UnsetType = UNSET
    adds_nothing: (
        Annotated[Literal["given", "itself", "again", "name"], Meta(description="why a right line earns nothing")]
        | UnsetType
    ) = UNSET


class ConventionRecord(Struct, kw_only=True, forbid_unknown_fields=True):
    """What was assumed for the work as a whole, and the line from which it tells."""

    code: Literal["layout", "summation"]
    message: str
    from_line: Line


class QuestionRecord(Struct, kw_only=True, forbid_unknown_fields=True):
    """A reading that would make an undecided line right."""

    line: Line
    as_written: str
    if_meant: str
    message: str


class ContextRecord(Struct, kw_only=True, forbid_unknown_fields=True):
    """What stands within sentences: a definition, a condition, a mention, or something that was passed over."""

    text: str
    source: Source
    role: Role | UnsetType = UNSET
    read: str | UnsetType = UNSET
    verdict: Verdict | UnsetType = UNSET
    reason: str | UnsetType = UNSET


class AnswerRecord(Struct, kw_only=True, forbid_unknown_fields=True):
    """What answers one thing that is asked, as it was written."""

    find: str
    line: Line | None
    verdict: Verdict
    answer: str | UnsetType = UNSET
    case: str | UnsetType = UNSET
    carried: bool | UnsetType = UNSET


class FinalRecord(Judged, kw_only=True, forbid_unknown_fields=True):
    """The final answer."""

    line: Line | None
    answers: tuple[AnswerRecord, ...] | UnsetType = UNSET
    carried: bool | UnsetType = UNSET
    against: Annotated[tuple[Line, ...], Meta(description="lines that contradict it")] | UnsetType = UNSET
    bare: Annotated[bool, Meta(description="whether there is no work beside it")] | UnsetType = UNSET


class Finding(Struct, kw_only=True, forbid_unknown_fields=True):
    """A mistake, a broken rule, or a slip of notation, with its place in the line."""

    line: Line | None
    kind: FindingKind
    code: str
    message: str
    span: tuple[int, int] | None
    args: Annotated[dict[str, Any], Meta(description="what the message names")] | UnsetType = UNSET


class Item(Struct, kw_only=True, forbid_unknown_fields=True, rename={"what": "for"}):
    """What one thing earned, of what, and why."""

    what: str
    earned: float | None
    of: float
    why: str
    at_least: float | UnsetType = UNSET
    at_most: float | UnsetType = UNSET


class Open(Struct, kw_only=True, forbid_unknown_fields=True):
    """What a person is to look at."""

    about: str
    line: Line | None
    message: str


class Marks(Struct, kw_only=True, forbid_unknown_fields=True):
    """What was earned, of what; where something is open, ``earned`` is null."""

    earned: float | None
    of: float
    items: tuple[Item, ...]
    for_a_person: tuple[Open, ...]
    at_least: float | UnsetType = UNSET
    at_most: float | UnsetType = UNSET


class CheckRecord(Struct, kw_only=True, forbid_unknown_fields=True):
    """What a check says."""

    id: Any
    verdict: Verdict
    final: FinalRecord
    first_wrong_line: Line | None
    lines: tuple[LineRecord, ...]
    findings: tuple[Finding, ...]
    context: tuple[ContextRecord, ...] | UnsetType = UNSET
    passed_over: tuple[ContextRecord, ...] | UnsetType = UNSET
    conventions: tuple[ConventionRecord, ...] | UnsetType = UNSET
    questions: tuple[QuestionRecord, ...] | UnsetType = UNSET
    limits: Annotated[Limit, Meta(description="what ended the judging")] | UnsetType = UNSET
    marks: Marks | UnsetType = UNSET
    ignored: Annotated[Texts, Meta(description="keys of the problem that were passed over")] | UnsetType = UNSET


class DeriveRecord(Struct, kw_only=True, forbid_unknown_fields=True):
    """A derivation, or where it is stuck."""

    id: Any
    status: Literal["derived", "stuck"]
    answer: str | Texts | UnsetType = UNSET
    numpy: str | Texts | UnsetType = UNSET
    lines: Texts | UnsetType = UNSET
    rules: Texts | UnsetType = UNSET
    stuck_at: str | UnsetType = UNSET
    ignored: Annotated[Texts, Meta(description="keys of the problem that were passed over")] | UnsetType = UNSET


class Refusal(Struct, kw_only=True, forbid_unknown_fields=True):
    """What is wrong with a record that cannot be used, and who must mend it."""

    id: Any
    error: str
    mend: Literal["author", "student", "truestep"] | UnsetType = UNSET
    marks: Marks | UnsetType = UNSET
