"""Samples of two numbers as points of a plane, with the names of their classes. Called by the card of samples."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from engine.data.contents import KeptSamples
from engine.data.info import DataInfo
from engine.words import printable
from gui.plots.matrices.class_points import MOST_CLASSES, ClassPoints
from gui.plots.matrices.plane_plot import class_colour, class_corners
from gui.shell.theme import THEME, font, theme

PLANE_PX, LEGEND_PX, MARK_PX, GAP_PX = 420, 20, 12, 14
SIGN_PX = 4.2  # half a sign's width


class PointLegend(QWidget):
    """The classes' names, each behind its sign in its colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.names: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        THEME.changed.connect(self.update)

    def show_names(self, names: tuple[str, ...]) -> None:
        self.names = names
        self.setAccessibleDescription(", ".join(names))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, LEGEND_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, now, x = QPainter(self), theme(), 0
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(12))
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        for label, name in enumerate(self.names):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(class_colour(label))
            middle_px = QPointF(x + MARK_PX / 2, LEGEND_PX / 2)
            painter.drawPolygon(
                QPolygonF([middle_px + QPointF(*corner) for corner in SIGN_PX * class_corners(label) * (1, -1)])
            )
            painter.setPen(now.text)
            wide = painter.fontMetrics().horizontalAdvance(name) + 2
            painter.drawText(QRect(x + MARK_PX + 2, 0, wide, LEGEND_PX), middle, name)
            x += MARK_PX + wide + GAP_PX


class PointSamples(QWidget):
    """All samples that are kept, at once."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self.plot, self.legend = ClassPoints(), PointLegend()
        self.plot.setFixedHeight(PLANE_PX)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.plot)
        column.addWidget(self.legend)
        self.retranslate()

    def show_samples(self, kept: KeptSamples, info: DataInfo, page: int) -> None:
        names = tuple(printable(name) for name in info.classes[:MOST_CLASSES])
        across, up = ("x₁", "x₂") if info.table is None else map(printable, info.table.inputs)
        self.plot.set_axis_names(across, up)
        self.plot.set_points(kept.x, kept.y, names)
        self.legend.show_names(names)

    def pages(self, kept: KeptSamples) -> int:
        return 1

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.plot.setAccessibleName(self.tr("Samples as points of a plane"))
