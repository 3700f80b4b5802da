"""A small canvas to draw a picture on, as in data sets of handwritten digits: grey, 28×28, white on black.

The module hides strokes, undo and the tools. During a stroke `drawn` carries the current Picture; `rested` comes at the end of
a stroke or change, whose Picture is worth keeping. Called by the picture picker, and derived from by the
training lab's pad, which collects drawings.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from engine.fields import Field
from engine.pictures import Picture
from gui.widgets.forms.controls import Segmented
from gui.widgets.forms.number_row import NumberRow
from gui.widgets.labels import label
from gui.widgets.pictures.drawing_canvas import CANVAS_PX, SIDES, Canvas, DrawnImage, blank, bytes_of, picture_of

LIVE_MS = 16  # between two signals during a stroke, at least
MOST_STEPS = 100  # steps that can be undone
LARGEST_BRUSH = 32


class DrawingPad(QDialog):
    """The canvas with its tools, in a window beside the main one, which stays usable."""

    drawn = Signal(object)  # the Picture during a stroke
    rested = Signal(object)  # the Picture after a stroke, an undo or a change of size

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas = Canvas()
        self.canvas.changed.connect(self._changed)
        self.canvas.rested.connect(self._step_done)
        self._steps = [self.canvas.drawing]  # all steps, oldest first
        self._step = 0  # the one that is shown
        self._news = QTimer(self)
        self._news.setSingleShot(True)
        self._news.setInterval(LIVE_MS)
        self._news.timeout.connect(self._tell)
        self.tool, self.paper, self.size_choice = Segmented(), Segmented(), Segmented()
        self.brush = NumberRow(Field(name="brush", kind="integer", low=1, high=LARGEST_BRUSH, default=2))
        self.undo_button, self.redo_button, self.clear_button = QPushButton(), QPushButton(), QPushButton()
        self._heads = [label("title") for _ in range(3)]
        self._hint = label("small", wraps=True)
        self._lay_out()
        self.tool.chosen.connect(self._tool_chosen)
        self.paper.chosen.connect(self._paper_chosen)
        self.size_choice.chosen.connect(self._side_chosen)
        self.brush.value_changed.connect(self._brush_changed)
        self.undo_button.clicked.connect(self.undo)
        self.redo_button.clicked.connect(self.redo)
        self.clear_button.clicked.connect(self.clear)
        for keys, done in (
            (QKeySequence(QKeySequence.StandardKey.Undo), self.undo),
            (QKeySequence("Ctrl+Shift+Z"), self.redo),
            (QKeySequence("Ctrl+Y"), self.redo),
            (QKeySequence("Delete"), self.clear),
            (QKeySequence("B"), self._take_brush),
            (QKeySequence("E"), self._take_eraser),
            (QKeySequence("["), self._thinner),
            (QKeySequence("]"), self._thicker),
        ):
            QShortcut(keys, self, done, context=Qt.ShortcutContext.WindowShortcut)
        self.retranslate()
        self._show()

    def _lay_out(self) -> None:
        tools = QVBoxLayout()
        tools.setSpacing(6)
        for head, control in zip(self._heads, (self.tool, self.paper, self.size_choice), strict=True):
            tools.addWidget(head)
            tools.addWidget(control)
            if control is self.tool:
                tools.addWidget(self.brush)
            tools.addSpacing(6)
        steps = QHBoxLayout()
        steps.setSpacing(6)
        for button in (self.undo_button, self.redo_button, self.clear_button):
            button.setAutoDefault(False)
            steps.addWidget(button)
        for choice, keys in ((self.tool, ("brush", "eraser")), (self.paper, ("black", "white")), (self.size_choice, SIDES)):
            choice.set_choices([(str(key), str(key)) for key in keys])
            for key in keys:
                choice.button(str(key)).setAutoDefault(False)
        tools.addLayout(steps)
        tools.addStretch(1)
        tools.addWidget(self._hint)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 12, 12, 12)
        row.setSpacing(16)
        row.addWidget(self.canvas, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(tools, 1)
        self.setFixedWidth(CANVAS_PX + 304)

    # --- what it holds

    @property
    def picture(self) -> Picture:
        return picture_of(self.canvas.drawing)

    @property
    def empty(self) -> bool:
        """Whether there is no ink."""
        return not bytes_of(self.canvas.drawing.ink).any()

    def set_picture(self, picture: Picture) -> bool:
        """Continue with an earlier drawing, as a new step, without emitting a signal. Returns False for other pictures."""
        channels, height, width = picture.shape
        if channels != 1 or height != width or height not in SIDES or self.canvas.drawing_now:
            return False
        bright = np.rint(picture.values_CHW[0] * 255).astype(np.uint8)
        white_paper = bool(np.median(bright) > 127)
        ink = np.ascontiguousarray(255 - bright if white_paper else bright)
        if np.array_equal(bright, bytes_of(self.canvas.drawing.pixels)):
            return True
        image = QImage(ink.tobytes(), width, height, width, QImage.Format.Format_Grayscale8).copy()
        self._add(DrawnImage(image, white_paper))
        return True

    # --- steps

    @property
    def can_undo(self) -> bool:
        return self._step > 0

    @property
    def can_redo(self) -> bool:
        return self._step < len(self._steps) - 1

    @Slot()
    def undo(self) -> None:
        self._go(self._step - 1)

    @Slot()
    def redo(self) -> None:
        self._go(self._step + 1)

    @Slot()
    def clear(self) -> None:
        if not self.canvas.drawing_now and not self.empty:
            self._do(self.canvas.drawing._replace(ink=blank(self.canvas.side)))

    def begin_anew(self, drawing: DrawnImage | None = None) -> None:
        """A clean paper of the same kind, or another drawing, before which nothing can be undone; nothing is emitted."""
        now = self.canvas.drawing
        self._steps = [now._replace(ink=blank(self.canvas.side)) if drawing is None else drawing]
        self._step = 0
        self.canvas.show_drawing(self._steps[0])
        self._show()

    def set_hint(self, text: str) -> None:
        """What can be done without buttons."""
        self._hint.setText(text)

    def _go(self, step: int) -> None:
        if 0 <= step < len(self._steps) and not self.canvas.drawing_now:
            self._step = step
            self.canvas.show_drawing(self._steps[step])
            self._show()
            self.rested.emit(self.picture)

    def _add(self, drawing: DrawnImage) -> None:
        self._steps = [*self._steps[: self._step + 1], drawing][-MOST_STEPS - 1 :]
        self._step = len(self._steps) - 1
        self.canvas.show_drawing(drawing)
        self._show()

    def _do(self, drawing: DrawnImage) -> None:
        """Add a step that is complete."""
        self._add(drawing)
        self.rested.emit(self.picture)

    @Slot()
    def _step_done(self) -> None:
        self._news.stop()
        self._do(self.canvas.drawing)

    @Slot()
    def _changed(self) -> None:
        if not self._news.isActive():
            self._news.start()

    @Slot()
    def _tell(self) -> None:
        self.drawn.emit(self.picture)

    # --- tools

    def _show(self) -> None:
        """Set the controls to the drawing."""
        self.tool.set_current(self.canvas.tool)
        self.paper.set_current("white" if self.canvas.drawing.white_paper else "black")
        self.size_choice.set_current(str(self.canvas.side))
        self.brush.set_value(self.canvas.brush)
        self.undo_button.setEnabled(self.can_undo)
        self.redo_button.setEnabled(self.can_redo)
        self.clear_button.setEnabled(not self.empty)

    @Slot(str)
    def _tool_chosen(self, tool: str) -> None:
        self.canvas.tool = "eraser" if tool == "eraser" else "brush"
        self._show()

    @Slot()
    def _take_brush(self) -> None:
        self._tool_chosen("brush")

    @Slot()
    def _take_eraser(self) -> None:
        self._tool_chosen("eraser")

    @Slot(object)
    def _brush_changed(self, width: int) -> None:
        self.canvas.brush = min(max(width, 1), LARGEST_BRUSH)
        self._show()

    @Slot()
    def _thinner(self) -> None:
        self._brush_changed(self.canvas.brush - 1)

    @Slot()
    def _thicker(self) -> None:
        self._brush_changed(self.canvas.brush + 1)

    @Slot(str)
    def _paper_chosen(self, paper: str) -> None:
        if (paper == "white") != self.canvas.drawing.white_paper:
            self._do(self.canvas.drawing._replace(white_paper=paper == "white"))

    @Slot(str)
    def _side_chosen(self, text: str) -> None:
        side, before = int(text), self.canvas.side
        if side == before:
            return
        smooth = Qt.TransformationMode.SmoothTransformation
        ink = self.canvas.drawing.ink.scaled(side, side, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
        self.canvas.brush = min(max(round(self.canvas.brush * side / before), 1), LARGEST_BRUSH)
        self._do(self.canvas.drawing._replace(ink=ink.convertToFormat(QImage.Format.Format_Grayscale8)))

    # --- words

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Draw a picture"))
        self.canvas.setAccessibleName(self.tr("Canvas"))
        for head, text in zip(self._heads, (self.tr("Tool"), self.tr("Paper"), self.tr("Size in pixels")), strict=True):
            head.setText(text)
        self.tool.set_choices([("brush", self.tr("Brush")), ("eraser", self.tr("Eraser"))])
        self.paper.set_choices([("black", self.tr("Black")), ("white", self.tr("White"))])
        self.size_choice.set_choices([(str(side), f"{side} × {side}") for side in SIDES])
        self.brush.set_label(
            self.tr("Thickness"), self.tr("How many pixels of the drawing the brush and the eraser cover ([ and ])")
        )
        self.undo_button.setText(self.tr("Undo"))
        self.redo_button.setText(self.tr("Redo"))
        self.clear_button.setText(self.tr("Clear all"))
        self._hint.setText(
            self.tr("The lab follows your hand. The right button erases. Without a mouse: arrow keys move, Space draws.")
        )
