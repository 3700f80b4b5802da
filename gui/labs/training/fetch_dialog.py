"""Asks before a data set is fetched, saying what, how much, from where and where to; then fetches it, which can be stopped and
gone on with. Nothing is asked of the internet before the user has agreed.

Opened by the training lab, for data whose files are missing.
"""

from __future__ import annotations

import threading

from PySide6.QtCore import QEvent, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from engine.data.idx.fetching import Fetched, FetchError, fetch
from engine.data.idx.idx_sets import PUBLISHED, fetched_folder
from engine.figures import binary_size, percent
from gui.bridge import Latest
from gui.shell.language import say, told
from gui.widgets.labels import label

PROGRESS_MS = 100
SIZE_PX = (460, 230)


class FetchDialog(QDialog):
    """`set_name` says which data set; `fetched` tells that its files are there."""

    fetched = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._progress: Fetched | None = None  # written by the thread
        self._stop = threading.Event()
        self._is_fetching = False
        self._problem: Exception | None = None
        self.question, self.where = label("heading", wraps=True), label("muted", wraps=True)
        self.problem = label("warning", wraps=True)
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.standing = label("muted")
        self.begin, self.cancel = QPushButton(), QPushButton()
        self.begin.setProperty("role", "primary")
        self.begin.setDefault(True)
        self._lay_out()
        self._work: Latest[str, str] = Latest(self._fetch, self, name="fetching")
        self._work.answered.connect(self._done)
        self._work.failed.connect(self._failed)
        self._watch = QTimer(self)
        self._watch.setInterval(PROGRESS_MS)
        self._watch.timeout.connect(self._show_progress)
        self.begin.clicked.connect(self._begin)
        self.cancel.clicked.connect(self._cancel)
        self.resize(*SIZE_PX)
        self.retranslate()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(8)
        for part in (self.question, self.where, self.problem, self.bar, self.standing):
            column.addWidget(part)
        column.addStretch(1)
        ends = QHBoxLayout()
        ends.addStretch(1)
        ends.addWidget(self.cancel)
        ends.addWidget(self.begin)
        column.addLayout(ends)

    def set_name(self, name: str) -> None:
        """Ask about this data set; not while another one is coming."""
        if not self._is_fetching:
            self._name, self._problem, self._progress = name, None, None
            self.retranslate()

    @property
    def is_fetching(self) -> bool:
        return self._is_fetching

    # --- the thread

    def _fetch(self, name: str) -> str:
        """In the thread. Raises FetchError."""
        fetch(PUBLISHED[name], fetched_folder(name), self._note, self._stop.is_set)
        return name

    def _note(self, progress: Fetched) -> None:
        self._progress = progress

    # --- what the user does, and what comes of it

    @Slot()
    def _begin(self) -> None:
        self._stop.clear()
        self._is_fetching, self._problem, self._progress = True, None, None
        self._watch.start()
        self._work.ask(self._name)
        self._show()

    @Slot()
    def _cancel(self) -> None:
        if self._is_fetching:
            self._stop.set()
            self.cancel.setEnabled(False)  # until the block that is coming is there
        else:
            self.close()

    @Slot(object)
    def _done(self, name: str) -> None:
        self._is_fetching = False
        self._watch.stop()
        self._show()
        self.close()
        self.fetched.emit(name)

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        self._is_fetching = False
        self._watch.stop()
        self._problem = error
        self._show()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._stop.set()  # what has come is kept
        super().closeEvent(event)

    def reject(self) -> None:
        self._stop.set()
        super().reject()

    def end(self, deadline_s: float) -> None:
        """End the thread, for good."""
        self._stop.set()
        self.close()
        self._work.close(deadline_s)

    # --- what is shown

    def _show(self) -> None:
        stopped = isinstance(self._problem, FetchError) and self._problem.code == "stopped"
        self.problem.setText("" if self._problem is None else told(self._problem))
        self.problem.setVisible(self._problem is not None)
        for part in (self.bar, self.standing):
            part.setVisible(self._is_fetching or stopped)
        self.begin.setVisible(not self._is_fetching)
        self.cancel.setEnabled(True)
        self.cancel.setText(self.tr("Stop") if self._is_fetching else self.tr("Cancel"))
        texts = {False: self.tr("Fetch"), True: self.tr("Go on")}
        self.begin.setText(texts[self._problem is not None])
        self._show_progress()

    @Slot()
    def _show_progress(self) -> None:
        progress = self._progress
        if progress is None:
            self.bar.setValue(0)
            self.standing.setText("")
            return
        self.bar.setValue(round(1000 * progress.done / progress.total))
        text = self.tr("{share} of {size}")
        self.standing.setText(text.format(share=percent(progress.done / progress.total), size=binary_size(progress.total)))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        published = PUBLISHED[self._name]
        self.setWindowTitle(self.tr("Fetch data"))
        values = {"name": say("datasets", self._name), "size": binary_size(published.size), "host": published.host}
        self.question.setText(self.tr("Fetch {name}? {size} come from {host}.").format(**values))
        where = self.tr("Licence of the data: {licence}. The files are checked, and kept in {folder} for the next time.")
        self.where.setText(where.format(licence=published.licence, folder=fetched_folder(self._name)))
        self._show()
