"""The training lab: set up an experiment, run it, watch it learn.

The worker trains and saves in its own thread; `run_control` says which run is shown and what a press does to it. This module
joins the parts: the experiment at the left, the run bar on top, the curves in the middle, predictions beside the truth at the
right, and over both the name of their run.
"""

from __future__ import annotations

import msgspec
from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QHideEvent, QKeyEvent, QKeySequence, QPaintEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from engine.data.sources import describe
from engine.experiments.experiment import Experiment, to_toml
from engine.fields import edited
from engine.networks.output_meaning import OutputMeaning, output_meaning
from engine.runs.status import Reason, State, Status
from gui.lab.base import Lab, Services
from gui.lab.names import LabText
from gui.labs.training.doctor.diagnosis_line import DiagnosisLine
from gui.labs.training.end_notice import EndNotice
from gui.labs.training.experiment_panel import ExperimentPanel, name_in_words
from gui.labs.training.looking import Looking
from gui.labs.training.run_bar import RunBar
from gui.labs.training.run_control import RunControl
from gui.labs.training.run_results import RunResults
from gui.labs.training.state import TrainingState
from gui.plots.numbers.view import CurveView
from gui.shell.language import language, say, told
from gui.shell.undo import difference

GAP = 12


class TrainingLab(Lab):
    """Space does what the first button says: plays, pauses, goes on or begins anew. Right does one iteration, Backspace ends
    the run and forgets it."""

    name = "training"
    state_type = TrainingState

    run_ended = Signal(object)  # the last Status of a run

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self._state = TrainingState()
        self._ready = False
        self._closed = False
        self._looked = False  # for the last run
        self.control = RunControl(services.runs_folder, self)
        self.worker, self.bridge = self.control.worker, self.control.bridge
        self.looking = Looking(self.worker, self)
        self.run_bar = RunBar()
        self.panel = ExperimentPanel()
        self.notice = EndNotice()
        self.diagnosis = DiagnosisLine()
        self.results = RunResults()
        self.loss, self.accuracy = self.results.loss, self.results.accuracy
        self.pages, self.prediction = self.results.pages, self.results.pages.prediction
        self._actions = self._make_actions()
        self._lay_out()
        self._connect()
        self.retranslate()
        self._show()
        self.remember(self._state)

    # --- building

    def _lay_out(self) -> None:
        columns = QHBoxLayout()
        columns.setSpacing(GAP)
        columns.addWidget(self.panel)
        columns.addWidget(self.results, 1)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(GAP)
        self.run_bar.foot.addWidget(self.notice)
        self.notice.take_in(self.diagnosis)
        page.addWidget(self.run_bar)
        page.addLayout(columns, 1)

    def _connect(self) -> None:
        bar, control, panel = self.run_bar, self.control, self.panel
        bar.play_pressed.connect(self.play_or_pause)
        bar.step_pressed.connect(self.step)
        bar.stop_pressed.connect(self.stop)
        bar.reset_pressed.connect(self.reset)
        bar.go_on_pressed.connect(control.go_on)
        bar.begin_pressed.connect(control.begin_anew)
        bar.more_set.connect(control.set_more)
        self.diagnosis.tried.connect(self.try_remedy)
        control.changed.connect(self._show_run)
        control.replaced.connect(self._forget_curves)
        control.measured.connect(self._draw)
        control.ended.connect(self._show_end)
        control.read_back.connect(self.notice.tell_end)
        control.last_failed.connect(self._tell_failure)
        panel.experiment_edited.connect(self._experiment_edited)
        panel.experiment_opened.connect(self.open_experiment)
        panel.rate_edited.connect(control.set_rate)
        panel.network_asked.connect(self._offer_network)
        panel.script_asked.connect(self.show_script)
        self.loss.view_changed.connect(self._loss_view_changed)
        self.accuracy.view_changed.connect(self._accuracy_view_changed)
        self.prediction.next_asked.connect(self._next_sample)
        self.prediction.view.picture_chosen.connect(self._picture_chosen)
        self.looking.answered.connect(self.pages.show_answer)
        self.pages.questions_changed.connect(self._ask)
        self.pages.chosen.connect(self._page_chosen)

    def _make_actions(self) -> dict[str, QAction]:
        made = {}
        for name, keys, slot in (
            ("play", [Qt.Key.Key_Space], self.play_or_pause),
            ("step", [Qt.Key.Key_Right], self.step),
            ("stop", [], self.stop),
            ("reset", [Qt.Key.Key_Backspace], self.reset),
            ("go_on", [], self.control.go_on),
            ("anew", [], self.control.begin_anew),
            ("network", [], self._offer_network),
            ("script", [], self.show_script),
        ):
            action = QAction(self)
            action.setShortcuts([QKeySequence(key) for key in keys])
            action.setAutoRepeat(False)  # a key that is held is one press
            action.triggered.connect(lambda _on=False, slot=slot: slot())
            action.setEnabled(False)
            self.addAction(action)
            made[name] = action
        return made

    # --- state

    def state(self) -> TrainingState:
        return self._state

    def set_state(self, state: msgspec.Struct) -> None:
        assert isinstance(state, TrainingState)
        self._state = state
        self.remember(state, None)
        self._show()

    def brought_back(self, state: msgspec.Struct) -> TrainingState:
        """How curves and predictions are looked at stays."""
        assert isinstance(state, TrainingState)
        return msgspec.structs.replace(self._state, experiment=state.experiment, opened=state.opened)

    def _go_to(self, state: msgspec.Struct | None) -> None:
        """A learning rate that the shown run has taken over is undone, and redone, for the run too."""
        before, run = self._state, self.control.experiment
        super()._go_to(state)
        lr = self._state.experiment.training.lr
        edit = msgspec.structs.replace(before, experiment=_with_rate(before.experiment, lr)) == self._state
        if edit and run is not None and run.training.lr == before.experiment.training.lr:
            self.control.set_rate(lr)
            self._show_run()

    def document(self) -> tuple[str, str]:
        experiment = self._state.experiment
        return experiment.name, to_toml(experiment)

    def open_text(self, found: LabText) -> None:
        """Show the experiment that a text describes. Raises ExperimentError."""
        self.open_experiment(found.experiment)

    def _edit(self, **changes: object) -> None:
        """What the experiment is made of is undone step by step; how it is looked at goes along."""
        before = self._state
        self._state = edited(before, **changes)
        key = difference(before, self._state) if "experiment" in changes else None
        if before.opened != self._state.opened:
            key = ""  # another experiment joins nothing
        self.remember(self._state, key)
        self.state_changed.emit()

    def _show(self) -> None:
        """Bring every part to the state."""
        self.panel.show_experiment(self._state.experiment, self._state.opened)
        self.loss.set_view(self._state.loss)
        self.accuracy.set_view(self._state.accuracy)
        self.pages.set_chosen(self._state.pages)
        self.prediction.view.set_chosen(self._state.chosen)
        self._set_probe()
        self._show_experiment()

    def _show_experiment(self) -> None:
        """Bring what lies around the panel to the experiment."""
        self.control.show_settings(self._state.experiment, runnable=not self.panel.problem)
        self._show_run()

    def experiment(self) -> Experiment:
        """The experiment as it is set now."""
        return self._state.experiment

    @Slot(object)
    def open_experiment(self, experiment: Experiment) -> None:
        """Show `experiment`. A run that is under way goes on with its own; this one comes with the next."""
        self._edit(experiment=experiment, opened=experiment)
        self._show()

    @Slot(object)
    def _experiment_edited(self, experiment: Experiment) -> None:
        self._edit(experiment=experiment)
        self._show_experiment()

    @Slot(object)
    def _loss_view_changed(self, view: CurveView) -> None:
        self._edit(loss=view)

    @Slot(object)
    def _accuracy_view_changed(self, view: CurveView) -> None:
        self._edit(accuracy=view)

    @Slot()
    def _next_sample(self) -> None:
        self._edit(sample=(self._state.sample + 1) % 10_000)
        self._set_probe()

    @Slot(int)
    def _picture_chosen(self, number: int) -> None:
        self._edit(chosen=number)

    @Slot(str)
    def _page_chosen(self, name: str) -> None:
        self.pages.set_chosen((name, *self._state.pages))
        self._edit(pages=self.pages.shown)

    # --- taken along

    @Slot()
    def _offer_network(self) -> None:
        """Have the network lab show this network."""
        self.network_offered.emit(self._state.experiment)

    @Slot()
    def show_script(self) -> None:
        """Show the experiment as a PyTorch script."""
        from gui.labs.training.script_dialog import ScriptDialog

        if not self.panel.problem:
            ScriptDialog(*self.control.scripted(), self).open()

    # --- running

    def torch_ready(self) -> None:
        self._ready = True
        from engine.training.devices import available

        self.panel.set_devices([name for name in ("auto", "cpu", "cuda", "mps") if available(name)])
        self.control.torch_ready()
        self._show_run()

    def run_in_progress(self) -> bool:
        return self.control.in_progress

    @Slot()
    def play(self) -> None:
        """Go on, or begin a run."""
        self.control.play()

    @Slot()
    def pause(self) -> None:
        """Wait before the next iteration."""
        self.control.pause()

    @Slot()
    def play_or_pause(self) -> None:
        """What the first button says."""
        self.control.play_or_pause()

    @Slot()
    def step(self) -> None:
        """One iteration, then wait; begins a run where none is shown."""
        self.control.step()

    @Slot()
    def stop(self) -> None:
        """End the run and keep what it has reached."""
        self.control.stop()

    @Slot()
    def reset(self) -> None:
        """End the run; the screen is at iteration 0 at once. What it had measured stays in its folder."""
        self.control.reset()
        self.pages.forget()
        self.notice.clear()

    @Slot(object)
    def try_remedy(self, experiment: Experiment) -> None:
        """Begin a new run of `experiment`, which mends what is wrong with the shown one. That one ends, and stays in its
        folder."""
        self.open_experiment(experiment)
        if self.control.in_progress:
            self.reset()
        self.control.begin_anew()

    # --- the run on the screen

    @Slot()
    def _show_run(self) -> None:
        """Run bar, menu, name, pending edits and status bar."""
        control = self.control
        status, ended = control.status(), control.ending()
        ready = not self.panel.problem and not self._closed
        self.run_bar.show_status(status, ready=ready, ended=ended)
        self._enable_actions()
        if status is not None and status.state is not State.IDLE:
            self._tell_of_run(status)
        self.panel.set_pending(control.pending, follows=control.follows_rate)
        own = control.experiment
        self.diagnosis.show_diagnoses(() if status is None else status.diagnoses, own)
        self.pages.show_run(own)
        self.results.show_run("" if own is None else name_in_words(own), differs=control.differs)
        if status is None:
            self.results.set_length(0, 0)
        elif status.steps:  # a run that is being prepared has none
            self.results.set_length(status.steps, status.epochs)
        self._show_kind()
        self._set_probe()
        self._watch()
        self.status_changed.emit()

    def _tell_of_run(self, status: Status) -> None:
        """What is wrong with a run that goes on all the same, a disk that is full, say; of the run before, nothing."""
        if status.problem is not None:
            self.notice.tell(status.problem.sentence(language()), "warn", status.folder)
        elif self.notice.said and status.state is not State.FINISHING:
            self.notice.clear()

    def _enable_actions(self) -> None:
        shown, ended, runnable = self.isVisible(), self.control.ending(), not self.panel.problem and not self._closed
        for name in ("play", "step", "stop", "reset"):
            button: QWidget = getattr(self.run_bar, name)
            self._actions[name].setEnabled(button.isEnabled() and shown)
        self._actions["go_on"].setEnabled(shown and ended is not None and ended.can_go_on)
        self._actions["anew"].setEnabled(shown and ended is not None and runnable)
        self._actions["network"].setEnabled(shown)
        self._actions["script"].setEnabled(shown and not self.panel.problem)

    @Slot(object)
    def _show_end(self, status: Status) -> None:
        self.notice.tell_end(status, unsaved=self.control.unsaved)
        self.run_ended.emit(status)

    @Slot(object)
    def _tell_failure(self, error: Exception) -> None:
        """Say why a run cannot be read back."""
        if self.control.experiment is None or self.control.ending() is not None:
            self.notice.tell(told(error), "warn")

    def _watch(self) -> None:
        """Ask the model only while there is one and somebody looks."""
        self.looking.set_active(self.control.has_model and self.isVisible() and not self._closed)

    def _set_probe(self) -> None:
        own = self.control.experiment
        self.prediction.set_samples(self._state.sample, "scores" if own is None else meaning_of(own))

    @Slot()
    def _ask(self) -> None:
        self.looking.set_questions(self.pages.questions())

    @Slot()
    def _forget_curves(self) -> None:
        self.results.forget()
        if not self.control.has_model:
            self.pages.forget()

    @Slot()
    def _draw(self) -> None:
        """Take over what the history has got since the last time, and draw."""
        history, status = self.control.history, self.control.status()
        if history is not None and status is not None:
            self.results.draw(history, status, self.control.first_rate)

    # --- words and looks

    def _show_kind(self) -> None:
        """Titles and cards as the task of the run, or of the experiment, asks."""
        self.results.show_kind(self.control.experiment or self._state.experiment, self.control.target_variance)

    def status_text(self) -> str:
        status = self.control.status()
        if status is None:
            return self.tr("No run yet")
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
        return " · ".join(part for part in (text, self._other_device(status)) if part)

    def _other_device(self, status: Status) -> str:
        """The run's device where it is not the machine's own choice, which the window says already."""
        if not self._ready or not status.device:
            return ""
        from engine.training.devices import choose

        return "" if status.device == choose("auto").type else say("choices", status.device)

    def actions_for_menu(self) -> list[QAction]:
        return list(self._actions.values())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        texts = {
            "play": self.tr("Play or pause"),
            "step": self.tr("One iteration"),
            "stop": self.tr("Stop the run"),
            "reset": self.tr("From the beginning"),
            "go_on": self.tr("Go on with the run"),
            "anew": self.tr("Begin anew"),
            "network": self.tr("Edit network"),
            "script": self.tr("PyTorch script..."),
        }
        for name, action in self._actions.items():
            action.setText(texts[name])
        self._show_run()
        if self.notice.said and (status := self.control.status()) is not None and status.state is State.IDLE:
            self.notice.tell_end(status, unsaved=self.control.unsaved)

    # --- keys

    def event(self, event: QEvent) -> bool:
        """A key that the focused control needs itself is no shortcut: Space presses a button, Right moves a
        slider."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._needed_by_focus(event):
            event.accept()
            return True
        return super().event(event)

    @staticmethod
    def _needed_by_focus(event: QKeyEvent) -> bool:
        focus = QApplication.focusWidget()
        if event.key() == Qt.Key.Key_Space:
            return isinstance(focus, QAbstractButton | QComboBox)
        if event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Left):
            return isinstance(focus, QAbstractSlider | QComboBox | QAbstractItemView)
        return False

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_run()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._looked:
            self._looked = True
            QTimer.singleShot(0, self.control, self.control.look_for_last)  # once the lab is on the screen

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._watch()
        for action in self._actions.values():
            action.setEnabled(False)

    # --- the end

    def close_lab(self, deadline_s: float) -> None:
        """Stop the run, save it, join the worker's thread."""
        self._closed = True
        self.looking.set_active(False)
        self.control.close(deadline_s)


def meaning_of(experiment: Experiment) -> OutputMeaning:
    """What the outputs are of a network that is trained so."""
    info = describe(experiment.data)
    return output_meaning(experiment.network.layers, experiment.training.loss or info.loss, len(info.target) + 1)


def _with_rate(experiment: Experiment, lr: float) -> Experiment:
    return edited(experiment, training=edited(experiment.training, lr=lr))
