"""The training lab: set up an experiment, run it, watch it learn.

What every lab that trains does is `RunningLab`'s. This module joins what is this lab's own: the experiment at the left, the
curves in the middle, pages of what the model answers at the right, over both the name of their run with the switch to the lab's
other views (`other_views`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from engine.experiments.experiment import Experiment, to_toml
from engine.runs.status import Status
from engine.sequences.tasks import cell_kind
from gui.lab.base import Services
from gui.lab.names import SEQUENCE, LabText
from gui.labs.training.experiment_panel import ExperimentPanel
from gui.labs.training.judged.judged_page import TakenSample
from gui.labs.training.lab_dialogs import LabDialogs
from gui.labs.training.pages.side_pages import SidePages
from gui.labs.training.results_look import ResultsLook
from gui.labs.training.run_results import RunResults
from gui.labs.training.state import TrainingState
from gui.labs.training.training_actions import TrainingActions
from gui.labs.training.views.other_views import OtherViews
from gui.labs.training.views.training_views import TrainingViews, ViewRow
from gui.running.lab.base import RunningLab

if TYPE_CHECKING:
    from gui.labs.training.queue.queue_page import QueuePage
    from gui.labs.training.runs.runs_page import RunsPage


class TrainingLab(RunningLab[TrainingState]):
    name = "training"
    state_type = TrainingState

    panel: ExperimentPanel
    results: RunResults
    pages: SidePages

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(TrainingState(), services, ExperimentPanel, RunResults, parent)
        control = self.control
        self.loss, self.accuracy = self.results.curves.loss, self.results.curves.accuracy
        self.prediction = self.pages.prediction
        self.look = ResultsLook(self.pages, control, self.state, self)
        self.others = OtherViews(control, services.runs_folder, self.state, self)
        this_run = ViewRow("run", lambda: self.tr("This run"), lambda: self.results)
        self.views = TrainingViews(self.results.name, (this_run, *self.others.rows()), self)
        self.dialogs = LabDialogs(control, services.runs_folder, self)
        self._connect()
        self.begin(self.views, self._make_entries())

    @property
    def runs(self) -> RunsPage | None:
        """All runs, once their view has been opened."""
        return self.others.runs

    @property
    def queue(self) -> QueuePage | None:
        """The queue, once its view has been opened."""
        return self.others.queue

    # --- building

    def _make_entries(self) -> TrainingActions:
        slots = {
            **self.presses(),
            "network": self.offer_network,
            "sequence": self._offer_sequence,
            "script": self.show_script,
            "moved": self.dialogs.compare_moved,
            "run_folder": self.opener.ask_for_run,
        }
        return TrainingActions(slots, self)

    def _connect(self) -> None:
        panel, others = self.panel, self.others
        panel.network_asked.connect(self.offer_network)
        panel.script_asked.connect(self.show_script)
        panel.fetch_asked.connect(self.dialogs.fetch_data)
        self.dialogs.data_fetched.connect(lambda _name: self.show_state())
        panel.folds_changed.connect(lambda folds: self.edit(folds=folds))
        self.look.edited.connect(lambda changes: self.edit(**changes))
        self.pages.taken.connect(self._take_sample)
        self.pages.try_page.compare_asked.connect(self.dialogs.compare_moved)
        self.dialogs.train_asked.connect(self._train_anew)
        self.views.chosen.connect(self.show_view)
        others.runs_edited.connect(lambda view: self.edit(runs=view))
        others.plan_edited.connect(lambda plan: self.edit(plan=plan))
        others.open_asked.connect(self.opener.open_run)
        others.resume_asked.connect(self.opener.resume_run)
        others.deleted.connect(self.reset)

    # --- state

    def show_state(self) -> None:
        self.panel.set_folds(self._state.folds)
        self.look.show_look()
        self._show_view()
        self.others.show_runs()
        super().show_state()

    def show_experiment(self) -> None:
        self.others.show_queue()
        super().show_experiment()

    @Slot(str)
    def show_view(self, name: str) -> None:
        """Show one of the lab's views: "run", the run that is shown, "runs", all of them, or "queue"."""
        self.edit(view=name)
        self._show_view()
        self.watch()
        self.enable_actions()

    def _show_view(self) -> None:
        self.views.show_view(self._state.view)
        self.panel.setVisible(self.views.beside_settings)
        self.timeline.setVisible(self.views.shown == "run")

    @Slot(object)
    def run_opened(self, experiment: Experiment) -> None:
        super().run_opened(experiment)
        self.show_view("run")

    # --- taken along

    @Slot()
    def _offer_sequence(self) -> None:
        """Have the sequence lab show this experiment."""
        experiment = self._state.experiment
        self.setting_offered.emit(LabText(to_toml(experiment), experiment.name, SEQUENCE, is_setting=False))

    @Slot(object)
    def _take_sample(self, taken: TakenSample) -> None:
        """Have another lab show a sample, with the network and the weights that have judged it."""
        from gui.labs.training.judged.taking_samples import setting_of

        try:
            self.setting_offered.emit(setting_of(taken, self.services.runs_folder.parent / "looked-at"))
        except OSError as error:
            text = self.tr("The sample cannot be taken along: {error}")
            self.head.warn(text.format(error=error.strerror or str(error)))

    @Slot(object)
    def _train_anew(self, experiment: Experiment) -> None:
        """Begin a run of `experiment` now, where none is under way."""
        if not self.control.in_progress:
            self.open_experiment(experiment)
            self.control.begin_anew()

    @Slot()
    def show_script(self) -> None:
        """Show the experiment as a PyTorch script."""
        if not self.panel.problem:
            self.dialogs.show_script()

    # --- running

    def torch_ready(self) -> None:
        from engine.training.devices import available

        self.panel.set_devices([name for name in ("auto", "cpu", "cuda", "mps") if available(name)])
        self.panel.torch_ready()
        super().torch_ready()

    @Slot()
    def reset(self) -> None:
        super().reset()
        self.dialogs.give_up()

    # --- the run on the screen

    @Slot()
    def show_run(self) -> None:
        super().show_run()
        self.panel.show_run(None if self.control.differs else self.control.status())
        self.look.show_samples()
        self.others.follow_run()
        self.dialogs.follow_run()

    def own_entries(self) -> dict[str, bool]:
        here = self.views.shown == "run"  # in a list Backspace would end what is not looked at
        return {
            "reset": self.run_bar.reset.isEnabled() and here,
            "sequence": cell_kind(self._state.experiment) is not None,
            "script": self.runnable,
            "moved": self._ready,
        }

    @Slot(object)
    def show_end(self, status: Status) -> None:
        self.others.note_end(status)
        super().show_end(status)
        self.dialogs.note_end(status)

    @property
    def is_looked_at(self) -> bool:
        return super().is_looked_at and self.views.shown == "run"

    def look_for_last(self) -> None:
        """The last run of a recurrent network where the settings are of one, else of another: the sequence lab has runs too."""
        self.control.look_for_last(self._suits, tells_damaged=True)

    def _suits(self, experiment: Experiment) -> bool:
        return (cell_kind(experiment) is None) == (cell_kind(self._state.experiment) is None)

    def close_own(self, deadline_s: float) -> None:
        self.panel.close_panel(0.1)
        self.dialogs.close(0.5)
        self.others.close(deadline_s)
