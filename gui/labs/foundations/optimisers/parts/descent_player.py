"""Play, step, back, scrub and reset of a descent. Called by the board of optimisers; `went` asks for another step to be looked
at, and the owner answers with `show_step`."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSlider, QWidget

from engine.figures import full_count
from gui.shell.theme import restyle_when_seen, theme
from gui.widgets.forms.controls import scrolls_past
from gui.widgets.labels import label, set_text
from gui.widgets.signs import SIGN_PX, Sign, sign

FRAME_MS, SHORTEST_MS, WHOLE_MS = 16, 33, 6_000  # a frame; a step at least; all steps at most, where that is longer
COUNT_PX = 86


class DescentPlayer(QWidget):
    """`show_step` says which step of how many is looked at; nothing is emitted then."""

    went = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._step, self._steps = 0, 1
        self.first, self.back, self.play, self.on = (QPushButton() for _ in range(4))
        self.scrub = QSlider(Qt.Orientation.Horizontal)
        self.scrub.setMinimumWidth(36)
        scrolls_past(self.scrub)
        self.count: QLabel = label("muted")
        self.count.setFixedWidth(COUNT_PX)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for button in (self.first, self.back, self.play, self.on):
            button.setIconSize(QSize(SIGN_PX, SIGN_PX))
            button.setProperty("role", "icon")
            row.addWidget(button)
        row.addWidget(self.scrub, 1)
        row.addWidget(self.count)
        self.first.clicked.connect(lambda: self._go_by_hand(0))
        self.back.clicked.connect(lambda: self._go_by_hand(self._step - 1))
        self.on.clicked.connect(lambda: self._go_by_hand(self._step + 1))
        self.play.clicked.connect(self.toggle)
        self.scrub.valueChanged.connect(self._go_by_hand)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        restyle_when_seen(self, self._restyle)
        self.retranslate()

    def show_step(self, step: int, steps: int) -> None:
        self._step, self._steps = step, steps
        with QSignalBlocker(self.scrub):
            self.scrub.setRange(0, steps)
            self.scrub.setPageStep(max(1, steps // 10))
            self.scrub.setValue(step)
        for button, enabled in ((self.first, step > 0), (self.back, step > 0), (self.on, step < steps)):
            if button.isEnabled() != enabled:
                button.setEnabled(enabled)
        self._write()

    @property
    def playing(self) -> bool:
        return self._timer.isActive()

    @Slot()
    def toggle(self) -> None:
        """Pause, or play on; after the last step, from the start."""
        if self.playing:
            self.stop()
            return
        self._timer.start(self._interval_ms())
        self._restyle()
        if self._step >= self._steps:
            self.went.emit(0)

    def stop(self) -> None:
        if self.playing:
            self._timer.stop()
            self._restyle()

    def _interval_ms(self) -> int:
        """A step is seen for a while; many steps take a few seconds together."""
        return max(FRAME_MS, min(WHOLE_MS // max(self._steps, 1), 200), SHORTEST_MS)

    @Slot()
    def _tick(self) -> None:
        if self._step >= self._steps:
            self.stop()
        else:
            self.went.emit(self._step + 1)
            if self._step >= self._steps:
                self.stop()

    @Slot(int)
    def _go_by_hand(self, step: int) -> None:
        self.stop()
        self.went.emit(min(max(step, 0), self._steps))

    # --- look and words

    def _restyle(self) -> None:
        colour = theme().text
        signs: tuple[tuple[QPushButton, Sign], ...] = (
            (self.first, "first"),
            (self.back, "back"),
            (self.play, "pause" if self.playing else "play"),
            (self.on, "step"),
        )
        for button, name in signs:
            button.setIcon(sign(name, colour))
        self.play.setAccessibleName(self.tr("Pause") if self.playing else self.tr("Play"))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        for button, text in (
            (self.first, self.tr("Back to the start")),
            (self.back, self.tr("One step back")),
            (self.play, self.tr("Go down step by step (Space)")),
            (self.on, self.tr("One step on")),
        ):
            button.setToolTip(text)
            button.setAccessibleName(text)
        self.scrub.setAccessibleName(self.tr("Step"))
        self.scrub.setToolTip(self.tr("Which step is looked at"))
        self._restyle()
        self._write()

    def _write(self) -> None:
        text = self.tr("step {step} / {steps}")
        set_text(self.count, text.format(step=full_count(self._step), steps=full_count(self._steps)))
