"""Spreads a frame over turns of the event loop: between two of its parts the window's own events have theirs.

What a run on the screen needs each time it has learned more (plots, figures, pages) is too much for one turn: keys, the mouse
and everything that moves would wait for all of it. Called by the labs that train.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

from PySide6.QtCore import QObject, Qt, QTimer, Slot

APART_MS = 5  # from the end of a part to the next one: the first is painted meanwhile, and the training has the interpreter


class FrameParts(QObject):
    """Parts that wait are done in the order in which they came, one a turn. One that comes again under the same key takes the
    place of the one that waits: nothing is drawn twice where the window is late."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: dict[Hashable, Callable[[], object]] = {}
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(APART_MS)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._do_next)

    def add(self, key: Hashable, part: Callable[[], object]) -> None:
        """Do `part` in a turn of its own, soon."""
        self._waiting[key] = part
        if not self._timer.isActive():
            self._timer.start()

    def drop(self, key: Hashable) -> None:
        """What waits under that key is done already, or no longer wanted."""
        self._waiting.pop(key, None)

    def close(self) -> None:
        """What waits is not done any more."""
        self._waiting.clear()
        self._timer.stop()

    @Slot()
    def _do_next(self) -> None:
        part = self._waiting.pop(next(iter(self._waiting), None), None)
        try:
            if part is not None:
                part()
        finally:
            if self._waiting:
                self._timer.start()
