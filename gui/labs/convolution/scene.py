"""The scene: input with its padding, filter, output, as three grids of numbers to one scale, linked cell to cell.

Hides where the grids stand, which part of a large picture is in view, and which cells belong together. It shows a `Subject`
(the layer and its numbers) as a `SceneState` says, and asks for another state with `edited`; what is under the hand is its own
matter and no state. Called by the scene card.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import NamedTuple

import msgspec
import numpy as np
from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from engine.colours import diverging, viridis
from engine.correspondence import input_channels, read_by, reads, touched
from engine.feature_maps import Filters, padded, piece
from engine.layers.convolution import Conv2d
from engine.layers.windows import Slide, readers
from engine.pictures import Picture
from gui.labs.convolution.lens import View, followed, unread, view
from gui.labs.convolution.state import LEAST_LENS, MOST_LENS, Part, Pin, Place, SceneState
from gui.shell.theme import set_role
from gui.widgets.number_grid import Cell, NumberGrid, Sheet, texts
from gui.widgets.overview import Overview
from gui.widgets.picture import image_of

TITLE_PX = 20
SIGN_PX = 44  # between two grids, with the sign of what happens there
LARGEST_PX = 40  # of a cell
READABLE_PX = 27  # a cell of a lens that chooses its own length is at least so large, if there is room
LENSES = (11, 10, 9, 8, 7, 6, 5)
OVERVIEW = QSize(132, 132)
ZOOM_STEP = 2
PARTS: tuple[Part, ...] = ("input", "filter", "output")


@dataclass(frozen=True, eq=False)
class Subject:
    """What goes through what: one map (`channel`) of a layer that can be. `ends` is the map's range of values where it is
    known; else the range of what is in view."""

    layer: Conv2d
    picture: Picture
    filters: Filters
    channel: int
    ends: tuple[float, float] | None = None

    @cached_property
    def slides(self) -> tuple[Slide, Slide]:
        down, across = self.layer.slides(self.picture.shape)
        return down, across

    @property
    def outputs(self) -> tuple[int, int]:
        return self.slides[0].outputs, self.slides[1].outputs

    @property
    def inputs(self) -> range:
        """The input channels of the map's group."""
        return input_channels(self.layer, self.picture.shape, self.channel)

    def cell(self, scene: SceneState) -> Cell:
        """The output cell that the scene's window stands on."""
        rows, columns = self.outputs
        return (rows // 2, columns // 2) if scene.cell is None else (scene.cell.row, scene.cell.column)


class Focus(NamedTuple):
    """A cell of one of the grids."""

    part: Part
    cell: Cell


class Scene(QWidget):
    edited = Signal(object)  # the SceneState that the user has asked for
    focus_changed = Signal()  # another cell is looked at

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(320, 150)
        self._subject: Subject | None = None
        self._state = SceneState()
        self._hovered: Focus | None = None
        self._walked: Focus | None = None  # where arrow keys have gone in the input or the filter
        self._playing = False
        self._views: tuple[View, View] | None = None
        self._made_of: tuple[object, ...] = ()
        self._sheets: dict[Part, Sheet] = {}
        self.grids: dict[Part, NumberGrid] = {}
        self._titles: dict[Part, QLabel] = {}
        for part in PARTS:
            grid, title = NumberGrid(self), QLabel(self)
            set_role(title, "title")
            title.setAlignment(Qt.AlignmentFlag.AlignCenter)
            grid.pointed.connect(lambda cell, part=part: self._pointed(part, cell))
            grid.walked.connect(lambda cell, part=part: self._walked_to(part, cell))
            grid.pinned.connect(lambda cell, part=part: self._pinned(part, cell))
            grid.shifted.connect(lambda rows, columns, part=part: self._shifted(part, rows, columns))
            grid.freed.connect(self.free)
            grid.zoomed.connect(self.zoom)
            self.grids[part], self._titles[part] = grid, title
        self._signs = [QLabel("⊛", self), QLabel("=", self)]
        for sign in self._signs:
            set_role(sign, "sign")
            sign.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.overview = Overview(self)
        self.overview.moved.connect(self._look_at)
        self.overview.shifted.connect(lambda rows, columns: self._shifted("input", rows, columns))
        self.setFocusProxy(self.grids["output"])
        self.retranslate()

    # --- what is shown

    def show_scene(self, subject: Subject, state: SceneState, *, playing: bool = False) -> None:
        """Show `subject` as `state`, which fits it, says; nothing is emitted but `focus_changed`."""
        if self._subject is None or subject.picture is not self._subject.picture:
            self.overview.set_image(image_of(subject.picture))
        if self._subject is not None and (subject.layer != self._subject.layer or subject.picture is not self._subject.picture):
            self._walked = None
            self._hovered = None
        self._subject, self._state, self._playing = subject, state, playing
        self._arrange()
        self._light()

    @property
    def subject(self) -> Subject | None:
        return self._subject

    @property
    def focus(self) -> Focus | None:
        """What is looked at: while playing the window, else what is pinned, under the cursor, or under the keyboard."""
        if self._subject is None:
            return None
        window = Focus("output", self._subject.cell(self._state))
        if self._playing:
            return window
        if (pin := self._state.pin) is not None:
            return Focus(pin.part, (pin.row, pin.column))
        return self._hovered or self._walked or window

    @property
    def cell(self) -> Cell | None:
        """The output cell whose arithmetic is shown."""
        focus = self.focus
        if focus is None or self._subject is None:
            return None
        return focus.cell if focus.part == "output" else self._subject.cell(self._state)

    @property
    def partial(self) -> bool:
        """Whether a lens shows a part only."""
        if self._subject is None or self._views is None:
            return False
        return any(len(each.inputs) < slide.padded for each, slide in zip(self._views, self._subject.slides, strict=True))

    @property
    def lens(self) -> int:
        """The cells along the lens, as they are now."""
        return self._lens

    def value(self, focus: Focus) -> float | None:
        """The value of a cell in view."""
        sheet = self._sheets.get(focus.part)
        return sheet.value(focus.cell) if sheet is not None and sheet.holds(focus.cell) else None

    # --- where everything stands

    def _arrange(self) -> None:
        subject = self._subject
        if subject is None:
            return
        self._lens, px = self._fitting(subject)
        row, column = self._around(subject)
        down, across = subject.slides
        self._views = (view(down, row, self._lens), view(across, column, self._lens))
        self._make_sheets(subject)
        for part, grid in self.grids.items():
            grid.set_sheet(self._sheets[part], px)
        self._place(subject, px)
        self.overview.set_frame(self._views[0].inputs, self._views[1].inputs)
        self._write_titles()

    def _around(self, subject: Subject) -> Cell:
        around = self._state.around
        return subject.cell(self._state) if around is None else (around.row, around.column)

    def _fitting(self, subject: Subject) -> tuple[int, int]:
        """The lens's length and the pixels of a cell: of the lengths to choose from, the longest whose figures can be read."""
        if self._state.lens is not None:
            return self._state.lens, self._px(subject, self._state.lens)
        found = [(lens, self._px(subject, lens)) for lens in LENSES]
        return next((each for each in found if each[1] >= READABLE_PX), max(found, key=lambda each: (each[1], each[0])))

    def _px(self, subject: Subject, lens: int) -> int:
        (rows, columns), (_, outputs) = self._reserved(subject, lens)
        cells = columns + subject.layer.kernel[1] + outputs
        across = (self.width() - 2 * SIGN_PX) // cells
        down = (self.height() - TITLE_PX - 1) // max(rows, subject.layer.kernel[0])
        return max(2, min(across, down, LARGEST_PX))

    @staticmethod
    def _reserved(subject: Subject, lens: int) -> tuple[Cell, Cell]:
        """The most cells that input and output ever show with this lens, so that nothing moves while the lens does."""
        sizes = []
        for slide in subject.slides:
            ends = (view(slide, 0, lens), view(slide, slide.outputs // 2, lens), view(slide, slide.outputs - 1, lens))
            sizes.append((max(len(end.inputs) for end in ends), max(len(end.outputs) for end in ends)))
        (rows, output_rows), (columns, output_columns) = sizes
        return (rows, columns), (output_rows, output_columns)

    def _place(self, subject: Subject, px: int) -> None:
        """Side by side and in the middle; the overview at the left where there is room for it."""
        inner, outer = self._reserved(subject, self._lens)
        sizes = {"input": inner, "filter": subject.layer.kernel, "output": outer}
        total = sum(columns for _, columns in sizes.values()) * px + 2 * SIGN_PX
        small = self.overview.size_within(OVERVIEW)
        spare = self.width() - total
        roomy = self.partial and spare >= small.width() + SIGN_PX + 16
        self.overview.setVisible(roomy)
        left = spare // 2
        middle = TITLE_PX + (self.height() - TITLE_PX) // 2
        if roomy:
            left = (spare - small.width() - SIGN_PX) // 2
            self.overview.setGeometry(left, middle - small.height() // 2, small.width(), small.height())
            left += small.width() + SIGN_PX
        for number, part in enumerate(PARTS):
            rows, columns = sizes[part]
            top = middle - rows * px // 2
            self.grids[part].move(left, top)
            width = columns * px + (2 * SIGN_PX if part == "output" else SIGN_PX - 4)
            title = self._titles[part]
            title.setGeometry(max(0, left + columns * px // 2 - width // 2), top - TITLE_PX, width, TITLE_PX - 2)
            left += columns * px
            if number < len(self._signs):
                self._signs[number].setGeometry(left, middle - 16, SIGN_PX, 32)
            left += SIGN_PX

    def _make_sheets(self, subject: Subject) -> None:
        assert self._views is not None
        made_of = (subject, self._state.source, self._views)
        if made_of == self._made_of:
            return
        self._made_of = made_of
        (down, across), (rows, columns) = subject.slides, self._views
        channel = subject.inputs[self._state.source]
        layer, picture = subject.layer, subject.picture
        values = padded(layer, picture.values_CHW[channel : channel + 1], rows.inputs, columns.inputs)[0]
        y, x = np.array(rows.inputs), np.array(columns.inputs)
        outside = ((y < 0) | (y >= down.length))[:, None] | ((x < 0) | (x >= across.length))[None, :]
        never = np.array(unread(down, rows.inputs))[:, None] | np.array(unread(across, columns.inputs))[None, :]
        self._sheets["input"] = Sheet(
            values,
            (rows.inputs.start, columns.inputs.start),
            (-down.before, -across.before, down.length + down.after, across.length + across.after),
            viridis(),
            0.0,
            picture.white,
            padding_HW=outside,
            unread_HW=never if never.any() else None,
            padding_is_zero=layer.padding_mode == "zeros",
        )
        weights = subject.filters.weight_OIHW[subject.channel]
        most = float(np.abs(weights).max()) or 1.0
        shown = weights[self._state.source].astype(np.float64)
        height, width = layer.kernel
        self._sheets["filter"] = Sheet(shown, (0, 0), (0, 0, height, width), diverging(), -most, most)
        part = piece(layer, picture.values_CHW, subject.filters, subject.channel, rows.outputs, columns.outputs)
        low, high = subject.ends or (float(part.min()), float(part.max()))
        first = (rows.outputs.start, columns.outputs.start)
        self._sheets["output"] = Sheet(part, first, (0, 0, *subject.outputs), viridis(), low, high)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    # --- what belongs together

    def _light(self) -> None:
        """Light what belongs to the focus in all three grids."""
        subject, focus = self._subject, self.focus
        if subject is None or focus is None or self._views is None:
            return
        row, column = focus.cell
        down, across = subject.slides
        lit: dict[Part, list[Cell]] = {part: [] for part in PARTS}
        echoes: list[Cell] = []
        channel = subject.inputs[self._state.source]
        if focus.part == "output":
            lit["input"] = self._in_view(down.cells(row), across.cells(column))
            height, width = subject.layer.kernel
            lit["filter"] = list(product(range(height), range(width)))
            if subject.layer.padding_mode != "zeros" and self._at_the_edge(subject, focus.cell):
                taps = reads(subject.layer, subject.picture.shape, subject.channel, focus.cell)
                moved = {tap.source[1:] for tap in taps if tap.source is not None and tap.source != tap.cell}
                echoes = [(place[0], place[1]) for place in moved]
        elif focus.part == "filter":
            lit["input"] = self._in_view(down.tap(row), across.tap(column))
            if subject.layer.padding_mode != "zeros":
                found = touched(subject.layer, subject.picture.shape, (self._state.source, row, column), subject.channel)
                echoes = sorted(set(self._in_view(found.axes[1], found.axes[2])) - set(lit["input"]))
        else:
            lit["output"] = self._readers(subject, channel, focus.cell)
        for part, grid in self.grids.items():
            mark = focus.cell if part == focus.part else None
            grid.set_lit(lit[part], mark, echoes if part == "input" else ())
        self.focus_changed.emit()

    def _in_view(self, rows: range | tuple[int, ...], columns: range | tuple[int, ...]) -> list[Cell]:
        assert self._views is not None
        down, across = self._views
        return list(product([row for row in rows if row in down.inputs], [each for each in columns if each in across.inputs]))

    @staticmethod
    def _at_the_edge(subject: Subject, cell: Cell) -> bool:
        return any(
            slide.cells(at).start < 0 or slide.cells(at)[-1] >= slide.length
            for slide, at in zip(subject.slides, cell, strict=True)
        )

    def _readers(self, subject: Subject, channel: int, place: Cell) -> list[Cell]:
        """The output cells in view that read a place of the padded input."""
        assert self._views is not None
        _, height, width = subject.picture.shape
        if 0 <= place[0] < height and 0 <= place[1] < width:
            axes = read_by(subject.layer, subject.picture.shape, (channel, *place)).axes
        else:
            axes = tuple(tuple(readers(slide, at)[1]) for slide, at in zip(subject.slides, place, strict=True))
        (rows, columns), (down, across) = axes, self._views
        return list(product([row for row in rows if row in down.outputs], [each for each in columns if each in across.outputs]))

    # --- what the user does

    def moved_to(self, cell: Cell) -> SceneState:
        """The state with the window on output `cell`, nothing pinned, and the lens where the window can be seen."""
        subject = self._subject
        assert subject is not None and self._views is not None
        self._hovered = self._walked = None  # a hand that rests is not looked at any more
        around = [*self._around(subject)]
        for axis, (shown, slide) in enumerate(zip(self._views, subject.slides, strict=True)):
            if followed(shown, slide, cell[axis]):
                around[axis] = cell[axis]
        return msgspec.structs.replace(self._state, cell=Place(*cell), around=Place(*around), pin=None)

    def _pointed(self, part: Part, cell: Cell | None) -> None:
        self._hovered = None if cell is None else Focus(part, cell)
        if cell is not None:
            self._walked = None
        if self._state.pin is None and not self._playing:
            self._light()

    def _walked_to(self, part: Part, cell: Cell) -> None:
        self._hovered = None
        if part == "output":
            self._walked = None
            self.edited.emit(self.moved_to(cell))
            return
        self._walked = Focus(part, cell)
        state = msgspec.structs.replace(self._state, pin=None)
        if part == "input" and not self._sheets["input"].holds(cell):
            rows, columns = self._steps_to(cell)
            state = self._looking(rows, columns, state)
        if state != self._state:
            self.edited.emit(state)
        self._light()

    def _steps_to(self, cell: Cell) -> Cell:
        """By how many outputs the lens has to move until an input cell is in view."""
        assert self._subject is not None and self._views is not None
        steps = []
        for shown, slide, at in zip(self._views, self._subject.slides, cell, strict=True):
            short = min(0, at - shown.inputs.start) + max(0, at - shown.inputs.stop + 1)
            steps.append(-(-short // slide.stride) if short > 0 else short // slide.stride)
        return steps[0], steps[1]

    def _pinned(self, part: Part, cell: Cell) -> None:
        """Pin a cell; the one that is pinned already is freed."""
        pin = Pin(part, *cell)
        self._walked = None
        if pin == self._state.pin:
            self.free()
        elif part == "output":
            self.edited.emit(msgspec.structs.replace(self._state, cell=Place(*cell), around=self._place_of_lens(), pin=pin))
        else:
            self.edited.emit(msgspec.structs.replace(self._state, pin=pin))

    def _place_of_lens(self) -> Place:
        """The lens stays where it is, whatever cell is chosen in it."""
        assert self._subject is not None
        return Place(*self._around(self._subject))

    @Slot()
    def free(self) -> None:
        """Nothing is pinned any more."""
        self._walked = None
        if self._state.pin is not None:
            self.edited.emit(msgspec.structs.replace(self._state, pin=None))
        self._light()

    def _shifted(self, part: Part, rows: int, columns: int) -> None:
        """The lens moves by cells of the grid that was turned."""
        if self._subject is None:
            return
        if part == "input":
            down, across = self._subject.slides
            rows, columns = (_toward(rows, down.stride), _toward(columns, across.stride))
        if part != "filter":
            state = self._looking(rows, columns, self._state)
            if state != self._state:
                self._hovered = None
                self.edited.emit(state)

    def _looking(self, rows: int, columns: int, state: SceneState) -> SceneState:
        """The lens moved by so many outputs. It is counted from where it stands, not from beyond an edge."""
        assert self._subject is not None and self._views is not None
        around = []
        for shown, slide, step in zip(self._views, self._subject.slides, (rows, columns), strict=True):
            middle = shown.outputs.start + len(shown.outputs) // 2
            around.append(min(max(middle + step, 0), slide.outputs - 1))
        return msgspec.structs.replace(state, around=Place(*around))

    @Slot(int, int)
    def _look_at(self, row: int, column: int) -> None:
        """The lens moves around a cell of the picture."""
        if self._subject is None:
            return
        around = []
        for slide, at in zip(self._subject.slides, (row, column), strict=True):
            output = (at + slide.before - slide.span // 2) // slide.stride
            around.append(min(max(output, 0), slide.outputs - 1))
        self.edited.emit(msgspec.structs.replace(self._state, around=Place(*around)))

    @Slot(int)
    def zoom(self, notches: int) -> None:
        """Nearer, with fewer cells in view, or farther."""
        if self._subject is None:
            return
        longest = min(MOST_LENS, max(slide.padded for slide in self._subject.slides))
        lens = min(self._lens, longest) - notches * ZOOM_STEP
        lens = min(max(lens, LEAST_LENS), max(longest, LEAST_LENS))
        if lens != self._state.lens:
            self.edited.emit(msgspec.structs.replace(self._state, lens=lens))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.free()
        else:
            super().keyPressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._pointed("output", None)

    # --- words

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        names = {"input": self.tr("Input"), "filter": self.tr("Filter"), "output": self.tr("Output")}
        tips = {
            "input": self.tr(
                "Point at a cell to see every output cell that reads it. Drag or turn the wheel to move the lens."
            ),
            "filter": self.tr("Point at a weight to see every input cell that it touches."),
            "output": self.tr("Point at a cell to see the window that it is computed from. Click to pin, Esc to free."),
        }
        for part, grid in self.grids.items():
            grid.setAccessibleName(names[part])
            self._titles[part].setToolTip(tips[part])
        self._signs[0].setToolTip(self.tr("Cross-correlation: the filter is laid on, not flipped."))
        self.overview.setAccessibleName(self.tr("The whole picture"))
        self.overview.setToolTip(self.tr("The whole picture. Click or drag to move the lens."))
        self._write_titles()

    def _write_titles(self) -> None:
        subject = self._subject
        if subject is None:
            return
        down, across = subject.slides
        if down.padded * across.padded > down.length * across.length:
            text = self.tr("Input + padding ({rows} × {columns})")
        else:
            text = self.tr("Input ({rows} × {columns})")
        self._title("input", text.format(rows=down.padded, columns=across.padded))
        height, width = subject.layer.kernel
        short = f"({height} × {width})"
        self._title("filter", self.tr("Filter ({rows} × {columns})").format(rows=height, columns=width), short)
        rows, columns = subject.outputs
        text = self.tr("Output, map {number} ({rows} × {columns})")
        if subject.layer.out_channels == 1:
            text = self.tr("Output ({rows} × {columns})")
        self._title("output", text.format(number=subject.channel, rows=rows, columns=columns), f"({rows} × {columns})")

    def _title(self, part: Part, text: str, short: str = "") -> None:
        """`short` is the size alone, for a grid of few and small cells."""
        label = self._titles[part]
        measure = label.fontMetrics()
        if measure.horizontalAdvance(text) > label.width():
            text = measure.elidedText(short or text, Qt.TextElideMode.ElideRight, label.width())
        if label.text() != text:
            label.setText(text)

    def read_out(self) -> str:
        """What is looked at, in words."""
        focus, subject = self.focus, self._subject
        if focus is None or subject is None:
            return ""
        value = self.value(focus)
        figure = "" if value is None else f" = {texts(np.array([value]), 4)[0]}"
        row, column = focus.cell
        if focus.part == "output":
            pinned = self._state.pin is not None and not self._playing
            text = self.tr("Cell ({row}, {column}), pinned") if pinned else self.tr("Cell ({row}, {column})")
            return text.format(row=row, column=column)
        if focus.part == "filter":
            text = self.tr("Weight ({row}, {column}){value}: lies on {count} input cells here")
            count = len(self.grids["input"].lit)
        else:
            text = self.tr("Input ({row}, {column}){value}: read by {count} output cells here")
            count = len(self.grids["output"].lit)
        return text.format(row=row, column=column, value=figure, count=count)

    def centre_of(self, focus: Focus) -> QPoint:
        """Where a cell in view stands, in the scene's coordinates."""
        grid = self.grids[focus.part]
        return grid.mapTo(self, grid.place(focus.cell).center())


def _toward(cells: int, stride: int) -> int:
    """Input cells as output cells, away from zero: the smallest turn of a wheel moves the lens."""
    return -(-cells // stride) if cells > 0 else cells // stride
