"""A small staircase: whole numbers across, and the size that each gives upwards. A click on a stair asks for its number.

Painted by hand, with labels on both axes; it knows nothing of layers. Called by the page "why".
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.figures import full_count
from gui.shell.theme import THEME, font, theme

HEADER_PX, FIGURES_PX = 18.0, 16.0  # above and below the stairs
ABOVE_PX, BELOW_PX = 5.0, 6.0  # from the highest and the lowest stair to the edge
MOST_PX = 180  # in a higher chart the stairs would only be farther apart
NOTHING = "–"


@dataclass(frozen=True)
class Stairs:
    """`sizes` has the size that each of `values` gives; None where the value is not valid, and `reasons` says why. `now` is the
    present value (None: none of them). `symbol` and `name` are those of the values."""

    symbol: str
    name: str
    values: tuple[int, ...]
    sizes: tuple[int | None, ...]
    reasons: tuple[str, ...]
    now: int | None

    def size_at(self, value: int | None) -> int | None:
        return self.sizes[self.values.index(value)] if value in self.values else None


class StepChart(QWidget):
    """`set_stairs` shows stairs; `chosen` emits the value that was clicked or reached with the arrow keys. A chart that is not
    `choosable` is only read: pointer and arrow keys move the read-out, and nothing is emitted."""

    chosen = Signal(int)

    def __init__(self, *, choosable: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choosable = choosable
        self._stairs = Stairs("", "", (), (), (), None)
        self._looked: int | None = None  # the number of the slot under the pointer
        self._place_stairs()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 72)
        self.setMaximumHeight(MOST_PX)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        THEME.changed.connect(self.update)
        self.retranslate()

    def set_stairs(self, stairs: Stairs) -> None:
        if stairs != self._stairs:
            if stairs.values != self._stairs.values:
                self._looked = None
            self._stairs = stairs
            self._place_stairs()
            self._name()
            self.update()

    @property
    def stairs(self) -> Stairs:
        return self._stairs

    @property
    def read_out(self) -> str:
        """The text at the right of the header: the value under the pointer, else the present one, and the size that it
        gives."""
        value = self._stairs.now if self._looked is None else self._stairs.values[self._looked]
        if value is None:
            return ""
        size = self._stairs.size_at(value)
        return f"{full_count(value)} → {NOTHING if size is None else full_count(size)}"

    def slot(self, value: int) -> QRectF:
        """The place of a value's stair, from the top of the stairs to their foot."""
        number = self._stairs.values.index(value)
        return QRectF(self._area.left() + number * self._slot_px, self._area.top(), self._slot_px, self._area.height())

    def sizeHint(self) -> QSize:
        return QSize(170, 70)

    def _place_stairs(self) -> None:
        """Place the stairs beside the figures of the upward axis, those of the highest and the lowest stair."""
        found = [size for size in self._stairs.sizes if size is not None]
        self._low, self._high = (min(found), max(found)) if found else (0, 0)
        self._marks = [(full_count(size), size) for size in sorted({self._low, self._high})] if found else []
        measure = _type()[1]
        left = max([12.0, *(measure.horizontalAdvance(text) for text, _ in self._marks)]) + 6
        below = self.height() - HEADER_PX - FIGURES_PX
        self._area = QRectF(left, HEADER_PX, max(self.width() - left - 2, 1.0), max(below, 1.0))
        self._slot_px = self._area.width() / max(len(self._stairs.values), 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_stairs()

    def _height(self, size: int) -> float:
        if self._low == self._high:
            return self._area.center().y()
        share = (size - self._low) / (self._high - self._low)
        return self._area.bottom() - BELOW_PX - share * (self._area.height() - ABOVE_PX - BELOW_PX)

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_header(painter)
        if self._stairs.values:
            self._paint_slots(painter)
            self._paint_stairs(painter)
            self._paint_figures(painter)
        if self.hasFocus():
            painter.setPen(QPen(theme().accent, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    def _paint_header(self, painter: QPainter) -> None:
        """Symbol and name at the left, the read-out at the right. Where the name would not fit, the read-out leaves out its
        value, which is also written below."""
        now, (light, plain), (heavy, bold) = theme(), _type(), _type(bold=True)
        left, right = 3 + bold.horizontalAdvance(self._stairs.symbol) + 5, self.width() - 3
        read_out = self.read_out
        name_px = plain.horizontalAdvance(self._stairs.name)
        if self._looked is None and left + name_px + 6 + bold.horizontalAdvance(read_out) > right:
            read_out = read_out[read_out.find("→") :]
        room = QRectF(left, 0, right - left - bold.horizontalAdvance(read_out) - 6, HEADER_PX)
        beside = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(heavy)
        painter.setPen(now.accent if self._looked is None else now.text)
        painter.drawText(QRectF(0, 0, right, HEADER_PX), beside | Qt.AlignmentFlag.AlignRight, read_out)
        painter.setPen(now.text)
        painter.drawText(QRectF(3, 0, left, HEADER_PX), beside, self._stairs.symbol)
        painter.setFont(light)
        painter.setPen(now.muted)
        painter.drawText(room, beside, plain.elidedText(self._stairs.name, Qt.TextElideMode.ElideRight, room.width()))

    def _paint_slots(self, painter: QPainter) -> None:
        """The ground, the values that are not valid (hatched), the present value and the one under the pointer."""
        now = theme()
        painter.fillRect(self._area, now.grid)
        faint = QColor(now.muted)
        faint.setAlpha(110)
        hatching = QBrush(faint, Qt.BrushStyle.BDiagPattern)
        for value, size in zip(self._stairs.values, self._stairs.sizes, strict=True):
            if size is None:
                painter.fillRect(self.slot(value), hatching)
        if self._looked is not None:
            painter.fillRect(self.slot(self._stairs.values[self._looked]), now.groove)
        if self._stairs.now in self._stairs.values:
            painter.fillRect(self.slot(self._stairs.now), now.accent_ground)

    def _paint_stairs(self, painter: QPainter) -> None:
        now, area, width = theme(), self._area, self._slot_px
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(now.curves[0], 1.5))
        run: list[QPointF] = []
        for number, size in enumerate((*self._stairs.sizes, None)):
            if size is None:
                painter.drawPolyline(QPolygonF(run))
                run = []
            else:
                x, y = area.left() + number * width, self._height(size)
                run += [QPointF(x, y), QPointF(x + width, y)]
        size = self._stairs.size_at(self._stairs.now)
        if size is not None and self._stairs.now is not None:
            place, y = self.slot(self._stairs.now), self._height(size)
            painter.setPen(QPen(now.accent, 3.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
            painter.drawLine(QPointF(place.left(), y), QPointF(place.right(), y))

    def _paint_figures(self, painter: QPainter) -> None:
        now, area, measure = theme(), self._area, _type()[1]
        painter.setPen(now.muted)
        for text, size in self._marks:
            beside = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, self._height(size) - 8, area.left() - 5, 16), beside, text)
        for value in self._figures(measure):
            middle, half = self.slot(value).center().x(), measure.horizontalAdvance(full_count(value)) / 2
            painter.setPen(now.accent if value == self._stairs.now else now.muted)
            room = QRectF(min(middle - half, self.width() - 2 * half) - 2, area.bottom() + 1, 2 * half + 4, FIGURES_PX - 1)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, full_count(value))

    def _figures(self, measure: QFontMetricsF) -> list[int]:
        """The values that have a figure: as many, evenly apart, as fit, and the present one in any case."""
        values, now = self._stairs.values, self._stairs.now
        slot_px, figure_px = self._slot_px, measure.horizontalAdvance(full_count(values[-1])) + 5
        step = next((step for step in (1, 2, 5, 10) if step * slot_px >= figure_px), len(values))
        first = values[0] if step <= 2 else 0  # wider apart, round numbers are easier to read
        even = [value for value in values if (value - first) % step == 0]
        if now is None or now not in values:
            return even
        return [value for value in even if value == now or abs(value - now) * slot_px >= figure_px] + [now] * (now not in even)

    # the pointer and the keys

    def _at(self, point: QPointF) -> int | None:
        if not self._stairs.values or not self._area.adjusted(0, 0, 0, FIGURES_PX).contains(point):
            return None
        return min(int((point.x() - self._area.left()) / self._slot_px), len(self._stairs.values) - 1)

    def _look(self, number: int | None) -> None:
        if number != self._looked:
            self._looked = number
            self._name()
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        number = self._at(event.position())
        self._look(number)
        can = self._choosable and number is not None and self._stairs.sizes[number] is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if can else Qt.CursorShape.ArrowCursor)
        if can and number is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self._choose(number)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self._at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and number is not None and self._choosable:
            self._choose(number)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The chart keeps the release of its press: the page below is not clicked."""

    def leaveEvent(self, event: QEvent) -> None:
        self._look(None)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._look(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys, Home and End go from stair to stair, past values that are not valid."""
        keys = Qt.Key
        possible = [number for number, size in enumerate(self._stairs.sizes) if size is not None]
        here = self._here()
        targets = {
            keys.Key_Left: next((number for number in reversed(possible) if number < here), None),
            keys.Key_Right: next((number for number in possible if number > here), None),
            keys.Key_Home: next(iter(possible), None),
            keys.Key_End: next(reversed(possible), None),
        }
        if event.key() not in targets:
            super().keyPressEvent(event)
        elif (number := targets[Qt.Key(event.key())]) is not None:
            if self._choosable:
                self._choose(number)
            else:
                self._look(number)

    def _here(self) -> int:
        """The stair that the arrow keys start from."""
        if self._looked is not None and not self._choosable:
            return self._looked
        return self._stairs.values.index(self._stairs.now) if self._stairs.now in self._stairs.values else -1

    def _choose(self, number: int) -> None:
        if self._stairs.sizes[number] is not None and self._stairs.values[number] != self._stairs.now:
            self.chosen.emit(self._stairs.values[number])

    # words

    def event(self, event: QEvent) -> bool:
        """The tooltip of a value that is not valid says why."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            number = self._at(QPointF(event.pos()))
            reason = self._stairs.reasons[number] if number is not None else ""
            if reason:
                QToolTip.showText(event.globalPos(), reason, self)
                return True
        return super().event(event)

    def _name(self) -> None:
        self.setAccessibleName(f"{self._stairs.name} {self._stairs.symbol}: {self.read_out}")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        if self._choosable:
            text = self.tr("Click a stair, or move with the arrow keys, to set this value.")
        else:
            text = self.tr("The picture decides this value. Point at a stair, or move with the arrow keys, to read it.")
        self.setToolTip(text)
        self.setAccessibleDescription(text)


@cache
def _type(*, bold: bool = False) -> tuple[QFont, QFontMetricsF]:
    """The font of a chart and its measures. They take longer to make than to use."""
    chosen = font(11, bold=bold)
    return chosen, QFontMetricsF(chosen)
