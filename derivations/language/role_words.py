"""Words about a formula that say its role, in the languages that works are written in."""

from __future__ import annotations

from typing import NamedTuple


class Words(NamedTuple):
    """Words of one language that stand before a formula of a role; with ``behind``, behind it."""

    role: str
    language: str
    words: str
    behind: bool = False


WORDS = (
    Words(
        "definition",
        "en",
        "let put write denote define definition where with here call introduce setting abbreviate denoted called",
    ),
    Words(
        "definition",
        "de",
        "sei seien setze setzen definiere bezeichne bezeichnen schreibe schreiben nenne nennen wobei mit hier",
    ),
    Words("definition", "fr", "soit soient posons notons appelons écrivons où avec définissons ici"),
    Words("definition", "es", "sea sean donde con definimos llamemos llamamos denotamos denotemos escribimos aquí"),
    Words("definition", "zh", "令 设 設 记 記 其中 定义 定義 注 這裡 这里"),
    Words("definition", "ru", "пусть обозначим назовём где положим возьмём введём здесь"),
    Words(
        "condition", "en", "if when for case suppose whenever assume assuming take fix unless otherwise while provided"
    ),
    Words("condition", "de", "wenn falls für fall angenommen solange sofern sobald"),
    Words("condition", "fr", "si quand pour lorsque cas supposons tant"),
    Words("condition", "es", "si cuando para caso supongamos mientras"),
    Words("condition", "zh", "当 當 若 如果 对于 對於 假设 假設"),
    Words("condition", "ru", "если при когда для случай предположим пока"),
    Words("condition", "zh", "时 時", behind=True),
    Words("reason", "en", "since because using by recall from note know knowing via"),
    Words("reason", "de", "da weil wegen denn aus nach bekanntlich"),
    Words("reason", "fr", "car puisque comme par d'après sachant"),
    Words("reason", "es", "porque ya como por usando sabemos"),
    Words("reason", "zh", "因为 因為 由于 由於 由 根据 根據 利用"),
    Words("reason", "ru", "так поскольку из по пользуемся учитывая ибо"),
    Words("question", "en", "show find prove compute derive verify want what why whether seek"),
    Words("question", "de", "zeige berechne gesucht bestimme beweise leite"),
    Words("question", "fr", "montrer montrons calculer trouver prouver cherche"),
    Words("question", "es", "demostrar demuestra calcular hallar encontrar"),
    Words("question", "zh", "求 证明 證明 计算 計算"),
    Words("question", "ru", "найти доказать вычислить найдём посчитаем"),
    Words("answer", "en", "therefore thus hence so finally then get gives obtain yields implies answer now"),
    Words("answer", "de", "also daher somit folglich ergibt impliziert schließlich erhalten dann"),
    Words("answer", "fr", "donc ainsi alors finalement obtient implique d'où"),
    Words("answer", "es", "entonces luego así finalmente obtenemos queda implica tanto"),
    Words("answer", "zh", "所以 因此 故 于是 於是 則 则 得 即 最后 最後"),
    Words("answer", "ru", "значит следовательно итак тогда отсюда получаем окончательно итоге следует"),
)
