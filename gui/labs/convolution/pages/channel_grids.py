"""A picture as numbers: a grid for each channel, side by side, all showing the same part. Called by the tensor page.

Hides how many channels are shown, how large cells are, and which part is in view.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import product

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.cells.memory_order import PictureIndex
from engine.colours import viridis
from gui.labs.convolution.pages.memory_strip import channel_name
from gui.shell.theme import THEME, font, theme
from gui.widgets.figures.written_numbers import number_text
from gui.widgets.grids.grid_menu import grid_menu
from gui.widgets.grids.number_grid import NumberGrid
from gui.widgets.grids.sheet import TITLE_PX, GridCell, Sheet
from gui.widgets.grids.table_data import Table

GAP_PX = 12
USUAL_CHANNELS = 3  # that fit side by side
SIDES = (7, 6, 5, 4, 3)  # cells along a side: the most that fit at a readable size
SIZES_PX, SMALL_PX = (
    (34, 30, 27, 24),
    (21, 18),
)  # of a cell; the small ones are for a small picture that is shown whole, or where there is little room
MOST_CELLS = 16  # along a side
TITLE_GAP_PX = 4  # between two titles


class ChannelGrids(QWidget):
    pointed = Signal(object)  # the Spot under the pointer, or None
    picked = Signal(object)  # the Spot that was clicked or reached with the arrow keys

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._values: NDArray[np.float32] | None = None  # (C, H, W)
        self._names: tuple[str, ...] = ()
        self._ends = (0.0, 1.0)
        self._corner = PictureIndex(0, 0, 0)  # the first channel, row and column in view
        self._extent = PictureIndex(1, 1, 1)  # how many of each
        self._mark = PictureIndex(0, 0, 0)
        self._hovering = self._arranging = False
        self._pace = 1  # pixels from one grid to the next
        self.grids: list[NumberGrid] = []
        self._wordings: list[tuple[str, ...]] = []  # of the title of each grid, the longest first
        THEME.changed.connect(self.update)
        for _ in range(USUAL_CHANNELS):  # made now, so that the Tab key comes to them first
            self._add_grid()

    # --- what is shown

    def show_values(
        self, values: NDArray[np.float32], names: Sequence[str], ends: tuple[float, float], around: PictureIndex
    ) -> None:
        """Show the part of `values` (C, H, W) around `around`. Colours run between `ends`."""
        same = values is self._values and (tuple(names), ends) == (self._names, self._ends)
        self._values, self._names, self._ends = values, tuple(names), ends
        if not same:
            self._mark = around  # the mark before may lie outside this picture
        if not same or not self.holds(around):
            self._arrange(around)

    def light(self, mark: PictureIndex) -> None:
        """Light one cell in every channel, and the title of its own channel. The part in view follows the cell, unless the
        pointer is on one of the grids."""
        if self._values is None:
            return
        self._mark = mark
        if not self._hovering and not self.holds(mark):
            self._arrange(mark)
        self._light()

    def holds(self, spot: PictureIndex) -> bool:
        return self._values is not None and all(
            first <= place < first + count for first, place, count in zip(self._corner, spot, self._extent, strict=True)
        )

    @property
    def channels(self) -> range:
        """The channels in view."""
        return range(self._corner.c, self._corner.c + self._extent.c)

    @property
    def partial(self) -> bool:
        """Whether there are more channels than are in view."""
        return self._values is not None and self._extent.c < self._values.shape[0]

    def grid_of(self, channel: int) -> NumberGrid:
        return self.grids[channel - self._corner.c]

    # --- where everything is

    def _fitting(self, shape: tuple[int, ...]) -> tuple[int, int, int, int]:
        """(channels, rows, columns) in view, and the pixels of a cell."""
        channels, height, width = shape
        together = min(channels, USUAL_CHANNELS)
        room_x = (self.width() - (together - 1) * GAP_PX) // together - 1
        room_y = self.height() - TITLE_PX - 1
        px = next(
            (size for side, size in self._choices(height, width) if self._fits(side, size, shape, room_x, room_y)), SMALL_PX[-1]
        )
        rows = min(height, MOST_CELLS, max(1, room_y // px))
        columns = min(width, MOST_CELLS, max(1, room_x // px))
        across = max(1, (self.width() + GAP_PX) // (columns * px + 1 + GAP_PX))
        return min(channels, across), rows, columns, px

    @staticmethod
    def _choices(height: int, width: int) -> Iterator[tuple[int, int]]:
        """(cells along a side, pixels of a cell), the best first."""
        for side in SIDES:
            yield from product([side], SIZES_PX)
            if max(height, width) <= side:
                yield from product([side], SMALL_PX)
        yield from product([SIDES[-1]], SMALL_PX)

    @staticmethod
    def _fits(side: int, px: int, shape: tuple[int, ...], room_x: int, room_y: int) -> bool:
        return min(side, shape[2]) * px <= room_x and min(side, shape[1]) * px <= room_y

    def _arrange(self, around: PictureIndex) -> None:
        if self._values is None:
            return
        shape = self._values.shape
        self._mark = PictureIndex(*(min(place, side - 1) for place, side in zip(self._mark, shape, strict=True)))
        *counts, px = self._fitting(shape)
        self._extent = PictureIndex(*counts)
        self._corner = PictureIndex(
            *(min(max(place - count // 2, 0), side - count) for place, count, side in zip(around, counts, shape, strict=True))
        )
        while len(self.grids) < self._extent.c:
            self._add_grid()
        rows = slice(self._corner.h, self._corner.h + self._extent.h)
        columns = slice(self._corner.w, self._corner.w + self._extent.w)
        self._pace = self._extent.w * px + 1 + GAP_PX
        self._arranging = True
        for number, grid in enumerate(self.grids):
            shown = number < self._extent.c
            grid.setVisible(shown)
            if shown:
                part = self._values[self._corner.c + number, rows, columns].astype(np.float64)
                extent = (0, 0, shape[1], shape[2])
                grid.set_sheet(Sheet(part, (rows.start, columns.start), extent, viridis(), *self._ends), px)
                grid.move(number * self._pace, TITLE_PX)
        self._arranging = False
        self._light()

    def _add_grid(self) -> None:
        grid, number = NumberGrid(self), len(self.grids)
        grid.hide()
        grid.pointed.connect(lambda cell, number=number: self._pointed(number, cell))
        grid.pinned.connect(lambda cell, number=number: self.picked.emit(self._spot(number, cell)))
        grid.walked.connect(lambda cell, number=number: self.picked.emit(self._spot(number, cell)))
        grid.shifted.connect(self._shifted)
        grid_menu(grid, lambda: self.titles[number], table=partial(self._table, number))
        self.grids.append(grid)

    def _table(self, number: int) -> Table:
        """The whole channel of which a grid shows a part."""
        assert self._values is not None
        _, rows, columns = self._values.shape
        return Table(self.titles[number], self._values[self.channels[number]], range(rows), range(columns))

    def _light(self) -> None:
        assert self._values is not None
        cell = (self._mark.h, self._mark.w)
        titles = list[tuple[str, ...]]()
        for number, channel in enumerate(self.channels):
            name = channel_name(self._names, channel)
            value = number_text(float(self._values[channel, *cell]))
            head = f"{name} (c = {channel})" if name and name != f"c{channel}" else f"c = {channel}"
            titles.append((f"{head}: {value}", f"{name}: {value}", value))
            self.grids[number].set_lit([cell], cell)
            self.grids[number].setAccessibleName(head)
        self._wordings = titles
        self.update(0, 0, self.width(), TITLE_PX)

    @property
    def titles(self) -> list[str]:
        """The title of each grid: the channel, and its value that is lit."""
        return [wordings[0] for wordings in self._wordings]

    @property
    def shown_titles(self) -> list[str]:
        """The titles as there is room for them: without the channel's number, or the value alone."""
        measure, room = QFontMetrics(font(12)), self._pace - TITLE_GAP_PX
        return [next((each for each in some if measure.horizontalAdvance(each) <= room), some[-1]) for some in self._wordings]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the titles, with the channel that is looked at in the accent colour. As labels they would cost ten times as
        much."""
        now = theme()
        painter = QPainter(self)
        painter.setFont(font(12))
        for number, text in enumerate(self.shown_titles):
            painter.setPen(now.accent if self._corner.c + number == self._mark.c else now.muted)
            room = QRect(number * self._pace, 0, self._pace - TITLE_GAP_PX, TITLE_PX)
            painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    # --- the pointer

    def _spot(self, number: int, cell: GridCell) -> PictureIndex:
        return PictureIndex(self._corner.c + number, *cell)

    def _pointed(self, number: int, cell: GridCell | None) -> None:
        if self._arranging and cell is not None:  # a grid moves under the pointer, perhaps with the picture before
            return
        self._hovering = cell is not None
        self.pointed.emit(None if cell is None else self._spot(number, cell))

    def _shifted(self, rows: int, columns: int) -> None:
        """The wheel or a drag moves the part in view."""
        if self._values is None:
            return
        middle = PictureIndex(
            self._corner.c + self._extent.c // 2,
            self._corner.h + self._extent.h // 2 + rows,
            self._corner.w + self._extent.w // 2 + columns,
        )
        self._arrange(middle)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange(self._mark)

    def sizeHint(self) -> QSize:
        return QSize(USUAL_CHANNELS * (7 * SIZES_PX[-1] + GAP_PX), TITLE_PX + 5 * SIZES_PX[-1] + 1)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, TITLE_PX + 3 * SMALL_PX[0] + 1)
