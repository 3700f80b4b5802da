"""What has been seen of a run so far, as plain frozen numbers: all that a rule may look at. No torch.

Made by `engine.doctor.watch`, read by `engine.doctor.rules`.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.doctor.data_facts import DataFacts
from engine.experiments.experiment import Experiment

RECENT = 20  # steps whose mean loss is compared


@dataclass(frozen=True, slots=True)
class ActivationLook:
    """An activation function's outputs. `between`: the deviation from sample to sample, √(mean over the cells of the variance
    over the samples). `saturated`: the share of outputs at a flat end, None where there is none. `dead`: the share of units
    that are zero for all samples."""

    name: str  # the layer's number and kind: 3 (Sigmoid)
    samples: int
    deviation: float
    between: float
    saturated: float | None
    dead: float


@dataclass(frozen=True, slots=True)
class WeightLook:
    """A layer's weights. `gain` is their deviation times √(inputs of a unit): how much a signal grows in the layer; 0.58 as
    torch begins (Kaiming's uniform with a = √5), 1.41 as He does."""

    name: str
    gain: float
    is_constant: bool  # all of them are one number


@dataclass(frozen=True, slots=True)
class StepLook:
    """A step. `gradient`: the length of the gradient of all weights. `by_layer`: its root mean square in each layer's
    weights. `updates`: how far the step has moved each layer's weights, over their size."""

    gradient: float
    by_layer: tuple[tuple[str, float], ...]
    updates: tuple[float, ...]

    @property
    def largest_update(self) -> float:
        return max(self.updates, default=0.0)


@dataclass(frozen=True, slots=True)
class Epoch:
    """An epoch's measurements, training's as means over its samples. Accuracies are NaN where there are none."""

    step: int
    train_loss: float
    train_accuracy: float
    validation_loss: float
    validation_accuracy: float


@dataclass(frozen=True)
class Evidence:
    """`start` and `weights` are of the model before its first step, and empty in a run that was taken up later; `begun` is the
    step that this watch began at. `first_loss`, `recent_loss` and `last_losses` are of steps since the learning rate was last
    set."""

    experiment: Experiment
    step: int = 0
    lr: float = 0.0
    begun: int = 0
    since: int = 0  # the step after which the learning rate was last set
    facts: DataFacts | None = None
    start: tuple[ActivationLook, ...] = ()
    weights: tuple[WeightLook, ...] = ()
    first_step: StepLook | None = None
    newest_step: StepLook | None = None
    largest_update: float = 0.0  # of all steps that were looked at since the learning rate was last set
    now: tuple[ActivationLook, ...] = ()  # only where the loss is no better than a guess
    order: float | None = None  # `order_statistic` of the first epoch
    steps: int = 0  # done since the learning rate was last set
    first_loss: float | None = None  # before that step
    recent_loss: float | None = None  # mean of up to `RECENT`
    last_losses: float | None = None  # mean of up to three
    diverged: bool = False
    has_recurrence: bool = False
    not_evaluating: tuple[str, ...] = ()  # layers that were in training mode while the validation set was measured
    epochs: tuple[Epoch, ...] = ()

    @property
    def guess(self) -> float | None:
        """The loss of an answer that knows nothing of its sample."""
        return None if self.facts is None else self.facts.guess

    @property
    def learns(self) -> bool:
        """Whether the newest losses are clearly better than a guess."""
        return self.recent_loss is not None and self.guess is not None and self.recent_loss < 0.8 * self.guess
