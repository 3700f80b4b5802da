"""What the states of the labs that train have in common."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from engine.experiments.experiment import Experiment
from gui.plots.numbers.view import CurveView


class RunningState(msgspec.Struct, frozen=True, kw_only=True):
    """What is set, what it was made of, and how it is looked at. What a run has measured is no state: it lies in the run's
    folder. A lab gives `experiment` a default, and adds what is its own."""

    experiment: Experiment
    opened: Experiment | None = None  # as it was chosen or opened, before it was edited; None: the preset of its name
    loss: CurveView = CurveView()
    accuracy: CurveView = CurveView()
    pages: Annotated[tuple[str, ...], Meta(max_length=8)] = ()  # beside the curves: the names of those that are shown
