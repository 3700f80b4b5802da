"""Windows of their own (dialogs, popups) on the screen: inside of it, and gone while what they belong to is hidden.

Qt places a dialog only the first time, and a popup not at all.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QStyle, QWidget

BORDER_PX = 4  # of a window's frame, which is not known before it is shown
_AWAY = "away"  # the property of a window that waits for its owner to be shown again


def room_at(corner: QPoint) -> QRect:
    """The part of the screen around a point that windows may cover."""
    screen = QGuiApplication.screenAt(corner) or QGuiApplication.primaryScreen()
    return screen.availableGeometry()


def frame_height(window: QWidget) -> int:
    """How much higher a window is with its frame: its title bar and its borders."""
    return 2 * BORDER_PX + window.style().pixelMetric(QStyle.PixelMetric.PM_TitleBarHeight, None, window)


def place(window: QWidget, corner: QPoint) -> None:
    """Move a window, with its frame, so that its upper left corner is at a point of the screen, or as near as there is room. A
    window larger than the screen becomes as large as the screen, if it can."""
    room = room_at(corner)
    wide = high = 0  # of the frame
    if window.windowType() != Qt.WindowType.Popup:
        wide, high = 2 * BORDER_PX, frame_height(window)
    window.resize(min(window.width(), room.width() - wide), min(window.height(), room.height() - high))
    x = max(room.left(), min(corner.x(), room.left() + room.width() - window.width() - wide))
    y = max(room.top(), min(corner.y(), room.top() + room.height() - window.height() - high))
    window.move(x, y)


def show_in_front(window: QWidget) -> None:
    """Show a dialog in the middle of the window that it belongs to, and inside of the screen; one that is open comes to the
    front where it is."""
    owner = window.parentWidget()
    if not window.isVisible() and owner is not None:
        middle = owner.window().frameGeometry().center()
        place(window, middle - QPoint(window.width() // 2, window.height() // 2))
    window.show()
    window.raise_()


def put_away(owner: QWidget) -> None:
    """Hide the windows that belong to a part of `owner`, which has been hidden, until `bring_back`. What blocks the rest of the
    program stays, and a popup closes for good."""
    for window in _windows_of(owner):
        if window.isVisible() and not window.isModal():
            window.setProperty(_AWAY, window.windowType() != Qt.WindowType.Popup)
            window.hide()


def bring_back(owner: QWidget) -> None:
    """Show again what `put_away` has hidden."""
    for window in _windows_of(owner):
        if window.property(_AWAY):
            window.setProperty(_AWAY, False)
            window.show()


def _windows_of(owner: QWidget) -> list[QWidget]:
    return [window for window in QApplication.topLevelWidgets() if window is not owner and _belongs(window, owner)]


def _belongs(window: QWidget, owner: QWidget) -> bool:
    """Whether a window, or the one that it belongs to, was opened for a part of `owner`."""
    part = window.parentWidget()
    while part is not None and part is not owner:
        part = part.parentWidget()
    return part is owner
