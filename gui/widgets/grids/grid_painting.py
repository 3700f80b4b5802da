"""How a grid of numbers looks: colours, hatches, lines and figures of a `Sheet`, and what is lit over them.

Pure painting with a `QPainter` at cells that are `px` pixels high. `NumberGrid` paints the base once for each sheet, into a
picture, and the rest in each frame.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QImage, QPainter, QPen, QPixmap, QPolygonF

from gui.shell.theme import LINED_PX, font, theme
from gui.widgets.grids.sheet import NEARLY_ZERO, GridCell, Sheet, bare, texts

LEAST_TEXT_PX = 18  # smaller cells have colours without figures
BOLD_PX = 12  # smaller cells are lit by thin lines
_FONTS = ((18, 9), (21, 10), (26, 11), (34, 12), (42, 13), (56, 15))  # (least side of a cell, size of its figure)
AIR_PX = 3  # of a cell's side, beside its figure
DOTS = "…"  # stands for a figure that is too long for its cell
DARK, LIGHT = QColor("#14171b"), QColor("#ffffff")  # figures on the maps' colours, which are the same in both themes
_SHADE = QColor(0, 0, 0, 70)  # beside lines in the window's colour, which is hard to see on yellow
_HATCH_PX = 6

_HATCHES: dict[tuple[str, bool], QBrush] = {}


def grid_size(sheet: Sheet, px: int) -> QSize:
    return QSize(sheet.columns * (px + sheet.wider_px) + 1, sheet.rows * px + 1)


def cell_rect(sheet: Sheet, cell: GridCell, px: int) -> QRect:
    """The place of a cell."""
    (row, column), wide = sheet.index(cell), px + sheet.wider_px
    return QRect(column * wide, row * px, wide, px)


# --- what stays while cells light up


def paint_base(painter: QPainter, sheet: Sheet, px: int) -> list[str]:
    """Paint colours, hatches, lines and figures. Returns the figures row by row; none where the cells are too small."""
    now, wide = theme(), px + sheet.wider_px
    across, down = sheet.columns * wide, sheet.rows * px
    pixels = np.ascontiguousarray(sheet.pixels(now.panel.rgb()))
    image = QImage(pixels.data, sheet.columns, sheet.rows, 4 * sheet.columns, QImage.Format.Format_RGB32)
    painter.drawImage(QRect(0, 0, across, down), image)
    if sheet.padding_HW is not None:
        _paint_hatch(painter, sheet.padding_HW, (wide, px), now.line if sheet.padding_is_zero else now.muted, rising=True)
    if sheet.unread_HW is not None:
        _paint_hatch(painter, sheet.unread_HW, (wide, px), now.warn, rising=False)
    if px >= LINED_PX:
        lines = [QLineF(column * wide, 0, column * wide, down) for column in range(1, sheet.columns)]
        lines += [QLineF(0, row * px, across, row * px) for row in range(1, sheet.rows)]
        painter.setPen(QPen(now.line if _has_colourless_cells(sheet) else now.panel, 1))
        painter.drawLines(lines)
    painter.setPen(QPen(now.line, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(QRect(0, 0, across, down))
    _paint_edited(painter, sheet, px)
    return _paint_figures(painter, sheet, px, pixels)


def _has_colourless_cells(sheet: Sheet) -> bool:
    """Whether some cells look like the panel: lines in the panel's colour would not be seen between them."""
    return sheet.padding_HW is not None and sheet.padding_is_zero and bool(sheet.padding_HW.any())


def _paint_edited(painter: QPainter, sheet: Sheet, px: int) -> None:
    """A small corner in the accent colour on each cell that was set by hand."""
    side = min(8.0, max(3.0, px / 4))
    painter.setPen(QPen(theme().panel, 1))
    painter.setBrush(theme().accent)
    for cell in sheet.edited:
        if sheet.holds(cell):
            place = cell_rect(sheet, cell, px)
            x, y = place.x() + place.width(), place.y()
            painter.drawPolygon(QPolygonF([QPointF(x - side, y), QPointF(x, y), QPointF(x, y + side)]))


def _paint_hatch(painter: QPainter, where: NDArray[np.bool_], size: tuple[int, int], colour: QColor, *, rising: bool) -> None:
    """Hatch cells of `size` (width, height)."""
    wide, px = size
    painter.setPen(Qt.PenStyle.NoPen)
    brush = _hatch(colour, rising)
    for row, start, stop in _runs(where):
        painter.fillRect(QRect(start * wide, row * px, (stop - start) * wide, px), brush)


def _hatch(colour: QColor, rising: bool) -> QBrush:
    """Diagonal lines, six pixels apart."""
    key = (colour.name(), rising)
    if key not in _HATCHES:
        scale = 2
        tile = QPixmap(_HATCH_PX * scale, _HATCH_PX * scale)
        tile.setDevicePixelRatio(scale)
        tile.fill(Qt.GlobalColor.transparent)
        painter = QPainter(tile)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour, 1))
        for shift in (-_HATCH_PX, 0, _HATCH_PX):
            if rising:
                painter.drawLine(QPointF(shift - 1, _HATCH_PX + 1), QPointF(shift + _HATCH_PX + 1, -1))
            else:
                painter.drawLine(QPointF(shift - 1, -1), QPointF(shift + _HATCH_PX + 1, _HATCH_PX + 1))
        painter.end()
        _HATCHES[key] = QBrush(tile)
    return _HATCHES[key]


def _runs(where: NDArray[np.bool_]) -> Iterator[tuple[int, int, int]]:
    """(row, start, stop) of each run of neighbouring cells in a row."""
    edges = np.diff(np.pad(where, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, starts = np.nonzero(edges == 1)
    _, stops = np.nonzero(edges == -1)
    yield from zip(rows.tolist(), starts.tolist(), stops.tolist(), strict=True)


def _paint_figures(painter: QPainter, sheet: Sheet, px: int, pixels: NDArray[np.uint32]) -> list[str]:
    wide = px + sheet.wider_px
    found, size = fitting_figures(sheet.values_HW.ravel(), px, wide)
    if not size:
        return []
    chosen = font(size)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    painter.setFont(chosen)
    measure = QFontMetricsF(chosen)
    advance = {letter: measure.horizontalAdvance(letter) for letter in set("".join(found))}
    baseline = (px + measure.capHeight()) / 2
    channels = pixels.view(np.uint8).reshape(-1, 4)
    dark_ground = (channels[:, 0] * 0.114 + channels[:, 1] * 0.587 + channels[:, 2] * 0.299) < 128
    padding = sheet.padding_HW.ravel() if sheet.padding_HW is not None else np.zeros(len(found), bool)
    now = theme()
    kinds = np.where(padding, 2, dark_ground)
    for kind, colour in ((0, DARK), (1, LIGHT), (2, now.muted if sheet.padding_is_zero else now.text)):
        painter.setPen(colour)
        for number in np.flatnonzero(kinds == kind).tolist():
            row, column = divmod(number, sheet.columns)
            text = found[number]
            width = sum(advance[letter] for letter in text)
            painter.drawText(QPointF(column * wide + (wide + 1 - width) / 2, row * px + baseline), text)
    return found


def fitting_figures(values: NDArray[np.float64], px: int, wide: int) -> tuple[list[str], int]:
    """The figures of cells `px` high and `wide`, with as many decimals as there is room for, and their size; size 0 where none
    fit. The 0 before the point is left out where that says more: −.04 instead of ≈0."""
    if px < LEAST_TEXT_PX:
        return [], 0
    two, one = texts(values, 2), texts(values, 1)
    told = [two, one, bare(two), bare(one)] if _tells(one, values) else [two, bare(two), one, bare(one)]
    fitting = ((found, size) for found in told if (size := _fitting_size(found, px, wide)))
    return next(fitting, None) or _shortened(bare(one), texts(values, 0), px, wide)


def _tells(found: list[str], values: NDArray[np.float64]) -> bool:
    """Whether most of the numbers that are not 0 do not look like 0."""
    others = [text for text, value in zip(found, values.tolist(), strict=True) if text and value]
    return 2 * others.count(NEARLY_ZERO) <= len(others)


def _shortened(found: list[str], whole: list[str], px: int, wide: int) -> tuple[list[str], int]:
    """Figures of which some are too long for their cell: those without decimals, or dots in their place, so that a few long
    numbers do not take the others away. Size 0 where most would be dots."""
    size = _sizes(px)[0]
    advance = QFontMetricsF(font(size)).horizontalAdvance
    fits = {text: advance(text) <= wide - AIR_PX for text in {*found, *whole}}
    shown = [text if fits[text] else short if fits[short] else DOTS for text, short in zip(found, whole, strict=True)]
    return (shown, size) if 2 * shown.count(DOTS) <= len(shown) else ([], 0)


def _fitting_size(found: list[str], px: int, wide: int) -> int:
    """The largest usual size at which the widest text fits a cell; 0: none."""
    longest = sorted(set(found), key=len)[-4:]
    for size in reversed(_sizes(px)):
        measure = QFontMetricsF(font(size))
        if max(measure.horizontalAdvance(text) for text in longest) <= wide - AIR_PX:
            return size
    return 0


def _sizes(px: int) -> list[int]:
    """The usual sizes of a cell's figure, the smaller one first."""
    return [size for least, size in _FONTS if px >= least][-2:]


# --- what is lit


def paint_lit(painter: QPainter, places: Sequence[QRect], px: int) -> None:
    """Light some cells in the window's colour."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if px < LINED_PX:
        tint = QColor(theme().window)
        tint.setAlpha(150)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint)
        painter.drawRects(places)
        return
    if px >= BOLD_PX:
        painter.setPen(QPen(_SHADE, 1))
        painter.drawRects([place.adjusted(2, 2, -2, -2) for place in places])
    painter.setPen(QPen(theme().window, 2 if px >= BOLD_PX else 1))
    painter.drawRects([place.adjusted(1, 1, 0, 0) for place in places])


def paint_all_lit(painter: QPainter, grid: QRect) -> None:
    """Light all cells of a grid: one frame around it."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme().window, 2))
    painter.drawRect(grid.adjusted(1, 1, -1, -1))


def paint_echoes(painter: QPainter, places: Sequence[QRect], px: int) -> None:
    """Cells whose values are read at another place: a dotted line."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme().window, 1 if px < BOLD_PX else 2, Qt.PenStyle.DotLine))
    painter.drawRects([place.adjusted(2, 2, -1, -1) for place in places])


def paint_mark(painter: QPainter, place: QRect, px: int) -> None:
    """The one cell that the lit cells belong to: a thick line."""
    place = place.adjusted(0, 0, 1, 1)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if px >= BOLD_PX:
        painter.setPen(QPen(_SHADE, 1))
        painter.drawRect(place.adjusted(3, 3, -4, -4))
    painter.setPen(QPen(theme().window, 3 if px >= BOLD_PX else 2))
    painter.drawRect(place.adjusted(1, 1, -2, -2) if px >= BOLD_PX else place)
