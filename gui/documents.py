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
from gui.bridge import Latest
from gui.lab.asset_texts import for_sequence, is_recurrent
from gui.lab.base import Lab
from gui.lab.names import CODE_ENDINGS, LABS, NETWORK, SEQUENCE, TRAINING, LabText, is_data, read_file, recognised
from gui.shell import saving
from gui.shell.language import say, told
from gui.shell.state_file import StateError, unfenced, why_unknown
from gui.shell.status_line import report

SUFFIX, RUN_SUFFIX = ".toml", ".zip"  # of a setting; of a run that was sent


class Labs(Protocol):
    """What a window says of its labs, and does with them."""

    @property
    def current_lab(self) -> str: ...

    def lab(self, name: str) -> Lab: ...

    def show_lab(self, name: str) -> None: ...


class Documents(QObject):
    """Saves and copies the lab that is shown. What is opened or pasted shows the lab that it is for. `window` carries the
    dialogs."""

    def __init__(self, window: QWidget, labs: Labs, runs_folder: Path) -> None:
        """A run that was sent is unpacked in `runs_folder`."""
        super().__init__(window)
        self._window = window
        self._labs = labs
        self._runs_folder = runs_folder
        self._unpacking: Latest[Path, tuple[Path, bool]] = Latest(self._unpacked, self, name="run-zip")
        self._unpacking.answered.connect(self._show_unpacked)
        self._unpacking.failed.connect(self._refuse_zip)

    # --- files

    @Slot()
    def ask_and_open(self) -> None:
        title = self.tr("Open an experiment, a setting, a network or a run")
        kinds = (
            self.tr("All that opens here (*.toml *.py *.txt *.safetensors *.pth *.pt *.zip *.csv *.tsv *.md)"),
            self._kinds(),
            self.tr("Networks as code (*.py *.txt)"),
            self.tr("Weights (*.safetensors *.pth *.pt)"),
            self.tr("Runs that were sent (*.zip)"),
            self.tr("Data of your own (*.csv *.tsv *.txt *.md)"),
        )
        name, _ = QFileDialog.getOpenFileName(self._window, title, "", ";;".join(kinds))
        if name:
            self.open_path(Path(name))

    def open_path(self, path: Path) -> bool:
        """Open a file; its content says in which lab. A folder, a table or a text is data to be learned from. Says why where it
        cannot. A run's zip is unpacked in a thread of its own, and shown after that; weights go to the network lab, which reads
        them in one."""
        if path.suffix.lower() == RUN_SUFFIX:
            report(self._window, self.tr("Unpacking {file}...").format(file=path))
            self._unpacking.ask(path)
            return True
        if is_weights_file(path):
            self._labs.lab(NETWORK).open_weights(path)
            self._labs.show_lab(NETWORK)
            return True
        if is_data(path) and not self._is_code(path):
            self._labs.lab(TRAINING).open_data(path)
            self._labs.show_lab(TRAINING)
            return True
        try:
            found = read_file(path)
        except ExperimentError as error:
            self._refuse_file(error)
            return False
        return self.open_text(found)

    @staticmethod
    def _is_code(path: Path) -> bool:
        """A text may be a network's code, and no data."""
        try:
            return path.suffix.lower() in CODE_ENDINGS and path.is_file() and read_file(path).is_code
        except ExperimentError:
            return False

    def open_text(self, found: LabText) -> bool:
        """Open the text of a file in its lab. Says why where it cannot."""
        try:
            self._open(found)
        except (StateError, ExperimentError) as error:
            self._refuse_file(error)
            return False
        return True

    def _unpacked(self, path: Path) -> tuple[Path, bool]:
        """In its thread: the run's folder, and whether it is one of a recurrent network."""
        from engine.exports.run_zip import unpack
        from engine.runs.folder import Run

        folder = unpack(path, self._runs_folder)
        return folder, is_recurrent(Run.open(folder).experiment)

    @Slot(object)
    def _show_unpacked(self, found: tuple[Path, bool]) -> None:
        """In the lab that is shown, if it is one of such runs."""
        folder, is_sequence = found
        name = SEQUENCE if is_sequence and self._labs.current_lab == SEQUENCE else TRAINING
        self._labs.show_lab(name)
        self._labs.lab(name).open_run(folder)

    @Slot(object)
    def _refuse_zip(self, error: Exception) -> None:
        """`error` is an ExportError or a RunError, or the disk's."""
        text = saving.reason(error) if isinstance(error, OSError | MemoryError) else told(error)
        QMessageBox.warning(self._window, self.tr("This file cannot be opened"), text)

    def close(self, timeout_s: float) -> None:
        self._unpacking.close(timeout_s)

    def _refuse_file(self, error: Exception) -> None:
        QMessageBox.warning(self._window, self.tr("This file cannot be opened"), told(error))

    @Slot()
    def ask_and_save(self) -> None:
        """Save what the shown lab keeps."""
        lab = self._shown()
        name, _ = lab.document()
        title = self.tr("Save what the lab shows")
        saving.ask_and_save(self._window, title, name or self._labs.current_lab, [self._kinds()], lab.document_at)

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
        if len(files) != 1:
            return None
        endings = (SUFFIX, RUN_SUFFIX, *CODE_ENDINGS, *WEIGHT_ENDINGS)
        return files[0] if files[0].suffix.lower() in endings or is_data(files[0]) else None

    # --- both

    def _shown(self) -> Lab:
        return self._labs.lab(self._labs.current_lab)

    def _open(self, found: LabText) -> None:
        """Show what a text describes in its lab; an experiment in the lab that is shown, if it is one of such networks. Raises
        StateError and ExperimentError; then nothing has changed."""
        if self._labs.current_lab == SEQUENCE:
            found = for_sequence(found) or found
        if found.lab is None:
            reason = why_unknown(found.text, is_toml=found.source.lower().endswith(SUFFIX))
            raise StateError(f"{found.source}: {reason}")
        if found.lab not in LABS:
            settings = ", ".join(name for name in LABS if name != TRAINING)  # the training lab keeps experiments
            sentence = say("state_file", "unknown_lab", found=found.lab, choices=settings)
            raise StateError(f"{found.source}: {sentence}")
        self._labs.lab(found.lab).open_text(found)
        self._labs.show_lab(found.lab)
