"""What a step of a derivation is said with: words that tell of no other case, model or convention."""

from __future__ import annotations

import itertools
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from truestep.checkers.documents.words import BEHIND, last_sentence
from truestep.derivations.language import case_words, equating_words
from truestep.derivations.language.phrases.table import CASES, ROLES, WIDE

if TYPE_CHECKING:
    from collections.abc import Container

# English, German, French, Spanish, Russian
PLAIN = (
    "a an the we i it its this that these which is are be was has have had of and to in on by with as both each "
    "all side sides so far up here there above below again also indeed now just simply directly easily clearly "
    "obviously exactly step steps first second third next last final finally result results answer solution "
    "derivative derivatives gradient gradients partial jacobian hessian rule rules chain product quotient power "
    "sum difference constant factor linearity inner outer function functions expression formula formulas equation "
    "term terms loss cost layer matrix vector scalar form notation line definition equal equals becomes become "
    "leads follows follow implies means reads computes differentiate differentiating derive deriving derived take "
    "taking apply applying use used plug plugging substitute substituting insert inserting simplify simplifies "
    "simplifying combine combining collect collecting multiply multiplying respect wrt us me my our let find "
    "found compute computing computed calculate calculated know see can write written want need total once more "
    "get gets standard well known index indices numerator denominator input inputs output outputs sample samples "
    "example examples weight weights bias column columns row rows entries elementwise coordinate component "
    "components own same constants one would expect log logs logarithm logarithms full whole entry upstream local "
    "backward pass consequence start nutshell little bit algebra given fixed arbitrary other case cases "
    "convenience simplicity brevity clarity completeness consider considering "
    "similar analogous way manner argument computation calculation trick",
    "der die das den dem des ein eine einen einer wir ich es sich ist sind wird werden und zu im in von auf mit "
    "als beide beiden seite seiten jetzt nun hier oben unten damit dies dieses schritt ergebnis antwort lösung "
    "ableitung ableitungen gradient gradienten kettenregel produktregel quotientenregel summe faktor innere "
    "äußere funktion ausdruck formel gleichung gleich folgt gilt liefert ableiten einsetzen einsetzt vereinfachen "
    "rechnen berechnen setzen ab zuerst zunächst schließlich insgesamt matrixform nach regel definition verlust",
    "le la les l un une des du de d nous on je il elle est sont et à au aux en dans sur avec ce cela cette ces "
    "deux côtés maintenant ici règle chaîne produit quotient somme facteur dérivée dérivées gradient fonction "
    "expression formule équation égal vaut résultat réponse solution étape enfin ensuite appliquant appliquer "
    "utilisant dérivant dérive remplaçant simplifiant calcule calculons voit que qui définition perte forme",
    "el la los las un una unos de del lo nosotros se es son y a al en con este esta esto ambos lados ahora aquí "
    "regla cadena producto cociente suma factor derivada derivadas gradiente función expresión fórmula ecuación "
    "igual resultado respuesta solución paso finalmente después aplicando usando derivando sustituyendo "
    "simplificando calculamos tenemos que definición pérdida forma nos da",
    "мы я это этого этот эта он она оно и в во на с со к у о не то что как теперь здесь шаг результат ответ "
    "решение производная производную производные градиент правило правилу цепочки сумма множитель функция функции "
    "выражение формула формулу уравнение равно равен равна имеем дифференцируя подставляя упрощая вычисляем "
    "вычислим находим получим применяя используя определение определению потерь сначала наконец",
)
# of indices that are equal or not
MET = (
    "equal different distinct same",
    "gleiche gleichen verschiedene verschiedenen",
    "égaux différents",
    "iguales distintos",
    "равных разных",
)
LETTING = frozenset("let assume consider sei seien soit soient sea sean пусть".split())
DEFINITE = frozenset(
    "the a an this that these our we us i you der die das den dem ein eine wir uns man le la les un une nous on el los "
    "una nos se это мы".split()
)
_CASE = re.compile(r"\b(?:case|fall|falle|cas|caso|случае)\b|情况|情況|情形", re.IGNORECASE)
SUPPOSING = ("if", "for", "at", "where", "rest")  # what words that suppose something mean
SIGNS = (
    "我们有和的是在对两边用式子上下面代入化简求导导數数梯度链鏈式法则則规規结果答案函损損失这這个個一二三"
    "步得到可知再与與中到为為积積项項计計算定义義"
)  # Chinese


@lru_cache(maxsize=2)
def _known(is_met: bool) -> tuple[frozenset[str], frozenset[str]]:
    """The words, and the signs of a script without blanks, that a step is said with."""
    roles = ("reason", "answer", "definition", *(("condition", BEHIND) if is_met else ()))
    steps = ROLES.words(*roles)
    supposing = CASES.phrases(*SUPPOSING) if is_met else ()
    words = {word for words in (*PLAIN, *(MET if is_met else ()), *supposing) for word in words.split()}
    words |= equating_words.words()
    return frozenset((*steps, *words)), frozenset("".join((*filter(WIDE.match, steps), SIGNS)))


def says_plainly(text: str, names: Container[str] = (), is_met: bool = False) -> bool:
    """Whether words before a formula do no more than say a step: none of them is beyond those that steps are said with.

    ``names`` are words that the problem gives a meaning; with ``is_met`` words for a condition are taken account of.

    >>> says_plainly("By the chain rule we get"), says_plainly("Also ist"), says_plainly("所以"), says_plainly("")
    (True, True, True, True)
    >>> says_plainly("At the boundary"), says_plainly("If the label is hard, then"), says_plainly("Bei Gleichstand")
    (False, False, False)
    """
    words, signs = _known(is_met)
    found = re.findall(r"[^\W\d_]+", re.sub(r"\\[a-z]+", " ", text.lower()))
    return all(word in words or word in names or signs.issuperset(word) for word in found)


def sets_apart(sentence: str, names: Container[str] = ()) -> bool:
    """Whether a sentence, with a dollar sign for each formula, speaks of a case, a model or a layout of its own.

    >>> sets_apart("In the symmetric case"), sets_apart("For a linear unit"), sets_apart("In numerator layout")
    (True, True, True)
    >>> sets_apart("For symmetric $"), sets_apart("Note that if it is symmetric"), sets_apart("The symmetric case is")
    (True, True, True)
    >>> sets_apart("With matrix calculus"), sets_apart("In the first case"), sets_apart("When we insert the logits")
    (False, False, False)
    """
    return any(_is_apart(piece.strip(" *_\n"), names) for piece in re.split("[,，;；:：(（]", sentence))


def _is_apart(said: str, names: Container[str]) -> bool:
    """Whether a clause tells of a case, a property or another model, and says more than a step."""
    if case_words.has(said, "whole"):
        return False
    if case_words.has(said, "layout") and case_words.begins_with(said, "frame"):
        return True
    if says_plainly(said, names, True):
        return False
    is_named = _CASE.search(said) is not None or case_words.is_condition(said)
    return is_named or (case_words.begins_with(said, "frame") and _is_of_some(said, names))


def _is_of_some(said: str, names: Container[str]) -> bool:
    """Whether a clause is about some of a kind, or about what is lacking: "for symmetric $", "with a", "without"."""
    if case_words.has(said, "lacking"):
        return True
    second = said.partition(" ")[2].lstrip()
    is_bare = "$" in second and not says_plainly(second.lstrip("$ ").partition(" ")[0], names, True)
    return case_words.begins_with(said, "of") and (is_bare or case_words.begins_with(second, "some"))


def is_property(sentence: str, names: Container[str] = ()) -> bool:
    """Whether a sentence supposes that something has a property that is not understood.

    >>> is_property("Let it be symmetric"), is_property("Suppose it is invertible"), is_property("Let it be the logit")
    (True, True, False)
    """
    words = re.findall(r"[^\W\d_]+", sentence.lower())
    is_supposed = bool(words) and (words[0] in LETTING or case_words.begins_with(sentence, "if"))
    behind = itertools.dropwhile(lambda word: word not in DEFINITE and says_plainly(word, names, True), words[1:])
    first = next(behind, "")
    return is_supposed and first != "" and first not in DEFINITE


def last_clauses(said: str, last: str) -> str:
    """The last clause of what is said, with the one that it goes on from behind a semicolon: "...; then"."""
    before = said.rstrip().removesuffix(last.rstrip()).rstrip()
    is_plain = before.endswith((";", "；")) and says_plainly(last) and not case_words.has(last, "writer")
    return last_sentence(before) + last if is_plain else last
