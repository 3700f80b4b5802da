"""A line on a plot that is moved to a moment: by the mouse, by the keyboard, and back by Escape.

Called by the labs that show a run or a sequence at one of its moments.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QGraphicsPathItem

from gui.plots.look import pen_of, segment
from gui.plots.plot import Plot
from gui.shell.theme import theme

REACH_PX = 8  # how near the pointer must be to take hold
PAGE = 10  # steps of the page keys


class Scrubber(QObject):
    """A movable line at a place of the horizontal axis of `plot`, from `low` to `high`, in strides of `stride`.

    With the focus in the plot: left and right move it a stride, the page keys ten, Home and End to the ends. Escape
    while it is dragged puts it back. A plot has at most one.
    """

    moved = Signal(float)  # while it is dragged, and by the keyboard
    settled = Signal(float)  # let go, or moved by the keyboard: what is dear may be computed now

    def __init__(self, plot: Plot, low: float = 0.0, high: float = 1.0, *, stride: float = 1.0) -> None:
        super().__init__(plot)
        self._plot = plot
        self._low, self._high, self._stride = low, high, stride
        self._value = low
        self._began: float | None = None  # where it was when it was taken hold of
        self._line = QGraphicsPathItem()
        self._line.setZValue(400)
        plot.add_item(self._line)
        plot.scrubber = self
        self.restyle()
        self.place()

    @property
    def value(self) -> float:
        return self._value

    def set_value(self, value: float) -> None:
        """Put it there, without telling anybody."""
        self._value = self._bounded(value)
        self.place()

    def set_range(self, low: float, high: float) -> None:
        """How far it goes. Where it is follows."""
        self._low, self._high = low, max(low, high)
        self.set_value(self._value)

    @property
    def dragged(self) -> bool:
        return self._began is not None

    def _bounded(self, value: float) -> float:
        strides = round((value - self._low) / self._stride)
        return min(max(self._low + strides * self._stride, self._low), self._high)

    def _move(self, value: float) -> bool:
        bounded = self._bounded(value)
        if bounded == self._value:
            return False
        self._value = bounded
        self.place()
        self.moved.emit(bounded)
        return True

    def place(self) -> None:
        """Draw it where it is; the plot calls this when its limits change."""
        (_, (low, high)) = self._plot.limits
        self._line.setPath(segment(self._value, low, self._value, high))

    def restyle(self) -> None:
        pen = pen_of(theme().window)
        pen.setWidth(2)
        self._line.setPen(pen)

    # --- what the plot passes on

    def _near(self, event: QMouseEvent) -> bool:
        at = self._plot.point_of(self._value, self._plot.limits[1][0])
        return abs(event.position().x() - at.x()) <= REACH_PX and self._plot.area.contains(event.position())

    def press(self, event: QMouseEvent) -> bool:
        if event.button() != Qt.MouseButton.LeftButton or not self._near(event):
            return False
        self._began = self._value
        return True

    def move(self, event: QMouseEvent) -> bool:
        if self._began is None:
            shape = Qt.CursorShape.SizeHorCursor if self._near(event) else Qt.CursorShape.ArrowCursor
            if self._plot.viewport().cursor().shape() != shape:
                self._plot.viewport().setCursor(shape)
            return False
        self._move(self._plot.place_at(event.position())[0])
        return True

    def release(self, event: QMouseEvent) -> bool:
        if self._began is None:
            return False
        began, self._began = self._began, None
        if self._value != began:
            self.settled.emit(self._value)
        return True

    def keys(self) -> frozenset[int]:
        escape = {Qt.Key.Key_Escape} if self.dragged else set()
        return frozenset(self._strides()) | {Qt.Key.Key_Home, Qt.Key.Key_End} | escape

    @staticmethod
    def _strides() -> dict[Qt.Key, int]:
        key = Qt.Key
        return {key.Key_Left: -1, key.Key_Right: 1, key.Key_PageDown: -PAGE, key.Key_PageUp: PAGE}

    def key(self, event: QKeyEvent) -> bool:
        pressed = Qt.Key(event.key())
        if pressed == Qt.Key.Key_Escape:
            if self._began is None:
                return False
            began, self._began = self._began, None
            self._move(began)
            return True
        if pressed == Qt.Key.Key_Home:
            target = self._low
        elif pressed == Qt.Key.Key_End:
            target = self._high
        elif (strides := self._strides().get(pressed)) is not None:
            target = self._value + strides * self._stride
        else:
            return False
        if self._move(target):
            self.settled.emit(self._value)
        return True
