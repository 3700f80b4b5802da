"""All samples as cells: not drawn yet, drawn once, drawn again, in the batch at hand. And the batches of an epoch as a strip.

Up to some hundred cells have their numbers; tens of thousands are a pixel each.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QHelpEvent, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.figures import full_count
from gui.labs.foundations.batches.batches_words import word
from gui.shell.theme import font, theme

LARGEST_CELL_PX, NUMBERED_CELL_PX, GAPPED_CELL_PX = 76, 21, 6
STRIP_PX, LEAST_BOX_PX = 30, 3.0
LEGEND_PX, SWATCH_PX = 18, 11


class CellGrid(NamedTuple):
    """How many cells lie in a row, and how large each is, in pixels."""

    columns: int
    rows: int
    cell: float


def cell_grid(count: int, width: float, height: float) -> CellGrid:
    """The largest squares of which `count` fit: whole pixels, or where they are small, as many columns as fill it."""
    for cell in range(LARGEST_CELL_PX, GAPPED_CELL_PX - 1, -1):
        columns = min(int(width // cell), count)
        if columns and -(-count // columns) * cell <= height:
            return CellGrid(columns, -(-count // columns), cell)
    columns = max(math.ceil(math.sqrt(count * width / max(height, 1.0))), 1)
    return CellGrid(columns, -(-count // columns), width / columns)


class SampleCells(QWidget):
    """`show_cells` shows how often each sample has been drawn, and which are in the batch at hand."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.counts: NDArray[np.int64] = np.zeros(1, np.int64)
        self.current: NDArray[np.int64] = np.zeros(0, np.int64)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(200, 120)

    def sizeHint(self) -> QSize:
        return QSize(420, 260)

    def show_cells(self, counts: NDArray[np.int64], current: NDArray[np.int64]) -> None:
        self.counts, self.current = counts, current
        drawn = int((counts > 0).sum())
        self.setAccessibleDescription(word("cells.told", drawn=full_count(drawn), count=full_count(len(counts))))
        self.update()

    def grid(self) -> CellGrid:
        return cell_grid(len(self.counts), self.width(), self.height())

    def kinds(self) -> NDArray[np.int64]:
        """Of each cell: 0 not drawn, 1 once, 2 more often, 3 in the batch at hand."""
        found = np.minimum(self.counts, 2)
        found[self.current] = 3
        return found

    def sample_at(self, x: float, y: float) -> int | None:
        grid = self.grid()
        column, row = int(x // grid.cell), int(y // grid.cell)
        number = row * grid.columns + column
        return number if 0 <= column < grid.columns and 0 <= number < len(self.counts) else None

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, grid, kinds = QPainter(self), self.grid(), self.kinds()
        colours = cell_colours()
        image = QImage(grid.columns, grid.rows, QImage.Format.Format_RGB32)
        image.fill(theme().panel)
        cells = np.full(grid.columns * grid.rows, theme().panel.rgb(), np.uint32)
        cells[: len(kinds)] = np.array([colour.rgb() for colour in colours], np.uint32)[kinds]
        rows = np.frombuffer(image.bits(), np.uint32).reshape(grid.rows, -1)
        rows[:, : grid.columns] = cells.reshape(grid.rows, grid.columns)
        painter.drawImage(QRectF(0, 0, grid.columns * grid.cell, grid.rows * grid.cell), image)
        if grid.cell >= GAPPED_CELL_PX:
            self._paint_gaps(painter, grid)
        if grid.cell >= NUMBERED_CELL_PX:
            self._paint_numbers(painter, grid, kinds)

    def _paint_gaps(self, painter: QPainter, grid: CellGrid) -> None:
        painter.setPen(QPen(theme().panel, 1 if grid.cell < 12 else 2))
        cell = int(grid.cell)
        for column in range(grid.columns + 1):
            painter.drawLine(column * cell, 0, column * cell, grid.rows * cell)
        for row in range(grid.rows + 1):
            painter.drawLine(0, row * cell, grid.columns * cell, row * cell)

    def _paint_numbers(self, painter: QPainter, grid: CellGrid, kinds: NDArray[np.int64]) -> None:
        """The sample's number; where it was drawn more than once, how often."""
        painter.setFont(_number_font())
        inks = (theme().muted, theme().text, theme().panel, QColor("#1b1f24"))
        placed: tuple[list[tuple[float, float, str]], ...] = ([], [], [], [])  # of each ink
        height, up = _line_px()
        for number, (kind, times) in enumerate(zip(kinds.tolist(), self.counts.tolist(), strict=True)):
            row, column = divmod(number, grid.columns)
            lines = [f"{number + 1}"] if times < 2 or grid.cell < 30 else [f"{number + 1}", f"×{times}"]
            base = row * grid.cell + (grid.cell - height * len(lines)) / 2 + up
            for at, line in enumerate(lines):
                left = column * grid.cell + (grid.cell - _wide(line)) / 2
                placed[kind].append((round(left), round(base + at * height), line))
        for ink, texts in zip(inks, placed, strict=True):
            painter.setPen(ink)
            for x, y, text in texts:
                painter.drawText(QPointF(x, y), text)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            at = self.sample_at(event.pos().x(), event.pos().y())
            if at is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), self.told_of(at), self)
            return True
        return super().event(event)

    def told_of(self, sample: int) -> str:
        """What the tooltip says of a cell."""
        code = "cells.in_batch" if sample in self.current else "cells.drawn"
        return word(code, number=full_count(sample + 1), times=int(self.counts[sample]))


@cache
def _number_font() -> QFont:
    return font(11)


@cache
def _line_px() -> tuple[float, float]:
    """The height of a line, and of what is above its base."""
    measure = QFontMetricsF(_number_font())
    return measure.height(), measure.ascent()


@lru_cache(maxsize=1024)
def _wide(text: str) -> float:
    return QFontMetricsF(_number_font()).horizontalAdvance(text)


def cell_colours() -> tuple[QColor, QColor, QColor, QColor]:
    """Not drawn, drawn once, drawn more often, in the batch at hand."""
    return theme().groove, _mixed(theme().accent, theme().panel, 0.35), theme().accent, theme().window


def _mixed(colour: QColor, ground: QColor, share: float) -> QColor:
    def part(over: int, under: int) -> int:
        return round(share * over + (1 - share) * under)

    return QColor(part(colour.red(), ground.red()), part(colour.green(), ground.green()), part(colour.blue(), ground.blue()))


class CellLegend(QWidget):
    """What the colours of cells and batches mean."""

    CODES = ("cells.fresh", "cells.once", "cells.again", "cells.now")

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(LEGEND_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def words(self) -> list[str]:
        return [word(code) for code in self.CODES]

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, at = QPainter(self), 0
        painter.setFont(font(11))
        for text, colour in zip(self.words(), cell_colours(), strict=True):
            painter.fillRect(at, (LEGEND_PX - SWATCH_PX) // 2, SWATCH_PX, SWATCH_PX, colour)
            wide = painter.fontMetrics().horizontalAdvance(text)
            painter.setPen(theme().muted)
            box = QRectF(at + SWATCH_PX + 6, 0, wide + 4, LEGEND_PX)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
            at += SWATCH_PX + wide + 24


class BatchStrip(QWidget):
    """The batches of an epoch in their order, each as wide as it has samples. A click asks for a batch by its number, from 1
    on; what `drop_last` leaves out is hatched."""

    asked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sizes: Sequence[int] = (1,)
        self.batch, self.left_out = 0, 0
        self.setFixedHeight(STRIP_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_batches(self, sizes: Sequence[int], batch: int, left_out: int) -> None:
        """`batch` is the one at hand, from 1 on; 0: none yet. `left_out` samples are in no batch."""
        self.sizes, self.batch, self.left_out = sizes, batch, left_out
        self.setAccessibleDescription(", ".join(full_count(each) for each in sizes[:20]))
        self.update()

    def _scale(self) -> float:
        return self.width() / max(sum(self.sizes) + self.left_out, 1)

    def batch_at(self, x: float) -> int | None:
        ends = np.cumsum(self.sizes) * self._scale()
        at = int(np.searchsorted(ends, x, side="right"))
        return at + 1 if at < len(self.sizes) else None

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, scale, drawn = QPainter(self), self._scale(), sum(self.sizes)
        painter.setFont(font(11))
        apart = 2.0 if drawn * scale / max(len(self.sizes), 1) >= LEAST_BOX_PX + 2 else 0.0
        if apart:
            self._paint_boxes(painter, scale, apart)
        else:
            self._paint_spans(painter, scale)
        if self.left_out:
            box = QRectF(drawn * scale, 0, max(self.left_out * scale - apart, 1.0), float(self.height()))
            painter.setPen(theme().muted)
            painter.setBrush(Qt.BrushStyle.BDiagPattern)
            painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))

    def _paint_boxes(self, painter: QPainter, scale: float, apart: float) -> None:
        """Each batch by itself, with its size."""
        fresh, done, _, current = cell_colours()
        at, height = 0.0, float(self.height())
        for number, size in enumerate(self.sizes, 1):
            box = QRectF(at, 0, max(size * scale - apart, 1.0), height)
            colour = current if number == self.batch else done if number < self.batch else fresh
            painter.fillRect(box, colour)
            text = full_count(size)
            if box.width() >= painter.fontMetrics().horizontalAdvance(text) + 6:
                painter.setPen(QColor("#1b1f24") if number == self.batch else theme().text)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
            at += size * scale

    def _paint_spans(self, painter: QPainter, scale: float) -> None:
        """Batches that are too narrow to be told apart: those before the one at hand, itself, and those after it. There may be
        55,000 of them."""
        fresh, done, _, current = cell_colours()
        at, before = 0.0, max(self.batch - 1, 0)
        spans = (
            (done, self.sizes[:before]),
            (current, self.sizes[before : self.batch]),
            (fresh, self.sizes[self.batch :]),
        )
        for colour, sizes in spans:
            if sizes:
                wide, last = sum(sizes) * scale, sizes[-1] * scale
                painter.fillRect(QRectF(at, 0, wide - last + max(last, 1.0), float(self.height())), colour)
                at += wide

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self.batch_at(event.position().x())
        if event.button() == Qt.MouseButton.LeftButton and at is not None:
            self.asked.emit(at)
