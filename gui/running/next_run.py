"""What a run is made of that begins, goes on, or branches off the shown one: pure functions of the settings and of that run.

Called by `run_control`.
"""

from __future__ import annotations

from dataclasses import dataclass

from msgspec.structs import replace

from engine.experiments.experiment import Experiment, Training
from engine.experiments.schedules import pinned
from engine.fields import fields
from engine.runs.history import History
from engine.runs.status import Asked, State, Status

MOST_EPOCHS_OF_A_RUN = int(fields(Training)["epochs"].high or 1)


@dataclass(frozen=True, slots=True)
class NextRun:
    """A run that begins, or goes on, as soon as it can, and what has been asked of it until then."""

    playing: bool
    steps: int = 0  # to do before it pauses
    going_on: bool = False  # with the run that is shown
    origin: int | None = None  # a moment of the run that is shown, at which it begins

    @property
    def status(self) -> Status:
        return Status(State.PREPARING, asked=Asked.PLAY if self.playing else Asked.PAUSE)


def deciding(experiment: Experiment) -> Experiment:
    """What decides the numbers of an experiment: all but its name, its length and where it is computed. A schedule that ends
    with the run is another one where the run has another length."""
    training = experiment.training
    schedule = pinned(training.schedule, training.epochs)
    return replace(experiment, name="", training=replace(training, epochs=1, device="auto", schedule=schedule))


def more_epochs(done: int, settings: Experiment) -> int:
    """For how many a run goes on that has done all of its own: up to the settings' number, or that many once more."""
    epochs = settings.training.epochs
    return epochs - done if epochs > done else epochs


def epochs_beyond(step: int, epochs: int, each: int) -> int:
    """The epochs, of `each` steps, of a run that begins after `step` steps: `epochs`, or where these end by then, that many
    more."""
    return epochs if epochs * each > step else min(epochs + step // each, MOST_EPOCHS_OF_A_RUN)


def rate_at(step: int, history: History, first: float) -> float:
    """The learning rate that a run which began with `first` had for the step after `step`."""
    return next((lr for at, lr in reversed(history.rates) if at <= step), first)
