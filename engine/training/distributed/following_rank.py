"""A process that does not lead: it computes its part of each step, prints nothing, writes nothing.

Called by the command line.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable

import msgspec
import torch

from engine.data import datasets
from engine.experiments.experiment import parse
from engine.experiments.problems import CannotRunError
from engine.runs.failures import DivergedError, problem_of
from engine.training.devices import take_threads
from engine.training.distributed.launch import Launch, StopWish, threads_each
from engine.training.distributed.leader import SharedPlan, mark_of
from engine.training.distributed.meeting import (
    END,
    GO,
    JOIN_WITHIN_S,
    KNOWN,
    PLAN,
    ROLL,
    SAID,
    STOP,
    Command,
    MeetingPoint,
    PartnerLostError,
    gpu_key,
    has_own_gpu,
    here,
    ready,
)
from engine.training.distributed.shared_trainer import SharedTrainer
from engine.training.interrupts import stopping_on_signals

FAILED = 1
_LEADER_SAYS_WITHIN_S = 3.0


def follow(launch: Launch, wishes: StopWish) -> int:
    """Compute with the process that leads until it says that the run is over; the exit code that it has said. `wishes`: what
    this process has been told while torch was imported."""
    warnings.simplefilter("ignore")  # the leader has the same ones, and says them
    with stopping_on_signals(wishes.stop):  # torchrun sends one, too, where another process is lost
        try:
            meeting = MeetingPoint(launch)
        except PartnerLostError:
            return FAILED
        try:
            return _follow(meeting, wishes)
        except PartnerLostError:
            return _left_alone(meeting)
        except Exception as error:
            meeting.refuse(problem_of(error))
            return FAILED
        finally:
            meeting.leave()


def _follow(meeting: MeetingPoint, wishes: StopWish) -> int:
    launch = meeting.launch
    meeting.tell(gpu_key(launch.rank), "1" if has_own_gpu(launch) else "0")
    telling = _telling(meeting, wishes)

    def waiting() -> bool:
        if meeting.has_been_told(ROLL):
            meeting.tell(here(launch.rank))
        return telling()

    heard = meeting.first_of((END, PLAN), JOIN_WITHIN_S, waiting)
    if heard != PLAN:
        return _over(meeting, heard)
    plan = msgspec.json.decode(meeting.told(PLAN), type=SharedPlan)
    experiment = parse(plan.experiment)
    take_threads(threads_each(launch))
    dataset = datasets.load(experiment.data, seed=experiment.seed)
    if mark_of(dataset) != plan.data:
        raise CannotRunError("other_data", data=experiment.data.name)
    meeting.tell(ready(launch.rank))
    heard = meeting.first_of((END, GO), JOIN_WITHIN_S, waiting)
    if heard != GO:
        return _over(meeting, heard)
    device = torch.device(plan.device, launch.local_rank) if plan.device == "cuda" else torch.device(plan.device)
    meeting.join(device)
    trainer = SharedTrainer(meeting, experiment, dataset, device, _not_recorded)
    return _gone(meeting, serve(meeting, trainer, telling))


def serve(meeting: MeetingPoint, trainer: SharedTrainer, between: Callable[[], object] = lambda: None) -> int:
    """Do what the process that leads commands, until it says that it is over; the exit code that it says. `between` is called
    between two commands."""
    while True:
        command, code = meeting.commanded()
        try:
            match command:
                case Command.MOMENT:
                    trainer.receive_moment()
                case Command.STEP:
                    trainer.step()
                case Command.VALIDATE:
                    for _ in trainer.validate():
                        pass
                case Command.ROLL_CALL:
                    meeting.add_up(torch.zeros(1))
                case Command.END:
                    return code
        except DivergedError:  # the leader has it too, and ends the run
            pass
        between()


def _telling(meeting: MeetingPoint, wishes: StopWish) -> Callable[[], bool]:
    """Hands a wish to stop on, once; never true: it is the leader who stops."""
    has_told = False

    def tell() -> bool:
        nonlocal has_told
        if wishes.to_stop and not has_told:
            has_told = True
            meeting.tell(STOP)
        return False

    return tell


def _over(meeting: MeetingPoint, heard: str | None) -> int:
    """It was over before it began; nothing was heard where the leader did not come."""
    return FAILED if heard is None else _gone(meeting, int(meeting.told(END)))


def _gone(meeting: MeetingPoint, code: int) -> int:
    meeting.leaves()
    return code


def _left_alone(meeting: MeetingPoint) -> int:
    """Another process is lost. The leader says so; where it is the leader that is lost, one of the others does."""
    try:
        heard = meeting.first_of((END, KNOWN), _LEADER_SAYS_WITHIN_S)
        if heard == END:
            return _gone(meeting, int(meeting.told(END)))
        if heard is None and meeting.count(SAID) == 1:
            print(f"error: {meeting.why().sentence()}", file=sys.__stderr__)
    except PartnerLostError:  # the store has gone too: with it the machine that leads
        pass
    return FAILED


def _not_recorded(_step: int, _loss: float, _accuracy: float) -> None:
    pass
