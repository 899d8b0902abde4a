"""What grows with the size of the input: each case of the benchmark runs, and its law sees what is steep."""

from __future__ import annotations

import pytest

from benchmarks import growth
from benchmarks.growth import GROWTHS, STEEPEST, Growth, Measured


@pytest.mark.parametrize("name", GROWTHS)
def test_a_small_case_is_judged(name: str) -> None:
    made = GROWTHS[name].run(3)
    for record in [one.record for one in made] if isinstance(made, list) else [made]:
        assert "error" not in record


@pytest.mark.parametrize(
    ("seconds", "is_steep"), [((1.0, 2.0, 4.0), False), ((1.0, 4.0, 16.0), True), ((0.0001, 0.001, 0.01), False)]
)
def test_what_is_quadratic_is_steep(seconds: tuple[float, ...], is_steep: bool) -> None:
    assert (Measured((100, 200, 400), seconds).slope > STEEPEST) == is_steep


def test_the_command_says_what_is_steep(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(growth, "GROWTHS", {"flat": Growth(8, lambda size: None)})
    assert growth.main([]) == 0
    monkeypatch.setattr(growth, "measured", lambda one: Measured((1, 2, 4), (0.1, 0.4, 1.6)))
    assert growth.main([]) == 1
    assert "too steep" in capsys.readouterr().out
