"""The names of a stack's columns. A click on a measure makes it the quantity of the bars; a click on the name of the bars
chooses the next measure. Called by `gui.widgets.stack.stack_view`.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from gui.shell.theme import THEME
from gui.widgets.stack.stack_painting import GAP_PX, Columns, paint_header
from gui.widgets.stack.stack_rows import MEASURES, Measure


class StackHeader(QWidget):
    measure_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.titles: dict[str, str] = {}
        self._tips: dict[str, str] = {}
        self._columns: Columns | None = None
        self._measure: Measure = "parameters"
        THEME.changed.connect(self.update)
        self.retranslate()

    def show_columns(self, columns: Columns, measure: Measure) -> None:
        if (columns, measure) != (self._columns, self._measure):
            self._columns, self._measure = columns, measure
            self.update()

    @property
    def columns(self) -> Columns | None:
        """The columns that are shown."""
        return self._columns

    def column_at(self, point: QPoint) -> str:
        """The key of the column under a point; empty over the names."""
        if self._columns is None:
            return ""
        for key, (left, width) in self._columns.places.items():
            if left - GAP_PX // 2 <= point.x() < left + width + GAP_PX // 2:
                return key
        return "" if point.x() < self._columns.name_end or self._columns.bar is None else "share"

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._columns is not None:
            paint_header(QPainter(self), self.rect(), self.titles, self._columns, self._measure)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        measure = self.column_at(event.position().toPoint()) in (*MEASURES, "share")
        self.setCursor(Qt.CursorShape.PointingHandCursor if measure else Qt.CursorShape.ArrowCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        key = self.column_at(event.position().toPoint())
        if key == "share":  # also a measure without a column: the quantity of the bars always has one
            key = MEASURES[(MEASURES.index(self._measure) + 1) % len(MEASURES)]
        if event.button() == Qt.MouseButton.LeftButton and key in MEASURES:
            self.measure_chosen.emit(key)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()  # the press has done it

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._tips.get(self.column_at(event.pos()), ""), self)
            return True
        return super().event(event)

    def retranslate(self) -> None:
        """Called by the stack, because its columns depend on the widths of the titles."""
        self.titles = {
            "layer": self.tr("layer"),
            "output": self.tr("output shape"),
            "parameters": self.tr("parameters"),
            "macs": self.tr("MACs"),
            "memory": self.tr("memory"),
            "share": self.tr("share"),
        }
        click = " " + self.tr("Click to see its share in the bars.")
        self._tips = {
            "output": self.tr("Without the batch: channels × height × width"),
            "parameters": self.tr("Weights and biases that are learned.") + click,
            "macs": self.tr("Multiply-adds for one sample.") + click,
            "memory": self.tr("Activation memory: what the output takes, 4 bytes a number.") + click,
            "share": self.tr("Share of the whole network. The longest bar is the largest layer's.")
            + " "
            + self.tr("Click for the share of the next number: parameters, MACs, memory."),
        }
        self.update()
