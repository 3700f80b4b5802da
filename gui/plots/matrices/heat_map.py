"""A matrix as colours: rows downwards, columns to the right, with a colour bar that says what the colours mean.

What is not a finite number has no colour: its cell is dotted, and the description counts such cells. Called by
the labs that show values over time steps or units.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QGraphicsPathItem, QToolTip, QWidget

from engine.colours import ColourMap, diverging, viridis
from engine.figures import measured
from gui.plots.look import pen_of, segment
from gui.plots.matrices.cell_keys import STRIDES, walked
from gui.plots.numbers.ranges import Range, Tick, value_ticks
from gui.plots.plot import Plot
from gui.plots.plot_axes import PlotAxis
from gui.shell.theme import theme

BAR_PX, BAR_GAP_PX, BAR_FIGURES_PX = 12.0, 10.0, 46.0
NAME_PX = 18.0  # a row's name needs so much


class HeatMap(Plot):
    """`set_values` shows a matrix; signed values get the map with zero in its middle. The cell under the pointer, or moved
    to by the arrow keys, is told in a tooltip."""

    cursor_moved = Signal(object)  # the column under the cursor, from 0, or None
    cell_chosen = Signal(int, int)  # row and column, by click or Enter

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        left, top, right, bottom = self.margins
        self.margins = (left, top, right + BAR_GAP_PX + BAR_PX + BAR_FIGURES_PX, bottom)
        self._values: npt.NDArray[np.float32] = np.empty((0, 0), np.float32)
        self._levels: Range = (0.0, 1.0)
        self._signed = False
        self._table_signed: bool | None = None  # whether the colours are those of signed values
        self._rows: Sequence[str] = ()
        self._columns: Sequence[str] = ()
        self._cell: tuple[int, int] | None = None
        self.image = pg.ImageItem(axisOrder="row-major")
        self.box.addItem(self.image, ignoreBounds=True)
        self.box.invertY(True)  # row 0 on top
        self._column_line = QGraphicsPathItem()
        self.add_item(self._column_line)
        whole = self.centralWidget  # type: ignore[attr-defined]
        self._bar_box = pg.ViewBox(enableMenu=False, enableMouse=False)
        self._bar_box.setParentItem(whole)
        self._bar_box.disableAutoRange()
        self._bar_axis = PlotAxis("right", whole)
        self._bar_axis.linkToView(self._bar_box)
        self._bar = pg.ImageItem(np.arange(256, dtype=np.float32)[:, None], axisOrder="row-major", levels=(0, 255))
        self._bar_box.addItem(self._bar, ignoreBounds=True)
        self._lay_out()
        self.restyle()

    def set_values(
        self,
        values: npt.ArrayLike,
        *,
        signed: bool = False,
        levels: Range | None = None,
        rows: Sequence[str] = (),
        columns: Sequence[str] = (),
    ) -> None:
        """Show a matrix (rows, columns). `levels` are the values of the first and the last colour; left out, those of
        the data, and of signed ones the same on both sides of zero. `rows` and `columns` are names; left out, numbers."""
        found = np.asarray(values, np.float32)
        if found.ndim != 2:
            raise ValueError(f"a heat map shows a matrix, not {found.ndim} dimensions")
        same = found.shape == self._values.shape
        self._values, self._signed, self._rows, self._columns = found, signed, rows, columns
        if not same:
            self._cell = None
        finite = np.isfinite(found)
        self._levels = levels or _levels(found[finite], signed)
        shown = found if finite.all() else np.where(finite, found, np.float32(np.nan))
        if shown.size:
            self.image.setImage(shown, levels=self._levels, autoLevels=False)
        self.image.setVisible(shown.size > 0)
        self._tell(int(found.size - finite.sum()))
        self.restyle()

    @property
    def levels(self) -> Range:
        """The values of the first and the last colour."""
        return self._levels

    def _colours(self) -> ColourMap:
        return diverging() if self._signed else viridis()

    def _tell(self, missing: int) -> None:
        rows, columns = self._values.shape
        low, high = (measured(value) for value in self._levels)
        text = self.tr("{rows} × {columns} values from {low} to {high}").format(rows=rows, columns=columns, low=low, high=high)
        if missing:
            text += self.tr(", {count} not finite").format(count=missing)
        self.describe(text)

    def columns(self) -> dict[str, list[object]]:
        if self._values.size == 0:
            return {}
        table: dict[str, list[object]] = {"row": [self._row(number) for number in range(self._values.shape[0])]}
        for number in range(self._values.shape[1]):
            table[self._column(number)] = self._values[:, number].tolist()
        return table

    def _row(self, number: int) -> str:
        return self._rows[number] if number < len(self._rows) else str(number)

    def _column(self, number: int) -> str:
        return self._columns[number] if number < len(self._columns) else str(number)

    # --- drawing

    def _lay_out(self) -> None:
        super()._lay_out()
        if not hasattr(self, "_bar_axis"):
            return
        area = self.area
        bar = QRectF(area.right() + BAR_GAP_PX, area.top(), BAR_PX, area.height())
        self._bar_box.setGeometry(bar)
        self._bar_axis.setWidth(BAR_FIGURES_PX)
        self._bar_axis.place(QRectF(bar.right(), area.top(), BAR_FIGURES_PX, area.height()))

    def draw(self) -> None:
        rows, columns = max(self._values.shape[0], 1), max(self._values.shape[1], 1)
        self.set_limits((0.0, float(columns)), (0.0, float(rows)))
        area = self.area
        names = max((len(self._column(number)) for number in range(columns)), default=1)
        self.set_figures(
            _cells(self._column, columns, area.width() / max(7.0 * names + 10, 24)),
            _cells(self._row, rows, area.height() / NAME_PX),
        )
        self.grid.hide()
        self._write_bar()
        self._column_line.setVisible(self._cell is not None)
        if self._cell is not None:
            column = self._cell[1] + 0.5
            self._column_line.setPath(segment(column, 0.0, column, float(rows)))

    def _write_bar(self) -> None:
        low, high = self._levels
        self._bar_box.setRange(xRange=(0, 1), yRange=(low, high), padding=0, disableAutoRange=False)
        self._bar.setRect(QRectF(0, low, 1, high - low))
        self._bar_axis.set_figures(value_ticks((low, high), self.area.height()))

    def restyle(self) -> None:
        if self._signed is not self._table_signed:
            self._table_signed, colours = self._signed, self._colours()
            table = np.stack([(colours >> shift) & 255 for shift in (16, 8, 0)], axis=1).astype(np.uint8)
            for image in (self.image, self._bar):
                image.setLookupTable(table)
        if self._scheme is not theme():
            self._bar_axis.restyle()
            self._column_line.setPen(pen_of(theme().window))
            self.box.setBackgroundColor(theme().panel)
            dots = QBrush(theme().muted, Qt.BrushStyle.Dense4Pattern)  # where a value is not finite
            self.box.background.setBrush(dots)
        super().restyle()

    def paintEvent(self, event: object) -> None:
        self._bar_box.updateMatrix()
        super().paintEvent(event)  # type: ignore[arg-type]

    # --- the cell under the cursor

    @property
    def cell(self) -> tuple[int, int] | None:
        """Row and column under the cursor."""
        return self._cell

    def cell_at(self, point: QPoint) -> tuple[int, int] | None:
        """Row and column at a pixel of the widget."""
        if not self.area.contains(point) or self._values.size == 0:
            return None
        across, up = self.place_at(point)
        rows, columns = self._values.shape
        return min(int(rows - up), rows - 1), min(int(across), columns - 1)

    def set_cursor(self, column: float | None) -> None:
        """Show the cursor at a column, without telling anybody."""
        columns = self._values.shape[1]
        if column is None or not columns:
            self._cell = None
        else:
            self._cell = (self._cell[0] if self._cell else 0), min(max(round(column), 0), columns - 1)
        self.draw()

    def _move_cell(self, cell: tuple[int, int] | None, at: QPoint | None = None) -> None:
        before, self._cell = self._cell, cell
        if cell is None:
            QToolTip.hideText()
        else:
            point = at or self.mapToGlobal(self.point_of_cell(*cell))
            value = measured(float(self._values[cell]))
            QToolTip.showText(point, f"{self._row(cell[0])}, {self._column(cell[1])}: {value}", self)
        if cell != before:
            self.draw()
            self.cursor_moved.emit(None if cell is None else cell[1])

    def point_of_cell(self, row: int, column: int) -> QPoint:
        """The pixel in the middle of a cell."""
        return self.point_of(column + 0.5, self._values.shape[0] - row - 0.5).toPoint()

    def moved(self, event: QMouseEvent) -> None:
        self._move_cell(self.cell_at(event.position().toPoint()), event.globalPosition().toPoint())

    def pressed(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position().toPoint())
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            self.cell_chosen.emit(*cell)

    def left_alone(self) -> None:
        self._move_cell(None)

    def keys(self) -> frozenset[int]:
        return super().keys() | frozenset(STRIDES)

    def key(self, event: QKeyEvent) -> bool:
        if self._values.size == 0:
            return False
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._cell is not None:
            self.cell_chosen.emit(*self._cell)
            return True
        cell = walked(self._cell, event.key(), *self._values.shape)
        if cell is None:
            return False
        self._move_cell(cell)
        return True


def _levels(values: npt.NDArray[np.float32], signed: bool) -> Range:
    """Never of no width: a constant would be black whatever its value."""
    if len(values) == 0:
        return (-1.0, 1.0) if signed else (0.0, 1.0)
    low, high = float(values.min()), float(values.max())
    if signed:
        most = max(abs(low), abs(high)) or 1.0
        return -most, most
    return (low, high) if high > low else (min(low, 0.0), max(high, 0.0) or 1.0)


def _cells(name: Callable[[int], str], count: int, most: float) -> list[Tick]:
    """The names of some of the cells, in their middle: as many as there is room for."""
    stride = max(1, -(-count // max(int(most), 1)))
    return [(number + 0.5, name(number)) for number in range(0, count, stride)]
