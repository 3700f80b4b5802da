"""Reads a file of weights in a thread of its own, and keeps them as a folder that reads as a run: so the maps are of them as
they are of a trained run's. Called by the network lab.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from engine.experiments.brought.written_code import BroughtError
from engine.experiments.experiment import Experiment, Network
from engine.layers.base import Shape
from engine.networks.edits import Layers
from engine.runs.looked_at import keep_looked_at
from gui.bridge import Latest

if TYPE_CHECKING:
    from engine.passes.brought_weights import BroughtWeights

MOST_BROUGHT = 4  # folders of weights that are kept: those of a large network have hundreds of megabytes


@dataclass(frozen=True)
class WeightsRequest:
    """The weights in the file at `path`, for these layers on an input of `shape`."""

    path: Path
    layers: Layers
    shape: Shape


@dataclass(frozen=True, eq=False)
class CameWeights:
    """What was read from the file at `path`, and the `folder` that the weights are kept in; None where they are not used."""

    path: Path
    found: BroughtWeights
    folder: Path | None


class WeightsReader(QObject):
    """`read` asks for a file, once torch is there; `came` brings CameWeights, `refused` a BroughtError or what the disk says.
    `root` is the folder for what is kept."""

    came = Signal(object)
    refused = Signal(object)

    def __init__(self, root: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._root = root
        self._torch = False
        self._waiting: WeightsRequest | None = None
        self._reader: Latest[WeightsRequest, CameWeights] = Latest(self._read, self, name="brought-weights")
        self._reader.answered.connect(self.came)
        self._reader.failed.connect(self._failed)

    def read(self, path: Path, layers: Layers, shape: Shape) -> None:
        """Have a file read; `came` or `refused` follow."""
        self._waiting = WeightsRequest(path, layers, shape)
        if self._torch:
            self.torch_ready()

    def torch_ready(self) -> None:
        """torch can be imported without delay: from now on files are read."""
        self._torch = True
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self._reader.ask(waiting)

    def busy(self) -> bool:
        """Whether a file is still being read."""
        return self._reader.busy() or self._waiting is not None

    def close(self, deadline_s: float) -> None:
        """End the thread, within `deadline_s` seconds."""
        self._reader.close(deadline_s)

    def _read(self, request: WeightsRequest) -> CameWeights:
        """In the thread."""
        from engine.passes.brought_weights import brought_weights

        try:
            found = brought_weights(request.path, request.layers, request.shape)
            folder = None
            if found.weights is not None:
                network = Network(input=found.input, layers=found.layers)
                kept = Experiment(name=request.path.stem, network=network)
                self._root.mkdir(parents=True, exist_ok=True)
                folder = keep_looked_at(self._root, kept, found.weights, MOST_BROUGHT)
        except BroughtError as error:  # without its traceback, which keeps the tensors in memory
            raise error.with_traceback(None) from None
        return CameWeights(request.path, found, folder)

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        if isinstance(error, MemoryError):
            error = BroughtError("no_memory_for_weights")
        elif isinstance(error, OSError):
            error = BroughtError("weights_not_kept", error=error.strerror or str(error))
        if not isinstance(error, BroughtError):
            raise error
        self.refused.emit(error)
