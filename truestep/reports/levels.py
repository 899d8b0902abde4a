"""How much of a solution is shown: nothing, the rules, the answer, or the steps too."""

from typing import Literal

Reveal = Literal["none", "hint", "answer", "steps"]
LEVELS: tuple[Reveal, ...] = ("none", "hint", "answer", "steps")
