"""The step of one process of several: its part of each batch, the gradients averaged, the same update everywhere.

Called by `engine.training.distributed.leader`, which says what is done next, and `following_rank`, which does it.
"""

from __future__ import annotations

from collections.abc import Iterator
from inspect import signature
from typing import Any

import msgspec
import torch
from safetensors.torch import load, save
from torch import Tensor
from torch.nn.parallel import DistributedDataParallel

from engine.data.datasets import Dataset
from engine.experiments.experiment import Experiment
from engine.experiments.mid_run import checked
from engine.runs.moment import Moment
from engine.training.captured.capturable import Hindrance
from engine.training.distributed.meeting import MeetingPoint, lost_if_broken
from engine.training.distributed.shared_layers import SharedBatch, share_layers
from engine.training.readout import Record
from engine.training.recipe.augmenting import augmented
from engine.training.trainer import Measured, Trainer


class SharedTrainer(Trainer):
    """A trainer whose batches are shared out among the processes of `meeting`. All of them make one at the same time, and then
    call the same methods of it in the same order.

    With the same moment as one process's trainer it does what that one does, to rounding. The order of the samples and all
    draws (dropout, augmentation) are those of the whole batch, everywhere; each process takes its part. The loss that is sent
    back is the part's sum times the processes over the whole batch's number, because DistributedDataParallel divides the sum of
    the gradients by the processes. Whole batches of the validation are shared out, so what they say is the same to the bit.
    """

    def __init__(
        self, meeting: MeetingPoint, experiment: Experiment, dataset: Dataset, device: torch.device, record: Record
    ) -> None:
        super().__init__(experiment, dataset, device, record)
        self._meeting = meeting
        self._batch = SharedBatch()
        share_layers(self.model, meeting, self._batch)
        self._look_at_layouts()
        with lost_if_broken():
            self._forward = DistributedDataParallel(self.model, **_arguments(device))

    def _why_plain(self) -> Hindrance | None:
        return "processes"

    def _look_at_layouts(self) -> None:
        """How activations lie in memory in training is found on two samples: of a single one it cannot be told."""
        self._batch.is_looked_at = True
        self.model(self._x[:1].repeat(2, *[1] * (self._x.dim() - 1)))
        self._batch.is_looked_at = False

    def _learn(self, index: Tensor) -> None:
        meeting, batch, whole = self._meeting, self._batch, len(index)
        part = meeting.part(whole)
        count = len(index[part])
        batch.whole, batch.stands_in = whole, not count
        batch.part = part if count else slice(whole - 1, whole)
        own = index[batch.part]
        x = self._x.index_select(0, own)
        y = self._y.index_select(0, own)
        if self._augmenting is not None:
            x = augmented(x, self._training.augmentation, self._augmenting, whole=whole, part=batch.part)
        for parameter in self._parameters:
            parameter.grad = None
        outputs = self._forward(x)
        loss = self._objective.loss(outputs, y)
        hits = self._objective.hits(outputs, y)
        share = count / whole
        right = torch.zeros_like(loss) if hits is None or not count else hits
        told = torch.stack((loss.detach().double() * share, right.double()))
        wait = meeting.adding_up(told)
        with lost_if_broken():
            torch.autograd.backward(loss * (share * meeting.processes))
        wait()
        self._readout.put(self.step_count + 1, told[0], None if hits is None else told[1], self._answers * whole)

    def validate(self) -> Iterator[None]:
        self._be_alike()
        batches = list(self._validation_batches())
        found = torch.zeros(len(batches), 2, dtype=torch.float64)
        self.model.eval()
        is_whole = False
        try:
            for place, (x, y) in enumerate(batches):
                if place % self._meeting.processes == self._meeting.rank:
                    loss, hits, _ = self._measure(x, y)
                    found[place] = torch.tensor([float(loss), 0.0 if hits is None else float(hits)], dtype=torch.float64)
                    yield
            is_whole = True
        finally:
            self.model.train()
            if not is_whole:  # it is broken off: the others count on this part
                self._meeting.add_up(found)
        self._meeting.add_up(found)
        measured: list[Measured] = [
            (loss, None if self._dataset_has_no_hits else hits, len(x))
            for (loss, hits), (x, _) in zip(found, batches, strict=True)
        ]
        self._conclude(measured)

    @property
    def _dataset_has_no_hits(self) -> bool:
        return self.dataset.task == "regression"

    def _be_alike(self) -> None:
        """Have rank 0's weights, to the bit: on machines of different kinds the last ones of an update may differ."""
        tensors = [each for each in self.model.state_dict().values() if each.is_floating_point()]
        flat = torch.cat([each.detach().flatten() for each in tensors])
        self._meeting.broadcast(flat)
        if self._meeting.rank:
            with torch.no_grad():
                for each, part in zip(tensors, torch.split(flat, [each.numel() for each in tensors]), strict=True):
                    each.copy_(part.reshape(each.shape))

    # a moment on its way to the other processes

    def send_moment(self) -> None:
        moment = self.moment()
        tensors = {name: tensor for name, tensor in moment.tensors.items() if not name.startswith("best.")}
        settings = {name: msgspec.to_builtins(value) for name, value in moment.settings.items()}
        self._meeting.broadcast_bytes(msgspec.json.encode({"step": moment.step, "lr": moment.lr, "settings": settings}))
        self._meeting.broadcast_bytes(save(tensors))

    def receive_moment(self) -> None:
        said: dict[str, Any] = msgspec.json.decode(self._meeting.broadcast_bytes())
        tensors = load(self._meeting.broadcast_bytes())
        settings = {name: checked(name, value) for name, value in said["settings"].items()}
        self.restore(Moment(said["step"], said["lr"], tensors, settings))


def _arguments(device: torch.device) -> dict[str, Any]:
    """Buffers are alike already. torch has renamed what says so."""
    known = signature(DistributedDataParallel.__init__).parameters
    buffers = "forward_sync_buffers" if "forward_sync_buffers" in known else "broadcast_buffers"
    return {buffers: False, "device_ids": None if device.type == "cpu" else [device]}
