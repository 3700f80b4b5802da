"""What the training lab shows of a run: the curves, and pages of what its model answers beside them. Called by the lab."""

from __future__ import annotations

from gui.labs.training.pages.side_pages import SidePages
from gui.running.lab.lab_results import LabResults
from gui.running.run_curves import RunCurves


class RunResults(LabResults):
    pages: SidePages

    def __init__(self) -> None:
        curves, pages = RunCurves(), SidePages()
        pages.setMinimumWidth(240)
        pages.setMaximumWidth(420)
        super().__init__(curves, pages)
        self.add_fading(((curves, 3), (pages, 2)))
