"""The head of a lab that trains: the bar that runs a training, and what there is to say of the shown run: in the line below its
buttons, with the doctor's word, and in the window's status bar.

Called by the labs that train.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from engine.runs.status import Reason, State, Status
from gui.running.doctor.diagnosis_line import DiagnosisLine
from gui.running.doctor.mending_button import MendingButton
from gui.running.end_notice import EndNotice
from gui.running.run_bar import RunBar
from gui.running.run_control import RunControl
from gui.shell.language import say, told


class RunHead(QObject):
    """`bar` is the widget, whose presses are the lab's; `show_run` brings all of it to the run that `control` shows."""

    tried = Signal(object)  # the Experiment that a remedy makes
    gone_back = Signal(object)  # the same, to begin at the last finite moment of the shown run

    def __init__(self, control: RunControl, parent: QWidget) -> None:
        super().__init__(parent)
        self._control = control
        self.bar = bar = RunBar(parent)
        self.notice = EndNotice()
        self.diagnosis = DiagnosisLine()
        bar.foot.addWidget(self.notice)
        self.mending = MendingButton()
        self.notice.take_in(self.diagnosis)
        self.notice.take_in(self.mending)
        self.notice.narrowed.connect(self.diagnosis.set_short)
        bar.more_set.connect(control.set_more)
        self.diagnosis.tried.connect(self.tried)
        self.diagnosis.gone_back.connect(self.gone_back)
        self.mending.tried.connect(self.tried)
        control.read_back.connect(self.notice.tell_end)
        control.last_failed.connect(self._tell_failure)

    def show_run(self, *, runnable: bool, beside: bool) -> None:
        """`runnable`: the settings make a run. `beside`: other runs of the lab are under way."""
        status = self._control.status()
        elsewhere = self._control.is_elsewhere
        ended, pending = self._control.ending(), self._control.pending
        self.bar.show_status(status, ready=runnable, ended=ended, elsewhere=elsewhere, pending=pending, beside=beside)
        if elsewhere:
            text = self.tr("Another process is writing this run, and it is shown as it grows. Pause or stop it there.")
            self.notice.tell(text, "muted", self._control.folder)
        elif status is not None and status.state is not State.IDLE:
            self.notice.tell_of_run(status)
        self.mending.show_problem(None if status is None else status.problem, self._control.experiment)
        diagnoses = () if status is None else status.diagnoses
        self.diagnosis.show_diagnoses(diagnoses, self._control.experiment, self._control.last_finite)

    def tell_end(self) -> None:
        """Say, in today's language, how the shown run has ended."""
        status = self._control.status()
        if status is not None and status.state is State.IDLE:
            self.notice.tell_end(status, unsaved=self._control.unsaved)

    def status_text(self, *, knows_devices: bool) -> str:
        """How the shown run stands, for the status bar. `knows_devices`: torch is there and can be asked for its choice."""
        status = self._control.status()
        if status is None:
            return self.tr("Opening the last run...") if self._control.is_opening else self.tr("No run yet")
        if self._control.is_elsewhere:
            return self.tr("Another process is writing")
        words = {
            State.PREPARING: self.tr("Preparing"),
            State.RUNNING: self.tr("Training", "state"),
            State.PAUSED: self.tr("Paused"),
            State.FINISHING: self.tr("Saving"),
        }
        ends = {
            Reason.COMPLETED: self.tr("Completed"),
            Reason.STOPPED: self.tr("Stopped"),
            Reason.DIVERGED: self.tr("Diverged"),
            Reason.FAILED: self.tr("Failed"),
        }
        text = words.get(status.state) or (ends[status.reason] if status.reason is not None else "")
        device = _other_device(status) if knows_devices else ""
        return " · ".join(part for part in (text, device) if part)

    @Slot(str)
    def warn(self, text: str) -> None:
        self.notice.tell(text, "warn")

    @Slot(object)
    def warn_of(self, error: Exception) -> None:
        self.warn(told(error))

    @Slot(object)
    def _tell_failure(self, error: Exception) -> None:
        """Say why a run cannot be read back."""
        if self._control.experiment is None or self._control.ending() is not None:
            self.warn_of(error)


def _other_device(status: Status) -> str:
    """The run's device where it is not the machine's own choice, which the window says already."""
    if not status.device:
        return ""
    from engine.training.devices import choose

    return "" if status.device == choose("auto").type else say("choices", status.device)
