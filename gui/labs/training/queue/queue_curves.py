"""The curves of a queue's runs, read from their folders beside the window: of a long run that takes a while. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.runs.failures import RunError
from engine.runs.folder import Run

MOST_CURVES = 24  # of one plot


@dataclass(frozen=True)
class RunCurve:
    """What a run has measured of its validation data, an epoch each."""

    steps: npt.NDArray[np.int64]
    losses: npt.NDArray[Any]
    accuracies: npt.NDArray[Any]


@dataclass(frozen=True)
class CurvesRequest:
    """The folders of runs whose curves are wanted, by number; of the queue in `queue`."""

    queue: Path
    folders: Mapping[int, Path]


@dataclass(frozen=True)
class ReadCurves:
    """The answer: the curves of those that could be read."""

    queue: Path
    curves: Mapping[int, RunCurve]


def read_curves(request: CurvesRequest) -> ReadCurves:
    """The curves that are asked for. A run whose file is damaged is left out."""
    found = {}
    for number, folder in request.folders.items():
        try:
            steps, losses, accuracies = Run.open(folder).history().validation.since()
        except RunError:
            continue
        found[number] = RunCurve(steps.copy(), losses.copy(), accuracies.copy())
    return ReadCurves(request.queue, found)
