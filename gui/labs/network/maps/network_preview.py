"""What the preview thread computes: a pass of a picture through the network, or the gradient of one unit.

A long pass gives way to a newer request; what it has computed so far is kept where the next one can use it. Called through
`gui.bridge.Latest` by the maps' feed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.networks.receptive import UnitIndex
from engine.networks.trace import Path
from engine.passes.activations import Effective, NetworkPass, PassError, PassRequest, Seen
from gui.patience import Patience


@dataclass(frozen=True, eq=False)
class NetworkRequest:
    """The maps of `wanted`, or with a `unit` the gradient of that unit of the layer at `path`."""

    wanted: PassRequest
    path: Path | None = None
    unit: UnitIndex | None = None


@dataclass(frozen=True, eq=False)
class NetworkAnswer:
    """What came of a request: `seen` for maps, `effective` for a gradient; or `refused`, why it cannot be computed."""

    request: NetworkRequest
    seen: Seen | None = None
    effective: Effective | None = None
    refused: PassError | None = None


class Preview:
    """Called with one request after the other, in one thread."""

    def __init__(self, superseded: Callable[[], bool]) -> None:
        self._superseded = superseded
        self._pass = NetworkPass()
        self._prepared = False

    def __call__(self, request: NetworkRequest) -> NetworkAnswer:
        self._prepare()
        checkpoint = Patience(self._superseded)
        try:
            if request.unit is None or request.path is None:
                return NetworkAnswer(request, seen=self._pass(request.wanted, checkpoint))
            found = self._pass.effective(request.wanted, request.path, request.unit, checkpoint)
            return NetworkAnswer(request, effective=found)
        except PassError as error:
            refused = PassError(error.code, **error.values)  # without its traceback, which keeps the network in memory
            return NetworkAnswer(request, refused=refused)

    def _prepare(self) -> None:
        """Take as many threads as a training does: a whole network takes seconds on one."""
        if not self._prepared:
            from engine.training.devices import take_threads

            take_threads()
            self._prepared = True
