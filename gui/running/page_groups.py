"""Pages of what a model answers, in groups, one below the other: of each group one page is on the screen.

Called by the labs that train, each with pages of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.experiments.experiment import Experiment
from gui.running.result_page import ModelQuestion, ResultPage
from gui.widgets.card_pages import CardPages

GAP = 12


class PageGroups(QWidget):
    """`questions()` are those of the pages on the screen, by the pages' names; `show_answer` shows one's answer."""

    questions_changed = Signal()
    chosen = Signal(str)  # the name of a page, by the user

    def __init__(self, groups: tuple[Mapping[str, ResultPage], ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._experiment: Experiment | None = None  # of the shown run
        self._is_learning = False
        self._groups = tuple(PageGroup(pages, self) for pages in groups)
        self.pages = {name: page for group in self._groups for name, page in group.pages.items()}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        for group in self._groups:
            column.addWidget(group, 1)
            group.choice.chosen.connect(self.chosen)
        for page in self.pages.values():
            page.question_changed.connect(self.questions_changed)

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

    def set_learning(self, is_learning: bool) -> None:
        """Whether the shown run is under way."""
        if is_learning != self._is_learning:
            self._is_learning = is_learning
            for page in self.pages.values():
                page.set_learning(is_learning)

    def forget(self) -> None:
        """There is no model any more."""
        for page in self.pages.values():
            page.show_trouble(None)
            page.show_answer(None)

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
