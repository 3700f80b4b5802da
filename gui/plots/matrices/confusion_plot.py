"""The confusion matrix: true classes downwards, predicted ones to the right, each cell with its count and a colour by it.
Beside it the recall of each true class, below it the precision of each predicted one, where there is room.

The colour goes with the square root of the count, or else two mistakes beside forty right answers would look like none. Called
by the training lab's page of that name.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from engine.colours import viridis
from engine.figures import full_count, percent
from gui.plots.matrices.cell_keys import STRIDES, walked
from gui.plots.plot import Plot
from gui.shell.theme import font, theme

NAME_PX, HEAD_PX = 17.0, 16.0  # the names of the axes; the names of the columns
NAME_GAP = 5.0  # px between the name of the true classes and the names themselves
SHARE_PX, SHARES_PX = 62.0, 16.0  # the column of recalls, the row of precisions
LEAST_CELL = (17.0, 15.0)  # px: narrower and lower cells have no figures, and no shares beside them
LEAST_SHARE_PX, FINE_SHARE_PX = 21.0, 38.0  # of a cell, so that a precision stands below it: a whole one, one with a decimal
UNKNOWN_SHARE = "—"
CENTRE = Qt.AlignmentFlag.AlignCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter

Shares = list[float | None]


class ConfusionPlot(Plot):
    """`set_counts` shows a matrix. The cell under the pointer, or moved to by the arrow keys, is `cell`; a click or Enter
    chooses it."""

    cell_chosen = Signal(int, int)  # true and predicted class
    cell_moved = Signal(object)  # (true, predicted) under the cursor, or None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: npt.NDArray[np.int64] = np.zeros((0, 0), np.int64)
        self._names: tuple[str, ...] = ()
        self._recall: Shares = []
        self._precision: Shares = []
        self._cell: tuple[int, int] | None = None
        self._chosen: tuple[int, int] | None = None
        self.export_name = "confusion matrix"
        for part in (self.left, self.bottom, self.grid):
            part.hide()
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.retranslate()

    def set_counts(self, counts: npt.NDArray[np.int64], names: tuple[str, ...], recall: Shares, precision: Shares) -> None:
        """Show `counts[true, predicted]` of the classes `names`, with the recall and the precision of each class; None is one
        that is not known."""
        if counts.shape != self._counts.shape:
            self._cell = self._chosen = None
        self._counts, self._names, self._recall, self._precision = counts, names, recall, precision
        self.viewport().update()

    def set_chosen(self, cell: tuple[int, int] | None) -> None:
        """Mark a cell as chosen, without telling anybody."""
        self._chosen = cell
        self.viewport().update()

    @property
    def cell(self) -> tuple[int, int] | None:
        return self._cell

    @property
    def counts(self) -> npt.NDArray[np.int64]:
        return self._counts

    def columns(self) -> dict[str, list[object]]:
        """A row for each true class, and the last one for the precisions."""
        if not len(self._counts):
            return {}
        table: dict[str, list[object]] = {self.tr("True"): [*self._names, self.tr("Precision")]}
        for number, name in enumerate(self._names):
            heading = self.tr("Predicted {name}").format(name=name)
            table[heading] = [*self._counts[:, number].tolist(), self._precision[number]]
        table[self.tr("Recall")] = [*self._recall, None]
        return table

    # --- places

    def _margins(self) -> tuple[float, float, float, float]:
        measure = QFontMetricsF(font(11))
        widest = max((measure.horizontalAdvance(_seen(name)) for name in self._names), default=8.0)
        return NAME_PX + NAME_GAP + min(widest, 70.0) + 6.0, NAME_PX + HEAD_PX, 2.0, 2.0

    def _area(self) -> tuple[QRectF, bool, bool]:
        """Where the cells are, and whether recalls and precisions have room beside them."""
        left, top, right, bottom = self._margins()
        count = max(len(self._counts), 1)
        width, height = self.width() - left - right, self.height() - top - bottom
        recalls = (width - SHARE_PX) / count >= LEAST_CELL[0] and (height / count) >= LEAST_CELL[1] - 2
        width -= SHARE_PX if recalls else 0
        precisions = recalls and (height - SHARES_PX) / count >= LEAST_CELL[1] - 2 and width / count >= LEAST_SHARE_PX
        height -= SHARES_PX if precisions else 0
        side = min(width / count, 3.0 * max(height, 1.0) / count)  # a cell is at most three times as wide as high
        high = min(height / count, side)
        return QRectF(left, top, max(side, 1.0) * count, max(high, 1.0) * count), recalls, precisions

    def cell_at(self, point: QPoint) -> tuple[int, int] | None:
        """The true and the predicted class at a pixel of the widget."""
        area, _, _ = self._area()
        if not len(self._counts) or not area.contains(point):
            return None
        count = len(self._counts)
        row = int((point.y() - area.top()) / area.height() * count)
        column = int((point.x() - area.left()) / area.width() * count)
        return min(row, count - 1), min(column, count - 1)

    def place_of(self, true: int, predicted: int) -> QRectF:
        """Where a cell is, in pixels of the widget."""
        area, _, _ = self._area()
        count = max(len(self._counts), 1)
        wide, high = area.width() / count, area.height() / count
        return QRectF(area.left() + predicted * wide, area.top() + true * high, wide, high)

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        self._paint_matrix(painter, cursor=True)
        painter.end()

    def paint(self, painter: QPainter) -> None:
        super().paint(painter)
        self._paint_matrix(painter, cursor=False)

    def draw(self) -> None:
        if hasattr(self, "_counts"):
            self.viewport().update()

    def _paint_matrix(self, painter: QPainter, *, cursor: bool) -> None:
        if not len(self._counts):
            return
        now, (area, recalls, precisions) = theme(), self._area()
        most = max(int(self._counts.max()), 1)
        painter.setFont(font(11))
        wide, high = area.width() / len(self._counts), area.height() / len(self._counts)
        figures = wide >= LEAST_CELL[0] and high >= LEAST_CELL[1] - 2
        for (true, predicted), count in np.ndenumerate(self._counts):
            place = self.place_of(true, predicted)
            colour = QColor.fromRgb(int(viridis()[round(255 * (count / most) ** 0.5)]))
            painter.fillRect(place.adjusted(0.5, 0.5, -0.5, -0.5) if figures else place, colour)
            if figures and count:
                painter.setPen(QColor("#000000") if colour.lightnessF() > 0.45 else QColor("#ffffff"))
                painter.drawText(place, CENTRE, full_count(int(count)))
        self._paint_names(painter, area)
        painter.setFont(font(11))
        if recalls:
            painter.setPen(now.muted)
            heading = QRectF(area.right(), area.top() - HEAD_PX - NAME_PX, SHARE_PX, HEAD_PX + NAME_PX)
            painter.drawText(heading, RIGHT | Qt.AlignmentFlag.AlignBottom, self.tr("Recall"))
            for number, share in enumerate(self._recall):
                place = self.place_of(number, 0)
                painter.drawText(QRectF(area.right(), place.top(), SHARE_PX, place.height()), RIGHT, _written(share))
        if precisions:
            painter.setPen(now.muted)
            fine = wide >= FINE_SHARE_PX
            row = QRectF(area.right(), area.bottom() + 1, SHARE_PX, SHARES_PX)
            painter.drawText(row, RIGHT, self.tr("Precision") if fine else self.tr("Precision %"))
            for number, share in enumerate(self._precision):
                place = self.place_of(0, number)
                text = _written(share) if fine or share is None else f"{100 * share:.0f}"
                painter.drawText(QRectF(place.left() - 4, row.top(), place.width() + 8, SHARES_PX), CENTRE, text)
        for cell, colour in ((self._chosen, now.window), (self._cell if cursor else None, now.accent)):
            if cell is not None:
                painter.setPen(QPen(colour, 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(self.place_of(*cell))

    def _paint_names(self, painter: QPainter, area: QRectF) -> None:
        """The names of the axes and of the classes: as many as there is room for."""
        painter.setPen(theme().muted)
        across = QRectF(area.left(), area.top() - HEAD_PX - NAME_PX, area.width(), NAME_PX)
        painter.drawText(across, CENTRE, self.tr("Predicted class"))
        painter.save()
        painter.translate(NAME_PX / 2, area.center().y())
        painter.rotate(-90)
        painter.drawText(QRectF(-area.height() / 2, -NAME_PX / 2, area.height(), NAME_PX), CENTRE, self.tr("True class"))
        painter.restore()
        painter.setPen(theme().text)
        measure = painter.fontMetrics()
        widest = max(measure.horizontalAdvance(_seen(name)) for name in self._names)
        skip_x = max(1, -(-int(widest + 4) // max(int(self.place_of(0, 0).width()), 1)))
        skip_y = max(1, -(-12 // max(int(self.place_of(0, 0).height()), 1)))
        for number, name in enumerate(self._names):
            place = self.place_of(number, number)
            if number % skip_x == 0:
                head = QRectF(place.left() - 20, area.top() - HEAD_PX, place.width() + 40, HEAD_PX)
                painter.drawText(head, CENTRE, _seen(name))
            if number % skip_y == 0:
                room = QRectF(NAME_PX + NAME_GAP, place.top() - 4, area.left() - NAME_PX - NAME_GAP - 5, place.height() + 8)
                painter.drawText(room, RIGHT, measure.elidedText(_seen(name), Qt.TextElideMode.ElideRight, int(room.width())))

    # --- the cell under the cursor

    def _move_cell(self, cell: tuple[int, int] | None) -> None:
        if cell != self._cell:
            self._cell = cell
            self.viewport().update()
            self.cell_moved.emit(cell)

    def moved(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position().toPoint())
        self._move_cell(cell)
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor if cell is None else Qt.CursorShape.PointingHandCursor)
        if cell is None:
            QToolTip.hideText()
        else:
            QToolTip.showText(event.globalPosition().toPoint(), self.told(*cell), self)

    def told(self, true: int, predicted: int) -> str:
        """A cell in words: both classes named, so that nobody takes one for the other."""
        count = full_count(int(self._counts[true, predicted]))
        names = {"true": _seen(self._names[true]), "predicted": _seen(self._names[predicted])}
        return self.tr("True {true}, predicted {predicted}: {count}").format(count=count, **names)

    def pressed(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position().toPoint())
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            self._move_cell(cell)
            self.cell_chosen.emit(*cell)

    def left_alone(self) -> None:
        if not self.hasFocus():
            self._move_cell(None)

    def keys(self) -> frozenset[int]:
        return super().keys() | frozenset(STRIDES)

    def key(self, event: QKeyEvent) -> bool:
        count = len(self._counts)
        if not count:
            return False
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._cell is not None:
            self.cell_chosen.emit(*self._cell)
            return True
        cell = walked(self._cell, event.key(), count, count)
        if cell is None:
            return False
        self._move_cell(cell)
        self.describe(self.told(*cell))
        return True

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Confusion matrix"))
        self.viewport().update()


def _written(share: float | None) -> str:
    return UNKNOWN_SHARE if share is None else percent(share)


def _seen(name: str) -> str:
    return "␣" if name == " " else name
