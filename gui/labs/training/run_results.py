"""What a run has measured and what its model answers: the curves, and pages beside them, which fade while the settings are
another experiment's.

Called by the training lab.
"""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gui.labs.training.pages.side_pages import SidePages
from gui.running.run_curves import RunCurves
from gui.running.veil import Veil

GAP = 12


class RunResults(QWidget):
    """`curves` and `pages` are shown the run; `show_run` says also whether the settings are its own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        results = QWidget(self)
        self.curves = RunCurves(results)
        self.name = self.curves.name
        self.pages = SidePages(results)
        self.pages.setMinimumWidth(240)
        self.pages.setMaximumWidth(420)
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
