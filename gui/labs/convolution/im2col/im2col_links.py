"""Which cells of the im2col view's grids belong together: those of the input, of the matrix, of the filter as a column and of
the output as one. Pure functions of a subject, its matrix and what is in view; called by the im2col view.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from engine.cells.unrolled import Matrix, Spots
from gui.labs.convolution.cell.lens import Views
from gui.labs.convolution.cell.sheets import belonging
from gui.labs.convolution.subject import Subject
from gui.widgets.grids.sheet import GridCell

MatrixBlock: TypeAlias = Literal["input", "matrix", "filter", "output"]
BLOCKS: tuple[MatrixBlock, ...] = ("input", "matrix", "filter", "output")


class Looked(NamedTuple):
    """The cell that is looked at, of one of the blocks. The filter's column and the output's count their cells as (row, 0)."""

    block: MatrixBlock
    cell: GridCell


class Piece(NamedTuple):
    """The part of the matrix in view: where its numbers are read, and which rows and columns it has."""

    spots: Spots
    rows: range
    columns: range


class Linked(NamedTuple):
    """The cells of each block that light up, those that are marked, the input cells that are read through the padding, and the
    column of the matrix that is looked at."""

    lit: dict[MatrixBlock, list[GridCell]]
    marks: dict[MatrixBlock, GridCell]
    echoes: list[GridCell]
    column: int | None


def padded_place(matrix: Matrix, row: int, column: int) -> GridCell:
    """The place of the padded input at which a number of the matrix is read."""
    spots = matrix.spots([row], [column])
    return int(spots.row[0, 0]), int(spots.column[0, 0])


def matrix_belonging(
    subject: Subject, matrix: Matrix, looked: Looked, row: int, source: int, piece: Piece, views: Views
) -> Linked:
    """What belongs to `looked`, as far as it is in view. `row` is the row of the scene's window, `source` the input channel
    that is shown, counted within the group."""
    lit: dict[MatrixBlock, list[GridCell]] = {block: [] for block in BLOCKS}
    marks: dict[MatrixBlock, GridCell] = {looked.block: looked.cell}
    echoes: list[GridCell] = []
    column: int | None = None
    match looked:
        case Looked("matrix", (at, column)):
            row = at
            marks["filter"] = (column, 0)
            marks["input"] = padded_place(matrix, at, column)
        case Looked("output", (at, _)):
            row = at
        case Looked("filter", (column, _)):
            lit["matrix"] = [(each, column) for each in piece.rows]
            lit["input"] = [padded_place(matrix, each, column) for each in piece.rows]
            lit["output"] = [(each, 0) for each in piece.rows]
        case Looked("input", cell):
            found = _numbers_of(piece.spots, subject.inputs[source], cell)
            lit["matrix"] = [(piece.rows.start + y, piece.columns.start + x) for y, x in found]
            lit["filter"] = sorted({(at, 0) for _, at in lit["matrix"]})
            lit["output"] = sorted({(at, 0) for at, _ in lit["matrix"]})
    if looked.block in ("matrix", "output"):
        lit["matrix"] = [(row, at) for at in piece.columns]
        lit["filter"] = [(at, 0) for at in piece.columns]
        lit["output"] = [(row, 0)]
        windows, echoes = belonging(subject, source, "output", matrix.output(row), views)
        lit["input"] = windows["input"]
    return Linked(lit, marks, echoes, column)


def _numbers_of(spots: Spots, channel: int, cell: GridCell) -> list[GridCell]:
    """Where in the piece the value of an input cell is, or of a place of the padding."""
    here = (spots.row == cell[0]) & (spots.column == cell[1])
    value = (spots.source_row == cell[0]) & (spots.source_column == cell[1])
    found = np.argwhere((here | value) & (spots.channel == channel)).tolist()
    return [(row, column) for row, column in found]
