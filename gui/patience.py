"""When a long computation gives way to a newer request.

No Qt here: what is computed in a thread beside the window imports it. Called by the labs' previews; `gui.bridge.Latest` catches
`Superseded`.
"""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE_S = 0.25  # a computation that takes longer gives way to a newer request


class Superseded(Exception):  # noqa: N818 - no error: a computation that gave way to a newer request
    """Raised by a computation that gives up because a newer request waits."""


class Patience:
    """The checkpoint of one computation, which begins now: called now and then, it raises `Superseded` once the computation has
    taken longer than PATIENCE_S and `superseded` says that a newer request waits."""

    def __init__(self, superseded: Callable[[], bool]) -> None:
        self._superseded = superseded
        self._began = time.perf_counter()

    def __call__(self, _done: float = 0.0) -> None:
        if time.perf_counter() - self._began > PATIENCE_S and self._superseded():
            raise Superseded
