"""The device of a run, and its number of threads. Called by `engine.training.execution`."""

from __future__ import annotations

import os

import torch

from engine.experiments.experiment import DeviceName
from engine.experiments.problems import CannotRunError


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
    """The device; for "auto" the first available one of cuda, mps, cpu. Raises CannotRunError if it is not available."""
    if name == "auto":
        return torch.device(next(found for found in ("cuda", "mps", "cpu") if available(found)))
    if not available(name):
        raise CannotRunError("device_missing", device=name)
    return torch.device(name)


def take_threads() -> int:
    """Set torch's threads of the calling thread to the number of cores minus one for the window; returns that number.

    The number is the same with and without a window, because a result depends on it, to the bit. torch keeps it per calling
    thread (OpenMP and MKL both do), so the window's previews keep their one thread. It must be read once before it is set, or
    the thread's first operation would overwrite it with the process's number.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    threads = max(1, cores - 1)
    torch.get_num_threads()
    torch.set_num_threads(threads)
    return threads
