"""What a reader of a Markdown page does not see: comments, elements that are not shown, texts of links."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from truestep.checkers.documents.looks import HIDDEN, STRUCK, Look, styled
from truestep.derivations.language.latex.colours import in_css

_TAG = re.compile(
    r"<!--|<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9]{0,20})"
    r"(?P<rest>(?:\s(?:[^<>\"']|\"[^\"]{0,500}\"|'[^']{0,500}'){0,500})?)(?P<empty>/?)>"
    r"|(?P<struck>~~(?=\$)[^~]{1,4000}?\$~~)"
    r"|(?P<aside>(?m:^[ ]{0,3}\[(?!\^)[^\]\n]{1,80}\]:[ \t].*$)|!\[[^\n\[\]]{1,400}\]\()"
)
_ATTRIBUTE = re.compile(r"([a-z-]{1,20})\s{0,9}(?:=\s{0,9}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]{1,200})))?")
_RULE = re.compile(r"([.#]?[a-z][\w-]{0,60})\s{0,9}\{([^{}]{0,500})\}")
_SILENT = frozenset("style template noscript head title iframe textarea object".split())
_STRUCK = frozenset("s del strike".split())
_VOID = frozenset("br hr img input meta link area base col embed source track wbr".split())
_SHEET = re.compile(r"<style[^<>]{0,200}>([^<]{0,20000})</style>", re.IGNORECASE)


def unseen(text: str) -> Iterator[tuple[int, int, str]]:
    """The stretches that are not seen, with the reason; comments without one.

    >>> list(unseen('a <span style="display:none">b</span> c'))
    [(29, 30, 'it is not shown')]
    """
    if not any(sign in text for sign in ("<", "~~", "![", "]:")):
        return
    sheet = {one[1]: one[2] for style in _SHEET.findall(text) for one in _RULE.finditer(style.lower())}
    stack: list[tuple[str, Look]] = []
    counts: Counter[str] = Counter()
    look, at = Look(), 0
    position, last = 0, text.rfind("-->")
    while (found := _TAG.search(text, position)) is not None:
        start, position = found.span()
        if look.unseen and start > at:
            yield at, start, look.unseen
        at = position
        name = (found["name"] or "").lower()
        if found[0] == "<!--":
            end = text.find("-->", position) if position < last else -1
            if end >= 0:
                yield start, end + 3, ""
                at = position = end + 3
        elif found["struck"] or found["aside"]:
            yield start, position, STRUCK if found["struck"] else ""
        elif found["end"]:
            while counts[name]:
                closed, look = stack.pop()
                counts[closed] -= 1
                if closed == name:
                    break
        elif not found["empty"] and name not in _VOID:
            stack.append((name, look))
            counts[name] += 1
            look = _look(look, name, found["rest"].lower(), sheet)
    if look.unseen and at < len(text):
        yield at, len(text), look.unseen


def _look(look: Look, name: str, rest: str, sheet: dict[str, str]) -> Look:
    """How what stands in an element looks."""
    has = {key: quoted or single or bare for key, quoted, single, bare in _ATTRIBUTE.findall(rest)}
    if name in _SILENT or "hidden" in has or (name == "script" and "math/tex" not in has.get("type", "")):
        return replace(look, gone=HIDDEN)
    if name in _STRUCK:
        return replace(look, gone=STRUCK)
    if "color" in has:
        look = replace(look, ink=in_css(has["color"]))
    classes = [f".{one}" for one in has.get("class", "").split()]
    for selector in (name, *classes, f"#{has.get('id', '')}"):
        look = styled(look, sheet[selector]) if selector in sheet else look
    return styled(look, has["style"]) if "style" in has else look
