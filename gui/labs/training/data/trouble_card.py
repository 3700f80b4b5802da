"""Why data cannot be had, and which files take no part in them, each with its reason; with a way to choose again.

Called by the view of the data.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from engine.data.found import Found
from engine.figures import full_count
from engine.words import printable
from gui.shell.language import language
from gui.widgets.card import Card
from gui.widgets.labels import label

FEW = 12  # files that are named


class TroubleCard(Card):
    """Hidden where there is nothing to say."""

    again_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._found: Found | None = None
        self._problem, self._can_choose = "", True
        self.problem, self.skipped = label("warning", wraps=True), label("worked", wraps=True)
        self.again, self.more = QPushButton(), QPushButton()
        for button in (self.again, self.more):
            button.setProperty("role", "offer")
        self._all = False
        self.tools.addWidget(self.again)
        for part in (self.problem, self.skipped, self.more):
            self.body.addWidget(part)
        self.again.clicked.connect(self.again_asked)
        self.more.clicked.connect(self._show_all)
        self.hide()
        self.retranslate()

    def show_trouble(self, problem: str, found: Found | None, *, can_choose: bool = True) -> None:
        """`problem`, in the window's language, is empty where the data can be had. `can_choose`: other files may help."""
        self._problem, self._found, self._all, self._can_choose = problem, found, False, can_choose
        self.retranslate()

    @property
    def is_refusal(self) -> bool:
        """Whether it says why there are no data; else, which files take no part in them."""
        return bool(self._problem)

    def _show_all(self) -> None:
        self._all = True
        self.retranslate()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        found, skipped = self._found, () if self._found is None else self._found.skipped
        self.setVisible(bool(self._problem) or bool(skipped))
        self.set_title(
            self.tr("These data cannot be had")
            if self._problem
            else self.tr("Files that take no part: {count}").format(count=full_count(len(skipped)))
        )
        self.again.setText(self.tr("Choose again..."))
        self.again.setVisible(self.is_refusal and self._can_choose and found is not None and found.data.path is not None)
        self.problem.setText(self._problem)
        self.problem.setVisible(bool(self._problem))
        shown = skipped if self._all else skipped[:FEW]
        self.skipped.setText("\n".join(f"{printable(one.name)}: {one.reason.say(language())}" for one in shown))
        self.skipped.setVisible(bool(skipped))
        left = len(skipped) - len(shown)
        self.more.setText(self.tr("Show {count} more").format(count=full_count(left)))
        self.more.setVisible(left > 0)
