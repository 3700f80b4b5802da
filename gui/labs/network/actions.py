"""The network lab's entries in the Lab menu, with their keys and words. Called by the lab, which says what each one does."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

KEYS: Mapping[str, QKeySequence | QKeySequence.StandardKey] = {
    "copy": QKeySequence.StandardKey.Copy,
    "cut": QKeySequence.StandardKey.Cut,
    "paste": QKeySequence.StandardKey.Paste,
    "redraw": QKeySequence("Ctrl+R"),
}
OF_A_LAYER = ("copy", "cut")  # these need a chosen layer
OF_A_NETWORK = ("train", "code")  # these need a network that can be built
IN_THE_STACK = ("copy", "cut", "paste")  # these are in the menu of a row too


class NetworkActions(QObject):
    """`called` names what each entry does, in the order of the menu. The keys work anywhere on `page`."""

    def __init__(self, page: QWidget, called: Mapping[str, Callable[[], object]]) -> None:
        super().__init__(page)
        self._actions: dict[str, QAction] = {}
        for name, slot in called.items():
            action = self._actions[name] = QAction(page)
            action.triggered.connect(lambda _on=False, slot=slot: slot())
            if name in KEYS:
                action.setShortcut(KEYS[name])
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            page.addAction(action)
        self.retranslate()

    @property
    def all(self) -> list[QAction]:
        return list(self._actions.values())

    @property
    def in_the_stack(self) -> list[QAction]:
        return [self._actions[name] for name in IN_THE_STACK]

    def enable(self, *, chosen: bool, built: bool) -> None:
        """Offer what can be done: `chosen`: a layer is chosen; `built`: the network can be built."""
        for names, on in ((OF_A_LAYER, chosen), (OF_A_NETWORK, built)):
            for name in names:
                self._actions[name].setEnabled(on)

    def retranslate(self) -> None:
        words = {
            "copy": self.tr("Copy layer"),
            "cut": self.tr("Cut layer"),
            "paste": self.tr("Paste layers, code or a picture"),
            "add": self.tr("Add a layer..."),
            "empty": self.tr("New, empty network"),
            "rename": self.tr("Rename the network"),
            "redraw": self.tr("Draw new random weights"),
            "picture": self.tr("Open a picture..."),
            "train": self.tr("Train this network"),
            "code": self.tr("Copy as PyTorch"),
            "save": self.tr("Save network as TOML..."),
            "markdown": self.tr("Copy table as Markdown"),
            "csv": self.tr("Copy table as CSV"),
            "table": self.tr("Copy table as text"),
            "drawing": self.tr("Save drawing (SVG, PNG)..."),
        }
        for name, action in self._actions.items():
            action.setText(words[name])
