"""The numbers of the im2col view's grids, and how many of them fit into the view. Pure functions of a subject, its matrix and
what is in view; called by the im2col view."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.cells.unrolled import Matrix, Spots, filter_column
from engine.colours import diverging, viridis
from engine.layers.kinds.convolution import Conv2d
from engine.layers.kinds.pooling import AvgPool2d, MaxPool2d, Pooling
from gui.labs.convolution.cell.lens import Track, view
from gui.labs.convolution.subject import Subject
from gui.widgets.grids.sheet import TITLE_PX, Sheet

FOOT_PX = 20
ARROW_PX, SIGN_PX = 44, 28
LARGEST_PX, SMALLEST_PX = 32, 18  # of a cell's height; smaller ones have no figures
WIDEST_PX = 36  # of a cell: −118.75
ROOMY_CELL_PX = 20
INPUT_LENSES = (9, 7, 5, 3)
MOST_MATRIX_ROWS = 9
MOST_MATRIX_COLUMNS = 48
SHARE = 0.34  # of the width: the most for the input


class Room(NamedTuple):
    """What is in view: the height of a cell, the lens over the input and its pixels of a cell, and the rows and columns of the
    matrix. Its cells are `wider_px` wider than high, those of the filter and of the output `beside_px`."""

    px: int
    lens: int
    input_px: int
    rows: int
    columns: int
    wider_px: int = 0
    beside_px: int = 0


def row_text(matrix: Matrix, row: int) -> str:
    """The heading of a row: its output cell."""
    down, across = matrix.output(row)
    return f"({down}, {across})"


def matrix_sheet(subject: Subject, matrix: Matrix, spots: Spots, rows: range, columns: range) -> Sheet:
    """The piece of the matrix whose numbers are read at `spots`."""
    values, outside, copied = _numbers(subject, spots)
    first, extent = (rows.start, columns.start), (0, 0, *matrix.shape)
    low, high = subject.input_ends
    return Sheet(values, first, extent, viridis(), low, high, padding_HW=outside, padding_is_zero=not copied)


def filter_sheet(subject: Subject, matrix: Matrix, columns: range) -> Sheet:
    """The filter as a column, beside these columns of the matrix."""
    assert subject.filters is not None
    whole = filter_column(matrix, subject.filters)[:, None].astype(np.float64)
    most = float(np.abs(whole).max()) or 1.0
    shown = whole[columns.start : columns.stop]
    return Sheet(shown, (columns.start, 0), (0, 0, len(whole), 1), diverging(), -most, most)


def output_sheet(subject: Subject, matrix: Matrix, rows: range) -> Sheet:
    """The results of these rows, with the bias and before the activation."""
    if isinstance(subject.layer, Pooling):
        results = matrix.results(rows)
    else:
        assert subject.filters is not None
        column = filter_column(matrix, subject.filters)[:, None]
        results = matrix.results(rows, column) + float(subject.filters.bias_O[subject.channel])
    ends = subject.ends if not subject.activated else None
    low, high = ends or (float(results.min()), float(results.max()))
    return Sheet(results, (rows.start, 0), (0, 0, matrix.shape[0], 1), viridis(), low, high)


def room_for(subject: Subject, matrix: Matrix, width: int, height: int, headings_px: int, lines_px: int) -> Room:
    """`square_room`, whose cells are as much wider as the view has room for: figures are wider than high. The output's and the
    filter's come first."""
    room = square_room(subject, matrix, width, height, headings_px, lines_px)
    _, across = (len(view(track, at, room.lens).inputs) for track, at in _middles(subject))
    beside = 1 if subject.pools else 2
    spare = width - across * room.input_px - (room.columns + beside) * room.px - _fixed_px(subject) - headings_px
    most = max(0, WIDEST_PX - room.px)
    beside_px = max(0, min(most, spare // beside))
    wider_px = max(0, min(most, (spare - beside * beside_px) // room.columns))
    return room._replace(wider_px=wider_px, beside_px=beside_px)


def square_room(subject: Subject, matrix: Matrix, width: int, height: int, headings_px: int, lines_px: int) -> Room:
    """The largest cells at which a whole channel of the filter and a piece of the input fit; else the smallest. `width` and
    `height` are those of the view; `headings_px` is the width of the headings beside the matrix, `lines_px` the height of what
    stands above and below it. The filter, a column, needs no such lines: it may be taller than the matrix."""
    rows, columns = matrix.shape
    window = matrix.kernel[0] * matrix.kernel[1]
    high = height - TITLE_PX - FOOT_PX
    found = None
    for px in range(LARGEST_PX, SMALLEST_PX - 1, -1):
        for lens in INPUT_LENSES:
            down, across = (len(view(track, at, lens).inputs) for track, at in _middles(subject))
            input_px = min(px, high // down, int(width * SHARE) // across)
            wide = width - across * input_px - _fixed_px(subject) - headings_px
            fitting = min(columns, wide // px - (1 if subject.pools else 2), MOST_MATRIX_COLUMNS)
            if not subject.pools:
                fitting = min(fitting, high // px)  # the filter is a column
            if fitting >= window:
                fitting -= fitting % window  # whole channels
            tall = max(1, min(rows, (high - lines_px) // px, MOST_MATRIX_ROWS))
            room = Room(px, lens, max(2, input_px), tall, max(1, fitting))
            whole = fitting >= min(window, columns)
            if whole and (input_px == px or lens == INPUT_LENSES[-1]):
                return room
            if found is None or (px >= ROOMY_CELL_PX and not whole and lens >= INPUT_LENSES[1]):
                found = room
    assert found is not None
    return found


def _middles(subject: Subject) -> tuple[tuple[Track, int], ...]:
    return tuple((track, track.outputs[len(track.outputs) // 2]) for track in subject.tracks)


def _fixed_px(subject: Subject) -> int:
    """The width that signs take."""
    signs = ARROW_PX if subject.pools else 2 * SIGN_PX
    return ARROW_PX + signs + 4


def _numbers(subject: Subject, spots: Spots) -> tuple[NDArray[np.float64], NDArray[np.bool_], bool]:
    """The numbers of the piece (NaN where no cell is read), which of them are padding, and whether the padding copies values of
    the input."""
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
