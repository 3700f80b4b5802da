"""What can go wrong with a run, turned into codes of `assets/words/run.toml`. Raised and called all over `engine.training`.

torch is not imported: a torch that was never imported has not raised anything either.
"""

from __future__ import annotations

import sys
import traceback
from typing import Any

from engine.data.info import DatasetError
from engine.runs.status import RunProblem


class CannotRunError(Exception):
    """A run cannot begin or go on, for a reason that has words."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code, values)
        self.problem = RunProblem(code, values)


class DivergedError(Exception):
    """The loss of step `step`, or of the validation after it, is no finite number."""

    def __init__(self, step: int) -> None:
        super().__init__(step)
        self.step = step


def problem_of(error: BaseException) -> RunProblem:
    """The problem that `error` means. One that nobody foresaw keeps its traceback as details."""
    if isinstance(error, CannotRunError):
        return error.problem
    if isinstance(error, DatasetError):
        return RunProblem("data", {"message": str(error)})
    if _out_of_memory(error):
        return RunProblem("out_of_memory", {"message": _first_line(error)})
    if "Expected more than 1 value per channel" in str(error):
        return RunProblem("batch_of_one")
    details = "".join(traceback.format_exception(error))
    return RunProblem("unexpected", {"error": f"{type(error).__name__}: {_first_line(error)}"}, details)


def _out_of_memory(error: BaseException) -> bool:
    """Of the machine or of the GPU. On the CPU torch raises a plain RuntimeError."""
    if isinstance(error, MemoryError):
        return True
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(error, torch.OutOfMemoryError):
        return True
    return isinstance(error, RuntimeError) and "DefaultCPUAllocator" in str(error)


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [""])[0]
