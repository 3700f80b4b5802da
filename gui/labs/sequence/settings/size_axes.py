"""Hidden size and time steps as what they are: two axes. The same cell, with the same weights, is drawn once for each time
step, with its units from top to bottom.

Called by the sequence lab's panel.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.figures import full_count
from gui.shell.theme import THEME, font, theme

HEIGHT_PX = 92
STEP_PX = 24.0  # between two drawn time steps
MOST_UNITS = 4  # that are drawn
BOX_PX, DOT_PX = 12.0, 5.0
LEFT_PX, TOP_PX, FOOT_PX = 52.0, 18.0, 18.0


class SizeAxes(QWidget):
    """`show_sizes` draws a layer of H units over T time steps: as many of each as there is room for, and ... for the rest."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._units, self._steps = 1, 1
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        THEME.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(200, HEIGHT_PX)

    def show_sizes(self, units: int, steps: int) -> None:
        if (units, steps) != (self._units, self._steps):
            self._units, self._steps = units, steps
            self._tell()
            self.update()

    def drawn(self) -> tuple[int, int]:
        """How many units and time steps are drawn."""
        return min(self._units, MOST_UNITS), min(self._steps, max(int((self.width() - LEFT_PX - 8) / STEP_PX), 1))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, now = QPainter(self), theme()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        units, steps = self.drawn()
        bottom = self.height() - FOOT_PX
        each = (bottom - TOP_PX - 6) / MOST_UNITS
        more_units, more_steps = units < self._units, steps < self._steps
        painter.setFont(font(11))
        painter.setPen(now.muted)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        lines = int(left | Qt.TextFlag.TextWordWrap)  # a large number has a line of its own
        painter.drawText(QRectF(0, TOP_PX, LEFT_PX - 3, bottom - TOP_PX), lines, f"H = {full_count(self._units)}")
        shown = f"T = {full_count(self._steps)} →"
        painter.drawText(QRectF(LEFT_PX, self.height() - FOOT_PX + 1, self.width() - LEFT_PX, FOOT_PX - 1), left, shown)
        weights = self.tr("the same weights at each step")
        metrics = painter.fontMetrics()
        room = self.width() - LEFT_PX
        shown = metrics.elidedText(weights, Qt.TextElideMode.ElideRight, int(room))
        painter.drawText(QRectF(LEFT_PX, 0, room, TOP_PX - 3), left, shown)
        for step in range(steps):
            x = LEFT_PX + step * STEP_PX
            dots = more_steps and step == steps - 1
            if dots:
                painter.drawText(QRectF(x, TOP_PX, BOX_PX, bottom - TOP_PX), Qt.AlignmentFlag.AlignCenter, "…")
                continue
            painter.setPen(QPen(now.line, 1))
            painter.setBrush(now.accent_ground)
            painter.drawRoundedRect(QRectF(x, TOP_PX, BOX_PX, bottom - TOP_PX), 4, 4)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(now.accent)
            for unit in range(units):
                middle = QPointF(x + BOX_PX / 2, TOP_PX + 3 + (unit + 0.5) * each)
                size = 1.2 if more_units and unit == units - 1 else DOT_PX / 2
                painter.drawEllipse(middle, size, size)
            if step + 1 < steps:
                painter.setPen(QPen(now.muted, 1))
                middle_y = (TOP_PX + bottom) / 2
                painter.drawLine(QPointF(x + BOX_PX + 1, middle_y), QPointF(x + STEP_PX - 2, middle_y))
                painter.drawLine(QPointF(x + STEP_PX - 5, middle_y - 3), QPointF(x + STEP_PX - 2, middle_y))
                painter.drawLine(QPointF(x + STEP_PX - 5, middle_y + 3), QPointF(x + STEP_PX - 2, middle_y))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._tell()
            self.update()

    def _tell(self) -> None:
        """For a screen reader, and as the tooltip."""
        text = self.tr(
            "Hidden size H is how many units the layer has, T how many time steps the sequence has: two axes. The same weights "
            "are used at each of the {steps} steps, so the number of parameters does not depend on T"
        ).format(steps=full_count(self._steps))
        self.setAccessibleName(text)
        self.setToolTip(text)
