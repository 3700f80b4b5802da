"""The queue, as one of the views of the training lab: a plan at the left, its runs while they are computed, and what they say
together.

The queue's processes go on whatever the window shows; the page looks at them four times a second while they do.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QTimer, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QProgressBar,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from engine.experiments.experiment import Experiment
from engine.experiments.problems import RunProblem
from engine.figures import full_count, round_percent
from engine.queue.plan import PlannedRun
from engine.queue.processes import free_cores
from engine.queue.queue_folder import QueueError, QueueFolder, new_queue_path, queues
from engine.queue.run_state import ENDED
from engine.queue.running import Queue, QueueState, QueueStatus
from engine.queue.time_left import QueuePace, RunWork, work_of
from engine.training.together.apart import why_apart
from engine.words import CodedError, printable
from gui.labs.training.queue.earlier_queues import EarlierQueues
from gui.labs.training.queue.plan_card import PlanCard
from gui.labs.training.queue.plan_form import PlanForm
from gui.labs.training.queue.queue_rows import QueueRows
from gui.labs.training.queue.queue_words import duration
from gui.labs.training.queue.results_card import ResultsCard
from gui.running.experiment_names import name_in_words
from gui.shell.language import language, told
from gui.widgets.card import Card
from gui.widgets.labels import label, set_text

GAP = 12
LOOK_EVERY_MS = 250
START_S = 3.0  # until the processes have imported torch
ROW_PX = 26
PROGRESS_STEPS = 1000


class QueuePage(QWidget):
    """`show_experiment` says of which experiment a queue is planned, `set_form` how. Queues lie in `root`, the folder of
    runs."""

    form_edited = Signal(object)  # a PlanForm
    changed = Signal()  # a queue has begun, has been stopped, or is done

    def __init__(self, root: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._root = root
        self._experiment, self._form = Experiment(), PlanForm()
        self._cores = free_cores()
        self._jobs = self._cores
        self._rate: float | None = None  # seconds that a guessed second took, of an earlier run
        self.queue: Queue | None = None
        self._problem = ""
        self._apart: tuple[RunProblem, ...] = ()  # why runs that are to learn together cannot
        self._is_stale = False  # the plan that is shown is not that of the experiment
        self._works: tuple[tuple[PlannedRun, ...], dict[int, RunWork]] = (), {}  # of the runs that are planned
        self._state: QueueState | None = None
        self.plan = PlanCard(self._cores)
        self.card = Card()
        self.progress = QProgressBar()
        self.progress.setRange(0, PROGRESS_STEPS)
        self.progress.setTextVisible(False)
        self.line, self.note = label("plain"), label("muted", wraps=True)
        self.go_on, self.stop = QPushButton(), QPushButton()
        self.earlier = EarlierQueues(root)
        self.rows = QueueRows(self)
        self.table = QTableView()
        self.results = ResultsCard()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look)
        self._lay_out()
        self.plan.form_edited.connect(self._form_edited)
        self.plan.jobs_edited.connect(self._jobs_edited)
        self.plan.start_asked.connect(self.start)
        self.go_on.clicked.connect(self.pause_or_go_on)
        self.stop.clicked.connect(self.stop_queue)
        self.earlier.chosen.connect(self.open_queue)
        self.retranslate()

    def _lay_out(self) -> None:
        table = self.table
        table.setModel(self.rows)
        table.setShowGrid(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(ROW_PX)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setMinimumHeight(96)
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        for column, width in ((0, 40), (2, 104), (3, 66), (4, 74)):
            header.resizeSection(column, width)
        self.card.tools.addWidget(self.earlier)
        self.card.tools.addWidget(self.go_on)
        self.card.tools.addWidget(self.stop)
        for part in (self.line, self.progress, self.note):
            self.card.body.addWidget(part)
        self.card.body.addWidget(table, 1)
        right = QVBoxLayout()
        right.setSpacing(GAP)
        right.addWidget(self.card, 2)
        right.addWidget(self.results, 3)
        page = QHBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(GAP)
        page.addWidget(self.plan)
        page.addLayout(right, 1)

    # --- what is planned

    def show_experiment(self, experiment: Experiment) -> None:
        """Plan a queue of this experiment. One that is under way goes on with its own."""
        if experiment != self._experiment:
            self._experiment = experiment
            self._plan_later()

    def set_form(self, form: PlanForm) -> None:
        """Show the plan that this form means; nothing is emitted."""
        if form != self._form:
            self._form = form
            self._plan_later()

    def note_run(self, experiment: Experiment, seconds: float) -> None:
        """A whole run of `experiment` takes this long in this window: the time of a queue is foretold from that."""
        guess = work_of(experiment).guess
        rate = seconds / guess if seconds > 0 and guess > 0 else None
        if rate is not None and rate != self._rate:
            self._rate = rate
            if self.isVisible():
                self._show_expected()

    def _plan_later(self) -> None:
        """A plan of many runs takes a while to check: while nobody looks, none is made at every step of a slider."""
        self._is_stale = True
        if self.isVisible():
            self._show_plan()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self._show_plan()
        self._show_expected()

    def _show_plan(self) -> None:
        self._is_stale = False
        self.plan.show_form(self._experiment, self._form, self._jobs)
        self._show_expected()

    def _show_expected(self) -> None:
        """How long the plan is likely to take, by the speed of runs on this machine, or by what such steps usually cost."""
        if self._works[0] is not self.plan.runs:
            works = {run.number: work_of(run.experiment) for run in self.plan.runs if run.problem is None}
            self._works = self.plan.runs, works
        runs = self._works[1]
        rate = self._rate if self.queue is None else self.queue.rate or self._rate
        pace = QueuePace(runs, 1.0 if rate is None else rate)
        jobs = max(1, min(self._jobs, len(runs)))
        seconds = pace.seconds_left({}, [(number, 1.0) for number in runs], jobs) if runs else None
        self.plan.set_expected(None if seconds is None else seconds + START_S)

    @Slot(object)
    def _form_edited(self, form: PlanForm) -> None:
        self._form = form
        self._show_expected()
        self.form_edited.emit(form)

    @Slot(int)
    def _jobs_edited(self, jobs: int) -> None:
        self._jobs = jobs
        self._show_expected()

    # --- the queue

    @property
    def is_on(self) -> bool:
        """Whether a queue is under way, be it paused."""
        return self.queue is not None and self.queue.status().is_on

    def open_newest(self) -> None:
        """Show the queue that was planned last, as it was left, where none is shown yet."""
        if self.queue is None and (found := queues(self._root)):
            self.open_queue(found[0])

    def open_queue(self, path: Path) -> None:
        """Show the queue in this folder, as it was left, unless one is under way."""
        if self.is_on:
            return
        before = self.queue
        try:
            self._take(QueueFolder.open(path))
        except (CodedError, OSError) as error:
            self._tell(told(error))
        else:
            if before is not None:
                before.close(0.1)

    @Slot()
    def start(self) -> None:
        """Begin the queue that is planned."""
        if self._is_stale:
            self._show_plan()
        if self.is_on or self.plan.problem or not self.plan.runs:
            return
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            path = new_queue_path(self._root, self._experiment.name)
            self._take(QueueFolder.create(path, self._experiment, self.plan.plan))
            self._begin()
        except (CodedError, OSError) as error:
            self._tell(told(error))

    @Slot()
    def pause_or_go_on(self) -> None:
        """What the button says."""
        if self.queue is None:
            return
        if self.queue.status().state is QueueState.RUNNING:
            self.queue.pause()
            self._look()
            return
        try:
            self._begin()
        except QueueError as error:
            self._tell(told(error))

    @Slot()
    def stop_queue(self) -> None:
        """End the queue; what its runs have reached is kept."""
        if self.queue is not None:
            self.queue.stop()
            self._look()

    def _take(self, folder: QueueFolder) -> None:
        self.queue = Queue(folder, jobs=self._jobs, rate=self._rate)
        planned = [run.experiment for run in folder.runs if folder.plan.together and run.problem is None]
        self._apart = tuple(filter(None, map(why_apart, planned)))
        states = self.queue.status().runs
        self.rows.show_runs(folder.base, folder.runs, states)
        self.results.show_queue(folder, states)
        self._problem = ""
        self._look()

    def _begin(self) -> None:
        assert self.queue is not None
        self._problem = ""
        self.queue.start()
        self._timer.start()
        self._look()

    def _tell(self, problem: str) -> None:
        self._problem = problem
        self._look()

    @Slot()
    def _look(self) -> None:
        """Bring the page to the queue."""
        status = None if self.queue is None else self.queue.status()
        state = None if status is None else status.state
        if status is not None:
            self.rows.show_states(status.runs)
            self.results.show_states(status.runs)
            self.progress.setValue(round(PROGRESS_STEPS * status.part))
            if not status.is_on:
                self._timer.stop()
        self.progress.setVisible(status is not None)
        self.table.setVisible(status is not None)
        self.plan.set_busy(status is not None and status.is_on)
        self.earlier.setEnabled(status is None or not status.is_on)
        self._show_buttons(state, any(run.condition == "failed" for run in status.runs) if status else False)
        set_text(self.line, self._line(status))
        set_text(self.note, self._problem or self._note(status))
        self.note.setVisible(bool(self.note.text()))
        if state is not self._state:
            self._state = state
            self._write_title()
            self._show_expected()
            self.changed.emit()

    def _show_buttons(self, state: QueueState | None, failed: bool) -> None:
        running = state is QueueState.RUNNING
        texts = {True: self.tr("Pause"), False: self.tr("Go on")}
        self.go_on.setText(texts[running])
        again = state is QueueState.DONE and failed
        if again:
            self.go_on.setText(self.tr("Try failed ones again"))
        self.go_on.setVisible(state is not None and (state is not QueueState.DONE or again))
        self.go_on.setEnabled(state in (QueueState.RUNNING, QueueState.READY, QueueState.PAUSED) or again)
        self.stop.setVisible(state not in (None, QueueState.READY, QueueState.DONE))
        self.stop.setEnabled(state in (QueueState.RUNNING, QueueState.PAUSED, QueueState.PAUSING))

    def _line(self, status: QueueStatus | None) -> str:
        if status is None:
            return self.tr("No queue yet. Plan one at the left, and start it.")
        ended = sum(run.condition in ENDED for run in status.runs)
        parts = [self.tr("{done} of {count} runs").format(done=full_count(ended), count=full_count(len(status.runs)))]
        parts.append(round_percent(status.part, 0))
        done = self.tr("done in {time}").format(time=duration(status.seconds)) if status.seconds else self.tr("done")
        state = {
            QueueState.READY: self.tr("stopped"),
            QueueState.PAUSING: self.tr("pausing after the step under way"),
            QueueState.PAUSED: self.tr("paused"),
            QueueState.STOPPING: self.tr("stopping"),
            QueueState.DONE: done,
        }.get(status.state)
        if state is not None:
            parts.append(state)
        elif status.seconds_left is not None:
            parts.append(self.tr("{time} left").format(time=duration(status.seconds_left)))
        else:
            parts.append(self.tr("starting"))
        return " · ".join(parts)

    def _note(self, status: QueueStatus | None) -> str:
        if status is None:
            return ""
        apart = [why.sentence(language()) for why in self._apart]
        apart += [run.notice[language()] for run in status.runs if run.notice]
        return "\n".join(dict.fromkeys((*apart, *self._shared_cores(status))))

    def _shared_cores(self, status: QueueStatus) -> tuple[str, ...]:
        if not status.is_on:
            return ()
        text = self.tr("Runs at a time: {jobs}, each on one core.").format(jobs=status.jobs)
        shared = self.tr("A run that is trained in this window shares the cores with them; the queue goes on meanwhile.")
        return (f"{text} {shared}",)

    def close_queue(self, deadline_s: float) -> None:
        """Stop the queue, keep its runs, end the threads. What is not done in time keeps its run and ends by itself."""
        self._timer.stop()
        self.results.close_reader()
        if self.queue is not None:
            self.queue.close(deadline_s)

    # --- words

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def _write_title(self) -> None:
        name = "" if self.queue is None else name_in_words(self.queue.folder.base)
        self.card.set_title(self.tr("Queue: {name}").format(name=printable(name)) if name else self.tr("Queue"))

    def retranslate(self) -> None:
        self._write_title()
        self.stop.setText(self.tr("Stop"))
        self.stop.setToolTip(self.tr("End the queue and keep what its runs have reached; it can be gone on with later"))
        self.progress.setAccessibleName(self.tr("Progress of the queue"))
        self.table.setAccessibleName(self.tr("Runs of the queue"))
        self.rows.retranslate()
        self._look()
