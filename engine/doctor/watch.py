"""The doctor of one run: looks at its data, its first weights, a few of its steps and every epoch, and keeps what it has found.

What it costs: one pass over the data and a forward pass of 64 samples before the first step; then, at steps that lie ever
further apart up to 200, the lengths of the gradients and of one step (0.1 ms); activations only where the loss is no better
than a guess. Nothing that the run computes depends on it: `engine.doctor.observing`. Called by `engine.training.execution`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from engine.doctor.data_facts import facts_of, order_statistic
from engine.doctor.diagnoses import Diagnosis
from engine.doctor.evidence import Epoch, Evidence
from engine.doctor.rules import diagnose
from engine.experiments.experiment import Experiment, Training
from engine.fields import edited

if TYPE_CHECKING:
    from torch import Tensor, nn

    from engine.data.datasets import Dataset
    from engine.doctor.observing import NamedWeights

FIRST_LOOKS = (1, 4, 16, 48, 100)  # steps after the beginning, or after a change of the settings
LOOK_EVERY = 200  # steps, later
ACTIVATIONS_AT = (16, 48)  # of these looks, and all later ones: activations too, where the loss is no better than a guess
NEWEST = 3  # losses whose mean is compared with the first one at once


class Watched(Protocol):
    """What the doctor looks at; `engine.training.trainer.Trainer` is one."""

    model: nn.Module
    dataset: Dataset
    step_count: int
    batch_size: int

    @property
    def lr(self) -> float: ...

    @property
    def order(self) -> Tensor:
        """The numbers of the epoch's samples, in the order of its batches; empty before it begins."""


class Watch:
    """The run's thread says when there is something to see; any thread may read `diagnoses`, in the order seen.

    `due` is the number of steps after which `see_step` wants to be called next.
    """

    def __init__(self, experiment: Experiment) -> None:
        self.diagnoses: tuple[Diagnosis, ...] = ()
        self.due = 0
        self._evidence = Evidence(experiment, lr=experiment.training.lr)
        self._before: list[Tensor] | None = None  # the weights before the step that is looked at
        self._since = 0  # the step of the newest change of the settings
        self._changed: Training | None = None  # the settings since then, before a step has been done with them
        self._weights: NamedWeights = ()
        self._has_activations = False

    def see_experiment(self) -> None:
        """Before anything is loaded: what network and settings say."""
        self._judge()

    def see_start(self, run: Watched, earlier: Sequence[Diagnosis] = ()) -> None:
        """Data and model before the first step, or where a run is taken up, in which `earlier` has been found."""
        from engine.doctor import observing

        codes = {found.code for found in earlier}
        self.diagnoses = (*earlier, *(found for found in self.diagnoses if found.code not in codes))
        evidence, data, model, step = self._evidence, run.dataset, run.model, run.step_count
        training = evidence.experiment.training
        begins = step == 0
        self._has_activations = observing.has_activations(model)
        self._weights = observing.multiplied(model)
        self._evidence = replace(
            evidence,
            step=step,
            begun=step,
            since=step,
            lr=run.lr,
            facts=facts_of(data, training.loss or data.loss),
            start=observing.activations(model, data.x_validation) if begins else (),
            weights=observing.weight_looks(self._weights) if begins else (),
            has_recurrence=observing.has_recurrence(model),
        )
        self._since = step
        self._before = observing.copies(self._weights)
        self.due = step + 1
        self._judge()

    def see_change(self, step: int, training: Training) -> None:
        """The settings are others from the step after `step` on: the losses before it say nothing of them. Until a step has
        been done with them, what has been seen is what there is to say: a loss that is lost there was lost before."""
        from engine.doctor import observing

        self._changed = training
        self._since, self._before, self.due = step, observing.copies(self._weights), step + 1

    def _since_change(self) -> Evidence:
        """What has been seen, without what was seen under other settings."""
        evidence, training = self._evidence, self._changed
        if training is None:
            return evidence
        self._changed = None
        experiment = evidence.experiment
        return replace(
            evidence,
            experiment=edited(experiment, training=edited(training, lr=experiment.training.lr)),
            lr=training.lr,
            since=self._since,
            steps=0,
            first_loss=None,
            recent_loss=None,
            last_losses=None,
            largest_update=0.0,
            now=(),
        )

    def see_step(self, run: Watched, losses: NDArray[np.float32]) -> None:
        """After step `due`. `losses` are those of the newest steps, up to `RECENT` of them."""
        from engine.doctor import observing

        step = run.step_count
        if self._before is None:
            self._before, self.due = observing.copies(self._weights), step + 1
            return
        look, self._before = observing.step_look(self._weights, self._before), None
        steps = step - self._since
        self.due = self._since + _look_after(steps) - 1
        evidence = self._since_change()
        if evidence.order is None and len(run.order):
            evidence = replace(evidence, order=self._order(run))
        evidence = replace(
            self._with_losses(evidence, step, losses),
            first_step=look if step == evidence.begun + 1 else evidence.first_step,
            newest_step=look,
            largest_update=max(evidence.largest_update, look.largest_update),
        )
        if self._has_activations and not evidence.learns and (steps in ACTIVATIONS_AT or steps > ACTIVATIONS_AT[-1]):
            evidence = replace(evidence, now=observing.activations(run.model, run.dataset.x_validation))
        self._evidence = evidence
        self._judge()

    def see_validation(self, model: nn.Module) -> None:
        """While the validation set is measured: whether each layer computes as it is to."""
        from engine.doctor import observing

        if not self._evidence.epochs:  # once: it is done alike every time
            self._evidence = replace(self._evidence, not_evaluating=observing.in_training_mode(model))

    def see_epoch(self, epoch: Epoch, losses: NDArray[np.float32]) -> None:
        """After the measurement of an epoch. Accuracies may be NaN."""
        evidence = self._evidence if epoch.step <= self._since else self._since_change()
        evidence = self._with_losses(evidence, epoch.step, losses)
        self._evidence = replace(evidence, epochs=(*evidence.epochs, epoch))
        self._judge()

    def see_divergence(self, step: int) -> None:
        """The loss of `step` is no finite number."""
        self._evidence = replace(self._evidence, step=step, diverged=True)
        self._judge()

    def _with_losses(self, evidence: Evidence, step: int, losses: NDArray[np.float32]) -> Evidence:
        steps = step - self._since
        own = losses[max(0, len(losses) - steps) :]
        if not steps or not len(own):
            return evidence
        first = evidence.first_loss
        if first is None and steps == len(own):
            first = float(own[0])
        return replace(
            evidence,
            step=step,
            steps=steps,
            first_loss=first,
            recent_loss=float(own.mean()),
            last_losses=float(own[-NEWEST:].mean()),
        )

    def _order(self, run: Watched) -> float | None:
        targets = run.dataset.y_train.cpu().numpy()
        classes = run.dataset.outputs if run.dataset.task != "regression" else 0
        return order_statistic(targets, run.order.cpu().numpy(), run.batch_size, classes)

    def _judge(self) -> None:
        new = diagnose(self._evidence, self.diagnoses)
        if new:
            self.diagnoses = (*self.diagnoses, *new)


def _look_after(steps: int) -> int:
    """The next step that is looked at after one that was `steps` after the beginning."""
    return next((look for look in FIRST_LOOKS if look > steps), (steps // LOOK_EVERY + 1) * LOOK_EVERY)
