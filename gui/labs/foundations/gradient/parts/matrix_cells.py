"""A small matrix as cells with their numbers, coloured by sign and size; a cell is chosen by a click or the arrow keys.

Painted in one pass. Called by the page of the weight's gradient.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.colours import diverging
from engine.figures import fixed
from gui.plots.graphs.graph_parts import GraphValues
from gui.shell.theme import THEME, font, theme

LEFT_PX, TOP_PX, GAP_PX, MOST_CELL_PX = 28.0, 20.0, 3.0, 64.0
_PALE = 0.75  # of a colour, the rest is white
_STRIDES = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}


class MatrixCells(QWidget):
    cell_chosen = Signal(int, int)  # row and column, by the user

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.values: GraphValues = np.zeros((1, 1))
        self.chosen = (0, 0)
        self._rows: Sequence[str] = ()
        self._columns: Sequence[str] = ()
        self._ringed = False  # the keyboard has come here
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(90)
        THEME.changed.connect(self.update)

    def show_matrix(self, values: GraphValues, rows: Sequence[str], columns: Sequence[str], chosen: tuple[int, int]) -> None:
        """Show numbers (rows, columns) with their names; nothing is emitted."""
        self.values, self._rows, self._columns, self.chosen = values, rows, columns, chosen
        row, column = chosen
        self.setAccessibleDescription(f"{rows[row]}, {columns[column]}: {fixed(float(values[row, column]))}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, 150)

    def cell_rect(self, row: int, column: int) -> QRectF:
        """Where a cell is."""
        count_rows, count_columns = self.values.shape
        wide = (self.width() - LEFT_PX) / count_columns
        high = min((self.height() - TOP_PX) / count_rows, MOST_CELL_PX)
        return QRectF(LEFT_PX + column * wide, TOP_PX + row * high, wide - GAP_PX, high - GAP_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme(), QPainter(self)
        painter.setFont(font(12))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        most = float(np.abs(self.values).max()) or 1.0
        table = diverging()
        for (row, column), value in np.ndenumerate(self.values):
            area = self.cell_rect(row, column)
            colour = QColor.fromRgb(int(table[int(127.5 + 127.5 * float(value) / most)]))
            painter.setPen(QPen(now.text, 2) if (row, column) == self.chosen else Qt.PenStyle.NoPen)
            painter.setBrush(_pale(colour))
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 4, 4)
            painter.setPen(QColor(Qt.GlobalColor.black))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, fixed(float(value)))
        painter.setPen(now.muted)
        for row, name in enumerate(self._rows):
            area = self.cell_rect(row, 0)
            painter.drawText(QRectF(0, area.top(), LEFT_PX, area.height()), Qt.AlignmentFlag.AlignVCenter, name)
        for column, name in enumerate(self._columns):
            area = self.cell_rect(0, column)
            painter.drawText(QRectF(area.left(), 0, area.width(), TOP_PX), Qt.AlignmentFlag.AlignCenter, name)
        if self._ringed:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(now.accent, 1))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for (row, column), _ in np.ndenumerate(self.values):
            if self.cell_rect(row, column).contains(event.position()):
                self.cell_chosen.emit(row, column)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        stride = _STRIDES.get(Qt.Key(event.key()))
        if stride is None:
            event.ignore()
            return
        row, column = self.chosen[0] + stride[0], self.chosen[1] + stride[1]
        if 0 <= row < self.values.shape[0] and 0 <= column < self.values.shape[1]:
            self.cell_chosen.emit(row, column)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ringed = event.reason() not in (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._ringed = False
        self.update()


def _pale(colour: QColor) -> QColor:
    """The colour with some white: a number on it can be read."""
    parts = [round(_PALE * part + (1 - _PALE) * 255) for part in (colour.red(), colour.green(), colour.blue())]
    return QColor(*parts)
