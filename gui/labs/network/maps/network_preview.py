"""A pass of a picture through the network, or the gradient of one unit, in the preview thread. Called through
`gui.bridge.Latest` by the network lab.

A pass that takes long gives way to a newer request; what it has computed so far is kept where the next one can use it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from engine.networks.receptive import Path, Unit
from engine.passes.activations import Effective, Pass, PassError, Seen, Wanted
from gui.bridge import Superseded

PATIENCE_S = 0.25  # a pass that takes longer than this gives way to a newer request


@dataclass(frozen=True, eq=False)
class Request:
    """The maps of `wanted`; with a `unit`, the gradient of that unit of the map at `path` instead."""

    wanted: Wanted
    path: Path | None = None
    unit: Unit | None = None


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
        self._pass = Pass()
        self._prepared = False

    def __call__(self, request: Request) -> Shown:
        self._prepare()
        began = time.perf_counter()

        def checkpoint(_done: float) -> None:
            if time.perf_counter() - began > PATIENCE_S and self._superseded():
                raise Superseded

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
