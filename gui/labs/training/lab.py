"""The training lab: set up an experiment, run it, watch it learn.

The worker trains and saves in its own thread; `gui.bridge` reads it at display rate. This module joins the
parts: the experiment at the left, the run bar on top, the curves in the middle, predictions beside the truth
at the right.
"""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import msgspec
from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QAction, QHideEvent, QKeyEvent, QKeySequence, QShowEvent
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

from engine.experiments.experiment import Experiment, to_toml
from engine.fields import edited
from engine.figures import fixed, percent
from engine.runs.status import Asked, Reason, State, Status
from engine.training.chance import loss_of_guessing, target_variance
from engine.training.probes import predict
from engine.training.worker import Worker
from gui.bridge import RunBridge, Watching
from gui.lab.base import Lab, Services
from gui.lab.names import LabText
from gui.labs.training.end_notice import EndNotice
from gui.labs.training.experiment_panel import ExperimentPanel
from gui.labs.training.prediction_card import PredictionCard
from gui.labs.training.run_bar import RunBar
from gui.labs.training.state import TrainingState
from gui.plots.cursor import SharedCursor
from gui.plots.curve_card import CurveCard
from gui.plots.numbers.view import CurveView
from gui.shell.language import language, say
from gui.shell.undo import difference

GAP = 12


@dataclass(frozen=True, slots=True)
class NextRun:
    """A run that begins as soon as it can, and what has been asked of it until then."""

    playing: bool
    steps: int = 0  # to do before it pauses


class TrainingLab(Lab):
    """Space plays and pauses, Right does one iteration, Backspace begins again."""

    name = "training"
    state_type = TrainingState

    run_ended = Signal(object)  # the last Status of a run

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self._state = TrainingState()
        self._ready = False
        self._closed = False
        self._running: Experiment | None = None  # what the run that is shown was started with; None: none is shown
        self._next: NextRun | None = None  # torch is not there yet, or a run that is not shown any more has not ended
        self._unsaved = ""  # why the run has no folder
        self._cursors = {"train": 0, "validation": 0}
        self._variance: Future[float | None] | None = None  # of the targets, asked of the run
        self._target_variance: float | None = None
        self.worker = Worker()
        self.bridge = RunBridge(parent=self)
        self.watching = Watching(self.worker, self)
        self.run_bar = RunBar()
        self.panel = ExperimentPanel()
        self.notice = EndNotice()
        self._cursor = SharedCursor(self)
        self.loss = CurveCard("value", log_offered=True, cursor=self._cursor)
        self.accuracy = CurveCard("rate", log_offered=False, cursor=self._cursor)
        self.prediction = PredictionCard()
        for card in (self.loss, self.accuracy):
            card.add("train", 0)
            card.add("validation", 1, dashed=True, smoothed=False)
        self._actions = self._make_actions()
        self._lay_out()
        self._connect()
        self.retranslate()
        self._show()
        self.remember(self._state)
        self.bridge.attach(self.worker)

    # --- building

    def _lay_out(self) -> None:
        curves = QVBoxLayout()
        curves.setSpacing(GAP)
        curves.addWidget(self.loss, 1)
        curves.addWidget(self.accuracy, 1)
        watched = QHBoxLayout()
        watched.setSpacing(GAP)
        watched.addLayout(curves, 5)
        watched.addWidget(self.prediction, 3)
        columns = QHBoxLayout()
        columns.setSpacing(GAP)
        columns.addWidget(self.panel)
        columns.addLayout(watched, 1)
        self.prediction.setMinimumWidth(220)
        self.prediction.setMaximumWidth(420)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(GAP)
        self.run_bar.foot.addWidget(self.notice)
        page.addWidget(self.run_bar)
        page.addLayout(columns, 1)

    def _connect(self) -> None:
        self.run_bar.play_pressed.connect(self.play_or_pause)
        self.run_bar.step_pressed.connect(self.step)
        self.run_bar.stop_pressed.connect(self.stop)
        self.run_bar.reset_pressed.connect(self.reset)
        self.panel.experiment_edited.connect(self._experiment_edited)
        self.bridge.status_changed.connect(self._show_status)
        self.bridge.measured.connect(self._draw)
        self.bridge.run_replaced.connect(self._forget_curves)
        self.loss.view_changed.connect(self._loss_view_changed)
        self.accuracy.view_changed.connect(self._accuracy_view_changed)
        self.prediction.next_asked.connect(self._next_sample)
        self.prediction.view.picture_chosen.connect(self._picture_chosen)
        self.watching.answered.connect(self.prediction.show_prediction)

    def _make_actions(self) -> dict[str, QAction]:
        made = {}
        for name, keys, slot in (
            ("play", [Qt.Key.Key_Space], self.play_or_pause),
            ("step", [Qt.Key.Key_Right], self.step),
            ("stop", [], self.stop),
            ("reset", [Qt.Key.Key_Backspace], self.reset),
        ):
            action = QAction(self)
            action.setShortcuts([QKeySequence(key) for key in keys])
            action.setAutoRepeat(False)  # a key that is held is one press
            action.triggered.connect(slot)
            action.setEnabled(False)
            self.addAction(action)
            made[name] = action
        return made

    # --- state

    def state(self) -> TrainingState:
        return self._state

    def set_state(self, state: msgspec.Struct) -> None:
        assert isinstance(state, TrainingState)
        self._take_lr(state.experiment)
        self._state = state
        self.remember(state, None)
        self._show()

    def brought_back(self, state: msgspec.Struct) -> TrainingState:
        """How curves and predictions are looked at stays."""
        assert isinstance(state, TrainingState)
        return msgspec.structs.replace(self._state, experiment=state.experiment)

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
        if before.experiment.name != self._state.experiment.name:
            key = ""  # another experiment joins nothing
        self.remember(self._state, key)
        self.state_changed.emit()

    def _take_lr(self, experiment: Experiment) -> None:
        """Hand a new learning rate to the run that is under way: alone of all it changes at once."""
        lr = experiment.training.lr
        if self._running is not None and self.run_in_progress() and lr != self._state.experiment.training.lr:
            self.worker.set_lr(lr)

    def _show(self) -> None:
        """Bring every part to the state."""
        self.panel.show_experiment(self._state.experiment)
        self.loss.set_view(self._state.loss)
        self.accuracy.set_view(self._state.accuracy)
        self.prediction.view.set_chosen(self._state.chosen)
        self.watching.set_probe(partial(predict, sample=self._state.sample))
        self._show_kind()
        self._show_run()

    def experiment(self) -> Experiment:
        """The experiment as it is set now."""
        return self._state.experiment

    def open_experiment(self, experiment: Experiment) -> None:
        """Show `experiment`. A run that is under way goes on with its own; this one comes with the next."""
        self._edit(experiment=experiment)
        self._show()

    @Slot(object)
    def _experiment_edited(self, experiment: Experiment) -> None:
        self._take_lr(experiment)
        self._edit(experiment=experiment)
        self._show_kind()
        self._show_run()

    @Slot(object)
    def _loss_view_changed(self, view: CurveView) -> None:
        self._edit(loss=view)

    @Slot(object)
    def _accuracy_view_changed(self, view: CurveView) -> None:
        self._edit(accuracy=view)

    @Slot()
    def _next_sample(self) -> None:
        self._edit(sample=(self._state.sample + 1) % 10_000)
        self.watching.set_probe(partial(predict, sample=self._state.sample))

    @Slot(int)
    def _picture_chosen(self, number: int) -> None:
        self._edit(chosen=number)

    # --- running

    def torch_ready(self) -> None:
        self._ready = True
        from engine.training.devices import available

        self.panel.set_devices([name for name in ("auto", "cpu", "cuda", "mps") if available(name)])
        self._begin_next()
        self._show_run()

    def run_in_progress(self) -> bool:
        return self.worker.status().state is not State.IDLE

    @Slot()
    def play(self) -> None:
        """Go on, or begin a run."""
        if self._running is None or not self.run_in_progress():
            self._begin(NextRun(playing=True))
        else:
            self.worker.play()
        self._show_press()

    @Slot()
    def pause(self) -> None:
        """Wait before the next iteration."""
        if self._next is not None:
            self._next = NextRun(playing=False)
        elif self._running is not None:
            self.worker.pause()
        self._show_press()

    @Slot()
    def play_or_pause(self) -> None:
        """The other one of what was asked last, whether the run and the screen have followed yet or not; begins a run where
        none is shown."""
        if self._next is not None:
            self._next = NextRun(playing=not self._next.playing)
        elif self._running is None or not self.worker.toggle():
            self._begin_where_none_is_shown(NextRun(playing=True))
        self._show_press()

    @Slot()
    def step(self) -> None:
        """One iteration, then wait; begins a run where none is shown."""
        if self._next is not None:
            self._next = NextRun(playing=False, steps=self._next.steps + 1)
        elif self._running is None or not self.worker.step():
            self._begin_where_none_is_shown(NextRun(playing=False, steps=1))
        self._show_press()

    @Slot()
    def stop(self) -> None:
        """End the run and keep what it has reached."""
        self._next = None
        self.worker.stop()
        self._show_press()

    @Slot()
    def reset(self) -> None:
        """End the run; the screen is at iteration 0 at once. What it had measured stays in its folder."""
        self._forget_run()
        self.stop()

    def _show_press(self) -> None:
        """What was pressed is seen at once."""
        self.bridge.poll()
        self._show_run()

    def _begin_where_none_is_shown(self, run: NextRun) -> None:
        """A press that was meant for a run which has ended an instant ago, unseen, begins no other."""
        if self.run_bar.state == "idle":
            self._begin(run)

    def _begin(self, run: NextRun) -> None:
        """Begin `run` now, or as soon as torch is there and a run that has been reset has ended."""
        self._next = None
        if self._closed or self.panel.problem:
            return
        if not self._ready or self.run_in_progress():
            self._next = run
            return
        experiment = self._state.experiment
        folder = self._new_folder(experiment)
        self.notice.clear()
        self._running = experiment
        self.worker.start(experiment, folder=folder, paused=not run.playing)
        self._target_variance, self._variance = None, self.worker.ask(target_variance)
        if run.steps:
            self.worker.step(run.steps)
        self._watch()

    def _begin_next(self) -> None:
        if self._next is not None:
            self._begin(self._next)

    def _new_folder(self, experiment: Experiment) -> Path | None:
        """Where the run is kept; None, and why, where the disk refuses. The run goes on without."""
        from engine.runs.folder import new_folder

        self._unsaved = ""
        try:
            return new_folder(self.services.runs_folder, experiment.name)
        except OSError as error:
            self._unsaved = error.strerror or str(error)
            return None

    # --- what the worker says

    @Slot(object)
    def _show_status(self, status: Status) -> None:
        if self._running is None:  # the run that ends here has been reset
            if status.state is State.IDLE and self._next is not None:
                self._begin_next()
                self._show_press()
            return
        self._take_variance()
        self._show_run(status)
        if status.problem is not None and status.state is not State.IDLE:  # a disk that is full, say: the run goes on
            self.notice.tell(status.problem.sentence(language()), "warn", status.folder)
        if status.state is State.IDLE and status.reason is not None:
            self._show_end(status)
            self.run_ended.emit(status)

    def _shown_status(self) -> Status | None:
        if self._next is not None:
            return Status(State.PREPARING, asked=Asked.PLAY if self._next.playing else Asked.PAUSE)
        return None if self._running is None else self.worker.status()

    def _show_run(self, status: Status | None = None) -> None:
        """Run bar, menu, pending edits and status bar."""
        status = status or self._shown_status()
        ready = not self.panel.problem and not self._closed
        self.run_bar.show_status(status, ready=ready)
        for name, action in self._actions.items():
            button: QWidget = getattr(self.run_bar, name)
            action.setEnabled(button.isEnabled() and self.isVisible())
        busy = status is not None and status.state is not State.IDLE
        self.panel.set_pending(busy and self._differs())
        for card in (self.loss, self.accuracy):
            card.set_length(0 if status is None else status.steps, 0 if status is None else status.epochs)
            card.read_out()
        self.status_changed.emit()

    def _differs(self) -> bool:
        """Whether what is set differs from what runs, the learning rate aside, which has changed at once."""
        running, now = self._running, self._state.experiment
        if running is None:
            return False
        return msgspec.structs.replace(running, training=edited(running.training, lr=now.training.lr)) != now

    def _show_end(self, status: Status) -> None:
        """Say how the run ended, in words, below the run bar."""
        assert status.reason is not None
        if status.problem is not None:
            self.notice.tell(status.problem.sentence(language()), "warn", status.folder)
            return
        if self._unsaved:
            text = self.tr("The run could not be saved: {reason}.").format(reason=self._unsaved)
            self.notice.tell(text, "warn")
            return
        loss = status.validation_loss
        values = {"loss": "–" if loss is None else fixed(loss)}
        if status.reason is Reason.COMPLETED:
            text = self.tr("Completed. Validation loss {loss}").format(**values)
        else:
            text = self.tr("Stopped. What it has learned is kept.")
        if status.reason is Reason.COMPLETED and status.validation_accuracy is not None:
            text = self.tr("Completed. Validation loss {loss}, accuracy {accuracy}").format(
                accuracy=percent(status.validation_accuracy), **values
            )
        self.notice.tell(text, "ok", status.folder)

    def _forget_run(self) -> None:
        """Back to iteration 0: nothing of the last run is shown."""
        self._running = None
        self._target_variance = self._variance = None
        self._forget_curves()
        self._watch()
        self.prediction.show_prediction(None)
        self.notice.clear()
        self._show_kind()
        self._show_run()

    def _watch(self) -> None:
        """Ask the model only while there is one and somebody looks."""
        self.watching.set_active(self._running is not None and self.isVisible() and not self._closed)

    @Slot()
    def _forget_curves(self) -> None:
        self._cursors = {"train": 0, "validation": 0}
        for card in (self.loss, self.accuracy):
            card.clear()
        self._show_kind()

    @Slot()
    def _draw(self) -> None:
        """Take over what the history has got since the last time, and draw."""
        if self._running is None:
            return
        history = self.worker.history
        for key, curve in (("train", history.train), ("validation", history.validation)):
            steps, losses, accuracies = curve.since(self._cursors[key])
            self._cursors[key] += len(steps)
            self.loss.append(key, steps, losses)
            self.accuracy.append(key, steps, accuracies)
        status = self.worker.status()
        for card in (self.loss, self.accuracy):
            card.data.note_time(status.step, status.seconds)
            card.draw()

    def _take_variance(self) -> None:
        """What the run's thread has found of the targets."""
        if self._variance is not None and self._variance.done():
            found, self._variance = self._variance, None
            if not found.cancelled() and found.exception() is None:
                self._target_variance = found.result()
                self._show_kind()

    # --- words and looks

    def _show_kind(self) -> None:
        """Titles and cards as the task of the run, or of the experiment, asks."""
        experiment = self._running if self._running is not None else self._state.experiment
        info = self.panel.info() if experiment == self._state.experiment else None
        if info is None:
            from engine.data.info import DatasetError
            from engine.data.sources import describe

            try:
                info = describe(experiment.data)
            except DatasetError:
                return
        loss = experiment.training.loss or info.loss
        names = {"train": self.tr("Training", "curve"), "validation": self.tr("Validation")}
        self.loss.set_title(self.tr("Loss ({name})").format(name=say("choices", loss)))
        self.loss.set_names(names, say("choices", loss))
        self.loss.export_name = f"{experiment.name} loss"
        self.accuracy.set_title(self.tr("Accuracy"))
        self.accuracy.set_names(names, self.tr("Accuracy"))
        self.accuracy.export_name = f"{experiment.name} accuracy"
        guessing = info.task != "regression"  # a regression has no accuracy
        self.accuracy.setVisible(guessing)
        self.loss.set_chance(loss_of_guessing(info.outputs, loss) if guessing else self._target_variance, of_mean=not guessing)
        self.accuracy.set_chance(1 / info.outputs if guessing else None)

    def status_text(self) -> str:
        status = self._shown_status()
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
        }
        for name, action in self._actions.items():
            action.setText(texts[name])
        self._show_kind()
        status = self._shown_status()
        if status is not None and status.state is State.IDLE and status.reason is not None:
            self._show_end(status)

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
        self._watch()
        self._show_run()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._watch()
        for action in self._actions.values():
            action.setEnabled(False)

    # --- the end

    def close_lab(self, deadline_s: float) -> None:
        """Stop the run, save it, join the worker's thread."""
        self._closed = True
        self._next = None
        self.watching.set_active(False)
        self.bridge.close()
        self.worker.close(deadline_s)
