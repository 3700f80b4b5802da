"""The training lab's entries in the menu, with their keys: what each is called, and when it can be chosen.

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


class TrainingActions(QObject):
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

    def follow(
        self, bar: RunBar, control: RunControl, *, view: str, runnable: bool, ready: bool, recurrent: bool = False
    ) -> None:
        """What can be chosen while the lab is on the screen. `view` is the one that is shown, `runnable`: the settings make a
        run, `ready`: torch is there, `recurrent`: the network has a recurrent layer."""
        ended = control.ending()
        for name in ("play", "step", "stop", "reset"):
            button: QWidget = getattr(bar, name)
            here = name != "reset" or view == "run"  # in a list Backspace would end what is not looked at
            self._enable(name, button.isEnabled() and here)
        self._enable("go_on", ended is not None and ended.can_go_on)
        self._enable("anew", (ended is not None or control.is_elsewhere) and runnable)
        self._enable("network", True)
        self._enable("sequence", recurrent)
        self._enable("script", runnable)
        self._enable("moved", ready)
        self._enable("run_folder", not control.in_progress)

    def disable(self) -> None:
        """Nothing can be chosen: the lab is not on the screen."""
        for name in self._actions:
            self._enable(name, False)

    def _enable(self, name: str, possible: bool) -> None:
        self._actions[name].setEnabled(possible)

    def retranslate(self) -> None:
        texts = {
            "play": self.tr("Play or pause"),
            "step": self.tr("One iteration"),
            "stop": self.tr("Stop the run"),
            "reset": self.tr("From the beginning"),
            "go_on": self.tr("Go on with the run"),
            "anew": self.tr("Begin anew"),
            "network": self.tr("Edit network"),
            "sequence": self.tr("Open in the sequence lab"),
            "script": self.tr("PyTorch script..."),
            "moved": self.tr("MLP against CNN..."),
            "run_folder": self.tr("Open run folder..."),
        }
        for name, action in self._actions.items():
            action.setText(texts[name])
