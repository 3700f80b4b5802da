"""What a run says of itself: the states, why it ended, and the frozen snapshot of both.

Neither torch nor numpy is imported: the window shows these before torch is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from engine.doctor.diagnoses import Diagnosis
from engine.experiments.problems import RunProblem
from engine.runs.timeline.origin import RunOrigin


class State(Enum):
    """Where a worker is. The way between them is drawn at `engine.training.worker.Worker`."""

    IDLE = "idle"
    PREPARING = "preparing"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHING = "finishing"


class Asked(Enum):
    """What was asked of a run last. The run follows at its next step, which may be seconds away."""

    PLAY = "play"
    PAUSE = "pause"  # perhaps after a few steps more
    STOP = "stop"


class Reason(Enum):
    """Why the last run ended."""

    COMPLETED = "completed"  # all epochs
    STOPPED = "stopped"  # asked to
    DIVERGED = "diverged"  # the loss was no finite number
    FAILED = "failed"  # `problem` says why


@dataclass(frozen=True, slots=True)
class Status:
    """One moment of a worker. `loss` and `accuracy` are of the last batch; the others are of the last epoch that has been
    measured, or of the `best_epoch`, training's as the mean over its samples. None where there is none yet, or no such
    thing."""

    state: State = State.IDLE
    reason: Reason | None = None  # of the run that has ended; None before the first and during one
    asked: Asked | None = None  # of the run that is on; None when there is none
    step: int = 0  # iterations done
    steps: int = 0  # iterations in the whole run
    epoch: int = 0  # the one under way, from 1; after the end the last one
    epochs: int = 0
    steps_per_second: float = 0.0  # over the last two seconds
    samples_per_second: float = 0.0
    seconds: float = 0.0  # of running, pauses left out
    seconds_left: float | None = None
    device: str = ""
    processes: int = 1  # that compute it together
    together: int = 1  # runs that learn, or have learned, as one batched computation, this one among them
    lr: float = 0.0  # as it is set
    rate: float = 0.0  # of the next iteration: what a schedule makes of it
    problem: RunProblem | None = None
    notices: tuple[RunProblem, ...] = ()  # what hinders nothing and must be said: a damaged line left out, another device
    diagnoses: tuple[Diagnosis, ...] = ()  # in the order seen
    folder: Path | None = None
    origin: RunOrigin | None = None  # the moment of another run that it began at; None: it began at its beginning
    replaying: tuple[int, int] | None = None  # while preparing: steps done and in all, on the way to a moment of another run
    loss: float | None = None
    accuracy: float | None = None
    measured: int = 0  # epochs
    best_epoch: int | None = None  # from 1: at the end of a run that takes its best weights, whose weights and values these are
    train_loss: float | None = None
    train_accuracy: float | None = None
    validation_loss: float | None = None
    validation_accuracy: float | None = None


def together_notices(together: int) -> tuple[RunProblem, ...]:
    """What is said of a run that has learned as one computation with others, `together` runs in all; nothing of one alone."""
    return (RunProblem("learned_together", {"runs": together}),) if together > 1 else ()
