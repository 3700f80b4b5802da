"""An unexpected exception is logged and shown in a dialog with details to copy, and the program goes on.

The hooks take the exceptions of slots and overrides (`sys.excepthook`) and of plain threads (`threading.excepthook`). They only
log and pass on; the dialog belongs to the GUI thread.
"""

from __future__ import annotations

import contextlib
import logging
import logging.handlers
import platform
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType

import PySide6
from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

LOG = logging.getLogger("layerscope")
_MOST_DETAILS = 20  # in one dialog; an exception in a paint event comes many times a second


def start_log(path: Path) -> None:
    """Log to a file that is replaced at 1 MB; three old files are kept. Where it cannot be written, there is no log."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(path, maxBytes=1_000_000, backupCount=3, encoding="utf-8", delay=True)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(threadName)s %(message)s"))
        LOG.addHandler(handler)
    LOG.setLevel(logging.INFO)


class ErrorReporter(QObject):
    """Installs the hooks. Shows one dialog at a time in the GUI thread and adds further exceptions to its details."""

    happened = Signal(str, str)  # a line; the details

    def __init__(self, window: QWidget | None = None) -> None:
        super().__init__()
        self._window = window
        self._dialog: ErrorDialog | None = None
        self.happened.connect(self.show_error, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        sys.excepthook = self._hook
        threading.excepthook = lambda arguments: self._hook(
            arguments.exc_type, arguments.exc_value or arguments.exc_type(), arguments.exc_traceback
        )

    def set_window(self, window: QWidget) -> None:
        self._window = window

    def _hook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        details = "".join(traceback.format_exception(kind, error, trace))
        LOG.error("unexpected exception\n%s", details)
        self.happened.emit(f"{kind.__name__}: {error}", details)

    @Slot(str, str)
    def show_error(self, what: str, details: str) -> None:
        if self._dialog is not None:
            self._dialog.add(details)
            return
        self._dialog = ErrorDialog(what, details, self._window)
        self._dialog.finished.connect(self._closed)
        self._dialog.open()

    @Slot()
    def _closed(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
        self._dialog = None

    @property
    def dialog(self) -> ErrorDialog | None:
        """The open dialog, or None."""
        return self._dialog


class ErrorDialog(QDialog):
    """Says what happened in a sentence, with details to read and to copy."""

    def __init__(self, what: str, details: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Layerscope")
        heading = QLabel(self.tr("Something unexpected happened"))
        heading.setProperty("role", "heading")
        sentence = QLabel(
            self.tr("The program goes on. If it happens again, please send us the details.") + "\n\n" + what[:400]
        )
        sentence.setWordWrap(True)
        sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._count = 1
        self._text = QPlainTextEdit(_machine() + "\n\n" + details)
        self._text.setReadOnly(True)
        self._text.setAccessibleName(self.tr("Details"))
        buttons = QDialogButtonBox()
        self.copy_button = QPushButton(self.tr("Copy details"))
        buttons.addButton(self.copy_button, QDialogButtonBox.ButtonRole.ActionRole)
        close = QPushButton(self.tr("Go on"))
        close.setProperty("role", "primary")
        close.setDefault(True)
        buttons.addButton(close, QDialogButtonBox.ButtonRole.AcceptRole)
        self.copy_button.clicked.connect(self.copy)
        buttons.accepted.connect(self.accept)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        for part in (heading, sentence, self._text, buttons):
            layout.addWidget(part)
        self.resize(620, 420)

    def add(self, details: str) -> None:
        """Add the details of another exception; after some of them only the log has more."""
        self._count += 1
        if self._count <= _MOST_DETAILS:
            self._text.appendPlainText("\n" + details)

    @property
    def details(self) -> str:
        return self._text.toPlainText()

    @Slot()
    def copy(self) -> None:
        QGuiApplication.clipboard().setText(self.details)


def _machine() -> str:
    torch = sys.modules.get("torch")
    parts = [
        f"Python {platform.python_version()}",
        f"PySide6 {PySide6.__version__}",
        f"torch {getattr(torch, '__version__', '-')}",
        platform.platform(),
    ]
    return " · ".join(parts)
