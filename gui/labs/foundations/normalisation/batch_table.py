"""A batch as a table of numbers: a sample a row, a feature a column; means and variances of its columns or rows at its edge.

It paints itself and knows no normalisation. A click or the arrow keys choose a cell. Shown on the board of normalisation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from math import isfinite

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFont, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.colours import diverging
from engine.figures import UNKNOWN, in_decimals, measured
from gui.shell.theme import THEME, font, theme

HEAD_PX, EDGE_GAP_PX, NAME_GAP_PX = 18.0, 6.0, 8.0
LEAST_ROW_PX, MOST_ROW_PX, LEAST_CELL_PX, MOST_CELL_PX = 17.0, 42.0, 30.0, 104.0
ROUNDING = 1e-12  # what is left of 0 after adding up
INK = QColor("#14171b")  # on the pale colours of both schemes
_FIGURES = str.maketrans("123456789", "000000000")
STRONG = 0.72  # of the colours' reach: stronger ones have bright figures
WAYS = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}

BatchCell = tuple[int, int]


@dataclass(frozen=True, eq=False)
class EdgeLine:
    """Numbers beside the batch, one for each column (or, of `across`, for each row): a mean, a variance. `strong`: those that
    are used, where others stand beside for comparison."""

    name: str
    values: NDArray[np.float64]
    strong: bool = True


@dataclass(frozen=True, eq=False)
class BatchPicture:
    """`values` (rows, columns) with names for both; `edges` stand below, or at the right where `across`. Colours reach from
    -`reach` to `reach`. `lit` cells have a line around them, `faded` ones no colour."""

    values: NDArray[np.float64]
    rows: Sequence[str]
    columns: Sequence[str]
    reach: float = 1.0
    edges: Sequence[EdgeLine] = ()
    across: bool = False
    lit: frozenset[BatchCell] = frozenset()
    chosen: BatchCell | None = None
    faded: frozenset[BatchCell] = field(default_factory=frozenset)


class BatchTable(QWidget):
    """`show_batch` shows a picture; `cell_chosen` carries row and column."""

    cell_chosen = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = BatchPicture(np.zeros((1, 1)), ("",), ("",))
        self._names_px = 0.0
        self._decimals = 2  # of the batch's numbers
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        THEME.changed.connect(self.update)

    @property
    def picture(self) -> BatchPicture:
        return self._picture

    def show_batch(self, picture: BatchPicture) -> None:
        if _looks(picture) == _looks(self._picture):
            return
        same = self._picture.values.shape == picture.values.shape and len(self._picture.edges) == len(picture.edges)
        self._picture = picture
        self._decimals = _decimals_of(picture.values)
        measure = _type(11)[1]
        names = [*picture.rows, *(() if picture.across else (edge.name for edge in picture.edges))]
        self._names_px = max(map(measure.horizontalAdvance, names), default=0.0) + NAME_GAP_PX
        if not same:
            self.updateGeometry()
        self._describe()
        self.update()

    # --- texts

    def written(self, value: float, room: float, decimals: int = 2) -> str:
        """A number with as many decimals, or fewer where there is no room; a very small or large one as it is measured."""
        if not isfinite(value):
            return UNKNOWN
        if abs(value) < ROUNDING:
            value = 0.0
        for few in range(decimals, -1, -1):
            text = _plain(value, few)
            if text and _wide(text) <= room - 4:
                return text
        text = measured(value, 2)
        return text if _wide(text) <= room - 4 else measured(value, 1)

    def text(self, row: int, column: int) -> str:
        """What stands in a cell of the batch."""
        return self.written(float(self._picture.values[row, column]), self.place(row, column).width(), self._decimals)

    # --- places

    def _counts(self) -> tuple[int, int]:
        """Lines and columns of cells, edges included."""
        rows, columns = self._picture.values.shape
        more = len(self._picture.edges)
        return (rows, columns + more) if self._picture.across else (rows + more, columns)

    def _cell_size(self) -> tuple[float, float]:
        lines, columns = self._counts()
        gap = EDGE_GAP_PX if self._picture.edges else 0.0
        wide = (self.width() - self._names_px - (gap if self._picture.across else 0.0) - 1) / max(columns, 1)
        high = (self.height() - HEAD_PX - (0.0 if self._picture.across else gap) - 1) / max(lines, 1)
        return min(wide, MOST_CELL_PX), min(max(high, LEAST_ROW_PX), MOST_ROW_PX)

    def place(self, row: int, column: int) -> QRectF:
        """Where a cell is; the edges are the cells behind the last."""
        wide, high = self._cell_size()
        rows, columns = self._picture.values.shape
        beyond = (column >= columns) if self._picture.across else (row >= rows)
        gap = EDGE_GAP_PX if beyond else 0.0
        left = self._names_px + column * wide + (gap if self._picture.across else 0.0)
        return QRectF(left, HEAD_PX + row * high + (0.0 if self._picture.across else gap), wide, high)

    def cell_at(self, point: QPointF) -> BatchCell | None:
        lines, columns = self._counts()
        cells = ((row, column) for row in range(lines) for column in range(columns))
        return next((cell for cell in cells if self.place(*cell).contains(point)), None)

    def sizeHint(self) -> QSize:
        lines, columns = self._counts()
        return QSize(round(self._names_px + columns * 46), round(HEAD_PX + EDGE_GAP_PX + lines * 24))

    def minimumSizeHint(self) -> QSize:
        lines, columns = self._counts()
        wide = self._names_px + columns * LEAST_CELL_PX + EDGE_GAP_PX
        return QSize(round(wide), round(HEAD_PX + EDGE_GAP_PX + lines * LEAST_ROW_PX) + 2)

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, picture = QPainter(self), self._picture
        rows, columns = picture.values.shape
        self._paint_cells(painter)
        for number, edge in enumerate(picture.edges):
            painter.setFont(_type(12, bold=edge.strong)[0])
            painter.setPen(theme().text if edge.strong else theme().muted)
            for place, value in enumerate(edge.values.tolist()):
                area = self.place(*((place, columns + number) if picture.across else (rows + number, place)))
                text = self.written(value, area.width()) if edge.name else ""
                painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)
        self._paint_names(painter)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme().window, 1))
        for cell in picture.lit:
            painter.drawRect(self.place(*cell).adjusted(0.5, 0.5, -1.5, -1.5))
        if picture.chosen is not None:
            painter.setPen(QPen(theme().accent if self.hasFocus() else theme().window, 2))
            painter.drawRect(self.place(*picture.chosen).adjusted(1, 1, -2, -2))

    def _paint_cells(self, painter: QPainter) -> None:
        """All numbers of the batch on their colours: first the colours, then the numbers of one ink after the other."""
        picture, (wide, high) = self._picture, self._cell_size()
        inks = (INK, QColor("white"), theme().muted)
        texts: tuple[list[tuple[float, float, str]], ...] = ([], [], [])  # of each ink
        drawn, measure = _type(12)
        base = HEAD_PX + (high - 1 + measure.ascent() - measure.descent()) / 2
        for row, values in enumerate(picture.values.tolist()):
            for column, value in enumerate(values):
                left = self._names_px + column * wide
                area = QRectF(left, HEAD_PX + row * high, wide - 1, high - 1)
                if (row, column) in picture.faded or not isfinite(value):
                    painter.fillRect(area, theme().grid)
                    ink = 2
                else:
                    share = min(max(value / picture.reach, -1.0), 1.0) if picture.reach else 0.0
                    painter.fillRect(area, _colours()[round((share + 1) / 2 * 255)])
                    ink = 1 if abs(share) > STRONG else 0
                text = self.written(value, wide, self._decimals)
                texts[ink].append((left + (wide - 1 - _wide(text)) / 2, base + row * high, text))
        painter.setFont(drawn)
        for colour, placed in zip(inks, texts, strict=True):
            painter.setPen(colour)
            for x, y, text in placed:
                painter.drawText(QPointF(x, y), text)

    def _paint_names(self, painter: QPainter) -> None:
        picture = self._picture
        painter.setFont(_type(11)[0])
        painter.setPen(theme().muted)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        lines = [*picture.rows, *(() if picture.across else (edge.name for edge in picture.edges))]
        for row, name in enumerate(lines):
            area = self.place(row, 0)
            painter.drawText(QRectF(0, area.top(), self._names_px - NAME_GAP_PX, area.height()), right, name)
        heads = [*picture.columns, *((edge.name for edge in picture.edges) if picture.across else ())]
        for column, name in enumerate(heads):
            area = self.place(0, column)
            painter.drawText(QRectF(area.left(), 0, area.width(), HEAD_PX), Qt.AlignmentFlag.AlignCenter, name)

    # --- mouse and keys

    def told(self, cell: BatchCell) -> str:
        """A cell in words, with more figures than it has room for."""
        picture = self._picture
        rows, columns = picture.values.shape
        row, column = cell
        if row < rows and column < columns:
            return f"{picture.rows[row]}, {picture.columns[column]}: {measured(float(picture.values[cell]), 6)}"
        number, place = (column - columns, row) if picture.across else (row - rows, column)
        edge = picture.edges[number]
        other = picture.rows[place] if picture.across else picture.columns[place]
        return f"{edge.name}, {other}: {measured(float(edge.values[place]), 6)}"

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position())
        if cell is None:
            QToolTip.hideText()
        else:
            QToolTip.showText(event.globalPosition().toPoint(), self.told(cell), self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position())
        rows, columns = self._picture.values.shape
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            self.cell_chosen.emit(min(cell[0], rows - 1), min(cell[1], columns - 1))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in WAYS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        way = WAYS.get(Qt.Key(event.key()))
        if way is None:
            super().keyPressEvent(event)
            return
        rows, columns = self._picture.values.shape
        row, column = self._picture.chosen or (0, 0)
        cell = min(max(row + way[0], 0), rows - 1), min(max(column + way[1], 0), columns - 1)
        if cell != self._picture.chosen:
            self.cell_chosen.emit(*cell)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._describe()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def _describe(self) -> None:
        if self._picture.chosen is not None:
            self.setAccessibleDescription(self.told(self._picture.chosen))


@cache
def _type(px: int, *, bold: bool = False) -> tuple[QFont, QFontMetricsF]:
    """A font and its measures, made once: each cell of each frame asks."""
    made = font(px, bold=bold)
    return made, QFontMetricsF(made)


@cache
def _colours() -> tuple[QColor, ...]:
    """From the strongest below 0 to the strongest above."""
    return tuple(QColor(int(colour)) for colour in diverging())


def _wide(text: str) -> float:
    """The width of a number: figures are as wide as each other."""
    return _wide_of(text.translate(_FIGURES))


@lru_cache(maxsize=512)
def _wide_of(pattern: str) -> float:
    return _type(12)[1].horizontalAdvance(pattern)


def _looks(picture: BatchPicture) -> tuple[object, ...]:
    """What is seen of it, to be compared."""
    edges = [(edge.name, edge.strong, edge.values.tobytes()) for edge in picture.edges]
    seen = (picture.values.shape, picture.values.tobytes(), tuple(picture.rows), tuple(picture.columns), picture.reach)
    return (*seen, edges, picture.across, picture.lit, picture.chosen, picture.faded)


def _plain(value: float, decimals: int) -> str:
    """Empty where rounding would leave nothing of it."""
    return "" if value and abs(value) < 0.5 * 10**-decimals else in_decimals(value, decimals)


def _decimals_of(values: NDArray[np.float64]) -> int:
    """As many as all numbers of a table need, two at most."""
    finite = values[np.isfinite(values)]
    return next((few for few in (0, 1) if not (np.abs(finite - finite.round(few)) > ROUNDING).any()), 2)


def reach_of(*batches: NDArray[np.float64]) -> float:
    """The largest size of the numbers, for the colours of tables that are compared."""
    return max(float(np.abs(batch[np.isfinite(batch)]).max(initial=0.0)) for batch in batches) or 1.0
