"""The row of a training: from the beginning, play, one step, how many there have been, and the way back to any of them."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from gui.labs.foundations.perceptron.state import MOST_STEPS_BACK
from gui.shell.theme import restyle_when_seen, theme
from gui.shell.undo import PlayKey
from gui.widgets.forms.controls import scrolls_past
from gui.widgets.forms.hand_slider import HandSlider
from gui.widgets.labels import label, set_text
from gui.widgets.signs import SIGN_PX, sign

FRAME_MS = 33


class StepPlayer(QFrame):
    """`show_steps` says where the training stands. `due` comes for each frame while it plays; the owner steps on."""

    due = Signal()
    step_wanted = Signal()
    begin_wanted = Signal()
    went = Signal(int)  # to so many steps
    playing_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.play_key = PlayKey()
        self.begin, self.play, self.step = (QPushButton() for _ in range(3))
        for button in (self.begin, self.play, self.step):
            button.setIconSize(QSize(SIGN_PX, SIGN_PX))
            button.setProperty("role", "icon")
        self.scrub = HandSlider()
        self.scrub.setMinimumWidth(60)
        scrolls_past(self.scrub)
        self.told = label("muted")
        self.told.setMinimumWidth(170)
        self.told.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 6, 12, 6)
        row.setSpacing(6)
        for part in (self.begin, self.play, self.step):
            row.addWidget(part)
        row.addWidget(self.scrub, 1)
        row.addWidget(self.told)
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.due)
        self.begin.clicked.connect(self.begin_wanted)
        self.play.clicked.connect(self.toggle)
        self.step.clicked.connect(self._step)
        self.scrub.valueChanged.connect(self._scrubbed)
        restyle_when_seen(self, self.restyle)
        self.retranslate()
        self.restyle()

    @property
    def playing(self) -> bool:
        return self._timer.isActive()

    @Slot()
    def toggle(self) -> None:
        """Play, or pause."""
        if self.playing:
            self.pause()
        elif self.play.isEnabled():
            self.play_key = PlayKey()
            self._timer.start()
            self._turned()

    @Slot()
    def pause(self) -> None:
        if self.playing:
            self._timer.stop()
            self._turned()

    def _turned(self) -> None:
        self.restyle()
        self.retranslate()
        self.playing_changed.emit(self.playing)

    def show_steps(self, step: int, reached: int, told: str, *, possible: bool) -> None:
        """Where the training stands, and the furthest step that there is; not `possible`: there is nothing to learn from."""
        with QSignalBlocker(self.scrub):
            self.scrub.setRange(0, max(reached, step))
            self.scrub.setPageStep(max(1, max(reached, step) // 20))
            self.scrub.setValue(step)
        set_text(self.told, told)
        if not possible:
            self.pause()
        ends = step >= MOST_STEPS_BACK
        for button in (self.play, self.step):
            button.setEnabled(possible and not ends)
        self.begin.setEnabled(step > 0)
        if ends:
            self.pause()

    @Slot()
    def _step(self) -> None:
        self.pause()
        self.step_wanted.emit()

    @Slot(int)
    def _scrubbed(self, step: int) -> None:
        self.pause()
        self.went.emit(step)

    def restyle(self) -> None:
        colour = theme().text
        self.begin.setIcon(sign("first", colour))
        self.play.setIcon(sign("pause" if self.playing else "play", colour))
        self.step.setIcon(sign("step", colour))

    def retranslate(self) -> None:
        texts = (
            (self.begin, self.tr("From the beginning")),
            (self.play, self.tr("Pause (Space)") if self.playing else self.tr("Play (Space)")),
            (self.step, self.tr("One step")),
            (self.scrub, self.tr("Steps")),
        )
        for part, text in texts:
            part.setToolTip(text)
            part.setAccessibleName(text)
