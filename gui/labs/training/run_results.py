"""What a run has measured and what its model answers: the curves, and pages beside them, which fade while the settings are
another experiment's.

Called by the training lab.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gui.labs.training.pages.side_pages import SidePages
from gui.running.run_curves import RunCurves
from gui.shell.theme import THEME, theme

GAP = 12
FADED = 125  # of 255: how much of the ground lies over what is another experiment's


class RunResults(QWidget):
    """`curves` and `pages` are shown the run; `show_run` says also whether the settings are its own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.curves = RunCurves()
        self.name = self.curves.name
        self.pages = SidePages()
        self.pages.setMinimumWidth(240)
        self.pages.setMaximumWidth(420)
        results = QWidget()
        row = QHBoxLayout(results)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        row.addWidget(self.curves, 3)
        row.addWidget(self.pages, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(results)
        self.veil = Veil(results)

    def show_run(self, name: str, *, differs: bool) -> None:
        """The run is called `name`; empty: none is shown. `differs`: the settings are another experiment's."""
        self.curves.show_run(name, differs=differs)
        self.veil.setVisible(differs)

    def set_moment(self, step: int | None) -> None:
        """Everything but the curves is as it was after that many steps; None: as it is now."""
        self.curves.set_moment(step)
        self.pages.set_past(step is not None)


class Veil(QWidget):
    """Lies over all of its parent and lets it shine through; the mouse reaches what is below."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._below = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        parent.installEventFilter(self)
        THEME.changed.connect(self.update)

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
        QPainter(self).fillRect(event.rect(), ground)
