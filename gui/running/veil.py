"""A veil over what a run has measured, while the settings are another experiment's. Called by the labs that train."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QWidget

from gui.shell.theme import THEME, theme

FADED = 125  # of 255: how much of the ground lies over what is another experiment's


class Veil(QWidget):
    """Lies over all of its parent and lets it shine through; the mouse reaches what is below."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._below = parent
        self._spared: list[QWidget] = []
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        parent.installEventFilter(self)
        THEME.changed.connect(self.update)

    def spare(self, part: QWidget) -> None:
        """Leave out `part`: it shows the settings, and nothing of a run."""
        self._spared.append(part)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._below.rect())
        return False

    def showEvent(self, event: QEvent) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        ground = QColor(theme().ground)
        ground.setAlpha(FADED)
        painter = QPainter(self)
        faded = event.region()
        for part in self._spared:
            if part.isVisible():
                faded -= QRegion(QRect(part.mapTo(self._below, QPoint()), part.size()))
        painter.setClipRegion(faded)
        painter.fillRect(event.rect(), ground)
