"""What the training lab shows of a run: the curves, and pages of what its model answers beside them. Called by the lab."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from gui.labs.training.pages.side_pages import SidePages
from gui.running.lab.lab_results import LabResults
from gui.running.run_curves import RunCurves


class RunResults(LabResults):
    pages: SidePages

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        curves, pages = RunCurves(self.fading), SidePages(self.fading)
        pages.setMinimumWidth(240)
        pages.setMaximumWidth(420)
        self.show_beside_each_other(curves, pages, ((curves, 3), (pages, 2)))
