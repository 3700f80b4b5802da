"""What the labs keep, as files and as text: opening, saving, copying and pasting.

A lab writes and reads its own text (`Lab.document`, `Lab.open_text`), and `gui.lab.names` says which lab a text is for. This
module holds the dialogs, the files, the clipboard and the sentences for what goes wrong. Called by the window.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QMimeData, QObject, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from engine.experiments.experiment import ExperimentError
from engine.runs.weights_file import WEIGHT_ENDINGS, is_weights_file
from gui.lab.base import Lab
from gui.lab.names import CODE_ENDINGS, LABS, NETWORK, TRAINING, LabText, read_file, recognised
from gui.shell import saving
from gui.shell.language import say, told
from gui.shell.state_file import StateError, unfenced, why_unknown
from gui.shell.status_line import report

SUFFIX = ".toml"


class Labs(Protocol):
    """What a window says of its labs, and does with them."""

    @property
    def current_lab(self) -> str: ...

    def lab(self, name: str) -> Lab: ...

    def show_lab(self, name: str) -> None: ...


class Documents(QObject):
    """Saves and copies the lab that is shown. What is opened or pasted shows the lab that it is for. `window` carries the
    dialogs."""

    def __init__(self, window: QWidget, labs: Labs) -> None:
        super().__init__(window)
        self._window = window
        self._labs = labs

    # --- files

    @Slot()
    def ask_and_open(self) -> None:
        every = self.tr("All that opens here (*.toml *.py *.txt *.safetensors *.pth *.pt)")
        code, weights = self.tr("Networks as code (*.py *.txt)"), self.tr("Weights (*.safetensors *.pth *.pt)")
        kinds = ";;".join((every, self._kinds(), code, weights))
        title = self.tr("Open an experiment, a setting or a network")
        name, _ = QFileDialog.getOpenFileName(self._window, title, "", kinds)
        if name:
            self.open_path(Path(name))

    def open_path(self, path: Path) -> bool:
        """Open a file; its content says in which lab. Says why where it cannot. Weights go to the network lab, which reads them
        in a thread of its own."""
        if is_weights_file(path):
            self._labs.lab(NETWORK).open_weights(path)
            self._labs.show_lab(NETWORK)
            return True
        try:
            found = read_file(path)
        except ExperimentError as error:
            self._refuse_file(error)
            return False
        return self.open_text(found)

    def open_text(self, found: LabText) -> bool:
        """Open the text of a file in its lab. Says why where it cannot."""
        try:
            self._open(found)
        except (StateError, ExperimentError) as error:
            self._refuse_file(error)
            return False
        return True

    def _refuse_file(self, error: Exception) -> None:
        QMessageBox.warning(self._window, self.tr("This file cannot be opened"), told(error))

    @Slot()
    def ask_and_save(self) -> None:
        """Save what the shown lab keeps."""
        name, text = self._shown().document()
        title = self.tr("Save what the lab shows")
        saving.ask_and_save(self._window, title, name or self._labs.current_lab, [self._kinds()], lambda _path: text)

    def _kinds(self) -> str:
        return self.tr("Experiments and settings (*.toml)")

    # --- the clipboard

    @Slot()
    def copy(self) -> None:
        """The shown lab's setting, for a chat, a note or an exercise sheet."""
        QGuiApplication.clipboard().setText(self._shown().document()[1])
        report(self._window, self.tr("Copied: the setting as text"))

    @Slot()
    def paste(self) -> None:
        text = unfenced(QGuiApplication.clipboard().text())
        if not text.strip():
            report(self._window, self.tr("There is no text on the clipboard."))
            return
        try:
            self._open(recognised(text, self.tr("Clipboard")))
        except (StateError, ExperimentError) as error:
            QMessageBox.warning(self._window, self.tr("This text cannot be pasted as a setting"), told(error))
        else:
            report(self._window, self.tr("Pasted: the setting"))

    # --- dropped files

    @staticmethod
    def dropped(data: QMimeData) -> Path | None:
        """The one file in `data` that could be opened here."""
        files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
        return files[0] if len(files) == 1 and files[0].suffix.lower() in (SUFFIX, *CODE_ENDINGS, *WEIGHT_ENDINGS) else None

    # --- both

    def _shown(self) -> Lab:
        return self._labs.lab(self._labs.current_lab)

    def _open(self, found: LabText) -> None:
        """Show what a text describes in its lab. Raises StateError and ExperimentError; then nothing has changed."""
        if found.lab is None:
            raise StateError(f"{found.source}: {why_unknown(found.text)}")
        if found.lab not in LABS:
            settings = ", ".join(name for name in LABS if name != TRAINING)  # the training lab keeps experiments
            sentence = say("state_file", "unknown_lab", found=found.lab, choices=settings)
            raise StateError(f"{found.source}: {sentence}")
        self._labs.lab(found.lab).open_text(found)
        self._labs.show_lab(found.lab)
