"""What a run has measured and what its model answers: pages in the centre and beside it, under the name of their run, which
fade while the settings are another experiment's.

Called by the sequence lab.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from gui.labs.sequence.sequence_pages import SequencePages
from gui.running.veil import Veil

GAP = 12
SIDE_PX = (316, 380)  # of the pages beside the centre: at least, at most


class SequenceResults(QWidget):
    """`pages` are shown the run; `show_run` says also whether the settings are its own. `settings_toggled`: the user wants the
    settings beside the results, or their room."""

    settings_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.settings = QToolButton(self)  # before the rest, also for the Tab key
        results = QWidget(self)
        self.pages = SequencePages(results)
        self.curves = self.pages.curves.curves
        self.name = self.curves.name
        self.settings.setProperty("role", "link")
        self.settings.setCheckable(True)
        self.settings.setChecked(True)
        self.settings.clicked.connect(self.settings_toggled)
        row = QHBoxLayout(results)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        row.addWidget(self.pages.centre, 2)
        if (side := self.pages.side) is not None:
            side.setMinimumWidth(SIDE_PX[0])
            side.setMaximumWidth(SIDE_PX[1])
            row.addWidget(side, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        line = QHBoxLayout()
        line.setSpacing(GAP)
        line.addWidget(self.settings)
        line.addWidget(self.name, 1)
        column.addLayout(line)
        column.addWidget(results, 1)
        self.veil = Veil(results)
        self.retranslate()

    def set_settings_shown(self, shown: bool) -> None:
        """Whether the settings stand beside the results."""
        self.settings.setChecked(shown)
        self.retranslate()

    def set_side_shown(self, shown: bool) -> None:
        """Whether there is room for the pages beside the centre."""
        if self.pages.side is not None:
            self.pages.side.setVisible(shown)
            self.pages.questions_changed.emit()

    def show_run(self, name: str, *, differs: bool) -> None:
        """The run is called `name`; empty: none is shown. `differs`: the settings are another experiment's."""
        self.curves.show_run(name, differs=differs)
        self.veil.setVisible(differs)

    def set_moment(self, step: int | None) -> None:
        """Everything but the curves is as it was after that many steps; None: as it is now."""
        self.curves.set_moment(step)
        self.pages.set_past(step is not None)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.settings.setText(self.tr("Hide the settings") if self.settings.isChecked() else self.tr("Show the settings"))
        self.settings.setToolTip(self.tr("Make room: hide the settings, or show them again"))
        self.settings.setAccessibleName(self.settings.text())
