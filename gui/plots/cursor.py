"""One cursor under several plots: what one shows, all show.

Called by the labs whose plots lie beside each other.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal, Slot


class SharedCursor(QObject):
    """Joins plots that have a signal `cursor_moved` and a method `set_cursor`, which emits nothing."""

    moved = Signal(object)  # the step under the cursor, or None

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.step: float | None = None
        self._plots: list[Any] = []

    def join(self, plot: Any) -> None:
        """Let `plot` show the cursor and move it."""
        self._plots.append(plot)
        plot.set_cursor(self.step)
        plot.cursor_moved.connect(self._move)
        plot.destroyed.connect(self._forget)

    @Slot(object)
    def _move(self, step: float | None) -> None:
        self.step = step
        for plot in self._plots:
            if plot is not self.sender():
                plot.set_cursor(step)
        self.moved.emit(step)

    @Slot()
    def _forget(self) -> None:
        from shiboken6 import isValid

        self._plots = [plot for plot in self._plots if isValid(plot)]
