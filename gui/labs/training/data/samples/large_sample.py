"""One picture of the data, as large as there is room for, with its class, its number and its values.

Called by the card of samples.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from engine.figures import measured, shape_text
from gui.shell.theme import LINED_PX, THEME, theme
from gui.widgets.labels import label
from gui.widgets.own_keys import claims_key
from gui.widgets.pictures.picture_files import image_of_values

LARGE_PX = 360
STRIDES = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class LargePicture(QWidget):
    """A picture whose pixels are cells; left and right go to the one beside it."""

    turned = Signal(int)  # -1 or 1
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(LARGE_PX)
        THEME.changed.connect(self.update)

    def show_values(self, values_CHW: NDArray[np.float32]) -> None:  # noqa: N803  (named by its layout)
        self._image = image_of_values(values_CHW)
        self.update()

    @property
    def area(self) -> QRectF:
        """Where the picture is."""
        size = QSize(self._image.size()).scaled(min(self.width(), LARGE_PX), LARGE_PX, Qt.AspectRatioMode.KeepAspectRatio)
        return QRectF(0, 0, size.width(), size.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image.isNull():
            return
        painter, place = QPainter(self), self.area
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=place.width() < LINED_PX * self._image.width() / 3)
        painter.drawImage(place, self._image)
        painter.setPen(QPen(theme().accent if self.hasFocus() else theme().line, 1))
        painter.drawRect(place.adjusted(0, 0, -1, -1))

    def event(self, event: QEvent) -> bool:
        return claims_key(event, (*STRIDES, Qt.Key.Key_Escape)) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if (stride := STRIDES.get(Qt.Key(event.key()))) is not None:
            self.turned.emit(stride)
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class LargeSample(QWidget):
    """`show_sample` shows one; `left` asks to go back to all of them, `turned` to the one before or after."""

    turned = Signal(int)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture, self.caption, self.values = LargePicture(), label("accent"), label("muted", wraps=True)
        self.back, self.before, self.after = QPushButton(), QPushButton(), QPushButton()
        line = QHBoxLayout()
        line.setSpacing(2)
        for button in (self.back, self.before, self.after):
            button.setProperty("role", "link")
            line.addWidget(button)
        line.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(line)
        column.addWidget(self.caption)
        column.addWidget(self.picture)
        column.addWidget(self.values)
        self.back.clicked.connect(self.left)
        self.before.clicked.connect(lambda: self.turned.emit(-1))
        self.after.clicked.connect(lambda: self.turned.emit(1))
        self.picture.turned.connect(self.turned)
        self.picture.left.connect(self.left)
        self.retranslate()

    def show_sample(self, values_CHW: NDArray[np.float32], caption: str) -> None:  # noqa: N803
        """A picture (C, H, W), and what it is."""
        self.picture.show_values(values_CHW)
        self.picture.setAccessibleName(caption)
        self.caption.setText(caption)
        text = self.tr("{shape}, values from {low} to {high}, mean {mean}")
        self.values.setText(
            text.format(
                shape=shape_text(values_CHW.shape),
                low=measured(float(values_CHW.min())),
                high=measured(float(values_CHW.max())),
                mean=measured(float(values_CHW.mean(dtype=np.float64))),
            )
        )

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.back.setText(self.tr("← All samples"))
        self.back.setToolTip(self.tr("Back to all samples (Esc)"))
        self.before.setText(self.tr("Previous"))
        self.after.setText(self.tr("Next"))
