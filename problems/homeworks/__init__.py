"""The homeworks that come with truestep: a table for each, by its id."""

from __future__ import annotations

from truestep.derivations.language.packed import packed_names, packed_text


def homeworks() -> tuple[str, ...]:
    """The ids of the homeworks that come with truestep.

    >>> "cmu-10315-hw5" in homeworks()
    True
    """
    return packed_names(__file__)


def homework_text(identifier: str) -> str:
    """The statement of the homework of an id, as TOML.  Raises FileNotFoundError.

    >>> homework_text("cmu-10315-hw5").startswith("#")
    True
    """
    return packed_text(__file__, identifier)
