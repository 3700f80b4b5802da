"""The wall: every feature map as a tile, live. Called by the labs that show maps.

Tiles arrive painted (`engine.passes.feature_maps.Wall`); the wall knows where they are and what is at the pointer. The owner
asks `plan` how large tiles should be, has them computed and calls `show_tiles`. Until then the old tiles stay, fitted to the
new places, so that nothing flickers while a slider is dragged. Maps keep their numbers in any order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFocusEvent,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.passes.feature_maps import Wall
from gui.shell.theme import THEME, theme
from gui.widgets.maps import wall_painting
from gui.widgets.maps.wall_painting import TileSheet
from gui.widgets.maps.wall_places import Spot, WallPlaces

RING = 2  # px around the tiles, for the whole ring of a tile at the edge


@dataclass(frozen=True)
class Plan:
    """The tiles that the wall wants: of (height, width) pixels of the screen, `columns` in a row of the picture, and the map
    `enlarged` also at the size `large`. `sources`: each map's input channel has a tile before it. `activity`: the mean absolute
    values are wanted too."""

    tile: tuple[int, int]
    columns: int
    enlarged: int | None
    large: tuple[int, int] | None
    sources: bool = False
    activity: bool = False


class FeatureWall(QWidget):
    """`set_maps` sets the number and shape of the maps, `show_tiles` shows them. One map can be enlarged beside the others.

    Arrow keys go from map to map, Enter enlarges, Escape goes back; with Shift, arrow keys go from cell to cell. A click
    enlarges too; on a wall that `picks` it picks a cell, as Space does, and a double click enlarges. On one that `picks_large`
    a click on the enlarged map picks a cell of it.
    """

    rearranged = Signal()  # the places have changed: tiles of another size are wanted
    pointed = Signal(object)  # the Spot under the cursor, or None
    tiles_painted = Signal()  # the tiles of the last `show_tiles` are on the screen
    enlarged = Signal(object)  # the user chose a map's number, or None to go back
    walked = Signal(int)  # the keyboard went to another map while none is enlarged
    picked = Signal(object)  # the Spot that was clicked, on a wall that picks, or on the enlarged map of one that picks there

    def __init__(self, parent: QWidget | None = None, *, picks: bool = False, picks_large: bool = False) -> None:
        super().__init__(parent)
        self._picks, self._picks_large = picks, picks_large
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 120)
        self._places = WallPlaces()
        self._current = 0
        self._spot: Spot | None = None
        self._tiles: TileSheet | None = None
        self._large: TileSheet | None = None
        self._values: tuple[NDArray[np.float32], ...] = ()
        self._ringed = self._named = False
        self._first = 0  # the number of the first map
        self._placeholder = self._read_out = self._dead_tip = ""
        self._pair_words = ("", "")
        self._unpainted = False
        THEME.changed.connect(self.update)

    # --- what is shown

    def set_maps(self, shape: tuple[int, int, int], chosen: int | None = None, sources: tuple[int, int] | None = None) -> None:
        """Set the maps' shape (C, H, W), the map that is enlarged, and with pooling the (height, width) of the input's
        channels, which are then shown beside their maps. The tiles stay until `show_tiles`."""
        if (shape, chosen, sources) == (self._places.shape, self._places.chosen, self._places.sources):
            return
        order = _complete(self._places.order, shape[0])
        self._places = replace(self._places, shape=shape, chosen=chosen, sources=sources, order=order)
        self._current = min(self._current if chosen is None else chosen, shape[0] - 1)
        if self._spot is not None and not self._places.holds(self._spot):
            self._point(None)
        self._arrange()

    def set_order(self, numbers: Sequence[int]) -> None:
        """Set the order of the maps, by their numbers. Maps that are not in `numbers` follow."""
        order = _complete(numbers, self._places.shape[0])
        if order != self._places.order:
            self._places = replace(self._places, order=order)
            self.update()

    @property
    def order(self) -> tuple[int, ...]:
        """The numbers of the maps in their order."""
        return self._places.order

    def set_first(self, number: int) -> None:
        """Number the maps from `number` on, where they are a part of a layer's maps."""
        if number != self._first:
            self._first = number
            self.update()

    def set_current(self, number: int | None, *, named: bool = False) -> None:
        """Move the keyboard to a map. It has a ring even without the focus, because something else shows it too, and with
        `named` its number even on a small tile. None: that map is not among these maps."""
        ringed = number is not None
        current = self._current if number is None or number >= self._places.shape[0] else number
        if (ringed, named and ringed, current) != (self._ringed, self._named, self._current):
            self._ringed, self._named, self._current = ringed, named and ringed, current
            self.update()

    def show_tiles(self, tiles: Wall, large: Wall | None, *values: NDArray[np.float32]) -> None:
        """Show new tiles, and the enlarged map at its own resolution where one is wanted. `values` are those of the maps (C, H,
        W), and of the input's channels beside them: they are written into cells that are large."""
        self._values = values
        self._tiles, self._large = TileSheet.of(tiles), None if large is None else TileSheet.of(large)
        self._unpainted = True
        self.update()

    def clear(self) -> None:
        """Remove the tiles: they are of something else, and no others will come."""
        if self._tiles is not None:
            self._tiles = self._large = None
            self._values = ()
            self._unpainted = False
            self.update()

    def set_placeholder(self, text: str) -> None:
        """Set the text that is shown while there are no tiles."""
        self._placeholder = text
        self.update()

    def set_read_out(self, text: str) -> None:
        """Set the text beside the cell at the pointer."""
        if text != self._read_out:
            self._read_out = text
            self.setAccessibleDescription(text)
            self.update()

    def set_dead_tip(self, text: str) -> None:
        """Set the tooltip of maps with one value everywhere."""
        self._dead_tip = text

    def set_pair_words(self, source: str, result: str) -> None:
        """Set what the tile of an input channel is called, and that of its map."""
        self._pair_words = (source, result)
        self.update()

    @property
    def read_out(self) -> str:
        return self._read_out

    @property
    def current(self) -> int:
        """The map that the keyboard is at."""
        return self._current

    @property
    def unpainted(self) -> bool:
        """Whether there are new tiles that the next frame will paint."""
        return self._unpainted and self.isVisible()

    @property
    def spot(self) -> Spot | None:
        return self._spot

    def plan(self) -> Plan:
        ratio = self.devicePixelRatioF()

        def pixels(size: QSize) -> tuple[int, int]:
            return round(size.height() * ratio), round(size.width() * ratio)

        places = self._places
        columns = places.grid.columns * (2 if places.sources is not None else 1)
        large = pixels(places.stage.size()) if places.stage is not None else None
        tile = pixels(places.place(places.order[0]).size())
        return Plan(tile, columns, places.chosen, large, places.sources is not None)

    @property
    def places(self) -> WallPlaces:
        """Where everything is now."""
        return self._places

    def place(self, number: int) -> QRect:
        """The place of a map's tile."""
        return self._places.place(number)

    # --- places

    def _arrange(self) -> None:
        self._places = replace(self._places, area=self.rect().adjusted(RING, RING, -RING, -RING))
        self.update()
        self.rearranged.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def sizeHint(self) -> QSize:
        return QSize(640, 420)

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._tiles is None:
            wall_painting.paint_placeholder(painter, self._places, self.rect(), self._placeholder)
            return
        self._paint_maps(painter, self._tiles)
        self._paint_rings(painter)
        if self._spot is not None and self._read_out:
            wall_painting.paint_read_out(painter, self._places, self.rect(), self._spot, self._read_out)
        if self._unpainted:
            self._unpainted = False
            self.tiles_painted.emit()

    def picture(self) -> QImage:
        """The wall as it is shown, at the screen's resolution, without rings and the text at the pointer."""
        ratio = self.devicePixelRatioF()
        image = QImage(self.size() * ratio, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        image.fill(theme().panel)
        painter = QPainter(image)
        if self._tiles is not None:
            self._paint_maps(painter, self._tiles)
        painter.end()
        return image

    def _paint_maps(self, painter: QPainter, tiles: TileSheet) -> None:
        wall_painting.paint_maps(painter, self._places, tiles, self._large)
        for values, source in zip(self._values, (False, True), strict=False):
            if tiles.fits(self._places) and values.shape == (self._places.shape[0], *self._places.size(source)):
                wall_painting.paint_figures(painter, self._places, tiles, values, source=source)
        wall_painting.paint_numbers(painter, self._places, self._first, self._current if self._named else None)
        if self._places.sources is not None and all(self._pair_words):
            wall_painting.paint_pair_words(painter, self._places, *self._pair_words)

    def _paint_rings(self, painter: QPainter) -> None:
        places = self._places
        if places.chosen is not None and not places.alone:
            wall_painting.paint_ring(painter, places, places.chosen)
        elif (self.hasFocus() or (self._ringed and places.shape[0] > 1)) and not places.alone:
            wall_painting.paint_ring(painter, places, self._current)
        if self.hasFocus():  # a ring alone does not say so
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme().accent, 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        if self._spot is not None:
            wall_painting.paint_spot(painter, places, self._spot)

    # --- what the user does

    def _point(self, spot: Spot | None) -> None:
        if spot == self._spot:
            return
        self._spot = spot
        self.update()
        self.pointed.emit(spot)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(self._places.spot_at(event.position().toPoint()))

    def enterEvent(self, event: QEnterEvent) -> None:
        self._point(self._places.spot_at(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        self._point(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        spot = self._places.spot_at(event.position().toPoint())
        if self._picks:
            if spot is not None:
                self._current = spot.number
                self.picked.emit(spot)
            return
        stages = (self._places.stage, self._places.source_stage)
        on_stage = any(stage is not None and stage.contains(event.position().toPoint()) for stage in stages)
        if self._picks_large and on_stage and spot is not None:
            self.picked.emit(spot)
        elif spot is None or on_stage:
            if self._places.chosen is not None:
                self.enlarged.emit(None)
        else:
            self._current = spot.number
            self.enlarged.emit(None if spot.number == self._places.chosen else spot.number)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The first click of the two has done what a click does; it is not done again, which would take it back."""
        spot = self._places.spot_at(event.position().toPoint())
        if self._picks and event.button() == Qt.MouseButton.LeftButton and spot is not None:
            self.enlarged.emit(None if spot.number == self._places.chosen else spot.number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        steps = {
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
        }
        if key in steps and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._move_spot(*steps[Qt.Key(key)])
        elif key in steps:
            rows, columns = steps[Qt.Key(key)]
            self._go_to(self._places.positions[self._current] + rows * self._places.grid.columns + columns)
        elif key == Qt.Key.Key_Home:
            self._go_to(0)
        elif key == Qt.Key.Key_End:
            self._go_to(self._places.shape[0] - 1)
        elif self._picks and key == Qt.Key.Key_Space:
            if self._spot is not None and self._spot.number == self._current:
                self.picked.emit(self._spot)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.enlarged.emit(None if self._places.chosen == self._current else self._current)
        elif key == Qt.Key.Key_Escape and self._places.chosen is not None:
            self.enlarged.emit(None)
        else:
            super().keyPressEvent(event)

    def _go_to(self, position: int) -> None:
        if not 0 <= position < self._places.shape[0] or self._places.order[position] == self._current:
            return
        number = self._current = self._places.order[position]
        self.update()
        if self._places.chosen is not None:
            self.enlarged.emit(number)
        else:
            self.walked.emit(number)
        if self._spot is not None:
            self._point(replace(self._spot, number=number))

    def _move_spot(self, rows: int, columns: int) -> None:
        _, height, width = self._places.shape
        old = self._spot if self._spot is not None and self._spot.number == self._current else None
        if old is None:
            self._point(Spot(self._current, height // 2, width // 2))
            return
        row, column = min(max(old.row + rows, 0), height - 1), min(max(old.column + columns, 0), width - 1)
        self._point(Spot(self._current, row, column))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self._dead_tip:
            spot = self._places.spot_at(event.pos())
            wall = None if self._tiles is None else self._tiles.wall
            if spot is not None and wall is not None and spot.number < wall.count and wall.dead[spot.number]:
                place = next(place for place in self._places.places_of(spot.number, spot.source) if place.contains(event.pos()))
                QToolTip.showText(event.globalPos(), self._dead_tip, self, place)
                return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()


def _complete(numbers: Sequence[int], count: int) -> tuple[int, ...]:
    """An order of `count` maps that begins with `numbers`, where those exist."""
    named = [number for number in numbers if number < count]
    return (*named, *sorted(set(range(count)) - set(named)))
