"""The curves of two runs on moved pictures, computed in a thread beside the window. No Qt.

What was computed is kept until the run's weights change. Called by the dialog, through `gui.bridge.Latest`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from engine.judging.moved_accuracy import MovedCurve, Movement, TrainedNetwork, moved_accuracy
from engine.passes.activations import PassError
from engine.runs.folder import WEIGHTS
from engine.words import CodedError, Phrase
from gui.patience import Superseded

MOST_CURVES = 64  # that are kept


class MovedRequest(NamedTuple):
    """Two runs' folders, None where none is chosen, and how the pictures are moved."""

    runs: tuple[Path | None, Path | None]
    movement: Movement


@dataclass(frozen=True, eq=False)
class MovedAnswer:
    """The curve of each run, or why there is none; None for both where no run was chosen."""

    request: MovedRequest
    curves: tuple[MovedCurve | None, ...]
    problems: tuple[Phrase | None, ...]


class MovedWork:
    """Answers one request after the other; `done` is how far the present one is, from 0 to 1. `superseded` says whether a newer
    request waits, or the window closes: then the present one is given up."""

    def __init__(self, superseded: Callable[[], bool]) -> None:
        self._superseded = superseded
        self._kept: dict[tuple[Path, int, Movement], MovedCurve] = {}
        self.done = 0.0

    def __call__(self, request: MovedRequest) -> MovedAnswer:
        self.done = 0.0
        curves: list[MovedCurve | None] = []
        problems: list[Phrase | None] = []
        for number, folder in enumerate(request.runs):
            curve, problem = None, None
            if folder is not None:
                try:
                    curve = self._curve(folder, request.movement, number / len(request.runs))
                except CodedError as error:
                    problem = error.phrase
                except PassError as error:
                    problem = Phrase("activations", error.code, error.values)
            curves.append(curve)
            problems.append(problem)
        self.done = 1.0
        return MovedAnswer(request, tuple(curves), tuple(problems))

    def _curve(self, folder: Path, movement: Movement, begins: float) -> MovedCurve:
        try:
            stamp = (folder / WEIGHTS).stat().st_mtime_ns
        except OSError:
            stamp = 0
        key = (folder, stamp, movement)
        if key not in self._kept:
            network = TrainedNetwork(folder)

            def checkpoint(done: float) -> None:
                self.done = begins + done / 2
                if self._superseded():
                    raise Superseded

            found = moved_accuracy(network.predicted, network.x, network.y, movement, checkpoint)
            while len(self._kept) >= MOST_CURVES:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = found
        return self._kept[key]
