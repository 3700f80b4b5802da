"""The trainer of the process that leads: each of its steps is one of all processes.

Called by `engine.training.distributed.leader`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, NamedTuple

import torch
from torch import Tensor

from engine.data.datasets import Dataset
from engine.experiments.experiment import Experiment
from engine.runs.failures import DivergedError, StepLostError
from engine.runs.moment import Moment
from engine.training.distributed.meeting import Command, MeetingPoint, PartnerLostError
from engine.training.distributed.shared_trainer import SharedTrainer
from engine.training.randomness import random_states, set_random_states
from engine.training.readout import Record

if TYPE_CHECKING:
    from engine.training.distributed.leader import Leader


class _Standing(NamedTuple):
    """What a step changes before it has come to its end."""

    random: dict[str, Tensor]
    augmentation: Tensor | None
    order: Tensor
    order_state: Tensor
    batches: tuple[Tensor, ...]
    buffers: list[Tensor]


class LeadingTrainer(SharedTrainer):
    """What an execution knows as its trainer. Where another process is lost in the middle of a step, the trainer stands as it
    stood before it, and `StepLostError` is raised."""

    def __init__(
        self,
        leader: Leader,
        meeting: MeetingPoint,
        experiment: Experiment,
        dataset: Dataset,
        device: torch.device,
        record: Record,
    ) -> None:
        self._leader = leader
        self._is_new = True  # whether the others have not got its moment yet
        super().__init__(meeting, experiment, dataset, device, record)
        self._buffers = list(self.model.buffers())

    def step(self) -> None:
        with self._together(Command.STEP):
            standing = self._standing()
            try:
                super().step()
            except PartnerLostError:
                self._stand_again(standing)
                raise

    def validate(self) -> Iterator[None]:
        with self._together(Command.VALIDATE):
            measuring = super().validate()
            for _ in measuring:
                try:
                    yield
                except GeneratorExit:  # it is broken off
                    with suppress(PartnerLostError):  # is noticed again at the next command
                        measuring.close()  # type: ignore[attr-defined]
                    return

    def roll_call(self) -> None:
        """Raises StepLostError where a process has gone."""
        with self._together(Command.ROLL_CALL):
            self._meeting.add_up(torch.zeros(1))

    def restore(self, moment: Moment) -> None:
        super().restore(moment)
        self._is_new = True

    def change(self, name: str, value: Any) -> None:
        self._is_new |= value != self.value(name)
        super().change(name, value)

    @contextmanager
    def _together(self, command: Command) -> Iterator[None]:
        leader = self._leader
        leader.is_busy = True
        try:
            if self._is_new:
                self._meeting.command(Command.MOMENT)
                self.send_moment()
                self._is_new = False
            self._meeting.command(command)
            yield
        except PartnerLostError:
            raise StepLostError(leader.lost()) from None
        except DivergedError:  # all have done what they do together
            leader.is_busy = False
            raise
        leader.is_busy = False

    def _standing(self) -> _Standing:
        return _Standing(
            random_states(self.device),
            None if self._augmenting is None else self._augmenting.get_state(),
            self._generator.get_state(),
            self._order_state,
            self._batches,
            [each.clone() for each in self._buffers],
        )

    def _stand_again(self, standing: _Standing) -> None:
        set_random_states(self.device, standing.random)
        if self._augmenting is not None and standing.augmentation is not None:
            self._augmenting.set_state(standing.augmentation)
        self._generator.set_state(standing.order)
        self._order_state, self._batches = standing.order_state, standing.batches
        with torch.no_grad():
            for each, before in zip(self._buffers, standing.buffers, strict=True):
                each.copy_(before)
