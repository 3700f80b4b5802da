"""The scene: input with its padding, filter and output as three grids of numbers to one scale, linked cell to cell.

Hides which part of a large picture is in view and which cells belong together. It shows a `Subject` (the layer and its numbers)
as a `SceneState` says, and asks for another state with `edited`. What is under the pointer is not part of the state. Called by
the scene card.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import msgspec
from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from engine.figures import typeset
from engine.layers.kinds.pooling import MaxPooling, Pooling
from engine.layers.kinds.transposed import Transposed
from gui.labs.convolution.cell.lens import View, Views, followed, view
from gui.labs.convolution.cell.linked_grids import LinkedGrids
from gui.labs.convolution.cell.overview import Overview
from gui.labs.convolution.cell.scene_layout import (
    BESIDE_TITLE_PX,
    LARGEST_PX,
    LENSES,
    SIGN_PX,
    SceneLayout,
    TitleRoom,
    layout_for,
)
from gui.labs.convolution.cell.sheets import belonging, sheets
from gui.labs.convolution.state import LEAST_LENS, MOST_LENS, OutputPlace, Pin, SceneGrid, SceneState
from gui.labs.convolution.subject import Subject
from gui.shell.theme import set_role
from gui.widgets.figures.written_numbers import number_text
from gui.widgets.grids.grid_menu import grid_menu
from gui.widgets.grids.sheet import TITLE_PX, GridCell, Sheet
from gui.widgets.grids.table_data import Table, table_of
from gui.widgets.labels import set_text
from gui.widgets.pictures.picture_files import image_of

OVERVIEW = QSize(132, 132)
OVERVIEW_CELLS = 264  # pixels of its image: more would take a frame and could not be seen
ZOOM_STEP = 2
PARTS: tuple[SceneGrid, ...] = ("input", "filter", "output")


class Focus(NamedTuple):
    """A cell of one of the grids."""

    part: SceneGrid
    cell: GridCell


class Scene(LinkedGrids[SceneGrid]):
    weight_typed = Signal(object, float)  # the cell of the filter that gets a new value

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(PARTS, parent)
        self._hovered: Focus | None = None
        self._walked: Focus | None = None  # the cell of the input or the filter that the arrow keys have reached
        self._playing = False
        self._layout = SceneLayout(LENSES[0], LARGEST_PX, {})
        self._views: Views | None = None
        self._made_of: tuple[object, ...] = ()
        self._sheets: dict[SceneGrid, Sheet] = {}
        self._rooms: dict[SceneGrid, TitleRoom] = {}
        for part, grid in self.grids.items():
            grid.zoomed.connect(self.zoom)
            grid_menu(grid, self._titles[part].text, table=partial(self.table, part))
        self.grids["filter"].set_editable(True)
        self.grids["filter"].typed.connect(self.weight_typed)
        self._signs = [self._sign("⊛"), self._sign("=")]
        self.overview = Overview(self)
        self.overview.moved.connect(self._look_at)
        self.overview.shifted.connect(lambda rows, columns: self._shifted("input", rows, columns))
        self.retranslate()

    # --- what is shown

    def show_scene(self, subject: Subject, state: SceneState, *, playing: bool = False) -> None:
        """Show `subject` as `state` says, which must fit it; nothing is emitted but `focus_changed`."""
        if self._subject is None or subject.picture is not self._subject.picture:
            _, height, width = subject.picture.shape
            self.overview.set_image(image_of(subject.picture, OVERVIEW_CELLS), QSize(width, height))
        if not subject.same_place(self._subject):
            self._walked = None
            self._hovered = None
        self._subject, self._state, self._playing = subject, state, playing
        self._arrange()
        self._light()

    @property
    def focus(self) -> Focus | None:
        """The cell that is looked at: while playing the window's, else the pinned one, the one under the pointer, or the one
        that the arrow keys have reached."""
        if self._subject is None:
            return None
        window = Focus("output", self._subject.cell(self._state))
        if self._playing:
            return window
        if (pin := self._state.pin) is not None:
            return Focus(pin.part, (pin.row, pin.column))
        return self._hovered or self._walked or window

    @property
    def cell(self) -> GridCell | None:
        """The output cell whose arithmetic is shown."""
        focus = self.focus
        if focus is None or self._subject is None:
            return None
        return focus.cell if focus.part == "output" else self._subject.cell(self._state)

    @property
    def partial(self) -> bool:
        """Whether only a part of the input is in view."""
        if self._subject is None or self._views is None:
            return False
        pairs = zip(self._views, self._subject.tracks, strict=True)
        return any(len(each.inputs) < len(track.drawn_inputs) for each, track in pairs)

    @property
    def lens(self) -> int:
        """The number of cells along the lens."""
        return self._layout.lens

    def value(self, focus: Focus) -> float | None:
        """The value of a cell in view."""
        sheet = self._sheets.get(focus.part)
        return sheet.value(focus.cell) if sheet is not None and sheet.holds(focus.cell) else None

    def table(self, part: SceneGrid) -> Table:
        """All of a grid's numbers, also those out of view."""
        assert self._subject is not None
        down, across = self._subject.tracks
        whole = View(down.drawn_outputs, down.drawn_inputs), View(across.drawn_outputs, across.drawn_inputs)
        return table_of(sheets(self._subject, self._state.source, whole)[part], self._titles[part].text())

    # --- where everything is

    def _arrange(self) -> None:
        subject = self._subject
        if subject is None:
            return
        layout = self._layout = layout_for(subject, self.width(), self.height(), self._state.lens)
        row, column = self._around(subject)
        down, across = subject.tracks
        self._views = (view(down, row, layout.lens), view(across, column, layout.lens))
        self._make_sheets(subject)
        for part, sheet in self._sheets.items():
            self.grids[part].set_sheet(sheet, layout.px)
        for part in PARTS:
            for widget in (self.grids[part], self._titles[part]):
                widget.setVisible(part in self._sheets)
        self._place_grids(layout)
        self.overview.set_frame(self._views[0].inputs, self._views[1].inputs)
        self._write_titles()

    def _around(self, subject: Subject) -> GridCell:
        around = self._state.around
        return subject.cell(self._state) if around is None else (around.row, around.column)

    def _place_grids(self, layout: SceneLayout) -> None:
        """Put the grids side by side and in the middle, the overview at their left where there is room for it."""
        sizes, px = layout.sizes, layout.px
        small = self.overview.size_within(OVERVIEW)
        spare = self.width() - layout.width
        roomy = self.partial and spare >= small.width() + SIGN_PX + 16
        self.overview.setVisible(roomy)
        left = spare // 2
        middle = TITLE_PX + (self.height() - TITLE_PX) // 2
        if roomy:
            left = (spare - small.width() - SIGN_PX) // 2
            self.overview.setGeometry(left, middle - small.height() // 2, small.width(), small.height())
            left += small.width() + SIGN_PX
        for number, (part, (rows, columns)) in enumerate(sizes.items()):
            top = middle - rows * px // 2
            self.grids[part].move(left, top)
            right = left + columns * px
            end = self.width() if part == "output" else right + BESIDE_TITLE_PX
            self._rooms[part] = TitleRoom(max(0, left - BESIDE_TITLE_PX), (left + right) // 2, end, top - TITLE_PX)
            left = right
            if number < len(self._signs):
                self._signs[number].setGeometry(left, middle - 16, SIGN_PX, 32)
                self._signs[number].setVisible(number < len(sizes) - 1)
            left += SIGN_PX

    def _make_sheets(self, subject: Subject) -> None:
        assert self._views is not None
        made_of = (subject, self._state.source, self._views)
        if made_of == self._made_of:
            return
        self._made_of = made_of
        self._sheets = sheets(subject, self._state.source, self._views)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    # --- what belongs together

    def _light(self) -> None:
        """Light the cells of all grids that belong to the focus."""
        subject, focus = self._subject, self.focus
        if subject is None or focus is None or self._views is None:
            return
        lit, echoes = belonging(subject, self._state.source, focus.part, focus.cell, self._views)
        for part, grid in self.grids.items():
            mark = focus.cell if part == focus.part else None
            grid.set_lit(lit.get(part, ()), mark, echoes if part == "input" else ())
        self.focus_changed.emit()

    # --- what the user does

    def moved_to(self, cell: GridCell) -> SceneState:
        """The state with the window at output `cell`, nothing pinned, and the lens moved where the window would be out of
        view."""
        subject = self._subject
        assert subject is not None and self._views is not None
        self._hovered = self._walked = None  # the pointer rests: its cell is not looked at any more
        around = [*self._around(subject)]
        for axis, (shown, track) in enumerate(zip(self._views, subject.tracks, strict=True)):
            if followed(shown, track, cell[axis]):
                around[axis] = cell[axis]
        return msgspec.structs.replace(self._state, cell=OutputPlace(*cell), around=OutputPlace(*around), pin=None)

    def _own(self, part: SceneGrid, cell: GridCell | None) -> bool:
        """Whether the layer has such a cell: what a transposed convolution's padding cuts away is drawn, but is no output."""
        if cell is None or self._subject is None or part != "output":
            return cell is not None
        down, across = self._subject.tracks
        return cell[0] in down.outputs and cell[1] in across.outputs

    def _pointed(self, part: SceneGrid, cell: GridCell | None) -> None:
        cell = cell if self._own(part, cell) else None
        self._hovered = None if cell is None else Focus(part, cell)
        if cell is not None:
            self._walked = None
        if self._state.pin is None and not self._playing:
            self._light()

    def _walked_to(self, part: SceneGrid, cell: GridCell) -> None:
        self._hovered = None
        if part == "output":
            self._walked = None
            if self._own(part, cell):
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

    def _steps_to(self, cell: GridCell) -> GridCell:
        """By how many outputs the lens has to move to bring an input cell into view."""
        assert self._subject is not None and self._views is not None
        steps = []
        for shown, track, at in zip(self._views, self._subject.tracks, cell, strict=True):
            short = min(0, at - shown.inputs.start) + max(0, at - shown.inputs.stop + 1)
            steps.append(track.outputs_along(short))
        return steps[0], steps[1]

    def _pinned(self, part: SceneGrid, cell: GridCell) -> None:
        """Pin a cell, or free it where it is pinned already."""
        if not self._own(part, cell):
            return
        pin = Pin(part, *cell)
        self._walked = None
        if pin == self._state.pin:
            self.free()
        elif part == "output":
            around = self._around_of_lens()
            self.edited.emit(msgspec.structs.replace(self._state, cell=OutputPlace(*cell), around=around, pin=pin))
        else:
            self.edited.emit(msgspec.structs.replace(self._state, pin=pin))

    def _around_of_lens(self) -> OutputPlace:
        """The output that the lens is around: it stays there, whichever cell is chosen in it."""
        assert self._subject is not None
        return OutputPlace(*self._around(self._subject))

    @Slot()
    def free(self) -> None:
        """Free the pinned cell."""
        self._walked = None
        if self._state.pin is not None:
            self.edited.emit(msgspec.structs.replace(self._state, pin=None))
        self._light()

    def _shifted(self, part: SceneGrid, rows: int, columns: int) -> None:
        """Move the lens by cells of the grid on which the wheel was turned."""
        if self._subject is None:
            return
        if part == "input":
            down, across = self._subject.tracks
            rows, columns = down.outputs_along(rows), across.outputs_along(columns)
        if part != "filter":
            state = self._looking(rows, columns, self._state)
            if state != self._state:
                self._hovered = None
                self.edited.emit(state)

    def _looking(self, rows: int, columns: int, state: SceneState) -> SceneState:
        """`state` with the lens moved by (`rows`, `columns`) outputs from where it is, not from beyond an edge."""
        assert self._subject is not None and self._views is not None
        around = []
        for shown, track, step in zip(self._views, self._subject.tracks, (rows, columns), strict=True):
            middle = shown.outputs.start + len(shown.outputs) // 2
            around.append(min(max(middle + step, 0), len(track.outputs) - 1))
        return msgspec.structs.replace(state, around=OutputPlace(*around))

    @Slot(int, int)
    def _look_at(self, row: int, column: int) -> None:
        """Move the lens around a cell of the picture."""
        if self._subject is None:
            return
        down, across = self._subject.tracks
        around = OutputPlace(down.output_over(row), across.output_over(column))
        self.edited.emit(msgspec.structs.replace(self._state, around=around))

    @Slot(int)
    def zoom(self, notches: int) -> None:
        """Zoom in, with fewer cells in view, or out."""
        if self._subject is None:
            return
        longest = min(MOST_LENS, max(len(track.drawn_inputs) for track in self._subject.tracks))
        lens = min(self.lens, longest) - notches * ZOOM_STEP
        lens = min(max(lens, LEAST_LENS), max(longest, LEAST_LENS))
        if lens != self._state.lens:
            self.edited.emit(msgspec.structs.replace(self._state, lens=lens))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._pointed("output", None)

    # --- words

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
            how = () if grid.editing is None else (grid.editing.hint(),)
            self._titles[part].setToolTip("\n".join((tips[part], *how)))
        self.overview.setAccessibleName(self.tr("The whole picture"))
        self.overview.setToolTip(self.tr("The whole picture. Click or drag to move the lens."))
        self._write_titles()

    def _write_titles(self) -> None:
        subject = self._subject
        if subject is None:
            return
        down, across = subject.tracks
        rows, columns = len(down.drawn_inputs), len(across.drawn_inputs)
        if rows * columns > len(down.inputs) * len(across.inputs):
            text = self.tr("Input + padding ({rows} × {columns})")
        else:
            text = self.tr("Input ({rows} × {columns})")
        self._title("input", text.format(rows=rows, columns=columns), f"({rows} × {columns})")
        rows, columns = subject.kernel
        text = self.tr("Filter, flipped ({rows} × {columns})") if subject.flipped else self.tr("Filter ({rows} × {columns})")
        self._title("filter", text.format(rows=rows, columns=columns), f"({rows} × {columns})")
        rows, columns = subject.outputs
        if subject.activated:
            text = self.tr("Activation map {number} ({rows} × {columns})")
        elif subject.maps == 1:
            text = self.tr("Output ({rows} × {columns})")
        else:
            text = self.tr("Output, map {number} ({rows} × {columns})")
        self._title("output", text.format(number=subject.channel, rows=rows, columns=columns), f"({rows} × {columns})")
        self._write_sign(subject)

    def _write_sign(self, subject: Subject) -> None:
        """Write the operator between input and output."""
        match subject.layer:
            case MaxPooling():
                text, tip = self.tr("max"), self.tr("The largest value of the window.")
            case Pooling():
                text, tip = self.tr("mean"), self.tr("The mean of the window's values.")
            case Transposed():
                text = "⊛"
                tip = self.tr(
                    "Each input cell puts down the filter, times its value; where filters overlap, the products add up."
                )
            case _ if subject.flipped:
                text, tip = "∗", self.tr("Convolution: the filter is flipped along every axis, then laid on.")
            case _:
                text, tip = "⊛", self.tr("Cross-correlation: the filter is laid on, not flipped.")
        sign = self._signs[0]
        set_text(sign, text)
        sign.setToolTip(tip)
        role = "muted" if subject.pools else "sign"
        if sign.property("role") != role:
            set_role(sign, role)

    def _title(self, part: SceneGrid, text: str, short: str = "") -> None:
        """Write a title; `short`, the size alone, is for a grid with few and small cells."""
        label, room = self._titles[part], self._rooms.get(part)
        if room is None:
            return
        measure = label.fontMetrics()
        if measure.horizontalAdvance(text) > room.width:
            text = measure.elidedText(short or text, Qt.TextElideMode.ElideRight, room.width)
        if label.text() != text:
            label.setText(text)
        width = min(measure.horizontalAdvance(text) + 2, room.width)
        label.setGeometry(room.left(width), room.top, width, TITLE_PX - 2)

    def read_out(self) -> str:
        """The cell that is looked at, in words."""
        focus, subject = self.focus, self._subject
        if focus is None or subject is None:
            return ""
        row, column = (typeset(str(at)) for at in focus.cell)
        if focus.part == "output":
            pinned = self._state.pin is not None and not self._playing
            text = self.tr("Cell ({row}, {column}), pinned") if pinned else self.tr("Cell ({row}, {column})")
            return text.format(row=row, column=column)
        if focus.part == "filter":
            text = self.tr("Weight ({row}, {column}){value}: meets {count} input cells here")
            count = len(self.grids["input"].lit)
        else:
            text = self.tr("Input ({row}, {column}){value}: read by {count} output cells here")
            count = len(self.grids["output"].lit | self.grids["output"].echoes)  # also those that pass no gradient back
        return text.format(row=row, column=column, value=self._figure(focus), count=count)

    def _figure(self, focus: Focus) -> str:
        """The number of a cell of the input or the filter, behind the cell's name; nothing where it has none."""
        value = self.value(focus)
        text = "" if value is None else number_text(value)
        return f" = {text}" if text else ""
