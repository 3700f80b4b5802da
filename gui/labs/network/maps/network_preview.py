"""A pass of a picture through the network, or the gradient of one unit, in the preview thread. Called through
`gui.bridge.Latest` by the network lab.

A pass that takes long gives way to a newer request; what it has computed so far is kept where the next one can use it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.networks.receptive import UnitIndex
from engine.networks.trace import Path
from engine.passes.activations import Effective, NetworkPass, PassError, PassRequest, Seen
from gui.patience import Patience


@dataclass(frozen=True, eq=False)
class Request:
    """The maps of `wanted`; with a `unit`, the gradient of that unit of the map at `path` instead."""

    wanted: PassRequest
    path: Path | None = None
    unit: UnitIndex | None = None


@dataclass(frozen=True, eq=False)
class Shown:
    """What came of a request: `seen` of the maps, `effective` of a gradient; neither, and `refused`, where it cannot be had."""

    request: Request
    seen: Seen | None = None
    effective: Effective | None = None
    refused: PassError | None = None


class Preview:
    """Called with one Request after the other, in one thread."""

    def __init__(self, superseded: Callable[[], bool]) -> None:
        self._superseded = superseded
        self._pass = NetworkPass()
        self._prepared = False

    def __call__(self, request: Request) -> Shown:
        self._prepare()
        checkpoint = Patience(self._superseded)
        try:
            if request.unit is None or request.path is None:
                return Shown(request, seen=self._pass(request.wanted, checkpoint))
            found = self._pass.effective(request.wanted, request.path, request.unit, checkpoint)
            return Shown(request, effective=found)
        except PassError as error:
            return Shown(request, refused=error)

    def _prepare(self) -> None:
        """Whole networks take seconds on one thread, so as many as a training."""
        if not self._prepared:
            from engine.training.devices import take_threads

            take_threads()
            self._prepared = True
