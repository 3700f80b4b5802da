"""The numbers of the scene's grids, and which of their cells belong together. Pure functions of a subject and of what is in
view; called by the scene."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.cells.correspondence import read_by, reads, touched
from engine.colours import diverging, viridis
from engine.layers.kinds.convolution import Conv2d
from engine.passes.feature_maps import padded, piece
from gui.labs.convolution.cell.lens import Views, crossing
from gui.labs.convolution.state import SceneGrid
from gui.labs.convolution.subject import Subject
from gui.widgets.grids.sheet import GridCell, Sheet


def sheets(subject: Subject, source: int, views: Views) -> dict[SceneGrid, Sheet]:
    """What the grids show, for input channel `source` of the group. Pooling has no filter."""
    found: dict[SceneGrid, Sheet] = {"input": input_sheet(subject, source, views)}
    if not subject.pools:
        weights = subject.filter_IHW()
        most = float(np.abs(weights).max()) or 1.0
        shown = weights[source].astype(np.float64)
        found["filter"] = Sheet(shown, (0, 0), (0, 0, *subject.kernel), diverging(), -most, most)
    found["output"] = _output(subject, views)
    return found


def input_sheet(subject: Subject, source: int, views: Views) -> Sheet:
    rows, columns = (each.inputs for each in views)
    down, across = subject.tracks
    channel = subject.inputs[source]
    values = padded(subject.layer, subject.values_CHW[channel : channel + 1], rows, columns)[0]
    never = _either(down.unread(rows), across.unread(columns))
    outside = _either(_outside(rows, down.inputs), _outside(columns, across.inputs))
    if channel in subject.cut.empty:
        outside[:] = True
    return Sheet(
        values,
        (rows.start, columns.start),
        _extent(down.drawn_inputs, across.drawn_inputs),
        viridis(),
        *subject.input_ends,
        padding_HW=outside,
        unread_HW=never if never.any() else None,
        padding_is_zero=not _copies(subject),
    )


def _output(subject: Subject, views: Views) -> Sheet:
    """The part of the map in view. Cells that a transposed convolution's padding cuts away are in it, without a number."""
    rows, columns = (each.outputs for each in views)
    down, across = subject.tracks
    own_rows, own_columns = _common(rows, down.outputs), _common(columns, across.outputs)
    part = piece(subject.layer, subject.values_CHW, subject.filters, subject.channel, own_rows, own_columns)
    part = subject.shown(part)
    low, high = subject.ends or (float(part.min()), float(part.max()))
    values = np.full((len(rows), len(columns)), np.nan)
    top, left = own_rows.start - rows.start, own_columns.start - columns.start
    values[top : top + len(own_rows), left : left + len(own_columns)] = part
    cut = _either(_outside(rows, own_rows), _outside(columns, own_columns))
    extent = _extent(down.drawn_outputs, across.drawn_outputs)
    first = (rows.start, columns.start)
    return Sheet(values, first, extent, viridis(), low, high, padding_HW=cut if cut.any() else None)


def belonging(
    subject: Subject, source: int, part: SceneGrid, cell: GridCell, views: Views
) -> tuple[dict[SceneGrid, list[GridCell]], list[GridCell]]:
    """The cells in view of each grid that belong to `cell` of grid `part`, and the input cells whose values are read elsewhere,
    as padding."""
    (down, across), (row, column) = subject.tracks, cell
    inputs, outputs = (views[0].inputs, views[1].inputs), (views[0].outputs, views[1].outputs)
    kernel = (range(subject.kernel[0]), range(subject.kernel[1]))
    lit: dict[SceneGrid, list[GridCell]]
    echoes: list[GridCell] = []
    match part:
        case "output":
            lit = {
                "input": crossing(down.reads(row), across.reads(column), inputs),
                "filter": crossing(down.weights(row), across.weights(column), kernel),
            }
            if _copies(subject) and _at_the_edge(subject, cell):
                taps = reads(subject.layer, subject.shape, subject.channel, cell)
                moved = {tap.source[1:] for tap in taps if tap.source is not None and tap.source != tap.cell}
                echoes = [(place[0], place[1]) for place in moved]
        case "filter":
            lit = {"input": crossing(down.touched(row), across.touched(column), inputs)}
            if subject.transposed:
                lit["output"] = crossing(down.slide.tap(row), across.slide.tap(column), outputs)
            if _copies(subject):
                found = touched(subject.layer, subject.shape, (source, row, column), subject.channel)
                echoes = sorted(set(crossing(found.axes[1], found.axes[2], inputs)) - set(lit["input"]))
        case "input":
            lit = {
                "output": crossing(*_readers(subject, source, cell), outputs),
                "filter": crossing(down.read_through(row), across.read_through(column), kernel),
            }
    return lit, echoes


def _readers(subject: Subject, source: int, place: GridCell) -> tuple[tuple[int, ...] | range, tuple[int, ...] | range]:
    """The rows and columns of the outputs that read a place of the padded input, directly or as padding."""
    down, across = subject.tracks
    if not subject.transposed and place[0] in down.inputs and place[1] in across.inputs:
        rows, columns = read_by(subject.layer, subject.shape, (subject.inputs[source], *place)).axes
        return rows, columns
    return down.read_by(place[0]), across.read_by(place[1])


def _copies(subject: Subject) -> bool:
    """Whether the padding copies values of the input."""
    return isinstance(subject.layer, Conv2d) and subject.layer.padding_mode != "zeros"


def _at_the_edge(subject: Subject, cell: GridCell) -> bool:
    pairs = [(track, track.reads(at)) for track, at in zip(subject.tracks, cell, strict=True)]
    return any(read[0] not in track.inputs or read[-1] not in track.inputs for track, read in pairs)


def _outside(shown: range, own: range) -> list[bool]:
    return [place not in own for place in shown]


def _either(rows: list[bool], columns: list[bool]) -> NDArray[np.bool_]:
    """Where a row or a column is marked."""
    marked: NDArray[np.bool_] = np.array(rows)[:, None] | np.array(columns)[None, :]
    return marked


def _extent(rows: range, columns: range) -> tuple[int, int, int, int]:
    return rows.start, columns.start, rows.stop, columns.stop


def _common(first: range, second: range) -> range:
    return range(max(first.start, second.start), min(first.stop, second.stop))
