"""The maps of the layer that is shown, computed in a thread beside the window, and how long torch takes for them.

Hides the thread, which maps are the newest, and how the time is measured: the shortest pass counts, because torch prepares
itself in the first one over a new kind of layer. Called by the convolution lab.
"""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.bridge import Latest
from gui.labs.convolution.maps.layer_preview import LayerPass, MapsRequest, ShownMaps

TIME_MS = 200  # from one writing of the measured time to the next: it changes with every pass
FORGET_MS = 300  # after this long without maps of the layer that was asked for, the time of the one before is told no more
RESTING_MS = 120  # after this long without new maps the user rests
ENOUGH_PASSES = 3
LONG_MS = 100.0  # a pass that takes longer is measured once


class LiveMaps(QObject):
    """`ask` has maps computed, `arrived` brings them."""

    arrived = Signal(object)  # ShownMaps
    failed = Signal(object)  # the exception that a pass raised
    measured = Signal()  # `time_ms` may have changed
    again_wanted = Signal()  # the user rests: another pass over the same layer would make `time_ms` better

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._newest: ShownMaps | None = None
        self._asked: MapsRequest | None = None
        self._passes_of_layer = 0
        self._shortest_ms = 0.0
        self._arrived_at = self._told_at = 0.0
        self.passes = 0  # all that have arrived
        self.preview: Latest[MapsRequest, ShownMaps] = Latest(LayerPass(lambda: self.preview.superseded()), self)
        self.preview.answered.connect(self._answered)
        self.preview.failed.connect(self.failed)
        self._later = QTimer(self, singleShot=True)
        self._later.timeout.connect(self._tell_time)
        self._outdated = False
        self._forget_soon = QTimer(self, singleShot=True, interval=FORGET_MS)
        self._forget_soon.timeout.connect(self._forget)

    def ask(self, request: MapsRequest) -> None:
        """Have the maps of `request` computed next."""
        self._asked = request
        self._wait_for_asked()
        self.preview.ask(request)

    def busy(self) -> bool:
        """Whether maps are still on their way."""
        return self.preview.busy()

    def close(self, timeout_s: float) -> bool:
        """End the thread; whether it ended in time."""
        return self.preview.close(timeout_s)

    @property
    def newest(self) -> ShownMaps | None:
        """The maps that arrived last, and the request that they answer."""
        return self._newest

    @property
    def time_ms(self) -> float | None:
        """The shortest pass of the layer of the newest maps over an input as large as theirs; None before the first one, and
        where the maps of another layer or picture have been on their way for longer than FORGET_MS."""
        return None if self._newest is None or self._outdated else self._shortest_ms

    @Slot(object)
    def _answered(self, shown: ShownMaps) -> None:
        again = self._newest is not None and _as_long(self._newest, shown)
        took_ms = shown.tiles.convolution_ms
        self._passes_of_layer = self._passes_of_layer + 1 if again else 1
        self._shortest_ms = min(self._shortest_ms, took_ms) if again else took_ms
        self._arrived_at = time.monotonic()
        self._newest, self._outdated = shown, False
        self._forget_soon.stop()
        self._wait_for_asked()
        self.passes += 1
        self.arrived.emit(shown)
        if not self._later.isActive():
            wait_ms = max(0.0, TIME_MS - 1e3 * (time.monotonic() - self._told_at))
            self._later.start(int(wait_ms))

    def _wait_for_asked(self) -> None:
        """Wait for maps of another layer or picture than the newest ones. While a slider is dragged they come sooner than the
        wait is over, and the time stays on the screen."""
        asked, newest = self._asked, self._newest
        if asked is None or newest is None:
            return
        if asked.work.layer == newest.request.work.layer and asked.picture is newest.request.picture:
            self._forget_soon.stop()
            self._outdated = False
        elif not self._forget_soon.isActive() and not self._outdated:
            self._forget_soon.start()

    @Slot()
    def _forget(self) -> None:
        self._outdated = True
        self.measured.emit()

    @Slot()
    def _tell_time(self) -> None:
        self._told_at = time.monotonic()
        self.measured.emit()
        if self._passes_of_layer < ENOUGH_PASSES and self._shortest_ms < LONG_MS:
            if 1e3 * (self._told_at - self._arrived_at) > RESTING_MS:
                self.again_wanted.emit()
            else:
                self._later.start(TIME_MS)


def _as_long(before: ShownMaps, now: ShownMaps) -> bool:
    """Whether two passes take as long as each other: the same layer over an input of the same size."""
    same = before.request.work.layer == now.request.work.layer
    return same and before.cut.values_CHW.shape == now.cut.values_CHW.shape
