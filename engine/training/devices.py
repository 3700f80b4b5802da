"""The device of a run, its number of threads, and the memory that it leaves. Called by `execution` and `worker`."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import torch

from engine.experiments.experiment import DeviceName
from engine.experiments.problems import CannotRunError, RunProblem

_SWAPPED = 4  # times the memory that there is, where a system does not say how much it swaps out
_GPUS = ("cuda", "mps")  # in the order in which "auto" takes them


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
        return torch.device(next(found for found in (*_GPUS, "cpu") if available(found)))
    if not available(name):
        raise CannotRunError("device_missing", device=name)
    return torch.device(name)


def chosen(name: DeviceName, step: Callable[[torch.device], None]) -> tuple[torch.device, RunProblem | None]:
    """The device for a run; for "auto" the first available one on which one small `step` succeeds, and what was wrong with the
    one that would have come first. Raises CannotRunError as `choose`."""
    if name != "auto":
        return choose(name), None
    unfit = None
    for found in _GPUS:
        if available(found):
            device = torch.device(found)
            try:
                step(device)
            except Exception as error:  # whatever a driver or a missing operation raises
                first_line = (str(error).strip().splitlines() or [""])[0]
                values = {"device": found, "error": f"{type(error).__name__}: {first_line}"}
                unfit = unfit or RunProblem("device_unfit", values)
            else:
                return device, unfit
    return torch.device("cpu"), unfit


def memory_of(device: torch.device) -> int:
    """Bytes of all the memory that the device has, whatever else is in it; of the CPU with what the system swaps out. Without
    limit where the system does not say."""
    if device.type == "cuda":
        try:
            return int(torch.cuda.get_device_properties(device).total_memory)
        except Exception:  # a driver that does not answer: what is wrong with the device is said where it is tried
            return sys.maxsize
    with suppress(OSError, ValueError, KeyError):
        lines = (line.split() for line in Path("/proc/meminfo").read_text("ascii").splitlines())
        sizes = {words[0]: int(words[1]) for words in lines}
        return 1024 * (sizes["MemTotal:"] + sizes["SwapTotal:"])
    with suppress(AttributeError, OSError, ValueError):  # macOS, which swaps to as much of the disk as is free
        return _SWAPPED * os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return sys.maxsize


def take_threads(threads: int | None = None) -> int:
    """Set torch's threads of the calling thread to `threads`; None: to the number of cores minus one for the window. Returns
    the number.

    The number is the same with and without a window, because a result depends on it, to the bit. torch keeps it per calling
    thread (OpenMP and MKL both do), so the window's previews keep their one thread. It must be read once before it is set, or
    the thread's first operation would overwrite it with the process's number.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    threads = threads or max(1, cores - 1)
    torch.get_num_threads()
    torch.set_num_threads(threads)
    return threads


def give_back_memory() -> None:
    """Give the system what tensors that are no more have left to the C library, and a GPU what they have left to torch. glibc
    keeps that, in pieces, for the next ones: a window in which forty runs came and went had 160 MiB of it. Elsewhere nothing is
    done."""
    if torch.cuda.is_available() and torch.cuda.is_initialized():  # type: ignore[no-untyped-call]
        with suppress(RuntimeError):  # of a GPU that has failed for good: the program goes on without it
            torch.cuda.empty_cache()
    if sys.platform == "linux":
        with suppress(AttributeError):  # another C library
            ctypes.CDLL(None).malloc_trim(0)
