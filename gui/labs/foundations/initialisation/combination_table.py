"""All first weights against all activation functions, as a small map of numbers to click: how many times as much is left.

White cells keep what flows through them, blue ones lose it, red ones swell. It paints itself and knows no network. Shown on the
board of first weights.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite, log10

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.colours import diverging
from engine.figures import UNKNOWN
from engine.foundations.boards.initialisation.initialisation_numbers import rounded
from gui.shell.theme import THEME, font, theme

ROW_PX, HEAD_PX, NAME_GAP_PX, LEAST_CELL_PX = 23, 20, 10, 58
DECADES = 3.0  # from which on a colour is the last one
INK = QColor("#14171b")  # on the pale colours of both schemes
PALE = 0.62  # of the decades: stronger colours have bright figures
WAYS = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}

TablePlace = tuple[int, int]


class CombinationTable(QWidget):
    """`set_values` shows numbers by row and column; those that have not come yet are left out. A click chooses, and so
    does Enter at the cell that the arrow keys went to."""

    cell_chosen = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: Sequence[str] = ()
        self._columns: Sequence[str] = ()
        self._values: Mapping[TablePlace, float] = {}
        self._chosen: TablePlace | None = None
        self._current: TablePlace = (0, 0)
        self._written: dict[TablePlace, str] = {}  # of the cells that were painted
        self._names_px = 0.0
        self._font = font(12)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        THEME.changed.connect(self.update)

    def set_names(self, rows: Sequence[str], columns: Sequence[str]) -> None:
        self._rows, self._columns = rows, columns
        measure = QFontMetricsF(self._font)
        self._names_px = max(map(measure.horizontalAdvance, rows), default=0.0) + NAME_GAP_PX
        self.updateGeometry()
        self.update()

    def set_values(self, values: Mapping[TablePlace, float], chosen: TablePlace | None) -> None:
        """NaN is a cell in which there was nothing to begin with."""
        if (values, chosen) == (self._values, self._chosen):
            return
        if chosen is not None and chosen != self._chosen:
            self._current = chosen
            self.update()
        for cell in values.keys() | self._values.keys():
            if values.get(cell) != self._values.get(cell):
                self._written.pop(cell, None)
                self.update(self.place(*cell).toAlignedRect())
        self._values, self._chosen = dict(values), chosen
        self._describe()

    @property
    def chosen(self) -> TablePlace | None:
        return self._chosen

    def text(self, row: int, column: int, figures: int = 2) -> str:
        """What stands in a cell."""
        value = self._values.get((row, column))
        if value is None:
            return ""
        return rounded(value, figures) if isfinite(value) else UNKNOWN

    def colour(self, row: int, column: int) -> QColor | None:
        """A cell's colour; None where it has none."""
        value = self._values.get((row, column))
        if value is None or not isfinite(value):
            return None
        power = -DECADES if value <= 0 else min(max(log10(value), -DECADES), DECADES)
        return QColor(int(diverging()[round((power + DECADES) / (2 * DECADES) * 255)]))

    # --- places

    def sizeHint(self) -> QSize:
        wide = self._names_px + len(self._columns) * (LEAST_CELL_PX + 8)
        return QSize(round(wide), HEAD_PX + ROW_PX * max(len(self._rows), 1))

    def minimumSizeHint(self) -> QSize:
        return QSize(round(self._names_px) + len(self._columns) * LEAST_CELL_PX, HEAD_PX + 16 * max(len(self._rows), 1))

    def place(self, row: int, column: int) -> QRectF:
        """Where a cell is."""
        left, top = self._names_px, float(HEAD_PX)
        wide = (self.width() - left) / max(len(self._columns), 1)
        high = min((self.height() - top) / max(len(self._rows), 1), 1.6 * ROW_PX)
        return QRectF(left + column * wide, top + row * high, wide, high)

    def cell_at(self, point: QPointF) -> TablePlace | None:
        cells = ((row, column) for row in range(len(self._rows)) for column in range(len(self._columns)))
        return next((cell for cell in cells if self.place(*cell).contains(point)), None)

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._font)
        centre = Qt.AlignmentFlag.AlignCenter
        for column, name in enumerate(self._columns):
            head = self.place(0, column)
            painter.setPen(theme().muted)
            painter.drawText(QRectF(head.left(), 0, head.width(), HEAD_PX), centre, name)
        for row, name in enumerate(self._rows):
            first = self.place(row, 0)
            if not event.region().intersects(QRectF(0, first.top(), self.width(), first.height()).toAlignedRect()):
                continue
            painter.setPen(theme().text if self._chosen is not None and self._chosen[0] == row else theme().muted)
            names = QRectF(0, first.top(), first.left() - NAME_GAP_PX, first.height())
            painter.drawText(names, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, name)
            for column in range(len(self._columns)):
                if event.region().intersects(self.place(row, column).toAlignedRect()):
                    self._paint_cell(painter, row, column)
        if self._chosen is not None:
            painter.setPen(QPen(theme().window, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.place(*self._chosen).adjusted(1, 1, -2, -2))
        if self.hasFocus() and self._current != self._chosen:
            painter.setPen(QPen(theme().accent, 1, Qt.PenStyle.DashLine))
            painter.drawRect(self.place(*self._current).adjusted(1, 1, -2, -2))

    def _paint_cell(self, painter: QPainter, row: int, column: int) -> None:
        area = self.place(row, column).adjusted(0, 0, -1, -1)
        colour = self.colour(row, column)
        painter.fillRect(area, colour or theme().grid)
        if colour is None:
            painter.setPen(theme().muted)
        else:
            painter.setPen(INK if colour.lightnessF() > PALE else QColor("white"))
        text = self._written.get((row, column))
        if text is None:
            text = self._written[row, column] = self.text(row, column)
        if painter.fontMetrics().horizontalAdvance(text) > area.width() - 4:
            text = self.text(row, column, 1)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)

    # --- mouse and keys

    def told(self, cell: TablePlace) -> str:
        """A cell in words."""
        return f"{self._rows[cell[0]]}, {self._columns[cell[1]]}: {self.text(*cell) or UNKNOWN}"

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position())
        if cell is None:
            QToolTip.hideText()
        else:
            QToolTip.showText(event.globalPosition().toPoint(), self.told(cell), self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position())
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            self._current = cell
            self.cell_chosen.emit(*cell)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in WAYS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.cell_chosen.emit(*self._current)
            return
        way = WAYS.get(Qt.Key(event.key()))
        if way is None or not self._rows:
            super().keyPressEvent(event)
            return
        row, column = self._current[0] + way[0], self._current[1] + way[1]
        self._current = min(max(row, 0), len(self._rows) - 1), min(max(column, 0), len(self._columns) - 1)
        self._describe()
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._describe()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def _describe(self) -> None:
        if self._rows and self._columns:
            self.setAccessibleDescription(self.told(self._current))
