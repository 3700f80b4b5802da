"""How the pages beside the curves are looked at, which the lab's state remembers: which samples they show, and which layers.

Called by the training lab.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from engine.experiments.meaning import meaning_of
from gui.labs.training.inside.inside_view import InsideView
from gui.labs.training.pages.side_pages import SidePages
from gui.labs.training.state import TrainingState
from gui.running.run_control import RunControl


class ResultsLook(QObject):
    """`show_look` brings the pages to the lab's state, `edited` says what of it the user has edited there."""

    edited = Signal(object)  # a dict: fields of TrainingState and their new values

    def __init__(
        self, pages: SidePages, control: RunControl, state: Callable[[], TrainingState], parent: QObject | None = None
    ) -> None:
        """`state()` is the lab's, and follows what is `edited` at once."""
        super().__init__(parent)
        self._pages, self._control, self._state = pages, control, state
        prediction = self._pages.prediction
        prediction.next_asked.connect(self._next_sample)
        prediction.view.picture_chosen.connect(lambda number: self.edited.emit({"chosen": number}))
        self._pages.plane.units_shown.connect(lambda shown: self.edited.emit({"unit_lines": shown}))
        for page in (self._pages.feature_maps, self._pages.layers):
            page.view_edited.connect(self._inside_edited)

    def show_look(self) -> None:
        self._pages.prediction.set_chosen(self._state().chosen)
        self._pages.plane.show_units(self._state().unit_lines)
        self._show_inside()
        self.show_samples()

    def show_samples(self) -> None:
        """Ask for the state's samples, by what the outputs of the shown run mean."""
        own = self._control.experiment
        self._pages.prediction.set_samples(self._state().sample, "scores" if own is None else meaning_of(own))

    def _show_inside(self) -> None:
        for page in (self._pages.feature_maps, self._pages.layers):
            page.set_view(self._state().inside)

    @Slot()
    def _next_sample(self) -> None:
        self.edited.emit({"sample": (self._state().sample + 1) % 10_000})
        self.show_samples()

    @Slot(object)
    def _inside_edited(self, view: InsideView) -> None:
        """One of the two pages edits what is its own; the other follows."""
        self.edited.emit({"inside": view})
        self._show_inside()
