"""A square of grey pixels to draw on with a brush or an eraser, with the mouse or with keys. Called by the drawing pad."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.pictures import Picture, from_pixels
from gui.shell.theme import LINED_PX, THEME, theme

Tool: TypeAlias = Literal["brush", "eraser"]
SIDES = (28, 64, 128)  # pixels of the drawing
NAME = "drawing"
CANVAS_PX = 336  # on the screen, twelve for each of 28 pixels


WAYS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}


class DrawnImage(NamedTuple):
    """One step of a drawing: ink from 0 to 255 on a square, and whether the paper is white."""

    ink: QImage
    white_paper: bool

    @property
    def pixels(self) -> QImage:
        """The grey values as they are shown."""
        seen = self.ink.copy()
        if self.white_paper:
            seen.invertPixels()
        return seen


class Canvas(QWidget):
    """The drawing, enlarged: the left button draws, the right one erases. Arrow keys move a cursor, Space puts ink there; both
    together draw a line."""

    changed = Signal()  # during a stroke
    rested = Signal()  # a stroke has ended

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedSize(CANVAS_PX, CANVAS_PX)
        self.drawing = DrawnImage(blank(SIDES[0]), white_paper=False)
        self.tool: Tool = "brush"
        self.brush = 2
        self.cursor_at = QPoint(SIDES[0] // 2, SIDES[0] // 2)
        self._last: QPointF | None = None  # the last place of the current stroke
        self._erasing = False
        self._hovered: QPointF | None = None
        THEME.changed.connect(self.update)

    @property
    def side(self) -> int:
        return self.drawing.ink.width()

    @property
    def drawing_now(self) -> bool:
        """Whether a stroke is being drawn."""
        return self._last is not None

    def show_drawing(self, drawing: DrawnImage) -> None:
        before = self.side
        self.drawing = drawing
        self.cursor_at = QPoint(self.cursor_at.x() * self.side // before, self.cursor_at.y() * self.side // before)
        self._describe()
        self.update()

    # --- strokes, in pixels of the drawing

    def begin(self, point: QPointF, *, erasing: bool) -> None:
        self.drawing = self.drawing._replace(ink=self.drawing.ink.copy())  # undo may return to the one before
        self._erasing = erasing
        self._last = point
        self.go_on(point)

    def go_on(self, point: QPointF) -> None:
        """Draw, or erase, from the last place to `point`."""
        if self._last is None:
            return
        painter = QPainter(self.drawing.ink)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = Qt.GlobalColor.black if self._erasing else Qt.GlobalColor.white
        if self._last == point:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawEllipse(point, self.brush / 2, self.brush / 2)
        else:
            painter.setPen(QPen(colour, self.brush, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawLine(self._last, point)
        painter.end()
        self._last = point
        self._describe()
        self.update()
        self.changed.emit()

    def end(self) -> None:
        if self._last is not None:
            self._last = None
            self.rested.emit()

    # --- mouse and keys

    def _point(self, position: QPointF) -> QPointF:
        return position * (self.side / self.width())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton) and self._last is None:
            erasing = self.tool == "eraser" or event.button() == Qt.MouseButton.RightButton
            self.begin(self._point(event.position()), erasing=erasing)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hovered = self._point(event.position())
        if event.buttons() & (Qt.MouseButton.LeftButton | Qt.MouseButton.RightButton):
            self.go_on(self._hovered)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if not event.buttons() & (Qt.MouseButton.LeftButton | Qt.MouseButton.RightButton):
            self.end()

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = None
        self.update()

    def _cursor_point(self) -> QPointF:
        return QPointF(self.cursor_at) + QPointF(0.5, 0.5)

    def event(self, event: QEvent) -> bool:
        """The keys that draw are no shortcuts of the page around the paper."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            others = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
            if not others and (event.key() in WAYS or event.key() == Qt.Key.Key_Space):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = 4 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat() and self._last is None:
                self.begin(self._cursor_point(), erasing=self.tool == "eraser")
        elif event.key() in WAYS:
            across, down = WAYS[Qt.Key(event.key())]
            x = min(max(self.cursor_at.x() + across * step, 0), self.side - 1)
            y = min(max(self.cursor_at.y() + down * step, 0), self.side - 1)
            self.cursor_at = QPoint(x, y)
            self.go_on(self._cursor_point())
            self._describe()
            self.update()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.end()
        else:
            super().keyReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._describe()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.end()
        self.update()

    def _describe(self) -> None:
        """Tell screen readers where the cursor is and how bright the pixel is there."""
        x, y = self.cursor_at.x(), self.cursor_at.y()
        grey = self.drawing.ink.pixelColor(x, y).lightness()
        if self.drawing.white_paper:
            grey = 255 - grey
        self.setAccessibleDescription(f"({y}, {x}) = {grey / 255:.2f}")

    def paintEvent(self, event: QPaintEvent) -> None:
        now = theme()
        painter = QPainter(self)
        painter.drawImage(self.rect(), self.drawing.pixels)
        px = self.width() / self.side
        if px >= LINED_PX:
            faint = QColor(now.muted)
            faint.setAlpha(60)
            painter.setPen(QPen(faint, 1))
            for number in range(1, self.side):
                place = round(number * px)
                painter.drawLine(place, 0, place, self.height())
                painter.drawLine(0, place, self.width(), place)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._hovered is not None:  # a circle as wide as the brush
            painter.setPen(QPen(now.window, 1.5))
            radius = self.brush * px / 2
            painter.drawEllipse(self._hovered * px, radius, radius)
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
            painter.setPen(QPen(now.window, 2))
            painter.drawRect(QRectF(self.cursor_at.x() * px, self.cursor_at.y() * px, px, px))
        painter.setPen(QPen(now.accent if self.hasFocus() else now.line, 1))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def sizeHint(self) -> QSize:
        return QSize(CANVAS_PX, CANVAS_PX)


def blank(side: int) -> QImage:
    """A square without ink."""
    made = QImage(side, side, QImage.Format.Format_Grayscale8)
    made.fill(0)
    return made


def picture_of(drawing: DrawnImage) -> Picture:
    """The drawing as a grey Picture, (1, side, side)."""
    return from_pixels(NAME, bytes_of(drawing.pixels))


def bytes_of(grey: QImage) -> NDArray[np.uint8]:
    """The grey values (H, W) of an image."""
    lines = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), grey.bytesPerLine())
    return lines[:, : grey.width()].copy()
