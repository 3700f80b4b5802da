"""The step of several runs that differ in their seed alone, as one batched computation.

Parameters and buffers of all networks lie in tensors whose first axis is the run. torch's `vmap` makes of one network's forward
pass that of all, the sum of all losses sent back gives each its own gradients, and an elementwise optimiser updates all at
once.

Layouts: R runs, N batch. Called by `engine.training.together.company`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import Any, Self

import torch
from torch import Tensor, nn
from torch.func import vmap

from engine.experiments.check import VALIDATION_BATCH
from engine.experiments.experiment import Experiment
from engine.passes.modules import forward_of
from engine.training.optimizer_steps import update_of
from engine.training.recipe.objective import Objective
from engine.training.together.member_trainer import MemberTrainer
from engine.training.together.stacked_readout import stacked_readout
from engine.training.trainer import Measured


class StackedStep:
    """Makes the steps of `members`, which all stand at the same one. Those that have left are computed on, and change
    nothing."""

    def __init__(self, experiment: Experiment, members: Sequence[MemberTrainer]) -> None:
        first = members[0]
        self._members = list(members)
        self._alive = list(members)
        self._network = _Network(first.model)
        self.parameters = {
            name: nn.Parameter(torch.stack([dict(each.model.named_parameters())[name].detach() for each in members]))
            for name, _ in first.model.named_parameters()
        }
        self.buffers = {
            name: torch.stack([dict(each.model.named_buffers())[name] for each in members])
            for name, _ in first.model.named_buffers()
        }
        self._gradients = [torch.zeros_like(parameter) for parameter in self.parameters.values()]
        for parameter, gradient in zip(self.parameters.values(), self._gradients, strict=True):
            parameter.grad = gradient  # stays where it is: each run's is a row of it
        self.optimizer = _optimizer(first, self.parameters)
        self._update = update_of(self.optimizer)
        self.readout = stacked_readout(first.device, self._members)
        for row, member in enumerate(members):
            member.lie_in(row, self)
        self._data = _Pool.of([member.own_data for member in members])
        self._validation = _Pool.of([member.own_validation for member in members])
        for row, member in enumerate(members):
            member.own_data, member.own_validation = self._data.part(row), self._validation.part(row)
        weights = [each.class_weights for each in members]
        self._weights = None if weights[0] is None else torch.stack([each for each in weights if each is not None])
        self._task, self._loss_name = first.dataset.task, experiment.training.loss or first.dataset.loss
        self._outputs = first.dataset.outputs
        self._answers = Objective(self._task, self._loss_name, self._outputs).answers(first.dataset.y_train)
        self._batches: tuple[Tensor, ...] = ()
        self._forward = vmap(self._one, in_dims=(0, 0, 0, 0, None if self._weights is None else 0))
        self._measured: tuple[int, list[list[Measured]]] = (-1, [])  # the validation: after which step, of each run

    def __call__(self) -> None:
        """One iteration of all that have not left."""
        first = self._alive[0]
        step = first.step_count
        position = step % first.steps_per_epoch
        if position == 0 or not self._batches:
            self._shuffle()
        index = self._batches[position]
        size = index.shape[1]
        x, y = self._data.batch(index)
        torch._foreach_zero_(self._gradients)
        losses, hits = self._computed(x, y)
        self.readout.put(step + 1, losses, hits, self._answers * size)
        for member in [each for each in self._alive if each.diverged_at is not None]:
            self.let_go(member)
        if not self._alive:
            return
        torch.autograd.backward(losses.sum())
        rate = self._alive[0].rate
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self._update()

    def let_go(self, member: MemberTrainer) -> None:
        """Go on without `member`, which keeps its numbers as they are."""
        member.leave()
        self._alive = [each for each in self._alive if each is not member]

    def validated(self, row: int, step: int) -> list[Measured]:
        """The validation of a run after `step` steps, batch by batch. It is measured for all at once, when the first asks."""
        if self._measured[0] != step:
            self._measured = step, self._validate()
        return self._measured[1][row]

    def _validate(self) -> list[list[Measured]]:
        runs = len(self._members)
        found: list[list[Measured]] = [[] for _ in self._members]
        self._network.train(False)
        with torch.no_grad():
            for index in torch.split(self._validation.every(), VALIDATION_BATCH, dim=1):
                losses, hits = self._computed(*self._validation.batch(index))
                right = [None] * runs if hits is None else hits.cpu()
                for row, loss, count in zip(found, losses.cpu(), right, strict=True):
                    row.append((loss, count, index.shape[1]))
        self._network.train(True)
        return found

    def _computed(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor | None]:
        """Losses and right answers of all runs (R)."""
        losses, hits = self._forward(tuple(self.parameters.values()), tuple(self.buffers.values()), x, y, self._weights)
        return losses, None if self._task == "regression" else hits

    def _one(
        self, parameters: tuple[Tensor, ...], buffers: tuple[Tensor, ...], x: Tensor, y: Tensor, weights: Tensor | None
    ) -> tuple[Tensor, Tensor]:
        """Loss and right answers of one run; `vmap` makes those of all of it."""
        smoothing = self._members[0].training.label_smoothing
        objective = Objective(self._task, self._loss_name, self._outputs, smoothing, weights)
        outputs = self._network.forward((*parameters, *buffers), x)
        loss = objective.loss(outputs, y)
        hits = objective.hits(outputs, y)
        return loss, loss.detach() if hits is None else hits  # a vmapped function hands out tensors alone

    def _shuffle(self) -> None:
        """Draw every run's order of the next epoch; of one that has left the last one, which nobody looks at."""
        orders = torch.stack([each.new_order() if each in self._alive else each.order for each in self._members])
        self._batches = torch.split(orders + self._data.begins, self._members[0].batch_size, dim=1)


class _Network:
    """A network that computes with the weights and buffers that it is given: torch's `functional_call` without what it does
    around the call, which took a fifth of a small network's step."""

    def __init__(self, model: nn.Module) -> None:
        self._copy = deepcopy(model)
        self._slots: list[tuple[dict[str, Any], str]] = []  # where each tensor stands: parameters, then buffers
        for names, kind in ((self._copy.named_parameters(), "_parameters"), (self._copy.named_buffers(), "_buffers")):
            for name, _ in names:
                module, _, own = name.rpartition(".")
                self._slots.append((getattr(self._copy.get_submodule(module), kind), own))
        assert isinstance(self._copy, nn.Sequential)
        self._forward = forward_of(self._copy)

    def train(self, mode: bool) -> None:
        self._copy.train(mode)

    def forward(self, tensors: Sequence[Tensor], x: Tensor) -> Tensor:
        for (own, name), tensor in zip(self._slots, tensors, strict=True):
            own[name] = tensor
        return self._forward(x)


def _optimizer(first: MemberTrainer, parameters: dict[str, nn.Parameter]) -> torch.optim.Optimizer:
    """The optimiser that each run has, of the tensors of all: in the same groups, with the same settings."""
    names = {parameter: name for name, parameter in first.model.named_parameters()}
    groups = [
        {name: value for name, value in group.items() if name != "params"}
        | {"params": [parameters[names[parameter]] for parameter in group["params"]]}
        for group in first.own_optimizer.param_groups
    ]
    kind: Callable[..., torch.optim.Optimizer] = type(first.own_optimizer)
    return kind(groups)


class _Pool:
    """The samples of all runs, one run's behind the other's, and where each one's begin (R, 1). Runs that have the same samples
    share them."""

    def __init__(self, x: Tensor, y: Tensor, samples: int, begins: Tensor) -> None:
        self._x, self._y, self._samples = x, y, samples
        self.begins = begins

    @classmethod
    def of(cls, parts: Sequence[tuple[Tensor, Tensor]]) -> Self:
        (x, y), runs = parts[0], len(parts)
        if all(_are_same(part, (x, y)) for part in parts[1:]):
            return cls(x, y, len(x), torch.zeros(runs, 1, dtype=torch.int64, device=x.device))
        xs, ys = (torch.cat(of_all) for of_all in zip(*parts, strict=True))
        return cls(xs, ys, len(x), torch.arange(runs, device=x.device).unsqueeze(1) * len(x))

    def part(self, row: int) -> tuple[Tensor, Tensor]:
        begin = int(self.begins[row])
        return self._x[begin : begin + self._samples], self._y[begin : begin + self._samples]

    def every(self) -> Tensor:
        """The places of all samples of all runs (RN)."""
        return self.begins + torch.arange(self._samples, device=self.begins.device)

    def batch(self, index_RN: Tensor) -> tuple[Tensor, Tensor]:
        flat, shape = index_RN.flatten(), index_RN.shape
        x, y = self._x.index_select(0, flat), self._y.index_select(0, flat)
        return x.reshape(*shape, *x.shape[1:]), y.reshape(*shape, *y.shape[1:])


def _are_same(one: tuple[Tensor, Tensor], other: tuple[Tensor, Tensor]) -> bool:
    return all(a.data_ptr() == b.data_ptr() or torch.equal(a, b) for a, b in zip(one, other, strict=True))
