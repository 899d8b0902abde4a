"""The files that a homework or a problem of one's own begins from; every key is explained in them."""

from __future__ import annotations

from pathlib import Path

KINDS = ("homework", "problem")


def begun(kind: str) -> str:
    """The text of the template for a homework or for a problem.

    >>> begun("problem").startswith("#")
    True
    """
    return (Path(__file__).parent.parent / "templates" / f"new-{kind}.toml").read_text(encoding="utf-8")
