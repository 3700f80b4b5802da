"""Ctrl-C in the terminal, and the system's request to end, close the window as its own button does, so that the run is saved.

Python handles signals between two lines of Python, and an idle window runs none: a notifier wakes it.
"""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable

from PySide6.QtCore import QObject, QSocketNotifier, Slot

ENDING = ("SIGINT", "SIGTERM", "SIGHUP")  # the last is unknown on Windows


class EndingSignals(QObject):
    """Calls `close` in the GUI thread when one of the signals comes, as long as this object exists."""

    def __init__(self, close: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._read, self._write = socket.socketpair()
        for end in (self._read, self._write):
            end.setblocking(False)
        signal.set_wakeup_fd(self._write.fileno())
        for name in ENDING:
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), lambda _number, _frame: close())
        self._notifier = QSocketNotifier(self._read.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._woken)

    @Slot()
    def _woken(self) -> None:
        self._read.recv(64)  # Python runs the handlers before this line
