"""The sequence lab's entries in the menu, with their keys: what each is called, and when it can be chosen.

What each does is the lab's; called by it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from gui.running.run_bar import RunBar
from gui.running.run_control import RunControl

KEYS = {"play": Qt.Key.Key_Space, "step": Qt.Key.Key_Right, "reset": Qt.Key.Key_Backspace}


class SequenceActions(QObject):
    """An action for each of `slots`, in that order; none can be chosen before `follow` says so."""

    def __init__(self, slots: Mapping[str, Callable[[], object]], page: QWidget) -> None:
        """The keys work where `page`, which gets the actions, is on the screen."""
        super().__init__(page)
        self._actions: dict[str, QAction] = {}
        for name, slot in slots.items():
            self._actions[name] = action = QAction(page)
            action.setShortcuts([QKeySequence(KEYS[name])] if name in KEYS else [])
            action.setAutoRepeat(False)  # a key that is held is one press
            action.triggered.connect(lambda _on=False, slot=slot: slot())
            action.setEnabled(False)
            page.addAction(action)
        self.retranslate()

    def all(self) -> list[QAction]:
        return list(self._actions.values())

    def follow(self, bar: RunBar, control: RunControl, *, runnable: bool) -> None:
        """What can be chosen while the lab is on the screen. `runnable`: the settings make a run."""
        ended = control.ending()
        for name in ("play", "step", "stop", "reset"):
            button: QWidget = getattr(bar, name)
            self._actions[name].setEnabled(button.isEnabled())
        self._actions["go_on"].setEnabled(ended is not None and ended.can_go_on)
        self._actions["anew"].setEnabled(ended is not None and runnable)
        self._actions["train"].setEnabled(True)
        self._actions["network"].setEnabled(True)
        self._actions["run_folder"].setEnabled(not control.in_progress)

    def disable(self) -> None:
        """Nothing can be chosen: the lab is not on the screen."""
        for action in self._actions.values():
            action.setEnabled(False)

    def retranslate(self) -> None:
        texts = {
            "play": self.tr("Play or pause"),
            "step": self.tr("One iteration"),
            "stop": self.tr("Stop the run"),
            "reset": self.tr("From the beginning"),
            "go_on": self.tr("Go on with the run"),
            "anew": self.tr("Begin anew"),
            "train": self.tr("Open in the training lab"),
            "network": self.tr("Edit network"),
            "run_folder": self.tr("Open run folder..."),
        }
        for name, action in self._actions.items():
            action.setText(texts[name])
