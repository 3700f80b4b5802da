"""The layers' numbers as a table, a row a layer: its name, and below it one number for each column. Where it is narrow, a row
has two lines of numbers.

Painted, because seven figures and a bar beside a name have no room in a table of Qt's at the side of the curves. Called by the
page of the layers' numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.figures import fixed, measured, percent
from engine.passes.layer_values import LayerRow
from gui.shell.theme import THEME, font, theme

NAME_PX, LINE_PX, PAD_PX, HEAD_PX = 19, 17, 4, 17
NARROW_PX = 300  # below that, two lines
CELLS = (1.15, 1.05, 1.05, 1.1, 1.05, 1.15, 2.0)  # the columns' widths, to scale
IN_FIRST = 4  # columns in the first of two lines
UNKNOWN = "—"
USUAL = -3.0  # log10 of update to weight
LOWEST, HIGHEST = -6.0, 0.0  # of its bar
SHARE, ALIKE = 0.5, 0.05  # from so many dead or saturated on, and below so much of the deviation, a number is amber
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
KEYS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Home: -10_000, Qt.Key.Key_End: 10_000}


@dataclass(frozen=True)
class TableColumn:
    """`text` writes the number of a row, `amber` says whether it is one to look at."""

    text: Callable[[LayerRow], str]
    amber: Callable[[LayerRow], bool] = lambda _row: False


def layer_figure(value: float | None) -> str:
    if value is None:
        return UNKNOWN
    size = abs(value)
    if size == 0 or not 0.01 <= size < 100:
        return measured(value, 2 if size >= 0.001 else 1) if size < 100 else measured(value, 3)
    return measured(value, 3 if size >= 1 else 2 if size < 0.1 else 3)


def layer_share(value: float | None) -> str:
    return UNKNOWN if value is None else percent(value)


def alike(row: LayerRow) -> bool:
    """Whether every sample gives nearly the same activations."""
    return row.between <= ALIKE * row.deviation


COLUMNS = (
    TableColumn(lambda row: layer_figure(row.mean)),
    TableColumn(lambda row: layer_figure(row.deviation)),
    TableColumn(lambda row: layer_figure(row.between), alike),
    TableColumn(lambda row: layer_share(row.saturated), lambda row: (row.saturated or 0.0) >= SHARE),
    TableColumn(lambda row: layer_share(row.dead), lambda row: row.dead >= SHARE),
    TableColumn(lambda row: layer_figure(row.gradient)),
    TableColumn(lambda row: UNKNOWN if row.update is None else fixed(row.update, 2)),
)


class ColumnPlaces:
    """Where the columns are in a table of this width: (line, rectangle within the line)."""

    def __init__(self, width: int) -> None:
        narrow = width < NARROW_PX
        lines = (CELLS[:IN_FIRST], CELLS[IN_FIRST:]) if narrow else (CELLS,)
        self.lines = len(lines)
        self.cells: list[tuple[int, float, float]] = []  # line, left, width
        for line, widths in enumerate(lines):
            across = (width - 2 * PAD_PX) / sum(widths)
            at = float(PAD_PX)
            for wide in widths:
                self.cells.append((line, at, wide * across))
                at += wide * across

    @property
    def row_px(self) -> int:
        return NAME_PX + self.lines * LINE_PX + 3

    def rect(self, column: int, top: float, line_px: float = LINE_PX) -> QRectF:
        line, left, width = self.cells[column]
        return QRectF(left, top + line * line_px, width, line_px)


class TableHead(QWidget):
    """The columns' names over the table, with what they mean as tooltips."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: Sequence[tuple[str, str]] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEAD_PX)
        THEME.changed.connect(self.update)

    def set_names(self, names: Sequence[tuple[str, str]]) -> None:
        """(name, meaning) of each column."""
        self._names = names
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setFixedHeight(HEAD_PX * ColumnPlaces(self.width()).lines)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, places = QPainter(self), ColumnPlaces(self.width())
        painter.setFont(font(11))
        painter.setPen(theme().muted)
        measure = painter.fontMetrics()
        for number, (name, _) in enumerate(self._names):
            room = places.rect(number, 0, HEAD_PX).adjusted(2, 0, -2, 0)
            painter.drawText(room, RIGHT, measure.elidedText(name, Qt.TextElideMode.ElideRight, int(room.width())))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            number = column_at(self.width(), event.pos(), HEAD_PX)
            if number is not None and number < len(self._names):
                QToolTip.showText(event.globalPos(), "\n".join(self._names[number]), self)
            return True
        return super().event(event)


def column_at(width: int, point: QPoint, line_px: int) -> int | None:
    """The column at a point below the top of the first line."""
    places = ColumnPlaces(width)
    return next((number for number in range(len(COLUMNS)) if places.rect(number, 0, line_px).contains(point.toPointF())), None)


class LayerTable(QWidget):
    """`show_rows` shows the numbers. A click, Up and Down choose a row; a double click or Enter opens it."""

    chosen = Signal(int)
    opened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: Sequence[LayerRow] = ()
        self._names: Sequence[str] = ()
        self._heads: Sequence[tuple[str, str]] = ()
        self._current = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        THEME.changed.connect(self.update)

    def show_rows(self, rows: Sequence[LayerRow], names: Sequence[str], current: int) -> None:
        """`names` are the layers'; the row number `current` is the chosen one."""
        if len(rows) != len(self._rows):
            self.updateGeometry()
        self._rows, self._names, self._current = rows, names, min(current, max(len(rows) - 1, 0))
        self._describe()
        self.update()

    def set_heads(self, heads: Sequence[tuple[str, str]]) -> None:
        """(name, meaning) of each column, for tooltips and screen readers."""
        self._heads = heads
        self._describe()

    @property
    def current(self) -> int:
        return self._current

    def texts(self, number: int) -> list[str]:
        """What the columns of a row say."""
        return [column.text(self._rows[number]) for column in COLUMNS]

    def row_place(self, number: int) -> QRect:
        high = ColumnPlaces(self.width()).row_px
        return QRect(0, number * high, self.width(), high)

    def sizeHint(self) -> QSize:
        return QSize(200, ColumnPlaces(self.width()).row_px * len(self._rows))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, now, places = QPainter(self), theme(), ColumnPlaces(self.width())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number, row in enumerate(self._rows):
            place = self.row_place(number)
            if not place.intersects(event.rect()):
                continue
            if number == self._current:
                painter.setPen(QPen(now.accent, 1) if self.hasFocus() else Qt.PenStyle.NoPen)
                painter.setBrush(now.accent_ground)
                painter.drawRoundedRect(QRectF(place).adjusted(0.5, 0.5, -0.5, -1.5), 4, 4)
            painter.setFont(font(12))
            painter.setPen(now.text)
            name = QRectF(PAD_PX + 2, place.top() + 1, place.width() - 2 * PAD_PX - 2, NAME_PX)
            text = painter.fontMetrics().elidedText(self._names[number], Qt.TextElideMode.ElideRight, int(name.width()))
            painter.drawText(name, LEFT, text)
            painter.setFont(font(11))
            for column, each in enumerate(COLUMNS):
                room = places.rect(column, place.top() + NAME_PX).adjusted(2, 0, -2, 0)
                said = each.text(row)
                painter.setPen(now.warn if each.amber(row) else now.muted if said == UNKNOWN else now.text)
                if column < len(COLUMNS) - 1:
                    measure = painter.fontMetrics()
                    painter.drawText(room, RIGHT, measure.elidedText(said, Qt.TextElideMode.ElideRight, round(room.width())))
                else:
                    self._paint_update(painter, room, row.update, said)

    @staticmethod
    def _paint_update(painter: QPainter, room: QRectF, update: float | None, said: str) -> None:
        """log10 of update to weight: its figure, and a bar with the line at -3."""
        now = theme()
        figure = 34.0
        painter.drawText(QRectF(room.left(), room.top(), figure, room.height()), RIGHT, said)
        groove = QRectF(room.left() + figure + 5, room.center().y() - 3, room.width() - figure - 5, 6)
        painter.fillRect(groove, now.groove)
        across = groove.width() / (HIGHEST - LOWEST)
        if update is not None and update > LOWEST:
            filled = QRectF(groove)
            filled.setWidth((min(update, HIGHEST) - LOWEST) * across)
            painter.fillRect(filled, now.accent)
        line = groove.left() + (USUAL - LOWEST) * across
        painter.fillRect(QRectF(line - 0.75, groove.top() - 4, 1.5, 14), now.window)

    # --- pointer and keyboard

    def _row_at(self, point: QPoint) -> int | None:
        number = point.y() // max(ColumnPlaces(self.width()).row_px, 1)
        return number if 0 <= number < len(self._rows) else None

    def _choose(self, number: int) -> None:
        if number != self._current:
            self._current = number
            self._describe()
            self.update()
            self.chosen.emit(number)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self._row_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and number is not None:
            self._choose(number)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        number = self._row_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and number is not None:
            self._choose(number)
            self.opened.emit(number)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._tip(event)
            return True
        return super().event(event)

    def _tip(self, event: QHelpEvent) -> None:
        number = self._row_at(event.pos())
        if number is None:
            QToolTip.hideText()
            return
        within = event.pos() - QPoint(0, self.row_place(number).top() + NAME_PX)
        column = column_at(self.width(), within, LINE_PX)
        text = self._names[number]
        if column is not None and column < len(self._heads):
            text = "\n".join((f"{self._heads[column][0]}: {self.texts(number)[column]}", self._heads[column][1]))
        QToolTip.showText(event.globalPos(), text, self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        stride = KEYS.get(Qt.Key(event.key()))
        if not self._rows or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif stride is not None:
            self._choose(min(max(self._current + stride, 0), len(self._rows) - 1))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(self._current)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def _describe(self) -> None:
        """Tell a screen reader the row that the keyboard is at."""
        if not self._rows:
            self.setAccessibleDescription("")
            return
        texts = self.texts(self._current)
        said = [f"{name} {text}" for (name, _), text in zip(self._heads, texts, strict=False)]
        self.setAccessibleDescription(", ".join([self._names[self._current], *said]))


def is_finite(row: LayerRow) -> bool:
    """Whether the layer's activations are numbers; after a divergence they are not."""
    return isfinite(row.mean)
