"""Cards that take turns in one place, with the choice between them at the left of each card's header.

Each card has a control of its own, all of them show the same choice: so none ever moves to another card, and as the cards have
the same place, the choice has it, too. Called by the labs whose cards do not all fit beside each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QSizePolicy

from gui.widgets.card import Card
from gui.widgets.forms.controls import Segmented


class CardPages(QObject):
    chosen = Signal(str)  # by the user

    def __init__(self, cards: Mapping[str, Card], parent: QObject) -> None:
        super().__init__(parent)
        self._cards = dict(cards)
        self._choices = {name: Segmented() for name in cards}
        for name, card in self._cards.items():
            choice = self._choices[name]
            choice.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)  # the same in each header
            choice.chosen.connect(self._pressed)
            card.add_lead(choice)
        self._current = next(iter(cards))

    @property
    def choice(self) -> Segmented:
        """The control in the header of the card that is shown."""
        return self._choices[self._current]

    def set_titles(self, titles: Iterable[tuple[str, str]], *, offered: bool = True) -> None:
        """(name, title) of the cards that can be chosen; only these have the choice. Not `offered`: all cards are shown, and
        have their own titles instead."""
        pairs = list(titles)
        names = {name for name, _ in pairs} if offered else set()
        for name, choice in self._choices.items():
            choice.set_choices(pairs)
            choice.setVisible(name in names)
            self._cards[name].set_title_shown(not offered)

    def set_tips(self, tips: Mapping[str, str]) -> None:
        """The whole names of cards whose titles are short."""
        for choice in self._choices.values():
            for name, tip in tips.items():
                choice.button(name).setToolTip(tip)
                choice.button(name).setAccessibleName(tip)

    def set_current(self, name: str) -> None:
        """The card that is shown; its owner shows and hides them."""
        self._current = name
        for choice in self._choices.values():
            choice.set_current(name)

    def set_accessible_name(self, name: str) -> None:
        for choice in self._choices.values():
            choice.setAccessibleName(name)

    def _pressed(self, name: str) -> None:
        """The focus goes along, where the pressed button has it: that is hidden with its card."""
        along = self.choice.button(name).hasFocus()
        self.chosen.emit(name)
        if along:
            self.choice.button(self.choice.current).setFocus(Qt.FocusReason.OtherFocusReason)
