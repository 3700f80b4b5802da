"""A whole picture, small, with a frame around the part that the lens shows. The user moves the frame.

Called by the scene, beside the grid of numbers that shows that part.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.shell.theme import THEME, theme


class Overview(QWidget):
    """`set_image` and `set_frame` say what is shown; `moved` asks for the lens to be around another place."""

    moved = Signal(int, int)  # (row, column) of the picture
    shifted = Signal(int, int)  # by (rows, columns), with the arrow keys

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._image = QImage()
        self._cells = QSize(1, 1)  # of the picture; its image may have fewer pixels
        self._frame = QRectF()
        THEME.changed.connect(self.update)

    def set_image(self, image: QImage, cells: QSize | None = None) -> None:
        """`cells` is the picture's own (width, height) where `image` is smaller."""
        self._image, self._cells = image, cells or image.size()
        self.update()

    def set_frame(self, rows: range, columns: range) -> None:
        """Frame the part of the picture that is in view; it may reach into the padding."""
        frame = QRectF(columns.start, rows.start, len(columns), len(rows))
        if frame != self._frame:
            self._frame = frame
            self.setAccessibleDescription(f"({rows.start}, {columns.start}) … ({rows.stop - 1}, {columns.stop - 1})")
            self.update()

    def size_within(self, room: QSize) -> QSize:
        """The size that the picture takes, in its proportions."""
        return self._cells.scaled(room, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(8, 8))

    @property
    def frame(self) -> QRectF:
        """In the picture's own cells."""
        return self._frame

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image.isNull():
            return
        painter = QPainter(self)
        shrunk = self._image.width() > self.width() * self.devicePixelRatioF()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, shrunk)  # enlarged cells stay cells, as on the wall
        painter.drawImage(self.rect(), self._image)
        scale_x, scale_y = self.width() / self._cells.width(), self.height() / self._cells.height()
        frame = QRectF(
            self._frame.x() * scale_x, self._frame.y() * scale_y, self._frame.width() * scale_x, self._frame.height() * scale_y
        ).intersected(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        painter.setPen(QPen(theme().window, 2))
        painter.drawRect(frame.adjusted(0, 0, -1, -1))
        if self.hasFocus():
            painter.setPen(QPen(theme().accent, 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def _go(self, point: QPointF) -> None:
        if not self._image.isNull():
            row = int(point.y() * self._cells.height() / self.height())
            column = int(point.x() * self._cells.width() / self.width())
            self.moved.emit(min(max(row, 0), self._cells.height() - 1), min(max(column, 0), self._cells.width() - 1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._go(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event.position())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}
        if event.key() in steps:
            self.shifted.emit(*steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)
