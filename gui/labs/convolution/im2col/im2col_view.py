"""The im2col view of a cell: the input, the rows of the matrix around the cell, the filter as a column and the output as one,
linked number to number.

A row of the matrix is the window of an output cell, laid out in a line; an input cell is in as many rows as there are windows
over it. Hides which piece of the matrix is in view; `im2col_sheets` makes the numbers, `im2col_links` finds which belong
together. It is given a `Subject` and a `SceneState` that fit each other, and emits edited states.
"""

from __future__ import annotations

from dataclasses import replace

import msgspec
from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollBar, QWidget

from engine.cells.unrolled import Matrix, Spots
from engine.figures import full_count
from engine.layers.kinds.pooling import MaxPool2d, Pooling
from gui.labs.convolution.cell.lens import Views, followed, view
from gui.labs.convolution.cell.linked_grids import LinkedGrids
from gui.labs.convolution.cell.sheets import input_sheet
from gui.labs.convolution.im2col.im2col_links import BLOCKS, Looked, MatrixBlock, Piece, matrix_belonging
from gui.labs.convolution.im2col.im2col_meaning import MatrixMeaning
from gui.labs.convolution.im2col.im2col_sheets import (
    ARROW_PX,
    FOOT_PX,
    INPUT_LENSES,
    SIGN_PX,
    SMALLEST_PX,
    Room,
    filter_sheet,
    matrix_sheet,
    output_sheet,
    room_for,
    row_text,
)
from gui.labs.convolution.state import OutputPlace, Pin, SceneState
from gui.labs.convolution.subject import Subject
from gui.shell.theme import set_role
from gui.widgets.grids.grid_menu import grid_menu
from gui.widgets.grids.headings import LINE_PX, Headings
from gui.widgets.grids.sheet import TITLE_PX, GridCell
from gui.widgets.labels import set_text

BAR_PX = 12


class Im2colView(LinkedGrids[MatrixBlock]):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(BLOCKS, parent)
        self._matrix: Matrix | None = None
        self._room = Room(SMALLEST_PX, INPUT_LENSES[0], SMALLEST_PX, 1, 1)
        self._first_row = 0
        self._first_column = 0
        self._around: GridCell = (0, 0)
        self._source = 0  # the input channel that is shown: the state's, or that of the number under the pointer
        self._looked: Looked | None = None
        self._spots: Spots | None = None
        self._views: Views | None = None
        self._made_of: tuple[object, ...] = ()
        for block, grid in self.grids.items():
            grid_menu(grid, self._titles[block].text)
        self.rows, self.columns = Headings(Qt.Orientation.Vertical, self), Headings(Qt.Orientation.Horizontal, self)
        self._signs = [self._sign() for _ in range(3)]
        self.across = QScrollBar(Qt.Orientation.Horizontal, self)  # over the matrix's columns, where not all are in view
        self.across.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the matrix itself has the arrow keys
        self.across.valueChanged.connect(self._scrolled_to)
        self.meaning = MatrixMeaning()
        self.meaning.setParent(self)
        self.retranslate()

    # --- what is shown

    def show_view(self, subject: Subject, state: SceneState) -> None:
        """Show `subject` as `state` says, which must fit it; nothing is emitted but `focus_changed`."""
        if not subject.same_place(self._subject) or self._matrix is None or subject.channel != self._matrix.channel:
            self._looked = None
            self._matrix = Matrix(subject.layer, subject.values_CHW, subject.channel)
            self._first_row = self._first_column = 0
            self._around = subject.cell(state)
            self._source = -1
        moved = state.source != self._state.source or self._source < 0
        self._subject, self._state = subject, state
        self._room = self._room_for(subject, self._matrix)
        if moved or self._looked is None or state.pin is not None:
            self._source = state.source
        if moved:
            self._first_column = state.source * self._matrix.kernel[0] * self._matrix.kernel[1]
        self._arrange()
        self._light()

    @property
    def cell(self) -> GridCell | None:
        """The output cell whose arithmetic is shown."""
        looked = self.looked
        if looked is None or self._subject is None or self._matrix is None:
            return None
        if looked.block in ("matrix", "output"):
            return self._matrix.output(looked.cell[0])
        return self._subject.cell(self._state)

    @property
    def looked(self) -> Looked | None:
        """The cell that is looked at: the pinned one, the one under the pointer, or the window's row."""
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

    # --- where everything is

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

    def _room_for(self, subject: Subject, matrix: Matrix) -> Room:
        headings = Headings.width_for([row_text(matrix, matrix.shape[0] - 1)])
        over = LINE_PX * (1 + (len(subject.names) > 1))  # the channels' names are a line of their own
        room = room_for(subject, matrix, self.width(), self.height(), headings, over)
        if room.columns < matrix.shape[1]:
            room = room_for(subject, matrix, self.width(), self.height(), headings, over + BAR_PX)
        return room

    def _make_sheets(self, subject: Subject, matrix: Matrix) -> None:
        assert self._views is not None
        rows, columns, room = self.rows_in_view, self.columns_in_view, self._room
        made_of = (subject, self._source, self._views, rows, columns, room)
        if made_of == self._made_of:
            return
        self._made_of = made_of
        self.grids["input"].set_sheet(input_sheet(subject, self._source, self._views), room.input_px)
        self._spots = matrix.spots(rows, columns)
        self.grids["matrix"].set_sheet(
            replace(matrix_sheet(subject, matrix, self._spots, rows, columns), wider_px=room.wider_px), room.px
        )
        if not subject.pools:
            self.grids["filter"].set_sheet(replace(filter_sheet(subject, matrix, columns), wider_px=room.beside_px), room.px)
        self.grids["output"].set_sheet(replace(output_sheet(subject, matrix, rows), wider_px=room.beside_px), room.px)
        self.rows.set_headings([row_text(matrix, row) for row in rows], room.px)
        weights = [matrix.weight(column) for column in columns]
        names = [
            (number, subject.names[weight[0]])
            for number, weight in enumerate(weights)
            if len(subject.names) > 1 and (number == 0 or weights[number - 1][0] != weight[0])
        ]
        self.columns.set_headings([f"{down},{across}" for _, down, across in weights], room.px + room.wider_px, names)

    def _place(self, subject: Subject, matrix: Matrix) -> None:
        """Put everything from left to right, in the middle of the view."""
        room = self._room
        sizes = {block: self.grids[block].sizeHint() for block in BLOCKS}
        headings = Headings.width_for([row_text(matrix, matrix.shape[0] - 1)])
        total = sum(sizes[block].width() for block in BLOCKS if block != "filter" or not subject.pools)
        last = ARROW_PX if subject.pools else SIGN_PX  # "max" and "mean" are wider than a sign
        left = max(0, (self.width() - total - ARROW_PX - headings - last - (0 if subject.pools else SIGN_PX)) // 2)
        top, bottom = TITLE_PX, self.height() - FOOT_PX
        over = LINE_PX * (1 + bool(self.columns.names))
        under = BAR_PX if room.columns < matrix.shape[1] else 0
        middle = (top + over + bottom - under) // 2
        first, second, third = self._signs
        self._stand("input", left, self._centred(middle, sizes["input"].height()))
        left += sizes["input"].width()
        first.setGeometry(left, middle - 16, ARROW_PX, 32)
        left += ARROW_PX
        matrix_top = middle - sizes["matrix"].height() // 2
        self.rows.setGeometry(left, matrix_top, headings, sizes["matrix"].height())
        left += headings
        self._stand("matrix", left, matrix_top, lifted=over)
        self.columns.setGeometry(left, matrix_top - over, self.columns.sizeHint().width(), over)
        self._place_bar(left, matrix_top + sizes["matrix"].height(), sizes["matrix"].width())
        left += sizes["matrix"].width()
        shown = not subject.pools
        for widget in (self.grids["filter"], self._titles["filter"], second):
            widget.setVisible(shown)
        if shown:
            second.setGeometry(left, middle - 16, SIGN_PX, 32)
            left += SIGN_PX
            self._stand("filter", left, self._centred(middle, sizes["filter"].height()))
            left += sizes["filter"].width()
        third.setGeometry(left, middle - 16, last, 32)
        left += last
        self._stand("output", left, middle - sizes["output"].height() // 2)
        self.meaning.setGeometry(0, self.height() - FOOT_PX, self.width(), FOOT_PX)

    def _centred(self, middle: int, tall: int) -> int:
        """The top of a grid so tall that stands around `middle`, moved where its title or the line below would be covered."""
        return max(TITLE_PX, min(middle - tall // 2, self.height() - FOOT_PX - tall))

    def _place_bar(self, left: int, top: int, width: int) -> None:
        """Show which of the matrix's columns are in view, below them, where these are not all."""
        room, matrix = self._room, self._matrix
        assert matrix is not None
        hidden = matrix.shape[1] - room.columns
        with QSignalBlocker(self.across):
            self.across.setRange(0, hidden)
            self.across.setPageStep(room.columns)
            self.across.setValue(self._first_column)
        self.across.setGeometry(left, top, width, BAR_PX)
        self.across.setVisible(hidden > 0)

    def _stand(self, block: MatrixBlock, left: int, top: int, lifted: int = 0) -> None:
        grid, title = self.grids[block], self._titles[block]
        grid.move(left, top)
        wide = max(grid.width(), title.sizeHint().width() if block in ("matrix", "input") else grid.width() + 2 * SIGN_PX - 4)
        middle = left + grid.width() // 2
        around = 2 * min(middle, self.width() - middle)  # beside the edge a title stays over its grid, where it fits
        wide = min(wide, max(around, title.sizeHint().width()), self.width())
        place = min(max(0, middle - wide // 2), self.width() - wide)
        title.setGeometry(place, max(0, top - lifted - TITLE_PX), wide, TITLE_PX - 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._subject is not None and self._matrix is not None:
            self._room = self._room_for(self._subject, self._matrix)
            self._arrange()
            self._light()

    # --- what belongs together

    def _light(self) -> None:
        subject, matrix, looked, spots = self._subject, self._matrix, self.looked, self._spots
        if subject is None or matrix is None or looked is None or spots is None or self._views is None:
            return
        row, piece = matrix.row(subject.cell(self._state)), Piece(spots, self.rows_in_view, self.columns_in_view)
        found = matrix_belonging(subject, matrix, looked, row, self._source, piece, self._views)
        for block, grid in self.grids.items():
            grid.set_lit(found.lit[block], found.marks.get(block), found.echoes if block == "input" else ())
        self.rows.set_lit([at - self._first_row for at, _ in found.lit["output"]])
        self.columns.set_lit([] if found.column is None else [found.column - self._first_column])
        self.meaning.show_looked(subject, matrix, looked, self._source)
        self.focus_changed.emit()

    # --- what the user does

    def _look(self, looked: Looked | None) -> None:
        """Look at a cell. For a number of the matrix, the input shows its channel."""
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

    def _pointed(self, block: MatrixBlock, cell: GridCell | None) -> None:
        self._look(None if cell is None else Looked(block, cell))

    def _walked_to(self, block: MatrixBlock, cell: GridCell) -> None:
        """Arrow keys: the window follows along the rows, the piece in view along the columns."""
        subject, matrix = self._subject, self._matrix
        if subject is None or matrix is None:
            return
        self._looked = Looked(block, cell)
        state = msgspec.structs.replace(self._state, pin=None)
        if block in ("matrix", "output"):
            state = msgspec.structs.replace(state, cell=OutputPlace(*matrix.output(cell[0])))
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
            state = msgspec.structs.replace(state, cell=OutputPlace(*around)) if around != [*self._around] else state
            self._around = (around[0], around[1])
        if state != self._state:
            self.edited.emit(state)
        self._arrange()
        self._light()

    def _pinned(self, block: MatrixBlock, cell: GridCell) -> None:
        """Pin a cell, or free it where it is pinned already. A number of the matrix pins its row."""
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
            state = msgspec.structs.replace(state, cell=OutputPlace(*output))
        if pin == self._state.pin and state.source == self._state.source:
            self.free()
        else:
            first = self._first_column
            self.edited.emit(msgspec.structs.replace(state, pin=pin))
            self._first_column = first  # what was clicked stays where it is
            self._arrange()
            self._light()

    def free(self) -> None:
        """Free the pinned cell."""
        self._looked = None
        if self._state.pin is not None:
            self.edited.emit(msgspec.structs.replace(self._state, pin=None))
        self._light()

    def _shifted(self, block: MatrixBlock, rows: int, columns: int) -> None:
        """The wheel or a drag: the rows move with the window, the columns by themselves."""
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
            pin = state.pin
            held = None if pin is None or pin.part != "filter" else matrix.column((state.source, pin.row, pin.column))
            if held is not None and held not in self.columns_in_view:
                state = msgspec.structs.replace(state, pin=None)  # it would hold the columns where they are
            if source != state.source:
                state = msgspec.structs.replace(state, source=source)
        if output != subject.cell(state):
            self._looked = None
            state = msgspec.structs.replace(state, cell=OutputPlace(*output), pin=None)
        if state != self._state:
            first = self._first_column
            self.edited.emit(state)
            self._first_column = first
        self._arrange()
        self._light()

    @Slot(int)
    def _scrolled_to(self, column: int) -> None:
        self._shifted("matrix", 0, column - self._first_column)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._look(None)

    # --- words

    def retranslate(self) -> None:
        names: dict[MatrixBlock, str] = {
            "input": self.tr("Input"),
            "matrix": self.tr("im2col matrix"),
            "filter": self.tr("Filter as a column"),
            "output": self.tr("Output as a column"),
        }
        tips: dict[MatrixBlock, str] = {
            "input": self.tr("Point at a cell to see every place of the matrix where it stands."),
            "matrix": self.tr(
                "Each row is the window of an output cell, each column a weight. The wheel moves from row to row."
            ),
            "filter": self.tr("The filter's weights one below the other. Point at one to see its column of the matrix."),
            "output": self.tr("Each row times the filter. Point at a cell to see its row and its window."),
        }
        self.across.setAccessibleName(self.tr("Columns of the matrix"))
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
        title = self.tr("im2col matrix ({rows} × {columns})")
        if subject.plane is not None:
            title = self.tr("im2col matrix of output plane {plane} ({rows} × {columns})")
        title = title.format(plane=subject.plane, rows=full_count(rows), columns=full_count(columns))
        part = ""
        if self._room.columns < columns:
            first, last = self.columns_in_view.start, self.columns_in_view.stop - 1
            part = self.tr("columns {first} to {last}").format(first=full_count(first), last=full_count(last))
        set_text(self._titles["matrix"], f"{title}: {part}" if part else title)
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
