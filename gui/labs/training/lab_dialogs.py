"""The windows that the training lab opens over itself: two trained networks on moved pictures, and a pad that collects
drawings. Each is imported when it is first opened.

Called by the training lab.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from engine.runs.status import Reason, Status
from gui.running.run_control import RunControl
from gui.shell.on_screen import show_in_front

if TYPE_CHECKING:
    from gui.labs.training.collecting.collecting_pad import CollectingPad
    from gui.labs.training.fetch_dialog import FetchDialog
    from gui.labs.training.moved.moved_dialog import MovedDialog


DRAWINGS = "drawings"  # the folder that is filled, beside the runs


class LabDialogs(QObject):
    """`moved`, `pad` and `fetching` are None until they are first opened."""

    train_asked = Signal(object)  # an Experiment, to be trained now
    learn_asked = Signal(object)  # the Path of a folder of drawings
    data_fetched = Signal(str)  # the name of a data set whose files are there now

    def __init__(self, control: RunControl, runs_folder: Path, page: QWidget) -> None:
        """The window lies over `page`."""
        super().__init__(page)
        self._control, self._runs_folder, self._page = control, runs_folder, page
        self.moved: MovedDialog | None = None
        self.pad: CollectingPad | None = None
        self.fetching: FetchDialog | None = None

    @Slot()
    def compare_moved(self) -> None:
        """Show how well two trained networks bear shifted and turned pictures."""
        from gui.labs.training.moved.moved_dialog import MovedDialog

        if self.moved is None:
            self.moved = MovedDialog(self._runs_folder, self._page)
            self.moved.train_asked.connect(self.train_asked)
            self.follow_run()
        show_in_front(self.moved)

    @Slot()
    def draw_data(self) -> None:
        """Open the pad that collects drawings, with those of the last time."""
        from gui.labs.training.collecting.collecting_pad import CollectingPad

        if self.pad is None:
            self.pad = CollectingPad(self._runs_folder.parent / DRAWINGS, self._page)
            self.pad.learn_asked.connect(self.learn_asked)
        show_in_front(self.pad)
        self.pad.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(str)
    def fetch_data(self, name: str) -> None:
        """Ask whether the files of a data set are to be fetched."""
        from gui.labs.training.fetch_dialog import FetchDialog

        if self.fetching is None:
            self.fetching = FetchDialog(name, self._page)
            self.fetching.fetched.connect(self.data_fetched)
        self.fetching.set_name(name)
        show_in_front(self.fetching)

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
        for dialog in (self.moved, self.fetching):
            if dialog is not None:
                dialog.end(timeout_s)
        if self.pad is not None:
            self.pad.close()
