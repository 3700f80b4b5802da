"""A line of text that never widens its page. Called by cards and by the labs for lines of numbers and notes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from gui.shell.theme import set_role
from gui.widgets.labels import fill_ground, set_text


class OneLine(QLabel):
    """Shows the first of its wordings that fits. The tooltip has the longest wording where another one is shown."""

    def __init__(self, role: str = "small") -> None:
        super().__init__()
        self._wordings: tuple[str, ...] = ("",)
        self._tip = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(1)
        set_role(self, role)

    def set_text(self, *wordings: str, tip: str = "") -> None:
        """`wordings` go from the longest to the shortest. `tip` is added to the tooltip."""
        self._wordings, self._tip = wordings, tip
        self._fit()

    @property
    def wording(self) -> str:
        """The longest wording."""
        return self._wordings[0]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        measure = self.fontMetrics()
        shown = next((text for text in self._wordings if measure.horizontalAdvance(text) <= self.width()), None)
        if shown is None:
            shown = measure.elidedText(self._wordings[-1], Qt.TextElideMode.ElideRight, self.width())
        set_text(self, shown)
        left_out = self._wordings[0] if shown != self._wordings[0] else ""
        tip = "\n".join(part for part in (left_out, self._tip) if part)
        if tip != self.toolTip():
            self.setToolTip(tip)


class FilledLine(OneLine):
    """One on a card whose text changes all the time."""

    def paintEvent(self, event: QPaintEvent) -> None:
        fill_ground(self)
        super().paintEvent(event)
