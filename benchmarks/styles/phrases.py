"""What stands around formulas in eight languages: a sentence for each role; ``{f}`` is the formula."""

from __future__ import annotations

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "zh", "ru")

QUESTION = {
    "en": ("We want to find {f}.", "Find {f}.", "The question asks for {f}."),
    "de": ("Gesucht ist {f}.", "Berechne {f}.", "Wir sollen {f} bestimmen."),
    "fr": ("On cherche {f}.", "Il s'agit de calculer {f}."),
    "es": ("Queremos calcular {f}.", "Hay que hallar {f}."),
    "it": ("Cerchiamo {f}.", "Si vuole calcolare {f}."),
    "pt": ("Queremos calcular {f}.", "Pede-se {f}."),
    "zh": ("求 {f}。", "我们要计算 {f}。"),
    "ru": ("Найдём {f}.", "Требуется найти {f}."),
}
DEFINITION = {
    "en": ("Let {f}.", "Write {f}.", "We put {f}.", "Define {f} for short."),
    "de": ("Sei {f}.", "Setze {f}.", "Wir bezeichnen mit {f} den Fehler."),
    "fr": ("Soit {f}.", "On pose {f}.", "Notons {f}."),
    "es": ("Sea {f}.", "Definimos {f}.", "Llamemos {f}."),
    "it": ("Sia {f}.", "Poniamo {f}.", "Definiamo {f}."),
    "pt": ("Seja {f}.", "Definimos {f}.", "Denotamos {f}."),
    "zh": ("令 {f}。", "设 {f}。", "记 {f}。"),
    "ru": ("Пусть {f}.", "Обозначим {f}.", "Положим {f}."),
}
WHERE = {
    "en": ("where {f}.", "with {f}.", "Here {f}."),
    "de": ("wobei {f}.", "mit {f}.", "Hier ist {f}."),
    "fr": ("où {f}.", "avec {f}."),
    "es": ("donde {f}.", "con {f}."),
    "it": ("dove {f}.", "con {f}."),
    "pt": ("onde {f}.", "com {f}."),
    "zh": ("其中 {f}。", "这里 {f}。"),
    "ru": ("где {f}.", "Здесь {f}."),
}
REASON = {
    "en": ("Recall that {f}.", "We know that {f}.", "Note that {f}.", "This uses {f}."),
    "de": ("Bekanntlich ist {f}.", "Wir wissen, dass {f}.", "Das gilt wegen {f}."),
    "fr": ("On sait que {f}.", "Rappelons que {f}."),
    "es": ("Sabemos que {f}.", "Recordemos que {f}."),
    "it": ("Sappiamo che {f}.", "Ricordiamo che {f}."),
    "pt": ("Sabemos que {f}.", "Lembre que {f}."),
    "zh": ("已知 {f}。", "由于 {f}。", "利用 {f}。"),
    "ru": ("Известно, что {f}.", "Напомним, что {f}.", "Воспользуемся тем, что {f}."),
}
ANSWER = {
    "en": ("Therefore {f}.", "Hence we get {f}.", "So the answer is {f}.", "This gives {f}.", "Finally, {f}."),
    "de": ("Also ist {f}.", "Daher gilt {f}.", "Damit erhalten wir {f}.", "Das ergibt {f}."),
    "fr": ("Donc {f}.", "On obtient {f}.", "Finalement, {f}."),
    "es": ("Por lo tanto {f}.", "Entonces {f}.", "Finalmente obtenemos {f}."),
    "it": ("Quindi {f}.", "Pertanto {f}.", "Infine otteniamo {f}."),
    "pt": ("Portanto {f}.", "Logo {f}.", "Finalmente obtemos {f}."),
    "zh": ("所以 {f}。", "因此 {f}。", "最后得 {f}。"),
    "ru": ("Значит, {f}.", "Следовательно, {f}.", "Отсюда получаем {f}.", "Итак, {f}."),
}
CONDITION = {
    "en": ("For {f}:", "If {f}, then", "Case {f}:", "When {f} we have"),
    "de": ("Für {f} gilt:", "Falls {f}, dann", "Fall {f}:"),
    "fr": ("Pour {f} :", "Si {f}, alors", "Cas {f} :"),
    "es": ("Para {f}:", "Si {f}, entonces", "Caso {f}:"),
    "it": ("Per {f}:", "Se {f}, allora", "Caso {f}:"),
    "pt": ("Para {f}:", "Se {f}, então", "Caso {f}:"),
    "zh": ("当 {f} 时：", "若 {f}，则", "情况 {f}："),
    "ru": ("При {f}:", "Если {f}, то", "Случай {f}:"),
}
MENTION = {
    "en": ("Here {f} is a shorthand from the lecture.", "The symbol {f} keeps its meaning."),
    "de": ("Hier ist {f} wie in der Vorlesung.", "Das Symbol {f} bleibt wie oben."),
    "fr": ("Ici {f} est comme dans le cours.", "Le symbole {f} garde son sens."),
    "es": ("Aquí {f} es como en clase.", "El símbolo {f} no cambia."),
    "it": ("Qui {f} è come a lezione.", "Il simbolo {f} non cambia."),
    "pt": ("Aqui {f} é como na aula.", "O símbolo {f} não muda."),
    "zh": ("这里 {f} 同课上一样。", "符号 {f} 不变。"),
    "ru": ("Здесь {f} как на лекции.", "Символ {f} имеет прежний смысл."),
}
STEP = {
    "en": (
        "Then",
        "By the chain rule:",
        "We compute:",
        "Next,",
        "Differentiating gives",
        "Step by step:",
        "In matrix form:",
    ),
    "de": ("Dann gilt", "Mit der Kettenregel:", "Wir rechnen:", "Ableiten ergibt", "Schritt für Schritt:"),
    "fr": ("Alors", "Avec la règle de la chaîne :", "On calcule :", "En dérivant :"),
    "es": ("Luego", "Por la regla de la cadena:", "Calculamos:", "Derivando:"),
    "it": ("Allora", "Per la regola della catena:", "Calcoliamo:", "Derivando:"),
    "pt": ("Então", "Pela regra da cadeia:", "Calculamos:", "Derivando:"),
    "zh": ("则", "由链式法则：", "计算：", "求导得"),
    "ru": ("Тогда", "По правилу цепочки:", "Вычислим:", "Дифференцируем:"),
}
HEADING = {
    "en": ("Solution", "Problem 2 (a)", "Backward pass", "Derivation"),
    "de": ("Lösung", "Aufgabe 2 a)", "Rückwärtsrechnung"),
    "fr": ("Solution", "Exercice 2", "Dérivation"),
    "es": ("Solución", "Ejercicio 2", "Derivación"),
    "it": ("Soluzione", "Esercizio 2", "Derivazione"),
    "pt": ("Solução", "Exercício 2", "Derivação"),
    "zh": ("解", "第二题", "反向传播"),
    "ru": ("Решение", "Задача 2", "Вывод"),
}
ASIDE = {
    "en": ("chain rule", "by definition", "product rule", "the sum collapses", "linearity"),
    "de": ("Kettenregel", "nach Definition", "Produktregel", "Linearität"),
    "fr": ("règle de la chaîne", "par définition", "linéarité"),
    "es": ("regla de la cadena", "por definición", "linealidad"),
    "it": ("regola della catena", "per definizione", "linearità"),
    "pt": ("regra da cadeia", "por definição", "linearidade"),
    "zh": ("链式法则", "由定义", "线性"),
    "ru": ("правило цепочки", "по определению", "линейность"),
}
CLOSING = {
    "en": ("This is what was to be shown.", "Done!", "I checked this with numbers.", ""),
    "de": ("Das war zu zeigen.", "Fertig.", ""),
    "fr": ("C'est ce qu'il fallait montrer.", "Fini.", ""),
    "es": ("Como se quería demostrar.", "Listo.", ""),
    "it": ("Come volevasi dimostrare.", "Fatto.", ""),
    "pt": ("Como queríamos demonstrar.", "Pronto.", ""),
    "zh": ("证毕。", "完成。", ""),
    "ru": ("Что и требовалось.", "Готово.", ""),
}
