"""What words say of a condition, in several languages: that one begins, that indices are the same, the rest."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple


class CaseWords(NamedTuple):
    """Words of one language with one meaning, separated by bars; one that ends in ``*`` is the beginning of a word."""

    meaning: str
    language: str
    words: str


CASE_WORDS = (
    CaseWords(
        "if",
        "en",
        "if|iff|when|whenever|case|suppose|assume|assuming|given|given that|provided|in the case|as long as|while",
    ),
    CaseWords("if", "de", "wenn|falls|fall|im fall|angenommen|sofern|solange|sobald|gilt für"),
    CaseWords("if", "fr", "si|quand|lorsque|lorsqu|cas|supposons|dans le cas|tant que|tant qu"),
    CaseWords("if", "es", "si|cuando|caso|supongamos|en el caso|mientras"),
    CaseWords("if", "zh", "当|當|若|如果|情况|情況|假设|假設"),
    CaseWords("if", "ru", "если|при|когда|случай|в случае|предположим|пока"),
    CaseWords("inverted", "de", "ist|sind|hat|haben|gilt|wird|wäre|wären|hätte"),
    CaseWords("for", "en", "for|for all|for every|for each|for any"),
    CaseWords("for", "de", "für|für alle"),
    CaseWords("for", "fr", "pour|pour tout"),
    CaseWords("for", "es", "para|para todo"),
    CaseWords("for", "zh", "对于|對於|对|對"),
    CaseWords("for", "ru", "для|для всех"),
    CaseWords("unless", "en", "unless|except|except at|except for|except when|except where|except if|apart from"),
    CaseWords("unless", "de", "außer|außer bei|außer für|außer wenn|ausgenommen|es sei denn"),
    CaseWords("unless", "fr", "sauf|sauf si|sauf en|sauf pour|hormis|excepté"),
    CaseWords("unless", "es", "salvo|salvo si|salvo en|excepto|excepto en|excepto si|a menos que"),
    CaseWords("unless", "zh", "除非|除了"),
    CaseWords("unless", "ru", "кроме|кроме случая"),
    CaseWords("only", "en", "only if|only when|only for|only where|only on|iff|exactly when|exactly if|solely for"),
    CaseWords("only", "de", "nur wenn|nur für|nur falls|nur bei|genau dann wenn|genau dann, wenn|ausschließlich für"),
    CaseWords("only", "fr", "seulement si|seulement pour|uniquement si|uniquement pour|que si|que pour"),
    CaseWords("only", "es", "solo si|sólo si|solo para|sólo para|solo cuando|sólo cuando|solamente si|únicamente si"),
    CaseWords("only", "zh", "仅当|只有当|仅在|只在|仅对|只对"),
    CaseWords("only", "ru", "только если|только при|только для|лишь при|лишь если|лишь для|тогда и только тогда"),
    CaseWords("alone", "en", "only|alone|exclusively"),
    CaseWords("alone", "de", "nur|allein|ausschließlich"),
    CaseWords("alone", "fr", "seulement|uniquement"),
    CaseWords("alone", "es", "solo|sólo|solamente|únicamente"),
    CaseWords("alone", "ru", "только"),
    CaseWords("at", "en", "with|at|setting|taking|choosing|plugging in"),
    CaseWords("at", "de", "mit|bei|an der stelle"),
    CaseWords("at", "fr", "avec|en"),
    CaseWords("at", "es", "con|en"),
    CaseWords("at", "zh", "取|令|在"),
    CaseWords("at", "ru", "при|с|в точке"),
    CaseWords("where", "en", "where|with|that"),
    CaseWords("where", "de", "wo|mit|bei denen"),
    CaseWords("where", "fr", "où|avec"),
    CaseWords("where", "es", "donde|con"),
    CaseWords("where", "zh", "其中|满足|滿足"),
    CaseWords("where", "ru", "где|с"),
    CaseWords("frame", "en", "for|in|with|without|as|under"),
    CaseWords("frame", "de", "für|in|im|mit|ohne|als|unter|bei|beim"),
    CaseWords("frame", "fr", "pour|dans|en|avec|sans|comme|sous"),
    CaseWords("frame", "es", "para|en|con|sin|como|bajo"),
    CaseWords("frame", "zh", "对于|對於|对|對|在|作为|作為|没有|沒有|若无"),
    CaseWords("frame", "ru", "для|в|во|с|без|при|как"),
    CaseWords("of", "en", "for|with"),
    CaseWords("of", "de", "für|mit|bei"),
    CaseWords("of", "fr", "pour|avec"),
    CaseWords("of", "es", "para|con"),
    CaseWords("of", "zh", "对于|對於|对|對"),
    CaseWords("of", "ru", "для|с|при"),
    CaseWords("lacking", "en", "without|instead"),
    CaseWords("lacking", "de", "ohne|stattdessen"),
    CaseWords("lacking", "fr", "sans|à la place|plutôt"),
    CaseWords("lacking", "es", "sin|en su lugar|en cambio"),
    CaseWords("lacking", "zh", "没有|沒有|若无|改用|换成"),
    CaseWords("lacking", "ru", "без|вместо этого"),
    CaseWords("some", "en", "a|an|one|two|three|ordinary|plain"),
    CaseWords("some", "de", "ein|eine|einen|einem|einer|zwei|drei"),
    CaseWords("some", "fr", "un|une|deux|trois"),
    CaseWords("some", "es", "un|una|dos|tres"),
    CaseWords("some", "zh", "一个|单个|两个|二分类|两类"),
    CaseWords("some", "ru", "одного|двух|трёх|одной"),
    CaseWords("layout", "en", "layout|row vector|column vector|row form|column form|row convention|column convention"),
    CaseWords("layout", "de", "layout|zeilenvektor*|spaltenvektor*"),
    CaseWords("layout", "fr", "vecteur ligne|vecteur colonne|disposition"),
    CaseWords("layout", "es", "vector fila|vector columna|disposición"),
    CaseWords("layout", "zh", "分子布局|分母布局|行向量|列向量"),
    CaseWords("layout", "ru", "вектор-строка|вектор-столбец|вектор-строк*|вектор-столбц*"),
    CaseWords("rest", "en", "otherwise|else|o.w.|o.w|ow|elsewhere|other cases|any other case"),
    CaseWords("rest", "de", "sonst|ansonsten|andernfalls|anderenfalls|anderen fällen|übrigen fällen"),
    CaseWords("rest", "fr", "sinon|autrement|ailleurs|autres cas|cas contraire"),
    CaseWords("rest", "es", "otro caso|caso contrario|lo contrario|si no|demás casos|otros casos"),
    CaseWords("rest", "zh", "否则|否則|其他情况|其他情況|其它情况|其余|其餘|其他|其它"),
    CaseWords("rest", "ru", "иначе|противном случае|остальных случаях|других случаях|ином случае"),
    CaseWords("others", "en", "other|others|rest|remaining"),
    CaseWords("others", "de", "andere*|übrige*|sonst*|restliche*"),
    CaseWords("others", "fr", "autres|reste|sinon"),
    CaseWords("others", "es", "demás|otros|otras|resto"),
    CaseWords("others", "zh", "其余|其餘|其他|其它|别的"),
    CaseWords("others", "ru", "остальны*|други*|проч*"),
    CaseWords("diagonal", "en", "diagonal*|diag"),
    CaseWords("diagonal", "ru", "диагонал*|недиагонал*|внедиагонал*"),
    CaseWords("diagonal", "zh", "对角|對角|非对角|非對角"),
    CaseWords("diagonal", "de", "hauptdiagonal*|nebendiagonal*|außerdiagonal*|nichtdiagonal*"),
    CaseWords("diagonal", "es", "extradiagonal*|antidiagonal*"),
    CaseWords("row", "en", "row|rows"),
    CaseWords("row", "de", "zeile|zeilen|zeilenweise"),
    CaseWords("row", "fr", "ligne|lignes"),
    CaseWords("row", "es", "fila|filas"),
    CaseWords("row", "zh", "行"),
    CaseWords("row", "ru", "строка|строки|строкам*|строк"),
    CaseWords("column", "en", "column|columns"),
    CaseWords("column", "de", "spalte|spalten|spaltenweise"),
    CaseWords("column", "fr", "colonne|colonnes"),
    CaseWords("column", "es", "columna|columnas"),
    CaseWords("column", "zh", "列"),
    CaseWords("column", "ru", "столбец|столбцы|столбцам*|столбцов"),
    CaseWords("off", "en", "off|outside|away from|not on|non|off-diagonal*"),
    CaseWords("off", "de", "außerhalb|neben der|abseits|nebendiagonal*|außerdiagonal*|nichtdiagonal*|nicht auf"),
    CaseWords("off", "fr", "hors|en dehors|non|extra"),
    CaseWords("off", "es", "fuera|no|extradiagonal*"),
    CaseWords("off", "zh", "非|之外|以外"),
    CaseWords("off", "ru", "вне|недиагонал*|внедиагонал*|не на"),
    CaseWords("indices", "en", "index|indices|indexes|they|both"),
    CaseWords("indices", "de", "index|indizes|indices|sie|beide"),
    CaseWords("indices", "fr", "indice|indices|ils"),
    CaseWords("indices", "es", "índice|índices|indice|ambos|son"),
    CaseWords("indices", "zh", "下标|下標|指标|指標|索引|两者|兩者|脚标"),
    CaseWords("indices", "ru", "индекс*|они"),
    CaseWords("same", "en", "same|equal|equals|identical|agree|coincide|match"),
    CaseWords("same", "de", "gleich|gleiche|gleichen|identisch|übereinstimmen|überein"),
    CaseWords("same", "fr", "même|mêmes|égal|égaux|identiques|coïncident"),
    CaseWords("same", "es", "mismo|mismos|igual|iguales|coinciden|idénticos"),
    CaseWords("same", "zh", "相同|相等|一样|一樣|一致"),
    CaseWords("same", "ru", "равн*|совпада*|одинаков*"),
    CaseWords("different", "en", "differ|differs|different|distinct|unequal|disagree"),
    CaseWords("different", "de", "verschieden*|unterschiedlich*|unterscheiden|ungleich*"),
    CaseWords("different", "fr", "différents|distincts|diffèrent|différent"),
    CaseWords("different", "es", "distintos|diferentes|difieren|distinto|diferente"),
    CaseWords("different", "zh", "不同|不等|不相等|不相同|不一样|不一致"),
    CaseWords("different", "ru", "различ*|разн*"),
    CaseWords("positive", "en", "positive"),
    CaseWords("positive", "de", "positiv*"),
    CaseWords("positive", "fr", "positif|positive|positifs"),
    CaseWords("positive", "es", "positivo|positiva"),
    CaseWords("positive", "zh", "为正|為正|是正|正数|正數|正的"),
    CaseWords("positive", "ru", "положител*"),
    CaseWords("negative", "en", "negative"),
    CaseWords("negative", "de", "negativ*"),
    CaseWords("negative", "fr", "négatif|négative|négatifs"),
    CaseWords("negative", "es", "negativo|negativa"),
    CaseWords("negative", "zh", "为负|為負|是负|是負|负数|負數|负的|負的"),
    CaseWords("negative", "ru", "отрицател*"),
    CaseWords("not", "en", "not|do not|don't|are not|aren't|never"),
    CaseWords("not", "de", "nicht|keine"),
    CaseWords("not", "fr", "pas"),
    CaseWords("not", "es", "no"),
    CaseWords("not", "ru", "не|неравн*"),
    CaseWords("writer", "en", "we|i|you|us"),
    CaseWords("writer", "de", "wir|man|ich"),
    CaseWords("writer", "fr", "on|nous|je"),
    CaseWords("writer", "es", "nosotros|aplicamos|usamos|derivamos|se"),
    CaseWords("writer", "zh", "我们|我們|我"),
    CaseWords("writer", "ru", "мы|я"),
    CaseWords("and", "en", "and"),
    CaseWords("and", "de", "und|sowie"),
    CaseWords("and", "fr", "et"),
    CaseWords("and", "es", "y|e"),
    CaseWords("and", "zh", "且|并且|而且"),
    CaseWords("and", "ru", "и"),
    CaseWords("or", "en", "or"),
    CaseWords("or", "de", "oder"),
    CaseWords("or", "fr", "ou"),
    CaseWords("or", "es", "o|u"),
    CaseWords("or", "zh", "或|或者"),
    CaseWords("or", "ru", "или"),
    CaseWords(
        "whole", "en", "altogether|combin*|together|in total|overall|both cases|general|generally|finally|in summary"
    ),
    CaseWords("whole", "de", "zusammen*|insgesamt|allgemein*|beide fälle|kurz"),
    CaseWords("whole", "fr", "ensemble|au total|général|générale|finalement|en résumé|deux cas"),
    CaseWords("whole", "es", "en conjunto|en total|general|finalmente|en resumen|ambos casos"),
    CaseWords("whole", "zh", "综上|綜上|总之|總之|合起来|统一|合并"),
    CaseWords("whole", "ru", "вместе|итого|в общем|общего|объединя*|в итоге|оба случая"),
    CaseWords("hessian", "en", "hess*"),
    CaseWords("hessian", "zh", "黑塞|海森|海塞"),
    CaseWords("hessian", "ru", "гесс*"),
    CaseWords("jacobian", "en", "jacobi*"),
    CaseWords("jacobian", "zh", "雅可比|雅克比"),
    CaseWords("jacobian", "ru", "якоби*|якобиан*"),
    CaseWords("sum", "en", "sum|sums|summed|summation|einstein*"),
    CaseWords("sum", "de", "summe*|summier*|aufsummier*|summenkonvention|summationskonvention|summations*"),
    CaseWords("sum", "fr", "somme|sommes|sommé*|sommation"),
    CaseWords("sum", "es", "suma|suman|sumas|sumatorio|sumación"),
    CaseWords("sum", "zh", "求和|相加|爱因斯坦|愛因斯坦"),
    CaseWords("sum", "ru", "сумм*|эйнштейн*"),
    CaseWords("implied", "en", "repeated|convention|implied|implicit|twice|understood|einstein*"),
    CaseWords("implied", "de", "doppelt*|gleiche*|wiederholt*|einstein*|summenkonvention|summationskonvention"),
    CaseWords("implied", "fr", "répété*|convention|implicite|einstein"),
    CaseWords("implied", "es", "repetid*|convenio|convención|implícit*|einstein"),
    CaseWords("implied", "zh", "重复|重複|约定|約定|爱因斯坦|愛因斯坦"),
    CaseWords("implied", "ru", "повторя*|соглашени*|подразумева*|эйнштейн*"),
    CaseWords("none", "en", "no|without"),
    CaseWords("none", "de", "kein|keine|keiner|ohne"),
    CaseWords("none", "fr", "sans|aucune"),
    CaseWords("none", "es", "sin|ninguna"),
    CaseWords("none", "zh", "不|没有"),
    CaseWords("none", "ru", "без|нет"),
)
_DOING = re.compile(r"\s*\w+(?:ing|ando|iendo)\s+(?:the|this|these|it|by|with|both|el|la|los|las)\b")
MOST_BEHIND = 100  # characters at the end of a text in which its last word stands
WIDE = re.compile(r"[\u3400-\u9fff]")  # of a script without blanks


@lru_cache(maxsize=16)
def _pattern(meaning: str) -> re.Pattern[str]:
    """All words of a meaning, longest first; words of a script without blanks stand anywhere."""
    words = {word for row in CASE_WORDS if row.meaning == meaning for word in row.words.split("|")}
    parts = [
        re.escape(word)
        if WIDE.match(word)
        else rf"(?<!\w){re.escape(word.removesuffix('*'))}" + ("" if word.endswith("*") else r"(?!\w)")
        for word in sorted(words, key=len, reverse=True)
    ]
    return re.compile("|".join(parts), re.IGNORECASE)


def has(words: str, *meanings: str) -> bool:
    """Whether one of the words of these meanings stands in a text.

    >>> has("Wenn also", "if"), has("in otro caso", "if"), has("sifting", "if")
    (True, True, False)
    """
    return any(_pattern(meaning).search(words) is not None for meaning in meanings)


def begins_with(words: str, meaning: str) -> bool:
    """Whether the first word of a text has this meaning."""
    return _pattern(meaning).match(words.lstrip(" ,:;(")) is not None


def supposes(words: str) -> bool:
    """Whether a clause supposes something; what the writer does supposes nothing.

    >>> supposes("then, if the design is orthogonal, we get"), supposes("When we insert the sum"), supposes("so")
    (True, False, False)
    >>> supposes("When differentiating the norm, we get"), supposes("If training ends, we get")
    (False, True)
    >>> supposes("Sind die Spalten orthonormal, so ist"), supposes("Ist das klar?")
    (True, False)
    """
    for piece in re.split("[,，]", words):
        found = _pattern("if").match(piece.lstrip(" ,:;("))
        behind = piece.lstrip(" ,:;(")[found.end() :] if found is not None else ""
        if found is not None and not (begins_with(behind, "writer") or _DOING.match(behind)):
            return True
    return begins_with(words, "inverted") and re.search(r",\s*(?:so|dann)\b", words) is not None


def is_condition(words: str) -> bool:
    """Whether a clause holds a word for a condition; what the writer does is none, but for what he assumes.

    >>> is_condition("note that if it vanishes"), is_condition("when we insert it"), is_condition("if we assume that")
    (True, False, True)
    """
    found = _pattern("if").search(words)
    if found is None:
        return False
    behind = words[found.end() :]
    return not begins_with(behind, "writer") or has(behind, "if")


def is_alone(words: str, meaning: str) -> bool:
    """Whether a text is a word of this meaning and nothing else."""
    return _pattern(meaning).fullmatch(words.strip(" ,;")) is not None


def stands_alone(after: str) -> bool:
    """Whether all that follows a condition, up to a comma or a stop, is a word such as "only"."""
    return is_alone(re.split(r"[,.;:)，。\n]", after.lstrip(" $*_"))[0], "alone")


def opening(before: str, after: str) -> str:
    """The words that open a condition, by those before and behind it.

    >>> opening("It holds only for", ""), opening("for", " only."), opening("if", " only the first is left")
    ('only if', 'only if', 'if')
    """
    return "only if" if has(before, "only") or stands_alone(after) else "if"


def ends_with(words: str, *meanings: str) -> bool:
    """Whether a text ends in a word of these meanings, but for what is no letter."""
    words = words[-MOST_BEHIND:]
    return any(
        not any(map(str.isalpha, words[found.end() :]))
        for meaning in meanings
        for found in _pattern(meaning).finditer(words)
    )


def says_sums(words: str) -> bool:
    """Whether a sentence says that repeated indices are summed, though no sign of a sum is written.

    >>> says_sums("We use the summation convention. Let"), says_sums("über doppelte Indizes wird summiert")
    (True, True)
    >>> says_sums("Einstein convention."), says_sums("Ohne Einsteinsche Summenkonvention")
    (True, False)
    >>> says_sums("The convention is that of the lecture. Sum up"), says_sums("no sum over the repeated index")
    (False, False)
    """
    sentences = re.split(r"[.!?;](?:\s|$)|[。！？；]|\n\s*\n", words)
    return any(has(one, "sum") and has(one, "implied") and not has(one, "not", "none") for one in sentences)


def said_of_indices(words: str) -> str:
    r"""What words say of the two indices: ``=``, ``!=``, ``rest`` for the other cases; empty where nothing is said.

    >>> said_of_indices("Off the diagonal:"), said_of_indices("wenn die Indizes gleich sind"), said_of_indices("sinon")
    ('!=', '=', 'rest')
    """
    if has(words, "rest"):
        return "rest"
    if has(words, "diagonal"):
        return "!=" if has(words, "off") else "="
    if not has(words, "indices"):
        return ""
    if has(words, "different"):
        return "=" if has(words, "not") else "!="
    if has(words, "same"):
        return "!=" if has(words, "not") else "="
    return ""


def said_of_sign(words: str) -> str:
    r"""What words say of the sign of a number: ``>``, ``<``; empty where nothing, or more than that, is said.

    >>> said_of_sign("If it is positive"), said_of_sign("falls er negativ ist"), said_of_sign("is not positive")
    ('>', '<', '')
    """
    is_positive, is_negative = has(words, "positive"), has(words, "negative")
    if is_positive == is_negative or has(words, "not"):
        return ""
    return ">" if is_positive else "<"
