"""`remembered`: how long after the pointer has come to a character the page of what an output remembers shows it, in ms: a text
of 60 characters in the sequence lab, while its network learns, from the event to the painted tint.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from statistics import median
from typing import TYPE_CHECKING

from tests.bench.opened_lab import begin_run, end_run, endless, live_for, opened_lab

if TYPE_CHECKING:
    from gui.labs.sequence.lab import SequenceLab

CHARACTERS = 60
MOVES, STRIDE = 40, 7


def rows() -> Iterator[dict[str, object]]:
    from engine.fields import edited

    found = endless("counting-lstm")
    with opened_lab("sequence") as lab:
        lab.pages.chosen.emit("remembering")
        begin_run(lab, edited(found, data=edited(found.data, length=CHARACTERS)))
        spent = median(_pointed_ms(lab))
        end_run(lab)
    yield {"name": "remembered", "value": round(spent, 1), "unit": "ms", "goal": "<= 50"}


def _pointed_ms(lab: SequenceLab) -> list[float]:
    """Of moves to characters that are far from each other."""
    from PySide6.QtCore import QEvent, QEventLoop, QPointF, Qt, QTimer
    from PySide6.QtGui import QMouseEvent

    from gui.labs.sequence.remembering.remembering_page import RememberingPage

    page = lab.pages.pages["remembering"]
    assert isinstance(page, RememberingPage)
    live_for(20.0, lambda: len(page.text.characters) == CHARACTERS)
    assert len(page.text.characters) == CHARACTERS
    none = Qt.MouseButton.NoButton
    spent = []
    for number in range(1, MOVES + 1):
        step = number * STRIDE % CHARACTERS
        place = QPointF(page.text.cell(step).center())
        loop = QEventLoop()

        def arrived(name: str, answer: object, step: int = step, loop: QEventLoop = loop) -> None:
            remembered = getattr(answer, "remembered", None)
            if name == "remembering" and remembered is not None and remembered.step == step:
                loop.quit()

        lab.looking.answered.connect(arrived)
        QTimer.singleShot(5_000, loop.quit)
        began = time.perf_counter()
        page.text.mouseMoveEvent(QMouseEvent(QEvent.Type.MouseMove, place, place, none, none, Qt.KeyboardModifier.NoModifier))
        loop.exec()
        assert page.text.marked == step
        page.text.repaint()
        spent.append(1000 * (time.perf_counter() - began))
        lab.looking.answered.disconnect(arrived)
        live_for(0.1)
    return spent
