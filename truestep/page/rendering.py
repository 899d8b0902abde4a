"""The templates of the page; every value is escaped."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined

from truestep.derivations.language.packed import packed_texts
from truestep.output.readable import visible

TEMPLATES = Path(__file__).parent / "templates"


@cache
def _templates() -> Environment:
    environment = Environment(
        autoescape=True,
        loader=DictLoader(packed_texts(TEMPLATES, ".html")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["visible"] = visible
    return environment


def rendered(template: str, **values: Any) -> str:
    """A template filled in."""
    return _templates().get_template(template).render(**values)
