"""How long a test waits for a state before it gives up: no measure of anything, only the end of a wait that would never end. On
a machine that is busy with other things, what takes a tenth of a second takes many."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

GIVE_UP_S = 120.0


def until(test: Callable[[], bool]) -> None:
    """Wait for a state that nothing tells of."""
    end = time.monotonic() + GIVE_UP_S
    while not test():
        assert time.monotonic() < end, f"it has not come in {GIVE_UP_S:.0f} s"
        threading.Event().wait(0.002)
