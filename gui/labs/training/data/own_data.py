"""Data of one's own: chosen in a dialog or dropped, and looked at in a thread of its own before the experiment asks for them.

Called by the lab.
"""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias

from PySide6.QtCore import QMimeData, QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from engine.data.found import Found
from engine.data.idx.idx_sets import PUBLISHED
from engine.data.info import Data
from engine.data.sources import found_at, found_for
from engine.experiments.check import on_data
from engine.experiments.experiment import Experiment
from engine.experiments.problems import CannotRunError
from engine.fields import edited
from engine.words import printable
from gui.bridge import Latest
from gui.lab.names import is_data
from gui.labs.training.data.own_buttons import OwnKind

KINDS: dict[OwnKind, str] = {"pictures": "folder", "table": "table", "text": "text"}  # the names of their data sets
MOST_NAME = 60  # letters
TABLES, TEXTS = "*.csv *.tsv *.txt", "*.txt *.md"
AskedData: TypeAlias = Data | Path


class OwnData(QObject):
    """What was chosen is `found`: a Found, of data that can be had, or with the problem why they cannot."""

    found = Signal(object)
    looking = Signal()  # something was chosen, and is being looked at

    def __init__(self, page: QWidget) -> None:
        """The dialogs lie over `page`."""
        super().__init__(page)
        self._page = page
        self._latest: Latest[AskedData, Found] = Latest(look_at, self, name="own-data")
        self._latest.answered.connect(self.found)
        self._latest.failed.connect(self._broken)

    @property
    def busy(self) -> bool:
        return self._latest.busy()

    def ask(self, kind: OwnKind, before: Data) -> None:
        """Let the user choose data of that kind in a dialog; they are split as those `before`."""
        self._choose(Data(name=KINDS[kind], validation=before.validation), before.path)

    def ask_again(self, data: Data) -> None:
        """Let the user choose a path for `data`, which have none yet, or one that is no longer there."""
        self._choose(data, data.path)

    def _choose(self, data: Data, near: str | None) -> None:
        folder = str(Path(near).parent) if near else ""
        folders = {"folder": self.tr("Open a folder of pictures")} | dict.fromkeys(
            PUBLISHED, self.tr("Open a folder of IDX files")
        )
        if data.name in folders:
            chosen = QFileDialog.getExistingDirectory(self._page, folders[data.name], folder)
        else:
            titles = {"table": self.tr("Open a table"), "series": self.tr("Open a series")}
            kinds = self.tr("Tables ({patterns})").format(patterns=TABLES)
            if data.name == "text":
                kinds = self.tr("Texts ({patterns})").format(patterns=TEXTS)
            title, every = titles.get(data.name, self.tr("Open a text")), self.tr("All files (*)")
            chosen, _ = QFileDialog.getOpenFileName(self._page, title, folder, f"{kinds};;{every}")
        if chosen:
            self._look(edited(data, path=str(Path(chosen).absolute())))

    def take(self, path: Path) -> None:
        """Look at a folder or a file, and find out what it is."""
        self._look(path)

    def take_data(self, data: Data) -> None:
        """Look at what these data would be."""
        self._look(data)

    def _look(self, wanted: AskedData) -> None:
        self._latest.ask(wanted)
        self.looking.emit()

    @Slot(object)
    def _broken(self, error: Exception) -> None:
        raise error

    def close(self, timeout_s: float) -> bool:
        return self._latest.close(timeout_s)

    @staticmethod
    def dropped(mime: QMimeData) -> Path | None:
        """The one folder or file in `mime` that may hold data."""
        files = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
        return files[0] if len(files) == 1 and is_data(files[0]) else None


def experiment_on(experiment: Experiment, data: Data) -> Experiment:
    """`experiment` on `data` that can be had, named after them where they are others, with a network that fits them as far as
    one can be found."""
    before = experiment.data
    try:
        found = on_data(experiment, data)
    except CannotRunError:  # the settings say why
        found = edited(experiment, data=data)
    same = before.name == data.name and (before.path == data.path or data.name in PUBLISHED)
    if data.path is None or same:
        return found
    name = " ".join(printable(Path(data.path).stem).split())[:MOST_NAME]
    return edited(found, name=name) if name else found


def look_at(wanted: AskedData) -> Found:
    """Runs in the thread that looks."""
    return found_at(wanted) if isinstance(wanted, Path) else found_for(wanted)
