"""A picture, or a map of a layer, with what a unit sees of it in a frame; a click says which place is meant.

The theoretical patch is a frame, with dotted sides where the picture cuts it off. The effective one (the size of the gradient)
is painted in colour over the picture made pale, darker where it is larger, with a square of its size. Shown in the maps' card.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.colours import viridis
from gui.shell.theme import THEME, font, theme

FRAME_PX, LEAST_PX = 2.0, 9.0  # a smaller patch is framed as large as that, to be found
STRIP_PX = 64  # the least side of the widget
RING_PX = 11.0  # a circle around a patch that is smaller than that
STRIDE = 8  # units for Shift and an arrow
SPECK_PX = 4  # of a single place of the effective patch
HIGH = 0.99  # of the places are below the darkest colour, so that a few large values do not make all others pale
_SHADE = QColor(0, 0, 0, 70)  # over what the unit does not see
_VEIL = QColor(255, 255, 255, 165)  # over the picture, made grey, under the effective patch
_NOTE = QColor(255, 255, 255, 225)  # behind a note on a pale picture; the same in both themes
_INK = QColor(20, 22, 26)
_EDGE = QColor(0, 0, 0, 140)  # beside the frame, to be visible on amber too


@dataclass(frozen=True)
class Frame:
    """The cells of a patch. `rows` and `columns` end at the picture's borders, and are empty where the unit reads only padding.
    `reach` is (rows, columns) without the borders."""

    rows: range
    columns: range
    reach: tuple[range, range]

    @property
    def empty(self) -> bool:
        return not self.rows or not self.columns


class PatchPicture(QWidget):
    """`set_picture`, `set_frame` and `set_heat` say what is shown; a `veiled` picture is grey and pale below the heat. A place
    is (row, column) in cells, with 0 in the middle of the first cell. The owner finds the unit that belongs to a place."""

    picked = Signal(object)  # the place (row, column), floats, that was clicked or dragged to
    pointed = Signal(object)  # the place under the cursor, or None
    walked = Signal(int, int)  # an arrow key: how many units down, and to the right
    centred = Signal()  # Home: to the unit in the middle

    def __init__(self, parent: QWidget | None = None, *, veiled: bool = False) -> None:
        super().__init__(parent)
        self._veiled = veiled
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMinimumSize(STRIP_PX, STRIP_PX)
        self._image = QImage()
        self._shape = (1, 1)
        self._frame: Frame | None = None
        self._heat: NDArray[np.float32] | None = None
        self._sides = 0.0, 0.0
        self._painted: tuple[int, QImage, QPointF] | None = None  # the heat for a width in pixels, with its middle in cells
        self._note = ""
        self._place: tuple[float, float] | None = None
        THEME.changed.connect(self.update)

    # --- what is shown

    def set_picture(self, image: QImage, shape: tuple[int, int] | None = None) -> None:
        """Show an image. `shape` is (height, width) in cells, where a cell is not one pixel."""
        before = self._shape
        self._image = image.convertToFormat(QImage.Format.Format_Grayscale8) if self._veiled else image
        self._shape = shape or (max(1, image.height()), max(1, image.width()))
        if self._shape != before:
            self.updateGeometry()
        self.update()

    def set_frame(self, frame: Frame | None) -> None:
        if frame != self._frame:
            self._frame = frame
            self.update()

    def set_heat(self, heat: NDArray[np.float32] | None, sides: tuple[float, float] = (0.0, 0.0)) -> None:
        """Paint a map (height, width) of values from 0 up over the picture, the largest darkest, with the outline of a
        rectangle of `sides` cells, (down, across), around its middle. None removes it."""
        self._heat, self._sides, self._painted = heat, sides, None
        self.update()

    def set_note(self, text: str) -> None:
        """Write a sentence on the picture."""
        if text != self._note:
            self._note = text
            self.update()

    @property
    def note(self) -> str:
        return self._note

    @property
    def circled(self) -> bool:
        """Whether the patch is so small that a circle points to it."""
        if self._frame is None or self._frame.empty:
            return False
        seen = self.rect_of(self._frame.rows, self._frame.columns)
        return max(seen.width(), seen.height()) < LEAST_PX

    @property
    def frame(self) -> Frame | None:
        return self._frame

    @property
    def area(self) -> QRectF:
        """The picture's rectangle: as large as it fits, at the top and in the middle. A signal, one cell tall or wide, is a
        strip as thick as the smallest picture."""
        height, width = self._shape
        scale = min(self.width() / width, self.height() / height)
        across, down = width * scale, height * scale
        if height == 1:
            down = max(down, min(STRIP_PX, self.height()))
        elif width == 1:
            across = max(across, min(STRIP_PX, self.width()))
        return QRectF((self.width() - across) / 2, 0, across, down)

    def rect_of(self, rows: range, columns: range) -> QRectF:
        """The rectangle of cells in the widget."""
        area, (height, width) = self.area, self._shape
        y, x = area.height() / height, area.width() / width
        return QRectF(area.left() + columns.start * x, area.top() + rows.start * y, len(columns) * x, len(rows) * y)

    def place_at(self, point: QPointF) -> tuple[float, float] | None:
        """The place at a point of the widget; None outside the picture."""
        area, (height, width) = self.area, self._shape
        if not area.contains(point):
            return None
        row = (point.y() - area.top()) * height / area.height() - 0.5
        column = (point.x() - area.left()) * width / area.width() - 0.5
        return row, column

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        """A long picture is at most as tall as it is wide."""
        height, across = self._shape
        return max(STRIP_PX, min(width, round(width * height / across)))

    def sizeHint(self) -> QSize:
        return QSize(320, self.heightForWidth(320))

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area, now = self.area, theme()
        if self._image.isNull():
            painter.fillRect(area, now.grid)
        else:
            smaller = self._image.width() > area.width()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smaller)
            painter.drawImage(area, self._image)
            if self._veiled:
                painter.fillRect(area, _VEIL)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._heat is not None:
            self._paint_heat(painter, self._heat, area)
        if self._frame is not None and not self._frame.empty:
            self._paint_frame(painter, self._frame, area)
        if self._note:
            self._paint_note(painter, area)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(now.accent, 1))
            painter.drawRect(area.adjusted(0.5, 0.5, -0.5, -0.5))

    def _paint_heat(self, painter: QPainter, heat: NDArray[np.float32], area: QRectF) -> None:
        across = max(1, round(area.width()))
        if self._painted is None or self._painted[0] != across:
            self._painted = across, _heat_image(heat, across), _centre(heat)
        _, image, middle = self._painted
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, image.width() > across)
        painter.drawImage(area, image)
        down, along = self._sides
        if down <= 0:
            return
        cell = area.width() / heat.shape[1], area.height() / heat.shape[0]
        outline = QRectF(0, 0, max(along * cell[0], LEAST_PX), max(down * cell[1], LEAST_PX))
        outline.moveCenter(QPointF(area.left() + middle.x() * cell[0], area.top() + middle.y() * cell[1]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor.fromRgb(int(viridis()[0])), 1.5))
        painter.drawRect(outline.intersected(area.adjusted(1, 1, -1, -1)))

    def _paint_note(self, painter: QPainter, area: QRectF) -> None:
        painter.setFont(font(11))
        centred = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
        box = area.adjusted(6, 4, -6, -4)
        painter.fillRect(painter.boundingRect(box, centred, self._note).adjusted(-4, -2, 4, 2), _NOTE)
        painter.setPen(_INK)
        painter.drawText(box, centred, self._note)

    def _paint_frame(self, painter: QPainter, frame: Frame, area: QRectF) -> None:
        seen = self.rect_of(frame.rows, frame.columns)
        if not self._veiled:
            painter.save()
            painter.setClipRect(area)
            for beside in (
                QRectF(area.left(), area.top(), area.width(), seen.top() - area.top()),
                QRectF(area.left(), seen.bottom(), area.width(), area.bottom() - seen.bottom()),
                QRectF(area.left(), seen.top(), seen.left() - area.left(), seen.height()),
                QRectF(seen.right(), seen.top(), area.right() - seen.right(), seen.height()),
            ):
                painter.fillRect(beside, _SHADE)
            painter.restore()
        for side in (0, 1):  # across, down
            length = (seen.width(), seen.height())[side]
            if length < LEAST_PX:
                spare = (LEAST_PX - length) / 2
                seen.adjust(*((-spare, 0, spare, 0) if side == 0 else (0, -spare, 0, spare)))
        inset = FRAME_PX / 2
        seen = seen.adjusted(inset, inset, -inset, -inset)
        rows, columns = frame.reach
        sides = (
            (QLineF(seen.topLeft(), seen.topRight()), rows.start < frame.rows.start),
            (QLineF(seen.bottomLeft(), seen.bottomRight()), rows.stop > frame.rows.stop),
            (QLineF(seen.topLeft(), seen.bottomLeft()), columns.start < frame.columns.start),
            (QLineF(seen.topRight(), seen.bottomRight()), columns.stop > frame.columns.stop),
        )
        for line, cut in sides:
            if not cut:
                painter.setPen(QPen(_EDGE, FRAME_PX + 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap))
                painter.drawLine(line)
        for line, cut in sides:
            style = Qt.PenStyle.DotLine if cut else Qt.PenStyle.SolidLine
            cap = Qt.PenCapStyle.FlatCap if cut else Qt.PenCapStyle.SquareCap
            painter.setPen(QPen(theme().window, FRAME_PX, style, cap))
            painter.drawLine(line)
        if self.circled:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme().window, 1.5))
            painter.drawEllipse(seen.center(), RING_PX, RING_PX)

    # --- pointer and keyboard

    def _point(self, place: tuple[float, float] | None) -> None:
        if place != self._place:
            self._place = place
            self.pointed.emit(place)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self.place_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and place is not None:
            self.picked.emit(place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = self.place_at(event.position())
        self._point(place)
        if event.buttons() & Qt.MouseButton.LeftButton and place is not None:
            self.picked.emit(place)

    def leaveEvent(self, event: QEvent) -> None:
        self._point(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0), Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1)}
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        key = Qt.Key(event.key())
        if key in ways and modifiers in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier):
            by = STRIDE if modifiers else 1
            self.walked.emit(ways[key][0] * by, ways[key][1] * by)
        elif key == Qt.Key.Key_Home and not modifiers:
            self.centred.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()


def _heat_image(heat: NDArray[np.float32], across: int) -> QImage:
    """The heat as an image `across` pixels wide: dark where the value is large, clear where it is 0. Colour and opacity follow
    the root of each value's share of a high one, because most gradients are far below the largest."""
    shrunk = _largest_of(heat, max(1, heat.shape[1] // across))
    spread = _spread(shrunk, -(-SPECK_PX * shrunk.shape[1] // across))
    counts = spread[spread > 0]
    high = float(np.quantile(counts, HIGH)) if counts.size else 0.0
    shares = np.sqrt((spread / high).clip(0, 1)) if 0 < high < np.inf else np.zeros(spread.shape, np.float32)
    levels = np.rint(shares * 255).astype(np.uint32)
    pixels = (viridis()[255 - levels] & np.uint32(0x00FFFFFF)) | (levels << np.uint32(24))
    height, width = spread.shape
    return QImage(np.ascontiguousarray(pixels).data, width, height, 4 * width, QImage.Format.Format_ARGB32).copy()


def _largest_of(heat: NDArray[np.float32], block: int) -> NDArray[np.float32]:
    """The largest value of each square of `block` × `block` cells."""
    for axis in (0, 1):
        starts = np.arange(0, heat.shape[axis], min(block, heat.shape[axis]))
        heat = np.maximum.reduceat(heat, starts, axis=axis)
    return heat


def _spread(heat: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    """Each cell takes the largest value of the `size` × `size` cells around it: a single one becomes a visible square."""
    for axis in (0, 1):
        before = heat
        for step in range(1, size):
            by = (step + 1) // 2 * (1 if step % 2 else -1)
            if abs(by) < before.shape[axis]:
                moved = np.zeros_like(before)
                into, out = (slice(by, None), slice(None, -by)) if by > 0 else (slice(None, by), slice(-by, None))
                moved[(slice(None),) * axis + (into,)] = before[(slice(None),) * axis + (out,)]
                heat = np.maximum(heat, moved)
    return heat


def _centre(heat: NDArray[np.float32]) -> QPointF:
    """The centre of gravity, in cells from the picture's corner."""
    down, across = heat.sum(1, dtype=np.float64), heat.sum(0, dtype=np.float64)
    total = float(across.sum())
    if not 0 < total < np.inf:
        return QPointF(heat.shape[1] / 2, heat.shape[0] / 2)
    places = [float((np.arange(len(sums)) + 0.5) @ sums) / total for sums in (across, down)]
    return QPointF(*places)
