"""The views of the training lab, which take turns below one line: the name of the shown run, and the switch between them.

Called by the lab, whose rows say which views there are. A view is made when it is first opened.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from gui.widgets.forms.controls import Segmented
from gui.widgets.page_stack import PageStack


class ViewRow(NamedTuple):
    """A view: its name in the lab's state, its words on the switch, how its page is made. `beside_settings`: the experiment
    stands at its left; else the view has the whole width."""

    name: str
    title: Callable[[], str]
    make: Callable[[], QWidget]
    beside_settings: bool = True


class TrainingViews(QWidget):
    """`show_view` shows one; `chosen` is its name where the user has chosen it."""

    chosen = Signal(str)

    def __init__(self, name: QWidget, rows: Sequence[ViewRow], parent: QWidget | None = None) -> None:
        """`name` stands at the left of the line. The first of `rows` is shown."""
        super().__init__(parent)
        self._rows = {row.name: row for row in rows}
        self.pages: dict[str, QWidget] = {}  # that have been opened
        self.switch = Segmented()
        self.switch.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.switch.chosen.connect(self.chosen)
        self._stack = PageStack()
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(name, 1)
        line.addWidget(self.switch)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(line)
        column.addWidget(self._stack, 1)
        self.shown = ""
        self.retranslate()
        self.show_view(rows[0].name)

    def show_view(self, name: str) -> None:
        """Show the view of that name; one that there is none of is the first."""
        self.shown = name if name in self._rows else next(iter(self._rows))
        if self.shown not in self.pages:
            self.pages[self.shown] = page = self._rows[self.shown].make()
            self._stack.addWidget(page)
        self._stack.setCurrentWidget(self.pages[self.shown])
        self.switch.set_current(self.shown)

    @property
    def beside_settings(self) -> bool:
        """Whether the experiment stands at the left of the view that is shown."""
        return self._rows[self.shown].beside_settings

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.switch.set_choices([(row.name, row.title()) for row in self._rows.values()])
        self.switch.setAccessibleName(self.tr("View of the lab"))
