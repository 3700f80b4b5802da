"""The player of the scene: play, step, scrub and speed. They move the window from output cell to output cell, row by row.

Hides the timer and the order of the cells. `show_cell` says where the window is; `went` asks for it to be elsewhere. The owner
puts `parts` among its tools. Called by the scene card.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QSignalBlocker, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QPushButton, QWidget

from gui.labs.convolution.state import SPEEDS
from gui.shell.theme import THEME, theme
from gui.shell.undo import PlayKey
from gui.widgets.forms.controls import scrolls_past
from gui.widgets.forms.hand_slider import HandSlider
from gui.widgets.grids.sheet import GridCell
from gui.widgets.signs import SIGN_PX, sign

FRAME_MS = 16


class Player(QObject):
    went = Signal(object)  # the output cell that the window is to move to
    began = Signal()  # it plays on from the cell that is shown
    stopped = Signal()
    speed_wanted = Signal(int)  # cells a second

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._outputs: GridCell | None = None  # how many (rows, columns) of them there are; None before the first
        self._number = 0  # the cell that is shown, counted row by row
        self._speed = SPEEDS[0]
        self._roomy = False
        self.play_key = PlayKey()  # of the last play
        self.play, self.step, self.speed = (QPushButton() for _ in range(3))
        for button in (self.play, self.step):
            button.setIconSize(QSize(SIGN_PX, SIGN_PX))
            button.setProperty("role", "icon")
        self.speed.setProperty("role", "link")
        self.scrub = HandSlider()
        self.scrub.setMinimumWidth(36)
        self.scrub.setMaximumWidth(120)
        scrolls_past(self.scrub)
        self.parts: tuple[QWidget, ...] = (self.play, self.step, self.scrub, self.speed)
        self.play.clicked.connect(self.toggle)
        self.step.clicked.connect(self.step_on)
        self.scrub.valueChanged.connect(self._go)
        self.speed.clicked.connect(self._next_speed)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        THEME.changed.connect(self._restyle)
        self.retranslate()

    def show_cell(self, cell: GridCell, outputs: GridCell, speed: int) -> None:
        """Show that the window is at `cell` of (rows, columns) `outputs`; nothing is emitted."""
        rows, columns = outputs
        self._outputs, self._number, self._speed = outputs, cell[0] * columns + cell[1], speed
        with QSignalBlocker(self.scrub):
            self.scrub.setRange(0, rows * columns - 1)
            self.scrub.setPageStep(columns)
            self.scrub.setValue(self._number)
        self._write_speed()

    def set_roomy(self, roomy: bool) -> None:
        """Whether there is room for the speed in words."""
        self._roomy = roomy
        self._write_speed()

    @property
    def playing(self) -> bool:
        return self._timer.isActive()

    @Slot()
    def toggle(self) -> None:
        """Pause, or play on from the cell that is shown; after the last cell, from the beginning."""
        if self._outputs is None:
            return
        if self.playing:
            self.stop()
            return
        self.play_key = PlayKey()
        self._timer.start(self._interval_ms(self._speed))
        self._restyle()
        if self._number == self.scrub.maximum():
            self._go(0)
        else:
            self.began.emit()

    def stop(self) -> None:
        """Pause, where it plays."""
        if self.playing:
            self._timer.stop()
            self._restyle()
            self.stopped.emit()

    @Slot()
    def step_on(self) -> None:
        """One cell on; after the last one comes the first."""
        self.stop()
        self._go((self._number + 1) % (self.scrub.maximum() + 1))

    @Slot(int)
    def _go(self, number: int) -> None:
        if self._outputs is not None:
            self.went.emit(divmod(number, self._outputs[1]))

    @Slot()
    def _tick(self) -> None:
        if self._number >= self.scrub.maximum():
            self.stop()
        else:
            self._go(self._number + 1)

    @Slot()
    def _next_speed(self) -> None:
        speed = SPEEDS[(SPEEDS.index(self._speed) + 1) % len(SPEEDS)]
        if self.playing:
            self._timer.setInterval(self._interval_ms(speed))
        self.speed_wanted.emit(speed)

    @staticmethod
    def _interval_ms(speed: int) -> int:
        return max(FRAME_MS, 1000 // speed)

    # --- look and words

    @Slot()
    def _restyle(self) -> None:
        now = theme()
        self.play.setIcon(sign("pause" if self.playing else "play", now.text))
        self.step.setIcon(sign("step", now.text))
        self.play.setAccessibleName(self.tr("Pause") if self.playing else self.tr("Play"))

    def _write_speed(self) -> None:
        text = self.tr("{speed} cells/s") if self._roomy else self.tr("{speed}/s")
        self.speed.setText(text.format(speed=self._speed))

    def retranslate(self) -> None:
        """Write the words anew. The owner calls it: a LanguageChange reaches widgets only."""
        self.play.setToolTip(self.tr("Move the window over the input, cell by cell (Space)"))
        self.step.setToolTip(self.tr("One cell on"))
        self.step.setAccessibleName(self.tr("Step"))
        self.scrub.setAccessibleName(self.tr("Output cell"))
        self.scrub.setToolTip(self.tr("Which output cell, row by row"))
        self.speed.setToolTip(self.tr("Cells a second. Click for the next speed."))
        self.speed.setAccessibleName(self.tr("Speed"))
        self._write_speed()
        self._restyle()
