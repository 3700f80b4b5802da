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
        self._is_awaited = False
        self._wanted: tuple[str, ...] = ()
        self._groups = tuple(PageGroup(pages, self) for pages in groups)
        self.pages = {name: page for group in self._groups for name, page in group.pages.items()}
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        for group in self._groups:
            column.addWidget(group, group.page.share_of_height)
            group.choice.chosen.connect(self.chosen)
        for page in self.pages.values():
            page.question_changed.connect(self.questions_changed)

    def set_chosen(self, names: tuple[str, ...]) -> None:
        """Of each group, show the first of `names` that is offered for the shown run: a page that leads, where they do not name
        it; or its first page."""
        self._wanted = names
        for place, group in enumerate(self._groups):
            group.show_wanted(names)
            self._column.setStretch(place, group.page.share_of_height)
        self.questions_changed.emit()

    @property
    def shown(self) -> tuple[str, ...]:
        """The names of the pages on the screen, and of those that would lead and have been left."""
        left = (name for group in self._groups for name in group.offered if group.pages[name].leads and name != group.shown)
        return (*(group.shown for group in self._groups), *left)

    @property
    def offered(self) -> tuple[tuple[str, ...], ...]:
        """The names of the pages of each group that have something to show of the run."""
        return tuple(group.offered for group in self._groups)

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

    def set_awaited(self, is_awaited: bool) -> None:
        """Whether a run that was kept is being opened, whose model has not answered yet."""
        if is_awaited != self._is_awaited:
            self._is_awaited = is_awaited
            for page in self.pages.values():
                page.set_awaited(is_awaited)

    def forget(self) -> None:
        """There is no model any more."""
        for page in self.pages.values():
            page.show_trouble(None)
            page.show_answer(None)
            page.set_asked_after(None)

    def close_pages(self, deadline_s: float) -> None:
        for page in self.pages.values():
            page.close_page(deadline_s)

    def show_run(self, experiment: Experiment | None) -> None:
        if experiment == self._experiment:
            return
        self._experiment = experiment
        for page in self.pages.values():
            page.show_run(experiment)
        changed = [group for group in self._groups if group.offer(experiment)]
        if changed:
            self.set_chosen(self._wanted)


class PageGroup(QWidget):
    """Pages that take turns in one place."""

    def __init__(self, pages: Mapping[str, ResultPage], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pages = dict(pages)
        self.offered = tuple(name for name, page in pages.items() if page.suits(None))
        self.shown = self.offered[0]
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

    def offer(self, experiment: Experiment | None) -> bool:
        """Offer the pages that have something to show of a run of `experiment`. Whether they are others than before."""
        before, self.offered = self.offered, tuple(name for name, page in self.pages.items() if page.suits(experiment))
        if self.offered != before:
            self.retranslate()
        return self.offered != before

    def show_wanted(self, names: tuple[str, ...]) -> None:
        """Show the page of `names` that comes first; before all of them one that leads and is not named."""
        leading = (name for name in self.offered if self.pages[name].leads and name not in names)
        wanted = (name for name in names if name in self.offered)
        self.show_page(next(leading, next(wanted, self.offered[0])))

    def show_page(self, name: str) -> None:
        self.shown = name
        self.choice.set_current(name)
        for each, page in self.pages.items():
            if each != name:
                page.hide()  # first: the place of two of them would make the window larger
        self.pages[name].show()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        titles = [(name, self.pages[name].short_title()) for name in self.offered]
        self.choice.set_titles(titles, offered=len(titles) > 1)
        self.choice.set_tips({name: self.pages[name].page_title() for name in self.offered})
        self.choice.set_accessible_name(self.tr("Pages"))
