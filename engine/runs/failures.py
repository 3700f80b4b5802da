"""What can go wrong with a run, turned into codes of `assets/words/run.toml`. Raised and called all over `engine.training`.

torch is not imported: a torch that was never imported has not raised anything either.
"""

from __future__ import annotations

import os
import sys
import traceback

from engine.data.info import DatasetError
from engine.experiments.problems import CannotRunError, RunProblem
from engine.words import CodedError

_NO_MEMORY = (
    "DefaultCPUAllocator",
    "out of memory",
    "std::bad_alloc",
    "_ALLOC_FAILED",
    "_ALLOCATION_FAILED",
)  # in what torch says


class RunError(CodedError):
    """A folder that is no run, or a damaged one. The sentence names the file and what is wrong with it."""

    TABLE = "run_folders"


def own_data_changed(path: str | None) -> RunError:
    """That the own file or folder at `path` is not what a run has learned from."""
    is_folder = path is not None and os.path.isdir(path)  # noqa: PTH112  (False also for what may not be looked at)
    return RunError("own_folder_changed" if is_folder else "own_file_changed", file=path)


class DivergedError(Exception):
    """The loss of step `step`, or of the validation after it, is no finite number."""

    def __init__(self, step: int) -> None:
        super().__init__(step)
        self.step = step


class StepLostError(Exception):
    """A step, or a validation, of several processes did not come to its end, because of another one of them. The trainer stands
    where it stood before it."""

    def __init__(self, problem: RunProblem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def problem_of(error: BaseException, *, in_steps: bool = False) -> RunProblem:
    """The problem that `error` means. One that nobody foresaw keeps its traceback as details. `in_steps`: network and data had
    found their room, so that memory is a matter of the batch."""
    if isinstance(error, CannotRunError | StepLostError):
        return error.problem
    if isinstance(error, DatasetError):
        return RunProblem("data", {"message": error.phrase})
    if is_out_of_memory(error):
        return RunProblem("out_of_memory", {"message": _first_line(error) or type(error).__name__, "in_steps": in_steps})
    if "Expected more than 1 value per channel" in str(error):
        return RunProblem("batch_of_one")
    details = "".join(traceback.format_exception(error))
    return RunProblem("unexpected", {"error": f"{type(error).__name__}: {_first_line(error)}"}, details)


def is_out_of_memory(error: BaseException) -> bool:
    """Of the machine or of a GPU. On the CPU torch raises a plain RuntimeError; so do the libraries of a GPU."""
    if isinstance(error, MemoryError):
        return True
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(error, torch.OutOfMemoryError):
        return True
    return isinstance(error, RuntimeError) and any(sign in str(error) for sign in _NO_MEMORY)


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [""])[0]
