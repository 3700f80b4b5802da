"""The colours of a field below a graph, and its contour lines. Called by the graph alone."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor

from engine.colours import diverging, viridis
from gui.plots.graphs.graph_parts import GraphField
from gui.plots.numbers.contour import zero_lines
from gui.plots.numbers.ranges import Range
from gui.shell.theme import theme

_LEVELS = 256  # colours from one end to the other


def ends_of(field: GraphField) -> Range:
    """The values of the first and the last colour."""
    if field.ends is not None:
        return field.ends
    values = np.asarray(field.values, np.float64)
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)
    if field.colours == "signed":
        most = max(abs(low), abs(high)) or 1.0
        return -most, most
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def field_colours(field: GraphField) -> npt.NDArray[np.uint8]:
    """(rows, columns, 3) the colour of each cell. What is not finite is the ground's."""
    values = np.asarray(field.values, np.float64)
    if field.colours == "classes":
        shares = values if values.ndim == 3 else np.stack([1 - values, values], axis=-1)
        count = shares.shape[-1]
        least = 1.0 / count
        number = np.nan_to_num(shares, nan=0.0).argmax(axis=-1)
        certainty = np.clip((np.nan_to_num(shares.max(axis=-1), nan=least) - least) / (1.0 - least), 0.0, 1.0)
        colours = np.stack([_rgb(theme().curves[each % len(theme().curves)]) for each in range(count)])[number]
        return _over_ground(colours, field.strength * certainty[..., None])
    low, high = ends_of(field)
    share = np.nan_to_num((values - low) / (high - low), nan=0.0, posinf=1.0, neginf=0.0)
    table = viridis() if field.colours == "height" else diverging()
    chosen = table[np.clip(np.rint((_LEVELS - 1) * share), 0, _LEVELS - 1).astype(np.int64)]
    colours = np.stack([(chosen >> shift) & 255 for shift in (16, 8, 0)], axis=-1).astype(np.float64)
    return _over_ground(colours, np.where(np.isfinite(values), field.strength, 0.0)[..., None])


def place_of(field: GraphField) -> QRectF:
    """Where the image is: its cells reach half a cell beyond their middles."""
    rows, columns = np.asarray(field.values).shape[:2]
    across = (field.x[1] - field.x[0]) / max(columns - 1, 1)
    up = (field.y[1] - field.y[0]) / max(rows - 1, 1)
    return QRectF(field.x[0] - across / 2, field.y[0] - up / 2, across * columns, up * rows)


def contours(field: GraphField) -> npt.NDArray[np.float64]:
    """(pieces, 2, 2) the pieces of all contour lines."""
    values = np.asarray(field.values, np.float64)
    if values.ndim == 3:
        values = values[..., 1]
    across = np.linspace(*field.x, values.shape[1])
    up = np.linspace(*field.y, values.shape[0])
    return zero_lines(values - np.array(field.levels, np.float64)[:, None, None], across, up)


def value_at(field: GraphField, x: float, y: float) -> float | None:
    """The value of the cell at a place; None outside, and for several classes."""
    values = np.asarray(field.values, np.float64)
    if values.ndim == 3:
        return None
    rows, columns = values.shape
    column = round((x - field.x[0]) / (field.x[1] - field.x[0]) * (columns - 1))
    row = round((y - field.y[0]) / (field.y[1] - field.y[0]) * (rows - 1))
    return float(values[row, column]) if 0 <= row < rows and 0 <= column < columns else None


def _over_ground(colours: npt.NDArray[np.float64], strength: npt.NDArray[np.float64] | float) -> npt.NDArray[np.uint8]:
    ground = _rgb(theme().panel)
    found: npt.NDArray[np.uint8] = np.rint(ground + strength * (colours - ground)).astype(np.uint8)
    return found


def _rgb(colour: QColor) -> npt.NDArray[np.float64]:
    return np.array([colour.red(), colour.green(), colour.blue()], np.float64)
