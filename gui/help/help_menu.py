"""What the Help menu offers: the shortcuts, the glossary, the books' experiments, the tour, and the tour's offer at the first
start. Pages are imported and made when they are first opened. Called by the window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QMenu, QPushButton, QWidget

from gui.lab.names import LABS, TITLES, LabText
from gui.shell.language import say

if TYPE_CHECKING:
    from gui.help.book_page import BookPage
    from gui.help.help_list import HelpRow
    from gui.help.help_pages import GlossaryPage, ShortcutsPage
    from gui.help.tour import ToldLabs, Tour


class HelpMenu(QObject):
    """Puts its entries into `menu`. `window` carries the pages, `labs` is what it says of its labs, `open_text` opens a text in
    its lab."""

    def __init__(self, menu: QMenu, window: QMainWindow, labs: ToldLabs, open_text: Callable[[LabText], object]) -> None:
        super().__init__(window)
        self._window, self._labs, self._open_text = window, labs, open_text
        self.offer: TourOffer | None = None
        self.shortcuts_action, self.glossary_action, self.books_action, self.tour_action = (QAction(window) for _ in range(4))
        self.shortcuts_action.setShortcuts([QKeySequence("F1"), QKeySequence("Ctrl+/")])
        self.shortcuts_action.triggered.connect(self.show_shortcuts)
        self.glossary_action.triggered.connect(self.show_glossary)
        self.books_action.triggered.connect(self.show_books)
        self.tour_action.triggered.connect(self.begin_tour)
        menu.addActions([self.shortcuts_action, self.glossary_action, self.books_action, self.tour_action])
        menu.addSeparator()

    @cached_property
    def shortcuts(self) -> ShortcutsPage:
        from gui.help.help_pages import ShortcutsPage

        return ShortcutsPage(self._window, self._shortcut_rows)

    @cached_property
    def glossary(self) -> GlossaryPage:
        from gui.help.help_pages import GlossaryPage

        return GlossaryPage(self._window)

    @cached_property
    def books(self) -> BookPage:
        from gui.help.book_page import BookPage

        return BookPage(self._window, self._open_text)

    @cached_property
    def tour(self) -> Tour:
        from gui.help.tour import Tour

        return Tour(self._window, self._labs)

    @Slot()
    def show_shortcuts(self) -> None:
        self.shortcuts.open_page()

    @Slot()
    def show_glossary(self) -> None:
        self.glossary.open_page()

    @Slot()
    def show_books(self) -> None:
        self.books.open_page()

    def close_pages(self, deadline_s: float) -> None:
        """End every thread within `deadline_s` seconds."""
        if "books" in self.__dict__:
            self.books.close_page(deadline_s)

    @Slot()
    def begin_tour(self) -> None:
        self.close_offer()
        self.tour.begin()

    def lab_shown(self) -> None:
        """Another lab is on the screen now."""
        if "tour" in self.__dict__:
            self.tour.follow_lab()

    def _shortcut_rows(self) -> list[HelpRow]:
        from gui.help.shortcuts import shortcut_rows

        labs = [(name, say(TITLES, name), self._labs.lab(name).actions_for_menu()) for name in LABS]
        own = {id(action) for _, _, actions in labs for action in actions}
        menus = [
            (menu.text(), [action for action in _actions([menu]) if id(action) not in own])
            for menu in self._window.menuBar().actions()
        ]
        return shortcut_rows(menus, labs)

    # --- the tour's offer

    def offer_tour(self) -> None:
        """Offer the tour in the status bar, until it is taken or declined."""
        self.offer = TourOffer(self._window)
        self.offer.taken.clicked.connect(self.begin_tour)
        self.offer.declined.clicked.connect(self.close_offer)
        self._window.statusBar().insertPermanentWidget(1, self.offer)  # before the device

    @Slot()
    def close_offer(self) -> None:
        if self.offer is not None:
            self._window.statusBar().removeWidget(self.offer)
            self.offer.deleteLater()
            self.offer = None

    def retranslate(self) -> None:
        self.shortcuts_action.setText(self.tr("Keyboard shortcuts"))
        self.glossary_action.setText(self.tr("Glossary"))
        self.books_action.setText(self.tr("Experiments of the books"))
        self.tour_action.setText(self.tr("Tour in four steps"))


class TourOffer(QWidget):
    """A line of two buttons: begin the tour, or not."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.taken, self.declined = QPushButton(), QPushButton()
        for button in (self.taken, self.declined):
            button.setProperty("role", "link")
        self.taken.setProperty("role", "offer")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 8, 0)
        row.setSpacing(0)
        row.addWidget(self.taken)
        row.addWidget(self.declined)
        self.retranslate()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.taken.setText(say("tour", "offer"))
        self.declined.setText(self.tr("No, thanks"))


def _actions(actions: list[QAction]) -> Iterator[QAction]:
    """The actions and those of their menus, all the way down."""
    for action in actions:
        menu = action.menu()
        if isinstance(menu, QMenu):
            yield from _actions(menu.actions())
        else:
            yield action
