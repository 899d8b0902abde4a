"""Characters of a text as LaTeX prints them; nothing in a text is a command."""

from __future__ import annotations

import unicodedata

from truestep.derivations.language.latex.unicode import latex_of
from truestep.derivations.language.writing.as_written import as_written

_PRINTED = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "\t": " ",
    "\n": "\n",
    "\r": " ",
    "\u00a0": "~",
    "\u00ad": r"\-",
}
# letters and signs that pdfLaTeX knows with T1 fonts, beside Latin-1
_EUROPEAN = frozenset("ĂăĄąĆćČčĎďĐđĘęĚěĞğİıĹĺĽľŁłŃńŇňŐőŒœŔŕŘřŚśŞşŠšŢţŤťŮůŰűŸŹźŻżŽž–—‘’‚“”„†‡•…‰‹›€™")


# scripts of which pdfLaTeX prints nothing with these fonts: the beginning of the names of their letters in Unicode
_SCRIPTS = {
    "CJK": ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "IDEOGRAPHIC", "FULLWIDTH"),
    "other": ("CYRILLIC", "GREEK", "LATIN", "ARMENIAN", "GEORGIAN"),
}


def scripts_in(text: str) -> frozenset[str]:
    """The scripts of a text that need an engine for Unicode: ``CJK``, and any ``other``.

    >>> sorted(scripts_in("Übung α")), sorted(scripts_in("Задача 题"))
    ([], ['CJK', 'other'])
    """
    wide = {character for character in text if _printed(character).startswith("[U+")}
    names = {unicodedata.name(character, "") for character in wide}
    return frozenset(script for script, begins in _SCRIPTS.items() if any(name.startswith(begins) for name in names))


def latex_text(text: str, is_unicode: bool = False) -> str:
    r"""The text as LaTeX that prints it, letter by letter; an engine for Unicode takes letters of any script.

    >>> latex_text(r"50% of \input{x}, α")
    '50\\% of \\textbackslash{}input\\{x\\}, \\ensuremath{\\alpha}'
    """
    return "".join(character if is_unicode and scripts_in(character) else _printed(character) for character in text)


def _printed(character: str) -> str:
    if character in _PRINTED:
        return _PRINTED[character]
    if " " <= character <= "~" or "\u00a1" <= character <= "\u00ff" or character in _EUROPEAN:
        return character
    known = latex_of(character)
    if known is not None:
        return known if known.strip() == known[:1] and not known.startswith("\\") else f"\\ensuremath{{{known}}}"
    if unicodedata.category(character) == "Mn":
        return ""
    return f"[U+{ord(character):04X}]"


def printable(text: str) -> str:
    """The text without the characters that an HTML page may not hold.

    >>> printable("a\\x00b\\n")
    'a\ufffdb\\n'
    """
    return "".join(
        character if character in "\t\n" or unicodedata.category(character) not in ("Cc", "Cs", "Cn") else "\ufffd"
        for character in text
    )


def spoken(latex: str) -> str:
    r"""A formula as a text for those who hear the page.

    >>> spoken(r"\frac{d}{dx}\, \operatorname{ReLU}(x)"), spoken(r"-\log P_{c}")
    ('d/dx ReLU(x)', '-log P_c')
    """
    return as_written(latex).replace("\\", "")
