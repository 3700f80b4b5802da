"""The card around a cell: its views (window, im2col, backward), the player, zoom, the input's channels; below them the
arithmetic of the cell that is looked at, and the formula of the output's size.

It is given a `Subject` and a `SceneState` that fit each other, and emits edited states; torch's numbers come through
`torch_value`. Where the window is belongs to the state; what is under the pointer does not.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
from PySide6.QtCore import QEvent, QSignalBlocker, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox, QFrame, QLabel, QPushButton, QWidget

from engine.cells.arithmetic import cell_of
from engine.layers.kinds.pooling import Pooling
from gui.labs.convolution.cell.account import Account
from gui.labs.convolution.cell.cell_arithmetic import CellArithmetic
from gui.labs.convolution.cell.formula_line import FormulaLine
from gui.labs.convolution.cell.player import Player
from gui.labs.convolution.cell.scene import Scene
from gui.labs.convolution.state import OutputPlace, SceneState
from gui.labs.convolution.subject import Subject
from gui.shell.tab_order import tab_in_order
from gui.widgets.card import Card
from gui.widgets.forms.controls import Segmented, scrolls_past
from gui.widgets.grids.sheet import GridCell
from gui.widgets.labels import set_text
from gui.widgets.page_stack import PageStack

if TYPE_CHECKING:  # imported when the view is first opened
    from gui.labs.convolution.backward.backward_view import BackwardView
    from gui.labs.convolution.im2col.im2col_view import Im2colView

VIEWS = ("window", "im2col", "backward")
TEXT_MS = 45  # between two writings of the arithmetic while the window moves: more often, nobody can read it
LONG_TERMS = 2000  # the arithmetic of more products waits until the window rests
RESTING_MS = 160
ROOMY_PX = 860  # a narrower card has its tools in a second row
SOURCE_PX = 26
FEW_SOURCES = 6  # more channels are chosen from a list


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
        self._written: tuple[Subject, GridCell, int, object] | None = None  # of what the arithmetic is, torch's number with it
        self.scene = Scene()
        self.scene.edited.connect(self.edited)
        self.scene.focus_changed.connect(self._focus_changed)
        self.scene.weight_typed.connect(self.weight_typed)
        self._with_torch = False
        self._backward: BackwardView | None = None
        self._stack = PageStack()
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
        self._writer = QTimer(self)
        self._writer.setSingleShot(True)
        self._writer.timeout.connect(self.write_arithmetic)
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
        tab_in_order(self)  # what is made later would come last in the order of the Tab key

    def _build_tools(self) -> None:
        self.views = Segmented([(name, "") for name in VIEWS])
        self.views.chosen.connect(self._view_chosen)
        self.add_lead(self.views)
        self.where = QLabel()
        self.where.setProperty("role", "muted")
        self.source = Segmented()
        self.source.chosen.connect(self._source_chosen)
        self.sources = QComboBox()
        self.sources.activated.connect(lambda number: self._source_chosen(str(number)))
        scrolls_past(self.sources)
        self.flip, self.nearer, self.farther = (QPushButton() for _ in range(3))
        self.flip.setCheckable(True)
        self.flip.clicked.connect(self.flip_wanted)
        for button in (self.flip, self.nearer, self.farther):
            button.setProperty("role", "link")
        self.player = Player(self)
        self.player.went.connect(self._go)
        self.player.began.connect(lambda: self._edit(pin=None))
        self.player.stopped.connect(self._player_stopped)
        self.player.speed_wanted.connect(lambda speed: self._edit(speed=speed))
        self._of_lens = (self.farther, self.nearer)
        for part in (self.where, self.flip, self.source, self.sources, *self.player.parts, *self._of_lens):
            self.tools.addWidget(part)
        self.nearer.clicked.connect(lambda: self._scene.zoom(1))
        self.farther.clicked.connect(lambda: self._scene.zoom(-1))

    # --- what is shown

    def show_scene(self, subject: Subject, state: SceneState) -> None:
        """Show `subject` as `state` says, which must fit it; nothing is emitted."""
        before, self._subject = self._subject, subject
        if before is None or not subject.same_place(before) or subject.names != before.names:
            self._show_sources()
        self._state = state
        self.source.set_current(str(state.source))
        self.sources.setCurrentIndex(state.source)
        self.player.show_cell(subject.cell(state), subject.outputs, state.speed)
        self._write_flip()
        self._show_view()

    def _show_view(self) -> None:
        """Draw the chosen view, and no other."""
        assert self._subject is not None
        view = self._state.view
        self.views.set_current(view)
        windows = view != "backward"
        for part in (*self.player.parts, self.arithmetic, *self._lines[:1]):
            part.setVisible(windows)
        for part in self._of_lens:
            part.setVisible(view != "im2col")
        if not windows:
            self.player.stop()
        if view == "window":
            self._stack.setCurrentWidget(self.scene)
            self.scene.show_scene(self._subject, self._state, playing=self.player.playing)
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
        """The state that is shown."""
        return self._state

    @property
    def writing(self) -> bool:
        """Whether the arithmetic is still that of another cell."""
        return self._writer.isActive()

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
        """Compute torch's own gradients too, from now on."""
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

    # --- what the user does

    def _edit(self, **changes: Any) -> None:
        self.edited.emit(msgspec.structs.replace(self._state, **changes))

    @Slot(object)
    def _go(self, cell: GridCell) -> None:
        if self._state.view == "window":
            self.edited.emit(self.scene.moved_to(cell))
        else:
            self._edit(cell=OutputPlace(*cell), around=OutputPlace(*cell), pin=None)

    @Slot()
    def _player_stopped(self) -> None:
        if self._subject is not None:
            self.scene.show_scene(self._subject, self._state)

    @Slot(str)
    def _view_chosen(self, view: str) -> None:
        self._edit(view=view)

    @Slot(str)
    def _source_chosen(self, key: str) -> None:
        self._edit(source=int(key))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():  # a key that is held is one press
                self.player.toggle()
        elif event.key() == Qt.Key.Key_Escape:
            self.scene.free()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop the player: nobody sees a hidden window move."""
        super().hideEvent(event)
        self.player.stop()

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
        """The scene of the view that is shown."""
        return self.backward.scene if self._state.view == "backward" else self.scene

    def write_soon(self) -> None:
        """Write the arithmetic now, or as soon as the text before could be read; unless it stands there already."""
        if self._writer.isActive() or self._state.view == "backward" or self._is_written():
            return
        since_ms = 1e3 * (time.monotonic() - self._written_at)
        if self._subject is not None and self._terms() > LONG_TERMS:
            self._writer.start(RESTING_MS)
        elif since_ms >= TEXT_MS:
            self.write_arithmetic()
        else:
            self._writer.start(int(TEXT_MS - since_ms) + 1)

    def _is_written(self) -> bool:
        cell = self.cell
        if self._written is None or cell is None:
            return False
        subject, *others = self._written
        return subject is self._subject and others == [cell, self._state.source, self._torch_value(cell)]

    def _terms(self) -> int:
        """The largest number of products that a cell of the map has."""
        assert self._subject is not None
        rows, columns = self._subject.kernel
        return rows * columns * len(self._subject.inputs)

    @Slot()
    def write_arithmetic(self) -> None:
        """Write the terms of the cell that is looked at, and torch's number for it."""
        self._written_at, self._written = time.monotonic(), None
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
        self._written = subject, cell, self._state.source, torch

    # --- look and words

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.set_tools_below(self.width() < ROOMY_PX)
        self.player.set_roomy(self.width() >= ROOMY_PX)

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
        self.player.retranslate()
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
        self._write_flip()
        self._written = None  # in the words of another language
        self._focus_changed()
