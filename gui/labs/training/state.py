"""The whole state of the training lab, as one frozen value."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from engine.experiments.experiment import Experiment, preset
from gui.labs.training.data.data_view import DataView
from gui.labs.training.inside.inside_view import InsideView
from gui.labs.training.queue.plan_form import PlanForm
from gui.labs.training.runs.runs_view import RunsView
from gui.running.lab.state import RunningState

FIRST_PRESET = "digits-cnn"


class TrainingState(RunningState, frozen=True, kw_only=True):
    experiment: Experiment = msgspec.field(default_factory=lambda: preset(FIRST_PRESET))
    sample: Annotated[int, Meta(ge=0, le=10_000)] = 0  # which validation samples are shown
    chosen: Annotated[int, Meta(ge=0, le=100)] = 0  # the picture whose probabilities are shown
    folds: Annotated[tuple[str, ...], Meta(max_length=8)] = ()  # of the settings: the parts that are open
    unit_lines: bool = True  # of the first layer, over the decision boundary
    inside: InsideView = InsideView()  # how feature maps and the layers' numbers are looked at
    view: Annotated[str, Meta(max_length=20)] = "run"  # which of the lab's views; one that there is none of is the first
    plan: PlanForm = PlanForm()  # of a queue
    runs: RunsView = RunsView()  # how all runs are looked at, and which are pinned
    data: DataView = DataView()  # how the data are looked at
