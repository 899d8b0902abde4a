r"""Where what is said ends: at a full stop, a semicolon, a colon or a comma, in Latin, Cyrillic and Chinese letters.

>>> SENTENCE.split("By 0.5 of it. Then; so"), STATEMENT.split("a; b。c"), LINK.split("a; b: c"), PART.split("a, b: c(d")
(['By 0.5 of it', 'Then; so'], ['a', 'b', 'c'], ['a', ' b', ' c'], ['a', 'b', 'c', 'd'])
"""

from __future__ import annotations

import re

_BREAK = r"\n\s*\n|\\(?:item|section|subsection|par)(?![A-Za-z])"
STOP = re.compile(r"[.!?](?:\s|$)|[。！？]")
SENTENCE = re.compile(rf"{STOP.pattern}|{_BREAK}")
STATEMENT = re.compile(rf";(?:\s|$)|；|{SENTENCE.pattern}")  # sentences, and what a semicolon sets apart
LINK = re.compile(rf"[;:：]|{STATEMENT.pattern}")  # what a colon announces, too
PART = re.compile(rf"[,;:()，；：、]\s*|{STATEMENT.pattern}")  # as far as the next comma or bracket
