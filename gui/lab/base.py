"""What every lab is to the window: a page with one frozen state, its history, its file, a line for the status bar, and an
orderly end.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from gui.lab.names import LabText
from gui.shell.focus_home import FocusHome
from gui.shell.on_screen import bring_back, put_away
from gui.shell.state_file import StateError, from_text, to_text
from gui.shell.undo import StepKey, UndoHistory
from gui.shell.undo_keys import hand_now


@dataclass(frozen=True)
class Services:
    """What the window lends its labs."""

    runs_folder: Path  # where finished and running runs are kept


class Lab(FocusHome):
    """One page of the window. Its whole state is one frozen value, so restoring, undoing, sharing and testing come down to
    `set_state`, which is never a step of its own. A lab that can be undone remembers its first state, and then each edit.

    The window imports torch after it is on screen, and then calls `torch_ready` once, in the GUI thread.
    """

    name = ""  # also the command line's --lab
    state_type: type[msgspec.Struct]

    state_changed = Signal()
    status_changed = Signal()
    history_changed = Signal()  # what can be undone or redone
    experiment_offered = Signal(object)  # an Experiment that is to be trained: the training lab shows it
    setting_offered = Signal(object)  # a LabText: the setting of another lab, which shows it
    network_offered = Signal(object)  # an Experiment whose network is to be edited: the network lab shows it

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self.services = services
        self._history: UndoHistory[msgspec.Struct] | None = None

    def state(self) -> msgspec.Struct:
        raise NotImplementedError

    def set_state(self, state: msgspec.Struct) -> None:
        raise NotImplementedError

    def open_run(self, folder: Path) -> None:
        """Show the run in `folder`; only labs that train have runs."""
        raise NotImplementedError

    def step_to(self, state: msgspec.Struct, key: StepKey | None = "") -> None:
        """Show a state that the user has made, and remember it as `remember` says of `key`. A lab that shows another state than
        the one it is given, or shows it later, remembers then, and only then."""
        if self._history is not None:
            self.remember(state, key)
        self.set_state(state)

    # --- undo and redo

    def remember(self, state: msgspec.Struct, key: StepKey | None = "") -> None:
        """Keep `state` as the lab's state now. Undoing ends at the first state that is remembered.

        Changes with the same `key` (`gui.shell.undo.difference` makes one) by one move of the hand are one step; "" joins
        nothing, a `PlayKey` all of a play. With None the change is no step: what `set_state` shows, or a window that is played.
        Remembering the same state again changes nothing. An edit is remembered once, by `step_to`.
        """
        before = (self.can_undo, self.can_redo)
        if self._history is None:
            self._history = UndoHistory(state, hand=hand_now)
        elif key is None:
            self._history.follow(state)
        else:
            self._history.note(state, key)
        if before != (self.can_undo, self.can_redo):
            self.history_changed.emit()

    def forget_history(self) -> None:
        """Let undoing end at the state as it is now, if the lab keeps a history."""
        if self._history is not None:
            self._history = UndoHistory(self.state(), hand=hand_now)
            self.history_changed.emit()

    @property
    def can_undo(self) -> bool:
        return self._history is not None and self._history.can_undo

    @property
    def can_redo(self) -> bool:
        return self._history is not None and self._history.can_redo

    def undo(self) -> None:
        """Go back to the state before the last step."""
        self._go_to(self._history.undo() if self._history is not None else None)

    def redo(self) -> None:
        """Go to the state that was undone last."""
        self._go_to(self._history.redo() if self._history is not None else None)

    def brought_back(self, state: msgspec.Struct) -> msgspec.Struct:
        """The state to show for an undone or redone `state`. A lab may keep its present way of looking."""
        return state

    def _go_to(self, state: msgspec.Struct | None) -> None:
        if state is not None:
            state = self.brought_back(state)
            self.remember(state, None)
            self.set_state(state)
            self.history_changed.emit()

    # --- as a file, and as text

    def document(self) -> tuple[str, str]:
        """A name for the file, without its suffix, and the text that `open_text` takes once it is recognised."""
        return self.name, to_text(self.name, self.state())

    def document_at(self, path: Path) -> str:
        """The text of `document` as it stands in the file at `path`."""
        return self.document()[1]

    def open_data(self, path: Path) -> None:
        """Learn from a folder or a file of the user's own; the training lab does."""
        raise NotImplementedError

    def open_text(self, found: LabText) -> None:
        """Show what a text for this lab describes, as one step that can be undone. Raises ValueError, whose sentence names the
        text's source and what is wrong; then nothing has changed."""
        try:
            state = from_text(found.text, self.name, self.state_type)
        except StateError as error:
            raise StateError(f"{found.source}: {error}") from None
        self.step_to(state)

    def open_weights(self, path: Path) -> None:
        """Take the weights in a file. Only the network lab does."""

    # --- called by the window

    def status_text(self) -> str:
        """What the lab is doing, for the status bar."""
        return ""

    def actions_for_menu(self) -> list[QAction]:
        """The lab's entries in the Lab menu while the lab is shown; they carry their own shortcuts."""
        return []

    def torch_ready(self) -> None:
        """torch can be imported without delay from now on."""

    # --- windows of its own

    def hideEvent(self, event: QHideEvent) -> None:
        """Put the lab's own windows away with it. A window that is minimised takes them along by itself."""
        super().hideEvent(event)
        if not event.spontaneous():
            put_away(self)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            bring_back(self)

    # --- what runs

    def run_in_progress(self) -> bool:
        return False

    def close_lab(self, deadline_s: float) -> None:
        """Stop what runs, save it, and join every thread, within `deadline_s` seconds."""
