"""The process that leads: it trains as one process does, writes the run, and tells the others what to do next.

What decides what comes next (the end of an epoch, early stopping, Ctrl-C, settings that were changed) is asked in this process
alone, by `engine.training.execution`, which knows only a trainer; the others are its hands. Before each step and each
validation this one says which it is; where the trainer was brought to another moment, that moment goes to the others first.

Called by the command line, and by `engine.training.execution` for the trainer. torch is imported when the data are there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

import msgspec

from engine.experiments.experiment import DeviceName, Experiment, to_toml
from engine.experiments.problems import CannotRunError, RunProblem
from engine.training.distributed.launch import Launch, StopWish

if TYPE_CHECKING:
    import torch

    from engine.data.datasets import Dataset
    from engine.training.distributed.leading_trainer import LeadingTrainer
    from engine.training.distributed.meeting import MeetingPoint
    from engine.training.readout import Record
    from engine.training.trainer import Trainer

LEAVE_WITHIN_S = 5.0  # for the others to have heard that the run is over


class SharedPlan(msgspec.Struct, frozen=True):
    """What the others are to make a trainer of. `data`: the mark of the data, which they must have too."""

    experiment: str
    data: str
    device: str


class Leader:
    """Rank 0 of the processes of one run. `end` must be called, whatever has happened: the others wait for it."""

    def __init__(self, launch: Launch) -> None:
        self.launch = launch
        self.wishes = StopWish()
        self.listening = ExitStack()  # to signals, until the run itself does
        self.is_busy = False  # in the middle of what all do together: the others cannot hear a command
        self._meeting: MeetingPoint | None = None
        self._trainer: LeadingTrainer | None = None
        self._is_lost = False

    @property
    def processes(self) -> int:
        return self.launch.processes

    def trainer(
        self, experiment: Experiment, dataset: Dataset, device: DeviceName, record: Record, stopped: Callable[[], bool]
    ) -> Trainer | None:
        """A trainer that computes with all processes, each on its own `device`. None where `stopped()` becomes true before all
        are ready. Raises CannotRunError where one of them cannot take part."""
        from engine.training.distributed.leading_trainer import LeadingTrainer
        from engine.training.distributed.meeting import GO, PLAN, PartnerLostError, gpu_key

        try:
            meeting = self._met()
            chosen = self._device(meeting, device, gpu_key, stopped)
            if chosen is None:
                return None
            plan = SharedPlan(to_toml(experiment), mark_of(dataset), chosen.type)
            meeting.tell(PLAN, msgspec.json.encode(plan).decode())
            problem = meeting.all_ready(stopped)
            if problem is not None:
                raise CannotRunError(problem.code, **problem.values)
            if stopped():
                return None
            meeting.tell(GO)
            meeting.join(chosen)
            self._trainer = LeadingTrainer(self, meeting, experiment, dataset, chosen, record)
            return self._trainer
        except PartnerLostError:
            problem = self.lost()
            early = "process_lost_early" if problem.code == "process_lost" else problem.code
            raise CannotRunError(early, **problem.values) from None

    def _met(self) -> MeetingPoint:
        from engine.training.distributed.meeting import MeetingPoint

        if self._meeting is None:
            self._meeting = MeetingPoint(self.launch)
        return self._meeting

    def _device(
        self, meeting: MeetingPoint, name: DeviceName, key: Callable[[int], str], stopped: Callable[[], bool]
    ) -> torch.device | None:
        """For "auto" the GPUs, where each process has one of its own; else the CPU. None where `stopped()`."""
        import torch

        from engine.training.distributed.meeting import JOIN_WITHIN_S, has_own_gpu

        if name not in ("auto", "cuda"):
            return torch.device(name)
        lacking = [] if has_own_gpu(self.launch) else [0]
        for rank in range(1, self.processes):
            if meeting.first_of((key(rank),), JOIN_WITHIN_S, stopped) is None:
                if stopped():
                    return None
                raise CannotRunError("process_missing", rank=rank, minutes=round(JOIN_WITHIN_S / 60))
            if meeting.told(key(rank)) != "1":
                lacking.append(rank)
        if not lacking:
            return torch.device("cuda", self.launch.local_rank)
        if name == "cuda":
            raise CannotRunError("process_without_gpu", rank=lacking[0], processes=self.processes)
        return torch.device("cpu")

    def is_asked_to_stop(self) -> bool:
        """Whether another process was told to end, by Ctrl-C or SIGTERM, or this one long ago."""
        from engine.training.distributed.meeting import STOP, PartnerLostError

        try:
            return self.wishes.to_stop or (self._meeting is not None and self._meeting.has_been_told(STOP))
        except PartnerLostError:  # is noticed at the next step
            return False

    def roll_call(self) -> None:
        """Raises StepLostError where a process has gone."""
        if self._trainer is not None:
            self._trainer.roll_call()

    def missing(self) -> RunProblem | None:
        """Of a run that is stopped before its first step: why, where another process does not answer. torchrun stops all that
        are left where one is lost."""
        from engine.runs.failures import StepLostError
        from engine.training.distributed.meeting import ANSWER_WITHIN_S, ROLL, PartnerLostError, here, refused

        try:
            if self._trainer is not None:
                self.roll_call()
                return None
            meeting = self._met()
            meeting.tell(ROLL)
            for rank in range(1, self.processes):
                key = meeting.first_of((refused(rank), here(rank)), ANSWER_WITHIN_S)
                if key == refused(rank):
                    return meeting.refusal(key)
                if key is None:
                    break
            else:
                return None
        except StepLostError as lost:
            return lost.problem
        except PartnerLostError:
            pass
        self._is_lost = True
        return RunProblem("process_lost_early", {"processes": self.processes})

    def lost(self) -> RunProblem:
        """Why another process is lost; whoever still is there hears that it is known."""
        from engine.training.distributed.meeting import KNOWN, PartnerLostError

        self._is_lost = True
        if self._meeting is None:
            return RunProblem("no_meeting")
        with suppress(PartnerLostError):
            self._meeting.tell(KNOWN)
        return self._meeting.why()

    def end(self, code: int) -> None:
        """Have all others end with the exit code."""
        from engine.training.distributed.meeting import END, LEFT, Command, PartnerLostError

        meeting = None
        try:
            meeting = self._met()
            hear = not self.is_busy and not self._is_lost
            if meeting.has_group and hear:
                meeting.command(Command.END, code)
            meeting.tell(END, str(code))
            if hear:
                meeting.first_of((LEFT,), LEAVE_WITHIN_S)
        except PartnerLostError:  # there is nobody to hear it
            pass
        if meeting is not None:
            meeting.leave()


def mark_of(dataset: Dataset) -> str:
    """The same for the same data, in the same order."""
    found = hashlib.blake2b(digest_size=16)
    for part in (dataset.x_train, dataset.y_train, dataset.x_validation, dataset.y_validation):
        found.update(str((tuple(part.shape), part.dtype)).encode())
        found.update(part.contiguous().numpy().tobytes())
    return found.hexdigest()
