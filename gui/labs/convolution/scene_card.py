"""The card around the scene: its player (play, step, scrub, speed), zoom, the input's channels, and below it the arithmetic of
the cell that is looked at and the formulas of the layer.

The lab gives it a `Subject` and a `SceneState` that fit each other and takes edited states back; torch's numbers come through
`torch_value`. Moving the window is a state like any other; only what is under the hand is not.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import msgspec
import numpy as np
from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QSlider, QWidget

from engine.arithmetic import cell_of
from gui.labs.convolution.cell_arithmetic import Account, CellArithmetic
from gui.labs.convolution.formulas import Formulas
from gui.labs.convolution.scene import Scene, Subject
from gui.labs.convolution.state import SPEEDS, SceneState
from gui.shell.theme import THEME, theme
from gui.widgets.card import Card
from gui.widgets.controls import Segmented, scrolls_past
from gui.widgets.number_grid import Cell
from gui.widgets.run_bar import SIGN_PX, sign

FRAME_MS = 16
TEXT_MS = 45  # how often the arithmetic is written while the window moves: faster, nobody can read it
LONG_TERMS = 2000  # a cell of more products waits until the window rests
RESTING_MS = 160
ROOMY_PX = 720  # a narrower card says where it is only in the scene
SOURCE_PX = 26
COLOURS = ("R", "G", "B")


class SceneCard(Card):
    edited = Signal(object)  # the SceneState that the user has asked for

    def __init__(self, torch_value: Callable[[Cell], np.float32 | None], parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._torch_value = torch_value
        self._subject: Subject | None = None
        self._state = SceneState()
        self._written_at = 0.0
        self.scene = Scene()
        self.scene.edited.connect(self.edited)
        self.scene.focus_changed.connect(self._focus_changed)
        self.arithmetic = CellArithmetic()
        self.formulas = Formulas()
        self.where = QLabel()
        self.where.setProperty("role", "muted")
        self.source = Segmented()
        self.source.chosen.connect(self._source_chosen)
        self.play, self.step, self.speed, self.nearer, self.farther = (QPushButton() for _ in range(5))
        self.scrub = QSlider(Qt.Orientation.Horizontal)
        self.scrub.setMinimumWidth(36)
        self.scrub.setMaximumWidth(120)
        scrolls_past(self.scrub)
        for button in (self.play, self.step):
            button.setIconSize(QSize(SIGN_PX, SIGN_PX))
            button.setProperty("role", "icon")
        for button in (self.speed, self.nearer, self.farther):
            button.setProperty("role", "link")
        for part in (self.where, self.source, self.play, self.step, self.scrub, self.speed, self.farther, self.nearer):
            self.tools.addWidget(part)
        self.body.addWidget(self.scene, 1)
        below: tuple[QWidget, ...] = (self.arithmetic, self.formulas)
        for widget in below:
            line = QFrame()
            line.setProperty("role", "line")
            self.body.addWidget(line)
            self.body.addWidget(widget)
        self.play.clicked.connect(self.toggle_play)
        self.step.clicked.connect(self.step_on)
        self.scrub.valueChanged.connect(self._scrubbed)
        self.speed.clicked.connect(self._next_speed)
        self.nearer.clicked.connect(lambda: self.scene.zoom(1))
        self.farther.clicked.connect(lambda: self.scene.zoom(-1))
        self._player = QTimer(self)
        self._player.setTimerType(Qt.TimerType.PreciseTimer)
        self._player.timeout.connect(self._tick)
        self._writer = QTimer(self)
        self._writer.setSingleShot(True)
        self._writer.timeout.connect(self.write_arithmetic)
        THEME.changed.connect(self._restyle)
        self._restyle()
        self.retranslate()

    # --- what is shown

    def show_scene(self, subject: Subject, state: SceneState) -> None:
        """Show a state that fits `subject`; nothing is emitted."""
        if self._subject is None or subject.layer != self._subject.layer or subject.picture is not self._subject.picture:
            self._subject = subject
            self._show_sources()
        self._subject, self._state = subject, state
        self.source.set_current(str(state.source))
        rows, columns = subject.outputs
        row, column = subject.cell(state)
        with QSignalBlocker(self.scrub):
            self.scrub.setRange(0, rows * columns - 1)
            self.scrub.setPageStep(columns)
            self.scrub.setValue(row * columns + column)
        self._write_speed()
        self.scene.show_scene(subject, state, playing=self.playing)

    @property
    def state(self) -> SceneState:
        """What is shown."""
        return self._state

    @property
    def writing(self) -> bool:
        """Whether the arithmetic is still that of another cell."""
        return self._writer.isActive()

    @property
    def playing(self) -> bool:
        return self._player.isActive()

    def _show_sources(self) -> None:
        assert self._subject is not None
        names = self._names()
        self.source.set_choices([(str(number), name) for number, name in enumerate(names)])
        for number, name in enumerate(names):
            button = self.source.button(str(number))
            button.setAccessibleName(self.tr("Input channel {name}").format(name=name))
            button.setToolTip(button.accessibleName())
        self.source.setFixedWidth(SOURCE_PX * len(names))
        self.source.setVisible(len(names) > 1)

    def _names(self) -> tuple[str, ...]:
        """What the input channels of the map's group are called."""
        assert self._subject is not None
        if self._subject.picture.shape[0] == len(COLOURS):
            return tuple(COLOURS[number] for number in self._subject.inputs)
        return tuple(str(number) for number in self._subject.inputs)

    # --- the player

    @Slot()
    def toggle_play(self) -> None:
        """Play from the window's cell on, from the beginning after the last one; or pause."""
        if self._subject is None:
            return
        if self.playing:
            self._stop()
            return
        self._player.start(max(FRAME_MS, 1000 // self._state.speed))
        self._restyle()
        if self._number() == self.scrub.maximum():
            self._go(0)
        else:
            self.edited.emit(msgspec.structs.replace(self._state, pin=None))

    def _stop(self) -> None:
        self._player.stop()
        self._restyle()
        if self._subject is not None:
            self.scene.show_scene(self._subject, self._state)

    def _number(self) -> int:
        """The window's cell, counted row by row."""
        assert self._subject is not None
        row, column = self._subject.cell(self._state)
        return row * self._subject.outputs[1] + column

    def _go(self, number: int) -> None:
        assert self._subject is not None
        self.edited.emit(self.scene.moved_to(divmod(number, self._subject.outputs[1])))

    @Slot()
    def _tick(self) -> None:
        if self._number() >= self.scrub.maximum():
            self._stop()
        else:
            self._go(self._number() + 1)

    @Slot()
    def step_on(self) -> None:
        """One cell on; after the last one comes the first."""
        if self._subject is not None:
            if self.playing:
                self._stop()
            self._go((self._number() + 1) % (self.scrub.maximum() + 1))

    @Slot(int)
    def _scrubbed(self, number: int) -> None:
        if self._subject is not None:
            self._go(number)

    @Slot()
    def _next_speed(self) -> None:
        speed = SPEEDS[(SPEEDS.index(self._state.speed) + 1) % len(SPEEDS)]
        if self.playing:
            self._player.setInterval(max(FRAME_MS, 1000 // speed))
        self.edited.emit(msgspec.structs.replace(self._state, speed=speed))

    @Slot(str)
    def _source_chosen(self, key: str) -> None:
        self.edited.emit(msgspec.structs.replace(self._state, source=int(key)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            self.toggle_play()
        elif event.key() == Qt.Key.Key_Escape:
            self.scene.free()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody watches a hidden window move."""
        super().hideEvent(event)
        if self.playing:
            self._stop()

    # --- the arithmetic

    @Slot()
    def _focus_changed(self) -> None:
        text = self.scene.read_out()
        if self.where.text() != text:
            self.where.setText(text)
        self.write_soon()

    def write_soon(self) -> None:
        """Write the arithmetic now, or as soon as it can be read again."""
        if self._writer.isActive():
            return
        since_ms = 1e3 * (time.monotonic() - self._written_at)
        if self._subject is not None and self._subject.filters.weight_OIHW[0].size > LONG_TERMS:
            self._writer.start(RESTING_MS)
        elif since_ms >= TEXT_MS:
            self.write_arithmetic()
        else:
            self._writer.start(int(TEXT_MS - since_ms) + 1)

    @Slot()
    def write_arithmetic(self) -> None:
        """The terms of the cell that is looked at, and torch's number for it."""
        self._written_at = time.monotonic()
        subject, cell = self._subject, self.scene.cell
        if subject is None or cell is None:
            return
        rows, columns = subject.outputs
        if cell[0] >= rows or cell[1] >= columns:
            return
        filters = subject.filters
        bias = filters.bias_O if subject.layer.bias else None
        found = cell_of(subject.layer, subject.picture.values_CHW, filters.weight_OIHW, bias, subject.channel, cell)
        torch = self._torch_value(cell)
        self.arithmetic.show_account(
            Account(found, subject.channel, *cell, self._names(), self._state.source, subject.layer.bias, torch)
        )

    # --- look and words

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.where.setVisible(self.width() >= ROOMY_PX)
        self._write_speed()

    def _restyle(self) -> None:
        now = theme()
        self.play.setIcon(sign("pause" if self.playing else "play", now.text))
        self.step.setIcon(sign("step", now.text))
        self.play.setAccessibleName(self.tr("Pause") if self.playing else self.tr("Play"))

    def _write_speed(self) -> None:
        text = self.tr("{speed} cells/s") if self.width() >= ROOMY_PX else self.tr("{speed}/s")
        self.speed.setText(text.format(speed=self._state.speed))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.set_title(self.tr("One cell"))
        self.play.setToolTip(self.tr("Move the window over the input, cell by cell (Space)"))
        self.step.setToolTip(self.tr("One cell on"))
        self.step.setAccessibleName(self.tr("Step"))
        self.scrub.setAccessibleName(self.tr("Output cell"))
        self.scrub.setToolTip(self.tr("Which output cell, row by row"))
        self.speed.setToolTip(self.tr("Cells a second. Click for the next speed."))
        self.speed.setAccessibleName(self.tr("Speed"))
        self.nearer.setText("+")
        self.nearer.setToolTip(self.tr("Fewer, larger cells (+, Ctrl and wheel)"))
        self.nearer.setAccessibleName(self.tr("Zoom in"))
        self.farther.setText("−")
        self.farther.setToolTip(self.tr("More, smaller cells (−, Ctrl and wheel)"))
        self.farther.setAccessibleName(self.tr("Zoom out"))
        self.source.setAccessibleName(self.tr("Input channel"))
        if self._subject is not None:
            self._show_sources()
        self._write_speed()
        self._restyle()
        self._focus_changed()
