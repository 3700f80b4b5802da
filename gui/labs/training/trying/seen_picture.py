"""What the network got, cell by cell, and over it what its answer hangs on. Called by the board of the page "try it"."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.colours import viridis
from gui.shell.theme import THEME, theme
from gui.widgets.pictures.picture_files import image_of_values

MOST_OPAQUE = 215  # of 255, where the saliency is largest


class SeenPicture(QWidget):
    """A square with a picture in its middle."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture: QImage | None = None
        self._over: QImage | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        THEME.changed.connect(self.update)

    def set_side(self, px: int) -> None:
        self.setFixedSize(QSize(px, px))

    def show_picture(self, values_CHW: NDArray[np.float32] | None, saliency_HW: NDArray[np.float32] | None) -> None:  # noqa: N803
        """Show a picture of 0 to 1, and over it a saliency, or none."""
        self._picture = None if values_CHW is None else image_of_values(values_CHW)
        self._over = None if saliency_HW is None else overlay(saliency_HW)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, now = QPainter(self), theme()
        painter.fillRect(self.rect(), now.ground)
        area = QRectF(self.rect())
        if self._picture is not None:
            wide, high = self._picture.width(), self._picture.height()
            share = min(area.width() / wide, area.height() / high)
            place = QRectF(0, 0, wide * share, high * share)
            place.moveCenter(area.center())
            painter.drawImage(place, self._picture)
            if self._over is not None:
                painter.drawImage(place, self._over)
        painter.setPen(QPen(now.line, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


def overlay(saliency_HW: NDArray[np.float32]) -> QImage:  # noqa: N803
    """Colours from clear, where nothing hangs on a cell, to the map's brightest, where most does."""
    height, width = saliency_HW.shape
    most = float(saliency_HW.max())
    share = np.clip(saliency_HW / most, 0, 1) if most > 0 else np.zeros_like(saliency_HW)
    colours = viridis()[np.rint(255 * share).astype(int)] & np.uint32(0x00FFFFFF)
    opaque = np.rint(MOST_OPAQUE * share).astype(np.uint32) << np.uint32(24)
    argb = np.ascontiguousarray(colours | opaque)
    return QImage(argb.data, width, height, 4 * width, QImage.Format.Format_ARGB32).copy()
