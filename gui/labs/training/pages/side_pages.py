"""The pages beside the curves, in two groups, one below the other: of each group one page is on the screen.

Called by `run_results`. A new page is a class that derives from `ResultPage` and a row in `_groups`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.experiments.experiment import Experiment
from gui.labs.training.inside.feature_maps_page import FeatureMapsPage
from gui.labs.training.inside.layers_page import LayersPage
from gui.labs.training.judged.confusion_page import ConfusionPage
from gui.labs.training.judged.mistakes_page import MistakesPage
from gui.labs.training.pages.prediction_card import PredictionCard
from gui.labs.training.pages.result_page import ModelQuestion, ResultPage
from gui.labs.training.trying.try_page import TryPage
from gui.widgets.card_pages import CardPages

GAP = 12


class SidePages(QWidget):
    """`questions()` are those of the pages on the screen, by the pages' names; `show_answer` shows one's answer."""

    questions_changed = Signal()
    chosen = Signal(str)  # the name of a page, by the user
    taken = Signal(object)  # a TakenSample, for another lab

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._experiment: Experiment | None = None  # of the shown run
        self.prediction, self.feature_maps, self.try_page = PredictionCard(), FeatureMapsPage(), TryPage()
        self.confusion, self.mistakes, self.layers = ConfusionPage(), MistakesPage(), LayersPage()
        groups: tuple[dict[str, ResultPage], ...] = (
            {"prediction": self.prediction, "feature_maps": self.feature_maps, "try": self.try_page},
            {"confusion": self.confusion, "mistakes": self.mistakes, "layers": self.layers},
        )
        self._groups = tuple(PageGroup(pages) for pages in groups)
        self.pages = {name: page for group in self._groups for name, page in group.pages.items()}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        for group in self._groups:
            column.addWidget(group, 1)
            group.choice.chosen.connect(self.chosen)
        for page in self.pages.values():
            page.question_changed.connect(self.questions_changed)
        for judged in (self.confusion, self.mistakes):
            judged.tried.connect(self._try)
            judged.taken.connect(self.taken)

    def set_chosen(self, names: tuple[str, ...]) -> None:
        """Of each group, show the first of `names` that is in it, or its first page."""
        for group in self._groups:
            group.show_page(next((name for name in names if name in group.pages), next(iter(group.pages))))
        self.questions_changed.emit()

    @property
    def shown(self) -> tuple[str, ...]:
        """The names of the pages on the screen."""
        return tuple(group.shown for group in self._groups)

    def questions(self) -> dict[str, ModelQuestion]:
        found = {}
        for group in self._groups:
            if (question := group.page.question()) is not None:
                found[group.shown] = question
        return found

    def show_answer(self, name: str, answer: Any) -> None:
        self.pages[name].show_answer(answer)

    def set_past(self, is_past: bool) -> None:
        """Whether the answers are those of a moment of the past: the pages have another edge then."""
        for page in self.pages.values():
            page.set_past(is_past)
            if bool(page.property("past")) != is_past:
                page.setProperty("past", is_past)
                page.style().unpolish(page)
                page.style().polish(page)

    def forget(self) -> None:
        """There is no model any more."""
        for page in self.pages.values():
            page.show_answer(None)

    @Slot(int)
    def _try(self, number: int) -> None:
        """Show the validation sample of this number on the page "try it"."""
        self.try_page.show_sample(number)
        self.chosen.emit("try")

    def close_pages(self, deadline_s: float) -> None:
        for page in self.pages.values():
            page.close_page(deadline_s)

    def show_run(self, experiment: Experiment | None) -> None:
        if experiment == self._experiment:
            return
        self._experiment = experiment
        for page in self.pages.values():
            page.show_run(experiment)


class PageGroup(QWidget):
    """Pages that take turns in one place."""

    def __init__(self, pages: Mapping[str, ResultPage], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pages = dict(pages)
        self.shown = next(iter(pages))
        self.choice = CardPages(pages, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for page in pages.values():
            column.addWidget(page)
        self.show_page(self.shown)
        self.retranslate()

    @property
    def page(self) -> ResultPage:
        return self.pages[self.shown]

    def show_page(self, name: str) -> None:
        self.shown = name
        self.choice.set_current(name)
        for each, page in self.pages.items():
            page.setVisible(each == name)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        titles = [(name, page.short_title()) for name, page in self.pages.items()]
        self.choice.set_titles(titles, offered=len(titles) > 1)
        self.choice.set_tips({name: page.page_title() for name, page in self.pages.items()})
        self.choice.set_accessible_name(self.tr("Pages"))
