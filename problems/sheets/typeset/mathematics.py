r"""Formulas that a person wrote, made safe to set: only the control words of ``words`` pass, each with its arguments.

Whatever could end the formula, define, read or write (``\input``, ``\def``, ``\catcode``, ``^^5c``, ``%``, ``$``) is
refused.
"""

from __future__ import annotations

import re
from difflib import get_close_matches

from truestep.derivations.language.faults import StatementFault, nearest, quoted
from truestep.derivations.language.latex.lexer import atoms
from truestep.derivations.language.latex.unicode import latex_of
from truestep.problems.sheets.typeset import words

MAX_FORMULA = 4_000
MAX_DEPTH = 40
_LETTERS = re.compile(r"[A-Za-z0-9]|[-+*/=<>()\[\]|,.:;!?'@]")
_SAID = re.compile(r"[A-Za-z0-9À-ÖØ-öø-ÿ .,;:!?'()\-/+=\n]*")
_DIGITS = re.compile(r"\{\d+\}\{\d+\}")
_COLUMNS = re.compile(r"[lcr|]{1,20}")


def plain_mathematics(latex: str) -> str:
    r"""The formula with every script in braces, every letter outside ASCII as LaTeX, and nothing but mathematics in it.

    Raises StatementFault, which says what is refused.

    >>> plain_mathematics(r"\hat y_k = σ(z)^2")
    '\\hat{y}_{k} = \\sigma(z)^{2}'
    >>> plain_mathematics(r"x \write")
    Traceback (most recent call last):
    truestep...StatementFault: the formula 'x \write' uses \write, which no formula of a homework may
    """
    if len(latex) > MAX_FORMULA:
        raise StatementFault(f"a formula has {len(latex)} characters; at most {MAX_FORMULA} are set")
    return _Formula(latex).whole()


class _Formula:
    def __init__(self, source: str) -> None:
        self.source = source
        self.tokens = atoms(source)
        self.at = 0
        self.depth = 0

    def whole(self) -> str:
        out = self.group("")
        if self.at < len(self.tokens):
            self.refuse(f"has {self.tokens[self.at]} without what opens it")
        return out.strip()

    def refuse(self, why: str) -> None:
        shown = self.source if len(self.source) < 80 else self.source[:77] + "..."
        raise StatementFault(f"the formula {quoted(shown)} {why}")

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        token = self.peek()
        self.at += 1
        return token

    def skip(self) -> None:
        while self.peek().isspace():
            self.at += 1

    def group(self, end: str, rows: bool = False) -> str:
        """What stands up to the token that ends the group, which is left."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.refuse(f"is nested more than {MAX_DEPTH} deep")
        parts: list[str] = []
        scripts = ""
        while (token := self.peek()) and token != end and token not in ("}", r"\right") and not _ends(token):
            if token in "_^'":
                scripts = self.script(scripts, parts)
            else:
                parts.append(self.item(rows))
                scripts = scripts if token.isspace() else ""
        self.depth -= 1
        return _joined(parts)

    def script(self, before: str, parts: list[str]) -> str:
        """A subscript, a superscript or primes; at most one of each at one place."""
        sign = self.take()
        kind = "^" if sign == "'" else sign
        if kind in before:
            self.refuse(f"has two {'superscripts' if kind == '^' else 'subscripts'} at one place; put braces")
        if sign == "'":
            while self.peek() == "'":
                sign += self.take()
            if self.peek() != "^":
                parts.append(sign)
                return before + kind
            parts.append(sign)
            sign = self.take()
        parts.append(f"{sign}{{{self.argument(sign).strip()}}}")
        return before + kind

    def argument(self, name: str) -> str:
        """One argument: a group in braces, or the next item."""
        self.skip()
        token = self.peek()
        if token == "{":
            return self.braced()
        if token in ("", "}", "&", r"\\", r"\right", "_", "^", "'") or _ends(token):
            self.refuse(f"lacks what belongs after {name}")
        return self.item(False)

    def braced(self) -> str:
        self.take()
        inner = self.group("}")
        if self.take() != "}":
            self.refuse("has a brace that is not closed")
        return inner

    def item(self, rows: bool) -> str:
        token = self.peek()
        if token == "{":
            return f"{{{self.braced()}}}"
        self.take()
        if token.isspace() or token == "~":
            return " "
        if token.startswith("\\"):
            return self.command(token, rows)
        if token == "&" and rows:
            return "&"
        return self.character(token)

    def character(self, token: str) -> str:
        token = token[:1]
        if token.isascii():
            if not _LETTERS.fullmatch(token):
                self.refuse(f"holds {token!r}, which is no mathematics here")
            return token
        known = latex_of(token)
        if known is None:
            self.refuse(f"holds {token!r} (U+{ord(token):04X}), which has no LaTeX here; write the command for it")
        return known or ""

    def command(self, token: str, rows: bool) -> str:
        if token == "\\operatorname" and self.peek() == "*":
            self.take()
        if token.startswith(r"\begin"):
            return self.environment(_name_of(token) or self.name())
        token = words.SYNONYMS.get(token, token)
        if token in words.PLAIN or token in "<>" or "{" in token:
            return token
        if token in words.ARITY:
            return self.applied(token)
        if token in words.TEXTS:
            return f"{token}{{{self.words(token)}}}"
        if token in words.BEFORE_DELIMITER:
            return self.delimited(token, rows)
        if token.startswith("\\\\") and rows:
            self.skip()
            if token[2:] or self.peek() in ("[", "*"):
                self.refuse(rf"has {token[2:3] or self.peek()} right after \\; put it in braces")
            return r" \\ "
        if token.startswith("\\\\"):
            self.refuse(r"breaks a row outside of aligned, cases or a matrix")
        close = get_close_matches(token, words.KNOWN, n=1, cutoff=0.75)
        self.refuse(f"uses {token}, which no formula of a homework may{f'; did you mean {close[0]}?' if close else ''}")
        return ""

    def applied(self, token: str) -> str:
        degree = ""
        if token == r"\sqrt" and self.peek() == "[":
            self.take()
            degree = f"[{self.group(']').strip()}]"
            if self.take() != "]":
                self.refuse("has a degree of a root that is not closed")
        return token + degree + "".join(f"{{{self.argument(token).strip()}}}" for _ in range(words.ARITY[token]))

    def words(self, token: str) -> str:
        """The argument of a text command, set as text."""
        self.skip()
        if self.take() != "{":
            self.refuse(f"lacks the braces after {token}")
        said = ""
        while self.peek() not in ("}", ""):
            said += self.take()
        if self.take() != "}":
            self.refuse("has a brace that is not closed")
        if not _SAID.fullmatch(said):
            self.refuse(
                f"has {said!r} inside {token}: there, letters, digits and . , ; : ! ? ' ( ) - / + = alone are set"
            )
        return said

    def delimited(self, token: str, rows: bool) -> str:
        self.skip()
        delimiter = self.take()
        if delimiter not in words.DELIMITERS or (token == r"\right"):
            self.refuse(f"has {token} without the bracket that belongs to it")
        if token != r"\left":
            return f"{token}{delimiter}"
        inner = self.group("", False)
        if self.take() != r"\right":
            self.refuse(r"has \left without \right")
        self.skip()
        closing = self.take()
        if closing not in words.DELIMITERS:
            self.refuse(r"has \right without its bracket")
        return _joined([f"\\left{delimiter}", inner, f"\\right{closing}"])

    def environment(self, name: str) -> str:
        if name not in words.ENVIRONMENTS:
            self.refuse(f"uses the environment {name!r}, which is not set{nearest(name, words.ENVIRONMENTS)}")
        columns = ""
        if name == "array":
            columns = f"{{{self.name()}}}"
            if not _COLUMNS.fullmatch(columns[1:-1]):
                self.refuse("has an array whose columns are not l, c, r")
        inner = self.group("", rows=True).strip()
        closed = self.take()
        if not _ends(closed) or (_name_of(closed) or self.name()) != name:
            self.refuse(f"has a {name} that is not closed")
        return f"\\begin{{{name}}}{columns} {inner} \\end{{{name}}}"

    def name(self) -> str:
        self.skip()
        if self.take() != "{":
            return ""
        said = ""
        while self.peek() not in ("}", ""):
            said += self.take()
        self.take()
        return said


def _ends(token: str) -> bool:
    return token == r"\end" or token.startswith(r"\end{")


def _name_of(token: str) -> str:
    """The name of the environment that begins or ends with this lexeme."""
    return token.partition("{")[2].rstrip("} ").strip()


def _joined(parts: list[str]) -> str:
    """The parts in a row; a control word stays apart from the letter after it."""
    out: list[str] = []
    for part in parts:
        if out and part[:1].isalpha() and re.search(r"\\[A-Za-z]+\Z", out[-1]):
            out.append(" ")
        if part and not (part == " " and out and out[-1].endswith(" ")):
            out.append(part)
    return "".join(out)


def in_line(latex: str) -> str:
    r"""A formula in a line of text, with fractions as large as in a display where they hold more than digits.

    >>> in_line(r"\frac{\partial J}{\partial x}"), in_line(r"\frac{1}{2} e^{-\frac{x}{2}}")
    ('\\dfrac{\\partial J}{\\partial x}', '\\frac{1}{2} e^{-\\frac{x}{2}}')
    """
    out, last, small = list[str](), "", [False]  # small: whether the group that is open stands in a script
    for place, token in enumerate(tokens := atoms(latex)):
        if token == "{":
            small.append(small[-1] or last in ("^", "_"))
        elif token == "}" and len(small) > 1:
            small.pop()
        is_large = token == r"\frac" and not small[-1] and not _DIGITS.match("".join(tokens[place + 1 : place + 12]))
        out.append(r"\dfrac" if is_large else token)
        last = token if token.strip() else last
    return "".join(out)
