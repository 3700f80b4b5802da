"""Which device a run uses, and how many threads it may take. Called by `engine.training.execution`."""

from __future__ import annotations

import os

import torch

from engine.experiments.experiment import DeviceName
from engine.runs.failures import CannotRunError


def available(name: str) -> bool:
    """Whether this machine, with this build of torch, has the device."""
    match name:
        case "cuda":
            return torch.cuda.is_available()
        case "mps":
            return torch.backends.mps.is_available()
        case _:
            return True


def choose(name: DeviceName) -> torch.device:
    """The device itself; for "auto" the first there is of cuda, mps, cpu. Raises CannotRunError when it is not there."""
    if name == "auto":
        return torch.device(next(found for found in ("cuda", "mps", "cpu") if available(found)))
    if not available(name):
        raise CannotRunError("device_missing", device=name)
    return torch.device(name)


def take_threads() -> int:
    """Give the calling thread as many of torch's threads as there are cores, less one for the window; returns how many.

    The number is the same with and without a window because it is part of what a result depends on, to the bit. torch
    keeps it per calling thread (OpenMP and MKL both do): the window's previews stay on the one that they ask for. It must
    have been read once before it is set, or the thread's first operation would overwrite it with the process's.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    threads = max(1, cores - 1)
    torch.get_num_threads()
    torch.set_num_threads(threads)
    return threads
