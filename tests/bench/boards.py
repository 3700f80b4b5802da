"""How long the boards of the foundations lab take: from a slider's move to its picture, and from choosing a board to its own.

Each number of every board's form is moved, in every preset, from one value to another and back, in the real main window where
all boards before it have been opened. The time is that of the GUI thread's processor until everything is painted, so a busy
machine does not count. A row tells the slowest of the medians.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from statistics import median
from typing import Any

from tests.bench.opened_lab import opened_lab

MOVES = 8
MOST_SLIDER_MS, MOST_START_MS = 16, 100


def rows() -> Iterator[dict[str, object]]:
    with opened_lab("foundations") as lab:
        from PySide6.QtWidgets import QApplication

        from gui.labs.foundations.boards import BOARDS

        app = QApplication.instance()
        _settle(lab, app)
        for board in BOARDS:
            start = _spent(lambda board=board: lab.show_board(board), app)  # type: ignore[misc]
            yield _row(f"board_start[{board}]", start, board, MOST_START_MS)
            _settle(lab, app)
            slowest, which = _slowest(lab, app)
            yield _row(f"board_slider[{board}]", slowest, which, MOST_SLIDER_MS)


def _slowest(lab: Any, app: Any) -> tuple[float, str]:
    """The slowest number of a board's form over all of its presets, in ms, and which it is."""
    from gui.labs.foundations.board_presets import preset_names
    from gui.widgets.forms.number_row import NumberRow

    slowest, which = 0.0, ""
    for preset in preset_names(lab.board.name):
        lab.panel.open_preset(preset)
        _settle(lab, app)
        opened = lab.state()
        for row in lab.board.form.findChildren(NumberRow):
            if not row.isVisible() or not row.slider.isEnabled():
                continue
            places = _places(row)
            _settle(lab, app)
            spent = median(_spent(partial(row.slider.setValue, places[number % 2]), app) for number in range(MOVES))
            if spent > slowest:
                slowest, which = spent, f"{preset}: {row.field.name}"
            lab.set_state(opened)
            _settle(lab, app)
    return slowest, which


def _places(row: Any) -> tuple[int, int]:
    """Two neighbours among the places of a slider at which it has different values; it then stands at the second one."""
    at = row.slider.value()
    upwards = range(at + 1, row.slider.maximum() + 1)
    downwards = range(at - 1, row.slider.minimum() - 1, -1)
    row.slider.setValue((*upwards, *downwards)[-1])
    row.slider.setValue(at)
    value = row.value
    for there in (*upwards, *downwards):
        row.slider.setValue(there)
        if row.value != value:
            return at, there
    raise AssertionError(f"{row.field.name} has one value only")


def _spent(move: Callable[[], object], app: Any) -> float:
    """Milliseconds of this thread's processor until `move` is painted."""
    began = time.thread_time()
    move()
    app.processEvents()
    return 1000 * (time.thread_time() - began)


def _settle(lab: Any, app: Any) -> None:
    app.processEvents()
    while lab.busy():
        app.processEvents()
        time.sleep(0.005)
    app.processEvents()


def _row(name: str, value: float, which: str, most: int) -> dict[str, object]:
    return {"name": name, "value": round(value, 1), "unit": "ms", "of": which, "goal": f"<= {most}"}
