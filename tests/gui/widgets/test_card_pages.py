"""Cards that take turns: each has the same choice in its header, and nothing moves from one to the other."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QTextEdit, QVBoxLayout, QWidget

from gui.widgets.card import Card
from gui.widgets.card_pages import CardPages

TITLES = (("one", "One"), ("two", "The second"), ("three", "3"))


class Page(QWidget):
    """Three cards, one of which is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.cards = {name: Card(title) for name, title in TITLES}
        for card in self.cards.values():
            card.body.addWidget(QTextEdit(), 1)
        self.pages = CardPages(self.cards, self)
        self.pages.chosen.connect(self.show_page)
        column = QVBoxLayout(self)
        for card in self.cards.values():
            column.addWidget(card)
        self.resize(600, 300)
        self.show_page("one")

    def show_page(self, name: str, *, small: bool = True) -> None:
        self.pages.set_titles(TITLES, offered=small)
        self.pages.set_current(name)
        for each, card in self.cards.items():
            card.setVisible(each == name or not small)


@pytest.fixture
def page(qtbot):
    page = Page()
    qtbot.addWidget(page)
    page.show()
    qtbot.waitExposed(page)
    return page


def test_each_card_shows_the_choice_at_the_same_place(page):
    places = set()
    for name, _ in TITLES:
        page.show_page(name)
        QApplication.processEvents()
        choice = page.pages.choice
        assert choice.isVisible() and page.cards[name].isAncestorOf(choice) and choice.current == name
        places.add((choice.mapTo(page, choice.rect().topLeft()).toTuple(), choice.size().toTuple()))
    assert len(places) == 1


def test_the_focus_goes_along(qtbot, page):
    page.activateWindow()
    button = page.pages.choice.button("two")
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert page.cards["two"].isVisible() and not page.cards["one"].isVisible()
    assert QApplication.focusWidget() is page.pages.choice.button("two") is not button


def test_where_all_cards_are_shown_they_have_titles(page):
    page.show_page("one", small=False)
    assert all(card._title.isVisible() for card in page.cards.values())
    assert not page.pages.choice.isVisible()
    page.show_page("one")
    assert not page.cards["one"]._title.isVisible() and page.pages.choice.isVisible()


def test_tools_below_the_title_stay_in_their_layout(qtbot, page):
    card, moved, rights = page.cards["one"], [], set()

    class Parents(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            moved.append(watched) if event.type() == QEvent.Type.ParentChange else None
            return False

    tool = QWidget()
    tool.setFixedSize(100, 20)
    card.tools.addWidget(tool)
    watch = Parents()
    card._box.installEventFilter(watch)
    for below in (True, False, True, False):
        card.set_tools_below(below)
        QApplication.processEvents()
        choice = page.pages.choice
        top, bottom = (each.mapTo(card, each.rect().center()).y() for each in (choice, tool))
        assert (bottom > top + 10) == below
        rights.add(tool.mapTo(card, tool.rect().topRight()).x())
    assert len(rights) == 1 and not moved
