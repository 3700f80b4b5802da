"""The picture picker in a window that opens below a button, and closes with a click outside it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from gui.shell.on_screen import place
from gui.widgets.pictures.picture_picker import PicturePicker

WIDTH_PX = 290


class PicturePopup(QFrame):
    """`open_below` opens it with its upper right corner at a point of the screen, or as near as the screen allows."""

    def __init__(self, picker: PicturePicker, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("role", "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.addWidget(picker)
        self.setFixedWidth(WIDTH_PX)

    def open_below(self, corner: QPoint) -> None:
        self.adjustSize()
        place(self, corner - QPoint(self.width(), 0))
        self.show()
