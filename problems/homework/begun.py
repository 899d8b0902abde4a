"""The files that a homework or a problem of one's own begins from; every key is explained in them."""

from __future__ import annotations

from truestep.derivations.language.packed import packed_text

KINDS = ("homework", "problem")


def begun(kind: str) -> str:
    """The text of the template for a homework or for a problem.

    >>> begun("problem").startswith("#")
    True
    """
    return packed_text(__file__, f"new-{kind}")
