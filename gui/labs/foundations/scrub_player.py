"""A player of steps that are all there at once: to the start, back, play, on, to the end, and a scrubber over all of them.

Hides the timer. `show_step` says which step is shown; `went` and `played` ask for another one, which its owner
shows. Boards derive their own from it, with the words for their steps.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from gui.shell.theme import restyle_when_seen, theme
from gui.shell.undo import PlayKey
from gui.widgets.forms.controls import scrolls_past
from gui.widgets.forms.hand_slider import HandSlider
from gui.widgets.labels import label, set_text
from gui.widgets.signs import SIGN_PX, Sign, sign

PAGES = 6  # of the scrubber, by PgUp and PgDown


class ScrubPlayer(QWidget):
    """A subclass fills in `interval_ms`, `told` and `retranslate`, which ends with `super().retranslate()`."""

    went = Signal(int)  # the step that is to be shown
    played = Signal(int)  # the same, as it plays

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._step, self._last = 0, 1
        self.play_key = PlayKey()
        self.first, self.back, self.play, self.on, self.end = (QPushButton() for _ in range(5))
        for button in self.buttons:
            button.setIconSize(QSize(SIGN_PX, SIGN_PX))
            button.setProperty("role", "icon")
        self.scrub = HandSlider()
        self.scrub.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.scrub.setMinimumWidth(36)
        scrolls_past(self.scrub)
        self.count: QLabel = label("muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for button in self.buttons:
            row.addWidget(button)
        row.addWidget(self.scrub, 1)
        row.addWidget(self.count)
        self.first.clicked.connect(lambda: self.go(0))
        self.back.clicked.connect(lambda: self.go(self._step - 1))
        self.play.clicked.connect(self.toggle)
        self.on.clicked.connect(lambda: self.go(self._step + 1))
        self.end.clicked.connect(lambda: self.go(self._last))
        self.scrub.valueChanged.connect(self.go)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(self.interval_ms(self._last))
        self._timer.timeout.connect(self._tick)
        restyle_when_seen(self, self._restyle)
        self.retranslate()

    # --- what a subclass fills in

    def interval_ms(self, last: int) -> int:
        """How long a step is seen while it plays, where `last` is the number of the last one."""
        raise NotImplementedError

    def told(self, step: int, last: int) -> str:
        """Where it is, in words."""
        raise NotImplementedError

    # --- what is shown

    @property
    def buttons(self) -> tuple[QPushButton, ...]:
        return self.first, self.back, self.play, self.on, self.end

    def show_step(self, step: int, last: int) -> None:
        """Show that step `step` of 0 to `last` is on the screen; nothing is emitted."""
        if last != self._last:
            self._timer.setInterval(self.interval_ms(last))
        self._step, self._last = step, last
        with QSignalBlocker(self.scrub):
            self.scrub.setRange(0, last)
            self.scrub.setPageStep(max(1, last // PAGES))
            self.scrub.setValue(step)
        for button, enabled in (
            (self.first, step > 0), (self.back, step > 0), (self.on, step < last), (self.end, step < last),
        ):  # fmt: skip
            if button.isEnabled() != enabled:
                button.setEnabled(enabled)
        set_text(self.count, self.told(step, last))

    @property
    def playing(self) -> bool:
        return self._timer.isActive()

    # --- what the user does

    @Slot()
    def toggle(self) -> None:
        """Pause, or play on; from the last step, from the beginning."""
        if self.playing:
            self.stop()
            return
        self.play_key = PlayKey()
        self._timer.start()
        self._restyle()
        if self._step >= self._last:
            self.played.emit(0)

    def stop(self) -> None:
        if self.playing:
            self._timer.stop()
            self._restyle()

    @Slot(int)
    def go(self, step: int) -> None:
        """Pause, and ask for this step."""
        self.stop()
        step = min(max(step, 0), self._last)
        if step != self._step:
            self.went.emit(step)

    def hop(self, steps: int) -> None:
        """So many steps on or back."""
        self.go(self._step + steps)

    @Slot()
    def _tick(self) -> None:
        if self._step < self._last:
            self.played.emit(self._step + 1)
        if self._step >= self._last:
            self.stop()

    # --- look and words

    @Slot()
    def _restyle(self) -> None:
        colour = theme().text
        signs: tuple[Sign, ...] = ("first", "back", "pause" if self.playing else "play", "step", "last")
        for button, name in zip(self.buttons, signs, strict=True):
            button.setIcon(sign(name, colour))
        self.play.setAccessibleName(self.tr("Pause") if self.playing else self.tr("Play"))

    def set_tips(self, *tips: str) -> None:
        """What the buttons do, in the order of `buttons`."""
        for button, tip in zip(self.buttons, tips, strict=False):
            button.setToolTip(tip)
            button.setAccessibleName(tip)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self._restyle()
        set_text(self.count, self.told(self._step, self._last))
