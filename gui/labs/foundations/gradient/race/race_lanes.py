"""Two lanes on one scale of time: the forward passes of the numerical gradient, and the one pass backwards.

Painted in one pass. Called by the race's page.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.shell.theme import THEME, font, theme

BAR_PX, TEXT_PX, GAP_PX = 22.0, 18.0, 14.0
LEAST_PX = 2.0  # of a bar that would not be seen


@dataclass(frozen=True)
class RaceLane:
    """`share` of the width is what it takes, `done` of that is over. `told` stands above the bar, in the first of its wordings
    that fits, and `taken` at its end."""

    told: tuple[str, ...]
    taken: str
    share: float
    done: float
    colour: int


class RaceLanes(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lanes: tuple[RaceLane, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        THEME.changed.connect(self.update)

    def show_lanes(self, *lanes: RaceLane) -> None:
        """Show them; the first one's bar begins a new picture of the race."""
        if lanes != self.lanes:
            self.lanes = lanes
            self.setAccessibleDescription("; ".join(f"{lane.told[0]} {lane.taken}" for lane in lanes))
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, int(max(len(self.lanes), 2) * (TEXT_PX + BAR_PX + GAP_PX)))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(12))
        measure = QFontMetricsF(font(12))
        y = 0.0
        for lane in self.lanes:
            painter.setPen(now.text)
            words = QRectF(0, y, self.width(), TEXT_PX)
            room = self.width() - measure.horizontalAdvance(lane.taken) - 12
            fitting = (told for told in lane.told if measure.horizontalAdvance(told) <= room)
            told = next(fitting, measure.elidedText(lane.told[-1], Qt.TextElideMode.ElideRight, room))
            painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, told)
            painter.setPen(now.muted)
            painter.drawText(words, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, lane.taken)
            y += TEXT_PX
            self._paint_bar(painter, lane, y)
            y += BAR_PX + GAP_PX

    def _paint_bar(self, painter: QPainter, lane: RaceLane, y: float) -> None:
        now, colour = theme(), theme().curves[lane.colour]
        painter.setPen(QPen(now.line, 1))
        painter.drawLine(QLineF(0, y + BAR_PX, self.width(), y + BAR_PX))
        length = max(lane.share * self.width(), LEAST_PX)
        faint = QColor(colour)
        faint.setAlphaF(0.25)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(faint)
        painter.drawRect(QRectF(0, y + 2, length, BAR_PX - 2))
        painter.setBrush(colour)
        if lane.done > 0:
            painter.drawRect(QRectF(0, y + 2, max(length * min(lane.done, 1.0), LEAST_PX), BAR_PX - 2))
