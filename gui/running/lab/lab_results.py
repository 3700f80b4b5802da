"""What a run has measured and what its model answers: curves and pages, under the name of their run, which fade while the
settings are another experiment's.

Derived from by what each lab that trains has in its middle.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.experiments.experiment import Experiment
from gui.running.experiment_names import name_in_words
from gui.running.run_control import RunControl
from gui.running.run_curves import RunCurves
from gui.running.timeline.shown_moment import AskingPages
from gui.running.veil import Veil

GAP = 12


class ShownPages(AskingPages, Protocol):
    """The pages of a lab, which of them are on the screen, and the run that they are shown. `PageGroups` is such."""

    @property
    def chosen(self) -> SignalInstance:
        """The name of a page, by the user."""

    @property
    def shown(self) -> tuple[str, ...]:
        """The names of the pages on the screen; those after them would be there if the user had not left them."""

    def set_chosen(self, names: tuple[str, ...]) -> None: ...

    def set_past(self, is_past: bool) -> None: ...

    def show_run(self, experiment: Experiment | None) -> None: ...

    def close_pages(self, deadline_s: float) -> None: ...


class LabResults(QWidget):
    """`follow_run` brings all of it to the run that a control shows, `take_measured` takes over what that has measured since.

    A subclass makes the curves and the pages inside of `fading`, and shows them with `show_beside_each_other`. What stands in
    `column` before does not fade."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.fading = QWidget(self)  # what is made in its place is styled once

    def show_beside_each_other(self, curves: RunCurves, pages: ShownPages, side_by_side: Sequence[tuple[QWidget, int]]) -> None:
        """`side_by_side`: the widgets that hold them, each with its share of the width."""
        self.curves, self.pages = curves, pages
        self.name = curves.name
        row = QHBoxLayout(self.fading)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        for widget, share in side_by_side:
            row.addWidget(widget, share)
        self.column.addWidget(self.fading, 1)
        self.veil = Veil(self.fading)

    def follow_run(self, control: RunControl, settings: Experiment) -> None:
        """Show which run it is, and how long. Where none is shown, the curves are those that `settings` would have."""
        own, status, differs = control.experiment, control.status(), control.differs
        self.pages.show_run(own)
        name, origin = "" if own is None else name_in_words(own), None if status is None else status.origin
        left, opening = control.left is not None, control.is_opening
        self.curves.show_run(name, differs=differs, left=left, opening=opening, origin=origin)
        self.veil.setVisible(differs)
        if status is None:
            self.curves.set_length(0, 0)
        elif status.steps:  # a run that is being prepared has none
            self.curves.set_length(status.steps, status.epochs)
        self.curves.show_kind(own or settings, control.target_variance)

    def take_measured(self, control: RunControl) -> None:
        """Take over what the history has got since the last time; drawn by `curves.parts`."""
        history, status = control.history, control.status()
        if history is not None and status is not None:
            self.curves.take(history, status, control.first_rate)

    def forget_run(self, control: RunControl) -> None:
        """Show no curves of the run before; nor answers, where the shown run has no model, or one that has answered nothing
        yet."""
        self.curves.forget()
        if not (control.has_model and control.reached):
            self.pages.forget()

    def set_moment(self, step: int | None) -> None:
        """Everything but the curves is as it was after that many steps; None: as it is now."""
        self.curves.set_moment(step)
        self.pages.set_past(step is not None)
