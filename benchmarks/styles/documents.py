"""Documents around the rows of a draft: LaTeX, Markdown, a notebook, plain text; where each row stands in them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from benchmarks.styles import phrases
from benchmarks.styles.drafts import Draft, Step

FORMS = ("tex", "md", "ipynb", "txt", "ascii")
Place = tuple[int, int, int]  # cell, line, column
_FIRST = 0xE100  # private characters: one for the beginning of each row, one for the end of any
_END = chr(0xE0FF)


@dataclass(frozen=True)
class Document:
    """A file, and from where to where each row stands in it."""

    text: str
    kind: str
    rows: dict[int, tuple[Place, Place]]


def marked(step: Step, text: str) -> str:
    """The text of a row between marks."""
    return f"{chr(_FIRST + step.place)}{text}{_END}"


class Pieces:
    """What a document is made of, drawn at random: paragraphs in their order."""

    def __init__(self, draft: Draft, random: Random, language: str, form: str) -> None:
        self.draft, self.random, self.language, self.form = draft, random, language, form
        self.roles: list[str] = []
        self.is_plain = form in ("txt", "ascii")

    def say(self, table: dict[str, tuple[str, ...]], formula: str = "") -> str:
        """A sentence of a role with a formula."""
        sentence = self.random.choice(table[self.language])
        return sentence.replace("{f}", self.inline(formula))

    def inline(self, formula: str) -> str:
        """A formula within a sentence."""
        if self.is_plain:
            return formula
        return rf"\({formula}\)" if self.form == "tex" and self.random.random() < 0.2 else f"${formula}$"

    def paragraphs(self) -> Iterator[str]:
        """All that the document says."""
        draft, random = self.draft, self.random
        if random.random() < 0.4:
            self.roles.append("heading")
            yield self.heading(random.choice(phrases.HEADING[self.language]))
        for formula in draft.sentences:
            if formula.role in ("question", "definition", "reason", "mention"):
                self.roles.append(formula.role)
                table = {
                    "question": phrases.QUESTION,
                    "definition": phrases.DEFINITION,
                    "reason": phrases.REASON,
                    "mention": phrases.MENTION,
                }
                yield self.say(table[formula.role], formula.text)
        blocks = _blocks(draft.steps)
        for place, block in enumerate(blocks):
            yield from self.block(block, is_last=place + 1 == len(blocks))
        closing = random.choice(phrases.CLOSING[self.language])
        if closing and random.random() < 0.3:
            yield closing

    def heading(self, text: str) -> str:
        """A heading in the form of the document."""
        if self.is_plain:
            return text
        return rf"\section*{{{text}}}" if self.form == "tex" else f"## {text}"

    def block(self, block: Sequence[Step], is_last: bool) -> Iterator[str]:
        """The rows with one left side: words, a display, and perhaps the last row in a sentence."""
        random, last = self.random, None
        if is_last and not self.is_plain and block[-1].begins and not block[-1].behind and random.random() < 0.4:
            *block, last = block
        if block and block[0].condition:
            self.roles.append("condition")
            yield self.say(phrases.CONDITION, block[0].condition)
        elif block and random.random() < 0.5:
            self.roles.append("step")
            yield random.choice(phrases.STEP[self.language])
        reasons = [step.reason for step in block if step.reason]
        if block:
            yield self.display(block)
        for reason in dict.fromkeys(reasons):
            self.roles.append("reason")
            yield self.say(phrases.REASON, reason)
        if block and last is None and self.draft.asides and not self.is_plain and random.random() < 0.25:
            self.roles.append("where")
            yield self.say(phrases.WHERE, random.choice(self.draft.asides))
        if last is not None:
            self.roles.append("answer")
            yield self.say(phrases.ANSWER, marked(last, self.row(last)))

    def row(self, step: Step, aligned: bool = False) -> str:
        """One row, with the sign of equality that the draft has."""
        sign = self.draft.flags.get("equals", "=")
        sign = f"&{sign}" if aligned else sign
        left = step.said[0] if step.begins else ""
        return f"{left} {sign} {step.said[1]}{step.behind}".strip()

    def display(self, block: Sequence[Step]) -> str:
        """The rows in one of the ways of the form."""
        if self.is_plain:
            return self.lines(block)
        behind = any("&&" in step.behind for step in block)
        ways = ["align", "each", "chain", "each"] if not behind else ["align"]
        ways = [way for way in ways if way != "chain" or "implied-sum" not in self.draft.applied]  # a habit has rows
        ways += ["gather", "lines"] if self.form == "tex" and not behind else []
        ways += ["dollars", "list", "table", "fence"] if self.form in ("md", "ipynb") and not behind else []
        way = self.random.choice(ways)
        if way == "table" and any("|" in step.text or r"\\" in step.text for step in block):
            way = "list"
        self.roles.append(way)
        return getattr(self, f"as_{way}")(block)

    def as_align(self, block: Sequence[Step]) -> str:
        """An environment of aligned rows."""
        name = self.random.choice(
            ("align*", "align", "aligned", "split", "eqnarray*" if self.form == "tex" else "align*")
        )
        rows = " \\\\\n".join(marked(step, self.row(step, True)) for step in block)
        inside = f"\\begin{{{name}}}\n{rows}\n\\end{{{name}}}"
        if name in ("aligned", "split"):
            return f"$$\n{inside}\n$$" if self.form != "tex" else f"\\[\n{inside}\n\\]"
        return f"$$\n{inside}\n$$" if self.form == "ipynb" else inside

    def as_gather(self, block: Sequence[Step]) -> str:
        """Rows one below the other."""
        rows = " \\\\\n".join(marked(step, self.row(step)) for step in block)
        return f"\\begin{{gather*}}\n{rows}\n\\end{{gather*}}"

    def as_each(self, block: Sequence[Step]) -> str:
        """Every row in a display of its own."""
        opening, closing = ("$$", "$$") if self.form != "tex" or self.random.random() < 0.5 else (r"\[", r"\]")
        return "\n\n".join(f"{opening} {marked(step, self.row(step))} {closing}" for step in block)

    def as_dollars(self, block: Sequence[Step]) -> str:
        """Rows in one display without an environment."""
        rows = " \\\\\n".join(marked(step, self.row(step)) for step in block)
        return f"$$\n{rows}\n$$"

    def as_chain(self, block: Sequence[Step]) -> str:
        """All rows as one chain."""
        out = ""
        for step in block:
            goes_on = not step.begins or (out and not step.behind)
            left = "" if goes_on and out else step.said[0] if step.begins else ""
            out += marked(step, f"{left} = {step.said[1]}{step.behind}".strip()) + " "
            if step.behind:
                return self.as_each(block)
        return f"$${out.strip()}$$" if self.form != "tex" else f"\\[ {out.strip()} \\]"

    def as_lines(self, block: Sequence[Step]) -> str:
        """Formulas in a text, with line breaks."""
        return "\\\\\n".join(f"${marked(step, self.row(step))}$" for step in block)

    def as_list(self, block: Sequence[Step]) -> str:
        """A list of formulas, each with its left side."""
        numbered = self.random.random() < 0.5
        rows = []
        for place, step in enumerate(block, 1):
            rows.append(f"{f'{place}.' if numbered else '-'} ${marked(step, self.row(step))}$")
        return "\n".join(rows)

    def as_table(self, block: Sequence[Step]) -> str:
        """A table with a column of formulas."""
        says = phrases.ASIDE[self.language]
        rows = [
            f"| {place} | ${marked(step, self.row(step))}$ | {self.random.choice(says)} |"
            for place, step in enumerate(block, 1)
        ]
        return "\n".join(("| # | | |", "|---|---|---|", *rows))

    def as_fence(self, block: Sequence[Step]) -> str:
        """A fence of mathematics."""
        rows = " \\\\\n".join(marked(step, self.row(step)) for step in block)
        return f"```math\n{rows}\n```"

    def lines(self, block: Sequence[Step]) -> str:
        """Lines of plain text: numbered, with words in front or remarks behind, or bare."""
        way = self.random.choice(("bare", "bare", "numbered", "remark", "lead"))
        self.roles.append(f"plain {way}")
        says = phrases.ASIDE[self.language]
        out = []
        for place, step in enumerate(block, 1):
            lead = f"{place}. " if way == "numbered" else ""
            lead = (
                self.random.choice(("So ", "=> ", "∴ ", "Thus, "))
                if way == "lead" and step.begins and self.language == "en"
                else lead
            )
            remark = f"   {self.random.choice(('#', '//'))} {self.random.choice(says)}" if way == "remark" else ""
            out.append(f"{lead}{marked(step, self.row(step))}{remark}")
        return "\n".join(out)


def _blocks(steps: Sequence[Step]) -> list[list[Step]]:
    """The rows in runs that begin with a left side, or go on from it."""
    out: list[list[Step]] = []
    for step in steps:
        if not out or (step.begins and step.left != out[-1][-1].left) or step.condition:
            out.append([])
        out[-1].append(step)
    return out


def document(draft: Draft, random: Random, language: str, form: str) -> tuple[Document, list[str]]:
    """A document with the rows of a draft, and the roles that stand in it."""
    pieces = Pieces(draft, random, language, form)
    paragraphs = list(pieces.paragraphs())
    if form == "ipynb":
        return _notebook(paragraphs, random), pieces.roles
    text = "\n\n".join(paragraphs) + "\n"
    if form == "tex":
        packages = "\\usepackage{amsmath,amssymb,bm}\n\\usepackage[utf8]{inputenc}\n"
        text = f"\\documentclass{{article}}\n{packages}\\begin{{document}}\n{text}\\end{{document}}\n"
    clean, rows = _unmarked(text)
    return Document(clean, "txt" if form == "ascii" else form, rows), pieces.roles


def _notebook(paragraphs: Sequence[str], random: Random) -> Document:
    cells, rows, cell = [], dict[int, tuple[Place, Place]](), list[str]()
    groups: list[list[str]] = []
    for paragraph in paragraphs:
        cell.append(paragraph)
        if random.random() < 0.4:
            groups.append(cell)
            cell = []
    groups += [cell] if cell else []
    for number, group in enumerate(groups):
        clean, found = _unmarked("\n\n".join(group), number)
        rows |= found
        cells.append({"cell_type": "markdown", "metadata": {}, "source": clean.splitlines(keepends=True)})
    text = json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5}, ensure_ascii=False, indent=1)
    starts = [number for number, line in enumerate(text.split("\n"), 1) if line.strip() == '"source": [']
    placed = {place: (_in_file(start, starts), _in_file(end, starts)) for place, (start, end) in rows.items()}
    return Document(text, "ipynb", placed)


def _in_file(place: Place, starts: Sequence[int]) -> Place:
    """A place in a cell with the line of the file, which holds each line of a cell in one of its own."""
    cell, line, column = place
    return cell, starts[cell] + line, column


def _unmarked(text: str, cell: int = 0) -> tuple[str, dict[int, tuple[Place, Place]]]:
    """The text without its marks, and where each marked row stands."""
    rows: dict[int, tuple[Place, Place]] = {}
    out, line, column, begun = list[str](), 1, 1, dict[int, Place]()
    for letter in text:
        code = ord(letter)
        if letter == _END:
            for place, start in begun.items():
                rows[place] = start, (cell, line, column)
            begun = {}
        elif code >= _FIRST and code < _FIRST + 1000:
            begun[code - _FIRST] = (cell, line, column)
        else:
            out.append(letter)
            line, column = (line + 1, 1) if letter == "\n" else (line, column + 1)
    return "".join(out), rows
