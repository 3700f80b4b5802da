"""The player of the graph: to the start, back, play, on, to the end, and a scrubber over all steps.

Hides the timer. `show_step` says which step is shown; `went` asks for another one. Called by the graph's card.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QSlider, QWidget

from gui.shell.theme import THEME, theme
from gui.widgets.forms.controls import scrolls_past
from gui.widgets.labels import label, set_text
from gui.widgets.signs import SIGN_PX, sign

STEP_MS = 1100  # long enough to read a product


class GraphPlayer(QWidget):
    went = Signal(int)  # the step that is to be shown

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._step, self._last, self._begin = 0, 0, 0
        self.first, self.back, self.play, self.on, self.end = (QPushButton() for _ in range(5))
        for button in self.buttons:
            button.setIconSize(QSize(SIGN_PX, SIGN_PX))
            button.setProperty("role", "icon")
        self.scrub = QSlider(Qt.Orientation.Horizontal)
        self.scrub.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.scrub.setMinimumWidth(60)
        scrolls_past(self.scrub)
        self.count = label("muted")
        self.count.setMinimumWidth(self.count.fontMetrics().horizontalAdvance("000 / 000"))
        self.count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
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
        self._timer.setInterval(STEP_MS)
        self._timer.timeout.connect(self._tick)
        THEME.changed.connect(self._restyle)
        self.retranslate()

    @property
    def buttons(self) -> tuple[QPushButton, ...]:
        return self.first, self.back, self.play, self.on, self.end

    def show_step(self, step: int, last: int) -> None:
        """Show that step `step` of 0 to `last` is on the screen; nothing is emitted."""
        self._step, self._last = step, last
        with QSignalBlocker(self.scrub):
            self.scrub.setRange(0, last)
            self.scrub.setPageStep(max(1, last // 6))
            self.scrub.setValue(step)
        set_text(self.count, f"{step} / {last}")
        for button in (self.first, self.back):
            button.setEnabled(step > 0)
        for button in (self.on, self.end):
            button.setEnabled(step < last)

    @property
    def playing(self) -> bool:
        return self._timer.isActive()

    @Slot()
    def toggle(self) -> None:
        """Pause, or play on; from the last step, from the beginning."""
        if self.playing:
            self.stop()
            return
        self._timer.start()
        self._restyle()
        if self._step >= self._last:
            self.went.emit(0)

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
        if self._step >= self._last:
            self.stop()
            return
        self.went.emit(self._step + 1)
        if self._step >= self._last:
            self.stop()

    @Slot()
    def _restyle(self) -> None:
        colour = theme().text
        self.first.setIcon(sign("first", colour))
        self.back.setIcon(sign("back", colour))
        self.on.setIcon(sign("step", colour))
        self.end.setIcon(sign("last", colour))
        self.play.setIcon(sign("pause" if self.playing else "play", colour))
        self.play.setAccessibleName(self.tr("Pause") if self.playing else self.tr("Play"))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        tips = (
            (self.first, self.tr("To the given values (Home)")),
            (self.back, self.tr("One step back (←)")),
            (self.on, self.tr("One step on (→)")),
            (self.end, self.tr("To the end: all values and gradients (End)")),
        )
        for button, tip in tips:
            button.setToolTip(tip)
            button.setAccessibleName(tip)
        self.play.setToolTip(self.tr("Play the steps one after the other (Space)"))
        self.scrub.setAccessibleName(self.tr("Step"))
        self.scrub.setToolTip(self.tr("First forward, then backward, node by node"))
        self._restyle()
