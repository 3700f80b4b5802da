"""The way from a run on disk to the run that a lab shows: chosen, opened with its settings, gone on with.

Called by the labs that train.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from engine.runs.folder import RunSummary
from gui.running.run_control import RunControl


class RunOpener(QObject):
    """A run that was asked for is `opened`, or `refused`."""

    opened = Signal(object)  # the Experiment of a run that was asked for, and is shown now
    refused = Signal(str)  # why no run is opened

    def __init__(self, control: RunControl, runs_folder: Path, page: QWidget) -> None:
        """`page` is the lab's widget."""
        super().__init__(page)
        self._control, self._runs_folder, self._page = control, runs_folder, page
        self._going_on: tuple[Path, int | None] | None = None  # a run that goes on once it is open, for so many epochs more
        control.opened.connect(self._run_opened)

    @Slot(object)
    def open_run(self, folder: Path) -> None:
        """Show the run in `folder` as this run, with its settings. While a run is under way here, say that it must end
        first."""
        self._going_on = None
        self._open(folder)

    @Slot(object, object)
    def resume_run(self, folder: Path, more: int | None = None) -> None:
        """Go on with the run in `folder`, for so many epochs `more` than it has, if it has done all of them."""
        self._going_on = folder, more
        self._open(folder)

    @Slot()
    def ask_for_run(self) -> None:
        """Let the user choose the folder of a run, anywhere, and open it."""
        title = self.tr("Open the folder of a run")
        chosen = QFileDialog.getExistingDirectory(self._page, title, str(self._runs_folder))
        if chosen:
            self.open_run(Path(chosen))

    def _open(self, folder: Path) -> None:
        if self._control.in_progress:
            self.refused.emit(self.tr("A run is under way here. Stop it before you open another one."))
        else:
            self._control.open_run(folder)

    @Slot(object)
    def _run_opened(self, run: RunSummary) -> None:
        """The lab shows it with its settings; then it goes on, if that was asked."""
        own = self._control.experiment
        assert own is not None
        self.opened.emit(own)
        going_on, self._going_on = self._going_on, None
        if going_on is None or going_on[0] != run.status.folder or self._control.is_elsewhere:
            return
        if going_on[1] is not None:
            self._control.set_more(going_on[1])
        self._control.go_on()
