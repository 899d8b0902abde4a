"""The problem that a work states itself: in front matter, in the metadata of a notebook, in comments of LaTeX."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from truestep.derivations.language.faults import StatementFault

KEY = "truestep"
LONGEST = 32 * 1024
DEEPEST = 40
_FRONT = re.compile(r"---[ \t]*\n(?P<yaml>.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_OWN = re.compile(rf"^{KEY}[ \t]*:", re.MULTILINE)
_COMMENT = re.compile(rf"^[ \t]*%+[ \t]*{KEY}:[ \t]?(?P<toml>.*)$", re.MULTILINE)


class ReaderMissing(StatementFault):
    """Nobody here reads YAML."""


def stated_in(text: str, kind: str) -> Any:
    r"""What a text of a kind states as its problem, an id or a table of keys; None where it states none.

    Nothing in it is opened or run.  Raises StatementFault where it is not YAML, or in LaTeX TOML.

    >>> stated_in("---\ntruestep: {problem: softmax-jacobian}\n---\n$$x$$", "md")
    'softmax-jacobian'
    >>> stated_in('% truestep: problem = "softmax-jacobian"', "tex")
    'softmax-jacobian'
    """
    if kind == "tex":
        lines = [found["toml"] for found in _COMMENT.finditer(text)]
        stated = _toml("\n".join(lines)) if lines else None
    elif kind == "ipynb":
        from truestep.checkers.documents.formats import notebook

        metadata, first = notebook.stating(text)
        stated = metadata.get(KEY) or stated_in(first, "md")
    else:
        found = _own_front(text)
        stated = _yaml(found["yaml"]).get(KEY) if found else None
    return stated.get("problem", stated) if isinstance(stated, dict) else stated


def without_statement(text: str, kind: str) -> str:
    r"""The text with the front matter that states its problem left blank.

    >>> without_statement("---\ntruestep: softmax-jacobian\n---\n$$x$$", "md")
    '\n\n\n$$x$$'
    """
    found = _own_front(text) if kind in ("md", "txt") else None
    try:
        states = found is not None and KEY in _yaml(found["yaml"])
    except ReaderMissing:
        states = True
    except StatementFault:
        states = False  # so it is text as any other
    return "\n" * found[0].count("\n") + text[found.end() :] if found and states else text


def _own_front(text: str) -> re.Match[str] | None:
    found = _FRONT.match(text) if text.startswith("---") else None
    return found if found and _OWN.search(found["yaml"]) else None


def _toml(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(_short(text))
    except (ValueError, RecursionError) as fault:
        raise StatementFault(f"the comments that state the problem are not TOML: {fault}") from None


def _yaml(text: str) -> dict[str, Any]:
    try:
        import yaml
    except ModuleNotFoundError:
        raise ReaderMissing(
            "a problem in front matter needs the package pyyaml, which is not installed: pip install 'truestep[yaml]'"
        ) from None
    try:
        depth = 0
        for token in yaml.scan(_short(text), yaml.SafeLoader):
            depth += isinstance(token, yaml.FlowMappingStartToken | yaml.FlowSequenceStartToken)
            depth -= isinstance(token, yaml.FlowMappingEndToken | yaml.FlowSequenceEndToken)
            if depth > DEEPEST or isinstance(token, yaml.AliasToken | yaml.TagToken):
                raise StatementFault("the front matter holds more than texts, numbers, lists and tables")
        table = yaml.safe_load(text)
    except StatementFault:
        raise
    except Exception as fault:  # a third party's parser on any text at all
        mark = getattr(fault, "problem_mark", None)
        where = f" (line {mark.line + 2})" if mark else ""
        raise StatementFault(
            f"the front matter is not YAML{where}: {getattr(fault, 'problem', None) or fault}"
        ) from None
    return table if isinstance(table, dict) else {}


def _short(text: str) -> str:
    if len(text) > LONGEST:
        raise StatementFault(f"a problem that a work states is at most {LONGEST // 1024} KiB")
    return text
