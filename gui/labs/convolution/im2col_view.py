"""The im2col view of a cell: the input, the rows of the matrix around the cell, the filter as a column and the output as one,
linked number to number.

A row of the matrix is the window of an output cell, laid out in a line; an input cell stands in as many rows as there are
windows over it. Hides which piece of the matrix is in view and which of its numbers belong together; the matrix is
`engine.unrolled`'s. The lab gives it a `Subject` and a `SceneState` that fit each other and takes edited states back.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from engine.colours import diverging, viridis
from engine.layers.convolution import Conv2d
from engine.layers.pooling import AvgPool2d, MaxPool2d, Pooling
from engine.unrolled import Matrix, Spots, filter_column
from gui.labs.convolution.formulas import OneLine
from gui.labs.convolution.lens import Track, View, followed, view
from gui.labs.convolution.sheets import belonging, input_sheet
from gui.labs.convolution.state import Pin, Place, SceneState
from gui.labs.convolution.subject import Subject
from gui.shell.theme import set_role
from gui.widgets.headings import LINE_PX, Headings
from gui.widgets.labels import set_text
from gui.widgets.number_grid import Cell, NumberGrid, Sheet, texts

TITLE_PX = 20
FOOT_PX = 20
ARROW_PX, SIGN_PX = 44, 28
LARGEST_PX, SMALLEST_PX = 32, 18  # of a cell; smaller ones have no figures
READABLE_PX = 24
LENSES = (9, 7, 5, 3)
MOST_ROWS = 9
MOST_COLUMNS = 48
SHARE = 0.34  # of the width that the input may have at most

Block = Literal["input", "matrix", "filter", "output"]
BLOCKS: tuple[Block, ...] = ("input", "matrix", "filter", "output")


class Room(NamedTuple):
    """How much is in view: pixels of a cell, the lens over the input and its own pixels, and rows and columns of the matrix."""

    px: int
    lens: int
    input_px: int
    rows: int
    columns: int


class Looked(NamedTuple):
    """What is looked at: a cell of one of the blocks, those of columns and of the output as (row, column) of the matrix."""

    block: Block
    cell: Cell


class Im2colView(QWidget):
    edited = Signal(object)  # the SceneState that the user has asked for
    focus_changed = Signal()  # another cell is looked at

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(320, 150)
        self._subject: Subject | None = None
        self._state = SceneState()
        self._matrix: Matrix | None = None
        self._room = Room(SMALLEST_PX, LENSES[0], SMALLEST_PX, 1, 1)
        self._first_row = 0
        self._first_column = 0
        self._around: Cell = (0, 0)
        self._source = 0  # the input channel that is shown: the state's, or that of the number under the hand
        self._looked: Looked | None = None
        self._spots: Spots | None = None
        self._views: tuple[View, View] | None = None
        self._made_of: tuple[object, ...] = ()
        self.grids: dict[Block, NumberGrid] = {}
        self._titles: dict[Block, QLabel] = {}
        for block in BLOCKS:
            grid, title = NumberGrid(self), QLabel(self)
            set_role(title, "title")
            title.setAlignment(Qt.AlignmentFlag.AlignCenter)
            grid.pointed.connect(lambda cell, block=block: self._pointed(block, cell))
            grid.walked.connect(lambda cell, block=block: self._walked_to(block, cell))
            grid.pinned.connect(lambda cell, block=block: self._pinned(block, cell))
            grid.shifted.connect(lambda rows, columns, block=block: self._shifted(block, rows, columns))
            grid.freed.connect(self.free)
            self.grids[block], self._titles[block] = grid, title
        self.rows, self.columns = Headings(Qt.Orientation.Vertical, self), Headings(Qt.Orientation.Horizontal, self)
        self._signs = [QLabel(self) for _ in range(3)]
        for sign in self._signs:
            sign.setAlignment(Qt.AlignmentFlag.AlignCenter)
            set_role(sign, "sign")
        self.meaning = OneLine("muted")
        self.meaning.setParent(self)
        self.setFocusProxy(self.grids["matrix"])
        self.retranslate()

    # --- what is shown

    def show_view(self, subject: Subject, state: SceneState) -> None:
        """Show `subject` as `state`, which fits it, says; nothing is emitted but `focus_changed`."""
        if not subject.same_place(self._subject) or self._matrix is None or subject.channel != self._matrix.channel:
            self._looked = None
            self._matrix = Matrix(subject.layer, subject.values_CHW, subject.channel)
            self._first_row = self._first_column = 0
            self._around = subject.cell(state)
            self._source = -1
        moved = state.source != self._state.source or self._source < 0
        self._subject, self._state = subject, state
        self._room = self._fitting(subject, self._matrix)
        if moved or self._looked is None or state.pin is not None:
            self._source = state.source
        if moved:
            self._first_column = state.source * self._matrix.kernel[0] * self._matrix.kernel[1]
        self._arrange()
        self._light()

    @property
    def subject(self) -> Subject | None:
        return self._subject

    @property
    def cell(self) -> Cell | None:
        """The output cell whose arithmetic is shown."""
        looked = self.looked
        if looked is None or self._subject is None or self._matrix is None:
            return None
        if looked.block in ("matrix", "output"):
            return self._matrix.output(looked.cell[0])
        return self._subject.cell(self._state)

    @property
    def looked(self) -> Looked | None:
        """What is pinned, under the hand, or the window's row."""
        if self._subject is None or self._matrix is None:
            return None
        row = self._matrix.row(self._subject.cell(self._state))
        pin = self._state.pin
        if pin is None:
            return self._looked or Looked("output", (row, 0))
        if pin.part == "input":
            return Looked("input", (pin.row, pin.column))
        if pin.part == "filter" and not self._subject.pools:
            return Looked("filter", (self._matrix.column((self._state.source, pin.row, pin.column)), 0))
        return Looked("output", (row, 0))

    @property
    def rows_in_view(self) -> range:
        return range(self._first_row, self._first_row + self._room.rows)

    @property
    def columns_in_view(self) -> range:
        return range(self._first_column, self._first_column + self._room.columns)

    # --- where everything stands

    def _fitting(self, subject: Subject, matrix: Matrix) -> Room:
        """The largest cells at which a whole channel of the filter and a piece of the input fit; else the smallest."""
        rows, columns = matrix.shape
        window = matrix.kernel[0] * matrix.kernel[1]
        high = self.height() - TITLE_PX - FOOT_PX - 2 * LINE_PX
        found = None
        for px in range(LARGEST_PX, SMALLEST_PX - 1, -1):
            for lens in LENSES:
                down, across = (len(view(track, at, lens).inputs) for track, at in self._middles(subject))
                input_px = min(px, high // down, int(self.width() * SHARE) // across)
                wide = self.width() - across * input_px - self._fixed_px(subject, matrix)
                fitting = min(columns, wide // px - (1 if subject.pools else 2), MOST_COLUMNS)
                if not subject.pools:
                    fitting = min(fitting, high // px)  # the filter stands upright
                if fitting >= window:
                    fitting -= fitting % window  # whole channels
                room = Room(px, lens, max(2, input_px), max(1, min(rows, high // px, MOST_ROWS)), max(1, fitting))
                whole = fitting >= min(window, columns)
                if whole and (input_px == px or lens == LENSES[-1]):
                    return room
                if found is None or (px >= READABLE_PX and not whole and lens >= LENSES[1]):
                    found = room
        assert found is not None
        return found

    @staticmethod
    def _middles(subject: Subject) -> tuple[tuple[Track, int], ...]:
        return tuple((track, track.outputs[len(track.outputs) // 2]) for track in subject.tracks)

    def _fixed_px(self, subject: Subject, matrix: Matrix) -> int:
        """Of the width, what is no cell."""
        signs = ARROW_PX if subject.pools else 2 * SIGN_PX
        return ARROW_PX + signs + Headings.width_for([self._row_text(matrix, matrix.shape[0] - 1)]) + 4

    @staticmethod
    def _row_text(matrix: Matrix, row: int) -> str:
        down, across = matrix.output(row)
        return f"({down}, {across})"

    def _arrange(self) -> None:
        subject, matrix = self._subject, self._matrix
        if subject is None or matrix is None:
            return
        room = self._room
        rows, columns = matrix.shape
        row = matrix.row(subject.cell(self._state))
        edge = int(room.rows > 2)
        if not self._first_row + edge <= row < self._first_row + room.rows - edge:
            self._first_row = row - room.rows // 2
        self._first_row = min(max(self._first_row, 0), rows - room.rows)
        pin = self._state.pin
        if pin is not None and pin.part == "filter" and not subject.pools:
            column = matrix.column((self._state.source, pin.row, pin.column))
            if column not in self.columns_in_view:
                self._first_column = column - room.columns // 2
        self._first_column = min(max(self._first_column, 0), columns - room.columns)
        cell = subject.cell(self._state)
        around = [*self._around]
        for axis, track in enumerate(subject.tracks):
            shown = view(track, around[axis], room.lens)
            if around[axis] not in track.outputs or followed(shown, track, cell[axis]):
                around[axis] = cell[axis]
        self._around = (around[0], around[1])
        down, across = subject.tracks
        self._views = (view(down, around[0], room.lens), view(across, around[1], room.lens))
        self._make_sheets(subject, matrix)
        self._write_titles()
        self._place(subject, matrix)

    def _make_sheets(self, subject: Subject, matrix: Matrix) -> None:
        assert self._views is not None
        rows, columns, room = self.rows_in_view, self.columns_in_view, self._room
        made_of = (subject, self._source, self._views, rows, columns, room)
        if made_of == self._made_of:
            return
        self._made_of = made_of
        whole = matrix.shape
        self.grids["input"].set_sheet(input_sheet(subject, self._source, self._views), room.input_px)
        self._spots = matrix.spots(rows, columns)
        values, outside, kept = self._numbers(subject, matrix, self._spots)
        first, extent = (rows.start, columns.start), (0, 0, *whole)
        low, high = subject.input_ends
        sheet = Sheet(values, first, extent, viridis(), low, high, padding_HW=outside, padding_is_zero=not kept)
        self.grids["matrix"].set_sheet(sheet, room.px)
        if isinstance(subject.layer, Pooling):
            results = matrix.results(rows)
        else:
            assert subject.filters is not None
            column = filter_column(matrix, subject.filters)[:, None]
            results = matrix.results(rows, column) + float(subject.filters.bias_O[subject.channel])
            most = float(np.abs(column).max()) or 1.0
            shown = column[columns.start : columns.stop].astype(np.float64)
            sheet = Sheet(shown, (columns.start, 0), (0, 0, whole[1], 1), diverging(), -most, most)
            self.grids["filter"].set_sheet(sheet, room.px)
        ends = subject.ends if subject.ends is not None and not subject.activated else None
        low, high = ends or (float(results.min()), float(results.max()))
        self.grids["output"].set_sheet(Sheet(results, (rows.start, 0), (0, 0, whole[0], 1), viridis(), low, high), room.px)
        self.rows.set_headings([self._row_text(matrix, row) for row in rows], room.px)
        weights = [matrix.weight(column) for column in columns]
        names = [
            (number, subject.names[weight[0]])
            for number, weight in enumerate(weights)
            if len(subject.names) > 1 and (number == 0 or weights[number - 1][0] != weight[0])
        ]
        self.columns.set_headings([f"{down},{across}" for _, down, across in weights], room.px, names)

    @staticmethod
    def _numbers(subject: Subject, matrix: Matrix, spots: Spots) -> tuple[NDArray[np.float64], NDArray[np.bool_], bool]:
        """The block's numbers (NaN where there is no cell at all), which of them are of the padding, and whether the padding
        holds values of the input."""
        _, height, width = subject.shape
        read = subject.values_CHW[spots.channel, spots.source_row.clip(0), spots.source_column.clip(0)].astype(np.float64)
        inside = (spots.row >= 0) & (spots.row < height) & (spots.column >= 0) & (spots.column < width)
        layer = subject.layer
        if isinstance(layer, MaxPool2d):
            read[spots.empty] = -np.inf
        else:
            read[spots.empty] = (
                np.nan if subject.transposed or (isinstance(layer, AvgPool2d) and not layer.count_include_pad) else 0
            )
        if isinstance(layer, Pooling) and layer.ceil_mode:  # beyond the padding there is nothing
            down, across = (track.drawn_inputs for track in subject.tracks)
            beyond = (spots.row >= down.stop) | (spots.column >= across.stop)
            read[beyond] = np.nan
        return np.ascontiguousarray(read), ~inside, isinstance(layer, Conv2d) and layer.padding_mode != "zeros"

    def _place(self, subject: Subject, matrix: Matrix) -> None:
        """From left to right, in the middle of the room."""
        room = self._room
        sizes = {block: self.grids[block].sizeHint() for block in BLOCKS}
        headings = Headings.width_for([self._row_text(matrix, matrix.shape[0] - 1)])
        total = sum(sizes[block].width() for block in BLOCKS if block != "filter" or not subject.pools)
        last = ARROW_PX if subject.pools else SIGN_PX  # the name of what a pool does is longer than a sign
        left = max(0, (self.width() - total - ARROW_PX - headings - last - (0 if subject.pools else SIGN_PX)) // 2)
        top, bottom = TITLE_PX, self.height() - FOOT_PX
        over = LINE_PX * (1 + bool(self.columns.names))
        tall = max(room.rows, 0 if subject.pools else room.columns) * room.px
        middle = top + over + max(tall, 0) // 2 + max(0, bottom - top - over - tall) // 2
        first, second, third = self._signs
        self._stand("input", left, max(top, min(middle, bottom - sizes["input"].height() // 2) - sizes["input"].height() // 2))
        left += sizes["input"].width()
        first.setGeometry(left, middle - 16, ARROW_PX, 32)
        left += ARROW_PX
        matrix_top = middle - sizes["matrix"].height() // 2
        self.rows.setGeometry(left, matrix_top, headings, sizes["matrix"].height())
        left += headings
        self._stand("matrix", left, matrix_top, lifted=over)
        self.columns.setGeometry(left, matrix_top - over, self.columns.sizeHint().width(), over)
        left += sizes["matrix"].width()
        shown = not subject.pools
        for widget in (self.grids["filter"], self._titles["filter"], second):
            widget.setVisible(shown)
        if shown:
            second.setGeometry(left, middle - 16, SIGN_PX, 32)
            left += SIGN_PX
            self._stand("filter", left, middle - sizes["filter"].height() // 2)
            left += sizes["filter"].width()
        third.setGeometry(left, middle - 16, last, 32)
        left += last
        self._stand("output", left, middle - sizes["output"].height() // 2)
        self.meaning.setGeometry(0, self.height() - FOOT_PX, self.width(), FOOT_PX)

    def _stand(self, block: Block, left: int, top: int, lifted: int = 0) -> None:
        grid, title = self.grids[block], self._titles[block]
        grid.move(left, top)
        wide = max(grid.width(), title.sizeHint().width() if block in ("matrix", "input") else grid.width() + 2 * SIGN_PX - 4)
        middle = left + grid.width() // 2
        title.setGeometry(max(0, middle - wide // 2), max(0, top - lifted - TITLE_PX), wide, TITLE_PX - 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._subject is not None and self._matrix is not None:
            self._room = self._fitting(self._subject, self._matrix)
            self._arrange()
            self._light()

    # --- what belongs together

    def _light(self) -> None:
        subject, matrix, looked, spots = self._subject, self._matrix, self.looked, self._spots
        if subject is None or matrix is None or looked is None or spots is None or self._views is None:
            return
        row = matrix.row(subject.cell(self._state))
        lit: dict[Block, list[Cell]] = {block: [] for block in BLOCKS}
        marks: dict[Block, Cell] = {looked.block: looked.cell}
        echoes: list[Cell] = []
        column: int | None = None
        match looked:
            case Looked("matrix", (at, column)):
                row = at
                marks["filter"] = (column, 0)
                marks["input"] = self._read_at(matrix, at, column)
            case Looked("output", (at, _)):
                row = at
            case Looked("filter", (column, _)):
                lit["matrix"] = [(each, column) for each in self.rows_in_view]
                lit["input"] = [self._read_at(matrix, each, column) for each in self.rows_in_view]
                lit["output"] = [(each, 0) for each in self.rows_in_view]
            case Looked("input", cell):
                found = self._numbers_of(spots, subject.inputs[self._source], cell)
                lit["matrix"] = [(self._first_row + y, self._first_column + x) for y, x in found]
                lit["filter"] = sorted({(at, 0) for _, at in lit["matrix"]})
                lit["output"] = sorted({(at, 0) for at, _ in lit["matrix"]})
        if looked.block in ("matrix", "output"):
            lit["matrix"] = [(row, at) for at in self.columns_in_view]
            lit["filter"] = [(at, 0) for at in self.columns_in_view]
            lit["output"] = [(row, 0)]
            windows, echoes = belonging(subject, self._source, "output", matrix.output(row), self._views)
            lit["input"] = windows["input"]
        for block, grid in self.grids.items():
            grid.set_lit(lit[block], marks.get(block), echoes if block == "input" else ())
        self.rows.set_lit([at - self._first_row for at, _ in lit["output"]])
        self.columns.set_lit([] if column is None else [column - self._first_column])
        self._write_meaning(subject, matrix, looked)
        self.focus_changed.emit()

    @staticmethod
    def _read_at(matrix: Matrix, row: int, column: int) -> Cell:
        spots = matrix.spots([row], [column])
        return int(spots.row[0, 0]), int(spots.column[0, 0])

    @staticmethod
    def _numbers_of(spots: Spots, channel: int, cell: Cell) -> list[Cell]:
        """Where in the block an input cell stands, or a place of the padding."""
        here = (spots.row == cell[0]) & (spots.column == cell[1])
        value = (spots.source_row == cell[0]) & (spots.source_column == cell[1])
        found = np.argwhere((here | value) & (spots.channel == channel)).tolist()
        return [(row, column) for row, column in found]

    # --- what the user does

    def _look(self, looked: Looked | None) -> None:
        """Look at a cell; the input shows the channel of a number of the matrix."""
        self._looked = looked
        if self._subject is None or self._matrix is None or self._state.pin is not None:
            return
        source = self._state.source
        if looked is not None and looked.block == "matrix":
            source = self._matrix.weight(looked.cell[1])[0]
        elif looked is not None and looked.block == "filter":
            source = self._matrix.weight(looked.cell[0])[0]
        elif looked is not None:
            source = self._source
        if source != self._source:
            self._source = source
            self._arrange()
        self._light()

    def _pointed(self, block: Block, cell: Cell | None) -> None:
        self._look(None if cell is None else Looked(block, cell))

    def _walked_to(self, block: Block, cell: Cell) -> None:
        """Arrow keys: along the rows the window goes along; along the columns the piece in view."""
        subject, matrix = self._subject, self._matrix
        if subject is None or matrix is None:
            return
        self._looked = Looked(block, cell)
        state = msgspec.structs.replace(self._state, pin=None)
        if block in ("matrix", "output"):
            state = msgspec.structs.replace(state, cell=Place(*matrix.output(cell[0])))
        column = {"matrix": cell[1], "filter": cell[0]}.get(block)
        if column is not None:
            low, high = self.columns_in_view.start, self.columns_in_view.stop
            self._first_column += min(0, column - low) + max(0, column - high + 1)
            self._source = matrix.weight(column)[0]
        elif block == "input" and self._views is not None:
            around = [*self._around]
            for axis, (shown, track) in enumerate(zip(self._views, subject.tracks, strict=True)):
                if cell[axis] not in shown.inputs:
                    around[axis] = track.output_over(cell[axis])
            state = msgspec.structs.replace(state, cell=Place(*around)) if around != [*self._around] else state
            self._around = (around[0], around[1])
        if state != self._state:
            self.edited.emit(state)
        self._arrange()
        self._light()

    def _pinned(self, block: Block, cell: Cell) -> None:
        """Pin a cell; the one that is pinned already is freed. A number of the matrix pins its row."""
        subject, matrix = self._subject, self._matrix
        if subject is None or matrix is None:
            return
        state = self._state
        if block == "filter":
            source, *weight = matrix.weight(cell[0])
            pin = Pin("filter", *weight)
            state = msgspec.structs.replace(state, source=source)
        elif block == "input":
            pin = Pin("input", *cell)
            state = msgspec.structs.replace(state, source=self._source)
        else:
            output = matrix.output(cell[0])
            pin = Pin("output", *output)
            state = msgspec.structs.replace(state, cell=Place(*output))
        if pin == self._state.pin and state.source == self._state.source:
            self.free()
        else:
            first = self._first_column
            self.edited.emit(msgspec.structs.replace(state, pin=pin))
            self._first_column = first  # what was clicked stays where it is
            self._arrange()
            self._light()

    def free(self) -> None:
        """Nothing is pinned any more."""
        self._looked = None
        if self._state.pin is not None:
            self.edited.emit(msgspec.structs.replace(self._state, pin=None))
        self._light()

    def _shifted(self, block: Block, rows: int, columns: int) -> None:
        """A wheel or a drag: the rows move with the window, the columns by themselves."""
        subject, matrix = self._subject, self._matrix
        if subject is None or matrix is None:
            return
        if block == "filter":
            rows, columns = 0, rows
        if block == "input":
            down, across = subject.tracks
            cell = subject.cell(self._state)
            moved = (cell[0] + down.outputs_along(rows), cell[1] + across.outputs_along(columns))
            columns = 0
        else:
            row = matrix.row(subject.cell(self._state)) + rows
            moved = matrix.output(min(max(row, 0), matrix.shape[0] - 1))
        most = subject.outputs
        output = (min(max(moved[0], 0), most[0] - 1), min(max(moved[1], 0), most[1] - 1))
        state = self._state
        if columns:
            self._first_column = min(max(self._first_column + columns, 0), matrix.shape[1] - self._room.columns)
            source = matrix.weight(self.columns_in_view[self._room.columns // 2])[0]
            if source != state.source:
                state = msgspec.structs.replace(state, source=source)
        if output != subject.cell(state):
            self._looked = None
            state = msgspec.structs.replace(state, cell=Place(*output), pin=None)
        if state != self._state:
            first = self._first_column
            self.edited.emit(state)
            self._first_column = first
        self._arrange()
        self._light()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.free()
        else:
            super().keyPressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._look(None)

    # --- words

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        names: dict[Block, str] = {
            "input": self.tr("Input"),
            "matrix": self.tr("im2col matrix"),
            "filter": self.tr("Filter as a column"),
            "output": self.tr("Output as a column"),
        }
        tips: dict[Block, str] = {
            "input": self.tr("Point at a cell to see every place of the matrix where it stands."),
            "matrix": self.tr(
                "Each row is the window of an output cell, each column a weight. The wheel moves from row to row."
            ),
            "filter": self.tr("The filter's weights one below the other. Point at one to see its column of the matrix."),
            "output": self.tr("Each row times the filter. Point at a cell to see its row and its window."),
        }
        for block, grid in self.grids.items():
            grid.setAccessibleName(names[block])
            self._titles[block].setToolTip(tips[block])
        if self._subject is not None:
            self._arrange()
            self._light()

    def _write_titles(self) -> None:
        subject, matrix = self._subject, self._matrix
        assert subject is not None and matrix is not None
        rows, columns = matrix.shape
        channel = f" {subject.names[self._source]}" if len(subject.names) > 1 else ""
        set_text(self._titles["input"], self.tr("Input") + channel)
        set_text(
            self._titles["matrix"],
            self.tr("im2col matrix ({rows} × {columns})").format(rows=f"{rows:,}", columns=f"{columns:,}"),
        )
        set_text(self._titles["filter"], self.tr("Filter"))
        set_text(self._titles["output"], self.tr("Output"))
        arrow, times, equals = self._signs
        set_text(arrow, "→")
        set_text(times, "×")
        match subject.layer:
            case MaxPool2d():
                sign = self.tr("max")
            case Pooling():
                sign = self.tr("mean")
            case _:
                sign = "="
        set_text(equals, sign)
        role = "muted" if subject.pools else "sign"
        if equals.property("role") != role:
            set_role(equals, role)

    def _write_meaning(self, subject: Subject, matrix: Matrix, looked: Looked) -> None:
        """One sentence about what is looked at."""
        match looked:
            case Looked("matrix", (row, column)):
                wordings = self._of_number(subject, matrix, row, column)
            case Looked("filter", (column, _)):
                name, place, value = self._weight(subject, matrix, column)
                text = self.tr("Column {column}: weight {weight} = {value} meets one number of every row.")
                wordings = (text.format(column=column, weight=f"{name}{place}", value=value),)
            case Looked("input", cell):
                wordings = self._of_input(subject, matrix, cell)
            case Looked(_, (row, _)):
                wordings = self._of_row(subject, matrix, row)
        self.meaning.set_text(*wordings)

    def _of_row(self, subject: Subject, matrix: Matrix, row: int) -> tuple[str, ...]:
        values = {"row": f"{row:,}", "cell": self._row_text(matrix, row)}
        match subject.layer:
            case MaxPool2d():
                text = self.tr("Row {row}: the window of output cell {cell} in one line. Its largest number is the output.")
                return (text.format(**values),)
            case AvgPool2d():
                text = self.tr("Row {row}: the window of output cell {cell} in one line. Its mean is the output.")
                return (text.format(**values),)
        if subject.transposed:
            text = self.tr(
                "Row {row}: what reaches output cell {cell}. Empty: no input cell meets that weight. "
                "torch multiplies first and adds up afterwards (col2im)."
            )
            short = self.tr("Row {row}: what reaches output cell {cell}. Empty: no input cell meets that weight.")
            return text.format(**values), short.format(**values)
        text = self.tr("Row {row}: the window of output cell {cell} in one line. Row × filter + bias = output.")
        if subject.layer.bias is False:
            text = self.tr("Row {row}: the window of output cell {cell} in one line. Row × filter = output.")
        return (text.format(**values),)

    def _of_number(self, subject: Subject, matrix: Matrix, row: int, column: int) -> tuple[str, ...]:
        sheet = self.grids["matrix"].sheet
        if sheet is None or not sheet.holds((row, column)):
            return ("",)
        place = self._read_at(matrix, row, column)
        value = texts(np.array([sheet.value((row, column))]), 4)[0]
        weight = matrix.weight(column)
        name = f"{subject.names[weight[0]]} " if len(subject.names) > 1 else ""
        if not value:
            return (self.tr("Row {row}, column {column}: no input cell stands here.").format(row=f"{row:,}", column=column),)
        where = f"{name}({place[0]}, {place[1]})"
        if subject.pools:
            text = self.tr("Row {row}, column {column}: input {input} = {value}")
            return (text.format(row=f"{row:,}", column=column, input=where, value=value),)
        _, _, factor = self._weight(subject, matrix, column)
        text = self.tr("Row {row}, column {column}: input {input} = {value}, to be multiplied with the weight {weight}")
        return (text.format(row=f"{row:,}", column=column, input=where, value=value, weight=factor),)

    def _of_input(self, subject: Subject, matrix: Matrix, cell: Cell) -> tuple[str, ...]:
        _, height, width = subject.shape
        if not (0 <= cell[0] < height and 0 <= cell[1] < width):
            return (self.tr("A cell of the padding. It stands in every row whose window lies over it."),)
        count = len(matrix.places((subject.inputs[self._source], *cell)))
        text = self.tr("Input ({row}, {column}) stands {count} times in the matrix: once for each product it takes part in.")
        short = self.tr("Input ({row}, {column}) stands {count} times in the matrix.")
        values = {"row": cell[0], "column": cell[1], "count": count}
        return text.format(**values), short.format(**values)

    @staticmethod
    def _weight(subject: Subject, matrix: Matrix, column: int) -> tuple[str, str, str]:
        """A weight's channel, place and value."""
        channel, row, across = matrix.weight(column)
        assert subject.filters is not None
        value = filter_column(matrix, subject.filters)[column]
        name = f"{subject.names[channel]} " if len(subject.names) > 1 else ""
        return name, f"({row}, {across})", texts(np.array([float(value)]), 4)[0]
