"""The trainer of one run of several that learn together: its numbers lie in one row of all runs' tensors.

Called by `engine.training.together.company`; what computes is `engine.training.together.stacked_step`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from engine.data.datasets import Dataset
from engine.experiments.experiment import Experiment
from engine.runs.failures import DivergedError
from engine.runs.moment import Moment
from engine.training.randomness import random_states, set_random_states
from engine.training.readout import Record
from engine.training.trainer import Trainer

if TYPE_CHECKING:
    from engine.training.together.stacked_step import StackedStep


class MemberTrainer(Trainer):
    """What an execution knows as its trainer. It begins as the run alone does: first weights, order of the samples and random
    states are drawn from its own seed. Its model is a network like any other, whose weights, buffers and gradients are rows of
    the tensors of all (`lie_in`), so that whoever looks at it, measures it or keeps a moment of it does so as ever. `step` only
    takes notice of what the step of all has done; `record` is called when the losses of all are known."""

    def __init__(self, experiment: Experiment, dataset: Dataset, device: torch.device, record: Record) -> None:
        super().__init__(experiment, dataset, device, record)
        self.record = record
        self.diverged_at: int | None = None  # the first step whose loss is no finite number, once it is known
        self._random = random_states(device)  # nothing draws from torch's own generators while runs learn together
        self._together: StackedStep | None = None  # None: it is alone
        self._row = 0

    @property
    def own_data(self) -> tuple[Tensor, Tensor]:
        """The samples that it learns from and their targets, on the device."""
        return self._x, self._y

    @own_data.setter
    def own_data(self, data: tuple[Tensor, Tensor]) -> None:
        self._x, self._y = data

    @property
    def own_validation(self) -> tuple[Tensor, Tensor]:
        """The samples that it validates on and their targets, on the device."""
        return self._x_validation, self._y_validation

    @own_validation.setter
    def own_validation(self, data: tuple[Tensor, Tensor]) -> None:
        self._x_validation, self._y_validation = data

    @property
    def class_weights(self) -> Tensor | None:
        return self._objective._weights

    @property
    def own_optimizer(self) -> torch.optim.Optimizer:
        """Which never makes a step: its settings are those of the optimiser of all, its state is what that one keeps of this
        run's weights."""
        return self._optimizer

    @property
    def takes_part(self) -> bool:
        """Whether its numbers lie among those of all."""
        return self._together is not None

    def lie_in(self, row: int, together: StackedStep) -> None:
        """Have the numbers of `row` as one's own from now on."""
        for name, parameter in self.model.named_parameters():
            of_all = together.parameters[name]
            parameter.data = of_all.data[row]
            parameter.grad = None if of_all.grad is None else of_all.grad[row]
        for name, buffer in self.model.named_buffers():
            buffer.data = together.buffers[name][row]
        self._row, self._together, self._readout = row, together, together.readout

    def leave(self) -> None:
        """Have numbers of one's own, as they are now: those of all go on without this run."""
        if self._together is None:
            return
        self._take_state()
        for state in self._optimizer.state.values():
            state.update({name: value.clone() for name, value in state.items() if isinstance(value, Tensor)})
        for parameter in self.model.parameters():
            parameter.data = parameter.data.clone()
            parameter.grad = None if parameter.grad is None else parameter.grad.clone()
        for buffer in self.model.buffers():
            buffer.data = buffer.data.clone()
        self._together = None

    def new_order(self) -> Tensor:
        """Draw the order of the next epoch's samples."""
        self._shuffle()
        return self.order

    def step(self) -> None:
        """Take notice of the step that all have done. Raises DivergedError where this run's loss was no finite number."""
        if self.diverged_at is not None:
            raise DivergedError(self.diverged_at)
        self._moved.step = self.step_count = self.step_count + 1

    def settle(self) -> None:
        super().settle()
        if self._together is not None and self.diverged_at is not None:
            raise DivergedError(self.diverged_at)

    def validate(self) -> Iterator[None]:
        if self._together is None:
            yield from super().validate()
            return
        self.model.eval()
        try:
            measured = self._together.validated(self._row, self.step_count)
            yield
        finally:
            self.model.train()
        self._conclude(measured)

    def moment(self) -> Moment:
        self._take_state()
        set_random_states(self.device, self._random)
        return super().moment()

    def _take_state(self) -> None:
        """Say as the own optimiser's state what the one of all keeps of this run: a row of what it keeps of each weight."""
        if self._together is None:
            return
        for name, parameter in self.model.named_parameters():
            of_all = self._together.parameters[name]
            self._optimizer.state[parameter] = {
                name: value[self._row] if isinstance(value, Tensor) and value.shape == of_all.shape else value
                for name, value in self._together.optimizer.state.get(of_all, {}).items()
            }
