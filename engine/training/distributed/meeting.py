"""Where the processes of one run find each other: torchrun's store of keys and values, and the group that is made through it.

The store is there before the group and after it: what ends the run is said in it, so that nobody waits in a group for one who
will not come. Called by `engine.training.distributed.leader` and `following_rank`. What goes over it is text and numbers; no
pickle.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from enum import IntEnum

import msgspec
import torch
import torch.distributed as dist
from torch import Tensor
from torch.distributed.distributed_c10d import PrefixStore
from torch.distributed.rendezvous import rendezvous

from engine.experiments.problems import RunProblem
from engine.training.distributed.launch import Launch

JOIN_WITHIN_S = 300.0  # for all machines to come; the data are loaded meanwhile
GROUP_TIMEOUT_S = 120.0  # how long one waits for another's part; a process that has ended is noticed at once
ASK_EVERY_S = 0.03
ANSWER_WITHIN_S = 15.0  # whether it is still there; torchrun kills after 30
_SAYS_WHY_WITHIN_S = 2.0  # a process that ends says why before it goes

PLAN, GO, END, STOP, KNOWN, SAID, LEFT, ROLL = "plan", "go", "end", "stop", "known", "said", "left", "roll"  # the store's keys


class Command(IntEnum):
    """What all processes do next, as the one that leads says it."""

    MOMENT = 1  # take the moment that follows
    STEP = 2
    VALIDATE = 3
    ROLL_CALL = 4  # nothing: whoever is gone is missed
    END = 5  # with an exit code


class PartnerLostError(Exception):
    """Another process of the run has ended, or does not answer."""


class SpokenRefusal(msgspec.Struct, frozen=True):  # what a process says when it cannot go on
    rank: int
    host: str
    code: str
    sentence: str
    values: dict[str, str]


class MeetingPoint:
    """One process's place in it."""

    def __init__(self, launch: Launch) -> None:
        """Raises PartnerLostError where the store cannot be reached."""
        self.launch = launch
        self.has_group = False
        with lost_if_broken():
            within = timedelta(seconds=JOIN_WITHIN_S)
            store, _, _ = next(rendezvous("env://", launch.rank, launch.processes, timeout=within))
        self._store = PrefixStore("layerscope", store)

    # the store

    def tell(self, key: str, value: str = "") -> None:
        with lost_if_broken():
            self._store.set(key, value or "-")

    def told(self, key: str) -> str:
        """What was told under `key`, which must have been."""
        with lost_if_broken():
            return bytes(self._store.get(key)).decode()

    def has_been_told(self, *keys: str) -> bool:
        with lost_if_broken():
            return bool(self._store.check(list(keys)))

    def count(self, key: str) -> int:
        """Count one more; how many there are now."""
        with lost_if_broken():
            return int(self._store.add(key, 1))

    def leaves(self) -> None:
        """Say that this process has heard that the run is over; the last of the others says that all have."""
        if self.count("leaving") == self.launch.processes - 1:
            self.tell(LEFT)

    def first_of(self, keys: Iterable[str], within_s: float, stopped: Callable[[], bool] = lambda: False) -> str | None:
        """Wait until one of `keys` has been told, and return it; None after `within_s`, or where `stopped()`."""
        keys = tuple(keys)
        until = time.monotonic() + within_s
        while True:
            for key in keys:
                if self.has_been_told(key):
                    return key
            if stopped() or time.monotonic() >= until:
                return None
            time.sleep(ASK_EVERY_S)

    def refuse(self, problem: RunProblem) -> None:
        """Say why this process cannot go on."""
        values = {name: str(value) for name, value in problem.values.items()}
        said = SpokenRefusal(self.launch.rank, socket.gethostname(), problem.code, problem.sentence(), values)
        with suppress(PartnerLostError):
            self.tell(refused(self.launch.rank), msgspec.json.encode(said).decode())

    def why(self, within_s: float = _SAYS_WHY_WITHIN_S) -> RunProblem:
        """Why a partner is lost: what it has said itself, or that it is gone."""
        key = None
        with suppress(PartnerLostError):
            key = self.first_of(map(refused, range(self.launch.processes)), within_s)
        return RunProblem("process_lost", {"processes": self.launch.processes}) if key is None else self.refusal(key)

    def refusal(self, key: str) -> RunProblem:
        """What a process has said under `key`. Memory is the run's matter, whoever has none left."""
        said = msgspec.json.decode(self.told(key), type=SpokenRefusal)
        if said.code == "out_of_memory":
            return RunProblem(said.code, {"message": said.values.get("message", ""), "in_steps": self.has_group})
        return RunProblem("process_refuses", {"rank": said.rank, "host": said.host, "message": said.sentence})

    def all_ready(self, stopped: Callable[[], bool]) -> RunProblem | None:
        """Wait until every other process is ready, or `stopped()`; a problem where one refuses or does not come."""
        for rank in range(1, self.launch.processes):
            key = self.first_of((refused(rank), ready(rank)), JOIN_WITHIN_S, stopped)
            if stopped():
                return None
            if key is None:
                return RunProblem("process_missing", {"rank": rank, "minutes": round(JOIN_WITHIN_S / 60)})
            if key == refused(rank):
                return self.refusal(key)
        return None

    # the group

    def join(self, device: torch.device) -> None:
        """Make the group of all processes, on `device`. All call it at the same time. Raises PartnerLostError."""
        kind = "cpu:gloo,cuda:nccl" if device.type == "cuda" else "gloo"
        rank, processes = self.launch.rank, self.launch.processes
        if device.type == "cuda":
            torch.cuda.set_device(device)
        with lost_if_broken():
            dist.init_process_group(
                kind,
                store=PrefixStore("group", self._store),
                rank=rank,
                world_size=processes,
                timeout=timedelta(seconds=GROUP_TIMEOUT_S),
            )
        self.has_group = True

    def leave(self) -> None:
        """Take the group apart. Whoever still waits in it is freed."""
        if self.has_group:
            self.has_group = False
            with suppress(RuntimeError):
                dist.destroy_process_group()

    @property
    def rank(self) -> int:
        return self.launch.rank

    @property
    def processes(self) -> int:
        return self.launch.processes

    def part(self, count: int) -> slice:
        """Of a batch of `count` samples, those of this process: sizes differ by one at most, and may be none."""
        return slice(self.rank * count // self.processes, (self.rank + 1) * count // self.processes)

    def broadcast(self, values: Tensor) -> None:
        """Have rank 0's `values`."""
        with lost_if_broken():
            dist.broadcast(values, 0)

    def command(self, command: Command, code: int = 0) -> None:
        """Tell all others what comes next."""
        self.broadcast(torch.tensor([int(command), code]))

    def commanded(self) -> tuple[Command, int]:
        """Wait for what comes next."""
        said = torch.zeros(2, dtype=torch.int64)
        self.broadcast(said)
        return Command(int(said[0])), int(said[1])

    def add_up(self, values: Tensor) -> None:
        """Have the sum of all processes' `values`: the same bits everywhere."""
        with lost_if_broken():
            dist.all_reduce(values)

    def adding_up(self, values: Tensor) -> Callable[[], None]:
        """The same, while something else is computed; the call that it returns waits for it."""
        with lost_if_broken():
            work = dist.all_reduce(values, async_op=True)

        def wait() -> None:
            with lost_if_broken():
                work.wait()

        return wait

    def broadcast_bytes(self, content: bytes = b"") -> bytes:
        """Rank 0's `content`."""
        length = torch.tensor([len(content)])
        self.broadcast(length)
        whole = torch.empty(int(length), dtype=torch.uint8)
        if self.launch.leads:
            whole = torch.frombuffer(bytearray(content), dtype=torch.uint8)
        self.broadcast(whole)
        return whole.numpy().tobytes()


def ready(rank: int) -> str:
    return f"ready.{rank}"


def here(rank: int) -> str:
    """Under which a process that waits for the first step answers to ROLL."""
    return f"here.{rank}"


def gpu_key(rank: int) -> str:
    """Under which a process says whether it has a GPU of its own: "1", or "0"."""
    return f"gpu.{rank}"


def has_own_gpu(launch: Launch) -> bool:
    """Whether this machine has a CUDA GPU for each of its processes."""
    return torch.cuda.is_available() and dist.is_nccl_available() and torch.cuda.device_count() >= launch.local_processes


def refused(rank: int) -> str:
    return f"refused.{rank}"


@contextmanager
def lost_if_broken() -> Iterator[None]:
    """Turn what a broken connection raises, also in the middle of a backward pass, into PartnerLostError."""
    try:
        yield
    except RuntimeError as error:
        if _is_broken_connection(error):
            raise PartnerLostError(str(error)) from None
        raise


def _is_broken_connection(error: RuntimeError) -> bool:
    if isinstance(error, dist.DistError):
        return True
    text = str(error).lower()
    return any(sign in text for sign in ("gloo", "nccl", "connection", "socket", "broken pipe", "recvbytes", "sendbytes"))
