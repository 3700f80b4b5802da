"""A small picture to choose, with a ring while it is chosen. Called by the picture picker and its row of patterns."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from gui.shell.theme import THEME, theme

THUMB_PX = 42


class Thumb(QAbstractButton):
    """A button that shows the middle square of an image."""

    def __init__(self, side_px: int = THUMB_PX, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setFixedSize(side_px, side_px)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._image = QImage()
        THEME.changed.connect(self.update)

    def set_image(self, image: QImage) -> None:
        """Show the middle square of an image."""
        side = min(image.width(), image.height())
        left, top = (image.width() - side) // 2, (image.height() - side) // 2
        pixels = round(self.width() * self.devicePixelRatioF())
        mode = Qt.TransformationMode.SmoothTransformation if side > pixels else Qt.TransformationMode.FastTransformation
        self._image = image.copy(left, top, side, side).scaled(pixels, pixels, Qt.AspectRatioMode.IgnoreAspectRatio, mode)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        now = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inner = QRectF(self.rect()).adjusted(3, 3, -3, -3)
        path = QPainterPath()
        path.addRoundedRect(inner, 4, 4)
        painter.setClipPath(path)
        painter.drawImage(inner, self._image)
        painter.setClipping(False)
        ring = now.accent if self.isChecked() else now.line
        painter.setPen(QPen(ring, 2 if self.isChecked() else 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        if self.hasFocus():
            painter.setPen(QPen(now.text, 1, Qt.PenStyle.DotLine))
            painter.drawRoundedRect(inner, 4, 4)
