"""A slider that goes to where its groove is pressed, and follows the pointer from there; Qt's own goes a page at a time.

Called by everything that has a slider.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider, QWidget


class HandSlider(QSlider):
    """A horizontal one. A press on its handle is Qt's, with the place at which it was taken."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._follows = False  # the groove was pressed, and the button is held

    def _parts(self) -> tuple[QStyleOptionSlider, QStyle]:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        return option, self.style()

    def position_at(self, point: QPointF) -> int:
        """The position whose handle is nearest to a pixel."""
        option, style = self._parts()
        kind = QStyle.ComplexControl.CC_Slider
        groove = style.subControlRect(kind, option, QStyle.SubControl.SC_SliderGroove, self)
        width = style.subControlRect(kind, option, QStyle.SubControl.SC_SliderHandle, self).width()
        at = round(point.x() - groove.left() - width / 2)
        return QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), at, groove.width() - width, option.upsideDown)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        option, style = self._parts()
        kind, handle = QStyle.ComplexControl.CC_Slider, QStyle.SubControl.SC_SliderHandle
        on_handle = style.subControlRect(kind, option, handle, self).contains(event.position().toPoint())
        if event.button() != Qt.MouseButton.LeftButton or on_handle:
            super().mousePressEvent(event)
            return
        self._follows = True
        self.setSliderDown(True)
        self.setSliderPosition(self.position_at(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._follows:
            self.setSliderPosition(self.position_at(event.position()))
        else:
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._follows and event.button() == Qt.MouseButton.LeftButton:
            self._follows = False
            self.setSliderDown(False)
        else:
            super().mouseReleaseEvent(event)
