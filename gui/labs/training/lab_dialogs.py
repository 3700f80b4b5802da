"""The window that the training lab opens over itself: two trained networks on moved pictures. It is imported when it is first
opened.

Called by the training lab.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from engine.runs.status import Reason, Status
from gui.running.run_control import RunControl
from gui.shell.on_screen import show_in_front

if TYPE_CHECKING:
    from gui.labs.training.moved.moved_dialog import MovedDialog


class LabDialogs(QObject):
    """`moved` is None until it is first opened."""

    train_asked = Signal(object)  # an Experiment, to be trained now

    def __init__(self, control: RunControl, runs_folder: Path, page: QWidget) -> None:
        """The window lies over `page`."""
        super().__init__(page)
        self._control, self._runs_folder, self._page = control, runs_folder, page
        self.moved: MovedDialog | None = None

    @Slot()
    def compare_moved(self) -> None:
        """Show how well two trained networks bear shifted and turned pictures."""
        from gui.labs.training.moved.moved_dialog import MovedDialog

        if self.moved is None:
            self.moved = MovedDialog(self._runs_folder, self._page)
            self.moved.train_asked.connect(self.train_asked)
            self.follow_run()
        show_in_front(self.moved)

    def follow_run(self) -> None:
        """A run is begun from here only while none is under way."""
        if self.moved is not None:
            self.moved.set_may_train(not self._control.in_progress)

    def note_end(self, status: Status) -> None:
        """The shown run has ended."""
        if self.moved is not None:
            self.moved.run_ended(completed=status.reason is Reason.COMPLETED)

    def give_up(self) -> None:
        """Nothing more is trained from here."""
        if self.moved is not None:
            self.moved.give_up()

    def close(self, timeout_s: float) -> None:
        if self.moved is not None:
            self.moved.end(timeout_s)
