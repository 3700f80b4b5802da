"""How a wall of maps looks: the tiles, numbers, rings, and the value of the cell at the pointer. Called by the feature wall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen, qGray

from engine.passes.feature_maps import Wall
from gui.shell.theme import font, theme
from gui.widgets.grids.grid_painting import DARK, LIGHT, fitting_figures
from gui.widgets.maps.wall_places import Spot, WallPlaces

NUMBERED = QSize(40, 24)  # px: a number would hide too much of a smaller tile
WORDED_PX = 72  # the least width of a tile with a word on it
FIGURED_PX, CHIPPED_PX = 28, 44  # the least side of a cell with a figure: of a map that is alone, of one with a number on it
_BOX = QColor(0, 0, 0, 210)
_CHIP = QColor(0, 0, 0, 150)  # behind a number: the same in both themes, as are the colours of the maps


@dataclass(frozen=True, eq=False)
class TileSheet:
    """A Wall, and the image of its tiles. The image uses the array's memory, so the two must be kept together."""

    wall: Wall
    image: QImage

    @classmethod
    def of(cls, wall: Wall) -> TileSheet:
        height, width = wall.pixels.shape
        return cls(wall, QImage(wall.pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32))

    def cut(self, number: int, *, source: bool = False) -> QRect:
        """The place of a map's tile, or of its input channel's, in the image."""
        height, width = self.wall.tile
        row, column = divmod(number if self.wall.sources is None else 2 * number + (not source), self.wall.columns)
        return QRect(column * width, row * height, width, height)

    def fits(self, places: WallPlaces) -> bool:
        """Whether it has input channels exactly if the places have."""
        return (self.wall.sources is None) == (places.sources is None)


def paint_maps(painter: QPainter, places: WallPlaces, tiles: TileSheet, large: TileSheet | None) -> None:
    """Paint all maps, scaled to their places. `large` is the enlarged map at a higher resolution, once it has been computed."""
    for number in _numbers(places):
        place, source = places.place(number), places.source_place(number)
        if number < tiles.wall.count and tiles.fits(places):
            painter.drawImage(place, tiles.image, tiles.cut(number))
            if source is not None:
                painter.drawImage(source, tiles.image, tiles.cut(number, source=True))
        else:
            painter.fillRect(place, theme().grid)
            if source is not None:
                painter.fillRect(source, theme().grid)
    if places.stage is not None and places.chosen is not None:
        shown, number = tiles, places.chosen
        if large is not None and large.wall.first - tiles.wall.first == places.chosen:
            shown, number = large, 0
        if number < shown.wall.count and shown.fits(places):
            painter.drawImage(places.stage, shown.image, shown.cut(number))
            if places.source_stage is not None:
                painter.drawImage(places.source_stage, shown.image, shown.cut(number, source=True))
    _paint_dead(painter, places, tiles.wall)


def _numbers(places: WallPlaces) -> range:
    """The maps that have tiles."""
    return range(0 if places.alone else places.shape[0])


def _paint_dead(painter: QPainter, places: WallPlaces, wall: Wall) -> None:
    """Hatch the maps with one value everywhere: their colour means nothing."""
    colour = QColor(theme().window)
    colour.setAlpha(150)
    brush = QBrush(colour, Qt.BrushStyle.BDiagPattern)
    for number in wall.dead.nonzero()[0].tolist():
        if number < places.shape[0]:
            for place in places.places_of(number):
                painter.fillRect(place, brush)


def paint_figures(
    painter: QPainter, places: WallPlaces, tiles: TileSheet, values: NDArray[np.float32], *, source: bool = False
) -> None:
    """Write the values of maps (C, H, W), or of their input channels, into cells that are large: all with as many decimals."""
    count, height, width = values.shape
    least = FIGURED_PX if count == 1 and places.sources is None else CHIPPED_PX
    fitting = dict[tuple[int, int], tuple[list[str], int]]()
    for number in range(count):
        for place in places.places_of(number, source):
            wide, px = place.width() // width, place.height() // height
            if min(wide, px) < least:
                continue
            if (wide, px) not in fitting:
                fitting[wide, px] = fitting_figures(values.astype(np.float64).ravel(), px, wide)
            texts, size = fitting[wide, px]
            if size:
                painter.setFont(font(size))
                first = number * height * width
                _paint_cells(painter, place, tiles, tiles.cut(number, source=source), (height, width), texts[first:])


def _paint_cells(
    painter: QPainter, place: QRect, tiles: TileSheet, cut: QRect, cells: tuple[int, int], texts: Sequence[str]
) -> None:
    """Write `texts` into the `cells` (rows, columns) of the map at `place`, dark on the light colours of its tile, `cut`."""
    for row in range(cells[0]):
        top, bottom = (place.top() + at * place.height() // cells[0] for at in (row, row + 1))
        y = cut.top() + (2 * row + 1) * cut.height() // (2 * cells[0])
        for column in range(cells[1]):
            left, right = (place.left() + at * place.width() // cells[1] for at in (column, column + 1))
            x = cut.left() + (2 * column + 1) * cut.width() // (2 * cells[1])
            painter.setPen(LIGHT if qGray(tiles.image.pixel(x, y)) < 128 else DARK)
            cell = QRect(left, top, right - left, bottom - top)
            painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, texts[row * cells[1] + column])


def paint_numbers(painter: QPainter, places: WallPlaces, first: int, named: int | None) -> None:
    """Write the maps' numbers, counted from `first`, on tiles that are large enough; the map `named` has its number anyway."""
    painter.setPen(Qt.GlobalColor.white)
    tile = places.place(places.order[0]).size()
    several = places.shape[0] > 1 or first > 0
    if several and tile.width() >= NUMBERED.width() and tile.height() >= NUMBERED.height():
        painter.setFont(font(11 if min(tile.width(), tile.height()) >= 56 else 9))
        for number in _numbers(places):
            _paint_chip(painter, places.place(number), str(first + number))
    elif several and named is not None:
        painter.setFont(font(9))
        _paint_chip(painter, places.place(named), str(first + named))
    if places.stage is not None:
        painter.setFont(font(11))
        _paint_chip(painter, places.stage, str(first + (places.chosen or 0)))


def paint_pair_words(painter: QPainter, places: WallPlaces, source: str, result: str) -> None:
    """Say which of two tiles is the input channel, and where there is only one pair which is the map: no number says it."""
    painter.setPen(Qt.GlobalColor.white)
    painter.setFont(font(11))
    for number in range(places.shape[0]):
        for place in places.places_of(number, source=True):
            if place.width() >= WORDED_PX:
                _paint_chip(painter, place, source)
        if places.shape[0] == 1:
            place = places.places_of(number)[-1]
            if place.width() >= WORDED_PX and places.stage is None:  # an enlarged map has its number
                _paint_chip(painter, place, result)


def _paint_chip(painter: QPainter, tile: QRect, text: str) -> None:
    measure = painter.fontMetrics()
    chip = QRect(tile.left() + 2, 0, measure.horizontalAdvance(text) + 6, measure.ascent() + 2)
    chip.moveBottom(tile.bottom() - 2)
    painter.fillRect(chip, _CHIP)
    painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)


def paint_placeholder(painter: QPainter, places: WallPlaces, room: QRect, text: str) -> None:
    """Empty tiles, with a text over them."""
    now = theme()
    for number in _numbers(places):
        for place in places.places_of(number) + places.places_of(number, source=True):
            painter.fillRect(place, now.grid)
    painter.setFont(font(13))
    painter.setPen(now.muted)
    box = room.adjusted(8, 8, -8, -8)
    centred = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
    if text:
        painter.fillRect(painter.boundingRect(box, centred, text).adjusted(-6, -4, 6, 4), now.panel)
    painter.drawText(box, centred, text)


def paint_ring(painter: QPainter, places: WallPlaces, number: int) -> None:
    """A ring around a map's tile."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme().accent, 2))
    painter.drawRect(places.place(number).adjusted(-1, -1, 1, 1))


def paint_spot(painter: QPainter, places: WallPlaces, spot: Spot) -> None:
    """A frame around a cell, in all places where it is shown."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    height, width = places.size(spot.source)
    for place in places.places_of(spot.number, spot.source):
        left = place.left() + spot.column * place.width() // width
        top = place.top() + spot.row * place.height() // height
        across, down = max(3, -(-place.width() // width)), max(3, -(-place.height() // height))
        painter.setPen(QPen(theme().window, 2 if across > 6 else 1))
        painter.drawRect(QRect(left, top, across, down).adjusted(-1, -1, 0, 0))


def paint_read_out(painter: QPainter, places: WallPlaces, room: QRect, spot: Spot, text: str) -> None:
    """A text beside a cell, on the side where there is room."""
    place = places.places_of(spot.number, spot.source)[-1]
    height, width = places.size(spot.source)
    painter.setFont(font(12))
    lines = text.split("\n")
    across = max(painter.fontMetrics().horizontalAdvance(line) for line in lines)
    size = QSize(across + 14, 6 + 17 * len(lines))
    right = place.left() + (spot.column + 1) * place.width() // width
    below = place.top() + (spot.row + 1) * place.height() // height
    left = right + 8 if right + 8 + size.width() <= room.width() else right - 16 - size.width()
    top = below + 8 if below + 8 + size.height() <= room.height() else below - 16 - size.height()
    box = QRect(QPoint(max(0, left), max(0, top)), size)
    painter.fillRect(box, _BOX)
    painter.setPen(Qt.GlobalColor.white)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
