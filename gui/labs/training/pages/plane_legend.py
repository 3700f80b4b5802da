"""What the signs of the decision boundary mean: a shape and a colour for each class, and the signs of the points and lines.

Called by the page of that name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.colours import viridis
from engine.figures import measured
from gui.shell.theme import THEME, font, theme
from gui.widgets.maps.colour_legend import strip_of

ROW_PX, SIGN_PX, SIDE_PX = 19, 20, 4.0
WIDE_PX, STRIP_PX = 104, 36
ANY_PX = 16_777_215  # as large as it gets: QWIDGETSIZE_MAX
MIDDLE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter

PaintedSign: TypeAlias = Callable[[QPainter, QPointF], None]


class PlaneLegend(QWidget):
    """A column of signs with a word each; `show_classes` says what there is. Those that have no room are left out, the last
    ones first, and stand in the tooltip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._classes: tuple[str, ...] = ()
        self._ends: tuple[float, float] | None = None
        self._has_units = False
        self._below = False
        self.set_below(False)
        THEME.changed.connect(self.update)

    def set_below(self, below: bool) -> None:
        """Stand below the plot, in as many columns as there is room for, or beside it."""
        self._below = below
        across = QSizePolicy.Policy.Ignored if below else QSizePolicy.Policy.Fixed
        self.setSizePolicy(across, QSizePolicy.Policy.Preferred if below else QSizePolicy.Policy.Expanding)
        self._fit()

    @property
    def _columns(self) -> int:
        return max(self.width() // WIDE_PX, 1) if self._below else 1

    def _fit(self) -> None:
        """As wide, or as high at most, as the place needs: where there is less, the last signs are left out."""
        self.setMinimumWidth(0 if self._below else WIDE_PX)
        self.setMaximumSize(*((ANY_PX, self._height) if self._below else (WIDE_PX, ANY_PX)))
        self.updateGeometry()

    @property
    def _height(self) -> int:
        return ROW_PX * -(-max(len(self.entries()), 1) // self._columns)

    def show_classes(self, classes: tuple[str, ...], *, units: bool) -> None:
        """`units`: whether there are lines of them."""
        if (classes, None, units) != (self._classes, self._ends, self._has_units):
            self._classes, self._ends, self._has_units = classes, None, units
            self._tell()

    def show_numbers(self, ends: tuple[float, float], *, units: bool) -> None:
        """The same for a regression, whose colours go from the one of `ends` to the other."""
        if ((), ends, units) != (self._classes, self._ends, self._has_units):
            self._classes, self._ends, self._has_units = (), ends, units
            self._tell()

    def sizeHint(self) -> QSize:
        return QSize(WIDE_PX, self._height)

    def minimumSizeHint(self) -> QSize:
        return QSize(0 if self._below else WIDE_PX, 0)

    def _tell(self) -> None:
        self.setToolTip("\n".join(text for _, text in self.entries()))
        self.setAccessibleDescription(", ".join(text for _, text in self.entries()))
        self._fit()
        self.update()

    def entries(self) -> list[tuple[PaintedSign, str]]:
        """The signs and what they mean, the most important first."""
        from gui.plots.matrices.plane_plot import class_colour, class_corners

        found: list[tuple[PaintedSign, str]] = []
        for number, name in enumerate(self._classes):
            found.append(
                (_shape(class_corners(number).tolist(), class_colour(number)), self.tr("class {name}").format(name=name))
            )
        if self._ends is not None:
            low, high = (measured(end, 3) for end in self._ends)
            found.append((_strip, f"{low} … {high}"))
        if self._classes:
            found.append((_cross, self.tr("wrong")))
        found.append((_dot(filled=True), self.tr("training")))
        found.append((_dot(filled=False), self.tr("validation")))
        if self._classes:
            boundary = "p = 0.5" if len(self._classes) == 2 else self.tr("boundary")
            found.append((_line(width=2.0, dashed=False), boundary))
        if self._has_units:
            found.append((_line(width=1.0, dashed=True), self.tr("unit's line")))
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(11))
        measure = painter.fontMetrics()
        columns = self._columns
        wide = self.width() / columns
        for number, (sign, text) in enumerate(self.entries()[: columns * max(self.height() // ROW_PX, 1)]):
            row, column = divmod(number, columns)
            lead = STRIP_PX + 6 if sign is _strip else SIGN_PX
            sign(painter, QPointF(column * wide, row * ROW_PX + ROW_PX / 2))
            painter.setPen(theme().muted)
            room = QRectF(column * wide + lead, row * ROW_PX, wide - lead, ROW_PX)
            painter.drawText(room, MIDDLE, measure.elidedText(text, Qt.TextElideMode.ElideRight, int(room.width())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._below and event.size().width() != event.oldSize().width():
            self._fit()
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._tell()


def _shape(corners: Sequence[Sequence[float]], colour: QColor) -> PaintedSign:
    def paint(painter: QPainter, at: QPointF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        centre = at + QPointF(SIGN_PX / 2 - 2, 0)
        painter.drawPolygon(QPolygonF([centre + QPointF(SIDE_PX * x, -SIDE_PX * y) for x, y in corners]))

    return paint


def _dot(*, filled: bool) -> PaintedSign:
    def paint(painter: QPainter, at: QPointF) -> None:
        now = theme()
        painter.setPen(QPen(now.muted, 1.8))
        painter.setBrush(now.muted if filled else now.panel)
        painter.drawEllipse(at + QPointF(SIGN_PX / 2 - 2, 0), SIDE_PX - 1, SIDE_PX - 1)

    return paint


def _cross(painter: QPainter, at: QPointF) -> None:
    centre = at + QPointF(SIGN_PX / 2 - 2, 0)
    painter.setPen(QPen(theme().text, 1.8))
    for way in (-1, 1):
        painter.drawLine(QLineF(centre + QPointF(-SIDE_PX, -SIDE_PX * way), centre + QPointF(SIDE_PX, SIDE_PX * way)))


def _line(*, width: float, dashed: bool) -> PaintedSign:
    def paint(painter: QPainter, at: QPointF) -> None:
        pen = QPen(theme().text, width)
        if dashed:
            pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.drawLine(QLineF(at, at + QPointF(SIGN_PX - 4, 0)))

    return paint


def _strip(painter: QPainter, at: QPointF) -> None:
    strip: QImage = strip_of(viridis())
    painter.drawImage(QRectF(at.x(), at.y() - 4, STRIP_PX, 8), strip)
