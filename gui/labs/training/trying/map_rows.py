"""The first maps of each layer as small pictures, a row a layer. Called by the board of the page "try it"."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.colours import viridis
from engine.figures import full_count
from engine.judging.tried import MOST_MAPS, SmallMaps
from gui.shell.theme import THEME, font, theme

LABEL_PX, GAP, MOST_TILE = 18, 3, 40


class MapRows(QWidget):
    """`show_maps` shows the maps of some layers, whose names are `names`, one for each layer of the network."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._maps: tuple[SmallMaps, ...] = ()
        self._names: Sequence[str] = ()
        self._images: list[list[QImage]] = []
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        THEME.changed.connect(self.update)

    def show_maps(self, maps: tuple[SmallMaps, ...], names: Sequence[str]) -> None:
        before = len(self._maps)
        self._maps, self._names = maps, names
        self._images = [[painted(each) for each in layer.maps] for layer in maps]
        if len(maps) != before:
            self.updateGeometry()
        self.update()

    @property
    def count(self) -> int:
        """How many layers are shown."""
        return len(self._maps)

    def _tile(self, width: int) -> int:
        return max(8, min(MOST_TILE, (width + GAP) // MOST_MAPS - GAP))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return max(1, len(self._maps) * (LABEL_PX + self._tile(width) + 2 * GAP))

    def sizeHint(self) -> QSize:
        return QSize(200, self.heightForWidth(200))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.heightForWidth(max(self.width(), 120)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, tile, top = QPainter(self), self._tile(self.width()), 0
        painter.setFont(font(11))
        for layer, images in zip(self._maps, self._images, strict=True):
            painter.setPen(theme().muted)
            name = self._names[layer.layer] if layer.layer < len(self._names) else ""
            text = self.tr("{number} {layer}, maps 1 to {shown} of {count}").format(
                number=layer.layer + 1, layer=name, shown=len(images), count=full_count(layer.channels)
            )
            painter.drawText(QRectF(0, top, self.width(), LABEL_PX), Qt.AlignmentFlag.AlignLeft, text)
            for number, image in enumerate(images):
                painter.drawImage(QRectF(number * (tile + GAP), top + LABEL_PX, tile, tile), image)
            top += LABEL_PX + tile + 2 * GAP


def painted(values_HW: NDArray[np.float32]) -> QImage:  # noqa: N803
    """A map as colours from its smallest to its largest value; what is not finite is as the smallest."""
    finite = np.where(np.isfinite(values_HW), values_HW, 0.0)
    low, high = float(finite.min()), float(finite.max())
    share = (finite - low) / (high - low) if high > low else np.zeros_like(finite)
    argb = np.ascontiguousarray(viridis()[np.rint(255 * share).astype(int)])
    height, width = argb.shape
    return QImage(argb.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()
