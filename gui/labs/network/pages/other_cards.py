"""The cards that take the whole page in place of the stack: a comparison of networks, and the network's table with blanks.

Called by the network lab, whose state says which of them is shown.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QWidget

from engine.experiments import famous, pairs
from engine.experiments.experiment import Network
from engine.experiments.pairs import pair
from engine.networks.side_by_side import Side
from engine.networks.trace import trace
from gui.labs.network.pages.assignment_page import AssignmentPage
from gui.labs.network.reading import Reading
from gui.shell.language import language, say
from gui.widgets.card import Card

if TYPE_CHECKING:
    from gui.labs.network.pages.compare_page import ComparePage


def others() -> tuple[str, ...]:
    """What can be compared: the courses' pairs, which bring both sides, and each famous network beside the shown one."""
    return (*pairs.names(), *famous.names())


class PlaceCard(Card):
    """A card in the stack's place. `closed`: the learner goes back to the stack, also with Escape."""

    closed = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)


class BesideCard(PlaceCard):
    """`show_beside` compares. `chosen` names the next comparison."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent, role="heading")
        self._shown: tuple[str, str, Reading, str] | None = None
        self.before, self.after, self.back = QPushButton("‹"), QPushButton("›"), QPushButton()
        for button, step in ((self.before, -1), (self.after, 1)):
            button.setProperty("role", "icon")
            button.clicked.connect(lambda _on=False, step=step: self.chosen.emit(self._next(step)))
            self.tools.addWidget(button)
        self.back.clicked.connect(self.closed)
        self.tools.addWidget(self.back)
        self.retranslate()

    @cached_property
    def page(self) -> ComparePage:
        """The comparison, made when it is first opened: only then are the plots loaded."""
        from gui.labs.network.pages.compare_page import ComparePage

        page = ComparePage()
        self.body.addWidget(page, 1)
        return page

    def show_beside(self, other: str, title: str, reading: Reading) -> None:
        """Show `other`, one of `others`: a pair by itself, a famous network beside the one called `title`. Showing the same
        again changes nothing, so that chosen rows stay while the window is resized."""
        shown = (other, title, reading, language())
        if shown == self._shown:
            return
        self._shown = shown
        self._write_steps()
        if other in pairs.names():
            both = pair(other)
            first, second = (_side(say(pairs.TABLE, f"{other}.{name}"), getattr(both, name)) for name in ("first", "second"))
            self.set_title(say(pairs.TABLE, other))
            self.page.show_networks(first, second, say(pairs.TABLE, f"{other}.about"))
        else:
            name = say("networks", other)
            self.set_title(self.tr("{first} beside {second}").format(first=title, second=name))
            own = Side(title, reading.enabled.layers, reading.trace)
            self.page.show_networks(own, _side(name, famous.network(other)))

    def _next(self, step: int) -> str:
        """The pair, or the famous network, before or after the shown one; after the last comes the first."""
        other = self._shown[0] if self._shown is not None else ""
        row = pairs.names() if other in pairs.names() else famous.names()
        return row[(row.index(other) + step) % len(row)] if other in row else row[0]

    def _write_steps(self) -> None:
        for button, step, text in ((self.before, -1, self.tr("Before: {other}")), (self.after, 1, self.tr("Next: {other}"))):
            other = self._next(step)
            table = pairs.TABLE if other in pairs.names() else "networks"
            button.setToolTip(text.format(other=say(table, other)))
            button.setAccessibleName(button.toolTip())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.back.setText(self.tr("Back to the network"))
        self._write_steps()


class BlanksCard(PlaceCard):
    """`show_blanks` asks for the numbers of a network."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent, role="heading")
        self.page = AssignmentPage(self)
        self.page.closed.connect(self.closed)
        self.body.addWidget(self.page, 1)

    def show_blanks(self, title: str, reading: Reading) -> None:
        self.set_title(self.tr("{network}: fill in the table").format(network=title))
        self.page.show_network(reading.enabled.layers, reading.input, reading.trace)


def _side(name: str, network: Network) -> Side:
    assert network.input is not None  # files that are compared name their input
    return Side(name, network.layers, trace(network.layers, network.input))
