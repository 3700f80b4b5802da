"""What every lab that trains has in the menu, with its keys: what each entry is called, and when it can be chosen.

What each does is the lab's; a lab that has entries of its own derives from `RunActions` and names them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from gui.running.run_bar import RunBar
from gui.running.run_control import RunControl

KEYS = {"play": Qt.Key.Key_Space, "step": Qt.Key.Key_Right, "reset": Qt.Key.Key_Backspace}


class RunActions(QObject):
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

    def follow(self, bar: RunBar, control: RunControl, own: Mapping[str, bool], *, runnable: bool) -> None:
        """What can be chosen while the lab is on the screen. `runnable`: the settings make a run. `own` says it of the lab's
        own entries, where they cannot be chosen at all times."""
        ended = control.ending()
        can = {name: getattr(bar, name).isEnabled() for name in ("play", "step", "stop", "reset")}
        can["go_on"] = ended is not None and ended.can_go_on
        can["anew"] = (ended is not None or control.is_elsewhere or control.pending) and runnable
        can["run_folder"] = not control.in_progress
        can |= own
        for name, action in self._actions.items():
            action.setEnabled(can.get(name, True))

    def disable(self) -> None:
        """Nothing can be chosen: the lab is not on the screen."""
        for action in self._actions.values():
            action.setEnabled(False)

    def titles(self) -> dict[str, str]:
        """What the entries are called, in the window's language."""
        return {
            "play": self.tr("Play or pause"),
            "step": self.tr("One iteration"),
            "stop": self.tr("Stop the run"),
            "reset": self.tr("From the beginning"),
            "go_on": self.tr("Go on with the run"),
            "anew": self.tr("Begin anew"),
            "network": self.tr("Edit network"),
            "run_folder": self.tr("Open run folder..."),
        }

    def retranslate(self) -> None:
        titles = self.titles()
        for name, action in self._actions.items():
            action.setText(titles[name])
