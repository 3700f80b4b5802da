"""The button that offers the queues on disk, the newest first, to be opened as they were left. Called by the queue's page."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from engine.experiments.experiment import ExperimentError, read
from engine.figures import full_count
from engine.queue.queue_folder import BASE, queues
from gui.running.experiment_names import name_in_words
from gui.widgets.labels import literal

MOST_OFFERED = 30
_BEGUN = re.compile(r"(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)\d\d-")


class EarlierQueues(QPushButton):
    chosen = Signal(object)  # the Path of a queue's folder

    def __init__(self, root: Path, parent: QWidget | None = None) -> None:
        """`root` is the folder that queues lie in."""
        super().__init__(parent)
        self._root = root
        self.offered = QMenu(self)
        self.offered.aboutToShow.connect(self._fill)
        self.setMenu(self.offered)
        self.retranslate()

    @Slot()
    def _fill(self) -> None:
        """A queue's folder is read when the menu is opened: others may have planned some meanwhile."""
        self.offered.clear()
        found = queues(self._root)
        for path in found[:MOST_OFFERED]:
            self.offered.addAction(literal(_words(path)), partial(self.chosen.emit, path))
        if not found:
            self.offered.addAction(self.tr("No queues yet")).setEnabled(False)
        elif len(found) > MOST_OFFERED:
            older = self.tr("{count} older ones lie in the folder of runs").format(count=full_count(len(found) - MOST_OFFERED))
            self.offered.addAction(older).setEnabled(False)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.setText(self.tr("Earlier queues"))
        self.setToolTip(self.tr("Open a queue that was planned before, with its results; it can be gone on with"))


def _words(path: Path) -> str:
    """When it was planned, and of which experiment."""
    begun = _BEGUN.match(path.name)
    when = "{}-{}-{} {}:{}".format(*begun.groups()) if begun else path.name
    try:
        return f"{when} · {name_in_words(read(path / BASE))}"
    except ExperimentError:
        return when
