"""The picture picker in a window that opens below a button, and closes with a click outside it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

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
        screen = QGuiApplication.screenAt(corner) or QGuiApplication.primaryScreen()
        room = screen.availableGeometry()
        x = min(max(corner.x() - self.width(), room.left()), room.right() - self.width())
        y = min(max(corner.y(), room.top()), room.bottom() - self.height())
        self.move(x, y)
        self.show()
