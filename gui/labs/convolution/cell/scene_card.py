"""The card around a cell: its views (window, im2col, backward), the player (play, step, scrub, speed), zoom, the input's
channels, and below it the arithmetic of the cell that is looked at and the formula of the output's size.

The lab gives it a `Subject` and a `SceneState` that fit each other and takes edited states back; torch's numbers come through
`torch_value`. Moving the window is a state like any other; only what is under the hand is not.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec
import numpy as np
from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox, QFrame, QLabel, QPushButton, QSlider, QStackedWidget, QWidget

from engine.cells.arithmetic import cell_of
from engine.layers.kinds.pooling import Pooling
from gui.labs.convolution.cell.account import Account
from gui.labs.convolution.cell.cell_arithmetic import CellArithmetic
from gui.labs.convolution.cell.formula_line import FormulaLine
from gui.labs.convolution.cell.scene import Scene
from gui.labs.convolution.state import SPEEDS, Place, SceneState
from gui.labs.convolution.subject import Subject
from gui.labs.convolution.tab_order import tab_in_order
from gui.shell.theme import THEME, theme
from gui.widgets.card import Card
from gui.widgets.forms.controls import Segmented, scrolls_past
from gui.widgets.grids.sheet import GridCell
from gui.widgets.labels import set_text
from gui.widgets.signs import SIGN_PX, sign

if TYPE_CHECKING:  # views that are not there at the start are imported when they are opened
    from gui.labs.convolution.backward.backward_view import BackwardView
    from gui.labs.convolution.im2col.im2col_view import Im2colView

VIEWS = ("window", "im2col", "backward")
FRAME_MS = 16
TEXT_MS = 45  # how often the arithmetic is written while the window moves: faster, nobody can read it
LONG_TERMS = 2000  # a cell of more products waits until the window rests
RESTING_MS = 160
ROOMY_PX = 860  # a narrower card has its tools in a second row
SOURCE_PX = 26
FEW_SOURCES = 6  # so many channels stand side by side; more are a list


class SceneCard(Card):
    edited = Signal(object)  # the SceneState that the user has asked for
    flip_wanted = Signal(bool)  # true convolution, or cross-correlation
    weight_typed = Signal(object, float)  # a cell of the filter that is shown, and its new value

    def __init__(self, torch_value: Callable[[GridCell], np.float32 | None], parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._torch_value = torch_value
        self._subject: Subject | None = None
        self._state = SceneState()
        self._written_at = 0.0
        self.scene = Scene()
        self.scene.edited.connect(self.edited)
        self.scene.focus_changed.connect(self._focus_changed)
        self.scene.weight_typed.connect(self.weight_typed)
        self._with_torch = False
        self._backward: BackwardView | None = None
        self._stack = QStackedWidget()
        self._stack.addWidget(self.scene)
        self.arithmetic = CellArithmetic()
        self.formula = FormulaLine()
        self._build_tools()
        self.body.addWidget(self._stack, 1)
        self._lines: list[QFrame] = []
        below: tuple[QWidget, ...] = (self.arithmetic, self.formula)
        for widget in below:
            line = QFrame()
            line.setProperty("role", "line")
            self._lines.append(line)
            self.body.addWidget(line)
            self.body.addWidget(widget)
        self._player = QTimer(self)
        self._player.setTimerType(Qt.TimerType.PreciseTimer)
        self._player.timeout.connect(self._tick)
        self._writer = QTimer(self)
        self._writer.setSingleShot(True)
        self._writer.timeout.connect(self.write_arithmetic)
        THEME.changed.connect(self._restyle)
        self._restyle()
        self.retranslate()

    @cached_property
    def im2col(self) -> Im2colView:
        """The view of the cell as a product of matrices, made when it is first opened."""
        from gui.labs.convolution.im2col.im2col_view import Im2colView

        view = Im2colView()
        self._add(view)
        return view

    @cached_property
    def backward(self) -> BackwardView:
        """The view of the gradients, made when it is first opened."""
        from gui.labs.convolution.backward.backward_view import BackwardView

        self._backward = view = BackwardView()
        self._add(view)
        if self._with_torch:
            view.torch_ready()
        return view

    def _add(self, view: Im2colView | BackwardView) -> None:
        view.edited.connect(self.edited)
        view.focus_changed.connect(self._focus_changed)
        self._stack.addWidget(view)
        tab_in_order(self)  # what is made later would come last

    def _build_tools(self) -> None:
        self.views = Segmented([(name, "") for name in VIEWS])
        self.views.chosen.connect(self._view_chosen)
        self.lead_with(self.views)
        self.where = QLabel()
        self.where.setProperty("role", "muted")
        self.source = Segmented()
        self.source.chosen.connect(self._source_chosen)
        self.sources = QComboBox()
        self.sources.activated.connect(lambda number: self._source_chosen(str(number)))
        scrolls_past(self.sources)
        self.flip, self.play, self.step, self.speed, self.nearer, self.farther = (QPushButton() for _ in range(6))
        self.flip.setCheckable(True)
        self.flip.clicked.connect(self.flip_wanted)
        self.scrub = QSlider(Qt.Orientation.Horizontal)
        self.scrub.setMinimumWidth(36)
        self.scrub.setMaximumWidth(120)
        scrolls_past(self.scrub)
        for button in (self.play, self.step):
            button.setIconSize(QSize(SIGN_PX, SIGN_PX))
            button.setProperty("role", "icon")
        for button in (self.flip, self.speed, self.nearer, self.farther):
            button.setProperty("role", "link")
        self._of_window = (self.play, self.step, self.scrub, self.speed)
        self._of_lens = (self.farther, self.nearer)
        for part in (self.where, self.flip, self.source, self.sources, *self._of_window, *self._of_lens):
            self.tools.addWidget(part)
        self.play.clicked.connect(self.toggle_play)
        self.step.clicked.connect(self.step_on)
        self.scrub.valueChanged.connect(self._scrubbed)
        self.speed.clicked.connect(self._next_speed)
        self.nearer.clicked.connect(lambda: self._scene.zoom(1))
        self.farther.clicked.connect(lambda: self._scene.zoom(-1))

    # --- what is shown

    def show_scene(self, subject: Subject, state: SceneState) -> None:
        """Show a state that fits `subject`; nothing is emitted."""
        before, self._subject = self._subject, subject
        if before is None or not subject.same_place(before) or subject.names != before.names:
            self._show_sources()
        self._state = state
        self.source.set_current(str(state.source))
        self.sources.setCurrentIndex(state.source)
        rows, columns = subject.outputs
        row, column = subject.cell(state)
        with QSignalBlocker(self.scrub):
            self.scrub.setRange(0, rows * columns - 1)
            self.scrub.setPageStep(columns)
            self.scrub.setValue(row * columns + column)
        self._write_speed()
        self._write_flip()
        self._show_view()

    def _show_view(self) -> None:
        """Only the view that is looked at is drawn."""
        assert self._subject is not None
        view = self._state.view
        self.views.set_current(view)
        windows = view != "backward"
        for part in (*self._of_window, self.arithmetic, *self._lines[:1]):
            part.setVisible(windows)
        for part in self._of_lens:
            part.setVisible(view != "im2col")
        if self.playing and not windows:
            self._stop()
        if view == "window":
            self._stack.setCurrentWidget(self.scene)
            self.scene.show_scene(self._subject, self._state, playing=self.playing)
        else:
            other = self.im2col if view == "im2col" else self.backward
            self._stack.setCurrentWidget(other)
            other.show_view(self._subject, self._state)
        self._focus_changed()

    @property
    def cell(self) -> GridCell | None:
        """The output cell whose arithmetic is shown."""
        return self.im2col.cell if self._state.view == "im2col" else self.scene.cell

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
        """The input channels of the map's group, side by side or as a list."""
        assert self._subject is not None
        names = self._subject.names
        few = len(names) <= FEW_SOURCES and max(map(len, names)) <= 2
        self.source.setVisible(few and len(names) > 1)
        self.sources.setVisible(not few)
        if few:
            self.source.set_choices([(str(number), name) for number, name in enumerate(names)])
            for number, name in enumerate(names):
                button = self.source.button(str(number))
                button.setAccessibleName(self.tr("Input channel {name}").format(name=name))
                button.setToolTip(button.accessibleName())
            self.source.setFixedWidth(SOURCE_PX * len(names))
        else:
            with QSignalBlocker(self.sources):
                self.sources.clear()
                self.sources.addItems([self.tr("Channel {name}").format(name=name) for name in names])

    def torch_ready(self) -> None:
        """From now on torch's own gradients are computed, too."""
        self._with_torch = True
        if self._backward is not None:
            self._backward.torch_ready()

    def busy(self) -> bool:
        """Whether a gradient is still being computed."""
        return self._backward is not None and self._backward.busy()

    def close_card(self, timeout_s: float) -> None:
        """End the thread of the backward view."""
        if self._backward is not None:
            self._backward.close_view(timeout_s)

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
        cell = divmod(number, self._subject.outputs[1])
        if self._state.view == "window":
            self.edited.emit(self.scene.moved_to(cell))
        else:
            self.edited.emit(msgspec.structs.replace(self._state, cell=Place(*cell), around=Place(*cell), pin=None))

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
    def _view_chosen(self, view: str) -> None:
        self.edited.emit(msgspec.structs.replace(self._state, view=view))

    @Slot(str)
    def _source_chosen(self, key: str) -> None:
        self.edited.emit(msgspec.structs.replace(self._state, source=int(key)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():  # a key that is held is one press
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
        cell = self.cell
        if self._state.view != "im2col":
            set_text(self.where, self._scene.read_out())
        elif cell is not None:
            set_text(self.where, self.tr("Cell ({row}, {column})").format(row=cell[0], column=cell[1]))
        self.write_soon()

    @property
    def _scene(self) -> Scene:
        """The grids that are looked at."""
        return self.backward.scene if self._state.view == "backward" else self.scene

    def write_soon(self) -> None:
        """Write the arithmetic now, or as soon as it can be read again."""
        if self._writer.isActive() or self._state.view == "backward":
            return
        since_ms = 1e3 * (time.monotonic() - self._written_at)
        if self._subject is not None and self._terms() > LONG_TERMS:
            self._writer.start(RESTING_MS)
        elif since_ms >= TEXT_MS:
            self.write_arithmetic()
        else:
            self._writer.start(int(TEXT_MS - since_ms) + 1)

    def _terms(self) -> int:
        """The most products that a cell of the map can have."""
        assert self._subject is not None
        rows, columns = self._subject.kernel
        return rows * columns * len(self._subject.inputs)

    @Slot()
    def write_arithmetic(self) -> None:
        """The terms of the cell that is looked at, and torch's number for it."""
        self._written_at = time.monotonic()
        subject, cell = self._subject, self.cell
        if subject is None or cell is None:
            return
        rows, columns = subject.outputs
        if cell[0] >= rows or cell[1] >= columns:
            return
        layer, filters = subject.layer, subject.filters
        has_bias = not isinstance(layer, Pooling) and layer.bias
        weight = None if filters is None else filters.weight
        bias = filters.bias_O if filters is not None and has_bias else None
        found = cell_of(layer, subject.values_CHW, weight, bias, subject.channel, cell)
        other = None
        if weight is not None and self._terms() <= LONG_TERMS and self._terms() > len(subject.inputs):
            other = cell_of(layer, subject.values_CHW, np.flip(weight, (2, 3)), bias, subject.channel, cell).total
        torch = self._torch_value(cell)
        self.arithmetic.show_account(Account(subject, found, *cell, self._state.source, has_bias, torch, other))

    # --- look and words

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.set_tools_below(self.width() < ROOMY_PX)
        self._write_speed()

    def _restyle(self) -> None:
        now = theme()
        self.play.setIcon(sign("pause" if self.playing else "play", now.text))
        self.step.setIcon(sign("step", now.text))
        self.play.setAccessibleName(self.tr("Pause") if self.playing else self.tr("Play"))

    def _write_speed(self) -> None:
        text = self.tr("{speed} cells/s") if self.width() >= ROOMY_PX else self.tr("{speed}/s")
        self.speed.setText(text.format(speed=self._state.speed))

    def _write_flip(self) -> None:
        subject = self._subject
        self.flip.setVisible(subject is not None and not subject.pools)
        on = subject is not None and subject.flipped
        self.flip.setChecked(on)
        self.flip.setText(self.tr("Convolution") if on else self.tr("Cross-correlation"))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("One cell"))
        self.views.set_choices([("window", self.tr("Window")), ("im2col", "im2col"), ("backward", self.tr("Backward"))])
        self.views.setAccessibleName(self.tr("View of the cell"))
        tips = {
            "window": self.tr("The filter's window over the input, and the sum of one output cell"),
            "im2col": self.tr("The same as a product of matrices: a row an output cell, a column a weight"),
            "backward": self.tr("Which gradients of the output flow into a weight or an input cell"),
        }
        for name, tip in tips.items():
            self.views.button(name).setToolTip(tip)
        self.flip.setToolTip(
            self.tr(
                "What the field calls convolution is a cross-correlation: the filter is laid on as it is. The convolution of"
                " mathematics flips it first. Click to see the other one on the same numbers."
            )
        )
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
        self.sources.setAccessibleName(self.tr("Input channel"))
        if self._subject is not None:
            self._show_sources()
        self._write_speed()
        self._write_flip()
        self._restyle()
        self._focus_changed()
