"""How this process was started: alone, or as one of several that torchrun has started for one run. No torch.

Called by the command line, before anything else is done.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from engine.experiments.experiment import Experiment
from engine.layers.kinds.composite import every
from engine.layers.kinds.recurrent import Recurrent
from engine.words import CodedError

_NEEDED = ("RANK", "MASTER_ADDR", "MASTER_PORT")  # beside WORLD_SIZE


class ProcessesError(CodedError):
    """Several processes cannot compute this together."""

    TABLE = "processes"


@dataclass(frozen=True, slots=True)
class Launch:
    """One of `processes` that compute one run. `local_rank` and `local_processes` count those of this machine."""

    rank: int
    processes: int
    local_rank: int
    local_processes: int

    @property
    def leads(self) -> bool:
        """Whether it is the one that writes the run and says how it goes."""
        return self.rank == 0


class StopWish:
    """Whether this process has been told to end."""

    def __init__(self) -> None:
        self.to_stop = False

    def stop(self) -> None:
        self.to_stop = True


def launched(environment: Mapping[str, str] = os.environ) -> Launch | None:
    """What torchrun says in the environment; None for a process alone, also where it is torchrun's only one. Raises
    ProcessesError where that is not whole."""
    if environment.get("WORLD_SIZE", "1").strip() == "1":
        return None
    if missing := [name for name in _NEEDED if not environment.get(name)]:
        raise ProcessesError("not_launched", missing=missing[0], processes=environment["WORLD_SIZE"])
    rank, processes = _number(environment, "RANK"), _number(environment, "WORLD_SIZE")
    local_rank, local = _number(environment, "LOCAL_RANK", rank), _number(environment, "LOCAL_WORLD_SIZE", processes)
    if rank >= processes:
        raise ProcessesError("no_such_rank", rank=rank, processes=processes)
    return Launch(rank, processes, local_rank, max(1, local))


def require_shareable(experiment: Experiment) -> None:
    """Raises ProcessesError where several processes would not compute what one computes."""
    for number, layer in enumerate(experiment.network.layers, 1):
        for each in every((layer,)):
            if isinstance(each, Recurrent) and each.dropout > 0.0 and each.num_layers > 1:
                raise ProcessesError("recurrent_dropout", layer=number, kind=type(each).__name__)
    if experiment.training.device == "mps":
        raise ProcessesError("no_such_group", device="mps")


def threads_each(launch: Launch) -> int:
    """How many threads one of the processes computes with: the cores of its machine, shared evenly. torchrun itself sets one
    each, whatever there is."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, cores // launch.local_processes)


def _number(environment: Mapping[str, str], name: str, absent: int | None = None) -> int:
    text = environment.get(name)
    if text is None and absent is not None:
        return absent
    try:
        value = int(text or "")
    except ValueError:
        value = -1
    if value < 0:
        raise ProcessesError("no_number", name=name, value=text)
    return value
