"""The pages of the sequence lab. A new one is a class that derives from `SequencePage`, an import and a row here: CENTRE for
what needs the width of the time axis, SIDE for what stands beside it.

Called by `sequence_results`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from engine.experiments.experiment import Experiment
from gui.labs.sequence.conventions.conventions_page import ConventionsPage
from gui.labs.sequence.directions.directions_page import DirectionsPage
from gui.labs.sequence.embedding.embedding_page import EmbeddingPage
from gui.labs.sequence.gates.gates_page import GatesPage
from gui.labs.sequence.gradients.gradients_page import GradientsPage
from gui.labs.sequence.one_step.one_step_page import OneStepPage
from gui.labs.sequence.predicting.predicting_page import PredictingPage
from gui.labs.sequence.remembering.remembering_page import RememberingPage
from gui.labs.sequence.sequence_curves import SequenceCurves
from gui.labs.sequence.sequence_look import SequenceLook
from gui.labs.sequence.sequence_page import SequencePage
from gui.running.page_groups import PageGroups
from gui.running.result_page import ModelQuestion

# name -> page, in the order of the choice; the name is also that of the page's field in the lab's state, where it has one
CENTRE: Mapping[str, Callable[[], SequencePage]] = {
    "gates": GatesPage,
    "predicting": PredictingPage,
    "embedding": EmbeddingPage,
    "conventions": ConventionsPage,
    "curves": SequenceCurves,
}
SIDE: Mapping[str, Callable[[], SequencePage]] = {
    "one_step": OneStepPage,
    "gradients": GradientsPage,
    "remembering": RememberingPage,
    "directions": DirectionsPage,
}


class SequencePages(QObject):
    """Two places, of each of which one page is on the screen: `centre` and `side`. `set_look` says what all pages look at."""

    questions_changed = Signal()
    chosen = Signal(str)  # the name of a page, by the user
    look_edited = Signal(object)  # a SequenceLook
    view_edited = Signal(str, object)  # the name of a page and its own struct
    convention_chosen = Signal(str)
    bidirectional_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pages: dict[str, SequencePage] = {}
        self._groups: list[PageGroups] = []
        for rows in (CENTRE, SIDE):
            if made := {name: make() for name, make in rows.items()}:
                self.pages |= made
                self._groups.append(PageGroups((made,), parent))
        self.centre = self._groups[0]
        self.side = self._groups[1] if SIDE else None
        for group in self._groups:
            group.questions_changed.connect(self.questions_changed)
            group.chosen.connect(self.chosen)
        for name, page in self.pages.items():
            page.look_edited.connect(self.look_edited)
            page.convention_chosen.connect(self.convention_chosen)
            page.bidirectional_asked.connect(self.bidirectional_asked)
            page.view_edited.connect(lambda view, name=name: self.view_edited.emit(name, view))

    @property
    def gates(self) -> GatesPage:
        page = self.pages["gates"]
        assert isinstance(page, GatesPage)
        return page

    @property
    def directions(self) -> DirectionsPage:
        page = self.pages["directions"]
        assert isinstance(page, DirectionsPage)
        return page

    @property
    def curves(self) -> SequenceCurves:
        page = self.pages["curves"]
        assert isinstance(page, SequenceCurves)
        return page

    # --- how they are looked at

    def set_chosen(self, names: tuple[str, ...]) -> None:
        for group in self._groups:
            group.set_chosen(names)

    @property
    def shown(self) -> tuple[str, ...]:
        """The names of the pages on the screen."""
        return tuple(name for group in self._groups for name in group.shown)

    def set_look(self, look: SequenceLook) -> None:
        for page in self.pages.values():
            page.set_look(look)

    def show_settings(self, experiment: Experiment) -> None:
        for page in self.pages.values():
            page.show_settings(experiment)

    def set_convention(self, convention: str) -> None:
        for page in self.pages.values():
            page.set_convention(convention)

    # --- whom they ask, and what they are told

    def questions(self) -> dict[str, ModelQuestion]:
        shown = (group for group in self._groups if not group.isHidden())
        return {name: question for group in shown for name, question in group.questions().items()}

    @Slot(str, object)
    def show_answer(self, name: str, answer: Any) -> None:
        self.pages[name].show_answer(answer)

    def questions_beside(self, cell: str) -> dict[str, ModelQuestion]:
        """What the pages on the screen ask the network with `cell` that runs beside the experiment's own."""
        shown = (name for group in self._groups if not group.isHidden() for name in group.shown)
        asked = ((name, self.pages[name].question_beside(cell)) for name in shown)
        return {name: question for name, question in asked if question is not None}

    @Slot(str, str, object)
    def show_beside(self, name: str, cell: str, answer: Any) -> None:
        self.pages[name].show_beside(cell, answer)

    def forget_beside(self, cell: str) -> None:
        """There is no model with `cell` beside the experiment's own any more."""
        for page in self.pages.values():
            if page.asks_beside:
                page.show_beside(cell, None)

    def set_past(self, is_past: bool) -> None:
        for group in self._groups:
            group.set_past(is_past)

    def set_learning(self, is_learning: bool) -> None:
        for group in self._groups:
            group.set_learning(is_learning)

    def set_awaited(self, is_awaited: bool) -> None:
        for group in self._groups:
            group.set_awaited(is_awaited)

    def show_run(self, experiment: Experiment | None) -> None:
        for group in self._groups:
            group.show_run(experiment)

    def forget(self) -> None:
        """There is no model any more."""
        for group in self._groups:
            group.forget()

    def close_pages(self, deadline_s: float) -> None:
        for group in self._groups:
            group.close_pages(deadline_s)
