"""The line that curves are compared with is the answer that looks at nothing, as each task has it."""

from __future__ import annotations

from math import log

import pytest

from engine.experiments.experiment import preset
from gui.running.run_curves import RunCurves


def test_the_copy_task_is_compared_with_an_answer_without_memory(qtbot):
    curves = RunCurves()
    qtbot.addWidget(curves)
    told: list[list[tuple[str, str, str]]] = []
    curves.loss.legend.set_entries = lambda _entries, _at, extra: told.append(extra)
    curves.show_kind(preset("copy-lstm"), None)
    assert curves.loss.data.chance == pytest.approx(3 * log(8) / 15)
    assert curves.accuracy.data.chance == pytest.approx((12 + 3 / 8) / 15)
    assert told[-1] == [("chance", "Without memory", "0.4159")]
    curves.show_kind(preset("counting-lstm"), None)
    assert curves.loss.data.chance == pytest.approx(log(14))
    assert told[-1][0][1] == "Chance"
