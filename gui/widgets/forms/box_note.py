"""A sentence beside a box, on top of whatever is there: why the box holds another number than the one that was typed. Called by
`number_box` and by the field over a grid's cell."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QLabel, QWidget
from shiboken6 import isValid

SHOWN_MS = 9_000
_WIDEST_PX = 260
_GAP_PX = 3
_BESIDE_PX = 14  # the edge of a column lies between
_MARGIN_PX = 8  # to the window's edges


class BoxNote(QLabel):
    """One for each box, made with its first sentence. It takes no clicks, and goes with its box, or with the window that it was
    last shown in: `living` says whether it is there. One is shown at a time."""

    _shown: ClassVar[BoxNote | None] = None

    def __init__(self, box: QWidget) -> None:
        super().__init__(box.window())
        self._box = box
        self.setProperty("role", "box_note")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._timer = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._timer.timeout.connect(self.withdraw)
        box.destroyed.connect(self.deleteLater)
        self.hide()

    def say(self, sentence: str) -> None:
        """Show the sentence, tell it to screen readers, and keep it as the box's description while it is shown."""
        before = living(BoxNote._shown)
        if before is not None and before is not self:
            before.withdraw()
        BoxNote._shown = self
        if self.parentWidget() is not self._box.window():
            self.setParent(self._box.window())
        self.setText(sentence)
        self.setWordWrap(False)
        self.ensurePolished()
        if self.sizeHint().width() > _WIDEST_PX:
            self.setWordWrap(True)
            self.resize(_WIDEST_PX, self.heightForWidth(_WIDEST_PX))
        else:
            self.resize(self.sizeHint())
        self.move(self._place())
        self.show()
        self.raise_()
        self._timer.start()
        self._box.setAccessibleDescription(sentence)
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._box, sentence))

    def withdraw(self) -> None:
        """Take the sentence away."""
        if self.isVisible() or self._timer.isActive():
            self._timer.stop()
            self.hide()
            self._box.setAccessibleDescription("")

    @classmethod
    def make_way(cls, box: QWidget) -> None:
        """Move the sentence of another box above that box, where it lies over `box`, which is used now."""
        note = living(cls._shown)
        if note is None or not note.isVisible() or note._box is box or note._box.window() is not box.window():
            return
        if note.geometry().intersects(QRect(box.mapTo(box.window(), QPoint(0, 0)), box.size())):
            note.move(note._place(above=True))

    def _place(self, *, above: bool = False) -> QPoint:
        """At the right of the box, where it lies over no other one; where there is no room, below the box, its right edges in a
        line; above it where there is no room there either, or with `above`; inside the window."""
        window = self._box.window()
        right = self._box.mapTo(window, QPoint(self._box.width(), 0)).x()
        beside = right + _BESIDE_PX
        if not above and beside + self.width() <= window.width() - _MARGIN_PX:
            middle = self._box.mapTo(window, self._box.rect().center()).y() - self.height() // 2
            return QPoint(beside, min(max(middle, 0), max(window.height() - self.height() - _MARGIN_PX, 0)))
        below = self._box.mapTo(window, QPoint(0, self._box.height())).y() + _GAP_PX
        if above or below + self.height() > window.height() - _MARGIN_PX:
            below -= self._box.height() + 2 * _GAP_PX + self.height()
        left = min(max(right - self.width(), _MARGIN_PX), window.width() - self.width() - _MARGIN_PX)
        return QPoint(max(left, 0), max(below, 0))


def living(note: BoxNote | None) -> BoxNote | None:
    """The note, where there is one: a box may have been in a window of its own that is gone."""
    return note if note is not None and isValid(note) else None
