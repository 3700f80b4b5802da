"""The training lab: set up an experiment, run it, watch it learn.

What every lab that trains does is `RunningLab`'s. This module joins what is this lab's own: the experiment at the left, the
curves in the middle, pages of what the model answers at the right, over both the name of their run with the switch to the lab's
other views (`other_views`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from engine.data.found import Found
from engine.data.info import Data
from engine.data.sources import found_for
from engine.experiments.experiment import Experiment, to_toml
from engine.runs.folder import EXPERIMENT, STATUS
from engine.runs.status import Status
from engine.sequences.tasks import cell_kind
from gui.lab.base import Services
from gui.lab.names import SEQUENCE, LabText
from gui.labs.training.data.own_buttons import OwnKind
from gui.labs.training.data.own_data import KINDS, OwnData, experiment_on
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
    from gui.labs.training.data.data_page import DataPage
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
        self.views = TrainingViews(self.results.curves.name_line, (this_run, *self.others.rows()), self)
        self.own = OwnData(self)
        self.dialogs = LabDialogs(control, services.runs_folder, self)
        self._connect()
        self.begin(self.views, self._make_entries())
        self.setAcceptDrops(True)

    @property
    def runs(self) -> RunsPage | None:
        """All runs, once their view has been opened."""
        return self.others.runs

    @property
    def data_page(self) -> DataPage | None:
        """The data, once their view has been opened."""
        return self.others.data

    @property
    def queue(self) -> QueuePage | None:
        """The queue, once its view has been opened."""
        return self.others.queue

    # --- building

    def _make_entries(self) -> TrainingActions:
        slots: dict[str, Callable[[], object]] = {
            **self.presses(),
            "network": self.offer_network,
            "sequence": self._offer_sequence,
            "moved": self.dialogs.compare_moved,
            **{f"own_{kind}": partial(self.choose_own, kind) for kind in KINDS},
            "draw": partial(self.choose_own, "draw"),
            "run_folder": self.opener.ask_for_run,
        }
        return TrainingActions(slots, self)

    def _connect(self) -> None:
        panel, others = self.panel, self.others
        panel.network_asked.connect(self.offer_network)
        for asking in (panel.own_asked, others.own_asked):
            asking.connect(self.choose_own)
        for asking in (panel.again_asked, others.again_asked):
            asking.connect(self.choose_again)
        others.own_edited.connect(self._take_own)
        self.own.found.connect(self._take_found)
        self.own.looking.connect(self._await_found)
        panel.fetch_asked.connect(self.dialogs.fetch_data)
        self.dialogs.data_fetched.connect(lambda _name: self.show_state())
        panel.folds_changed.connect(lambda folds: self.edit(folds=folds))
        self.look.edited.connect(lambda changes: self.edit(**changes))
        self.pages.taken.connect(self._take_sample)
        self.pages.try_page.compare_asked.connect(self.dialogs.compare_moved)
        self.dialogs.train_asked.connect(self._train_anew)
        self.dialogs.learn_asked.connect(self._learn_drawings)
        self.views.chosen.connect(self.show_view)
        others.data_edited.connect(lambda view: self.edit(data=view))
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
        self.others.show_data()
        self.others.show_queue()
        super().show_experiment()

    @Slot(str)
    def show_view(self, name: str) -> None:
        """Show one of the lab's views: "run", the run that is shown, "data", "runs", all of them, or "queue"."""
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

    # --- data of one's own

    @Slot(str)
    def choose_own(self, kind: OwnKind) -> None:
        """Let the user choose data of his own, or draw them."""
        if kind == "draw":
            self.dialogs.draw_data()
        else:
            self.own.ask(kind, self._state.experiment.data)

    @Slot()
    def choose_again(self) -> None:
        """Let the user choose other files for the data that are shown: they are no longer there, or not as they must be."""
        page = self.data_page
        refused = None if page is None else page.refused
        self.own.ask_again(self._state.experiment.data if refused is None else refused.data)

    def open_data(self, path: Path) -> None:
        """Learn from what is at `path`; the folder of a run is opened as that run."""
        if all((path / name).is_file() for name in (EXPERIMENT, STATUS)):
            self.opener.open_run(path)
        else:
            self.own.take(path)

    @Slot(object)
    def _learn_drawings(self, folder: Path) -> None:
        self.own.take_data(Data(name="folder", path=str(folder), validation=self._state.experiment.data.validation))

    @Slot()
    def _await_found(self) -> None:
        self.show_view("data")
        assert self.data_page is not None
        self.data_page.set_looking(looking=True)

    @Slot(object)
    def _take_own(self, data: Data) -> None:
        """What is read of own data, and how, is another now; where they cannot be had so, nothing has changed."""
        found = found_for(data)
        if found.info is not None:
            self.panel.take(experiment_on(self._state.experiment, data))
        elif self.data_page is not None:
            self.data_page.show_refused(found, of_edit=True)

    @Slot(object)
    def _take_found(self, found: Found) -> None:
        """Learn from the data that were chosen, with a network that fits them; or say why they cannot be had."""
        page = self.data_page
        assert page is not None
        page.set_looking(looking=False)
        if found.info is None:
            page.show_refused(found)
            return
        self.open_experiment(experiment_on(self._state.experiment, found.data))
        page.read_again()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if OwnData.dropped(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if (path := OwnData.dropped(event.mimeData())) is not None:
            event.acceptProposedAction()
            self.open_data(path)

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

    def run_parts(self) -> tuple[Callable[[], None], ...]:
        return *super().run_parts(), self._show_own

    def _show_own(self) -> None:
        self.panel.show_run(None if self.control.differs else self.control.status())
        self.look.show_samples()
        self.others.follow_run()
        self.dialogs.follow_run()

    def own_entries(self) -> dict[str, bool]:
        here = self.views.shown == "run"  # in a list Backspace would end what is not looked at
        return {
            "reset": self.run_bar.reset.isEnabled() and here,
            "sequence": cell_kind(self._state.experiment) is not None,
            "moved": self._ready,
        }

    @Slot(object)
    def show_end(self, status: Status) -> None:
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
        self.own.close(0.2)
        self.others.close(deadline_s)
