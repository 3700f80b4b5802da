"""What the training lab has beside the run that is shown: the data, all runs and the queue, each made when it is first opened.

What the user edits there goes out as signals. Called by the training lab.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from gui.labs.training.state import TrainingState
from gui.labs.training.views.training_views import ViewRow
from gui.running.run_control import RunControl

if TYPE_CHECKING:  # imported when they are first opened
    from gui.labs.training.data.data_page import DataPage
    from gui.labs.training.queue.queue_page import QueuePage
    from gui.labs.training.runs.runs_page import RunsPage


class OtherViews(QObject):
    """`data`, `runs` and `queue` are None until their view is opened; `show_data`, `show_runs` and `show_queue` bring them to
    the lab's state."""

    data_edited = Signal(object)  # how the data are looked at: a DataView
    own_edited = Signal(object)  # what is read of own data, and how: a Data
    own_asked = Signal(str)  # the kind of data of his own that the user wants to choose
    again_asked = Signal()  # the file or folder of the data is to be chosen again
    runs_edited = Signal(object)  # how all runs are looked at: a RunsView
    plan_edited = Signal(object)  # what a queue is made of: a PlanForm
    open_asked = Signal(object)  # the Path of a run
    resume_asked = Signal(object, object)  # the Path of a run, for how many epochs more, or None
    deleted = Signal()  # the shown run is in the trash

    def __init__(self, control: RunControl, runs_folder: Path, state: Callable[[], TrainingState], page: QWidget) -> None:
        """`state()` is the lab's, whose widget is `page`."""
        super().__init__(page)
        self._control, self._runs_folder, self._state = control, runs_folder, state
        self.data: DataPage | None = None
        self.runs: RunsPage | None = None
        self.queue: QueuePage | None = None

    # --- the views

    def rows(self) -> tuple[ViewRow, ...]:
        return (
            ViewRow("data", lambda: self.tr("Data"), self._make_data),
            ViewRow("runs", lambda: self.tr("All runs"), self._make_runs, beside_settings=False),
            ViewRow("queue", lambda: self.tr("Queue"), self._make_queue, beside_settings=False),
        )

    def _make_data(self) -> QWidget:
        from gui.labs.training.data.data_page import DataPage

        self.data = page = DataPage()
        page.view_edited.connect(self.data_edited)
        page.own_asked.connect(self.own_asked)
        page.data_edited.connect(self.own_edited)
        page.again_asked.connect(self.again_asked)
        self.show_data()
        return page

    def _make_runs(self) -> QWidget:
        from gui.labs.training.runs.runs_page import RunsPage

        self.runs = page = RunsPage(self._runs_folder)
        page.view_edited.connect(self.runs_edited)
        page.open_asked.connect(self.open_asked)
        page.resume_asked.connect(self.resume_asked)
        page.renamed.connect(self._control.take_name)
        page.deleted.connect(self._forget_deleted)
        self.show_runs()
        self.follow_run()
        return page

    def _make_queue(self) -> QWidget:
        from gui.labs.training.queue.queue_page import QueuePage

        self.queue = queue = QueuePage(self._runs_folder)
        queue.form_edited.connect(self.plan_edited)
        self.show_queue()
        queue.open_newest()
        self.follow_run()
        return queue

    def show_data(self) -> None:
        """Show the data of the lab's experiment, as the lab's state says."""
        if self.data is not None:
            state = self._state()
            self.data.set_view(state.data)
            self.data.show_data(state.experiment.data, state.experiment.seed)

    def show_runs(self) -> None:
        """Show all runs as the lab's state says."""
        if self.runs is not None:
            self.runs.set_view(self._state().runs)

    def show_queue(self) -> None:
        """Bring the queue's plan to the lab's state."""
        if self.queue is not None:
            self.queue.set_form(self._state().plan)
            self.queue.show_experiment(self._state().experiment)

    def follow_run(self) -> None:
        """Tell all runs which of them is under way in this window, and the queue how long the shown one took that has ended."""
        if self.runs is not None:
            self.runs.set_own(self._control.own_folder)
        own, status = self._control.experiment, self._control.status()
        if self.queue is not None and own is not None and status is not None and status.reason is not None and status.step > 0:
            self.queue.note_run(own, status.seconds * status.steps / status.step)

    def close(self, deadline_s: float) -> None:
        if self.queue is not None:
            self.queue.close_queue(deadline_s / 2)
        if self.runs is not None:
            self.runs.close_page(deadline_s / 4)
        if self.data is not None:
            self.data.close_page(deadline_s / 4)

    @Slot(object)
    def _forget_deleted(self, folder: Path) -> None:
        """A run that is in the trash now is shown no longer."""
        status = self._control.status()
        if status is not None and status.folder == folder and not self._control.in_progress:
            self.deleted.emit()
