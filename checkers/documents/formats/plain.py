"""Plain text: every line that looks like mathematics is a row."""

from __future__ import annotations

import itertools
import re
from collections import deque
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace

from truestep.checkers.documents.collect import collect
from truestep.checkers.documents.displays import DELIMITED
from truestep.checkers.documents.formats import markdown
from truestep.checkers.documents.formats.text_lines import lines_and_cells
from truestep.checkers.documents.work import Passage, Row, Work
from truestep.derivations.language import altering, case_words, programs, words_in_rows
from truestep.derivations.language.latex.lexer import HIDDEN
from truestep.derivations.language.phrases.spoken import (
    ALPHABET,
    BESIDE,
    JOINING,
    KNOWN,
    PART,
    SHORT,
    is_operand,
    is_verb,
    is_word,
)

_RETURN = re.compile(r"\s*return\s+(?=(?:(?!\w\s+\w)[^#])+(?:#|$))")  # the last line of a function in code; no words
_FONT = re.compile(r"\\[a-z]+\{(\w+)\}")  # \text{loss}
_IDENTIFIERS = re.compile(r"\(?\s*[A-Za-z_]\w*(?:\s*,\s*[A-Za-z_]\w*)*\s*\)?")
_TITLE = re.compile(r"\s{0,3}#{2,6}\s+[^\W\d_]{2,}")
_MARKER = re.compile(r"\s*(?:[-*•]\s+(?=\$)|\(?(?:[0-9]{1,2}|[a-z])[.)]\s+(?![=+*/^<>-]))?")
# what stands between stars that are no power; a heading; what each line of a list begins with
_STRONG = re.compile(r"(?<![\w)\]*])(?P<mark>\*\*|__)(?=[^\s*_])(?P<said>[^\n]+?)(?<=[^\s*_])(?P=mark)(?![\w(*_])")
_QUOTED = re.compile(r"^ {0,3}(?:> ?)+(?=[∂∇]?[^\W\d_][^\n]*[^<>=!]=)", re.MULTILINE)  # > a = b
_CODE = re.compile(r"(?<!`)(?P<mark>`{1,2})(?!`)(?P<said>[^`\n]+)(?P=mark)(?!`)")
_WORD_STOP = re.compile(r"=.*[A-Za-z]{2}[.。]$")
_BULLET = re.compile(r"^\s*[-*•–](?=\s+[^\s=][^=\n]*=)", re.MULTILINE)
_SIGN = re.compile(r"[=≠<>^+*/∑∂∇≈≤≥√·×→]|\\[A-Za-z]+|[A-Za-z0-9)\]]\s*-|-\s*[A-Za-z0-9(\[\\]|\w_\w")
# what is said behind a line: ``# chain rule``, ``// expand``, ``<-- linearity``, words in another script
_REMARK = re.compile(r"(?<!\s)\s+(?:#+|//|--+|%|<-+|←)\s.*$|(?<!\s)\s*[（(\s]?[\u3040-\u30ff\u3400-\u9fff][^=]*$")
_WORDS = rf"{ALPHABET}{{2,}}(?:(?:\s++|-(?={ALPHABET}{{2}})){ALPHABET}++)"
# a reason behind a line: two words or more, or words in brackets
_REASON = re.compile(
    rf"(?<!\s)\s++(?:[(\[](?P<inside>{_WORDS}{{0,30}})[)\]]|(?:,\s*)?(?P<run>{_WORDS}{{1,30}}|(?<=,\s){ALPHABET}{{3,}}\s[0-9]+))[.!]?$"
)
_GAP = re.compile(r"(?<=\S)(?:\s{3,}|\t\s*)(?=\S)")
_EQUATION = re.compile(r"[^\W\d_][\w'/()]{0,20} ?=(?!=)")
_DRAWN = re.compile(r"[|/\\\s\u2190-\u21ff\u2500-\u257f]+")
_NAMED = re.compile(rf"{_WORDS}{{0,4}}\s*[:：](?!=)\s*(?=.*=)")
_LEAD = re.compile(
    r"(?:(?:step|schritt|étape|paso|шаг)\s+\d+\s*[:.)]|(?:so|thus|hence|then|now|therefore|also|donc|así)\b\s*[,:]?|=>|⇒|∴)\s*",
    re.IGNORECASE,
)
_EMPHASIS = re.compile(r"(?<!\S)(\*\*|__|\*)([^\W\d_][^*_=]*?)\1(?=[\s:.,;]|$)")
_OPTION = re.compile(r"(?<=[(,])\s*[a-z_]{2,}\s?=\s?(?:True|False|None|-?\d+)\s*(?=[,)])")  # keepdims=True
_SENTENCE = re.compile(r"\.\s(?=\s*+[^\W\d_])")
_NUMBERED = re.compile(r"\s*\(?([0-9]{1,2})[.)]\s+")
_NUMBER = re.compile(r"[-+]?[0-9.]+")
_WORD = re.compile(r"(?<![\\A-Za-z_{^.])[A-Za-z]{3,}(?![A-Za-z_({]|\.[A-Za-z])")
_LONE = re.compile(r"[A-Za-zα-ωΑ-Ω]′?(?:_\w+|[₀-₉]+)?")
_FOR = re.compile(rf"({_LONE.pattern})\s+for\s+(?!all\b|each\b|every\b)(?=[^=<>≤≥≠]*$)")
_ORDER = r"(?:<=|>=|!=|[<>≤≥≠])"
_COMPARES = re.compile(rf"\S ?{_ORDER}")
_HEAD = re.compile(
    rf"\s*(?:[-*•]\s+)?(?P<condition>(?!{ALPHABET}{{2,}}\s|[^:：]*[\u3400-\u9fff])[^\s:=<>≤≥≠!][^:=<>≤≥≠!]{{0,30}}{_ORDER}[^:=<>≤≥≠!]{{1,20}})[:：](?!=)\s*"
)


def read(text: str, known: Iterable[str] = ()) -> Work:
    """The work in a plain text, in which names that are ``known`` are no words; one with LaTeX delimiters is Markdown.

    >>> [row.text for row in read("Using the chain rule we get\\ny = W x + b\\n").rows]
    ['y = W x + b']
    """
    if DELIMITED.search(text):
        return markdown.read(text)
    text = _unmarked(text if "$" in text else "\n".join(map(_spelled, text.split("\n"))))
    rows: list[Row] = []
    prose: list[Row] = []
    spoken: list[Row] = []
    told = {_FONT.sub(r"\1", name) for name in known}
    counted, is_delimited, names, colon = 0, True, _operands(text).union(known), ""
    for number, line in lines_and_cells(text.replace(HIDDEN, " ")):
        if not line.strip():
            continue
        if _TITLE.match(line) and "=" not in line:
            prose.append(Row(line.strip(), number, 1))
            continue
        following = _NUMBERED.match(line)
        is_next = following is not None and int(following[1]) == counted + 1
        counted = int(following[1]) if following is not None else 0
        marker = following if is_next else _MARKER.match(line)
        start = marker.end() if marker else 0
        head = _HEAD.match(line, start)  # m < 1: ...
        if head is not None and ("=" in line[head.end() :] or not line[head.end() :].strip()):
            begin, start = head.start("condition"), head.end()
            said, place = head["condition"].rstrip(), (number, begin + 1 + len(head["condition"].rstrip()))
            spoken.append(Row(said, number, begin + 1, place, before=line[:begin], inline=True))
            colon = line[head.end("condition") :].strip()
        lead = _LEAD.match(line, start) or _NAMED.match(line, start)
        start = lead.end() if lead and "=" in line[lead.end() :] else start
        returned = _RETURN.match(line, start)
        start = returned.end() if returned else start
        said = line[start:].rstrip()
        remark = _REMARK.search(said)
        is_noted = remark and (returned or looks_like_mathematics(said[: remark.start()]))
        said = said[: remark.start()].rstrip() if remark and is_noted else said
        if returned and _IDENTIFIERS.fullmatch(said):
            prose.append(Row(said, number, start + 1))
            rows += (Row(name, number, start + 1 + at, returned=True) for name, at in _given_back(said, text, told))
            continue
        end = _note(said, names)
        begin = _begin(said, end)
        noted = said[begin:].rstrip(" .!)]" if said[end:].lstrip()[:1] in ("(", "[") else " ")
        spoken += _in_sentence(noted, number, start + 1 + begin, names) if end else ()
        said = _without_reason(said[:end].rstrip() if end else said, names)
        if altering.behind(line[start + len(said) :].lstrip(" \t([#/<-–%←")):  # (wrong, see below)
            prose.append(Row(said, number, start + 1))
            continue
        behind = line[start + len(said) :].rstrip(" .)")
        said = said[:-1] if _WORD_STOP.search(said) else said  # a row ends as one without its full stop
        if cut := _behind_comma(said, names):  # a = b, which means c = d
            spoken += _in_sentence(said[cut:], number, start + 1 + cut, names)
            said = said[:cut].rstrip(" ,;")
        if formulas := list(_in_sentence(said, number, start + 1, names)):
            first, *others = formulas
            spoken += [replace(first, before=line[: first.column - 1]), *others]
            continue
        inside = said[1:-1] if said.startswith("$") and said.endswith("$") else said
        if "$" not in inside and (returned or looks_like_mathematics(inside, told | names)):
            skipped = start + len(said.removesuffix("$")) - len(inside)
            said_before = colon[:1] or (line[:start] if lead else "")
            for part, at in _columns(inside):
                row = Row(part, number, skipped + 1 + at, before=said_before, returned=returned is not None)
                rows.append(replace(row, after=behind) if behind else row)
                said_before = ""
            colon = ""
            is_delimited = is_delimited and said.startswith("$")
        else:
            within = collect([Passage(line, ((number, 1),))]) if "$" in inside else None
            rows += within.rows if within is not None else ()
            spoken += within.said if within is not None else ()
            prose.append(Row(said, number, start + 1))
    if "$" in text and is_delimited:  # every formula stands between dollars, some of them within sentences
        return markdown.read(text)
    return _with_asides(rows, prose, spoken)


def _given_back(said: str, text: str, names: Container[str] = ()) -> Iterator[tuple[str, int]]:
    """The names that code gives back, with their places; a short gradient, ``dx``, answers where it is assigned.

    >>> list(_given_back("dx, g", "def f(x):\\n    dx = 2 * x\\n    g = dx"))
    [('g', 4)]
    """
    for found in re.finditer(r"\w+", said):
        of = found[0][1:]
        is_short = found[0][0] == "d" and (of in names or re.search(rf"(?<![\w.]){of}(?!\w)", text))
        if not (is_short and re.search(rf"(?m)^\s*{found[0]}\s*=(?!=)", text)):
            yield found[0], found.start()


def _with_asides(rows: Sequence[Row], prose: Sequence[Row], spoken: Sequence[Row]) -> Work:
    """The work in which each formula knows the lines of words before it; those behind the last one end it."""
    lines, beside = deque(row for row in prose if "$" not in row.text), dict[int, str]()
    for row in sorted((*rows, *spoken), key=lambda row: (row.line, row.column)):
        said = list[str]()
        while lines and lines[0].line < row.line:
            said.append(lines.popleft().text)
        beside[id(row)] = "\n\n".join(said)
    placed = [tuple(replace(row, aside=beside[id(row)]) for row in some) for some in (rows, spoken)]
    tail = "\n\n".join(["", *(row.text for row in lines), ""]) if lines else ""
    return Work(placed[0], (), tuple(prose), placed[1], tail=tail)


def _unmarked(text: str) -> str:
    """The text without its marks of quotes, lists and emphasis, offsets kept; a hyphen before one line is a minus.

    >>> _unmarked("- a = **2 x**"), _unmarked("- a = 1\\n- b = x**2 + y**2")
    ('- a =   2 x  ', '  a = 1\\n  b = x**2 + y**2')
    """
    text = _STRONG.sub(lambda found: " " * len(found["mark"]) + found["said"] + " " * len(found["mark"]), text)
    text = _QUOTED.sub(lambda found: " " * len(found[0]), text)
    bullets = _BULLET.findall(text)
    return _BULLET.sub(lambda found: " " * len(found[0]), text) if len(bullets) > 1 else text


def _spelled(line: str) -> str:
    """A line with its spans of code as formulas, or as mere text where formulas stand outside of them."""
    if "=" in _CODE.sub("", line):
        return _CODE.sub(lambda found: found[0].replace("`", " "), line)
    return _CODE.sub(_spanned, line)


def _spanned(found: re.Match[str]) -> str:
    """A span of code as a formula in a sentence, or as the words it holds; its length kept.

    >>> _CODE.sub(_spanned, "Put `r = y - x` for ``n``, see `numpy`.")
    'Put $r = y - x$ for  $n$ , see  numpy .'
    """
    said, gap = found["said"], " " * (len(found["mark"]) - 1)
    mark = "$" if _LONE.fullmatch(said.strip()) or looks_like_mathematics(said) else " "
    return f"{gap}{mark}{said}{mark}{gap}"


def _operands(text: str) -> frozenset[str]:
    """The words that an operator, or words of one letter that a formula, holds somewhere: names in all of the text."""
    found, spoken = set[str](), words_in_rows.words() | words_in_rows.joining()
    letters = set[str]()
    for line in text.split("\n"):
        parts = list(PART.finditer(line.lstrip(" -*")))
        is_formula = bool(parts) and not is_word(parts, 0) and "=" in line
        letters |= {part["word"] for part in parts if is_formula and part["word"] in SHORT}
        found |= {parts[k]["word"] for k in range(len(parts)) if parts[k]["word"] and is_operand(parts, k)}
    return frozenset(word for word in found if word.isascii() and word.lower() not in spoken) | letters


def _in_sentence(line: str, number: int, column: int, names: frozenset[str] = frozenset()) -> Iterator[Row]:
    """The formulas of a line that begins with words, each with the words before it; ``names`` are no words.

    >>> [(row.before, row.text) for row in _in_sentence("Since s = x y we get ds/dx = y.", 1, 1, frozenset("y"))]
    [('Since ', 's = x y'), (' we get ', 'ds/dx = y')]
    """
    parts = list(PART.finditer(line.rstrip(" .。,，:：")))
    texts = [part[0] for part in parts]
    depths = itertools.accumulate(text.count("{") - text.count("}") for text in texts)
    worded = [
        not depth and is_word(parts, place) and (parts[place]["word"] not in names or is_verb(parts, place))
        for place, depth in enumerate(depths)
    ]
    if parts and _supposes(parts, worded):
        worded[0] = True
    if not parts or not worded[0] or "$" in line:
        return
    before, place, has_signs = (
        0,
        0,
        any(_SIGN.search(text) for text, is_said in zip(texts, worded, strict=True) if not is_said),
    )
    while place < len(parts):
        ends = (
            worded[k] != worded[place] or texts[k - 1].endswith((":", "：")) or _ends_case(texts[place:k], texts[k:])
            for k in range(place + 1, len(parts))
        )
        stop = next((place + 1 + k for k, is_end in enumerate(ends) if is_end), len(parts))
        last = stop - 1
        if place < last and stop < len(parts) and texts[last - 1][-1:] == "," and _LONE.fullmatch(texts[last]):
            last, stop = last - 1, last  # "v is h×1, x is d×1": the subject of what follows
        start, end = parts[place].start(), parts[last].end()
        text = line[start:end].rstrip(",.;:，。；：")
        if text[:1] == "(" and text[-1:] == ")" and "=" in text and "(" not in text[1:]:  # (x = 1, y = 2)
            start, text = start + 1, text[1:-1]
        if not worded[place] and (_SIGN.search(text) or (has_signs and _LONE.fullmatch(text))):
            named = _FOR.match(text)  # g for p - y
            spans = [(start, start + len(named[1])), (start + named.end(), start + len(text))] if named else []
            for begin, stop_at in spans or [(start, start + len(text))]:
                said, there = line[before:begin], (number, column + stop_at)
                yield Row(line[begin:stop_at], number, column + begin, there, before=said, inline=True)
                before = stop_at
        place = stop


def _columns(line: str) -> Iterator[tuple[str, int]]:
    """The equations of a line that stand in columns, with their places; without a drawing beside them.

    >>> list(_columns("du = A^T dv     db = dv")), list(_columns("a   = b      |"))
    ([('du = A^T dv', 0), ('db = dv', 16)], [('a   = b', 0)])
    """
    begin = 0
    for gap in _GAP.finditer(line):
        said, behind = line[begin : gap.start()], line[gap.end() :]
        is_whole = "=" in said and said.count("(") == said.count(")") and said[-1] not in BESIDE
        if is_whole and _DRAWN.fullmatch(behind):
            line = line[: gap.start()]
            break
        if is_whole and _EQUATION.match(behind):
            yield said, begin
            begin = gap.end()
    yield line[begin:], begin


def _behind_comma(line: str, names: frozenset[str]) -> int:
    """Where words begin behind the comma of an equation that no row has, and before another equation; 0 for nowhere.

    >>> _behind_comma("x y = c, so to speak x = c / y", frozenset("xyc")), _behind_comma("f = a, b", frozenset())
    (9, 0)
    """
    parts, known = list(PART.finditer(line)), words_in_rows.words() | words_in_rows.joining()
    worded = [is_word(parts, place) and parts[place]["word"] not in names for place in range(len(parts))]
    for place in range(1, len(parts)):
        if not worded[place] or parts[place - 1][0][-1] not in ",;" or "=" not in line[: parts[place].start()]:
            continue
        stop = next((k for k in range(place, len(parts)) if not worded[k]), len(parts))
        is_new = any(parts[k]["word"].lower() not in known for k in range(place, stop))
        behind = line[parts[stop].start() :] if stop < len(parts) else ""
        if is_new and "=" in behind[1:]:
            return parts[place].start()
    return 0


def _ends_case(said: Sequence[str], behind: Sequence[str]) -> bool:
    """Whether a comparison ends with a comma before an equation: "if x > 0, y = x"."""
    if said[-1][-1:] != "," or "=" in said:
        return False
    return _COMPARES.search(" ".join(said)) is not None and "=" in behind[:4]


def _supposes(parts: Sequence[re.Match[str]], worded: Sequence[bool]) -> bool:
    """Whether a line begins with a word such as "if", and goes on with others behind what it supposes."""
    word = parts[0]["word"] or ""
    is_said = any(worded[2:]) or parts[-1]["word"] in JOINING
    return is_said and (case_words.is_alone(word, "if") or case_words.is_alone(word, "for"))


def _note(line: str, names: frozenset[str]) -> int:
    """Where a note behind the formula of a line begins, a bracket or a sentence that begins with words; 0 for none.

    >>> line = "dJ/dx = a b   (since db/dx = 0)"
    >>> line[_note(line, frozenset()) :], _note("p = 1 (if i = j)", frozenset()), _note("a = b (c + d)", frozenset())
    ('(since db/dx = 0)', 0, 0)
    """
    text, opened = line.rstrip(" .!"), list[int]()
    place = 0
    for k, sign in enumerate(text):
        opened += [k] * (sign in "([")
        if sign in ")]" and opened:
            begun = opened.pop()
            place = begun if k + 1 == len(text) and text[begun - 1 : begun].isspace() else 0
    stops = (found.start() + 1 for found in _SENTENCE.finditer(line))
    gap = _GAP.search(line)
    if gap is not None and _is_margin(line, gap.end(), names):
        return gap.end()
    for begin in (*stops, *[place] * bool(place)):
        parts = list(PART.finditer(line[_begin(line, begin) :].rstrip(" .!)]")))
        words = " ".join(part["word"] or "" for part in parts)
        is_said = len(parts) > 1 and is_word(parts, 0) and parts[0]["word"] not in names
        is_case = case_words.said_of_indices(words) or any(case_words.begins_with(words, one) for one in ("if", "for"))
        if is_said and not is_case and looks_like_mathematics(line[:begin]) and "=" in line[:begin]:
            return begin
    return 0


def _is_margin(line: str, begin: int, names: frozenset[str]) -> bool:
    """Whether words stand behind a wide gap beside a formula, which say no case of it."""
    parts = list(PART.finditer(line[_begin(line, begin) :].rstrip(" .!)]")))
    said = [part["word"] for place, part in enumerate(parts) if is_word(parts, place) and len(part["word"]) > 1]
    words = " ".join(part["word"] or "" for part in parts)
    is_case = case_words.said_of_indices(words) or any(
        case_words.begins_with(words, one) for one in ("if", "for", "rest")
    )
    is_formula = looks_like_mathematics(line[:begin]) and "=" in line[:begin]
    return is_formula and bool(set(said) - names) and not is_case and line[begin] not in BESIDE


def _begin(line: str, place: int) -> int:
    """Where the words begin behind a place, without blanks and a bracket before them."""
    return len(line) - len(line[place:].lstrip(" (["))


def _without_reason(line: str, names: frozenset[str]) -> str:
    """A line without the words behind its formula, unless they say a condition."""
    found = _REASON.search(line)
    if found is None or "=" not in line[: found.start()]:
        return line
    words = found["inside"] or found["run"]
    is_known = not found["inside"] and (words.split()[0].lower() in KNOWN or words.split()[0] in names)
    if is_known or case_words.said_of_indices(words) or case_words.begins_with(words, "if"):
        return line
    return line[: found.start()] if not case_words.begins_with(words, "for") else line


def looks_like_mathematics(line: str, names: Container[str] = ()) -> bool:
    r"""Whether a line has an operator or a command in it, and hardly any words but ``names`` and their differentials.

    >>> looks_like_mathematics("dL/dx = a"), looks_like_mathematics("a well-known rule of calculus")
    (True, False)
    >>> looks_like_mathematics("L = yhat (1 - yhat) - y log(yhat) / yhat")
    True
    """
    if _NUMBER.fullmatch(line.strip()):
        return True
    line = _OPTION.sub("", _EMPHASIS.sub(r"\2", line))
    words = {word for word in _WORD.findall(line) if word.lower() not in KNOWN}
    words = {word for word in words if word not in names and not programs.is_slope(word, names)}
    return len(words) < 3 and _SIGN.search(line) is not None and not ("-" in line and _only_hyphens(line))


def _only_hyphens(line: str) -> bool:
    """Whether the one sign in the line is a hyphen between words, as in `well-known`."""
    return _SIGN.search(re.sub(r"(?<=[A-Za-z]{2})-(?=[A-Za-z]{2})", " ", line)) is None
