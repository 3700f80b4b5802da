"""What the labs keep, as files and as text: opening, saving, copying and pasting it, and finding out whose it is.

A lab writes and reads its own text (`Lab.document`, `Lab.open_text`); here are the dialogs, the files and the clipboard, and
the sentences for what goes wrong. Called by the window.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox

from engine.experiments.experiment import ExperimentError, read_text
from engine.files import replace_file
from gui.lab.base import Lab
from gui.lab.names import LABS, lab_of
from gui.shell.language import say, told
from gui.shell.state_file import StateError, unfenced

if TYPE_CHECKING:
    from gui.main_window import MainWindow

SUFFIX = ".toml"
_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f]+')


class Documents(QObject):
    """Works on the lab that is shown; what is opened or pasted shows the lab that it is for."""

    def __init__(self, window: MainWindow, report: Callable[[str], None]) -> None:
        super().__init__(window)
        self._window = window
        self._report = report

    # --- files

    @Slot()
    def ask_and_open(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self._window, self.tr("Open an experiment or a setting"), "", self._kinds())
        if name:
            self.open_path(Path(name))

    def open_path(self, path: Path) -> bool:
        """Open a file; its content says in which lab. Says why where it cannot."""
        try:
            self._open(read_text(path), str(path))
        except (StateError, ExperimentError) as error:
            QMessageBox.warning(self._window, self.tr("This file cannot be opened"), told(error))
            return False
        return True

    @Slot()
    def ask_and_save(self) -> None:
        name, _ = self._shown().document()
        suggested = (_NOT_IN_NAMES.sub("-", name).strip(" .") or self._window.current_lab) + SUFFIX
        chosen, _ = QFileDialog.getSaveFileName(self._window, self.tr("Save what the lab shows"), suggested, self._kinds())
        if chosen:
            self.save_path(Path(chosen if Path(chosen).suffix else chosen + SUFFIX))

    def save_path(self, path: Path) -> bool:
        """Write what the shown lab keeps, whole or not at all. Says why where it cannot."""
        try:
            replace_file(path, self._shown().document()[1])
        except (OSError, UnicodeEncodeError) as error:  # half a character in a name cannot be written
            reason = getattr(error, "strerror", None) or str(error)
            text = self.tr("{file} cannot be written: {reason}").format(file=path, reason=reason)
            QMessageBox.warning(self._window, self.tr("This cannot be saved"), text)
            return False
        self._report(self.tr("Saved: {file}").format(file=path))
        return True

    def _kinds(self) -> str:
        return self.tr("Experiments and settings (*.toml)")

    # --- the clipboard

    @Slot()
    def copy(self) -> None:
        """The shown lab's setting, for a chat, a note or an exercise sheet."""
        QGuiApplication.clipboard().setText(self._shown().document()[1])
        self._report(self.tr("Copied: the setting as text"))

    @Slot()
    def paste(self) -> None:
        text = unfenced(QGuiApplication.clipboard().text())
        if not text.strip():
            self._report(self.tr("There is no text on the clipboard."))
            return
        try:
            self._open(text, self.tr("Clipboard"))
        except (StateError, ExperimentError) as error:
            QMessageBox.warning(self._window, self.tr("This text cannot be pasted as a setting"), told(error))
        else:
            self._report(self.tr("Pasted: the setting"))

    # --- dropped files

    @staticmethod
    def dropped(data: QMimeData) -> Path | None:
        """The one file in `data` that could be opened here."""
        files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
        return files[0] if len(files) == 1 and files[0].suffix.lower() == SUFFIX else None

    # --- both

    def _shown(self) -> Lab:
        return self._window.lab(self._window.current_lab)

    def _open(self, text: str, source: str) -> None:
        """Show what `text` describes in its lab. Raises StateError and ExperimentError; then nothing has changed."""
        name = lab_of(text)
        if name is None:
            raise StateError(f"{source}: {say('state_file', 'no_text')}")
        if name not in LABS:
            sentence = say("state_file", "unknown_lab", found=name, choices=", ".join(LABS))
            raise StateError(f"{source}: {sentence}")
        self._window.lab(name).open_text(text, source)
        self._window.show_lab(name)
