"""The line under the run bar: how a run ended and where it is kept, or why it diverged or failed and what to do. Before that it
names the keys that run a training.

Its height depends on the window's width alone and never on its sentence, so that nothing moves when a run ends. Called by
the training lab.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from PySide6.QtCore import QEvent, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.figures import fixed, percent
from engine.runs.status import Reason, State, Status
from gui.shell.language import language
from gui.widgets.notice import Notice

Tone = Literal["plain", "warn", "muted"]  # no praise: a run that is complete may have learned nothing
ROOMY_PX = 1500  # wide enough for the longest sentence in one line beside the doctor's word; below that there are two
NARROW_PX = 1000  # below that, that word is short
LINE_PX = 20


class EndNotice(Notice):
    """A sentence, in the tone that fits it, and a button that opens the run's folder. `narrowed`: whether it has become so
    narrow that what it has taken in must be short."""

    narrowed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folder: Path | None = None
        self._said = ""
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.clicked.connect(self._open_folder)
        keeps_room = self.button.sizePolicy()
        keeps_room.setRetainSizeWhenHidden(True)
        self.button.setSizePolicy(keeps_room)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(8)
        self.setFixedHeight(LINE_PX)
        self.retranslate()
        self.clear()

    def take_in(self, widget: QWidget) -> None:
        """Put `widget` between the sentence and the button, where it takes room from the sentence alone."""
        self.row.insertWidget(1, widget)

    @property
    def said(self) -> str:
        """What it says of a run; empty while it only names the keys."""
        return self._said

    def clear(self) -> None:
        """Say nothing of a run."""
        self.tell("", "muted")

    def tell(self, text: str, tone: Tone, folder: Path | None = None) -> None:
        """Show `text`; `folder` is what the button opens."""
        self._folder, self._said = folder, text
        self.say(text or self.tr("Space: play or pause · →: one step · Backspace: from the beginning"), f"{tone}_line")
        self.text.setToolTip(text)
        self.button.setVisible(folder is not None)
        self.button.setToolTip(str(folder) if folder else "")

    def tell_of_run(self, status: Status) -> None:
        """Say what is wrong with a run that goes on all the same, a disk that is full, say; of the run before, nothing."""
        if status.problem is not None:
            self.tell(status.problem.sentence(language()), "warn", status.folder)
        elif left_out := [notice for notice in status.notices if notice.code in ("step_left_out", "steps_left_out")]:
            self.tell(left_out[0].sentence(language()), "warn", status.folder)
        elif self.said and status.state is not State.FINISHING:
            self.clear()

    def tell_end(self, status: Status, *, unsaved: str = "") -> None:
        """Say how a run has ended. `unsaved`: why it has no folder."""
        if status.problem is not None:
            self.tell(status.problem.sentence(language()), "warn", status.folder)
        elif unsaved:
            self.tell(self.tr("The run could not be saved: {reason}.").format(reason=unsaved), "warn")
        elif status.reason in (Reason.DIVERGED, Reason.FAILED):
            diverged = status.reason is Reason.DIVERGED
            self.tell(self.tr("The run has diverged.") if diverged else self.tr("The run has failed."), "warn", status.folder)
        elif status.reason is not Reason.COMPLETED:
            self.tell(self.tr("Stopped. What it has learned is kept."), "plain", status.folder)
        else:
            loss = "–" if status.validation_loss is None else fixed(status.validation_loss)
            values = self.tr("Validation loss {loss}").format(loss=loss)
            if status.validation_accuracy is not None:
                accuracy = percent(status.validation_accuracy)
                values = self.tr("Validation loss {loss}, accuracy {accuracy}").format(loss=loss, accuracy=accuracy)
            said = {notice.code: notice.sentence(language()) for notice in status.notices}
            completed = self.tr("Completed.")
            text = f"{said.get('stopped_early', completed)} {values}"
            if more := [said[code] for code in ("best_taken", "learned_together") if code in said]:
                text += f". {' '.join(more)}"
            self.tell(text, "plain", status.folder)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setFixedHeight(LINE_PX if self.width() >= ROOMY_PX else 2 * LINE_PX - 2)
        self.narrowed.emit(self.width() < NARROW_PX)

    def _open_folder(self) -> None:
        if self._folder is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.offer(("", self.tr("Open the folder")))
        self.button.setVisible(self._folder is not None)
        if not self._said:
            self.clear()
