"""What a start puts off until the window is on screen: the import of torch, once, in a thread of its own."""

from __future__ import annotations

import contextlib
import threading

from PySide6.QtCore import QObject, Qt, Signal, Slot


class TorchLoader(QObject):
    """`start` begins the import. `ready` is emitted in the GUI thread when torch can be used without delay."""

    ready = Signal()
    failed = Signal(str)
    _loaded = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread: threading.Thread | None = None
        self._loaded.connect(self._announce, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._load, name="torch-loader", daemon=True)
            self._thread.start()

    def wait(self, timeout_s: float) -> bool:
        """Wait for the end of the import. Returns True if it has ended or never begun."""
        if self._thread is not None:
            self._thread.join(timeout_s)
            return not self._thread.is_alive()
        return True

    def _load(self) -> None:
        error = ""
        try:
            import torch  # noqa: F401
        except Exception as broken:  # a broken installation is reported in words, not as a traceback of a thread
            error = f"{type(broken).__name__}: {broken}"
        with contextlib.suppress(RuntimeError):  # the window was closed meanwhile, and this object with it
            self._loaded.emit(error)

    @Slot(str)
    def _announce(self, error: str) -> None:
        if error:
            self.failed.emit(error)
        else:
            self.ready.emit()
